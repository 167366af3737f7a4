"""The PREVIZ badge, burned into a corner so that nobody takes a draft for a result; the camera does not move it."""

from lettering import SANS, font, spaced
from PIL import Image, ImageDraw
from planes import Planes, from_rgb

_FINE = 4
"""The badge is drawn this many times larger and scaled down, for smooth round ends."""


class Badge:
    """The badge for frames of one size."""

    def __init__(self, size: tuple[int, int]) -> None:
        width, height = size
        unit = max(0.55, min(width, height) / 720)
        letters = font(SANS, round(13 * unit * _FINE))
        gap, pad, tall = 1.9 * unit * _FINE, 11 * unit * _FINE, 25 * unit * _FINE
        dot = 3.1 * unit * _FINE
        text = sum(letters.getlength(sign) + gap for sign in "PREVIZ") - gap
        wide = pad + dot * 2 + 7.5 * unit * _FINE + text + pad
        full = (round(wide / _FINE / 2) * 2 * _FINE, round(tall / _FINE / 2) * 2 * _FINE)
        picture, alpha = Image.new("RGB", full, (11, 12, 14)), Image.new("L", full, 0)
        edge = (0, 0, full[0] - 1, full[1] - 1)
        ImageDraw.Draw(alpha).rounded_rectangle(edge, full[1] / 2, fill=178)
        ink, mask = ImageDraw.Draw(picture), ImageDraw.Draw(alpha)
        middle = full[1] / 2
        left = pad + dot * 2 + 7.5 * unit * _FINE
        baseline = middle + letters.getbbox("P", anchor="ls")[1] / -2
        for pen, amber, white in ((ink, (240, 178, 84), (246, 240, 230)), (mask, 255, 240)):
            pen.ellipse((pad, middle - dot, pad + dot * 2, middle + dot), fill=amber)
            spaced(pen, (left, baseline), "PREVIZ", letters, white, gap)
        small = (full[0] // _FINE, full[1] // _FINE)
        self._planes: Planes = from_rgb(picture.resize(small, Image.Resampling.BOX))
        self._alpha = alpha.resize(small, Image.Resampling.BOX)
        margin = 0.036 * min(width, height)
        self._at = (round((width - small[0] - margin) / 2) * 2, round(margin / 2) * 2)

    def onto(self, frame: Planes) -> None:
        """Burn the badge in."""
        frame.paste(self._planes, self._at, self._alpha)
