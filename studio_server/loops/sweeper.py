"""Expired leases → queued again or failed; waiting jobs → placed again when a machine has come."""

import logging
from datetime import datetime, timedelta
from typing import Final

from studio_sdk.errors import StudioError
from studio_server.actions import canvas, landing, runs
from studio_server.actions.generate import state_change
from studio_server.actions.studio import Studio
from studio_server.domain.events import Change
from studio_server.domain.graph import Graph
from studio_server.domain.jobs import Job, JobState
from studio_server.domain.placement import Placement, Wish, place
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

    try:
        canvas.record(studio, job.project_id, make, actor=landing.RUNNER)
    except StudioError as error:
        # Canceled meanwhile, or its project is away: it is looked at again, and no other job waits for it.
        _log.debug("Job %s still waits: %s %s", job.id, error.message, error.detail)
