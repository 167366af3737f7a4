"""Small pictures laid over a corner of the shot, each group with its name: what the shot was given and only shows.

The animatic follows no clip and no pose; it shows them, so that whoever looks at the draft knows what is meant.
"""

from collections.abc import Sequence

from lettering import SANS, font, spaced
from PIL import Image, ImageDraw, ImageOps
from planes import Planes, from_rgb

_FINE = 2
"""Drawn this many times larger and scaled down, for smooth letters and corners."""

_GROUND = (11, 12, 14)
_INK = (246, 240, 230)
_SEE_THROUGH = 200
_NARROW, _WIDE = 0.56, 1.9

Group = tuple[str, Sequence[Image.Image]]


def even(length: float) -> int:
    """Return the nearest even number of pixels, at least 2; colour has half as many samples as brightness."""
    return max(2, round(length / 2) * 2)


class Plate:
    """Groups of pictures in one line, on a dark plate, for frames of one size.

    `tall` is the height of a picture as a share of the frame's shorter side. `left` and `top` say which corner;
    `foot` is where the plate ends at the bottom, as a share of the frame's height.
    """

    def __init__(
        self, size: tuple[int, int], groups: Sequence[Group], tall: float, *, left: bool, top: bool, foot: float = 0.955
    ) -> None:
        width, height = size
        unit = max(0.5, min(size) / 720)
        pad, gap, label = even(7 * unit), even(6 * unit), even(16 * unit)
        shapes = [[min(_WIDE, max(_NARROW, one.width / one.height)) for one in pictures] for _, pictures in groups]
        room = 0.62 * width - 2 * pad - gap * (sum(map(len, shapes)) + 2 * len(groups))
        high = even(min(tall * min(size), room / sum(map(sum, shapes))))
        spots: list[tuple[Image.Image, int, int]] = []
        names: list[tuple[str, int]] = []
        across = pad
        for (name, pictures), wides in zip(groups, shapes, strict=True):
            names.append((name, across))
            for picture, shape in zip(pictures, wides, strict=True):
                spots.append((picture, across, even(high * shape)))
                across += even(high * shape) + gap
            across += 2 * gap
        full = (even(across - 3 * gap + pad), even(label + high + 2 * pad))
        large = (full[0] * _FINE, full[1] * _FINE)
        picture, alpha = Image.new("RGB", large, _GROUND), Image.new("L", large, 0)
        ImageDraw.Draw(alpha).rounded_rectangle((0, 0, large[0] - 1, large[1] - 1), 6 * unit * _FINE, fill=_SEE_THROUGH)
        letters = font(SANS, max(7, round(10 * unit)) * _FINE)
        pen = ImageDraw.Draw(picture)
        for name, at in names:
            spaced(pen, (at * _FINE, (pad + label * 0.62) * _FINE), name, letters, _INK, 1.2 * unit * _FINE)
        picture = picture.resize(full, Image.Resampling.BOX)
        alpha = alpha.resize(full, Image.Resampling.BOX)
        for given, at, wide in spots:
            box = (at, pad + label, at + wide, pad + label + high)
            picture.paste(ImageOps.fit(given, (wide, high), Image.Resampling.LANCZOS), box)
            alpha.paste(255, box)
        margin = 0.036 * min(size)
        x = margin if left else width - full[0] - margin
        y = margin if top else height * foot - full[1]
        self._planes, self._alpha = from_rgb(picture), alpha
        self._at = (max(0, round(x / 2) * 2), max(0, round(y / 2) * 2))
        self.window = [(self._at[0] + at, self._at[1] + pad + label, even(wide), high) for _, at, wide in spots]
        """Left, top, width and height of every picture in the frame."""

    def onto(self, frame: Planes) -> None:
        """Lay the plate over a frame."""
        frame.paste(self._planes, self._at, self._alpha)
