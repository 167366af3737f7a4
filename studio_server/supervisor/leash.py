"""Holds one program of the studio on a leash: when the supervisor is gone, so is the program and all it started.

The supervisor runs it as `python -I -S leash.py [--fd N] -- command ...`; standard input is a pipe whose other end only
the supervisor holds, so even a killed supervisor is noticed at once. Standard library only; nothing of the studio.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform == "linux"


def main(words: list[str]) -> int:
    """Run the command until it ends or the supervisor does; return its exit code (128 + signal when killed)."""
    cut = words.index("--")
    fds = [int(word) for word in words[:cut] if word != "--fd"]
    libc = ctypes.CDLL(None) if LINUX else None
    if libc is not None:
        # Whatever the program leaves behind becomes this process's child, so that none can hide.
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    own = os.getpid()

    def die_with_the_leash() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != own:
                os._exit(1)  # it was killed before that could be heard

    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    program = subprocess.Popen(
        words[cut + 1 :],
        stdin=subprocess.DEVNULL,
        pass_fds=fds,
        start_new_session=True,
        preexec_fn=die_with_the_leash,  # noqa: PLW1509 - this process has one thread
    )
    signal.signal(signal.SIGTERM, lambda *_: _tell(program.pid))
    for fd in fds:
        os.close(fd)
    code: int | None = None
    while code is None:
        ready, _, _ = select.select([sys.stdin, woken], [], [])
        if sys.stdin in ready and not os.read(sys.stdin.fileno(), 1):
            break
        if woken in ready:
            os.read(woken, 512)
            code = _buried(program.pid)
    _end_all(program.pid)
    return 128 + signal.SIGKILL if code is None else code


def _tell(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def _buried(program: int) -> int | None:
    """Take note of every child that has ended; return the program's exit code when it is among them."""
    code = None
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            if pid == program:
                ended = os.waitstatus_to_exitcode(status)
                code = ended if ended >= 0 else 128 - ended
    return code


def _end_all(program: int) -> None:
    """Kill the program and everything that came from it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(program, signal.SIGKILL)
    if not LINUX:
        return
    with contextlib.suppress(ChildProcessError):
        while True:
            for pid in _descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0)


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # "pid (name) state ppid ...", and a name may hold spaces and brackets.
                ppid = int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
                children.setdefault(ppid, []).append(int(entry.name))
    found: list[int] = []
    waiting = [root]
    while waiting:
        mine = children.get(waiting.pop(), [])
        found.extend(mine)
        waiting.extend(mine)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
