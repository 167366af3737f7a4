"""Projects on the move: out as one zip, in from one, and a copy of one that is here.

What comes in may be a stranger's (library/unpacking.py, library/arrival.py); it is built beside the others and is a
project only when it is whole.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.actions import canvas, projects
from studio_server.actions.reindex import enter
from studio_server.actions.studio import Studio
from studio_server.actions.views import ProjectView
from studio_server.domain.project import EXPORTS, Manifest, checked_title
from studio_server.index import directory, people
from studio_server.index.session import alone
from studio_server.library import archive, arrival, formats, lfs, unpacking
from studio_server.library.disk import guarded, read_text_file
from studio_server.library.folder import ProjectFolder

SAMPLE: Final = "sample/sample.zip"
"""The sample film below the folder of templates; tools/sample_film.py makes it."""

FREE: Final = 256 * 1024 * 1024
"""Bytes of the disk that an archive never takes."""


class BroughtIn(Frozen):
    """A project that was taken in.

    `with_history` says whether its earlier versions came along, `missing_media` how many files of the film have no
    bytes here, `left_out` which files were not taken (the first hundred).
    """

    project: ProjectView
    with_history: bool
    missing_media: int = 0
    left_out: tuple[str, ...] = ()


def pack(studio: Studio, project_id: str) -> tuple[str, Iterator[bytes]]:
    """Return the file name of a project's archive and its bytes, with everything saved that is on the canvas."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    canvas.commit(studio, project_id)
    return f"{folder.root.name}.zip", archive.packed(folder)


def take_in(studio: Studio, chunks: Iterable[bytes], *, as_copy: bool = False) -> BroughtIn:
    """Take a project in from the bytes of a zip. With `as_copy` it gets an identity of its own.

    Raises ARCHIVE_REFUSED, CANVAS_UNREADABLE (its project.json), UPLOAD_TOO_LARGE, STORAGE_FULL, or VERSION_CONFLICT
    where this project is here already.
    """
    folder = studio.settings.state_dir / "arriving"
    with guarded(studio.settings.state_dir):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as place:
            file = Path(place) / "archive.zip"
            _received(studio, chunks, file)
            return take_in_file(studio, file, as_copy=as_copy)


def take_in_file(studio: Studio, file: Path, *, as_copy: bool = False) -> BroughtIn:
    """Take a project in from a zip on this machine; it stays where it is."""
    came: list[tuple[arrival.Arrived, Manifest, list[str]]] = []
    limit = min(studio.settings.archive_limit, shutil.disk_usage(studio.workspace.root).free - FREE)
    with tempfile.TemporaryDirectory(dir=_beside(studio)) as place:

        def make(building: Path) -> str:
            building.mkdir()
            found = unpacking.unpack(file, building, Path(place), limit)
            manifest = _identified(studio, formats.load_manifest(read_text_file(building / "project.json")), as_copy)
            media = {p: oid for p, oid in found.files.items() if lfs.holds(p) and not p.startswith(f"{EXPORTS}/")}
            done = arrival.settle_in(building, manifest, media, found.objects, found.history, studio.author)
            came.append((done, manifest, found.left_out))
            return manifest.title

        landed = studio.workspace.receive(make)
    arrived, manifest, left_out = came[0]
    return BroughtIn(
        project=_entered(studio, landed, manifest),
        with_history=arrived.with_history,
        missing_media=arrived.missing,
        left_out=tuple(left_out[:100]),
    )


def open_sample(studio: Studio) -> ProjectView:
    """Take in a copy of the film that ships with the studio. Raises FILE_NOT_FOUND where the installation has none."""
    file = studio.settings.templates_dir / SAMPLE
    if not file.is_file():
        raise StudioError(Code.FILE_NOT_FOUND, "This studio came without its sample film.", detail=str(file))
    return take_in_file(studio, file, as_copy=True).project


def duplicate(studio: Studio, project_id: str, title: str = "") -> ProjectView:
    """Make a copy of a project with an identity of its own; takes lie on the disk once.

    Raises NOT_FOUND, PROJECT_MISSING, VALIDATION_ERROR or STORAGE_FULL.
    """
    source = canvas.folder_of(studio, canvas.find(studio, project_id))
    source.check()
    canvas.commit(studio, project_id)
    old = source.manifest()
    wanted = checked_title(title or f"{old.title[:110]} copy")
    fields = {"uuid": str(uuid4()), "title": wanted, "version": 1, "created_at": studio.now().isoformat()}
    manifest = old.model_copy(update=fields)

    def make(building: Path) -> str:
        building.mkdir()
        with source.lock():
            media, more = arrival.copied(source, building)
            arrival.settle_in(building, manifest, media, more, source.root / ".git", studio.author, ours=True)
        return manifest.title

    _shared(source, studio.workspace.project("", manifest.uuid))
    return _entered(studio, studio.workspace.receive(make), manifest)


def _shared(source: ProjectFolder, copy: ProjectFolder) -> None:
    """Give a copy what only the bucket has of a project, before the copy is there to miss it."""
    if source.far and copy.far:
        for oid in source.vault.listed().keys() - dict(source.vault.near.listed()).keys():
            copy.far.take_over(source.far, oid)


def _beside(studio: Studio) -> Path:
    """Return a folder on the same disk as the projects, so that media is linked into place and not copied."""
    folder = studio.workspace.root / ".arriving"
    folder.mkdir(exist_ok=True)
    return folder


def _received(studio: Studio, chunks: Iterable[bytes], file: Path) -> None:
    limit, taken = studio.settings.archive_limit, 0
    with file.open("xb") as into:
        for chunk in chunks:
            taken += len(chunk)
            if taken > limit:
                raise StudioError(
                    Code.UPLOAD_TOO_LARGE,
                    f"The archive is larger than the {studio.settings.archive_limit_gb} GB that may be brought in.",
                )
            into.write(chunk)


def _identified(studio: Studio, manifest: Manifest, as_copy: bool) -> Manifest:  # noqa: FBT001
    if as_copy:
        return manifest.model_copy(update={"uuid": str(uuid4())})
    with studio.index.read() as session:
        entry = directory.find_project(session, manifest.uuid)
    if entry is None:
        return manifest
    here = entry.tenant_id == studio.person.tenant_id
    if here and not canvas.folder_of(studio, entry).root.is_dir():
        return manifest
    raise StudioError(
        Code.VERSION_CONFLICT,
        f"“{manifest.title}” is in this studio already. Take it in as a copy instead.",
        detail=manifest.uuid,
        field="as_copy",
    )


def _entered(studio: Studio, folder: ProjectFolder, manifest: Manifest) -> ProjectView:
    with studio.index.write() as session:
        alone(session, "projects")
        if directory.find_project(session, manifest.uuid):
            directory.move_project(session, manifest.uuid, folder.root.name)
        else:
            enter(session, studio, folder, manifest.uuid)
        people.join(session, manifest.uuid, studio.person.id)
    studio.canvases.pop(manifest.uuid, None)
    studio.builds.pop(manifest.uuid, None)
    return projects.view(studio, canvas.find(studio, manifest.uuid))
