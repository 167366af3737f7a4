"""A push that was looked at becomes part of the project: its media and objects first, then the branch, then the folder.

The branch is moved by compare-and-set, as a take's landing does it, and what is to follow in the folder is written
down before: a crash is carried to its end when the project is opened. Hold the project's lock.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from studio_server.library import git, lfs, objects
from studio_server.library.disk import folder_below, guarded, link_new, sync, sync_all, temporary_beside, write_whole
from studio_server.library.folder import ProjectFolder
from studio_server.library.gitcommand import read_objects
from studio_server.library.names import checked_path
from studio_server.library.pushed import Change, Pushed, overtaken, refused

_NOTE: Final = "push.json"
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_SUFFIXES: Final = (".pack", ".rev", ".idx")


def take_over(folder: ProjectFolder, arriving: Path, pushed: Pushed, canvas_path: str) -> None:
    """Make a push part of the project. Raises PUSH_REFUSED where the project has gone on, or its folder was changed.

    The canvas file is left as it is: whoever calls merges it. `settle` ends it.
    """
    root = folder.root
    if git.tip_of(root) != pushed.old:
        raise overtaken()
    mine = [c for c in pushed.changes if c.path != canvas_path]
    if changed := [c.path for c in mine if not _as_known(root, c)]:
        raise refused(
            *(f"{path}: in the studio's folder it was changed by hand and not committed." for path in changed)
        )
    with guarded(root):
        kept = [pointer for pointer in pushed.brought if _kept(folder, pointer)]
        sync_all(path for pointer in kept for path in objects.synced_with(root, pointer.oid))
        _move_packs(root, arriving)
        write_whole(_note(root), json.dumps({"old": pushed.old, "new": pushed.new}).encode())
        if not git.fast_forward(root, pushed.old, pushed.new, {c.path: c.after or "" for c in pushed.changes}):
            git.as_committed(root, [c.path for c in pushed.changes])
            _note(root).unlink(missing_ok=True)
            raise overtaken()
        follow(root, mine, pushed.media)
        for pointer in pushed.brought:
            (root / objects.INCOMING / pointer.oid).unlink(missing_ok=True)


def _kept(folder: ProjectFolder, pointer: lfs.Pointer) -> bool:
    """Put what has arrived into the film's store; return whether its bytes lie in the folder."""
    source = objects.staged(folder.root, pointer.oid, pointer.size)
    if source:
        folder.vault.keep(pointer.oid, pointer.size, source)
    elif folder.vault.size(pointer.oid) != pointer.size:
        raise refused(f"The bytes of {pointer.oid[:12]} are not here any more. Push again.")
    return source is not None


def has(folder: ProjectFolder, pointer: lfs.Pointer) -> bool:
    """Whether the bytes of a pointer have arrived, or are in the film's store, wherever that is."""
    here = objects.staged(folder.root, pointer.oid, pointer.size) is not None
    return here or folder.vault.size(pointer.oid) == pointer.size


def unfinished(root: Path) -> tuple[str, str] | None:
    """Return from where to where the branch was moved by a push that the folder has not followed yet, or None."""
    try:
        known = json.loads(_note(root).read_bytes())
        old, new = str(known["old"]), str(known["new"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return (old, new) if _COMMIT.fullmatch(old) and _COMMIT.fullmatch(new) else None


def settle(root: Path) -> None:
    """Note that a push is done with."""
    _note(root).unlink(missing_ok=True)


def follow(root: Path, changes: Iterable[Change], media: dict[str, lfs.Pointer]) -> None:
    """Make the folder what the branch says, for these files."""
    changes = list(changes)
    blobs = {c.path: c.after for c in changes if c.after and c.path not in media}
    kept = read_objects(root, list(blobs.values()))
    texts = {path: found.contents for path, found in zip(blobs, kept, strict=True) if found}
    for change in changes:
        folder, _, name = checked_path(change.path).rpartition("/")
        if change.after is None:
            (root / change.path).unlink(missing_ok=True)
        elif change.path in media:
            _lay(root, folder_below(root, folder) / name, media[change.path])
        elif change.path in texts:
            write_whole(folder_below(root, folder) / name, texts[change.path])


def _lay(root: Path, target: Path, pointer: lfs.Pointer) -> None:
    """Give a media file its name; where its bytes are not here its pointer lies there, as in a clone without media."""
    kept = lfs.object_path(root, pointer.oid)
    beside = temporary_beside(target)
    try:
        if kept.is_file():
            link_new(kept, beside)
        else:
            beside.write_bytes(lfs.pointer_text(pointer.oid, pointer.size))
        beside.replace(target)
        sync(target.parent)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _as_known(root: Path, change: Change) -> bool:
    """Whether the folder has a file as the branch had it, or already as it will be."""
    target = root / change.path
    way = [target, *(above for above in target.parents if above.is_relative_to(root) and above != root)]
    if any(place.is_symlink() for place in way) or (target.exists() and not target.is_file()):
        return False
    if not target.is_file():
        return True  # a pushed file takes the place of what is not there
    known = {name for name in (change.before, change.after) if name}
    if not known:
        return True
    pointer = lfs.pointer_at(target)
    if lfs.holds(change.path) and pointer is None:
        with target.open("rb") as opened:
            oid = hashlib.file_digest(opened, "sha256").hexdigest()
        text = lfs.pointer_text(oid, target.stat().st_size)
    else:
        text = target.read_bytes()
    return git.blob_id(text) in known or git.blob_id(text.replace(b"\r\n", b"\n")) in known


def _move_packs(root: Path, arriving: Path) -> None:
    """Move what git has unpacked into the project's objects; a pack is there when its index is."""
    target = root / ".git" / "objects" / "pack"
    target.mkdir(exist_ok=True)
    moved = []
    for suffix in _SUFFIXES:
        for file in sorted((arriving / "pack").glob(f"pack-*{suffix}")):
            place = target / file.name
            if not place.exists():
                file.replace(place)
                moved.append(place)
    sync_all([*moved, target])


def forget(arriving: Path) -> None:
    """Throw the objects of a push away that are not the project's."""
    shutil.rmtree(arriving, ignore_errors=True)


def _note(root: Path) -> Path:
    return git.own_folder(root) / _NOTE
