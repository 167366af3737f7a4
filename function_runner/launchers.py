"""What it means to start, stop and hear a pipeline, whatever it runs in.

`job` uses the `Launcher` protocol only; `process` and `containers` are its two kinds, and `chosen` picks one by the
settings. A launcher knows nothing of the studio.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from studio_sdk import environment
from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline


@dataclass(frozen=True)
class Keeping:
    """Where the pipeline of a job may keep things for its next jobs, and how many megabytes."""

    folder: Path
    megabytes: int


@dataclass(frozen=True)
class Launch:
    """What to start: an installed pipeline, for one attempt at a job that ends at `deadline` (seconds since 1970).

    `folder` is the pipeline's, `digest` that of its contents, `environment` where its Python environment lies if it
    has one. `threads` is how many processors it may use, `sockets` the services at its side by name, `kept` the place
    for what it keeps between jobs.
    """

    pipeline: Pipeline
    folder: Path
    digest: str
    environment: Path
    job_id: str
    attempt: int
    job_dir: Path
    deadline: float
    threads: int
    sockets: Mapping[str, Path] = field(default_factory=dict)
    kept: Keeping | None = None

    @property
    def file_bytes(self) -> int:
        """Return how large one file may grow."""
        return self.pipeline.limits.output_mb * 1024 * 1024

    def command(self) -> tuple[str, ...]:
        """Return the command as this machine has it. Raises DEPENDENCY_MISSING where the program is not here."""
        python = self.environment / "bin" / "python"
        if self.pipeline.entry[0] == "python" and not python.exists():
            raise without_environment(self)
        try:
            return environment.command(self.pipeline.entry, self.folder, python)
        except FileNotFoundError as why:
            raise StudioError(
                Code.DEPENDENCY_MISSING,
                f"{self.pipeline.title} needs the program {self.pipeline.entry[0]}.",
                detail=f"Install {self.pipeline.entry[0]}.",
            ) from why


def without_environment(launch: Launch) -> StudioError:
    """Return the error for a pipeline in Python whose packages are not set up here."""
    return StudioError(
        Code.DEPENDENCY_MISSING,
        f"The environment “{launch.pipeline.environment}” of {launch.pipeline.title} is not set up on this worker.",
        detail=f"Run `make studio` in the studio's folder; it builds {launch.environment}.",
    )


class Running(Protocol):
    """A pipeline at work. `image` is the id of the image it runs in; empty where it is no container."""

    image: str

    def exit_status(self) -> int | None:
        """Return the status it ended with (128 + signal for a death by signal), or None while it works.

        Raises StudioError where nobody can tell any more.
        """

    def stop(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it and everything it started, now."""

    def starved(self) -> bool:
        """Whether it ended because the memory ran out, as far as can be told."""

    def log_tail(self) -> str:
        """Return the last of what it printed, as text, whatever it printed."""


class Launcher(Protocol):
    """A way to start pipelines. `label` says how well they are kept apart from the machine."""

    label: str

    def start(self, launch: Launch, ended: threading.Event) -> Running:
        """Start a pipeline; set `ended` when it is over. Raises StudioError or OSError where it cannot be started."""

    def reap(self) -> None:
        """End what earlier attempts of this worker left behind; called when none is running."""
