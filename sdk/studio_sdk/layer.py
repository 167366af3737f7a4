"""A layer of an image: a tar whose bytes depend on names and contents alone, never on the clock, the user or the disk.

`image` puts layers together. Standard library only.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Final

from studio_sdk.folder import SKIPPED

EPOCH: Final = 315532800
"""The time of change every file gets: 1980-01-01 UTC, the first that every archive format can write."""

_PIECE: Final = 1 << 20


def write(out: Path, trees: Mapping[str, Path | None]) -> str:
    """Write a layer and return its digest (`sha256:...`).

    `trees` maps absolute places in the image to folders and files here, None for an empty folder. Caches and version
    control are left out (`folder.SKIPPED`). Raises ValueError for a link that leaves its tree and for what is neither
    file, folder nor link, FileNotFoundError for a source that is not there.
    """
    members: dict[str, tarfile.TarInfo] = {}
    sources: dict[str, Path] = {}
    for place, source in trees.items():
        name = place.strip("/")
        for info, path in _members(name, source):
            members[info.name] = info
            if info.isreg():
                sources[info.name] = path
            else:
                sources.pop(info.name, None)
    for name in list(members):
        for parent in PurePosixPath(name).parents:
            if str(parent) != "." and str(parent) not in members:
                members[str(parent)] = _info(str(parent), tarfile.DIRTYPE, 0o755)
    with tarfile.open(out, "w", format=tarfile.PAX_FORMAT) as tar:
        for name in sorted(members):
            if name in sources:
                with sources[name].open("rb") as file:
                    tar.addfile(members[name], file)
            else:
                tar.addfile(members[name])
    return file_digest(out)


def file_digest(path: Path) -> str:
    """Return the digest of a file as images name it: `sha256:` and 64 hexadecimal digits."""
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def bytes_digest(content: bytes) -> str:
    """Return the digest of some bytes, as `file_digest` does of a file."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def stream_digest(file: IO[bytes]) -> str:
    """Return the digest of what is left to read of an open file."""
    total = hashlib.sha256()
    while piece := file.read(_PIECE):
        total.update(piece)
    return "sha256:" + total.hexdigest()


def add(tar: tarfile.TarFile, name: str, size: int, file: IO[bytes]) -> None:
    """Add a plain file to an archive, in the same bytes at any time."""
    info = _info(name, tarfile.REGTYPE, 0o644)
    info.size = size
    tar.addfile(info, file)


def add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a small file to an archive, in the same bytes at any time."""
    add(tar, name, len(content), io.BytesIO(content))


def _members(name: str, source: Path | None) -> Iterable[tuple[tarfile.TarInfo, Path]]:
    if source is None:
        yield _info(name, tarfile.DIRTYPE, 0o755), Path()
        return
    if not source.exists():
        raise FileNotFoundError(2, "not there", str(source))
    if source.is_file():
        yield _member(name, source, source.parent), source
        return
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if SKIPPED.intersection(inside.parts) or path.suffix == ".pyc":
            continue
        yield _member(f"{name}/{inside.as_posix()}".lstrip("/"), path, source), path


def _member(name: str, path: Path, tree: Path) -> tarfile.TarInfo:
    if path.is_symlink():
        target = path.readlink()
        if target.is_absolute() or not path.resolve().is_relative_to(tree.resolve()):
            raise ValueError(f"{path} is a link to {target}, outside its folder: put the file itself there")
        info = _info(name, tarfile.SYMTYPE, 0o777)
        info.linkname = target.as_posix()
        return info
    if path.is_dir():
        return _info(name, tarfile.DIRTYPE, 0o755)
    if not path.is_file():
        raise ValueError(f"{path} is neither a file nor a folder")
    there = path.stat()
    info = _info(name, tarfile.REGTYPE, 0o755 if there.st_mode & 0o100 else 0o644)
    info.size = there.st_size
    return info


def _info(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.mtime = kind, mode, EPOCH
    return info
