"""Which frames of a cut can be taken as they are coded, and which have to be made.

Whole groups of an untouched take are copied, all else is decoded and encoded. Pure: numbers in, numbers out.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_LONGEST_S = 10


class Span(NamedTuple):
    """Frames of a cut, counted in the cut from 0; `copied` says that their packets go into the film as they are."""

    first: int
    last: int
    copied: bool


def spans(
    frames: int, source_in: int, touched: Sequence[tuple[int, int]], groups: Sequence[int], taken: int
) -> list[Span]:
    """Return the frames of a cut in order, as few spans as there can be.

    `touched` are ranges that an effect changes; `groups` the frames of the take at which a closed group begins, none
    where nothing may be copied; `taken` how many frames the take has.
    """
    found: list[Span] = []
    at = 0
    for first, last in [*_together(touched), (frames, frames)]:
        found += _untouched(at, first, source_in, groups, taken)
        if last > first:
            found.append(Span(first, last, copied=False))
        at = max(at, last)
    joined: list[Span] = []
    for span in found:
        if joined and not span.copied and not joined[-1].copied:
            joined[-1] = Span(joined[-1].first, span.last, copied=False)
        else:
            joined.append(span)
    return joined


def parts(span: Span, mixed: int, second: int) -> list[Span]:
    """Return a span in the parts that are encoded one by one, and kept one by one.

    What is mixed with the shot before (the first `mixed` frames of the cut) stands alone where a second or more
    follows, so that another take of that shot leaves the rest as it is; none is longer than ten times `second`
    frames, which is what one part takes of memory.
    """
    edges = [span.first]
    if span.first < mixed and span.last - mixed >= second:
        edges.append(mixed)
    while span.last - edges[-1] > _LONGEST_S * second:
        edges.append(edges[-1] + (_LONGEST_S - 1) * second)
    return [Span(first, last, copied=False) for first, last in pairwise([*edges, span.last])]


def _together(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in sorted(one for one in ranges if one[0] < one[1]):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _untouched(first: int, last: int, source_in: int, groups: Sequence[int], taken: int) -> list[Span]:
    if first >= last:
        return []
    edges = [*groups, *([taken] if groups else [])]
    within = [edge - source_in for edge in edges if first <= edge - source_in <= last]
    if len(within) < 2:  # noqa: PLR2004 - a group has two ends
        return [Span(first, last, copied=False)]
    begin, end = within[0], within[-1]
    parts = [Span(first, begin, copied=False), Span(begin, end, copied=True), Span(end, last, copied=False)]
    return [part for part in parts if part.first < part.last]
