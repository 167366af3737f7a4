"""A clip as it comes from people - sideways, with frames of uneven length - as pictures of one size, 16 a second."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from intact import BROKEN, Intact
from numpy.typing import NDArray
from shot import FPS

from studio_sdk import Code, Fail, Job
from studio_sdk.fields import File

Picture = NDArray[np.uint8]
"""Height, width, red-green-blue."""

_TICK = Fraction(1, 1000)
_HD_LINES, _UNTAGGED = 720, 2
_STILLS = (".png", ".jpg", ".jpeg", ".webp")


def pictures(clip: File, size: tuple[int, int], field: str, most_s: float, job: Job | None = None) -> Iterator[Picture]:
    """Yield the pictures of a clip that are on the screen every 1/16 s, upright, filling a size from their middle.

    A still is one picture. Of a damaged file those before the damage, which `job` is warned of. Raises `Fail` naming
    the input `field` where there is none, or the clip is longer than `most_s` seconds.
    """
    what = clip.label or clip.name
    told, now, start, end = 0, None, None, Fraction(0)
    try:
        with av.open(str(clip), metadata_errors="ignore") as source:
            if not source.streams.video:
                raise _wrong(f"{what} has no picture.", field)
            stream = source.streams.video[0]
            stream.thread_type = "AUTO"
            step = 1 / Fraction(stream.average_rate or stream.guessed_rate or FPS)
            read: Intact[av.VideoFrame] = Intact(source, stream, what)
            for count, frame in enumerate(read):
                base = frame.time_base or stream.time_base
                at = frame.pts * base if frame.pts is not None and base else count * step
                start = at if start is None else start
                length = frame.duration * base if frame.duration and base else step
                at, end = at - start, at - start + length
                if round(end * FPS) > most_s * FPS:
                    words = f"{what} is longer than the {most_s:.3g} seconds that can be made; cut it."
                    raise Fail(Code.VALIDATION_ERROR, words, field=field)
                while now is not None and Fraction(told, FPS) + _TICK < at:
                    yield now
                    told += 1
                now = _filled(frame, size, stream.sample_aspect_ratio or Fraction(1))
            if read.damage and now is not None and job is not None:
                job.log(read.damage, "warning")
    except FFmpegError as why:
        raise _wrong(f"{what} {BROKEN}", field, str(why)) from why
    if now is None:
        raise _wrong(f"{what} {BROKEN}", field)
    frames = 1 if clip.suffix.lower() in _STILLS else max(1, round(end * FPS))
    for _ in range(told, frames):
        yield now


def _filled(frame: av.VideoFrame, size: tuple[int, int], pixel: Fraction) -> Picture:
    """Return a frame upright, scaled until it covers a size, and of that its middle."""
    turned = frame.rotation % 180 != 0
    width, height = (size[1], size[0]) if turned else size
    shown = Fraction(frame.width) * pixel
    scale = max(width / shown, Fraction(height, frame.height))
    wide, tall = max(width, round(shown * scale)), max(height, round(frame.height * scale))
    space = int(frame.colorspace)
    hd = space == Colorspace.ITU709 or (space == _UNTAGGED and frame.height >= _HD_LINES)
    rgb = (
        frame.reformat(
            wide,
            tall,
            "rgb24",
            src_colorspace=Colorspace.ITU709 if hd else Colorspace.ITU601,
            interpolation=Interpolation.AREA if scale < 1 else Interpolation.LANCZOS,
        )
        .to_ndarray()
        .astype(np.uint8, copy=False)
    )
    left, top = (wide - width) // 2, (tall - height) // 2
    cut = rgb[top : top + height, left : left + width]
    return np.ascontiguousarray(np.rot90(cut, frame.rotation // 90)) if frame.rotation else cut


class Track:
    """A clip on its way to ComfyUI: H.264 at 16 pictures a second. `crf` is x264's quality, 0 without loss."""

    def __init__(self, path: Path, size: tuple[int, int], crf: int = 10) -> None:
        self.path = path
        self.count = 0
        self._film = av.open(str(path), "w")
        options = {"preset": "superfast", "crf": str(crf), "x264-params": "keyint=16:threads=2"}
        self._stream = self._film.add_stream("libx264", rate=FPS, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = *size, "yuv420p"
        self._stream.codec_context.color_range = ColorRange.MPEG
        self._stream.codec_context.colorspace = Colorspace.ITU709
        self._last: Picture | None = None

    def add(self, picture: Picture) -> None:
        """Append a picture."""
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        drawn = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
        drawn.pts, drawn.time_base = self.count, Fraction(1, FPS)
        self._film.mux(self._stream.encode(drawn))
        self._last = picture
        self.count += 1

    def pad(self, count: int) -> None:
        """Repeat the last picture until there are so many: a control that ends early is dropped without a word."""
        while self._last is not None and self.count < count:
            self.add(self._last)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _why: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._film.mux(self._stream.encode(None))
        self._film.close()


def _wrong(message: str, field: str, detail: str = "") -> Fail:
    return Fail(Code.UNSUPPORTED_MEDIA, message, field=field, detail=detail)
