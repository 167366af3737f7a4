"""What waits in a project's queue, in which order, and when each will probably start and how long it will take."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from studio_sdk.manifest import Pipeline
from studio_sdk.wire import WorkerInfo
from studio_server.actions.studio import Studio
from studio_server.domain.forecast import Ask, Draws, Forecast, Line, Running, draws, forecast, spread
from studio_server.domain.jobs import Job, JobPlan, JobState
from studio_server.domain.pace import Kind, Load, Pace, Past, Range, megapixels, pace
from studio_server.domain.placement import Placement
from studio_server.domain.queue import Estimate, Machine, Queue, Turn, length_of
from studio_server.domain.turns import Shares
from studio_server.index import directory, queue

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
        shares = queue.shares(session, {job.plan.queue for job in placed})
        past = {kind: queue.past(session, *kind) for kind in {_kind(job.plan) for job in (*waiting, *placed, *running)}}
    paces = paces_of(studio.catalogue.pipelines(), (*waiting, *placed, *running), past)
    drawn = draws(line_of(studio, workers, placed, running, paces, shares))
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
    """Return who is there and at what; what others of another studio make is told as busy only."""
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
            ours = {"person": job.created_by, "pipeline": job.plan.pipeline_id, "project_id": job.project_id}
            here = {"task_id": job.id, "node_id": job.plan.node_id} if job.project_id == project_id else {}
            machine = machine.model_copy(update={**ours, **here})
        found.append(machine)
    return tuple(found)


def line_of(
    studio: Studio,
    workers: Sequence[WorkerInfo],
    placed: Sequence[Job],
    running: Sequence[Job],
    paces: Mapping[str, Pace],
    shares: Mapping[str, Shares],
) -> Line:
    """Return what everybody waits in, for a forecast."""
    now = studio.now()
    return Line(
        turns=[
            Turn(
                job.id,
                job.project_id,
                job.plan.queue,
                job.place,
                job.created_at,
                likely(paces.get(job.id)),
                job.created_by,
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
        shares=shares,
        at_work={job.worker_id: (job.plan.queue, job.created_by, job.project_id) for job in running if job.worker_id},
        asker=studio.person.name,
    )


def paces_of(
    pipelines: Mapping[str, Pipeline], jobs: Iterable[Job], past: Mapping[Kind, Sequence[Past]]
) -> dict[str, Pace]:
    """Return how long each job takes, where anybody can know."""
    found = {job.id: _pace_of(pipelines, job.plan, past) for job in jobs}
    return {name: known for name, known in found.items() if known}


def _pace_of(pipelines: Mapping[str, Pipeline], plan: JobPlan, past: Mapping[Kind, Sequence[Past]]) -> Pace | None:
    variant = pipeline.variant(plan.quality_used) if (pipeline := pipelines.get(plan.pipeline_id)) else None
    load = Load(length_of(plan), megapixels(plan.format))
    return pace(_kind(plan), past[_kind(plan)], load, variant.estimate_s if variant else None)


def foreseen(
    studio: Studio,
    project_id: str,
    plans: Mapping[str, tuple[JobPlan, Placement]],
    after: Mapping[str, Collection[str]],
) -> Forecast:
    """Return what is to be expected if these plans, by card, were queued now in this order, each after others."""
    workers, pipelines = studio.workers(), studio.catalogue.pipelines()
    with studio.index.read() as session:
        entry = directory.find_project(session, project_id)
        placed, running = queue.placed(session), queue.running(session)
        kinds = {_kind(job.plan) for job in (*placed, *running)} | {_kind(plan) for plan, _ in plans.values()}
        past = {kind: queue.past(session, *kind) for kind in kinds}
        queues = {job.plan.queue for job in placed} | {plan.queue for plan, _ in plans.values()}
        shares = queue.shares(session, queues)
    line = line_of(studio, workers, placed, running, paces_of(pipelines, (*placed, *running), past), shares)
    asks = [
        Ask(card, placement, _pace_of(pipelines, plan, past), after.get(card, ()))
        for card, (plan, placement) in plans.items()
    ]
    wished = {card: plan.quality_requested.value for card, (plan, _) in plans.items()}
    paused = bool(entry and entry.queue_paused)
    return forecast(asks, wished, project_id, line, paused=paused, now=studio.now())


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
