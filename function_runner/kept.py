"""What pipelines keep between jobs: a folder for each pipeline (by its digest) of each project, given to its jobs.

A runner reads nothing in there. It sees to how large it grows, and that one pipeline, project or tenant never meets
what another left: the folder's name is made of all of them. Whether an entry is what was put in is looked at by who
takes it out (studio_sdk.kept).
"""

import fcntl
import hashlib
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from function_runner import stage
from function_runner.launchers import Keeping
from studio_sdk.kept import SPARE_BYTES
from studio_sdk.wire import Claim

_log = logging.getLogger(__name__)

_MEGABYTE: Final = 1024 * 1024
_LEAST_BYTES: Final = 4096
"""What an entry takes of a disk, however small it is."""
_OLD_S: Final = 30 * 86400
"""Unused for so long it is of a film that nobody makes any more."""
_HALF_S: Final = 3600
"""A file that a killed pipeline left half."""


def overflows(place: Keeping) -> bool:
    """Whether far more is kept than may be, or hidden: jobs side by side go over by an entry each, and no more."""
    limit = 2 * place.megabytes * _MEGABYTE
    return not _open(place.folder) or sum(size for _, size, _ in _entries(place.folder)) > limit


@dataclass(frozen=True)
class Kept:
    """All that is kept on a host, shared by its workers: `limit` bytes at most between jobs; 0: nothing is kept."""

    folder: Path
    limit: int

    @contextmanager
    def at_side(self, studio: str, claim: Claim, digest: str, job_dir: Path) -> Iterator[Keeping | None]:
        """Yield the place of a job, held until its end; None where it asks for none or none can be had.

        What cannot be kept costs time and no job.
        """
        megabytes = min(claim.pipeline.limits.cache_mb, self.limit // _MEGABYTE)
        if not megabytes or not claim.kept_for:
            yield None
            return
        whose = hashlib.sha256(f"{studio}\n{claim.kept_for}\n{digest}".encode()).hexdigest()[:40]
        place = self.folder / f"{claim.pipeline.id}-{whose}"
        try:
            held = _held(place)
            (job_dir / "cache").mkdir()  # where a sandbox shows it
        except OSError as why:
            _log.warning("Job %s keeps nothing: %s", claim.job_id, why)
            yield None
            return
        try:
            _shrink(_entries(place), megabytes * _MEGABYTE, self.folder)
            yield Keeping(place, megabytes)
        finally:
            os.close(held)

    def trim(self) -> None:
        """Remove what is too much, too old or no entry; never what a running job might be about to put there."""
        try:
            places = [Path(entry) for entry in os.scandir(self.folder) if entry.is_dir(follow_symlinks=False)]
        except OSError:
            return  # nothing is kept here
        for place in places:
            _sweep(place)
        _shrink([entry for place in places for entry in _entries(place)], self.limit, self.folder)
        for place in places:
            _gone(place)


def _held(place: Path) -> int:
    """Return a descriptor that keeps others from removing the folder, which is made where it is not there."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(place.parent, fcntl.LOCK_SH):  # between being made and being held it could be removed
        place.mkdir(mode=0o700, exist_ok=True)
        held = _opened(place)
        try:
            fcntl.flock(held, fcntl.LOCK_SH)
        except OSError:
            os.close(held)
            raise
        return held


def _gone(place: Path) -> None:
    """Remove an empty folder that no job holds or is about to hold."""
    with suppress(OSError), _locked(place.parent, fcntl.LOCK_EX), _locked(place, fcntl.LOCK_EX | fcntl.LOCK_NB):
        place.rmdir()


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    held = _opened(folder)
    try:
        fcntl.flock(held, how)
        yield
    finally:
        os.close(held)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _entries(place: Path) -> list[tuple[float, int, Path]]:
    """Return when each file was last used, what it takes of the disk, and where it is; links are not followed."""
    found = []
    for folder, _, names in os.walk(place):
        for name in names:
            with suppress(OSError):
                path = Path(folder, name)
                known = path.lstat()
                found.append((known.st_mtime, max(known.st_blocks * 512, _LEAST_BYTES), path))
    return found


def _open(place: Path) -> bool:
    return os.access(place, os.R_OK | os.W_OK | os.X_OK)


def _sweep(place: Path) -> None:
    """Remove what is no entry, what was left half, and what nobody used for long. Entries lie flat, as plain files."""
    now = time.time()
    with suppress(OSError):
        if not _open(place):
            place.chmod(0o700)
        for entry in os.scandir(place):
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    stage.remove(Path(entry))
                    continue
                age = now - entry.stat(follow_symlinks=False).st_mtime
                half = entry.name.startswith(".") and abs(age) > _HALF_S
                if half or abs(age) > _OLD_S or not entry.is_file(follow_symlinks=False):
                    Path(entry).unlink()


def _shrink(entries: list[tuple[float, int, Path]], limit: int, disk: Path) -> None:
    """Remove the longest unused until the rest is within a limit and the disk has room for others."""
    total = sum(size for _, size, _ in entries)
    with suppress(OSError):
        there = os.statvfs(disk)
        lacking = SPARE_BYTES - there.f_bavail * there.f_frsize
        for _, size, path in sorted(entries):
            if total <= limit and lacking <= 0:
                return
            with suppress(OSError):
                path.unlink(missing_ok=True)
                total, lacking = total - size, lacking - size
