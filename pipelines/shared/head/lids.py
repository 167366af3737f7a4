"""Closes the eyes of a bent picture: a lid painted from the skin above its crease, and lashes at its edge.

Squeezing the eye looked wrong.
"""

import cv2
import numpy as np
from face import Points
from mesh import EYES
from numpy.typing import NDArray
from warp import Picture

_LEAST = 0.05
_LASH = np.array([40, 30, 28], np.float32)


def close(picture: Picture, points: Points, blink: float, span: float) -> None:
    """Paint the lids of both eyes over a picture; `blink` from 0, open, to 1, `span` the eye span in pixels."""
    if blink > _LEAST:
        for upper, lower, crease in EYES:
            _lid(picture, [points[list(line)] for line in (upper, lower, crease)], blink, span)


def _lid(picture: Picture, lines: list[Points], blink: float, span: float) -> None:
    upper, lower, crease = lines
    wide = float(np.linalg.norm(upper[-1] - upper[0]))
    if wide < 4:  # noqa: PLR2004 - an eye of three pixels closes by itself
        return
    along = (upper[-1] - upper[0]) / wide
    below = np.array([-along[1], along[0]])
    below *= np.sign(float((lower[4] - upper[4]) @ below)) or 1.0
    every = np.vstack(lines)
    tall, width = picture.shape[:2]
    left, top = np.floor(every.min(axis=0) - 6).astype(int).clip(0)
    right, bottom = np.minimum(np.ceil(every.max(axis=0) + 6).astype(int), (width, tall))
    if right - left < 2 or bottom - top < 2:  # noqa: PLR2004 - outside the picture
        return
    down, across = np.mgrid[top:bottom, left:right].astype(np.float32)
    away = np.stack([across - upper[0][0], down - upper[0][1]], -1)
    x, y = away @ along / wide, away @ below

    def height(line: Points) -> NDArray[np.float64]:
        from_start = line - upper[0]
        order = np.argsort(from_start @ along)
        return np.interp(x, (from_start @ along / wide)[order], (from_start @ below)[order])

    top_lid, low_lid, fold = height(upper), height(lower), height(crease)
    open_ = np.maximum(low_lid - top_lid, 1)
    edge = top_lid + (low_lid - top_lid) * blink * 0.97
    start = top_lid - 0.30 * (top_lid - fold) - 0.02 * span
    cover = np.clip((edge - y) / 1.2 + 0.5, 0, 1) * np.clip((y - start) / (0.02 * span) + 0.5, 0, 1)
    cover *= np.clip((x + 0.02) / 0.08, 0, 1) * np.clip((1.02 - x) / 0.08, 0, 1)
    far = np.clip((y - top_lid) / open_, 0, 1)
    skin = fold - open_ * (0.05 + 0.35 * (1 - far))
    room = int(np.ceil(0.3 * span)) + 4
    above = (max(0, left - room), max(0, top - room))
    around = picture[above[1] : bottom + room, above[0] : right + room]
    soft = cv2.GaussianBlur(around, (0, 0), max(0.6, 0.008 * span))
    from_x = upper[0][0] + x * wide * along[0] + skin * below[0] - above[0]
    from_y = upper[0][1] + x * wide * along[1] + skin * below[1] - above[1]
    lid = (
        cv2.remap(
            soft,
            from_x.astype(np.float32),
            from_y.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        * (0.90 + 0.10 * far)[..., None]
    )
    lash = np.exp(-(((y - edge) / (0.022 * span)) ** 2)) * np.clip(x / 0.1, 0, 1) * np.clip((1 - x) / 0.1, 0, 1)
    lash = (lash * 0.62 * blink)[..., None]
    part = picture[top:bottom, left:right]
    closed = part * (1 - cover[..., None]) + lid * cover[..., None]
    part[:] = (closed * (1 - lash) + _LASH * lash).clip(0, 255).astype(np.uint8)
