"""Bends a picture after moved points: a coarse field of where every pixel comes from, then one look-up at full size."""

import cv2
import numpy as np
from face import Points
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height, width, red-green-blue."""

_CELLS = 300
"""So many cells the field has along the longer side; the lips are drawn at full size afterwards."""

_FOLD = 6.0


class Warp:
    """Bends one picture; `points` are where it is held, `triangles` what is stretched between."""

    def __init__(self, picture: Picture, points: Points, triangles: NDArray[np.int64]) -> None:
        self._picture = picture
        tall, wide = picture.shape[:2]
        step = max(1.0, max(tall, wide) / _CELLS)
        self._cells = (int(np.ceil(wide / step)), int(np.ceil(tall / step)))
        self._step = np.array([wide, tall]) / self._cells
        self._triangles = triangles
        self._from = points[triangles]
        self._way = np.sign(_area(self._from))
        down, across = np.mgrid[0:tall, 0:wide].astype(np.float32)
        self._across, self._down = across, down
        rows, columns = np.mgrid[0 : self._cells[1], 0 : self._cells[0]].astype(np.float32)
        self._columns, self._rows = (columns + 0.5) * self._step[0] - 0.5, (rows + 0.5) * self._step[1] - 0.5

    def bent(self, points: Points) -> Picture:
        """Return the picture with its points moved."""
        to = points[self._triangles]
        area = _area(to)
        good = area * self._way > 1e-3  # noqa: PLR2004 - what is folded over is not drawn
        which = np.full(self._cells[::-1], -1, np.int32)
        corners = np.round((to + 0.5) / self._step * 16 - 8).astype(np.int32)
        for number in np.flatnonzero(good):
            cv2.fillConvexPoly(which, corners[number], (float(number),), lineType=8, shift=4)
        across, down = self._field(to, area, good, which)
        tall, wide = self._picture.shape[:2]
        size = (wide, tall)
        return np.asarray(
            cv2.remap(
                self._picture,
                cv2.resize(across, size, interpolation=cv2.INTER_LINEAR) + self._across,
                cv2.resize(down, size, interpolation=cv2.INTER_LINEAR) + self._down,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            ),
            dtype=np.uint8,
        )

    def _field(
        self, to: Points, area: Points, good: NDArray[np.bool_], which: NDArray[np.int32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return how far away every cell's pixel comes from; cracks are filled by their neighbours."""
        one, two = to[:, 1] - to[:, 0], to[:, 2] - to[:, 0]
        own_one, own_two = self._from[:, 1] - self._from[:, 0], self._from[:, 2] - self._from[:, 0]
        scale = np.where(good, 1 / np.where(good, area, 1.0), 0.0)[:, None]
        by_x = (own_one * two[:, 1:] - own_two * one[:, 1:]) * scale
        by_y = (own_two * one[:, :1] - own_one * two[:, :1]) * scale
        start = self._from[:, 0] - by_x * to[:, 0, :1] - by_y * to[:, 0, 1:]
        table = np.concatenate([by_x, by_y, start], axis=1).astype(np.float32)
        hole = which < 0
        cell = table[np.where(hole, 0, which)]
        fields = []
        for axis, place in ((0, self._columns), (1, self._rows)):
            away = cell[..., axis] * self._columns + cell[..., 2 + axis] * self._rows + cell[..., 4 + axis] - place
            fields.append(self._healed(away.astype(np.float32), hole))
        rough = np.abs(fields[0] - cv2.medianBlur(fields[0], 5)) + np.abs(fields[1] - cv2.medianBlur(fields[1], 5))
        for away in fields:
            away[rough > _FOLD] = cv2.medianBlur(away, 5)[rough > _FOLD]
        return fields[0], fields[1]

    def _healed(self, away: NDArray[np.float32], hole: NDArray[np.bool_]) -> NDArray[np.float32]:
        if not hole.any():
            return away
        there = (~hole).astype(np.float32)
        away[hole] = 0
        for side in (5, 15, 45):  # an open mouth is a large hole, and the lips' edges take from both lips
            near = cv2.blur(there, (side, side))
            filled = cv2.blur(away, (side, side)) / (near + 1e-6)
            fill = hole & (near > 1e-3)  # noqa: PLR2004
            away[fill] = filled[fill]
            there[fill] = 1
            hole = hole & ~fill
            if not hole.any():
                break
        return away


def _area(corners: Points) -> Points:
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return np.asarray(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
