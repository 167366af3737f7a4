"""Socket.IO: connect to one project, send commands, get them acknowledged. Every command may be sent twice.

No decision is made here: commands call the same actions as the routes, in a worker thread.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar
from uuid import uuid4

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as Refused

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, canvas, generate, projects, queue, rebuild
from studio_server.actions.lines import queue_of
from studio_server.actions.rooms import Rooms
from studio_server.actions.studio import Studio
from studio_server.actions.views import ProjectState
from studio_server.domain.events import Event
from studio_server.domain.graph import NodeSet, Operation
from studio_server.index import directory, log
from studio_server.web.admission import Admission, Present
from studio_server.web.presence import Here, Presence

MOST_EVENTS: Final = 500
"""A page that is further behind gets the whole state instead."""

BOOT: Final = uuid4().hex
"""This process. What was put into a folder while there was none is in no log: a page of an earlier one is given it."""

_log = logging.getLogger(__name__)
Answer = dict[str, JsonValue]
Model = TypeVar("Model", bound=BaseModel)
Result = TypeVar("Result")


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sync(_Command):
    """Where the page is, and which process told it so; nothing for a page that knows nothing."""

    revision: int | None = None
    log_id: str | None = None
    boot: str | None = None


class Operations(_Command):
    """A person's batch."""

    op_id: str | None = Field(default=None, max_length=80)
    operations: list[Operation]
    label: str = Field(default="", max_length=120)


class NodeData(_Command):
    """New values of some fields of a node."""

    op_id: str | None = Field(default=None, max_length=80)
    node_id: str
    data: dict[str, JsonValue]


class OfNode(_Command):
    """Something to do with a node."""

    op_id: str | None = Field(default=None, max_length=80)
    node_id: str


class MoveTask(_Command):
    """Another place in the queue: before a task, or at the end."""

    op_id: str | None = Field(default=None, max_length=80)
    task_id: str
    before: str | None


class PauseQueue(_Command):
    """Hold the queue, or let it go on."""

    op_id: str | None = Field(default=None, max_length=80)
    paused: bool


class Rebuild(rebuild.RebuildScope):
    """What to rebuild."""

    op_id: str | None = Field(default=None, max_length=80)


class OfRun(_Command):
    """Something to do with a run."""

    op_id: str | None = Field(default=None, max_length=80)
    run_id: str


class Generate(OfNode):
    """What to make a take of, with values for this take only, and whether it may become the active one."""

    overrides: dict[str, JsonValue] = Field(default_factory=dict, max_length=200)
    keep_active: bool = False


class OfTask(_Command):
    """Something to do with a task."""

    op_id: str | None = Field(default=None, max_length=80)
    task_id: str


def serve(
    sockets: AsyncServer,
    studio: Studio,
    rooms: Rooms,
    states: dict[str, ProjectState],
    greet: Callable[[str, str], None],
) -> Admission:
    """Answer the commands of all pages; `greet` is told the project and id of each page that was brought up to date."""
    admission = Admission(studio)
    presence = _presence(sockets, admission.present)

    async def connect(sid: str, environ: dict[str, Any], auth: object) -> None:
        try:
            entry, sign_in_id = await to_thread.run_sync(admission.opened, environ, auth)
        except StudioError as error:
            raise Refused(error.message, error.body().model_dump(mode="json")) from error
        await sockets.save_session(sid, {"project_id": entry.id})  # first: a page that has left already counts nowhere
        admission.enter(sid, sign_in_id, entry.id)
        rooms.enter(entry.id, entry.revision)
        await sockets.enter_room(sid, entry.id)
        presence.enter(entry.id, sid)

    async def disconnect(sid: str, _reason: object = None) -> None:
        session = await sockets.get_session(sid)
        admission.leave(sid)
        if project_id := session.get("project_id"):
            rooms.leave(project_id)
            presence.leave(project_id, sid)

    async def sync(sid: str, data: object = None) -> Answer:
        project_id = (await sockets.get_session(sid))["project_id"]
        seen = states.get(project_id, ProjectState())
        told = await _told("client:sync_request", lambda: _sync(*admission.present(sid), data, seen))
        if isinstance(told, dict):
            return told
        name, payload, answer, line = told
        await sockets.emit(name, payload, to=sid)
        if line:
            await sockets.emit("server:queue", line, to=sid)
        greet(project_id, sid)
        return answer

    sockets.on("connect", connect)
    sockets.on("disconnect", disconnect)
    sockets.on("client:sync_request", sync)
    for name, model, run in _COMMANDS:
        sockets.on(name, partial(_obey, admission, model, run))
    return admission


def _presence(sockets: AsyncServer, present: Callable[[str], Present]) -> Presence:
    def tell(project_id: str, people: dict[str, object]) -> Awaitable[None]:
        told: Awaitable[None] = sockets.emit("server:presence", people, room=project_id)
        return told

    presence = Presence(tell)

    async def here(sid: str, data: object = None) -> Answer:
        try:
            known = await to_thread.run_sync(present, sid)
            person = presence.note(known.project_id, sid, _checked(Here, data))
        except StudioError as error:
            return error.body().model_dump(mode="json")
        return {"id": person.id, "colour": person.colour}

    sockets.on("client:presence", here)
    return presence


