"""What is to be expected of takes before they are ordered: whether, where and when they are made, how long, what of.

Pure. It asks the same `place` that orders are placed by and the same rule (`queue.starts`) that calls who waits.
Durations are drawn many times from what earlier runs took (`pace.py`); the ranges are what comes out. The draws are the
same at each call: a forecast changes when something has changed.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from studio_sdk.types import Frozen
from studio_sdk.wire import WorkerInfo
from studio_server.domain.pace import ABOVE, BELOW, GUESS_SPREAD, Kind, Pace, Range, quantile
from studio_server.domain.placement import Offer, Placement, able, card, place_of
from studio_server.domain.queue import TRUSTED, Turn, starts
from studio_server.domain.turns import Shares

State = Literal["fits", "waits", "falls_back", "no_machine", "held", "refused"]
"""`fits`: starts at once. `waits`: others are before it. `falls_back`: made otherwise than asked. `no_machine`: waits
until one comes. `held`: the project's queue stands still. `refused`: cannot be made as it is."""

AT_ONCE_S: Final = 1.5
"""What starts within so many seconds starts at once, for a person."""

LONG_S: Final = 900.0
"""From a wait of so many seconds on the queue is called full."""

EACH: Final = 4
"""So is one where so many wait for each machine."""

_DRAWS: Final = 60
_WORK: Final = 6000
_FEWEST: Final = 12
_MOST_TRIES: Final = 6
_OWN_PACE: Final = 0.1
_COMING: Final = 100
_LATER: Final = datetime(9000, 1, 1, tzinfo=UTC)


class Ask(NamedTuple):
    """A take that may be ordered: its card, what `place` answered, and how long it takes where anybody can know.

    `after` are other asks, by card, whose takes it is made of.
    """

    id: str
    placement: Placement
    pace: Pace | None
    after: Collection[str] = ()


class Running(NamedTuple):
    """What a worker is at: how long such a job takes, how far it is (0 to 1), and for how many seconds it has run."""

    pace: Pace | None
    progress: float
    elapsed_s: float


class Arrival(NamedTuple):
    """A job that was ordered lately: whose, where, for which queue and how long it takes."""

    project_id: str
    person: str
    queue: str
    pace: Pace | None


LATELY_S: Final = 1200.0
"""As many as were ordered in the last so many seconds are expected in the next."""


class Line(NamedTuple):
    """What everybody waits in: placed jobs and how long each takes, what each live worker listens to and is at.

    `shares` say what everybody has of each queue's workers, `at_work` the queue, person and project of what each worker
    is at, `asker` who asks, `lately` what was ordered within `LATELY_S`: the next to come may be served first.
    """

    turns: Sequence[Turn]
    paces: Mapping[str, Pace]
    workers: Sequence[WorkerInfo]
    running: Mapping[str, Running]
    shares: Mapping[str, Shares] = MappingProxyType({})
    at_work: Mapping[str, tuple[str, str, str]] = MappingProxyType({})
    asker: str = ""
    lately: Sequence[Arrival] = ()


class JobForecast(Frozen):
    """What is to be expected of one take.

    `where` and `why` are words for a person: where it is made, and what stands in the way or is made instead. `full`
    says in words that many wait for the same machines. `ahead` counts those before it. Ranges are None where nobody can
    know; `guess` says that too few takes like it were made to know more than its maker promises. `followed`: pictures
    in between are made after it, for `between` seconds. `warned`: `why` says what will be wrong with it.
    """

    node_id: str
    state: State
    pipeline: str = ""
    title: str = ""
    tier: str = ""
    quality: str = ""
    quality_wished: str = ""
    where: str = ""
    why: str = ""
    full: str = ""
    ahead: int = 0
    starts: Range | None = None
    takes: Range | None = None
    guess: bool = False
    credits: float = 0
    followed: bool = False
    warned: bool = False
    between: Range | None = None


class Total(Frozen):
    """All of them: seconds until the last is done, machine time, credits. `ends` leaves `unknown` takes out."""

    ends: Range | None
    work: Range | None
    guess: bool
    credits: float
    unknown: int


class Forecast(Frozen):
    """What is to be expected of some takes, in the order they were asked for, and of all of them."""

    jobs: list[JobForecast]
    total: Total


Drawn = list[float | None]
"""Seconds, once for each draw; None where nobody can tell."""


class Draws(NamedTuple):
    """In how many seconds each job starts and ends."""

    starts: Mapping[str, Drawn]
    ends: Mapping[str, Drawn]


