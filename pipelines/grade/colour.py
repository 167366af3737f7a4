"""The arithmetic of light: from coded values of a camera or a master to linear light of BT.709, and to the screen.

Linear light is 1.0 at the white of a sheet of paper (203 cd/m2 in HDR, ITU-R BT.2408). All arrays end in three columns,
red, green, blue. Sources: ITU-R BT.2100 (PQ, HLG), BT.1886 (the screen), BT.709, BT.2020 and SMPTE EG 432 (primaries).
"""

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Light = NDArray[np.float64]
Transfer = Literal["sdr", "pq", "hlg"]
Primaries = Literal["bt709", "bt2020", "p3"]
ToneMap = Literal["reinhard", "knee", "clip"]

WHITE_NITS: Final = 203.0
_SCREEN: Final = 2.4
_LUMA: Final = np.array([0.2126, 0.7152, 0.0722])

_TO_709: Final[Mapping[Primaries, Light]] = {
    "bt709": np.eye(3),
    "bt2020": np.array(
        [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]]
    ),
    "p3": np.array([[1.224940, -0.224940, 0.0], [-0.042057, 1.042057, 0.0], [-0.019638, -0.078636, 1.098274]]),
}


def linear(coded: Light, transfer: Transfer, primaries: Primaries, tone_map: ToneMap, peak: float) -> Light:
    """Return coded values (0 to 1) as linear light of BT.709; more than 1.0 is left only where nothing is mapped.

    `peak` is the brightest light of an HDR master in cd/m2; what is brighter is as bright as that.
    """
    if transfer == "sdr":
        light = np.power(np.clip(coded, 0, 1), _SCREEN)
    else:
        nits = _pq(coded) if transfer == "pq" else _hlg(coded)
        light = _mapped(np.minimum(nits, peak) / WHITE_NITS, peak / WHITE_NITS, tone_map)
    return np.maximum(light @ _TO_709[primaries].T, 0)


def shown(light: Light) -> Light:
    """Return linear light as the values of a screen (BT.1886), 0 to 1."""
    return np.power(np.clip(light, 0, 1), 1 / _SCREEN)


def luma(values: Light) -> Light:
    """Return the brightness of values, as a column."""
    grey: Light = (values @ _LUMA)[..., None]
    return grey


def _pq(coded: Light) -> Light:
    """Return PQ (SMPTE ST 2084) as cd/m2."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 107 / 128, 2413 / 128, 2392 / 128
    root = np.power(np.clip(coded, 0, 1), 1 / m2)
    nits: Light = 10000 * np.power(np.maximum(root - c1, 0) / (c2 - c3 * root), 1 / m1)
    return nits


def _hlg(coded: Light) -> Light:
    """Return HLG as cd/m2 on a screen of 1000 (BT.2100, gamma 1.2)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    value = np.clip(coded, 0, 1)
    scene = np.where(value <= 0.5, value**2 / 3, (np.exp((value - c) / a) + b) / 12)  # noqa: PLR2004 - the curve's joint
    light = scene @ np.array([0.2627, 0.6780, 0.0593])
    nits: Light = 1000 * np.power(np.maximum(light, 1e-9), 0.2)[..., None] * scene
    return nits


def _mapped(light: Light, peak: float, tone_map: ToneMap) -> Light:
    """Return light with its highlights brought under 1.0; the strongest of three colours decides, so that hues stay."""
    if tone_map == "clip":
        return light
    most = np.maximum(light.max(axis=-1, keepdims=True), 1e-9)
    if tone_map == "reinhard":
        to = most / (1 + most) * (1 + peak) / peak
    else:
        begins = 0.5
        span = peak - begins
        part = np.clip((most - begins) / span, 0, 1)
        rolled = begins + (1 - begins) * part * (span / (1 - begins)) / (1 + part * (span / (1 - begins) - 1))
        to = np.where(most <= begins, most, rolled)
    mapped: Light = light * (to / most)
    return mapped
