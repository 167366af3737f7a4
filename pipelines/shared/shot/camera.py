"""The camera: which part of a picture fills the frame at each moment of a move.

Pure arithmetic in pixels of the picture; `main` asks, `planes` cuts.
"""

from dataclasses import dataclass
from math import pi, sin

PUSHES = ("push-in", "pull-out")
PANS = ("pan-left", "pan-right", "truck-left", "truck-right")
TILTS = ("tilt-up", "tilt-down")

_RAMP = 0.3
"""Share of the shot in which the camera gathers speed, and again in which it comes to rest."""

_ZOOM_A_SECOND = 0.024
_TRAVEL_A_SECOND = 0.05
_LONGEST_ZOOM = 1.28
_LONGEST_TRAVEL = 0.4
_HAND_ZOOM = 1.06
_ROOM = 0.1
"""Share of the frame that a pan or tilt must at least travel to be seen as one."""

_MARGIN = 2.0
"""Pixels of the picture that are never shown, so that filters and chroma siting stay inside it."""


@dataclass(frozen=True)
class View:
    """The part of a picture that fills the frame: left, top, right and bottom edge in its pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def scale(self) -> float:
        """Return picture pixels per unit of frame width."""
        return self.right - self.left


def ease(t: float) -> float:
    """Return how far a move is at the time t, both from 0 to 1: it gathers speed, glides and comes to rest."""
    if t > 1 / 2:
        return 1 - ease(1 - t)
    x = min(t / _RAMP, 1.0)
    ramped = _RAMP * (x**3 - x**4 / 2)
    return (ramped + max(0.0, t - _RAMP)) / (1 - _RAMP)


@dataclass(frozen=True)
class Move:
    """A move over a picture of width x height pixels, in a frame of the given aspect, lasting some seconds.

    `reach` scales the move; a card with writing near its edges wants less than a photograph.
    """

    name: str
    width: int
    height: int
    aspect: float
    seconds: float
    reach: float = 1.0

    @property
    def widest(self) -> float:
        """Return the width of the largest part of the picture that fills the frame."""
        return min(self.width - 2 * _MARGIN, (self.height - 2 * _MARGIN) * self.aspect)

    @property
    def zoom(self) -> float:
        """Return how much closer than `widest` the camera gets."""
        if self.name in PUSHES:
            return min(_LONGEST_ZOOM, 1 + self.reach * (0.02 + _ZOOM_A_SECOND * self.seconds))
        if self.name == "static":
            return 1.0
        if self.name == "handheld":
            return _HAND_ZOOM
        return max(1.0, (1 + _ROOM * self.reach) / (1 + self._room))

    @property
    def _room(self) -> float:
        """Return the free way along the move at `widest`, as a share of the frame."""
        if self.name in PANS:
            return (self.width - 2 * _MARGIN) / self.widest - 1
        return (self.height - 2 * _MARGIN) / (self.widest / self.aspect) - 1

    def view(self, t: float) -> View:
        """Return what is in the frame at the time t, from 0 to 1."""
        done = ease(t)
        if self.name in PUSHES:
            near = done if self.name == "push-in" else 1 - done
            width = self.widest / self.zoom**near  # a constant rate of growth looks steady, a constant step does not
            return self._around(0.5, 0.5, width)
        width = self.widest / self.zoom
        if self.name == "static":
            return self._around(0.5, 0.5, width)
        if self.name == "handheld":
            s = 2 * pi * t * self.seconds
            return self._around(
                0.5 + 0.3 * sin(0.31 * s) + 0.12 * sin(0.9 * s),
                0.5 + 0.3 * sin(0.41 * s + 1) + 0.1 * sin(1.1 * s),
                width,
            )
        free = (1 + self._room) * self.zoom - 1
        way = min(free, self.reach * max(_ROOM, min(_LONGEST_TRAVEL, 0.06 + _TRAVEL_A_SECOND * self.seconds)))
        forward = self.name in {"pan-right", "truck-right", "tilt-down"}
        at = (0.5 + (done - 0.5) * (way / free) * (1 if forward else -1)) if free > 0 else 0.5
        return self._around(at, 0.5, width) if self.name in PANS else self._around(0.5, at, width)

    def _around(self, across: float, down: float, width: float) -> View:
        """Return the view of a width whose place in the free room is given from 0 (left, top) to 1 (right, bottom)."""
        height = width / self.aspect
        left = _MARGIN + (self.width - 2 * _MARGIN - width) * across
        top = _MARGIN + (self.height - 2 * _MARGIN - height) * down
        return View(left, top, left + width, top + height)
