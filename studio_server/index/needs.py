"""Jobs that wait for other jobs: which may go on, and which never will."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from studio_server.domain.jobs import Job, JobState
from studio_server.index.jobs import job_of
from studio_server.index.tables import JobRow, NeedRow


def add(session: Session, job_id: str, needs: Collection[str]) -> None:
    """Have a job wait for others."""
    for needed in sorted(set(needs)):
        session.add(NeedRow(job_id=job_id, needs_id=needed))
    session.flush()


def handed_on(session: Session, job_id: str, to: str) -> None:
    """Have whatever waits for a job wait for another one, too."""
    waits = set(session.scalars(select(col(NeedRow.job_id)).where(col(NeedRow.needs_id) == job_id)))
    already = set(session.scalars(select(col(NeedRow.job_id)).where(col(NeedRow.needs_id) == to)))
    for waiting in sorted(waits - already):
        session.add(NeedRow(job_id=waiting, needs_id=to))
    session.flush()


def clear(session: Session, job_id: str) -> None:
    """Have a job wait for nobody any more."""
    session.execute(delete(NeedRow).where(col(NeedRow.job_id) == job_id))


def ready(session: Session) -> Sequence[Job]:
    """Return waiting jobs of which all that they waited for is finished, first in line first."""
    needed = aliased(JobRow)
    own = select(col(NeedRow.job_id)).where(col(NeedRow.job_id) == col(JobRow.id)).correlate(JobRow)
    unfinished = own.join(needed, col(needed.id) == col(NeedRow.needs_id)).where(col(needed.finished_at).is_(None))
    rows = session.scalars(
        select(JobRow)
        .where(col(JobRow.state) == JobState.WAITING, own.exists(), ~unfinished.exists())
        .order_by(col(JobRow.created_at), col(JobRow.place))
    )
    return [job_of(row) for row in rows]


def stopped_by(session: Session) -> Sequence[tuple[Job, Job]]:
    """Return waiting jobs with one that they needed and that came to nothing.

    One that was to give a take another frame rate is no such job: without it there is the take as it was.
    """
    needed = aliased(JobRow)
    rows = session.execute(
        select(JobRow, needed)
        .join(NeedRow, col(NeedRow.job_id) == col(JobRow.id))
        .join(needed, col(needed.id) == col(NeedRow.needs_id))
        .where(col(JobRow.state) == JobState.WAITING, col(needed.state).in_((JobState.FAILED, JobState.CANCELED)))
        .order_by(col(JobRow.created_at), col(JobRow.place))
    )
    found: dict[str, tuple[Job, Job]] = {}
    for row, other in rows:
        if other.plan.get("conforms"):
            continue
        found.setdefault(row.id, (job_of(row), job_of(other)))
    return list(found.values())
