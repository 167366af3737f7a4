"""The inside of an open mouth: teeth, tongue and dark, painted once and laid in where the lips have parted."""

import cv2
import numpy as np
from face import Points
from mesh import EYE_LEFT, EYE_RIGHT, LIP_ABOVE, LIP_BELOW, LOWER_IN, UNDER_NOSE, UPPER_IN
from numpy.typing import NDArray
from puppet import Puppet
from warp import Picture

_SHOWN = 0.07
"""From such a gap on, in eye spans, the picture itself shows the inside of the mouth, and that is kept."""

_DARK, _TEETH, _TONGUE = (62, 30, 38), (212, 205, 190), (160, 84, 88)
_SKULL = (EYE_LEFT, EYE_RIGHT, UNDER_NOSE)
_CHEEKS = (50, 280, 1)


class Mouth:
    """The inside of one face's mouth, fixed to the skull."""

    def __init__(self, picture: Picture, puppet: Puppet) -> None:
        self._puppet = puppet
        self._painted = _painted(picture, puppet)

    def onto(self, picture: Picture, points: Points) -> None:
        """Lay the inside of the mouth over a bent picture whose points are given, where the lips are apart."""
        span = self._puppet.span
        gap = float((points[LIP_BELOW] - points[LIP_ABOVE]) @ self._puppet.down)
        if gap <= max(0.5, 0.004 * span):
            return
        ring = np.r_[points[list(UPPER_IN)], points[list(LOWER_IN)][::-1]]
        tall, wide = picture.shape[:2]
        room = 4 + 0.08 * span
        left, top = np.floor(ring.min(axis=0) - room).astype(int).clip(0)
        right, bottom = np.minimum(np.ceil(ring.max(axis=0) + room).astype(int), (wide, tall))
        if right - left < 2 or bottom - top < 2:  # noqa: PLR2004 - outside the picture
            return
        size = (int(right - left), int(bottom - top))
        shape = np.zeros(size[::-1], np.uint8)
        corners = np.round((ring - (left, top)) * 16).astype(np.int32)
        cv2.fillPoly(shape, [corners], (255.0,), lineType=cv2.LINE_AA, shift=4)
        rest = self._puppet.at_rest
        turn = cv2.getAffineTransform(
            rest[list(_SKULL)].astype(np.float32), points[list(_SKULL)].astype(np.float32)
        ).astype(float)
        turn[:, 2] += 0.55 * (points[LIP_ABOVE] - (turn[:, :2] @ rest[LIP_ABOVE] + turn[:, 2])) - (left, top)
        inside = cv2.warpAffine(self._painted, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        deep = cv2.GaussianBlur(shape, (0, 0), max(1.2, 0.035 * span)).astype(np.float32) / 255
        shaded = inside * (0.72 + 0.28 * np.clip(deep * 1.35 - 0.25, 0, 1))[..., None]
        soft = cv2.GaussianBlur(shape, (0, 0), max(0.7, 0.008 * span)).astype(np.float32)[..., None] / 255
        part = picture[top:bottom, left:right]
        part[:] = (part * (1 - soft) + shaded * soft).clip(0, 255).astype(np.uint8)


def _painted(picture: Picture, puppet: Puppet) -> Picture:
    tall, wide = picture.shape[:2]
    span, rest = puppet.span, puppet.at_rest
    down, across = np.mgrid[0:tall, 0:wide].astype(np.float32)
    away = np.stack([across - puppet.lips[0], down - puppet.lips[1]], -1)
    x = away @ puppet.along / (puppet.mouth / 2)
    upper = rest[list(UPPER_IN)] - puppet.lips
    edge = np.interp(x, upper @ puppet.along / (puppet.mouth / 2), upper @ puppet.down)
    y = (away @ puppet.down - edge) / span
    light = _light(picture, rest)
    dark = np.array(_DARK, np.float32) * np.clip(light, 0.4, 1.2)
    painted = dark * np.clip(1 - 0.9 * np.clip(y, 0, 0.4), 0.35, 1)[..., None]
    if puppet.placed:  # a cat and a robot have no teeth like ours; a drawn mouth is dark
        return np.asarray(painted.clip(0, 255), dtype=np.uint8)
    length = 0.105 * (1 - 0.45 * np.abs(x).clip(0, 1) ** 2)
    teeth = (np.clip((length - y) / 0.02, 0, 1) * np.clip((1.0 - np.abs(x)) / 0.25, 0, 1))[..., None]
    white = np.array(_TEETH, np.float32) * np.clip(light, 0.7, 1.15)
    white = white * (1 - 0.35 * np.clip(np.abs(x), 0, 1) ** 1.5)[..., None]
    white = white * (1 - 0.18 * np.clip(1 - y / 0.03, 0, 1))[..., None]
    seams = (np.abs((x * 7) % 1 - 0.5) > 0.455) & (np.abs(x) < 0.8)  # noqa: PLR2004
    white = white * np.where(seams, 0.93, 1)[..., None]
    painted = painted * (1 - teeth) + white * teeth
    tongue = 0.75 * (np.clip(1 - ((x / 0.62) ** 2 + ((y - 0.36) / 0.13) ** 2), 0, 1) ** 0.6)[..., None]
    painted = painted * (1 - tongue) + np.array(_TONGUE, np.float32) * np.clip(light, 0.4, 1.1) * tongue
    if puppet.gap > _SHOWN * span:
        own = _inside(rest, (tall, wide))[..., None]
        painted = painted * (1 - own) + picture * own
    return np.asarray(painted.clip(0, 255), dtype=np.uint8)


def _light(picture: Picture, rest: Points) -> float:
    """Return how bright the face is lit: 1 is an ordinary light."""
    cheeks = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(cheeks, rest[list(_CHEEKS)].astype(np.int32), (1.0,))
    skin = picture[cheeks > 0]
    return float(np.median(skin, axis=0).mean()) / 170 if len(skin) else 1.0


def _inside(rest: Points, shape: tuple[int, int]) -> NDArray[np.float32]:
    ring = np.r_[rest[list(UPPER_IN)], rest[list(LOWER_IN)][::-1]].astype(np.int32)
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [ring], (255.0,))
    soft = cv2.GaussianBlur(cv2.erode(mask, np.ones((3, 3), np.uint8)), (0, 0), 1.5)
    return np.asarray(soft, dtype=np.float32) / 255
