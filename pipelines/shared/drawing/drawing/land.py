"""Places in the country, and beyond."""

from drawing import sky as air
from drawing import trees
from drawing.ink import ellipse, spline
from drawing.stage import Set
from drawing.tone import LAMP


def road(s: Set) -> None:
    """A country road with fields and poles."""
    light = s.mid.light
    air.ridge(s.back, s.lens, 0.05, 0.03, s.value(light.ground - 0.12, 90), s.chance)
    air.ground(s.mid, s.lens, light.ground, s.chance)
    s.mid.fill(s.lens.floor((-3.4, 3.4), (0.5, 220)), light.ground - 0.2)
    for x in (-3.2, 3.2):
        s.mid.line([s.lens.at(x, 0, 0.6), s.lens.at(x, 0, 200)], 1.6, 0.96, 0.8)
    for n in range(14):
        z = 2 + n * 5.2
        s.mid.fill(s.lens.floor((-0.08, 0.08), (z, z + 2.4)), 0.96, 0.85)
    wires: list[tuple[float, float]] = []
    for n in range(8):
        z = 64 - n * 8.5
        foot, top = s.lens.at(6.2, 0, z), s.lens.at(6.2, 7, z)
        wide = max(1.0, 0.2 * s.lens.scale(z) / s.mid.unit)
        s.mid.line([foot, top], wide, 0.1)
        bar = [s.lens.at(5.4, 6.5, z), s.lens.at(7.0, 6.5, z)]
        s.mid.line(bar, wide * 0.7, 0.1)
        if wires:
            sag = ((wires[-1][0] + bar[0][0]) / 2, (wires[-1][1] + bar[0][1]) / 2 + 0.5 * s.lens.scale(z))
            s.mid.line([wires[-1], sag, bar[0]], 1.0, 0.12, smooth=True)
        wires.append(bar[0])
    trees.grass(s.mid, s.lens, s.chance, light.ground - 0.32, many=40)


def forest(s: Set) -> None:
    """The inside of a wood, trunks behind trunks in the haze."""
    light = s.mid.light
    left, _, right, _bottom = s.lens.edges
    s.back.fade(
        (left, s.lens.horizon - s.lens.height * 0.8, right, s.lens.horizon + 10), light.ground - 0.02, s.low - 0.02
    )
    for z, haze in ((60.0, 60), (36.0, 60)):
        for _ in range(26):
            trees.fir(
                s.back,
                s.lens,
                (s.chance.uniform(-z, z), z),
                s.chance.uniform(9, 17),
                s.value(light.ground - 0.3, z, haze),
                s.chance,
            )
    air.ground(s.mid, s.lens, light.ground - 0.1, s.chance, rough=1.3)
    places = sorted(((s.chance.uniform(4.5, 26), s.chance.uniform(-1, 1)) for _ in range(30)), reverse=True)
    for z, across in places:
        x = across * z * 0.95
        if abs(x) < 1.5 + z * 0.05 or (z < s.lens.subject + 1 and abs(x) < z * 0.32):
            continue
        trees.bare(s.mid, s.lens, (x, z), s.chance.uniform(15, 20), s.value(light.ground - 0.42, z, 30), s.chance)
    for _ in range(9):
        z = s.chance.uniform(5, 14)
        trees.bush(
            s.mid,
            s.lens,
            (s.chance.choice((-1, 1)) * s.chance.uniform(0.3, 0.7) * z, z),
            0.9,
            s.value(light.ground - 0.26, z, 40),
            s.chance,
        )
    trees.grass(s.mid, s.lens, s.chance, max(0.08, light.ground - 0.45), many=60)
    if s.wide and s.weather != "fog":
        dark = max(0.05, light.ground - 0.62)
        unit = s.front.unit
        s.front.fill(
            [
                (left, -200 * unit),
                (60 * unit, -200 * unit),
                (38 * unit, 300 * unit),
                (64 * unit, 900 * unit),
                (left, 900 * unit),
            ],
            dark,
        )
        s.front.line([(60 * unit, -200 * unit), (38 * unit, 300 * unit), (64 * unit, 900 * unit)], 3, 0.02)


