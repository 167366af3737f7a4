"""The film's file: H.264 and AAC, tagged BT.709, either encoded frame by frame or spliced from packets of the takes.

One writer for both ways, so that length, rate and sound are the same by construction.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from sound import HERTZ, Samples, frame_of

from studio_sdk import Format

PRESETS = {"low": ("veryfast", "21"), "standard": ("faster", "18"), "high": ("medium", "16")}
"""x264's preset and quality for each quality of the studio."""

_TAGS = "colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"


class Film:
    """A film being written. Without `template` its pictures are encoded; with it they are packets of takes like it."""

    def __init__(self, path: Path, form: Format, quality: str, template: Path | None = None) -> None:
        self._form, self._frames, self._samples = form, 0, 0
        self._ticks = form.rate.numerator * (1 if form.rate.denominator > 1 else 1000)
        whole = lcm(HERTZ, form.rate.numerator)  # a clock in which every frame and every sample is a whole number
        options = {"movflags": "+faststart", "video_track_timescale": str(self._ticks), "movie_timescale": str(whole)}
        self._file = av.open(str(path), "w", format="mp4", options=options)
        if template is None:
            self._video = self._encoded(quality)
        else:
            with av.open(str(template)) as source:
                self._video = self._file.add_stream_from_template(source.streams.video[0])
            self._video.time_base = Fraction(1, self._ticks)
        self._spliced = template is not None
        self._audio = self._file.add_stream("aac", rate=HERTZ, layout="stereo", options={"b": "192k"})

    def _encoded(self, quality: str) -> av.VideoStream:
        preset, crf = PRESETS[quality]
        video = self._file.add_stream("libx264", rate=self._form.rate, options={"preset": preset, "crf": crf})
        group = max(12, round(self._form.rate))
        video.codec_context.options |= {"x264-params": f"keyint={group}:open-gop=0:threads=2:{_TAGS}"}
        video.width, video.height, video.pix_fmt = self._form.width, self._form.height, "yuv420p"
        video.codec_context.time_base = 1 / self._form.rate
        video.codec_context.sample_aspect_ratio = Fraction(1, 1)
        video.codec_context.color_range = ColorRange.MPEG
        video.codec_context.colorspace = Colorspace.ITU709
        video.codec_context.color_primaries = ColorPrimaries.BT709
        video.codec_context.color_trc = ColorTrc.BT709
        return video

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _why: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            if not self._spliced:
                self._file.mux(self._video.encode(None))
            self._file.mux(self._audio.encode(None))
        self._file.close()

    @property
    def due(self) -> int:
        """Return how many samples the next frame's sound has."""
        return self._form.samples(self._frames + 1, HERTZ) - self._samples

    def add(self, picture: av.VideoFrame, sound: Samples) -> None:
        """Write one frame and the sound that belongs to it."""
        picture.pts, picture.time_base = self._frames, 1 / self._form.rate
        picture.pict_type = 0
        self._file.mux(self._video.encode(picture))
        self._hear(sound)

    def splice(self, take: Path, sounds: Iterable[Samples]) -> None:
        """Write all pictures of a take as they are, and a frame's sound for each."""
        first, a_frame = self._frames, self._ticks // self._form.rate
        with av.open(str(take)) as source:
            stream = source.streams.video[0]
            packets = [packet for packet in source.demux(stream) if packet.size]
            base, start = stream.time_base or Fraction(1), min(packet.pts or 0 for packet in packets)
            for packet in packets:
                packet.pts = round(((packet.pts or 0) - start) * base * self._form.rate + first) * int(a_frame)
                packet.dts = round(((packet.dts or 0) - start) * base * self._form.rate + first) * int(a_frame)
                packet.duration = int(a_frame)
                packet.time_base = Fraction(1, self._ticks)
                packet.stream = self._video
                self._file.mux(packet)
        for sound in sounds:
            self._hear(sound)

    def _hear(self, sound: Samples) -> None:
        self._frames += 1
        frame = frame_of(sound)
        frame.pts, frame.time_base = self._samples, Fraction(1, HERTZ)
        self._samples += sound.shape[1]
        self._file.mux(self._audio.encode(frame))
