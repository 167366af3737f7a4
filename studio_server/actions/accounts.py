"""Signing in: passwords, browsers' sessions whose secret changes as they are used, tokens for programs.

A secret is 256 random bits, shown once and kept as its SHA-256; a password is kept as argon2id hashes it. What a
browser holds is exchanged every quarter of an hour. The one before is taken until the new one has been seen, and a
minute longer for requests that were under way; shown after that, it was copied, and everything of that sign-in ends.
"""

import functools
import hashlib
import hmac
import secrets
import threading
import time
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import uuid4

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from studio_sdk.errors import Code, StudioError
from studio_server.actions.studio import Studio, as_person
from studio_server.index import people
from studio_server.index.directory import Person
from studio_server.index.people import Account, SignIn

EXCHANGED_AFTER: Final = timedelta(minutes=15)
UNDER_WAY: Final = timedelta(minutes=1)
SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 200
TRIES: Final = 10
TRIES_WITHIN_S: Final = 600.0
MARKED_FOR: Final = timedelta(days=365)

_ALGORITHM = "HS256"
_BROWSER = "browser"
_MOST_NAMES: Final = 100_000
_HASHER = PasswordHasher()

_failures: dict[str, list[float]] = {}
_guard = threading.Lock()


class Caller(NamedTuple):
    """Who calls, with what, and what they should hold from now on (None: what they have)."""

    person: Person
    sign_in: SignIn
    secret: str | None = None


def issue(studio: Studio) -> str:
    """Return a token for the one person of a studio without sign-in, valid for `TOKEN_HOURS`."""
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


def hashed_password(password: str) -> str:
    """Return a password as it is kept. Raises VALIDATION_ERROR for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        raise StudioError(Code.VALIDATION_ERROR, message, field="password")
    return _HASHER.hash(password)


def signed_in(
    studio: Studio, email: str, password: str, *, kind: str = "browser", name: str = "", mark: str = ""
) -> tuple[Person, str]:
    """Sign a person in and return them with the secret to hold. Raises UNAUTHENTICATED or TOO_MANY_TRIES.

    `mark` is what this browser was given when somebody signed in with it (`marked`). One that has the person's is
    counted by itself: strangers who guess close the address to strangers, not to them.
    """
    with studio.index.read() as session:
        account = people.by_email(session, studio.person.tenant_id, email)
    known = _mark_of(studio, account.person.id if account else "", mark)
    counted = f"{email.strip().lower()} {known}"
    _refuse_guessing(counted)
    if not _is_right(account, password) or account is None or account.disabled:
        _note_failure(counted)
        raise StudioError(Code.UNAUTHENTICATED, "E-mail address or password is wrong.", field="password")
    with _guard:
        _failures.pop(counted, None)
    return account.person, begin(studio, account.person, kind=kind, name=name)


def marked(studio: Studio, person: Person, mark: str) -> str:
    """Return what a browser keeps from which this person has signed in; the same again where it has one."""
    if _mark_of(studio, person.id, mark):
        return mark
    now = studio.now()
    claims = {"aud": _BROWSER, "sub": person.id, "jti": secrets.token_urlsafe(12), "iat": now, "exp": now + MARKED_FOR}
    return jwt.encode(claims, studio.settings.secret_key.get_secret_value(), algorithm=_ALGORITHM)


def _mark_of(studio: Studio, person_id: str, mark: str) -> str:
    """Return which of a person's browsers has a mark, or nothing where it has none of theirs."""
    try:
        key = studio.settings.secret_key.get_secret_value()
        claims = jwt.decode(mark, key, algorithms=[_ALGORITHM], audience=_BROWSER)
    except jwt.PyJWTError:
        return ""
    return str(claims.get("jti", "")) if person_id and claims.get("sub") == person_id else ""


def begin(
    studio: Studio,
    person: Person,
    *,
    kind: str,
    name: str,
    scope: str = "write",
    project_id: str = "",
    days: int | None = None,
) -> str:
    """Enter a sign-in of a browser or a token, and return its secret, which nobody can look up again."""
    secret, now = secrets.token_urlsafe(32), studio.now()
    lasts = timedelta(days=days or studio.settings.session_days)
    if kind == "token" and days is None:
        lasts = timedelta(hours=studio.settings.token_hours)
    entered = SignIn(
        id=uuid4().hex,
        user_id=person.id,
        kind=kind,
        name=name[:80],
        scope=scope,
        project_id=project_id,
        secret_hash=hash_of(secret),
        previous_hash="",
        created_at=now,
        rotated_at=now,
        expires_at=now + lasts,
        ended=False,
    )
    with studio.index.write(silent=True) as session:
        people.begin(session, entered)
    return f"{entered.id}.{secret}"


