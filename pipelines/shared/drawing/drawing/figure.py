"""People: a skeleton with joints in space, seen from the side that the scene wants, in the clothes of a character.

A figure is one high: feet at 0, crown at 1. It is turned by `yaw` (0 looks at the camera, 90 to the right, 180 away)
and drawn as limbs that taper, the far ones first.
"""

from dataclasses import dataclass, field, replace
from math import cos, hypot, pi, sin

from drawing.face import Face
from drawing.head import Head
from drawing.ink import Pen, Point, Tone, ellipse, spline
from drawing.tone import Colour, mix

_UP, _FORE, _THIGH, _SHIN, _TORSO, _HEAD = 0.165, 0.145, 0.245, 0.235, 0.295, 0.135


@dataclass(frozen=True)
class Pose:
    """Degrees from hanging straight down, forward positive: (shoulder, elbow) and (hip, knee), right limb first."""

    arms: tuple[tuple[float, float], tuple[float, float]] = ((7, 12), (-3, 14))
    legs: tuple[tuple[float, float], tuple[float, float]] = ((4, -3), (-5, -3))
    lean: float = 0.0
    nod: float = 0.0
    spread: float = 0.09
    lying: bool = False
    seat: float = 0.0


POSES = {
    "stand": Pose(),
    "walk": Pose(((-24, 18), (24, 24)), ((24, -6), (-18, -30)), lean=3, spread=0.05),
    "run": Pose(((-52, 84), (46, 92)), ((56, -58), (-26, -72)), lean=15, spread=0.04),
    "sit": Pose(((32, 42), (26, 52)), ((86, -86), (82, -84)), lean=2, seat=0.27),
    "talk": Pose(((26, 82), (2, 16))),
    "point": Pose(((88, 3), (-4, 14)), lean=2),
    "wave": Pose(((150, 34), (-3, 14))),
    "phone": Pose(((34, 136), (-3, 14)), nod=6),
    "kneel": Pose(((22, 46), (16, 52)), ((86, -88), (2, -92)), lean=6),
    "crouch": Pose(((46, 40), (40, 50)), ((104, -118), (72, -112)), lean=26),
    "lie": Pose(((12, 8), (4, 10)), ((4, -6), (-2, -4)), lying=True),
    "hands-up": Pose(((158, 20), (152, 22)), spread=0.16),
    "hug": Pose(((74, 34), (64, 44)), lean=6),
    "fight": Pose(((78, 24), (44, 104)), ((30, -26), (-24, -10)), lean=9),
    "carry": Pose(((38, 62), (36, 64)), lean=-2),
    "bow": Pose(((14, 20), (10, 22)), nod=24, lean=6),
    "lean-in": Pose(((40, 40), (32, 50)), lean=16),
    "aim": Pose(((86, 4), (76, 26)), ((14, -8), (-12, -6)), lean=3),
    "read": Pose(((36, 84), (32, 88)), nod=20),
    "ride": Pose(((48, 30), (44, 34)), ((62, -70), (58, -66)), lean=6, seat=0.27),
    "dance": Pose(((132, 30), (-60, 40)), ((30, -50), (-8, -4)), lean=-4, spread=0.12),
    "fall": Pose(((128, 30), (96, 50)), ((44, -40), (-30, -50)), lean=-34),
    "arms-crossed": Pose(((26, 104), (24, 100))),
}


@dataclass(frozen=True)
class Look:
    """What a character always looks like."""

    garment: str = "jacket"
    colour: Colour = (88, 112, 140)
    trousers: Colour = (62, 64, 72)
    face: Face = field(default_factory=Face)
    tall: float = 1.75
    broad: float = 1.0


