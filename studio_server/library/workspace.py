"""A tenant's workspace: the shared library and the projects, found by looking and made whole or not at all.

{root}/{tenant}/Library/{Branding,Stock_Media,Pipeline_Templates}
{root}/{tenant}/Projects/{slug}/project.json …
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from studio_sdk.errors import Code, StudioError
from studio_server.domain.project import LOCAL_FOLDERS, MANIFEST, VERSIONED_FOLDERS, Manifest, slug_for
from studio_server.library import formats, git, lfs
from studio_server.library.disk import TEMPORARY, guarded, sync
from studio_server.library.folder import ProjectFolder
from studio_server.library.names import checked_path
from studio_server.library.scaffold import scaffold
from studio_server.library.store import Store

LIBRARY_FOLDERS: Final = ("Library/Branding", "Library/Stock_Media", "Library/Pipeline_Templates")
PROJECTS: Final = "Projects"

_TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DOTTED = {"gitignore": ".gitignore", "gitattributes": ".gitattributes"}
_KEEP = ".gitkeep"


class Depot(Protocol):
    """What gives each project its place in the studio's bucket (library/s3.py)."""

    def of(self, tenant: str, project_id: str) -> Store:
        """Return the store of one project."""

    def sweep(self, before: datetime) -> int:
        """End uploads in parts that were begun before a moment and left; return how many."""


class Broken(NamedTuple):
    """A folder among the projects that cannot be opened, and why."""

    path: Path
    error: StudioError


@dataclass(frozen=True)
class Workspace:
    """The folder of one tenant, and the studio's bucket where it has one.

    With `elsewhere` a project may be a link among the others, to a folder that stays where it lies (`open_in_place`).
    """

    root: Path
    depot: Depot | None = field(default=None, compare=False, repr=False)
    elsewhere: bool = False

    @property
    def projects_folder(self) -> Path:
        """Return the folder that holds the projects."""
        return self.root / PROJECTS

    def create_project(self, manifest: Manifest, template_dir: Path, author: git.Author) -> ProjectFolder:
        """Make a project: the whole numbered tree, its git repository with Git LFS, and the first commit.

        It is never half there. Raises STORAGE_FULL, STORAGE_READONLY, DEPENDENCY_MISSING (no git).
        """

        def make(building: Path) -> str:
            files = _tree(building, manifest, template_dir)
            scaffold(building, files, f"New project: {manifest.title}", author)
            return manifest.title

        return self.receive(make)

    def receive(self, make: Callable[[Path], str]) -> ProjectFolder:
        """Take in a project that `make` builds in the folder it is given, moved in when whole; it returns the title.

        Whatever `make` raises leaves nothing behind.
        """
        with guarded(self.root):
            self.projects_folder.mkdir(parents=True, exist_ok=True)
            building = self.projects_folder / f"{TEMPORARY}new-{secrets.token_hex(8)}"
            try:
                final = self._claimed(building, slug_for(make(building)))
            except BaseException:
                shutil.rmtree(building, ignore_errors=True)
                raise
            sync(self.projects_folder)
        return ProjectFolder(final)

    def _claimed(self, building: Path, slug: str) -> Path:
        """Move a finished project to the first free name of `slug`, `slug-2`, `slug-3` and so on."""
        number = 1
        while True:
            name = slug if number == 1 else f"{slug}-{number}"
            taken = {entry.name.casefold() for entry in self.projects_folder.iterdir()}
            if name not in taken:
                final = self.projects_folder / name
                try:
                    final.mkdir()  # the claim: rename replaces an empty folder, and nobody else can make it twice
                except FileExistsError:
                    continue
                building.rename(final)
                return final
            number += 1

    def project(self, path: str, project_id: str) -> ProjectFolder:
        """Return the folder of a project that the index knows, which may have vanished.

        Its place in the bucket goes by the index's id: what a project.json says of itself may be a stranger's word.
        """
        far = self.depot.of(self.root.name, project_id) if self.depot else None
        return ProjectFolder(self.projects_folder / path, far, may_be_link=self.elsewhere)

    def open_in_place(self, folder: Path) -> ProjectFolder:
        """Let a project folder that lies elsewhere on this machine be one of the projects, without copying it.

        A link is made among the projects; whoever removes it closes the project and changes nothing in the folder.
        Raises NOT_PERMITTED where links are not opened or the folder is another user's, VALIDATION_ERROR for one that
        lies in the workspace or around it, and what `check` and `manifest` raise for what is no project.
        """
        there = folder.resolve()
        if not self.elsewhere:
            words = "A folder elsewhere is opened only by a studio where nobody signs in. Bring it in as a zip."
            raise StudioError(Code.NOT_PERMITTED, words, detail=str(there))
        found = ProjectFolder(there)
        found.check()
        title = found.manifest().title
        if there.stat().st_uid != os.getuid():
            raise StudioError(Code.NOT_PERMITTED, "This folder is another user's.", detail=str(there))
        if there.is_relative_to(self.root) or self.root.is_relative_to(there):
            raise StudioError(Code.VALIDATION_ERROR, "This folder is the studio's own.", detail=str(there))
        with guarded(self.root):
            for entry in self.projects_folder.iterdir():
                if entry.is_symlink() and entry.resolve() == there:
                    return ProjectFolder(entry)
            return ProjectFolder(self._linked(there, slug_for(title)))

    def _linked(self, there: Path, slug: str) -> Path:
        """Make a link under the first free name of `slug`, `slug-2`, `slug-3` and so on."""
        number = 1
        while True:
            name = slug if number == 1 else f"{slug}-{number}"
            number += 1
            if name not in {entry.name.casefold() for entry in self.projects_folder.iterdir()}:
                with suppress(FileExistsError):
                    (self.projects_folder / name).symlink_to(there)
                    sync(self.projects_folder)
                    return self.projects_folder / name

    def projects(self) -> list[ProjectFolder]:
        """Return the projects that can be opened, by folder name."""
        return [folder for folder, error in self._scan() if error is None]

    def broken(self) -> list[Broken]:
        """Return the folders among the projects that cannot be opened, and why."""
        return [Broken(folder.root, error) for folder, error in self._scan() if error is not None]

    def _scan(self) -> list[tuple[ProjectFolder, StudioError | None]]:
        if not self.projects_folder.is_dir():
            return []
        with guarded(self.root):
            entries = sorted(self.projects_folder.iterdir())
        found: list[tuple[ProjectFolder, StudioError | None]] = []
        for entry in entries:
            if entry.name.startswith(".") or not (entry / MANIFEST).is_file():
                continue
            folder = ProjectFolder(entry, may_be_link=self.elsewhere)
            try:
                folder.check()
                folder.manifest()
            except StudioError as error:
                found.append((folder, None if error.code is Code.STORAGE_READONLY else error))
            else:
                found.append((folder, None))
        return found


