"""The 33 points of MediaPipe's body that a figure is moved by, in a still and along a clip."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from face import ready
from footage import Picture
from numpy.typing import NDArray

Joints = NDArray[np.float64]
"""A row a point: across, down and depth in pixels (nearer below zero), and how surely it is seen, from 0 to 1."""

COUNT: Final = 33
SHOULDERS: Final = (11, 12)
HIPS: Final = (23, 24)
HEAD: Final = (0, 7, 8)
BONES: Final = {
    "upper arm left": (11, 13), "forearm left": (13, 15), "hand left": (15, 19),
    "upper arm right": (12, 14), "forearm right": (14, 16), "hand right": (16, 20),
    "thigh left": (23, 25), "shin left": (25, 27), "foot left": (27, 31),
    "thigh right": (24, 26), "shin right": (26, 28), "foot right": (28, 32),
}  # fmt: skip
_SEEN = 0.5


@contextmanager
def watching(*, still: bool) -> Iterator["Watcher"]:
    """Open the model: for one picture, or for those of a clip in their order."""
    ready()
    from mediapipe.python.solutions import pose  # noqa: PLC0415 - takes seconds

    words = {"static_image_mode": still, "model_complexity": 1, "enable_segmentation": True}
    with pose.Pose(**words, min_detection_confidence=0.4 if still else 0.6) as models:
        yield Watcher(models)


class Watcher:
    """Finds the body of one person."""

    def __init__(self, models: Any) -> None:
        self._models = models

    def find(self, picture: Picture) -> tuple[Joints, NDArray[np.float32]] | None:
        """Return the points and where the person is, from 0 to 1; None where nobody is seen."""
        found = self._models.process(np.ascontiguousarray(picture))
        if not found.pose_landmarks:
            return None
        tall, wide = picture.shape[:2]
        marks = found.pose_landmarks.landmark
        joints = np.array([(mark.x * wide, mark.y * tall, mark.z * wide, mark.visibility) for mark in marks])
        mask = found.segmentation_mask
        return joints, np.zeros((tall, wide), np.float32) if mask is None else np.asarray(mask, dtype=np.float32)


def stands(joints: Joints, size: tuple[int, int]) -> bool:
    """Tell whether shoulders and hips are seen inside a picture."""
    told = joints[[*SHOULDERS, *HIPS]]
    inside = (told[:, 0] > 0) & (told[:, 0] < size[0]) & (told[:, 1] > 0) & (told[:, 1] < size[1])
    return bool((inside & (told[:, 3] > _SEEN)).all())


def middle(joints: Joints, pair: tuple[int, int]) -> Joints:
    """Return the place between two points."""
    return np.asarray(joints[list(pair), :2].mean(axis=0))


def torso(joints: Joints) -> float:
    """Return how long a body is from the hips to the shoulders."""
    return float(np.linalg.norm(middle(joints, SHOULDERS) - middle(joints, HIPS)))


def smoothed(track: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points of a clip, without the trembling of finding them anew in each picture."""
    window = np.array([0.06, 0.24, 0.4, 0.24, 0.06])
    padded = np.pad(track, ((2, 2), *((0, 0) for _ in track.shape[1:])), mode="edge")
    return np.asarray(sum(weight * padded[at : at + len(track)] for at, weight in enumerate(window)))


def filled(found: list[NDArray[np.float64] | None]) -> NDArray[np.float64]:
    """Return points for every picture: between two finds on a straight line. At least one must have been found."""
    there = [number for number, one in enumerate(found) if one is not None]
    known = np.stack([one for one in found if one is not None])
    flat = known.reshape(len(known), -1)
    numbers = np.arange(len(found))
    every = np.stack([np.interp(numbers, there, flat[:, column]) for column in range(flat.shape[1])], axis=1)
    return every.reshape(len(found), *known.shape[1:])


def at(track: NDArray[np.float64], moment: float) -> NDArray[np.float64]:
    """Return the points at a moment, counted in pictures of the track."""
    low = int(np.clip(np.floor(moment), 0, len(track) - 1))
    high = min(low + 1, len(track) - 1)
    share = float(np.clip(moment - low, 0, 1))
    return np.asarray(track[low] * (1 - share) + track[high] * share)
