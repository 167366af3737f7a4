"""Whether what is read and written as a project's own lies in its folder: one from elsewhere may lead git out of it.

A link in `.git` or `05_Cache`, a `commondir` or borrowed objects would make another folder, another person's project
perhaps, the one that is read, written and swept up. Asked before each look at a project; costs a few looks at names.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_server.domain.project import CACHE

_LOOKED_THROUGH: Final = (".git", ".git/studio", ".git/lfs", ".git/lfs/objects", ".git/objects/info", CACHE)
"""Folders in which nothing may be a link. `.git/lfs/objects` has at most 256 folders in it."""

_NAMED: Final = (".git", ".git/refs/heads", ".git/objects/pack", CACHE)
_LEADS_OUT: Final = {
    ".git/commondir": "its history is kept in another folder",
    ".git/objects/info/alternates": "its history is borrowed from another folder (`git repack -ad`, then remove it)",
    ".git/objects/info/http-alternates": "its history is borrowed from another place",
}


def check(root: Path) -> None:
    """Raise PROJECT_REFUSED where a project's own folders lead out of it."""
    found = next((f"{path} is a link" for path in _NAMED if (root / path).is_symlink()), None)
    found = found or next((f"{path}: {why}" for path, why in _LEADS_OUT.items() if os.path.lexists(root / path)), None)
    found = found or next(filter(None, (_odd_in(root, folder) for folder in _LOOKED_THROUGH)), None)
    if found:
        raise StudioError(
            Code.PROJECT_REFUSED,
            "This project's folder leads out of itself, so that the studio does not open it.",
            detail=f"{root}: {found}",
        )


def _odd_in(root: Path, folder: str) -> str | None:
    """Return what in a folder is neither a file nor a folder: a link, or a pipe that whoever opens it waits at."""
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError), os.scandir(root / folder) as found:
        for entry in found:
            if entry.is_symlink():
                return f"{folder}/{entry.name} is a link"
            if not entry.is_file(follow_symlinks=False) and not entry.is_dir(follow_symlinks=False):
                return f"{folder}/{entry.name} is no file"
    return None


def clear(root: Path) -> None:
    """Remove what is no file in the caches of a project that has come: a picture that is a link would be served."""
    for above, folders, names in os.walk(root / CACHE):
        for name in (*folders, *names):
            place = Path(above, name)
            if place.is_symlink() or not (place.is_file() or place.is_dir()):
                place.unlink()
