"""A zip from anybody, taken apart into a new folder: every entry is judged before the first byte is written.

Links, devices, paths that lead out, names that another machine refuses, two names that differ in case only, more bytes
than are allowed: the archive is refused as a whole, in words. Of a `.git` in it only objects and branches are taken.
"""

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.domain.project import CACHE, MANIFEST
from studio_server.library import lfs
from studio_server.library.archive import BUNDLE, HISTORY, OBJECTS
from studio_server.library.names import wrong_with

MOST_ENTRIES: Final = 300_000
MOST_FOLDERS_DEEP: Final = 12

_DIRECTORY_LIMIT: Final = 96 * 1024 * 1024
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_CHUNK = 1 << 20
_RUBBISH = re.compile(r"(^|/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)(/|$)")
_OID = re.compile(r"[0-9a-f]{64}")
_GIT = re.compile(
    r"objects/[0-9a-f]{2}/[0-9a-f]{38}|objects/pack/pack-[0-9a-f]{40}\.(pack|idx)|HEAD|packed-refs"
    r"|refs/heads/[A-Za-z0-9_-]{1,60}"
)
_LFS = re.compile(r"lfs/objects/[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")
_OF_GIT = frozenset({".lfsconfig", ".gitmodules"})


class Unpacked(NamedTuple):
    """What an archive held: its files by path with the SHA-256 of media, other media by SHA-256, and its history.

    `history` is a bundle or a bare repository of objects and branches; `left_out` are files that were not taken.
    """

    files: dict[str, str]
    objects: dict[str, Path]
    history: Path | None
    left_out: list[str]


class _Wanted(NamedTuple):
    entry: zipfile.ZipInfo
    path: str
    target: Path
    oid: str


def refused(why: str, detail: str = "") -> StudioError:
    """Return the error for an archive that is not taken in."""
    return StudioError(Code.ARCHIVE_REFUSED, f"This archive cannot be taken in: {why}.", detail=detail)


def unpack(archive: Path, files: Path, beside: Path, limit: int) -> Unpacked:
    """Take a zip apart: the project's files into `files`, history and other media into `beside`; both must be empty.

    `limit` is the most that it may come to, in bytes. Raises ARCHIVE_REFUSED; what was written is the caller's to
    remove.
    """
    _judge_directory(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            return _taken(opened, files, beside, limit)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, struct.error) as broken:
        raise refused("it is damaged, or not a zip", str(broken)) from broken


def _judge_directory(archive: Path) -> None:
    """Refuse a list of entries that would fill the memory, before it is read."""
    size = archive.stat().st_size
    with archive.open("rb") as opened:
        opened.seek(max(0, size - 65_557 - _END_64.size))
        tail = opened.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise refused("it is damaged, or not a zip")
    count, length = _END.unpack_from(tail, at)[4:6]
    at_64 = tail.rfind(b"PK\x06\x06", 0, at)
    if at_64 >= 0 and at - at_64 >= _END_64.size:
        count, length = _END_64.unpack_from(tail, at_64)[7:9]
    if count > MOST_ENTRIES or length > _DIRECTORY_LIMIT:
        raise refused(f"it lists more than {MOST_ENTRIES:,} files", f"{count} entries, {length} bytes")


def _taken(opened: zipfile.ZipFile, files: Path, beside: Path, limit: int) -> Unpacked:
    entries = [one for one in opened.infolist() if not one.is_dir() and not _RUBBISH.search(one.filename)]
    top = _top([one.filename for one in entries])
    left_out: list[str] = []
    wanted = [found for one in entries if (found := _judged(one, top, files, beside, left_out))]
    _judge_together(wanted, limit)
    taken: dict[str, str] = {}
    objects: dict[str, Path] = {}
    for one in wanted:
        oid = _extract(opened, one)
        if one.oid:
            if oid == one.oid:
                objects[oid] = one.target
            else:
                left_out.append(one.path)
        elif one.target.is_relative_to(files):
            taken[one.path] = oid
    bundle, bare = beside / "history.bundle", beside / "git"
    history = bundle if bundle.is_file() else bare if (bare / "HEAD").is_file() else None
    return Unpacked(taken, objects, history, left_out)


