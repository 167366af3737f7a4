"""Files written whole or not at all, and what the disk's refusals are called.

The library writes through here only. Nothing here knows what a project is.
"""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from studio_sdk.errors import Code, StudioError

TEMPORARY: Final = ".studio-"
"""First letters of every half-written file's name; no scan lists such a file and git ignores it."""

TEXT_LIMIT: Final = 64 * 1024 * 1024
"""Largest manifest, canvas or sidecar that is read, in bytes."""

Mark = tuple[int, int]
"""Time of change in ns, and bytes."""

NOTHING: Final[Mark] = (0, 0)
"""The mark of what is not there."""

_SYNCERS = 6
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ESTALE}
_NO_HARD_LINKS = {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}


@contextmanager
def guarded(root: Path) -> Iterator[None]:
    """Turn the disk's refusals below a project or workspace folder into the studio's codes.

    Raises STORAGE_FULL, STORAGE_READONLY, or PROJECT_MISSING when the folder itself has gone; anything else passes.
    """
    try:
        yield
    except OSError as refused:
        error = storage_error(root, refused)
        if error is None:
            raise
        raise error from refused


def storage_error(root: Path, refused: OSError) -> StudioError | None:
    """Return what a refusal of the disk means to a person, or None where it is no such thing."""
    detail = f"{refused.strerror or refused}: {refused.filename or root}"
    if refused.errno in _FULL:
        return StudioError(Code.STORAGE_FULL, "The disk is full; nothing was changed.", detail=detail)
    if refused.errno in _READONLY:
        return StudioError(Code.STORAGE_READONLY, "The studio may not write in this folder.", detail=detail)
    if refused.errno in _GONE and not root.is_dir():
        return project_missing(root)
    return None


def project_missing(root: Path) -> StudioError:
    """Return the error for a project folder that was moved, deleted or unplugged."""
    return StudioError(
        Code.PROJECT_MISSING, "The project's folder is no longer where it was.", detail=f"not found: {root}"
    )


def temporary_beside(path: Path) -> Path:
    """Return a name for a half-written file in the same folder, never used before."""
    return path.parent / f"{TEMPORARY}{secrets.token_hex(8)}.tmp"


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(paths: Iterable[Path]) -> None:
    """Wait until files and folders are on the disk, side by side: the disk then writes its journal once for many."""
    with ThreadPoolExecutor(_SYNCERS) as syncers:
        list(syncers.map(sync, dict.fromkeys(paths)))


def folder_below(root: Path, path: str) -> Path:
    """Return a folder inside a project, made where it is not there; raise VALIDATION_ERROR where a link leads away."""
    folder = root
    for part in path.split("/") if path else ():
        folder /= part
        if folder.is_symlink():
            raise StudioError(
                Code.VALIDATION_ERROR, "A folder of the project is a link to somewhere else.", detail=str(folder)
            )
        folder.mkdir(exist_ok=True)
    return folder


def read_text_file(path: Path) -> bytes:
    """Return the bytes of one of a project's text files, which may be a stranger's.

    Raises FileNotFoundError for a link, a device or a pipe, and CANVAS_UNREADABLE for an enormous one.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as refused:
        if refused.errno in {errno.ELOOP, errno.ENXIO}:
            raise FileNotFoundError(errno.ENOENT, "it is not a file of its own", str(path)) from refused
        raise
    with os.fdopen(descriptor, "rb") as opened:
        there = os.fstat(descriptor)
        if stat.S_ISDIR(there.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(there.st_mode):
            raise FileNotFoundError(errno.ENOENT, "it is not a file of its own", str(path))
        if there.st_size > TEXT_LIMIT:
            raise StudioError(
                Code.CANVAS_UNREADABLE,
                f"{path.name} cannot be read: it has more than {TEXT_LIMIT // (1024 * 1024)} MB.",
                detail=str(path),
            )
        return opened.read()


def mark(path: Path | str) -> Mark:
    """Return a mark that changes when a file does; NOTHING while it is not there."""
    try:
        there = os.stat(path)  # noqa: PTH116 - asked of every shot all the time
    except (FileNotFoundError, NotADirectoryError):
        return NOTHING
    return (there.st_mtime_ns, there.st_size)


def write_whole(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace a file by new contents; a reader sees the old or the new ones, a crash leaves one of them."""
    temporary = _written(path, data, durable=durable)
    _put(temporary, path, durable=durable)


def write_over(path: Path, data: bytes, known: Mark) -> Mark | None:
    """Replace a file that still has the mark `known`, as write_whole does, and return the new file's mark.

    Where somebody else has written it since, it stays as it is and None is returned. The mark is the new file's from
    before others can see it: one taken afterwards might be that of the next one's file.
    """
    temporary = _written(path, data, durable=True)
    new = mark(temporary)
    if mark(path) != known:
        temporary.unlink(missing_ok=True)
        return None
    _put(temporary, path, durable=True)
    return new


def _put(temporary: Path, path: Path, *, durable: bool) -> None:
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet; raise FileExistsError when it does. The caller syncs file and folder."""
    temporary = _written(path, data, durable=False)
    try:
        link_new(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _written(path: Path, data: bytes, *, durable: bool) -> Path:
    temporary = temporary_beside(path)
    try:
        with temporary.open("xb") as out:
            out.write(data)
            if durable:
                out.flush()
                os.fsync(out.fileno())
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def link_new(source: Path, target: Path) -> None:
    """Give a file a second name without copying; raise FileExistsError when the name is taken.

    On a file system without hard links the bytes are copied instead.
    """
    try:
        os.link(source, target)
    except OSError as refused:
        if refused.errno not in _NO_HARD_LINKS or not source.exists():
            raise
        _copy_new(source, target)


def _copy_new(source: Path, target: Path) -> None:
    """Copy under a name that nobody has: claim it empty, fill a temporary file, then put that in its place."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    temporary = temporary_beside(target)
    try:
        shutil.copyfile(source, temporary)
        sync(temporary)
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise
