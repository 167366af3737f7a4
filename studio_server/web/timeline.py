"""The cut of an assembler: look at it, export it, list the films made of it."""

from fastapi import APIRouter

from studio_sdk.types import Frozen
from studio_server.actions import assemble
from studio_server.actions.assemble import CutList, EditExport
from studio_server.actions.views import FilmView
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}", tags=["timeline"])


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


@router.get("/films")
def films(studio: StudioDep, project_id: str) -> list[FilmView]:
    """Return the films in 06_Exports, newest first."""
    return assemble.films(studio, project_id)
