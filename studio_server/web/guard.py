"""Who may speak to the studio: its own pages and programs of this machine, not other sites' pages.

A page of another site can make a browser send requests here, and a host name of an attacker can be made to point here.
Both are refused before any route runs.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from studio_sdk.errors import Code, StudioError

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared, not bound


def allowed_hosts(host: str, public_url: str, more: Iterable[str] = ()) -> frozenset[str]:
    """Return the host names this studio answers to."""
    own = {"127.0.0.1", "localhost", "::1", urlsplit(public_url).hostname or "", *(name.lower() for name in more)}
    return frozenset(own | ({host} - _EVERYWHERE))


class HostGuard:
    """ASGI middleware that refuses requests, and sockets, for a host name that is not the studio's (DNS rebinding)."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is addressed to the studio."""
        if scope["type"] in ("http", "websocket"):
            named = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            if _host_of(named) not in self._hosts:
                if scope["type"] == "websocket":
                    await send({"type": "websocket.close", "code": 1008})
                    return
                error = StudioError(Code.NOT_PERMITTED, "The studio does not answer to this address.", detail=named)
                await JSONResponse(error.body().model_dump(mode="json"), error.status)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _host_of(named: str) -> str | None:
    try:
        return urlsplit(f"//{named}").hostname
    except ValueError:  # a bracket without its other half
        return None


def is_own_page(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of the studio itself asks."""
    site = headers.get("sec-fetch-site")
    return site == "same-origin" if site else headers.get("origin") in _own_origins(headers)


def _own_origins(headers: Mapping[str, str]) -> set[str]:
    return {f"{scheme}://{headers.get('host')}" for scheme in ("http", "https")}


async def own_pages_only(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse changes that a page of another site asks for (CSRF); programs send no browser headers and pass."""
    if request.method not in _SAFE:
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        foreign = site not in _OWN if site else bool(origin) and origin not in _own_origins(request.headers)
        if foreign:
            error = StudioError(Code.NOT_PERMITTED, "Another site's page may not change anything here.")
            return JSONResponse(error.body().model_dump(mode="json"), error.status)
    response = await call_next(request)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Content-Security-Policy", "frame-ancestors 'none'")
    return response
