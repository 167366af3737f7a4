"""Points that a person places on a picture: how an author asks for them, and how their places are written and read.

Written as text, `{"on": "sha256 of the picture", "at": {"chin": [0.5, 0.81], …}}`: fractions of the picture's width and
height as it is looked at, from its upper left corner. Standard library only (see `names`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

Places = dict[str, tuple[float, float]]
"""Where each point lies, by its name."""

MOST: Final = 64
"""Most points of one input."""


@dataclass(frozen=True)
class Point:
    """A point by its name for machines, what people call it, and where it lies before somebody moves it."""

    name: str
    title: str
    x: float
    y: float
    help: str = ""


@dataclass(frozen=True)
class Points:
    """What a text input asks for: points on the picture that the input `of` is given.

    `lines` are drawn between points, each from name to name, so that people see a face or a body and not dots.
    """

    of: str
    points: tuple[Point, ...]
    lines: tuple[tuple[str, ...], ...] = ()


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...


def read(text: str, asked: Iterable[_Named]) -> Places:
    """Return the places that a text gives to the points that are asked for; none for a text without a word.

    Raises ValueError with a sentence that names the point which is missing, unknown or outside the picture.
    """
    if not text.strip():
        return {}
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    at = told.get("at") if isinstance(told, dict) else None
    if not isinstance(at, dict):
        why = 'It must be {"on": "…", "at": {"name": [x, y], …}}, with x and y from 0 to 1.'
        raise ValueError(why)  # noqa: TRY004 - a text that cannot be read, as below
    titles = {one.name: one.title for one in asked}
    for name in at:
        if name not in titles:
            raise ValueError(f"There is no point called “{name[:40]}”; there are {', '.join(titles)}.")
    for name, title in titles.items():
        if name not in at:
            raise ValueError(f"The point “{title}” ({name}) is missing.")
        if not _inside(at[name]):
            raise ValueError(f"The point “{title}” ({name}) must be two numbers from 0 to 1, inside the picture.")
    return {name: (float(at[name][0]), float(at[name][1])) for name in titles}


def _inside(spot: object) -> bool:
    return (
        isinstance(spot, list)
        and len(spot) == 2  # noqa: PLR2004 - across and down
        and all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 1 for one in spot)
    )


def placed_on(text: str) -> str:
    """Return the SHA-256 of the picture that points were placed on; empty where the text does not say."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    on = told.get("on") if isinstance(told, dict) else None
    return on if isinstance(on, str) else ""


def write(places: Mapping[str, tuple[float, float]], on: str = "") -> str:
    """Return places as text, to a ten-thousandth of the picture."""
    at = {name: [round(x, 4), round(y, 4)] for name, (x, y) in places.items()}
    return json.dumps({"on": on, "at": at}, separators=(",", ":"))
