"""Inputs kept between jobs, by the SHA-256 of their bytes, up to a size limit.

A kept file has a fixed modification time; one that was written to by a careless pipeline has another and is fetched
anew. The access time is when it was last used, and the longest unused goes first.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from studio_sdk.errors import Code, StudioError

_UNTOUCHED_NS: Final = 1_000_000_000_000_000_000
_TRIES: Final = 20
_HALF_S: Final = 6 * 3600
"""A file that grew last so long ago is fetched by nobody any more."""


@dataclass(frozen=True)
class Cache:
    """A folder of files named by their hash, `limit` bytes at most between jobs."""

    folder: Path
    limit: int

    def get(self, oid: str, size: int, fetch: Callable[[Path], None]) -> Path:
        """Return the file of a hash, fetching it where it is not kept. Raises FILE_NOT_FOUND for wrong bytes."""
        path = self.folder / oid[:2] / oid
        try:
            facts = path.stat()
            if facts.st_size == size and facts.st_mtime_ns == _UNTOUCHED_NS:
                os.utime(path, ns=(time.time_ns(), _UNTOUCHED_NS))
                return path
        except FileNotFoundError:
            pass
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{oid}.{uuid4().hex}")
        try:
            fetch(draft)
            if draft.stat().st_size != size or sha256(draft) != oid:
                raise StudioError(Code.FILE_NOT_FOUND, "An input arrived damaged.", detail=f"{oid}, {size} bytes")
            draft.chmod(0o444)
            os.utime(draft, ns=(time.time_ns(), _UNTOUCHED_NS))
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return path

    def give(self, oid: str, size: int, fetch: Callable[[Path], None], name: Path) -> None:
        """Give a pipeline a read-only name of a file; a copy where the cache lies on another disk.

        Other workers share the cache: one may remove the file just here, and then it is fetched again.
        """
        for _ in range(_TRIES):
            kept = self.get(oid, size, fetch)
            try:
                _named(kept, name)
            except FileNotFoundError:
                continue
            return
        raise StudioError(Code.STORAGE_FULL, "The runner's cache is too small for what its jobs need at once.")

    def trim(self) -> None:
        """Remove the longest unused files until the rest is within the limit, and what a killed worker left half."""
        files = []
        for path in self.folder.glob("??/*"):
            try:
                facts = path.stat()
                if path.name.startswith("."):
                    if time.time() - max(facts.st_mtime, facts.st_atime) > _HALF_S:
                        path.unlink()
                    continue
            except FileNotFoundError:
                continue
            files.append((facts.st_atime_ns, facts.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self.limit:
                return
            path.unlink(missing_ok=True)
            total -= size


def _named(kept: Path, name: Path) -> None:
    try:
        name.hardlink_to(kept)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(kept, name)
        name.chmod(0o444)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
