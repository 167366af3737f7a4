"""What a cut lacks, in words. Used by `timeline`; pure."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from studio_server.domain.timeline import Cut

_NAMED: Final = 5
"""So many shots that lack the same are named; of more the first ones are, and how many follow is said."""


def missing_notes(cuts: Sequence["Cut"]) -> Iterator[str]:
    """Yield a sentence for each shot without a usable take, in the order of the cut, and one for the many like it.

    A film of a thousand slates would bury everything else that is to be said of its list.
    """
    alike: dict[tuple[bool, str], int] = {}
    for cut in cuts:
        if not cut.missing:
            continue
        kind = (cut.is_slate, cut.missing)
        alike[kind] = alike.get(kind, 0) + 1
        if alike[kind] <= _NAMED:
            where = f"{cut.shot} of scene {cut.scene}" if cut.scene else f"\u201c{cut.shot}\u201d"
            yield f"{where} {'is a slate' if cut.is_slate else 'is left out'}: {cut.missing}."
    for (slate, why), count in alike.items():
        if count > _NAMED:
            more = count - _NAMED
            yield f"{more} more {'are slates' if slate else 'are left out'} for the same reason ({why})."
