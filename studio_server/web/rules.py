"""What every address asks of its caller, in one table, and the door that asks it before any route runs.

An address without a line here is answered as if it were not there; tests/integration/test_access.py walks all routes
and fails for one that has none. `{project_id}` in an address means: members of that project only.
"""

import base64
import re
from collections.abc import Awaitable, Callable
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final, NamedTuple

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio_sdk.errors import Code, StudioError
from studio_server.actions import accounts, canvas, people
from studio_server.actions.accounts import as_caller
from studio_server.actions.studio import Studio
from studio_server.domain.access import Need, allows
from studio_server.index.people import SignIn
from studio_server.web.errors import answer
from studio_server.web.guard import is_own_page

API: Final = "/api/v1"
COOKIE: Final = "studio_session"
_MARK: Final = "studio_known"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_YEAR: Final = 365 * 24 * 3600

RULES: Final[dict[str, Need]] = {
    "GET /health": Need.NOTHING,
    "GET /openapi.json": Need.NOTHING,
    "GET /auth/me": Need.NOTHING,
    "POST /auth/first": Need.NOTHING,
    "POST /auth/join": Need.NOTHING,
    "POST /auth/sign-in": Need.NOTHING,
    "POST /auth/token": Need.NOTHING,
    "POST /auth/sign-out": Need.PERSON,
    "GET /auth/tokens": Need.PERSON,
    "POST /auth/tokens": Need.PERSON,
    "DELETE /auth/tokens/{token_id}": Need.PERSON,
    "GET /people": Need.PERSON,
    "POST /people": Need.ADMIN,
    "PATCH /people/{user_id}": Need.ADMIN,
    "POST /people/{user_id}/invite": Need.ADMIN,
    "GET /audit": Need.ADMIN,
    "GET /catalog": Need.PERSON,
    "POST /machines/pause": Need.ADMIN,
    "POST /machines/{worker_id}/pause": Need.ADMIN,
    "GET /projects": Need.PERSON,
    "POST /projects": Need.PERSON,
    "POST /projects/import": Need.KEEPER,
    "POST /projects/sample": Need.PERSON,
    "GET /projects/{project_id}": Need.PERSON,
    "PUT /projects/{project_id}": Need.PERSON,
    "PATCH /projects/{project_id}": Need.PERSON,
    "GET /projects/{project_id}/members": Need.PERSON,
    "PUT /projects/{project_id}/members/{user_id}": Need.KEEPER,
    "DELETE /projects/{project_id}/members/{user_id}": Need.KEEPER,
    "GET /projects/{project_id}/takes": Need.PERSON,
    "GET /projects/{project_id}/events": Need.PERSON,
    "POST /projects/{project_id}/operations": Need.PERSON,
    "GET /projects/{project_id}/shots/{node_id}/takes": Need.PERSON,
    "GET /projects/{project_id}/archive": Need.KEEPER,
    "POST /projects/{project_id}/duplicate": Need.KEEPER,
    "GET /projects/{project_id}/versions": Need.PERSON,
    "POST /projects/{project_id}/versions": Need.PERSON,
    "GET /projects/{project_id}/versions/{version_id}": Need.PERSON,
    "GET /projects/{project_id}/contested": Need.PERSON,
    "GET /projects/{project_id}/alternates": Need.PERSON,
    "POST /projects/{project_id}/alternates": Need.PERSON,
    "GET /projects/{project_id}/alternates/{alternate_id}": Need.PERSON,
    "PATCH /projects/{project_id}/alternates/{alternate_id}": Need.PERSON,
    "DELETE /projects/{project_id}/alternates/{alternate_id}": Need.PERSON,
    "POST /projects/{project_id}/alternates/{alternate_id}/switch": Need.PERSON,
    "POST /projects/{project_id}/alternates/{alternate_id}/merge": Need.PERSON,
    "POST /projects/{project_id}/alternates/{alternate_id}/restore": Need.PERSON,
    "POST /projects/{project_id}/forecast": Need.PERSON,
    "GET /projects/{project_id}/queue": Need.PERSON,
    "POST /projects/{project_id}/queue/pause": Need.PERSON,
    "GET /projects/{project_id}/states": Need.PERSON,
    "POST /projects/{project_id}/rebuild": Need.PERSON,
    "POST /projects/{project_id}/rebuild/{run_id}/cancel": Need.PERSON,
    "GET /projects/{project_id}/media/{path}": Need.PERSON,
    "GET /projects/{project_id}/thumbnails/{oid}": Need.PERSON,
    "GET /projects/{project_id}/sprites/{oid}": Need.PERSON,
    "GET /projects/{project_id}/waveforms/{oid}": Need.PERSON,
    "POST /projects/{project_id}/assets": Need.PERSON,
    "GET /projects/{project_id}/assets": Need.PERSON,
    "POST /projects/{project_id}/assets/import": Need.PERSON,
    "GET /projects/{project_id}/timeline": Need.PERSON,
    "POST /projects/{project_id}/exports": Need.PERSON,
    "GET /projects/{project_id}/films": Need.PERSON,
    "GET /projects/{project_id}/deliveries": Need.PERSON,
    "GET /projects/{project_id}/deliveries/estimate": Need.PERSON,
    "POST /projects/{project_id}/deliveries": Need.PERSON,
    "POST /projects/{project_id}/captions": Need.PERSON,
    "POST /projects/{project_id}/in-betweens": Need.PERSON,
    "POST /projects/{project_id}/script/look": Need.PERSON,
    "POST /projects/{project_id}/script": Need.PERSON,
    "POST /projects/{project_id}/script/film": Need.PERSON,
    "POST /projects/{project_id}/recut/look": Need.PERSON,
    "POST /projects/{project_id}/recut": Need.PERSON,
    "GET /projects/{project_id}/storage": Need.PERSON,
    "POST /projects/{project_id}/trash": Need.KEEPER,
    "POST /projects/{project_id}/trash/{bag_id}/restore": Need.KEEPER,
    "POST /projects/{project_id}/trash/{bag_id}/empty": Need.KEEPER,
    "POST /projects/{project_id}/cache/clear": Need.KEEPER,
    "GET /projects/{project_id}/hooks": Need.KEEPER,
    "POST /projects/{project_id}/hooks": Need.KEEPER,
    "PATCH /projects/{project_id}/hooks/{hook_id}": Need.KEEPER,
    "DELETE /projects/{project_id}/hooks/{hook_id}": Need.KEEPER,
    "POST /projects/{project_id}/hooks/{hook_id}/test": Need.KEEPER,
    "POST /projects/{project_id}/checkup": Need.PERSON,
    "GET /projects/{project_id}/checkup": Need.PERSON,
    "POST /projects/{project_id}/checkup/mend": Need.KEEPER,
    "POST /tasks/generate_shot": Need.PERSON,
    "POST /tasks/render_final": Need.PERSON,
    "GET /tasks/{task_id}": Need.PERSON,
    "POST /tasks/{task_id}/cancel": Need.PERSON,
    "POST /tasks/{task_id}/retry": Need.PERSON,
    "POST /runner/workers": Need.RUNNER,
    "POST /runner/jobs/{job_id}/claim": Need.RUNNER,
    "POST /runner/jobs/{job_id}/report": Need.RUNNER,
    "POST /runner/jobs/{job_id}/finish": Need.RUNNER,
    "GET /runner/jobs/{job_id}/attempts/{attempt}/inputs/{oid}": Need.RUNNER,
    "PUT /runner/jobs/{job_id}/attempts/{attempt}/outputs/{oid}": Need.RUNNER,
}


