"""Expired leases → queued again or failed; waiting jobs → placed again when a machine has come."""

from studio_server.actions import canvas, landing, runs
from studio_server.actions.generate import state_change
from studio_server.actions.studio import Studio
from studio_server.domain.events import Change
from studio_server.domain.graph import Graph
from studio_server.domain.jobs import Job, JobState
from studio_server.domain.placement import Placement, Wish, place
from studio_server.index import jobs
from studio_server.index.session import Session


def sweep(studio: Studio) -> None:
    """Do one round."""
    with studio.index.read() as session:
        lost = jobs.expired(session, studio.now())
        held = jobs.waiting(session)
    for job in lost:
        if not landing.recover(studio, job):
            runs.give_back(studio, job, "The runner stopped answering.")
    if held:
        workers = studio.workers()
        offers = list(studio.catalogue.pipelines().values())
        for job in held:
            wish = Wish(task="", pipeline_id=job.plan.pipeline_id, quality=job.plan.quality_used)
            answer = place(wish, offers, workers)
            if isinstance(answer, Placement) and not answer.waiting:
                _queue(studio, job)


def _queue(studio: Studio, job: Job) -> None:
    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        return state_change(session, jobs.move(session, job, JobState.QUEUED, at=studio.now())), graph

    canvas.record(studio, job.project_id, make, actor=landing.RUNNER)
