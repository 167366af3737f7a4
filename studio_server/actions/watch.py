"""Notice what was done to a project folder from outside: the canvas file, and takes that came or went by hand."""

from studio_server.actions import canvas
from studio_server.actions.studio import OpenCanvas, Studio
from studio_server.actions.views import take_view
from studio_server.domain.events import Change, EventType
from studio_server.library import seen
from studio_server.library.folder import ProjectFolder


def notice(studio: Studio, project_id: str) -> None:
    """Publish what has changed in the folder since the last look, and mend what the user's own git undid.

    Raises PROJECT_MISSING, STORAGE_READONLY or CANVAS_UNREADABLE while the folder is not as it should be.
    """
    canvas.notice_outside_changes(studio, project_id)
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    with canvas.opened(studio, project_id) as open_canvas:
        for node_id, key in canvas.shots(open_canvas.graph).items():
            if _has_changed(studio, folder, open_canvas, key):
                _tell_takes(studio, project_id, folder, node_id, key)
    folder.settle(studio.author)


def _has_changed(studio: Studio, folder: ProjectFolder, open_canvas: OpenCanvas, key: tuple[str, str]) -> bool:
    """Whether a shot's files are others than were told, and rest: a file that is still being copied is not told."""
    known = open_canvas.shot_stamps.get(key, seen.ShotStamp())
    moving = open_canvas.shots_moving.pop(key, None)
    if moving is None and not known.may_be_old(folder, *key, studio.now()):
        return False
    stamp = seen.shot_stamp(folder, *key)
    if stamp.files == known.files:
        open_canvas.shot_stamps[key] = stamp
        return False
    if stamp != moving:
        open_canvas.shots_moving[key] = stamp
        return False
    open_canvas.shot_stamps[key] = stamp
    return True


def _tell_takes(studio: Studio, project_id: str, folder: ProjectFolder, node_id: str, key: tuple[str, str]) -> None:
    takes = [take_view(project_id, take).model_dump(mode="json") for take in folder.takes(*key)]
    change = Change(type=EventType.TAKES_CHANGED, node_id=node_id, data={"node_id": node_id, "takes": takes})
    canvas.record(studio, project_id, lambda _session, graph: (change, graph), actor=canvas.OUTSIDE)
