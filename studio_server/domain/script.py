"""A script as a film to be made: scenes, shots and what is said in them, with lengths by reading time.

`parse` takes Fountain, Final Draft and plain text. Pure: text in, a value out; no canvas, no files. `_shots` says
where a shot ends.
"""

import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, Literal

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.domain import finaldraft, fountain
from studio_server.domain.fountain import Element, Kind

UNTITLED: Final = "Untitled"
"""What a script is called that has no name of its own; its film then has that of the project."""
LONGEST: Final = 2_000_000
"""Most characters of a script: about a thousand pages."""
MOST_SHOTS: Final = 2000

WORDS_A_SECOND: Final = Fraction(5, 2)
"""How fast people speak on a stage, and how fast a picture is told: 150 words a minute."""
SHORTEST_S: Final = Fraction(3, 2)
LONGEST_S: Final = Fraction(60)
_TURN_S: Final = Fraction(1, 2)
_FULL_S: Final = Fraction(12)
"""A shot that lasts so long takes no further speech or sentence: the next one is on another shot."""

Passage = Literal["cut", "dissolve", "fade"]
_FADES_OUT: Final = (
    "FADE OUT", "FADE TO BLACK", "ABBLENDE", "SCHWARZBLENDE", "FONDU AU NOIR", "FUNDIDO A NEGRO", "DISSOLVENZA IN NERO",
)  # fmt: skip
_FADES_IN: Final = ("FADE IN", "AUFBLENDE", "OUVERTURE")
_DISSOLVES: Final = (
    "DISSOLVE", "CROSSFADE", "CROSS FADE", "WIPE", "FADE TO", "ÜBERBLENDUNG", "FONDU", "ENCADENADO", "DISSOLVENZA",
)  # fmt: skip


class Speech(Frozen):
    """What somebody says: who, the words, how (a direction, or empty), and how long it takes in seconds."""

    speaker: str
    words: str
    direction: str = ""
    seconds: float
    line: int


class ScriptShot(Frozen):
    """A shot: what is seen, what is said, its length in seconds (halves), and how it is entered and left."""

    picture: str
    speeches: tuple[Speech, ...] = ()
    seconds: float
    enter: Passage = "cut"
    leave: Passage = "cut"
    line: int


class ScriptScene(Frozen):
    """A scene: its number (one to eight letters and digits, unique), its heading, and its shots, at least one."""

    number: str
    heading: str
    shots: tuple[ScriptShot, ...]
    line: int


