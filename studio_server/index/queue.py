"""The lines of projects: who is next, in which order they wait, whether a line stands still, how long others took."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlmodel import Session, col

from studio_server.domain.jobs import Job, JobPlan, JobState
from studio_server.domain.pace import Past, megapixels
from studio_server.domain.queue import REMEMBERED, length_of
from studio_server.index.jobs import job_of
from studio_server.index.tables import JobRow, ProjectRow

_WAITS = (JobState.WAITING, JobState.QUEUED)
_BY_PLACE = (col(JobRow.place), col(JobRow.created_at), col(JobRow.id))


def waiting_in(session: Session, project_id: str) -> Sequence[Job]:
    """Return what waits in a project, next first."""
    rows = session.scalars(
        select(JobRow).where(col(JobRow.project_id) == project_id, col(JobRow.state).in_(_WAITS)).order_by(*_BY_PLACE)
    )
    return [job_of(row) for row in rows]


def next_in(session: Session, project_id: str, queue: str) -> Job | None:
    """Return the placed job of a project that is next in a queue; None while the project's line stands still."""
    row = session.scalars(
        select(JobRow)
        .join(ProjectRow, col(ProjectRow.id) == col(JobRow.project_id))
        .where(
            col(JobRow.project_id) == project_id,
            col(JobRow.queue) == queue,
            col(JobRow.state) == JobState.QUEUED,
            col(ProjectRow.queue_paused).is_(False),
        )
        .order_by(*_BY_PLACE)
        .limit(1)
    ).one_or_none()
    return job_of(row) if row else None


def line_up(session: Session, order: Sequence[str]) -> None:
    """Give jobs their places in the order of their ids."""
    for place, job_id in enumerate(order, start=1):
        session.execute(update(JobRow).where(col(JobRow.id) == job_id, col(JobRow.place) != place).values(place=place))


def pause(session: Session, project_id: str, *, paused: bool) -> None:
    """Stop or start a project's line. What waits in it is rung for again: its bells rang while nobody might come."""
    session.execute(update(ProjectRow).where(col(ProjectRow.id) == project_id).values(queue_paused=paused))
    if not paused:
        waits = (col(JobRow.project_id) == project_id, col(JobRow.state) == JobState.QUEUED)
        session.execute(update(JobRow).where(*waits).values(rung_at=None))


def placed(session: Session) -> Sequence[Job]:
    """Return every placed job of every project whose line moves: they share the workers."""
    rows = session.scalars(
        select(JobRow)
        .join(ProjectRow, col(ProjectRow.id) == col(JobRow.project_id))
        .where(col(JobRow.state) == JobState.QUEUED, col(ProjectRow.queue_paused).is_(False))
        .order_by(*_BY_PLACE)
    )
    return [job_of(row) for row in rows]


def running(session: Session) -> Sequence[Job]:
    """Return every running job of every project."""
    return [job_of(row) for row in session.scalars(select(JobRow).where(col(JobRow.state) == JobState.RUNNING))]


def past(session: Session, pipeline: str, quality: str) -> list[Past]:
    """Return the newest finished jobs of a pipeline at a quality, from claim to landing."""
    rows = session.execute(
        select(col(JobRow.plan), col(JobRow.started_at), col(JobRow.finished_at))
        .where(
            col(JobRow.pipeline) == pipeline,
            col(JobRow.quality) == quality,
            col(JobRow.state) == JobState.SUCCEEDED,
            col(JobRow.started_at).is_not(None),
        )
        .order_by(col(JobRow.finished_at).desc())
        .limit(REMEMBERED)
    )
    return [
        Past(length_of(plan), (finished - started).total_seconds(), megapixels(plan.format))
        for told, started, finished in rows
        for plan in (JobPlan.model_validate(told),)
        if finished > started  # else the clock was put back in between
    ]
