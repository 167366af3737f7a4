"""Projects: make, list, open, change; and enter into the index what lies in the workspace."""

import logging
from collections.abc import Mapping, Sequence
from uuid import uuid4

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Engine, Quality
from studio_server.actions import assemble, assets, canvas, locks, takes
from studio_server.actions.lines import queue_of
from studio_server.actions.reindex import enter, forget
from studio_server.actions.studio import Studio
from studio_server.actions.views import FolderState, FullState, ProjectState, ProjectView, media_url
from studio_server.domain.batch import ShotKey
from studio_server.domain.events import Change, EventType
from studio_server.domain.jobs import JobState, Task, task_of
from studio_server.domain.node_types import is_process
from studio_server.domain.project import (
    Manifest,
    OtherRates,
    WhenFull,
    checked_description,
    checked_title,
    new_manifest,
    offered_rate,
    settings_for,
)
from studio_server.domain.shots import Take
from studio_server.domain.sight import Area
from studio_server.index import directory, jobs, people
from studio_server.index.session import alone
from studio_server.library import alternates
from studio_server.library.folder import ProjectFolder

_log = logging.getLogger(__name__)


def create(
    studio: Studio, *, title: str, description: str, aspect_ratio: str, frame_rate: str, quality: Quality
) -> ProjectView:
    """Make a project folder with its first commit and enter it.

    Raises VALIDATION_ERROR, STORAGE_READONLY or STORAGE_FULL.
    """
    manifest = new_manifest(
        uuid=str(uuid4()),
        title=title,
        description=description,
        aspect_ratio=aspect_ratio,
        frame_rate=frame_rate,
        quality=quality,
        created_at=studio.now().isoformat(),
    )
    folder = studio.workspace.create_project(manifest, studio.settings.templates_dir / "default", studio.author)
    with studio.index.write() as session:
        entry = directory.add_project(session, manifest.uuid, studio.person.tenant_id, folder.root.name, studio.now())
        people.join(session, manifest.uuid, studio.person.id)
    return view(studio, entry)


def adopt_folders(studio: Studio) -> None:
    """Enter projects that lie in the workspace and are not in the index, and note where known ones lie now."""
    lying = _lying_there(studio)
    with studio.index.read() as session:
        known = {entry.id: entry for entry in directory.projects_of(session, studio.person.tenant_id)}
        entries = {name: known.get(name) or directory.find_project(session, name) for name in lying}
    news = {name: folder for name, folder in lying.items() if _is_news(studio, entries[name], folder)}
    if not news:
        return
    with studio.index.write() as session:
        alone(session, "projects")  # two web processes see the same folder
        for name, folder in news.items():
            if directory.find_project(session, name):
                directory.move_project(session, name, folder.root.name)
            else:
                enter(session, studio, folder, name)


def reindex(studio: Studio) -> int:
    """Forget every project and enter anew what lies in the workspace; return how many projects there are."""
    forget(studio)
    adopt_folders(studio)
    with studio.index.read() as session:
        return len(directory.projects_of(session, studio.person.tenant_id))


def _lying_there(studio: Studio) -> dict[str, ProjectFolder]:
    """Return the folders of the workspace by the id in them; of a folder and its copy the first one, by name."""
    lying: dict[str, ProjectFolder] = {}
    for folder in studio.workspace.projects():
        try:
            lying.setdefault(folder.manifest().uuid, folder)
        except StudioError as error:
            _log.warning("%s is left out: %s %s", folder.root, error.message, error.detail)
    return lying


def _is_news(studio: Studio, entry: directory.ProjectEntry | None, folder: ProjectFolder) -> bool:
    if entry is None:
        return True
    if entry.tenant_id != studio.person.tenant_id:
        _log.warning("%s is left out: it belongs to another studio on this server", folder.root)
        return False
    return entry.path != folder.root.name and not canvas.folder_of(studio, entry).root.is_dir()