class _Body:
    """The joints of a figure as points in the frame, each with how near it is."""

    def __init__(self, pose: Pose, yaw: float, at: Point, px: float, broad: float) -> None:
        self.turn = yaw * pi / 180
        self.px, self.origin, self.pose = px, at, pose
        side, lean = 0.112 * broad, pose.lean * pi / 180
        low = min(self._leg(one) for one in pose.legs)
        rise = max(-low, pose.seat or 0.0) + 0.018
        self.hip = (0.0, 0.0, rise)
        self.chest = (0.0, sin(lean) * _TORSO, rise + cos(lean) * _TORSO)
        nod = lean + pose.nod * pi / 180
        self.crown = (0.0, self.chest[1] + sin(nod) * 0.085, self.chest[2] + cos(nod) * 0.085)
        self.arms = [self._limb((s * side * 0.9, *self._down(self.chest, 0.03)), a, (_UP, _FORE), s * 0.055)
                     for s, a in zip((1, -1), pose.arms, strict=True)]  # fmt: skip
        self.legs = [self._limb((s * 0.052 * broad, 0.0, rise), a, (_THIGH, _SHIN), s * pose.spread * 0.5)
                     for s, a in zip((1, -1), pose.legs, strict=True)]  # fmt: skip
        self.tip = side

    @staticmethod
    def _down(joint: tuple[float, float, float], much: float) -> tuple[float, float]:
        return (joint[1], joint[2] - much)

    @staticmethod
    def _leg(leg: tuple[float, float]) -> float:
        hip, knee = leg[0] * pi / 180, (leg[0] + leg[1]) * pi / 180
        return -cos(hip) * _THIGH - cos(knee) * _SHIN

    @staticmethod
    def _limb(
        start: tuple[float, float, float], bend: tuple[float, float], long: tuple[float, float], out: float
    ) -> list[tuple[float, float, float]]:
        first, second = bend[0] * pi / 180, (bend[0] + bend[1]) * pi / 180
        x, d, y = start
        mid = (x + out * 0.5, d + sin(first) * long[0], y - cos(first) * long[0])
        end = (x + out, mid[1] + sin(second) * long[1], mid[2] - cos(second) * long[1])
        return [start, mid, end]

    def point(self, joint: tuple[float, float, float]) -> Point:
        """Return where a joint (to its right, forward, up) is in the frame."""
        side, forward, up = joint
        across = -side * cos(self.turn) + forward * sin(self.turn)
        drop = 0.10 * (forward * cos(self.turn) + side * sin(self.turn))
        if self.pose.lying:
            across, up = up - 0.5, 0.06 + across * 0.4
            drop = 0
        return (self.origin[0] + across * self.px, self.origin[1] - (up - drop) * self.px)

    def near(self, joint: tuple[float, float, float]) -> float:
        """Return how near the camera a joint is."""
        return joint[0] * sin(self.turn) + joint[1] * cos(self.turn)


def _taper(a: Point, b: Point, wide: float, narrow: float) -> list[Point]:
    far = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    nx, ny = -(b[1] - a[1]) / far, (b[0] - a[0]) / far
    ux, uy = (b[0] - a[0]) / far, (b[1] - a[1]) / far
    return [
        (a[0] - ux * wide * 0.5, a[1] - uy * wide * 0.5),
        (a[0] + nx * wide, a[1] + ny * wide),
        ((a[0] + b[0]) / 2 + nx * (wide + narrow) * 0.51, (a[1] + b[1]) / 2 + ny * (wide + narrow) * 0.51),
        (b[0] + nx * narrow, b[1] + ny * narrow),
        (b[0] + ux * narrow * 0.5, b[1] + uy * narrow * 0.5),
        (b[0] - nx * narrow, b[1] - ny * narrow),
        ((a[0] + b[0]) / 2 - nx * (wide + narrow) * 0.49, (a[1] + b[1]) / 2 - ny * (wide + narrow) * 0.49),
        (a[0] - nx * wide, a[1] - ny * wide),
    ]