def field(s: Set) -> None:
    """Meadows with trees and a fence."""
    light = s.mid.light
    air.ridge(s.back, s.lens, 0.07, 0.03, s.value(light.ground - 0.16, 110), s.chance)
    for _ in range(16):
        z = s.chance.uniform(60, 110)
        trees.leafy(
            s.back,
            s.lens,
            (s.chance.uniform(-z, z), z),
            s.chance.uniform(6, 10),
            s.value(light.ground - 0.28, z),
            s.chance,
        )
    air.ground(s.mid, s.lens, light.ground, s.chance)
    for n in range(15):
        x = (n - 7) * 2.4
        s.mid.line([s.lens.at(x, 0, 22), s.lens.at(x, 1.2, 22)], 2.2, 0.14)
    for y in (0.5, 1.0):
        s.mid.line([s.lens.at(-18, y, 22), s.lens.at(18, y, 22)], 1.6, 0.16)
    trees.leafy(s.mid, s.lens, (-7.5, 15), 8, s.value(light.ground - 0.26, 14), s.chance)
    trees.leafy(s.mid, s.lens, (10, 24), 9, s.value(light.ground - 0.2, 24), s.chance)
    trees.grass(s.mid, s.lens, s.chance, max(0.08, light.ground - 0.36), many=80)


def mountain(s: Set) -> None:
    """Peaks behind foothills."""
    light = s.mid.light
    air.ridge(s.back, s.lens, 0.24, 0.13, s.value(light.ground - 0.16, 120), s.chance, sharp=True)
    air.ridge(s.back, s.lens, 0.11, 0.06, s.value(light.ground - 0.22, 70), s.chance, sharp=True)
    air.ridge(s.back, s.lens, 0.03, 0.02, s.value(light.ground - 0.26, 40), s.chance)
    air.ground(s.mid, s.lens, light.ground - 0.08, s.chance, rough=1.4)
    for _ in range(12):
        z = s.chance.uniform(7, 30)
        trees.rock(
            s.mid,
            s.lens,
            (s.chance.choice((-1, 1)) * s.chance.uniform(0.28, 0.9) * z, z),
            s.chance.uniform(0.3, 1.2),
            s.value(light.ground - 0.16, z),
            s.chance,
        )
    trees.grass(s.mid, s.lens, s.chance, max(0.08, light.ground - 0.4), many=30)


