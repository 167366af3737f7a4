"""All media bytes of one project, wherever they are kept: what the rest of the studio asks, stores and lets go.

`near` is the project's folder. `far` is the bucket, where the settings name one: then bytes are kept only once both
have them, and `near` may lose them again (library/room.py); they come back when they are asked for.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studio_sdk.errors import Code, StudioError
from studio_server.library import objects
from studio_server.library.disk import guarded, sync_all
from studio_server.library.store import FolderStore, Link, Store, Stored, not_here, used

_coming: dict[tuple[Path, str], threading.Lock] = {}
_guard = threading.Lock()


@dataclass(frozen=True)
class Vault:
    """The stores of one project. Raises STORAGE_UNREACHABLE where a bucket is needed and does not answer."""

    near: FolderStore
    far: Store | None = None

    def size(self, oid: str) -> int | None:
        """Return how many bytes an object has, or None where the studio does not have it."""
        here = self.near.size(oid)
        return here if here is not None or self.far is None else self.far.size(oid)

    def keep(self, oid: str, size: int, source: Path) -> Path:
        """Keep the bytes of a file that have this SHA-256; return where they lie in the folder. Twice is once.

        Nothing may name them before this has returned. `source` stays; the caller syncs `objects.synced_with`.
        """
        self.near.put(oid, size, source)
        if self.far:
            self.far.put(oid, size, self.near.path(oid))
        return self.near.path(oid)

    def bring(self, oid: str) -> Path:
        """Return where an object's bytes lie in the folder, brought from the bucket where they are not there.

        However many ask, it is brought once. Raises FILE_NOT_FOUND, STORAGE_FULL, or FILE_NOT_FOUND for damaged bytes.
        """
        kept = self.near.path(oid)
        if self.far is None or kept.is_file():
            if not kept.is_file():
                raise not_here(self.near.root, oid)
            if self.far:
                used(kept)
            return kept
        with _guard:
            turn = _coming.setdefault((self.near.root, oid), threading.Lock())
        try:
            with turn:
                if not kept.is_file():
                    self._fetched(self.far, oid)
        finally:
            with _guard:
                _coming.pop((self.near.root, oid), None)
        return kept

    def _fetched(self, far: Store, oid: str) -> None:
        root = self.near.root
        incoming = objects.Incoming(root)
        try:
            for piece in far.read(oid):
                incoming.write(piece)
        except BaseException:
            incoming.discard()
            raise
        try:
            came = incoming.keep(oid)
        except StudioError as wrong:
            if wrong.code is not Code.OUTPUT_INVALID:
                raise
            words = "The studio's bucket has other bytes of this media than were landed."
            raise StudioError(Code.FILE_NOT_FOUND, words, detail=wrong.detail) from wrong
        with guarded(root):
            self.near.put(oid, came.size, came.path)
            sync_all(objects.synced_with(root, oid))
            came.path.unlink(missing_ok=True)

    def read(self, oid: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield an object's bytes, or `length` of them from `start`, without bringing it. Raises FILE_NOT_FOUND."""
        store: Store = self.near if self.far is None or self.near.size(oid) is not None else self.far
        return store.read(oid, start, length)

    def listed(self) -> dict[str, int]:
        """Return the sizes of all objects by their SHA-256."""
        far: Iterator[Stored] = self.far.listed() if self.far else iter(())
        return dict(far) | dict(self.near.listed())

    def get_link(self, oid: str, *, mime: str, name: str = "", inside: bool = False) -> Link | None:
        """Return a link into the bucket for an object that is in it; None where the studio gives the bytes itself."""
        if self.far is None or self.far.size(oid) is None:
            return None
        return self.far.get_link(oid, mime=mime, name=name, inside=inside)

    def put_link(self, oid: str, size: int, *, inside: bool = False) -> Link | None:
        """Return a link that takes exactly these bytes, or None where the studio takes them itself."""
        return self.far.put_link(oid, size, inside=inside) if self.far else None
