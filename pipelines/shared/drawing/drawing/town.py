"""Places in town."""

from drawing import sky as air
from drawing import trees
from drawing.ink import Pen, ellipse
from drawing.stage import Set
from drawing.tone import LAMP


def _windows(s: Set, x: float, y: tuple[float, float], z: tuple[float, float], value: float) -> None:
    """Windows of a wall that runs away from the camera."""
    lit = s.mid.light.lamps
    storeys = max(1, int((y[1] - y[0]) / 3.3))
    count = max(1, int((z[1] - z[0]) / 2.6))
    for floor in range(storeys):
        base = y[0] + 0.9 + floor * (y[1] - y[0]) / storeys
        for n in range(count):
            near = z[0] + (z[1] - z[0]) * (n + 0.24) / count
            far = z[0] + (z[1] - z[0]) * (n + 0.76) / count
            pane = s.lens.side(x, (base, base + 1.7), (near, far))
            glow = lit and s.chance.random() < 0.36
            s.mid.fill(pane, LAMP if glow else value - 0.2, 0.92)
            if near < 26:
                s.mid.line([*pane, pane[0]], 0.9, max(0.04, value - 0.45))
                sill = s.lens.side(x, (base - 0.1, base), (near - 0.1, far + 0.1))
                s.mid.fill(sill, value + 0.08)


def _fronts(s: Set, x: tuple[float, float], y: tuple[float, float], z: float, value: float, pen: Pen) -> None:
    """Windows of a wall that faces the camera."""
    px = s.lens.scale(z)
    columns, rows = max(1, int((x[1] - x[0]) / 2.6)), max(1, int((y[1] - y[0]) / 3.2))
    for row in range(rows):
        for column in range(columns):
            a = x[0] + (x[1] - x[0]) * (column + 0.28) / columns
            b = x[0] + (x[1] - x[0]) * (column + 0.72) / columns
            base = y[0] + 0.9 + row * (y[1] - y[0]) / rows
            glow = pen.light.lamps and s.chance.random() < 0.4
            pane = s.lens.face((a, b), (base, base + 1.6), z)
            pen.fill(pane, LAMP if glow else value - 0.17, 0.9)
            if px > 24 * pen.unit:
                pen.line([*pane, pane[0]], 0.8, max(0.04, value - 0.4), 0.8)


def lamppost(s: Set, x: float, z: float) -> None:
    """A street lamp, lit where lamps are."""
    px, inward = s.lens.scale(z), -1 if x > 0 else 1
    foot, top = s.lens.at(x, 0, z), s.lens.at(x, 5.2, z)
    width = max(1.2, min(9.0, 0.09 * px / s.mid.unit))
    s.mid.line([foot, top], width, 0.07)
    arm = s.lens.at(x + inward * 1.1, 5.35, z)
    s.mid.line([top, ((top[0] + arm[0]) / 2, arm[1] - 0.1 * px), arm], width * 0.7, 0.07, smooth=True)
    head = ellipse((arm[0], arm[1] + 0.06 * px), 0.26 * px, 0.08 * px, 0, 12)
    if s.mid.light.lamps:
        air.lamp_light(s.mid, (arm[0], arm[1] + 0.1 * px), 0.16 * px)
        pool = s.lens.at(x + inward * 1.1, 0, z)
        s.mid.fill(ellipse(pool, 1.9 * px, 1.9 * px * min(0.4, s.lens.tall / z + 0.04)), LAMP, 0.16)
    s.mid.fill(head, 0.12)


