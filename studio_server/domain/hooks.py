"""Webhooks: what is told to the outside, how it is signed and when it is tried again (Standard Webhooks). Pure.

A message is a fact of the log and has an id made from its place there, so whoever gets it twice can know.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_server.domain.events import Event, EventType

MOST_TRIES: Final = 8
PAUSES: Final = tuple(timedelta(seconds=s) for s in (5, 60, 300, 1800, 7200, 18000, 36000))
"""How long after each failed try the next one is made; about a day in all."""

PATIENCE: Final = timedelta(days=3)
"""A webhook that nothing could be delivered to for so long is turned off."""

_PREFIX: Final = "whsec_"
_SHORTEST: Final = 24


_TOLD: Final = frozenset({"node_id", "task", "result", "error"})


class HookKind(StrEnum):
    """What can be told."""

    TAKE = "take.landed"
    FILM = "film.rendered"
    FAILED = "job.failed"
    RUN = "run.finished"


TEST: Final = "test"
"""The kind of the message that a person sends to try a webhook; every webhook gets it."""


class Message(NamedTuple):
    """Something to be told: its id, what happened, when, and the facts."""

    id: str
    kind: str
    at: datetime
    data: dict[str, JsonValue]

    @property
    def body(self) -> str:
        """Return the JSON that is sent and signed."""
        told = {"type": self.kind, "timestamp": self.at.isoformat(), "data": self.data}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def message_of(project_id: str, event: Event) -> Message | None:
    """Return what an event of the log tells the outside by itself, often nothing."""
    data: dict[str, JsonValue] = {"project_id": project_id}
    data |= {name: value for name, value in event.data.items() if name in _TOLD}
    result = event.data.get("result")
    if event.type is EventType.TASK_FAILED:
        return Message(_id(project_id, event), HookKind.FAILED, event.at, data)
    if event.type is EventType.TASK_SUCCESS and isinstance(result, dict):
        # A job that found its take there already has made none.
        kind = HookKind.FILM if "film" in result else HookKind.TAKE if "take" in result else None
        return Message(_id(project_id, event), kind, event.at, data) if kind else None
    return None


def run_ended_by(event: Event) -> str:
    """Return the run whose last job an event may have ended, else nothing."""
    task = event.data.get("task")
    ends = event.type in {EventType.TASK_SUCCESS, EventType.TASK_FAILED} or event.data.get("state") == "canceled"
    return str(task.get("run") or "") if ends and isinstance(task, dict) else ""


def run_message(project_id: str, run: str, at: datetime, counts: dict[str, int]) -> Message:
    """Return what is told when nothing of a run is left to do: how many of its jobs ended how."""
    data: dict[str, JsonValue] = {"project_id": project_id, "run_id": run, "jobs": dict(counts)}
    return Message(f"msg_run_{run}", HookKind.RUN, at, data | {"ok": set(counts) <= {"succeeded"}})


def _id(project_id: str, event: Event) -> str:
    return f"msg_{project_id}_{event.revision}_{event.at.timestamp():.0f}"


def signed(secret: str, message_id: str, at: datetime, body: str) -> dict[str, str]:
    """Return the headers of a delivery: id, time and the HMAC-SHA256 over both and the body."""
    stamp = str(int(at.timestamp()))
    given = f"{message_id}.{stamp}.{body}".encode()
    mark = base64.b64encode(hmac.digest(key_of(secret), given, hashlib.sha256)).decode()
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": f"v1,{mark}"}


def key_of(secret: str) -> bytes:
    """Return the key that a secret `whsec_…` stands for. Raises VALIDATION_ERROR for one that is none or short."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(_PREFIX) or len(key) < _SHORTEST:
        words = f"A webhook's secret is {_PREFIX} and {_SHORTEST} or more bytes as base64; left out, one is made."
        raise StudioError(Code.VALIDATION_ERROR, words, field="secret")
    return key


def secret_of(key: bytes) -> str:
    """Return a key as the secret that both sides keep."""
    return _PREFIX + base64.b64encode(key).decode()


def next_try(tries: int, at: datetime) -> datetime | None:
    """Return when a delivery that has failed so many times is tried again, None where it is given up."""
    return None if tries >= MOST_TRIES else at + PAUSES[min(tries, len(PAUSES)) - 1]


def is_wanted(kind: str, wanted: Sequence[str]) -> bool:
    """Whether a webhook that asks for these kinds (none: all) gets this one."""
    return not wanted or kind in wanted
