"""Files of projects that somebody works on: one lock a path, and whose it is."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlmodel import Session, col

from studio_sdk.types import Frozen
from studio_server.index.session import alone
from studio_server.index.tables import FileLockRow, UserRow


class FileLock(Frozen):
    """A file that a person has locked, and since when."""

    id: str
    project_id: str
    path: str
    user_id: str
    owner: str
    at: datetime


def take(session: Session, project_id: str, path: str, user_id: str, at: datetime) -> tuple[FileLock, bool]:
    """Lock a file, and return the lock with whether it is new: one that is there already stays whose it is."""
    alone(session, f"file locks of {project_id}")
    known = at_path(session, project_id, path)
    if known:
        return known, False
    row = FileLockRow(id=uuid4().hex, project_id=project_id, path=path, user_id=user_id, at=at)
    session.add(row)
    session.flush()
    made = one(session, project_id, row.id)
    assert made is not None  # noqa: S101 - added in this very transaction
    return made, True


def one(session: Session, project_id: str, lock_id: str) -> FileLock | None:
    """Return a lock of a project."""
    found = _where(session, col(FileLockRow.project_id) == project_id, col(FileLockRow.id) == lock_id)
    return found[0] if found else None


def at_path(session: Session, project_id: str, path: str) -> FileLock | None:
    """Return the lock of a file."""
    found = _where(session, col(FileLockRow.project_id) == project_id, col(FileLockRow.path) == path)
    return found[0] if found else None


def all_of(session: Session, project_id: str) -> Sequence[FileLock]:
    """Return the locks of a project, by path."""
    return _where(session, col(FileLockRow.project_id) == project_id)


def give_back(session: Session, lock_id: str) -> None:
    """Take a lock away."""
    session.execute(delete(FileLockRow).where(col(FileLockRow.id) == lock_id))


def _where(session: Session, *conditions: object) -> list[FileLock]:
    wanted = select(FileLockRow, UserRow).join(UserRow, col(UserRow.id) == col(FileLockRow.user_id))
    rows = session.execute(wanted.where(*conditions).order_by(col(FileLockRow.path)))  # type: ignore[arg-type]
    return [FileLock(**lock.model_dump(), owner=user.name) for lock, user in rows]
