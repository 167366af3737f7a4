"""Where the light of a film flickers, and what takes it out: a curve for each picture, to the tones of its shot.

A picture is told by the levels that a fiftieth, a tenth, a quarter … of its points lie under. Over the time of a shot
these are drawn smooth; what a picture is apart from that is flicker, and a curve through its levels takes it back. So
a lamp that flickers in the dark tones alone is mended there alone, which one gain for all cannot.
"""

from typing import Final, NamedTuple

import av
import numpy as np
from clip import framed, planes
from numpy.typing import NDArray

Levels = NDArray[np.float64]
Plane = NDArray[np.uint8]

_SHARES: Final = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
_MIDDLE: Final = 3
_BLACK, _WHITE, _GREY = 16.0, 235.0, 128.0
_FARTHEST: Final = 60.0
"""No level is moved by more: what differs so much is no flicker."""
_ALIKE: Final = 0.5
"""Two pictures whose small versions, brightness and contrast apart, are less alike than this are of two shots."""


class Curve(NamedTuple):
    """What each level of luma becomes, and by how much colours grow."""

    luma: Plane
    colours: float


class Light:
    """The tones of every picture of a film, in order, and where its shots begin."""

    def __init__(self) -> None:
        self._levels: list[Levels] = []
        self._before: Levels | None = None
        self.starts: list[int] = []

    def add(self, frame: av.VideoFrame) -> None:
        """Take in a picture."""
        plane = planes(frame)[0]
        small = _small(plane)
        if self._before is None or float((small * self._before).mean()) < _ALIKE:
            self.starts.append(len(self._levels))
        self._before = small
        counts = np.bincount(plane.reshape(-1), minlength=256).astype(np.float64)
        # Between two levels the count is taken as rising evenly: a whole level alone would jump.
        sums = np.concatenate([[0.0], np.cumsum(counts) / counts.sum()])
        self._levels.append(np.interp(_SHARES, sums, np.arange(257) - 0.5))

    def curves(self, reach: float, strength: float) -> list[Curve]:
        """Return a curve for each picture; `reach` is how many pictures its light is drawn smooth over."""
        levels = np.array(self._levels)
        made: list[Curve] = []
        for start, end in zip(self.starts, [*self.starts[1:], len(levels)], strict=True):
            own = levels[start:end]
            wanted = own + strength * np.clip(_smoothed(own, reach) - own, -_FARTHEST, _FARTHEST)
            made += [_curve(before, after) for before, after in zip(own, wanted, strict=True)]
        return made

    @property
    def unrest(self) -> float:
        """Return how much the middle tone jumps: the mean of how far each picture is from its two neighbours'."""
        middle = np.array(self._levels)[:, _MIDDLE]
        inside = [at for at in range(1, len(middle) - 1) if at not in self.starts and at + 1 not in self.starts]
        if not inside:
            return 0.0
        at = np.array(inside)
        return float(np.abs(middle[at] - (middle[at - 1] + middle[at + 1]) / 2).mean())


def mended(frame: av.VideoFrame, curve: Curve) -> av.VideoFrame:
    """Return a picture through its curve, at the same time."""
    luma, *colours = planes(frame)
    new = [curve.luma[luma]]
    for plane in colours:
        away = (plane.astype(np.float32) - _GREY) * curve.colours + _GREY
        new.append(np.clip(away + 0.5, 0, 255).astype(np.uint8))
    made = framed((new[0], new[1], new[2]))
    made.pts, made.time_base = frame.pts, frame.time_base
    return made


def _small(plane: Plane) -> Levels:
    """Return a picture of about 32 points across, brightness and contrast apart."""
    step = max(1, plane.shape[1] // 32), max(1, plane.shape[0] // 18)
    wide, high = plane.shape[1] // step[0], plane.shape[0] // step[1]
    cut = plane[: high * step[1], : wide * step[0]].reshape(high, step[1], wide, step[0])
    small = cut.mean(axis=(1, 3))
    spread = float(small.std())
    return (small - small.mean()) / spread if spread > 1 else np.ones_like(small)


def _smoothed(levels: Levels, reach: float) -> Levels:
    """Return rows drawn smooth over time by a bell; at the ends of a shot it has one side."""
    count = len(levels)
    at = np.arange(-min(count - 1, round(3 * reach)), min(count - 1, round(3 * reach)) + 1)
    bell = np.exp(-0.5 * (at / max(reach, 1e-6)) ** 2)
    half = len(at) // 2
    ones = np.convolve(np.ones(count), bell)[half : half + count]
    return np.stack([np.convolve(row, bell)[half : half + count] / ones for row in levels.T], axis=1)


def _curve(before: Levels, after: Levels) -> Curve:
    """Return the curve through which the levels of a picture become what they are to be."""
    moved = after - before
    keep = np.concatenate([[True], np.diff(before) > 0.5])  # noqa: PLR2004 - half a level apart are one
    places, moves = before[keep], moved[keep]
    ends = [min(_BLACK, places[0] - 1), *places, max(_WHITE, places[-1] + 1)]
    by = np.interp(np.arange(256), ends, [moves[0] / 2, *moves, moves[-1]])
    new = np.maximum.accumulate(np.clip(np.arange(256) + by, _BLACK, _WHITE))
    grow = (after[_MIDDLE] - _BLACK + 1) / max(1.0, before[_MIDDLE] - _BLACK + 1)
    return Curve(np.round(new).astype(np.uint8), float(np.clip(grow, 0.5, 2.0)))
