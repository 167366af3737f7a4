"""What is overhead and what falls from it: sky, clouds, sun and moon, hills far away, rain, snow and fog."""

import itertools
from math import exp
from random import Random

from drawing.ink import Pen, ellipse, spline
from drawing.lens import Lens
from drawing.tone import LAMP


def far(light_low: float, value: float, distance: float, haze: float = 90.0) -> float:
    """Return a value as the air between makes it look."""
    share = 1 - exp(-distance / haze)
    return value + (light_low - value) * share


def sky(pen: Pen, lens: Lens, hour: str, weather: str, chance: Random) -> None:
    """Draw the sky down to the horizon and a little below."""
    left, top, right, _ = lens.edges
    base = max(lens.horizon, 0.0) + 4
    high, low = pen.light.sky
    pen.fade((left, min(top, base - lens.height), right, base), high, low)
    if weather in {"clear", "wind"} and hour in {"night", "space"}:
        for _ in range(260):
            x, y = chance.uniform(left, right), chance.uniform(top, base)
            pen.fill(
                ellipse((x, y), *(chance.choice((0.7, 0.9, 1.5)) * pen.unit,) * 2, 0, 6),
                0.96,
                chance.uniform(0.35, 0.95),
            )
    if weather == "clear":
        if hour == "night":
            at = (lens.width * 0.77, base * 0.24)
            pen.glow(at, 150 * pen.unit, 0.9, 0.35)
            pen.fill(ellipse(at, 34 * pen.unit, 34 * pen.unit, 0, 28), 0.97)
            pen.fill(
                ellipse((at[0] + 13 * pen.unit, at[1] - 6 * pen.unit), 30 * pen.unit, 30 * pen.unit, 0, 28),
                high + 0.05,
                0.9,
            )
        elif hour in {"dusk", "dawn"}:
            at = (lens.width * 0.66, base - 34 * pen.unit)
            pen.glow(at, 330 * pen.unit, (255, 236, 190), 0.75)
            pen.fill(ellipse(at, 46 * pen.unit, 46 * pen.unit, 0, 30), (255, 246, 220))
    if hour != "space":
        clouds(pen, lens, weather, chance, base)


def clouds(pen: Pen, lens: Lens, weather: str, chance: Random, base: float) -> None:
    """Draw clouds as broad strokes with a darker belly, flatter towards the horizon."""
    left, _, right, _ = lens.edges
    high, low = pen.light.sky
    many = {"clear": 5, "wind": 8, "fog": 0}.get(weather, 13)
    for _ in range(many):
        height = chance.uniform(-0.1, 0.72)
        y = base * height
        wide = chance.uniform(150, 360) * pen.unit * (1.15 - max(0, height) * 0.6)
        thick = wide * chance.uniform(0.10, 0.17) * (1.1 - max(0, height) * 0.5)
        x = chance.uniform(left, right)
        value = low + (0.04 if weather in {"clear", "wind"} else -0.16 - 0.12 * chance.random())
        top = [
            (x + wide * (n / 7 - 0.5), y - thick * (0.2 + 0.9 * chance.random()) * (1 - abs(n / 7 - 0.5) * 1.5))
            for n in range(8)
        ]
        lower = [(x + wide * 0.52, y + thick * 0.2), (x, y + thick * 0.34), (x - wide * 0.54, y + thick * 0.18)]
        pen.fill([*top, *lower], value, 0.6, smooth=True)
        if weather != "clear":
            pen.fill(
                [
                    (x - wide * 0.45, y + thick * 0.1),
                    (x, y - thick * 0.05),
                    (x + wide * 0.45, y + thick * 0.1),
                    (x, y + thick * 0.32),
                ],
                value - 0.12,
                0.45,
                smooth=True,
            )
        pen.line(top[1:-1], 1.0, high * 0.5 if weather != "clear" else low - 0.28, 0.5, smooth=True)


def ridge(
    pen: Pen,
    lens: Lens,
    rise: float,
    rough: float,
    value: float,
    chance: Random,
    *,
    sharp: bool = False,
    line: float = 1.4,
) -> list[tuple[float, float]]:
    """Draw a line of hills; `rise` and `rough` as shares of the frame's height. Return its upper edge."""
    left, _, right, bottom = lens.edges
    step = lens.width / (9 if sharp else 6)
    points, x, last = [], left, 0.0
    while x < right + step:
        last = 0.35 * last + chance.uniform(-1, 1)
        points.append((x, lens.horizon - lens.height * (rise + rough * last)))
        x += step * chance.uniform(0.6, 1.3)
    if sharp:
        jagged = []
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            jagged += [(ax, ay), ((ax * 2 + bx) / 3 + chance.uniform(-8, 8) * pen.unit, (ay * 2 + by) / 3 + chance.uniform(-14, 14) * pen.unit),
                       ((ax + bx * 2) / 3, (ay + by * 2) / 3 + chance.uniform(-14, 14) * pen.unit)]  # fmt: skip
        edge = jagged
    else:
        edge = spline(points)
    pen.fill([*edge, (right, bottom), (left, bottom)], value)
    pen.line(edge, line, max(0.03, value - 0.4), 0.85)
    if sharp:
        for (ax, ay), (bx, by) in zip(edge[::3], edge[1::3], strict=False):
            if ay < by:
                pen.fill(
                    [
                        (ax, ay),
                        (bx, by + 12 * pen.unit),
                        (ax + 26 * pen.unit, ay + 130 * pen.unit),
                        (ax - 6 * pen.unit, ay + 60 * pen.unit),
                    ],
                    value - 0.13,
                    0.7,
                )
    return edge


