"""Large and moving rooms: church, warehouse, train, car, spaceship."""

from drawing.ink import ellipse, spline
from drawing.room import Room
from drawing.stage import Set


def church(s: Set) -> None:
    """Pews, pillars and tall windows."""
    room = Room(s, half=4.2, tall=7.5, deep=9, value=0.7)
    b = room.back
    room.tiles(1.2)
    for x in (-1.6, 0, 1.6):
        arch = spline(
            [
                s.lens.at(x - 0.45, 2.2, b),
                s.lens.at(x - 0.45, 4.6, b),
                s.lens.at(x, 5.6, b),
                s.lens.at(x + 0.45, 4.6, b),
                s.lens.at(x + 0.45, 2.2, b),
            ],
            steps=6,
        )
        s.mid.shape(arch, (230, 214, 170) if not s.mid.light.lamps else 0.2, 1.8)
        s.mid.line([s.lens.at(x, 2.2, b), s.lens.at(x, 5.5, b)], 1.4, 0.1)
    room.box((-1.1, 1.1), (0, 1.0), (b - 1.4, b - 0.8), room.value + 0.12)
    s.mid.line([s.lens.at(0, 1.0, b - 1), s.lens.at(0, 1.9, b - 1)], 3, 0.12)
    s.mid.line([s.lens.at(-0.25, 1.62, b - 1), s.lens.at(0.25, 1.62, b - 1)], 3, 0.12)
    for n in range(4):
        z = b - 2.2 - n * 2.0
        for x in (-3.2, 3.2):
            if z > s.lens.subject * 0.5:
                room.box((x - 0.25, x + 0.25), (0, 7.5), (z, z + 0.5), room.value + 0.02)
    for n in range(6):
        z = b - 2.4 - n * 1.0
        if z > s.lens.subject + 0.6:
            for pew in ((-2.9, -0.8), (0.8, 2.9)):
                room.box(pew, (0.35, 0.95), (z, z + 0.12), room.value - 0.26)


def laboratory(s: Set) -> None:
    """Benches with glass, screens and pipes."""
    room = Room(s, value=0.86)
    room.tiles()
    b = room.back
    room.box((-3.2, 3.2), (0, 0.92), (b - 0.8, b - 0.1), room.value - 0.06)
    room.shelf((-2.9, 0.4), (1.4, 2.3), b - 0.35, books=False)
    for x, tall in ((-1.6, 0.34), (-1.0, 0.22), (0.2, 0.4), (0.8, 0.26)):
        foot = s.lens.at(x, 0.92, b - 0.6)
        px = s.lens.scale(b - 0.6)
        s.mid.shape(
            [
                (foot[0] - 0.05 * px, foot[1] - tall * px),
                (foot[0] + 0.05 * px, foot[1] - tall * px),
                (foot[0] + 0.05 * px, foot[1] - tall * px * 0.5),
                (foot[0] + 0.13 * px, foot[1]),
                (foot[0] - 0.13 * px, foot[1]),
                (foot[0] - 0.05 * px, foot[1] - tall * px * 0.5),
            ],
            0.88,
            1.2,
        )
        s.mid.fill(
            [
                (foot[0] - 0.1 * px, foot[1] - 0.1 * px),
                (foot[0] + 0.1 * px, foot[1] - 0.1 * px),
                (foot[0] + 0.12 * px, foot[1]),
                (foot[0] - 0.12 * px, foot[1]),
            ],
            (120, 176, 160),
        )
    s.mid.shape(s.lens.face((1.4, 2.8), (1.2, 2.0), b - 0.2), 0.1, 1.8)
    points = [
        s.lens.at(1.5 + n * 0.12, 1.6 + (0.22 if n % 4 == 1 else -0.1 if n % 4 == 2 else 0), b - 0.2) for n in range(11)
    ]
    s.mid.line(points, 1.8, (150, 220, 190))


