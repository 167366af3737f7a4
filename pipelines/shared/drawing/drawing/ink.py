"""A pen on one layer of a drawing: tones with soft edges and lines with pressure, written as SVG.

Points are (x, y) in pixels of the frame, y down. The hand trembles a little, always in the same way for one seed.
"""

import itertools
from collections.abc import Sequence
from math import atan2, cos, hypot, pi, sin
from random import Random

from drawing.tone import Colour, Light, name

Point = tuple[float, float]
Tone = float | Colour
"""A value from ink (0) to paper (1), or a colour of its own."""

_STEP = 14


def spline(points: Sequence[Point], *, closed: bool = False, steps: int = 7) -> list[Point]:
    """Return a smooth line through points (Catmull and Rom), `steps` pieces between two of them."""
    count = len(points)
    if count < 3:
        return list(points)
    made: list[Point] = []
    for at in range(count if closed else count - 1):
        a = points[(at - 1) % count] if closed or at else points[0]
        b, c = points[at], points[(at + 1) % count]
        d = points[(at + 2) % count] if closed or at + 2 < count else c
        for step in range(steps):
            t = step / steps
            made.append(tuple(  # type: ignore[arg-type]
                0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t**3)
                for p, q, r, s in zip(a, b, c, d, strict=True)
            ))  # fmt: skip
    if not closed:
        made.append(points[-1])
    return made


def ellipse(at: Point, rx: float, ry: float, turn: float = 0.0, parts: int = 20) -> list[Point]:
    """Return the points of an ellipse, turned by some degrees."""
    a, b = cos(turn * pi / 180), sin(turn * pi / 180)
    around = [(rx * cos(2 * pi * n / parts), ry * sin(2 * pi * n / parts)) for n in range(parts)]
    return [(at[0] + x * a - y * b, at[1] + x * b + y * a) for x, y in around]


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


