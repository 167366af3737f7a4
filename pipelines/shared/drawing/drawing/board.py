"""A shot as a storyboard artist would frame it: what is read from its words, placed before a lens, in three layers.

`compose` gives the layers (far, the place with its people, what is before them) as SVG, each for a drawing larger than the frame.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random

from drawing import sky as air
from drawing.easel import Easel
from drawing.figure import POSES, Figure, Look, faced
from drawing.indoors import ROOMS
from drawing.ink import Pen, ellipse
from drawing.lens import Lens
from drawing.looks import look_of
from drawing.outdoors import PLACES
from drawing.shot import Person, Shot
from drawing.stage import Set
from drawing.things import THINGS
from drawing.tone import LIGHTS, Colour, Light, name

_SIZES = {
    # how tall a person is, as a share of the frame; where the eyes are, from the top; the focal length in frame heights
    "extreme wide": (0.17, 0.70, 0.95),
    "wide": (0.60, 0.36, 1.05),
    "medium wide": (1.02, 0.24, 1.3),
    "medium": (1.75, 0.33, 1.6),
    "medium close-up": (2.7, 0.38, 1.9),
    "close-up": (4.1, 0.42, 2.2),
    "extreme close-up": (9.0, 0.46, 2.6),
    "insert": (4.1, 0.42, 2.2),
}
_EYES = 0.93
"""Where a person's eyes are, as a share of their height."""

_LOW = frozenset(("sit", "kneel", "crouch"))
"""Poses in which the eyes are lower."""

LARGE = frozenset(("horse", "elephant", "cow", "bear", "tent", "fire", "deer", "table"))
"""What stands behind people, not before them."""


@dataclass(frozen=True)
class Board:
    """Layers from far to near, each an SVG document's inside, on a paper larger than the frame; `soft` blurs what is far."""

    width: int
    height: int
    layers: tuple[str, str, str]
    soft: float
    paper: str
    tilt: float


def _light(shot: Shot) -> Light:
    if shot.hour == "space":
        return LIGHTS["space"]
    if shot.indoors and shot.place != "car":
        return LIGHTS["room-night" if shot.hour in {"night", "dusk"} else "room-day"]
    if shot.weather == "storm":
        return LIGHTS["night"] if shot.hour == "night" else LIGHTS["storm"]
    if shot.weather in {"rain", "fog", "grey", "snow"} and shot.hour == "day":
        return LIGHTS["grey"]
    return LIGHTS[shot.hour]


def _lens(shot: Shot, width: int, height: int, tallest: float) -> Lens:
    share, eyes, focal = _SIZES[shot.size]
    distance = focal * 1.75 / share
    tall = 1.55
    if shot.angle == "low":
        tall = 0.35 if shot.size in {"wide", "extreme wide", "medium wide"} else 0.9
        eyes = max(0.26, eyes - 0.05)
    elif shot.angle == "high":
        tall = 3.6 if shot.size in {"wide", "extreme wide", "medium wide"} else 2.2
        eyes = min(0.5, eyes + 0.06)
    elif shot.angle == "overhead":
        tall, distance = 11.0, max(distance, 12.0)
        eyes = 0.5
    elif shot.size == "extreme wide":
        tall = 2.6
    if shot.place == "station" and shot.angle == "eye level":
        tall = 1.5
    focus = focal * height
    if not shot.people and shot.size in {"wide", "medium wide", "medium"}:
        horizon = height * {"low": 0.74, "high": 0.2, "overhead": -0.1}.get(shot.angle, 0.52)
    else:
        eye = _EYES * (tallest if shot.size in {"close-up", "extreme close-up", "medium close-up"} else 1.75)
        if (
            shot.people
            and all(person.pose in _LOW for person in shot.people)
            and shot.size not in {"wide", "extreme wide"}
        ):
            eye *= 0.72
        horizon = eyes * height - (tall - eye) * focus / distance
    if shot.size == "extreme wide" and shot.angle not in {"overhead", "high"}:
        horizon = min(horizon, 0.66 * height)
    return Lens(width, height, focus, horizon, width / 2, tall, distance)