GIT: Final = "/git/"
"""Where git clients knock: below it, `{project_id}.git` and what git and git-lfs put behind that."""

_REPOSITORY: Final = "/git/{project_id}.git"
GIT_RULES: Final[dict[str, Need]] = {
    f"GET {_REPOSITORY}/info/refs": Need.PERSON,
    f"POST {_REPOSITORY}/git-upload-pack": Need.PERSON,
    f"POST {_REPOSITORY}/git-receive-pack": Need.PERSON,
    f"POST {_REPOSITORY}/info/lfs/objects/batch": Need.PERSON,
    f"POST {_REPOSITORY}/info/lfs/objects/verify": Need.PERSON,
    f"GET {_REPOSITORY}/info/lfs/objects/{{oid}}": Need.PERSON,
    f"PUT {_REPOSITORY}/info/lfs/objects/{{oid}}": Need.PERSON,
    f"GET {_REPOSITORY}/info/lfs/locks": Need.PERSON,
    f"POST {_REPOSITORY}/info/lfs/locks": Need.PERSON,
    f"POST {_REPOSITORY}/info/lfs/locks/verify": Need.PERSON,
    f"POST {_REPOSITORY}/info/lfs/locks/{{lock_id}}/unlock": Need.PERSON,
}
"""The same for git clients. What a push may do in all is decided in actions/push.py."""

