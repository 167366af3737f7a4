"""Where media is kept in a bucket: what is on this disk only is sent there, and the disk is kept to its share.

Called by loops/stow.py. Nothing leaves the disk that the bucket does not have at that moment; a file of the folder that
leaves becomes the pointer that git has anyway, as in a clone without media.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from studio_server.domain.project import RENDERS
from studio_server.library import git, journal, lfs
from studio_server.library.disk import guarded, write_whole
from studio_server.library.folder import ProjectFolder

SMALL: Final = 256 * 1024
"""Posters and other small files (in bytes) stay: they are asked for all the time and take no room."""

FRESH_S: Final = 900
"""What was used or landed so few seconds ago stays."""


class _Lying(NamedTuple):
    used: float
    size: int
    oid: str
    folder: ProjectFolder


def stow(folder: ProjectFolder) -> int:
    """Send what the bucket does not have of a project's media; return how many objects that were.

    What landed is there already; this is for what came whole: an archive, a clone, a studio that had no bucket yet.
    Raises STORAGE_UNREACHABLE.
    """
    vault = folder.vault
    if vault.far is None:
        return 0
    here = dict(vault.near.listed())
    if not here:
        return 0
    there = dict(vault.far.listed())
    lacking = [oid for oid, size in here.items() if there.get(oid) != size]
    for oid in lacking:
        vault.far.put(oid, here[oid], vault.near.path(oid))
    return len(lacking)


def make_room(folders: Sequence[ProjectFolder], limit: int) -> int:
    """Let the longest unused media leave the disk until the rest has `limit` bytes at most; return bytes freed.

    Raises STORAGE_UNREACHABLE.
    """
    lying = [one for folder in folders for one in _lying(folder)]
    over = sum(one.size for one in lying) - limit
    if over <= 0:
        return 0
    leaving: dict[Path, list[_Lying]] = {}
    freed = 0
    for one in sorted(lying, key=lambda one: one.used):
        if freed >= over:
            break
        if one.size >= SMALL and time.time() - one.used > FRESH_S:
            leaving.setdefault(one.folder.root, []).append(one)
            freed += one.size
    return sum(_left(ones[0].folder, {one.oid: one.size for one in ones}) for ones in leaving.values())


def _lying(folder: ProjectFolder) -> list[_Lying]:
    near, found = folder.vault.near, []
    for oid, size in near.listed():
        try:
            there = near.path(oid).stat()
        except FileNotFoundError:
            continue
        found.append(_Lying(max(there.st_atime, there.st_ctime), size, oid, folder))
    return found


def _left(folder: ProjectFolder, sizes: dict[str, int]) -> int:
    """Let objects leave a project's disk that are in the bucket whole, with the names they have in its folder."""
    root, vault = folder.root, folder.vault
    if vault.far is None:
        return 0
    with folder.lock(), guarded(root):
        held = {ref.oid for begun in journal.entries(root) for ref in begun.refs}
        there = dict(vault.far.listed())
        going = {oid: size for oid, size in sizes.items() if there.get(oid) == size and oid not in held}
        names = _names(root, [vault.near.path(oid) for oid in going])
        pointed = []
        for oid, size in going.items():
            for path in names.get(oid, ()):
                write_whole(root / path, lfs.pointer_text(oid, size), durable=False)
                pointed.append(path)
            vault.near.path(oid).unlink(missing_ok=True)
        if pointed:
            git.as_committed(root, pointed)
    return sum(going.values())


def _names(root: Path, kept: Sequence[Path]) -> dict[str, list[str]]:
    """Return the paths of the folder that are the same file as an object; an edited copy is its maker's and stays."""
    wanted = {}
    for path in kept:
        there = path.stat()
        wanted[there.st_dev, there.st_ino] = path.name
    found: dict[str, list[str]] = {}
    for top in (RENDERS, "01_Assets"):
        for at, folders, names in os.walk(root / top):
            folders[:] = [name for name in folders if not (Path(at) / name).is_symlink()]
            for name in names:
                path = Path(at) / name
                there = path.lstat()
                if oid := wanted.get((there.st_dev, there.st_ino)):
                    found.setdefault(oid, []).append(path.relative_to(root).as_posix())
    return found
