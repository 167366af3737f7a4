"""A project looked over: every kind of damage found, explained in words, and said what can be done about it.

Looking changes nothing and needs no network: media are held against the SHA-256 that the history gives them. Mending is
in library/mending.py.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from studio_sdk.errors import StudioError
from studio_sdk.types import Frozen
from studio_server.domain.assets import Asset, Film
from studio_server.domain.project import CACHE, RENDERS
from studio_server.domain.shots import SIDECAR_SUFFIX, Take
from studio_server.library import formats, git, journal, lfs, scaffold, settings_of, trash
from studio_server.library.disk import TEMPORARY, read_text_file
from studio_server.library.folder import ProjectFolder
from studio_server.library.gitcommand import git as run_git
from studio_server.library.gitcommand import read_objects
from studio_server.library.names import wrong_with
from studio_server.library.vault import Vault

OLD_S: Final = 24 * 3600
"""A half-written file of that age (in seconds) will not be finished any more."""

IN_BUCKET: Final = "in the bucket"
"""How the detail of a finding begins that is about the bucket's copy."""

LOCK_S: Final = 600
"""Git's own lock of that age was left behind by a git that was killed."""


class Harm(StrEnum):
    """What can be wrong with a project."""

    BYTES_WRONG = "bytes_wrong"
    BYTES_MISSING = "bytes_missing"
    PUT_AWAY = "put_away"
    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    SIDECAR_BROKEN = "sidecar_broken"
    NOT_IN_HISTORY = "not_in_history"
    HALF_LANDED = "half_landed"
    HALF_WRITTEN = "half_written"
    CANVAS_BROKEN = "canvas_broken"
    HISTORY_BROKEN = "history_broken"
    NOT_STORED = "not_stored"
    LOCK_LEFT = "lock_left"
    SETTINGS_RUN = "settings_run"
    SETTINGS_LACK = "settings_lack"
    LINK = "link"
    NAME = "name"


_SAID: Final[dict[Harm, tuple[str, str]]] = {
    Harm.BYTES_WRONG: (
        "The bytes of this media are not the ones that were landed: the disk, or a program, has changed them.",
        "Good bytes are taken from elsewhere in the workspace if they are there; the wrong ones are set aside.",
    ),
    Harm.BYTES_MISSING: (
        "The history names this media, but its bytes are not here.",
        "They are taken from elsewhere in the workspace if they are there. Else: `git lfs pull`.",
    ),
    Harm.PUT_AWAY: ("This take's media was put into the trash by somebody. That is no damage.", ""),
    Harm.FILE_MISSING: (
        "The history has this file, but it is gone from the folder.",
        "It is put back from the history.",
    ),
    Harm.FILE_CHANGED: (
        "A take was changed in the folder after it had landed. Takes never change.",
        "What landed is put back; the changed file is set aside.",
    ),
    Harm.SIDECAR_BROKEN: (
        "The file that says how this was made cannot be read.",
        "It is put back from the history, if it is in there; the broken one is set aside.",
    ),
    Harm.NOT_IN_HISTORY: (
        "This take lies in the folder but is not in the history, so that no clone has it.",
        "It is committed.",
    ),
    Harm.HALF_LANDED: ("A take was landing when the studio was ended.", "The landing is carried to its end."),
    Harm.HALF_WRITTEN: ("A file was being written when a program was ended; nothing names it.", "It is removed."),
    Harm.CANVAS_BROKEN: (
        "The canvas file cannot be read.",
        "",
    ),
    Harm.HISTORY_BROKEN: (
        "Git finds objects of the history damaged or missing. Fetch from a clone, or bring in an archive.",
        "",
    ),
    Harm.NOT_STORED: (
        "This media is on this disk only: the studio's bucket does not have it, or not whole.",
        "It is sent there.",
    ),
    Harm.LOCK_LEFT: (
        "A git was killed and has left its lock behind; no other git can commit here. The studio still does.",
        "The lock is removed. Make sure that no git is at work in this folder.",
    ),
    Harm.SETTINGS_RUN: (
        "Git's settings in this folder would start a program in anybody's terminal. The studio itself never runs them.",
        "They are set aside, and settings that only say what a project needs are written.",
    ),
    Harm.SETTINGS_LACK: (
        "Git LFS is not set up in this folder: `git add` would put films into Git itself.",
        "It is set up.",
    ),
    Harm.LINK: ("This is a link. The studio does not follow it, and other machines do not have what it leads to.", ""),
    Harm.NAME: ("Other machines refuse this name, so that the project cannot be copied there.", ""),
}


class Finding(Frozen):
    """One thing that is wrong: what, where (a path in the project), why, and what mending does (empty: nothing)."""

    id: str
    harm: Harm
    path: str
    what: str
    mending: str
    detail: str = ""
    oid: str = ""


Progress = Callable[[int, int], None]