def skyline(s: Set, value: float, tall: tuple[float, float] = (0.10, 0.34)) -> None:
    """Houses far away, along the horizon."""
    left, _, right, _ = s.lens.edges
    for layer, darker in enumerate((0.0, 0.16)):
        x = left
        while x < right:
            wide = s.chance.uniform(46, 120) * s.back.unit
            high = s.chance.uniform(*tall) * s.lens.height * (1 - 0.25 * layer)
            tone = s.low + (value - darker - s.low) * (0.42 + 0.4 * layer)
            top, base = s.lens.horizon - high, s.lens.horizon + 20
            s.back.fill([(x, base), (x, top), (x + wide, top), (x + wide, base)], tone)
            s.back.line([(x, base), (x, top), (x + wide, top), (x + wide, base)], 1.0, max(0.05, tone - 0.3), 0.8)
            if s.chance.random() < 0.3:
                s.back.line([(x + wide / 2, top), (x + wide / 2, top - high * 0.25)], 1.2, max(0.05, tone - 0.3))
            y = top + 10 * s.back.unit
            while y < s.lens.horizon - 8 * s.back.unit:
                for n in range(int(wide / (13 * s.back.unit))):
                    if s.chance.random() < (0.42 if s.back.light.lamps else 0.2):
                        at = x + (5 + n * 13) * s.back.unit
                        box = [
                            (at, y),
                            (at + 6 * s.back.unit, y),
                            (at + 6 * s.back.unit, y + 8 * s.back.unit),
                            (at, y + 8 * s.back.unit),
                        ]
                        s.back.fill(box, LAMP if s.back.light.lamps else tone - 0.1, 0.85)
                y += 16 * s.back.unit
            x += wide + s.chance.uniform(-6, 12) * s.back.unit


def street(s: Set, gap: float = 6.5, side: float = 2.2) -> None:
    """Houses on both sides of a road that runs to the horizon."""
    light = s.mid.light
    skyline(s, light.ground - 0.05)
    air.ground(s.mid, s.lens, light.ground - 0.05, s.chance, rough=0.4)
    road = s.lens.floor((-gap + side, gap - side), (0.5, 160), 0)
    s.mid.fill(road, light.ground - 0.2)
    for sign in (-1, 1):
        inner, outer = sign * (gap - side), sign * gap
        s.mid.fill(s.lens.floor((inner, outer), (0.5, 160), 0.14), light.ground + 0.03)
        s.mid.fill(s.lens.side(inner, (0, 0.14), (0.5, 160)), light.ground - 0.3)
        s.mid.line([s.lens.at(inner, 0.14, 0.6), s.lens.at(inner, 0.14, 150)], 1.5, 0.08)
        for n in range(1, 16):
            z = n * 1.7
            s.mid.line([s.lens.at(inner, 0.14, z), s.lens.at(outer, 0.14, z)], 0.7, 0.2, 0.5)
    for n in range(12):
        z = 2.2 + n * 4.4
        s.mid.fill(s.lens.floor((-0.07, 0.07), (z, z + 2.0)), 0.96 if not light.lamps else 0.75, 0.85)
    rows = []
    for sign in (-1, 1):
        z = 0.6
        while z < 84:
            deep = s.chance.uniform(7, 13)
            rows.append(
                (
                    z,
                    sign,
                    deep,
                    s.chance.uniform(7.5, 17) if gap > 4 else s.chance.uniform(10, 16),
                    s.chance.uniform(-0.09, 0.09),
                )
            )
            z += deep
    for z, sign, deep, tall, vary in sorted(rows, reverse=True):
        value = s.value(
            (0.60 if light.ground > 0.5 else light.ground + 0.02) + vary + (0.06 if sign > 0 else -0.05), z + 4
        )
        x, far = sign * gap, sign * (gap + 9)
        front = s.lens.face((min(x, far), max(x, far)), (0, tall), z)
        s.mid.shape(front, value - 0.05, 1.4)
        s.mid.shape(s.lens.side(x, (0, tall), (z, z + deep)), value, 1.6)
        s.mid.fill(s.lens.side(x, (tall - 0.5, tall), (z, z + deep)), value - 0.16)
        s.mid.line([s.lens.at(x, tall - 0.5, z), s.lens.at(x, tall - 0.5, z + deep)], 1.0, max(0.04, value - 0.45))
        _windows(s, x, (3.6, tall - 0.7), (z, z + deep), value)
        _shop(s, x, (z, z + deep), value)
    for n in range(5):
        for sign in (-1, 1):
            lamppost(s, sign * (gap - side + 0.4), 26 - n * 5 + (2.5 if sign > 0 else 0))