def folders(studio: Studio) -> list[ProjectFolder]:
    """Return the folders of all projects of the tenant that are there."""
    with studio.index.read() as session:
        entries = directory.projects_of(session, studio.person.tenant_id)
    found = [canvas.folder_of(studio, entry) for entry in entries]
    return [folder for folder in found if (folder.root / ".git" / "HEAD").is_file()]


def listed(studio: Studio) -> list[ProjectView]:
    """Return the projects, newest work first; one whose folder is gone is listed with what is wrong."""
    adopt_folders(studio)
    with studio.index.read() as session:
        entries = directory.projects_of(session, studio.person.tenant_id)
        mine = frozenset() if studio.sees_all else people.projects_of_member(session, studio.person.id)
    if studio.only_project:
        mine = mine & {studio.only_project} if not studio.is_everywhere else frozenset({studio.only_project})
    return [view(studio, entry) for entry in entries if studio.sees_all or entry.id in mine]


def view(
    studio: Studio, entry: directory.ProjectEntry, found: Mapping[ShotKey, Sequence[Take]] | None = None
) -> ProjectView:
    """Return a project as listed; `found` are its takes, where they were read already."""
    folder = canvas.folder_of(studio, entry)
    try:
        folder.check()
        manifest = folder.manifest()
    except StudioError as error:
        return ProjectView(
            id=entry.id,
            name=entry.path,
            title=entry.path,
            description="",
            slug=entry.path,
            path=str(folder.root),
            aspect_ratio="16:9",
            width=1280,
            height=720,
            frame_rate="24/1",
            quality=Quality.STANDARD,
            version=0,
            revision=entry.revision,
            created_at=entry.updated_at.isoformat(),
            updated_at=entry.updated_at,
            queue_paused=entry.queue_paused,
            state=ProjectState(ok=False, error=error.body()),
        )
    by_shot = takes.on_disk(folder) if found is None else found
    return _view(entry, folder, manifest, [take for shot in by_shot.values() for take in shot])


def _view(
    entry: directory.ProjectEntry, folder: ProjectFolder, manifest: Manifest, found: Sequence[Take]
) -> ProjectView:
    settings = manifest.project_settings
    newest = max((take for take in found if take.poster), key=lambda take: take.created_at, default=None)
    return ProjectView(
        id=entry.id,
        name=manifest.title,
        title=manifest.title,
        description=manifest.description,
        slug=folder.root.name,
        path=str(folder.root),
        aspect_ratio=settings.aspect_ratio,
        width=settings.width,
        height=settings.height,
        frame_rate=settings.frame_rate,
        quality=settings.quality,
        when_full=settings.when_full,
        engines=settings.engines,
        other_rates=settings.other_rates,
        version=manifest.version,
        revision=entry.revision,
        created_at=manifest.created_at,
        updated_at=entry.updated_at,
        poster_url=media_url(entry.id, newest.poster.path) if newest and newest.poster else None,
        shot_count=len({(take.scene, take.code) for take in found if not is_process(take.code)}),
        take_count=len(found),
        queue_paused=entry.queue_paused,
        alternate=alternates.mark(folder.root).name or None,
    )


