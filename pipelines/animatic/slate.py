"""The card of a shot that has no picture yet: its words, set like a title in the dark, and the facts of the shot."""

from dataclasses import dataclass
from random import Random
from statistics import NormalDist

from lettering import SANS, SERIF, covering, fitted, font, spaced
from PIL import Image, ImageChops, ImageDraw, ImageFilter

_INK = (239, 232, 220)
_QUIET = (136, 139, 141)
_ACCENT = (222, 170, 92)
_LEADING = 1.24
_LIGHTS = (
    ((10, 14, 20), (38, 58, 78)),
    ((17, 11, 11), (80, 42, 34)),
    ((9, 15, 13), (34, 66, 56)),
    ((16, 13, 9), (86, 62, 34)),
    ((13, 11, 18), (60, 46, 84)),
    ((8, 15, 18), (28, 70, 78)),
    ((13, 13, 14), (62, 62, 66)),
    ((10, 12, 19), (44, 52, 92)),
)
"""Dark and light of a room at night, one of which the seed chooses."""


@dataclass(frozen=True)
class Fact:
    """One thing known of the shot: a small heading and its value."""

    heading: str
    value: str


def draw(size: tuple[int, int], words: str, facts: list[Fact], random: Random) -> tuple[Image.Image, list[str]]:
    """Return the card as an RGB picture of a size, and the signs for which there is no font here.

    The seeded `random` chooses its light.
    """
    card = _room(size, random)
    width, height = size
    unit = min(width / 1280, height / 720) if width >= height else width / 820
    pen = ImageDraw.Draw(card, "RGBA")
    left, right = width * 0.105, width * 0.895
    foot = height * (0.83 if width >= height else 0.86)
    _corners(pen, size, unit)
    _facts(pen, facts, (left, right), foot, unit)
    room = (min(right - left, 980 * unit), foot - 62 * unit - height * 0.205)
    path, lacking = covering(SERIF, words)
    shown = "".join(sign for sign in words if sign not in lacking).strip()
    ink = _INK if shown else _QUIET
    words = shown or "No font on this machine can show the prompt."
    smallest = max(8, round(17 * unit))
    sizes = range(smallest, max(smallest, round(66 * unit)) + 1)
    face, lines = fitted(words, path, sizes, room, _LEADING)
    step = face.size * _LEADING
    top = height * 0.205 + (room[1] - step * len(lines)) * 0.46
    pen.rectangle((left, top - 22 * unit, left + 46 * unit, top - 22 * unit + max(2, 2.4 * unit)), fill=_ACCENT)
    for number, line in enumerate(lines):
        pen.text((left, top + step * number + face.size * 0.92), line, font=face, fill=ink, anchor="ls")
    return card, lacking


def grain(size: tuple[int, int], random: Random, strength: float) -> Image.Image:
    """Return grey noise around 128 with a spread of `strength` levels, to be laid over frames and to hide banding."""
    bell = NormalDist(128, strength)
    levels = [max(0, min(255, round(bell.inv_cdf((level + 0.5) / 256)))) for level in range(256)]
    return Image.frombytes("L", size, random.randbytes(size[0] * size[1])).point(levels)


def _room(size: tuple[int, int], random: Random) -> Image.Image:
    """Return a dark room with one soft light, darker to its edges; noise in the light keeps it from banding."""
    dark, light = random.choice(_LIGHTS)
    width, height = size
    small = (max(16, width // 4), max(16, height // 4))
    x, y = random.uniform(0.55, 0.85), random.uniform(0.12, 0.42)
    reach = max(small)
    glow = Image.radial_gradient("L").resize((round(reach * 1.7), round(reach * 1.25)), Image.Resampling.BICUBIC)
    field = Image.new("L", small, 255)
    field.paste(glow, (round(x * small[0] - glow.width / 2), round(y * small[1] - glow.height / 2)))
    floor = Image.linear_gradient("L").resize(small).point(lambda level: level // 3)
    lit = ImageChops.subtract(ImageChops.invert(field), floor)
    lit = lit.filter(ImageFilter.GaussianBlur(small[0] / 24)).resize(size, Image.Resampling.BICUBIC)
    lit = ImageChops.add(lit, grain(size, random, 2.0), 1, -128)
    return Image.composite(Image.new("RGB", size, light), Image.new("RGB", size, dark), lit)


def _corners(pen: ImageDraw.ImageDraw, size: tuple[int, int], unit: float) -> None:
    """Draw the four marks of the area a projector shows."""
    width, height = size
    inset, arm, line = 0.108 * min(size), 20 * unit, max(1, round(1.4 * unit))
    for x, along in ((inset, 1), (width - inset, -1)):
        for y, down in ((inset, 1), (height - inset, -1)):
            pen.line((x, y, x + along * arm, y), fill=(255, 255, 255, 62), width=line)
            pen.line((x, y, x, y + down * arm), fill=(255, 255, 255, 62), width=line)


def _facts(pen: ImageDraw.ImageDraw, facts: list[Fact], edges: tuple[float, float], foot: float, unit: float) -> None:
    left, right = edges
    small, plain = font(SANS, max(7, round(10.5 * unit))), font(SANS, max(8, round(15 * unit)))
    pen.line((left, foot - 34 * unit, right, foot - 34 * unit), fill=(255, 255, 255, 46), width=max(1, round(unit)))
    widths = [max(plain.getlength(fact.value), small.getlength(fact.heading) * 1.3) for fact in facts]
    gap = min(64 * unit, (right - left - sum(widths)) / max(1, len(facts) - 1))
    for fact, wide in zip(facts, widths, strict=True):
        spaced(pen, (left, foot - 9 * unit), fact.heading.upper(), small, _QUIET, 1.3 * unit)
        pen.text((left, foot + 13 * unit), fact.value, font=plain, fill=_INK, anchor="ls")
        left += wide + gap
