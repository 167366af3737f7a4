"""Takes land here: numbered under the project's lock, never over another, whole or not at all.

The media must have been staged (objects.stage). Landing the same job twice gives the same take.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import MediaRef
from studio_server.domain.shots import (
    POSTER_SUFFIX,
    SIDECAR_SUFFIX,
    Companion,
    Numbered,
    Take,
    TakeDraft,
    TakeName,
    fingerprint,
    next_number,
    next_of_version,
    parse_file,
    plain_reel,
    reel_name,
)
from studio_server.library import formats, git, journal, objects, scan
from studio_server.library.disk import TEMPORARY, guarded
from studio_server.library.folder import ProjectFolder
from studio_server.library.scaffold import equip

_TRIES = 20


class Arrived(NamedTuple):
    """A staged file: SHA-256, size in bytes, MIME type and suffix (with its dot)."""

    oid: str
    size: int
    mime: str
    suffix: str


def land_take(
    folder: ProjectFolder,
    arrived: Arrived,
    poster: Path | None,
    draft: TakeDraft,
    author: git.Author,
    companions: Sequence[Companion] = (),
    *,
    reached: journal.Reached = lambda _: None,
) -> Take:
    """Make a staged file the next take of its shot and commit it; return the take as it lies in the folder.

    `draft.recipe` must be set: it decides whether this is another take of a version or a new version. A conformed take
    of one that was put there by hand has none, and is another take of that one's version. `poster` is a
    JPEG that is moved in beside the media; `companions` are staged files that go beside it too, of whose paths only
    the ending counts. Raises STORAGE_FULL, STORAGE_READONLY, STORAGE_UNREACHABLE, PROJECT_MISSING or FILE_NOT_FOUND
    (never staged); then no take is there and the staged file still is: landing can be tried again.
    """
    if draft.recipe is None and draft.conformed is None:
        raise StudioError(Code.INTERNAL, "A take needs its recipe.", detail=draft.id)
    root = folder.root
    with guarded(root):
        sources = [_kept(folder, arrived.oid, arrived.size)]
        sources += [_kept(folder, one.media.oid, one.media.size) for one in companions]
        poster_ref = _kept_poster(folder, poster)
    reached("objects")
    with folder.lock(), guarded(root):
        take = _finished(folder, draft) or _land(folder, arrived, poster_ref, companions, draft, author, reached)
    with guarded(root):
        for source in sources:
            source.unlink(missing_ok=True)
        if poster:
            poster.unlink(missing_ok=True)
    return take


def _kept(folder: ProjectFolder, oid: str, size: int) -> Path:
    """Keep staged bytes and return where they were staged."""
    source = objects.staged(folder.root, oid, size)
    if source is None:
        raise StudioError(Code.FILE_NOT_FOUND, "The file to land was never received.", detail=f"sha256 {oid}")
    folder.vault.keep(oid, size, source)
    return folder.root / objects.INCOMING / oid


def _kept_poster(folder: ProjectFolder, poster: Path | None) -> MediaRef | None:
    if poster is None:
        return None
    data = poster.read_bytes()
    oid = objects.sha256(data)
    folder.vault.keep(oid, len(data), poster)
    return MediaRef(path="", oid=oid, size=len(data), mime="image/jpeg")


def _finished(folder: ProjectFolder, draft: TakeDraft) -> Take | None:
    """Return the take that this job has landed already, carrying an interrupted landing to its end."""
    begun = journal.entry(folder.root, _key(draft))
    if begun:
        return _resumed(folder, begun)
    if draft.job_id is None:
        return None
    return next((t for t in folder.takes(draft.scene, draft.code) if t.job_id == draft.job_id), None)


def _key(draft: TakeDraft) -> str:
    return draft.job_id or draft.id


def _land(
    folder: ProjectFolder,
    arrived: Arrived,
    poster: MediaRef | None,
    companions: Sequence[Companion],
    draft: TakeDraft,
    author: git.Author,
    reached: journal.Reached,
) -> Take:
    root = folder.root
    spoken_for: list[Numbered] = []
    for _ in range(_TRIES):
        take = _numbered(folder, arrived, poster, companions, draft, spoken_for)
        begun = _entry(take, author)
        journal.write(root, begun)
        reached("journal")
        try:
            journal.carry_out(root, begun, reached)
        except (FileExistsError, git.TakenError):
            journal.withdraw(root, begun)
            spoken_for.append(Numbered(take.version, take.number, take.fingerprint))
            spoken_for.extend(_in_history(folder, draft))
        except (OSError, StudioError):
            journal.withdraw_quietly(root, begun)
            raise
        else:
            journal.close(root, begun.key)
            reached("closed")
            return take
    raise StudioError(Code.VERSION_CONFLICT, "Another program keeps writing takes of this shot.", detail=draft.id)


def _in_history(folder: ProjectFolder, draft: TakeDraft) -> list[Numbered]:
    """Return the numbers that the history holds, also where the files were removed by hand."""
    where = TakeName(draft.scene, draft.code, 1, 1).folder
    parsed = (parse_file(draft.scene, name) for name in git.committed_names(folder.root, where))
    return [Numbered(p[0].version, p[0].number, None) for p in parsed if p]


def _numbered(
    folder: ProjectFolder,
    arrived: Arrived,
    poster: MediaRef | None,
    companions: Sequence[Companion],
    draft: TakeDraft,
    spoken_for: list[Numbered],
) -> Take:
    """Return the draft with the next free number, its reel and the paths of its files."""
    mark = fingerprint(draft.recipe) if draft.recipe else None
    taken = [Numbered(t.version, t.number, t.fingerprint) for t in folder.takes(draft.scene, draft.code)]
    existing = [*taken, *spoken_for]
    version, number = next_number(existing, mark) if mark else next_of_version(existing, _version_of(draft))
    name = TakeName(draft.scene, draft.code, version, number)
    reel = plain_reel(name) or reel_name(name, draft.id, scan.reels(folder.root))
    media = MediaRef(path=name.path(arrived.suffix), oid=arrived.oid, size=arrived.size, mime=arrived.mime)
    if poster:
        poster = poster.model_copy(update={"path": name.path(POSTER_SUFFIX)})
    beside = tuple(_beside(name, one) for one in companions)
    files = {"media": media, "poster": poster, "companions": beside}
    told = draft.model_dump(by_alias=False)
    return Take(**told, version=version, number=number, **files, fingerprint=mark, reel=reel)


def _version_of(draft: TakeDraft) -> int:
    """Return the version of the take whose pictures a draft has."""
    parsed = parse_file(draft.scene, f"{draft.conformed.take}.mp4") if draft.conformed else None
    return parsed[0].version if parsed else 1


def _beside(name: TakeName, one: Companion) -> Companion:
    path = name.path(f".{one.name}{Path(one.media.path).suffix}")
    return one.model_copy(update={"media": one.media.model_copy(update={"path": path})})


def _entry(take: Take, author: git.Author) -> journal.Entry:
    return journal.Entry(
        key=_key(take),
        sidecar=take.take_name.path(SIDECAR_SUFFIX),
        text=formats.dump(take).decode(),
        media=take.media,
        poster=take.poster,
        beside=tuple(one.media for one in take.companions),
        message=f"{take.name} of scene {take.scene}",
        author=author,
    )


def recover(folder: ProjectFolder) -> list[Take]:
    """Carry to its end what a crash interrupted, and sweep up half-written files; return the takes that landed.

    A clone is set up for Git LFS on the way. Call it when a project is opened, before anything is landed in it.
    """
    root = folder.root
    landed = []
    with folder.lock(), guarded(root):
        equip(root)
        for begun in journal.entries(root):
            take = _resumed(folder, begun)
            if take:
                landed.append(take)
            for half_written in (root / begun.sidecar).parent.glob(f"{TEMPORARY}*"):
                half_written.unlink(missing_ok=True)
        objects.sweep_half_written(root)
        git.settle(root, git.Author("Studio", "studio@localhost"))
    return landed


def _resumed(folder: ProjectFolder, begun: journal.Entry) -> Take | None:
    """Carry an interrupted landing to its end; where its name was given away meanwhile it gets the next number."""
    root = folder.root
    if not all(objects.staged(root, ref.oid, ref.size) for ref in begun.refs):
        journal.withdraw(root, begun)
        return None
    is_take = begun.sidecar.startswith("03_Renders/")
    try:
        journal.carry_out(root, begun)
    except (FileExistsError, git.TakenError):
        journal.withdraw(root, begun)
        if not is_take:
            return None
        take = formats.load(begun.text.encode(), Take, begun.sidecar)
        suffix = Path(take.media.path).suffix
        arrived = Arrived(take.media.oid, take.media.size, take.media.mime, suffix)
        extra = {"version", "number", "media", "poster", "companions", "fingerprint", "reel"}
        draft = TakeDraft.model_validate(take.model_dump(exclude=extra))
        return _land(folder, arrived, take.poster, take.companions, draft, begun.author, lambda _: None)
    journal.close(root, begun.key)
    return formats.load(begun.text.encode(), Take, begun.sidecar) if is_take else None