def compose(shot: Shot, width: int, height: int, seed: int, speaking: int | None = None) -> Board:
    """Return the drawing of a shot for a frame of a size in pixels; the person `speaking` has the mouth open."""
    shot = replace(shot, speaking=speaking)
    chance = Random(f"{seed}/{shot.place}/{shot.size}/{shot.angle}")  # noqa: S311 - a hand's tremble
    light = _light(shot)
    unit = height / 720
    back, mid, front = (Pen(light, chance, unit) for _ in range(3))
    looks = [look_of(person, number) for number, person in enumerate(shot.people)]
    tallest = max((look.tall for look in looks), default=1.75)
    lens = _lens(shot, width, height, tallest)
    wide = shot.size in {"wide", "extreme wide", "medium wide"}
    stage = Set(back, mid, front, lens, chance, shot.hour, shot.weather, wide)
    if not shot.indoors:
        air.sky(back, lens, shot.hour, shot.weather, chance)
        if shot.weather == "storm":
            air.lightning(back, lens, chance)
        PLACES[shot.place](stage)
        if shot.weather == "fog":
            air.fog(mid, lens, chance)
    else:
        ROOMS[shot.place](stage)
    if shot.size in {"close-up", "extreme close-up", "medium close-up"} and (shot.people or shot.things):
        back, mid, stage = _put_behind(back, mid, stage, light, chance, unit)
    _furnish(shot, stage, looks)
    _weather(shot, stage)
    soft = {"close-up": 5.5, "extreme close-up": 9.0, "medium close-up": 2.4, "insert": 7.0}.get(shot.size, 0.0)
    layers = ("".join(back.svg), "".join(mid.svg), "".join(front.svg))
    return Board(width, height, layers, soft * unit, name(light.colour(0.9)), 7.0 if shot.angle == "dutch" else 0.0)


def _put_behind(back: Pen, mid: Pen, stage: Set, light: Light, chance: Random, unit: float) -> tuple[Pen, Pen, Set]:
    """Make the whole place the background of a close view: paler, and out of focus."""
    back.svg += mid.svg
    left, top, right, bottom = stage.lens.edges
    low = light.sky[1] if not stage.front.light.lamps or light.sky[1] > 0.3 else 0.3
    back.fill([(left, top), (right, top), (right, bottom), (left, bottom)], low, 0.22)
    fresh = Pen(light, chance, unit)
    return back, fresh, replace(stage, mid=fresh)


def _furnish(shot: Shot, stage: Set, looks: list[Look]) -> None:
    lens = stage.lens
    z = lens.subject
    if shot.size == "insert" or (shot.things and not shot.people and shot.size in {"close-up", "extreme close-up"}):
        _insert(shot, stage)
        return
    if shot.angle == "over the shoulder" and shot.people:
        _shoulder(shot, stage, looks)
        return
    spots = _spots(shot, len(looks), lens)
    _things(shot, stage, behind=True)
    order = sorted(range(len(looks)), key=lambda n: -spots[n][1])
    for n in order:
        x, back, yaw = spots[n]
        _person(shot, stage, shot.people[n], looks[n], (x, z + back), yaw, n)
    _things(shot, stage, behind=False)


def _spots(shot: Shot, count: int, lens: Lens) -> list[tuple[float, float, float]]:
    """Return x, metres behind the subject's plane and yaw for each person."""
    frame = lens.width / lens.scale(lens.subject)
    talk = any(person.pose in {"talk", "hug", "fight", "dance"} for person in shot.people) or count == 2
    if count == 1:
        moving = shot.people[0].pose in {"walk", "run", "ride", "fall", "crouch"}
        if shot.size in {"close-up", "extreme close-up"}:
            return [(0.02 * frame, 0.0, -34)]
        if moving:
            return [(-0.14 * frame, 0.0, 62 if shot.people[0].pose != "walk" else 48)]
        away = shot.size == "extreme wide" or (
            shot.size == "wide" and shot.place in {"cliff", "mountain", "beach", "harbour"} and not shot.people[0].pose
        )
        side = 0.17 if shot.size in {"wide", "extreme wide"} else 0.12
        return [(side * frame, 0.0, 160 if away else -38)]
    if count == 2:
        near = {"hug": 0.16, "fight": 0.42, "dance": 0.36}.get(shot.people[0].pose, 0.62)
        near = min(near, 0.24 * frame) if shot.size not in {"wide", "extreme wide"} else near * 1.05
        if shot.people[0].pose in {"walk", "run"}:
            return [(-near, 0.0, 40), (near * 0.6, 0.35, 44)]
        turn = 62 if talk else 30
        return [(-near, 0.0, turn), (near, 0.25 if shot.size in {"wide", "medium wide"} else 0.06, -turn)]
    step = min(0.86, frame * 0.82 / max(1, count))
    places = []
    for n in range(count):
        across = (n - (count - 1) / 2) * step
        places.append((across, 0.5 * ((n * 2) % 3) * 0.7, -across * 30 + (12 if n % 2 else -12)))
    return places


