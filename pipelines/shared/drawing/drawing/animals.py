"""Animals, looking to the right."""

from drawing.easel import Easel
from drawing.ink import Tone, ellipse
from drawing.tone import mix


def _beast(
    e: Easel, tone: Tone, *, high: float, thick: float, neck: tuple[float, float], head: float, tail: str, legs: float
) -> None:
    """A four-legged animal that stands; `neck` is where its head is."""
    e.shadow(0.42)
    dark = mix(e.pen.light.colour(0.04), tone if isinstance(tone, tuple) else e.pen.light.colour(tone), 0.66)
    back, belly = high, high - thick
    for x, bend in ((-0.27, -0.03), (0.2, 0.02)):
        e.shape(
            [
                (x - 0.04, belly + 0.06),
                (x - 0.03 + bend, belly * 0.5),
                (x - 0.03, 0.0),
                (x + 0.03, 0.0),
                (x + 0.02 + bend, belly * 0.5),
                (x + 0.05, belly + 0.05),
            ],
            dark,
            0.9,
        )
    e.shape(
        [
            (-0.36, back - 0.03),
            (-0.2, back + 0.01),
            (0.05, back - 0.02),
            (0.22, back),
            (neck[0] - 0.07, neck[1] - 0.02),
            (neck[0] + 0.03, neck[1] - head * 0.5),
            (0.3, back - thick * 0.6),
            (0.24, belly + 0.01),
            (-0.05, belly - 0.01),
            (-0.3, belly + 0.05),
            (-0.39, back - thick * 0.55),
        ],
        tone,
        1.15,
    )
    x, y = neck
    e.shape(
        [
            (x - 0.07, y + 0.02),
            (x + 0.0, y + 0.055),
            (x + head * 0.6, y - 0.01),
            (x + head, y - 0.06),
            (x + head * 0.92, y - 0.11),
            (x + head * 0.3, y - 0.095),
            (x - 0.02, y - 0.09),
        ],
        tone,
        1.1,
    )
    for at in (-0.03, 0.01):
        e.shape([(x + at - 0.02, y + 0.03), (x + at, y + 0.1), (x + at + 0.03, y + 0.035)], tone, 0.9)
    e.fill(ellipse((x + head * 0.36, y - 0.005), 0.012, 0.013, 0, 8), 0.02)
    for at, bend in ((-0.34, -0.04), (0.27, 0.02)):
        e.shape(
            [
                (at - 0.06, belly + 0.09),
                (at - 0.035 + bend, belly * 0.5),
                (at - 0.032, 0.0),
                (at + 0.036, 0.0),
                (at + 0.022 + bend, belly * 0.5),
                (at + 0.06, belly + 0.06),
            ],
            tone,
            1.0,
        )
    if tail == "long":
        e.shape(
            [
                (-0.37, back - 0.02),
                (-0.46, back - 0.12),
                (-0.48, back - thick - 0.14),
                (-0.44, back - thick - 0.1),
                (-0.41, back - 0.14),
            ],
            dark,
            0.9,
        )
    elif tail == "up":
        e.line([(-0.36, back - 0.03), (-0.46, back + 0.06), (-0.44, back + 0.2)], 4.5, tone)
    elif tail == "thin":
        e.line([(-0.37, back - 0.04), (-0.43, back - 0.2), (-0.42, back - 0.36)], 1.6)
    else:
        e.line([(-0.37, back - 0.04), (-0.41, back - 0.1)], 3)
    del legs


def horse(e: Easel) -> None:
    """A horse."""
    _beast(
        e,
        e.own(e.pen.light.own((122, 88, 66))),
        high=0.64,
        thick=0.27,
        neck=(0.4, 0.86),
        head=0.22,
        tail="long",
        legs=0.4,
    )
    e.fill([(0.34, 0.9), (0.2, 0.66), (0.26, 0.66), (0.4, 0.86)], 0.1, smooth=True)


def dog(e: Easel) -> None:
    """A dog."""
    _beast(
        e,
        e.own(e.pen.light.own((150, 116, 82))),
        high=0.52,
        thick=0.22,
        neck=(0.36, 0.66),
        head=0.2,
        tail="up",
        legs=0.3,
    )


