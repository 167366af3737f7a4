"""Where things of a scene are in the frame: a camera with a level back, so that uprights stay upright.

A scene is in metres: x to the right of the camera, y up from the ground, z away from it.
"""

from dataclasses import dataclass

from drawing.ink import Pen, Point, Tone

NEAREST = 0.35


@dataclass(frozen=True)
class Lens:
    """`focal`, `horizon` and `middle` in pixels; `tall` is how high the camera is, `subject` how far what it is about."""

    width: int
    height: int
    focal: float
    horizon: float
    middle: float
    tall: float
    subject: float

    def at(self, x: float, y: float, z: float) -> Point:
        """Return where a point of the scene is in the frame."""
        scale = self.focal / max(NEAREST, z)
        return (self.middle + x * scale, self.horizon + (self.tall - y) * scale)

    def scale(self, z: float) -> float:
        """Return the pixels of a metre at a distance."""
        return self.focal / max(NEAREST, z)

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Return the drawn area: more than the frame, for a camera that moves."""
        return (-0.4 * self.width, -0.4 * self.height, 1.4 * self.width, 1.4 * self.height)

    def box(
        self, pen: Pen, x: tuple[float, float], y: tuple[float, float], z: tuple[float, float],
        tones: tuple[Tone, Tone, Tone], width: float = 1.6, ink: Tone = 0.05,
    ) -> None:  # fmt: skip
        """Draw a box by its front, the side that is seen and its top; `tones` in this order."""
        (left, right), (low, high), (near, far) = x, y, (max(NEAREST, z[0]), max(NEAREST + 0.05, z[1]))
        front, side, top = tones
        if high < self.tall:
            pen.shape([self.at(*p) for p in ((left, high, near), (right, high, near), (right, high, far), (left, high, far))],
                      top, width, ink)  # fmt: skip
        if left > 0 or right < 0:
            at = left if left > 0 else right
            pen.shape([self.at(at, low, near), self.at(at, high, near), self.at(at, high, far), self.at(at, low, far)],
                      side, width, ink)  # fmt: skip
        pen.shape([self.at(left, low, near), self.at(right, low, near), self.at(right, high, near), self.at(left, high, near)],
                  front, width, ink)  # fmt: skip

    def side(self, x: float, y: tuple[float, float], z: tuple[float, float]) -> list[Point]:
        """Return an upright rectangle that runs away from the camera."""
        (low, high), (near, far) = y, z
        return [self.at(x, low, near), self.at(x, high, near), self.at(x, high, far), self.at(x, low, far)]

    def face(self, x: tuple[float, float], y: tuple[float, float], z: float) -> list[Point]:
        """Return an upright rectangle that faces the camera."""
        return [self.at(x[0], y[0], z), self.at(x[1], y[0], z), self.at(x[1], y[1], z), self.at(x[0], y[1], z)]

    def floor(self, x: tuple[float, float], z: tuple[float, float], y: float = 0.0) -> list[Point]:
        """Return a level rectangle."""
        return [self.at(x[0], y, z[0]), self.at(x[1], y, z[0]), self.at(x[1], y, z[1]), self.at(x[0], y, z[1])]
