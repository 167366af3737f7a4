"""Trees, bushes, rocks and grass, as masses with a few lines, standing in the scene."""

from math import cos, pi, sin
from random import Random

from drawing.ink import Pen, ellipse, spline
from drawing.lens import Lens


def leafy(pen: Pen, lens: Lens, at: tuple[float, float], tall: float, value: float, chance: Random) -> None:
    """Draw a tree with a crown; `at` is x and z in metres."""
    x, z = at
    px = lens.scale(z)
    foot, top = lens.at(x, 0, z), lens.at(x, tall, z)
    trunk = 0.035 * tall * px
    fork = foot[1] - 0.38 * tall * px
    pen.shape([(foot[0] - trunk * 1.4, foot[1]), (foot[0] - trunk * 0.8, fork), (foot[0] - trunk * 2.6, fork - 0.2 * tall * px),
               (foot[0], fork - 0.06 * tall * px), (foot[0] + trunk * 2.8, fork - 0.22 * tall * px), (foot[0] + trunk * 0.8, fork), (foot[0] + trunk * 1.5, foot[1])],
              max(0.06, value - 0.3), 1.4)  # fmt: skip
    middle = (top[0], top[1] + 0.34 * tall * px)
    r = 0.36 * tall * px
    rim = []
    for n in range(15):
        a = 2 * pi * n / 15
        b = r * chance.uniform(0.84, 1.14)
        rim.append((middle[0] + b * cos(a) * 1.06, middle[1] + b * sin(a) * 0.9))
    edge = spline(rim, closed=True, steps=4)
    pen.fill(edge, value)
    pen.fill(
        spline(
            [(p[0] * 0.62 + middle[0] * 0.38 - r * 0.26, p[1] * 0.62 + middle[1] * 0.38 + r * 0.24) for p in rim],
            closed=True,
            steps=4,
        ),
        value - 0.13,
        0.75,
    )
    for a in range(0, len(edge) - 6, 8):
        pen.line(edge[a : a + 7], 1.5, max(0.04, value - 0.42), smooth=False)
    for _ in range(9):
        a, b = chance.uniform(0, 2 * pi), chance.uniform(0.2, 0.85) * r
        c = (middle[0] + b * cos(a), middle[1] + b * sin(a) * 0.85)
        s = 0.07 * r
        pen.line(
            [(c[0] - s, c[1]), (c[0] - s * 0.3, c[1] + s * 0.8), (c[0] + s * 0.4, c[1]), (c[0] + s, c[1] + s * 0.7)],
            1.0,
            max(0.04, value - 0.4),
            0.7,
            smooth=True,
        )


def fir(pen: Pen, lens: Lens, at: tuple[float, float], tall: float, value: float, chance: Random) -> None:
    """Draw a fir."""
    x, z = at
    px = lens.scale(z)
    foot = lens.at(x, 0, z)
    wide = 0.2 * tall * px
    pen.fill(
        [
            (foot[0] - wide * 0.09, foot[1]),
            (foot[0] - wide * 0.06, foot[1] - tall * px * 0.9),
            (foot[0] + wide * 0.06, foot[1] - tall * px * 0.9),
            (foot[0] + wide * 0.09, foot[1]),
        ],
        max(0.05, value - 0.26),
    )
    left, right = [], []
    for n in range(8):
        share = n / 7
        y = foot[1] - tall * px * (0.1 + 0.9 * share)
        w = wide * (1 - share) * chance.uniform(0.9, 1.15)
        left += [(foot[0] - w, y + 0.012 * tall * px), (foot[0] - w * 0.55, y - 0.045 * tall * px)]
        right += [
            (foot[0] + w * chance.uniform(0.88, 1.1), y + 0.012 * tall * px),
            (foot[0] + w * 0.55, y - 0.045 * tall * px),
        ]
    outline = left + right[::-1]
    pen.fill(outline, value)
    pen.fill([*left, (foot[0] - wide * 0.1, foot[1] - tall * px * 0.1)], value - 0.1, 0.7)
    pen.line(left, 1.2, max(0.04, value - 0.4), 0.9)
    pen.line(right, 1.2, max(0.04, value - 0.4), 0.9)


def bare(pen: Pen, lens: Lens, at: tuple[float, float], tall: float, value: float, chance: Random) -> None:
    """Draw a tall straight trunk that leaves the frame, for the inside of a wood."""
    x, z = at
    px = lens.scale(z)
    foot = lens.at(x, 0, z)
    w = 0.026 * tall * px * chance.uniform(0.8, 1.3)
    top = foot[1] - tall * px
    lean = chance.uniform(-0.02, 0.02) * tall * px
    trunk = [
        (foot[0] - w * 1.6, foot[1] + w * 0.2),
        (foot[0] - w, foot[1] - w * 2),
        (foot[0] - w * 0.6 + lean, top),
        (foot[0] + w * 0.6 + lean, top),
        (foot[0] + w, foot[1] - w * 2),
        (foot[0] + w * 1.7, foot[1] + w * 0.2),
    ]
    pen.fill(trunk, value)
    pen.fill(
        [trunk[0], trunk[1], trunk[2], (trunk[2][0] + w * 0.5, top), (foot[0] - w * 0.3, foot[1])], value - 0.1, 0.7
    )
    pen.line(trunk[:3], 1.5, max(0.03, value - 0.4))
    pen.line(trunk[3:], 1.5, max(0.03, value - 0.4))
    for n in range(7):
        y = foot[1] - tall * px * (0.06 + 0.1 * n + 0.03 * chance.random())
        pen.line([(foot[0] - w * 0.5, y), (foot[0] - w * 0.4, y - w * 1.4)], 0.8, max(0.03, value - 0.35), 0.6)
    for n in range(3):
        y = foot[1] - tall * px * (0.34 + 0.16 * n)
        side = chance.choice((-1, 1))
        pen.line(
            [(foot[0] + side * w * 0.7, y), (foot[0] + side * w * 4, y - w * 2), (foot[0] + side * w * 7, y - w * 2.6)],
            1.8,
            max(0.04, value - 0.2),
            smooth=True,
        )


