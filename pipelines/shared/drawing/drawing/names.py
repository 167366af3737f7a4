"""Which words of a shot are somebody's name: not places in a heading, nor things that stand first in a sentence."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from drawing import vocabulary

_HEADING = re.compile(r"\s*(?:INT|EXT|EST|I/E)\b[^a-z\n]*")
_SHOUTED = frozenset(
    ["about", "above", "again", "angle", "back", "beat", "below", "black", "chorus", "clock", "close", "close-up", "cont", "continuous", "credits", "cut", "dissolve", "ecu", "end", "ews", "ext", "fade", "favor", "flash", "flashback", "insert", "int", "intercut", "later", "match", "mcu", "moments", "montage", "morning", "moving", "mws", "ots", "over", "pov", "reverse", "same", "series", "shot", "shots", "slow", "smash", "super", "title", "titles", "tracking", "two-shot", "underwater", "voice", "widen", "zoom"]
)  # fmt: skip
"""Words of scripts that stand in capitals and are nobody."""

_ARTICLES = frozenset(
    ["a", "an", "the", "this", "that", "his", "her", "their", "its", "my", "your", "our", "no", "some"]
)
_ACTS = frozenset(
    ["answers", "asks", "bows", "climbs", "closes", "comes", "finds", "follows", "gets", "gives", "goes", "has", "hears", "helps", "is", "knocks", "knows", "leans", "lifts", "listens", "looks", "nods", "opens", "pours", "puts", "reaches", "sees", "shrugs", "sighs", "stands", "stares", "starts", "stops", "takes", "thinks", "tries", "turns", "waits", "wakes", "watches", "wears", "works"]
)  # fmt: skip
"""What people do beside what can be drawn: a word before one of these that begins a sentence is a name."""

_NOT_HUMAN = frozenset(
    ["falls", "rises", "fall", "rise", "runs", "run", "races", "rests", "leaves", "cross", "crosses"]
)
"""What rain, smoke and rivers do too."""

_NEVER = frozenset(
    ["everybody", "everyone", "nothing", "something", "everything", "anything", "silence", "music", "beyond", "suddenly", "finally", "meanwhile", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "christmas", "easter", "god", "english", "french", "german", "mr", "mrs", "dr"]
)  # fmt: skip


_KNOWN = 0.3
"""Share of a text's small words that have to be known for it to be English."""


class _Token(NamedTuple):
    """A word, whether it begins a sentence, and the sign behind it (a space where there is none)."""

    word: str
    first: bool
    behind: str


def body(text: str) -> str:
    """Return a text without its scene heading: `INT. TOM'S KITCHEN - DAY` does not put Tom into the kitchen."""
    found = _HEADING.match(text)
    if not found:
        return text
    end = max(found.group().rfind(". "), found.group().rfind("\n"))
    whole = end < 0 or text[:end].strip().upper() in {"INT", "EXT", "EST", "I/E"}
    return text[found.end() :] if whole else text[end + 1 :]


def names(text: str) -> list[str]:
    """Return the names in a text as they are written, each once, in order; `text` is without its heading."""
    tokens = list(_tokens(text))
    english = _english(tokens)
    found: list[str] = []
    for at, token in enumerate(tokens):
        low = token.word.lower()
        if len(low) < 3 or low in vocabulary.QUIET or "'" in low:
            continue
        shouted = token.word.isupper() and _shouted(tokens, at)
        titled = english and token.word.istitle() and _titled(tokens, at)
        if (shouted or titled) and low not in (one.lower() for one in found):
            found.append(token.word)
    return found


def _english(tokens: list[_Token]) -> bool:
    """Whether small words are mostly known: German writes every noun with a capital, and none of them is a name."""
    small = [one.word.lower() for one in tokens if one.word.islower()]
    known = [
        one
        for one in small
        if one in vocabulary.QUIET or one in vocabulary.POSE_OF or one in vocabulary.PLACE_OF or one in _ACTS
    ]
    return len(known) >= _KNOWN * len(small)


def _shouted(tokens: list[_Token], at: int) -> bool:
    """Whether a word in capitals is somebody: scripts write props and sounds so too, mostly behind an article."""
    low = tokens[at].word.lower()
    if low in _SHOUTED or low in _NEVER - {"june", "april", "may", "august"}:
        return False
    before = [one.word.lower() for one in tokens[max(0, at - 2) : at]]
    return not _ARTICLES & set(before) or _introduced(tokens, at)


def _titled(tokens: list[_Token], at: int) -> bool:
    low = tokens[at].word.lower()
    if low in _NEVER or (at and tokens[at - 1].word.lower() in _ARTICLES):
        return False
    if not tokens[at].first or _introduced(tokens, at):
        return True
    after = tokens[at + 1].word if at + 1 < len(tokens) and not tokens[at].behind.strip() else ""
    if after == "and":
        return at + 2 < len(tokens) and (tokens[at + 2].word.istitle() or tokens[at + 2].word.isupper())
    drawn = after in vocabulary.POSE_OF or after in vocabulary.MOOD_OF
    return after in _ACTS or (drawn and after not in _NOT_HUMAN and after.endswith("s"))


def _introduced(tokens: list[_Token], at: int) -> bool:
    """Whether an age follows: `PETE, 20`, `ANNA (30s)`."""
    return tokens[at].behind == "#"


def _tokens(text: str) -> Iterator[_Token]:
    first, last = True, 0
    for found in vocabulary.WORD.finditer(text):
        between = text[last : found.start()]
        first = first or bool(re.search(r"[.!?:;\"“”\n\u2013\u2014]|\s-+\s", between))
        aged = re.match(r"\s*[,(]\s*(?:early |mid-?|late )?\d", text[found.end() :])
        yield _Token(found.group(), first, "#" if aged else text[found.end() : found.end() + 1] or " ")
        first, last = False, found.end()
