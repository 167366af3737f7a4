"""Commands on the projects of a workspace from the command line, without a web process.

Each opens the studio that the settings describe, calls one action and says what came of it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas, projects, transfer
from studio_server.actions.studio import Studio
from studio_server.app import open_studio
from studio_server.index import session
from studio_server.library import fsck, mending
from studio_server.library.folder import ProjectFolder
from studio_server.loops.bell import Bell
from studio_server.settings import Settings
from studio_server.supervisor.start import only_one

Say = Callable[[str], None]


@contextmanager
def opened(settings: Settings) -> Iterator[Studio]:
    """Open the studio of the settings for one command."""
    studio = open_studio(settings.with_secrets(), Bell(), lambda _: None)
    try:
        yield studio
    finally:
        studio.index.engine.dispose()


@contextmanager
def _resting(settings: Settings) -> Iterator[None]:
    """Keep the workspace's studio from starting meanwhile. Raises VERSION_CONFLICT where it runs."""
    with only_one(settings) as running:
        if running is not None:
            raise StudioError(
                Code.VERSION_CONFLICT, f"The studio is running at {running}. Stop it first.", detail=running
            )
        yield


def reindex(settings: Settings, say: Say) -> int:
    """Make the database anew from the project folders; one that cannot be read is set aside."""
    with _resting(settings):
        if session.is_damaged(settings.database_url):
            kept = session.set_aside(settings.database_url, time.strftime("damaged-%Y%m%d-%H%M%S"))
            say(f"The database was damaged; it lies in {kept} now. Accounts of people must be made again.")
        with opened(settings) as studio:
            count = projects.reindex(studio)
            say(f"{count} {'project' if count == 1 else 'projects'} entered from {studio.workspace.projects_folder}.")
            for broken in studio.workspace.broken():
                say(f"  not entered: {broken.path}: {broken.error.message}")
    return 0


def check(settings: Settings, project: str | None, *, mend: bool, quick: bool, say: Say) -> int:
    """Look projects over, all or the one named by its id or folder, and mend what can be mended if asked to.

    Returns 0 where nothing is wrong any more, else 1.
    """
    wrong = 0
    with opened(settings) as studio:
        wanted = [one for one in projects.listed(studio) if project in {None, one.id, one.slug}]
        if project and not wanted:
            raise StudioError(Code.NOT_FOUND, f"There is no project {project!r}.", detail=project)
        for one in wanted:
            folder = canvas.folder_of(studio, canvas.find(studio, one.id))
            try:
                found = list(fsck.examine(folder, deep=not quick))
            except StudioError as error:
                say(f"{one.slug}: {error.message}")
                wrong += 1
                continue
            harms = [finding for finding in found if finding.harm is not fsck.Harm.PUT_AWAY]
            say(f"{one.slug}: {len(harms) or 'nothing'} wrong")
            for finding in harms:
                say(f"  {finding.harm:15} {finding.path}: {finding.what} {finding.detail}")
                if finding.mending and not mend:
                    say(f"  {'':15} -> {finding.mending}")
            done = mending.mend(folder, harms, studio.workspace.projects(), studio.author) if mend and harms else []
            for outcome in done:
                say(f"  {'mended' if outcome.done else 'NOT mended':15} {outcome.finding.path}: {outcome.said}")
            wrong += len(harms) - sum(outcome.done for outcome in done)
    return 1 if wrong else 0


def bring_in(settings: Settings, file: Path, *, as_copy: bool, say: Say) -> int:
    """Take a project in from a zip on this machine."""
    if not file.is_file():
        raise StudioError(Code.FILE_NOT_FOUND, f"There is no file {file}.", detail=str(file))
    with opened(settings) as studio:
        found = transfer.take_in_file(studio, file, as_copy=as_copy)
    say(f"“{found.project.title}” lies in {found.project.path} now.")
    if not found.with_history:
        say("  Its history was not taken over; it begins today.")
    if found.missing_media:
        say(f"  {found.missing_media} media files did not come with it.")
    for name in found.left_out:
        say(f"  left out: {name}")
    return 0


def open_in_place(settings: Settings, folder: Path, say: Say) -> int:
    """Let a project folder elsewhere on this machine be one of the studio's, where it lies; the studio may run."""
    with opened(settings) as studio:
        uuid = ProjectFolder(folder.resolve()).manifest().uuid
        known = next((one for one in projects.listed(studio) if one.id == uuid and one.state.ok), None)
        if known and Path(known.path).resolve() != folder.resolve():
            words = f"This project is here already, as “{known.title}”. Zip the folder and import it as a copy."
            raise StudioError(Code.VERSION_CONFLICT, words, detail=known.path)
        link = studio.workspace.open_in_place(folder).root
        projects.adopt_folders(studio)
    say(f"“{link.name}” is among the projects now; it stays in {folder.resolve()}.")
    say(f"  Removing the link {link} closes it.")
    return 0


def pack(settings: Settings, project: str, target: Path | None, say: Say) -> int:
    """Write a project, named by its id or its folder, into a zip that is not there yet."""
    with opened(settings) as studio:
        listed = projects.listed(studio)
        found = next((one for one in listed if project in {one.id, one.slug}), None)
        if found is None:
            raise StudioError(Code.NOT_FOUND, f"There is no project {project!r}.", detail=project)
        name, chunks = transfer.pack(studio, found.id)
        file = target or Path(name)
        beside = file.with_name(f".{file.name}.part")
        try:
            with beside.open("xb") as out:
                for chunk in chunks:
                    out.write(chunk)
            file.hardlink_to(beside)
        except FileExistsError as there:
            raise StudioError(Code.VERSION_CONFLICT, f"{file} is there already.", detail=str(there)) from there
        finally:
            beside.unlink(missing_ok=True)
    say(f"Wrote {file}, {file.stat().st_size / 1e6:,.1f} MB.")
    return 0
