"""The place of a clip without its person: of every pixel the middle of what is seen there while nobody stands there."""

import cv2
import numpy as np
from footage import Picture
from numpy.typing import NDArray

_MOST = 24
_GROWN = 25


class Plate:
    """Looks at the pictures of a clip, keeps some spread over its length, and gives the place."""

    def __init__(self) -> None:
        self._kept: list[tuple[Picture, NDArray[np.bool_]]] = []
        self._step = 1
        self._count = 0

    def look(self, picture: Picture, person: NDArray[np.float32] | None) -> None:
        """Look at the next picture; `person` says where somebody is, from 0 to 1."""
        if self._count % self._step == 0:
            gone = np.zeros(picture.shape[:2], bool)
            if person is not None:
                around = cv2.dilate((person > 0.15).astype(np.uint8), np.ones((_GROWN, _GROWN), np.uint8))  # noqa: PLR2004
                gone = around > 0
            self._kept.append((picture.copy(), gone))
            if len(self._kept) > _MOST:
                self._kept = self._kept[::2]
                self._step *= 2
        self._count += 1

    def picture(self) -> Picture:
        """Return the place; what was never seen is smeared in from around."""
        tall, wide = self._kept[0][0].shape[:2]
        whole = np.zeros((tall, wide, 3), np.uint8)
        hole = np.zeros((tall, wide), np.uint8)
        for top in range(0, tall, 64):  # in strips: all pictures at once as floats would be gigabytes
            strip = np.stack([one[top : top + 64] for one, _ in self._kept]).astype(np.float32)
            away = np.stack([gone[top : top + 64] for _, gone in self._kept])
            never = away.all(axis=0)
            strip[away & ~never] = np.nan
            whole[top : top + 64] = np.nanmedian(strip, axis=0).clip(0, 255).astype(np.uint8)
            hole[top : top + 64] = never
        return np.asarray(cv2.inpaint(whole, hole, 7, cv2.INPAINT_TELEA), dtype=np.uint8) if hole.any() else whole