def ground(pen: Pen, lens: Lens, value: float, chance: Random, *, rough: float = 1.0, tone: float = -0.16) -> None:
    """Draw open ground from the horizon on, lighter far away, with strokes that lie flat."""
    left, _, right, bottom = lens.edges
    top = max(lens.horizon, lens.edges[1])
    low = pen.light.sky[1]
    pen.fade(
        (left, top, right, max(bottom, top + 10)),
        value + (low - value) * 0.45 if lens.horizon > -lens.height * 0.2 else value,
        value + tone * 0.6,
    )
    for _ in range(int(46 * rough)):
        z = 2.2 / max(0.02, chance.random() ** 1.4)
        x, y = lens.at(chance.uniform(-z * 1.4, z * 1.4), 0, z)
        long = chance.uniform(20, 90) * pen.unit * min(1.2, 5 / z + 0.12)
        pen.line([(x, y), (x + long, y + chance.uniform(-2, 2) * pen.unit)], min(2.2, 6 / z + 0.7), value - 0.3, 0.4)


def rain(pen: Pen, lens: Lens, chance: Random, *, near: bool) -> None:
    """Draw rain before everything."""
    left, top, right, bottom = lens.edges
    for _ in range(190 if near else 260):
        x, y = chance.uniform(left, right), chance.uniform(top, bottom)
        long = chance.uniform(40, 95) * pen.unit * (1.0 if near else 0.5)
        pen.line([(x, y), (x - long * 0.24, y + long)], 1.6 if near else 0.9, 0.98, 0.42 if near else 0.3, shaky=0.1)


def snow(pen: Pen, lens: Lens, chance: Random) -> None:
    """Draw flakes of several sizes."""
    left, top, right, bottom = lens.edges
    for _ in range(420):
        size = chance.choice((1.2, 1.8, 2.4, 4.2)) * pen.unit
        pen.fill(
            ellipse((chance.uniform(left, right), chance.uniform(top, bottom)), size, size, 0, 8),
            (252, 252, 252),
            chance.uniform(0.55, 0.95),
        )


def fog(pen: Pen, lens: Lens, chance: Random, thick: float = 0.46) -> None:
    """Draw banks of fog around the horizon."""
    left, _, right, _ = lens.edges
    low = pen.light.sky[1]
    middle = lens.horizon
    reach = lens.height * 0.42
    pen.fade((left, middle - reach, right, middle), low, low, (0.0, thick))
    pen.fade((left, middle, right, middle + reach * 1.3), low, low, (thick, 0.12))
    for _ in range(6):
        x, y = chance.uniform(left, right), middle + chance.uniform(-0.5, 0.9) * reach
        pen.fill(
            ellipse((x, y), chance.uniform(160, 330) * pen.unit, chance.uniform(12, 26) * pen.unit, 0, 20), low, 0.3
        )


def lightning(pen: Pen, lens: Lens, chance: Random) -> None:
    """Draw one bolt."""
    x, y = lens.width * chance.uniform(0.62, 0.85), -20.0
    points = [(x, y)]
    while y < lens.horizon - 30 * pen.unit:
        x, y = x + chance.uniform(-34, 30) * pen.unit, y + chance.uniform(26, 60) * pen.unit
        points.append((x, y))
    pen.glow(points[len(points) // 2], 260 * pen.unit, (250, 250, 255), 0.5)
    pen.line(points, 4.5, (255, 255, 255), shaky=0.2)
    middle = points[len(points) // 2]
    pen.line(
        [
            middle,
            (middle[0] + 40 * pen.unit, middle[1] + 50 * pen.unit),
            (middle[0] + 50 * pen.unit, middle[1] + 100 * pen.unit),
        ],
        2.4,
        (255, 255, 255),
    )


def lamp_light(pen: Pen, at: tuple[float, float], size: float, see: float = 0.7) -> None:
    """Draw a lit lamp: a bright middle and its glow."""
    pen.glow(at, size * 7, LAMP, see * 0.6)
    pen.glow(at, size * 2.4, (255, 240, 205), see)
    pen.fill(ellipse(at, size * 0.6, size * 0.6, 0, 12), (255, 248, 228))
