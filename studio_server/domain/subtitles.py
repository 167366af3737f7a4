"""What is said in a film, at the foot of its picture: the lines of a shot, spread over its frames by reading time."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from studio_server.domain.captions import Subtitle
from studio_server.domain.timecode import counted


class Line(NamedTuple):
    """Something said in a shot; `seconds` is how long it takes to say in the language it was written in, by reading.

    `words` are those of the film's language, empty where there are none yet. `card` says it.
    """

    speaker: str
    words: str
    seconds: Fraction
    card: str = ""


def spread(lines: Sequence[Line], first: int, last: int, project: Fraction) -> Iterable[Subtitle]:
    """Yield what is said from a record frame up to another, one after the other, by how long each takes to say.

    A line without words in the film's language keeps its time: it is the same in every language.
    """
    total = sum((line.seconds for line in lines), Fraction(0))
    if not total or last - first < len(lines):
        return
    room = min(Fraction(last - first), total * counted(project) + len(lines) * counted(project) / 2)
    gone, begin = Fraction(0), first
    for number, line in enumerate(lines, 1):
        gone += line.seconds
        later = len(lines) - number  # each has a frame at least
        end = min(max(first + int(gone / total * room), begin + 1), last - later)
        if line.words:
            yield Subtitle(record_in=begin, record_out=end, speaker=line.speaker, words=line.words)
        begin = end
