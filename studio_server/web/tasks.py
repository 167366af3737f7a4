"""Tasks: generate a shot, render the film, look, cancel, try again."""

from typing import Self

from fastapi import APIRouter
from pydantic import Field, JsonValue, model_validator

from studio_sdk.types import Frozen
from studio_server.actions import assemble, canvas, generate, rebuild
from studio_server.domain.events import Event
from studio_server.domain.graph import Node, NodeAdd
from studio_server.domain.jobs import Task, task_of
from studio_server.index import jobs
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/tasks", tags=["tasks"])


class GenerateShot(Frozen):
    """Which shot; a script may send the whole node instead, which is put on the canvas first.

    `overrides` are values for this take only; with `keep_active` it becomes the active one only where there is none.
    """

    project_id: str
    node_id: str | None = None
    node_data: Node | None = None
    op_id: str | None = None
    overrides: dict[str, JsonValue] = Field(default_factory=dict, max_length=200)
    keep_active: bool = False

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.node_id is None) == (self.node_data is None):
            message = "give either node_id or node_data"
            raise ValueError(message)
        return self


class RenderFinal(Frozen):
    """Which assembler."""

    project_id: str
    node_id: str
    op_id: str | None = None


class Queued(Frozen):
    """The task that was queued."""

    task_id: str
    revision: int


def queued(event: Event) -> Queued:
    """Return the answer to a command that queued a task."""
    return Queued(task_id=event.job_id or "", revision=event.revision)


@router.post("/generate_shot", status_code=202)
def generate_shot(studio: StudioDep, wish: GenerateShot) -> Queued:
    """Queue a new take of a shot."""
    node_id = wish.node_id or ""
    if wish.node_data:
        node_id = wish.node_data.id
        op_id = f"{wish.op_id}/node" if wish.op_id else None
        canvas.apply_operations(studio, wish.project_id, op_id, [NodeAdd(node=wish.node_data)], "Add a shot")
    event = generate.generate(
        studio, wish.project_id, node_id, wish.op_id, overrides=wish.overrides, keep_active=wish.keep_active
    )
    return queued(event)


@router.post("/render_final", status_code=202)
def render_final(studio: StudioDep, wish: RenderFinal) -> Queued:
    """Queue the final film of an assembler."""
    return queued(assemble.render(studio, wish.project_id, wish.node_id, wish.op_id))


@router.get("/{task_id}")
def look(studio: StudioDep, task_id: str) -> Task:
    """Return where a task is."""
    job = generate.find(studio, task_id)
    with studio.index.read() as session:
        return task_of(job, jobs.position(session, job))


@router.post("/{task_id}/cancel")
def cancel(studio: StudioDep, task_id: str) -> Task:
    """Cancel a task that has not ended."""
    generate.cancel(studio, task_id)
    return look(studio, task_id)


@router.post("/{task_id}/retry", status_code=202)
def retry(studio: StudioDep, task_id: str) -> Queued:
    """Queue a task again with nothing to re-enter."""
    return queued(rebuild.retry(studio, task_id))
