"""What waits in a project's queue, in which order, and when each will probably start and how long it will take."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from studio_sdk.manifest import Pipeline
from studio_sdk.wire import WorkerInfo
from studio_server.actions.studio import Studio
from studio_server.domain.editions import meant
from studio_server.domain.forecast import (
    LATELY_S,
    Arrival,
    Ask,
    Draws,
    Forecast,
    Line,
    Running,
    draws,
    forecast,
    spread,
)
from studio_server.domain.jobs import Job, JobPlan, JobState
from studio_server.domain.pace import Kind, Load, Pace, Past, Range, megapixels, pace
from studio_server.domain.placement import Placement
from studio_server.domain.queue import Estimate, Machine, Queue, Turn, length_of
from studio_server.index import directory, queue
from studio_server.index.session import Session

NOBODY: Final = "No machine is there to make it. It starts by itself when one is back."
OTHERS_ONLY: Final = "No machine that can make it is there. It starts by itself when one comes."


def queue_of(studio: Studio, project_id: str) -> Queue:
    """Return a project's queue as it stands. What others wait for counts: the workers are everybody's."""
    there = studio.machines()
    workers = [worker.info for worker in there if not worker.paused_by]
    with studio.index.read() as session:
        entry = directory.find_project(session, project_id)
        held = {
            "paused": bool(entry and entry.queue_paused),
            "paused_by": entry.paused_by if entry else "",
            "all_paused_by": directory.all_paused_by(session, studio.person.tenant_id),
        }
        waiting = queue.waiting_in(session, project_id)
        placed, running = queue.placed(session), queue.running(session)
        own = [job for job in running if job.project_id == project_id]
        machines = _machines(studio, project_id, there, running)
        if not waiting and not own:
            return Queue(**held, order=[], estimates={}, stranded={}, machines=machines)
        known = _outlook(studio, session, workers, placed, running, also=waiting)
    paces, drawn = known.paces, draws(known.line)
    return Queue(
        **held,
        machines=machines,
        order=[job.id for job in waiting],
        estimates={job.id: _estimate(job, paces, drawn) for job in (*waiting, *own)},
        stranded={job.id: words for job in waiting if (words := _stranded(job, workers))},
    )


def _machines(
    studio: Studio, project_id: str, there: Sequence[directory.LiveWorker], running: Sequence[Job]
) -> tuple[Machine, ...]:
    """Return who is there and at what; what another tenant makes is told as busy only.

    Where people sign in, which other project a machine works for is not told: who looks may be no member of it.
    """
    at_work = {job.worker_id: job for job in running}
    found = []
    for worker in there:
        info, job = worker.info, at_work.get(worker.info.id)
        machine = Machine(
            id=info.id,
            host=info.host,
            gpu=info.gpu,
            vram_gb=info.vram_gb,
            paused_by=worker.paused_by,
            busy=job is not None,
        )
        if job and job.tenant_id == studio.person.tenant_id:
            told = {"person": job.created_by, "pipeline": job.plan.pipeline_id}
            if job.project_id == project_id or not studio.settings.with_people:
                told["project_id"] = job.project_id
            if job.project_id == project_id:
                told |= {"task_id": job.id, "node_id": job.plan.node_id}
            machine = machine.model_copy(update=told)
        found.append(machine)
    return tuple(found)


class _Outlook(NamedTuple):
    """What everybody waits in, what runs of each kind took, and how long each known job takes."""

    line: Line
    past: Mapping[Kind, Sequence[Past]]
    paces: Mapping[str, Pace]


def _outlook(
    studio: Studio,
    session: Session,
    workers: Sequence[WorkerInfo],
    placed: Sequence[Job],
    running: Sequence[Job],
    *,
    also: Sequence[Job] = (),
    wanted: Collection["Wanted"] = (),
) -> _Outlook:
    """Return what is known of the line: of the jobs that are placed, run, or wait otherwise, and what is wanted."""
    now = studio.now()
    lately = queue.ordered_since(session, now - timedelta(seconds=LATELY_S))
    jobs = (*also, *placed, *running, *lately)
    kinds = {_kind(job.plan) for job in jobs} | {one.kind for one in wanted}
    past = {kind: queue.past(session, *kind) for kind in kinds}
    queues = {job.plan.queue for job in (*placed, *lately)} | {one.placement.queue for one in wanted}
    paces = _paces_of(studio.catalogue.pipelines(), jobs, past)
    line = Line(
        turns=[
            Turn(
                job.id,
                job.project_id,
                job.plan.queue,
                job.place,
                job.created_at,
                likely(paces.get(job.id)),
                job.person_id,
            )
            for job in placed
        ],
        paces={job.id: paces[job.id] for job in placed if job.id in paces},
        workers=workers,
        running={
            job.worker_id: Running(paces.get(job.id), job.progress, max(0.0, (now - job.started_at).total_seconds()))
            for job in running
            if job.worker_id and job.started_at
        },
        shares=queue.shares(session, queues),
        at_work={job.worker_id: (job.plan.queue, job.person_id, job.project_id) for job in running if job.worker_id},
        asker=studio.person.id,
        lately=[Arrival(job.project_id, job.person_id, job.plan.queue, paces.get(job.id)) for job in lately],
    )
    return _Outlook(line, past, paces)


def _paces_of(
    pipelines: Mapping[str, Pipeline], jobs: Iterable[Job], past: Mapping[Kind, Sequence[Past]]
) -> dict[str, Pace]:
    """Return how long each job takes, where anybody can know."""
    found = {job.id: _pace_of(pipelines, job.plan, past) for job in jobs}
    return {name: known for name, known in found.items() if known}


def _pace_of(pipelines: Mapping[str, Pipeline], plan: JobPlan, past: Mapping[Kind, Sequence[Past]]) -> Pace | None:
    pipeline = pipelines.get(meant(pipelines, plan.edition))
    variant = pipeline.variant(plan.quality_used) if pipeline else None
    return pace(_kind(plan), past[_kind(plan)], load_of(plan), variant.estimate_s if variant else None)


def load_of(plan: JobPlan) -> Load:
    """Return what a plan asks for."""
    return Load(length_of(plan), megapixels(plan.format))


class Wanted(NamedTuple):
    """What may be ordered: where it is placed, what it is asked for, and the cards whose takes it needs first.

    `waits` says in words what under way it waits for, `warned` what will be wrong with it.
    """

    placement: Placement
    load: Load
    after: Collection[str]
    waits: str = ""
    warned: str = ""

    @property
    def kind(self) -> Kind:
        """Return whose runs say how long it takes."""
        return self.placement.pipeline.id, str(self.placement.variant.quality)


def foreseen(
    studio: Studio, project_id: str, workers: Sequence[WorkerInfo], wanted: Mapping[str, Wanted], *, paused: bool
) -> Forecast:
    """Return what is to be expected if these, by card, were ordered now in this order."""
    with studio.index.read() as session:
        placed, running = queue.placed(session), queue.running(session)
        known = _outlook(studio, session, workers, placed, running, wanted=wanted.values())
    asks = [
        Ask(
            card,
            one.placement,
            pace(one.kind, known.past[one.kind], one.load, one.placement.variant.estimate_s),
            one.after,
        )
        for card, one in wanted.items()
    ]
    wished = {card: str(one.placement.wish.quality) for card, one in wanted.items()}
    return forecast(asks, wished, project_id, known.line, paused=paused, now=studio.now())


def likely(known: Pace | None) -> float | None:
    """Return the seconds that half of all jobs like it stay below."""
    return known.likely_s if known else None


def _stranded(job: Job, workers: Sequence[WorkerInfo]) -> str:
    """Return why a placed job does not start, where no worker that is there listens to its queue."""
    if job.state is not JobState.QUEUED or any(job.plan.queue in worker.queues for worker in workers):
        return ""
    return OTHERS_ONLY if workers else NOBODY


def _estimate(job: Job, paces: Mapping[str, Pace], drawn: Draws) -> Estimate:
    known = paces.get(job.id)
    begins = None if job.state is JobState.RUNNING else spread(drawn.starts.get(job.id))
    runs = job.state is JobState.RUNNING
    return Estimate(
        starts_in_s=0.0 if runs else _tenths(begins.likely_s if begins else None),
        takes_s=_tenths(likely(known)),
        starts=tenths(begins),
        takes=tenths(known.range()) if known else None,
        guess=known.guess if known else False,
    )


def tenths(found: Range | None) -> Range | None:
    """Return a range in tenths of seconds: nobody knows more, and what has not changed is not told again."""
    return found and Range(**{name: round(value, 1) for name, value in found.model_dump().items()})


def _tenths(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _kind(plan: JobPlan) -> Kind:
    return plan.pipeline_id, plan.quality_used
