"""Job rows: claims by compare-and-set, leases, and the views that the queue and the loops read.

Whoever holds the newest attempt may report and finish; every change is conditioned on it, so that a worker that was
thought dead and comes back is fenced off.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, case, exists, func, select, update
from sqlmodel import Session, col

from studio_sdk.errors import Code, ErrorBody, StudioError
from studio_server.domain.jobs import Job, JobPlan, JobState, check_move
from studio_server.domain.turns import joins
from studio_server.index.tables import JobRow, NeedRow, ProjectRow, TenantRow

_OPEN = (JobState.WAITING, JobState.QUEUED, JobState.RUNNING)


def add(session: Session, job: Job) -> None:
    """Enter a new job in its project's line: at the end, or before others' where its person has waiting fewer."""
    add_all(session, [job])


def add_all(session: Session, new: Sequence[Job]) -> None:
    """Enter new jobs of one project, each as `add` does, in their order; a line of thousands is read once."""
    if not new:
        return
    line = _line(session, new[0].project_id)
    last = _last_place(session, new[0].project_id)
    for job in new:
        at = joins([person for person, _ in line], job.person_id)
        place = last + 1 if at == len(line) else line[at][1]
        if at < len(line):
            _make_room(session, job.project_id, place)
            line[at:] = [(person, there + 1) for person, there in line[at:]]
        line.insert(at, (job.person_id, place))
        last += 1
        session.add(_row(job, place))
    session.flush()


def _row(job: Job, place: int) -> JobRow:
    return JobRow(
        id=job.id,
        tenant_id=job.tenant_id,
        project_id=job.project_id,
        node_id=job.plan.node_id,
        plan=job.plan.model_dump(mode="json"),
        queue=job.plan.queue,
        pipeline=job.plan.pipeline_id,
        quality=job.plan.quality_used,
        place=place,
        state=job.state,
        reason=job.reason,
        created_by=job.created_by,
        person_id=job.person_id,
        created_at=job.created_at,
        run=job.run,
    )


def enter_finished(session: Session, job: Job) -> None:
    """Enter a job that was finished before this database was there; one that is known is left as it is."""
    if session.get(JobRow, job.id):
        return
    told: dict[str, Any] = job.model_dump(exclude={"plan", "error"})
    told |= {"queue": job.plan.queue, "pipeline": job.plan.pipeline_id, "quality": job.plan.quality_used}
    session.add(JobRow(**told, node_id=job.plan.node_id, plan=job.plan.model_dump(mode="json")))
    session.flush()


def _line(session: Session, project_id: str) -> list[tuple[str, int]]:
    """Return whose the jobs in a project's line are and their places, in order."""
    rows = session.execute(
        select(col(JobRow.person_id), col(JobRow.place))
        .where(col(JobRow.project_id) == project_id, col(JobRow.state).in_((JobState.WAITING, JobState.QUEUED)))
        .order_by(col(JobRow.place), col(JobRow.created_at), col(JobRow.id))
    )
    return [(person, int(place)) for person, place in rows]


def _make_room(session: Session, project_id: str, place: int) -> None:
    session.flush()
    session.execute(
        update(JobRow)
        .where(col(JobRow.project_id) == project_id, col(JobRow.state).in_(_OPEN), col(JobRow.place) >= place)
        .values(place=col(JobRow.place) + 1)
    )


def _last_place(session: Session, project_id: str) -> int:
    place = select(func.max(col(JobRow.place))).where(
        col(JobRow.project_id) == project_id, col(JobRow.state).in_(_OPEN)
    )
    return int(session.scalar(place) or 0)


def _first_place(session: Session, project_id: str) -> int:
    waits = (col(JobRow.project_id) == project_id, col(JobRow.state).in_((JobState.WAITING, JobState.QUEUED)))
    return int(session.scalar(select(func.min(col(JobRow.place))).where(*waits)) or 0)


def get(session: Session, job_id: str) -> Job:
    """Return a job. Raises NOT_FOUND."""
    row = session.get(JobRow, job_id, populate_existing=True)
    if row is None:
        raise StudioError(Code.NOT_FOUND, "There is no such task.", task_id=job_id)
    return job_of(row)


def claim(session: Session, job_id: str, worker_id: str, *, now: datetime, until: datetime) -> Job | None:
    """Give a queued job to a worker; None where somebody else has it or it is finished."""
    taken = session.execute(
        update(JobRow)
        .where(col(JobRow.id) == job_id, col(JobRow.state) == JobState.QUEUED)
        .values(
            state=JobState.RUNNING,
            attempt=col(JobRow.attempt) + 1,
            worker_id=worker_id,
            lease_until=until,
            started_at=now,
            progress=0,
            step="",
            reason="",
        )
    )
    return get(session, job_id) if _changed(taken) else None


def note_plan(session: Session, job_id: str, plan: JobPlan) -> None:
    """Note which code a job is really run with; it may have changed since Generate was pressed."""
    session.execute(update(JobRow).where(col(JobRow.id) == job_id).values(plan=plan.model_dump(mode="json")))


