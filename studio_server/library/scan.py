"""What the project's folders hold, read from the folders: takes, shots, assets and films.

The files are the truth. Media with its sidecar is listed with its recipe, media without one as itself; half-written
files, links and sidecars without media are not listed.
"""

import hashlib
import mimetypes
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from studio_sdk.errors import StudioError
from studio_sdk.types import MediaRef
from studio_server.domain.assets import Asset, AssetKind, Delivery, Film
from studio_server.domain.project import CACHE, EXPORTS, RENDERS, SOURCE_MEDIA
from studio_server.domain.shots import (
    SIDECAR_SUFFIX,
    Take,
    TakeName,
    parse_file,
    parse_folder,
    reel_name,
    shot_folder,
)
from studio_server.library import formats, lfs, listing, media
from studio_server.library.disk import guarded, project_missing, read_text_file, write_whole
from studio_server.library.listing import Mark

FACTS: Final = f"{CACHE}/facts"

_RECENT_NS: Final = 2_000_000_000
_MOST_LISTED: Final = 65_536

_PLAYABLE = frozenset(
    {".mp4", ".mov", ".m4v", ".mkv", ".webm", ".png", ".jpg", ".jpeg", ".webp", ".wav", ".mp3", ".flac"}
)
_Sidecar = TypeVar("_Sidecar", Take, Asset, Film, Delivery)


def takes(root: Path, scene: str, code: str) -> list[Take]:
    """Return the takes of a shot, oldest number first, as its folder holds them."""
    shot = shot_folder(scene, code)
    folder = f"{root}/{shot}"
    mark = _mark(folder)
    known = _listed.get(folder) or (_remembered(root, shot, folder) if mark else None)
    if known and mark == known.folder and all(_mark(path) == there for path, there in known.files):
        return list(known.takes)
    found: dict[TakeName, list[Path]] = {}
    for entry in _entries(root, Path(folder)):
        parsed = parse_file(scene, entry.name)
        if parsed and parsed[1] in _PLAYABLE and parsed[0].code == code and entry.is_file(follow_symlinks=False):
            found.setdefault(parsed[0], []).append(Path(entry.path))
    files = tuple(_telling(paths[0]) for paths in found.values())
    listed = []
    for name, paths in sorted(found.items()):
        with suppress(FileNotFoundError):  # removed while we looked
            listed.append(_take(root, name, paths))
    _keep(root, shot, folder, _Listed(mark, files, tuple(listed)))
    return listed


class _Listed(NamedTuple):
    """The takes of a shot, for as long as its folder and the files that tell of them keep these marks."""

    folder: Mark | None
    files: tuple[tuple[str, Mark | None], ...]
    takes: tuple[Take, ...]


_listed: dict[str, _Listed] = {}
"""Thousands of folders are looked at whenever a page opens a large project; most are as they were."""


def _remembered(root: Path, shot: str, folder: str) -> _Listed | None:
    """Return what was kept of a shot by the studio that ran before this one."""
    kept = listing.read(root, shot)
    if kept is None:
        return None
    found = _Listed(kept.folder, tuple((f"{folder}/{name}", mark) for name, mark in kept.files), kept.takes)
    _remember(folder, found)
    return found


def _keep(root: Path, shot: str, folder: str, listed: _Listed) -> None:
    """Remember it, unless something was changed just now: the next change might leave the same marks."""
    marks = (listed.folder, *(mark for _, mark in listed.files))
    if all(mark and time.time_ns() - mark[0] > _RECENT_NS for mark in marks):
        _remember(folder, listed)
        files = tuple((path.rpartition("/")[2], mark) for path, mark in listed.files if mark)
        if listed.folder and files:
            kept = listing.Listing(form=listing.form(), folder=listed.folder, files=files, takes=listed.takes)
            listing.write(root, shot, kept)


def _remember(folder: str, listed: _Listed) -> None:
    if len(_listed) >= _MOST_LISTED:
        _listed.clear()
    _listed[folder] = listed


def _mark(path: str) -> Mark | None:
    try:
        there = os.stat(path, follow_symlinks=False)  # noqa: PTH116 - asked thousands of times; a Path costs more than it
    except OSError:
        return None  # looking at it says what is wrong
    return (there.st_mtime_ns, there.st_size, there.st_ino)


