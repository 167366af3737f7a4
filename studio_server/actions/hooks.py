"""Webhooks of a project: list, add, change, remove, try; for the courier, log into deliveries and what came of them."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_sdk.reach import may_reach
from studio_sdk.types import Frozen
from studio_server.actions import canvas
from studio_server.actions.generate import STUDIO
from studio_server.actions.studio import Studio
from studio_server.domain.events import Change, Event, EventType
from studio_server.domain.hooks import (
    PATIENCE,
    TEST,
    HookKind,
    Message,
    is_wanted,
    key_of,
    message_of,
    next_try,
    run_ended_by,
    run_message,
    secret_of,
)
from studio_server.index import directory, hooks, log
from studio_server.index.hooks import Delivery, Hook
from studio_server.index.session import Session, alone

MOST: Final = 20
SHOWN: Final = 20
KEPT: Final = timedelta(days=14)
HOLD: Final = timedelta(seconds=180)
"""A delivery that a web process has begun and never ended is tried by another after so long."""

_GONE: Final = 410
_PIECE: Final = 1000
_OURS: Final = "settings:"
_SECRET_BYTES: Final = 32


class DeliveryView(Frozen):
    """A delivery as people see it. `answer` is the HTTP status, or why there was none; `next_at` the next try."""

    id: str
    kind: str
    at: datetime
    tries: int
    delivered: bool
    answer: str
    tried_at: datetime | None
    next_at: datetime | None


class HookView(Frozen):
    """A webhook as people see it; `of_studio` is that of the settings, which is changed there only.

    `secret` is told once, in the answer to its making. `off_because` says why it is off, empty while it is on.
    """

    id: str
    url: str
    kinds: tuple[str, ...]
    off_because: str
    failing_since: datetime | None
    created_by: str
    created_at: datetime
    deliveries: tuple[DeliveryView, ...]
    of_studio: bool = False
    secret: str | None = None


def listed(studio: Studio, project_id: str) -> list[HookView]:
    """Return a project's webhooks with their last deliveries."""
    canvas.find(studio, project_id)
    with studio.index.read() as session:
        return [_view(studio, session, hook) for hook in hooks.of_project(session, project_id)]


def add(studio: Studio, project_id: str, url: str, kinds: Sequence[HookKind], secret: str = "") -> HookView:
    """Add a webhook, told of what happens from now on. Without a secret one is made. Raises VALIDATION_ERROR."""
    entry = canvas.find(studio, project_id)
    made = secret or secret_of(secrets.token_bytes(_SECRET_BYTES))
    key_of(made)
    hook = Hook(
        id=uuid4().hex,
        project_id=project_id,
        url=_checked(studio, url),
        secret=made,
        kinds=tuple(kinds),
        log_id=entry.log_id,
        revision=entry.revision,
        created_by=studio.person.name,
        created_at=studio.now(),
    )
    with studio.index.write(silent=True) as session:
        if len(hooks.of_project(session, project_id)) >= MOST:
            raise StudioError(Code.VALIDATION_ERROR, f"A project has {MOST} webhooks at most.", field="url")
        hooks.add(session, hook)
    return HookView(**_told(hook), deliveries=(), secret=made)


def change(
    studio: Studio,
    project_id: str,
    hook_id: str,
    *,
    url: str | None = None,
    kinds: Sequence[HookKind] | None = None,
    on: bool | None = None,
) -> HookView:
    """Change a webhook, or turn it on and off; what it missed while it was off is not made up for. Raises NOT_FOUND."""
    entry = canvas.find(studio, project_id)
    values: dict[str, object] = {}
    if url is not None:
        values["url"] = _checked(studio, url)
    if kinds is not None:
        values["kinds"] = [str(kind) for kind in kinds]
    if on is not None:
        values |= {"off_because": "" if on else f"Turned off by {studio.person.name}.", "failing_since": None}
    with studio.index.write(silent=True) as session:
        hook = _own(session, project_id, hook_id)
        if _is_ours(hook) and not (on and url is None and kinds is None):
            raise StudioError(Code.NOT_PERMITTED, "This webhook is changed in the studio's settings only.")
        if on and hook.off_because:
            values |= {"log_id": entry.log_id, "revision": entry.revision}
        if values:
            hooks.change(session, hook_id, **values)
        return _view(studio, session, _own(session, project_id, hook_id))


