"""A face that can be moved: its points and those around it, and where each goes for a mouth, a brow and a head.

Distances are in eye spans (`span`: outer corner to outer corner), so that a face of any size moves alike.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from face import Points
from mesh import (
    BROWS,
    CHIN,
    CORNERS,
    EYE_LEFT,
    EYE_RIGHT,
    EYES,
    FOREHEAD,
    JAW,
    LIP_ABOVE,
    LIP_BELOW,
    LOWER_IN,
    LOWER_OUT,
    MOUTH_LEFT,
    MOUTH_RIGHT,
    OVAL,
    POINTS,
    STILL,
    UPPER_IN,
    UPPER_OUT,
    triangles,
)
from numpy.typing import NDArray

REACH = 2.75
"""So far around a face, in halves of its height, the picture moves with the head."""

_RINGS = ((40, 1.28), (40, 1.62), (36, 2.1))
_GRID = 14
_OPEN = 0.36
"""The widest gap between the lips, in eye spans."""

_LIFT = 0.14
_FOLLOW = 0.3
_JAW = 0.86
_EYES_TO_MOUTH = 0.76
"""How far the mouth of a face from the front lies below its eyes, in eye spans."""


@dataclass(frozen=True)
class Look:
    """A face at one moment: mouth open, wide and round, lids closed and brows raised from 0 to 1; then the head.

    `roll`, `yaw` and `pitch` in radians, `across` and `down` in eye spans, `near` as a factor.
    """

    open: float = 0.0
    wide: float = 0.0
    round: float = 0.0
    blink: float = 0.0
    brow: float = 0.0
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    across: float = 0.0
    down: float = 0.0
    near: float = 1.0


@dataclass
class Puppet:
    """The points of a face in a picture of `size`, and around it points that hold the rest of the picture.

    `at_rest` are all of them as the picture has them, `triangles` what is stretched between. A face that was `placed`
    may be a profile or an animal: its eyes say nothing of its size, so it is measured from the eyes to the mouth.
    """

    points: Points
    size: tuple[int, int]
    placed: bool = False
    at_rest: Points = field(init=False)
    triangles: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        flat = self.points[:, :2]
        line = flat[EYE_RIGHT] - flat[EYE_LEFT]
        self.span = float(np.linalg.norm(line))
        self.along = line / self.span
        if self.placed:
            self.span, self.along = _upright(flat)
        self.down = np.array([-self.along[1], self.along[0]])
        self.middle = flat[list(OVAL)].mean(axis=0)
        self.half = float(np.linalg.norm(flat[FOREHEAD] - flat[CHIN])) / 2
        self.at_rest = np.vstack([flat, self._around(flat)])
        self.triangles = np.vstack([self._outside(), triangles()])
        self._weights()
        self.gap = float((flat[LIP_BELOW] - flat[LIP_ABOVE]) @ self.down)
        self.mouth = float(np.linalg.norm(flat[MOUTH_RIGHT] - flat[MOUTH_LEFT]))
        self.lips = (flat[MOUTH_LEFT] + flat[MOUTH_RIGHT]) / 2
        self.widest = _OPEN * self.span * float(np.clip(self.mouth / (0.55 * self.span), 0.75, 1.15))
        held = list(dict.fromkeys((*UPPER_IN, *LOWER_IN, *UPPER_OUT, *LOWER_OUT, *JAW, *STILL)))
        self._held = {number: row for row, number in enumerate(held)}
        within = (flat - self.middle) / self.span
        self._spread = spline(within[held], within)
        self._spread[held] = np.eye(len(held))

    def _around(self, flat: Points) -> Points:
        width, height = self.size
        lines = [np.linspace(0, end - 1, _GRID) for end in (width, height)]
        spots = [np.stack(np.meshgrid(*lines), axis=-1).reshape(-1, 2)]
        from_middle = flat[list(OVAL)] - self.middle
        for count, away in _RINGS:
            turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
            ways = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
            reach = np.linalg.norm(from_middle[(from_middle @ ways.T).argmax(axis=0)], axis=1)
            spots.append(self.middle + ways * (away * reach)[:, None])
        every = np.vstack(spots)
        every[:, 0], every[:, 1] = every[:, 0].clip(0, width - 1), every[:, 1].clip(0, height - 1)
        edge = flat[list(OVAL)].astype(np.float32).reshape(-1, 1, 2)
        inside = np.array([cv2.pointPolygonTest(edge, (float(x), float(y)), measureDist=True) for x, y in every])
        return np.asarray(np.unique(every[inside < -0.1 * self.span].round(), axis=0))

    def _outside(self) -> NDArray[np.int64]:
        """Return triangles between the edge of the face and what lies around."""
        own = np.r_[list(OVAL), POINTS : len(self.at_rest)]
        flat = self.at_rest[own].astype(np.float32)
        low, high = flat.min(axis=0) - 8, flat.max(axis=0) + 8
        plane = cv2.Subdiv2D((int(low[0]), int(low[1]), int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1))
        plane.insert([(float(x), float(y)) for x, y in flat])
        corners = np.asarray(plane.getTriangleList(), dtype=np.float64).reshape(-1, 3, 2)
        inside = (corners.reshape(-1, 6) >= np.tile(low, 3)).all(axis=1) & (
            corners.reshape(-1, 6) <= np.tile(high, 3)
        ).all(axis=1)
        corners = corners[inside]
        distance = np.linalg.norm(corners[:, :, None, :] - flat[None, None], axis=-1)
        found = own[distance.argmin(axis=-1)]
        edge = self.at_rest[list(OVAL)].astype(np.float32).reshape(-1, 1, 2)
        centres = self.at_rest[found].mean(axis=1)
        out = [cv2.pointPolygonTest(edge, (float(x), float(y)), measureDist=False) <= 0 for x, y in centres]
        return np.asarray(found[np.array(out)], dtype=np.int64)

    def _weights(self) -> None:
        """Work out how far each point goes with the head, and how far before the edge of the face it lies."""
        width, height = self.size
        away = self.at_rest - self.middle
        across, down = away @ self.along / (self.half * 0.78), away @ self.down / self.half
        far = np.sqrt(across**2 + np.where(down > 0, down, down * 0.86) ** 2)
        share = np.clip(1 - (far - 1.25) / 1.5, 0, 1)
        share = share * share * (3 - 2 * share)
        share[:POINTS] = 1
        x, y = self.at_rest[:, 0], self.at_rest[:, 1]
        share[np.minimum.reduce([x, y, width - 1 - x, height - 1 - y]) < 2] = 0  # noqa: PLR2004 - the very edge
        self._with_head = share
        depth = np.zeros(len(self.at_rest))
        edge = float(np.median(self.points[list(OVAL), 2]))
        depth[:POINTS] = self.points[:, 2] - edge
        self._depth = depth

    def moved(self, look: Look, own: Points | None = None) -> Points:
        """Return where all points go; `own` are moves of the face's points that come on top, in pixels."""
        away = self._lips(look)
        face = self._spread @ away
        for number in BROWS:
            face[number] -= look.brow * 0.05 * self.span * self.down
        if own is not None:
            face += own
        every = np.zeros_like(self.at_rest)
        every[:POINTS] = face
        jaw = float(away[self._held[18]] @ self.down) / _JAW
        below = self.at_rest[POINTS:] - self.at_rest[CHIN]
        near = np.clip(1 - np.abs(below @ self.along) / self.span, 0, 1)
        near *= np.clip(1 - np.abs(below @ self.down) / (0.8 * self.span), 0, 1)
        every[POINTS:] += (near * 0.6 * jaw)[:, None] * self.down
        return self._turned(self.at_rest + every, look)

    def _lips(self, look: Look) -> Points:
        """Return how far the points that are held go, for a mouth."""
        away = np.zeros((len(self._held), 2))
        gap = look.open * self.widest
        stretch = 0.10 * look.wide - 0.30 * look.round
        flat = self.at_rest

        def sideways(number: int, share: float = 1.0) -> Points:
            return np.asarray(share * stretch * float((flat[number] - self.lips) @ self.along) * self.along)

        def put(number: int, move: Points) -> None:
            away[self._held[number]] = move

        pout = -0.035 * look.round * self.span
        for place, (above, below, over, under) in enumerate(zip(UPPER_IN, LOWER_IN, UPPER_OUT, LOWER_OUT, strict=True)):
            if above in CORNERS:
                put(above, sideways(above) + 0.25 * gap * self.down)
                put(over, sideways(over, 0.9) + 0.22 * gap * self.down)
                continue
            now = float((flat[below] - flat[above]) @ self.down)
            aside = (place - 5) / 5
            wanted = gap * float(np.sqrt(max(0.0, 1 - aside * aside * 0.98))) ** (1 + 0.6 * look.round)
            up = -_LIFT * wanted + _FOLLOW * now
            low = up + wanted - now
            put(above, up * self.down + sideways(above))
            put(below, low * self.down + sideways(below))
            put(over, (0.75 * up + pout) * self.down + sideways(over, 0.9))
            put(under, (0.9 * low - 0.6 * pout) * self.down + sideways(under, 0.9))
        jaw = -_LIFT * gap + _FOLLOW * self.gap + gap - self.gap
        for number, share in JAW.items():
            put(number, share * _JAW * jaw * self.down)
        return away

    def _turned(self, spots: Points, look: Look) -> Points:
        """Turn the head about the throat; what lies around follows less and less."""
        throat = self.at_rest[CHIN] + 0.25 * self.span * self.down
        away = spots - throat
        cos, sin = np.cos(look.roll), np.sin(look.roll)
        turned = np.stack([away[:, 0] * cos - away[:, 1] * sin, away[:, 0] * sin + away[:, 1] * cos], 1) * look.near
        turned += np.outer(-self._depth * look.yaw, self.along) + np.outer(-self._depth * look.pitch, self.down)
        turned += self.span * np.array([look.across, look.down])
        return np.asarray(spots + (turned + throat - spots) * self._with_head[:, None])


