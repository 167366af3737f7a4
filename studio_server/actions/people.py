"""People of a studio: the first admin, invitations, roles, who works on which project, and what everybody did."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.actions import accounts, canvas
from studio_server.actions.studio import Studio
from studio_server.domain.access import Role
from studio_server.index import people
from studio_server.index.directory import Person
from studio_server.index.people import Account

INVITED_FOR: Final = timedelta(days=7)

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_NAME_LIMIT: Final = 80


class PersonView(Frozen):
    """A person as others see them. `state` is active, invited or disabled."""

    id: str
    name: str
    email: str
    role: Role
    state: str
    created_at: datetime


class Invitation(Frozen):
    """A person with the code that lets them choose a password, once; it is shown only now."""

    person: PersonView
    code: str
    until: datetime


class TokenView(Frozen):
    """A sign-in or token of a person."""

    id: str
    kind: str
    name: str
    scope: str
    project_id: str = ""
    created_at: datetime
    expires_at: datetime


class DeedView(Frozen):
    """A line of the audit trail."""

    at: datetime
    who: str
    what: str
    project_id: str
    status: int


def await_first(studio: Studio) -> None:
    """Where people sign in and nobody can yet: leave a one-time code in the studio's own folder."""
    file = studio.settings.first_admin_file
    with studio.index.read() as session:
        somebody = people.anybody(session, studio.person.tenant_id)
    if somebody or not studio.settings.with_people:
        file.unlink(missing_ok=True)
    elif not file.is_file():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(12), encoding="utf-8")


def wants_first(studio: Studio) -> bool:
    """Whether the first admin is still to be made."""
    return studio.settings.with_people and studio.settings.first_admin_file.is_file()


def make_first(studio: Studio, code: str, name: str, email: str, password: str) -> Person:
    """Make the first admin, who takes the place of the local person. Raises NOT_PERMITTED for a wrong code."""
    file = studio.settings.first_admin_file
    expected = file.read_text(encoding="utf-8").strip() if file.is_file() else ""
    if not expected or not secrets.compare_digest(code.strip().encode(), expected.encode()):
        raise StudioError(
            Code.NOT_PERMITTED, "This is not the code that the studio printed when it started.", field="code"
        )
    kept = accounts.hashed_password(password)
    with studio.index.write(silent=True) as session:
        if people.anybody(session, studio.person.tenant_id):
            raise StudioError(Code.NOT_PERMITTED, "The first admin is there already. Sign in.", field="code")
        values = {"name": _name(name), "email": _email(email), "role": Role.ADMIN.value, "password_hash": kept}
        people.change(session, studio.person.id, **values)
        made = people.account(session, studio.person.id)
    file.unlink(missing_ok=True)
    assert made is not None  # noqa: S101 - changed in this very transaction
    return made.person


def listed(studio: Studio) -> list[PersonView]:
    """Return the people of the studio, by name."""
    with studio.index.read() as session:
        return [_view(one) for one in people.accounts(session, studio.person.tenant_id)]


def invite(studio: Studio, name: str, email: str, role: Role) -> Invitation:
    """Enter a person and return the code with which they choose a password. Raises VALIDATION_ERROR."""
    with studio.index.write(silent=True) as session:
        if people.by_email(session, studio.person.tenant_id, _email(email)):
            raise StudioError(Code.VALIDATION_ERROR, "Somebody with this address is here already.", field="email")
        user_id = people.add(session, studio.person.tenant_id, _name(name), _email(email), role, studio.now())
    return invite_again(studio, user_id)


def invite_again(studio: Studio, user_id: str) -> Invitation:
    """Give a person another code, with which they choose a new password; the old one is good until then."""
    _of_this_studio(studio, user_id)
    code, until = secrets.token_urlsafe(12), studio.now() + INVITED_FOR
    with studio.index.write(silent=True) as session:
        people.change(session, user_id, invite_hash=accounts.hash_of(code), invite_until=until)
    return Invitation(person=_view(_of_this_studio(studio, user_id)), code=code, until=until)


def join(studio: Studio, email: str, code: str, password: str) -> Person:
    """Let somebody who was invited choose a password; whatever they were signed in with ends."""
    with studio.index.read() as session:
        found = people.by_email(session, studio.person.tenant_id, email)
    right = found and found.invite_hash and secrets.compare_digest(accounts.hash_of(code.strip()), found.invite_hash)
    in_time = found is not None and found.invite_until is not None and found.invite_until > studio.now()
    if found is None or not right or not in_time or found.disabled:
        raise StudioError(
            Code.NOT_PERMITTED, "This code is wrong, used or too old. Ask an admin for another.", field="code"
        )
    kept = accounts.hashed_password(password)
    with studio.index.write(silent=True) as session:
        people.change(session, found.person.id, password_hash=kept, invite_hash="", invite_until=None)
        people.end_all(session, found.person.id, studio.now())
    return found.person


