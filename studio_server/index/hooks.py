"""Webhooks and their deliveries. A log entry becomes deliveries and moves the webhook's cursor in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlmodel import Session, col

from studio_sdk.types import Frozen
from studio_server.index.tables import DeliveryRow, HookRow, JobRow


class Hook(Frozen):
    """A webhook. It stands at `revision` of the log `log_id`; `off_because` says why it is off, or is empty."""

    id: str
    project_id: str
    url: str
    secret: str
    kinds: tuple[str, ...]
    log_id: str
    revision: int
    off_because: str = ""
    failing_since: datetime | None = None
    created_by: str
    created_at: datetime


class Delivery(Frozen):
    """A message to one webhook, how often it was tried and what came of it."""

    hook_id: str
    id: str
    kind: str
    body: str
    at: datetime
    tries: int = 0
    due_at: datetime | None = None
    tried_at: datetime | None = None
    answer: str = ""
    delivered: bool = False


def add(session: Session, hook: Hook) -> None:
    """Enter a webhook."""
    session.add(HookRow(**hook.model_dump(mode="python") | {"kinds": list(hook.kinds)}))


def of_project(session: Session, project_id: str) -> Sequence[Hook]:
    """Return a project's webhooks, oldest first."""
    rows = session.scalars(
        select(HookRow).where(col(HookRow.project_id) == project_id).order_by(col(HookRow.created_at), col(HookRow.id))
    )
    return [_hook(row) for row in rows]


def on(session: Session) -> Sequence[Hook]:
    """Return every webhook that is on."""
    return [_hook(row) for row in session.scalars(select(HookRow).where(col(HookRow.off_because) == ""))]


def ours(session: Session, prefix: str) -> Sequence[Hook]:
    """Return the webhooks whose id begins so."""
    return [_hook(row) for row in session.scalars(select(HookRow).where(col(HookRow.id).startswith(prefix)))]


def get(session: Session, hook_id: str) -> Hook | None:
    """Return a webhook."""
    row = session.get(HookRow, hook_id)
    return _hook(row) if row else None


def change(session: Session, hook_id: str, **values: Any) -> None:
    """Change some fields of a webhook."""
    session.execute(update(HookRow).where(col(HookRow.id) == hook_id).values(**values))


def remove(session: Session, hook_id: str) -> None:
    """Take a webhook away, with its deliveries."""
    session.execute(delete(DeliveryRow).where(col(DeliveryRow.hook_id) == hook_id))
    session.execute(delete(HookRow).where(col(HookRow.id) == hook_id))


def deliver(session: Session, made: Delivery) -> None:
    """Enter a delivery; one that is there already stays as it is."""
    if session.get(DeliveryRow, (made.hook_id, made.id)) is None:
        session.add(DeliveryRow(**made.model_dump(mode="python")))
        session.flush()


def waits(session: Session, now: datetime) -> bool:
    """Whether a delivery is to be tried now."""
    due = select(col(DeliveryRow.id)).join(HookRow, col(HookRow.id) == col(DeliveryRow.hook_id))
    return session.execute(due.where(*_is_due(now)).limit(1)).first() is not None


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(DeliveryRow.due_at) <= now, col(HookRow.off_because) == ""


def take_due(session: Session, now: datetime, hold: timedelta, limit: int) -> Sequence[Delivery]:
    """Return deliveries to be tried now, and keep them from others for as long as `hold`."""
    rows = session.scalars(
        select(DeliveryRow)
        .join(HookRow, col(HookRow.id) == col(DeliveryRow.hook_id))
        .where(*_is_due(now))
        .order_by(col(DeliveryRow.due_at), col(DeliveryRow.at), col(DeliveryRow.id))
        .limit(limit)
    ).all()
    found = [_delivery(row) for row in rows]
    for row in rows:
        row.due_at = now + hold
    return found


def tried(session: Session, one: Delivery, **values: Any) -> None:
    """Note what came of a try."""
    session.execute(
        update(DeliveryRow)
        .where(col(DeliveryRow.hook_id) == one.hook_id, col(DeliveryRow.id) == one.id)
        .values(tries=one.tries + 1, **values)
    )


def newest(session: Session, hook_id: str, limit: int) -> Sequence[Delivery]:
    """Return the newest deliveries of a webhook, newest first."""
    rows = session.scalars(
        select(DeliveryRow)
        .where(col(DeliveryRow.hook_id) == hook_id)
        .order_by(col(DeliveryRow.at).desc(), col(DeliveryRow.id).desc())
        .limit(limit)
    )
    return [_delivery(row) for row in rows]


def forget_old(session: Session, before: datetime) -> None:
    """Remove deliveries that ended before a moment."""
    session.execute(delete(DeliveryRow).where(col(DeliveryRow.due_at).is_(None), col(DeliveryRow.at) < before))


def of_run(session: Session, project_id: str, run: str) -> dict[str, int]:
    """Return how many jobs of a run stand where."""
    rows = session.execute(
        select(col(JobRow.state), func.count())
        .where(col(JobRow.project_id) == project_id, col(JobRow.run) == run)
        .group_by(col(JobRow.state))
    )
    return {state: count for state, count in rows}  # noqa: C416 - rows are not plain tuples


def _hook(row: HookRow) -> Hook:
    return Hook(**row.model_dump() | {"kinds": tuple(row.kinds)})


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(**row.model_dump())
