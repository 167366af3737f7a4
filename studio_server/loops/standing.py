"""States of cards → pages: what is clean, stale, missing or locked, told when it changes and to every page that comes.

Many edits at once are told once. Pipelines change without an event: they are looked at once in a while.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterable
from typing import Final, Protocol

from anyio import CapacityLimiter, to_thread

from studio_sdk.errors import StudioError
from studio_server.actions import states
from studio_server.actions.rooms import Rooms
from studio_server.actions.studio import Studio

TOGETHER_S: Final = 0.05
"""What changes within so many seconds is told at once."""

LOOK_EVERY: Final = 10.0

_log = logging.getLogger(__name__)


class Tell(Protocol):
    """Sends states to the room of a project, or to one page of it."""

    def __call__(self, project_id: str, told: dict[str, object], *, page: str | None = None) -> Awaitable[None]:
        """Send them."""


class Standing:
    """Tells states, and keeps those of open projects only. Lives in the event loop."""

    def __init__(self, studio: Studio, rooms: Rooms, tell: Tell) -> None:
        self._studio = studio
        self._rooms = rooms
        self._tell = tell
        self._changed: set[str] = set()
        self._came: dict[str, str] = {}
        self._news = asyncio.Event()

    def note(self, project_ids: Iterable[str]) -> None:
        """Have what changed in these projects told soon."""
        self._changed.update(project_ids)
        if self._changed:
            self._news.set()

    def greet(self, project_id: str, page: str) -> None:
        """Have a page told all states of its project."""
        self._came[page] = project_id
        self._news.set()

    async def run(self) -> None:
        """Tell what changed, and look by itself once in a while. Runs until it is cancelled."""
        own_thread = CapacityLimiter(1)
        while True:
            anew = False
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._news.wait()
                await asyncio.sleep(TOGETHER_S)
            except TimeoutError:
                anew = True
            self._news.clear()
            try:
                await self._tell_all(own_thread, anew=anew)
            except Exception:  # noqa: BLE001 - a loop outlives whatever it meets
                _log.exception("Telling the states of cards stumbled and goes on")

    async def _tell_all(self, thread: CapacityLimiter, *, anew: bool) -> None:
        looked_at = set(self._rooms.open_projects())
        for project_id in set(self._studio.builds) - looked_at:
            states.forget(self._studio, project_id)
        came, self._came = self._came, {}
        changed, self._changed = self._changed, set()
        for project_id in looked_at & (looked_at if anew else changed | set(came.values())):
            told = await to_thread.run_sync(self._look, project_id, anew, limiter=thread)
            if told:
                await self._tell(project_id, told.model_dump(mode="json"))
        for page, project_id in came.items():
            whole = await to_thread.run_sync(self._whole, project_id, limiter=thread)
            if whole:
                await self._tell(project_id, whole.model_dump(mode="json"), page=page)

    def _look(self, project_id: str, anew: bool) -> states.CardStates | None:  # noqa: FBT001 - handed to a thread
        try:
            return states.news(self._studio, project_id, anew=anew)
        except StudioError:  # its folder is away: the page knows, and is told again when it is back
            return None

    def _whole(self, project_id: str) -> states.CardStates | None:
        try:
            return states.states(self._studio, project_id)
        except StudioError:
            return None
