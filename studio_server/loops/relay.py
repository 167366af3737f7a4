"""Event log → Socket.IO rooms, in order and without gaps; progress on the side.

Each web process tails the log for its own clients, so that no message broker stands between two of them. A cursor moves
only after its event was emitted: what a crash cuts off, the next sync brings.
"""

import logging
from collections.abc import Iterable
from typing import Final

from anyio import CapacityLimiter, to_thread
from socketio import AsyncServer

from studio_server.actions.rooms import Rooms
from studio_server.actions.studio import Passing, Studio
from studio_server.domain.events import Event
from studio_server.index import directory, log
from studio_server.loops.bell import Bell
from studio_server.loops.lineup import SHIFTS, Lineup
from studio_server.loops.standing import Standing

LOOK_EVERY: Final = 1.0
HEAD_EVERY: Final = 10.0

_log = logging.getLogger(__name__)


async def relay(
    studio: Studio, sockets: AsyncServer, rooms: Rooms, bell: Bell, lineup: Lineup, standing: Standing
) -> None:
    """Bring every open project up to date, then sleep until something rings. Runs until it is cancelled."""
    own_thread = CapacityLimiter(1)  # however many requests keep the others busy, news is told
    pauses: object = None
    while True:
        try:
            shifted, changed = await tell_news(studio, sockets, rooms, own_thread)
            lineup.note(shifted)
            standing.note(changed)
            before, pauses = pauses, await to_thread.run_sync(_pauses, studio, limiter=own_thread)
            if before not in {None, pauses}:
                lineup.note(rooms.open_projects())
        except Exception:  # noqa: BLE001 - a loop outlives whatever it meets
            _log.exception("The relay stumbled and goes on")
        await bell.heard(LOOK_EVERY)


async def tell_news(
    studio: Studio, sockets: AsyncServer, rooms: Rooms, thread: CapacityLimiter
) -> tuple[set[str], set[str]]:
    """Emit what is new in every open project; return those whose queue may have changed with it, and all."""
    shifted: set[str] = set()
    changed: set[str] = set()
    for project_id, event in await to_thread.run_sync(_news, studio, rooms.cursors(), limiter=thread):
        await sockets.emit(event.socket_name, event.payload(), room=project_id)
        rooms.advance(project_id, event.revision)
        changed.add(project_id)
        if event.type in SHIFTS:
            shifted.add(project_id)
    return shifted, changed


def _pauses(studio: Studio) -> tuple[str, frozenset[tuple[str, str]]]:
    """Return who has paused everything, and which machines, by whom."""
    with studio.index.read() as session:
        return directory.all_paused_by(session, studio.person.tenant_id), directory.paused_workers(session)


def _news(studio: Studio, cursors: dict[str, int]) -> Iterable[tuple[str, Event]]:
    if not cursors:
        return []
    with studio.index.read() as session:
        heads = log.heads(session, list(cursors))
        return [
            (project_id, event)
            for project_id, told in cursors.items()
            if heads.get(project_id, 0) > told
            for event in log.since(session, project_id, told)
        ]


async def tell_progress(sockets: AsyncServer, news: Passing) -> None:
    """Emit progress; whoever misses it gets the next one, or the job's row."""
    told = {"task_id": news.task_id, "node_id": news.node_id, "progress": news.progress, "step": news.step}
    told |= {"preview": news.preview} if news.preview else {}
    await sockets.emit("server:task_progress", told, room=news.project_id)
