"""The lines of projects: who is next, in which order they wait, whether a line stands still, how long others took."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from studio_server.domain.jobs import Job, JobPlan, JobState
from studio_server.domain.pace import Past, megapixels
from studio_server.domain.queue import REMEMBERED, length_of
from studio_server.domain.turns import Shares, next_of
from studio_server.index.jobs import job_of
from studio_server.index.tables import JobRow, ProjectRow, TenantRow

_ORDERS: Final = 200
"""Of so many orders at most is read what comes next; more would say the same."""

_WAITS = (JobState.WAITING, JobState.QUEUED)
_EDITION = col(JobRow.pipeline) + "@" + func.coalesce(col(JobRow.plan)["pipeline_version"].as_string(), "")
_BY_PLACE = (col(JobRow.place), col(JobRow.created_at), col(JobRow.id))


def waiting_in(session: Session, project_id: str) -> Sequence[Job]:
    """Return what waits in a project, next first."""
    rows = session.scalars(
        select(JobRow).where(col(JobRow.project_id) == project_id, col(JobRow.state).in_(_WAITS)).order_by(*_BY_PLACE)
    )
    return [job_of(row) for row in rows]


def next_in(session: Session, tenant_id: str, queue: str, beyond: Collection[str] = ()) -> Job | None:
    """Return the placed job of a tenant that has a queue's next turn: the first of the project whose turn it is.

    Projects whose line stands still are left out, and jobs of the versions of pipelines (`id@version`) that are
    `beyond` who asks.
    """
    first = (
        select(
            col(JobRow.id),
            func.row_number().over(partition_by=col(JobRow.project_id), order_by=_BY_PLACE).label("from_first"),
        )
        .join(ProjectRow, col(ProjectRow.id) == col(JobRow.project_id))
        .join(TenantRow, col(TenantRow.id) == col(JobRow.tenant_id))
        .where(
            col(TenantRow.paused_by) == "",
            col(JobRow.tenant_id) == tenant_id,
            col(JobRow.queue) == queue,
            col(JobRow.state) == JobState.QUEUED,
            *([_EDITION.not_in(beyond)] if beyond else []),
            col(ProjectRow.queue_paused).is_(False),
        )
        .subquery()
    )
    rows = session.scalars(
        select(JobRow)
        .join(first, col(JobRow.id) == first.c.id)
        .where(first.c.from_first == 1)
        .order_by(col(JobRow.created_at), col(JobRow.id))
    ).all()
    if len(rows) < 2:  # noqa: PLR2004 - nobody to share with
        return job_of(rows[0]) if rows else None
    firsts = [_First(row.id, row.person_id, row.project_id) for row in rows]
    chosen = next_of(firsts, shares(session, {queue})[queue])
    return next(job_of(row) for row in rows if chosen and row.id == chosen.job_id)


class _First(NamedTuple):
    job_id: str
    person: str
    project_id: str


def shares(session: Session, queues: Collection[str]) -> dict[str, Shares]:
    """Return what people and projects have of each queue's workers."""
    found = {queue: Shares() for queue in queues}
    for queue, person, project_id, started in session.execute(
        select(
            col(JobRow.queue),
            col(JobRow.person_id),
            col(JobRow.project_id),
            col(JobRow.started_at),
        ).where(col(JobRow.queue).in_(queues), col(JobRow.state) == JobState.RUNNING)
    ):
        found[queue].begin(person, project_id, started.timestamp())
    for queue in queues:
        for column, served in (
            (col(JobRow.person_id), found[queue].served),
            (col(JobRow.project_id), found[queue].served_in),
        ):
            served.update(_last_turns(session, queue, column))
    return found


def _last_turns(session: Session, queue: str, column: Mapped[str]) -> dict[str, float]:
    """Return when each person or project that waits in a queue last had a turn there."""
    waits = select(column).where(col(JobRow.queue) == queue, col(JobRow.state) == JobState.QUEUED).distinct()
    turns: dict[str, float] = {}
    for who in session.scalars(waits):
        last = session.scalar(select(func.max(col(JobRow.started_at))).where(col(JobRow.queue) == queue, column == who))
        if last is not None:
            turns[who] = last.timestamp()
    return turns


def line_up(session: Session, order: Sequence[str]) -> None:
    """Give jobs their places in the order of their ids."""
    for place, job_id in enumerate(order, start=1):
        session.execute(update(JobRow).where(col(JobRow.id) == job_id, col(JobRow.place) != place).values(place=place))


def pause(session: Session, project_id: str, *, paused: bool, by: str = "") -> None:
    """Stop or start a project's line. What waits in it is rung for again: its bells rang while nobody might come."""
    held = {"queue_paused": paused, "paused_by": by if paused else ""}
    session.execute(update(ProjectRow).where(col(ProjectRow.id) == project_id).values(**held))
    if not paused:
        waits = (col(JobRow.project_id) == project_id, col(JobRow.state) == JobState.QUEUED)
        session.execute(update(JobRow).where(*waits).values(rung_at=None))


def ring_all(session: Session, tenant_id: str) -> None:
    """Have everything of a tenant that waits rung for again."""
    waits = (col(JobRow.tenant_id) == tenant_id, col(JobRow.state) == JobState.QUEUED)
    session.execute(update(JobRow).where(*waits).values(rung_at=None))


def placed(session: Session) -> Sequence[Job]:
    """Return every placed job of every project whose line moves: they share the workers."""
    rows = session.scalars(
        select(JobRow)
        .join(ProjectRow, col(ProjectRow.id) == col(JobRow.project_id))
        .join(TenantRow, col(TenantRow.id) == col(JobRow.tenant_id))
        .where(
            col(JobRow.state) == JobState.QUEUED,
            col(ProjectRow.queue_paused).is_(False),
            col(TenantRow.paused_by) == "",
        )
        .order_by(*_BY_PLACE)
    )
    return [job_of(row) for row in rows]


def running(session: Session) -> Sequence[Job]:
    """Return every running job of every project."""
    return [job_of(row) for row in session.scalars(select(JobRow).where(col(JobRow.state) == JobState.RUNNING))]


def ordered_since(session: Session, moment: datetime) -> list[Job]:
    """Return the newest jobs that were ordered after a moment and placed, whatever became of them."""
    rows = session.scalars(
        select(JobRow)
        .where(col(JobRow.state).in_(tuple(JobState)), col(JobRow.created_at) > moment, col(JobRow.queue) != "")
        .order_by(col(JobRow.created_at).desc())
        .limit(_ORDERS)
    )
    return [job_of(row) for row in rows]


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
