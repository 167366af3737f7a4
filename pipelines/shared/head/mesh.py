"""Which point of MediaPipe's face mesh is what: 468 points, named by number, and the triangles between them.

Left and right are those of the picture, as it is looked at.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

POINTS: Final = 468
UPPER_IN: Final = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_IN: Final = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
"""The inner edges of the lips, from corner to corner."""
UPPER_OUT: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
LOWER_OUT: Final = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
CORNERS: Final = (78, 308, 61, 291)
EYES: Final = (
    ((33, 246, 161, 160, 159, 158, 157, 173, 133), (33, 7, 163, 144, 145, 153, 154, 155, 133),
     (33, 247, 30, 29, 27, 28, 56, 190, 133)),
    ((263, 466, 388, 387, 386, 385, 384, 398, 362), (263, 249, 390, 373, 374, 380, 381, 382, 362),
     (263, 467, 260, 259, 257, 258, 286, 414, 362)),
)  # fmt: skip
"""Of both eyes the upper lid, the lower lid and the crease above, each from the outer corner to the inner one."""
EYE_LEFT, EYE_RIGHT = 33, 263
NOSE, UNDER_NOSE, FOREHEAD, CHIN, CHEEK_LEFT, CHEEK_RIGHT = 1, 2, 10, 152, 234, 454
LIP_ABOVE, LIP_BELOW, MOUTH_LEFT, MOUTH_RIGHT = 13, 14, 78, 308
RIM_ABOVE, RIM_BELOW, MOUTH_ENDS = 0, 17, (61, 291)
"""The outer edges of the lips: their middles, and the corners of the mouth."""
OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
BROWS: Final = (70, 63, 105, 66, 107, 46, 53, 52, 65, 55, 300, 293, 334, 296, 336, 276, 283, 282, 295, 285)
JAW: Final = {
    152: 0.95, 148: 0.92, 377: 0.92, 176: 0.85, 400: 0.85, 149: 0.68, 378: 0.68, 150: 0.5, 379: 0.5, 136: 0.34,
    365: 0.34, 172: 0.2, 397: 0.2, 58: 0.06, 288: 0.06, 200: 0.95, 199: 0.95, 175: 0.95, 18: 1.0, 83: 1.0, 313: 1.0,
    201: 0.95, 421: 0.95, 208: 0.9, 428: 0.9, 171: 0.9, 396: 0.9,
}  # fmt: skip
"""How far the points of chin and jaw go with the lower lip."""
STILL: Final = (
    1, 2, 4, 5, 6, 168, 8, 9, 10, 151, 98, 327, 48, 278, 33, 133, 263, 362, 70, 300, 105, 334, 234, 454, 127, 356, 93,
    323, 50, 280, 117, 346, 118, 347, 101, 330, 132, 361, 129, 358, 64, 294,
)  # fmt: skip
"""Points that no mouth moves."""


@cache
def triangles() -> NDArray[np.int64]:
    """Return the triangles of a face without its open mouth, with lids that can be drawn over the eyes."""
    from mediapipe.python.solutions.face_mesh_connections import FACEMESH_TESSELATION  # noqa: PLC0415 - takes seconds

    beside: dict[int, set[int]] = {}
    for one, other in FACEMESH_TESSELATION:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    found = {
        tuple(sorted((one, other, third)))
        for one, other in FACEMESH_TESSELATION
        for third in beside[one] & beside[other]
    }
    mouth = {*UPPER_IN, *LOWER_IN}
    kept = [corners for corners in sorted(found) if not set(corners) <= mouth]
    for upper, lower, _ in EYES:
        for at in range(8):
            kept += [(upper[at], upper[at + 1], lower[at]), (upper[at + 1], lower[at], lower[at + 1])]
    return np.array([corners for corners in kept if len(set(corners)) == 3])  # noqa: PLR2004 - a triangle
