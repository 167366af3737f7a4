"""Things that stand around or are held."""

from drawing.easel import Easel
from drawing.ink import ellipse
from drawing.tone import LAMP


def robot(e: Easel) -> None:
    """A robot; one long is its height."""
    e.shadow(0.2)
    tone = e.own(0.68)
    for x in (-0.1, 0.1):
        e.shape([(x - 0.05, 0.0), (x - 0.04, 0.36), (x + 0.04, 0.36), (x + 0.05, 0.0)], 0.5, smooth=False)
        e.shape([(x - 0.08, 0.0), (x - 0.06, 0.05), (x + 0.06, 0.05), (x + 0.08, 0.0)], 0.3, smooth=False)
    e.shape([(-0.18, 0.34), (-0.21, 0.7), (0.21, 0.7), (0.18, 0.34)], tone, 1.3, smooth=False)
    for s in (-1, 1):
        e.shape([(s * 0.21, 0.68), (s * 0.29, 0.66), (s * 0.31, 0.42), (s * 0.24, 0.42)], 0.52, smooth=False)
        e.round(s * 0.275, 0.37, 0.045, 0.4)
    e.shape([(-0.13, 0.74), (-0.13, 0.95), (0.13, 0.95), (0.13, 0.74)], tone, 1.3, smooth=False)
    for x in (-0.055, 0.055):
        e.pen.glow(e.p(x, 0.86), 0.06 * e.px, (120, 220, 255), 0.9)
        e.round(x, 0.86, 0.03, (190, 240, 255))
    e.line([(-0.06, 0.785), (0.06, 0.785)], 1.6)
    e.line([(0, 0.95), (0, 1.0)], 1.6)
    e.fill([(-0.1, 0.5), (-0.1, 0.62), (0.1, 0.62), (0.1, 0.5)], 0.4)


def lighthouse(e: Easel) -> None:
    """A lighthouse; one long is its height."""
    e.shape([(-0.5, -0.02), (-0.34, 0.06), (-0.1, 0.1), (0.14, 0.09), (0.36, 0.04), (0.56, -0.03)], 0.3)
    e.shape([(-0.1, 0.08), (-0.062, 0.8), (0.062, 0.8), (0.1, 0.08)], 0.96, 1.3, smooth=False)
    for n in range(3):
        y = 0.18 + n * 0.22
        w = 0.1 - 0.038 * (y - 0.08) / 0.72
        w2 = 0.1 - 0.038 * (y + 0.02) / 0.72
        e.fill([(-w, y), (-w2, y + 0.11), (w2, y + 0.11), (w, y)], e.own(e.pen.light.own((178, 62, 54))))
    e.fill([(0.02, 0.08), (0.02, 0.8), (0.062, 0.8), (0.1, 0.08)], 0.1, 0.25)
    e.shape([(-0.085, 0.8), (-0.085, 0.82), (0.085, 0.82), (0.085, 0.8)], 0.2, smooth=False)
    e.shape([(-0.05, 0.82), (-0.05, 0.9), (0.05, 0.9), (0.05, 0.82)], (255, 236, 170), smooth=False)
    e.shape([(-0.065, 0.9), (0, 0.98), (0.065, 0.9)], 0.24, smooth=False)
    if e.pen.light.lamps:
        e.pen.glow(e.p(0, 0.86), 0.4 * e.px, LAMP, 0.85)
        for s in (-1, 1):
            e.pen.fill([e.p(0, 0.87), e.p(s * 6.0, 1.3), e.p(s * 6.0, 0.4), e.p(0, 0.85)], (255, 240, 200), 0.16)


def campfire(e: Easel) -> None:
    """A fire."""
    e.pen.glow(e.p(0, 0.3), 1.9 * e.px, (255, 170, 70), 0.6)
    for a, b in (((-0.4, 0.0), (0.3, 0.14)), ((0.4, 0.0), (-0.3, 0.14))):
        e.line([a, b], 7, 0.14)
    e.shape(
        [(-0.26, 0.08), (-0.3, 0.36), (-0.14, 0.3), (-0.06, 0.84), (0.08, 0.4), (0.2, 0.56), (0.27, 0.2), (0.2, 0.06)],
        (240, 130, 50),
    )
    e.shape([(-0.14, 0.08), (-0.12, 0.3), (0.0, 0.5), (0.1, 0.26), (0.12, 0.08)], (255, 226, 130))


def fire(e: Easel) -> None:
    """Flames and smoke; one long is their height."""
    e.pen.glow(e.p(0, 0.4), 1.4 * e.px, (255, 150, 60), 0.6)
    for x, y, r in ((-0.1, 0.9, 0.2), (0.1, 1.1, 0.26), (-0.05, 1.34, 0.32)):
        e.fill(ellipse((x, y), r, r * 0.7), 0.2, 0.5)
    campfire(Easel(e.pen, e.at, e.px * 1.1))


