"""Who is in a shot, what they look like and what they do, from its words."""

import re

from drawing import vocabulary
from drawing.names import body, names
from drawing.shot import Person, Shot

_REFERRING = frozenset(["she", "her", "he", "him", "they", "mr", "mrs", "ms"])
"""Words that say a kind, but of somebody who is named or was."""


def _person(words: str, name: str = "") -> Person:
    lows = [word.lower() for word in vocabulary.WORD.findall(words)]
    who = Person(name=name)
    for at, word in enumerate(lows):
        before = lows[at - 1] if at else ""
        after = lows[at + 1] if at + 1 < len(lows) else ""
        if word in vocabulary.WHO_OF and who.kind == "person":
            who.kind = vocabulary.WHO_OF[word]
        if word in vocabulary.GARMENT_OF:
            who.garment = vocabulary.GARMENT_OF[word]
            who.colour = vocabulary.COLOURS.get(before, who.colour)
        if word in vocabulary.HAT_OF:
            who.hat = vocabulary.HAT_OF[word]
        if word in vocabulary.MARK_OF:
            who.marks.add(vocabulary.MARK_OF[word])
        if word in vocabulary.HAIR_TONES:
            who.hair_tone = vocabulary.HAIR_TONES[word]
        if word == "hair" or (word == "haired" and before):
            who.hair_tone = vocabulary.COLOURS.get(before, who.hair_tone)
        if word in vocabulary.HAIR_OF and (
            "hair" in {after, *lows[at + 2 : at + 3]} or word in {"bald", "bun", "ponytail", "bob"}
        ):
            who.hair = vocabulary.HAIR_OF[word]
    if who.kind.startswith("old "):
        who.kind = who.kind[4:]
        who.marks.add("old")
    return who


def who(shot: Shot, text: str, lows: list[str], low: str, cast: str, used: set[str]) -> None:
    """Add the people of a shot: those of the cast that are named, other names, then whoever is mentioned."""
    known = {}
    for line in cast.splitlines():
        name, colon, looks = line.partition(":")
        if colon and name.strip():
            person = _person(looks, name.strip().title())
            person.kind = _guess(name.strip()) if person.kind == "person" else person.kind
            known[name.strip().lower()] = person
    people: list[Person] = []
    said = body(text)
    for name, person in known.items():
        if re.search(rf"\b{re.escape(name)}\b", said.lower()):
            people.append(person)
            used |= set(vocabulary.WORD.findall(name))
    for name in names(said):
        low_name = name.lower()
        if (
            low_name in known
            or _means_something(low_name)
            or any(low_name in one.name.lower().split() for one in people)
        ):
            continue
        people.append(Person(name=name.title(), kind=_guess(name)))
        used.add(low_name)
    people = people or _meant(lows, known)
    mentions = [(at, word) for at, word in enumerate(lows) if word in vocabulary.WHO_OF and word not in _REFERRING]
    if not people:
        for at, word in mentions:
            around = _person(" ".join(lows[max(0, at - 4) : at + 7]))
            around.kind = vocabulary.WHO_OF[word].removeprefix("old ")
            if vocabulary.WHO_OF[word].startswith("old "):
                around.marks.add("old")
            people.append(around)
        if not people and any(word in {"she", "her"} for word in lows):
            people.append(_person(low))
            people[-1].kind = "woman"
        elif not people and any(word in {"he", "him", "his"} for word in lows):
            people.append(_person(low))
            people[-1].kind = "man"
    elif len(people) == 1:
        extra = _person(low)
        for part in ("colour", "garment", "hat", "hair", "hair_tone"):
            setattr(people[0], part, getattr(people[0], part) or getattr(extra, part))
        others = [word for _, word in mentions if vocabulary.WHO_OF[word] not in {people[0].kind, "person"}]
        people += [Person(kind=vocabulary.WHO_OF[word].removeprefix("old ")) for word in others[:2]]
    used |= {
        word
        for word in lows
        if word in vocabulary.WHO_OF
        or word in vocabulary.GARMENT_OF
        or word in vocabulary.HAT_OF
        or word in vocabulary.MARK_OF
        or word in vocabulary.COLOURS
        or word in vocabulary.HAIR_TONES
        or word in vocabulary.HAIR_OF
    }
    count = max((vocabulary.NUMBERS[word] for word in lows if word in vocabulary.NUMBERS), default=0)
    used |= {word for word in lows if word in vocabulary.NUMBERS}
    kinds = {"men": "man", "women": "woman", "children": "boy", "kids": "boy", "soldiers": "soldier"}
    while len(people) < count:
        kind = next((kinds[word] for word in lows if word in kinds), "") or (
            "soldier" if people and people[0].kind == "soldier" else "person"
        )
        people.append(Person(kind=kind))
    if vocabulary.NOBODY.search(low):
        people = []
        used |= set(vocabulary.WORD.findall(vocabulary.NOBODY.search(low).group()))  # type: ignore[union-attr]
        shot.understood.append("nobody")
    elif (
        not people
        and (
            any(word in vocabulary.POSE_OF or word in vocabulary.MOOD_OF for word in lows)
            or shot.size in {"close-up", "medium", "medium close-up", "extreme close-up"}
        )
        and not any(word in vocabulary.THING_OF for word in lows)
    ):
        people = [Person()]
    shot.people = people[:6]
    poses(shot, lows, used)
    for person in shot.people:
        words_of = [person.name or person.kind]
        if person.pose:
            words_of.append(f"({person.pose.replace('-', ' ')})")
        shot.understood.append(" ".join(words_of))


