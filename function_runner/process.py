"""Pipelines as processes of this machine, each under a guard, kept from the rest of it as well as the machine can.

`chosen` opens it; three labels, from the best to none: `sandboxed` (bubblewrap), `restricted` (Landlock), `process`.
What each of them promises is in docs/operators.md.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Final, Literal

import studio_sdk
from function_runner import bubblewrap, egress, landlock, memory
from function_runner.launchers import Launch, Running
from function_runner.printed import Printed
from studio_sdk import environment
from studio_sdk.contract import Exit
from studio_sdk.errors import Code, StudioError

Label = Literal["sandboxed", "restricted", "process"]

_PIECE: Final = 65536
_GUARD: Final = Path(__file__).with_name("guard.py")
_SDK: Final = Path(studio_sdk.__file__).parents[1]
_SYSTEM: Final = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc", "/opt", "/proc", "/sys/devices/system")
_SINKS: Final = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


class ProcessLauncher:
    """Starts a pipeline as a process of this user: own group, clean environment, limits, and a guard over it.

    `label` says how it is kept from the machine; without one, as well as can be done here.
    """

    def __init__(self, label: Label | None = None) -> None:
        self.label: str = best() if label is None else label

    def start(self, launch: Launch, ended: threading.Event) -> Running:
        """Start a pipeline; raise DEPENDENCY_MISSING without its program, OSError where the guard cannot be started."""
        if self.label == "restricted":  # it takes away TCP altogether
            egress.refuse(launch.pipeline, self.label)
        command = launch.command()
        boxed = self.label == "sandboxed"
        job = Path("/job") if boxed else launch.job_dir
        order: dict[str, object] = {
            "argv": bubblewrap.around(launch, command, homes(command)) if boxed else command,
            "cwd": "/" if boxed else str(launch.folder),
            "env": clean_environment(launch, command, job),
            "file_bytes": launch.file_bytes,
            "may": reach(launch, command) if self.label == "restricted" else None,
            "boxed": boxed,
        }
        return _GuardedProcess(order, launch.job_dir / "log.txt", ended)

    def reap(self) -> None:
        """Do nothing: a guard that loses its runner ends its pipeline."""


@cache
def best() -> Label:
    """Return the best label that this machine earns; each is tried in a real process."""
    if bubblewrap.works():
        return "sandboxed"
    return "restricted" if can_restrict() else "process"


@cache
def can_restrict() -> bool:
    """Whether a process can really be restricted here: tried in one, because a kernel may say yes, a container no."""
    if sys.platform != "linux" or landlock.abi() == 0:
        return False
    trial = "import landlock; landlock.restrict(['/'], [])"
    done = subprocess.run([sys.executable, "-S", "-c", trial], cwd=_GUARD.parent, capture_output=True, check=False)
    return done.returncode == 0


def homes(command: tuple[str, ...]) -> list[Path]:
    """Return the folders that a program lies in: an interpreter's environment, what that stands on, and the SDK."""
    program = Path(command[0])
    return [
        *(path.parent.parent if path.parent.name == "bin" else path for path in (program, program.resolve())),
        _SDK,
    ]


def reach(launch: Launch, command: tuple[str, ...]) -> dict[str, object]:
    """Return all that a restricted pipeline may touch: its job, its folder, its interpreter, the system's programs."""
    own = (launch.folder, launch.job_dir, *homes(command))
    kept = [str(launch.kept.folder)] if launch.kept else []
    return {
        "read": [*_SYSTEM, *map(str, own)],
        "write": [*_SINKS, str(launch.job_dir / "outputs"), str(launch.job_dir / "scratch"), *kept],
        "append": [str(launch.job_dir / "events.jsonl")],
    }


def clean_environment(launch: Launch, command: tuple[str, ...], job: Path) -> dict[str, str]:
    """Return all that a pipeline sees of the environment, nothing of the runner's; `job` is where it finds its job."""
    boxed = job != launch.job_dir
    services = {
        f"JOB_{name.upper()}": f"{job}/services/{name}.sock" if boxed else str(path)
        for name, path in launch.sockets.items()
    }
    kept = launch.kept
    if kept:
        services |= environment.of_cache(f"{job}/cache" if boxed else kept.folder, kept.megabytes)
    return environment.clean(command[0], job, launch.threads) | services


class _GuardedProcess:
    image = ""

    def __init__(self, order: dict[str, object], log: Path, ended: threading.Event) -> None:
        self._ended = ended
        self._printed = Printed(log)
        self._status: int | None = None
        self._kills = memory.kills()
        self._starved = False
        self._trouble: StudioError | None = None
        self._line = threading.Lock()
        heard, self._orders = os.pipe()
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_GUARD)],
            stdin=heard,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={},
            cwd="/",
        )
        os.close(heard)
        self._say(json.dumps(order).encode())
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def exit_status(self) -> int | None:
        if self._trouble is not None:
            raise self._trouble
        return self._status

    def stop(self) -> None:
        self._say(b"stop")

    def kill(self) -> None:
        self._say(b"kill")

    def starved(self) -> bool:
        return self._starved

    def log_tail(self) -> str:
        return self._printed.tail()

    def _say(self, order: bytes) -> None:
        with self._line:
            if self._status is None:
                with contextlib.suppress(BrokenPipeError):  # it is over; the listener tells
                    os.write(self._orders, order + b"\n")

    def _listen(self) -> None:
        """Keep what is printed, then wait for the end. Everything that held the pipe is dead by then."""
        assert self._guard.stdout is not None  # noqa: S101 - it was asked for above
        with self._printed:
            while piece := os.read(self._guard.stdout.fileno(), _PIECE):
                self._printed.add(piece)
        status = self._guard.wait()
        self._guard.stdout.close()
        # The kernel's counter is the machine's: it may have been somebody else, but a SIGKILL of ours is not told here.
        self._starved = status == Exit.KILLED and memory.kills() > self._kills
        if status < 0:  # a guard ends as its pipeline did, by itself: this is no fault of a pipeline
            self._trouble = StudioError(
                Code.WORKER_LOST, "The guard of the pipeline was killed.", detail=f"by {-status}"
            )
        with self._line:
            self._status = status
            os.close(self._orders)
        self._ended.set()
