"""Open projects: write what is unsaved, notice what others did to the folder, say when something is wrong with it."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas, watch
from studio_server.actions.studio import Studio
from studio_server.actions.views import ProjectState

SETTLE: Final = timedelta(seconds=1)
"""A canvas is written so long after the first unsaved change; until then the log holds it."""

COMMIT_AFTER: Final = timedelta(seconds=20)
"""A written canvas enters the project's history so long after its last change."""

_log = logging.getLogger(__name__)


def keep(
    studio: Studio,
    projects: Iterable[str],
    states: dict[str, ProjectState],
    tell: Callable[[str, ProjectState], None],
) -> None:
    """Do one round over the open projects and those with unsaved changes; `tell` is called where a state changed."""
    now = studio.now()
    canvases = list(studio.canvases.items())
    unsaved = {name for name, c in canvases if _is_due(c.changed_at, SETTLE, now)}
    settled = {name for name, c in canvases if _is_due(c.written_at, COMMIT_AFTER, now)}
    for project_id in unsaved | settled | set(projects):
        state = _look_after(studio, project_id, save=project_id in unsaved, commit=project_id in settled)
        if states.get(project_id, ProjectState()) != state:
            states[project_id] = state
            if state.error:
                _log.warning("Project %s: %s %s", project_id, state.error.message, state.error.detail)
            tell(project_id, state)


def _is_due(since: datetime | None, wait: timedelta, now: datetime) -> bool:
    """Whether the wait is over; a clock that was put back must not make it an hour."""
    return since is not None and not timedelta() <= now - since < wait


def _look_after(studio: Studio, project_id: str, *, save: bool, commit: bool) -> ProjectState:
    try:
        watch.notice(studio, project_id)
        if commit:
            canvas.commit(studio, project_id)
        elif save:
            canvas.checkpoint(studio, project_id)
    except StudioError as error:
        return ProjectState(ok=False, error=error.body())
    except Exception as error:  # noqa: BLE001 - the body of the loop: one project's trouble is not the others'
        _log.exception("Project %s could not be looked after", project_id)
        unforeseen = StudioError(Code.INTERNAL, "The project could not be saved.", detail=type(error).__name__)
        return ProjectState(ok=False, error=unforeseen.body())
    return ProjectState()


def save_all(studio: Studio) -> None:
    """Write and commit every canvas that is not, at shutdown; what cannot be written stays in the log."""
    for project_id, open_canvas in list(studio.canvases.items()):
        if open_canvas.changed_at or open_canvas.written_at:
            _look_after(studio, project_id, save=True, commit=True)
