"""Who is in a project right now: cursors, what is being edited, what is selected. In memory, never stored.

Called by web/socket.py. Everything here comes from pages and is bounded; what many say at once is told once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Final
from uuid import uuid4

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from studio_server.domain.graph import Coordinate, Name, NodeId

MOST_SELECTED: Final = 50
LONGEST_NAME: Final = 40
FASTEST_S: Final = 0.05
"""A room is told at most twenty times a second, and less often where there are many in it."""

_TOLD_A_SECOND: Final = 500
"""One room tells so many pages in a second, at most: edits go the same way, and they come first."""

COLOURS: Final = (
    *("#e5484d", "#0090ff", "#30a46c", "#f76b15", "#8e4ec6", "#d6409f", "#12a594", "#ad7f58"),
    *("#3e63dd", "#978365", "#46a758", "#ffb224"),
)


def _named(given: object) -> object:
    """Drop what cannot be seen, also marks that turn the text after them around, and what is too much."""
    if not isinstance(given, str):
        return given
    shown = "".join(letter for letter in given[: 4 * LONGEST_NAME] if letter.isprintable())
    return " ".join(shown.split())[:LONGEST_NAME] or "Guest"


def _first(given: object) -> object:
    return given[:MOST_SELECTED] if isinstance(given, list) else given


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cursor(_Told):
    """A place on the board, in its own pixels."""

    x: Coordinate
    y: Coordinate


class Editing(_Told):
    """The field a person is typing into."""

    node_id: NodeId
    field: Name


class Here(_Told):
    """What a page says of its person."""

    name: Annotated[str, BeforeValidator(_named)]
    cursor: Cursor | None = None
    editing: Editing | None = None
    selected: Annotated[list[NodeId], BeforeValidator(_first)] = Field(default_factory=list)


class Person(Here):
    """A person as everybody in the room sees them."""

    id: str
    colour: str


@dataclass
class _Room:
    pages: set[str] = field(default_factory=set)
    people: dict[str, Person] = field(default_factory=dict)
    told: tuple[Person, ...] = ()
    told_at: float = 0.0
    waiting: asyncio.Task[None] | None = None


Tell = Callable[[str, dict[str, object]], Awaitable[None]]
"""Emits `server:presence` to everybody in a project."""


class Presence:
    """The people in each project of this process. Lives in the event loop; no thread may touch it."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._rooms: dict[str, _Room] = {}

    def enter(self, project_id: str, page: str) -> None:
        """Count a page in; it hears of the others, also before it says who it is."""
        room = self._rooms.setdefault(project_id, _Room())
        room.pages.add(page)
        room.told = ()
        self._soon(project_id, room)

    def leave(self, project_id: str, page: str) -> None:
        """Take a page and its person out."""
        room = self._rooms.get(project_id)
        if room is None:
            return
        room.pages.discard(page)
        room.people.pop(page, None)
        if room.pages:
            self._soon(project_id, room)
            return
        if room.waiting:
            room.waiting.cancel()
        del self._rooms[project_id]

    def note(self, project_id: str, page: str, here: Here) -> Person:
        """Note where a page's person is and return them; everybody hears of it soon."""
        room = self._rooms.setdefault(project_id, _Room())
        room.pages.add(page)
        known = room.people.get(page)
        person = Person(
            **dict(here),
            id=known.id if known else uuid4().hex[:12],
            colour=known.colour if known else _colour(room),
        )
        room.people[page] = person
        self._soon(project_id, room)
        return person

    def _soon(self, project_id: str, room: _Room) -> None:
        if room.waiting is None:
            room.waiting = asyncio.get_running_loop().create_task(self._say(project_id, room))

    async def _say(self, project_id: str, room: _Room) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, room.told_at + _pause(room) - loop.time()))
        room.waiting = None
        people = tuple(room.people.values())
        # One person alone is told nothing about oneself, only that the others have gone.
        alone = len(room.pages) <= 1 and {p.id for p in room.told} <= {p.id for p in people}
        if people == room.told or alone:
            return
        room.told, room.told_at = people, loop.time()
        await self._tell(project_id, {"people": [person.model_dump(mode="json") for person in people]})


def _pause(room: _Room) -> float:
    return max(FASTEST_S, len(room.pages) / _TOLD_A_SECOND)


def _colour(room: _Room) -> str:
    """Return the colour that the fewest in the room have."""
    worn = [person.colour for person in room.people.values()]
    return min(COLOURS, key=worn.count)
