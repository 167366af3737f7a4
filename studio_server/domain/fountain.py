# ruff: noqa: RUF001 - letters of other scripts are what this is about
"""Fountain and plain text, line by line, into the elements of a screenplay (https://fountain.io/syntax).

Pure and total: any text gives elements; what is no heading, speech or transition is action. Used by `script`.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from studio_server.domain.headings import heading


class Kind(StrEnum):
    """What a paragraph of a screenplay is."""

    HEADING = "heading"
    ACTION = "action"
    SHOT = "shot"
    SPEAKER = "speaker"
    DIRECTION = "direction"
    SPEECH = "speech"
    TRANSITION = "transition"


class Element(NamedTuple):
    """One paragraph: what it is, its words on one line, the line it begins at (from 1), a scene's own number."""

    kind: Kind
    text: str
    line: int
    number: str = ""


_TRANSITION = re.compile(
    r"[^a-z]*\bTO:|FADE (?:IN|OUT|TO BLACK)[.:]?|(?:SMASH |MATCH |JUMP )?CUT[.:]"
    r"|(?:(?:HARTER )?SCHNITT(?: AUF| ZU)?|ÜBERBLENDUNG|ABBLENDE|AUFBLENDE|SCHWARZBLENDE"
    r"|COUPE(?: SUR)?|FONDU(?: À L['\u2019]OUVERTURE| AU NOIR| ENCHA[ÎI]NÉ)?|OUVERTURE(?: EN FONDU| AU NOIR)?"
    r"|CORTE(?: A)?|FUNDIDO(?: A NEGRO| ENCADENADO)?|ENCADENADO"
    r"|STACCO|DISSOLVENZA(?: INCROCIATA| IN NERO)?)\s?[.:]?"
)
_SHOT = re.compile(
    r"(?:(?:EXTREME|VERY|MEDIUM|MED\.?|FULL|LONG|HIGH|LOW|REVERSE|TWO|OVER|MASTER|ESTABLISHING|NEW|ANOTHER)[ -]*)*"
    r"(?:CLOSE(?: ON|[- ]?UP)?|ANGLE(?: ON)?|WIDE(?: SHOT| ON)?|LONG|SHOT|INSERT|POV|ECU|XCU|CU|MCU|MS|WS|EWS|OTS"
    r"|TRACKING|AERIAL|OVERHEAD|ESTABLISHING|THE SHOULDER|SHOULDER|ON)\b[^a-z]*"
)
_END = re.compile(r"(?:(?:THE )?END(?: OF (?:PART|ACT|EPISODE|FILM)\b[^a-z]*)?|FIN|FINE|ENDE|完|終|النهاية)[.!]?")
_TITLE_KEY = re.compile(r"[^\W\d_][\w ]{0,30}?\s?[:：]")
_COLON = re.compile(r"[:：]")
_COLON_SPEECH = re.compile(r"([^\W\d_][\w .'\u2019・-]{0,30}?)(?:\s*:\s+|\s*：\s*)(\S.*)")
_QUOTED_SPEECH = re.compile(r"([^\W\d_][\w ・]{0,20}?)\s*[「『](.+?)[」』]?")
"""As Japanese scripts have it: a name, then what is said in corner brackets."""
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(\S(?:.*?\S)?)\1")
_LONGEST_NAME: Final = 40
_LONGEST_UNCASED: Final = 20
_SENTENCE_SIGNS = re.compile(r"[。、！？，；：「」『』…،؟؛,;:!?]")
_TITLES: Final = ("title", "titre", "titel", "título", "titulo", "titolo", "タイトル", "题目", "題名", "العنوان")


def elements(text: str) -> tuple[str, list[Element]]:
    """Return the title of a script (empty where it has none) and its elements in order."""
    lines = _without_asides(text).split("\n")
    title, begin = _title_page(lines)
    return title, list(_read(lines, begin))


