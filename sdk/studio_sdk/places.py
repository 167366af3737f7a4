"""Where a pipeline is tried: as a process of its folder, or (`container`) in a container of its image.

The conformance kit speaks to a place only, so that its trials are the same in both.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from studio_sdk import testing
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.testing import Outcome, Plan

_PR_SET_CHILD_SUBREAPER: Final = 36


@dataclass(frozen=True)
class Said:
    """What a pipeline said to a word that needs no job. `elapsed_s` is its own time, without that of a container."""

    status: int
    stdout: str
    stderr: str
    elapsed_s: float


@dataclass(frozen=True)
class Trial:
    """One run on trial: how it ended, and in words what it left behind."""

    outcome: Outcome
    left: tuple[str, ...] = ()


class Place(Protocol):
    """Somewhere to try one pipeline. `folder` holds its sample and what is expected of it."""

    folder: Path
    label: str

    def manifest(self) -> object:
        """Return the manifest as it was written; OSError or ValueError where it cannot be read."""

    def verb(self, word: str) -> Said:
        """Say `describe` or `check` to it. Raises OSError or TimeoutExpired."""

    def carry_out(self, job_dir: Path, facts: Pipeline, plan: Plan) -> Trial:
        """Run a prepared job folder to its end."""

    def trace(self) -> str:
        """Return a word that changes when the pipeline has changed itself."""


class ProcessPlace:
    """A folder on this machine; `python` is the interpreter of its environment, `comfyui` the address of one."""

    label = "process"

    def __init__(self, folder: Path, python: Path | str = sys.executable, comfyui: str = "") -> None:
        self.folder = folder.resolve()
        self.python = python
        self.comfyui = comfyui

    def manifest(self) -> object:
        """Return what `pipeline.json` holds."""
        return json.loads((self.folder / MANIFEST).read_bytes())

    def verb(self, word: str) -> Said:
        """Run the pipeline's command with the word."""
        entry = testing.manifest(self.folder).entry
        done, took = testing.timed(lambda: testing.verb(self.folder, entry, word, self.python))
        return Said(done.returncode, done.stdout, done.stderr, took)

    def carry_out(self, job_dir: Path, facts: Pipeline, plan: Plan) -> Trial:
        """Run it as a process; what it leaves behind is found and ended (Linux only)."""
        del facts  # its limits are the kit's to hold it to
        with _reaping() as left:
            done = testing.carry_out(
                self.folder,
                job_dir,
                self.python,
                cancel_at=plan.cancel_at,
                word=plan.word,
                grace_s=plan.grace_s,
                limit_s=plan.limit_s,
                comfyui=self.comfyui,
                cache=plan.cache,
            )
            return Trial(done, tuple(left()))

    def trace(self) -> str:
        """Return the digest of its folder."""
        return folder_digest(self.folder)


@contextmanager
def _reaping() -> Iterator[Callable[[], list[str]]]:
    """Adopt what a pipeline leaves behind; what is yielded tells of it in words and ends it (Linux only)."""
    if sys.platform != "linux":
        yield list
        return
    libc, here = ctypes.CDLL(None), Path(f"/proc/self/task/{os.getpid()}/children")
    known = set(here.read_text().split())

    def left() -> list[str]:
        found = []
        for pid in set(here.read_text().split()) - known:
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                os.kill(int(pid), signal.SIGKILL)
                os.waitpid(int(pid), 0)
                found += [words] if words else []  # without words it was dead already
        return found

    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield left
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


TROUBLE: Final = (OSError, subprocess.SubprocessError)
"""What a place raises where a pipeline cannot even be started."""