class Pen:
    """Draws on one layer; `svg` is what was drawn. `unit` is a 720th of the frame's height, in pixels."""

    def __init__(self, light: Light, chance: Random, unit: float) -> None:
        self.light, self.chance, self.unit = light, chance, unit
        self.svg: list[str] = []
        self._names = 0

    def _colour(self, tone: Tone) -> str:
        return name(self.light.colour(tone) if isinstance(tone, float | int) else tone)

    def fill(self, points: Sequence[Point], tone: Tone, see: float = 1.0, *, smooth: bool = False) -> None:
        """Lay a tone; `see` below 1 lets through what is behind."""
        if smooth:
            points = spline(points, closed=True)
        seen = f' fill-opacity="{see:.2f}"' if see < 1 else ""
        self.svg.append(f'<path d="{_path(points)}" fill="{self._colour(tone)}"{seen}/>')

    def line(
        self, points: Sequence[Point], width: float = 2.0, tone: Tone = 0.03, see: float = 1.0, *,
        smooth: bool = False, closed: bool = False, shaky: float = 1.0,
    ) -> None:  # fmt: skip
        """Draw a line that begins and ends thinner; `width` in units."""
        if smooth:
            points = spline(points, closed=closed)
        points = self._shaken([*points, points[0]] if closed else points, shaky)
        if len(points) < 2:
            return
        left, right = [], []
        last = len(points) - 1
        lean = self.chance.uniform(0.25, 0.75)
        for at, (x, y) in enumerate(points):
            (ax, ay), (bx, by) = points[max(0, at - 1)], points[min(last, at + 1)]
            far = hypot(bx - ax, by - ay) or 1.0
            share = at / last
            swell = (
                0.72 + 0.4 * (1 - abs(share - lean)) if closed else 0.34 + 0.8 * sin(pi * min(1, share + 0.04)) ** 0.6
            )
            half = width * self.unit * max(0.3, swell) / 2
            nx, ny = -(by - ay) / far * half, (bx - ax) / far * half
            left.append((x + nx, y + ny))
            right.append((x - nx, y - ny))
        seen = f' fill-opacity="{see:.2f}"' if see < 1 else ""
        self.svg.append(
            f'<path d="{_path(left + right[::-1])}" fill="{self._colour(tone)}"{seen} fill-rule="nonzero"/>'
        )

    def _shaken(self, points: Sequence[Point], shaky: float) -> list[Point]:
        made: list[Point] = [points[0]]
        drift = 0.0
        much = 0.55 * self.unit * shaky
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            far = hypot(bx - ax, by - ay)
            pieces = max(1, min(40, int(far / (_STEP * self.unit))))
            turn = atan2(by - ay, bx - ax) + pi / 2
            for piece in range(1, pieces + 1):
                drift = 0.72 * drift + self.chance.uniform(-1, 1) * 0.5
                share = piece / pieces
                off = drift * much
                made.append((ax + (bx - ax) * share + cos(turn) * off, ay + (by - ay) * share + sin(turn) * off))
        return made

    def shape(
        self, points: Sequence[Point], tone: Tone, width: float = 2.0, ink: Tone = 0.03, *, smooth: bool = False,
        see: float = 1.0,
    ) -> None:  # fmt: skip
        """Lay a tone and draw its outline; straight sides overshoot a little at their corners, as in a sketch."""
        if smooth:
            points = spline(points, closed=True)
            self.fill(points, tone, see)
            self.line(points, width, ink, closed=True, shaky=0.6)
            return
        self.fill(points, tone, see)
        for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True):
            far = hypot(bx - ax, by - ay) or 1.0
            over = min(4 * self.unit, far * 0.06) / far
            dx, dy = (bx - ax) * over, (by - ay) * over
            self.line([(ax - dx, ay - dy), (bx + dx, by + dy)], width, ink)

    def hatch(self, points: Sequence[Point], gap: float = 9, turn: float = 52, width: float = 1.1, tone: Tone = 0.05,
              see: float = 0.5) -> None:  # fmt: skip
        """Fill a shape with slanted strokes; `gap` in units."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        if box[2] - box[0] < gap * self.unit or box[3] - box[1] < 1:
            return
        self._names += 1
        mark = f"h{id(self) % 99991}-{self._names}"
        self.svg.append(f'<clipPath id="{mark}"><path d="{_path(points)}"/></clipPath><g clip-path="url(#{mark})">')
        slope = 1 / max(0.2, abs(sin(turn * pi / 180))) * cos(turn * pi / 180)
        tall = box[3] - box[1]
        x = box[0] - tall * abs(slope)
        while x < box[2] + tall * abs(slope):
            jump = self.chance.uniform(-1.5, 1.5) * self.unit
            self.line([(x + jump, box[3]), (x + tall * slope + jump, box[1])], width, tone, see, shaky=0.7)
            x += gap * self.unit * self.chance.uniform(0.8, 1.25)
        self.svg.append("</g>")

    def fade(
        self, box: tuple[float, float, float, float], top: Tone, bottom: Tone, see: tuple[float, float] = (1, 1)
    ) -> None:
        """Fill a box (left, top, right, bottom) from one tone above to another below."""
        self._gradient("linearGradient", 'x1="0" y1="0" x2="0" y2="1"', (top, bottom), see, box)

    def glow(self, at: Point, radius: float, tone: Tone, see: float = 0.8) -> None:
        """Lay a soft round light."""
        box = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
        self._gradient("radialGradient", "", (tone, tone), (see, 0), box)

    def _gradient(self, kind: str, how: str, tones: tuple[Tone, Tone], see: tuple[float, float],
                  box: tuple[float, float, float, float]) -> None:  # fmt: skip
        self._names += 1
        mark = f"g{len(self.svg)}-{self._names}"
        stops = "".join(
            f'<stop offset="{at}" stop-color="{self._colour(tone)}" stop-opacity="{share:.2f}"/>'
            for at, tone, share in zip((0, 1), tones, see, strict=True)
        )
        left, top, right, bottom = box
        self.svg.append(
            f'<{kind} id="{mark}" {how}>{stops}</{kind}><rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{bottom - top:.1f}" fill="url(#{mark})"/>'
        )
