"""Takes that people choose, or put into the folder: of another frame rate they are given the project's, by themselves.

Only what has stood for a while counts, so that stepping through takes orders nothing. What was chosen while the studio
was away is left to the button in the cut.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from studio_sdk.errors import StudioError
from studio_server.actions import canvas, conforming
from studio_server.actions.landing import RUNNER
from studio_server.actions.studio import Studio
from studio_server.domain.events import Event, EventType
from studio_server.domain.graph import NodeSet
from studio_server.index import log

REST: Final = timedelta(seconds=3)
"""So long a choice has stood before anything follows from it."""

_log = logging.getLogger(__name__)


class _Choice(NamedTuple):
    """A card whose take was chosen, by whom and when; `put`: its files are other ones."""

    by: str
    at: datetime
    put: bool


class Rounds:
    """Looks round after round at what was chosen in the open projects."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._seen: dict[str, int] = {}
        self._chosen: dict[tuple[str, str], _Choice] = {}

    def look(self) -> int:
        """Do one round; return how many tasks were queued."""
        self._read()
        now = self._studio.now()
        due = {at: one for at, one in self._chosen.items() if not timedelta() <= now - one.at < REST}
        queued = 0
        for (project_id, card), one in due.items():
            del self._chosen[project_id, card]
            try:
                queued += conforming.for_chosen(self._studio, project_id, card, one.by, put=one.put) is not None
            except StudioError as error:
                _log.debug("Nothing is made in between for %s: %s %s", card, error.message, error.detail)
        return queued

    def _read(self) -> None:
        projects = list(self._studio.canvases)
        if not projects:
            return
        with self._studio.index.read() as session:
            heads = log.heads(session, projects)
            for project_id, head in heads.items():
                seen = self._seen.get(project_id)
                if seen is not None and seen < head:
                    self._note(project_id, log.since(session, project_id, seen, limit=head - seen))
        self._seen = dict(heads)

    def _note(self, project_id: str, events: Sequence[Event]) -> None:
        for event in events:
            if event.type is EventType.TAKES_CHANGED and event.node_id:
                self._choose(project_id, event.node_id, event, put=True)
            elif event.type is EventType.GRAPH_PATCHED and event.actor not in {RUNNER, canvas.OUTSIDE}:
                for one in event.operations():
                    if isinstance(one, NodeSet) and one.name == "active_take" and one.value:
                        self._choose(project_id, one.id, event, put=False)

    def _choose(self, project_id: str, card: str, event: Event, *, put: bool) -> None:
        by = self._studio.person.name if put else event.actor
        self._chosen[project_id, card] = _Choice(by, event.at, put)
