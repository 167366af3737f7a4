"""The markers of a cut that comes back: whose frame each is, and which of them say something new. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from studio_server.domain.cut import markers_of
from studio_server.domain.plaintext import plain
from studio_server.domain.recut import Match, RecutMarker

_MOST: Final = 500
_LONGEST: Final = 400
_IN_LISTS: Final = 50
"""How much of a marker's words an edit list holds."""


def held(found: Sequence[Match], markers: Iterable[RecutMarker]) -> tuple[list[Match], int]:
    """Return the matches with the markers that are new or say something else, and how many belong to no shot.

    A marker is given the frame of the source that its record frame shows. One that the list lacks stays on the board:
    most programs write none, and their silence is no wish.
    """
    lost = 0
    fresh: list[dict[int, str]] = [{} for _ in found]
    for one in markers:
        place = next((n for n, match in enumerate(found) if _shows(match, one.record)), None)
        if place is None:
            lost += 1
            continue
        match = found[place]
        at, words = match.event.source_in + one.record - match.event.record_in, one.text.strip()[:_LONGEST]
        if match.known and len(fresh[place]) < _MOST and not _is_there(match, at, words):
            fresh[place][at] = words
    pairs = zip(found, fresh, strict=True)
    return [match._replace(markers=tuple(sorted(words.items()))) for match, words in pairs], lost


def _shows(match: Match, record: int) -> bool:
    known = match.known is not None and not match.repeated
    return known and match.event.record_in <= record < match.event.record_out


def _is_there(match: Match, at: int, words: str) -> bool:
    """Whether the board has a marker there whose words are these, as far as the list could hold them."""
    if match.known is None:
        return False
    own = dict(markers_of(match.known.node)).get(at)
    if own is None:
        return False
    shown = own or match.known.cut.shot
    return words in {"", own, shown, plain(shown)[:_IN_LISTS].strip()}
