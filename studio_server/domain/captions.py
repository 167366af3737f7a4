"""Captions: what is said in a sound and when, kept with the card that has the sound. Pure.

They are a field of the card, `captions:` and the first letters of the sound's SHA-256, so that another take or file has
captions of its own and the old ones come back with the old one. Its value is a list of `[begins, ends, words]`, times
in thousandths of a second from the sound's beginning, in order.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from pydantic import JsonValue

from studio_sdk import captions
from studio_sdk.captions import Caption
from studio_sdk.types import Frozen
from studio_server.domain.graph import Node

CAPTIONS_TASK: Final = "write-captions"
FIELD: Final = "captions:"
_LETTERS: Final = 16
_PARTS: Final = 3
_LATEST: Final = 24 * 3600 * 1000


class Subtitle(Frozen):
    """Words at the foot of the picture, from `record_in` up to, and without, `record_out`.

    `heard`: they are captions of a sound; others are lines of the script, placed by how long they take to say.
    """

    record_in: int
    record_out: int
    speaker: str
    words: str
    heard: bool = False


def field_of(oid: str) -> str:
    """Return the name of the field that holds the captions of a sound or clip."""
    return f"{FIELD}{oid[:_LETTERS]}"


def as_field(said: Iterable[Caption]) -> JsonValue:
    """Return captions as a card holds them."""
    return [[one.begins, one.ends, " ".join(one.words.split())] for one in said]


def captions_of(node: Node, oid: str) -> tuple[Caption, ...]:
    """Return the captions that a card has for a sound, in order; what is no caption counts as not there."""
    told = node.data.get(field_of(oid))
    if not isinstance(told, list):
        return ()
    found = sorted(one for entry in told[: captions.MOST] if (one := _caption(entry)))
    return tuple(found)


def _caption(entry: JsonValue) -> Caption | None:
    if not isinstance(entry, list) or len(entry) != _PARTS:
        return None
    begins, ends, words = entry
    if not isinstance(begins, int) or not isinstance(ends, int) or not isinstance(words, str):
        return None
    fits = 0 <= begins < ends <= _LATEST and not captions.faults(words)
    return Caption(begins, ends, words) if fits and not isinstance(begins, bool) else None


def subtitles(said: Sequence[Caption], per_second: Fraction, first: int, last: int, record: int) -> list[Subtitle]:
    """Return the captions that are heard between two frames of a source, where they are in a film.

    `per_second` is how many frames of the source are shown in a second of its sound, `record` where `first` lies.
    """
    found: list[Subtitle] = []
    for one in said:
        begins = round(Fraction(one.begins, 1000) * per_second)
        ends = max(begins + 1, round(Fraction(one.ends, 1000) * per_second))
        begins, ends = max(first, begins), min(last, ends)
        if begins < ends:
            at = {"record_in": record + begins - first, "record_out": record + ends - first}
            found.append(Subtitle(**at, speaker="", words=one.words, heard=True))
    return found
