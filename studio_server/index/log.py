"""The per-project log: every durable change gets the project's next revision, in commit order and without gaps."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from studio_sdk.errors import Code, StudioError
from studio_server.domain.events import Change, Event, EventType
from studio_server.index.tables import EventRow, ProjectRow


def hold(session: Session, project_id: str) -> None:
    """Keep the project's log as it is until this transaction ends; who else wants to append waits here."""
    session.execute(select(col(ProjectRow.revision)).where(col(ProjectRow.id) == project_id).with_for_update())


def append(
    session: Session, project_id: str, change: Change, *, actor: str, at: datetime, op_id: str | None = None
) -> Event:
    """Give the change the project's next revision; the row lock makes the order of numbers the order of commits.

    Must run in a write transaction. Raises NOT_FOUND for an unknown project.
    """
    revision = session.execute(
        update(ProjectRow)
        .where(col(ProjectRow.id) == project_id)
        .values(revision=col(ProjectRow.revision) + 1, updated_at=at)
        .returning(col(ProjectRow.revision))
    ).scalar_one_or_none()
    if revision is None:
        raise StudioError(Code.NOT_FOUND, "There is no such project.", detail=project_id)
    row = EventRow(
        project_id=project_id,
        revision=revision,
        type=change.type,
        node_id=change.node_id,
        job_id=change.job_id,
        actor=actor,
        op_id=op_id,
        data=change.data,
        at=at,
    )
    session.add(row)
    return _event(row)


def since(session: Session, project_id: str, revision: int, limit: int = 1000) -> Sequence[Event]:
    """Return the events after a revision, oldest first."""
    rows = session.scalars(
        select(EventRow)
        .where(col(EventRow.project_id) == project_id, col(EventRow.revision) > revision)
        .order_by(col(EventRow.revision))
        .limit(limit)
    )
    return [_event(row) for row in rows]


def patches_of(session: Session, project_id: str, actor: str, limit: int) -> Sequence[Event]:
    """Return the newest changes of the canvas that an actor made, newest first."""
    rows = session.scalars(
        select(EventRow)
        .where(col(EventRow.project_id) == project_id, col(EventRow.actor) == actor)
        .where(col(EventRow.type) == EventType.GRAPH_PATCHED)
        .order_by(col(EventRow.revision).desc())
        .limit(limit)
    )
    return [_event(row) for row in rows]


def by_command(session: Session, project_id: str, op_id: str) -> Event | None:
    """Return what a command has already caused, so that a resend gets its first answer."""
    row = session.scalars(
        select(EventRow).where(col(EventRow.project_id) == project_id, col(EventRow.op_id) == op_id)
    ).one_or_none()
    return _event(row) if row else None


def heads(session: Session, project_ids: Sequence[str]) -> dict[str, int]:
    """Return the newest revision of each project."""
    rows = session.execute(
        select(col(ProjectRow.id), col(ProjectRow.revision)).where(col(ProjectRow.id).in_(project_ids))
    )
    return {project_id: revision for project_id, revision in rows}  # noqa: C416 - rows are not plain tuples


def _event(row: EventRow) -> Event:
    return Event(
        revision=row.revision,
        type=EventType(row.type),
        data=row.data,
        node_id=row.node_id,
        job_id=row.job_id,
        actor=row.actor,
        op_id=row.op_id,
        at=row.at,
    )