def _top(names: list[str]) -> str:
    """Return the folder that holds project.json, with its slash; empty where it lies at the top."""
    found = [name for name in names if name.rsplit("/", 1)[-1] == MANIFEST and name.count("/") <= 1]
    if len(found) != 1:
        raise refused("there must be one project in it, with its project.json", ", ".join(found)[:200])
    return found[0].removesuffix(MANIFEST)


def _judged(entry: zipfile.ZipInfo, top: str, files: Path, beside: Path, left_out: list[str]) -> _Wanted | None:
    """Return where an entry goes, or None where it is not taken. Raises ARCHIVE_REFUSED for one that means harm."""
    if entry.flag_bits & 0x1:
        raise refused("it is locked with a password", entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise refused("it holds a link or a device", entry.filename)
    if not entry.filename.startswith(top):
        raise refused("it holds files outside the project", entry.filename)
    path = entry.filename.removeprefix(top)
    first, _, rest = path.partition("/")
    if first == CACHE:
        return None
    if first == ".git":
        return _of_git(entry, path, rest, beside)
    if first == HISTORY:
        return _of_history(entry, path, beside, left_out)
    if path.rsplit("/", 1)[-1].lower() in _OF_GIT:
        left_out.append(path)
        return None
    wrong = wrong_with(path)
    if wrong:
        raise refused(f"{path[:120]!r} is a name that cannot be used", wrong)
    if path.count("/") > MOST_FOLDERS_DEEP:
        raise refused("its folders lie too deep", path)
    return _Wanted(entry, path, files / path, "")


def _of_git(entry: zipfile.ZipInfo, path: str, rest: str, beside: Path) -> _Wanted | None:
    media = _LFS.fullmatch(rest)
    if media:
        return _Wanted(entry, path, beside / "objects" / media[1], media[1])
    return _Wanted(entry, path, beside / "git" / rest, "") if _GIT.fullmatch(rest) else None


def _of_history(entry: zipfile.ZipInfo, path: str, beside: Path, left_out: list[str]) -> _Wanted | None:
    oid = path.removeprefix(f"{OBJECTS}/")
    if _OID.fullmatch(oid):
        return _Wanted(entry, path, beside / "objects" / oid, oid)
    if path == BUNDLE:
        return _Wanted(entry, path, beside / "history.bundle", "")
    left_out.append(path)
    return None


def _judge_together(wanted: Iterable[_Wanted], limit: int) -> None:
    """Refuse what is too much, or would lie on top of itself on a disk that does not tell A from a."""
    total = 0
    spelled: dict[str, str] = {}
    targets: set[Path] = set()
    for one in wanted:
        total += one.entry.file_size
        if total > limit:
            raise refused(f"unpacked it is larger than the {limit // 10**9} GB that are allowed or free")
        if one.target in targets:
            raise refused("it holds a file twice", one.path)
        targets.add(one.target)
        parts = one.path.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            known = spelled.setdefault(name.casefold(), name)
            if known != name:
                raise refused("two names in it differ only in large and small letters", f"{known}, {name}")
    for one in wanted:
        if any(above in targets for above in one.target.parents):
            raise refused("it holds a file where a folder belongs", one.path)


def _extract(opened: zipfile.ZipFile, one: _Wanted) -> str:
    """Write an entry and return the SHA-256 of media; of other files nobody asks for it."""
    hashed = hashlib.sha256() if one.oid or lfs.holds(one.path) else None
    one.target.parent.mkdir(parents=True, exist_ok=True)
    left = one.entry.file_size
    with opened.open(one.entry) as source, one.target.open("xb") as into:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise refused("a file in it is larger than it says", one.path)
            into.write(chunk)
            if hashed:
                hashed.update(chunk)
    if left:
        raise refused("a file in it is shorter than it says", one.path)
    return hashed.hexdigest() if hashed else ""
