"""Captions: what is said and when, as SubRip (`.srt`), read strictly and written plainly.

Pipelines write with it, the runner and the conformance kit check with it, the studio reads with it. Standard library
only (see `names`). Words are plain text: no markup, because players, pages and burnt-in pictures show them.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

MOST_BYTES: Final = 2 * 1024 * 1024
MOST: Final = 10_000
LONGEST: Final = 500
"""Most bytes of a file, most captions in it, most characters of one caption."""

_SPAN: Final = re.compile(r"(\d\d):([0-5]\d):([0-5]\d),(\d{3}) --> (\d\d):([0-5]\d):([0-5]\d),(\d{3})")
_MARKUP: Final = re.compile(r"[<>]|\{\\")
_JOINERS: Final = "\u200c\u200d"


class Caption(NamedTuple):
    """Words said from `begins` up to, and without, `ends`: thousandths of a second from the sound's beginning."""

    begins: int
    ends: int
    words: str


def faults(words: str) -> str:
    """Return in words why some text cannot be a caption's; empty where it can."""
    if not words.strip():
        return "it has no words"
    if len(words) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    if _MARKUP.search(words):
        return "it has markup (<, > or {\\)"
    if any(not sign.isprintable() and sign not in f"\n{_JOINERS}" for sign in words):
        return "it has signs that nobody can see"
    return ""


def read(content: bytes) -> tuple[Caption, ...]:
    """Return the captions of a file. Raises ValueError in words, with the number of the caption.

    They are numbered from 1, each ends after it begins, and none begins before the one before it has ended.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES // 1024 // 1024} MB")
    text = content.decode("utf-8-sig").replace("\r\n", "\n")  # UnicodeDecodeError is a ValueError
    found: list[Caption] = []
    for number, entry in enumerate(re.split(r"\n{2,}", text.strip("\n")) if text.strip() else [], 1):
        found.append(_entry(entry, number, found[-1].ends if found else 0))
    if not found:
        raise ValueError("there is no caption in it")
    if len(found) > MOST:
        raise ValueError(f"it has more than {MOST} captions")
    return tuple(found)


def _entry(entry: str, number: int, earliest: int) -> Caption:
    told, _, rest = entry.partition("\n")
    span, _, words = rest.partition("\n")
    timed = _SPAN.fullmatch(span)
    if told != str(number) or timed is None:
        raise ValueError(f"caption {number} does not begin with its number and its times")
    begins, ends = _thousandths(timed.groups()[:4]), _thousandths(timed.groups()[4:])
    if not earliest <= begins < ends:
        raise ValueError(f"caption {number} does not follow the one before it, or ends before it begins")
    if why := faults(words):
        raise ValueError(f"caption {number}: {why}")
    return Caption(begins, ends, words)


def _thousandths(clock: Sequence[str]) -> int:
    hours, minutes, seconds, rest = map(int, clock)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def write(captions: Iterable[Caption]) -> bytes:
    """Return captions as SubRip; what `read` would refuse is the writer's to leave out."""
    return "\n".join(
        f"{number}\n{clock(one.begins)} --> {clock(one.ends)}\n{one.words}\n" for number, one in enumerate(captions, 1)
    ).encode()


def clock(thousandths: int) -> str:
    """Return a time as SubRip writes it: `00:01:02,345`."""
    seconds, rest = divmod(thousandths, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{rest:03d}"
