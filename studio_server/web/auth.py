"""Signing in and out, tokens of one's own."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import Field
from starlette.datastructures import MutableHeaders

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.actions import accounts, people
from studio_server.actions.studio import Studio
from studio_server.domain.access import Role
from studio_server.web.deps import CallerDep, StudioDep
from studio_server.web.rules import mark_of, set_cookie, set_mark

router = APIRouter(prefix="/auth", tags=["people"])

# The first mark that is in it counts: Chrome calls itself Safari too, and Edge calls itself both.
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)

Secret = Annotated[str, Field(max_length=400)]


class Me(Frozen):
    """Who is signed in, if anybody, and whether people sign in at all. `first` says that the first admin is missing."""

    sign_in: bool
    first: bool
    id: str | None = None
    name: str | None = None
    email: str | None = None
    role: Role | None = None


class First(Frozen):
    """The first admin, with the code that the studio printed."""

    code: Secret
    name: Secret
    email: Secret
    password: Secret


class Join(Frozen):
    """Somebody who was invited chooses a password."""

    email: Secret
    code: Secret
    password: Secret


class SignIn(Frozen):
    """Who wants in."""

    email: Secret
    password: Secret


class SignOut(Frozen):
    """Whether every browser and token of this person is to end."""

    everywhere: bool = False


class Token(Frozen):
    """A bearer token."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the kind of token, not a token


class NewToken(Frozen):
    """A token of one's own: `read` may change nothing; with `project_id` it is good for that project alone."""

    name: str = Field(max_length=80)
    scope: Literal["read", "write"] = "write"
    days: int = Field(default=30, ge=1, le=365)
    project_id: str = Field(default="", max_length=80)


@router.get("/me")
def me(studio: StudioDep, caller: CallerDep) -> Me:
    """Return who is signed in."""
    if not studio.settings.with_people:
        told = studio.person.model_dump(include={"id", "name", "email", "role"})
        return Me(sign_in=False, first=False, **told)
    if caller is None:
        return Me(sign_in=True, first=people.wants_first(studio))
    return Me(sign_in=True, first=False, **caller.person.model_dump(include={"id", "name", "email", "role"}))


@router.post("/first", status_code=201)
def first(studio: StudioDep, request: Request, response: Response, wish: First) -> Me:
    """Make the first admin and sign in."""
    _with_people(studio)
    person = people.make_first(studio, wish.code, wish.name, wish.email, wish.password)
    return _begun(studio, request, response, accounts.begin(studio, person, kind="browser", name=_browser(request)))


@router.post("/join")
def join(studio: StudioDep, request: Request, response: Response, wish: Join) -> Me:
    """Choose a password with an invitation's code and sign in."""
    _with_people(studio)
    person = people.join(studio, wish.email, wish.code, wish.password)
    return _begun(studio, request, response, accounts.begin(studio, person, kind="browser", name=_browser(request)))


@router.post("/sign-in")
def sign_in(studio: StudioDep, request: Request, response: Response, wish: SignIn) -> Me:
    """Sign in: the answer sets a cookie that scripts cannot read."""
    _with_people(studio)
    mark = mark_of(request.headers.get("cookie", ""))
    _person, secret = accounts.signed_in(studio, wish.email, wish.password, name=_browser(request), mark=mark)
    return _begun(studio, request, response, secret)


@router.post("/sign-out")
def sign_out(studio: StudioDep, caller: CallerDep, response: Response, wish: SignOut) -> Me:
    """Sign out here, or everywhere."""
    if caller:
        accounts.sign_out(studio, caller.sign_in, everywhere=wish.everywhere)
        set_cookie(MutableHeaders(raw=response.raw_headers), studio, "")
    return Me(sign_in=studio.settings.with_people, first=False)


@router.post("/token")
def token(studio: StudioDep, username: Annotated[str, Form()], password: Annotated[str, Form()]) -> Token:
    """Return a token for scripts. Without accounts (STUDIO_AUTH=none) everybody here is the one local person."""
    if not studio.settings.with_people:
        return Token(access_token=accounts.issue(studio))
    _person, secret = accounts.signed_in(studio, username[:400], password[:400], kind="token", name="password")
    return Token(access_token=secret)


@router.get("/tokens")
def tokens(studio: StudioDep) -> list[people.TokenView]:
    """Return what one is signed in with."""
    return people.tokens(studio)


@router.post("/tokens", status_code=201)
def new_token(studio: StudioDep, wish: NewToken) -> Token:
    """Return a token of one's own; it is shown only now."""
    _with_people(studio)
    return Token(access_token=people.make_token(studio, wish.name, wish.scope, wish.days, wish.project_id))


@router.delete("/tokens/{token_id}", status_code=204)
def end_token(studio: StudioDep, token_id: str) -> None:
    """End a token or sign-in of one's own."""
    people.end_token(studio, token_id)


def _begun(studio: Studio, request: Request, response: Response, secret: str) -> Me:
    headers = MutableHeaders(raw=response.raw_headers)
    set_cookie(headers, studio, secret)
    request.state.caller = caller = accounts.caller(studio, secret)
    set_mark(headers, studio, accounts.marked(studio, caller.person, mark_of(request.headers.get("cookie", ""))))
    return Me(sign_in=True, first=False, **caller.person.model_dump(include={"id", "name", "email", "role"}))


def _browser(request: Request) -> str:
    """Return what signs in as a person would call it: they choose by it which sign-in to end."""
    said = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in said), "")
    system = next((name for mark, name in _SYSTEMS if mark in said), "")
    return " on ".join(part for part in (browser, system) if part) or said[:80]


def _with_people(studio: Studio) -> None:
    if not studio.settings.with_people:
        raise StudioError(Code.NOT_FOUND, "Nobody needs to sign in here.", detail="STUDIO_AUTH is none")
