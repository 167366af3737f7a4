"""Media that was put away: kept in the project's own folder for a while, then removed for good.

Only the bytes go. Where a take's media was, its Git LFS pointer stays, as in a clone without media, and its sidecar and
picture stay as they are: the take keeps its number, its recipe and its place in the history. Every step can be
repeated, so that a crash between two of them leaves something that `restore` or `empty` still brings to its end.
"""

import json
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen, Sha256
from studio_server.library import git, lfs
from studio_server.library.disk import folder_below, guarded, link_new, read_text_file, sync, write_whole
from studio_server.library.names import checked_path
from studio_server.library.store import TRASH
from studio_server.library.vault import Vault

FOLDER: Final = TRASH

_NOTE = "note.json"
_ID = re.compile(r"[0-9a-f]{32}")


class Item(Frozen):
    """A media file that was put away: where it lay, and its bytes."""

    path: str
    oid: Sha256
    size: int


class Bag(Frozen):
    """What was put away at once, when (ISO) and by whom."""

    id: str
    at: str
    by: str
    items: tuple[Item, ...]


def put_away(vault: Vault, items: Sequence[Item], by: str, at: datetime) -> Bag:
    """Move media into the trash, leaving its pointers; hold the project's lock. Names of the same bytes go together.

    Where there is a bucket it moves there, and leaves this disk. Raises STORAGE_UNREACHABLE; what had moved by then is
    in a bag that can be taken back.
    """
    root = vault.near.root
    bag = Bag(id=uuid4().hex, at=at.isoformat(), by=by, items=tuple(items))
    place = git.own_folder(root) / FOLDER / bag.id
    with guarded(root):
        place.mkdir(parents=True)
        write_whole(place / _NOTE, json.dumps(bag.model_dump(mode="json"), indent=1).encode())
        for item in items:
            kept = lfs.object_path(root, item.oid)
            if vault.far:
                if kept.is_file():
                    vault.far.put(item.oid, item.size, kept)
                vault.far.put_away(bag.id, item.oid)
                continue
            with suppress(FileExistsError):
                link_new(kept if kept.is_file() else root / item.path, place / item.oid)
        sync(place)
        for item in items:
            write_whole(root / checked_path(item.path), lfs.pointer_text(item.oid, item.size), durable=False)
            lfs.object_path(root, item.oid).unlink(missing_ok=True)
    git.as_committed(root, (item.path for item in items))
    return bag


def bags(root: Path) -> list[Bag]:
    """Return what lies in the trash, newest first."""
    place = git.own_folder(root) / FOLDER
    if not place.is_dir():
        return []
    found = [bag for folder in place.iterdir() if (bag := _read(folder))]
    return sorted(found, key=lambda bag: (bag.at, bag.id), reverse=True)


def _read(folder: Path) -> Bag | None:
    try:
        return Bag.model_validate_json(read_text_file(folder / _NOTE))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValidationError, StudioError):
        return None


def bag(root: Path, bag_id: str) -> Bag:
    """Return one of them. Raises NOT_FOUND for what was restored or removed for good."""
    found = _read(git.own_folder(root) / FOLDER / bag_id) if _ID.fullmatch(bag_id) else None
    if found is None:
        raise StudioError(Code.NOT_FOUND, "This is no longer in the trash.", detail=bag_id[:80])
    return found


def restore(vault: Vault, bag_id: str) -> Bag:
    """Put media back where it was; hold the project's lock. Where another file lies by now, that one stays."""
    root = vault.near.root
    found = bag(root, bag_id)
    place = git.own_folder(root) / FOLDER / bag_id
    with guarded(root):
        for item in found.items:
            source, kept = place / item.oid, lfs.object_path(root, item.oid)
            kept.parent.mkdir(parents=True, exist_ok=True)
            if vault.far:
                vault.far.take_back(bag_id, item.oid)
            if source.is_file():
                with suppress(FileExistsError):
                    link_new(source, kept)
            if kept.is_file():
                put_back(root, item.path, item.oid)
        shutil.rmtree(place)
    git.as_committed(root, (item.path for item in found.items))
    return found


def put_back(root: Path, path: str, oid: str) -> bool:
    """Give a media file of the folder its bytes from the LFS store, where only its pointer lies."""
    folder, _, name = checked_path(path).rpartition("/")
    target = folder_below(root, folder) / name
    pointer = lfs.pointer_at(target) if target.is_file() else None
    if target.exists() and (pointer is None or pointer.oid != oid):
        return False
    beside = target.with_name(f".{uuid4().hex}.tmp")
    link_new(lfs.object_path(root, oid), beside)
    beside.replace(target)
    return True


def empty(vault: Vault, bag_id: str) -> int:
    """Remove media for good and return how many bytes that were."""
    root = vault.near.root
    found = bag(root, bag_id)
    if vault.far:
        vault.far.forget(bag_id)
    with guarded(root):
        shutil.rmtree(git.own_folder(root) / FOLDER / bag_id)
    return sum(item.size for item in found.items)
