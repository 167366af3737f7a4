"""A head of one high from any side, its features as few lines as a storyboard needs, more the closer it is."""

from math import cos, pi, sin

from drawing.face import FRONT, SIDE, TURNED, Face
from drawing.ink import Pen, Point, Tone, ellipse, spline
from drawing.tone import Colour, mix


def draw_head(
    pen: Pen, face: Face, at: Point, px: float, yaw: float, flat: Tone | None = None, roll: float = 0.0
) -> None:
    """Draw a head around a point; `px` is its height, `yaw` 0 towards the camera and 90 to the right, in degrees."""
    head = Head(pen, face, at, px, yaw, flat, roll)
    head.behind()
    head.draw()


class Head:
    """One head, placed: `behind` draws the hair that falls behind neck and shoulders, `draw` the rest."""

    def __init__(self, pen: Pen, face: Face, at: Point, px: float, yaw: float, flat: Tone | None, roll: float) -> None:
        yaw = (yaw + 180) % 360 - 180
        self.pen, self.face, self.at, self.px, self.flat = pen, face, at, px * (1.06 if face.young else 1.0), flat
        self.mirror = -1 if yaw < 0 else 1
        self.yaw = abs(yaw)
        self.away = self.yaw > 105
        self.t = min(1.0, (180 - self.yaw if self.away else self.yaw) / 90)
        self.roll = roll * pi / 180
        own = pen.light.own
        dark = pen.light.colour(0.05)
        self.skin, self.hair = own(face.skin), own(face.hair)
        self.shade, self.ink = mix(self.skin, dark, 0.3), mix(self.skin, dark, 0.93)
        self.thin = max(0.5, min(3.2, px / pen.unit / 62))

    def p(self, x: float, y: float) -> Point:
        """Return a point of the head in the frame."""
        x, y = x * self.px * self.mirror, y * self.px
        a, b = cos(self.roll), sin(self.roll)
        return (self.at[0] + x * a - y * b, self.at[1] + x * b + y * a)

    def ps(self, *points: Point) -> list[Point]:
        """Return points of the head in the frame."""
        return [self.p(*point) for point in points]

    def tone(self, colour: Colour) -> Tone:
        """Return a colour, or the one tone of a figure against the light."""
        return colour if self.flat is None else self.flat

    def contour(self) -> list[Point]:
        """Return the outline of the face between the two sides that it is nearest to."""
        low, high, share = (FRONT, TURNED, self.t * 2) if self.t < 0.5 else (TURNED, SIDE, self.t * 2 - 1)
        return [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in zip(low, high, strict=True)]

    def draw(self) -> None:
        """Draw the head, but for the hair behind it."""
        pen = self.pen
        outline = self.ps(*spline(self.contour(), closed=True, steps=5))
        if self.away:
            outline = self.ps(
                *spline(
                    [
                        (0, -0.55),
                        (0.3, -0.45),
                        (0.41, -0.15),
                        (0.36, 0.14),
                        (0.24, 0.32),
                        (-0.24, 0.32),
                        (-0.36, 0.14),
                        (-0.41, -0.15),
                        (-0.3, -0.45),
                    ],
                    closed=True,
                    steps=5,
                )
            )
            if self.face.style in {"long", "bob"}:
                low = 0.75 if self.face.style == "long" else 0.42
                outline = self.ps(
                    *spline(
                        [
                            (0, -0.57),
                            (0.34, -0.45),
                            (0.46, -0.1),
                            (0.47, low * 0.7),
                            (0.3, low),
                            (-0.3, low),
                            (-0.47, low * 0.7),
                            (-0.46, -0.1),
                            (-0.34, -0.45),
                        ],
                        closed=True,
                        steps=5,
                    )
                )
            elif self.flat is None:
                for side in (-1, 1):
                    pen.shape(self.ps(*ellipse((side * 0.4, 0.02), 0.05, 0.1, 0, 10)), self.skin, self.thin * 0.8)
            pen.fill(outline, self.tone(self.hair if self.face.style != "bald" else self.skin))
            pen.line(outline, self.thin, closed=True, shaky=0.4)
            self._hair_lines()
            self._hat()
            return
        pen.fill(outline, self.tone(self.skin))
        if self.flat is None:
            self._shadow()
        pen.line(outline, self.thin, closed=True, shaky=0.35)
        if self.flat is None and self.px > 13 * pen.unit:
            self._features()
        self._hair()
        self._hat()

    def _shadow(self) -> None:
        t = self.t
        if t > 0.75:
            return
        points = [(-0.36 - 0.05 * t, -0.2), (-0.2 - 0.03 * t, -0.1), (-0.19 - 0.02 * t, 0.15), (-0.1, 0.34), (0.05 + 0.1 * t, 0.44),
                  (0.02 + 0.12 * t, 0.5), (-0.12 + 0.05 * t, 0.44), (-0.27, 0.3 - 0.05 * t), (-0.36, 0.06)]  # fmt: skip
        self.pen.fill(self.ps(*spline(points, closed=True, steps=4)), self.shade, 0.55)

    def _features(self) -> None:
        pen, t, ink, thin = self.pen, self.t, self.ink, self.thin
        close = self.px > 90 * pen.unit
        cx = 0.215 * t
        mood = self.face.mood
        near, far = cx - 0.165 * (1 - 0.25 * t), cx + 0.165 * (1 - 0.72 * t)
        eyes = [(near, 1.0)] + ([(far, 1 - 0.55 * t)] if t < 0.86 else [])
        for x, wide in eyes:
            self._eye(x, wide, close, outward=-1 if x == near else 1)
        tip = (cx + 0.03 + 0.10 * t, 0.165)
        if t < 0.86:
            bridge = [
                (cx + 0.06 * t + 0.012, -0.03),
                (cx + 0.03 + 0.07 * t, 0.08),
                tip,
                (tip[0] - 0.055, tip[1] + 0.032),
            ]
            pen.line(self.ps(*(bridge if close or t > 0.25 else bridge[1:])), thin * 0.85, ink, smooth=True)
            if close:
                pen.line(
                    self.ps((tip[0] - 0.1, 0.165), (tip[0] - 0.105, 0.19), (tip[0] - 0.075, 0.2)),
                    thin * 0.6,
                    ink,
                    0.7,
                    smooth=True,
                )
        self._mouth(cx + 0.02 + 0.07 * t, mood, close)
        if t > 0.2:
            ear = -0.20 + (1 - t) * -0.16
            pen.shape(self.ps(*spline([(ear - 0.05, -0.08), (ear + 0.04, -0.1), (ear + 0.06, 0.0), (ear + 0.02, 0.12), (ear - 0.03, 0.1)], closed=True, steps=4)),
                      mix(self.skin, self.shade, 0.5), thin * 0.8, ink, smooth=False) if self.face.style != "long" else None  # fmt: skip
        if self.face.old:
            for x, _ in eyes:
                pen.line(self.ps((x - 0.06, 0.075), (x + 0.05, 0.095)), thin * 0.5, ink, 0.6)
            pen.line(self.ps((cx - 0.13, 0.16), (cx - 0.15, 0.27)), thin * 0.6, ink, 0.7)
        if self.face.glasses:
            for x, wide in eyes:
                pen.line(self.ps(*ellipse((x, -0.005), 0.115 * (0.5 + wide / 2), 0.085)), thin * 0.9, ink, closed=True)
            pen.line(self.ps((near + 0.1, -0.02), (far - 0.09, -0.02)), thin * 0.8, ink)
        if self.face.beard:
            c = self.contour()
            rim = [
                *c[5:13],
                (-0.2 - 0.05 * t, 0.16),
                (cx - 0.14, 0.24),
                (cx + 0.02, 0.22),
                (cx + 0.14 - 0.03 * t, 0.25),
            ]
            pen.fill(self.ps(*spline(rim, closed=True, steps=4)), self.hair, 0.9)
            self._mouth(cx + 0.02 + 0.07 * t, mood, close)

    def _eye(self, x: float, wide: float, close: bool, outward: int) -> None:  # noqa: FBT001
        pen, ink, thin, mood = self.pen, self.ink, self.thin, self.face.mood
        w = 0.085 * (0.45 + 0.55 * wide)
        inner, outer = x - outward * w, x + outward * w
        rise, slant = {"angry": (-0.085, 0.045), "sad": (-0.125, -0.05), "afraid": (-0.165, -0.035), "happy": (-0.14, 0.0),
                       "surprised": (-0.175, 0.0)}.get(mood, (-0.125, 0.008))  # fmt: skip
        brow = [
            (inner, rise + slant),
            (x + outward * w * 0.3, rise - 0.022),
            (outer + outward * 0.02, rise - slant * 0.6),
        ]
        pen.line(self.ps(*brow), thin * 1.5, mix(self.hair, self.ink, 0.5), smooth=True)
        open_ = {"happy": 0.7, "afraid": 1.35, "surprised": 1.4, "angry": 0.75, "asleep": 0.0}.get(mood, 1.0)
        if open_ == 0:
            pen.line(self.ps((inner, 0.0), (x, 0.022), (outer, 0.0)), thin * 1.1, ink, smooth=True)
            return
        h = 0.038 * open_
        if not close:
            pen.line(self.ps((inner, -0.005), (x, -h), (outer, -0.002)), thin * 1.15, ink, smooth=True)
            pen.fill(self.ps(*ellipse((x + 0.012 * self.t, 0.006), 0.027, 0.036 * min(1.1, open_ + 0.1), 0, 10)), ink)
            return
        lid = spline(
            [(inner, 0.006), (x - outward * 0.02, -h * 1.1), (x + outward * w * 0.5, -h), (outer, -0.004)], steps=5
        )
        under = spline([(outer, -0.004), (x, h * 0.85), (inner, 0.006)], steps=5)
        pen.fill(self.ps(*lid, *under), mix(self.skin, (255, 255, 255), 0.72))
        iris = (x + 0.012 * self.t, -h * 0.1)
        r = 0.036
        pen.fill(self.ps(*ellipse(iris, r * (0.55 + 0.45 * wide), r * 1.02)), mix(self.hair, (92, 104, 110), 0.4))
        pen.fill(self.ps(*ellipse(iris, r * 0.5, r * 0.5)), ink)
        pen.fill(self.ps(*ellipse((iris[0] + 0.012, iris[1] - 0.013), 0.008, 0.008, 0, 8)), (250, 250, 250))
        pen.fill(self.ps(*lid, *[(a, b - 0.016) for a, b in reversed(lid)]), mix(self.skin, self.shade, 0.8))
        pen.line(self.ps(*lid), thin * 1.25, ink)
        pen.line(self.ps(*under[1:-2]), thin * 0.45, ink, 0.6)
        pen.line(self.ps(*[(a, b - 0.03) for a, b in lid[4:-2]]), thin * 0.5, ink, 0.5)

    def _mouth(self, x: float, mood: str, close: bool) -> None:  # noqa: FBT001
        pen, ink, thin, t = self.pen, self.ink, self.thin, self.t
        w = 0.115 * (1 - 0.42 * t) * (0.85 if self.face.young else 1.0)
        y = 0.295
        curve = {"happy": 0.045, "sad": -0.032, "angry": -0.02, "afraid": -0.012}.get(mood, 0.004)
        left, right = (x - w, y - curve), (x + w * (1 - 0.3 * t), y - curve)
        if mood in {"surprised", "talk", "shout", "afraid"}:
            tall = {"surprised": 0.05, "talk": 0.032, "shout": 0.085, "afraid": 0.036}[mood]
            hole = spline([left, (x, y - 0.022), right, (x, y + tall)], closed=True, steps=5)
            pen.fill(self.ps(*hole), mix(self.ink, (130, 50, 50), 0.25))
            if close:
                pen.fill(
                    self.ps(
                        (x - w * 0.6, y - 0.014),
                        (x + w * 0.55, y - 0.014),
                        (x + w * 0.45, y + 0.006),
                        (x - w * 0.5, y + 0.006),
                    ),
                    (238, 234, 228),
                )
            pen.line(self.ps(*hole), thin * 0.7, ink, closed=True)
            return
        pen.line(
            self.ps(
                left,
                (x - w * 0.3, y + curve * 0.5 - 0.006),
                (x, y + curve * 0.6),
                (x + w * 0.35, y + curve * 0.5 - 0.006),
                right,
            ),
            thin * 1.05,
            ink,
            smooth=True,
        )
        if close:
            lip = mix(self.skin, (168, 84, 82), 0.42)
            pen.fill(
                self.ps(
                    *spline(
                        [
                            left,
                            (x - w * 0.3, y - 0.03),
                            (x, y - 0.02),
                            (x + w * 0.35, y - 0.03),
                            right,
                            (x, y + curve * 0.6),
                        ],
                        closed=True,
                        steps=4,
                    )
                ),
                lip,
                0.5,
            )
            pen.fill(
                self.ps(*spline([left, (x, y + curve * 0.6), right, (x, y + 0.05)], closed=True, steps=4)), lip, 0.7
            )
            pen.line(self.ps((x - w * 0.4, y + 0.062), (x + w * 0.3, y + 0.062)), thin * 0.6, ink, 0.5)

    def behind(self) -> None:
        """Draw long hair where it falls behind neck and shoulders."""
        if self.face.style != "long" or self.away:
            return
        t = self.t
        points = [(-0.02 - 0.1 * t, -0.5), (0.36 - 0.25 * t, -0.3), (0.43 - 0.38 * t, 0.2), (0.40 - 0.42 * t, 0.72), (0.1 - 0.22 * t, 0.78),
                  (-0.34 - 0.06 * t, 0.76), (-0.47 - 0.05 * t, 0.3), (-0.45 - 0.06 * t, -0.25)]  # fmt: skip
        outline = self.ps(*spline(points, closed=True, steps=5))
        self.pen.fill(outline, self.tone(mix(self.hair, self.ink, 0.25)))
        self.pen.line(outline, self.thin, closed=True, shaky=0.5)

    def _hair(self) -> None:
        style, t, pen = self.face.style, self.t, self.pen
        if style == "bald":
            return
        cap = {
            "short": [(-0.36 - 0.06 * t, 0.04), (-0.43 - 0.05 * t, -0.2), (-0.3 - 0.08 * t, -0.5), (0 - 0.05 * t, -0.585), (0.26, -0.53), (0.385 - 0.01 * t, -0.34),
                      (0.372, -0.2 - 0.04 * t), (0.26 + 0.04 * t, -0.31), (0.02 + 0.1 * t, -0.33), (-0.18 + 0.04 * t, -0.24), (-0.27 + 0.02 * t, -0.1)],
            "bob": [(-0.40 - 0.05 * t, 0.38), (-0.5 - 0.02 * t, 0.0), (-0.42 - 0.04 * t, -0.38), (-0.05, -0.6), (0.28, -0.53), (0.42, -0.26), (0.43 - 0.1 * t, 0.3 - 0.3 * t),
                    (0.33 + 0.02 * t, 0.1 - 0.16 * t), (0.27 + 0.06 * t, -0.24), (-0.02 + 0.1 * t, -0.34), (-0.22, -0.12), (-0.25, 0.3)],
            "long": [(-0.46 - 0.02 * t, 0.62), (-0.44 - 0.05 * t, 0.3), (-0.45 - 0.04 * t, -0.1), (-0.38 - 0.05 * t, -0.4), (-0.05, -0.59), (0.26, -0.53), (0.40, -0.28), (0.42 - 0.08 * t, 0.1 - 0.2 * t),
                     (0.36, -0.06 - 0.08 * t), (0.24 + 0.09 * t, -0.28), (0.02 + 0.12 * t, -0.38), (-0.2, -0.24), (-0.31, 0.02), (-0.33 - 0.02 * t, 0.3), (-0.3 - 0.06 * t, 0.66)],
        }.get(style)  # fmt: skip
        if cap is None:  # a bun or a ponytail: short with something behind
            knot = (-0.42, -0.30) if t > 0.2 else (0.0, -0.62)
            pen.shape(
                self.ps(*ellipse(knot, 0.16, 0.15)),
                self.tone(self.hair),
                self.thin,
                self.ink if self.flat is None else 0.03,
            )
            cap = [(-0.34 - 0.06 * t, 0.0), (-0.42 - 0.05 * t, -0.2), (-0.3 - 0.08 * t, -0.48), (0 - 0.05 * t, -0.56), (0.26, -0.5), (0.38, -0.3), (0.35, -0.18),
                   (0.2 + 0.08 * t, -0.34), (0.0, -0.36), (-0.2, -0.26), (-0.26, -0.1)]  # fmt: skip
        outline = self.ps(*spline(cap, closed=True, steps=5))
        pen.fill(outline, self.tone(self.hair))
        pen.line(outline, self.thin, closed=True, shaky=0.5)
        self._hair_lines()

    def _hair_lines(self) -> None:
        if self.flat is not None or self.px < 30 * self.pen.unit or self.face.style == "bald":
            return
        light = mix(self.hair, (255, 255, 255), 0.25)
        for n in range(3):
            x = -0.24 + 0.16 * n - 0.08 * self.t
            self.pen.line(
                self.ps((x - 0.05, -0.24), (x, -0.4), (x + 0.12, -0.5)), self.thin * 0.7, light, 0.6, smooth=True
            )

    def _hat(self) -> None:
        t, pen = self.t, self.pen
        felt = pen.light.own((70, 66, 62))
        tone = self.tone(felt)
        if self.face.hat == "hat":
            pen.shape(self.ps(*ellipse((0.02 * t, -0.30), 0.62, 0.10, -3)), tone, self.thin, smooth=True)
            pen.shape(
                self.ps(
                    *spline(
                        [
                            (-0.38, -0.32),
                            (-0.34, -0.66),
                            (-0.1, -0.72),
                            (0.04, -0.67),
                            (0.26, -0.70),
                            (0.37, -0.34),
                            (0.0, -0.27),
                        ],
                        closed=True,
                        steps=4,
                    )
                ),
                tone,
                self.thin,
            )
            pen.fill(
                self.ps((-0.375, -0.43), (0.36, -0.45), (0.37, -0.35), (0.0, -0.29), (-0.38, -0.33)),
                self.tone(mix(felt, self.ink, 0.6)),
            )
        elif self.face.hat in {"cap", "helmet", "hood"}:
            tone = self.tone(
                pen.light.own({"cap": (60, 74, 96), "helmet": (98, 102, 84), "hood": (74, 72, 78)}[self.face.hat])
            )
            dome = [
                (-0.45, -0.2),
                (-0.42, -0.46),
                (-0.1, -0.66),
                (0.25, -0.6),
                (0.42, -0.3),
                (0.36, -0.22),
                (0.0, -0.27),
            ]
            if self.face.hat == "hood":
                dome = [
                    (-0.46, 0.5),
                    (-0.54, 0.0),
                    (-0.42, -0.5),
                    (-0.02, -0.7),
                    (0.32, -0.6),
                    (0.44, -0.2),
                    (0.3, -0.36),
                    (0.0, -0.44),
                    (-0.26, -0.2),
                    (-0.3, 0.2),
                    (-0.26, 0.5),
                ]
            pen.shape(self.ps(*spline(dome, closed=True, steps=4)), tone, self.thin)
            if self.face.hat == "cap" and not self.away:
                pen.shape(
                    self.ps(
                        *spline(
                            [
                                (0.0 + 0.1 * t, -0.30),
                                (0.38, -0.32),
                                (0.5 + 0.12 * t, -0.2),
                                (0.3, -0.18),
                                (0.06, -0.24),
                            ],
                            closed=True,
                            steps=4,
                        )
                    ),
                    tone,
                    self.thin,
                )
