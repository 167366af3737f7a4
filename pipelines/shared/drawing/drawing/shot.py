"""What is to be drawn: a shot and the people in it."""

from dataclasses import dataclass, field


@dataclass
class Person:
    """Somebody in the frame: a name where the words have one, and what they say about looks."""

    name: str = ""
    kind: str = "person"
    colour: tuple[int, int, int] | None = None
    garment: str = ""
    hat: str = ""
    hair: str = ""
    hair_tone: tuple[int, int, int] | None = None
    marks: set[str] = field(default_factory=set)
    pose: str = ""


@dataclass
class Shot:
    """What is to be drawn."""

    place: str = "field"
    indoors: bool = False
    hour: str = "day"
    weather: str = "clear"
    size: str = "wide"
    angle: str = "eye level"
    move: str = ""
    people: list[Person] = field(default_factory=list)
    things: list[tuple[str, tuple[int, int, int] | None]] = field(default_factory=list)
    mood: str = "calm"
    speaking: int | None = None
    understood: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
