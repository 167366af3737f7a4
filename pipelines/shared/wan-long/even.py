"""Bring the parts of a long take to one brightness and colour: each is moved by the steps at the seams before it."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from chain import FIRST, NEXT
from drift import BESIDE, levels_of
from numpy.typing import NDArray
from shot import FPS

_DARK, _BRIGHT = 16, 235
_COLOURS = 240


def evened(picture: Path, to: Path) -> Path:
    """Write a take with its parts brought to the first one's level, and return it; one of a single part as it is.

    The movement over a seam counts as a step too, so a light that really changes there is taken out as well.
    """
    levels = levels_of(picture)
    starts = list(range(FIRST, len(levels), NEXT))
    if not starts:
        return picture
    moved = np.zeros((len(levels), 3))
    offset = np.zeros(3)
    for start, end in pairwise([*starts, len(levels)]):
        offset = offset + levels[start : start + BESIDE].mean(axis=0) - levels[start - BESIDE : start].mean(axis=0)
        moved[start:end] = offset
    _written(picture, to, moved)
    return to


def _written(picture: Path, to: Path, moved: NDArray[np.float64]) -> None:
    options = {"preset": "fast", "crf": "12", "x264-params": "threads=2"}
    with av.open(str(picture)) as source, av.open(str(to), "w") as film:
        seen = source.streams.video[0]
        stream = film.add_stream("libx264", rate=FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = seen.width, seen.height, "yuv420p"
        stream.codec_context.color_range = seen.codec_context.color_range
        stream.codec_context.colorspace = seen.codec_context.colorspace
        for number, frame in enumerate(source.decode(seen)):
            planes = frame.reformat(format="yuv420p").to_ndarray().astype(np.float32)
            tall, quarter = seen.height, seen.height // 4
            for rows, which, most in (
                (slice(0, tall), 0, _BRIGHT),
                (slice(tall, tall + quarter), 1, _COLOURS),
                (slice(tall + quarter, None), 2, _COLOURS),
            ):
                planes[rows] = np.clip(planes[rows] - moved[number, which], _DARK, most)
            drawn = av.VideoFrame.from_ndarray(np.rint(planes).astype(np.uint8), format="yuv420p")
            drawn.pts, drawn.time_base = number, Fraction(1, FPS)
            film.mux(stream.encode(drawn))
        film.mux(stream.encode(None))
