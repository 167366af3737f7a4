"""A farm that is only simulated: jobs of log-normal length come in waves, machines differ, come and go.

For the calibration of the forecast (tests/unit/domain/test_calibration.py and benchmarks/forecast.py). What happens is
worked out here, event by event and by the rule that runners follow; the forecast is asked at each arrival, knows only
what the studio would, and is compared with what came.
"""

import heapq
import itertools
import math
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from studio_sdk.manifest import Pipeline, Socket, Variant
from studio_sdk.types import Engine, Quality, SocketType
from studio_sdk.wire import WorkerInfo
from studio_server.domain.forecast import LATELY_S, Arrival, Ask, JobForecast, Line, Running, forecast
from studio_server.domain.pace import Load, Pace, Past, pace
from studio_server.domain.placement import Placement, Wish, place
from studio_server.domain.queue import REMEMBERED, Turn
from studio_server.domain.turns import Shares

DAWN: Final = datetime(2026, 11, 20, tzinfo=UTC)
RATES: Final = {Quality.STANDARD: 9.0, Quality.HIGH: 25.0}
"""Seconds of work for each second of picture."""
SIGMA: Final = 0.4
"""How unlike each other two runs of the same shot are: the deviation of the logarithm."""
PROMISED: Final = 60.0

WAN: Final = Pipeline(
    id="wan",
    version="1.0.0",
    title="Wan",
    task="generate-video",
    engine=Engine.COMFYUI,
    inputs={},
    outputs={"video": Socket(type=SocketType.VIDEO)},
    variants=(
        Variant(quality=Quality.STANDARD, vram_gb=16, estimate_s=PROMISED),
        Variant(quality=Quality.HIGH, vram_gb=24, estimate_s=PROMISED),
    ),
)


class Machine(NamedTuple):
    """A worker: its memory in GB, and how much longer than the first it takes."""

    name: str
    vram_gb: int
    slowness: float


MACHINES: Final = (Machine("big", 24, 1.0), Machine("middle", 16, 1.25), Machine("other", 24, 0.9))


@dataclass
class Job:
    """A job of the farm: what it is, what was foretold, and what came."""

    id: str
    project: str
    quality: Quality
    length_s: float
    luck: float
    created: float
    told: JobForecast | None = None
    changed: bool = False
    started: float | None = None
    finished: float | None = None
    worker: str = ""

    @property
    def queue(self) -> str:
        return "gpu.24" if self.quality is Quality.HIGH else "gpu.16"


class Outcome(NamedTuple):
    """What was foretold of one job and what came, in seconds; `guess` and `ahead` are the forecast's."""

    guess: bool
    ahead: int
    start_in: bool | None
    takes_in: bool
    machines_changed: bool


