"""Places by the sea, and boats."""

from drawing import sky as air
from drawing import trees
from drawing.ink import Pen, spline
from drawing.lens import Lens
from drawing.stage import Set


def sea(s: Set, *, shore: str = "sand") -> None:
    """The sea from a beach, a pier or a cliff."""
    light = s.mid.light
    left, _, right, bottom = s.lens.edges
    if s.hour != "space":
        air.ridge(s.back, s.lens, 0.02, 0.012, s.value(light.ground - 0.1, 120), s.chance, line=1.0)
    top = s.lens.horizon
    s.back.fade(
        (left, top, right, bottom),
        light.ground - 0.02 if light.ground > 0.5 else light.ground + 0.12,
        light.ground - 0.26,
    )
    s.back.line([(left, top), (right, top)], 1.4, 0.18, 0.8, shaky=0.3)
    for _ in range(120):
        z = 7 / max(0.03, s.chance.random())
        x, y = s.lens.at(s.chance.uniform(-z, z) * 1.2, 0, z)
        long = min(110, 900 / z + 10) * s.back.unit * s.chance.uniform(0.5, 1.3)
        s.back.line(
            [(x, y), (x + long / 2, y - long * 0.05), (x + long, y)],
            1.3,
            0.96 if s.chance.random() < 0.45 else light.ground - 0.36,
            0.5,
            smooth=True,
        )
    if s.hour in {"dusk", "dawn", "night"} and s.weather == "clear":
        centre = s.lens.width * (0.77 if s.hour == "night" else 0.66)
        for n in range(26):
            y = top + (bottom - top) * (n / 26) ** 1.6 * 0.5
            wide = (14 + n * 4) * s.back.unit * s.chance.uniform(0.5, 1.2)
            s.back.line(
                [(centre - wide, y), (centre + wide, y)], 2.2, (255, 244, 214) if s.hour != "night" else 0.95, 0.6
            )
    if shore == "sand":
        z = 9.0 + s.lens.subject
        edge = [s.lens.at(x, 0, z + 1.4 * ((n % 2) * 2 - 1)) for n, x in enumerate(range(-60, 61, 12))]
        s.mid.fill([*spline(edge), (right, bottom), (left, bottom)], light.ground + 0.08)
        s.mid.line(edge, 3.0, 0.98, 0.9, smooth=True)
        s.mid.line([(x, y + 7 * s.mid.unit) for x, y in edge], 1.2, 0.3, 0.5, smooth=True)
        for _ in range(24):
            zz = s.chance.uniform(2, z - 2)
            x, y = s.lens.at(s.chance.uniform(-zz, zz), 0, zz)
            s.mid.line([(x, y), (x + s.chance.uniform(10, 40) * s.mid.unit, y)], 1.0, light.ground - 0.25, 0.5)
    elif shore == "pier":
        wide = 2.1
        end = s.lens.subject + 14
        s.mid.shape(s.lens.floor((-wide, wide), (0.5, end), 0.0), light.ground - 0.04, 1.6)
        for n in range(40):
            z = 0.8 + n * 0.45 * (1 + n * 0.03)
            if z < end:
                s.mid.line([s.lens.at(-wide, 0, z), s.lens.at(wide, 0, z)], 0.8, 0.16, 0.7)
        for n in range(6):
            z = end - n * (end - 1.5) / 6
            for x in (-wide, wide):
                s.mid.shape(s.lens.face((x - 0.09, x + 0.09), (-0.7, 0.95), z), 0.2, 1.3)
        for x in (-wide, wide):
            s.mid.line([s.lens.at(x, 0.8, 0.9), s.lens.at(x, 0.8, end)], 2.4, 0.14)
    else:
        _cliff(s)


def _cliff(s: Set) -> None:
    light = s.mid.light
    left, _, right, bottom = s.lens.edges
    z = s.lens.subject + 5
    edge = [s.lens.at(x, 0.25 * ((n * 7) % 3 - 1), z + 2 * ((n * 5) % 3)) for n, x in enumerate(range(-40, 41, 5))]
    s.mid.fill([*edge, (right, bottom), (left, bottom)], light.ground - 0.08)
    s.mid.line(edge, 2.2, 0.08)
    trees.grass(s.mid, s.lens, s.chance, max(0.08, light.ground - 0.4), many=60)
    for _ in range(7):
        z2 = s.chance.uniform(4, z)
        trees.rock(
            s.mid,
            s.lens,
            (s.chance.choice((-1, 1)) * s.chance.uniform(0.35, 0.8) * z2, z2),
            s.chance.uniform(0.2, 0.6),
            light.ground - 0.2,
            s.chance,
        )


def harbour(s: Set) -> None:
    """A pier with masts."""
    sea(s, shore="pier")
    for n in range(5):
        x, z = (-1) ** n * (7 + 3.4 * n), 26 + 5 * n
        hull(s.back, s.lens, x, z, 6.0, s.value(s.mid.light.ground - 0.2, z), mast=True)


def cliff(s: Set) -> None:
    """The sea from above."""
    sea(s, shore="cliff")


def hull(pen: Pen, lens: Lens, x: float, z: float, long: float, value: float, *, mast: bool) -> None:
    """A boat on the water, seen from the side."""
    px = lens.scale(z)
    a, y = lens.at(x, 0, z)
    w, h = long * px / 2, long * px * 0.13
    pen.shape(
        [(a - w, y - h), (a + w * 1.05, y - h * 1.25), (a + w * 0.72, y + h * 0.2), (a - w * 0.8, y + h * 0.2)],
        value,
        1.5,
    )
    pen.line([(a - w * 0.95, y - h * 0.7), (a + w * 0.95, y - h * 0.85)], 1.2, value + 0.3)
    if mast:
        pen.line([(a - w * 0.1, y - h), (a - w * 0.1, y - long * px * 0.9)], 1.8, 0.1)
        pen.line([(a - w * 0.1, y - long * px * 0.86), (a + w, y - h * 1.2)], 0.9, 0.15)
        pen.line([(a - w * 0.1, y - long * px * 0.86), (a - w * 0.9, y - h)], 0.9, 0.15)
    else:
        pen.shape(
            [
                (a - w * 0.4, y - h),
                (a - w * 0.34, y - h * 2.6),
                (a + w * 0.3, y - h * 2.6),
                (a + w * 0.38, y - h * 1.1),
            ],
            value + 0.25,
            1.4,
        )
        pen.fill(
            [
                (a - w * 0.26, y - h * 2.2),
                (a + w * 0.22, y - h * 2.2),
                (a + w * 0.24, y - h * 1.6),
                (a - w * 0.27, y - h * 1.6),
            ],
            value - 0.1,
        )
