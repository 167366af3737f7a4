"""Tokens for scripts. There are no accounts yet: whoever reaches a studio without sign-in is its one local person."""

from datetime import timedelta

import jwt

from studio_sdk.errors import Code, StudioError
from studio_server.actions.studio import Studio

_ALGORITHM = "HS256"


def issue(studio: Studio) -> str:
    """Return a bearer token for the local person, valid for `TOKEN_HOURS`."""
    now = studio.now()
    claims = {"sub": studio.person.id, "iat": now, "exp": now + timedelta(hours=studio.settings.token_hours)}
    return jwt.encode(claims, studio.settings.secret_key.get_secret_value(), algorithm=_ALGORITHM)


def check(studio: Studio, token: str) -> None:
    """Raise UNAUTHENTICATED for a token that this studio has not issued or that is too old."""
    try:
        claims = jwt.decode(token, studio.settings.secret_key.get_secret_value(), algorithms=[_ALGORITHM])
    except jwt.PyJWTError as error:
        raise StudioError(Code.UNAUTHENTICATED, "This token is not valid any more.", detail=str(error)) from error
    if claims.get("sub") != studio.person.id:
        raise StudioError(Code.UNAUTHENTICATED, "This token belongs to somebody else.")
