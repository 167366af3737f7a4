"""Files that somebody works on outside the studio: locked with `git lfs lock`, shown on the board, kept by pushes."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas
from studio_server.actions.studio import Studio
from studio_server.actions.views import LockView
from studio_server.domain.access import Need, allows
from studio_server.domain.events import Change, EventType
from studio_server.index import filelocks
from studio_server.index.filelocks import FileLock
from studio_server.library.names import checked_path

MOST: Final = 10_000


class Locked(NamedTuple):
    """A lock, and whether it was made just now; one that was there already may be somebody else's."""

    lock: FileLock
    is_new: bool


def listed(studio: Studio, project_id: str) -> Sequence[FileLock]:
    """Return the locks of a project, by path. Raises NOT_FOUND."""
    canvas.find(studio, project_id)
    with studio.index.read() as session:
        return filelocks.all_of(session, project_id)


def shown(studio: Studio, project_id: str) -> list[LockView]:
    """Return the locks as pages show them."""
    found = listed(studio, project_id)
    if not found:
        return []
    path = canvas.folder_of(studio, canvas.find(studio, project_id)).manifest().canvas_path
    return [LockView(path=one.path, owner=one.owner, is_canvas=one.path == path) for one in found]


def of_others(studio: Studio, project_id: str) -> dict[str, str]:
    """Return who else works on which path."""
    return {lock.path: lock.owner for lock in listed(studio, project_id) if lock.user_id != studio.person.id}


def take(studio: Studio, project_id: str, path: str) -> Locked:
    """Lock a file for the person who asks. Raises NOT_FOUND, or VALIDATION_ERROR for what can be no file's path."""
    canvas.find(studio, project_id)
    checked_path(path)
    if len(listed(studio, project_id)) >= MOST:
        raise StudioError(Code.VALIDATION_ERROR, f"A project has at most {MOST} locked files.")
    with studio.index.write(silent=True) as session:
        lock, is_new = filelocks.take(session, project_id, path, studio.person.id, studio.now())
    if is_new:
        _tell(studio, project_id)
    return Locked(lock, is_new)


def give_back(studio: Studio, project_id: str, lock_id: str, *, force: bool) -> FileLock:
    """Unlock a file: one's own, or with `force`, as an admin, anybody's. Raises NOT_FOUND or NOT_PERMITTED."""
    canvas.find(studio, project_id)
    with studio.index.write(silent=True) as session:
        lock = filelocks.one(session, project_id, lock_id)
        if lock is None:
            raise StudioError(Code.NOT_FOUND, "There is no such lock.", detail=lock_id[:80])
        if lock.user_id != studio.person.id and not (force and allows(Need.ADMIN, studio.person.role)):
            words = "only an admin can take the lock away" if force else "it is not your lock"
            raise StudioError(Code.NOT_PERMITTED, f"{lock.owner} is editing {lock.path}; {words}.")
        filelocks.give_back(session, lock.id)
    _tell(studio, project_id)
    return lock


def _tell(studio: Studio, project_id: str) -> None:
    data: dict[str, JsonValue] = {"locks": [one.model_dump(mode="json") for one in shown(studio, project_id)]}
    canvas.tell(studio, project_id, [Change(type=EventType.LOCKS_CHANGED, data=data)], actor=studio.person.name)
