"""What a pipeline reports while it works: new lines of its events.jsonl, read as they come.

`job` polls it. Whatever a pipeline writes there can do no harm: what is not an event is counted and left out.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_sdk.contract import EVENT, MAX_EVENT_BYTES, Event

_LONGEST_READ: Final = 1024 * 1024
_MOST_BYTES: Final = 64 * 1024 * 1024
"""A pipeline that writes more events than this is no longer listened to; it only counts as alive."""


class EventFile:
    """A position in an events.jsonl. `alive` grows with every byte written, `bad` counts lines that are not events."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        self._rest = b""
        self._skipping = False
        self.alive = 0
        self.bad = 0

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def new(self) -> Iterator[Event]:
        """Yield the events written until now; half a line waits for its other half.

        It ends however fast the pipeline writes, so that whoever watches it comes to look at the clock.
        """
        until = os.fstat(self._file).st_size
        if until > _MOST_BYTES:
            self.alive = until
        while self.alive < until and (piece := os.read(self._file, min(_LONGEST_READ, until - self.alive))):
            self.alive += len(piece)
            *lines, self._rest = (self._rest + piece).split(b"\n")
            for line in lines:
                if self._skipping:
                    self._skipping = False
                    continue
                if event := self._event(line):
                    yield event
            if len(self._rest) > MAX_EVENT_BYTES:
                self._rest, self._skipping = b"", True
                self.bad += 1

    def _event(self, line: bytes) -> Event | None:
        if len(line) <= MAX_EVENT_BYTES:
            try:
                return EVENT.validate_json(line)
            except ValidationError:
                pass
        self.bad += 1
        return None