def desert(s: Set) -> None:
    """Dunes."""
    light = s.mid.light
    for rise, near in ((0.12, 100), (0.07, 60), (0.03, 34)):
        edge = air.ridge(s.back, s.lens, rise, 0.035, s.value(light.ground - 0.02, near), s.chance)
        middle = edge[len(edge) // 2 :]
        s.back.fill(
            [*middle[:12], (middle[11][0] + 60, s.lens.horizon + 30), (middle[0][0], s.lens.horizon + 30)],
            s.value(light.ground - 0.2, near),
            0.6,
        )
    air.ground(s.mid, s.lens, light.ground + 0.02, s.chance, rough=0.7)
    for n in range(9):
        z = 3 + n * n * 0.5
        y = s.lens.at(0, 0, z)[1]
        s.mid.line(
            [
                (s.lens.width * (0.1 + 0.07 * (n % 3)), y),
                (s.lens.width * 0.45, y - 6 * s.mid.unit),
                (s.lens.width * 0.9, y + 3 * s.mid.unit),
            ],
            1.1,
            light.ground - 0.3,
            0.5,
            smooth=True,
        )


def snowfield(s: Set) -> None:
    """Snow, firs and hills."""
    light = s.mid.light
    bright = min(0.98, light.ground + 0.2)
    air.ridge(s.back, s.lens, 0.16, 0.07, s.value(bright - 0.06, 80), s.chance, sharp=True)
    air.ground(s.mid, s.lens, bright, s.chance, rough=0.4, tone=-0.06)
    for z in (40, 30, 22):
        for _ in range(9):
            trees.fir(
                s.mid,
                s.lens,
                (s.chance.choice((-1, 1)) * s.chance.uniform(0.25, 1.1) * z, z),
                s.chance.uniform(5, 9),
                s.value(light.ground - 0.42, z),
                s.chance,
            )


def village(s: Set) -> None:
    """Cottages and a church."""
    light = s.mid.light
    air.ridge(s.back, s.lens, 0.08, 0.035, s.value(light.ground - 0.14, 100), s.chance)
    air.ground(s.mid, s.lens, light.ground, s.chance)
    way = [
        s.lens.at(-1.5, 0, 0.6),
        s.lens.at(-2.0, 0, 12),
        s.lens.at(2, 0, 50),
        s.lens.at(3, 0, 50),
        s.lens.at(1.6, 0, 12),
        s.lens.at(2.2, 0, 0.6),
    ]
    s.mid.fill(way, light.ground + 0.1)
    for x, z, wide in ((2.6, 46, 5), (-9, 34, 7), (9, 30, 7), (-8.5, 20, 6.5), (8, 17, 6.5)):
        house(s, x, z, wide, church=x == 2.6)
    trees.leafy(s.mid, s.lens, (-5.0, 16), 6.5, s.value(light.ground - 0.25, 16), s.chance)
    trees.grass(s.mid, s.lens, s.chance, max(0.08, light.ground - 0.36), many=40)


def house(s: Set, x: float, z: float, wide: float, *, church: bool = False, barn: bool = False) -> None:
    """A house with a gable towards the camera."""
    value = s.value(s.mid.light.ground - 0.04 if not barn else s.mid.light.ground - 0.3, z)
    tall = 3.2 if not church else 6
    a, b = x - wide / 2, x + wide / 2
    deep = z + wide * 1.3
    inner = b if x < 0 else a
    s.mid.shape(s.lens.side(inner, (0, tall), (z, deep)), value - 0.16, 1.5)
    top = s.lens.at(x, tall + wide * 0.42, z)
    back = s.lens.at(x, tall + wide * 0.42, deep)
    eave, far = s.lens.at(inner, tall, z), s.lens.at(inner, tall, deep)
    s.mid.shape([top, back, far, eave], value - 0.3, 1.6)
    s.mid.shape([s.lens.at(a, 0, z), s.lens.at(a, tall, z), top, s.lens.at(b, tall, z), s.lens.at(b, 0, z)], value, 1.7)
    door = s.lens.face((x - 0.5, x + 0.5) if not barn else (x - 1.4, x + 1.4), (0, 2.1 if not barn else 2.7), z)
    s.mid.shape(door, value - 0.35, 1.3)
    for dx in (-wide * 0.3, wide * 0.3):
        pane = s.lens.face((x + dx - 0.45, x + dx + 0.45), (1.0, 2.2), z)
        s.mid.shape(pane, LAMP if s.mid.light.lamps else value - 0.24, 1.1)
    if church:
        s.lens.box(s.mid, (x - 1.2, x + 1.2), (0, 9.5), (z - 0.2, z + 2), (value, value - 0.15, value))
        s.mid.shape(
            [s.lens.at(x - 1.4, 9.5, z - 0.2), s.lens.at(x, 15, z - 0.2), s.lens.at(x + 1.4, 9.5, z - 0.2)],
            value - 0.32,
            1.5,
        )
    else:
        s.lens.box(
            s.mid,
            (x - wide * 0.3, x - wide * 0.18),
            (tall + wide * 0.16, tall + wide * 0.5),
            (z + 0.6, z + 1.2),
            (value - 0.2, value - 0.3, value),
        )


def farm(s: Set) -> None:
    """A barn and a house in the fields."""
    field(s)
    house(s, 8.5, 26, 9, barn=True)


def graveyard(s: Set) -> None:
    """Stones on a slope, bare trees."""
    field_value = s.mid.light.ground - 0.08
    air.ridge(s.back, s.lens, 0.06, 0.03, s.value(field_value - 0.1, 70), s.chance)
    air.ground(s.mid, s.lens, field_value, s.chance)
    for z in (26, 20, 15, 11, 8):
        for n in range(-4, 5):
            x = n * 2.1 + s.chance.uniform(-0.4, 0.4)
            if abs(x) < 1.0 and z < s.lens.subject + 2:
                continue
            value = s.value(0.62 * field_value + 0.2, z)
            px = s.lens.scale(z)
            a, y = s.lens.at(x, 0, z)
            w, h = 0.34 * px, s.chance.uniform(0.7, 1.1) * px
            if s.chance.random() < 0.25:
                s.mid.line([(a, y), (a, y - h * 1.2)], max(2, 0.14 * px / s.mid.unit), value - 0.25)
                s.mid.line([(a - w, y - h * 0.85), (a + w, y - h * 0.85)], max(2, 0.14 * px / s.mid.unit), value - 0.25)
            else:
                s.mid.shape(
                    spline([(a - w, y), (a - w, y - h * 0.7), (a, y - h), (a + w, y - h * 0.7), (a + w, y)]), value, 1.4
                )
    trees.bare(s.mid, s.lens, (-6, 13), 12, field_value - 0.4, s.chance)
    trees.grass(s.mid, s.lens, s.chance, max(0.08, field_value - 0.36), many=50)


def castle(s: Set) -> None:
    """A castle on its hill."""
    light = s.mid.light
    air.ridge(s.back, s.lens, 0.05, 0.03, s.value(light.ground - 0.1, 100), s.chance)
    z = 60.0
    value = s.value(light.ground - 0.2, z)
    base = 5.0
    s.back.fill(
        [
            s.lens.at(-30, 0, z),
            *spline([s.lens.at(-26, 1, z), s.lens.at(-12, base, z), s.lens.at(12, base, z), s.lens.at(28, 1, z)]),
            s.lens.at(32, 0, z),
        ],
        value + 0.08,
    )
    for x, wide, tall in ((0, 16, 7), (-9, 4, 13), (9, 4, 11), (2, 5, 16)):
        wall = s.lens.face((x - wide / 2, x + wide / 2), (base - 1, base + tall), z)
        s.back.shape(wall, value - 0.04 * (wide < 6), 1.5)
        for n in range(int(wide * 1.2)):
            a = x - wide / 2 + n / 1.2
            s.back.fill(s.lens.face((a, a + 0.5), (base + tall, base + tall + 0.8), z), value - 0.04)
        if wide < 6:
            s.back.shape(
                [
                    s.lens.at(x - wide * 0.62, base + tall, z),
                    s.lens.at(x, base + tall + 6, z),
                    s.lens.at(x + wide * 0.62, base + tall, z),
                ],
                value - 0.22,
                1.4,
            )
            s.back.fill(
                s.lens.face((x - 0.3, x + 0.3), (base + tall - 3, base + tall - 1.6), z),
                LAMP if light.lamps else value - 0.3,
            )
    air.ground(s.mid, s.lens, light.ground - 0.04, s.chance)
    for x, zz in ((-9, 22), (8, 26), (12, 20)):
        trees.fir(s.mid, s.lens, (x, zz), 8, s.value(light.ground - 0.4, zz), s.chance)
    trees.grass(s.mid, s.lens, s.chance, max(0.08, light.ground - 0.36), many=50)


def space(s: Set) -> None:
    """A planet among the stars, and its moon's ground."""
    centre = (s.lens.width * 0.7, s.lens.horizon - s.lens.height * 0.26)
    r = s.lens.height * 0.24
    s.back.glow(centre, r * 1.5, 0.8, 0.35)
    s.back.fill(ellipse(centre, r, r, 0, 48), 0.62)
    for n in range(5):
        y = centre[1] + r * (n - 2) * 0.33
        half = (max(0.0, r * r - (y - centre[1]) ** 2)) ** 0.5
        s.back.line(
            [(centre[0] - half, y), (centre[0], y + r * 0.07), (centre[0] + half, y)], 2.0, 0.45, 0.6, smooth=True
        )
    s.back.fill(
        [
            *ellipse(centre, r, r, 0, 48)[12:37],
            *reversed([(x + r * 0.42, y) for x, y in ellipse(centre, r * 0.9, r, 0, 48)[12:37]]),
        ],
        0.12,
        0.75,
    )
    s.back.line(ellipse(centre, r * 1.7, r * 0.24, -14, 40)[2:19], 3, 0.8, 0.8)
    air.ridge(s.back, s.lens, 0.04, 0.03, 0.2, s.chance, sharp=True)
    air.ground(s.mid, s.lens, 0.3, s.chance)
    for _ in range(8):
        z = s.chance.uniform(6, 22)
        x, y = s.lens.at(s.chance.uniform(-z, z), 0, z)
        w = s.chance.uniform(0.5, 1.4) * s.lens.scale(z)
        s.mid.fill(ellipse((x, y), w, w * 0.18), 0.16)
        s.mid.line(ellipse((x, y), w, w * 0.18)[10:], 1.4, 0.55)
