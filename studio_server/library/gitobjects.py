"""Git's own objects, read and written as files: blobs, trees and commits of a SHA-1 repository.

A spawned git costs milliseconds and a take makes eight objects, so the studio writes them itself, in the loose form
that every git reads. Used by library.git alone; reading goes through `git cat-file`, so packs are git's business.
"""

import hashlib
import os
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from studio_server.library.disk import link_new, temporary_beside

FOLDER: Final = b"40000"
FILE: Final = b"100644"

_ID_BYTES = 20
_WRITERS = 4


class Line(NamedTuple):
    """One line of a tree: its mode and the id of what it names."""

    mode: bytes
    id: str


Tree = Mapping[bytes, Line]


def object_id(kind: bytes, contents: bytes) -> str:
    """Return the name git gives to contents of a kind (`blob`, `tree`, `commit`)."""
    return hashlib.sha1(b"%s %d\0%s" % (kind, len(contents), contents), usedforsecurity=False).hexdigest()


def write(root: Path, kind: bytes, contents: bytes) -> str:
    """Write an object (if it is not there) and return its id; it is on the disk when this returns."""
    name = object_id(kind, contents)
    path = root / ".git" / "objects" / name[:2] / name[2:]
    if path.exists():
        return name
    path.parent.mkdir(exist_ok=True)
    temporary = temporary_beside(path).with_name(f"tmp_obj_{os.urandom(6).hex()}")
    try:
        with temporary.open("xb") as out:
            out.write(zlib.compress(b"%s %d\0%s" % (kind, len(contents), contents), 1))
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(0o444)
        link_new(temporary, path)
    except FileExistsError:
        return name  # somebody wrote the same contents meanwhile
    finally:
        temporary.unlink(missing_ok=True)
    return name


def write_all(root: Path, objects: Iterable[tuple[bytes, bytes]]) -> list[str]:
    """Write several objects (kind, contents) side by side, so that they wait for the disk once; return their ids."""
    wanted = list(objects)
    with ThreadPoolExecutor(_WRITERS) as writers:
        return list(writers.map(lambda wish: write(root, *wish), wanted))


def parse_tree(contents: bytes) -> dict[bytes, Line]:
    """Return the lines of a tree by name."""
    lines: dict[bytes, Line] = {}
    at = 0
    while at < len(contents):
        space = contents.index(b" ", at)
        end = contents.index(b"\0", space)
        lines[contents[space + 1 : end]] = Line(contents[at:space], contents[end + 1 : end + 1 + _ID_BYTES].hex())
        at = end + 1 + _ID_BYTES
    return lines


def format_tree(lines: Tree) -> bytes:
    """Return a tree's contents, in git's order: a folder sorts as if its name ended in a slash."""
    ordered = sorted(lines.items(), key=lambda line: line[0] + (b"/" if line[1].mode == FOLDER else b""))
    return b"".join(b"%s %s\0%s" % (line.mode, name, bytes.fromhex(line.id)) for name, line in ordered)


def folders_of(paths: Iterable[str]) -> list[str]:
    """Return every folder on the way to some paths, outermost first; the top is the empty name."""
    found = {""}
    for path in paths:
        parts = path.split("/")[:-1]
        found.update("/".join(parts[: n + 1]) for n in range(len(parts)))
    return sorted(found, key=lambda folder: (folder.count("/") + bool(folder), folder))


def with_blobs(known: Mapping[str, Tree], blobs: Mapping[str, str]) -> dict[str, bytes]:
    """Return the contents of the trees that have these blobs at these paths, on top of the `known` ones.

    Both are by folder; the top one is the empty name. Nothing is written.
    """
    changed: dict[str, dict[bytes, Line]] = {folder: dict(known.get(folder, {})) for folder in folders_of(blobs)}
    for path, blob in blobs.items():
        folder, _, name = path.rpartition("/")
        changed[folder][name.encode()] = Line(FILE, blob)
    made: dict[str, bytes] = {}
    for folder in reversed(folders_of(blobs)):
        made[folder] = format_tree(changed[folder])
        if folder:
            above, _, name = folder.rpartition("/")
            changed[above][name.encode()] = Line(FOLDER, object_id(b"tree", made[folder]))
    return made
