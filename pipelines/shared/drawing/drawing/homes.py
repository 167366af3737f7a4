"""Rooms in which people live and work."""

from drawing.ink import ellipse, spline
from drawing.room import Room
from drawing.stage import Set


def living(s: Set) -> None:
    """A sofa, a window, a lamp and pictures."""
    room = Room(s)
    room.boards()
    b = room.back
    room.window(-1.2)
    room.picture(1.2, wide=1.0, tall=0.7)
    room.side_window(b - 2.4, b - 1.2, right=False)
    room.shelf((2.3, 3.2), (0, 2.1), b - 0.4)
    room.box((-0.3, 2.1), (0.16, 0.82), (b - 1.0, b - 0.75), room.value - 0.28)
    room.box((-0.3, 2.1), (0.0, 0.44), (b - 1.65, b - 0.95), room.value - 0.22)
    for x in (-0.42, 1.95):
        room.box((x, x + 0.26), (0, 0.6), (b - 1.65, b - 0.8), room.value - 0.3)
    room.standing_lamp(-0.85, b - 0.9)
    s.mid.fill(s.lens.floor((-1.2, 2.2), (max(0.6, b - 3.6), b - 1.9)), room.floor + 0.12)


def bedroom(s: Set) -> None:
    """A bed, a night table and a window."""
    room = Room(s)
    room.boards()
    b = room.back
    room.window(1.7)
    room.picture(-1.0)
    room.box((-2.1, 0.1), (0, 1.15), (b - 0.2, b - 0.08), room.value - 0.36)
    room.box((-2.0, 0.0), (0.12, 0.56), (b - 2.2, b - 0.2), room.value + 0.1)
    for x in (-1.9, -0.9):
        s.mid.shape(
            spline(
                [
                    s.lens.at(x, 0.58, b - 0.8),
                    s.lens.at(x + 0.8, 0.58, b - 0.8),
                    s.lens.at(x + 0.78, 0.82, b - 0.35),
                    s.lens.at(x + 0.04, 0.82, b - 0.35),
                ],
                closed=True,
                steps=4,
            ),
            0.96,
            1.3,
        )
    room.box((0.3, 0.8), (0, 0.55), (b - 0.6, b - 0.1), room.value - 0.3)
    room.standing_lamp(0.55, b - 0.35, 0.98)


def kitchen(s: Set) -> None:
    """Counters, cupboards, a fridge and a table."""
    room = Room(s)
    room.tiles()
    b = room.back
    room.window(0.0, 1.4, (1.2, 2.2))
    room.box((-3.4, 2.2), (0, 0.9), (b - 0.65, b - 0.02), room.value - 0.1)
    for n in range(7):
        x = -3.3 + n * 0.78
        panel = s.lens.face((x, x + 0.68), (0.12, 0.8), b - 0.65)
        s.mid.line([*panel, panel[0]], 1.0, 0.25, 0.8)
    for x in (-3.2, -2.3, 1.2):
        room.box((x, x + 0.85), (1.55, 2.4), (b - 0.4, b - 0.02), room.value - 0.02)
    room.box((2.25, 3.1), (0, 1.9), (b - 0.75, b - 0.05), room.value + 0.06)
    s.mid.line([s.lens.at(2.35, 1.2, b - 0.75), s.lens.at(2.35, 1.7, b - 0.75)], 2, 0.2)
    room.pendant(0.9, b - 1.7)
    if s.wide:
        room.table(1.3, b - 2.2)


def office(s: Set) -> None:
    """A desk with a screen, shelves, a wide window."""
    room = Room(s)
    b = room.back
    room.tiles(1.1)
    room.window(-0.9, 2.2, (0.8, 2.4))
    room.shelf((1.2, 3.1), (0, 2.3), b - 0.4)
    room.box((-2.4, 0.4), (0.7, 0.76), (b - 1.7, b - 0.9), room.value - 0.26)
    room.box((-2.3, -1.7), (0, 0.7), (b - 1.65, b - 0.95), room.value - 0.32)
    room.box((-0.2, 0.3), (0, 0.7), (b - 1.65, b - 0.95), room.value - 0.32)
    s.mid.shape(s.lens.face((-1.3, -0.5), (0.9, 1.4), b - 1.4), 0.12, 1.5)
    s.mid.fill(s.lens.face((-1.25, -0.55), (0.95, 1.36), b - 1.4), (150, 190, 210) if s.mid.light.lamps else 0.7)
    s.mid.line([s.lens.at(-0.9, 0.76, b - 1.4), s.lens.at(-0.9, 0.9, b - 1.4)], 4, 0.14)
    room.door(-2.9)


