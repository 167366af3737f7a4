"""Whose turn it is: workers are shared fairly between people, and between the projects of one person.

Pure. A worker that comes for a queue's next job is given the first of some project's line; which project's, is decided
here, at the claim (`index/queue.py`) and in every forecast (`domain/queue.py`) alike. Within a project the line itself
is fair: whoever joins it stands where everybody else has had as many turns (`joins`), unless people move it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar


class Waiting(Protocol):
    """A job that is first in its project's line."""

    @property
    def job_id(self) -> str:
        """Its id."""

    @property
    def person(self) -> str:
        """Who ordered it."""

    @property
    def project_id(self) -> str:
        """Its project."""


Standing = tuple[int, int, float, float]
"""What is compared, the smallest has the turn: what runs for the person, and for the project; when each had a turn."""


@dataclass
class Shares:
    """What each person and project has of one queue's workers: how many run, and when each last got a turn.

    Turns are told in any growing measure, seconds or steps; who never had one comes first.
    """

    running: Counter[str] = field(default_factory=Counter)
    running_in: Counter[str] = field(default_factory=Counter)
    served: dict[str, float] = field(default_factory=dict)
    served_in: dict[str, float] = field(default_factory=dict)

    def copy(self) -> "Shares":
        """Return the same, to go on counting in."""
        return Shares(Counter(self.running), Counter(self.running_in), dict(self.served), dict(self.served_in))

    def standing(self, person: str, project: str) -> Standing:
        """Return what is compared."""
        never = float("-inf")
        return (
            self.running[person],
            self.running_in[project],
            self.served.get(person, never),
            self.served_in.get(project, never),
        )

    def begin(self, person: str, project: str, at: float) -> None:
        """Note that a job was given to a worker."""
        self.running[person] += 1
        self.running_in[project] += 1
        self.served[person] = self.served_in[project] = at

    def end(self, person: str, project: str) -> None:
        """Note that a job has ended."""
        self.running[person] -= 1
        self.running_in[project] -= 1


First = TypeVar("First", bound=Waiting)


def next_of(firsts: Iterable[First], shares: Shares) -> First | None:
    """Return which of the first in each line has the turn; of equals, the one that was told of first."""
    return min(firsts, key=lambda first: shares.standing(first.person, first.project_id), default=None)


def joins(line: Sequence[str], person: str) -> int:
    """Return where a job of a person joins a project's line, which is told as the person of each job, next first.

    Its person's first waiting job stands before everybody else's second, the second before their third, and so on; it
    never overtakes one of its person's own, and nobody's first is put off for somebody's fifth hundred.
    """
    own = [at for at, other in enumerate(line) if other == person]
    before: Counter[str] = Counter()
    for at, other in enumerate(line):
        before[other] += 1
        if other != person and before[other] > len(own) + 1 and (not own or at > own[-1]):
            return at
    return len(line)
