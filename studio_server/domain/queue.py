"""The order in which a project's jobs run, and how long each will probably take.

Pure: actions/queue.py reads the rows and asks here. A project has one line of its own; moving within it never takes
another project's turn. Between projects and people turns are shared (`turns.py`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Final, NamedTuple

from studio_sdk.types import Frozen
from studio_server.domain.jobs import JobPlan
from studio_server.domain.pace import Range
from studio_server.domain.turns import Shares, next_of

REMEMBERED: Final = 50
"""So many finished jobs of a pipeline and quality say how long the next one takes."""

TRUSTED: Final = 0.05
"""From so much progress on, a job's own pace says more than those before it."""

_NOW: Final = 1e12
"""Turns of a forecast come after all that were, which are told in seconds since 1970."""


class Estimate(Frozen):
    """Seconds until a job starts and seconds it takes; None where nobody can know.

    The ranges hold eight in ten; `guess` says that too few jobs like it have run to know how long it takes.
    """

    starts_in_s: float | None
    takes_s: float | None
    starts: Range | None = None
    takes: Range | None = None
    guess: bool = False


class Machine(Frozen):
    """A worker that is there: its card, who has paused it, and what it is at, for whom.

    `task_id` and `node_id` are told where the task is of the project that is looked at.
    """

    id: str
    host: str
    gpu: str
    vram_gb: int
    paused_by: str
    busy: bool = False
    person: str = ""
    pipeline: str = ""
    project_id: str = ""
    task_id: str | None = None
    node_id: str | None = None


class Queue(Frozen):
    """A project's line: `order` are the ids of what waits, next first; `estimates` also tell of what runs.

    `stranded` says of what is queued and no worker there can take why it does not start, in words for a person.
    `paused_by` has paused the project, `all_paused_by` everything; `machines` are everybody's.
    """

    paused: bool
    paused_by: str = ""
    all_paused_by: str = ""
    order: list[str]
    estimates: dict[str, Estimate]
    stranded: dict[str, str]
    machines: tuple[Machine, ...] = ()


class Turn(NamedTuple):
    """A job that is placed and waits for a worker. Turns belong to projects; the project's order says who takes one.

    `comes_s` is in how many seconds it will be there, for those that are only expected.
    """

    job_id: str
    project_id: str
    queue: str
    place: int
    created_at: datetime
    takes_s: float | None
    person: str = ""
    comes_s: float = 0.0


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
    shares: Mapping[str, Shares] | None = None,
    at_work: Mapping[str, tuple[str, str, str]] | None = None,
    expected: Iterator[Turn] = iter(()),  # noqa: B008 - it has nothing to give
) -> dict[str, float | None]:
    """Return in how many seconds each waiting job starts.

    `workers` are the queues each live worker listens to, dearest first, `busy` the seconds a worker still needs for
    what it runs (None: nobody knows), `at_work` that job's queue, person and project. Whoever is free takes from its
    first queue in which somebody waits; whose turn it is there says `turns.next_of`, from the `shares` as they are.
    `expected` are those who will come meanwhile, soonest first; each joins the end of its project's line.
    """
    lines = _lines(turns)
    coming = next(expected, None)
    have = {queue: known.copy() for queue, known in (shares or {}).items()}
    ends = [(left, *facts) for name, facts in (at_work or {}).items() if (left := busy.get(name, 0.0)) is not None]
    heapify(ends)
    free = [(left, name) for name in workers if (left := busy.get(name, 0.0)) is not None]
    heapify(free)
    found: dict[str, float | None] = {turn.job_id: None for turn in turns}
    left_to_call = len(found)
    for step in count(1):
        if not free or not left_to_call:
            break
        at, name = heappop(free)
        while coming and coming.comes_s <= at:
            lines.setdefault(coming.queue, {}).setdefault(coming.project_id, []).insert(0, coming)
            coming = next(expected, None)
        queue = next((queue for queue in workers[name] if lines.get(queue)), None)
        if queue is None:
            if coming:  # it looks again when somebody comes
                heappush(free, (coming.comes_s, name))
            continue
        while ends and ends[0][0] <= at:
            _, *facts = heappop(ends)
            have.setdefault(facts[0], Shares()).end(facts[1], facts[2])
        turn = _called(lines, queue, have.setdefault(queue, Shares()), step)
        if turn.job_id in found:
            found[turn.job_id] = at
            left_to_call -= 1
        if turn.takes_s is not None:
            heappush(free, (at + turn.takes_s, name))
            heappush(ends, (at + turn.takes_s, queue, turn.person, turn.project_id))
    return found


def _lines(turns: Collection[Turn]) -> dict[str, dict[str, list[Turn]]]:
    """Return the lines of each queue by project, next last, so that it can be popped."""
    lines: dict[str, dict[str, list[Turn]]] = {}
    for turn in sorted(turns, key=lambda t: (t.place, t.created_at, t.job_id), reverse=True):
        lines.setdefault(turn.queue, {}).setdefault(turn.project_id, []).append(turn)
    return lines


def _called(lines: dict[str, dict[str, list[Turn]]], queue: str, shares: Shares, step: int) -> Turn:
    """Take whose turn it is out of the lines of a queue, in which somebody waits."""
    firsts = sorted((line[-1] for line in lines[queue].values()), key=lambda t: (t.created_at, t.job_id))
    turn = next_of(firsts, shares) or firsts[0]
    line = lines[queue][turn.project_id]
    line.pop()
    if not line:
        del lines[queue][turn.project_id]
    shares.begin(turn.person, turn.project_id, _NOW + step)
    return turn
