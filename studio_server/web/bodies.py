"""How much anybody may send: a body that is too large is refused before it fills the memory or the disk.

What is refused is still read to its end and thrown away: a browser that is cut off while it sends never hears why.
"""

from typing import Final

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio_sdk.errors import Code, StudioError

JSON_LIMIT: Final = 32 * 1024 * 1024
"""Largest body of a command in bytes, over HTTP and over the socket."""

_FORM_AROUND_FILE: Final = 64 * 1024


class BodyGuard:
    """ASGI middleware that ends a request whose body grows past its limit. Runner outputs have their own."""

    def __init__(self, app: ASGIApp, upload_limit: int, archive_limit: int) -> None:
        self._app = app
        self._limits = {"/assets": upload_limit, "/projects/import": archive_limit}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small enough."""
        if scope["type"] != "http" or "/runner/" in scope["path"] or _is_counted_elsewhere(scope):
            await self._app(scope, receive, send)
            return
        allowed = next((most for tail, most in self._limits.items() if scope["path"].endswith(tail)), None)
        limit = allowed + _FORM_AROUND_FILE if allowed else JSON_LIMIT
        length = Headers(scope=scope).get("content-length", "")
        taken, too_large = 0, length.isdigit() and int(length) > limit

        async def counted() -> Message:
            nonlocal taken, too_large
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                too_large = True
                await _thrown_away(message, receive)
                return {"type": "http.disconnect"}
            return message

        async def heard(message: Message) -> None:
            if not too_large:
                await send(message)

        if too_large:
            await _thrown_away({"type": "http.request", "more_body": True}, receive)
        else:
            await self._app(scope, counted, heard)
        if too_large:
            await JSONResponse(*_refusal(allowed or limit))(scope, receive, send)


def _is_counted_elsewhere(scope: Scope) -> bool:
    """Whether a body is a push, or a media file of git-lfs: they pass through, and what takes them in counts them."""
    path = str(scope["path"])
    is_media = scope["method"] == "PUT" and "/info/lfs/objects/" in path
    return path.startswith("/git/") and (is_media or path.endswith("/git-receive-pack"))


async def _thrown_away(message: Message, receive: Receive) -> None:
    while message["type"] == "http.request" and message.get("more_body", False):
        message = await receive()


def _refusal(limit: int) -> tuple[dict[str, object], int]:
    error = StudioError(Code.UPLOAD_TOO_LARGE, f"This is larger than the {limit // (1024 * 1024)} MB that may be sent.")
    return error.body().model_dump(mode="json"), error.status
