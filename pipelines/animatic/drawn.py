"""A shot drawn from its words, with depth: what is far moves less than what is near, and who speaks opens the mouth."""

from collections.abc import Callable, Sequence
from math import pi, sin

import numpy as np
from camera import View, ease
from drawing.board import Board, compose
from drawing.sheet import layer, tooth, vignette
from drawing.shot import Shot
from PIL import Image, ImageChops
from planes import Planes, cut, from_rgb

_MARGIN = 0.17
"""How much is drawn around the frame on each side, as a share of it: the room a camera has."""
_DEPTHS = (0.38, 1.0, 1.75)
_BEATS = 0.13
"""Loudness, as a share of the loudest, from which a mouth is open."""


class Scene:
    """The layers of a shot as canvases; `picture` gives the frame at a moment.

    `mouths` says for each frame who has the mouth open (the number of a person, or None).
    """

    def __init__(self, shot: Shot, size: tuple[int, int], seed: int, zoom: float, mouths: Sequence[int | None]) -> None:
        self.size, self.seed, self.mouths = size, seed, mouths
        self.scale = 1.06 * zoom
        closed = compose(shot, *size, seed)
        whole = layer(closed, 0, _MARGIN, self.scale)
        self.back = from_rgb(whole.convert("RGB"))
        self.mid: dict[int | None, tuple[Planes, Image.Image]] = {None: self._over(whole, closed, 1)}
        for speaker in sorted({one for one in mouths if one is not None and one < len(shot.people)}):
            self.mid[speaker] = self._over(whole, compose(shot, *size, seed, speaking=speaker), 1)
        self.front = self._over(whole, closed, 2) if closed.layers[2] else None
        self.dark = vignette(size).getchannel(0)
        grain = tooth((size[0], size[1]), seed)
        self.grain = grain

    def _over(self, whole: Image.Image, board: Board, number: int) -> tuple[Planes, Image.Image]:
        """Return a layer in its own colours, and its mask: what shines through fog is laid in by the mask, once."""
        drawn = layer(board, number, _MARGIN, self.scale)
        alpha = drawn.getchannel("A")
        flat = whole.convert("RGB")
        flat.paste(drawn.convert("RGB"), mask=alpha.point(lambda a: 255 if a else 0))
        return from_rgb(flat), alpha

    def view(self, at: tuple[float, float, float], depth: float) -> View:
        """Return the part of a canvas that is seen: `at` is (right, down, zoom) of the camera, in frames."""
        right, down, zoom = at
        near = zoom**depth
        wide, high = self.size[0] * self.scale, self.size[1] * self.scale
        x, y = (0.5 + right * depth + _MARGIN) * wide, (0.5 + down * depth + _MARGIN) * high
        return View(x - wide / near / 2, y - high / near / 2, x + wide / near / 2, y + high / near / 2)

    def picture(
        self, number: int, at: tuple[float, float, float], depths: tuple[float, float, float] = _DEPTHS
    ) -> Planes:
        """Return a frame with the camera at a place."""
        seen = cut(self.back, self.view(at, depths[0]), self.size)
        speaker = self.mouths[number] if number < len(self.mouths) else None
        for layer_, depth in ((self.mid.get(speaker, self.mid[None]), depths[1]), (self.front, depths[2])):
            if layer_:
                planes, alpha = layer_
                view = self.view(at, depth)
                box = (view.left, view.top, view.right, view.bottom)
                seen.paste(
                    cut(planes, view, self.size), (0, 0), alpha.resize(self.size, Image.Resampling.BILINEAR, box)
                )
        seen.y = ImageChops.multiply(seen.y, self.dark)
        seen.grain(self.grain, (0, 0))
        return seen


def path_of(move: str, seconds: float, seed: int) -> Callable[[float], tuple[float, float, float]]:
    """Return where the camera is at a share of the shot: right and down in frames, and how close."""
    reach = min(0.062, 0.028 + 0.008 * seconds)
    closer = min(1.2, 1.03 + 0.022 * seconds)
    turn = (seed % 97) / 97 * 2 * pi

    def at(t: float) -> tuple[float, float, float]:
        done = ease(t)
        along = (done - 0.5) * 2 * reach
        s = t * seconds
        return {
            "push-in": (0.0, 0.0, closer**done),
            "pull-out": (0.0, 0.0, closer ** (1 - done)),
            "pan-right": (along, 0.0, 1.06),
            "pan-left": (-along, 0.0, 1.06),
            "truck-right": (along, 0.0, 1.06),
            "truck-left": (-along, 0.0, 1.06),
            "tilt-up": (0.0, -along, 1.06),
            "tilt-down": (0.0, along, 1.06),
            "handheld": (
                0.007 * sin(2 * pi * 0.31 * s + turn) + 0.003 * sin(2 * pi * 0.9 * s + 2 * turn),
                0.006 * sin(2 * pi * 0.41 * s + 3 * turn) + 0.0026 * sin(2 * pi * 1.1 * s),
                1.05,
            ),
        }.get(move, (0.0, 0.0, 1.0))

    return at


def depths_of(move: str) -> tuple[float, float, float]:
    """Return how much each layer follows: a camera that turns moves all alike, one that travels what is near most."""
    return (1.0, 1.0, 1.0) if move.startswith(("pan", "tilt")) else _DEPTHS


def mouths_of(
    loud: np.ndarray, spans: Sequence[tuple[float, float, int]], frames: int, rate: float
) -> list[int | None]:
    """Return for each frame who has the mouth open: a span (from, to, person) has sound just then."""
    if not len(loud):
        return [None] * frames
    high = float(loud.max()) * _BEATS
    said: list[int | None] = []
    for number in range(frames):
        at = (number + 0.5) / rate
        who = next((person for begins, ends, person in spans if begins <= at < ends), None)
        around = loud[max(0, int(at * 100) - 2) : int(at * 100) + 3]
        shut = not len(around) or float(around.mean()) < high or (number % 6 == 5)  # noqa: PLR2004 - lips meet now and then
        said.append(None if who is None or shut else who)
    return said