def full_state(
    studio: Studio, project_id: str, known: ProjectState | None = None, near: Area | None = None
) -> FullState:
    """Return everything a page needs to show a project, as of one revision; `known` is what the loops have noticed.

    With `near` a large project tells only the takes that this part of the board shows, and says that it is not whole.
    Raises NOT_FOUND or PROJECT_MISSING.
    """
    with canvas.opened(studio, project_id) as now:
        graph, revision = now.graph, now.revision
        entry = canvas.find(studio, project_id)
    # Nobody's edits wait while the folder is read. It may be newer than the revision: the event then says it again.
    folder = canvas.folder_of(studio, entry)
    folder.check()
    shots = canvas.shots(graph)
    told = takes.in_sight(graph, shots, near) if near else shots
    whole = len(told) == len(shots)
    found = takes.on_disk(folder) if whole else {key: folder.takes(*key) for key in told.values()}
    project = view(studio, entry, found)
    return FullState(
        id=entry.id,
        log_id=entry.log_id,
        revision=revision,
        project=project,
        graph=graph,
        takes=takes.of_all(project_id, found, told),
        tasks=tasks(studio, project_id),
        assets=assets.listed(studio, project_id),
        films=assemble.films(studio, project_id),
        queue=queue_of(studio, project_id),
        state=known if known and not known.ok else project.state,
        locks=tuple(locks.shown(studio, project_id)) if project.state.ok else (),
        whole=whole,
    )


def folder_state(studio: Studio, project_id: str) -> FolderState:
    """Return what lies in a project's folder now. Raises NOT_FOUND or PROJECT_MISSING."""
    graph = canvas.graph_of(studio, project_id)
    found = takes.on_disk(canvas.folder_of(studio, canvas.find(studio, project_id)))
    return FolderState(
        takes=takes.of_all(project_id, found, canvas.shots(graph)),
        assets=assets.listed(studio, project_id),
        films=assemble.films(studio, project_id),
    )


def tasks(studio: Studio, project_id: str) -> list[Task]:
    """Return what is under way in a project, and the newest finished task of each node."""
    with studio.index.read() as session:
        found = [*jobs.newest_finished(session, project_id), *jobs.open_jobs(session, project_id)]
    placed = sorted((job for job in found if job.state is JobState.QUEUED), key=lambda job: job.place)
    positions = {job.id: place for place, job in enumerate(placed, start=1)}
    return [task_of(job, positions.get(job.id)) for job in found]


def change(
    studio: Studio,
    project_id: str,
    version: int,
    *,
    title: str | None = None,
    description: str | None = None,
    aspect_ratio: str | None = None,
    frame_rate: str | None = None,
    quality: Quality | None = None,
    when_full: WhenFull | None = None,
    engines: Sequence[Engine] | None = None,
    other_rates: OtherRates | None = None,
) -> ProjectView:
    """Change some fields of the manifest, if it still has the version they were based on.

    Takes stay as they are; what the cards say in frames stays as many frames at another rate. Raises VERSION_CONFLICT,
    and VALIDATION_ERROR for what is not on offer.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    with canvas.project_lock(studio, project_id):
        old = folder.manifest()
        if old.version != version:
            raise StudioError(Code.VERSION_CONFLICT, "The project's settings were changed in the meantime.")
        settings = old.project_settings
        if aspect_ratio:
            shape = settings_for(aspect_ratio, settings.frame_rate, settings.quality)
            fields = {"aspect_ratio", "width", "height"}
            settings = settings.model_copy(update=shape.model_dump(include=fields))
        if engines is not None and len(set(engines)) != len(engines):
            raise StudioError(Code.VALIDATION_ERROR, "An engine is named twice.", field="engines")
        wanted = {
            "frame_rate": offered_rate(frame_rate) if frame_rate else None,
            "quality": quality,
            "when_full": when_full,
            "engines": None if engines is None else tuple(engines),
            "other_rates": other_rates,
        }
        settings = settings.model_copy(update={name: value for name, value in wanted.items() if value is not None})
        folder.write_manifest(
            old.model_copy(
                update={
                    "title": checked_title(title) if title is not None else old.title,
                    "description": checked_description(description) if description is not None else old.description,
                    "project_settings": settings,
                    "version": version + 1,
                }
            )
        )

        project = view(studio, canvas.find(studio, project_id)).model_dump(mode="json")
        news = Change(type=EventType.PROJECT_UPDATED, data={"project": project})
        canvas.record(studio, project_id, lambda _session, graph: (news, graph), actor=studio.person.name)
    return view(studio, canvas.find(studio, project_id))
