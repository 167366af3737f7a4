"""A figure cut out of a still in fourteen pieces, which are laid along the limbs of somebody who moves."""

from dataclasses import dataclass

import cv2
import numpy as np
from footage import Picture
from joints import BONES, COUNT, HEAD, HIPS, SHOULDERS, Joints, middle, torso
from numpy.typing import NDArray

Plane = NDArray[np.float32]

_WIDE = {"upper arm": 0.15, "forearm": 0.12, "hand": 0.12, "thigh": 0.21, "shin": 0.15, "foot": 0.13}
"""How far a limb reaches from its bone, in lengths of the torso."""

_ENDS = 1.35
_SPARE = 0.12
_SHORTEST, _LONGEST = 0.25, 1.12


@dataclass(frozen=True)
class Piece:
    """A piece of the figure: its colours and how far they cover, cut from the still at `at`."""

    colours: Picture
    cover: Plane
    at: tuple[int, int]


@dataclass(frozen=True)
class Build:
    """How long the limbs of somebody are when they are not foreshortened."""

    bones: dict[str, float]
    torso: float
    shoulders: float
    hips: float
    head: float


def build_of(track: NDArray[np.float64]) -> Build:
    """Return how somebody is built, from how long their limbs are seen at most along a clip."""

    def most(lengths: NDArray[np.float64], share: float = 90) -> float:
        return float(np.percentile(lengths, share)) or 1.0

    flat = track[..., :2]

    def long(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.linalg.norm(one - other, axis=-1))

    tops, ends = flat[:, list(SHOULDERS)].mean(axis=1), flat[:, list(HIPS)].mean(axis=1)
    return Build(
        {name: most(long(flat[:, a], flat[:, b]), 88) for name, (a, b) in BONES.items()},
        most(long(tops, ends), 85),
        most(long(flat[:, SHOULDERS[0]], flat[:, SHOULDERS[1]])),
        most(long(flat[:, HIPS[0]], flat[:, HIPS[1]])),
        most(long(flat[:, list(HEAD)].mean(axis=1), tops), 85),
    )


