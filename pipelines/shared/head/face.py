"""The face of a still: found by MediaPipe, or laid where somebody says that eyes and mouth are."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mesh import CHEEK_LEFT, CHEEK_RIGHT, CHIN, EYES, FOREHEAD, LIP_ABOVE, LIP_BELOW, NOSE, POINTS
from numpy.typing import NDArray
from PIL import Image

from studio_sdk import Code, Fail

Points = NDArray[np.float64]
"""A row a point: across and down in pixels, and depth in the same measure, nearer below zero."""

REMEDY = (
    "Place the points of the face yourself; or use a still that shows a face from the front; or choose Animatic for a "
    "camera move over this still."
)
MOST_FACES = 5
_LOOKED_AT = 1280
"""Longest side in pixels in which faces are looked for."""

_SURE, _FAINT = 0.4, 0.3
_ROOM = 1.1
_TURNED = 0.16
"""Share of the face's width that still lies beyond the nose in a face that is turned too far to be moved."""

_NEAR = 0.6
"""A found face is the one that was pointed at when eyes and mouth lie this near, in distances of the eyes."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NEUTRAL = Path(__file__).parent / "neutral.json"


@dataclass(frozen=True)
class Face:
    """The 468 points of a face, how many there were to choose from, and whether somebody placed it.

    `found` are all that were, the largest first.
    """

    points: Points
    among: int
    placed: bool
    found: tuple[Points, ...] = ()


def ready() -> None:
    """Raise `Fail` where MediaPipe is not there: it has no package for a newer Python and for Linux on ARM."""
    try:
        import mediapipe  # noqa: F401, PLC0415 - seconds, and not there on every machine
        import pocketsphinx  # noqa: F401, PLC0415
    except ImportError as why:
        words = "MediaPipe, which finds faces, is not to be had for this machine and its Python."
        raise Fail(Code.DEPENDENCY_MISSING, words, detail=f"{why}; pipelines/environments/bodies") from why


def find(picture: Image.Image, places: str, what: str) -> Face:
    """Return the face of a picture: the largest, or the one at `places` (eye, eye, mouth in per cent).

    Raises `Fail` naming `face_points`, which mend it, where there is none that can be moved, or `face` for places that
    are none.
    """
    told = _read(places, picture.size)
    faces = found(picture)
    if told is not None:
        span = float(np.linalg.norm(told[1] - told[0]))
        near = [one for one in faces if float(np.abs(_three(one) - told).max()) < _NEAR * span]
        return Face(near[0] if near else _laid(told), len(faces), placed=not near, found=tuple(faces))
    if not faces:
        raise Fail(Code.UNSUPPORTED_MEDIA, f"No face is found in {what}. {REMEDY}", field="face_points")
    if turned(faces[0]):
        raise Fail(Code.UNSUPPORTED_MEDIA, f"The face in {what} is turned away too far. {REMEDY}", field="face_points")
    return Face(faces[0], len(faces), placed=False, found=tuple(faces))


def _read(places: str, size: tuple[int, int]) -> Points | None:
    if not places.strip():
        return None
    numbers = [float(number) for number in _NUMBER.findall(places)]
    if len(numbers) != 6 or max(numbers) > 100:  # noqa: PLR2004 - three places in per cent
        words = "Face takes three places in per cent, left eye, right eye and mouth: “42,35 58,35 50,62”."
        raise Fail(Code.VALIDATION_ERROR, words, field="face", detail=places[:200])
    told = np.array(numbers).reshape(3, 2) * np.array(size) / 100
    across = told[1] - told[0]
    down = told[2] - told[:2].mean(axis=0)
    if across[0] <= 0 or abs(float(across[0] * down[1] - across[1] * down[0])) < 0.1 * float(across @ across):
        words = "The three places under Face are no face: first the left eye, then the right one, then the mouth."
        raise Fail(Code.VALIDATION_ERROR, words, field="face", detail=places[:200])
    return np.asarray(told)


def found(picture: Image.Image) -> list[Points]:
    """Return the points of all faces that are seen in a picture, the largest first."""
    scale = min(1.0, _LOOKED_AT / max(picture.size))
    small = picture if scale == 1 else picture.resize((round(picture.width * scale), round(picture.height * scale)))
    seen = np.ascontiguousarray(np.asarray(small))
    with _models() as (mesh, detector):
        faces = _marks(mesh, seen, (0, 0))
        if not faces:  # small and distant faces are seen by another model; then looked at again, close
            for left, top, right, bottom in _boxes(detector, seen):
                faces += _marks(mesh, np.ascontiguousarray(seen[top:bottom, left:right]), (left, top))
    return sorted((points / scale for points in faces), key=_height, reverse=True)


@contextmanager
def _models() -> Iterator[tuple[Any, Any]]:
    ready()
    from mediapipe.python.solutions import face_detection, face_mesh  # noqa: PLC0415 - takes seconds

    words = {"static_image_mode": True, "refine_landmarks": True, "max_num_faces": MOST_FACES}
    with (
        face_mesh.FaceMesh(**words, min_detection_confidence=_SURE) as mesh,
        face_detection.FaceDetection(model_selection=1, min_detection_confidence=_FAINT) as detector,
    ):
        yield mesh, detector


def _marks(mesh: Any, picture: NDArray[np.uint8], at: tuple[int, int]) -> list[Points]:
    found = mesh.process(picture).multi_face_landmarks or []
    tall, wide = picture.shape[:2]
    return [
        np.array([(mark.x * wide + at[0], mark.y * tall + at[1], mark.z * wide) for mark in one.landmark[:POINTS]])
        for one in found
    ]


def _boxes(detector: Any, picture: NDArray[np.uint8]) -> Iterator[tuple[int, int, int, int]]:
    tall, wide = picture.shape[:2]
    for found in detector.process(picture).detections or []:
        box = found.location_data.relative_bounding_box
        x, y = (box.xmin + box.width / 2) * wide, (box.ymin + box.height / 2) * tall
        half = max(box.width * wide, box.height * tall) * _ROOM
        left, top, right, bottom = max(0, x - half), max(0, y - half), min(wide, x + half), min(tall, y + half)
        if right - left > 1 and bottom - top > 1:
            yield int(left), int(top), int(right), int(bottom)


def _three(points: Points) -> Points:
    """Return where the eyes and the mouth of a face are."""
    eyes = [points[[*upper, *lower], :2].mean(axis=0) for upper, lower, _ in EYES]
    return np.array([*eyes, points[[LIP_ABOVE, LIP_BELOW], :2].mean(axis=0)])


def _laid(told: Points) -> Points:
    """Return the face of nobody in particular, stretched so that eyes and mouth lie where they were placed."""
    neutral = np.array(json.loads(_NEUTRAL.read_text("utf-8")), dtype=float)
    own = _three(neutral)
    turn = cv2.getAffineTransform(own.astype(np.float32), told.astype(np.float32))
    flat = neutral[:, :2] @ turn[:, :2].T + turn[:, 2]
    scale = float(np.linalg.norm(told[1] - told[0]) / np.linalg.norm(own[1] - own[0]))
    return np.column_stack([flat, neutral[:, 2] * scale])


def _height(points: Points) -> float:
    return float(np.linalg.norm(points[FOREHEAD, :2] - points[CHIN, :2]))


def turned(points: Points) -> bool:
    """Tell whether a face is turned too far to be moved as it was found."""
    across = points[CHEEK_RIGHT, :2] - points[CHEEK_LEFT, :2]
    width = float(across @ across)
    share = float((points[NOSE, :2] - points[CHEEK_LEFT, :2]) @ across) / width if width else 0.0
    return min(share, 1 - share) < _TURNED
