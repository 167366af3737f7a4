"""The person in a picture, by MediaPipe on the processor: points of body, hands and face, and where they stand.

One person: the one that MediaPipe follows from picture to picture. Its models lie in its package; nothing is fetched.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from footage import Picture
from numpy.typing import NDArray

from studio_sdk import Code, Fail

Point = tuple[float, float] | None
"""A place in shares of the picture's width and height, None where it is not seen."""

_SURE = 0.3
_FOUND = 0.7
"""So sure must it be that there is somebody at all: at its own 0.5 it sees people in test patterns."""

_NECK = (11, 12)
_COCO = (0, None, 12, 14, 16, 11, 13, 15, 24, 26, 28, 23, 25, 27, 5, 2, 8, 7)
"""The eighteen points that pose models were taught, as MediaPipe's; the neck lies between the shoulders."""


@dataclass(frozen=True)
class Person:
    """Eighteen points of the body, none or 21 of each hand, the face as left, top, right, bottom, and a packed mask."""

    body: tuple[Point, ...]
    hands: tuple[tuple[Point, ...], ...]
    face: tuple[float, float, float, float] | None
    mask: NDArray[np.uint8]

    def where(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """Return which pixels of a picture of this size are the person."""
        width, height = size
        return np.unpackbits(self.mask, count=width * height).reshape(height, width).astype(bool)


def ready() -> None:
    """Raise `Fail` where MediaPipe is not there: it has no package for a newer Python and for Linux on ARM."""
    try:
        _holistic()
    except ImportError as why:
        words = "MediaPipe, which finds people, is not to be had for this machine and its Python."
        raise Fail(Code.DEPENDENCY_MISSING, words, detail=f"{why}; pipelines/environments/bodies") from why


def _holistic() -> Any:
    from mediapipe.python.solutions import holistic  # noqa: PLC0415 - seconds, and not there on every machine

    return holistic


@contextmanager
def watching() -> Iterator["Watcher"]:
    """Open the models for the pictures of one clip, in their order."""
    ready()
    words = {"static_image_mode": False, "model_complexity": 1, "enable_segmentation": True}
    with _holistic().Holistic(**words, min_detection_confidence=_FOUND) as models:
        yield Watcher(models)


class Watcher:
    """Follows the person of a clip."""

    def __init__(self, models: Any) -> None:
        self._models = models

    def find(self, picture: Picture) -> Person | None:
        """Return the person of the next picture, None where nobody is seen."""
        found = self._models.process(picture)
        if not found.pose_landmarks:
            return None
        marks = found.pose_landmarks.landmark
        seen = [(mark.x, mark.y) if mark.visibility > _SURE else None for mark in marks]
        left, right = (seen[number] for number in _NECK)
        neck = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2) if left and right else None
        body = tuple(neck if number is None else seen[number] for number in _COCO)
        hands = tuple(_all(hand) for hand in (found.left_hand_landmarks, found.right_hand_landmarks) if hand)
        mask = found.segmentation_mask
        person = np.zeros(picture.shape[:2], bool) if mask is None else mask > 0.5  # noqa: PLR2004 - more in than out
        return Person(body, hands, _box(_all(found.face_landmarks)), np.packbits(person))


def _all(marks: Any) -> tuple[Point, ...]:
    return tuple((mark.x, mark.y) for mark in marks.landmark) if marks else ()


def _box(points: Sequence[Point]) -> tuple[float, float, float, float] | None:
    there = [point for point in points if point]
    if not there:
        return None
    across, down = [point[0] for point in there], [point[1] for point in there]
    return min(across), min(down), max(across), max(down)