def _telling(media: Path) -> tuple[str, Mark | None]:
    """Return the file that tells of a take, its sidecar or without one the media itself, and its mark."""
    sidecar = str(media.with_suffix(SIDECAR_SUFFIX))
    mark = _mark(sidecar)
    return (sidecar, mark) if mark else (str(media), _mark(str(media)))


def file_marks(root: Path, scene: str, code: str) -> tuple[tuple[str, int, int], ...]:
    """Return name, size in bytes and time of change in ns of every file in a shot's folder, by name."""
    marks = []
    for entry in _entries(root, root / shot_folder(scene, code)):
        with suppress(FileNotFoundError):  # removed while we looked
            there = entry.stat(follow_symlinks=False)
            marks.append((entry.name, there.st_size, there.st_mtime_ns))
    return tuple(marks)


def shots_on_disk(root: Path) -> list[tuple[str, str]]:
    """Return scene and code of every shot that has a folder below 03_Renders."""
    found = []
    for scene in _folders(root, root / RENDERS):
        for shot in _folders(root, scene):
            parsed = parse_folder(f"{scene.name}/{shot.name}")
            if parsed:
                found.append(parsed)
    return sorted(found)


def assets(root: Path) -> list[Asset]:
    """Return what people brought in, newest first, as 01_Assets/Source_Media holds it."""
    found = []
    for path in _files(root, root / SOURCE_MEDIA):
        if path.suffix.lower() in _PLAYABLE | {".ogg", ".m4a", ".aac"}:
            with suppress(FileNotFoundError):  # removed while we looked
                found.append(_sidecar(path.with_name(path.name + SIDECAR_SUFFIX), Asset) or _unlisted_asset(root, path))
    return sorted((a for a in found if a), key=lambda a: (a.created_at, a.id), reverse=True)


def films(root: Path) -> list[Film]:
    """Return the rendered films of 06_Exports that have a sidecar, newest first."""
    found = []
    for path in _files(root, root / EXPORTS):
        film = _sidecar(path.with_name(path.name + SIDECAR_SUFFIX), Film) if path.suffix in _PLAYABLE else None
        if film:
            found.append(film)
    return sorted(found, key=lambda f: (f.created_at, f.name), reverse=True)


def deliveries(root: Path) -> list[Delivery]:
    """Return the deliveries to editing systems in 06_Exports, newest first."""
    zips = (path for path in _files(root, root / EXPORTS) if path.suffix == ".zip")
    found = [_sidecar(path.with_name(path.name + SIDECAR_SUFFIX), Delivery) for path in zips]
    return sorted((one for one in found if one), key=lambda one: (one.created_at, one.name), reverse=True)


def path_of(root: Path, oid: str) -> str | None:
    """Return the path of a take, asset or film by the SHA-256 of its bytes, or None where nothing listed has it."""
    listed = (t.media for scene, code in shots_on_disk(root) for t in takes(root, scene, code))
    return next(
        (
            ref.path
            for ref in (*(a.media for a in assets(root)), *(f.media for f in films(root)), *listed)
            if ref.oid == oid
        ),
        None,
    )


def reels(root: Path) -> set[str]:
    """Return the reels of every take in the project that has a sidecar."""
    return {t.reel for scene, code in shots_on_disk(root) for t in takes(root, scene, code) if t.job_id}


def _folders(root: Path, folder: Path) -> list[Path]:
    return [Path(entry.path) for entry in _entries(root, folder) if entry.is_dir(follow_symlinks=False)]


def _files(root: Path, folder: Path) -> list[Path]:
    return [Path(entry.path) for entry in _entries(root, folder) if entry.is_file(follow_symlinks=False)]


def _entries(root: Path, folder: Path) -> list[os.DirEntry[str]]:
    """Return what lies in a folder, by name, without hidden files; nothing where the folder is not there."""
    if not root.is_dir():
        raise project_missing(root)
    try:
        with guarded(root), os.scandir(folder) as found:
            return sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except FileNotFoundError:
        return []


def _sidecar(path: Path, model: type[_Sidecar]) -> _Sidecar | None:
    """Return a sidecar, or None where there is none or it cannot be read: the media is then listed as itself."""
    try:
        there = path.stat()
        found = _read_sidecar(path, model, there.st_mtime_ns, there.st_size)
    except (FileNotFoundError, StudioError):
        return None
    return found if isinstance(found, model) else None


