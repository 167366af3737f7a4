"""Where the media bytes of one project are kept, by their SHA-256: in its own folder, or in a bucket beside it.

Every project has its folder (`FolderStore`: `.git/lfs/objects`, which git-lfs reads too). Where STUDIO_STORAGE names a
bucket, that (`library/s3.py`) holds everything, and the folder is what of it lies on this disk just now. Callers ask
`library/vault.py`, which knows both.
"""

import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from os import utime
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from studio_sdk.errors import Code, StudioError
from studio_server.library import git, lfs
from studio_server.library.disk import guarded, link_new, project_missing, sync

TRASH: Final = "trash"
PIECE: Final = 1 << 20
"""Media is read in pieces of so many bytes."""

_OID = re.compile(r"[0-9a-f]{64}")
_BAG = re.compile(r"[0-9a-f]{32}")


class Stored(NamedTuple):
    """An object that a store has: its SHA-256 and its size in bytes."""

    oid: str
    size: int


class Link(NamedTuple):
    """A request that anybody may make for a while: address, headers to send along, seconds that it holds."""

    url: str
    headers: Mapping[str, str]
    seconds: int


class Store(Protocol):
    """The media of one project. Methods raise STORAGE_UNREACHABLE where the store does not answer or refuses."""

    def size(self, oid: str) -> int | None:
        """Return how many bytes an object has, or None where it is not here."""

    def put(self, oid: str, size: int, source: Path) -> None:
        """Keep the bytes of a file that have this SHA-256; once this returns they are safe. Twice is once."""

    def read(self, oid: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield an object's bytes, or `length` of them from `start`. Raises FILE_NOT_FOUND with the first piece."""

    def listed(self) -> Iterator[Stored]:
        """Yield all objects, in no order."""

    def get_link(self, oid: str, *, mime: str, name: str = "", inside: bool = False) -> Link | None:
        """Return a link that gives the bytes, or None where they must come through the studio.

        With a `name` a browser saves them under it. `inside`: for the studio's own machines, not for browsers.
        """

    def put_link(self, oid: str, size: int, *, inside: bool = False) -> Link | None:
        """Return a link that takes exactly the bytes of this SHA-256 and size by PUT, or None as above."""

    def take_over(self, other: "Store", oid: str) -> bool:
        """Keep what another store of the same kind has, without its bytes coming by; False where it does not."""

    def put_away(self, bag: str, oid: str) -> None:
        """Move an object into a bag of the trash. Twice is once; what is not here is left out."""

    def take_back(self, bag: str, oid: str) -> None:
        """Move an object out of a bag again. Twice is once."""

    def forget(self, bag: str) -> None:
        """Remove a bag and what is in it for good."""


def checked_oid(oid: str) -> str:
    """Return a SHA-256 as it may stand in a path or key; raise NOT_FOUND for anything else."""
    if not _OID.fullmatch(oid):
        raise StudioError(Code.NOT_FOUND, "There is no such media.", detail=repr(oid)[:90])
    return oid


def checked_bag(bag: str) -> str:
    """Return the id of a bag of the trash; raise NOT_FOUND for anything else."""
    if not _BAG.fullmatch(bag):
        raise StudioError(Code.NOT_FOUND, "This is no longer in the trash.", detail=repr(bag)[:90])
    return bag


@dataclass(frozen=True)
class FolderStore:
    """Objects as files of the project's folder, where git-lfs keeps and finds them too."""

    root: Path

    def path(self, oid: str) -> Path:
        """Return where an object lies, whether or not it is there."""
        return lfs.object_path(self.root, checked_oid(oid))

    def size(self, oid: str) -> int | None:
        """Return how many bytes an object has, or None where it is not here."""
        try:
            return self.path(oid).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def put(self, oid: str, size: int, source: Path) -> None:
        """Give bytes a second name in the store, without copying, read-only from then on; `source` stays.

        The caller syncs `objects.synced_with` them, together with what else it writes.
        """
        kept = self.path(oid)
        kept.parent.mkdir(parents=True, exist_ok=True)
        if source == kept:
            return
        source.chmod(0o444)
        try:
            link_new(source, kept)
        except FileExistsError:
            if kept.stat().st_size != size:  # a damaged object: the good bytes take its place
                beside = kept.with_suffix(".new")
                beside.unlink(missing_ok=True)
                link_new(source, beside)
                beside.replace(kept)
        used(kept)

    def read(self, oid: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield an object's bytes, or `length` of them from `start`. Raises FILE_NOT_FOUND with the first piece."""
        try:
            opened = self.path(oid).open("rb")
        except FileNotFoundError as gone:
            raise not_here(self.root, oid) from gone
        with opened:
            opened.seek(start)
            left = length
            while left != 0 and (piece := opened.read(PIECE if left is None else min(PIECE, left))):
                left = None if left is None else left - len(piece)
                yield piece

    def listed(self) -> Iterator[Stored]:
        """Yield all objects, in no order."""
        for path in (self.root / ".git" / "lfs" / "objects").glob("??/??/*"):
            if _OID.fullmatch(path.name):
                with suppress(FileNotFoundError):  # removed while we looked
                    yield Stored(path.name, path.stat().st_size)

    def get_link(self, oid: str, *, mime: str, name: str = "", inside: bool = False) -> Link | None:  # noqa: ARG002
        """Return None: the studio serves its own folder."""
        return None

    def put_link(self, oid: str, size: int, *, inside: bool = False) -> Link | None:  # noqa: ARG002
        """Return None: the studio takes bytes for its own folder itself."""
        return None

    def take_over(self, other: Store, oid: str) -> bool:
        """Keep what another folder has, without copying; False where it does not."""
        size = other.size(oid)
        if size is None or not isinstance(other, FolderStore):
            return False
        self.put(oid, size, other.path(oid))
        return True

    def put_away(self, bag: str, oid: str) -> None:
        """Move an object into a bag of the trash. Twice is once; what is not here is left out."""
        kept, place = self.path(oid), self.bag(bag)
        with guarded(self.root):
            place.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError, FileNotFoundError):
                link_new(kept, place / oid)
            sync(place)
            kept.unlink(missing_ok=True)

    def take_back(self, bag: str, oid: str) -> None:
        """Move an object out of a bag again. Twice is once."""
        kept, source = self.path(oid), self.bag(bag) / oid
        with guarded(self.root):
            kept.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError, FileNotFoundError):
                link_new(source, kept)

    def forget(self, bag: str) -> None:
        """Remove a bag and what is in it for good."""
        with guarded(self.root), suppress(FileNotFoundError):
            shutil.rmtree(self.bag(bag))

    def bag(self, bag: str) -> Path:
        """Return the folder of a bag of the trash."""
        return git.own_folder(self.root) / TRASH / checked_bag(bag)


def used(kept: Path) -> None:
    """Note that an object was used now, which is what says which of them may leave the disk first."""
    with suppress(OSError):  # a read-only disk keeps everything anyway
        utime(kept, ns=(time.time_ns(), kept.stat().st_mtime_ns))


def not_here(root: Path, oid: str) -> StudioError:
    """Return the error for an object that is nowhere."""
    if not root.is_dir():
        return project_missing(root)
    return StudioError(Code.FILE_NOT_FOUND, "The media is not in this checkout.", detail=f"sha256 {oid}")
