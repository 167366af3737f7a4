"""How long a take probably takes: a range learned from those before it, or a guess until enough have run.

Pure. `forecast.py` and `queue.py` ask here. What is learned is seconds of work per second of picture and megapixel, as
the logarithm: runs differ by factors, not by amounts.
"""

import math
import statistics
from collections.abc import Sequence
from typing import Final, NamedTuple

from studio_sdk.types import Format, Frozen

ENOUGH: Final = 4
"""So many finished runs are needed before they say more than the manifest's estimate."""

MANY: Final = 19
"""From so many on the range is read off the runs themselves, whatever their distribution."""

BELOW: Final = 0.1
ABOVE: Final = 0.9
"""The shares of runs that end below the ends of a range: eight in ten end within it."""

GUESS_SPREAD: Final = 0.7
"""How far off a manifest's estimate usually is, as the deviation of a logarithm: a factor of two either way."""

_LEAST_SPREAD: Final = 0.03
"""Runs that happened to take exactly as long as each other will not for ever."""

_Z: Final = 1.2816
"""Nine in ten of a normal distribution lie below so many standard deviations."""

_T: Final = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341)
"""The same where the deviation itself is learned from few (Student's t): by degrees of freedom, from one."""


Kind = tuple[str, str]
"""A pipeline's id and a quality."""


class Range(Frozen):
    """Seconds: eight in ten end up between `low_s` and `high_s`, half of all below `likely_s`."""

    low_s: float
    likely_s: float
    high_s: float


class Past(NamedTuple):
    """A finished run: seconds of picture it was asked for, if known, seconds it took, and megapixels of a frame."""

    length_s: float | None
    took_s: float
    megapixels: float = 1.0


class Load(NamedTuple):
    """What a run is asked for: seconds of picture, if known, and megapixels of a frame."""

    length_s: float | None
    megapixels: float = 1.0


class Pace(NamedTuple):
    """How long a run of one load takes: mean and deviation of the logarithm of its seconds.

    `kind` is the pipeline and the quality. `logs` are those of earlier runs, scaled to the load; empty where it is a
    guess.
    """

    kind: Kind
    mean: float
    spread: float
    logs: tuple[float, ...] = ()

    @property
    def guess(self) -> bool:
        """Whether too few runs are behind it to say more than the manifest does."""
        return not self.logs

    @property
    def likely_s(self) -> float:
        """Return the seconds that half of all runs stay below."""
        return math.exp(statistics.median(self.logs) if self.logs else self.mean)

    def range(self) -> Range:
        """Return the seconds between which eight in ten runs end."""
        runs = len(self.logs)
        if runs >= MANY:
            low, high = (quantile(self.logs, share) for share in (BELOW, ABOVE))
            return Range(low_s=math.exp(low), likely_s=self.likely_s, high_s=math.exp(high))
        away = self.spread * (_t(runs - 1) * math.sqrt(1 + 1 / runs) if runs else _Z)
        return Range(low_s=math.exp(self.mean - away), likely_s=self.likely_s, high_s=math.exp(self.mean + away))


def megapixels(picture: Format) -> float:
    """Return the area of a frame in millions of pixels."""
    return picture.width * picture.height / 1_000_000


def pace(kind: Kind, past: Sequence[Past], load: Load, promised_s: float | None) -> Pace | None:
    """Return how long a run takes, or None where nobody can know.

    Runs that say how long their picture was are compared by the second of picture and the megapixel where this one says
    so too, else all of them by the megapixel alone. `promised_s` is the manifest's estimate.
    """
    told = [run for run in past if run.length_s and run.took_s > 0] if load.length_s else []
    if told:
        scale = math.log((load.length_s or 1) * load.megapixels)
        logs = [math.log(run.took_s / ((run.length_s or 1) * run.megapixels)) + scale for run in told]
    else:
        logs = [math.log(run.took_s * load.megapixels / run.megapixels) for run in past if run.took_s > 0]
    if len(logs) >= ENOUGH:
        return Pace(kind, (mean := statistics.fmean(logs)), max(_deviation(logs, mean), _LEAST_SPREAD), tuple(logs))
    if logs:
        return Pace(kind, statistics.fmean(logs), GUESS_SPREAD)
    return Pace(kind, math.log(promised_s), GUESS_SPREAD) if promised_s else None


def _deviation(values: Sequence[float], mean: float) -> float:
    """Return the standard deviation; `statistics.stdev` is exact and takes a millisecond for fifty, for each job."""
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _t(freedom: int) -> float:
    return _T[min(freedom, len(_T)) - 1]


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile that a next value of the same kind stays below with just this chance."""
    ordered = sorted(values)
    at = share * (len(ordered) + 1) - 1
    below = min(max(math.floor(at), 0), len(ordered) - 1)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * min(max(at - below, 0), 1)
