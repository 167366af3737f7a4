"""How a character looks: what the words say, and for the rest always the same for the same name."""

from hashlib import sha256
from random import Random

from drawing.face import Face
from drawing.figure import Look
from drawing.shot import Person
from drawing.tone import Colour

_CLOTHES: tuple[Colour, ...] = (
    (168, 62, 54),
    (64, 98, 146),
    (78, 122, 88),
    (196, 150, 74),
    (112, 82, 128),
    (92, 96, 104),
    (150, 96, 66),
    (64, 124, 132),
)
_SKINS: tuple[Colour, ...] = ((232, 198, 172), (222, 182, 152), (188, 142, 110), (140, 98, 74), (214, 176, 140))
_HAIRS: tuple[Colour, ...] = ((48, 38, 36), (92, 64, 46), (36, 34, 38), (164, 126, 82), (120, 70, 48), (70, 52, 44))


def look_of(person: Person, number: int) -> Look:
    """Return how somebody looks: what the words say, the rest always the same for the same name."""
    key = person.name.lower() or f"{person.kind}-{number}"
    dice = Random(sha256(key.encode()).hexdigest())  # noqa: S311 - clothes, no secret
    colour = (
        _CLOTHES[dice.randrange(len(_CLOTHES))]
        if person.name
        else _CLOTHES[(number * 3 + len(person.kind)) % len(_CLOTHES)]
    )
    skin, hair = dice.choice(_SKINS), dice.choice(_HAIRS)
    female = person.kind in {"woman", "girl"} or (
        person.kind in {"person", "doctor", "astronaut"} and dice.random() < 0.5
    )
    style = dice.choice(
        ("long", "bob", "bun", "long")
        if female
        else ("short", "short", "short", "bald" if "old" in person.marks else "short")
    )
    garment = dice.choice(
        ("coat", "dress", "shirt", "jacket") if female else ("jacket", "shirt", "coat", "hoodie", "suit")
    )
    trousers: Colour = dice.choice(((58, 60, 70), (74, 70, 66), (48, 54, 74), (84, 78, 70)))
    special = {"soldier": ("uniform", (104, 108, 82), "helmet"), "officer": ("uniform", (52, 62, 88), "cap"), "doctor": ("coat", (236, 236, 234), ""),
               "astronaut": ("uniform", (226, 226, 222), "helmet")}.get(person.kind)  # fmt: skip
    hat = person.hat
    if special:
        garment, colour, usual = special
        hat = hat or usual
    old, young = "old" in person.marks, person.kind in {"girl", "boy"}
    tones: Colour = (198, 196, 192) if old else hair
    face = Face(
        skin=skin, hair=person.hair_tone or tones, style=person.hair or style, beard="beard" in person.marks or (not female and not young and dice.random() < 0.18),
        hat=hat, glasses="glasses" in person.marks, old=old, young=young,
    )  # fmt: skip
    garment = person.garment or garment
    if garment == "suit":
        colour = dice.choice(((64, 68, 80), (74, 72, 70), (58, 62, 70)))
    tall = 1.25 if young else 1.68 if female else 1.78
    return Look(garment, person.colour or colour, trousers, face, tall, 0.9 if female or young else 1.05)
