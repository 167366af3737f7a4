"""Media bytes on their way in: taken as a stream, hashed on the way, found again by their SHA-256.

What arrives is written below 05_Cache; it becomes part of the film only when it is landed (library/vault.py keeps it).
"""

import fcntl
import hashlib
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.domain.project import CACHE
from studio_server.library import lfs
from studio_server.library.disk import TEMPORARY, guarded, link_new, project_missing, sync

INCOMING = f"{CACHE}/incoming"
_CHUNK = 1 << 20


class Staged(NamedTuple):
    """Bytes that have arrived whole: where they lie, their SHA-256 and how many they are."""

    path: Path
    oid: str
    size: int


class Incoming:
    """A file on its way in: write its chunks, then `keep` it under its SHA-256 or `discard` it.

    While it is written it is locked, so that nobody sweeps it up who takes care of what a killed program left behind.

    Writing more than `limit` bytes raises UPLOAD_TOO_LARGE; a full disk raises STORAGE_FULL. Both discard it.
    """

    def __init__(self, root: Path, limit: int | None = None) -> None:
        self._root = root
        self._limit = limit
        self._hash = hashlib.sha256()
        self._size = 0
        if not root.is_dir():
            raise project_missing(root)
        folder = root / INCOMING
        with guarded(root):
            folder.mkdir(parents=True, exist_ok=True)
            self._path, self._file = _opened(folder)

    def write(self, chunk: bytes) -> None:
        """Take the next bytes in."""
        self._size += len(chunk)
        if self._limit is not None and self._size > self._limit:
            self.discard()
            raise StudioError(
                Code.UPLOAD_TOO_LARGE,
                f"The file is larger than the {self._limit // 10**6} MB that may be brought in.",
            )
        try:
            with guarded(self._root):
                self._file.write(chunk)
        except (OSError, StudioError):
            self.discard()
            raise
        self._hash.update(chunk)

    def keep(self, oid: str | None = None, size: int | None = None) -> Staged:
        """Return the bytes, safe on the disk; raise OUTPUT_INVALID when they are not the ones announced."""
        found = self._hash.hexdigest()
        if (oid is not None and oid != found) or (size is not None and size != self._size):
            self.discard()
            raise StudioError(
                Code.OUTPUT_INVALID,
                "The file did not arrive whole.",
                detail=f"announced {oid} of {size} bytes, received {found} of {self._size} bytes",
            )
        kept = self._path.with_name(found)
        try:
            with guarded(self._root):
                self._file.flush()
                sync(self._path)
                self._path.replace(kept)
                self._file.close()
        except (OSError, StudioError):
            self.discard()
            raise
        return Staged(kept, found, self._size)

    def discard(self) -> None:
        """Forget the bytes."""
        with suppress(OSError):  # what could not be written is not wanted any more
            self._file.close()
        self._path.unlink(missing_ok=True)


def _opened(folder: Path) -> tuple[Path, BinaryIO]:
    while True:
        path = folder / f"{TEMPORARY}{secrets.token_hex(8)}.tmp"
        file = path.open("xb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # somebody who sweeps was between us and the lock
            file.close()
            continue
        if path.exists():
            return path, file
        file.close()


def sweep_half_written(root: Path) -> None:
    """Remove what a killed program was writing; what another one writes just now is locked, and stays."""
    for path in (root / INCOMING).glob(f"{TEMPORARY}*"):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def stage_copy(root: Path, source: Path, oid: str, size: int) -> Staged:
    """Take in bytes that lie in another project of the workspace, without copying them where the disk can do without.

    Raises FILE_NOT_FOUND where they are not what that project says they are.
    """
    with guarded(root):
        if source.stat().st_size != size:
            raise StudioError(Code.FILE_NOT_FOUND, f"{source.name} is damaged in its own project.", detail=oid)
        staged_at = root / INCOMING / oid
        staged_at.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):  # the same file on its way twice
            link_new(source, staged_at)
    return Staged(staged_at, oid, size)


def stage(root: Path, chunks: Iterable[bytes], oid: str, size: int) -> Path:
    """Take in bytes that must have this SHA-256 and size; return where they lie, outside the film.

    Raises OUTPUT_INVALID when they do not; bytes that are here already are not asked for again by `staged`.
    """
    incoming = Incoming(root, size)
    try:
        for chunk in chunks:
            incoming.write(chunk)
    except StudioError as refused:
        if refused.code is Code.UPLOAD_TOO_LARGE:
            raise StudioError(
                Code.OUTPUT_INVALID, "The file is larger than announced.", detail=f"announced {size} bytes"
            ) from refused
        raise
    except BaseException:
        incoming.discard()
        raise
    return incoming.keep(oid, size).path


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def chunks_of(file: IO[bytes]) -> Iterable[bytes]:
    """Yield a file's bytes, a megabyte at a time."""
    while chunk := file.read(_CHUNK):
        yield chunk


def staged(root: Path, oid: str, size: int) -> Path | None:
    """Return where bytes lie that have arrived or are in the film already, or None."""
    for path in (root / INCOMING / oid, lfs.object_path(root, oid)):
        if path.is_file() and path.stat().st_size == size:
            return path
    return None


def sweep_incoming(root: Path, before: datetime) -> None:
    """Remove what has arrived before a moment and became part of nothing since."""
    for file in (root / INCOMING).glob("*"):
        with suppress(FileNotFoundError):  # it is being taken in just now
            # A link to older bytes counts from when it was made: that is the time of change of the file's entry.
            if file.is_file() and file.stat().st_ctime < before.timestamp():
                file.unlink()


def synced_with(root: Path, oid: str) -> tuple[Path, ...]:
    """Return what must be on the disk before anything may name an object: its bytes and the folders it lies in."""
    kept = lfs.object_path(root, oid)
    return kept, kept.parent, kept.parent.parent, kept.parent.parent.parent
