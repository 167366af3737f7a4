"""Notice what was done to a project folder from outside: the canvas file, and takes that came or went by hand."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from studio_server.actions import canvas, push, takes
from studio_server.actions.studio import OpenCanvas, Studio
from studio_server.domain.batch import ShotKey
from studio_server.library import seen
from studio_server.library.folder import ProjectFolder

AT_ONCE: Final = 100
"""So many shots are told of in one transaction, and looked into in one round after a project was opened."""


def notice(studio: Studio, project_id: str) -> None:
    """Publish what has changed in the folder since the last look, and mend what the user's own git undid.

    Raises PROJECT_MISSING, STORAGE_READONLY or CANVAS_UNREADABLE while the folder is not as it should be.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    push.finish(studio, project_id, folder)
    canvas.notice_outside_changes(studio, project_id)
    with canvas.opened(studio, project_id) as open_canvas:
        shots = canvas.shots(open_canvas.graph).items()
        _look_closer(folder, open_canvas, [key for _, key in shots])
        changed = [(node_id, key) for node_id, key in shots if _has_changed(studio, folder, open_canvas, key)]
    # Thousands may come at once, and between them others want to edit.
    for first in range(0, len(changed), AT_ONCE):
        news = [takes.now(project_id, folder, *shot) for shot in changed[first : first + AT_ONCE]]
        canvas.tell(studio, project_id, news, actor=canvas.OUTSIDE)
    folder.settle(studio.author)


def _look_closer(folder: ProjectFolder, open_canvas: OpenCanvas, keys: Sequence[ShotKey]) -> None:
    """Look at the files of some shots that were only marked when the project was opened, while they are as then."""
    unseen = (key for key in keys if open_canvas.shot_stamps.get(key, seen.ShotStamp()).unseen_since)
    for key in islice(unseen, AT_ONCE):
        stamp = seen.shot_stamp(folder, *key)
        if stamp.is_as(open_canvas.shot_stamps[key]):
            open_canvas.shot_stamps[key] = stamp
        else:
            open_canvas.shots_moving.setdefault(key, seen.ShotStamp())


def _has_changed(studio: Studio, folder: ProjectFolder, open_canvas: OpenCanvas, key: tuple[str, str]) -> bool:
    """Whether a shot's files are others than were told, and rest: a file that is still being copied is not told."""
    known = open_canvas.shot_stamps.get(key, seen.ShotStamp())
    moving = open_canvas.shots_moving.pop(key, None)
    if moving is None and not known.may_be_old(folder, *key, studio.now()):
        return False
    stamp = seen.shot_stamp(folder, *key)
    if stamp.is_as(known):
        open_canvas.shot_stamps[key] = stamp
        return False
    if stamp != moving:
        open_canvas.shots_moving[key] = stamp
        return False
    open_canvas.shot_stamps[key] = stamp
    return True
