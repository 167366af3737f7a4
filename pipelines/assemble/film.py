"""The film's file: H.264 and AAC, tagged BT.709, encoded frame by frame, or spliced.

Spliced are packets of takes, and of spans between them that are encoded as the takes were. One writer for both
ways, so that length, rate and sound are the same by construction.
"""

from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from math import lcm
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.container import InputContainer, OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from burn import stamp
from presets import PRESETS as WAYS
from presets import Preset
from sound import HERTZ, Samples, frame_of

from studio_sdk import Format

PRESETS = {"low": ("veryfast", "21"), "standard": ("faster", "18"), "high": ("medium", "16")}
"""x264's preset and quality for each quality of the studio."""

_SPLICED = "keyint=12:min-keyint=12:scenecut=0:open-gop=0:bframes=2:ref=2:stitchable=1:threads=2"
"""How the studio's own takes are coded: what is encoded like them can be put between their packets."""

PLAIN = WAYS["project"]
_REEL = "MASTER01"

_THREE = {
    "ar": "ara", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fa": "fas", "fi": "fin",
    "fr": "fra", "he": "heb", "hi": "hin", "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor", "nl": "nld", "pl": "pol",
    "pt": "por", "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr", "zh": "zho",
}  # fmt: skip
"""Languages as QuickTime and MP4 say them (ISO 639-2); others are written as they are."""

_TAGS = "colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"


