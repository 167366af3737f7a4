"""People's accounts, sign-ins and tokens, memberships, and the audit trail. Secrets come and go as hashes only."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from studio_sdk.types import Frozen
from studio_server.index.directory import Person
from studio_server.index.tables import AuditRow, MemberRow, SessionRow, UserRow


class Account(Frozen):
    """A person with what decides whether they may sign in."""

    person: Person
    password_hash: str
    invite_hash: str
    invite_until: datetime | None
    disabled: bool
    created_at: datetime


class SignIn(Frozen):
    """A browser's sign-in (`kind` browser) or a program's token (`kind` token).

    `scope` is `read` or `write`; `project_id` is the only project that a token is good for, empty for all of its
    person's.
    """

    id: str
    user_id: str
    kind: str
    name: str
    scope: str
    project_id: str
    secret_hash: str
    previous_hash: str
    created_at: datetime
    rotated_at: datetime
    expires_at: datetime
    ended: bool


class Deed(NamedTuple):
    """One line of the audit trail."""

    at: datetime
    who: str
    what: str
    project_id: str
    status: int


def accounts(session: Session, tenant_id: str) -> list[Account]:
    """Return the people of a tenant, by name."""
    rows = session.scalars(select(UserRow).where(col(UserRow.tenant_id) == tenant_id).order_by(col(UserRow.name)))
    return [_account(row) for row in rows]


def account(session: Session, user_id: str) -> Account | None:
    """Return a person's account."""
    row = session.get(UserRow, user_id)
    return _account(row) if row else None


def by_email(session: Session, tenant_id: str, email: str) -> Account | None:
    """Return a person's account by their address, in any mix of large and small letters."""
    same = (col(UserRow.tenant_id) == tenant_id, func.lower(col(UserRow.email)) == email.strip().lower())
    row = session.scalars(select(UserRow).where(*same)).first()
    return _account(row) if row else None


def anybody(session: Session, tenant_id: str) -> bool:
    """Whether anybody of a tenant can sign in with a password."""
    some = select(col(UserRow.id)).where(col(UserRow.tenant_id) == tenant_id, col(UserRow.password_hash) != "").limit(1)
    return session.scalar(some) is not None


def add(session: Session, tenant_id: str, name: str, email: str, role: str, at: datetime) -> str:
    """Enter a person, who cannot sign in yet; return the id."""
    row = UserRow(id=str(uuid4()), tenant_id=tenant_id, name=name, email=email, role=role, created_at=at)
    session.add(row)
    session.flush()
    return row.id


def change(session: Session, user_id: str, **values: object) -> None:
    """Change columns of a person."""
    session.execute(update(UserRow).where(col(UserRow.id) == user_id).values(**values))


def admins(session: Session, tenant_id: str) -> int:
    """Return how many admins can sign in."""
    able = (col(UserRow.role) == "admin", col(UserRow.disabled_at).is_(None), col(UserRow.password_hash) != "")
    count = select(func.count()).select_from(UserRow).where(col(UserRow.tenant_id) == tenant_id, *able)
    return int(session.scalar(count) or 0)


def begin(session: Session, sign_in: SignIn) -> None:
    """Enter a sign-in or token."""
    session.add(SessionRow(**sign_in.model_dump(exclude={"ended"})))


def sign_in(session: Session, sign_in_id: str) -> SignIn | None:
    """Return a sign-in, ended or not."""
    row = session.get(SessionRow, sign_in_id)
    return _sign_in(row) if row else None


def sign_ins(session: Session, user_id: str, now: datetime) -> list[SignIn]:
    """Return what a person is signed in with, newest first."""
    valid = (col(SessionRow.user_id) == user_id, col(SessionRow.ended_at).is_(None), col(SessionRow.expires_at) > now)
    rows = session.scalars(select(SessionRow).where(*valid).order_by(col(SessionRow.created_at).desc()))
    return [_sign_in(row) for row in rows]


def rotate(session: Session, known: SignIn, secret_hash: str, now: datetime, until: datetime) -> bool:
    """Give a sign-in another secret, unless somebody was faster; return whether."""
    told = session.execute(
        update(SessionRow)
        .where(col(SessionRow.id) == known.id, col(SessionRow.secret_hash) == known.secret_hash)
        .values(secret_hash=secret_hash, previous_hash=known.secret_hash, rotated_at=now, expires_at=until)
        .returning(col(SessionRow.id))
    )
    return told.scalar_one_or_none() is not None


def forget_previous(session: Session, sign_in_id: str) -> None:
    """Note that a browser has shown its new secret: the one before is not taken any more."""
    session.execute(update(SessionRow).where(col(SessionRow.id) == sign_in_id).values(previous_hash=""))


def end(session: Session, sign_in_id: str, at: datetime) -> None:
    """End a sign-in or token."""
    session.execute(update(SessionRow).where(col(SessionRow.id) == sign_in_id).values(ended_at=at))


def end_all(session: Session, user_id: str, at: datetime) -> None:
    """End everything that a person is signed in with."""
    open_ones = (col(SessionRow.user_id) == user_id, col(SessionRow.ended_at).is_(None))
    session.execute(update(SessionRow).where(*open_ones).values(ended_at=at))


def is_member(session: Session, project_id: str, user_id: str) -> bool:
    """Whether a person works on a project."""
    return session.get(MemberRow, (project_id, user_id)) is not None


def projects_of_member(session: Session, user_id: str) -> frozenset[str]:
    """Return the projects that a person works on."""
    return frozenset(session.scalars(select(col(MemberRow.project_id)).where(col(MemberRow.user_id) == user_id)))


def members(session: Session, project_id: str) -> frozenset[str]:
    """Return who works on a project."""
    return frozenset(session.scalars(select(col(MemberRow.user_id)).where(col(MemberRow.project_id) == project_id)))


def join(session: Session, project_id: str, user_id: str) -> None:
    """Let a person work on a project."""
    if not is_member(session, project_id, user_id):
        session.add(MemberRow(project_id=project_id, user_id=user_id))
        session.flush()


def leave(session: Session, project_id: str, user_id: str) -> None:
    """Let a person work on a project no more."""
    own = (col(MemberRow.project_id) == project_id, col(MemberRow.user_id) == user_id)
    session.execute(delete(MemberRow).where(*own))


def write_down(session: Session, tenant_id: str, deed: Deed) -> None:
    """Add a line to the audit trail."""
    session.add(AuditRow(id=str(uuid4()), tenant_id=tenant_id, **deed._asdict()))


def deeds(session: Session, tenant_id: str, before: datetime | None, limit: int) -> Sequence[Deed]:
    """Return the newest lines of the audit trail, or those before a moment."""
    wanted = select(AuditRow).where(col(AuditRow.tenant_id) == tenant_id)
    if before:
        wanted = wanted.where(col(AuditRow.at) < before)
    rows = session.scalars(wanted.order_by(col(AuditRow.at).desc()).limit(limit))
    return [Deed(row.at, row.who, row.what, row.project_id, row.status) for row in rows]


def _account(row: UserRow) -> Account:
    return Account(
        person=Person(id=row.id, tenant_id=row.tenant_id, name=row.name, email=row.email, role=row.role),
        password_hash=row.password_hash,
        invite_hash=row.invite_hash,
        invite_until=row.invite_until,
        disabled=row.disabled_at is not None,
        created_at=row.created_at,
    )


def _sign_in(row: SessionRow) -> SignIn:
    told = row.model_dump(exclude={"ended_at"})
    return SignIn(**told, ended=row.ended_at is not None)
