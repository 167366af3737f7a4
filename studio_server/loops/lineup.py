"""Queues → pages: order, pause and estimates of every project that is looked at, told when they change.

Many changes at once are told once; what others queue shifts everybody's estimates, because the workers are shared.
"""

from collections.abc import Awaitable, Callable

from anyio import CapacityLimiter, to_thread

from studio_sdk.errors import StudioError
from studio_server.actions.lines import queue_of
from studio_server.actions.rooms import Rooms
from studio_server.actions.studio import Studio
from studio_server.domain.events import EventType
from studio_server.domain.queue import Queue

SHIFTS = frozenset(
    {EventType.NODE_STATE_UPDATED, EventType.TASK_SUCCESS, EventType.TASK_FAILED, EventType.PROJECT_UPDATED}
)
"""The events after which a queue may be another."""

Tell = Callable[[str, dict[str, object]], Awaitable[None]]


class Lineup:
    """Tells queues, and knows which one each room was told last."""

    def __init__(self, studio: Studio, rooms: Rooms, tell: Tell) -> None:
        self._studio = studio
        self._rooms = rooms
        self._tell = tell
        self._told: dict[str, Queue] = {}
        self._own_thread = CapacityLimiter(1)

    async def tell(self, changed: set[str]) -> None:
        """Tell the queues of these projects and of all others that wait for the same workers."""
        looked_at = set(self._rooms.open_projects())
        self._told = {project_id: queue for project_id, queue in self._told.items() if project_id in looked_at}
        wait = {project_id for project_id, queue in self._told.items() if queue.estimates}
        for project_id in looked_at & (changed | wait):
            queue = await to_thread.run_sync(self._look, project_id, limiter=self._own_thread)
            if queue is not None and self._told.get(project_id) != queue:
                self._told[project_id] = queue
                await self._tell(project_id, queue.model_dump(mode="json"))

    def _look(self, project_id: str) -> Queue | None:
        try:
            return queue_of(self._studio, project_id)
        except StudioError:  # gone meanwhile: nobody needs to hear of it
            return None
