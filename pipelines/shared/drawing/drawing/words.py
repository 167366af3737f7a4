"""What a shot's words say that can be drawn, and which of them say something that cannot."""

import re

from drawing import vocabulary
from drawing.cast import who
from drawing.names import body
from drawing.shot import Shot

_VEHICLE = frozenset(["car", "taxi", "truck", "van", "lorry", "pickup", "jeep"])
_PLACED = _VEHICLE | {"lighthouse", "train", "bus"}
"""Words that say a place only in a scene's heading; elsewhere they are things."""
_OUTSIDE = frozenset(
    ["lighthouse", "car", "truck", "bus", "taxi", "police car", "train", "plane", "helicopter", "ship"]
)
"""Things that stand in no room."""


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> tuple[str, set[str]]:
    for name, pattern in patterns:
        found = re.search(pattern, text)
        if found:
            return name, set(vocabulary.WORD.findall(found.group()))
    return "", set()


def read(text: str, cast: str = "") -> Shot:
    """Return what a text says. `cast` has a line for each character: `ANNA: woman, red coat, long dark hair`."""
    shot = Shot()
    low = text.lower()
    words = vocabulary.WORD.findall(text)
    lows = [word.lower() for word in words]
    used: set[str] = set()
    _grammar(shot, low, lows, used)
    heading = [word.lower() for word in vocabulary.WORD.findall(text.removesuffix(body(text)))]
    _surroundings(shot, low, lows, heading, used)
    who(shot, text, lows, low, cast, used)
    if "close-up" in shot.size and len(shot.people) > 1:
        shot.people = shot.people[:1]  # a close view is of one; whoever else is named is not in it
    _what(shot, lows, heading, used)
    known = set(vocabulary.POSE_OF) | set(vocabulary.MOOD_OF)
    for word in lows:
        if word in vocabulary.MOOD_OF and shot.mood == "calm":
            shot.mood = vocabulary.MOOD_OF[word]
        if word in known:
            used.add(word)
    if shot.mood != "calm":
        shot.understood.append(shot.mood)
    names = {part for person in shot.people for part in person.name.lower().split()}
    seen: list[str] = []
    for word in lows:
        if (
            word not in used
            and word not in vocabulary.QUIET
            and word not in names
            and word not in seen
            and len(word) > 2
        ):
            seen.append(word)
    shot.ignored = seen
    return shot


def _grammar(shot: Shot, low: str, lows: list[str], used: set[str]) -> None:
    shot.size, words = _first(vocabulary.SIZES, low)
    used |= words
    shot.angle, words = _first(vocabulary.ANGLES, low)
    used |= words
    shot.move, words = _first(vocabulary.MOVES, low)
    if (
        shot.move == "truck-right"
        and "truck" in lows
        and not re.search(r"track|slide|dolly|trucks right|truck right|trucking", low)
    ):
        shot.move, words = "", set()
    used |= words
    if not shot.size:
        shot.size = (
            "extreme wide"
            if shot.angle == "overhead"
            else "medium"
            if re.search(r'["“]|\bsays\b|\btalk', low)
            else "wide"
        )
    else:
        shot.understood.append(shot.size)
    if shot.angle:
        shot.understood.append(
            shot.angle
            if shot.angle == "over the shoulder"
            else f"{shot.angle} angle"
            if shot.angle != "overhead"
            else "from overhead"
        )
    shot.angle = shot.angle or "eye level"
    if shot.move:
        shot.understood.append(f"camera: {shot.move.replace('-', ' ')}")


def _surroundings(shot: Shot, low: str, lows: list[str], heading: list[str], used: set[str]) -> None:
    """Find place, hour and weather; what a scene's heading says of the place counts, what is seen from there does not."""
    inside = bool(re.search(r"\bint\b|\bint\.|\binterior\b|\binside\b|\bindoors\b", low))
    outside = bool(re.search(r"\bext\b|\bext\.|\bexterior\b|\boutside\b", low))
    headed = any(word in vocabulary.PLACE_OF or word in _PLACED for word in heading)
    where = heading if headed else lows
    found = [(vocabulary.PLACE_OF[word], word) for word in where if word in vocabulary.PLACE_OF]
    if inside:
        found = [one for one in found if one[0] in vocabulary.INDOORS] or found
        if _VEHICLE & set(where) and not any(
            one[1] in vocabulary.PLACES[one[0]].split()[:1] and one[0] in vocabulary.INDOORS for one in found
        ):
            found = [("car", "car")]
        elif {"train", "bus"} & set(where):
            found = [("train", "train"), *found]
        elif re.search(r"\bship bridge|\bspaceship\b|\bstarship\b|\bcockpit\b", low):
            found = [("spaceship", "spaceship"), *found]
    elif outside:
        outdoors = [one for one in found if one[0] not in vocabulary.INDOORS]
        found = outdoors or ([("street", found[0][1])] if found else [])  # a cafe from outside is a house in a street
    specific = [
        one
        for one in found
        if one[1]
        not in {"room", "house", "home", "tower", "trees", "shop", "ice", "moon", "bed", "desk", "class", "hall"}
    ]
    if "lighthouse" in where and not specific:
        specific = [("warehouse" if inside else "cliff", "lighthouse")]
    chosen = (specific or found or [("", "")])[0]
    if chosen[0]:
        shot.place = chosen[0]
        shot.understood.append(chosen[0])
    elif inside:
        shot.place = "living room"
        shot.understood.append("a room")
    used |= {word for name, word in found if name == shot.place} | {
        word for word in lows if word in {"inside", "indoors", "outside"}
    }
    shot.indoors = shot.place in vocabulary.INDOORS
    for word in lows:
        if word in vocabulary.HOUR_OF:
            shot.hour = vocabulary.HOUR_OF[word]
            used.add(word)
            if shot.hour != "day" or word != "day":
                break
    if any(word in vocabulary.HOUR_OF for word in lows):
        shot.understood.append(shot.hour)
    for word in lows:
        if word in vocabulary.WEATHER_OF:
            used.add(word)
            if shot.weather == "clear":
                shot.weather = vocabulary.WEATHER_OF[word]
                shot.understood.append(shot.weather)
    if shot.place in {"space", "spaceship"}:
        shot.hour = "space"


def _what(shot: Shot, lows: list[str], heading: list[str], used: set[str]) -> None:
    for at, word in enumerate(lows):
        name = vocabulary.THING_OF.get(word)
        if name is None and word == "police" and at + 1 < len(lows) and lows[at + 1] in {"car", "cars"}:
            name = "police car"
        if name is None or (name == "car" and (shot.place == "car" or any(n == "police car" for n, _ in shot.things))):
            if name:
                used.add(word)
            continue
        used |= {word, "police"}
        if (name in {"train", "spaceship"} and shot.place == name) or (name == "phone" and shot.size != "insert"):
            continue
        if name in _OUTSIDE and (shot.place == "car" or (shot.indoors and word in heading)):
            continue
        if all(name != known for known, _ in shot.things):
            colour = vocabulary.COLOURS.get(lows[at - 1]) if at else None
            shot.things.append((name, colour))
            shot.understood.append(name)
            if colour:
                used.add(lows[at - 1])
    for word in lows:
        if word in vocabulary.PLACE_OF and vocabulary.PLACE_OF[word] == shot.place:
            used.add(word)
