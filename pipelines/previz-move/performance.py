"""The face of a clip, taken off its head: what it does in every picture, for a face that is built otherwise."""

from collections.abc import Callable

import numpy as np
from face import Points
from footage import Picture
from mesh import BROWS, EYE_LEFT, EYE_RIGHT, LIP_ABOVE, LIP_BELOW, MOUTH_LEFT, MOUTH_RIGHT, POINTS
from numpy.typing import NDArray
from puppet import Look

_RIGID = (33, 133, 263, 362, 168, 6, 197, 195, 5, 4, 1, 10, 151, 9, 234, 454, 127, 356, 93, 323, 50, 280)
_LIDS = ((159, 145), (386, 374))
_WIDEST = 0.36


def face_in(models: object, picture: Picture) -> Points | None:
    """Return the 468 points of the face that MediaPipe follows, in pixels."""
    found = models.process(np.ascontiguousarray(picture)).multi_face_landmarks  # type: ignore[attr-defined]
    if not found:
        return None
    tall, wide = picture.shape[:2]
    return np.array([(mark.x * wide, mark.y * tall, mark.z * wide) for mark in found[0].landmark[:POINTS]])


def performed(track: NDArray[np.float64], along: Points, span: float) -> Callable[[Points], tuple[Look, Points]]:
    """Return what reads a face of the clip as a look and moves of the brows for a still.

    `along` is the direction of the still's eyes and `span` how far they are apart.
    """
    spans = np.linalg.norm(track[:, EYE_RIGHT, :2] - track[:, EYE_LEFT, :2], axis=1)
    gaps = np.linalg.norm(track[:, LIP_BELOW, :2] - track[:, LIP_ABOVE, :2], axis=1) / spans
    lids = _lids(track) / spans
    opened = float(np.percentile(lids, 80))
    rest = track[int(np.argmin(gaps + np.abs(lids - opened)))]  # a quiet moment, which all others are held against
    own = float(np.linalg.norm(rest[EYE_RIGHT, :2] - rest[EYE_LEFT, :2]))
    line = (rest[EYE_RIGHT, :2] - rest[EYE_LEFT, :2]) / own
    axes = np.stack([line, np.array([-line[1], line[0]])])
    to = np.stack([along, np.array([-along[1], along[0]])])
    wide = float(np.linalg.norm(rest[MOUTH_RIGHT, :2] - rest[MOUTH_LEFT, :2])) / own

    def read(face: Points) -> tuple[Look, Points]:
        turn, scale, centre = _laid_over(rest[list(_RIGID)], face[list(_RIGID)])
        front = (face - centre) @ turn / scale + rest[list(_RIGID)].mean(axis=0)
        away = (front - rest)[:, :2] / own
        gap = float(np.linalg.norm(front[LIP_BELOW, :2] - front[LIP_ABOVE, :2])) / own
        broad = float(np.linalg.norm(front[MOUTH_RIGHT, :2] - front[MOUTH_LEFT, :2])) / own / wide
        shut = float(_lids(face[None])[0] / np.linalg.norm(face[EYE_RIGHT, :2] - face[EYE_LEFT, :2]))
        shift = (centre - rest[list(_RIGID)].mean(axis=0))[:2] / own
        moves = np.zeros((POINTS, 2))
        moves[list(BROWS)] = (away @ axes.T @ to * span)[list(BROWS)]
        look = Look(
            open=float(np.clip(gap / _WIDEST - 0.02, 0, 1.1)),
            wide=float(np.clip((broad - 1) * 4, 0, 1)),
            round=float(np.clip((1 - broad) * 2.4, 0, 1)),
            blink=float(np.clip((opened * 0.8 - shut) / (opened * 0.55), 0, 1)),
            roll=float(np.arctan2(turn[1, 0], turn[0, 0])),
            yaw=float(np.clip(np.arctan2(turn[0, 2], turn[2, 2]), -0.35, 0.35)),
            pitch=float(np.clip(np.arctan2(-turn[1, 2], turn[2, 2]), -0.25, 0.25)),
            across=float(np.clip(shift[0], -0.5, 0.5)) * 0.8,
            down=float(np.clip(shift[1], -0.3, 0.3)) * 0.8,
            near=float(np.clip(scale, 0.9, 1.1)),
        )
        return look, moves

    return read


def _lids(track: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.mean([np.linalg.norm(track[:, a, :2] - track[:, b, :2], axis=1) for a, b in _LIDS], axis=0))


def _laid_over(rest: Points, now: Points) -> tuple[Points, float, Points]:
    """Return the rotation, scale and centre that lay one set of points over another (Kabsch)."""
    a, b = rest.mean(axis=0), now.mean(axis=0)
    left, _, right = np.linalg.svd((rest - a).T @ (now - b))
    sign = np.sign(np.linalg.det(right.T @ left.T))
    turn = right.T @ np.diag([1, 1, sign]) @ left.T
    return turn, float(np.sqrt(((now - b) ** 2).sum() / ((rest - a) ** 2).sum())), b
