"""The tracks that steer Wan Animate, made of its driver: the face alone, the person's place, the rest without them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from footage import Picture
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio_sdk import Code, Fail

FACE = (512, 512)
"""The size that the model looks at faces in."""

_ROOM = 1.5
_SMOOTH = 0.6
_GROWN = 10
_BLOCK = 32


@dataclass(frozen=True)
class Spot:
    """A square in a picture: its middle and its side, in shares of the picture's width and height."""

    x: float
    y: float
    side: float


def faces(told: str) -> list[Spot | None]:
    """Return where the face is in every picture, from what the pose node shows; None where none was found.

    Of several people it is the one with the largest face, and after that the one nearest to where it was.
    """
    try:
        frames = json.loads(told)
    except ValueError as why:
        words = "The pose node's list of points cannot be read."
        raise Fail(Code.OUTPUT_INVALID, words, detail=str(why)) from why
    found: list[Spot | None] = []
    last: Spot | None = None
    for frame in frames:
        spots = [spot for person in frame.get("people") or () if (spot := _face(person, frame))]
        if spots:
            here = last
            last = max(spots, key=lambda spot: spot.side) if here is None else min(spots, key=lambda s: _apart(s, here))
            found.append(last)
        else:
            found.append(None)
    return found


def _face(person: dict[str, Any], frame: dict[str, Any]) -> Spot | None:
    flat = person.get("face_keypoints_2d") or []
    points = [(x, y) for x, y, sure in zip(flat[0::3], flat[1::3], flat[2::3], strict=False) if sure > 0]
    if not points:
        return None
    width, height = float(frame.get("canvas_width") or 1), float(frame.get("canvas_height") or 1)
    if max(max(x, y) for x, y in points) > 2:  # noqa: PLR2004 - pixels, not shares
        points = [(x / width, y / height) for x, y in points]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    shape = width / height
    side = max(max(xs) - min(xs), (max(ys) - min(ys)) / shape) * _ROOM
    return Spot((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2, min(side, 1.0)) if side > 0 else None


def _apart(one: Spot, other: Spot) -> float:
    return (one.x - other.x) ** 2 + (one.y - other.y) ** 2


def steadied(found: Sequence[Spot | None], count: int) -> list[Spot] | None:
    """Return a square for every one of `count` pictures, without jumps and gaps; None where no face was ever found."""
    last = next((spot for spot in found if spot), None)
    if last is None:
        return None
    steady = []
    for number in range(count):
        spot = (found[number] if number < len(found) else None) or last
        last = Spot(
            _SMOOTH * last.x + (1 - _SMOOTH) * spot.x,
            _SMOOTH * last.y + (1 - _SMOOTH) * spot.y,
            _SMOOTH * last.side + (1 - _SMOOTH) * spot.side,
        )
        steady.append(last)
    return steady


def face_of(picture: Picture, spot: Spot) -> Picture:
    """Return the square of a picture in the size of a face."""
    height, width = picture.shape[:2]
    half = spot.side * width / 2
    x, y = spot.x * width, spot.y * height
    box = (x - half, y - half, x + half, y + half)
    return np.asarray(Image.fromarray(picture).transform(FACE, Image.Transform.EXTENT, box, Image.Resampling.BICUBIC))


def grown(picture: Picture) -> NDArray[np.bool_]:
    """Return where a mask says that the person is, ten pixels wider and in blocks of 32, as the model was trained."""
    level = Image.fromarray(picture).convert("L").point(lambda one: 255 if one > 127 else 0)  # noqa: PLR2004 - half
    wide = np.asarray(level.filter(ImageFilter.MaxFilter(2 * _GROWN + 1))) > 0
    height, width = wide.shape
    padded = np.zeros((-(-height // _BLOCK) * _BLOCK, -(-width // _BLOCK) * _BLOCK), dtype=bool)
    padded[:height, :width] = wide
    rows, columns = padded.shape[0] // _BLOCK, padded.shape[1] // _BLOCK
    blocks = padded.reshape(rows, _BLOCK, columns, _BLOCK).any(axis=(1, 3))
    return np.repeat(np.repeat(blocks, _BLOCK, 0), _BLOCK, 1)[:height, :width]


def without(picture: Picture, where: NDArray[np.bool_]) -> Picture:
    """Return a picture with the person's place in black."""
    left = picture.copy()
    left[where] = 0
    return left


def shown(where: NDArray[np.bool_]) -> Picture:
    """Return a mask as a picture: white where the person is."""
    return np.repeat((where * 255).astype(np.uint8)[:, :, None], 3, axis=2)


def lasting(given: Iterator[Picture]) -> Iterator[Picture]:
    """Yield pictures and then the last of them for ever."""
    last: Picture | None = None
    for last in given:
        yield last
    while last is not None:
        yield last
