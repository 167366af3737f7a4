"""A project's queue: look at it with its estimates, put a task elsewhere in it, hold it and let it go on."""

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas
from studio_server.actions.generate import state_change
from studio_server.actions.projects import view
from studio_server.actions.studio import Studio
from studio_server.domain.events import Change, Event, EventType
from studio_server.domain.graph import Graph
from studio_server.domain.jobs import Job
from studio_server.domain.queue import moved
from studio_server.index import directory, jobs, queue
from studio_server.index.session import Session


def move_task(studio: Studio, project_id: str, task_id: str, before: str | None, op_id: str | None = None) -> Event:
    """Put a task before another one of the project's queue, or at its end.

    Before one that has started meanwhile means: next. Raises VERSION_CONFLICT for a task that does not wait any more,
    NOT_FOUND for one that is not this project's.
    """

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        job = _own(session, project_id, task_id)
        order = [waiting.id for waiting in queue.waiting_in(session, project_id)]
        if task_id not in order:
            raise StudioError(Code.VERSION_CONFLICT, "This task does not wait any more.", task_id=task_id)
        target = before
        if target is not None and target not in order:
            _own(session, project_id, target)
            target = order[0]
        queue.line_up(session, moved(order, task_id, target))
        return state_change(session, job), graph

    return canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op_id)


def pause(studio: Studio, project_id: str, *, paused: bool, op_id: str | None = None) -> Event:
    """Hold the project's queue, or let it go on; what runs goes on, and nothing new starts while it is held."""
    project = view(studio, canvas.find(studio, project_id)).model_copy(update={"queue_paused": paused})
    change = Change(type=EventType.PROJECT_UPDATED, data={"project": project.model_dump(mode="json")})

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        queue.pause(session, project_id, paused=paused, by=studio.person.name)
        return change, graph

    return canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op_id)


def pause_worker(studio: Studio, worker_id: str, *, paused: bool) -> None:
    """Keep a worker from new jobs, or let it go on; what it is at it finishes. Raises NOT_PERMITTED, NOT_FOUND."""
    _only_admins(studio)
    with studio.index.write() as session:
        if not directory.pause_worker(session, worker_id, studio.person.name if paused else ""):
            raise StudioError(Code.NOT_FOUND, "There is no such machine.", detail=worker_id)


def pause_all(studio: Studio, *, paused: bool) -> None:
    """Keep every project of the studio from starting anything, or let all go on. Raises NOT_PERMITTED."""
    _only_admins(studio)
    with studio.index.write() as session:
        directory.pause_all(session, studio.person.tenant_id, studio.person.name if paused else "")
        if not paused:
            queue.ring_all(session, studio.person.tenant_id)


def _only_admins(studio: Studio) -> None:
    if studio.person.role != "admin":
        raise StudioError(Code.NOT_PERMITTED, "Only an admin may pause machines, or everything.")


def _own(session: Session, project_id: str, task_id: str) -> Job:
    job = jobs.get(session, task_id)
    if job.project_id != project_id:
        raise StudioError(Code.NOT_FOUND, "There is no such task.", task_id=task_id)
    return job
