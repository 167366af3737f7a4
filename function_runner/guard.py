"""The guard: a small process between the runner and a pipeline, so that nothing is ever left behind.

Started by `launchers` as `python -I -S guard.py`; it imports nothing but the standard library. The first line on its
standard input is the order (JSON: argv, cwd, env, file_bytes, `may`: what the pipeline may touch, null for all that its
user may, and `boxed`: it runs inside bubblewrap); later lines are `stop` (SIGTERM to the pipeline's group) and `kill`.
When the input ends - the runner died - or the pipeline does, every descendant is killed, even those that left the
group: the guard is their reaper. It exits as the pipeline did (128 + signal for a death by signal).
"""

# ruff: noqa: SIM105 - contextlib would double the time this takes to start

import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
from importlib.machinery import SourceFileLoader

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PR_CAPBSET_DROP = 24
_CAPABILITIES = 64
_LANDLOCK = SourceFileLoader("landlock", __file__.replace("guard.py", "landlock.py"))
_NICE = 5
_LOST_CAUSE = 500
_BUG = 70
_AGAIN_S = 0.02


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        _LIBC.prctl(option, value, 0, 0, 0)


def _become(order: dict, guard: int) -> None:  # type: ignore[type-arg]
    """Turn this forked child of a guard into the pipeline."""
    os.setpgid(0, 0)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != guard:
        os._exit(_BUG)  # the guard was killed before it could be heard dying
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_bytes"], order["file_bytes"]))
    os.nice(_NICE)
    if sys.platform == "linux":
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123 - no pathlib at start-up
            file.write(str(_LOST_CAUSE))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.closerange(3, 256)
    os.chdir(order["cwd"])
    if order["may"] is not None:
        for capability in range(_CAPABILITIES if os.geteuid() == 0 else 0):
            _prctl(_PR_CAPBSET_DROP, capability)  # root without its powers
        _LANDLOCK.load_module("landlock").restrict(**order["may"])
    for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.execve(order["argv"][0], order["argv"], order["env"])  # noqa: S606 - the order comes from the runner


def _children(of: int) -> list[int]:
    try:
        with open(f"/proc/{of}/task/{of}/children", encoding="ascii") as file:  # noqa: PTH123
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def _clear(group: int) -> None:
    """Kill the pipeline's group and every orphan that came to us, until none is left."""
    give_up = time.monotonic() + 5
    while time.monotonic() < give_up:
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        for child in _children(os.getpid()):
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)


def _ended(pipeline: int) -> int | None:
    """Return how the pipeline ended, if it did; other descendants that came to us are only buried."""
    try:
        while (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            if ended[0] == pipeline:
                return os.waitstatus_to_exitcode(ended[1])
    except ChildProcessError:
        return _BUG
    return None


def _stop(pipeline: int, boxed: bool) -> bool:  # noqa: FBT001 - one word of the order
    """Send SIGTERM to the pipeline's group; return False where bubblewrap has not yet started it.

    Bubblewrap itself must not hear it: it would die and take the pipeline along. Its child is the first process of the
    sandbox, which only SIGKILL can end, and that one's child is the pipeline; the two have a group of their own.
    """
    group = pipeline
    if boxed:
        inside = [grandchild for child in _children(pipeline) for grandchild in _children(child)]
        if not inside or os.getpgid(inside[0]) == pipeline:
            return False
        group = os.getpgid(inside[0])
    os.killpg(group, signal.SIGTERM)
    return True


def _watch(pipeline: int, bell: int, boxed: bool) -> int:  # noqa: FBT001 - one word of the order
    """Obey the runner until the pipeline ends or the runner does; return the exit status."""
    text = b""
    to_stop = False
    while True:
        if to_stop:
            try:
                to_stop = not _stop(pipeline, boxed)
            except (ProcessLookupError, PermissionError):
                to_stop = False
        ready, _, _ = select.select([0, bell], [], [], _AGAIN_S if to_stop else None)
        if bell in ready:
            os.read(bell, 512)
            status = _ended(pipeline)
            if status is not None:
                return status
        if 0 in ready:
            piece = os.read(0, 512)
            if not piece:
                return -signal.SIGKILL
            text += piece
            *lines, text = text.split(b"\n")
            for line in lines:
                if line == b"kill":
                    return -signal.SIGKILL
                to_stop = True


def main() -> None:
    """Guard one pipeline and exit with its status."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    bell, ringer = os.pipe()
    os.set_blocking(ringer, False)
    signal.set_wakeup_fd(ringer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    text = b""
    while not text.endswith(b"\n"):
        piece = os.read(0, 65536)
        if not piece:
            os._exit(0)
        text += piece
    order = json.loads(text)
    guard = os.getpid()
    pipeline = os.fork()
    if pipeline == 0:
        try:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            _become(order, guard)
        except BaseException as why:  # noqa: BLE001 - a forked child must never return
            os.write(2, f"cannot start the pipeline: {why!r}\n".encode())
        finally:
            os._exit(_BUG)
    try:
        os.setpgid(pipeline, pipeline)
    except (ProcessLookupError, PermissionError):
        pass
    status = _watch(pipeline, bell, order["boxed"])
    _clear(pipeline)
    os._exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
