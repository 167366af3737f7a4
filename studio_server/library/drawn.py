"""Pictures made from media and kept in 05_Cache: each is made once, however many ask, and few at the same time.

Called by web/files.py. What is kept here can be made again from the media and is named by its hash.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from studio_server.domain.project import CACHE

AT_ONCE: Final = max(2, (os.cpu_count() or 2) // 4)
"""So many of a kind are made side by side; the rest of the machine renders and edits."""

_quick = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="still")
_slow = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="strip")
_making: dict[Path, Future[Path]] = {}
_guard = threading.Lock()


def place(root: Path, kind: str, name: str) -> Path:
    """Return where a picture of a kind lies, or will lie."""
    return root / CACHE / kind / name


def drawn(target: Path, make: Callable[[Path], None], *, quick: bool = True) -> Future[Path]:
    """Return a promise of the picture; `make` is called only where it is not there and nobody is making it.

    What is not `quick`, because it reads a file from end to end, keeps nobody's thumbnail waiting.
    What `make` raises is what the promise raises; the next one who asks tries again.
    """
    with _guard:
        if target in _making:
            return _making[target]
        if target.is_file():
            there: Future[Path] = Future()
            there.set_result(target)
            return there
        promise = (_quick if quick else _slow).submit(_made, target, make)
        _making[target] = promise
    promise.add_done_callback(lambda _: _forget(target, promise))
    return promise


def _made(target: Path, make: Callable[[Path], None]) -> Path:
    make(target)
    return target


def _forget(target: Path, promise: Future[Path]) -> None:
    with _guard:
        if _making.get(target) is promise:
            del _making[target]
