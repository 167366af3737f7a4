"""What can be mended of a project, mended; nothing is thrown away.

What was wrong is set aside below `.git/studio/aside`, so that a person can still look at it. Called with what
library/fsck.py found; good bytes are looked for in the project itself, its trash and the other projects beside it.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

from studio_sdk.errors import Code, StudioError
from studio_server.library import git, lfs, objects, scaffold, takes, trash
from studio_server.library.disk import folder_below, guarded, link_new, write_whole
from studio_server.library.folder import ProjectFolder
from studio_server.library.fsck import IN_BUCKET, Finding, Harm, hashed
from studio_server.library.gitcommand import read_objects
from studio_server.library.vault import Vault

ASIDE: Final = "aside"


class Mended(NamedTuple):
    """What came of one finding: whether it is mended, and in words what was done or why not."""

    finding: Finding
    done: bool
    said: str


def mend(
    folder: ProjectFolder, findings: Iterable[Finding], neighbours: Iterable[ProjectFolder], author: git.Author
) -> list[Mended]:
    """Mend what can be mended and say of each finding what came of it."""
    others = [one.root for one in neighbours if one.root != folder.root]
    aside = git.own_folder(folder.root) / ASIDE / time.strftime("%Y%m%d-%H%M%S")
    mended = []
    order = list(Harm)
    with folder.lock():
        for finding in sorted(findings, key=lambda one: order.index(one.harm)):
            if not finding.mending:
                mended.append(Mended(finding, False, "Nothing was done: this needs a person."))
                continue
            try:
                with guarded(folder.root):
                    done, said = _mend(folder, finding, others, aside, author)
            except (OSError, StudioError) as failed:
                done, said = False, f"It could not be mended: {failed}"
            mended.append(Mended(finding, done, said))
        if media := [one.finding.path for one in mended if one.done and lfs.holds(one.finding.path)]:
            git.as_committed(folder.root, media)
    return mended


def _mend(
    folder: ProjectFolder, finding: Finding, others: list[Path], aside: Path, author: git.Author
) -> tuple[bool, str]:
    match finding.harm:
        case Harm.BYTES_WRONG | Harm.BYTES_MISSING:
            return _bytes(folder, finding, others, aside)
        case Harm.NOT_STORED:
            return _sent(folder, finding)
        case Harm.FILE_MISSING | Harm.SIDECAR_BROKEN | Harm.FILE_CHANGED:
            return _file(folder, finding, aside)
        case Harm.NOT_IN_HISTORY:
            return _commit(folder, finding, author)
    return _put_in_order(folder, finding, aside)


def _put_in_order(folder: ProjectFolder, finding: Finding, aside: Path) -> tuple[bool, str]:
    root = folder.root
    said = "It was removed."
    match finding.harm:
        case Harm.HALF_LANDED:
            takes.recover(folder)
            said = "The landing was carried to its end."
        case Harm.HALF_WRITTEN | Harm.LOCK_LEFT:
            (root / finding.path).unlink(missing_ok=True)
        case Harm.SETTINGS_LACK:
            scaffold.equip(root)
            said = "Git LFS is set up."
        case Harm.SETTINGS_RUN:
            scaffold.set_up_anew(root, aside / "git")
            said = f"Git's settings were set aside in {(aside / 'git').relative_to(root)}."
    return True, said


def _bytes(folder: ProjectFolder, finding: Finding, others: list[Path], aside: Path) -> tuple[bool, str]:
    """Put good bytes into the LFS store and the folder; without any, wrong ones are still taken out of the store."""
    root, far = folder.root, folder.vault.far
    kept = lfs.object_path(root, finding.oid)
    if kept.is_file() and hashed(kept) != finding.oid:
        _set_aside(kept, aside / finding.oid)
        _unlink_wrong(root / finding.path, finding, aside)
    source = kept if kept.is_file() else _good(root, finding, others)
    if source is None and _brought(folder.vault, finding.oid):
        _fill(root, finding)
        return True, "Its bytes were taken from the studio's bucket."
    if source is None:
        pointer = _committed(root, finding.path)
        if pointer and not (root / finding.path).exists():
            _write(root, finding.path, pointer)
        return False, "No good bytes of it were found in this workspace."
    if source != kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            link_new(source, kept)
        kept.chmod(0o444)
    if far and finding.detail.startswith(IN_BUCKET):
        far.put_away(
            uuid4().hex, finding.oid
        )  # set aside there: the trash of the bucket has it for a person to look at
    if far:
        far.put(finding.oid, kept.stat().st_size, kept)
    _fill(root, finding)
    return True, f"Its bytes were taken from {source}." if source != kept else "It was put back."


def _brought(vault: Vault, oid: str) -> bool:
    """Bring an object from the bucket; False where that does not have its bytes either."""
    try:
        return vault.far is not None and vault.bring(oid).is_file()
    except StudioError as wrong:
        if wrong.code is not Code.FILE_NOT_FOUND:
            raise
        return False


def _sent(folder: ProjectFolder, finding: Finding) -> tuple[bool, str]:
    """Send to the bucket what it lacks, if it is what the history says."""
    vault = folder.vault
    kept = vault.near.path(finding.oid)
    if vault.far is None or hashed(kept) != finding.oid:
        return False, "The bytes on this disk are not the ones that landed."
    vault.far.put(finding.oid, kept.stat().st_size, kept)
    return True, "It was sent."


def _good(root: Path, finding: Finding, others: list[Path]) -> Path | None:
    places = [root / finding.path, root / objects.INCOMING / finding.oid]
    places += sorted((git.own_folder(root) / trash.FOLDER).glob(f"*/{finding.oid}"))
    places += [lfs.object_path(other, finding.oid) for other in others]
    return next((one for one in places if one.is_file() and not one.is_symlink() and hashed(one) == finding.oid), None)


def _unlink_wrong(file: Path, finding: Finding, aside: Path) -> None:
    """Take a file out of the folder that is not what the history says, leaving its pointer."""
    if file.is_file() and lfs.pointer_at(file) is None and hashed(file) != finding.oid:
        _set_aside(file, aside / file.name)


def _fill(root: Path, finding: Finding) -> None:
    """Give the folder's file its bytes from the store, where it has none or only a pointer."""
    kept = lfs.object_path(root, finding.oid)
    if not (root / finding.path).exists():
        _write(root, finding.path, lfs.pointer_text(finding.oid, kept.stat().st_size))
    trash.put_back(root, finding.path, finding.oid)


