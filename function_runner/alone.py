"""One worker in a work folder at a time: the next one begins when the one before has left, however that was ended.

Called by `__main__`. So what a worker finds in its folder at its start is nobody's any more, and no two of one name
answer the studio in turns. A host that is killed tells its workers to leave, and may be there again before they have.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LOCK: Final = "worker.lock"
_PATIENCE_S: Final = 30.0
"""A worker that was told to leave takes ten seconds at most."""
_AGAIN_S: Final = 0.05


@contextmanager
def alone(work_dir: Path, patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Hold the folder for this process and its forks; the kernel lets go when the last of them ends, also by SIGKILL.

    Programs that they start do not hold it: Python's descriptors are closed there. Raises TimeoutError where another
    worker does not leave.
    """
    until = time.monotonic() + patience_s
    with (work_dir / _LOCK).open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as why:
                if time.monotonic() > until:
                    raise TimeoutError(f"Another worker works in {work_dir}.") from why
            time.sleep(_AGAIN_S)
        yield
