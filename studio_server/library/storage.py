"""What a project takes on the disk, by kind and by scene; bytes that lie under several names are counted once."""

import os
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

from studio_server.domain.project import CACHE, EXPORTS, RENDERS
from studio_server.library.disk import guarded, project_missing
from studio_server.library.git import OWN
from studio_server.library.trash import FOLDER as TRASH

KINDS: Final = ("takes", "assets", "films", "texts", "kept", "trash", "history", "cache")
"""Kinds, in the order in which people think of them. `kept` is media that only the history still names."""

_PLACES = (
    (f".git/{OWN}/{TRASH}/", "trash"),
    (".git/lfs/objects/", "kept"),
    (".git/", "history"),
    (f"{RENDERS}/", "takes"),
    ("01_Assets/", "assets"),
    (f"{EXPORTS}/", "films"),
    (f"{CACHE}/", "cache"),
)


class Measured(NamedTuple):
    """Bytes and files of each kind, and bytes of the takes of each scene."""

    size: Counter[str]
    files: Counter[str]
    scenes: Counter[str]


def measure(root: Path) -> Measured:
    """Measure a project's folder. What a link leads to is not looked at. Raises PROJECT_MISSING."""
    if not root.is_dir():
        raise project_missing(root)
    found = Measured(Counter(), Counter(), Counter())
    seen: set[tuple[int, int]] = set()
    stored: list[os.DirEntry[str]] = []
    with guarded(root):
        for where, entry in _walked(root):
            kind = next((kind for place, kind in _PLACES if where.startswith(place)), "texts")
            if kind == "kept":
                stored.append(entry)  # counted last: what a file of the folder shares is that file's
                continue
            _count(found, seen, entry, kind, where)
        for entry in stored:
            _count(found, seen, entry, "kept", "")
    return found


def _walked(root: Path) -> list[tuple[str, os.DirEntry[str]]]:
    found: list[tuple[str, os.DirEntry[str]]] = []
    waiting = [("", str(root))]
    while waiting:
        above, folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((f"{above}{entry.name}/", entry.path))
                    elif entry.is_file(follow_symlinks=False):
                        found.append((f"{above}{entry.name}", entry))
        except FileNotFoundError:  # removed while we looked
            continue
    return found


def _count(found: Measured, seen: set[tuple[int, int]], entry: os.DirEntry[str], kind: str, where: str) -> None:
    try:
        there = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return
    identity = (there.st_dev, there.st_ino)
    if identity in seen:
        return
    seen.add(identity)
    found.size[kind] += there.st_size
    found.files[kind] += 1
    if kind == "takes":
        found.scenes[where.split("/")[1].removeprefix("SCENE_")] += there.st_size
