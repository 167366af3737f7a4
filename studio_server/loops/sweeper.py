"""Expired leases → queued again or failed; waiting jobs → placed again when a machine, or another choice, has come."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from studio_sdk.errors import StudioError
from studio_server.actions import canvas, landing, runs
from studio_server.actions.generate import as_planned, notice, replanned, state_change
from studio_server.actions.studio import Studio
from studio_server.domain.events import Change
from studio_server.domain.graph import Graph
from studio_server.domain.jobs import Job, JobKind, JobState
from studio_server.domain.placement import Placement, Wish, place
from studio_server.domain.producer import as_chosen
from studio_server.domain.project import ProjectSettings
from studio_server.index import jobs
from studio_server.index.session import Session

ASLEEP: Final = timedelta(seconds=10)
"""More than this between two rounds: the machine slept, the studio was away, or the clock was put right."""

SECOND_CHANCE: Final = timedelta(seconds=5)
"""How long after that a runner has to renew a lease that ran out meanwhile; it says something every second."""

_log = logging.getLogger(__name__)


class Rounds:
    """Sweeps round after round. A lease that ran out while nobody could renew it is not held against its runner."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._last: datetime | None = None
        self._patient_until = studio.now()

    def sweep(self) -> None:
        """Do one round."""
        now = self._studio.now()
        if self._last is None or not timedelta() <= now - self._last <= ASLEEP:
            self._patient_until = now + SECOND_CHANCE
        self._last = now
        sweep(self._studio, leases=now >= self._patient_until)


def sweep(studio: Studio, *, leases: bool = True) -> None:
    """Do one round; without `leases` only the waiting jobs are looked at."""
    lease = timedelta(seconds=studio.settings.lease_seconds)
    with studio.index.read() as session:
        lost = jobs.expired(session, studio.now(), lease) if leases else []
        held = jobs.waiting(session)
    runs.give_all_back(studio, lost, "The runner stopped answering.")
    if held:
        _place_again(studio, held)


def _place_again(studio: Studio, held: Iterable[Job]) -> None:
    """Queue what fits now: a machine has come, or the project has chosen not to hold any more."""
    workers = studio.workers()
    offers = list(studio.catalogue.pipelines().values())
    chosen: dict[str, ProjectSettings] = {}
    for job in held:
        try:
            if job.project_id not in chosen:
                folder = canvas.folder_of(studio, canvas.find(studio, job.project_id))
                chosen[job.project_id] = folder.manifest().project_settings
            answer = place(_wish(job, chosen[job.project_id]), offers, workers)
            if isinstance(answer, Placement) and not answer.waiting:
                _queue(studio, job, answer)
        except StudioError as error:
            # Canceled meanwhile, not ready for another pipeline, or its project is away: it is looked at again, and no
            # other job waits for it.
            _log.debug("Job %s still waits: %s %s", job.id, error.message, error.detail)


def _wish(job: Job, settings: ProjectSettings) -> Wish:
    """Return what a waiting job asks for now.

    A film, pictures in between, or a job of an older studio, are made as they were planned.
    """
    plan = job.plan
    if plan.wish and plan.wish.task and plan.kind is JobKind.TAKE and not plan.conforms:
        return as_chosen(settings, plan.wish)
    return as_planned(plan)


def _queue(studio: Studio, job: Job, placement: Placement) -> None:
    planned = (job.plan.pipeline_id, job.plan.pipeline_version, job.plan.quality_used)
    other = (placement.pipeline.id, placement.pipeline.version, placement.variant.quality) != planned
    plan = replanned(studio, job, placement) if other else job.plan

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        if other:
            jobs.replan(session, job.id, plan)
        return state_change(session, jobs.move(session, job, JobState.QUEUED, at=studio.now())), graph

    canvas.record(studio, job.project_id, make, actor=landing.RUNNER)
    if other and placement.notice:
        notice(studio, job.project_id, job.plan.node_id, placement.notice)