def _meant(lows: list[str], known: dict[str, Person]) -> list[Person]:
    """Return whom `she`, `he` and `they` are: of the cast, which names first whoever was last seen, the first of the kind."""
    women = [one for one in known.values() if one.kind in {"woman", "girl"}]
    men = [one for one in known.values() if one.kind in {"man", "boy"}]
    found = women[:1] if {"she", "her"} & set(lows) else []
    found += men[:1] if {"he", "him", "his"} & set(lows) else []
    if not found and {"they", "them", "their"} & set(lows):
        found = list(known.values())[:2]
    return found


def _guess(name: str) -> str:
    return (
        "woman"
        if name.lower().endswith(("a", "ie", "y", "e", "ah", "en"))
        and name.lower()
        not in {
            "joe",
            "mike",
            "luke",
            "harry",
            "steve",
            "george",
            "dave",
            "pete",
            "jamie",
            "charlie",
            "ben",
            "owen",
            "allen",
            "stephen",
            "henry",
            "larry",
            "tony",
            "billy",
            "bobby",
            "danny",
            "jerry",
            "andy",
            "kyle",
            "jake",
            "duke",
        }
        else "man"
    )


def _means_something(word: str) -> bool:
    tables = (
        vocabulary.PLACE_OF,
        vocabulary.HOUR_OF,
        vocabulary.WEATHER_OF,
        vocabulary.POSE_OF,
        vocabulary.MOOD_OF,
        vocabulary.THING_OF,
        vocabulary.WHO_OF,
        vocabulary.GARMENT_OF,
        vocabulary.HAT_OF,
        vocabulary.COLOURS,
        vocabulary.NUMBERS,
        vocabulary.HAIR_TONES,
        vocabulary.MARK_OF,
    )
    return word in vocabulary.QUIET or any(word in table for table in tables)


def poses(shot: Shot, lows: list[str], used: set[str]) -> None:
    """Give each person what the words behind their name say they do."""
    found = [
        (at, vocabulary.POSE_OF[word])
        for at, word in enumerate(lows)
        if word in vocabulary.POSE_OF and not (word == "body" or (word == "phone" and shot.size == "insert"))
    ]
    used |= {lows[at] for at, _ in found}
    if any(pose == "phone" for _, pose in found):
        found = [(at, pose) for at, pose in found if pose != "talk"]
    if not shot.people or not found:
        return
    for number, person in enumerate(shot.people):
        places = [
            at
            for at, word in enumerate(lows)
            if word in person.name.lower().split()
            or vocabulary.WHO_OF.get(word, "").removeprefix("old ") == person.kind
        ]
        after = [pose for at, pose in found if any(0 < at - place < 7 for place in places)]
        person.pose = (
            after[0]
            if after
            else found[min(number, len(found) - 1)][1]
            if not places
            or len(shot.people) == 1
            or found[0][1] in {"talk", "fight", "hug", "walk", "run", "dance", "sit"}
            else ""
        )
