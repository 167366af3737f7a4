"""A run under way, followed from outside: what became of each of its jobs, by the project's log.

`make` shows it to a person, `mcp` tells it to an agent. A studio that is renewed meanwhile is waited for.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_server.remote.api import Api, Json, part

ENDED: Final = frozenset({"succeeded", "failed", "canceled"})
LOOK_S: Final = 0.5
PATIENCE_S: Final = 120.0
"""How long a studio that does not answer any more is waited for; a web process is renewed in seconds."""

_PIECE: Final = 1000


@dataclass
class Run:
    """The jobs of a run by their ids, as last told, and what they made. `also` are others' jobs that it builds on."""

    project: Json
    id: str
    revision: int
    log_id: str = ""
    also: frozenset[str] = frozenset()
    tasks: dict[str, Json] = field(default_factory=dict)
    made: dict[str, Json] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether nothing of it goes on."""
        return all(task["state"] in ENDED for task in self.tasks.values()) and self.also <= set(self.tasks)

    @property
    def is_made(self) -> bool:
        """Whether all of it has landed."""
        return self.is_over and all(task["state"] == "succeeded" for task in self.tasks.values())

    def news(self, api: Api) -> Iterator[Json]:
        """Yield each task of the run that the log tells anew, in its order."""
        while True:
            told = api.get(f"/projects/{part(self.project['id'])}/events", since=self.revision)
            if self.log_id and told["log_id"] != self.log_id:
                words = "The studio's database was made anew; what the run came to is on the board."
                raise StudioError(Code.VERSION_CONFLICT, words)
            self.log_id = told["log_id"]
            for event in told["events"]:
                self.revision = event["revision"]
                task = event.get("task")
                if isinstance(task, dict) and (task.get("run") == self.id or task["id"] in self.also):
                    self.tasks[task["id"]] = task
                    result = event.get("result") or {}
                    if made := result.get("take") or result.get("film"):
                        self.made[task["id"]] = made
                    yield task
            if len(told["events"]) < _PIECE:
                return

    def progress(self, api: Api) -> Json:
        """Return the project's queue, and note how far what runs is."""
        line: Json = api.get(f"/projects/{part(self.project['id'])}/queue")
        for task in line["tasks"]:
            if task["id"] in self.tasks and self.tasks[task["id"]]["state"] not in ENDED:
                self.tasks[task["id"]] = task
        return line


class Patience:
    """Lets a studio be away for a while: `lost` sleeps, and raises what was met once it is too long."""

    def __init__(self) -> None:
        self._since: float | None = None

    def lost(self, error: StudioError) -> bool:
        """Wait a moment; return whether the studio has gone only now."""
        now = time.monotonic()
        first = self._since is None
        if self._since is None:
            self._since = now
        if error.code is not Code.DEPENDENCY_MISSING or now - self._since > PATIENCE_S:
            raise error
        time.sleep(LOOK_S)
        return first

    def found(self) -> None:
        """Note that it answers."""
        self._since = None


def path_of(project: Json, made: Json) -> str:
    """Return where a take or film lies on the studio's machine."""
    return f"{project['path']}/{made['path']}"