def _upright(flat: Points) -> tuple[float, Points]:
    """Return the eye span and the direction from eye to eye that a face should have whose mouth lies where it does."""
    eyes = np.mean([flat[[*upper, *lower]].mean(axis=0) for upper, lower, _ in EYES], axis=0)
    way = flat[[MOUTH_LEFT, MOUTH_RIGHT]].mean(axis=0) - eyes
    long = float(np.linalg.norm(way))
    down = way / long
    return long / _EYES_TO_MOUTH, np.array([down[1], -down[0]])


def spline(held: Points, spots: Points) -> Points:
    """Return the linear map from moves of points that are held, or new places of them, to those of all spots.

    It is a thin plate bent between.
    """

    def bend(square: Points) -> Points:
        return np.asarray(square * np.log(square + 1e-9))

    count = len(held)
    plate = bend(((held[:, None] - held[None]) ** 2).sum(-1)) + 1e-3 * np.eye(count)
    plane = np.c_[np.ones(count), held]
    whole = np.block([[plate, plane], [plane.T, np.zeros((3, 3))]])
    rows = np.c_[bend(((spots[:, None] - held[None]) ** 2).sum(-1)), np.ones(len(spots)), spots]
    return np.asarray((rows @ np.linalg.inv(whole))[:, :count])
