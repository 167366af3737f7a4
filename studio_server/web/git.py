"""Clone, fetch and push by git's smart HTTP. Bytes pass through; what a push may do is decided in actions/push.py."""

import re
import zlib
from collections.abc import AsyncIterator
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from studio_sdk.errors import Code, StudioError
from studio_server.actions import push
from studio_server.library import pushing, smarthttp
from studio_server.library.smarthttp import Wish
from studio_server.web.deps import CallerDep, StudioDep

router = APIRouter(prefix="/git/{project_id}.git", include_in_schema=False)

_FRESH: Final = {"Cache-Control": "no-cache, max-age=0, must-revalidate"}
_PIECE: Final = 64 * 1024


@router.get("/info/refs")
async def refs(
    studio: StudioDep, caller: CallerDep, project_id: str, request: Request, service: Annotated[str, Query()] = ""
) -> Response:
    """Tell a client where the branches are, before it fetches or pushes."""
    if service == "git-receive-pack":
        if caller and caller.sign_in.scope == "read":
            raise StudioError(Code.NOT_PERMITTED, "This token may only read; it cannot push.")
        offer = await to_thread.run_sync(push.offered, studio, project_id)
        told = smarthttp.offer(offer.ref, offer.tip)
        return Response(told, media_type="application/x-git-receive-pack-advertisement", headers=_FRESH)
    if service != "git-upload-pack":
        raise StudioError(Code.NOT_PERMITTED, "This git client is too old: it speaks no smart HTTP.")
    folder = await to_thread.run_sync(push.opened, studio, project_id)
    return await _passed_on(request, folder.root, "info/refs")


@router.post("/git-upload-pack")
async def fetch(studio: StudioDep, project_id: str, request: Request) -> Response:
    """Send a client what it lacks."""
    folder = await to_thread.run_sync(push.opened, studio, project_id)
    return await _passed_on(request, folder.root, "git-upload-pack")


@router.post("/git-receive-pack")
async def receive(studio: StudioDep, project_id: str, request: Request) -> Response:
    """Take a push in, look at it, and say what became of it."""
    folder = await to_thread.run_sync(push.opened, studio, project_id)
    arriving = smarthttp.new_arrival(folder.root)
    try:
        arrived = await smarthttp.received(folder.root, arriving, _unpacked(request))
        told = await to_thread.run_sync(push.decided, studio, project_id, arriving, arrived) if arrived.updates else b""
    except ClientDisconnect:
        return Response(status_code=499)  # nobody hears it
    finally:
        await to_thread.run_sync(pushing.forget, arriving)
    return Response(told, media_type="application/x-git-receive-pack-result", headers=_FRESH)


async def _passed_on(request: Request, root: object, rest: str) -> Response:
    headers = request.headers
    wish = Wish(
        method=request.method,
        rest=rest,
        query="service=git-upload-pack" if rest == "info/refs" else "",
        content_type=headers.get("content-type", "")[:200],
        encoding=headers.get("content-encoding", "")[:20],
        protocol=_protocol(headers.get("git-protocol", "")),
    )
    answer = await smarthttp.fetched(root, wish, request.stream())  # type: ignore[arg-type]
    return StreamingResponse(answer.body, answer.status, answer.headers)


def _protocol(said: str) -> str:
    return said if re.fullmatch(r"version=[0-9]", said) else ""


async def _unpacked(request: Request) -> AsyncIterator[bytes]:
    """Yield the body, also where a client has packed it."""
    encoding = request.headers.get("content-encoding", "")
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise StudioError(Code.CONTRACT_MISMATCH, "A push is sent plain or by gzip.", detail=encoding[:40])
    unzip = zlib.decompressobj(31) if "gzip" in encoding else None
    async for piece in request.stream():
        if unzip is None:
            yield piece
            continue
        waiting = piece
        while waiting:
            try:
                yield unzip.decompress(waiting, _PIECE)
            except zlib.error as damaged:
                raise StudioError(Code.PUSH_REFUSED, "The push did not arrive whole.", detail=str(damaged)) from damaged
            waiting = unzip.unconsumed_tail
