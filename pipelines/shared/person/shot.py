"""What maps of a clip share: 16 pictures a second, as Wan's nodes take them, in the shape of the clip itself.

A shot fills its own shape from the middle of the map just as it does from the middle of the clip, so one lies over the
other; and nobody's head is cut off before it was looked for.
"""

import math
from fractions import Fraction

import av
from av.error import FFmpegError

from studio_sdk.fields import File

FPS = 16

AREA = 410_000
SIDE = 2
"""Sides are even, and no rounder: a shape that is off by a hundredth no longer lies over its clip."""

_WIDE = 16 / 9


def size_of(clip: File) -> tuple[int, int]:
    """Return width and height of a clip's maps: its own shape as it is seen, about 410,000 pixels."""
    height = math.sqrt(AREA / (shape := _shape(clip)))
    return max(SIDE, round(height * shape / SIDE) * SIDE), max(SIDE, round(height / SIDE) * SIDE)


def _shape(clip: File) -> float:
    """Return width by height; of a clip that cannot be read any, since reading it will say what is wrong."""
    try:
        with av.open(str(clip), metadata_errors="ignore") as source:
            stream = source.streams.video[0]
            frame = next(source.decode(stream))
            across = frame.width * (stream.sample_aspect_ratio or Fraction(1))
            shape = float(across / frame.height)
            return 1 / shape if frame.rotation % 180 else shape
    except (FFmpegError, IndexError, StopIteration):
        return _WIDE