class Figure:
    """Draws one person with a pen; `feet` is where it stands in the frame, `px` its height in pixels."""

    def __init__(
        self, pen: Pen, look: Look, pose: Pose, yaw: float, feet: Point, px: float, flat: Tone | None = None
    ) -> None:
        self.pen, self.look, self.yaw, self.px, self.flat = pen, look, yaw, px, flat
        self.body = _Body(pose, yaw, feet, px, look.broad)
        self.width = max(0.75, min(3.4, px / pen.unit / 260))
        own = pen.light.own
        self.cloth, self.legs, self.skin = own(look.colour), own(look.trousers), own(look.face.skin)
        self.dark = pen.light.colour(0.04)

    def draw(self) -> None:
        """Draw legs, the far arm, the body, the head and the near arm."""
        pen, body = self.pen, self.body
        away = abs((self.yaw + 180) % 360 - 180) > 100
        centre = body.point(body.crown)
        lift = _HEAD * 0.42 * self.px
        roll = (body.pose.nod * 0.7 + body.pose.lean * 0.5) * sin(self.yaw * pi / 180)
        place = (centre[0] + lift, centre[1]) if body.pose.lying else (centre[0], centre[1] - lift * 0.35)
        turned = (90.0, 88.0) if body.pose.lying else (self.yaw, roll)
        head = Head(pen, self.look.face, place, _HEAD * self.px, turned[0], self.flat, turned[1])
        head.behind()
        for leg in sorted(body.legs, key=lambda limb: body.near(limb[1])):
            self._leg(leg)
        arms = sorted(body.arms, key=lambda limb: body.near(limb[2]) + body.near(limb[0]))
        behind, front = (arms, []) if away else (arms[:1], arms[1:])
        if abs(sin(self.yaw * pi / 180)) < 0.35 and not away:
            behind, front = [], arms
        for arm in behind:
            self._arm(arm)
        self._neck()
        self._torso(away)
        head.draw()
        for arm in front:
            self._arm(arm)

    def _shade(self, colour: Colour, dark: float) -> Tone:
        return self.flat if self.flat is not None else mix(colour, self.dark, dark)

    def _leg(self, leg: list[tuple[float, float, float]]) -> None:
        hip, knee, foot = (self.body.point(joint) for joint in leg)
        px, pen = self.px, self.pen
        far = self.body.near(leg[1]) < self.body.near((0, 0, 0)) - 0.004
        tone = self._shade(self.legs, 0.28 if far else 0.0)
        bare = self.look.garment == "dress"
        if bare:
            tone = self._shade(self.skin, 0.2 if far else 0.05)
        wide = (0.036, 0.024, 0.017) if bare else (0.05, 0.034, 0.026)
        long = sin(self.body.turn)
        shoe = self._shade((48, 44, 46), 0.1)
        toe = 0.085 * long if abs(long) > 0.3 else 0.03 * (1 if leg[0][0] < 0 else -1)
        x, y = foot
        pen.shape(
            [(x - 0.022 * px, y - 0.018 * px), (x + 0.02 * px, y - 0.02 * px), (x + toe * px * 0.7 + 0.01 * px, y - 0.006 * px),
             (x + toe * px + 0.008 * px, y + 0.016 * px), (x - 0.024 * px, y + 0.018 * px)],
            shoe, self.width * 0.9, smooth=True,
        )  # fmt: skip
        lower, upper = _taper(knee, foot, wide[1] * px, wide[2] * px), _taper(hip, knee, wide[0] * px, wide[1] * px)
        pen.shape(lower, tone, self.width, smooth=True)
        pen.shape(upper, tone, self.width, smooth=True)
        pen.fill(spline(_taper(hip, knee, wide[0] * px * 0.9, wide[1] * px * 0.92), closed=True), tone)
        pen.fill(spline(_taper(knee, foot, wide[1] * px * 0.86, wide[2] * px * 0.8), closed=True), tone)
        if px > 260 * pen.unit and not bare and self.flat is None:
            pen.line(
                [(knee[0] - 0.02 * px, knee[1] - 0.006 * px), (knee[0] + 0.016 * px, knee[1] + 0.008 * px)],
                self.width * 0.7,
                see=0.6,
            )

    def _arm(self, arm: list[tuple[float, float, float]]) -> None:
        shoulder, elbow, wrist = (self.body.point(joint) for joint in arm)
        px, pen = self.px, self.pen
        far = self.body.near(arm[0]) < -0.02
        tone = self._shade(self.cloth, 0.30 if far else 0.06)
        bare = self.look.garment == "dress"
        broad = self.look.broad
        hand = self._shade(self.skin, 0.18 if far else 0.0)
        dx, dy = wrist[0] - elbow[0], wrist[1] - elbow[1]
        size = hypot(dx, dy) or 1.0
        palm = (wrist[0] + dx / size * 0.022 * px, wrist[1] + dy / size * 0.022 * px)
        turn = 0.0 if not size else (180 / pi) * _angle(dx, dy)
        pen.shape(ellipse(palm, 0.034 * px, 0.02 * px, turn, 12), hand, self.width * 0.9, smooth=True)
        wide = (0.034 * broad, 0.029, 0.021)
        lower, upper = (
            _taper(elbow, wrist, wide[1] * px, wide[2] * px),
            _taper(shoulder, elbow, wide[0] * px, wide[1] * px),
        )
        sleeve = self._shade(self.skin, 0.14 if far else 0.0) if bare else tone
        pen.shape(lower, sleeve, self.width, smooth=True)
        pen.shape(upper, tone, self.width, smooth=True)
        pen.fill(spline(_taper(shoulder, elbow, wide[0] * px * 0.88, wide[1] * px * 0.86), closed=True), tone)
        pen.fill(spline(_taper(elbow, wrist, wide[1] * px * 0.84, wide[2] * px * 0.7), closed=True), sleeve)
        if px > 300 * pen.unit and self.flat is None:
            pen.line(
                [(elbow[0] - 0.014 * px, elbow[1] - 0.012 * px), (elbow[0] + 0.012 * px, elbow[1] + 0.006 * px)],
                self.width * 0.7,
                see=0.6,
            )

    def _neck(self) -> None:
        body, px = self.body, self.px
        a, b = body.point(body.chest), body.point(body.crown)
        self.pen.shape(
            _taper((a[0], a[1] + 0.006 * px), (b[0], b[1] - 0.01 * px), 0.036 * px, 0.031 * px),
            self._shade(self.skin, 0.16),
            self.width,
            smooth=True,
        )

    def _torso(self, away: bool) -> None:  # noqa: FBT001 - which side of it is seen
        body, px, pen, look = self.body, self.px, self.pen, self.look
        flat = abs(cos(body.turn))
        wide = (0.118 * flat + 0.066 * (1 - flat)) * look.broad * px
        chest, hip = body.point(body.chest), body.point(body.hip)
        waist = (0.082 * flat + 0.056 * (1 - flat)) * look.broad * px
        seat = (0.088 * flat + 0.066 * (1 - flat)) * look.broad * px
        dx, dy = hip[0] - chest[0], hip[1] - chest[1]
        long = hypot(dx, dy) or 1.0
        ux, uy = dx / long, dy / long
        nx, ny = -uy, ux

        def at(down: float, out: float) -> Point:
            return (chest[0] + ux * down * long + nx * out, chest[1] + uy * down * long + ny * out)

        hem, flare = {"coat": (1.78, 1.5), "dress": (1.7, 1.9), "robe": (2.4, 1.6), "jacket": (1.14, 1.06)}.get(
            look.garment, (1.06, 1.0)
        )
        if body.pose.seat or abs(body.pose.legs[0][0]) > 50:
            hem = min(hem, 1.16)
        left = [
            at(-0.13, 0.26 * wide),
            at(-0.055, 0.5 * wide),
            at(0.01, 0.86 * wide),
            at(0.1, 1.0 * wide),
            at(0.5, waist * 1.04),
            at(1.0, seat),
            at(hem, seat * flare),
        ]
        right = [
            at(-0.13, -0.26 * wide),
            at(-0.055, -0.5 * wide),
            at(0.01, -0.86 * wide),
            at(0.1, -1.0 * wide),
            at(0.5, -waist * 1.04),
            at(1.0, -seat),
            at(hem, -seat * flare),
        ]
        outline = spline(left, steps=6) + spline(right, steps=6)[::-1]
        tone = self._shade(self.cloth, 0.0)
        pen.fill(outline, tone)
        if self.flat is None:
            shade = [
                at(-0.02, -0.3 * wide),
                at(0.09, -1.0 * wide),
                at(0.5, -waist * 1.02),
                at(1.0, -seat),
                at(hem, -seat * flare),
                at(hem, -seat * flare * 0.35),
                at(0.5, -waist * 0.42),
            ]
            pen.fill(shade, self._shade(self.cloth, 0.3), 0.75, smooth=False)
        pen.line(outline, self.width * 1.15, closed=True, shaky=0.5)
        if away or self.flat is not None or px < 120 * pen.unit:
            return
        self._details(at, wide, waist, hem)

    def _details(self, at: object, wide: float, waist: float, hem: float) -> None:
        assert callable(at)  # noqa: S101 - a function of this class's own
        pen, look, thin = self.pen, self.look, self.width * 0.75
        front = (
            sin(self.body.turn) * 0.42 * wide
        )  # where the middle of the chest is when it is turned; out is to the left
        middle = [at(0.02, -front * 0.75), at(0.5, -front * 0.9), at(min(hem, 1.1), -front * 0.9)]
        if look.garment in {"jacket", "coat", "suit"}:
            collar = [at(-0.09, 0.2 * wide), at(0.16, -front * 0.8), at(-0.09, -0.2 * wide)]
            inner = self.pen.light.own((232, 230, 224))
            pen.fill(collar, inner)
            if look.garment == "suit":
                pen.fill(
                    [
                        at(-0.02, 0.05 * wide - front * 0.4),
                        at(-0.02, -0.05 * wide - front * 0.4),
                        at(0.36, -front * 0.85),
                    ],
                    self._shade((120, 40, 44), 0.1),
                )
                middle = [at(0.3, -front * 0.85), *middle[1:]]
            pen.line([at(-0.1, 0.24 * wide), at(0.05, 0.34 * wide - front * 0.4), at(0.26, -front * 0.8)], thin)
            pen.line([at(-0.1, -0.24 * wide), at(0.05, -0.34 * wide - front * 0.4), at(0.26, -front * 0.8)], thin)
            pen.line([at(0.22, -front * 0.85), *middle[1:], at(hem, -front * 0.9)], thin)
        elif look.garment in {"shirt", "uniform"}:
            pen.line([at(-0.1, 0.22 * wide), at(0.04, -front * 0.7), at(-0.1, -0.22 * wide)], thin)
            pen.line(middle, thin, see=0.7)
        else:
            pen.line([at(-0.09, 0.24 * wide), at(0.02, -front * 0.5), at(-0.09, -0.24 * wide)], thin, smooth=True)
        if look.garment in {"coat", "dress", "uniform", "robe"}:
            pen.line([at(0.53, waist), at(0.56, -front * 0.9), at(0.53, -waist)], thin * 1.2)
        pen.line([at(0.3, wide * 0.5), at(0.42, wide * 0.28)], thin * 0.8, see=0.5)
        pen.line([at(0.62, -waist * 0.7), at(0.74, -waist * 0.3)], thin * 0.8, see=0.5)


def _angle(dx: float, dy: float) -> float:
    from math import atan2  # noqa: PLC0415

    return atan2(dy, dx)


def faced(look: Look, **changes: object) -> Look:
    """Return the same character with another face for this shot: a mood, closed eyes."""
    return replace(look, face=replace(look.face, **changes))  # type: ignore[arg-type]
