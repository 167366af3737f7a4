"""What a pipeline prints: the first of it in the job's folder, the last of it in memory. Never parsed.

A launcher feeds it from whatever it listens to; it may hold anything and be of any length.
"""

from collections import deque
from pathlib import Path
from typing import Final, Self

LOG_BYTES: Final = 4 * 1024 * 1024
"""How much of what a pipeline prints is kept in its folder."""

_TAIL_BYTES: Final = 16 * 1024


class Printed:
    """A log with an end: its first megabytes are written to a file, its last kilobytes can be asked for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self._room = LOG_BYTES
        self._tail: deque[bytes] = deque()
        self._tail_size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, piece: bytes) -> None:
        """Take down what was printed next."""
        self._tail.append(piece)
        self._tail_size += len(piece)
        while self._tail_size - len(self._tail[0]) > _TAIL_BYTES:
            self._tail_size -= len(self._tail.popleft())
        try:
            self._room -= self._file.write(piece[: self._room]) or 0
        except OSError:
            self._room = 0  # the disk is full: the tail in memory is still right

    def tail(self) -> str:
        """Return the last of it as text."""
        return b"".join(self._tail)[-_TAIL_BYTES:].decode("utf-8", errors="replace").replace("\0", "\ufffd")