def remove(studio: Studio, project_id: str, hook_id: str) -> None:
    """Take a webhook away. Raises NOT_FOUND, NOT_PERMITTED for that of the settings."""
    canvas.find(studio, project_id)
    with studio.index.write(silent=True) as session:
        if _is_ours(_own(session, project_id, hook_id)):
            raise StudioError(Code.NOT_PERMITTED, "This webhook is taken away in the studio's settings only.")
        hooks.remove(session, hook_id)


def test(studio: Studio, project_id: str, hook_id: str) -> DeliveryView:
    """Have a message sent that says nothing but that it came; it is on its way, the list tells what came of it."""
    canvas.find(studio, project_id)
    data: dict[str, JsonValue] = {"project_id": project_id, "sent_by": studio.person.name}
    message = Message(f"msg_{uuid4().hex}", TEST, studio.now(), data)
    with studio.index.write() as session:
        hook = _own(session, project_id, hook_id)
        if hook.off_because:
            raise StudioError(Code.VALIDATION_ERROR, "This webhook is off. Turn it on first.", detail=hook.off_because)
        made = _delivery(hook, message)
        hooks.deliver(session, made)
    return _shown(made)


def gather(studio: Studio) -> int:
    """Turn what is new in the logs into deliveries, for every webhook that is on; return how many."""
    _keep_ours(studio)
    with studio.index.read() as session:
        if not (on := hooks.on(session)):
            return 0
        heads = {entry.id: entry for entry in directory.projects_of(session, studio.person.tenant_id)}
        behind = [hook for hook in on if (head := heads.get(hook.project_id)) and _is_behind(hook, head)]
    if not behind:
        return 0
    count = 0
    with studio.index.write() as session:
        alone(session, "webhooks")  # two web processes read the same log
        for name in {hook.id for hook in behind}:
            hook = hooks.get(session, name)
            if hook and not hook.off_because:
                count += _gather(session, hook, heads[hook.project_id])
    return count


def _is_behind(hook: Hook, head: directory.ProjectEntry) -> bool:
    return hook.log_id != head.log_id or hook.revision < head.revision


def _gather(session: Session, hook: Hook, head: directory.ProjectEntry) -> int:
    if hook.log_id != head.log_id:  # the database was made anew; its log begins with what is there
        hooks.change(session, hook.id, log_id=head.log_id, revision=head.revision)
        return 0
    events = log.since(session, hook.project_id, hook.revision, _PIECE)
    wanted = [one for event in events for one in _messages(session, hook, event) if is_wanted(one.kind, hook.kinds)]
    for message in wanted:
        hooks.deliver(session, _delivery(hook, message))
    if events:
        hooks.change(session, hook.id, revision=events[-1].revision)
    return len(wanted)


def _messages(session: Session, hook: Hook, event: Event) -> list[Message]:
    found = [message for message in (message_of(hook.project_id, event),) if message]
    if run := run_ended_by(event):
        counts = hooks.of_run(session, hook.project_id, run)
        if not set(counts) & {"waiting", "queued", "running"}:
            found.append(run_message(hook.project_id, run, event.at, counts))
    return found


def _delivery(hook: Hook, message: Message) -> Delivery:
    now = message.at
    return Delivery(hook_id=hook.id, id=message.id, kind=message.kind, body=message.body, at=now, due_at=now)


def due(studio: Studio, limit: int) -> list[tuple[Hook, Delivery]]:
    """Return deliveries to be tried now, each with its webhook as it stands; nobody else tries them for a while."""
    with studio.index.read() as session:
        if not hooks.waits(session, studio.now()):
            return []
    with studio.index.write(silent=True) as session:
        alone(session, "webhooks")
        taken = hooks.take_due(session, studio.now(), HOLD, limit)
        known = {one.hook_id: hooks.get(session, one.hook_id) for one in taken}
        hooks.forget_old(session, studio.now() - KEPT)
    return [(_addressed(studio, hook), one) for one in taken if (hook := known[one.hook_id])]


def tried(studio: Studio, hook: Hook, one: Delivery, status: int, words: str) -> None:
    """Note what came of a try: a status of HTTP, or 0 and why there was none. What fails for days is turned off."""
    now = studio.now()
    well = 200 <= status < 300  # noqa: PLR2004 - as HTTP counts
    off = ""
    if status == _GONE:
        off = "Turned off: the address says that it is gone (410)."
    elif not well and hook.failing_since and now - hook.failing_since > PATIENCE:
        off = f"Turned off: nothing could be delivered since {hook.failing_since:%Y-%m-%d %H:%M} UTC. Last: {words}"
    due_at = None if well or off else next_try(one.tries + 1, now)
    with studio.index.write(silent=True) as session:
        hooks.tried(session, one, due_at=due_at, tried_at=now, answer=words[:200], delivered=well)
        values = {"failing_since": None if well else hook.failing_since or now, "off_because": off}
        hooks.change(session, hook.id, **values)
    if off:
        _say(studio, hook, off)


