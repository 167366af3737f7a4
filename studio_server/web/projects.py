"""Projects: list, make, open, change, and their events since a revision."""

from typing import Annotated, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field, JsonValue

from studio_sdk.errors import Code, ErrorBody, StudioError
from studio_sdk.types import Engine, Frozen, Quality
from studio_server.actions import canvas, contested, projects, takes
from studio_server.actions.contested import Met
from studio_server.actions.views import FullState, ProjectState, ProjectView, TakeView
from studio_server.domain.graph import Graph, Operation
from studio_server.domain.project import OtherRates, WhenFull
from studio_server.domain.sight import Area
from studio_server.index import log
from studio_server.web.deps import StudioDep

_NUMBER: Final = r"-?\d{1,9}"
_AREA: Final = rf"^{_NUMBER}(,{_NUMBER}){{3}}$"

router = APIRouter(prefix="/projects", tags=["projects"])


class NewProject(Frozen):
    """What a new project is made of; `name` is another word for `title`."""

    title: str = ""
    name: str = ""
    description: str = ""
    aspect_ratio: str = "16:9"
    frame_rate: str = "24/1"
    quality: Quality = Quality.STANDARD


class ProjectChange(Frozen):
    """New values of some fields; `version` is the manifest's version they were based on."""

    version: int
    title: str | None = None
    description: str | None = None
    aspect_ratio: str | None = None
    frame_rate: str | None = None
    quality: Quality | None = None
    when_full: WhenFull | None = None
    engines: list[Engine] | None = Field(default=None, max_length=len(Engine))
    other_rates: OtherRates | None = None


class GraphSave(Frozen):
    """A whole graph; `version` is the revision it was based on."""

    graph: Graph
    version: int
    op_id: str | None = None


class Saved(Frozen):
    """The answer to a saved graph."""

    status: str = "success"
    revision: int


class Batch(Frozen):
    """A person's operations; `op_id` makes a resend harmless."""

    operations: list[Operation]
    op_id: str = Field(default_factory=lambda: str(uuid4()), max_length=80)
    label: str = Field(default="", max_length=120)


class Revision(Frozen):
    """Where the project's log is after a change."""

    revision: int


class Conflict(ErrorBody):
    """Somebody saved first: what the canvas looks like now."""

    current: dict[str, JsonValue]


class Events(Frozen):
    """A piece of the log."""

    log_id: str
    events: list[dict[str, JsonValue]]


def _area(
    near: Annotated[str | None, Query(pattern=_AREA, description="x,y,width,height in board pixels")] = None,
) -> Area | None:
    if near is None:
        return None
    x, y, width, height = map(float, near.split(","))
    return Area(x=x, y=y, width=width, height=height)


Near = Annotated[Area | None, Depends(_area)]


@router.get("")
def all_projects(studio: StudioDep) -> list[ProjectView]:
    """Return the projects, newest work first."""
    return projects.listed(studio)


@router.post("", status_code=201)
def new_project(studio: StudioDep, wish: NewProject) -> ProjectView:
    """Make a project: folder tree, manifest, Git with LFS, first commit."""
    return projects.create(
        studio,
        title=wish.title or wish.name,
        description=wish.description,
        aspect_ratio=wish.aspect_ratio,
        frame_rate=wish.frame_rate,
        quality=wish.quality,
    )


@router.get("/{project_id}")
def open_project(studio: StudioDep, request: Request, project_id: str, near: Near = None) -> FullState:
    """Return everything a page needs to show a project; of a large one, with `near`, the takes in sight there first."""
    known = request.app.state.states.get(project_id, ProjectState())
    return projects.full_state(studio, project_id, known, near)


@router.get("/{project_id}/takes")
def takes_of_project(studio: StudioDep, project_id: str) -> dict[str, list[TakeView]]:
    """Return the takes of every shot on the canvas, by node id."""
    return takes.of_project(studio, project_id)


@router.put("/{project_id}", responses={409: {"model": Conflict}}, response_model=Saved)
def save_graph(studio: StudioDep, project_id: str, save: GraphSave) -> Saved | JSONResponse:
    """Replace the whole graph, unless somebody saved first."""
    try:
        event = canvas.replace(studio, project_id, save.graph, save.version, save.op_id)
    except StudioError as error:
        if error.code is not Code.VERSION_CONFLICT:
            raise
        with canvas.opened(studio, project_id) as now:
            current = {"graph": now.graph.model_dump(mode="json"), "revision": now.revision}
        return JSONResponse(error.body().model_dump(mode="json") | {"current": current}, error.status)
    return Saved(revision=event.revision)


@router.patch("/{project_id}")
def change_project(studio: StudioDep, project_id: str, change: ProjectChange) -> ProjectView:
    """Change title, description, shape, frame rate, quality, how work is placed, or what other frame rates become."""
    return projects.change(
        studio,
        project_id,
        change.version,
        title=change.title,
        description=change.description,
        aspect_ratio=change.aspect_ratio,
        frame_rate=change.frame_rate,
        quality=change.quality,
        when_full=change.when_full,
        engines=change.engines,
        other_rates=change.other_rates,
    )


@router.get("/{project_id}/contested")
def contested_of_project(studio: StudioDep, project_id: str) -> list[Met]:
    """Return what the board and changes from outside both changed, newest first."""
    return contested.listed(studio, project_id)


@router.get("/{project_id}/events")
def events_since(studio: StudioDep, project_id: str, since: Annotated[int, Query(ge=0)] = 0) -> Events:
    """Return what happened after a revision, oldest first."""
    entry = canvas.find(studio, project_id)
    with studio.index.read() as session:
        found = log.since(session, project_id, since)
    return Events(log_id=entry.log_id, events=[event.told() for event in found])


@router.post("/{project_id}/operations")
def apply_operations(studio: StudioDep, project_id: str, batch: Batch) -> Revision:
    """Apply a batch of operations to the canvas."""
    event = canvas.apply_operations(studio, project_id, batch.op_id, batch.operations, batch.label)
    return Revision(revision=event.revision)


@router.get("/{project_id}/shots/{node_id}/takes")
def takes_of_shot(studio: StudioDep, project_id: str, node_id: str) -> list[TakeView]:
    """Return the takes of a shot as its folder holds them."""
    return takes.of_shot(studio, project_id, node_id)
