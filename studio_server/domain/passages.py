"""How shots follow each other: dissolves and fades in whole frames, and where the pictures for them come from. Pure.

A dissolve is the first frames of the shot that comes in; the shot before it goes on under them. Where that one has no
frames left behind its cut, it is cut sooner by what lacks, so that every mix has two pictures.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal, NamedTuple

LONGEST: Final = 255
"""Most frames of a transition: old controllers take no more, and an edit list has three digits for it."""


class Passage(NamedTuple):
    """A wish: how a shot is entered or left; `frames` None is about a second."""

    kind: Literal["dissolve", "fade"]
    frames: int | None = None

    def length(self, per_second: Fraction) -> int:
        """Return its length in project frames, at least one."""
        return min(max(1, self.frames if self.frames is not None else round(per_second)), LONGEST)


@dataclass
class Part:
    """The part of a take (or of a slate) that a cut uses, in project frames of the take; `whole` is how long that is.

    `dissolve`, `fade_in` and `fade_out` are lengths, at its head and at its tail, as they could be had.
    """

    label: str
    first: int
    last: int
    whole: int
    is_slate: bool = False
    dissolve: int = 0
    fade_in: int = 0
    fade_out: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def frames(self) -> int:
        """Return how long it is shown."""
        return self.last - self.first


def join(before: Part | None, part: Part, enter: Passage | None, leave: Passage | None, per_second: Fraction) -> None:
    """Give a part its passages, shortened to what the takes hold; says in `notes` what was shortened.

    May cut `before` sooner. A dissolve from nothing is a fade.
    """
    if leave and leave.kind == "fade":
        part.fade_out = min(leave.length(per_second), part.frames // 2)
    if not enter:
        return
    wanted = enter.length(per_second)
    if enter.kind == "fade" or before is None:
        part.fade_in = min(wanted, part.frames - part.fade_out)
        return
    # The shot that goes out keeps one frame of its own, and so does the one that comes in.
    spare = before.frames - before.dissolve - before.fade_in - 1
    behind = wanted if before.is_slate else before.whole - before.last
    length = min(wanted, part.frames - part.fade_out - 1, behind + max(spare, 0))
    if length < 1:
        part.notes.append(f"{part.label} is cut in: there are no frames to dissolve from {before.label}.")
        return
    if length < wanted:
        part.notes.append(f"The dissolve to {part.label} is {length} frames long: no more of it can be had.")
    sooner = max(0, length - behind)
    if sooner:
        before.last -= sooner
        before.fade_out = min(before.fade_out, before.frames // 2)
        part.notes.append(
            f"{before.label} is cut {sooner} frames sooner, so that its dissolve to {part.label} has pictures."
        )
    if before.fade_out:
        before.fade_out = 0
        part.notes.append(f"{before.label} does not fade out: it dissolves to {part.label}.")
    part.dissolve = length
