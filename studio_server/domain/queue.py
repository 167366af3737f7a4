"""The order in which a project's jobs run, and how long each will probably take.

Pure: actions/queue.py reads the rows and asks here. A project has one line of its own; moving within it never takes
another project's turn.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from studio_sdk.types import Frozen
from studio_server.domain.jobs import JobPlan
from studio_server.domain.pace import Range

REMEMBERED: Final = 50
"""So many finished jobs of a pipeline and quality say how long the next one takes."""

TRUSTED: Final = 0.05
"""From so much progress on, a job's own pace says more than those before it."""


class Estimate(Frozen):
    """Seconds until a job starts and seconds it takes; None where nobody can know.

    The ranges hold eight in ten; `guess` says that too few jobs like it have run to know how long it takes.
    """

    starts_in_s: float | None
    takes_s: float | None
    starts: Range | None = None
    takes: Range | None = None
    guess: bool = False


class Queue(Frozen):
    """A project's line: `order` are the ids of what waits, next first; `estimates` also tell of what runs.

    `stranded` says of what is queued and no worker there can take why it does not start, in words for a person.
    """

    paused: bool
    order: list[str]
    estimates: dict[str, Estimate]
    stranded: dict[str, str]


class Turn(NamedTuple):
    """A job that is placed and waits for a worker. Turns belong to projects; the project's order says who takes one."""

    job_id: str
    project_id: str
    queue: str
    place: int
    created_at: datetime
    takes_s: float | None


def length_of(plan: JobPlan) -> float | None:
    """Return how many seconds of picture a plan asks for, where it says so."""
    return length_told(plan.params, plan.length_s)


def length_told(params: Mapping[str, object], length_s: float | None) -> float | None:
    """Return how many seconds of picture parameters ask for, or `length_s`, which is what the files run."""
    asked = length_s if length_s is not None else params.get("seconds")
    return float(asked) if isinstance(asked, int | float) and not isinstance(asked, bool) and asked > 0 else None


def moved(order: Sequence[str], job_id: str, before: str | None) -> list[str]:
    """Return the line with one job before another, or at its end; `job_id` and `before` must be in it."""
    if before == job_id:
        return list(order)
    rest = [other for other in order if other != job_id]
    at = len(rest) if before is None else rest.index(before)
    return [*rest[:at], job_id, *rest[at:]]


def starts(
    turns: Collection[Turn],
    workers: Mapping[str, Collection[str]],
    busy: Mapping[str, float | None],
) -> dict[str, float | None]:
    """Return in how many seconds each waiting job starts.

    `workers` are the queues each live worker listens to, `busy` the seconds a worker still needs for what it runs
    (None: nobody knows). Turns come up in the order in which their jobs were queued.
    """
    free: dict[str, float | None] = {name: busy.get(name, 0.0) for name in workers}
    found: dict[str, float | None] = {}
    for turn in _called(turns):
        able = [
            (at, name) for name, queues in workers.items() if turn.queue in queues and (at := free[name]) is not None
        ]
        if not able:
            found[turn.job_id] = None
            continue
        at, name = min(able)
        found[turn.job_id] = at
        free[name] = None if turn.takes_s is None else at + turn.takes_s
    return found


def _called(turns: Collection[Turn]) -> list[Turn]:
    """Return who is called at each turn: the next of the project whose turn it is."""
    lines: dict[tuple[str, str], list[Turn]] = {}
    for turn in sorted(turns, key=lambda t: (t.place, t.created_at, t.job_id), reverse=True):
        lines.setdefault((turn.project_id, turn.queue), []).append(turn)
    by_age = sorted(turns, key=lambda t: (t.created_at, t.job_id))
    return [lines[turn.project_id, turn.queue].pop() for turn in by_age]
