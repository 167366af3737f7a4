"""What can happen to a project and under which socket name it is told (docs/protocol.md, section 3)."""

from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from studio_sdk.types import Frozen
from studio_server.domain.graph import OPERATIONS, Operation


class EventType(StrEnum):
    """The durable events; their value is the socket name without `server:`."""

    GRAPH_PATCHED = "graph_patched"
    NODE_STATE_UPDATED = "node_state_updated"
    TASK_SUCCESS = "task_success"
    TASK_FAILED = "task_failed"
    PROJECT_UPDATED = "project_updated"
    TAKES_CHANGED = "takes_changed"
    ASSET_ADDED = "asset_added"
    LOCKS_CHANGED = "locks_changed"
    NOTICE = "notice"


class Change(Frozen):
    """Something that happened, before it has a number."""

    type: EventType
    data: dict[str, JsonValue]
    node_id: str | None = None
    job_id: str | None = None


class Event(Frozen):
    """Something that happened, with its place in the project's log."""

    revision: int
    type: EventType
    data: dict[str, JsonValue]
    node_id: str | None
    job_id: str | None
    actor: str
    op_id: str | None
    at: datetime

    @property
    def socket_name(self) -> str:
        """Return the name it is emitted under."""
        return f"server:{self.type}"

    def payload(self) -> dict[str, JsonValue]:
        """Return what is emitted: the event's own fields with its revision, time, actor and command."""
        return self.data | {
            "revision": self.revision,
            "at": self.at.isoformat(),
            "actor": self.actor,
            "op_id": self.op_id,
        }

    def told(self) -> dict[str, JsonValue]:
        """Return the payload with the event's name in it, as pieces of the log are sent."""
        return {"event": self.socket_name, **self.payload()}

    def operations(self) -> list[Operation]:
        """Return the operations it applies to the graph, often none."""
        return OPERATIONS.validate_python(self.data.get("operations", []))