def tent(e: Easel) -> None:
    """A tent."""
    e.shape(
        [(-0.5, 0.0), (-0.1, 0.56), (0.3, 0.6), (0.5, 0.06)], e.own(e.pen.light.own((150, 130, 88))), 1.2, smooth=False
    )
    e.shape([(-0.5, 0.0), (-0.1, 0.56), (0.2, 0.0)], e.own(e.pen.light.own((176, 154, 104))), 1.2, smooth=False)
    e.shape([(-0.24, 0.0), (-0.1, 0.5), (0.02, 0.0)], 0.12, smooth=False)


def table(e: Easel) -> None:
    """A table from the side."""
    for x in (-0.42, 0.42):
        e.line([(x, 0), (x, 0.42)], 4)
    e.shape([(-0.5, 0.42), (-0.5, 0.47), (0.5, 0.47), (0.5, 0.42)], e.own(0.5), smooth=False)


def sign(e: Easel) -> None:
    """A sign on a post."""
    e.line([(0, 0), (0, 0.7)], 5)
    e.shape([(-0.4, 0.6), (-0.4, 0.95), (0.4, 0.95), (0.4, 0.6)], e.own(0.86), 1.2, smooth=False)
    for y in (0.84, 0.72):
        e.line([(-0.28, y), (0.28, y)], 1.4, 0.3)


def crate(e: Easel) -> None:
    """A crate."""
    e.shape([(-0.5, 0.0), (-0.5, 0.8), (0.5, 0.8), (0.5, 0.0)], e.own(0.6), 1.2, smooth=False)
    e.line([(-0.5, 0.0), (0.5, 0.8)], 1.2)
    e.line([(-0.5, 0.8), (0.5, 0.0)], 1.2)


def suitcase(e: Easel) -> None:
    """A suitcase."""
    e.shape(
        [(-0.5, 0.0), (-0.5, 0.62), (0.5, 0.62), (0.5, 0.0)], e.own(e.pen.light.own((134, 90, 60))), 1.2, smooth=False
    )
    e.line([(-0.14, 0.62), (-0.12, 0.76), (0.12, 0.76), (0.14, 0.62)], 2.4)
    e.line([(-0.5, 0.32), (0.5, 0.32)], 1)


def phone(e: Easel) -> None:
    """A telephone, lit."""
    e.shape([(-0.24, 0.0), (-0.24, 0.95), (0.24, 0.95), (0.24, 0.0)], 0.08, 1.2, smooth=False)
    e.fill([(-0.2, 0.08), (-0.2, 0.88), (0.2, 0.88), (0.2, 0.08)], (176, 210, 230))


def letter(e: Easel) -> None:
    """A sheet with writing."""
    e.shape([(-0.36, 0.0), (-0.4, 0.9), (0.32, 0.96), (0.38, 0.06)], 0.98, 1.1, smooth=False)
    for n in range(6):
        e.line([(-0.28, 0.78 - n * 0.11), (0.24 - 0.2 * (n == 5), 0.81 - n * 0.11)], 1, 0.3)


def cup(e: Easel) -> None:
    """A cup."""
    e.shape([(-0.3, 0.56), (-0.24, 0.04), (0.2, 0.04), (0.28, 0.56)], e.own(0.92), smooth=False)
    e.line([(0.26, 0.46), (0.46, 0.42), (0.38, 0.18), (0.22, 0.18)], 3)
    e.line([(-0.08, 0.64), (-0.02, 0.76), (-0.1, 0.92)], 1.2, 0.4)


def gun(e: Easel) -> None:
    """A pistol."""
    e.shape([(-0.3, 0.5), (0.5, 0.5), (0.5, 0.64), (-0.36, 0.64)], 0.16, smooth=False)
    e.shape([(-0.34, 0.62), (-0.44, 0.1), (-0.2, 0.1), (-0.12, 0.5)], 0.22, smooth=False)


def book(e: Easel) -> None:
    """An open book."""
    e.shape([(-0.5, 0.08), (-0.46, 0.4), (0.0, 0.32), (0.0, 0.0)], 0.96, smooth=False)
    e.shape([(0.5, 0.08), (0.46, 0.4), (0.0, 0.32), (0.0, 0.0)], 0.9, smooth=False)
    for n in range(4):
        e.line([(-0.4, 0.32 - n * 0.06), (-0.08, 0.26 - n * 0.06)], 0.8, 0.4)
        e.line([(0.4, 0.32 - n * 0.06), (0.08, 0.26 - n * 0.06)], 0.8, 0.4)
