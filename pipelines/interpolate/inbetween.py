"""The picture between two pictures: what moves is carried along its way, from both sides, and nothing crosses a cut.

Dense inverse search (Kroeger et al. 2016, in OpenCV) finds where each point of a picture went in the next, and back.
For a moment between them each point of the new picture looks up where it came from, and takes what lies there in
either picture, from the one more that is nearer in time and whose way there and back agree. Where they disagree, the
search is lost, and an AI model can be asked instead.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from clip import Planes
from learned import Guess, Model
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Field = NDArray[np.float32]

_WIDEST: Final = 960
"""Motion is looked for in pictures of this width at most: larger ones are made smaller for it."""
_STRIP: Final = 96
_DIFFERENT, _UNEXPLAINED = 9.0, 0.62
"""Levels by which two pictures differ in the mean, and the part of it that no movement explains, that make a cut."""
_TURNS: Final = 4
_ASTRAY, _LOST, _WORST, _AROUND = 0.5, 2.0, 4.0, 6.0
"""Pixels astray from which the search is doubted and at which it is not believed at all, the most that counts, and
the radius over which it is looked at; measured, see docs/pipelines/interpolate.md."""
_SEEN, _PLAIN = 2.0, 6.0
"""Levels by which what is found on the two sides must differ for a doubt to matter: on plain ground it does not."""
_DOUBTED: Final = 0.005
"""The part of a picture that must be in doubt for the model to be asked: it takes twenty times as long."""


@dataclass(frozen=True)
class Way:
    """Where points of a picture are in the next one, and how far from home those end who go there and back."""

    there: Field
    astray: Field


@dataclass(frozen=True)
class Pair:
    """Two pictures in order, with the ways between them; `cut` where they have nothing to do with each other."""

    first: Planes
    second: Planes
    cut: bool
    onward: Way | None = None
    back: Way | None = None


class Eye:
    """Finds what moved between pictures of one film."""

    def __init__(self, *, fine: bool) -> None:
        preset = cv2.DISOPTICAL_FLOW_PRESET_MEDIUM if fine else cv2.DISOPTICAL_FLOW_PRESET_FAST
        cv2.setNumThreads(1)  # with more, the search's answer depends on who is first; so both ways go side by side
        self._searches = _search(preset), _search(preset)
        self._both = ThreadPoolExecutor(2)

    def pair(self, first: Planes, second: Planes) -> Pair:
        """Return two pictures with the ways between them."""
        if is_cut(first[0], second[0]):
            return Pair(first, second, cut=True)
        one, two = _smaller(first[0]), _smaller(second[0])
        forth = self._both.submit(self._searches[0], one, two)
        back = self._both.submit(self._searches[1], two, one).result()
        onward = forth.result()
        ways = (Way(onward, _astray(onward, back)), Way(back, _astray(back, onward)))
        return Pair(first, second, False, ways[0], ways[1])


def is_cut(first: Plane, second: Plane) -> bool:
    """Whether two pictures are the ends of two shots: they differ much, and no movement explains the difference."""
    small = [_resized(one, _STRIP, _STRIP * 9 // 16) for one in (first, second)]
    apart = float(np.abs(small[0].astype(np.float32) - small[1]).mean())
    if apart < _DIFFERENT:
        return False
    way = _search(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)(small[0], small[1])
    height, width = small[1].shape
    moved = _look(small[1].astype(np.float32), way, width, height)
    return float(np.abs(small[0].astype(np.float32) - moved).mean()) > _UNEXPLAINED * apart


def between(pair: Pair, part: float, model: Model | None = None) -> tuple[Planes, float]:
    """Return the picture at a part of the way from the first (0) to the second (1), and how much of it is the model's.

    Across a cut it is the nearer picture. Without ways between the two all of it is the model's; with them, what the
    search is in doubt about.
    """
    if pair.cut:
        return (pair.first if part < 0.5 else pair.second), 0.0  # noqa: PLR2004 - the middle
    if pair.onward is None or pair.back is None:
        assert model is not None  # noqa: S101 - whoever looks for no ways has a model
        return _rounded(_told(pair, model(pair.first, pair.second, part))), 1.0
    height, width = pair.onward.there.shape[:2]
    early, late = _came(pair.onward.there, part), _came(pair.back.there, 1 - part)
    astray = _look(pair.onward.astray, early, width, height), _look(pair.back.astray, late, width, height)
    trust = (1 - part) * np.exp(-astray[0]), part * np.exp(-astray[1])
    share = (trust[0] / np.maximum(trust[0] + trust[1], 1e-6)).astype(np.float32)
    guess = Guess(early, late, share)
    found = _told(pair, guess)
    if model is None or (asked := float((doubt := _doubt(pair, guess, astray)).mean())) < _DOUBTED:
        return _rounded(found), 0.0
    other = _told(pair, model(pair.first, pair.second, part))
    return _rounded([one + (two - one) * _sized(doubt, one) for one, two in zip(found, other, strict=True)]), asked


def _told(pair: Pair, guess: Guess) -> list[Field]:
    """Return the picture that ways and shares tell of, plane by plane."""
    made = []
    for old, new in zip(pair.first, pair.second, strict=True):
        size = (old.shape[1], old.shape[0])
        one, two = _moved(old, guess.early, size), _moved(new, guess.late, size)
        made.append(two + (one - two) * _sized(guess.share, one))
    return made


def _rounded(made: list[Field]) -> Planes:
    one, two, three = (np.clip(plane + 0.5, 0, 255).astype(np.uint8) for plane in made)
    return one, two, three


def _doubt(pair: Pair, guess: Guess, astray: tuple[Field, Field]) -> Field:
    """Return for each point how little the search is to be believed there, 0 to 1, as far as it can be seen."""
    height, width = guess.early.shape[:2]
    lumas = _resized(pair.first[0], width, height), _resized(pair.second[0], width, height)
    sides = [_moved(luma, way, (width, height)) for luma, way in zip(lumas, (guess.early, guess.late), strict=True)]
    apart = cv2.GaussianBlur(np.abs(sides[0] - sides[1]), (0, 0), _AROUND)
    worst = cv2.GaussianBlur(np.minimum(np.maximum(*astray), _WORST), (0, 0), _AROUND)
    lost = np.clip((worst - _ASTRAY) / (_LOST - _ASTRAY), 0, 1)
    return np.asarray(lost * np.clip((apart - _SEEN) / (_PLAIN - _SEEN), 0, 1), np.float32)


def _sized(share: Field, like: Field) -> Field:
    size = (like.shape[1], like.shape[0])
    return np.asarray(cv2.resize(share, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _smaller(luma: Plane) -> Plane:
    height, width = luma.shape
    scale = min(1.0, _WIDEST / width)
    if scale == 1:
        return luma
    return _resized(luma, round(width * scale), max(16, round(height * scale)))


def _resized(luma: Plane, width: int, height: int) -> Plane:
    return np.asarray(cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _search(preset: int) -> Callable[[Plane, Plane], Field]:
    search = cv2.DISOpticalFlow_create(preset)  # type: ignore[attr-defined, unused-ignore]
    return lambda one, two: np.asarray(search.calc(one, two, None), np.float32)


def _astray(there: Field, back: Field) -> Field:
    """Return for each point how far from home it ends that goes one way and then the other, in pixels."""
    height, width = there.shape[:2]
    home = _look(back, there, width, height) + there
    return np.asarray(np.sqrt((home**2).sum(axis=-1)), np.float32)


def _came(way: Field, part: float) -> Field:
    """Return for each point of the picture between by how much to look back for where it came from.

    A point that starts at y is at y + part * way(y): y is found by going there again and again.
    """
    height, width = way.shape[:2]
    found = -part * way
    for _ in range(_TURNS):
        found = -part * _look(way, found, width, height)
    return found


def _look(values: Field, by: Field, width: int, height: int) -> Field:
    """Return values where they are found by going from each point by an offset."""
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    places = across + by[..., 0], down + by[..., 1]
    return np.asarray(cv2.remap(values, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _moved(plane: Plane, by: Field, size: tuple[int, int]) -> Field:
    """Return a plane looked up by offsets that were found at another size."""
    scale = size[0] / by.shape[1], size[1] / by.shape[0]
    offsets = np.asarray(cv2.resize(by, size, interpolation=cv2.INTER_LINEAR), np.float32) * np.array(scale, np.float32)
    across, down = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    places = across + offsets[..., 0], down + offsets[..., 1]
    found = cv2.remap(plane.astype(np.float32), *places, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32)