def caller(studio: Studio, shown: str) -> Caller:
    """Return whose a secret is. Raises UNAUTHENTICATED for one that was ended, is too old, or was used by two."""
    sign_in_id, _, secret = shown.partition(".")
    now = studio.now()
    known, account = _valid(studio, sign_in_id[:64], now)
    given = hash_of(secret)
    if not hmac.compare_digest(given, known.secret_hash):
        return _with_previous(studio, known, account, given, now)
    exchanged = None
    if known.kind == "browser" and now - known.rotated_at >= EXCHANGED_AFTER:
        exchanged = _exchange(studio, known, now)
    elif known.previous_hash and now - known.rotated_at >= UNDER_WAY:
        with studio.index.write(silent=True) as session:
            people.forget_previous(session, known.id)
    return Caller(account.person, known, exchanged)


def still(studio: Studio, sign_in_id: str) -> Caller:
    """Return whose a sign-in is that began earlier. Raises UNAUTHENTICATED where it has ended."""
    known, account = _valid(studio, sign_in_id, studio.now())
    return Caller(account.person, known)


def as_caller(studio: Studio, caller: Caller) -> Studio:
    """Return the studio as somebody who has signed in is in it: their person, and what their token is good for."""
    return as_person(studio, caller.person, only_project=caller.sign_in.project_id)


def _valid(studio: Studio, sign_in_id: str, now: datetime) -> tuple[SignIn, Account]:
    with studio.index.read() as session:
        known = people.sign_in(session, sign_in_id)
        account = people.account(session, known.user_id) if known else None
    if known is None or account is None or known.ended or known.expires_at <= now or account.disabled:
        raise _signed_out()
    if account.person.tenant_id != studio.person.tenant_id:
        raise _signed_out()  # another tenant's studio shares the database: they have their folder there, not here
    return known, account


def _with_previous(studio: Studio, known: SignIn, account: Account, given: str, now: datetime) -> Caller:
    """Take the secret before, whose successor has not been seen yet; anything else of a real sign-in was copied."""
    if known.previous_hash and hmac.compare_digest(given, known.previous_hash):
        return Caller(account.person, known)
    with studio.index.write(silent=True) as session:
        people.end(session, known.id, now)
    raise _signed_out()


def _exchange(studio: Studio, known: SignIn, now: datetime) -> str | None:
    secret = secrets.token_urlsafe(32)
    until = now + timedelta(days=studio.settings.session_days)
    with studio.index.write(silent=True) as session:
        return f"{known.id}.{secret}" if people.rotate(session, known, hash_of(secret), now, until) else None


def sign_out(studio: Studio, known: SignIn, *, everywhere: bool = False) -> None:
    """End a sign-in, or everything that its person is signed in with."""
    with studio.index.write(silent=True) as session:
        if everywhere:
            people.end_all(session, known.user_id, studio.now())
        else:
            people.end(session, known.id, studio.now())


def hash_of(secret: str) -> str:
    """Return a random secret as it is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _signed_out() -> StudioError:
    return StudioError(Code.UNAUTHENTICATED, "You are signed out.")


@functools.cache
def _nobody() -> str:
    """Return what is checked where there is no such account, so that the time it takes says nothing."""
    return _HASHER.hash(secrets.token_hex(16))


def _is_right(account: Account | None, password: str) -> bool:
    nobody = _nobody()  # made at the first sign-in, whoever it is: a studio without accounts starts without it
    kept = account.password_hash if account and account.password_hash else nobody
    try:
        return _HASHER.verify(kept, password[: LONGEST_PASSWORD + 1]) and kept is not nobody
    except (Argon2Error, InvalidHashError):
        return False


def _refuse_guessing(name: str) -> None:
    with _guard:
        recent = [at for at in _failures.get(name, ()) if time.monotonic() - at < TRIES_WITHIN_S]
        _failures[name] = recent
        if len(recent) >= TRIES:
            raise StudioError(Code.TOO_MANY_TRIES, "Too many tries. Wait ten minutes.", field="password")


def _note_failure(name: str) -> None:
    with _guard:
        if len(_failures) > _MOST_NAMES:
            _failures.clear()
        _failures.setdefault(name, []).append(time.monotonic())
