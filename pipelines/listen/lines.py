"""What was heard in a piece of sound, as captions that can be read: a sentence or two each, placed by its letters.

Nothing tells when a word is said: where somebody speaks in a piece is heard, its letters are shared out over that, and
a caption begins after the nearest pause.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

import numpy as np
from hearing import HERTZ
from pieces import STEP, Piece, quietest

from studio_sdk.captions import Caption

_LONGEST: Final = 84
"""Letters of a caption: two lines of 42, as subtitles have."""
_REACH: Final = 40
_SHOWN_MS: Final = 1000
_LINGER_MS: Final = 200
"""Steps about a place that are searched for a pause; how long a caption stays at least, and after its words."""


def captions_of(piece: Piece, words: str) -> list[Caption]:
    """Return the captions of a piece in which some words were heard."""
    lines = list(_lines(words))
    total = sum(map(len, lines)) or 1
    spoken = np.flatnonzero(piece.voiced)
    if not len(spoken):
        return []
    spans: list[tuple[int, int]] = []
    begins, last = int(spoken[0]), int(spoken[-1]) + 1
    for letters in list(accumulate(map(len, lines)))[:-1]:
        about = int(spoken[len(spoken) * letters // total])
        rest = quietest(piece.levels, max(begins + 10, about - _REACH), min(last - 10, about + _REACH), smooth=7)
        before, after = spoken[spoken < rest], spoken[spoken >= rest]
        if len(before) and len(after) and before[-1] >= begins:
            spans.append((begins, int(before[-1]) + 1))
            begins = int(after[0])
        else:
            spans.append((begins, begins))
    spans.append((begins, last))
    times = ([round((piece.head + step * STEP) * 1000 / HERTZ) for step in span] for span in spans)
    return _kept(Caption(first, end, line) for (first, end), line in zip(times, lines, strict=True))


def _kept(captions: Iterable[Caption]) -> list[Caption]:
    """Return captions with a length; the words of one without are put before the next one's."""
    found: list[Caption] = []
    waiting = ""
    for one in captions:
        words = f"{waiting} {one.words}".strip()
        waiting = words if one.ends <= one.begins else ""
        if not waiting:
            found.append(one._replace(words=words))
    return found


def _lines(words: str) -> Iterator[str]:
    """Yield the sentences, those that fit on one caption together, one that does not in parts of like length."""
    held = ""
    for sentence in re.split(r"(?<=[.!?…])\s+", words):
        if held and len(held) + len(sentence) + 1 > _LONGEST:
            yield held
            held = ""
        held = f"{held} {sentence}".strip()
        while len(held) > _LONGEST:
            part, held = _parted(held)
            yield part
    if held:
        yield held


def _parted(text: str) -> tuple[str, str]:
    """Return text in two, at a comma or a space near the middle of what must go on two captions."""
    aim = min(_LONGEST, len(text) // 2 + 1)
    places = [found.end() for found in re.finditer(r"\s+", text) if found.start() <= _LONGEST]
    if not places:
        return text[:_LONGEST], text[_LONGEST:]
    place = min(places, key=lambda at: abs(at - aim) - (12 if text[:at].rstrip()[-1:] in ",;:" else 0))
    return text[:place].rstrip(), text[place:]


def readable(captions: list[Caption]) -> list[Caption]:
    """Return captions that stay a little longer than their words, a second at least, where nothing else comes."""
    found: list[Caption] = []
    for number, one in enumerate(captions):
        begins = max(one.begins, found[-1].ends if found else 0)
        later = captions[number + 1].begins if number + 1 < len(captions) else begins + _SHOWN_MS + one.ends
        ends = max(one.ends, min(max(begins + _SHOWN_MS, one.ends + _LINGER_MS), later))
        if ends > begins:
            found.append(Caption(begins, ends, one.words))
    return found
