"""One writer at a time in a project folder, across threads and processes.

The lock makes the studio's own writers take turns; it does not bind the user's git, against which commits compare
and set. A thread that holds it may take it again.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_server.library.disk import guarded
from studio_server.library.git import own_folder

PATIENCE_S: Final = 30.0
"""How long a writer waits for its turn, in seconds."""

_POLL_S = 0.005
_SHORTEST_POLL_S = 0.0005


class _Turn:
    """The lock of one project in this process."""

    def __init__(self) -> None:
        self.thread = threading.RLock()
        self.depth = 0


_turns: dict[Path, _Turn] = {}
_turns_guard = threading.Lock()


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the project's lock; raise VERSION_CONFLICT when somebody else keeps it for half a minute."""
    with _turns_guard:
        turn = _turns.setdefault(root.resolve(), _Turn())
    deadline = time.monotonic() + PATIENCE_S
    if not turn.thread.acquire(timeout=PATIENCE_S):
        raise _busy(root)
    try:
        if turn.depth:
            turn.depth += 1
            try:
                yield
            finally:
                turn.depth -= 1
            return
        with guarded(root):
            descriptor = os.open(own_folder(root) / "lock", os.O_CREAT | os.O_RDWR, 0o644)
        try:
            _wait(descriptor, root, deadline)
            turn.depth = 1
            try:
                yield
            finally:
                turn.depth = 0
        finally:
            os.close(descriptor)
    finally:
        turn.thread.release()


def _wait(descriptor: int, root: Path, deadline: float) -> None:
    began = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise _busy(root) from None
            # Who waits longer looks more often: among many writers nobody is passed over for half a minute.
            time.sleep(max(_SHORTEST_POLL_S, _POLL_S / (1 + time.monotonic() - began)))
        else:
            return


def _busy(root: Path) -> StudioError:
    return StudioError(
        Code.VERSION_CONFLICT, "The project is being written to by another program.", detail=f"lock of {root}"
    )