class Film:
    """A film being written. Without `template` its pictures are encoded; with it they are packets of takes like it.

    A master carries record timecode from the frame number `start` on, and the reel that the pre-conform list names.
    `comment` is what players show of the file, `language` what its sound is marked with.
    """

    def __init__(
        self,
        path: Path,
        form: Format,
        quality: str,
        template: Path | None = None,
        preset: Preset = PLAIN,
        start: int = 0,
        comment: str = "",
        language: str = "",
    ) -> None:
        self._form, self._quality, self._seen, self._delay = form, quality, 0, 0
        self.heard = 0
        self._ticks = form.rate.numerator * (1 if form.rate.denominator > 1 else 1000)
        whole = lcm(HERTZ, form.rate.numerator)  # a clock in which every frame and every sample is a whole number
        options = {"movflags": "+faststart", "video_track_timescale": str(self._ticks), "movie_timescale": str(whole)}
        if preset.is_master:
            options.pop("movflags")
        self._file = av.open(str(path), "w", format="mov" if preset.is_master else "mp4", options=options)
        if comment:
            self._file.metadata["comment"] = comment
        if preset.is_master:
            self._video = self._master(preset)
            self._video.metadata.update({"timecode": stamp(start, form.rate), "reel_name": _REEL})
        elif template is None:
            self._video = self._encoded(quality)
        else:
            with av.open(str(template)) as source:
                self._video = self._file.add_stream_from_template(source.streams.video[0])
                self._delay = _delay(source, form)
            self._video.time_base = Fraction(1, self._ticks)
        self._spliced = template is not None
        sound, words = ("pcm_s24le", {}) if preset.is_master else ("aac", {"b": "192k"})
        heard = self._file.add_stream(sound, rate=HERTZ, layout="stereo", options=words)
        assert isinstance(heard, av.AudioStream)  # noqa: S101 - both encoders code sound
        if spoken := _THREE.get(language.partition("-")[0], language.partition("-")[0]):
            heard.metadata["language"] = spoken
        self._audio = heard

    def _master(self, preset: Preset) -> av.VideoStream:
        profile, pixels = ("dnxhr_hq", "yuv422p") if preset.codec == "dnxhd" else ("3", "yuv422p10le")
        video = self._file.add_stream(preset.codec, rate=self._form.rate, options={"profile": profile})
        assert isinstance(video, av.VideoStream)  # noqa: S101 - both encoders code pictures
        video.codec_context.thread_count = 2
        _tagged(video, self._form).pix_fmt = pixels
        return video

    def _encoded(self, quality: str) -> av.VideoStream:
        preset, crf = PRESETS[quality]
        video = self._file.add_stream("libx264", rate=self._form.rate, options={"preset": preset, "crf": crf})
        group = max(12, round(self._form.rate))
        video.codec_context.options |= {"x264-params": f"keyint={group}:open-gop=0:threads=2:{_TAGS}"}
        return _tagged(video, self._form)

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

    def show(self, picture: av.VideoFrame) -> None:
        """Write one frame, where all are encoded."""
        if self._video.pix_fmt != "yuv420p":
            picture = picture.reformat(format=self._video.pix_fmt)
        picture.pts, picture.time_base = self._seen, 1 / self._form.rate
        picture.pict_type = 0
        self._seen += 1
        self._file.mux(self._video.encode(picture))

    def copy(self, take: Path, first: int, last: int) -> None:
        """Write the pictures of a take from `first` up to `last` as they are coded: whole closed groups."""
        with av.open(str(take)) as source:
            self._splice(source, first, last)

    def encode(self, pictures: Iterable[av.VideoFrame]) -> None:
        """Write pictures between packets of takes, coded as those are."""
        memory = BytesIO()
        options = {"video_track_timescale": str(self._ticks)}
        with av.open(memory, "w", format="mp4", options=options) as file:
            video = coded(file, self._form, self._quality)
            count = 0
            for count, frame in enumerate(pictures, 1):
                frame.pts, frame.time_base, frame.pict_type = count - 1, 1 / self._form.rate, 0
                file.mux(video.encode(frame))
            file.mux(video.encode(None))
        if not count:
            return
        memory.seek(0)
        with av.open(memory, "r") as source:
            self._splice(source, 0, count)

    def _splice(self, source: InputContainer, first: int, last: int) -> None:
        stream = source.streams.video[0]
        a_frame = int(self._ticks // self._form.rate)
        step = (stream.time_base or Fraction(1)) * self._form.rate
        packets = [packet for packet in source.demux(stream) if packet.size]
        start = min(packet.pts or 0 for packet in packets)
        numbered = ((_nearest((packet.pts or 0) - start, step), packet) for packet in packets)
        within = [(number, packet) for number, packet in numbered if first <= number < last]
        for decoded, (number, packet) in enumerate(within):
            packet.pts = (number - first + self._seen) * a_frame
            # Not the packet's own: a span of a picture or two is coded without delay, and would be decoded too late.
            packet.dts = (decoded - self._delay + self._seen) * a_frame
            packet.duration = a_frame
            packet.time_base = Fraction(1, self._ticks)
            packet.stream = self._video
            self._file.mux(packet)
        self._seen += last - first

    def hear(self, sound: Samples) -> None:
        """Write the next samples of its sound."""
        frame = frame_of(sound)
        frame.pts, frame.time_base = self.heard, Fraction(1, HERTZ)
        self.heard += sound.shape[1]
        self._file.mux(self._audio.encode(frame))


def _delay(source: InputContainer, form: Format) -> int:
    """Return by how many frames pictures of a take are decoded before they are shown."""
    stream = source.streams.video[0]
    first = next(packet for packet in source.demux(stream) if packet.size)
    ticks = (first.pts or 0) - (first.dts or 0)
    return _nearest(ticks, (stream.time_base or Fraction(1)) * form.rate)


def _nearest(ticks: int, step: Fraction) -> int:
    """Return ticks of a clock as whole frames, in whole numbers: there is one for each packet of the film."""
    return (2 * ticks * step.numerator + step.denominator) // (2 * step.denominator)


def coded(file: OutputContainer, form: Format, quality: str) -> av.VideoStream:
    """Return a stream that is coded as the studio's own takes are, so that both make one stream."""
    video = file.add_stream("libx264", rate=form.rate, options={"preset": "veryfast", "crf": PRESETS[quality][1]})
    video.codec_context.options |= {"x264-params": f"{_SPLICED}:{_TAGS}"}
    return _tagged(video, form)


def setup_of(form: Format, quality: str) -> bytes:
    """Return what a decoder needs to know of a stream coded by `coded`: takes with the same can be spliced with it."""
    memory = BytesIO()
    with av.open(memory, "w", format="mp4") as file:
        video = coded(file, form, quality)
        frame = av.VideoFrame(form.width, form.height, "yuv420p")
        frame.pts, frame.time_base = 0, 1 / form.rate
        file.mux(video.encode(frame))
        file.mux(video.encode(None))
    memory.seek(0)
    with av.open(memory) as source:
        return bytes(source.streams.video[0].codec_context.extradata or b"")


def _tagged(video: av.VideoStream, form: Format) -> av.VideoStream:
    video.width, video.height, video.pix_fmt = form.width, form.height, "yuv420p"
    video.codec_context.time_base = 1 / form.rate
    video.codec_context.sample_aspect_ratio = Fraction(1, 1)
    video.codec_context.color_range = ColorRange.MPEG
    video.codec_context.colorspace = Colorspace.ITU709
    video.codec_context.color_primaries = ColorPrimaries.BT709
    video.codec_context.color_trc = ColorTrc.BT709
    return video
