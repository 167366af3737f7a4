"""Which signs a font of this machine writes, as fontconfig knows it: a film's words are looked at before it is made.

A film is drawn with the fonts that come with its pipeline and those of the worker's machine. The pipeline's own have
Latin, Greek and Cyrillic letters and their punctuation; what lies beyond is asked of fontconfig, and the rule is the
pipeline's: one font has to have all the letters of a text.
"""

import subprocess
import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from time import monotonic
from typing import Final

PLACES: Final = ("/usr/", "/opt/")
"""Where a font has to lie for a pipeline to see it in any sandbox."""

_OWN: Final = ((0x0, 0x52F), (0x1D00, 0x1FFF), (0x2000, 0x22FF), (0x2500, 0x25FF))
"""Ranges in which nothing is asked: the fonts of the pipeline have them, or near enough to say nothing of them."""
_KINDS: Final = (".ttf", ".otf", ".ttc")
_FRESH_S: Final = 30
"""Within so many seconds a font that somebody installs is found."""

Ranges = Sequence[tuple[int, int]]


def unwritten(texts: Iterable[str]) -> list[str]:
    """Return the signs of some texts that no font here has, in order; none where fontconfig cannot be asked."""
    beyond = {text: {sign for sign in text if sign.isprintable() and not _within(ord(sign), _OWN)} for text in texts}
    fonts = _installed(int(monotonic()) // _FRESH_S) if any(beyond.values()) else None
    if fonts is None:
        return []

    @cache
    def writers(sign: str) -> frozenset[int]:  # a film has many lines of the same signs
        return frozenset(number for number, font in enumerate(fonts) if _within(ord(sign), font))

    lacking: set[str] = set()
    for signs in filter(None, beyond.values()):
        known = [writers(sign) for sign in signs]
        if not frozenset.intersection(*known):
            best = max(range(len(fonts)), key=lambda number: sum(number in one for one in known), default=-1)
            lacking |= {sign for sign in signs if best not in writers(sign)}
    return sorted(lacking)


def _within(sign: int, ranges: Ranges) -> bool:
    at = bisect_right(ranges, (sign, sys.maxunicode)) - 1
    return at >= 0 and sign <= ranges[at][1]


@lru_cache(maxsize=1)
def _installed(_turn: int) -> list[Ranges] | None:
    """Return what each font writes, None where fontconfig is not there; asked anew in each turn."""
    asked = ["fc-list", "--format", "%{file}\t%{charset}\n"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    return listed(told)


def listed(told: str) -> list[Ranges]:
    """Return what each font writes of what fontconfig lists, a font a line: its file, a tab, its signs in hex."""
    lines = (line.split("\t", 1) for line in told.splitlines() if "\t" in line)
    return [_ranges(signs) for file, signs in lines if file.endswith(_KINDS) and file.startswith(PLACES)]


def _ranges(signs: str) -> Ranges:
    ends = (part.partition("-") for part in signs.split())
    return sorted((int(first, 16), int(last or first, 16)) for first, _, last in ends)
