"""What routes are given: the studio, and proof that the caller may call."""

import hmac
from typing import Annotated

from fastapi import Depends, Request

from studio_sdk.errors import Code, StudioError
from studio_server.actions.accounts import Caller, as_caller
from studio_server.actions.studio import Studio


def _caller(request: Request) -> Caller | None:
    return getattr(request.state, "caller", None)


CallerDep = Annotated[Caller | None, Depends(_caller)]


def _studio(request: Request, caller: CallerDep) -> Studio:
    """Return the studio as the one who calls is in it."""
    studio: Studio = request.app.state.studio
    return as_caller(studio, caller) if caller else studio


StudioDep = Annotated[Studio, Depends(_studio)]


def _runner(request: Request, studio: StudioDep) -> None:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    expected = studio.settings.runner_token.get_secret_value()
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise StudioError(Code.UNAUTHENTICATED, "This address is for the studio's own runners.")


RunnerOnly = Depends(_runner)