def replan(session: Session, job_id: str, plan: JobPlan) -> None:
    """Note that a waiting job is made with another pipeline or quality than it was first placed with."""
    columns = {"queue": plan.queue, "pipeline": plan.pipeline_id, "quality": plan.quality_used}
    waits = (col(JobRow.id) == job_id, col(JobRow.state) == JobState.WAITING)
    session.execute(update(JobRow).where(*waits).values(plan=plan.model_dump(mode="json"), **columns))


def wait_on(session: Session, job: Job, reason: str) -> Job:
    """Note for what a waiting job waits from now on. Raises LEASE_LOST where it does not wait any more."""
    told = session.execute(
        update(JobRow).where(col(JobRow.id) == job.id, col(JobRow.state) == JobState.WAITING).values(reason=reason)
    )
    if not _changed(told):
        raise StudioError(Code.LEASE_LOST, "The job changed in the meantime.", task_id=job.id)
    return get(session, job.id)


def of_run(session: Session, project_id: str, run: str) -> Sequence[Job]:
    """Return what is not finished of a run, oldest first."""
    rows = session.scalars(
        select(JobRow)
        .where(col(JobRow.project_id) == project_id, col(JobRow.state).in_(_OPEN), col(JobRow.run) == run)
        .order_by(col(JobRow.place))
    )
    return [job_of(row) for row in rows]


def renew(session: Session, job_id: str, attempt: int, *, until: datetime, progress: float, step: str) -> Job:
    """Note progress and renew the lease. Raises LEASE_LOST where this attempt is no longer the job's."""
    held = session.execute(
        update(JobRow)
        .where(col(JobRow.id) == job_id, col(JobRow.state) == JobState.RUNNING, col(JobRow.attempt) == attempt)
        .values(
            lease_until=until,
            step=step,
            progress=case((col(JobRow.progress) > progress, col(JobRow.progress)), else_=progress),
        )
    )
    if not _changed(held):
        raise StudioError(Code.LEASE_LOST, "This job is no longer yours.", task_id=job_id)
    return get(session, job_id)


def move(
    session: Session,
    job: Job,
    state: JobState,
    *,
    at: datetime,
    reason: str = "",
    error: ErrorBody | None = None,
    result: str | None = None,
    elapsed_s: float | None = None,
) -> Job:
    """Move a job to another state, only if it is still as given. Raises LEASE_LOST where it is not."""
    check_move(job.state, state)
    values: dict[str, object] = {"state": state, "reason": reason, "rung_at": None}
    if state.finished:
        values |= {
            "finished_at": at,
            "error": error.model_dump(mode="json") if error else None,
            "result": result,
            "elapsed_s": elapsed_s,
            "lease_until": None,
            "progress": 1 if state is JobState.SUCCEEDED else col(JobRow.progress),
        }
    if state is JobState.QUEUED and job.state is JobState.RUNNING:
        values["place"] = _first_place(session, job.project_id) - 1  # it waited once already
    if state is JobState.QUEUED:
        values |= {"worker_id": None, "lease_until": None, "progress": 0, "step": ""}
    moved = session.execute(
        update(JobRow)
        .where(col(JobRow.id) == job.id, col(JobRow.state) == job.state, col(JobRow.attempt) == job.attempt)
        .values(**values)
    )
    if not _changed(moved):
        raise StudioError(Code.LEASE_LOST, "The job changed in the meantime.", task_id=job.id)
    return get(session, job.id)


def request_cancel(session: Session, job_id: str) -> None:
    """Ask the worker that runs a job to stop; its next report tells it."""
    session.execute(update(JobRow).where(col(JobRow.id) == job_id).values(cancel_requested=True))


def to_ring(
    session: Session, now: datetime, again: timedelta, limit: int = 200, *, hold: bool = False
) -> Sequence[Job]:
    """Return queued jobs whose doorbell has not rung, or was not answered for so long; oldest first.

    Those of a held line are left out. `hold` keeps them from other web processes until the transaction ends, and leaves
    out those that another one holds. One that rang in the future did so before the clock was put back.
    """
    due = (
        select(JobRow)
        .join(ProjectRow, col(ProjectRow.id) == col(JobRow.project_id))
        .join(TenantRow, col(TenantRow.id) == col(JobRow.tenant_id))
        .where(
            col(JobRow.state) == JobState.QUEUED,
            col(ProjectRow.queue_paused).is_(False),
            col(TenantRow.paused_by) == "",
            col(JobRow.rung_at).is_(None) | ~col(JobRow.rung_at).between(now - again, now),
        )
        .order_by(col(JobRow.created_at), col(JobRow.place))
        .limit(limit)
    )
    rows = session.scalars(due.with_for_update(skip_locked=True, of=JobRow) if hold else due)
    return [job_of(row) for row in rows]