class Script(Frozen):
    """A whole script. `notes` say in words what of it was read in another way than it may be meant."""

    title: str
    scenes: tuple[ScriptScene, ...]
    notes: tuple[str, ...] = ()

    @property
    def shots(self) -> int:
        """Return how many shots it has."""
        return sum(len(scene.shots) for scene in self.scenes)

    @property
    def seconds(self) -> float:
        """Return its length."""
        return sum(shot.seconds for scene in self.scenes for shot in scene.shots)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Return who speaks, in the order of their first words."""
        said = (one.speaker for scene in self.scenes for shot in scene.shots for one in shot.speeches)
        return tuple(dict.fromkeys(said))


def decoded(file: bytes) -> str:
    """Return the text of a script's file: UTF-8 or UTF-16 by its mark, else UTF-8, else Latin-1 as Windows writes it.

    Raises UNSUPPORTED_MEDIA for a file that holds no text, such as a PDF.
    """
    if file.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise StudioError(
            Code.UNSUPPORTED_MEDIA,
            "This is a PDF or a word processor's file. Export the script as Fountain, FDX or text.",
        )
    try:
        if file.startswith((b"\xff\xfe", b"\xfe\xff")):
            return file.decode("utf-16")
        return file.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in file:
            raise StudioError(Code.UNSUPPORTED_MEDIA, "This file holds no text.") from None
        return file.decode("cp1252", "replace")


def parse(text: str, title: str = "") -> Script:
    """Return a script's scenes, shots and speeches. `title` counts where the script names none.

    Raises VALIDATION_ERROR for a text without words or of more than `MOST_SHOTS` shots, UNSUPPORTED_MEDIA for a damaged
    Final Draft file.
    """
    if len(text) > LONGEST:
        words = f"A script has at most {LONGEST:,} characters, about a thousand pages. Bring it in part by part."
        raise StudioError(Code.VALIDATION_ERROR, words, field="text")
    text = "".join(sign for sign in text if sign.isprintable() or sign in "\n\r\t")
    read = finaldraft.elements if finaldraft.is_final_draft(text) else fountain.elements
    named, found = read(text)
    notes: list[str] = []
    scenes = list(_scenes(found, notes))
    if not scenes:
        words = "There is nothing in this script that could be seen or heard"
        words += f" after the title page of “{named}”." if named else "."
        raise StudioError(
            Code.VALIDATION_ERROR, f"{words} Write what is seen, or a name and what is said.", field="text"
        )
    if len(scenes) == 1 and not scenes[0].heading and len(scenes[0].shots) > 1:
        words = "No line says where a scene is, so all of it is one scene. Begin each with a line such as"
        notes.append(f"{words} INT. KITCHEN - NIGHT, or with a full stop: .THE KITCHEN")
    script = Script(title=named or title or UNTITLED, scenes=tuple(scenes), notes=tuple(notes))
    if script.shots > MOST_SHOTS:
        words = f"This script makes {script.shots:,} shots; {MOST_SHOTS:,} at once is the most. Bring it in act by act:"
        words += " each part goes below the one before, with an assembler of its own."
        raise StudioError(Code.VALIDATION_ERROR, words, field="text")
    return script


def seconds_of(words: str) -> Fraction:
    """Return how long words take to say. Signs of scripts without spaces count as half a word each."""
    wide = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", words))
    spaced = len(re.sub(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", " ", words).split())
    return (spaced + Fraction(wide, 2)) / WORDS_A_SECOND


def halves(seconds: Fraction) -> float:
    """Return a length that a shot can have: whole halves of a second, up, within the limits."""
    return math.ceil(min(max(seconds, SHORTEST_S), LONGEST_S) * 2) / 2


class _Draft:
    """A shot being written."""

    def __init__(self, line: int, enter: Passage) -> None:
        self.line, self.enter = line, enter
        self.leave: Passage = "cut"
        self.picture: list[str] = []
        self.speeches: list[Speech] = []

    @property
    def seconds(self) -> Fraction:
        """Return how long it takes to be seen and said: people speak while something is seen."""
        said = sum((seconds_of(one.words) + _TURN_S for one in self.speeches), Fraction(0))
        return max(seconds_of(" ".join(self.picture)), said)

    def done(self, place: str) -> ScriptShot:
        picture = " ".join(self.picture)
        if not picture:
            picture = f"{self.speeches[0].speaker} speaks. {place}".strip() if self.speeches else place
        return ScriptShot(
            picture=picture,
            speeches=tuple(self.speeches),
            seconds=halves(self.seconds),
            enter=self.enter,
            leave=self.leave,
            line=self.line,
        )


def _scenes(found: Sequence[Element], notes: list[str]) -> Iterator[ScriptScene]:
    starts = [at for at, one in enumerate(found) if one.kind is Kind.HEADING]
    taken: set[str] = set()
    parts = [found[a:b] for a, b in zip([0, *starts], [*starts, len(found)], strict=True) if a < b]
    enter: Passage = "cut"
    for part in parts:
        heading = part[0] if part[0].kind is Kind.HEADING else None
        shots, enter = _shots(part[1:] if heading else part, heading, enter)
        if not shots:
            continue
        number = _number(heading, taken, notes)
        yield ScriptScene(
            number=number,
            heading=heading.text if heading else "",
            shots=tuple(shots),
            line=part[0].line,
        )


def _number(heading: Element | None, taken: set[str], notes: list[str]) -> str:
    own = re.sub(r"[^0-9A-Za-z]", "", heading.number) if heading else ""
    if own:
        own = f"{int(own):02d}" if own.isdecimal() and own.isascii() else own.upper()
    if own and len(own) <= 8 and own not in taken:  # noqa: PLR2004 - the folder's name
        taken.add(own)
        return own
    count = 1
    while f"{count:02d}" in taken:
        count += 1
    if own and heading:
        notes.append(
            f"The scene at line {heading.line} is number {count:02d}: its own, {heading.number}, is taken or too long."
        )
    taken.add(f"{count:02d}")
    return f"{count:02d}"


class _Scene:
    """A scene being written; `enter` is how its next shot is entered."""

    def __init__(self, enter: Passage) -> None:
        self.enter = enter
        self.drafts: list[_Draft] = []
        self._who, self._how, self._bare = "", "", False

    def read(self, one: Element) -> None:
        """Take the next element."""
        match one.kind:
            case Kind.TRANSITION:
                leave, self.enter = _passage(one.text)
                if self.drafts and leave != "cut":
                    self.drafts[-1].leave = leave
            case Kind.ACTION | Kind.SHOT:
                self._see(one)
            case Kind.SPEAKER:
                self._who, self._how = one.text, ""
            case Kind.DIRECTION:
                self._how = one.text
            case _:
                self._say(one)

    def begin(self, line: int) -> None:
        """Begin another shot."""
        self.drafts.append(_Draft(line, self.enter))
        self.enter = "cut"

    def _see(self, one: Element) -> None:
        for piece in pieces(one.text):
            if not self._bare or one.kind is Kind.SHOT:
                self.begin(one.line)
            self.drafts[-1].picture.append(piece)
            self._bare = False
        self._bare = one.kind is Kind.SHOT

    def _say(self, one: Element) -> None:
        for words in pieces(one.text):
            full = self.drafts and self.drafts[-1].speeches and self.drafts[-1].seconds + seconds_of(words) > _FULL_S
            if not self.drafts or full:
                self.begin(one.line)
            seconds = float(round(seconds_of(words), 3))
            speech = Speech(speaker=self._who, words=words, direction=self._how, seconds=seconds, line=one.line)
            self.drafts[-1].speeches.append(speech)
        self._bare = False


def _shots(part: Sequence[Element], heading: Element | None, enter: Passage) -> tuple[list[ScriptShot], Passage]:
    """Return the shots of a scene, and how the shot after them is entered.

    A paragraph of action and a named shot begin a shot each; a long paragraph is taken in pieces, at the ends of
    sentences. What is said goes into the shot before it until that is full.
    """
    scene = _Scene(enter)
    for one in part:
        scene.read(one)
    if not scene.drafts and heading:
        scene.begin(heading.line)
    place = heading.text if heading else ""
    shots = [draft.done(place) for draft in scene.drafts]
    if shots and place and scene.drafts[0].picture:
        shots[0] = shots[0].model_copy(update={"picture": f"{place.rstrip('.')}. {shots[0].picture}"})
    return shots, scene.enter


def pieces(text: str) -> list[str]:
    """Return a paragraph in pieces of at most about twelve seconds, cut at the ends of sentences where it has any."""
    found: list[str] = []
    for sentence in re.split(r"(?<=[.!?…。！？])\s*(?=\S)", text) if seconds_of(text) > _FULL_S else [text]:  # noqa: RUF001
        for chunk in _chunks(sentence):
            together = f"{found[-1]} {chunk}" if found else chunk
            if found and seconds_of(together) <= _FULL_S:
                found[-1] = together
            else:
                found.append(chunk)
    return found


def _chunks(sentence: str) -> Iterator[str]:
    if seconds_of(sentence) <= LONGEST_S:
        yield sentence
        return
    words = sentence.split()
    if len(words) == 1:  # signs without spaces
        yield from (sentence[at : at + 60] for at in range(0, len(sentence), 60))
        return
    yield from (" ".join(words[at : at + 30]) for at in range(0, len(words), 30))


def _passage(text: str) -> tuple[Passage, Passage]:
    """Return how a transition leaves the shot before it and enters the one after it."""
    words = text.upper()
    if any(word in words for word in _FADES_OUT):
        return "fade", "cut"
    if any(word in words for word in _FADES_IN):
        return "cut", "fade"
    if any(word in words for word in _DISSOLVES):
        return "cut", "dissolve"
    return "cut", "cut"