def open_workspace(root: Path, tenant: str, depot: Depot | None = None, *, elsewhere: bool = False) -> Workspace:
    """Return a tenant's workspace, made where it is not there yet; `elsewhere` as there.

    Raises STORAGE_READONLY or STORAGE_FULL where it cannot be made, VALIDATION_ERROR for a tenant name that is not
    1-40 characters of `a-z0-9-`.
    """
    if not _TENANT.fullmatch(tenant):
        raise StudioError(Code.VALIDATION_ERROR, f"{tenant!r} cannot be the name of a tenant's folder.")
    home = root.resolve() / tenant
    with guarded(root):
        try:
            for folder in (*LIBRARY_FOLDERS, PROJECTS):
                (home / folder).mkdir(parents=True, exist_ok=True)
            probe = home / PROJECTS / f"{TEMPORARY}{secrets.token_hex(8)}.tmp"
            probe.touch()
            probe.unlink()
        except (NotADirectoryError, FileExistsError, FileNotFoundError) as refused:
            raise StudioError(
                Code.STORAGE_READONLY, "The workspace cannot be made in this place.", detail=str(refused)
            ) from refused
    return Workspace(home, depot, elsewhere)


def _tree(building: Path, manifest: Manifest, template_dir: Path) -> dict[str, bytes]:
    """Build the folder tree and return the files that belong into the first commit."""
    files: dict[str, bytes] = {}
    for source in sorted(template_dir.rglob("*")):
        if source.is_file():
            where = source.relative_to(template_dir).as_posix()
            files[_DOTTED.get(where, where)] = source.read_bytes()
    files[".gitattributes"] = files.get(".gitattributes", b"") + lfs.attributes().encode()
    files[MANIFEST] = formats.dump(manifest)
    filled = {path.rpartition("/")[0] for path in files}
    for folder in VERSIONED_FOLDERS:
        if folder not in filled:
            files[f"{folder}/{_KEEP}"] = b""
    for folder in (*VERSIONED_FOLDERS, *LOCAL_FOLDERS):
        (building / folder).mkdir(parents=True, exist_ok=True)
    for path, contents in files.items():
        target = building / checked_path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents)
    return files