def _finding(harm: Harm, path: str, detail: str = "", oid: str = "") -> Finding:
    what, mending = _SAID[harm]
    name = hashlib.sha256(f"{harm}\0{path}\0{oid}".encode()).hexdigest()[:16]
    return Finding(id=name, harm=harm, path=path, what=what, mending=mending, detail=detail[:400], oid=oid)


def examine(
    folder: ProjectFolder, *, deep: bool = True, progress: Progress = lambda _done, _all: None
) -> Iterator[Finding]:
    """Yield what is wrong with a project; with `deep` the bytes of all media are read (about 1.5 GB a second at best).

    `progress` is told bytes read and bytes in all. Raises PROJECT_MISSING.
    """
    root = folder.root
    if not root.is_dir() or not (root / ".git" / "HEAD").is_file():
        folder.check()
    yield from _settings(root)
    history = _history(root)
    if history is None:
        yield _finding(Harm.HISTORY_BROKEN, ".git", "the newest commit cannot be read")
        return
    pointers = _pointers(root, history)
    yield from _canvas(folder)
    yield from _unfinished(root)
    yield from _names(root)
    away = {item.path for bag in trash.bags(root) for item in bag.items}
    far = dict(folder.vault.far.listed()) if folder.vault.far else None
    yield from _files(root, history, pointers, away, far or {})
    if far is not None:
        yield from _not_stored(root, pointers, far)
    yield from _not_in_history(folder, history)
    if deep:
        yield from _bytes(root, pointers, progress)
        yield from _far_bytes(folder.vault, pointers, far or {})
        yield from _objects(root)


def _settings(root: Path) -> Iterator[Finding]:
    for why in settings_of.dangers(root):
        yield _finding(Harm.SETTINGS_RUN, ".git/config", why)
        break
    if not scaffold.is_equipped(root):
        yield _finding(Harm.SETTINGS_LACK, ".git/config")
    lock = root / ".git" / "index.lock"
    if lock.is_file() and time.time() - lock.stat().st_mtime > LOCK_S:
        yield _finding(Harm.LOCK_LEFT, ".git/index.lock")


def _history(root: Path) -> dict[str, str] | None:
    """Return the blobs of the film as it is now, by path; None where the history cannot be read."""
    try:
        told = run_git(root, "ls-tree", "-r", "-z", "--full-tree", f"refs/heads/{git.branch_of(root)}")
    except StudioError:
        return None
    found = (line.split(b"\t", 1) for line in told.split(b"\0") if line)
    return {path.decode(errors="replace"): words.split()[2].decode() for words, path in found}


def _pointers(root: Path, history: Mapping[str, str]) -> dict[str, lfs.Pointer]:
    """Return what the pointers of the history point at, by path."""
    media = [(path, blob) for path, blob in history.items() if lfs.holds(path)]
    if not media:
        return {}
    try:
        blobs = read_objects(root, [blob for _, blob in media])
    except StudioError:
        return {}
    found = {path: lfs.parse_pointer(blob.contents) for (path, _), blob in zip(media, blobs, strict=True) if blob}
    return {path: pointer for path, pointer in found.items() if pointer}


def _canvas(folder: ProjectFolder) -> Iterator[Finding]:
    try:
        folder.read_canvas()
    except StudioError as error:
        yield _finding(Harm.CANVAS_BROKEN, "project.json", f"{error.message} {error.detail}")


def _unfinished(root: Path) -> Iterator[Finding]:
    for begun in journal.entries(root):
        yield _finding(Harm.HALF_LANDED, begun.media.path)
    for path in root.rglob(f"{TEMPORARY}*"):
        if path.is_file() and not path.is_relative_to(root / ".git") and time.time() - path.stat().st_mtime > OLD_S:
            yield _finding(Harm.HALF_WRITTEN, path.relative_to(root).as_posix())


def _names(root: Path) -> Iterator[Finding]:
    spelled: dict[str, str] = {}
    for path in root.rglob("*"):
        where = path.relative_to(root).as_posix()
        if where.startswith((".git/", f"{CACHE}/")) or where == ".git" or path.name.startswith(TEMPORARY):
            continue
        if path.is_symlink():
            yield _finding(Harm.LINK, where)
            continue
        wrong = wrong_with(where)
        known = spelled.setdefault(where.casefold(), where)
        if wrong or known != where:
            yield _finding(Harm.NAME, where, wrong or f"differs from {known} in large and small letters only")


