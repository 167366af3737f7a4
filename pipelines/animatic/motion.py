"""The clip whose movement the shot is meant to follow, played small in a corner from its start; it stays on its end."""

from collections.abc import Iterator
from fractions import Fraction

import av
from av.error import FFmpegError
from PIL import Image, ImageOps
from planes import Planes, from_rgb
from plate import Plate

from studio_sdk import Code, Fail, Video

_TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
TALL = 0.24
_FOOT = 0.955
_ABOVE_THE_FACTS = 0.76


class Motion:
    """The clip for frames of one size and rate; ask for the frames in order, from 0."""

    def __init__(self, clip: Video, size: tuple[int, int], rate: Fraction, *, on_card: bool) -> None:
        self._clip, self._rate = clip, rate
        self._coming = self._pictures()
        self._next: tuple[Fraction, Image.Image] | None = None
        self._now: Image.Image | None = None
        first = self._at(0)
        foot = _ABOVE_THE_FACTS if on_card else _FOOT
        self._plate = Plate(size, [("MOTION", [first])], TALL, left=False, top=False, foot=foot)
        left, top, width, height = self._plate.window[0]
        self._spot, self._size = (left, top), (width, height)
        self._solid = Image.new("L", self._size, 255)
        self._shown: tuple[Image.Image | None, Planes] = (None, from_rgb(self._fitted(first)))

    def onto(self, frame: Planes, number: int) -> None:
        """Lay the plate and the clip's picture at this moment over a frame."""
        picture = self._at(number)
        if self._shown[0] is not picture:
            self._shown = (picture, from_rgb(self._fitted(picture)))
        self._plate.onto(frame)
        frame.paste(self._shown[1], self._spot, self._solid)

    def _fitted(self, picture: Image.Image) -> Image.Image:
        return ImageOps.fit(picture, self._size, Image.Resampling.BICUBIC)

    def _at(self, number: int) -> Image.Image:
        time = Fraction(number) / self._rate
        while True:
            self._next = self._next or next(self._coming, None)
            if self._next is None or (self._now is not None and self._next[0] > time):
                break
            self._now, self._next = self._next[1], None
        if self._now is None:
            raise self._unreadable("it has no picture")
        return self._now

    def _pictures(self) -> Iterator[tuple[Fraction, Image.Image]]:
        """Yield the pictures of the clip, upright and small, each with the second at which it appears."""
        try:
            with av.open(str(self._clip), metadata_errors="ignore") as source:
                if not source.streams.video:
                    raise self._unreadable("it has no picture")
                stream = source.streams.video[0]
                pixel = stream.sample_aspect_ratio or Fraction(1)
                step = 1 / Fraction(stream.average_rate or stream.guessed_rate or 24)
                start: Fraction | None = None
                for count, frame in enumerate(source.decode(stream)):
                    base = frame.time_base or stream.time_base
                    at = frame.pts * base if frame.pts is not None and base else count * step
                    start = at if start is None else start
                    yield at - start, _upright(frame, pixel)
        except FFmpegError as why:
            raise self._unreadable(str(why)) from why

    def _unreadable(self, why: str) -> Fail:
        return Fail(
            Code.UNSUPPORTED_MEDIA,
            f"The motion video {self._clip.label} cannot be read.",
            field="motion",
            detail=why,
        )


_LONGEST = 480
"""Pixels; larger than any corner of a frame, small enough to be quick."""


def _upright(frame: av.VideoFrame, pixel: Fraction) -> Image.Image:
    width, height = frame.width * pixel, Fraction(frame.height)
    scale = min(Fraction(1), _LONGEST / max(width, height))
    small = frame.reformat(width=max(2, round(width * scale)), height=max(2, round(height * scale)), format="rgb24")
    turn = _TURNS.get(frame.rotation % 360)
    picture = Image.fromarray(small.to_ndarray())
    return picture.transpose(turn) if turn is not None else picture