async def _obey(
    admission: Admission,
    model: type[BaseModel],
    run: Callable[[Studio, str, Any], Event],
    sid: str,
    data: object = None,
) -> Answer:
    event = await _told(model.__name__, lambda: run(*admission.present(sid), _checked(model, data)))
    if isinstance(event, dict):
        return event
    answer: Answer = {"revision": event.revision}
    if event.job_id:
        answer["task_id"] = event.job_id
    return answer


async def _told(command: str, work: Callable[[], Result]) -> Result | Answer:
    """Carry a command out in a worker thread; what it raises becomes the answer."""
    try:
        return await to_thread.run_sync(work)
    except StudioError as error:
        return error.body().model_dump(mode="json")
    except Exception as error:  # noqa: BLE001 - the edge of a request
        trace_id = uuid4().hex
        _log.exception("%s failed (%s)", command, trace_id)
        known = StudioError(Code.INTERNAL, "Something went wrong in the studio.", detail=type(error).__name__)
        return known.body(trace_id).model_dump(mode="json")


def _checked(model: type[Model], data: object) -> Model:
    try:
        return model.model_validate(data or {})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise StudioError(Code.CONTRACT_MISMATCH, f"{field}: {first['msg']}", field=field) from error


def _sync(
    studio: Studio, project_id: str, data: object, seen: ProjectState
) -> tuple[str, Answer, Answer, Answer | None]:
    known = _checked(Sync, data)
    with studio.index.read() as session:
        entry = directory.find_project(session, project_id)
        if entry and known.log_id == entry.log_id and known.revision is not None:
            behind = entry.revision - known.revision
            if 0 <= behind <= MOST_EVENTS:
                events = log.since(session, project_id, known.revision)
                payload: Answer = {
                    "log_id": entry.log_id,
                    "events": [event.told() for event in events],
                }
                brief: Answer = {
                    "log_id": entry.log_id,
                    "revision": entry.revision,
                    "mode": "events",
                    "boot": known.boot or BOOT,
                }
                if known.boot not in {None, BOOT}:
                    with suppress(StudioError):  # the folder is away: what lies in it is told when it is back
                        payload["folder"] = projects.folder_state(studio, project_id).model_dump(mode="json")
                        brief["boot"] = BOOT
                return "server:events", payload, brief, queue_of(studio, project_id).model_dump(mode="json")
    state = projects.full_state(studio, project_id, seen)
    answer: Answer = {"log_id": state.log_id, "revision": state.revision, "mode": "full", "boot": BOOT}
    return "server:full_sync", state.model_dump(mode="json"), answer, None


def _apply(studio: Studio, project_id: str, command: Operations) -> Event:
    return canvas.apply_operations(studio, project_id, command.op_id, command.operations, command.label)


def _set(studio: Studio, project_id: str, command: NodeData) -> Event:
    operations = [NodeSet(id=command.node_id, name=name, value=value) for name, value in command.data.items()]
    return canvas.apply_operations(studio, project_id, command.op_id, operations, "Edit")


def _generate(studio: Studio, project_id: str, command: Generate) -> Event:
    return generate.generate(
        studio,
        project_id,
        command.node_id,
        command.op_id,
        overrides=command.overrides,
        keep_active=command.keep_active,
    )


def _render(studio: Studio, project_id: str, command: OfNode) -> Event:
    return assemble.render(studio, project_id, command.node_id, command.op_id)


def _cancel(studio: Studio, project_id: str, command: OfTask) -> Event:
    _own(studio, project_id, command.task_id)
    return generate.cancel(studio, command.task_id, command.op_id)


def _retry(studio: Studio, project_id: str, command: OfTask) -> Event:
    _own(studio, project_id, command.task_id)
    return rebuild.retry(studio, command.task_id, command.op_id)


def _rebuild(studio: Studio, project_id: str, command: Rebuild) -> Event:
    scope = rebuild.RebuildScope(**command.model_dump(exclude={"op_id"}))
    return rebuild.start(studio, project_id, scope, command.op_id)[0]


def _cancel_run(studio: Studio, project_id: str, command: OfRun) -> Event:
    return rebuild.cancel_run(studio, project_id, command.run_id, command.op_id)


def _move(studio: Studio, project_id: str, command: MoveTask) -> Event:
    return queue.move_task(studio, project_id, command.task_id, command.before, command.op_id)


def _pause(studio: Studio, project_id: str, command: PauseQueue) -> Event:
    return queue.pause(studio, project_id, paused=command.paused, op_id=command.op_id)


def _own(studio: Studio, project_id: str, task_id: str) -> None:
    if generate.find(studio, task_id).project_id != project_id:
        raise StudioError(Code.NOT_FOUND, "There is no such task.", task_id=task_id)


_COMMANDS: Final[tuple[tuple[str, type[BaseModel], Callable[[Studio, str, Any], Event]], ...]] = (
    ("client:apply_operations", Operations, _apply),
    ("client:update_node_data", NodeData, _set),
    ("client:start_generation", Generate, _generate),
    ("client:render_final_sequence", OfNode, _render),
    ("client:cancel_task", OfTask, _cancel),
    ("client:retry_task", OfTask, _retry),
    ("client:move_task", MoveTask, _move),
    ("client:pause_queue", PauseQueue, _pause),
    ("client:rebuild", Rebuild, _rebuild),
    ("client:cancel_run", OfRun, _cancel_run),
)