def _person(
    shot: Shot, stage: Set, person: Person, look: Look, at: tuple[float, float], yaw: float, number: int
) -> None:
    lens, pen = stage.lens, stage.mid
    x, z = at
    px = look.tall * lens.scale(z)
    feet = lens.at(x, 0, z)
    pose = POSES[person.pose or "stand"]
    if person.pose == "sit" and shot.place == "car":
        pose = POSES["ride"]
    if shot.place == "car":
        feet = (lens.width * (0.29 if number % 2 else 0.71), lens.height * 1.16)
        px, yaw = lens.height * 1.25, -8 if number % 2 == 0 else 14
        pose = POSES["sit"]
    if person.pose == "talk" and number % 2:
        pose = POSES["arms-crossed"] if number > 1 else POSES["stand"]
    if person.pose == "sit" and shot.place != "car" and abs(yaw) < 80:
        yaw = 58 if yaw >= 0 else -58
    flat = None
    if stage.mid.light.lamps and not shot.indoors and shot.size == "extreme wide":
        flat = 0.05
    mood = "talk" if shot.speaking == number else "calm" if shot.mood == "talk" else shot.mood
    if shot.size not in {"extreme close-up", "close-up", "medium close-up"} and shot.place != "car":
        tall = max(0.02, min(0.34, lens.tall / z)) * 0.5
        pen.fill(ellipse((feet[0] + 0.05 * px, feet[1]), 0.22 * px, max(2.0, tall * 0.5 * px)), 0.03, 0.38)
        if person.pose == "sit":
            _seat(stage, x, z, look, 1 if yaw >= 0 else -1)
    with _own_hand(pen, f"{look.colour}{number}"):
        Figure(pen, faced(look, mood=mood), pose, yaw, feet, px, flat).draw()


@contextmanager
def _own_hand(pen: Pen, key: str) -> Iterator[None]:
    """Draw with a tremble of one's own, so that another mouth moves nothing else."""
    kept, pen.chance = pen.chance, Random(key)  # noqa: S311 - a hand's tremble
    yield
    pen.chance = kept


def _seat(stage: Set, x: float, z: float, look: Look, sign: int) -> None:
    """A stool or a low wall under whoever sits."""
    tall = 0.25 * look.tall
    a = (x - sign * 0.24, x + sign * 0.14)
    stage.lens.box(stage.mid, (min(a), max(a)), (0, tall), (z - 0.1, z + 0.28), (0.36, 0.28, 0.5), 1.4)


def _things(shot: Shot, stage: Set, *, behind: bool) -> None:
    lens = stage.lens
    people = bool(shot.people)
    side = 0
    for thing, colour in shot.things:
        draw, long, home = THINGS[thing]
        z, flip, pen = lens.subject, False, stage.mid
        side += 1
        alone = not people and side == 1
        if home == "insert":
            continue
        if home in {"sky", "flock"}:
            if behind:
                _overhead(shot, stage, thing, colour)
            continue
        if home in {"water", "landmark", "far"}:
            if not behind:
                continue
            z = {"water": 26.0, "landmark": 60.0, "far": 34.0}[home]
            if thing == "train" and shot.place == "station":
                z = lens.subject + 9
            x = -0.22 * lens.width / lens.scale(z) * (1 if side % 2 else -1)
            y = max(lens.at(0, 0, z)[1], lens.horizon + 4)
            px = long * lens.scale(z)
            if thing == "lighthouse":
                px = min(px, 0.5 * lens.height)
            if thing in {"ship", "boat"}:
                px = max(0.22 * lens.width, min(px, 0.5 * lens.width))
            draw(
                Easel(stage.back if home != "far" else pen, (lens.width / 2 + x * lens.scale(z), y), px, colour=colour)
            )
            continue
        if home == "road":
            z = max(lens.subject + 2.6, 5.5) if people else _filling(lens, long)
            x = (-1.5 if side % 2 else 2.2) if people else 0.0
            flip = bool(side % 2 == 0)
            if behind:
                draw(Easel(pen, lens.at(x, 0, z), long * lens.scale(z), flip=flip, colour=colour))
            continue
        if behind and thing in LARGE and people:
            z = lens.subject + 0.9
            frame = lens.width / lens.scale(z)
            draw(
                Easel(
                    pen, lens.at(-0.2 * frame if side % 2 else 0.3 * frame, 0, z), long * lens.scale(z), colour=colour
                )
            )
        elif not behind and not (thing in LARGE and people):
            z = lens.subject - 0.1 if people else max(lens.subject * 0.8, long * lens.focal / lens.height * 1.5)
            frame = lens.width / lens.scale(z)
            x = 0.0 if alone else (-0.24 if side % 2 else 0.32) * frame
            if lens.at(0, 0, z)[1] < lens.height * 1.3:
                draw(
                    Easel(pen, lens.at(x, 0, z), long * lens.scale(z), flip=not people and side % 2 == 0, colour=colour)
                )


