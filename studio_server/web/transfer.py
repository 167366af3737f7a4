"""Projects on the move: out as a zip, in from one, a copy of one that is here."""

from collections.abc import Iterator
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.actions import transfer
from studio_server.actions.views import ProjectView
from studio_server.web.deps import StudioDep
from studio_server.web.streams import pieces

router = APIRouter(prefix="/projects", tags=["projects"])


class CopyWish(Frozen):
    """What the copy shall be called; without a title it is called after the original."""

    title: str = Field(default="", max_length=400)


@router.post("/import", status_code=201, openapi_extra={"requestBody": {"content": {"application/zip": {}}}})
async def import_project(studio: StudioDep, request: Request, as_copy: bool = False) -> transfer.BroughtIn:  # noqa: FBT001, FBT002
    """Take a project in; the body is the zip. With `as_copy` it gets an identity of its own."""
    return await to_thread.run_sync(lambda: transfer.take_in(studio, pieces(request), as_copy=as_copy))


@router.post("/sample", status_code=201)
def open_sample(studio: StudioDep) -> ProjectView:
    """Make a copy of the sample film: a short one that is finished, with its script, takes and cut."""
    return transfer.open_sample(studio)


@router.get("/{project_id}/archive", response_class=StreamingResponse)
def archive_project(studio: StudioDep, project_id: str) -> StreamingResponse:
    """Return the whole project as a zip: its folder with real media, and its history."""
    name, chunks = transfer.pack(studio, project_id)
    first = next(chunks)  # what cannot be packed is told before the answer begins

    def all_of_it() -> Iterator[bytes]:
        yield first
        yield from chunks

    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return StreamingResponse(all_of_it(), media_type="application/zip", headers={"Content-Disposition": disposition})


@router.post("/{project_id}/duplicate", status_code=201)
def duplicate_project(studio: StudioDep, project_id: str, wish: CopyWish) -> ProjectView:
    """Make a copy of a project, with its history."""
    return transfer.duplicate(studio, project_id, wish.title)
