"""What is being landed, written down first, so that a crash at any step can be carried to its end.

An entry lies in the project's own folder below .git and names files whose bytes are already in the LFS store.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from studio_sdk.errors import StudioError
from studio_sdk.types import Frozen, MediaRef
from studio_server.domain.shots import SIDECAR_SUFFIX
from studio_server.library import formats, git, lfs, objects
from studio_server.library.disk import (
    folder_below,
    guarded,
    link_new,
    read_text_file,
    sync_all,
    write_new,
    write_whole,
)
from studio_server.library.names import checked_path

_FOLDER = "journal"


class Entry(Frozen):
    """One landing: a media file, its sidecar, its poster and what lies `beside` it, and the commit they make.

    `key` says whose landing it is (a job's or an upload's id). The media file is put in place last: it is what makes
    the whole visible. `versioned` is False for what is not part of the history.
    """

    key: str
    sidecar: str
    text: str
    media: MediaRef
    poster: MediaRef | None
    message: str
    author: git.Author
    versioned: bool = True
    beside: tuple[MediaRef, ...] = ()

    @property
    def refs(self) -> list[MediaRef]:
        """Return every media file of it."""
        return [self.media, *([self.poster] if self.poster else []), *self.beside]


Reached = Callable[[str], None]


def _path(root: Path, key: str) -> Path:
    return git.own_folder(root) / _FOLDER / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}{SIDECAR_SUFFIX}"


def write(root: Path, begun: Entry) -> None:
    """Write an entry down; it is on the disk when this returns (with its name: the file is new)."""
    path = _path(root, begun.key)
    with guarded(root):
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as out:
            out.write(formats.dump(begun))
            out.flush()
            os.fsync(out.fileno())


def close(root: Path, key: str) -> None:
    """Strike an entry out: it has landed, or will not."""
    with guarded(root):
        _path(root, key).unlink(missing_ok=True)


def entry(root: Path, key: str) -> Entry | None:
    """Return the open entry of a key, or None."""
    return _read(_path(root, key))


def entries(root: Path) -> list[Entry]:
    """Return what was begun and not brought to its end, oldest first."""
    folder = git.own_folder(root) / _FOLDER
    if not folder.is_dir():
        return []
    paths = sorted(folder.glob(f"*{SIDECAR_SUFFIX}"), key=lambda p: p.stat().st_mtime_ns)
    return [found for path in paths if (found := _read(path))]


def _read(path: Path) -> Entry | None:
    """Read an entry; one that a power cut left torn was never acted upon and is removed.

    So is one that names places outside of the project: the studio never wrote it.
    """
    try:
        found = Entry.model_validate_json(read_text_file(path))
        for place in (found.sidecar, *(ref.path for ref in found.refs)):
            checked_path(place)
    except FileNotFoundError:
        return None
    except (ValidationError, StudioError):
        path.unlink(missing_ok=True)
        return None
    return found


def carry_out(root: Path, begun: Entry, reached: Reached = lambda _: None) -> None:
    """Bring a landing to its end, from wherever it stands; doing it again changes nothing.

    Raises FileExistsError or git.TakenError when a name is in use by something else.
    """
    with guarded(root):
        for path in (begun.media.path, begun.sidecar):
            folder = folder_below(root, checked_path(path).rpartition("/")[0])
        for ref in begun.refs[1:]:
            _place(root, ref)
        reached("poster")
        sidecar = root / begun.sidecar
        try:
            write_new(sidecar, begun.text.encode())
        except FileExistsError:
            if not begun.text.encode().startswith(sidecar.read_bytes()):
                raise
            write_whole(sidecar, begun.text.encode())  # ours, perhaps torn by a power cut
        reached("sidecar")
        _place(root, begun.media)
        # All of it is on the disk before the history names it; together, because each wait costs the same.
        refs = begun.refs
        sync_all([sidecar, folder, *(path for ref in refs for path in objects.synced_with(root, ref.oid))])
    reached("media")
    if begun.versioned:
        files = {begun.sidecar: begun.text.encode()}
        files |= {ref.path: lfs.pointer_text(ref.oid, ref.size) for ref in refs}
        git.commit_files(root, files, begun.message, begun.author, reached=reached)


def _place(root: Path, ref: MediaRef) -> None:
    kept, target = lfs.object_path(root, ref.oid), root / checked_path(ref.path)
    try:
        link_new(kept, target)
    except FileExistsError:
        if not _is_same(kept, target, ref):
            raise


def _is_same(kept: Path, target: Path, ref: MediaRef) -> bool:
    if target.is_symlink() or target.stat().st_size != ref.size:
        return False
    if target.samefile(kept):
        return True
    with target.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == ref.oid


def withdraw(root: Path, begun: Entry) -> None:
    """Take back what a landing has put in place and strike it out; the bytes stay in the LFS store."""
    paths: list[str] = []
    for path in (begun.sidecar, *(ref.path for ref in begun.refs)):
        folder_below(root, path.rpartition("/")[0])  # nothing is taken away through a link
    for ref in begun.refs:
        if (root / ref.path).is_file() and _is_same(lfs.object_path(root, ref.oid), root / ref.path, ref):
            (root / ref.path).unlink(missing_ok=True)
            paths.append(ref.path)
    sidecar = root / begun.sidecar
    if sidecar.is_file() and sidecar.read_bytes() == begun.text.encode():
        sidecar.unlink(missing_ok=True)
        paths.append(begun.sidecar)
    close(root, begun.key)
    if begun.versioned and paths:
        git.as_committed(root, paths)


def withdraw_quietly(root: Path, begun: Entry) -> None:
    """Withdraw as far as the disk lets us; what remains is written down and carried out at the next start."""
    try:
        withdraw(root, begun)
    except (OSError, StudioError):
        return