def cat(e: Easel) -> None:
    """A cat that sits."""
    tone = e.own(e.pen.light.own((96, 90, 92)))
    e.shadow(0.3)
    e.shape([(-0.2, 0.0), (-0.27, 0.2), (-0.14, 0.48), (0.06, 0.6), (0.16, 0.5), (0.16, 0.2), (0.2, 0.0)], tone, 1.1)
    e.shape([(0.0, 0.6), (0.0, 0.84), (0.08, 0.76), (0.18, 0.76), (0.25, 0.84), (0.27, 0.62), (0.14, 0.53)], tone, 1.1)
    for x in (0.1, 0.2):
        e.fill(ellipse((x, 0.67), 0.02, 0.03, 0, 8), (220, 200, 90))
    e.line([(-0.22, 0.04), (-0.44, 0.06), (-0.46, 0.24)], 5, tone)


def cow(e: Easel) -> None:
    """A cow."""
    _beast(e, e.own(0.92), high=0.6, thick=0.32, neck=(0.38, 0.64), head=0.2, tail="thin", legs=0.3)
    for x, y, r in ((-0.2, 0.5, 0.08), (0.08, 0.46, 0.07), (0.24, 0.54, 0.04)):
        e.fill(ellipse((x, y), r, r * 0.7), 0.14)


def deer(e: Easel) -> None:
    """A stag."""
    _beast(
        e,
        e.own(e.pen.light.own((156, 118, 84))),
        high=0.62,
        thick=0.22,
        neck=(0.36, 0.86),
        head=0.17,
        tail="short",
        legs=0.4,
    )
    for side in (0.0, 0.06):
        e.line([(0.36 + side, 0.92), (0.3 + side, 1.06), (0.36 + side, 1.2)], 1.8)
        e.line([(0.31 + side, 1.05), (0.42 + side, 1.14)], 1.6)


def wolf(e: Easel) -> None:
    """A wolf."""
    _beast(e, e.own(0.4), high=0.52, thick=0.22, neck=(0.36, 0.6), head=0.22, tail="long", legs=0.3)


def bear(e: Easel) -> None:
    """A bear."""
    _beast(
        e,
        e.own(e.pen.light.own((92, 70, 56))),
        high=0.62,
        thick=0.4,
        neck=(0.36, 0.58),
        head=0.17,
        tail="short",
        legs=0.24,
    )


def elephant(e: Easel) -> None:
    """An elephant."""
    tone = e.own(0.52)
    _beast(e, tone, high=0.74, thick=0.46, neck=(0.36, 0.68), head=0.14, tail="thin", legs=0.3)
    e.shape([(0.42, 0.66), (0.52, 0.5), (0.5, 0.2), (0.46, 0.2), (0.45, 0.46), (0.36, 0.54)], tone)
    e.shape([(0.3, 0.76), (0.18, 0.7), (0.2, 0.48), (0.32, 0.5), (0.36, 0.66)], 0.44)
    e.line([(0.42, 0.54), (0.5, 0.46), (0.56, 0.48)], 3, 0.96)


def bird(e: Easel) -> None:
    """A bird in flight."""
    e.shape([(-0.06, 0.1), (-0.5, 0.36), (-0.26, 0.12), (-0.08, 0.04)], e.own(0.3))
    e.shape([(0.0, 0.1), (0.34, 0.42), (0.22, 0.14), (0.06, 0.04)], e.own(0.36))
    e.shape([(-0.2, 0.04), (-0.02, 0.11), (0.16, 0.09), (0.22, 0.06), (0.1, 0.03), (-0.06, 0.02)], e.own(0.3))


def fish(e: Easel) -> None:
    """A fish."""
    e.shape(
        [
            (0.5, 0.2),
            (0.2, 0.38),
            (-0.2, 0.32),
            (-0.36, 0.22),
            (-0.5, 0.36),
            (-0.46, 0.2),
            (-0.5, 0.06),
            (-0.36, 0.18),
            (-0.2, 0.1),
            (0.2, 0.04),
        ],
        e.own(0.6),
    )
    e.fill(ellipse((0.32, 0.24), 0.02, 0.02, 0, 8), 0.02)
