"""Files from elsewhere (an archive, another project) made a project: built beside the others, moved in when whole.

Of the place it comes from only objects and branches are taken, by `git fetch`, which checks every object: no settings,
no hooks, nothing that could run. A history that holds links or submodules is left behind, and said so.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.domain.project import CACHE, LOCAL_FOLDERS, MANIFEST, RENDERS, VERSIONED_FOLDERS, Manifest
from studio_server.library import alternates, formats, git, gitcommand, lfs, scaffold
from studio_server.library.archive import BUNDLE_S
from studio_server.library.disk import TEMPORARY, guarded, link_new, write_whole
from studio_server.library.folder import ProjectFolder
from studio_server.library.names import wrong_with
from studio_server.library.store import FolderStore

_FETCH = ("-c", "fetch.fsckObjects=true", "-c", "fetch.unpackLimit=1")


class Arrived(NamedTuple):
    """What came of it: whether the history was taken over, and which media it names that did not come along."""

    with_history: bool
    missing: int


def settle_in(
    building: Path,
    manifest: Manifest,
    media: Mapping[str, str],
    more: Mapping[str, Path],
    history: Path | None,
    author: git.Author,
    *,
    ours: bool = False,
) -> Arrived:
    """Make a folder of plain files a project.

    `media` is the SHA-256 of each media file by path, `more` other media by SHA-256, `history` a bundle or repository
    of branches; one that is `ours` is never left behind. Raises INTERNAL where it would have to be, STORAGE_FULL,
    STORAGE_READONLY or DEPENDENCY_MISSING.
    """
    with guarded(building):
        for folder in (*VERSIONED_FOLDERS, *LOCAL_FOLDERS):
            (building / folder).mkdir(parents=True, exist_ok=True)
        scaffold.begin(building)
        for path, oid in media.items():
            _keep(building, building / path, oid, fixed=path.startswith(f"{RENDERS}/"))
        for oid, source in more.items():
            FolderStore(building).put(oid, source.stat().st_size, source)
        attributes = building / ".gitattributes"
        if not attributes.is_file():
            attributes.write_text(lfs.attributes(), encoding="utf-8")
        write_whole(building / MANIFEST, formats.dump(manifest))
    with_history = history is not None and _fetched(building, history, ours=ours)
    if with_history:
        told = {MANIFEST: formats.dump(manifest)}
        git.commit_files(building, told, f"Brought in: {manifest.title}", author)
        alternates.recognise(building, manifest.canvas_path)
    else:
        git.commit_files(building, _first_commit(building, media), f"Brought in: {manifest.title}", author)
    return Arrived(with_history, _missing(building))


def _keep(root: Path, file: Path, oid: str, *, fixed: bool) -> None:
    """Give a media file its second name in the LFS store; a take is read-only from then on, as if it had landed."""
    kept = lfs.object_path(root, oid)
    if kept.is_file() or lfs.pointer_at(file):
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        if fixed:
            file.chmod(0o444)
            link_new(file, kept)
        else:
            shutil.copyfile(file, kept)  # an asset may be edited in place by its owner's programs
            kept.chmod(0o444)


def _fetched(root: Path, history: Path, *, ours: bool) -> bool:
    """Take branches over from a bundle or a repository; False where they hold what may not be checked out here."""
    if history.is_dir() and not ours:
        settings = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
        (history / "config").write_text(settings, encoding="utf-8")
        (history / "refs").mkdir(exist_ok=True)
        (history / "objects").mkdir(exist_ok=True)
    try:
        gitcommand.git(
            root,
            *(*_FETCH, "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--update-head-ok"),
            *("--no-write-fetch-head", str(history), "+refs/heads/*:refs/heads/*"),
            timeout_s=BUNDLE_S,
            protocols="file",
        )
    except StudioError as refused:
        if refused.code is not Code.INTERNAL or ours:
            raise
        return _forget(root)
    branch = _main_branch(root)
    if branch is None:
        return _forget(root)
    for line in gitcommand.git(root, "ls-tree", "-r", "-z", "--full-tree", f"refs/heads/{branch}").split(b"\0"):
        words, _, path = line.partition(b"\t")
        if line and (words[:6] not in {b"100644", b"100755"} or wrong_with(path.decode(errors="surrogateescape"))):
            return _forget(root)
    if branch != git.BRANCH:
        gitcommand.git(root, "update-ref", f"refs/heads/{git.BRANCH}", f"refs/heads/{branch}")
    gitcommand.git(root, "read-tree", f"refs/heads/{git.BRANCH}")
    return True


def _main_branch(root: Path) -> str | None:
    """Return the branch that is the film: `main`, or the only one there is."""
    told = gitcommand.git(root, "for-each-ref", "--format=%(refname:strip=2)", "refs/heads").decode().split()
    return git.BRANCH if git.BRANCH in told else told[0] if len(told) == 1 else None


def _forget(root: Path) -> bool:
    """Begin anew without a history."""
    shutil.rmtree(root / ".git" / "refs", ignore_errors=True)
    (root / ".git" / "packed-refs").unlink(missing_ok=True)
    for kind in ("heads", "tags"):
        (root / ".git" / "refs" / kind).mkdir(parents=True, exist_ok=True)
    return False


def _first_commit(root: Path, media: Mapping[str, str]) -> dict[str, bytes]:
    """Return every file that belongs into a history, media as their pointers."""
    files: dict[str, bytes] = {}
    for at, folders, names in os.walk(root):
        where = Path(at).relative_to(root).as_posix()
        above = "" if where == "." else f"{where}/"
        folders[:] = [name for name in folders if f"{above}{name}" not in {".git", *LOCAL_FOLDERS}]
        for name in names:
            path = f"{above}{name}"
            file = root / path
            if name.startswith(TEMPORARY):
                continue
            if path in media and lfs.pointer_at(file) is None:
                files[path] = lfs.pointer_text(media[path], file.stat().st_size)
            else:
                files[path] = file.read_bytes()
    return files


def _missing(root: Path) -> int:
    """Return how many media files of the film as it is now have no bytes here."""
    told = gitcommand.git(root, "ls-tree", "-r", "-z", "--full-tree", f"refs/heads/{git.BRANCH}").split(b"\0")
    found = [line.split(b"\t", 1) for line in told if line]
    blobs = [words.split()[2] for words, path in found if lfs.holds(path.decode(errors="replace"))]
    if not blobs:
        return 0
    said = gitcommand.git(root, "cat-file", "--batch", feed=b"\n".join(blobs) + b"\n")
    oids = {line.removeprefix(b"oid sha256:").decode() for line in said.split(b"\n") if line.startswith(b"oid sha256:")}
    return sum(1 for oid in oids if not lfs.object_path(root, oid).is_file())


def copied(source: ProjectFolder, building: Path) -> tuple[dict[str, str], dict[str, Path]]:
    """Lay a project's files and media out in a new folder, without copying what never changes.

    Returns the SHA-256 of each media file by path, and the media that only the history names.
    """
    media: dict[str, str] = {}
    stored = {(there.st_dev, there.st_ino): kept for kept, there in _store(source.root)}
    with guarded(building):
        for at, folders, names in os.walk(source.root):
            where = Path(at).relative_to(source.root).as_posix()
            above = "" if where == "." else f"{where}/"
            folders[:] = [
                name
                for name in folders
                if f"{above}{name}" not in {".git", CACHE} and not (Path(at) / name).is_symlink()
            ]
            (building / above).mkdir(parents=True, exist_ok=True)
            for name in names:
                path, file = f"{above}{name}", Path(at) / name
                if name.startswith(TEMPORARY) or file.is_symlink() or not file.is_file() or wrong_with(path):
                    continue
                there = file.stat()
                kept = stored.get((there.st_dev, there.st_ino))
                if kept and path.startswith(f"{RENDERS}/"):
                    link_new(file, building / path)
                    media[path] = kept.name
                else:
                    shutil.copy2(file, building / path)
                    if lfs.holds(path) and lfs.pointer_at(file) is None and not path.startswith("06_Exports/"):
                        media[path] = kept.name if kept else _hashed(building / path)
    return media, {kept.name: kept for kept in stored.values() if kept.name not in media.values()}


def _store(root: Path) -> list[tuple[Path, os.stat_result]]:
    return [(kept, kept.stat()) for kept in (root / ".git" / "lfs" / "objects").glob("??/??/*") if kept.is_file()]


def _hashed(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
