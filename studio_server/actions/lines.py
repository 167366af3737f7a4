"""What waits in a project's queue, in which order, and when each will probably start and how long it will take."""

from collections.abc import Iterable, Sequence
from typing import Final

from studio_sdk.wire import WorkerInfo
from studio_server.actions.studio import Studio
from studio_server.domain.jobs import Job, JobPlan, JobState
from studio_server.domain.queue import Estimate, Past, Queue, Turn, left, length_of, starts, typical
from studio_server.index import directory, queue

NOBODY: Final = "No machine is there to make it. It starts by itself when one is back."
OTHERS_ONLY: Final = "No machine that can make it is there. It starts by itself when one comes."

Paces = dict[tuple[str, str], list[Past]]


def queue_of(studio: Studio, project_id: str) -> Queue:
    """Return a project's queue as it stands. What others wait for counts: the workers are everybody's."""
    workers = studio.workers()
    with studio.index.read() as session:
        entry = directory.find_project(session, project_id)
        waiting = queue.waiting_in(session, project_id)
        placed, running = queue.placed(session), queue.running(session)
        own = [job for job in running if job.project_id == project_id]
        if not waiting and not own:
            return Queue(paused=bool(entry and entry.queue_paused), order=[], estimates={}, stranded={})
        kinds = {_kind(job.plan) for job in (*waiting, *placed, *running)}
        paces = {kind: queue.past(session, *kind) for kind in kinds}
    takes = _durations(studio, (*waiting, *placed, *running), paces)
    now = studio.now()
    busy = {
        job.worker_id: left(takes[job.id], job.progress, max(0.0, (now - job.started_at).total_seconds()))
        for job in running
        if job.worker_id and job.started_at
    }
    turns = [Turn(job.id, job.project_id, job.plan.queue, job.place, job.created_at, takes[job.id]) for job in placed]
    soon = starts(turns, {worker.id: worker.queues for worker in workers}, busy)
    estimates = {job.id: _estimate(soon.get(job.id), takes[job.id]) for job in waiting}
    estimates |= {job.id: _estimate(0.0, takes[job.id]) for job in own}
    return Queue(
        paused=bool(entry and entry.queue_paused),
        order=[job.id for job in waiting],
        estimates=estimates,
        stranded={job.id: words for job in waiting if (words := _stranded(job, workers))},
    )


def _stranded(job: Job, workers: Sequence[WorkerInfo]) -> str:
    """Return why a placed job does not start, where no worker that is there listens to its queue."""
    if job.state is not JobState.QUEUED or any(job.plan.queue in worker.queues for worker in workers):
        return ""
    return OTHERS_ONLY if workers else NOBODY


def _estimate(starts_in_s: float | None, takes_s: float | None) -> Estimate:
    return Estimate(starts_in_s=_tenths(starts_in_s), takes_s=_tenths(takes_s))


def _tenths(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _kind(plan: JobPlan) -> tuple[str, str]:
    return plan.pipeline_id, plan.quality_used


def _durations(studio: Studio, jobs: Iterable[Job], paces: Paces) -> dict[str, float | None]:
    pipelines = studio.catalogue.pipelines()
    found: dict[str, float | None] = {}
    for job in jobs:
        pipeline = pipelines.get(job.plan.pipeline_id)
        variant = pipeline.variant(job.plan.quality_used) if pipeline else None
        promised = variant.estimate_s if variant else None
        found[job.id] = typical(paces[_kind(job.plan)], length_of(job.plan), promised)
    return found
