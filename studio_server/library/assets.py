"""Files people bring in become assets, and rendered films are put among the exports: whole, under a name of their own.

The bytes must have been staged (objects.Incoming); what they are is judged here, by the bytes.
"""

import re
from pathlib import Path

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import MediaRef
from studio_server.domain.assets import Asset, AssetKind, Film, FilmDraft
from studio_server.domain.project import EXPORTS, SOURCE_MEDIA
from studio_server.domain.shots import POSTER_SUFFIX, SIDECAR_SUFFIX
from studio_server.library import formats, git, journal, media, objects
from studio_server.library.disk import guarded, link_new, sync_all, write_new
from studio_server.library.folder import ProjectFolder
from studio_server.library.names import safe_stem
from studio_server.library.takes import Arrived

_TRIES = 1000
_STEM = re.compile(r"[a-z0-9][a-z0-9-]{0,59}(_[a-z0-9-]{1,20}){0,2}")


def land_asset(
    folder: ProjectFolder,
    staged: objects.Staged,
    filename: str,
    told: tuple[str, str, str],
    author: git.Author,
    *,
    like: Asset | None = None,
) -> Asset:
    """Make staged bytes an asset of the project and commit it; `told` is its id, its maker's name and the time (ISO).

    `like` is the asset of another project that it is a copy of: its title and what others noted beside it come along.
    The same bytes a second time give the asset that is there. Raises UNSUPPORTED_MEDIA, saying what the file really
    is, STORAGE_FULL, STORAGE_READONLY or STORAGE_UNREACHABLE; nothing is left of it then.
    """
    root = folder.root
    identity, created_by, created_at = told
    try:
        sniffed, facts = media.inspect(staged.path, filename)
    except StudioError:
        staged.path.unlink(missing_ok=True)
        raise
    with folder.lock(), guarded(root):
        known = next((a for a in folder.assets() if a.media.oid == staged.oid), None)
        if known is None:
            folder.vault.keep(staged.oid, staged.size, staged.path)
            ref = MediaRef(path="", oid=staged.oid, size=staged.size, mime=sniffed.mime)
            fresh = Asset(
                id=identity,
                title=Path(filename.replace("\\", "/")).stem[:120] or "media",
                kind=sniffed.kind,
                media=ref,
                width=facts.width,
                height=facts.height,
                duration_s=facts.duration_s,
                frames=None if sniffed.kind is AssetKind.IMAGE else facts.frames,
                has_audio=facts.has_audio,
                created_at=created_at,
                created_by=created_by,
            )
            if like:
                own = fresh.model_dump(exclude={"title"}, by_alias=False)
                fresh = like.model_copy(update={**own, "media": ref, "origin": f"project:{like.id}"})
            known = _land(root, fresh, f"{safe_stem(filename)}%s{sniffed.suffix}", author)
        staged.path.unlink(missing_ok=True)
    return known


def _land(root: Path, asset: Asset, pattern: str, author: git.Author) -> Asset:
    for number in range(1, _TRIES):
        path = f"{SOURCE_MEDIA}/{pattern % ('' if number == 1 else f'-{number}')}"
        if _is_taken(root, path):
            continue
        landed = asset.model_copy(update={"media": asset.media.model_copy(update={"path": path})})
        begun = journal.Entry(
            key=asset.id,
            sidecar=path + SIDECAR_SUFFIX,
            text=formats.dump(landed).decode(),
            media=landed.media,
            poster=None,
            message=f"Brought in {path.rsplit('/', 1)[-1]}",
            author=author,
        )
        journal.write(root, begun)
        try:
            journal.carry_out(root, begun)
        except FileExistsError:
            journal.withdraw(root, begun)
            continue
        except (OSError, StudioError):
            journal.withdraw_quietly(root, begun)
            raise
        journal.close(root, begun.key)
        return landed
    raise StudioError(Code.VERSION_CONFLICT, "There are too many files of this name.", detail=pattern)


def _is_taken(root: Path, path: str) -> bool:
    """Whether a name is in use, also in other letters: some file systems take `A.png` and `a.png` for one."""
    target = root / path
    names = {entry.name.casefold() for entry in target.parent.iterdir()} if target.parent.is_dir() else set()
    return target.name.casefold() in names or (target.name + SIDECAR_SUFFIX).casefold() in names


def land_film(folder: ProjectFolder, arrived: Arrived, poster: Path | None, stem: str, draft: FilmDraft) -> Film:
    """Put a staged film into 06_Exports as `{stem}_v01`, `_v02` and so on; return it with its name and paths.

    Films are not part of the history: they can be rendered again. `draft` says everything but its name and files;
    the same job twice gives the same film. Raises STORAGE_FULL, STORAGE_READONLY or FILE_NOT_FOUND (never staged).
    """
    if not _STEM.fullmatch(stem):
        raise StudioError(Code.VALIDATION_ERROR, f"{stem!r} cannot be the name of a film.", field="name")
    root = folder.root
    with folder.lock(), guarded(root):
        known = next((f for f in folder.films() if draft.job_id and f.job_id == draft.job_id), None)
        if known:
            return known
        source = objects.staged(root, arrived.oid, arrived.size)
        if source is None:
            raise StudioError(Code.FILE_NOT_FOUND, "The film was never received.", detail=f"sha256 {arrived.oid}")
        for number in range(1, _TRIES):
            name = f"{stem}_v{number:02d}"
            if any((root / EXPORTS).glob(f"{name}.*")):
                continue
            landed = _placed(root, arrived, poster, draft, name, source)
            if source.parent == root / objects.INCOMING:
                source.unlink(missing_ok=True)
            return landed
    raise StudioError(Code.VERSION_CONFLICT, "There are too many films of this name.", detail=stem)


def _placed(root: Path, arrived: Arrived, poster: Path | None, draft: FilmDraft, name: str, source: Path) -> Film:
    (root / EXPORTS).mkdir(exist_ok=True)
    ref = MediaRef(path=f"{EXPORTS}/{name}{arrived.suffix}", oid=arrived.oid, size=arrived.size, mime=arrived.mime)
    poster_ref = None
    if poster:
        data = poster.read_bytes()
        still = f"{EXPORTS}/{name}{POSTER_SUFFIX}"
        poster_ref = MediaRef(path=still, oid=objects.sha256(data), size=len(data), mime="image/jpeg")
        write_new(root / still, data)
    film = Film(**draft.model_dump(by_alias=False), name=name, media=ref, poster=poster_ref)
    sidecar = root / (ref.path + SIDECAR_SUFFIX)
    try:
        write_new(sidecar, formats.dump(film))
        link_new(source, root / ref.path)
        sync_all([source, sidecar, root / EXPORTS])
    except OSError:
        sidecar.unlink(missing_ok=True)
        if poster_ref:
            (root / poster_ref.path).unlink(missing_ok=True)
        raise
    return film
