"""Which signs a font of this machine writes, as fontconfig knows it: a film's words are looked at before it is made.

A film is drawn with the fonts that come with its pipeline and those of the worker's machine. The pipeline's own have
Latin, Greek and Cyrillic letters and their punctuation; what lies beyond is asked of fontconfig, and the rule is the
pipeline's: one font has to have all the letters of a text.
"""

import subprocess
from collections.abc import Iterable, Sequence
from functools import lru_cache
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
    lacking: set[str] = set()
    for text in set(texts):
        beyond = {sign for sign in text if sign.isprintable() and not _within(ord(sign), _OWN)}
        fonts = _installed(int(monotonic()) // _FRESH_S) if beyond else None
        if fonts is not None:
            by_font = [{sign for sign in beyond if not _within(ord(sign), font)} for font in fonts]
            lacking |= min(by_font, key=len, default=beyond)
    return sorted(lacking)


def _within(sign: int, ranges: Ranges) -> bool:
    return any(first <= sign <= last for first, last in ranges)


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
    return [(int(first, 16), int(last or first, 16)) for first, _, last in ends]
