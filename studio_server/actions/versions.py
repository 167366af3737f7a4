"""Versions of a project's canvas: list them, keep the present one under a name, look at an earlier one.

Going back to one is an edit like any other: the page sends the difference, so that undo takes it back.
"""

from studio_server.actions import canvas
from studio_server.actions.studio import Studio
from studio_server.domain.graph import Graph
from studio_server.library import versions
from studio_server.library.folder import ProjectFolder
from studio_server.library.versions import Version


def listed(studio: Studio, project_id: str, limit: int, before: str | None) -> list[Version]:
    """Return the newest versions, or those before one. Raises NOT_FOUND or PROJECT_MISSING."""
    return versions.listed(_folder(studio, project_id), limit, before)


def keep(studio: Studio, project_id: str, name: str) -> Version:
    """Keep the canvas as it is now under a name; one that it has already makes nothing new.

    Raises VALIDATION_ERROR, STORAGE_FULL or STORAGE_READONLY.
    """
    folder, message = _folder(studio, project_id), versions.named(name)
    with canvas.project_lock(studio, project_id):
        newest = next(iter(versions.listed(folder, 1)), None)
        is_its_name = newest is not None and newest.name == versions.checked_name(name)
        kept = canvas.commit(studio, project_id, message, unless=newest.id if newest and is_its_name else None)
    return versions.one(folder, kept)


def at(studio: Studio, project_id: str, version_id: str) -> tuple[Version, Graph]:
    """Return a version with its graph. Raises NOT_FOUND, FILE_NOT_FOUND or CANVAS_UNREADABLE."""
    return versions.graph_at(_folder(studio, project_id), version_id)


def _folder(studio: Studio, project_id: str) -> ProjectFolder:
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    return folder