def _filling(lens: Lens, long: float) -> float:
    """Return how far a thing stands that is what the shot is about: on the ground, low in the frame, not wider than it."""
    return max(lens.tall * lens.focal / (0.82 * lens.height - lens.horizon), long * lens.focal / (0.64 * lens.width))


def _overhead(shot: Shot, stage: Set, name: str, colour: Colour | None) -> None:
    lens = stage.lens
    draw, _, home = THINGS[name]
    top = max(0.06 * lens.height, min(lens.horizon * 0.45, lens.height * 0.32))
    if home == "flock":
        for n in range(7):
            at = (lens.width * (0.2 + 0.07 * n + 0.02 * ((n * 5) % 3)), top * (0.7 + 0.22 * ((n * 7) % 4)))
            draw(Easel(stage.back, at, lens.height * (0.03 + 0.012 * ((n * 3) % 4)), flip=n % 2 == 0, colour=colour))
        return
    size = {"plane": 0.3, "helicopter": 0.26, "spaceship": 0.34}[name] * lens.width * (1.3 if not shot.people else 0.9)
    draw(Easel(stage.back, (lens.width * 0.34, top + size * 0.15), size, colour=colour))


def _insert(shot: Shot, stage: Set) -> None:
    """One thing that fills the frame, on a table."""
    lens, pen = stage.lens, stage.mid
    name, colour = next((one for one in shot.things), ("letter", None))
    draw, _, home = THINGS[name]
    y = lens.height * 0.72
    left, _, right, bottom = lens.edges
    if home == "insert":
        pen.fill([(left, y), (right, y), (right, bottom), (left, bottom)], 0.44)
        pen.line([(left, y), (right, y)], 2.4)
        for n in range(6):
            pen.line([(left, y + (n + 1) * 34 * pen.unit), (right, y + (n + 1) * 40 * pen.unit)], 1, 0.3, 0.5)
    size = lens.height * (0.62 if home == "insert" else 0.9)
    foot = (lens.width * 0.5, lens.height * 0.84)
    pen.fill(ellipse((foot[0] + 20 * pen.unit, foot[1]), size * 0.46, size * 0.05), 0.05, 0.4)
    draw(Easel(pen, foot, size, colour=colour))


def _shoulder(shot: Shot, stage: Set, looks: list[Look]) -> None:
    """One person over the shoulder of another, who is dark and near."""
    lens = stage.lens
    other = looks[1] if len(looks) > 1 else look_of(Person(kind="man", name="somebody"), 1)
    size = max(1.9, _SIZES[shot.size][0]) * lens.height * 0.8
    look = faced(looks[0], mood="talk" if shot.speaking == 0 else "calm" if shot.mood == "talk" else shot.mood)
    feet = (lens.width * 0.60, lens.height * 0.36 + size * _EYES)
    with _own_hand(stage.mid, "shoulder"):
        Figure(
            stage.mid,
            look,
            POSES[shot.people[0].pose if shot.people[0].pose in {"talk", "point", "phone"} else "stand"],
            -28,
            feet,
            size,
        ).draw()
    near = size * 1.9
    feet = (lens.width * 0.20, lens.height * 0.34 + near * _EYES)
    Figure(stage.front, other, POSES["stand"], 152, feet, near).draw()


def _weather(shot: Shot, stage: Set) -> None:
    if shot.indoors:
        return
    if shot.weather in {"rain", "storm"}:
        air.rain(stage.mid, stage.lens, stage.chance, near=False)
        air.rain(stage.front, stage.lens, stage.chance, near=True)
    if shot.weather == "snow":
        air.snow(stage.front, stage.lens, stage.chance)
