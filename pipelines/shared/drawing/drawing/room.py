"""A room: a box around the camera, and what furniture stands in most rooms."""

from drawing.ink import Point, ellipse, spline
from drawing.sky import lamp_light
from drawing.stage import Set
from drawing.tone import LAMP


class Room:
    """A room of a width and a height in metres whose back wall is some metres behind the people."""

    def __init__(self, s: Set, half: float = 3.4, tall: float = 2.9, deep: float = 3.2, value: float = 0.8) -> None:
        self.s, self.half, self.tall, self.value = s, half, tall, value * (0.8 if s.mid.light.lamps else 1.0)
        self.back = s.lens.subject + deep
        self.floor = self.value - 0.22
        lens, pen, v = s.lens, s.mid, self.value
        left, top, right, bottom = lens.edges
        back = lens.face((-half, half), (0, tall), self.back)
        pen.fill([(left, top), (right, top), (right, bottom), (left, bottom)], v)
        pen.fill(
            [
                lens.at(-half, tall, 0.4),
                lens.at(half, tall, 0.4),
                lens.at(half, tall, self.back),
                lens.at(-half, tall, self.back),
            ],
            v + 0.1,
        )
        pen.fill(lens.side(-half, (0, tall), (0.4, self.back)), v - 0.05)
        pen.fill(lens.side(half, (0, tall), (0.4, self.back)), v - 0.13)
        pen.fill(back, v + 0.03)
        pen.fill(lens.floor((-half, half), (0.4, self.back)), self.floor)
        for x in (-half, half):
            for y in (0.0, tall):
                pen.line([lens.at(x, y, 0.5), lens.at(x, y, self.back)], 1.8, 0.1)
            pen.line([lens.at(x, 0.12, 0.5), lens.at(x, 0.12, self.back)], 0.9, 0.3, 0.7)
        pen.line([*back, back[0]], 1.8, 0.1)
        pen.line([lens.at(-half, 0.12, self.back), lens.at(half, 0.12, self.back)], 0.9, 0.3, 0.7)
        if pen.light.lamps:
            pen.fade((left, top, right, top + (bottom - top) * 0.6), 0.02, 0.02, (0.5, 0.0))

    def boards(self, many: int = 11) -> None:
        """Draw floor boards."""
        for n in range(many):
            x = -self.half + 2 * self.half * n / many
            self.s.mid.line([self.s.lens.at(x, 0, 0.5), self.s.lens.at(x, 0, self.back)], 0.8, self.floor - 0.3, 0.55)

    def tiles(self, size: float = 0.8) -> None:
        """Draw floor tiles."""
        self.boards(int(2 * self.half / size))
        z = 0.8
        while z < self.back:
            self.s.mid.line(
                [self.s.lens.at(-self.half, 0, z), self.s.lens.at(self.half, 0, z)], 0.8, self.floor - 0.3, 0.55
            )
            z += size

    def view(self, points: list[Point]) -> None:
        """Fill a window with what is outside."""
        pen = self.s.mid
        pen.fill(points, (42, 52, 84) if pen.light.lamps else (236, 244, 250))

    def window(self, x: float, wide: float = 1.5, y: tuple[float, float] = (0.95, 2.35)) -> None:
        """Draw a window in the back wall, and by day the light that falls in."""
        s, lens = self.s, self.s.lens
        pane = lens.face((x - wide / 2, x + wide / 2), y, self.back)
        self.view(pane)
        frame = lens.face((x - wide / 2 - 0.08, x + wide / 2 + 0.08), (y[0] - 0.08, y[1] + 0.08), self.back)
        s.mid.line([*frame, frame[0]], 2.2, 0.1)
        s.mid.line([*pane, pane[0]], 1.4, 0.15)
        s.mid.line([lens.at(x, y[0], self.back), lens.at(x, y[1], self.back)], 2.2, 0.14)
        s.mid.line(
            [lens.at(x - wide / 2, (y[0] + y[1]) / 2, self.back), lens.at(x + wide / 2, (y[0] + y[1]) / 2, self.back)],
            1.6,
            0.14,
        )
        if not s.mid.light.lamps:
            beam = [
                lens.at(x - wide / 2, 0, self.back - 0.5),
                lens.at(x + wide / 2, 0, self.back - 0.5),
                lens.at(x + wide / 2 + 0.7, 0, self.back - 2.4),
                lens.at(x - wide / 2 + 0.7, 0, self.back - 2.4),
            ]
            s.mid.fill(beam, (255, 252, 240), 0.55)
        for side in (-1, 1):
            a = x + side * (wide / 2 + 0.16)
            drape = spline(
                [
                    lens.at(a - 0.22, y[1] + 0.25, self.back),
                    lens.at(a + 0.22, y[1] + 0.25, self.back),
                    lens.at(a + 0.16, y[0] + 0.3, self.back),
                    lens.at(a + 0.24, 0.1, self.back),
                    lens.at(a - 0.24, 0.1, self.back),
                    lens.at(a - 0.16, y[0] + 0.3, self.back),
                ],
                closed=True,
                steps=4,
            )
            s.mid.shape(drape, self.value - 0.22, 1.3)
            s.mid.line(
                [lens.at(a, y[1] + 0.2, self.back), lens.at(a + 0.03, 0.15, self.back)], 0.9, self.value - 0.5, 0.7
            )

    def side_window(self, near: float, far: float, *, right: bool = False) -> None:
        """Draw a window in a side wall."""
        lens = self.s.lens
        x = self.half if right else -self.half
        pane = lens.side(x, (0.95, 2.4), (near, far))
        self.view(pane)
        self.s.mid.line([*pane, pane[0]], 2, 0.12)
        middle = (near + far) / 2
        self.s.mid.line([lens.at(x, 0.95, middle), lens.at(x, 2.4, middle)], 1.6, 0.14)
        if not self.s.mid.light.lamps:
            shift = 1.8 if not right else -1.8
            beam = [
                lens.at(x + shift * 0.25, 0, near),
                lens.at(x + shift, 0, near),
                lens.at(x + shift, 0, far),
                lens.at(x + shift * 0.25, 0, far),
            ]
            self.s.mid.fill(beam, (255, 252, 240), 0.5)

    def door(self, x: float, *, ajar: bool = False) -> None:
        """Draw a door in the back wall."""
        s, lens = self.s, self.s.lens
        s.mid.shape(lens.face((x - 0.52, x + 0.52), (0, 2.16), self.back), self.value - 0.12, 1.6)
        leaf = lens.face((x - 0.44, x + 0.44), (0, 2.08), self.back)
        s.mid.shape(leaf, 0.08 if ajar else self.value - 0.28, 1.6)
        if ajar:
            s.mid.shape(
                [
                    lens.at(x - 0.44, 0, self.back),
                    lens.at(x - 0.44, 2.08, self.back),
                    lens.at(x - 0.5, 2.08, self.back - 0.8),
                    lens.at(x - 0.5, 0, self.back - 0.8),
                ],
                self.value - 0.24,
                1.5,
            )
        for y in ((0.25, 0.95), (1.15, 1.9)):
            panel = lens.face((x - 0.3, x + 0.3), y, self.back)
            if not ajar:
                s.mid.line([*panel, panel[0]], 0.9, self.value - 0.5, 0.8)
        s.mid.fill(
            ellipse(lens.at(x + 0.36, 1.02, self.back), 0.04 * lens.scale(self.back), 0.04 * lens.scale(self.back)), 0.2
        )

    def picture(self, x: float, y: float = 1.75, wide: float = 0.8, tall: float = 0.6) -> None:
        """Draw a framed picture on the back wall."""
        s, lens = self.s, self.s.lens
        s.mid.shape(
            lens.face((x - wide / 2, x + wide / 2), (y - tall / 2, y + tall / 2), self.back), self.value - 0.34, 1.6
        )
        s.mid.fill(
            lens.face(
                (x - wide / 2 + 0.07, x + wide / 2 - 0.07), (y - tall / 2 + 0.07, y + tall / 2 - 0.07), self.back
            ),
            self.value + 0.12,
        )
        s.mid.line(
            [
                lens.at(x - wide * 0.3, y - tall * 0.12, self.back),
                lens.at(x - wide * 0.05, y + tall * 0.16, self.back),
                lens.at(x + wide * 0.3, y - tall * 0.18, self.back),
            ],
            1.2,
            0.3,
        )

    def pendant(self, x: float, z: float, drop: float = 0.9) -> None:
        """Draw a hanging lamp."""
        s, lens, px = self.s, self.s.lens, self.s.lens.scale(z)
        a, b = lens.at(x, self.tall, z), lens.at(x, self.tall - drop, z)
        s.mid.line([a, b], 1.4, 0.1)
        if s.mid.light.lamps:
            lamp_light(s.mid, (b[0], b[1] + 0.14 * px), 0.14 * px)
        s.mid.shape(
            [
                (b[0] - 0.05 * px, b[1] - 0.08 * px),
                (b[0] + 0.05 * px, b[1] - 0.08 * px),
                (b[0] + 0.24 * px, b[1] + 0.12 * px),
                (b[0] - 0.24 * px, b[1] + 0.12 * px),
            ],
            0.22,
            1.5,
        )

    def standing_lamp(self, x: float, z: float, tall: float = 1.55) -> None:
        """Draw a lamp with a shade."""
        s, lens, px = self.s, self.s.lens, self.s.lens.scale(z)
        foot, top = lens.at(x, 0 if tall > 1 else 0.55, z), lens.at(x, tall, z)
        s.mid.line([foot, top], 2.4, 0.12)
        if s.mid.light.lamps:
            lamp_light(s.mid, top, 0.16 * px, 0.9)
        s.mid.shape([(top[0] - 0.14 * px, top[1] - 0.16 * px), (top[0] + 0.14 * px, top[1] - 0.16 * px), (top[0] + 0.24 * px, top[1] + 0.14 * px), (top[0] - 0.24 * px, top[1] + 0.14 * px)],
                    LAMP if s.mid.light.lamps else self.value + 0.1, 1.5)  # fmt: skip

    def box(self, x: tuple[float, float], y: tuple[float, float], z: tuple[float, float], value: float) -> None:
        """Draw a box of furniture in one tone and its shades."""
        self.s.lens.box(self.s.mid, x, y, z, (value, value - 0.13, value + 0.12), 1.5)

    def shelf(self, x: tuple[float, float], y: tuple[float, float], z: float, *, books: bool = True) -> None:
        """Draw shelves with books or bottles against the back wall."""
        s, lens = self.s, self.s.lens
        self.box(x, y, (z, z + 0.35), self.value - 0.26)
        rows = max(1, int((y[1] - y[0]) / 0.42))
        for row in range(rows):
            low = y[0] + 0.06 + row * (y[1] - y[0]) / rows
            high = y[0] + (row + 1) * (y[1] - y[0]) / rows - 0.05
            s.mid.fill(lens.face((x[0] + 0.05, x[1] - 0.05), (low, high), z), self.value - 0.42)
            at = x[0] + 0.07
            while at < x[1] - 0.14:
                wide = s.chance.uniform(0.05, 0.1)
                rise = low + (high - low) * s.chance.uniform(0.6, 0.95)
                tone = s.chance.uniform(0.3, 0.85) * (self.value + 0.1)
                if books:
                    s.mid.fill(lens.face((at, at + wide), (low, rise), z), tone)
                    s.mid.line([lens.at(at, low, z), lens.at(at, rise, z)], 0.7, 0.12)
                else:
                    neck = at + wide * 0.35
                    s.mid.fill(
                        [
                            lens.at(at, low, z),
                            lens.at(at, low + (rise - low) * 0.6, z),
                            lens.at(neck, low + (rise - low) * 0.7, z),
                            lens.at(neck, rise, z),
                            lens.at(at + wide * 0.65, rise, z),
                            lens.at(at + wide * 0.65, low + (rise - low) * 0.7, z),
                            lens.at(at + wide, low + (rise - low) * 0.6, z),
                            lens.at(at + wide, low, z),
                        ],
                        tone,
                    )
                    at += 0.05
                at += wide + 0.01

    def table(self, x: float, z: float, wide: float = 1.6, deep: float = 0.9, tall: float = 0.76) -> None:
        """Draw a table on four legs."""
        s, lens = self.s, self.s.lens
        v = self.value - 0.3
        for dx in (-wide / 2 + 0.08, wide / 2 - 0.08):
            for dz in (deep - 0.1, 0.08):
                s.mid.line(
                    [lens.at(x + dx, 0, z + dz), lens.at(x + dx, tall, z + dz)],
                    max(1.4, 0.06 * lens.scale(z + dz) / s.mid.unit),
                    0.14,
                )
        self.box((x - wide / 2, x + wide / 2), (tall - 0.06, tall), (z, z + deep), v)

    def chair(self, x: float, z: float) -> None:
        """Draw a chair that faces the camera."""
        s, lens = self.s, self.s.lens
        for dx in (-0.19, 0.19):
            s.mid.line(
                [lens.at(x + dx, 0, z), lens.at(x + dx, 0.45, z)], max(1.2, 0.05 * lens.scale(z) / s.mid.unit), 0.12
            )
            s.mid.line(
                [lens.at(x + dx, 0, z + 0.4), lens.at(x + dx, 0.95, z + 0.4)],
                max(1.2, 0.05 * lens.scale(z) / s.mid.unit),
                0.12,
            )
        s.mid.shape(lens.face((x - 0.2, x + 0.2), (0.66, 0.95), z + 0.4), self.value - 0.28, 1.3)
        self.box((x - 0.22, x + 0.22), (0.42, 0.47), (z, z + 0.42), self.value - 0.26)