def warehouse(s: Set) -> None:
    """Crates under trusses."""
    room = Room(s, half=6, tall=5.6, deep=12, value=0.62)
    b = room.back
    for n in range(7):
        z = b - n * 2.2
        if z > 1:
            s.mid.line(
                [s.lens.at(-6, 5.0, z), s.lens.at(0, 5.5, z), s.lens.at(6, 5.0, z)],
                max(1.4, 0.12 * s.lens.scale(z) / s.mid.unit),
                0.14,
            )
    for x, z, size, tall in (
        (-4.6, b - 2, 1.8, 1.8),
        (-2.8, b - 1.6, 1.6, 1.6),
        (-4.4, b - 1.9, 1.4, 3.2),
        (3.2, b - 2.4, 2.0, 2.0),
        (4.6, b - 4.4, 1.5, 1.5),
        (-4.8, b - 6, 1.5, 1.5),
    ):
        low = tall - size if tall > size else 0
        room.box((x - size / 2, x + size / 2), (low, tall), (z, z + size), room.value - 0.16)
        a, c = s.lens.at(x - size / 2, low, z), s.lens.at(x + size / 2, tall, z)
        s.mid.line([a, c], 1.2, 0.12, 0.7)
    for x in (-2.5, 2.5):
        pane = s.lens.face((x - 1, x + 1), (3.2, 4.4), b)
        room.view(pane)
        s.mid.line([*pane, pane[0]], 1.8, 0.1)
        for bar in (-0.33, 0.33):
            s.mid.line([s.lens.at(x + bar, 3.2, b), s.lens.at(x + bar, 4.4, b)], 1.0, 0.12)
    room.pendant(0, b - 5, 1.2)


def cell(s: Set) -> None:
    """A narrow cell, a bunk, bars before us."""
    room = Room(s, half=1.9, tall=2.7, deep=2.0, value=0.58)
    b = room.back
    for y in range(6):
        s.mid.line([s.lens.at(-1.9, y * 0.45, b), s.lens.at(1.9, y * 0.45, b)], 0.9, 0.2, 0.6)
        for n in range(5):
            x = -1.9 + n * 0.8 + 0.4 * (y % 2)
            s.mid.line([s.lens.at(x, y * 0.45, b), s.lens.at(x, y * 0.45 + 0.45, b)], 0.9, 0.2, 0.6)
    pane = s.lens.face((-0.4, 0.4), (1.8, 2.3), b)
    room.view(pane)
    for n in range(5):
        x = -0.4 + n * 0.2
        s.mid.line([s.lens.at(x, 1.8, b), s.lens.at(x, 2.3, b)], 2.4, 0.08)
    room.box((-1.85, -0.9), (0.4, 0.52), (b - 1.9, b - 0.05), room.value + 0.1)
    if s.wide:
        for n in range(9):
            x = s.lens.width * (-0.1 + n * 0.15)
            s.front.line([(x, -s.lens.height * 0.3), (x, s.lens.height * 1.3)], 11, 0.06, shaky=0.2)


def train(s: Set) -> None:
    """Seats along the windows of a carriage."""
    room = Room(s, half=1.6, tall=2.4, deep=8, value=0.74)
    for x in (-1.6, 1.6):
        for n in range(6):
            z = 1.4 + n * 1.9
            pane = s.lens.side(x, (0.95, 1.9), (z, z + 1.3))
            room.view(pane)
            s.mid.line([*pane, pane[0]], 1.8, 0.12)
    for n in range(6):
        z = room.back - 0.6 - n * 1.9
        if z < 1:
            continue
        for seat in ((-1.55, -0.55), (0.55, 1.55)):
            if z > s.lens.subject + 0.4:
                room.box(seat, (0.0, 0.46), (z - 0.5, z), room.value - 0.3)
                room.box(seat, (0.4, 1.25), (z, z + 0.16), room.value - 0.24)
    room.door(0)
    for n in range(4):
        z = 2 + n * 2.4
        s.mid.shape(s.lens.floor((-0.2, 0.2), (z, z + 1.4), 2.38), (255, 250, 232), 1.0)


