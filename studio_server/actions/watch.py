"""Notice what was done to a project folder from outside: the canvas file, and takes that came or went by hand."""

from studio_server.actions import canvas
from studio_server.actions.studio import Studio
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
        shots = canvas.shots(open_canvas.graph)
        for node_id, key in shots.items():
            stamp = seen.shot_stamp(folder, *key)
            # A shot that is new on the board had no folder: what lies in one by now was put there meanwhile.
            known = open_canvas.shot_stamps.get(key, seen.NO_FOLDER if open_canvas.shots_seen else stamp)
            open_canvas.shot_stamps[key] = stamp
            if known != stamp:
                _tell_takes(studio, project_id, folder, node_id, key)
        open_canvas.shots_seen = True
    folder.settle(studio.author)


def _tell_takes(studio: Studio, project_id: str, folder: ProjectFolder, node_id: str, key: tuple[str, str]) -> None:
    takes = [take_view(project_id, take).model_dump(mode="json") for take in folder.takes(*key)]
    change = Change(type=EventType.TAKES_CHANGED, node_id=node_id, data={"node_id": node_id, "takes": takes})
    canvas.record(studio, project_id, lambda _session, graph: (change, graph), actor=canvas.OUTSIDE)