def _shop(s: Set, x: float, z: tuple[float, float], value: float) -> None:
    """Door and shop window at street level, under an awning here and there."""
    near, far = z
    long = far - near
    lit = s.mid.light.lamps and s.chance.random() < 0.5
    pane = s.lens.side(x, (0.7, 2.7), (near + long * 0.08, near + long * 0.62))
    s.mid.shape(pane, LAMP if lit else value - 0.26, 1.0)
    door = s.lens.side(x, (0.14, 2.6), (near + long * 0.7, near + long * 0.86))
    s.mid.shape(door, value - 0.34, 1.0)
    if s.chance.random() < 0.5:
        out = -1.1 if x > 0 else 1.1
        a, b = near + long * 0.05, near + long * 0.65
        awning = [s.lens.at(x, 3.3, a), s.lens.at(x, 3.3, b), s.lens.at(x + out, 2.65, b), s.lens.at(x + out, 2.65, a)]
        s.mid.shape(awning, value + 0.14, 1.2)


def alley(s: Set) -> None:
    """A narrow street between high walls."""
    street(s, gap=2.5, side=0.35)
    for sign, z in ((-1, 7.0), (1, 10.5)):
        x = sign * 1.75
        s.lens.box(s.mid, (x - 0.45, x + 0.45), (0, 1.1), (z, z + 1.2), (0.3, 0.22, 0.42))


def rooftop(s: Set) -> None:
    """A flat roof with a parapet over the town."""
    light = s.mid.light
    skyline(s, light.ground - 0.1, (0.12, 0.42))
    left, _, right, bottom = s.lens.edges
    s.back.fade((left, s.lens.horizon, right, bottom), light.ground - 0.12, light.ground - 0.2)
    z = max(7.5, s.lens.subject + 3)
    s.mid.fill([s.lens.at(-60, 0, z), s.lens.at(60, 0, z), (right, bottom), (left, bottom)], light.ground + 0.02)
    s.lens.box(s.mid, (-40, 40), (0, 0.9), (z, z + 0.4), (light.ground - 0.1, 0.4, light.ground + 0.1), 1.8)
    for n in range(-6, 7):
        s.mid.line([s.lens.at(n * 1.6, 0, 0.6), s.lens.at(n * 1.6, 0, z)], 0.7, 0.2, 0.45)
    s.lens.box(
        s.mid, (-5.4, -3.2), (0, 1.3), (z - 2.4, z - 0.8), (light.ground - 0.18, light.ground - 0.28, light.ground)
    )
    s.lens.box(s.mid, (3.6, 5.4), (0, 2.6), (z - 2.2, z - 0.6), (light.ground - 0.2, light.ground - 0.3, light.ground))
    s.mid.line([s.lens.at(-1.5, 0, z - 0.4), s.lens.at(-1.5, 3.4, z - 0.4)], 2, 0.08)
    s.mid.line([s.lens.at(-2.2, 3.0, z - 0.4), s.lens.at(-0.8, 3.0, z - 0.4)], 1.6, 0.08)


def park(s: Set) -> None:
    """Trees along a path, a bench and a lamp."""
    light = s.mid.light
    skyline(s, light.ground, (0.05, 0.13))
    air.ground(s.mid, s.lens, light.ground - 0.05, s.chance)
    way = [
        s.lens.at(-1.4, 0, 0.6),
        s.lens.at(-1.6, 0, 8),
        s.lens.at(1.4, 0, 26),
        s.lens.at(5, 0, 60),
        s.lens.at(6, 0, 60),
        s.lens.at(4.4, 0, 26),
        s.lens.at(1.8, 0, 8),
        s.lens.at(2.4, 0, 0.6),
    ]
    s.mid.fill(way, light.ground + 0.1)
    s.mid.line(way[:4], 1.4, 0.2, smooth=True)
    s.mid.line(way[4:], 1.4, 0.2, smooth=True)
    for x, z, tall in ((-9, 30, 9), (9, 27, 8), (-7, 18, 8), (12, 18, 9), (-5.2, 11, 7)):
        trees.leafy(s.mid, s.lens, (x, z), tall, s.value(light.ground - 0.24, z), s.chance)
    lamppost(s, 3.2, 13)
    bench(s, -3.0, 9.0)
    trees.grass(s.mid, s.lens, s.chance, max(0.08, light.ground - 0.36), many=45)


