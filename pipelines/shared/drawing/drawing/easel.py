"""One thing, seen from the side, one long, its foot at the origin: drawn where and as large as a scene wants it."""

from collections.abc import Sequence

from drawing.ink import Pen, Point, Tone, ellipse
from drawing.tone import Colour


class Easel:
    """Draws a thing of a length in pixels at a point; `flip` lets it look to the left."""

    def __init__(self, pen: Pen, at: Point, px: float, *, flip: bool = False, colour: Colour | None = None) -> None:
        self.pen, self.at, self.px, self.sign = pen, at, px, -1 if flip else 1
        self.colour = pen.light.own(colour) if colour else None
        self.thin = max(0.7, min(2.6, px / pen.unit / 170))

    def p(self, x: float, y: float) -> Point:
        """Return a point of the thing in the frame; y is up."""
        return (self.at[0] + self.sign * x * self.px, self.at[1] - y * self.px)

    def shape(self, points: Sequence[Point], tone: Tone, width: float = 1.0, *, smooth: bool = True) -> None:
        """Draw a part."""
        self.pen.shape([self.p(*point) for point in points], tone, self.thin * width, smooth=smooth)

    def fill(self, points: Sequence[Point], tone: Tone, see: float = 1.0, *, smooth: bool = False) -> None:
        """Lay a tone."""
        self.pen.fill([self.p(*point) for point in points], tone, see, smooth=smooth)

    def line(self, points: Sequence[Point], width: float = 1.0, tone: Tone = 0.04) -> None:
        """Draw a line."""
        self.pen.line([self.p(*point) for point in points], self.thin * width, tone, smooth=len(points) > 2)

    def round(self, x: float, y: float, r: float, tone: Tone, ry: float | None = None) -> None:
        """Draw a round part."""
        self.pen.shape(ellipse(self.p(x, y), r * self.px, (ry or r) * self.px), tone, self.thin, smooth=True)

    def own(self, usual: Tone) -> Tone:
        """Return the colour asked for, or the usual tone."""
        return self.colour if self.colour is not None else usual

    def shadow(self, wide: float = 0.5) -> None:
        """Draw what it throws on the ground."""
        self.pen.fill(ellipse(self.p(0, 0.004), wide * self.px, wide * self.px * 0.07), 0.04, 0.4)
