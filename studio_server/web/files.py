"""Media of a project: whole or in ranges, thumbnails, uploads. Nothing is ever served as a page or a script."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, File, Path, Query, UploadFile
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import Field
from starlette.responses import Response

from studio_sdk.types import Frozen
from studio_server.actions import assets, canvas
from studio_server.actions.studio import Studio
from studio_server.actions.views import AssetView, Waveform
from studio_server.domain.shots import SIDECAR_SUFFIX
from studio_server.library import drawn, lfs, media, scrub
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}", tags=["media"])

Oid = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]

_SHOWN = {
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
}
_SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "same-origin"}


@router.get("/media/{path:path}", response_class=FileResponse)
def media_file(studio: StudioDep, project_id: str, path: str, download: bool = False) -> Response:  # noqa: FBT001, FBT002
    """Return a media file or an edit list; `Range` is honoured.

    A download of what is only in the studio's bucket is sent there, where browsers can reach it (307).
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    named = folder.root / path
    shown = _SHOWN.get(named.suffix.lower())
    mime = shown or "application/octet-stream"
    found = folder.find_media(path)
    if isinstance(found, lfs.Pointer):
        link = folder.vault.get_link(found.oid, mime=mime, name=named.name) if download else None
        if link:
            return RedirectResponse(link.url, status_code=307, headers={"Cache-Control": "no-store"})
        found = folder.resolve_media(path)
    headers = dict(_SANDBOX)
    headers["Cache-Control"] = "private, max-age=31536000, immutable" if _fixed(path, named) else "no-cache"
    if download or shown is None:
        return FileResponse(found, filename=named.name, media_type=mime, headers=headers)
    return FileResponse(found, media_type=shown, headers=headers)


def _fixed(path: str, file: FilePath) -> bool:
    """Whether a file never changes under its name: a take or asset that the studio laid there, with its sidecar.

    What people put there by hand may still be written when it is first looked at, as an edit list or a film may be.
    """
    beside = (file.with_suffix(SIDECAR_SUFFIX), file.with_name(file.name + SIDECAR_SUFFIX))
    return path.startswith(("03_Renders/", "01_Assets/")) and any(one.exists() for one in beside)


@router.get("/thumbnails/{oid}", response_class=FileResponse)
async def thumbnail(
    studio: StudioDep,
    project_id: str,
    oid: Oid,
    width: Annotated[int, Query(ge=32, le=640)] = 320,
) -> FileResponse:
    """Return a small WebP of a still, a poster or a clip's first frame."""
    work = partial(media.thumbnail, width=width)
    return await _drawn(studio, project_id, ("thumbnails", oid, f"{oid}_{width}.webp", "image/webp"), work)


@router.get("/sprites/{oid}", response_class=FileResponse)
async def sprite(studio: StudioDep, project_id: str, oid: Oid) -> FileResponse:
    """Return a WebP of 25 frames of a video, evenly spread, five by five, each 160 pixels wide."""
    return await _drawn(studio, project_id, ("sprites", oid, f"{oid}.webp", "image/webp"), scrub.sprite)


@router.get("/waveforms/{oid}", response_class=FileResponse, responses={200: {"model": Waveform}})
async def waveform(studio: StudioDep, project_id: str, oid: Oid) -> FileResponse:
    """Return the peaks of the mixed-down sound of an audio or video file."""
    return await _drawn(studio, project_id, ("waveforms", oid, f"{oid}.json", "application/json"), scrub.waveform)


async def _drawn(
    studio: Studio, project_id: str, wanted: tuple[str, str, str, str], make: Callable[[FilePath, FilePath], None]
) -> FileResponse:
    """Answer with what is made from the media of a hash, making it where it is not there yet."""
    kind, oid, name, mime = wanted

    def begin() -> Future[FilePath]:
        folder = canvas.folder_of(studio, canvas.find(studio, project_id))
        return drawn.drawn(
            drawn.place(folder.root, kind, name),
            lambda target: make(folder.media_with(oid), target),
            quick=kind == "thumbnails",
        )

    promise = await to_thread.run_sync(begin)
    # Whoever hangs up leaves it to the others who wait for the same picture.
    target = await asyncio.shield(asyncio.wrap_future(promise))
    headers = {"Cache-Control": "private, max-age=31536000, immutable", **_SANDBOX}
    return FileResponse(target, media_type=mime, headers=headers)


@router.post("/assets", status_code=201)
def upload(studio: StudioDep, project_id: str, file: Annotated[UploadFile, File()]) -> AssetView:
    """Take a file into the project: its bytes decide what it is, not its name."""
    return assets.upload(studio, project_id, file.filename or "", file.file)


class Import(Frozen):
    """Which files of which other project."""

    from_project: str
    asset_ids: list[str] = Field(max_length=500)


class Imported(Frozen):
    """What stands for each of them here, by its id there."""

    assets: dict[str, AssetView]


@router.post("/assets/import", status_code=201)
def bring_over(studio: StudioDep, project_id: str, wish: Import) -> Imported:
    """Take files of another project of this studio into this one; what is here already is not taken again."""
    return Imported(assets=assets.bring_over(studio, project_id, wish.from_project, wish.asset_ids))


@router.get("/assets")
def all_assets(studio: StudioDep, project_id: str) -> list[AssetView]:
    """Return the files people have brought, newest first."""
    return assets.listed(studio, project_id)