def _say(studio: Studio, hook: Hook, words: str) -> None:
    """Tell the pages of a project that one of its webhooks was turned off."""
    told = f"Webhook {host_of(hook.url)}: {words}"
    data: dict[str, JsonValue] = {"level": "warning", "message": told, "node_id": None}
    change_ = Change(type=EventType.NOTICE, data=data)
    canvas.record(studio, hook.project_id, lambda _session, graph: (change_, graph), actor=STUDIO)


def _keep_ours(studio: Studio) -> None:
    """Have every project know the webhook of the settings, or none where they name none."""
    url = studio.settings.webhook_url
    with studio.index.read() as session:
        here = {entry.id: entry for entry in directory.projects_of(session, studio.person.tenant_id)}
        # Other studios on this database have webhooks of their own settings.
        known = {hook.project_id for hook in hooks.ours(session, _OURS)} & here.keys()
    missing = [entry for entry in here.values() if url and entry.id not in known]
    if not missing and (url or not known):
        return
    with studio.index.write(silent=True) as session:
        alone(session, "webhooks")
        for entry in missing:
            name = f"{_OURS}{entry.id}"
            if hooks.get(session, name) is None:
                hooks.add(
                    session,
                    Hook(
                        id=name,
                        project_id=entry.id,
                        url="",
                        secret="",
                        kinds=(),
                        log_id=entry.log_id,
                        revision=entry.revision,
                        created_by=STUDIO,
                        created_at=studio.now(),
                    ),
                )
        for project_id in known if not url else ():
            hooks.remove(session, f"{_OURS}{project_id}")


def _is_ours(hook: Hook) -> bool:
    return hook.id.startswith(_OURS)


def _addressed(studio: Studio, hook: Hook) -> Hook:
    """Return a webhook with its address, which of the studio's own is in the settings."""
    if not _is_ours(hook):
        return hook
    secret = studio.settings.webhook_secret.get_secret_value()
    return hook.model_copy(update={"url": studio.settings.webhook_url, "secret": secret})


def _own(session: Session, project_id: str, hook_id: str) -> Hook:
    hook = hooks.get(session, hook_id)
    if hook is None or hook.project_id != project_id:
        raise StudioError(Code.NOT_FOUND, "There is no such webhook.", detail=hook_id[:80])
    return hook


def _view(studio: Studio, session: Session, hook: Hook) -> HookView:
    found = tuple(_shown(one) for one in hooks.newest(session, hook.id, SHOWN))
    return HookView(**_told(_addressed(studio, hook)), deliveries=found, of_studio=_is_ours(hook))


def _told(hook: Hook) -> dict[str, object]:
    return hook.model_dump(include={"id", "url", "kinds", "off_because", "failing_since", "created_by", "created_at"})


def _shown(one: Delivery) -> DeliveryView:
    told = one.model_dump(include={"id", "kind", "at", "tries", "delivered", "answer", "tried_at"})
    return DeliveryView(**told, next_at=one.due_at)


def host_of(url: str) -> str:
    """Return whose address it is."""
    return urlsplit(url).hostname or url


def _checked(studio: Studio, url: str) -> str:
    """Return an address that may be kept. What a name leads to is looked at each time it is called; numbers now."""
    try:
        found = urlsplit(url.strip())
        port_is_one = found.port is None or found.port > 0
    except ValueError:
        found, port_is_one = urlsplit(""), False
    named = found.scheme in {"http", "https"} and found.hostname and port_is_one
    if not named or found.username is not None or found.password is not None:
        words = "A webhook's address is https://HOST/PATH, without a password in it."
        raise StudioError(Code.VALIDATION_ERROR, words, detail=url[:200], field="url")
    host = found.hostname or ""
    with suppress(ValueError):
        if not may_reach(host, at_home=host in studio.settings.webhook_private):
            words = f"{host} is not on the internet. An admin can allow it, in STUDIO_WEBHOOK_PRIVATE."
            raise StudioError(Code.VALIDATION_ERROR, words, detail=url[:200], field="url")
    return url.strip()