def forecast(
    asks: Sequence[Ask], wished: Mapping[str, str], project_id: str, line: Line, *, paused: bool, now: datetime
) -> Forecast:
    """Return what is to be expected of takes that would be ordered now, one after the other.

    `wished` are the qualities asked for, by card. A paused project's own turns are not in the line, and its asks do not
    start.
    """
    placed = [ask for ask in asks if not ask.placement.waiting and not paused]
    last = max((turn.place for turn in line.turns if turn.project_id == project_id), default=0)
    turns = [
        Turn(
            ask.id,
            project_id,
            ask.placement.queue,
            last + at,
            now + timedelta(microseconds=at),
            _likely(ask.pace),
            line.asker,
        )
        for at, ask in enumerate(placed, start=1)
    ]
    paces = {**line.paces, **{ask.id: ask.pace for ask in placed if ask.pace}}
    whole = line._replace(turns=[*line.turns, *turns], paces=paces)
    drawn = draws(whole, {ask.id: ask.after for ask in placed if ask.after})
    jobs = [_told(ask, wished[ask.id], whole, drawn, paused=paused) for ask in asks]
    return Forecast(jobs=jobs, total=_total(asks, jobs, drawn))


def draws(line: Line, after: Mapping[str, Collection[str]] | None = None) -> Draws:
    """Draw all durations many times and call who waits each time. Long lines are drawn less often: sums even out."""
    chance = Random(len(line.turns))  # noqa: S311 - nothing secret: the same numbers each time
    queues = {worker.id: worker.queues for worker in line.workers}
    begin: dict[str, Drawn] = {turn.job_id: [] for turn in line.turns}
    end: dict[str, Drawn] = {turn.job_id: [] for turn in line.turns}
    for _ in range(max(_FEWEST, min(_DRAWS, _WORK // (1 + len(line.turns) * max(1, len(queues)))))):
        kinds: dict[Kind, tuple[float, float]] = {}
        turns = [
            turn._replace(takes_s=math.exp(_drawn(pace, kinds, chance)) if pace else None)
            for turn in line.turns
            for pace in (line.paces.get(turn.job_id),)
        ]
        busy = {name: _left(running, kinds, chance) for name, running in line.running.items()}
        soon = starts(turns, queues, busy, line.shares, line.at_work, _expected(line, kinds, chance))
        for turn in turns:
            ready = [end[other][-1] for other in (after or {}).get(turn.job_id, ()) if other in end]
            at = _latest([soon.get(turn.job_id), *ready])
            begin[turn.job_id].append(at)
            end[turn.job_id].append(None if at is None or turn.takes_s is None else at + turn.takes_s)
    return Draws(begin, end)


def _expected(line: Line, kinds: dict[Kind, tuple[float, float]], chance: Random) -> Iterator[Turn]:
    """Yield who comes while the line waits: as often as lately, give or take what so few say, each like one of those.

    They end after as many as wait already and some more: who is still in the line then has the machines to themselves.
    """
    if not line.lately:
        return
    rate, at = chance.gammavariate(len(line.lately), 1 / LATELY_S), 0.0
    for number in range(len(line.turns) + _COMING):
        at += chance.expovariate(rate)
        like = chance.choice(line.lately)
        takes = math.exp(_drawn(like.pace, kinds, chance)) if like.pace else None
        moment = _LATER + timedelta(seconds=at)
        yield Turn(f"+{number}", like.project_id, like.queue, 0, moment, takes, like.person, at)


def spread(drawn: Sequence[float | None] | None) -> Range | None:
    """Return the range that eight in ten of some draws lie in; None where most of them tell nothing."""
    seconds = [one for one in drawn or () if one is not None]
    if not drawn or len(seconds) * 2 <= len(drawn):
        return None
    low, likely, high = (quantile(seconds, share) for share in (BELOW, 0.5, ABOVE))
    return Range(low_s=low, likely_s=likely, high_s=high)


def _latest(moments: Sequence[float | None]) -> float | None:
    known = [at for at in moments if at is not None]
    return max(known) if len(known) == len(moments) else None


def _drawn(pace: Pace, kinds: dict[Kind, tuple[float, float]], chance: Random) -> float:
    """Return the logarithm of a duration: what is not known of a kind is off for all of its jobs in the same way."""
    if pace.kind not in kinds:
        runs = len(pace.logs)
        if runs:
            factor = math.sqrt((runs - 1) / chance.gammavariate((runs - 1) / 2, 2))
            kinds[pace.kind] = (chance.gauss(0, factor / math.sqrt(runs)), factor)
        else:
            kinds[pace.kind] = (chance.gauss(0, 1), 0)
    off, factor = kinds[pace.kind]
    return pace.mean + pace.spread * (off + factor * chance.gauss(0, 1))


def _left(running: Running, kinds: dict[Kind, tuple[float, float]], chance: Random) -> float | None:
    """Return the seconds that a running job still needs, drawn."""
    pace, done, elapsed = running
    if done >= TRUSTED:
        usual = pace.spread if pace else GUESS_SPREAD
        rest = elapsed * (1 - min(done, 1)) / done
        return rest * math.exp(chance.gauss(0, max(usual * (1 - done), _OWN_PACE)))
    if pace is None:
        return None
    for _ in range(_MOST_TRIES):
        takes = math.exp(_drawn(pace, kinds, chance))
        if takes > elapsed:
            return takes - elapsed
    return elapsed * chance.random() / 2  # longer than nearly all before it: nobody knows how much


def _likely(pace: Pace | None) -> float | None:
    return pace.likely_s if pace else None


def _told(ask: Ask, wished: str, line: Line, drawn: Draws, *, paused: bool) -> JobForecast:
    placement = ask.placement
    offer = Offer(placement.pipeline, placement.variant)
    there = able(offer, line.workers)
    begins = spread(drawn.starts.get(ask.id))
    ahead = _ahead(ask.id, there, line, drawn)
    return JobForecast(
        node_id=ask.id,
        state=_state(placement, begins, ahead, paused=paused),
        pipeline=placement.pipeline.id,
        title=placement.pipeline.title,
        tier=placement.pipeline.tier,
        quality=placement.variant.quality,
        quality_wished=wished,
        where=_where(offer, there),
        why=placement.waiting or placement.notice,
        full=_full(offer, there, ahead, begins),
        ahead=ahead,
        starts=begins,
        takes=ask.pace.range() if ask.pace else None,
        guess=ask.pace.guess if ask.pace else False,
        credits=placement.variant.credits,
    )


def _state(placement: Placement, begins: Range | None, ahead: int, *, paused: bool) -> State:
    if placement.waiting:
        return "no_machine"
    if paused:
        return "held"
    if placement.notice:
        return "falls_back"
    return "waits" if ahead or begins is None or begins.likely_s > AT_ONCE_S else "fits"


def _ahead(job: str, there: Sequence[WorkerInfo], line: Line, drawn: Draws) -> int:
    """Return how many waiting jobs that need one of the same machines start before a job."""
    queues = {queue for worker in there for queue in worker.queues}
    own = spread(drawn.starts.get(job))
    others = (turn.job_id for turn in line.turns if turn.queue in queues and turn.job_id != job)
    before = (spread(drawn.starts[other]) for other in others) if own else ()
    return sum(1 for other in before if own and other and other.likely_s < own.likely_s)


def _where(offer: Offer, there: Sequence[WorkerInfo]) -> str:
    if not there:
        return place_of(offer)
    hosts = sorted({worker.host for worker in there})
    kind = card(offer.variant.vram_gb) if offer.variant.vram_gb else "processor"
    if len(there) == 1:
        worker = there[0]
        own = worker.gpu or (f"{worker.vram_gb} GB card" if offer.variant.vram_gb else "processor")
        return f"the {own} of {worker.host}"
    if len(hosts) == 1:
        return f"one of {len(there)} {kind}s of {hosts[0]}"
    return f"one of {len(there)} machines with a {kind}" + (" or larger" if offer.variant.vram_gb else "")


def _full(offer: Offer, there: Sequence[WorkerInfo], ahead: int, begins: Range | None) -> str:
    """Return in words that the machines an offer needs are asked too much of, or nothing where they are not."""
    if not there or (ahead < EACH * len(there) and (begins is None or begins.likely_s < LONG_S)):
        return ""
    who = f"the {len(there)} machines" if len(there) > 1 else "the one machine"
    what = f" with a {card(offer.variant.vram_gb)}" if offer.variant.vram_gb else ""
    return f"The queue is full: {ahead} {'waits' if ahead == 1 else 'wait'} for {who}{what} already."


def _total(asks: Sequence[Ask], jobs: Sequence[JobForecast], drawn: Draws) -> Total:
    ends = [drawn.ends[ask.id] for ask in asks if spread(drawn.ends.get(ask.id))]
    paces = [ask.pace for ask in asks if ask.pace]
    return Total(
        ends=spread([_latest(each) for each in zip(*ends, strict=True)]) if ends else None,
        work=_together(paces),
        guess=any(job.guess for job in jobs),
        credits=sum(job.credits for job in jobs),
        unknown=len(asks) - len(ends),
    )


def _together(paces: Sequence[Pace]) -> Range | None:
    """Return the range of the sum of durations."""
    if not paces:
        return None
    chance = Random(len(paces))  # noqa: S311 - as above
    sums = []
    for _ in range(max(_FEWEST, min(_DRAWS, _WORK // len(paces)))):
        kinds: dict[Kind, tuple[float, float]] = {}
        sums.append(sum(math.exp(_drawn(pace, kinds, chance)) for pace in paces))
    return spread(sums)
