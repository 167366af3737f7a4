"""How much a long take drifts from part to part and jumps at its seams, in levels of 255: measured; `even` mends it."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from chain import FIRST, NEXT
from numpy.typing import NDArray

Levels = NDArray[np.float64]
"""Brightness and the two colour differences of a picture, on the average."""

BESIDE = 4
"""So many pictures before and after a seam are compared: fewer are one picture's noise, more are the movement."""


def measured(picture: Path) -> dict[str, float | str]:
    """Return what is kept with a take of more than one part; nothing for a take of one.

    `drift_light` and `drift_colour` are the furthest that a part's average lies from the first one's, `seam_light` and
    `seam_colour` the largest step over a seam. `part_starts` are the pictures that the parts begin with, `part_light`
    and `part_colour` how far each lies from the first: brighter is more, and colour has no sign.
    """
    levels = levels_of(picture)
    starts = list(range(FIRST, len(levels), NEXT))
    if not starts:
        return {}
    bounds = [0, *starts, len(levels)]
    averages = [levels[start:end].mean(axis=0) for start, end in pairwise(bounds)]
    drift = [average - averages[0] for average in averages[1:]]
    seams = [
        levels[start : start + BESIDE].mean(axis=0) - levels[start - BESIDE : start].mean(axis=0) for start in starts
    ]
    away = [average - averages[0] for average in averages]
    return {
        "part_starts": " ".join(map(str, bounds[:-1])),
        "part_light": " ".join(f"{step[0]:.1f}" for step in away),
        "part_colour": " ".join(f"{np.hypot(step[1], step[2]):.1f}" for step in away),
        "drift_light": _light(drift),
        "drift_colour": _colour(drift),
        "seam_light": _light(seams),
        "seam_colour": _colour(seams),
    }


def levels_of(picture: Path) -> Levels:
    """Return the averages of every picture of a clip."""
    with av.open(str(picture)) as source:
        frames = [
            frame.reformat(width=64, height=36, format="yuv444p").to_ndarray() for frame in source.decode(video=0)
        ]
    return np.array([frame.reshape(3, -1).mean(axis=1) for frame in frames])


def _light(steps: Sequence[Levels]) -> float:
    return round(max(abs(float(step[0])) for step in steps), 2)


def _colour(steps: Sequence[Levels]) -> float:
    return round(max(float(np.hypot(step[1], step[2])) for step in steps), 2)
