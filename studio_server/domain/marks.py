"""Which frames of a take are used: marks in its own frames, seen at the rate of the project. Pure."""

from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from studio_server.domain.timecode import counted


def conformed_frames(frames: int, native: Fraction, project: Fraction) -> int:
    """Return how many project frames a take fills when its frames are repeated or dropped to keep its speed.

    Whole frames only: what would show for less than a frame is left out, so 81 frames at 16 fill 121 at 24. Rates
    that differ by 1000/1001 count as equal: such a take is played frame for frame.
    """
    return max(1, int(frames * counted(project) / counted(native))) if frames else 0


def native_frame(position: int, frames: int, native: Fraction, project: Fraction) -> int:
    """Return which of a take's own frames shows at a position (in project frames) within it."""
    return min(frames - 1, int(position * counted(native) / counted(project)))


class Marks(NamedTuple):
    """Which frames of a take are used, counted in the take itself from 0: `out` is the first one not shown."""

    into: int | None = None
    out: int | None = None


UNMARKED: Final = Marks()


def marked_range(marks: Marks, frames: int, native: Fraction, project: Fraction) -> tuple[int, int]:
    """Return the first project frame of a take that is shown, and the first one after it that is not.

    A mark beyond the take, or an out that is not after its in, counts as none. Where a marked frame would show for
    less than a project frame it gets a whole one: a mark never makes a shot vanish.
    """
    length = conformed_frames(frames, native, project)
    first = marks.into if marks.into is not None and 0 < marks.into < frames else 0
    last = marks.out if marks.out is not None and first < marks.out < frames else frames
    per_frame = counted(project) / counted(native)
    begin = min(ceil(first * per_frame), length - 1)
    end = length if last == frames else min(ceil(last * per_frame), length)
    return begin, max(end, begin + 1)