def palm(pen: Pen, lens: Lens, at: tuple[float, float], tall: float, value: float, chance: Random) -> None:
    """Draw a palm."""
    x, z = at
    px = lens.scale(z)
    foot = lens.at(x, 0, z)
    top = (foot[0] + 0.14 * tall * px, foot[1] - tall * px)
    pen.line(
        [foot, (foot[0] + 0.03 * tall * px, foot[1] - 0.5 * tall * px), top],
        9 * min(1.6, px / 60 / pen.unit) + 1,
        max(0.05, value - 0.25),
        smooth=True,
    )
    for n in range(9):
        a = -pi / 2 + (n - 4) * 0.5
        r = 0.34 * tall * px
        tip = (top[0] + r * cos(a), top[1] + r * sin(a) * 0.6 + 0.14 * tall * px * abs(n - 4) / 4)
        mid = ((top[0] + tip[0]) / 2, (top[1] + tip[1]) / 2 - 0.08 * tall * px)
        low = (mid[0], mid[1] + 0.055 * tall * px)
        pen.fill(spline([top, mid, tip, low], closed=True, steps=4), value - 0.05 * (n % 2))
        pen.line([top, mid, tip], 1.2, max(0.04, value - 0.4), smooth=True)
    del chance


def bush(pen: Pen, lens: Lens, at: tuple[float, float], wide: float, value: float, chance: Random) -> None:
    """Draw a low round bush."""
    px = lens.scale(at[1])
    foot = lens.at(at[0], 0, at[1])
    w, h = wide * px, wide * px * 0.55
    rim = [(foot[0] - w, foot[1] + h * 0.08)]
    rim += [
        (foot[0] - w + 2 * w * n / 6, foot[1] - h * sin(pi * n / 6) * chance.uniform(0.8, 1.2) - h * 0.1)
        for n in range(1, 6)
    ]
    rim.append((foot[0] + w, foot[1] + h * 0.08))
    pen.fill(spline(rim), value)
    pen.line(rim, 1.4, max(0.04, value - 0.4), smooth=True)


def rock(pen: Pen, lens: Lens, at: tuple[float, float], wide: float, value: float, chance: Random) -> None:
    """Draw a boulder with a dark side."""
    px = lens.scale(at[1])
    x, y = lens.at(at[0], 0, at[1])
    w, h = wide * px, wide * px * chance.uniform(0.5, 0.8)
    top = [
        (x - w, y + h * 0.08),
        (x - w * 0.7, y - h * 0.6),
        (x - w * 0.1, y - h),
        (x + w * 0.55, y - h * 0.72),
        (x + w, y + h * 0.1),
    ]
    pen.shape([*top, (x + w * 0.1, y + h * 0.2)], value, 1.6)
    pen.fill([top[0], top[1], (x - w * 0.3, y - h * 0.35), (x - w * 0.2, y + h * 0.16)], value - 0.16, 0.8)
    pen.line([top[2], (x - w * 0.25, y - h * 0.35), (x - w * 0.1, y)], 1.2, value - 0.35)


def grass(pen: Pen, lens: Lens, chance: Random, value: float, *, many: int = 60, near: float = 1.6) -> None:
    """Draw tufts, larger towards the camera."""
    for _ in range(many):
        z = near / max(0.05, chance.random() ** 0.8)
        x, y = lens.at(chance.uniform(-z, z) * 1.1, 0, z)
        h = chance.uniform(0.10, 0.24) * lens.scale(z)
        h = min(h, lens.height * 0.12)
        for n in range(3):
            pen.line(
                [(x + n * h * 0.12, y), (x + n * h * 0.2 - h * 0.1, y - h * 0.7), (x + (n - 1) * h * 0.4, y - h)],
                min(2.0, 5 / z + 0.5),
                value,
                0.75,
                smooth=True,
            )


def puddle(pen: Pen, lens: Lens, at: tuple[float, float], wide: float) -> None:
    """Draw a puddle that mirrors the sky."""
    x, y = lens.at(at[0], 0, at[1])
    px = lens.scale(at[1])
    flat = max(0.02, min(0.3, lens.tall / at[1])) * 0.7
    pen.fill(ellipse((x, y), wide * px, wide * px * flat), pen.light.sky[1], 0.6)
    pen.line(ellipse((x, y), wide * px, wide * px * flat)[:11], 1.0, 0.2, 0.5)
