"""A project as one zip: its files as anybody can use them, and beside them its history, so that nothing is lost.

{slug}/project.json, 01_Assets/, … 06_Exports/    the folder, with real media where a checkout has pointers
{slug}/.history/history.bundle                    every branch, as `git bundle` writes it
{slug}/.history/objects/{sha256}                  media that only the history still names

05_Cache is left out: it can be made again. Written as a stream; nothing but the bundle is put on the disk.
"""

import os
import secrets
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from studio_server.domain.project import CACHE
from studio_server.library import lfs
from studio_server.library.disk import TEMPORARY, guarded
from studio_server.library.folder import ProjectFolder
from studio_server.library.gitcommand import git
from studio_server.library.names import wrong_with
from studio_server.library.vault import Vault

HISTORY: Final = ".history"
BUNDLE: Final = f"{HISTORY}/history.bundle"
OBJECTS: Final = f"{HISTORY}/objects"

BUNDLE_S: Final = 600.0
"""How long git may take to write a history down, or to take one in, in seconds."""

Source = Path | lfs.Pointer
"""A file of the folder, or media that is in the studio's bucket only."""

_CHUNK = 1 << 20
_FIRST_YEAR = 1980


def packed(folder: ProjectFolder) -> Iterator[bytes]:
    """Yield the zip of a project, about a megabyte at a time; it holds what was there when the first piece was asked.

    Raises PROJECT_MISSING or STORAGE_FULL with the first piece. Links, pipes and names that no other machine accepts
    are left out.
    """
    folder.check()
    root = folder.root
    bundle = root / CACHE / f"{TEMPORARY}{secrets.token_hex(8)}.bundle"
    try:
        with folder.lock(), guarded(root):
            bundle.parent.mkdir(exist_ok=True)
            git(root, "bundle", "create", "--quiet", str(bundle), "HEAD", "--branches", timeout_s=BUNDLE_S)
            files = dict(_files(root, folder.vault))
        sink = _Sink()
        with zipfile.ZipFile(sink, "w") as out:
            for name, source in files.items():
                yield from _added(out, sink, f"{root.name}/{name}", source, folder.vault)
            yield from _added(out, sink, f"{root.name}/{BUNDLE}", bundle, folder.vault)
        yield sink.taken()
    finally:
        bundle.unlink(missing_ok=True)


class _Sink:
    """Where the zip is written: it keeps what has not been fetched yet."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def write(self, data: bytes) -> int:
        self._pieces += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """Nothing is to be closed."""

    def taken(self) -> bytes:
        data = bytes(self._pieces)
        self._pieces.clear()
        return data

    def __len__(self) -> int:
        return len(self._pieces)


def _files(root: Path, vault: Vault) -> Iterator[tuple[str, Source]]:
    """Yield the name in the archive and the source of each file, then of the media that only the history names."""
    shown: set[str] = set()
    far = dict(vault.far.listed()) if vault.far else {}
    seen: set[tuple[int, int]] = set()
    for at, folders, names in os.walk(root):
        here = Path(at)
        where = here.relative_to(root).as_posix()
        above = "" if where == "." else f"{where}/"
        folders[:] = sorted(
            name for name in folders if f"{above}{name}" not in {".git", CACHE} and not (here / name).is_symlink()
        )
        for name in sorted(names):
            path = here / name
            if name.startswith(TEMPORARY) or path.is_symlink() or not path.is_file() or wrong_with(f"{above}{name}"):
                continue
            pointer = lfs.pointer_at(path) if lfs.holds(name) else None
            kept = lfs.object_path(root, pointer.oid) if pointer else path
            if pointer and not kept.is_file() and far.get(pointer.oid) == pointer.size:
                shown.add(pointer.oid)
                yield f"{above}{name}", pointer
                continue
            source = kept if kept.is_file() else path
            shown.add(source.name)
            there = source.stat()
            seen.add((there.st_dev, there.st_ino))
            yield f"{above}{name}", source
    for kept in sorted((root / ".git" / "lfs" / "objects").glob("??/??/*")):
        there = kept.stat()
        if kept.name not in shown and (there.st_dev, there.st_ino) not in seen:
            shown.add(kept.name)
            yield f"{OBJECTS}/{kept.name}", kept
        shown.add(kept.name)
    for oid in sorted(far.keys() - shown):
        yield f"{OBJECTS}/{oid}", lfs.Pointer(oid, far[oid])


def _added(out: zipfile.ZipFile, sink: _Sink, name: str, source: Source, vault: Vault) -> Iterator[bytes]:
    if isinstance(source, lfs.Pointer):
        entry = zipfile.ZipInfo(name, time.localtime()[:6])
        entry.external_attr = 0o100644 << 16
        with out.open(entry, "w", force_zip64=True) as into:
            for piece in vault.read(source.oid):
                into.write(piece)
                yield sink.taken()
        return
    try:
        opened = source.open("rb")
    except FileNotFoundError:  # a person removed it meanwhile
        return
    with opened:
        there = os.fstat(opened.fileno())
        changed = time.localtime(there.st_mtime)[:6]
        entry = zipfile.ZipInfo(name, changed if changed[0] >= _FIRST_YEAR else (_FIRST_YEAR, 1, 1, 0, 0, 0))
        media = lfs.holds(name) or f"/{HISTORY}/" in name
        entry.compress_type = zipfile.ZIP_STORED if media else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o100644 << 16
        with out.open(entry, "w", force_zip64=True) as into:
            while chunk := opened.read(_CHUNK):
                into.write(chunk)
                if len(sink) >= _CHUNK:
                    yield sink.taken()
