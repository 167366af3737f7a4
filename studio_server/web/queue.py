"""A project's queue for scripts: what is under way, and hold it or let it go on."""

from fastapi import APIRouter

from studio_sdk.types import Frozen
from studio_server.actions import canvas, projects, queue
from studio_server.actions.lines import queue_of
from studio_server.domain.jobs import Task
from studio_server.domain.queue import Queue
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}/queue", tags=["tasks"])


class Line(Frozen):
    """The queue, the tasks that have not ended, and the newest finished one of each card."""

    queue: Queue
    tasks: list[Task]


class Hold(Frozen):
    """Whether it shall stand still; a resend with the same `op_id` does nothing twice."""

    paused: bool
    op_id: str | None = None


class Held(Frozen):
    """Where the project's log is after that."""

    revision: int


@router.get("")
def look(studio: StudioDep, project_id: str) -> Line:
    """Return the queue with the tasks in it."""
    canvas.find(studio, project_id)
    return Line(queue=queue_of(studio, project_id), tasks=projects.tasks(studio, project_id))


@router.post("/pause")
def pause(studio: StudioDep, project_id: str, wish: Hold) -> Held:
    """Keep the project from starting anything, or let it go on; what runs goes on."""
    event = queue.pause(studio, project_id, paused=wish.paused, op_id=wish.op_id)
    return Held(revision=event.revision)