def rung(session: Session, job_ids: Collection[str], at: datetime | None) -> None:
    """Note that the doorbells of jobs ring, or (None) that they have to ring again."""
    session.execute(update(JobRow).where(col(JobRow.id).in_(job_ids)).values(rung_at=at))


def unanswered(session: Session, before: datetime) -> dict[str, list[str]]:
    """Return the queued jobs, of lines that move, whose doorbell rang before a moment, by queue."""
    found: dict[str, list[str]] = {}
    for queue, job_id in session.execute(
        select(col(JobRow.queue), col(JobRow.id))
        .join(ProjectRow, col(ProjectRow.id) == col(JobRow.project_id))
        .join(TenantRow, col(TenantRow.id) == col(JobRow.tenant_id))
        .where(
            col(JobRow.state) == JobState.QUEUED,
            col(JobRow.rung_at) < before,
            col(ProjectRow.queue_paused).is_(False),
            col(TenantRow.paused_by) == "",
        )
    ):
        found.setdefault(queue, []).append(job_id)
    return found


def expired(session: Session, now: datetime, lease: timedelta) -> Sequence[Job]:
    """Return running jobs whose lease is over, or longer than any lease is: from before the clock was put back."""
    rows = session.scalars(
        select(JobRow).where(
            col(JobRow.state) == JobState.RUNNING, ~col(JobRow.lease_until).between(now, now + 2 * lease)
        )
    )
    return [job_of(row) for row in rows]


def held_by(session: Session, worker_id: str) -> Sequence[Job]:
    """Return the running jobs of a worker."""
    rows = session.scalars(
        select(JobRow).where(col(JobRow.state) == JobState.RUNNING, col(JobRow.worker_id) == worker_id)
    )
    return [job_of(row) for row in rows]


def waiting(session: Session) -> Sequence[Job]:
    """Return the jobs that no machine fits yet, oldest first; not those that wait for other jobs."""
    rows = session.scalars(
        select(JobRow)
        .where(col(JobRow.state) == JobState.WAITING, ~exists().where(col(NeedRow.job_id) == col(JobRow.id)))
        .order_by(col(JobRow.created_at))
    )
    return [job_of(row) for row in rows]


def open_jobs(session: Session, project_id: str) -> Sequence[Job]:
    """Return what is not finished in a project, oldest first."""
    rows = session.scalars(
        select(JobRow)
        .where(col(JobRow.project_id) == project_id, col(JobRow.state).in_(_OPEN))
        .order_by(col(JobRow.created_at))
    )
    return [job_of(row) for row in rows]


def newest_finished(session: Session, project_id: str) -> Sequence[Job]:
    """Return the newest finished job of each node of a project."""
    ranked = (
        select(
            col(JobRow.id),
            func.row_number()
            .over(partition_by=col(JobRow.node_id), order_by=col(JobRow.created_at).desc())
            .label("place"),
        )
        .where(col(JobRow.project_id) == project_id, col(JobRow.state).not_in(_OPEN))
        .subquery()
    )
    rows = session.scalars(select(JobRow).join(ranked, col(JobRow.id) == ranked.c.id).where(ranked.c.place == 1))
    return [job_of(row) for row in rows]


def finished_of(session: Session, project_id: str, node_id: str) -> Sequence[Job]:
    """Return the finished jobs of a node, newest first."""
    rows = session.scalars(
        select(JobRow)
        .where(col(JobRow.project_id) == project_id, col(JobRow.node_id) == node_id, col(JobRow.state).not_in(_OPEN))
        .order_by(col(JobRow.created_at).desc())
    )
    return [job_of(row) for row in rows]


def position(session: Session, job: Job) -> int | None:
    """Return a queued job's place in its project's line, from 1; None where it is not queued."""
    if job.state is not JobState.QUEUED:
        return None
    row = select(col(JobRow.place)).where(col(JobRow.id) == job.id).scalar_subquery()
    ahead = session.scalar(
        select(func.count())
        .select_from(JobRow)
        .where(
            col(JobRow.state) == JobState.QUEUED,
            col(JobRow.project_id) == job.project_id,
            col(JobRow.place) < row,
        )
    )
    return int(ahead or 0) + 1


def _changed(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1


def job_of(row: JobRow) -> Job:
    """Return the job that a row holds."""
    return Job(
        id=row.id,
        tenant_id=row.tenant_id,
        project_id=row.project_id,
        plan=JobPlan.model_validate(row.plan),
        state=JobState(row.state),
        reason=row.reason,
        attempt=row.attempt,
        worker_id=row.worker_id,
        place=row.place,
        lease_until=row.lease_until,
        progress=row.progress,
        step=row.step,
        cancel_requested=row.cancel_requested,
        error=ErrorBody.model_validate(row.error) if row.error else None,
        result=row.result,
        created_by=row.created_by,
        person_id=row.person_id,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        elapsed_s=row.elapsed_s,
        run=row.run,
    )
