"""What is being said, at the foot of the picture: white on a soft dark plate, two lines at most."""

from lettering import SANS, font, wrap
from PIL import Image, ImageDraw
from planes import Planes, from_rgb

_FINE = 2


class Captions:
    """Plates for frames of one size, each made once."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._made: dict[str, tuple[Planes, Image.Image, tuple[int, int]]] = {}

    def onto(self, frame: Planes, words: str) -> None:
        """Lay the words over a frame."""
        if words not in self._made:
            self._made[words] = self._plate(words)
        planes, alpha, at = self._made[words]
        frame.paste(planes, at, alpha)

    def _plate(self, words: str) -> tuple[Planes, Image.Image, tuple[int, int]]:
        width, height = self.size
        tall = max(10, round(min(width, height) * 0.048)) * _FINE
        face = font(SANS, tall)
        lines = wrap(words, face, width * 0.8 * _FINE)[-3:]
        wide = max(face.getlength(line) for line in lines) + tall * 1.2
        size = (max(4, round(wide / _FINE / 2) * 2), max(4, round((len(lines) * 1.25 + 0.5) * tall / _FINE / 2) * 2))
        full = (size[0] * _FINE, size[1] * _FINE)
        picture, alpha = Image.new("RGB", full, (10, 11, 13)), Image.new("L", full, 0)
        ImageDraw.Draw(alpha).rounded_rectangle((0, 0, full[0] - 1, full[1] - 1), tall * 0.35, fill=172)
        pens = (ImageDraw.Draw(picture), ImageDraw.Draw(alpha))
        for number, line in enumerate(lines):
            at = (full[0] / 2, (0.25 + 1.25 * number + 0.95) * tall)
            pens[0].text(at, line, font=face, fill=(250, 248, 242), anchor="ms")
            pens[1].text(at, line, font=face, fill=255, anchor="ms")
        place = (max(0, (width - size[0]) // 4 * 2), max(0, round((height * 0.955 - size[1]) / 2) * 2))
        box = Image.Resampling.BOX
        return from_rgb(picture.resize(size, box)), alpha.resize(size, box), place


def pieces(words: str, begins: float, ends: float) -> list[tuple[float, float, str]]:
    """Return a line cut into captions that can be read, each with its share of the time: at most 70 letters each."""
    parts: list[str] = [""]
    for word in words.split():
        joined = f"{parts[-1]} {word}".strip()
        if len(joined) > 70 and parts[-1]:  # noqa: PLR2004 - two lines of a picture
            parts.append(word)
        else:
            parts[-1] = joined
    total = sum(map(len, parts)) or 1
    found, at = [], begins
    for part in parts:
        until = at + (ends - begins) * len(part) / total
        found.append((at, until, part))
        at = until
    return found
