"""Maps of a person: sticks in the colours that pose models were taught, the face alone, the place it takes."""

import colorsys
from collections.abc import Sequence

import numpy as np
from bodies import Person, Point
from footage import Picture
from PIL import Image, ImageDraw, ImageFilter

FACE = (512, 512)
"""The size that Wan looks at faces in."""

_ROOM = 1.5
_SMOOTH = 0.6
_GROWN = 10
_COLOURS = tuple(
    tuple(round(255 * part) for part in colorsys.hsv_to_rgb(number / 18, 1.0, 1.0)) for number in range(18)
)
_LIMBS = ((1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13), (1, 0),
          (0, 14), (14, 16), (0, 15), (15, 17))  # fmt: skip
_FINGERS = tuple((0 if joint % 4 == 1 else joint - 1, joint) for joint in range(1, 21))


def sticks(person: Person | None, size: tuple[int, int]) -> Picture:
    """Draw body and hands as sticks on black; black where nobody is seen."""
    drawn = Image.new("RGB", size)
    if person is None:
        return np.asarray(drawn)
    pen, wide = ImageDraw.Draw(drawn), max(3, min(size) // 90)
    for number, (start, end) in enumerate(_LIMBS):
        colour = tuple(round(0.6 * part) for part in _COLOURS[number])
        _line(pen, size, person.body[start], person.body[end], colour, 2 * wide)
    for number, point in enumerate(person.body):
        _dot(pen, size, point, _COLOURS[number], wide)
    for hand in person.hands:
        for number, (start, end) in enumerate(_FINGERS):
            _line(pen, size, hand[start], hand[end], _COLOURS[number * 18 // 20], max(1, wide // 2))
        for point in hand:
            _dot(pen, size, point, (0, 0, 255), max(1, wide // 2))
    return np.asarray(drawn)


def faces(people: Sequence[Person | None], size: tuple[int, int]) -> list[tuple[float, float, float]] | None:
    """Return where the face is in every picture (middle and side in pixels), steadied; None where there is none."""
    width, height = size
    boxes = [person.face if person else None for person in people]
    first = next((box for box in boxes if box), None)
    if first is None:
        return None
    steady: list[tuple[float, float, float]] = []
    last = first
    for box in boxes:
        last = box or last
        left, top, right, bottom = last[0] * width, last[1] * height, last[2] * width, last[3] * height
        now = ((left + right) / 2, (top + bottom) / 2, _ROOM * max(right - left, bottom - top))
        before = steady[-1] if steady else now
        steady.append(tuple(_SMOOTH * old + (1 - _SMOOTH) * new for old, new in zip(before, now, strict=True)))  # type: ignore[arg-type]
    return steady


def face(picture: Picture, square: tuple[float, float, float]) -> Picture:
    """Return the square of a face, 512 pixels wide; black where it leaves the picture."""
    x, y, side = square
    half = side / 2
    corners = (round(x - half), round(y - half), round(x + half), round(y + half))
    return np.asarray(Image.fromarray(picture).crop(corners).resize(FACE, Image.Resampling.LANCZOS))


def place(person: Person | None, size: tuple[int, int]) -> Picture:
    """Return the place of a person, white on black."""
    white = person.where(size) if person else np.zeros((size[1], size[0]), bool)
    return np.repeat(np.where(white, 255, 0).astype(np.uint8)[:, :, None], 3, axis=2)


def without(picture: Picture, person: Person | None) -> Picture:
    """Return a picture with the person, and ten pixels around, painted black."""
    around = Image.fromarray(place(person, (picture.shape[1], picture.shape[0]))[:, :, 0])
    grown = np.asarray(around.filter(ImageFilter.MaxFilter(2 * _GROWN + 1))) > 0
    return np.where(grown[:, :, None], 0, picture).astype(np.uint8)


def _line(
    pen: ImageDraw.ImageDraw, size: tuple[int, int], start: Point, end: Point, colour: tuple[int, ...], wide: int
) -> None:
    if start and end:
        pen.line([_at(start, size), _at(end, size)], fill=colour, width=wide)


def _dot(pen: ImageDraw.ImageDraw, size: tuple[int, int], point: Point, colour: tuple[int, ...], wide: int) -> None:
    if point:
        x, y = _at(point, size)
        pen.ellipse((x - wide, y - wide, x + wide, y + wide), fill=colour)


def _at(point: tuple[float, float], size: tuple[int, int]) -> tuple[float, float]:
    return point[0] * size[0], point[1] * size[1]