def bench(s: Set, x: float, z: float) -> None:
    """A bench that faces the camera."""
    s.mid.shape(s.lens.face((x - 0.9, x + 0.9), (0.55, 0.95), z + 0.4), 0.42, 1.4)
    s.lens.box(s.mid, (x - 0.9, x + 0.9), (0.4, 0.46), (z, z + 0.4), (0.3, 0.25, 0.5), 1.4)
    for dx in (-0.75, 0.75):
        s.mid.line([s.lens.at(x + dx, 0, z + 0.1), s.lens.at(x + dx, 0.42, z + 0.1)], 2.6, 0.1)


def station(s: Set) -> None:
    """A platform with rails and a roof."""
    light = s.mid.light
    skyline(s, light.ground, (0.05, 0.16))
    air.ground(s.mid, s.lens, light.ground - 0.12, s.chance, rough=0.6)
    s.mid.fill(s.lens.floor((-1.2, 30), (0.5, 120), 0.0), light.ground + 0.05)
    s.mid.fill(s.lens.side(-1.2, (-1.0, 0.0), (0.5, 120)), light.ground - 0.3)
    s.mid.line([s.lens.at(-0.8, 0, 0.6), s.lens.at(-0.8, 0, 110)], 2.4, 0.97, 0.9)
    for x in (-4.0, -2.6):
        s.mid.line([s.lens.at(x, -1.0, 0.8), s.lens.at(x, -1.0, 110)], 2.2, 0.1)
    for n in range(26):
        z = 1.6 + n * 1.1 * (1 + n * 0.05)
        s.mid.line([s.lens.at(-4.6, -1.05, z), s.lens.at(-2.0, -1.05, z)], max(1, 8 / z), 0.2, 0.8)
    s.mid.shape(
        [s.lens.at(0.2, 4.4, 0.6), s.lens.at(0.2, 4.2, 70), s.lens.at(9, 4.2, 70), s.lens.at(9, 4.4, 0.6)],
        light.ground - 0.26,
        1.6,
    )
    for n in range(8):
        z = 50 - n * 6.4
        s.mid.line([s.lens.at(3.6, 0, z), s.lens.at(3.6, 4.3, z)], max(2, 0.16 * s.lens.scale(z) / s.mid.unit), 0.1)
        if light.lamps:
            air.lamp_light(s.mid, s.lens.at(1.6, 4.0, z), 0.13 * s.lens.scale(z))
    s.lens.box(s.mid, (6.2, 9), (0, 4.2), (10, 60), (light.ground - 0.1, light.ground - 0.18, 0.5))


def bridge(s: Set) -> None:
    """A bridge over water, its deck running away."""
    light = s.mid.light
    skyline(s, light.ground, (0.04, 0.15))
    left, _, right, bottom = s.lens.edges
    s.back.fade((left, s.lens.horizon, right, bottom), light.ground - 0.02, light.ground - 0.26)
    s.mid.shape(s.lens.floor((-3.2, 3.2), (0.5, 90)), light.ground - 0.06, 1.6)
    for n in range(10):
        z = 2 + n * 4.4
        s.mid.fill(s.lens.floor((-0.06, 0.06), (z, z + 2)), 0.96, 0.7)
    for z in (70, 26):
        for x in (-3.6, 3.6):
            s.mid.shape(s.lens.face((x - 0.4, x + 0.4), (-4, 15), z), s.value(light.ground - 0.3, z), 1.5)
        s.mid.shape(s.lens.face((-4, 4), (12.4, 13.4), z), s.value(light.ground - 0.3, z), 1.5)
    for x in (-3.4, 3.4):
        s.mid.line([s.lens.at(x, 15, 26), s.lens.at(x, 4.5, 46), s.lens.at(x, 15, 70)], 2, 0.14, smooth=True)
        s.mid.line([s.lens.at(x, 15, 26), s.lens.at(x, 6.0, 12), s.lens.at(x, 2.4, 2)], 2.4, 0.14, smooth=True)
        for y in (0.5, 1.05):
            s.mid.line([s.lens.at(x, y, 0.7), s.lens.at(x, y, 90)], 2.0, 0.12)
        for n in range(24):
            z = 1.5 + n * 1.2
            s.mid.line([s.lens.at(x, 0, z), s.lens.at(x, 1.05, z)], 1.2, 0.14)