def change(studio: Studio, user_id: str, *, name: str | None, role: Role | None, disabled: bool | None) -> PersonView:
    """Change a person. The last admin stays one. Raises NOT_FOUND or VALIDATION_ERROR."""
    known = _of_this_studio(studio, user_id)
    values: dict[str, object] = {}
    if name is not None:
        values["name"] = _name(name)
    if role is not None:
        values["role"] = role.value
    if disabled is not None:
        values["disabled_at"] = studio.now() if disabled else None
    with studio.index.write(silent=True) as session:
        if values:
            people.change(session, user_id, **values)
        if disabled:
            people.end_all(session, user_id, studio.now())
        if not people.admins(session, studio.person.tenant_id):
            raise StudioError(Code.VALIDATION_ERROR, "One admin must stay.", detail=known.person.email, field="role")
    return _view(_of_this_studio(studio, user_id))


def members(studio: Studio, project_id: str) -> list[PersonView]:
    """Return who works on a project, besides admins, who see every project."""
    canvas.find(studio, project_id)
    with studio.index.read() as session:
        working = people.members(session, project_id)
        return [_view(one) for one in people.accounts(session, studio.person.tenant_id) if one.person.id in working]


def set_member(studio: Studio, project_id: str, user_id: str, *, works: bool) -> None:
    """Let a person work on a project, or no more."""
    canvas.find(studio, project_id)
    _of_this_studio(studio, user_id)
    with studio.index.write(silent=True) as session:
        (people.join if works else people.leave)(session, project_id, user_id)


def tokens(studio: Studio) -> list[TokenView]:
    """Return what one is signed in with oneself."""
    with studio.index.read() as session:
        found = people.sign_ins(session, studio.person.id, studio.now())
    return [TokenView.model_validate(one.model_dump(include=set(TokenView.model_fields))) for one in found]


def make_token(studio: Studio, name: str, scope: str, days: int, project_id: str = "") -> str:
    """Return a new token of one's own, good for one project where `project_id` names one. Raises NOT_FOUND."""
    if project_id:
        canvas.find(studio, project_id)
    told = {"kind": "token", "name": _name(name), "scope": scope, "project_id": project_id}
    return accounts.begin(studio, studio.person, **told, days=days)


def end_token(studio: Studio, token_id: str) -> None:
    """End a sign-in or token of one's own. Raises NOT_FOUND."""
    with studio.index.write(silent=True) as session:
        found = people.sign_in(session, token_id)
        if found is None or found.user_id != studio.person.id:
            raise StudioError(Code.NOT_FOUND, "There is no such token.", detail=token_id[:80])
        people.end(session, token_id, studio.now())


def write_down(studio: Studio, who: str, what: str, project_id: str, status: int) -> None:
    """Add a line to the audit trail."""
    deed = people.Deed(studio.now(), who[:120], what[:200], project_id[:80], status)
    with studio.index.write(silent=True) as session:
        people.write_down(session, studio.person.tenant_id, deed)


def deeds(studio: Studio, before: datetime | None, limit: int) -> list[DeedView]:
    """Return the newest lines of the audit trail, or those before a moment."""
    with studio.index.read() as session:
        return [DeedView(**one._asdict()) for one in people.deeds(session, studio.person.tenant_id, before, limit)]


def _of_this_studio(studio: Studio, user_id: str) -> Account:
    with studio.index.read() as session:
        found = people.account(session, user_id)
    if found is None or found.person.tenant_id != studio.person.tenant_id:
        raise StudioError(Code.NOT_FOUND, "There is no such person.", detail=user_id[:80])
    return found


def _view(one: Account) -> PersonView:
    state = "disabled" if one.disabled else "active" if one.password_hash else "invited"
    told = one.person.model_dump(include={"id", "name", "email", "role"})
    return PersonView(**told, state=state, created_at=one.created_at)


def _name(name: str) -> str:
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not shown or len(shown) > _NAME_LIMIT:
        raise StudioError(Code.VALIDATION_ERROR, f"A name has one to {_NAME_LIMIT} characters.", field="name")
    return shown


def _email(email: str) -> str:
    if not _EMAIL.fullmatch(email.strip()):
        raise StudioError(Code.VALIDATION_ERROR, "This is no e-mail address.", field="email")
    return email.strip()
