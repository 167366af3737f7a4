"""Who and what there is: tenants, people, projects on disk, workers that have been heard of."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from pydantic import Field
from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from studio_sdk.types import Frozen
from studio_sdk.wire import WorkerInfo
from studio_server.index.session import alone
from studio_server.index.tables import EventRow, JobRow, NeedRow, ProjectRow, TenantRow, UserRow, WorkerRow


class ProjectEntry(Frozen):
    """Where a project lies, how far its log is, which canvas file was written last, and whether its queue is held."""

    id: str
    tenant_id: str
    path: str
    revision: int
    log_id: str
    canvas_revision: int
    canvas_sha: str
    queue_paused: bool
    paused_by: str = ""
    updated_at: datetime


class Person(Frozen):
    """Who does something."""

    id: str
    tenant_id: str
    name: str
    email: str
    role: str = Field(pattern="^(artist|editor|designer|admin)$")


class LiveWorker(Frozen):
    """A worker, when it was last heard of, and who has paused it, if anybody."""

    info: WorkerInfo
    last_seen_at: datetime
    paused_by: str = ""


def local_person(session: Session, tenant: str, at: datetime) -> Person:
    """Return the one person of a studio without sign-in, making tenant and person the first time."""
    alone(session, "people")
    row = session.scalars(select(TenantRow).where(col(TenantRow.slug) == tenant)).one_or_none()
    if row is None:
        row = TenantRow(id=str(uuid4()), slug=tenant, name=tenant.title(), created_at=at)
        session.add(row)
        session.flush()
    first = select(UserRow).where(col(UserRow.tenant_id) == row.id).order_by(col(UserRow.created_at), col(UserRow.id))
    user = session.scalars(first).first()
    if user is None:
        user = UserRow(
            id=str(uuid4()), tenant_id=row.id, name="You", email="you@studio.local", role="admin", created_at=at
        )
        session.add(user)
        session.flush()
    return Person(id=user.id, tenant_id=user.tenant_id, name=user.name, email=user.email, role=user.role)


def add_project(session: Session, project_id: str, tenant_id: str, path: str, at: datetime) -> ProjectEntry:
    """Enter a project whose folder exists; a new log starts."""
    row = ProjectRow(id=project_id, tenant_id=tenant_id, path=path, log_id=str(uuid4()), updated_at=at)
    session.add(row)
    session.flush()
    return _entry(row)


def move_project(session: Session, project_id: str, path: str) -> None:
    """Note that a project's folder lies elsewhere now."""
    session.execute(update(ProjectRow).where(col(ProjectRow.id) == project_id).values(path=path))


def forget_projects(session: Session, tenant_id: str) -> None:
    """Take every project of a tenant out, with its log and its tasks."""
    own = select(col(ProjectRow.id)).where(col(ProjectRow.tenant_id) == tenant_id)
    tasks = select(col(JobRow.id)).where(col(JobRow.project_id).in_(own))
    session.execute(delete(NeedRow).where(col(NeedRow.job_id).in_(tasks) | col(NeedRow.needs_id).in_(tasks)))
    session.execute(delete(JobRow).where(col(JobRow.project_id).in_(own)))
    session.execute(delete(EventRow).where(col(EventRow.project_id).in_(own)))
    session.execute(delete(ProjectRow).where(col(ProjectRow.tenant_id) == tenant_id))


def find_project(session: Session, project_id: str) -> ProjectEntry | None:
    """Return a project's entry."""
    row = session.get(ProjectRow, project_id)
    return _entry(row) if row else None


def projects_of(session: Session, tenant_id: str) -> Sequence[ProjectEntry]:
    """Return a tenant's projects, newest work first."""
    rows = session.scalars(
        select(ProjectRow).where(col(ProjectRow.tenant_id) == tenant_id).order_by(col(ProjectRow.updated_at).desc())
    )
    return [_entry(row) for row in rows]


def note_checkpoint(session: Session, project_id: str, revision: int, sha: str) -> None:
    """Note that the canvas file now holds the log up to a revision."""
    session.execute(
        update(ProjectRow).where(col(ProjectRow.id) == project_id).values(canvas_revision=revision, canvas_sha=sha)
    )


def new_log(session: Session, project_id: str) -> None:
    """Give a project's log another name, so that every page takes the whole state instead of the events since."""
    session.execute(update(ProjectRow).where(col(ProjectRow.id) == project_id).values(log_id=str(uuid4())))


def see_worker(session: Session, info: WorkerInfo, at: datetime) -> bool:
    """Note that a worker lives; return whether it is a new process, so that what the old one held is free."""
    alone(session, f"worker {info.id}")
    row = session.get(WorkerRow, info.id)
    fresh = row is None or row.boot != info.boot
    if row is None:
        row = WorkerRow(id=info.id, info={}, boot=info.boot, last_seen_at=at)
    row.info = info.model_dump(mode="json")
    row.boot = info.boot
    row.last_seen_at = at
    session.add(row)
    return fresh


def worker(session: Session, worker_id: str) -> LiveWorker | None:
    """Return a worker as it last described itself."""
    row = session.get(WorkerRow, worker_id)
    return _live(row) if row else None


def live_workers(session: Session, after: datetime) -> Sequence[LiveWorker]:
    """Return the workers heard of since a moment."""
    rows = session.scalars(select(WorkerRow).where(col(WorkerRow.last_seen_at) >= after).order_by(col(WorkerRow.id)))
    return [_live(row) for row in rows]


def _live(row: WorkerRow) -> LiveWorker:
    info = WorkerInfo.model_validate(row.info)
    return LiveWorker(info=info, last_seen_at=row.last_seen_at, paused_by=row.paused_by)


def pause_worker(session: Session, worker_id: str, by: str) -> bool:
    """Note who has paused a worker, or (empty) that it goes on; return whether there is such a worker."""
    row = session.get(WorkerRow, worker_id)
    if row is not None:
        row.paused_by = by
    return row is not None


def paused_workers(session: Session) -> frozenset[tuple[str, str]]:
    """Return the workers that somebody has paused, with who did."""
    rows = session.execute(select(col(WorkerRow.id), col(WorkerRow.paused_by)).where(col(WorkerRow.paused_by) != ""))
    return frozenset((name, by) for name, by in rows)


def pause_all(session: Session, tenant_id: str, by: str) -> None:
    """Note who has paused everything of a tenant, or (empty) that it goes on."""
    session.execute(update(TenantRow).where(col(TenantRow.id) == tenant_id).values(paused_by=by))


def all_paused_by(session: Session, tenant_id: str) -> str:
    """Return who has paused everything of a tenant, if anybody."""
    return str(session.scalar(select(col(TenantRow.paused_by)).where(col(TenantRow.id) == tenant_id)) or "")


def _entry(row: ProjectRow) -> ProjectEntry:
    return ProjectEntry(
        id=row.id,
        tenant_id=row.tenant_id,
        path=row.path,
        revision=row.revision,
        log_id=row.log_id,
        canvas_revision=row.canvas_revision,
        canvas_sha=row.canvas_sha,
        queue_paused=row.queue_paused,
        paused_by=row.paused_by,
        updated_at=row.updated_at,
    )
