"""The light of a frame: every value from black (0) to paper (1) through the colours of an hour and of the weather."""

from dataclasses import dataclass

Colour = tuple[float, float, float]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour between two; a share of 0 is the first."""
    return tuple(a + (b - a) * share for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def name(colour: Colour) -> str:
    """Return a colour as SVG writes it."""
    return "#" + "".join(f"{max(0, min(255, round(part))):02x}" for part in colour)


@dataclass(frozen=True)
class Light:
    """Values as colours, and how bright sky, ground and lamps are.

    `ramp` goes from ink to paper; `sky` is the value overhead and at the horizon; `ground` the value of open ground;
    `tint` multiplies the colours that things have of their own; `lamps` says whether windows and lamps are lit.
    """

    ramp: tuple[tuple[float, Colour], ...]
    sky: tuple[float, float]
    ground: float
    tint: Colour
    lamps: bool = False

    def colour(self, value: float) -> Colour:
        """Return the colour of a value."""
        value = max(0.0, min(1.0, value))
        for (low, dark), (high, bright) in zip(self.ramp, self.ramp[1:], strict=False):
            if value <= high:
                return mix(dark, bright, (value - low) / (high - low))
        return self.ramp[-1][1]

    def own(self, colour: Colour) -> Colour:
        """Return a thing's own colour as it looks in this light."""
        lit: Colour = tuple(part * shade for part, shade in zip(colour, self.tint, strict=True))  # type: ignore[assignment]
        grey = sum(lit) / 3 / 255
        return mix(lit, self.colour(grey), 0.22)


LAMP: Colour = (255, 214, 138)
"""What a lit window or a lamp looks like at any hour."""

_DAY = ((0.0, (26, 30, 38)), (0.35, (98, 108, 120)), (0.7, (190, 196, 200)), (1.0, (251, 249, 244)))
_DUSK = ((0.0, (34, 24, 44)), (0.35, (112, 74, 98)), (0.66, (226, 142, 104)), (1.0, (255, 240, 214)))
_DAWN = ((0.0, (34, 40, 58)), (0.4, (118, 124, 150)), (0.7, (226, 188, 180)), (1.0, (255, 247, 236)))
_NIGHT = ((0.0, (9, 13, 26)), (0.4, (42, 58, 92)), (0.75, (110, 136, 172)), (1.0, (226, 235, 244)))
_GREY = ((0.0, (20, 24, 30)), (0.5, (104, 114, 124)), (1.0, (226, 230, 231)))
_ROOM = ((0.0, (32, 28, 30)), (0.4, (118, 108, 102)), (0.75, (204, 196, 186)), (1.0, (253, 249, 242)))
_LAMPLIT = ((0.0, (20, 15, 19)), (0.4, (88, 64, 56)), (0.75, (190, 146, 100)), (1.0, (255, 238, 204)))
_SPACE = ((0.0, (6, 8, 14)), (0.4, (40, 52, 70)), (0.75, (122, 146, 164)), (1.0, (232, 242, 246)))

LIGHTS = {
    "day": Light(_DAY, (0.72, 0.97), 0.73, (1.0, 1.0, 1.0)),
    "dusk": Light(_DUSK, (0.34, 0.86), 0.42, (0.86, 0.66, 0.66), lamps=True),
    "dawn": Light(_DAWN, (0.56, 0.94), 0.62, (0.88, 0.84, 0.88)),
    "night": Light(_NIGHT, (0.08, 0.44), 0.30, (0.74, 0.80, 1.0), lamps=True),
    "storm": Light(_GREY, (0.34, 0.74), 0.46, (0.66, 0.72, 0.78), lamps=True),
    "grey": Light(_GREY, (0.62, 0.90), 0.66, (0.82, 0.86, 0.88)),
    "room-day": Light(_ROOM, (0.9, 1.0), 0.62, (0.98, 0.95, 0.92)),
    "room-night": Light(_LAMPLIT, (0.06, 0.2), 0.36, (0.84, 0.66, 0.52), lamps=True),
    "space": Light(_SPACE, (0.02, 0.08), 0.24, (0.74, 0.84, 0.94), lamps=True),
}
