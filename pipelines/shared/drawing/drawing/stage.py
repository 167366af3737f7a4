"""Where a place is drawn: three pens, the lens, the hour and the weather."""

from dataclasses import dataclass
from random import Random

from drawing import sky as air
from drawing.ink import Pen
from drawing.lens import Lens


@dataclass(frozen=True)
class Set:
    """Where things are drawn: `back` is far away, `mid` the place itself, `front` before everybody."""

    back: Pen
    mid: Pen
    front: Pen
    lens: Lens
    chance: Random
    hour: str
    weather: str
    wide: bool

    @property
    def low(self) -> float:
        """Return the value of the sky at the horizon."""
        return self.back.light.sky[1]

    def value(self, near: float, z: float, haze: float = 90) -> float:
        """Return a value as seen through the air."""
        return air.far(self.low, near, z, haze * (0.3 if self.weather == "fog" else 1))
