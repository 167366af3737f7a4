"""One project's folder: its manifest and canvas, its lock, and the way to every file in it.

Every write is whole or not at all. Nothing here decides what may be written; actions do.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.domain.assets import Asset, Delivery, Film
from studio_server.domain.graph import Graph
from studio_server.domain.project import EDLS, EXPORTS, MANIFEST, RENDERS, Manifest
from studio_server.domain.shots import Take
from studio_server.library import borders, formats, git, lfs, scan
from studio_server.library.disk import (
    Mark,
    folder_below,
    guarded,
    project_missing,
    read_text_file,
    write_over,
    write_whole,
)
from studio_server.library.lock import locked
from studio_server.library.names import checked_path
from studio_server.library.store import FolderStore, Store
from studio_server.library.vault import Vault

SERVED: Final = ("01_Assets/", f"{RENDERS}/", f"{EDLS}/", f"{EXPORTS}/")
"""Folders whose files may leave the studio by URL."""


class CanvasRead(NamedTuple):
    """A canvas file as it was read: the graph, and the file's bytes."""

    graph: Graph
    data: bytes

    @property
    def sha256(self) -> str:
        """What tells whether the file has changed."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class ProjectFolder:
    """A project on disk. `root` is absolute and need not be there: `check` says so in words.

    `far` is the project's place in the studio's bucket, where there is one; media is asked of the `vault`. The folder
    itself may be a link where the workspace says so.
    """

    root: Path
    far: Store | None = field(default=None, compare=False, repr=False)
    may_be_link: bool = field(default=True, compare=False, repr=False)

    @property
    def vault(self) -> Vault:
        """Return the media bytes of the project, wherever they are kept."""
        return Vault(FolderStore(self.root), self.far)

    def check(self) -> None:
        """Raise PROJECT_MISSING when the folder or its history has gone, STORAGE_READONLY when it is read-only.

        Raises PROJECT_REFUSED for one that leads out of itself (library/borders.py).
        """
        if not self.root.is_dir() or not (self.root / MANIFEST).is_file():
            raise project_missing(self.root)
        if self.root.is_symlink() and not self.may_be_link:
            words = "This project lies elsewhere on the machine; a studio where people sign in does not open it there."
            raise StudioError(Code.PROJECT_REFUSED, words, detail=f"{self.root} is a link")
        if not (self.root / ".git" / "HEAD").is_file():
            raise StudioError(
                Code.PROJECT_MISSING,
                "The project's history (its .git folder) is no longer there.",
                detail=f"not found: {self.root / '.git'}",
            )
        borders.check(self.root)
        for place in (self.root, self.root / ".git"):
            if not os.access(place, os.W_OK | os.X_OK):
                raise StudioError(Code.STORAGE_READONLY, "The studio may not write in this folder.", detail=str(place))

    def clear_caches(self) -> None:
        """Remove from 05_Cache of a project that has just come what is no file of its own."""
        with guarded(self.root):
            borders.clear(self.root)

    def lock(self) -> AbstractContextManager[None]:
        """Return the project's lock to hold while writing; a thread may take it twice."""
        return locked(self.root)

    def manifest(self) -> Manifest:
        """Read project.json; raise PROJECT_MISSING or CANVAS_UNREADABLE (with the line)."""
        return formats.load_manifest(self._read(MANIFEST))

    def write_manifest(self, manifest: Manifest) -> None:
        """Replace project.json."""
        with guarded(self.root):
            write_whole(self.root / MANIFEST, formats.dump(manifest))

    def read_canvas(self) -> CanvasRead:
        """Read the canvas; raise CANVAS_UNREADABLE with line and column, or FILE_NOT_FOUND when it was removed."""
        path = self.manifest().canvas_path
        data = self._read(path)
        return CanvasRead(formats.load_canvas(data, path), data)

    def canvas_sha256(self) -> str:
        """Return the SHA-256 of the canvas file as it lies there, readable or not."""
        return hashlib.sha256(self._read(self.manifest().canvas_path)).hexdigest()

    def write_canvas(self, data: bytes, known: Mark) -> Mark | None:
        """Replace the canvas file that still has the mark `known` and return the new one's; None where it has not."""
        folder, _, name = self.manifest().canvas_path.rpartition("/")
        with guarded(self.root):
            return write_over(folder_below(self.root, folder) / name, data, known)

    def checkpoint(
        self, message: str, author: git.Author, *, unless: str | None = "", merged: Sequence[str] = ()
    ) -> str:
        """Commit project.json and the canvas as they lie in the folder; return the commit's id.

        What is in the history already makes no commit but as `unless` says; `merged` as there (git.commit_files).
        """
        paths = (MANIFEST, self.manifest().canvas_path)
        with self.lock():
            files = {path: self._read(path) for path in paths}
            return git.commit_files(self.root, files, message, author, unless=unless, merged=merged)

    def settle(self, author: git.Author) -> bool:
        """Look again at what was committed a few seconds ago, and repair what a user's own git undid meanwhile.

        Call it every few seconds while the project is open; return whether there is nothing left to look at.
        """
        with self.lock():
            return git.settle(self.root, author)

    def save_files(self, files: Mapping[str, bytes], message: str, author: git.Author) -> str:
        """Write text files into the folder, replacing what is there, and commit them; return the commit's id."""
        with self.lock(), guarded(self.root):
            for path, contents in files.items():
                folder, _, name = checked_path(path).rpartition("/")
                write_whole(folder_below(self.root, folder) / name, contents)
            return git.commit_files(self.root, files, message, author)

    def takes(self, scene: str, code: str) -> list[Take]:
        """Return the takes of a shot as its folder holds them, oldest number first."""
        return scan.takes(self.root, scene, code)

    def shots_on_disk(self) -> list[tuple[str, str]]:
        """Return scene and code of every shot that has a folder."""
        return scan.shots_on_disk(self.root)

    def assets(self) -> list[Asset]:
        """Return what people brought in, newest first."""
        return scan.assets(self.root)

    def films(self) -> list[Film]:
        """Return the rendered films, newest first."""
        return scan.films(self.root)

    def deliveries(self) -> list[Delivery]:
        """Return the deliveries to editing systems, newest first."""
        return scan.deliveries(self.root)

    def media_with(self, oid: str) -> Path:
        """Return where the bytes of a listed file lie: in the LFS store, or where somebody has put it by hand.

        What is only in the bucket is brought. Raises FILE_NOT_FOUND where the studio does not have them.
        """
        kept = lfs.object_path(self.root, oid)
        by_hand = None if kept.is_file() else scan.path_of(self.root, oid)
        return self.resolve_media(by_hand) if by_hand else self.vault.bring(oid)

    def resolve_media(self, path: str) -> Path:
        """Return where the bytes of a media file lie, brought from the bucket where they are only there.

        Raises NOT_FOUND for anything outside the folders that are served, for links and for hidden files, and
        FILE_NOT_FOUND for media that is not here (removed, or a clone without its media).
        """
        found = self.find_media(path)
        return self._brought(path, found) if isinstance(found, lfs.Pointer) else found

    def find_media(self, path: str) -> Path | lfs.Pointer:
        """Return where the bytes of a media file lie, or what its pointer names where they may be in the bucket.

        Raises what `resolve_media` raises, except that nothing was asked of the bucket.
        """
        try:
            checked_path(path)
        except StudioError as unsafe:
            raise StudioError(Code.NOT_FOUND, "There is no such file.", detail=unsafe.detail) from unsafe
        if not path.startswith(SERVED) or any(part.startswith(".") for part in path.split("/")):
            raise StudioError(Code.NOT_FOUND, "There is no such file.", detail=path)
        place = self.root
        for part in path.split("/"):
            place /= part
            if place.is_symlink():
                raise StudioError(Code.NOT_FOUND, "There is no such file.", detail=f"{path} goes through a link")
        if not place.is_file():
            if not self.root.is_dir():
                raise project_missing(self.root)
            raise StudioError(Code.FILE_NOT_FOUND, f"{place.name} is not in the project's folder.", detail=path)
        pointer = lfs.pointer_at(place)
        if pointer is None:
            return place
        kept = lfs.object_path(self.root, pointer.oid)
        if kept.is_file():
            return kept
        return pointer if self.far else self._brought(path, pointer)

    def _brought(self, path: str, pointer: lfs.Pointer) -> Path:
        try:
            return self.vault.bring(pointer.oid)
        except StudioError as gone:
            if gone.code is not Code.FILE_NOT_FOUND:
                raise
            name = path.rpartition("/")[2]
            words = f"{name} was cloned without its media."
            raise StudioError(Code.FILE_NOT_FOUND, words, detail=f"sha256 {pointer.oid}") from gone

    def _read(self, path: str) -> bytes:
        with guarded(self.root):
            try:
                return read_text_file(self.root / path)
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as gone:
                if path == MANIFEST or not self.root.is_dir():
                    raise project_missing(self.root) from gone
                raise StudioError(
                    Code.FILE_NOT_FOUND, f"{path} is not in the project's folder.", detail=str(self.root / path)
                ) from gone
