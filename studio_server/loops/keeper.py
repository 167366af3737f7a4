"""Open projects: write what is unsaved, notice what others did to the folder, say when something is wrong with it."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from studio_sdk.errors import StudioError
from studio_server.actions import canvas, watch
from studio_server.actions.studio import Studio
from studio_server.actions.views import ProjectState

SETTLE: Final = timedelta(seconds=1)
"""A canvas is written so long after the first unsaved change; until then the log holds it."""

_log = logging.getLogger(__name__)


def keep(
    studio: Studio,
    projects: Iterable[str],
    states: dict[str, ProjectState],
    tell: Callable[[str, ProjectState], None],
) -> None:
    """Do one round over the open projects and those with unsaved changes; `tell` is called where a state changed."""
    unsaved = {name for name, c in studio.canvases.items() if c.changed_at and studio.now() - c.changed_at >= SETTLE}
    for project_id in unsaved | set(projects):
        state = _look_after(studio, project_id, save=project_id in unsaved)
        if states.get(project_id, ProjectState()) != state:
            states[project_id] = state
            tell(project_id, state)


def _look_after(studio: Studio, project_id: str, *, save: bool) -> ProjectState:
    try:
        watch.notice(studio, project_id)
        if save:
            canvas.checkpoint(studio, project_id)
    except StudioError as error:
        _log.warning("Project %s: %s %s", project_id, error.message, error.detail)
        return ProjectState(ok=False, error=error.body())
    return ProjectState()


def save_all(studio: Studio) -> None:
    """Write every unsaved canvas, at shutdown; what cannot be written stays in the log."""
    for project_id, open_canvas in studio.canvases.items():
        if open_canvas.changed_at:
            _look_after(studio, project_id, save=True)