@lru_cache(maxsize=16384)
def _read_sidecar(path: Path, model: type[BaseModel], _changed_ns: int, _size: int) -> BaseModel:
    """Read a sidecar once for each time it changes; listing a shot again costs one stat a take."""
    return formats.load(read_text_file(path), model, path.name)


def _take(root: Path, name: TakeName, paths: list[Path]) -> Take:
    known = _sidecar(paths[0].with_suffix(SIDECAR_SUFFIX), Take)
    if known is None:
        return _unlisted_take(root, name, paths[0])
    path = next((p for p in paths if p.name == known.media.path.rsplit("/", 1)[-1]), paths[0])
    where = name.path(path.suffix)
    if known.media.path == where and known.take_name == name:
        return known
    # A person copied or renamed the files: the folder says which take it is.
    moved = known.media.model_copy(update={"path": where})
    told = {"scene": name.scene, "code": name.code, "version": name.version, "number": name.number, "media": moved}
    return known.model_copy(update=told)


class _Found(BaseModel):
    """What was learned about a file without a sidecar, and for which state of the file it holds."""

    model_config = ConfigDict(frozen=True)

    changed_ns: int
    media: MediaRef
    kind: AssetKind | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: str | None = None
    frames: int | None = None
    duration_s: float | None = None
    has_audio: bool = False
    audio_channels: int | None = None


def _unlisted_take(root: Path, name: TakeName, path: Path) -> Take:
    found = _learn(root, path)
    identity = f"file-{found.media.oid[:24]}"
    return Take(
        id=identity,
        scene=name.scene,
        code=name.code,
        version=name.version,
        number=name.number,
        reel=reel_name(name, identity, ()),
        created_at=_time(found.changed_ns),
        **found.model_dump(exclude={"changed_ns", "kind"}),
    )


def _unlisted_asset(root: Path, path: Path) -> Asset | None:
    found = _learn(root, path)
    if found.kind is None:
        return None
    facts = found.model_dump(include={"media", "kind", "width", "height", "frames", "duration_s", "has_audio"})
    return Asset(
        id=f"file-{found.media.oid[:24]}",
        title=path.stem,
        created_at=_time(found.changed_ns),
        created_by="",
        origin="folder",
        **facts,
    )


def _time(changed_ns: int) -> str:
    return datetime.fromtimestamp(changed_ns // 10**9, UTC).isoformat().replace("+00:00", "Z")


def _learn(root: Path, path: Path) -> _Found:
    """Hash and probe a file without a sidecar, once for each state of it; remembered in 05_Cache."""
    where = path.relative_to(root).as_posix()
    with guarded(root):
        there = path.stat()
        kept = root / FACTS / f"{hashlib.sha256(where.encode()).hexdigest()[:32]}.json"
        with suppress(FileNotFoundError, IsADirectoryError, ValueError, StudioError):
            known = _Found.model_validate_json(read_text_file(kept))
            if known.changed_ns == there.st_mtime_ns and known.media.size == there.st_size:
                return known
        found = _examined(path, where)
        with suppress(OSError):  # a full or read-only disk only costs looking again
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, found.model_dump_json().encode(), durable=False)
    return found


def _examined(path: Path, where: str) -> _Found:
    there = path.stat()
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    pointer = lfs.pointer_at(path)
    if pointer:
        return _Found(
            changed_ns=there.st_mtime_ns, media=MediaRef(path=where, oid=pointer.oid, size=there.st_size, mime=mime)
        )
    with path.open("rb") as opened:
        oid = hashlib.file_digest(opened, "sha256").hexdigest()
    ref = MediaRef(path=where, oid=oid, size=there.st_size, mime=mime)
    try:
        sniffed, facts = media.inspect(path, path.name)
    except StudioError:
        return _Found(changed_ns=there.st_mtime_ns, media=ref)
    return _Found(
        changed_ns=there.st_mtime_ns,
        media=ref.model_copy(update={"mime": sniffed.mime}),
        kind=sniffed.kind,
        width=facts.width,
        height=facts.height,
        frame_rate=facts.rate_text,
        frames=facts.frames,
        duration_s=facts.duration_s,
        has_audio=facts.has_audio,
        audio_channels=facts.audio_channels,
    )