class Cutout:
    """The figure of a still; `rest` are its joints there, `mask` where it stands."""

    def __init__(self, picture: Picture, rest: Joints, mask: Plane) -> None:
        self.rest = rest
        self.torso = torso(rest)
        self.hip, self.neck = middle(rest, HIPS), middle(rest, SHOULDERS)
        self.head = np.asarray(rest[list(HEAD), :2].mean(axis=0))
        self.mask = np.clip((np.clip(mask * 1.6, 0, 1) - 0.25) / 0.5, 0, 1).astype(np.float32)
        self._picture = picture
        self._pieces = self._cut()

    def _far(self) -> dict[str, Plane]:
        """Return how far every pixel is from every limb, in widths of the limb."""
        tall, wide = self.mask.shape
        down, across = np.mgrid[0:tall, 0:wide].astype(np.float32)
        spots = np.stack([across, down], -1)
        far: dict[str, Plane] = {}
        for name, (a, b) in BONES.items():
            kind = name.rsplit(" ", 1)[0]
            start, end = self.rest[a, :2], self.rest[b, :2]
            if kind in {"hand", "foot"}:
                end = start + (end - start) * _ENDS
            far[name] = _from_line(spots, start, end) / (_WIDE[kind] * self.torso)
        trunk = self.rest[[SHOULDERS[0], SHOULDERS[1], HIPS[1], HIPS[0]], :2].astype(np.float32)
        centre = trunk.mean(axis=0)
        trunk = centre + (trunk - centre) * np.array([0.9, 1.06], np.float32)
        inside = np.zeros((tall, wide), np.uint8)
        cv2.fillConvexPoly(inside, trunk.astype(np.int32), (1.0,))
        far["torso"] = (cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5) / (0.20 * self.torso)).astype(np.float32)
        ears = float(np.linalg.norm(self.rest[7, :2] - self.rest[8, :2]))
        up = self.head - self.neck
        around = max(ears, float(np.linalg.norm(up)) * 0.62) * 0.62
        far["head"] = _from_line(spots, self.neck + up * 0.55, self.head + up * 0.45) / around
        return far

    def _cut(self) -> dict[str, Piece]:
        far = self._far()
        names = list(far)
        stack = np.stack([far[name] for name in names])
        nearest = stack.argmin(axis=0)
        there = self.mask > 0.02  # noqa: PLR2004 - anything of the figure
        pieces = {}
        for number, name in enumerate(names):
            own = _large(((nearest == number) & there).astype(np.uint8))
            if own.sum() < 30:  # noqa: PLR2004 - a limb of a few pixels is a mistake
                continue
            lapped = np.maximum(own, self._lap(name, own, far, there))
            cover = (cv2.GaussianBlur(lapped.astype(np.float32), (0, 0), 1.0) * self.mask).astype(np.float32)
            pieces[name] = self._piece(cover)
        return pieces

    def _lap(
        self, name: str, own: NDArray[np.uint8], far: dict[str, Plane], there: NDArray[np.bool_]
    ) -> NDArray[np.uint8]:
        """Return how far a piece reaches under its neighbours, so that no gap opens at a joint."""
        lap = np.zeros_like(own)
        if name in BONES:
            kind = name.rsplit(" ", 1)[0]
            reach = int(_WIDE[kind] * self.torso * 0.95)
            spots = [(int(self.rest[end, 0]), int(self.rest[end, 1])) for end in BONES[name]]
            cv2.circle(lap, spots[0], reach, (1.0,), -1)
            if kind not in {"hand", "foot"}:
                cv2.circle(lap, spots[1], int(reach * 0.8), (1.0,), -1)
            return np.asarray(lap & ((far[name] < 1.25) & there), dtype=np.uint8)  # noqa: PLR2004
        if name == "head":
            return np.asarray((far[name] < 1.25) & there, dtype=np.uint8)  # noqa: PLR2004
        limbs = [far[one] for one in BONES if one.rsplit(" ", 1)[0] in {"forearm", "hand", "shin"}]
        clear = np.minimum.reduce(limbs) > 1.0
        side = int(0.10 * self.torso) | 1
        near = cv2.dilate(own, np.ones((side, side), np.uint8)) > 0
        return np.asarray((far[name] < 2.2) & there & (far["head"] > 0.8) & clear & near, dtype=np.uint8)  # noqa: PLR2004

    def _piece(self, cover: Plane) -> Piece:
        """Return a piece with its colours spread over its edge, so that no background shines at it."""
        rows, columns = np.flatnonzero(cover.any(axis=1)), np.flatnonzero(cover.any(axis=0))
        tall, wide = cover.shape
        top, bottom = max(0, int(rows[0]) - 3), min(tall, int(rows[-1]) + 4)
        left, right = max(0, int(columns[0]) - 3), min(wide, int(columns[-1]) + 4)
        cover = cover[top:bottom, left:right]
        picture = self._picture[top:bottom, left:right]
        sure = ((cover > 0.6) & (self.mask[top:bottom, left:right] > 0.9)).astype(np.uint8)  # noqa: PLR2004
        if sure.sum() > 400:  # noqa: PLR2004
            sure = np.asarray(cv2.erode(sure, np.ones((3, 3), np.uint8)), dtype=np.uint8)
        if sure.sum() < 10:  # noqa: PLR2004
            sure = (cover > 0.3).astype(np.uint8)  # noqa: PLR2004
        weight = sure.astype(np.float32)
        known = picture.astype(np.float32) * weight[..., None]
        colours, done = known.copy(), weight.copy()
        for wide_ in (2, 5, 12):
            blurred, share = cv2.GaussianBlur(known, (0, 0), wide_), cv2.GaussianBlur(weight, (0, 0), wide_)
            edge = (done < 0.01) & (share > 1e-3)  # noqa: PLR2004
            colours[edge] = blurred[edge] / share[edge][:, None]
            done[edge] = 1
        whole = np.where(sure[..., None] > 0, picture, colours).clip(0, 255).astype(np.uint8)
        return Piece(whole, np.ascontiguousarray(cover), (left, top))

    def without(self) -> Picture:
        """Return the still without its figure: what lay behind is smeared in from around."""
        tall, wide = self.mask.shape
        gone = cv2.dilate((self.mask > 0.03).astype(np.uint8), np.ones((13, 13), np.uint8))  # noqa: PLR2004
        small = cv2.resize(self._picture, (wide // 2, tall // 2), interpolation=cv2.INTER_AREA)
        hole = cv2.resize(gone, (wide // 2, tall // 2), interpolation=cv2.INTER_NEAREST)
        behind = cv2.resize(cv2.GaussianBlur(cv2.inpaint(small, hole, 5, cv2.INPAINT_TELEA), (0, 0), 2), (wide, tall))
        soft = cv2.GaussianBlur(gone.astype(np.float32), (0, 0), 4)[..., None]
        return np.asarray((self._picture * (1 - soft) + behind * soft).clip(0, 255), dtype=np.uint8)

    def posed(self, joints: Joints, theirs: Build, scale: float, root: Joints) -> Joints:
        """Return where the figure's joints go: its own limbs, in the directions and foreshortening of `joints`."""
        own, flat = self.rest[:, :2], joints[:, :2]
        to = np.zeros((COUNT, 3))
        to[:, 2] = joints[:, 2]
        up = _along(middle(joints, SHOULDERS) - middle(joints, HIPS), self.torso * scale, theirs.torso)
        neck = root + up
        for pair, centre, long in ((SHOULDERS, neck, theirs.shoulders), (HIPS, root, theirs.hips)):
            width = float(np.linalg.norm(own[pair[0]] - own[pair[1]])) * scale
            half = (flat[pair[0]] - flat[pair[1]]) / long * width
            half *= min(1.0, 1.15 * width / (float(np.linalg.norm(half)) + 1e-6)) / 2
            to[pair[0], :2], to[pair[1], :2] = centre + half, centre - half
        for name, (a, b) in BONES.items():
            length = float(np.linalg.norm(own[b] - own[a])) * scale
            to[b, :2] = to[a, :2] + _along(flat[b] - flat[a], length, theirs.bones[name])
        tilt = flat[list(HEAD)].mean(axis=0) - middle(joints, SHOULDERS)
        to[0, :2] = neck + _along(tilt, float(np.linalg.norm(self.head - self.neck)) * scale, theirs.head)
        return to

    def onto(self, picture: Picture, to: Joints, scale: float) -> None:
        """Lay the pieces over a picture, the farthest first."""
        trunk = float(to[[*SHOULDERS, *HIPS], 2].mean())
        order = []
        for name in self._pieces:
            if name in BONES:
                a, b = BONES[name]
                depth = float(to[a, 2] + to[b, 2]) / 2 + (0.5 if name.startswith("foot") else 0.0)
            else:
                depth = trunk - (1.0 if name == "head" else 0.0)
            order.append((depth, name))
        for _, name in sorted(order, reverse=True):
            _lay(picture, self._pieces[name], self._turn(name, to, scale))

    def _turn(self, name: str, to: Joints, scale: float) -> NDArray[np.float64]:
        hip, neck = middle(to, HIPS), middle(to, SHOULDERS)
        if name == "head":
            return _similar(self.neck, self.head, neck, to[0, :2], scale, scale)
        if name in BONES:
            a, b = BONES[name]
            return _similar(self.rest[a, :2], self.rest[b, :2], to[a, :2], to[b, :2], None, scale)
        own = (self.rest[11, :2] - self.rest[12, :2] + self.rest[23, :2] - self.rest[24, :2]) / 2
        across = (to[11, :2] - to[12, :2] + to[23, :2] - to[24, :2]) / 2
        least = 0.55 * float(np.linalg.norm(own)) * scale
        if float(np.linalg.norm(across)) < least:  # seen from the side: no thinner than that, a figure has no side view
            up = neck - hip
            normal = np.array([up[1], -up[0]]) / (float(np.linalg.norm(up)) + 1e-6)
            across = normal * (np.sign(float(across @ normal)) or 1.0) * least
        return np.asarray(
            cv2.getAffineTransform(
                np.array([self.hip, self.neck, self.hip + own], np.float32),
                np.array([hip, neck, hip + across], np.float32),
            ),
            dtype=float,
        )


def _from_line(spots: Plane, start: Joints, end: Joints) -> Plane:
    line = (end - start).astype(np.float32)
    share = np.clip((spots - start.astype(np.float32)) @ line / max(float(line @ line), 1e-6), 0, 1)
    return np.asarray(np.linalg.norm(spots - (start + share[..., None] * line), axis=-1), dtype=np.float32)


def _large(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a mask without its crumbs."""
    count, names, facts, _ = cv2.connectedComponentsWithStats(mask)
    kept = [name for name in range(1, count) if facts[name, cv2.CC_STAT_AREA] > _SPARE * mask.sum()]
    return np.isin(names, kept).astype(np.uint8)


def _along(way: Joints, length: float, seen_at_most: float) -> Joints:
    """Return a way of a figure's own length, as much foreshortened as theirs is."""
    seen = float(np.linalg.norm(way)) + 1e-6
    return np.asarray(way / seen * length * float(np.clip(seen / seen_at_most, _SHORTEST, _LONGEST)))


def _similar(
    start: Joints, end: Joints, to_start: Joints, to_end: Joints, along: float | None, across: float
) -> NDArray[np.float64]:
    """Return the map that lays a bone over another; `along` scales its length, None as the two ends say."""
    own, new = end - start, to_end - to_start
    long, far = float(np.linalg.norm(own)) + 1e-6, float(np.linalg.norm(new)) + 1e-6
    e, f = own / long, new / far
    turn = np.outer(f, e) * (far / long if along is None else along)
    turn += np.outer([-f[1], f[0]], [-e[1], e[0]]) * across
    return np.column_stack([turn, to_start - turn @ start])


def _lay(picture: Picture, piece: Piece, turn: NDArray[np.float64]) -> None:
    tall, wide = picture.shape[:2]
    high, broad = piece.cover.shape
    turn = turn.copy()
    turn[:, 2] += turn[:, :2] @ np.array(piece.at, dtype=float)
    corners = np.array([(0, 0), (broad, 0), (0, high), (broad, high)], dtype=float) @ turn[:, :2].T + turn[:, 2]
    left, top = np.floor(corners.min(axis=0)).astype(int).clip(0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, (wide, tall))
    if right <= left or bottom <= top:
        return
    turn[:, 2] -= (left, top)
    size = (int(right - left), int(bottom - top))
    cover = cv2.warpAffine(piece.cover, turn, size, flags=cv2.INTER_LINEAR)[..., None]
    edge = cv2.BORDER_REPLICATE
    colours = cv2.warpAffine(piece.colours, turn, size, flags=cv2.INTER_LINEAR, borderMode=edge)
    part = picture[top:bottom, left:right]
    part[:] = (part * (1 - cover) + colours * cover).clip(0, 255).astype(np.uint8)
