"""How a pipeline is started, stopped and heard: a process of this machine, guarded so that nothing is left behind.

`job` uses the `Launcher` protocol only, so that containers can stand beside processes. A launcher knows nothing of
the studio.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import studio_sdk
from function_runner import landlock

LOG_BYTES: Final = 4 * 1024 * 1024
"""How much of what a pipeline prints is kept in its folder."""

_TAIL_BYTES: Final = 16 * 1024
_PIECE: Final = 65536
_GUARD: Final = Path(__file__).with_name("guard.py")
_SDK: Final = Path(studio_sdk.__file__).parents[1]
_SYSTEM: Final = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc", "/opt", "/proc", "/sys/devices/system")
_SINKS: Final = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Launch:
    """What to start: a command, the pipeline's folder, the job's folder, and how large one file may grow."""

    command: tuple[str, ...]
    pipeline_dir: Path
    job_dir: Path
    file_bytes: int
    threads: int
    extra: Mapping[str, str] = field(default_factory=dict)


class Running(Protocol):
    """A pipeline at work."""

    def exit_status(self) -> int | None:
        """Return the status it ended with (128 + signal for a death by signal), or None while it works."""

    def stop(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it and everything it started, now."""

    def log_tail(self) -> str:
        """Return the last of what it printed, as text, whatever it printed."""


class Launcher(Protocol):
    """A way to start pipelines. `label` says how well they are kept apart from the machine."""

    label: str

    def start(self, launch: Launch, ended: threading.Event) -> Running:
        """Start a pipeline; set `ended` when it is over."""


class ProcessLauncher:
    """Starts a pipeline as a process of this user: own group, clean environment, limits, and a guard over it.

    Where this machine can, the process sees only what `reach` names; `label` says which of the two it is.
    """

    def __init__(self, *, restricted: bool | None = None) -> None:
        self._restricted = can_restrict() if restricted is None else restricted
        self.label = "restricted" if self._restricted else "process"

    def start(self, launch: Launch, ended: threading.Event) -> Running:
        """Start a pipeline; raise OSError where the guard cannot be started."""
        return _GuardedProcess(launch, ended, reach(launch) if self._restricted else None)


@cache
def can_restrict() -> bool:
    """Whether a process can really be restricted here: tried in one, because a kernel may say yes, a container no."""
    if sys.platform != "linux" or landlock.abi() == 0:
        return False
    trial = "import landlock; landlock.restrict(['/'], [])"
    done = subprocess.run([sys.executable, "-S", "-c", trial], cwd=_GUARD.parent, capture_output=True, check=False)
    return done.returncode == 0


def reach(launch: Launch) -> dict[str, object]:
    """Return all that a restricted pipeline may touch: its job, its folder, its interpreter, the system's programs."""
    program = Path(launch.command[0])
    homes = [path.parent.parent if path.parent.name == "bin" else path for path in (program, program.resolve())]
    own = (launch.pipeline_dir, launch.job_dir, *homes, _SDK)
    return {
        "read": [*_SYSTEM, *map(str, own)],
        "write": [*_SINKS, str(launch.job_dir / "outputs"), str(launch.job_dir / "scratch")],
        "append": [str(launch.job_dir / "events.jsonl")],
    }


def clean_environment(launch: Launch) -> dict[str, str]:
    """Return all that a pipeline sees of the environment: nothing of the runner's own."""
    threads = str(launch.threads)
    return {
        "PATH": f"{Path(launch.command[0]).parent}:{os.defpath}:/usr/local/bin:/opt/homebrew/bin",
        "HOME": str(launch.job_dir / "scratch"),
        "TMPDIR": str(launch.job_dir / "scratch"),
        "LANG": "C.UTF-8",
        "JOB_DIR": str(launch.job_dir),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        **launch.extra,
    }


class _GuardedProcess:
    def __init__(self, launch: Launch, ended: threading.Event, may: dict[str, object] | None) -> None:
        self._ended = ended
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._status: int | None = None
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
        order = {
            "argv": launch.command,
            "cwd": str(launch.pipeline_dir),
            "env": clean_environment(launch),
            "file_bytes": launch.file_bytes,
            "may": may,
        }
        self._say(json.dumps(order).encode())
        self._listener = threading.Thread(target=self._listen, args=(launch.job_dir / "log.txt",), daemon=True)
        self._listener.start()

    def exit_status(self) -> int | None:
        return self._status

    def stop(self) -> None:
        self._say(b"stop")

    def kill(self) -> None:
        self._say(b"kill")

    def log_tail(self) -> str:
        return b"".join(self._tail)[-_TAIL_BYTES:].decode("utf-8", errors="replace").replace("\0", "\ufffd")

    def _say(self, order: bytes) -> None:
        with self._line:
            if self._status is None:
                with contextlib.suppress(BrokenPipeError):  # it is over; the listener tells
                    os.write(self._orders, order + b"\n")

    def _listen(self, path: Path) -> None:
        """Keep what is printed, then wait for the end. Everything that held the pipe is dead by then."""
        assert self._guard.stdout is not None  # noqa: S101 - it was asked for above
        with path.open("wb", buffering=0) as log:
            room = LOG_BYTES
            while piece := os.read(self._guard.stdout.fileno(), _PIECE):
                self._remember(piece)
                try:
                    room -= log.write(piece[:room]) or 0
                except OSError:
                    room = 0  # the disk is full: the tail in memory is still right
        status = self._guard.wait()
        self._guard.stdout.close()
        with self._line:
            self._status = status if status >= 0 else 128 - status
            os.close(self._orders)
        self._ended.set()

    def _remember(self, piece: bytes) -> None:
        self._tail.append(piece)
        self._tail_size += len(piece)
        while self._tail_size - len(self._tail[0]) > _TAIL_BYTES:
            self._tail_size -= len(self._tail.popleft())