def _without_asides(text: str) -> str:
    """Return text with boneyard and notes blanked, every line kept where it was, so that lines can be named."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")

    def blank(found: re.Match[str]) -> str:
        return "\n" * found.group().count("\n")

    return re.sub(r"\[\[[^\]]{0,5000}\]\]", blank, re.sub(r"/\*.*?\*/", blank, text, flags=re.DOTALL))


def _title_page(lines: list[str]) -> tuple[str, int]:
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    key = _COLON.split(lines[first], maxsplit=1)[0].strip().lower() if first < len(lines) else ""
    known = {
        *_TITLES,
        "credit",
        "author",
        "authors",
        "source",
        "draft date",
        "contact",
        "copyright",
        "notes",
        "revision",
    }
    if key not in known:
        return "", first
    title, now, at = [], "", first
    while at < len(lines) and lines[at].strip():
        line = lines[at]
        if not line.startswith(" ") and _TITLE_KEY.match(line):
            now, line = (part.strip() for part in _COLON.split(line, maxsplit=1))
        if now.lower() in _TITLES and line.strip():
            title.append(plain(line))
        at += 1
    return " ".join(title), at


def _read(lines: list[str], at: int) -> Iterator[Element]:
    while at < len(lines):
        line = lines[at].strip()
        if not line or line.startswith("=") or re.match(r"#{1,6}\s", line) or _END.fullmatch(line):
            at += 1
            continue
        after_blank = at == 0 or not lines[at - 1].strip()
        if found := _heading(line, at + 1):
            yield found
            at += 1
        elif _is_transition(line):
            yield Element(Kind.TRANSITION, plain(line.lstrip(">")), at + 1)
            at += 1
        elif after_blank and _is_speaker(line, lines, at):
            yield Element(Kind.SPEAKER, speaker(line), at + 1)
            at += 1
            end = next((n for n in range(at, len(lines)) if not lines[n].strip()), len(lines))
            yield from _spoken(lines, at, end)
            at = end
        elif told := _said_in_line(line):
            yield Element(Kind.SPEAKER, speaker(told[1]), at + 1)
            yield Element(Kind.SPEECH, plain(told[2]), at + 1)
            at += 1
        else:
            begin, words = at, []
            while at < len(lines) and lines[at].strip() and (at == begin or not _opens(lines[at].strip(), begin)):
                words.append(plain(lines[at].strip().lstrip("!~").strip("><").strip()))
                at += 1
            told_words = " ".join(word for word in words if word)
            named = _SHOT.fullmatch(told_words.split(":", 1)[0]) and not line.startswith("!")
            kind = Kind.SHOT if named else Kind.ACTION
            if told_words:
                yield Element(kind, told_words, begin + 1)


def _spoken(lines: list[str], at: int, end: int) -> Iterator[Element]:
    """Yield what somebody says under their name: lines of one speech together, directions between."""
    begin, words = at, ""
    for number in range(at, end):
        line = lines[number].strip()
        if line[0] == "(" and line[-1] == ")":
            if words:
                yield Element(Kind.SPEECH, words, begin + 1)
            yield Element(Kind.DIRECTION, plain(line.strip("()")), number + 1)
            begin, words = number + 1, ""
        else:
            words = f"{words} {plain(line.lstrip('~'))}".strip()
    if words:
        yield Element(Kind.SPEECH, words, begin + 1)


def _said_in_line(line: str) -> re.Match[str] | None:
    """Return name and words of a line that holds both, as plain text and Japanese scripts do."""
    told = _QUOTED_SPEECH.fullmatch(line) or _COLON_SPEECH.fullmatch(line)
    return told if told and not _SHOT.fullmatch(told[1]) else None


def _opens(line: str, at: int) -> bool:
    """Whether a line inside a paragraph is another thing: writers of plain text leave no blank lines."""
    return bool(_heading(line, at) or _is_transition(line) or _said_in_line(line))


def _heading(line: str, at: int) -> Element | None:
    found = heading(line)
    return Element(Kind.HEADING, plain(found.words), at, found.number) if found else None


def _is_transition(line: str) -> bool:
    if line.startswith(">"):
        return not line.endswith("<")
    return bool(_TRANSITION.fullmatch(line))


def _is_speaker(line: str, lines: list[str], at: int) -> bool:
    followed = at + 1 < len(lines) and bool(lines[at + 1].strip())
    if not followed or line.startswith("!"):
        return False
    if line.startswith("@"):
        return len(line) > 1
    name = line.split("(", 1)[0].rstrip("^ ")
    letters = [sign for sign in name if sign.isalpha()]
    if not letters or len(name) > _LONGEST_NAME or name.endswith((".", "!", "?")):
        return False
    if "".join(letters).lower() == "".join(letters).upper():  # a script without capitals: a short line, and no sentence
        return len(name) <= _LONGEST_UNCASED and not _SENTENCE_SIGNS.search(name)
    return name.replace("ß", "SS") == name.upper()


def speaker(line: str) -> str:
    """Return who speaks: a cue without its extensions, such as `(V.O.)`, and without the mark of dual dialogue."""
    return " ".join(re.sub(r"\([^)]*\)|\^", "", line.removeprefix("@")).split())[:_LONGEST_NAME]


def plain(text: str) -> str:
    """Return words without the marks of emphasis, on one line."""
    for _ in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    return " ".join(re.sub(r"\\([*_])", r"\1", text).split())
