"""The cut of an assembler: look at it, export it, list the films made of it."""

from uuid import uuid4

from fastapi import APIRouter
from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.actions import assemble, recut
from studio_server.actions.assemble import EditExport
from studio_server.actions.cut_view import CutList
from studio_server.actions.recut import RecutView
from studio_server.actions.views import FilmView
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}", tags=["timeline"])


_LONGEST = 8_000_000


class Taken(Frozen):
    """Where the project's log is after a cut was taken over."""

    revision: int


class ExportWish(Frozen):
    """Which assembler."""

    node_id: str


@router.get("/timeline")
def cut_list(studio: StudioDep, project_id: str, node_id: str) -> CutList:
    """Return the cut as it stands, with what is missing."""
    return assemble.cut_list(studio, project_id, node_id)


@router.post("/exports", status_code=201)
def export(studio: StudioDep, project_id: str, wish: ExportWish) -> EditExport:
    """Write the cut as CMX3600 EDL and OTIO into the project and commit them."""
    return assemble.export(studio, project_id, wish.node_id)


class RecutFile(Frozen):
    """A list from outside as text (EDL, OTIO, Final Cut Pro 7 XML), and whose cut it is held against."""

    node_id: str
    text: str = Field(max_length=_LONGEST)


class RecutWish(RecutFile):
    """A list to take over; `op_id` makes a resend harmless."""

    op_id: str = Field(default_factory=lambda: str(uuid4()), max_length=80)


@router.post("/recut/look")
def look(studio: StudioDep, project_id: str, wish: RecutFile) -> RecutView:
    """Return what an editor's list would change; nothing is changed."""
    return recut.look(studio, project_id, wish.node_id, wish.text)


@router.post("/recut")
def take_over(studio: StudioDep, project_id: str, wish: RecutWish) -> Taken:
    """Make the cut what an editor's list says, as one step."""
    event = recut.apply(studio, project_id, wish.node_id, wish.text, wish.op_id)
    return Taken(revision=event.revision)


@router.get("/films")
def films(studio: StudioDep, project_id: str) -> list[FilmView]:
    """Return the films in 06_Exports, newest first."""
    return assemble.films(studio, project_id)