def _write(root: Path, path: str, contents: bytes) -> None:
    folder, _, name = path.rpartition("/")
    write_whole(folder_below(root, folder) / name, contents, durable=False)


def _committed(root: Path, path: str) -> bytes | None:
    """Return what the newest commit has at a path: of media the pointer."""
    (there,) = read_objects(root, [f"refs/heads/{git.branch_of(root)}:{path}"])
    return there.contents if there else None


def _file(folder: ProjectFolder, finding: Finding, aside: Path) -> tuple[bool, str]:
    """Put a file back as the history has it."""
    root = folder.root
    contents = _committed(root, finding.path)
    if contents is None:
        return False, "The history does not have it."
    file = root / finding.path
    pointer = lfs.parse_pointer(contents)
    if pointer is None:
        if file.is_file() and file.read_bytes() == contents:
            return False, "The history has it just as broken."
    elif folder.vault.size(pointer.oid) is None or hashed(folder.vault.bring(pointer.oid)) != pointer.oid:
        return False, "The bytes that landed are not here."
    if file.exists():
        _set_aside(file, aside / file.name)
    _write(root, finding.path, contents)
    if pointer:
        trash.put_back(root, finding.path, pointer.oid)
    return True, "It was put back from the history."


def _commit(folder: ProjectFolder, finding: Finding, author: git.Author) -> tuple[bool, str]:
    """Commit a take or asset that has landed but is in no commit, with its sidecar and picture."""
    root = folder.root
    media = root / finding.path
    beside = [media.with_suffix(".json"), media.with_name(f"{media.name}.json"), media.with_suffix(".jpg")]
    files: dict[str, bytes] = {}
    for path in (media, *(one for one in dict.fromkeys(beside) if one != media and one.is_file())):
        where = path.relative_to(root).as_posix()
        if lfs.holds(where) and lfs.pointer_at(path) is None:
            oid = hashed(path)
            folder.vault.keep(oid, path.stat().st_size, path)
            files[where] = lfs.pointer_text(oid, path.stat().st_size)
        else:
            files[where] = path.read_bytes()
    git.commit_files(root, files, f"Put back into the history: {media.name}", author)
    return True, "It was committed."


def _set_aside(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{target.name}-{number}")
    file.rename(target)
