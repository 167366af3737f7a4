"""What a pipeline may keep from one run to the next, in the folder that its runner gives (`JOB_CACHE`).

A pipeline asks `Job.kept`. Nothing may depend on what is kept but the time a run takes: an entry that is not there, not
what was put in, or made by other packages counts as none, and a full disk or a folder that cannot be written to keeps
nothing. Standard library only (see `names`).
"""

import hashlib
import json
import os
import platform
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, Self
from uuid import uuid4

SPARE_BYTES: Final = 1 << 30
"""So much of a disk is left to others."""

_HEAD: Final = 65
"""An entry is the SHA-256 of its name and content in hexadecimal, a line end, and the content."""


class Kept:
    """Entries by key in a folder, `limit` bytes at most; without a folder it is always empty.

    A key is any value that can be written as JSON and must hold all that decides the content. Of what is kept the
    longest unused goes first, but nothing that this run used: a film that is larger than the place keeps a part of it.
    """

    def __init__(self, folder: Path | None = None, limit: int = 0, maker: str = "") -> None:
        self._folder, self._limit, self._maker = folder, limit, maker
        self._mine: set[str] = set()

    @classmethod
    def given(cls, pipeline: str) -> Self:
        """Return the place that the runner gave to the pipeline of a digest; an empty one where it gave none."""
        said = os.environ.get("JOB_CACHE")  # noqa: TID251 - as JOB_DIR: a runner's word to its pipeline
        size = os.environ.get("JOB_CACHE_MB", "")  # noqa: TID251
        if not said or not size.isdecimal():
            return cls()
        return cls(Path(said), int(size) * 1024 * 1024, f"{pipeline} {_surroundings()}")

    def get(self, key: object) -> bytes | None:
        """Return what was put under a key, byte for byte, or None. A damaged entry is thrown away."""
        if self._folder is None:
            return None
        name = self._name(key)
        path = self._folder / name
        try:
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
                head, content = file.read(_HEAD), file.read(self._limit)
        except (OSError, MemoryError):
            return None
        if head != _seal(name, content):
            with suppress(OSError):
                path.unlink()
            return None
        self._mine.add(name)
        with suppress(OSError):
            os.utime(path)  # by this the longest unused is known
        return content

    def put(self, key: object, content: bytes) -> None:
        """Keep something under a key, or not, where there is no room for it. Others see it whole or not at all."""
        if self._folder is None:
            return
        name = self._name(key)
        draft = self._folder / f".{uuid4().hex}"
        try:
            if not self._has_room(_HEAD + len(content)):
                return
            with draft.open("xb") as file:
                file.write(_seal(name, content))
                file.write(content)
            draft.replace(self._folder / name)
            self._mine.add(name)
        except OSError:
            with suppress(OSError):
                draft.unlink()

    def of(self, key: object, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under a key, made first where it is not."""
        if (found := self.get(key)) is None:
            self.put(key, found := make())
        return found

    def _name(self, key: object) -> str:
        return hashlib.sha256(json.dumps([self._maker, key], sort_keys=True).encode()).hexdigest()

    def _has_room(self, size: int) -> bool:
        assert self._folder is not None  # noqa: S101 - both callers looked
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < size + SPARE_BYTES:
            return False
        there = []
        for entry in os.scandir(self._folder):
            with suppress(FileNotFoundError):  # another job made room
                known = entry.stat(follow_symlinks=False)
                there.append((known.st_mtime_ns, known.st_size, entry.name))
        total = sum(one[1] for one in there) + size
        for _, freed, name in sorted(there):
            if total <= self._limit:
                break
            if name not in self._mine and not name.startswith("."):
                (self._folder / name).unlink(missing_ok=True)
                total -= freed
        return total <= self._limit


def _seal(name: str, content: bytes) -> bytes:
    """Return what stands before a content: an entry under another's name is no more believed than a damaged one."""
    digest = hashlib.sha256(name.encode())
    digest.update(content)
    return digest.hexdigest().encode() + b"\n"


@cache
def _surroundings() -> str:
    """Return what made it beside the pipeline itself: the interpreter, the machine's kind, the installed packages."""
    packages: set[str] = set()
    for place in map(Path, sys.path):
        with suppress(OSError):
            packages.update(entry.name for entry in os.scandir(place) if entry.name.endswith(".dist-info"))
    return " ".join([platform.python_version(), platform.machine(), *sorted(packages)])
