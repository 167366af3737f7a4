"""What git-lfs asks of a server (github.com/git-lfs/git-lfs, docs/api): batches, bytes by SHA-256, locks of files."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from studio_sdk.errors import Code, StudioError
from studio_server.actions import lfs, locks
from studio_server.actions.lfs import Known
from studio_server.actions.studio import Studio
from studio_server.index.filelocks import FileLock
from studio_server.web.deps import CallerDep, StudioDep
from studio_server.web.streams import pieces

TYPE = "application/vnd.git-lfs+json"


class LfsAnswer(JSONResponse):
    """JSON under the name that git-lfs gives to it."""

    media_type = TYPE


router = APIRouter(prefix="/git/{project_id}.git/info/lfs", include_in_schema=False, default_response_class=LfsAnswer)

Oid = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
OidInPath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(ge=0, le=2**53)]


class Asked(BaseModel):
    """What a client sends; what another version of git-lfs says besides is not minded."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Object(Asked):
    """A file by its SHA-256, with its size in bytes."""

    oid: Oid
    size: Size


class Batch(Asked):
    """Which files a client wants to have or to send."""

    operation: Literal["upload", "download"]
    transfers: tuple[str, ...] = ()
    objects: list[Object] = Field(max_length=lfs.AT_ONCE)
    hash_algo: Literal["sha256"] = "sha256"


class NewLock(Asked):
    """The file that shall be locked."""

    path: str = Field(max_length=1000)


class Unlock(Asked):
    """Whether somebody else's lock shall be taken away."""

    force: bool = False


@router.post("/objects/batch")
def batch(studio: StudioDep, caller: CallerDep, project_id: str, request: Request, wish: Batch) -> dict[str, object]:
    """Say for each file where its bytes are to be had, or to be sent."""
    is_upload = wish.operation == "upload"
    if is_upload and caller and caller.sign_in.scope == "read":
        raise StudioError(Code.NOT_PERMITTED, "This token may only read; it cannot push.")
    found = lfs.known(studio, project_id, [(one.oid, one.size) for one in wish.objects])
    base = f"{_address(studio, request)}/git/{project_id}.git/info/lfs/objects"
    said = request.headers.get("authorization", "")
    header = {"Authorization": said} if said else {}
    told = [_sent(base, header, one) if is_upload else _had(base, header, one) for one in found]
    return {"transfer": "basic", "hash_algo": "sha256", "objects": told}


def _sent(base: str, header: dict[str, str], one: Known) -> dict[str, object]:
    told: dict[str, object] = {"oid": one.oid, "size": one.size, "authenticated": True}
    if one.fault:
        return told | {"error": {"code": 422, "message": one.fault}}
    if one.is_here:
        return told
    upload = {"href": f"{base}/{one.oid}", "header": {**header, "Content-Type": "application/octet-stream"}}
    return told | {"actions": {"upload": upload, "verify": {"href": f"{base}/verify", "header": header}}}


def _had(base: str, header: dict[str, str], one: Known) -> dict[str, object]:
    told: dict[str, object] = {"oid": one.oid, "size": one.size, "authenticated": True}
    if not one.is_here:
        return told | {"error": {"code": 404, "message": "The studio does not have this file's bytes."}}
    return told | {"actions": {"download": {"href": f"{base}/{one.oid}", "header": header}}}


def _address(studio: Studio, request: Request) -> str:
    """Return the studio's address as this client reaches it: behind a proxy only the setting knows the scheme."""
    public, host = studio.settings.public_url.rstrip("/"), request.headers.get("host", "")
    return public if urlsplit(public).netloc == host else f"{request.url.scheme}://{host}"


@router.post("/objects/verify")
def verify(studio: StudioDep, project_id: str, sent: Object) -> dict[str, object]:
    """Say whether a file has arrived whole."""
    lfs.verify(studio, project_id, sent.oid, sent.size)
    return {}


@router.get("/objects/{oid}", response_class=FileResponse)
def download(studio: StudioDep, project_id: str, oid: OidInPath) -> FileResponse:
    """Send a file's bytes; `Range` is honoured, so that a transfer that broke off goes on."""
    return FileResponse(lfs.bytes_of(studio, project_id, oid), media_type="application/octet-stream")


@router.put("/objects/{oid}")
async def upload(studio: StudioDep, project_id: str, oid: OidInPath, request: Request) -> Response:
    """Take a file's bytes."""
    await to_thread.run_sync(lambda: lfs.take_in(studio, project_id, oid, pieces(request)))
    return Response(status_code=200)


@router.get("/locks")
def all_locks(
    studio: StudioDep,
    project_id: str,
    path: str = "",
    id: str = "",  # noqa: A002 - the client's word
    cursor: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, object]:
    """Return the locks of a project."""
    found = [one for one in locks.listed(studio, project_id) if path in {"", one.path} and id in {"", one.id}]
    told: dict[str, object] = {"locks": [_lock(one) for one in found[cursor : cursor + limit]]}
    return told | ({"next_cursor": str(cursor + limit)} if len(found) > cursor + limit else {})


@router.post("/locks", status_code=201)
def lock(studio: StudioDep, project_id: str, wish: NewLock) -> Response:
    """Lock a file."""
    made = locks.take(studio, project_id, wish.path)
    if made.is_new:
        return LfsAnswer({"lock": _lock(made.lock)}, 201)
    words = f"{made.lock.owner} is editing this file and has locked it."
    return LfsAnswer({"lock": _lock(made.lock), "message": words}, 409)


class WhoseLocks(Asked):
    """A page of locks, as a client asks for it before it pushes."""

    cursor: str = ""
    limit: int = Field(default=1000, ge=0)


@router.post("/locks/verify")
def whose_locks(studio: StudioDep, project_id: str, wish: WhoseLocks) -> dict[str, object]:
    """Return one's own locks and those of others, which a client minds before it pushes."""
    start = int(wish.cursor) if wish.cursor.isdigit() else 0
    end = start + (min(wish.limit, 1000) or 1000)
    found = locks.listed(studio, project_id)
    page = found[start:end]
    told: dict[str, object] = {
        "ours": [_lock(one) for one in page if one.user_id == studio.person.id],
        "theirs": [_lock(one) for one in page if one.user_id != studio.person.id],
    }
    return told | ({"next_cursor": str(end)} if len(found) > end else {})


@router.post("/locks/{lock_id}/unlock")
def unlock(studio: StudioDep, project_id: str, lock_id: str, wish: Unlock) -> dict[str, object]:
    """Unlock a file."""
    return {"lock": _lock(locks.give_back(studio, project_id, lock_id, force=wish.force))}


def _lock(one: FileLock) -> dict[str, object]:
    return {"id": one.id, "path": one.path, "locked_at": one.at.isoformat(), "owner": {"name": one.owner}}
