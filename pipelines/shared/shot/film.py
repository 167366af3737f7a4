"""The file: H.264 in short closed groups and AAC, tagged BT.709, frame by frame with the sound that belongs to it.

All shots of a project share these settings, so that an assembly can splice them without a second encode.
"""

from fractions import Fraction
from math import lcm
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from draft import comment
from planes import Planes
from sound import HERTZ, Sound

from studio_sdk import Format

_X264 = (
    "keyint=12:min-keyint=12:scenecut=0:open-gop=0:bframes=2:ref=2:stitchable=1:threads=2"
    ":colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"
)
"""A fixed number of threads: x264's output depends on it, and a seed shall give the same bytes everywhere."""


class Film:
    """A video file being written; add every frame in order, the sound follows by itself.

    It says in its comment what made it, with the seed where the pictures follow one.
    """

    def __init__(self, path: Path, format: Format, sound: Sound, seed: int | None = None) -> None:  # noqa: A002 - the studio's word
        ticks = format.rate.numerator * (1 if format.rate.denominator > 1 else 1000)
        self._format, self._sound, self._frames, self._samples = format, sound, 0, 0
        whole = lcm(HERTZ, format.rate.numerator)  # a clock in which every frame and every sample is a whole number
        options = {"movflags": "+faststart", "video_track_timescale": str(ticks), "movie_timescale": str(whole)}
        self._file = av.open(str(path), "w", format="mp4", options=options)
        self._file.metadata["comment"] = comment(seed=seed)
        video = self._file.add_stream("libx264", rate=format.rate, options={"preset": "veryfast", "crf": "26"})
        video.width, video.height, video.pix_fmt = format.width, format.height, "yuv420p"
        video.codec_context.options |= {"x264-params": _X264}
        video.codec_context.time_base = 1 / format.rate
        video.codec_context.sample_aspect_ratio = Fraction(1, 1)
        video.codec_context.color_range = ColorRange.MPEG
        video.codec_context.colorspace = Colorspace.ITU709
        video.codec_context.color_primaries = ColorPrimaries.BT709
        video.codec_context.color_trc = ColorTrc.BT709
        self._video = video
        self._audio = self._file.add_stream("aac", rate=HERTZ, layout="stereo", options={"b": "160k"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _why: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._file.mux(self._video.encode(None))
            self._file.mux(self._audio.encode(None))
        self._file.close()

    def add(self, picture: Planes) -> None:
        """Write one frame and the sound up to the next."""
        frame = picture.frame()
        frame.pts, frame.time_base = self._frames, 1 / self._format.rate
        self._file.mux(self._video.encode(frame))
        self._frames += 1
        due = self._format.samples(self._frames, HERTZ)
        for piece in self._sound.take(due - self._samples):
            piece.pts, piece.time_base = self._samples, Fraction(1, HERTZ)
            self._samples += piece.samples
            self._file.mux(self._audio.encode(piece))
