"""Media of a project: whole or in ranges, thumbnails, uploads. Nothing is ever served as a page or a script."""

from typing import Annotated

from fastapi import APIRouter, File, Path, Query, UploadFile
from fastapi.responses import FileResponse

from studio_server.actions import assets, canvas
from studio_server.actions.views import AssetView
from studio_server.domain.project import CACHE
from studio_server.library import media
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}", tags=["media"])

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
def media_file(studio: StudioDep, project_id: str, path: str, download: bool = False) -> FileResponse:  # noqa: FBT001, FBT002
    """Return a media file or an edit list; `Range` is honoured."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    file = folder.resolve_media(path)
    shown = _SHOWN.get(file.suffix.lower())
    headers = dict(_SANDBOX)
    # Takes and assets never change under their name; an edit list or a film may be written again.
    headers["Cache-Control"] = "private, max-age=31536000, immutable" if _fixed(path) else "no-cache"
    if download or shown is None:
        return FileResponse(file, filename=file.name, media_type=shown or "application/octet-stream", headers=headers)
    return FileResponse(file, media_type=shown, headers=headers)


def _fixed(path: str) -> bool:
    return path.startswith(("03_Renders/", "01_Assets/"))


@router.get("/thumbnails/{oid}", response_class=FileResponse)
def thumbnail(
    studio: StudioDep,
    project_id: str,
    oid: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")],
    width: Annotated[int, Query(ge=32, le=640)] = 320,
) -> FileResponse:
    """Return a small WebP of a still, a poster or a clip's first frame."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    target = folder.root / CACHE / "thumbnails" / f"{oid}_{width}.webp"
    if not target.is_file():
        media.thumbnail(folder.media_with(oid), target, width)
    headers = {"Cache-Control": "private, max-age=31536000, immutable", **_SANDBOX}
    return FileResponse(target, media_type="image/webp", headers=headers)


@router.post("/assets", status_code=201)
def upload(studio: StudioDep, project_id: str, file: Annotated[UploadFile, File()]) -> AssetView:
    """Take a file into the project: its bytes decide what it is, not its name."""
    return assets.upload(studio, project_id, file.filename or "", file.file)


@router.get("/assets")
def all_assets(studio: StudioDep, project_id: str) -> list[AssetView]:
    """Return the files people have brought, newest first."""
    return assets.listed(studio, project_id)