def _files(
    root: Path,
    history: Mapping[str, str],
    pointers: Mapping[str, lfs.Pointer],
    away: set[str],
    far: Mapping[str, int],
) -> Iterator[Finding]:
    """Hold the folder, and the bucket where there is one, against the history; sizes only, bytes come later."""
    for path in history:
        file = root / path
        if file.is_symlink():
            continue
        if not file.is_file():
            if path.startswith((f"{RENDERS}/", "01_Assets/")) and not path.endswith(".gitkeep"):
                yield _finding(Harm.FILE_MISSING, path)
            continue
        pointer = pointers.get(path)
        if pointer is None:
            if path.endswith(SIDECAR_SUFFIX) and path.startswith((f"{RENDERS}/", "01_Assets/")):
                yield from _sidecar(file, path)
            continue
        lying = lfs.pointer_at(file)
        kept = lfs.object_path(root, pointer.oid)
        stored = far.get(pointer.oid) == pointer.size
        if lying == pointer and not kept.is_file() and not stored:
            harm = Harm.PUT_AWAY if path in away else Harm.BYTES_MISSING
            yield _finding(harm, path, f"sha256 {pointer.oid}", pointer.oid)
        elif lying is None and not kept.is_file() and not stored:
            yield _finding(Harm.BYTES_MISSING, path, "not in the Git LFS store, though in the folder", pointer.oid)
        elif lying is None and file.stat().st_size != pointer.size and path.startswith(f"{RENDERS}/"):
            yield _finding(Harm.FILE_CHANGED, path, f"{file.stat().st_size} bytes, landed {pointer.size}", pointer.oid)


def _sidecar(file: Path, path: str) -> Iterator[Finding]:
    models: tuple[type[Take | Asset | Film], ...] = (Take,) if path.startswith(RENDERS) else (Asset,)
    try:
        formats.load(read_text_file(file), models[0], path)
    except StudioError as error:
        yield _finding(Harm.SIDECAR_BROKEN, path, error.detail)


def _not_in_history(folder: ProjectFolder, history: Mapping[str, str]) -> Iterator[Finding]:
    """Find takes and assets that landed, and so have a sidecar, but that no commit holds."""
    landed = [take.media for key in folder.shots_on_disk() for take in folder.takes(*key) if take.recipe]
    assets = [asset.media for asset in folder.assets() if asset.origin != "folder"]
    open_paths = {begun.media.path for begun in journal.entries(folder.root)}
    for ref in (*landed, *assets):
        if ref.path not in history and ref.path not in open_paths:
            yield _finding(Harm.NOT_IN_HISTORY, ref.path, oid=ref.oid)


def _bytes(root: Path, pointers: Mapping[str, lfs.Pointer], progress: Progress) -> Iterator[Finding]:
    """Read all media of the film as it is now, once, and of files that lie in the folder beside the store as well."""
    todo: dict[tuple[int, int], list[tuple[str, Path, lfs.Pointer]]] = {}
    total = 0
    for path, pointer in pointers.items():
        for file in (lfs.object_path(root, pointer.oid), root / path):
            if file.is_symlink() or not file.is_file() or (file == root / path and lfs.pointer_at(file)):
                continue
            if file == root / path and not path.startswith(f"{RENDERS}/"):
                continue  # an asset may be worked on in its place
            there = file.stat()
            places = todo.setdefault((there.st_dev, there.st_ino), [])
            if not places:
                total += there.st_size
            places.append((path, file, pointer))
    done = 0
    for places in todo.values():
        path, file, pointer = places[0]
        progress(done, total)
        try:
            found = hashed(file)
            done += file.stat().st_size
        except OSError as error:
            yield _finding(Harm.BYTES_WRONG, path, f"the disk cannot read it: {error.strerror}", pointer.oid)
            continue
        for where, lying, wanted in places:
            if found != wanted.oid:
                in_store = lying != root / where
                harm = Harm.BYTES_WRONG if in_store else Harm.FILE_CHANGED
                yield _finding(harm, where, f"sha256 is {found}, landed {wanted.oid}", wanted.oid)
    progress(total, total)


def _not_stored(root: Path, pointers: Mapping[str, lfs.Pointer], far: Mapping[str, int]) -> Iterator[Finding]:
    for path, pointer in pointers.items():
        kept = lfs.object_path(root, pointer.oid)
        if far.get(pointer.oid) != pointer.size and kept.is_file() and kept.stat().st_size == pointer.size:
            yield _finding(Harm.NOT_STORED, path, f"sha256 {pointer.oid}", pointer.oid)


def _far_bytes(vault: Vault, pointers: Mapping[str, lfs.Pointer], far: Mapping[str, int]) -> Iterator[Finding]:
    """Read from the bucket what only it has, and hold that against the history too."""
    if vault.far is None:
        return
    for path, pointer in pointers.items():
        if far.get(pointer.oid) != pointer.size or vault.near.size(pointer.oid) is not None:
            continue
        found = hashlib.sha256()
        for piece in vault.far.read(pointer.oid):
            found.update(piece)
        if found.hexdigest() != pointer.oid:
            yield _finding(
                Harm.BYTES_WRONG, path, f"{IN_BUCKET}: sha256 is {found.hexdigest()}, landed {pointer.oid}", pointer.oid
            )


def _objects(root: Path) -> Iterator[Finding]:
    """Let git look at its own objects."""
    try:
        run_git(root, "fsck", "--full", "--no-progress", "--no-dangling", timeout_s=3600)
    except StudioError as error:
        yield _finding(Harm.HISTORY_BROKEN, ".git", error.detail)


def hashed(file: Path) -> str:
    """Return the SHA-256 of a file's bytes as they lie on the disk."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