def bridge_deck(s: Set) -> None:
    """The bridge of a spaceship: a window on the stars, consoles, a chair."""
    room = Room(s, half=3.6, tall=3.2, deep=3.4, value=0.5)
    b = room.back
    pane = [s.lens.at(-2.9, 1.0, b), s.lens.at(2.9, 1.0, b), s.lens.at(2.4, 2.8, b), s.lens.at(-2.4, 2.8, b)]
    s.mid.fill(pane, 0.03)
    for _ in range(90):
        x, y = s.chance.uniform(-2.4, 2.4), s.chance.uniform(1.05, 2.75)
        s.mid.fill(ellipse(s.lens.at(x, y, b), *(s.chance.choice((0.8, 1.2, 1.8)) * s.mid.unit,) * 2, 0, 6), 0.97)
    s.mid.fill(ellipse(s.lens.at(1.2, 1.7, b), 0.5 * s.lens.scale(b), 0.5 * s.lens.scale(b), 0, 30), 0.55)
    s.mid.line([*pane, pane[0]], 3.0, 0.05)
    for x in (-0.9, 0.9):
        s.mid.line([s.lens.at(x, 1.0, b), s.lens.at(x * 0.82, 2.8, b)], 2.4, 0.06)
    for desk in ((-3.3, -0.9), (0.9, 3.3)):
        room.box(desk, (0, 0.85), (b - 1.2, b - 0.4), room.value - 0.18)
        for n in range(5):
            at = desk[0] + 0.3 + n * 0.42
            s.mid.fill(
                s.lens.face((at, at + 0.26), (0.5, 0.7), b - 1.2),
                s.chance.choice(((120, 210, 200), (240, 180, 90), (220, 110, 90))),
            )


def car(s: Set) -> None:
    """Inside a car, seen over the bonnet: the frame of the windscreen, seats, the road behind."""
    lens, pen = s.lens, s.mid
    left, top, right, bottom = lens.edges
    w, h = lens.width, lens.height
    pen.fill([(left, top), (right, top), (right, bottom), (left, bottom)], 0.16)
    glass = spline(
        [(0.06 * w, 0.10 * h), (0.5 * w, 0.05 * h), (0.94 * w, 0.10 * h), (1.08 * w, 0.74 * h), (-0.08 * w, 0.74 * h)],
        closed=True,
        steps=6,
    )
    pen.fill(glass, pen.light.sky[1] - 0.04)
    pen.fill(
        [
            (-0.05 * w, 0.40 * h),
            (0.3 * w, 0.34 * h),
            (0.62 * w, 0.37 * h),
            (1.05 * w, 0.33 * h),
            (1.05 * w, 0.8 * h),
            (-0.05 * w, 0.8 * h),
        ],
        pen.light.sky[1] - 0.2,
    )
    rear = spline(
        [(0.24 * w, 0.2 * h), (0.5 * w, 0.17 * h), (0.76 * w, 0.2 * h), (0.82 * w, 0.46 * h), (0.18 * w, 0.46 * h)],
        closed=True,
        steps=6,
    )
    pen.fill([(left, 0.0), (right, 0), (right, h), (left, h)], 0.24, 0.82)
    pen.shape(rear, pen.light.sky[1], 2.0)
    pen.fill(
        [(0.3 * w, 0.46 * h), (0.48 * w, 0.3 * h), (0.52 * w, 0.3 * h), (0.7 * w, 0.46 * h)], pen.light.ground - 0.1
    )
    for x in (0.27, 0.73):
        pen.shape(
            spline(
                [
                    (x * w - 0.15 * w, h * 1.1),
                    (x * w - 0.14 * w, 0.52 * h),
                    (x * w, 0.47 * h),
                    (x * w + 0.14 * w, 0.52 * h),
                    (x * w + 0.15 * w, h * 1.1),
                ]
            ),
            0.36,
            2,
        )
        pen.shape(
            spline(
                [
                    (x * w - 0.07 * w, 0.5 * h),
                    (x * w - 0.065 * w, 0.36 * h),
                    (x * w + 0.065 * w, 0.36 * h),
                    (x * w + 0.07 * w, 0.5 * h),
                ],
                closed=True,
            ),
            0.4,
            1.8,
        )
    front = s.front
    dash = spline([(left, 0.9 * h), (0.2 * w, 0.86 * h), (0.8 * w, 0.86 * h), (right, 0.9 * h)])
    front.fill([*dash, (right, bottom), (left, bottom)], 0.12)
    front.line(dash, 3, 0.03)
    front.line(ellipse((0.71 * w, 0.93 * h), 0.13 * w, 0.16 * h)[10:21], 9, 0.05, smooth=True)
    for x in (-0.02, 1.02):
        front.fill(
            [
                (x * w - 0.05 * w, top),
                (x * w + 0.05 * w, top),
                (x * w + (0.02 if x < 0 else -0.02) * w + 0.03 * w, h),
                (x * w + (0.02 if x < 0 else -0.02) * w - 0.03 * w, h),
            ],
            0.08,
        )
    front.shape([(0.43 * w, 0.05 * h), (0.57 * w, 0.05 * h), (0.56 * w, 0.115 * h), (0.44 * w, 0.115 * h)], 0.3, 2)
