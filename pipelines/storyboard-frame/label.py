"""The PREVIZ badge in a picture's corner, so that nobody takes a draft for a result."""

from lettering import SANS, font, spaced
from PIL import Image, ImageDraw

_FINE = 4


def label(picture: Image.Image, word: str) -> None:
    """Burn a word into the upper right corner of an RGB picture."""
    unit = max(0.55, min(picture.size) / 720) * _FINE
    letters = font(SANS, round(13 * unit))
    gap, pad = 1.9 * unit, 11 * unit
    wide = sum(letters.getlength(sign) + gap for sign in word) - gap + 2 * pad + 14 * unit
    size = (round(wide), round(25 * unit))
    plate, alpha = Image.new("RGB", size, (11, 12, 14)), Image.new("L", size, 0)
    ImageDraw.Draw(alpha).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), size[1] / 2, fill=178)
    ink = ImageDraw.Draw(plate)
    middle = size[1] / 2
    ink.ellipse((pad, middle - 3 * unit, pad + 6 * unit, middle + 3 * unit), fill=(240, 178, 84))
    spaced(ink, (pad + 14 * unit, middle + 4.6 * unit), word, letters, (246, 240, 230), gap)
    small = (size[0] // _FINE, size[1] // _FINE)
    margin = round(0.036 * min(picture.size))
    mask = alpha.resize(small, Image.Resampling.BOX)
    picture.paste(plate.resize(small, Image.Resampling.BOX), (picture.width - small[0] - margin, margin), mask)