@dataclass
class Farm:
    """The farm at a moment, in seconds since it was opened; where it is `steady` no machine leaves."""

    chance: Random
    hours: float
    steady: bool = False
    people: int = 1
    now: float = 0.0
    waiting: list[Job] = field(default_factory=list)
    running: dict[str, Job] = field(default_factory=dict)
    up: dict[str, Machine] = field(default_factory=lambda: {one.name: one for one in MACHINES})
    shares: dict[str, Shares] = field(default_factory=lambda: defaultdict(Shares))
    past: dict[Quality, deque[Past]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=REMEMBERED)))
    ordered: deque[Job] = field(default_factory=deque)
    _events: list[tuple[float, int, str, str]] = field(default_factory=list)
    _count: Iterator[int] = field(default_factory=itertools.count)

    def run(self) -> Iterator[Outcome]:
        """Yield an outcome for each job that ended, of those that came within the farm's hours."""
        self._later(0, "arrive", "")
        if not self.steady:
            for machine in MACHINES:
                self._later(self.chance.expovariate(1 / (8 * 3600)), "leave", machine.name)
        while self._events:
            self.now, _, what, whom = heapq.heappop(self._events)
            if what == "arrive" and self.now < self.hours * 3600:
                self._arrive()
            elif what == "leave" and self.now < self.hours * 3600:
                self._leave(whom)
            elif what == "return":
                self.up[whom] = next(one for one in MACHINES if one.name == whom)
                self._touch()
            elif what == "end":
                yield from self._end(whom)
            self._dispatch()

    def _later(self, seconds: float, what: str, whom: str) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._count), what, whom))

    def _arrive(self) -> None:
        quality = Quality.HIGH if self.chance.random() < 0.5 else Quality.STANDARD
        number = next(self._count)
        job = Job(
            id=f"t{number}",
            project=f"p{self.chance.randrange(self.people)}",
            quality=quality,
            length_s=self.chance.choice([2.0, 4.0, 5.0, 8.0]),
            luck=math.exp(self.chance.gauss(0, SIGMA)),
            created=self.now,
        )
        job.told = self._foretold(job)
        self.waiting.append(job)
        self.ordered.append(job)
        busy = math.sin(self.now / 7200 * math.pi) > 0  # an hour of rush, an hour of rest
        self._later(self.chance.expovariate(1 / (30.0 if busy else 120.0)), "arrive", "")

    def _foretold(self, job: Job) -> JobForecast:
        workers = [self._info(machine) for machine in self.up.values()]
        answer = place(Wish(task="generate-video", quality=job.quality, when_full="queue"), [WAN], workers)
        assert isinstance(answer, Placement)
        turns = [
            Turn(one.id, one.project, one.queue, at, self._moment(one.created), None, one.project)
            for at, one in enumerate(self.waiting)
        ]
        line = Line(
            turns=turns,
            paces={one.id: self._pace(one) for one in self.waiting},
            workers=workers,
            running={name: Running(self._pace(one), *self._progress(one)) for name, one in self.running.items()},
            shares=self.shares,
            at_work={name: (one.queue, one.project, one.project) for name, one in self.running.items()},
            asker=job.project,
            lately=self._lately(),
        )
        ask = Ask(job.id, answer, self._pace(job))
        told = forecast([ask], {job.id: job.quality}, job.project, line, paused=False, now=self._moment(self.now))
        return told.jobs[0]

    def _lately(self) -> list[Arrival]:
        while self.ordered and self.ordered[0].created < self.now - LATELY_S:
            self.ordered.popleft()
        return [Arrival(one.project, one.project, one.queue, self._pace(one)) for one in self.ordered]

    def _progress(self, job: Job) -> tuple[float, float]:
        elapsed = self.now - (job.started or 0)
        return min(elapsed / self._takes(job, self.up[job.worker]), 1), elapsed

    def _pace(self, job: Job) -> Pace:
        found = pace(("wan", job.quality), list(self.past[job.quality]), Load(job.length_s), PROMISED)
        assert found
        return found

    def _info(self, machine: Machine) -> WorkerInfo:
        queues = ["gpu.24", "gpu.16"] if machine.vram_gb >= 24 else ["gpu.16"]
        return WorkerInfo(
            id=machine.name,
            boot="1",
            host=machine.name,
            engines=[Engine.COMFYUI],
            queues=queues,
            vram_gb=machine.vram_gb,
        )

    def _moment(self, seconds: float) -> datetime:
        return DAWN + timedelta(seconds=seconds)

    def _takes(self, job: Job, machine: Machine) -> float:
        return job.length_s * RATES[job.quality] * job.luck * machine.slowness

    def _touch(self) -> None:
        for job in self.waiting:
            job.changed = True

    def _leave(self, name: str) -> None:
        del self.up[name]
        job = self.running.pop(name, None)
        if job:  # its lease runs out and it is next again
            self.shares[job.queue].end(job.project, job.project)
            job.started, job.changed = None, True
            self.waiting.insert(0, job)
        self._touch()
        self._later(self.chance.uniform(300, 2400), "return", name)
        self._later(self.chance.expovariate(1 / (8 * 3600)) + 2400, "leave", name)

    def _dispatch(self) -> None:
        """Whoever is free takes the oldest job of the largest queue that it listens to."""
        for name, machine in self.up.items():
            if name in self.running:
                continue
            for queue in self._info(machine).queues:
                job = self._next(queue)
                if job:
                    self.waiting.remove(job)
                    self.shares[queue].begin(job.project, job.project, self.now)
                    job.started, job.worker = self.now, name
                    self.running[name] = job
                    self._later(self._takes(job, machine), "end", f"{name} {job.id} {self.now}")
                    break

    def _next(self, queue: str) -> Job | None:
        """Return the first in the line of the project whose turn it is."""
        firsts: dict[str, Job] = {}
        for one in self.waiting:
            if one.queue == queue:
                firsts.setdefault(one.project, one)
        standing = self.shares[queue].standing
        return min(firsts.values(), key=lambda one: standing(one.project, one.project), default=None)

    def _end(self, whom: str) -> Iterator[Outcome]:
        name, job_id, began = whom.split(" ")
        job = self.running.get(name)
        if job is None or job.id != job_id or str(job.started) != began:
            return  # its machine had left
        del self.running[name]
        self.shares[job.queue].end(job.project, job.project)
        took = self.now - (job.started or 0)
        self.past[job.quality].append(Past(job.length_s, took))
        told = job.told
        if told is None or told.takes is None:
            return
        begins = told.starts
        waited = (job.started or 0) - job.created
        yield Outcome(
            guess=told.guess,
            ahead=told.ahead,
            start_in=None if begins is None or begins.high_s == 0 else begins.low_s <= waited <= begins.high_s,
            takes_in=told.takes.low_s <= took <= told.takes.high_s,
            machines_changed=job.changed,
        )
