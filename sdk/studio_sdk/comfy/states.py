"""What a server says of a job, in one form, whichever route told it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = Mapping[str, Any]


class State(StrEnum):
    """Where a job is. `UNKNOWN`: the server has no such job (any more)."""

    PENDING = "pending"
    RUNNING = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self in {State.COMPLETED, State.FAILED, State.CANCELED}


@dataclass(frozen=True)
class File:
    """A file on the server, as its nodes and routes name it. `type` is output, temp or input."""

    filename: str
    subfolder: str = ""
    type: str = "output"

    def query(self) -> dict[str, str]:
        """Return it as the parameters of GET /view."""
        return {"filename": self.filename, "subfolder": self.subfolder, "type": self.type}


@dataclass(frozen=True)
class JobState:
    """One job: `outputs` is what its nodes showed, `error` what the failing one raised."""

    state: State
    outputs: Mapping[str, Json] = field(default_factory=dict)
    error: Json = field(default_factory=dict)

    def files(self) -> Iterator[tuple[str, File]]:
        """Yield every file with the id of its node, whatever list it is in: images, video, gifs, audio."""
        for node, shown in self.outputs.items():
            for entries in shown.values():
                for entry in entries if isinstance(entries, list) else ():
                    if isinstance(entry, dict) and entry.get("filename"):
                        folder, kind = str(entry.get("subfolder", "")), str(entry.get("type", "output"))
                        yield node, File(str(entry["filename"]), folder, kind)


def of_job(told: Json) -> JobState:
    """Return the state of an answer of /api/jobs/{id}. Raises ValueError for a status that is none."""
    return JobState(State(told["status"]), told.get("outputs") or {}, told.get("execution_error") or {})


def of_history(entry: Json) -> JobState:
    """Return the state of an entry of /history/{id}, whose last message says how it ended."""
    status = entry.get("status") or {}
    kind, data = (status.get("messages") or [["", {}]])[-1]
    if kind == "execution_interrupted":
        return JobState(State.CANCELED)
    if status.get("status_str") == "error" or kind == "execution_error":
        return JobState(State.FAILED, error=data)
    return JobState(State.COMPLETED, entry.get("outputs") or {})