def bar(s: Set) -> None:
    """A counter with stools, bottles on the wall, hanging lamps."""
    room = Room(s, value=0.66)
    room.boards()
    b = room.back
    room.shelf((-2.6, 2.6), (1.1, 2.3), b - 0.35, books=False)
    room.box((-3.2, 2.6), (0, 1.08), (b - 1.6, b - 1.1), room.value - 0.24)
    room.box((-3.3, 2.7), (1.04, 1.12), (b - 1.72, b - 1.02), room.value - 0.36)
    for n in range(6):
        panel = s.lens.face((-3.0 + n * 0.94, -2.2 + n * 0.94), (0.15, 0.92), b - 1.6)
        s.mid.line([*panel, panel[0]], 1.0, 0.1, 0.8)
    for n in range(5):
        x = -2.5 + n * 1.2
        s.mid.line([s.lens.at(x, 0, b - 2.05), s.lens.at(x, 0.72, b - 2.05)], 2.6, 0.1)
        s.mid.shape(
            ellipse(s.lens.at(x, 0.75, b - 2.05), 0.2 * s.lens.scale(b - 2), 0.06 * s.lens.scale(b - 2)),
            0.2,
            1.3,
            smooth=True,
        )
    for x in (-1.8, 0.0, 1.8):
        room.pendant(x, b - 1.4)


def cafe(s: Set) -> None:
    """Small tables before a large window."""
    room = Room(s)
    room.tiles()
    b = room.back
    room.window(-1.3, 2.4, (0.7, 2.4))
    room.door(2.4)
    for x, z in ((-1.9, b - 1.3), (1.2, b - 1.2)):
        room.chair(x + 0.7, z + 0.1)
        room.table(x, z, 0.8, 0.7)
    room.pendant(-1.4, b - 1.2, 0.8)
    room.pendant(1.2, b - 1.2, 0.8)
    room.picture(0.8, wide=0.9)


def corridor(s: Set) -> None:
    """A long corridor with doors and lamps."""
    room = Room(s, half=1.5, tall=2.7, deep=16)
    room.tiles(1.0)
    v = room.value
    for n in range(5):
        z = 3.4 + n * 3.6
        for x in (-1.5, 1.5):
            if z + 1 < room.back:
                s.mid.shape(s.lens.side(x, (0, 2.1), (z, z + 1)), v - 0.28, 1.4)
                s.mid.fill(
                    ellipse(s.lens.at(x, 1.05, z + 0.12), 0.05 * s.lens.scale(z), 0.05 * s.lens.scale(z), 0, 8), 0.1
                )
        lamp = s.lens.floor((-0.3, 0.3), (z - 0.5, z + 0.7), 2.68)
        s.mid.shape(lamp, (255, 250, 232), 1.0)
        glow = s.lens.at(0, 2.6, z)
        s.mid.glow(glow, 0.9 * s.lens.scale(z), (255, 246, 220), 0.3)
    room.door(0.0)


def hospital(s: Set) -> None:
    """A bed with rails, a drip, a curtain."""
    room = Room(s, value=0.9)
    room.tiles()
    b = room.back
    room.window(1.4, 1.8)
    room.box((-1.6, 0.5), (0.45, 0.75), (b - 1.5, b - 0.5), 0.96)
    for x in (-1.65, 0.5):
        s.mid.line([s.lens.at(x, 0.3, b - 1.5), s.lens.at(x, 1.15, b - 1.5)], 2.4, 0.2)
        s.mid.line([s.lens.at(x, 0.0, b - 1.45), s.lens.at(x, 0.45, b - 1.45)], 2.4, 0.2)
    s.mid.shape(
        spline(
            [
                s.lens.at(-1.55, 0.76, b - 1.3),
                s.lens.at(-0.9, 0.76, b - 1.3),
                s.lens.at(-0.92, 1.0, b - 1.0),
                s.lens.at(-1.5, 1.0, b - 1.0),
            ],
            closed=True,
            steps=4,
        ),
        0.97,
        1.2,
    )
    s.mid.line([s.lens.at(-2.0, 0, b - 1.0), s.lens.at(-2.0, 2.0, b - 1.0)], 1.8, 0.2)
    s.mid.shape(s.lens.face((-2.12, -1.9), (1.6, 1.95), b - 1.0), 0.86, 1.2)
    for n in range(9):
        x = -3.3 + n * 0.12
        s.mid.line([s.lens.at(x, 0.3, b - 0.9), s.lens.at(x, 2.5, b - 0.9)], 1.2, 0.45, 0.7)
    room.box((2.4, 3.0), (0.6, 1.2), (b - 0.8, b - 0.3), 0.6)


def classroom(s: Set) -> None:
    """A blackboard and rows of desks."""
    room = Room(s, half=4)
    room.boards()
    b = room.back
    s.mid.shape(s.lens.face((-2.0, 2.0), (0.9, 2.2), b), 0.2, 2.0)
    for n in range(4):
        y = 1.9 - n * 0.22
        s.mid.line([s.lens.at(-1.7, y, b), s.lens.at(-1.7 + s.chance.uniform(0.8, 2.0), y + 0.02, b)], 1.3, 0.95, 0.7)
    room.side_window(b - 2.6, b - 1.3)
    room.door(3.2)
    for z in (b - 1.3, b - 2.2):
        for x in (-2.3, 0.2, 2.4):
            room.table(x, z, 1.1, 0.5, 0.72)