_ONLY_ASK: Final = frozenset(
    f"POST {_REPOSITORY}/{rest}" for rest in ("git-upload-pack", "info/lfs/objects/batch", "info/lfs/locks/verify")
)
"""What changes nothing although it is sent by POST; a batch that announces uploads asks again (web/lfs.py)."""

_WITHOUT_PROJECT: Final = frozenset(
    {
        "GET /auth/me",
        "POST /auth/sign-out",
        "GET /catalog",
        "GET /projects",
        "POST /tasks/generate_shot",
        "POST /tasks/render_final",
        "GET /tasks/{task_id}",
        "POST /tasks/{task_id}/cancel",
        "POST /tasks/{task_id}/retry",
    }
)
"""What a token for one project may ask besides that project: lists and tasks are then its own only."""


class Asked(NamedTuple):
    """The line of the table that an address fell under, and the project that it names."""

    address: str
    need: Need
    project_id: str


def asked(method: str, path: str) -> Asked:
    """Return what an address of the API asks. Raises NOT_FOUND where no line of the table has it."""
    method = "GET" if method == "HEAD" else method
    for address, need, pattern in _patterns():
        verb, _, _ = address.partition(" ")
        found = pattern.fullmatch(path) if verb == method else None
        if found:
            return Asked(address, need, found.groupdict().get("project_id", ""))
    raise StudioError(Code.NOT_FOUND, "There is nothing at this address.", detail=path[:200])


