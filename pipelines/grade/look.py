"""What a grade does to light: exposure, warmth, a look, contrast, saturation; and the cube that a film goes through."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from colour import Light, Primaries, ToneMap, Transfer, linear, luma, shown
from PIL import Image as Picture

from studio_sdk import Code, Fail, Image

Look = Literal["none", "warm", "cool", "cinematic", "faded", "black-and-white"]

_SIZES: Final = {"sdr": 33, "pq": 65, "hlg": 65}
"""Points of a cube on a side: coded HDR bends more between two of them."""
_MIDDLE: Final = 0.46
"""A grey card on the screen: contrast turns round it."""


@dataclass(frozen=True)
class Source:
    """How the values of a film are to be read."""

    transfer: Transfer = "sdr"
    primaries: Primaries = "bt709"
    tone_map: ToneMap = "reinhard"
    peak: float = 1000.0


@dataclass(frozen=True)
class Grade:
    """What is wanted: exposure in stops, the rest from -1 to 1, the amount of the look from 0 to 1."""

    exposure: float = 0.0
    temperature: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    look: Look = "none"
    amount: float = 1.0

    @property
    def neutral(self) -> bool:
        """Whether it changes nothing: then a picture is not taken through red, green and blue."""
        return (self.look == "none" or not self.amount) and not any(
            (self.exposure, self.temperature, self.contrast, self.saturation)
        )


def graded(coded: Light, source: Source, grade: Grade) -> Light:
    """Return coded values as values of a screen, 0 to 1, after the grade. Nothing asked for leaves SDR as it is."""
    light = linear(coded, source.transfer, source.primaries, source.tone_map, source.peak)
    light = light * 2**grade.exposure
    if grade.exposure > 0:
        light = _shouldered(light)
    values = shown(_tinted(light, grade.temperature))
    if grade.look != "none" and grade.amount:
        values = values + grade.amount * (_looked(values, grade.look) - values)
    values = _contrasted(values, grade.contrast)
    return np.clip(_saturated(values, 1 + grade.saturation), 0, 1)


def cube(source: Source, grade: Grade, hald: "Light | None", path: Path) -> None:
    """Write the grade as a .cube file, red fastest, as Adobe's specification has it; `hald` comes after it."""
    size = _SIZES[source.transfer]
    steps = np.linspace(0, 1, size)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    values = graded(np.stack([red, green, blue], axis=-1).reshape(-1, 3), source, grade)
    if hald is not None:
        values = _through(values, hald)
    rows = "\n".join(f"{r:.6f} {g:.6f} {b:.6f}" for r, g, b in values)
    path.write_text(f"LUT_3D_SIZE {size}\n{rows}\n", encoding="ascii")


def opened(lut: Image) -> Light:
    """Return the cube of a Hald CLUT picture: its axes are blue, green, red. Raises `Fail` where it is none."""
    name = lut.label or lut.name
    try:
        with Picture.open(lut) as picture:
            pixels = np.asarray(picture.convert("RGB"), np.float64) / 255
    except (OSError, ValueError, Picture.DecompressionBombError) as why:
        raise Fail(Code.UNSUPPORTED_MEDIA, f"{name} cannot be read.", field="lut", detail=str(why)) from why
    high, wide = pixels.shape[:2]
    level = round(wide ** (1 / 3))
    if high != wide or level**3 != wide or level < 2:  # noqa: PLR2004 - the smallest there is
        words = f"{name} is no Hald CLUT: it has {wide} \u00d7 {high} pixels; one is a square of 64, 125, 216, 512 …"
        raise Fail(Code.UNSUPPORTED_MEDIA, words, field="lut")
    return pixels.reshape(level**2, level**2, level**2, 3)


def _through(values: Light, table: Light) -> Light:
    """Return values looked up in a cube, straight lines between its points."""
    last = table.shape[0] - 1
    at = np.clip(values, 0, 1) * last
    low = np.minimum(at.astype(int), last - 1)
    part = at - low
    found = np.zeros_like(values)
    for corner in range(8):
        red, green, blue = (corner >> axis & 1 for axis in range(3))
        share = np.ones(len(values))
        for axis, up in enumerate((red, green, blue)):
            share = share * (part[:, axis] if up else 1 - part[:, axis])
        found += share[:, None] * table[low[:, 2] + blue, low[:, 1] + green, low[:, 0] + red]
    return found


def _shouldered(light: Light) -> Light:
    """Return light in which what an exposure pushes over white is rolled off above 0.8 instead of cut."""
    most = np.maximum(light.max(axis=-1, keepdims=True), 1e-9)
    over = np.maximum(most - 0.8, 0)
    to = np.where(most > 0.8, 0.8 + 0.2 * over / (over + 0.2), most)  # noqa: PLR2004
    rolled: Light = light * (to / most)
    return rolled


def _tinted(light: Light, warmth: float) -> Light:
    """Return light as if lit warmer (to 1) or cooler (to -1), as bright as it was."""
    gains = np.array([2 ** (0.30 * warmth), 2 ** (0.02 * warmth), 2 ** (-0.42 * warmth)])
    return light * (gains / float(luma(gains[None])[0, 0]))


def _contrasted(values: Light, contrast: float) -> Light:
    """Return values on an S, or a flatter line, through the middle grey; black and white stay what they are."""
    if not contrast:
        return values
    power = 2**contrast
    low = _MIDDLE * np.power(np.clip(values, 0, _MIDDLE) / _MIDDLE, power)
    high = 1 - (1 - _MIDDLE) * np.power(np.clip(1 - values, 0, 1 - _MIDDLE) / (1 - _MIDDLE), power)
    return np.where(values < _MIDDLE, low, high)


def _saturated(values: Light, by: float) -> Light:
    grey = luma(values)
    made: Light = grey + (values - grey) * by
    return made


def _looked(values: Light, look: Look) -> Light:
    if look == "warm":
        return _saturated(_split(shown(_tinted(values**2.4, 0.55)), (0.012, 0.004, -0.014), (0.02, 0.006, -0.03)), 1.06)
    if look == "cool":
        return _saturated(_split(shown(_tinted(values**2.4, -0.5)), (-0.012, 0.0, 0.022), (-0.012, 0.004, 0.01)), 0.92)
    if look == "cinematic":
        toned = _split(_contrasted(values, 0.32), (-0.035, 0.012, 0.04), (0.045, 0.008, -0.05))
        return 0.018 + _saturated(toned, 0.88) * 0.965
    if look == "faded":
        return 0.06 + _saturated(_split(values, (0.0, 0.008, 0.02), (0.02, 0.01, -0.02)), 0.72) * 0.87
    return np.repeat(luma(_contrasted(values, 0.25)), 3, axis=-1)


def _split(values: Light, shadows: tuple[float, ...], lights: tuple[float, ...]) -> Light:
    """Return values with a tint in the shadows and another in the lights; black, white and the middle have none."""
    grey = np.clip(luma(values), 0, 1)
    dark = 6.75 * grey * (1 - grey) ** 2
    bright = 6.75 * grey**2 * (1 - grey)
    made: Light = values + dark * np.array(shadows) + bright * np.array(lights)
    return made
