"""Queues → pages: order, pause and estimates of every project that is looked at, told when they change.

Many changes at once are told once; what others queue shifts everybody's estimates, because the workers are shared.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from anyio import CapacityLimiter, to_thread

from studio_sdk.errors import StudioError
from studio_server.actions.lines import queue_of
from studio_server.actions.rooms import Rooms
from studio_server.actions.studio import Studio
from studio_server.domain.events import EventType
from studio_server.domain.queue import Queue

SHIFTS: Final = frozenset(
    {EventType.NODE_STATE_UPDATED, EventType.TASK_SUCCESS, EventType.TASK_FAILED, EventType.PROJECT_UPDATED}
)
"""The events after which a queue may be another."""

TOGETHER_S: Final = 0.1
"""What changes within so many seconds is told at once."""

LOOK_EVERY: Final = 10.0
"""Time passes, workers come and go: what is expected shifts also when nothing happens."""

Tell = Callable[[str, dict[str, object]], Awaitable[None]]
_log = logging.getLogger(__name__)


class Lineup:
    """Tells queues, and knows which one each room was told last. Lives in the event loop."""

    def __init__(self, studio: Studio, rooms: Rooms, tell: Tell) -> None:
        self._studio = studio
        self._rooms = rooms
        self._tell = tell
        self._told: dict[str, Queue] = {}
        self._changed: set[str] = set()
        self._news = asyncio.Event()

    def note(self, project_ids: Iterable[str]) -> None:
        """Have the queues of these projects told soon."""
        self._changed.update(project_ids)
        if self._changed:
            self._news.set()

    async def run(self) -> None:
        """Tell what changed, and look by itself once in a while. Runs until it is cancelled."""
        own_thread = CapacityLimiter(1)
        while True:
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._news.wait()
                await asyncio.sleep(TOGETHER_S)
            except TimeoutError:
                pass
            heard = self._news.is_set()
            self._news.clear()
            try:
                await self._tell_all(own_thread, everybody=not heard)
            except Exception:  # noqa: BLE001 - a loop outlives whatever it meets
                _log.exception("Telling the queues stumbled and goes on")

    async def _tell_all(self, thread: CapacityLimiter, *, everybody: bool) -> None:
        looked_at = set(self._rooms.open_projects())
        changed, self._changed = self._changed, set()
        self._told = {project_id: queue for project_id, queue in self._told.items() if project_id in looked_at}
        quiet = {project_id for project_id, queue in self._told.items() if not queue.estimates} - changed
        for project_id in looked_at if everybody else looked_at - quiet:
            queue = await to_thread.run_sync(self._look, project_id, limiter=thread)
            if queue is not None and self._told.get(project_id) != queue:
                self._told[project_id] = queue
                await self._tell(project_id, queue.model_dump(mode="json"))

    def _look(self, project_id: str) -> Queue | None:
        try:
            return queue_of(self._studio, project_id)
        except StudioError:  # gone meanwhile: nobody needs to hear of it
            return None