@cache
def _patterns() -> tuple[tuple[str, Need, re.Pattern[str]], ...]:
    """Return the table as patterns, addresses without a name in them first."""
    found = []
    for address, need in sorted({**RULES, **GIT_RULES}.items(), key=lambda line: line[0].count("{")):
        where = address.partition(" ")[2]
        place = where if address in GIT_RULES else API + where
        template = re.escape(place).replace(r"\{", "{").replace(r"\}", "}")
        text = template.replace("{path}", "(?P<path>.+)")
        found.append((address, need, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", text))))
    return tuple(found)


class Door:
    """ASGI middleware: finds out who calls, asks what the table asks, and writes down what was changed by whom."""

    def __init__(self, app: ASGIApp, studio: Studio) -> None:
        self._app = app
        self._studio = studio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on who may."""
        is_asked = scope["type"] == "http" and scope["path"].startswith(("/api/", GIT))
        if not is_asked or not self._studio.settings.with_people:
            await self._app(scope, receive, send)
            return
        try:
            wanted = asked(scope["method"], scope["path"])
            caller = await to_thread.run_sync(admitted, self._studio, scope, wanted)
        except StudioError as error:
            await answer(error, scope["path"])(scope, receive, send)
            return
        if caller:
            scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, self._noting(scope, send, wanted, caller))

    def _noting(
        self, scope: Scope, send: Send, wanted: Asked, caller: accounts.Caller | None
    ) -> Callable[[Message], Awaitable[None]]:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                if caller and caller.secret:
                    set_cookie(MutableHeaders(scope=message), self._studio, caller.secret)
                changes = scope["method"] not in _SAFE and wanted.address not in _ONLY_ASK
                tells = changes or wanted.address.endswith("/archive")
                if tells and wanted.need is not Need.RUNNER:
                    who = caller.person.email if caller else "-"
                    line = (self._studio, who, wanted.address, wanted.project_id, int(message["status"]))
                    await to_thread.run_sync(people.write_down, *line)
            await send(message)

        return noted


def admitted(studio: Studio, scope: Scope, wanted: Asked) -> accounts.Caller | None:
    """Return who calls, if they may. Raises UNAUTHENTICATED, NOT_PERMITTED, or NOT_FOUND where they may not know."""
    if wanted.need is Need.RUNNER:
        return None  # the route compares the runner's token
    headers = Headers(scope=scope)
    caller = (
        _of_git(studio, headers)
        if wanted.address in GIT_RULES
        else _caller(studio, headers, scope["method"], required=wanted.need is not Need.NOTHING)
    )
    if wanted.need is Need.NOTHING:
        return caller
    if caller is None:
        raise StudioError(Code.UNAUTHENTICATED, "Sign in first.")
    _refuse_beyond(caller.sign_in, scope["method"], wanted)
    if wanted.project_id:
        canvas.find(as_caller(studio, caller), wanted.project_id)  # NOT_FOUND comes before NOT_PERMITTED
    if not allows(wanted.need, caller.person.role):
        raise StudioError(Code.NOT_PERMITTED, "Your role does not allow this.", detail=wanted.address)
    return caller


def _refuse_beyond(sign_in: SignIn, method: str, wanted: Asked) -> None:
    """Raise NOT_PERMITTED for what a token is not good for, whoever holds it."""
    if sign_in.scope == "read" and method not in _SAFE and wanted.address not in _ONLY_ASK:
        raise StudioError(Code.NOT_PERMITTED, "This token may only read.")
    if sign_in.project_id and not wanted.project_id and wanted.address not in _WITHOUT_PROJECT:
        raise StudioError(Code.NOT_PERMITTED, "This token is for one project only.", detail=wanted.address)


def _of_git(studio: Studio, headers: Headers) -> accounts.Caller:
    shown = shown_secret(headers)
    caller = accounts.caller(studio, shown) if shown else None
    if caller is None or caller.sign_in.kind != "token":
        raise StudioError(Code.UNAUTHENTICATED, "Show a token of the studio as the password.")
    return caller


def shown_secret(headers: Headers) -> str:
    """Return the token that a program shows: as a bearer, or as git clients do, as the password of anybody."""
    kind, _, said = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return said.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(said.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _caller(studio: Studio, headers: Headers, method: str, *, required: bool) -> accounts.Caller | None:
    bearer = headers.get("authorization", "")
    if bearer.lower().startswith("bearer "):
        return accounts.caller(studio, bearer[7:].strip())
    secret = cookie_of(headers.get("cookie", ""))
    if not secret:
        return None
    try:
        caller = accounts.caller(studio, secret)
    except StudioError:
        if required:
            raise
        return None
    if method not in _SAFE and not is_own_page(headers):
        # A browser says where a request comes from; what holds its cookie and does not say so is no page of ours.
        raise StudioError(Code.NOT_PERMITTED, "Only the studio's own pages may change anything with a cookie.")
    return caller


def cookie_of(header: str) -> str:
    """Return the session's secret in a Cookie header, or nothing."""
    return _in_jar(header, COOKIE)


def mark_of(header: str) -> str:
    """Return what a browser was given when somebody signed in with it, or nothing."""
    return _in_jar(header, _MARK)


def _in_jar(header: str, called: str) -> str:
    try:
        jar = SimpleCookie(header)
    except CookieError:
        return ""
    return next((jar[name].value for name in (f"__Host-{called}", called) if name in jar), "")


def set_cookie(headers: MutableHeaders, studio: Studio, secret: str) -> None:
    """Let the browser hold a secret; an empty one takes it away. Scripts of the page cannot read it."""
    _put_into(headers, studio, COOKIE, secret, studio.settings.session_days * 24 * 3600 if secret else 0)


def set_mark(headers: MutableHeaders, studio: Studio, mark: str) -> None:
    """Let the browser remember that somebody has signed in with it; it opens nothing."""
    _put_into(headers, studio, _MARK, mark, _YEAR)


def _put_into(headers: MutableHeaders, studio: Studio, called: str, value: str, age: int) -> None:
    secure = studio.settings.public_url.startswith("https://")
    name = f"__Host-{called}" if secure else called
    words = f"{name}={value}; Path=/; Max-Age={min(age, _YEAR)}; HttpOnly; SameSite=Lax"
    headers.append("set-cookie", f"{words}; Secure" if secure else words)


def page_of(environ: dict[str, Any], auth: object, studio: Studio) -> accounts.Caller | None:
    """Return who opens a live connection: by cookie, or a program by `token`. None where nobody needs to sign in."""
    if not studio.settings.with_people:
        return None
    token = auth.get("token") if isinstance(auth, dict) else None
    return accounts.caller(studio, str(token or cookie_of(str(environ.get("HTTP_COOKIE", "")))))
