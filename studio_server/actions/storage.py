"""House-keeping: what a project takes on the disk, what nobody uses, and the trash where that waits for a while."""

import shutil
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.actions import canvas, takes
from studio_server.actions.studio import Studio
from studio_server.domain.batch import ShotKey
from studio_server.domain.graph import Graph
from studio_server.domain.project import CACHE, EDLS
from studio_server.domain.references import in_use
from studio_server.domain.shots import Take
from studio_server.index import jobs
from studio_server.library import alternates, git, objects, storage, trash, versions
from studio_server.library.disk import read_text_file
from studio_server.library.folder import ProjectFolder

UNWANTED: Final = timedelta(days=7)
"""So long what has arrived waits to become part of the film."""

_MOST_VERSIONS: Final = 1000
_LONGEST_LIST: Final = 4_000_000


class KindSize(Frozen):
    """Bytes and files of one kind."""

    kind: str
    size: int
    files: int


class SceneSize(Frozen):
    """What the takes of a scene take, and what of that nobody uses."""

    scene: str
    takes: int
    size: int
    unused: int
    unused_size: int


class UnusedTake(Frozen):
    """A take that nothing names; `rejected` says that its card has refused it."""

    path: str
    name: str
    scene: str
    shot: str
    size: int
    created_at: str
    thumbnail_oid: str | None
    rejected: bool


class TrashBag(Frozen):
    """What was put away at once; it is removed for good at `until`."""

    id: str
    at: str
    by: str
    until: str
    takes: int
    size: int


class StorageReport(Frozen):
    """What a project takes on the disk, in bytes. `free` is what the disk has left.

    `bucket` is what it takes in the studio's bucket, trash included; None where the studio has none.
    """

    size: int
    free: int
    bucket: int | None = None
    kinds: list[KindSize]
    scenes: list[SceneSize]
    unused: list[UnusedTake]
    trash: list[TrashBag]
    trash_days: int


def report(studio: Studio, project_id: str) -> StorageReport:
    """Return what a project takes on the disk. Raises NOT_FOUND or PROJECT_MISSING."""
    folder = _folder(studio, project_id)
    graph = canvas.graph_of(studio, project_id)
    found = takes.on_disk(folder)
    listed = [take for shot in found.values() for take in shot]
    unused = _unused(studio, project_id, folder, graph, found)
    measured = storage.measure(folder.root)
    by_scene: dict[str, list[Take]] = {}
    for take in listed:
        by_scene.setdefault(take.scene, []).append(take)
    return StorageReport(
        size=sum(measured.size.values()),
        free=shutil.disk_usage(folder.root).free,
        bucket=_in_bucket(folder),
        kinds=[KindSize(kind=k, size=measured.size[k], files=measured.files[k]) for k in storage.KINDS],
        scenes=[
            SceneSize(
                scene=scene,
                takes=len(of_scene),
                size=measured.scenes[scene],
                unused=sum(1 for take in unused if take.scene == scene),
                unused_size=sum(take.media.size for take in unused if take.scene == scene),
            )
            for scene, of_scene in sorted(by_scene.items())
        ],
        unused=[_view(take, graph) for take in sorted(unused, key=lambda take: (take.scene, take.name))],
        trash=[_bag(studio, one) for one in trash.bags(folder.root)],
        trash_days=studio.settings.trash_days,
    )


def _in_bucket(folder: ProjectFolder) -> int | None:
    far = folder.vault.far
    if far is None:
        return None
    return sum(one.size for one in far.listed()) + sum(i.size for bag in trash.bags(folder.root) for i in bag.items)


def prune(studio: Studio, project_id: str, paths: Collection[str]) -> TrashBag:
    """Put the media of takes into the trash; what is in use by now is refused. Raises VALIDATION_ERROR or NOT_FOUND."""
    folder = _folder(studio, project_id)
    with canvas.opened(studio, project_id) as now, folder.lock():
        found = takes.on_disk(folder)
        unused = {take.media.path: take for take in _unused(studio, project_id, folder, now.graph, found)}
        listed = {take.media.path for shot in found.values() for take in shot}
        if gone := sorted(set(paths) - listed):
            raise StudioError(Code.NOT_FOUND, "There is no such take any more.", detail=", ".join(gone)[:400])
        if used := sorted(set(paths) - set(unused)):
            raise StudioError(
                Code.VALIDATION_ERROR,
                "A take that is in use stays. Look at the list again.",
                detail=", ".join(used)[:400],
                field="takes",
            )
        if not paths:
            raise StudioError(Code.VALIDATION_ERROR, "Choose at least one take.", field="takes")
        items = [trash.Item(path=path, oid=unused[path].media.oid, size=unused[path].media.size) for path in paths]
        shared = {take.media.oid for path, take in unused.items() if path not in paths}
        shared |= {asset.media.oid for asset in folder.assets()} | {film.media.oid for film in folder.films()}
        alone = [item for item in items if item.oid not in shared]
        if not alone:
            raise StudioError(
                Code.VALIDATION_ERROR,
                "Other files of the project hold the same bytes; nothing would be won.",
                field="takes",
            )
        return _bag(studio, trash.put_away(folder.vault, alone, studio.person.name, studio.now()))


def restore(studio: Studio, project_id: str, bag_id: str) -> int:
    """Put what was put away back; return how many takes that are. Raises NOT_FOUND."""
    folder = _folder(studio, project_id)
    with folder.lock():
        return len(trash.restore(folder.vault, bag_id).items)


def empty(studio: Studio, project_id: str, bag_id: str) -> int:
    """Remove what was put away for good; return how many bytes that were. Raises NOT_FOUND."""
    folder = _folder(studio, project_id)
    with folder.lock():
        return trash.empty(folder.vault, bag_id)


def clear_cache(studio: Studio, project_id: str) -> int:
    """Remove the pictures and facts of 05_Cache, which are made again when somebody looks; return the bytes.

    What is on its way in stays.
    """
    folder = _folder(studio, project_id)
    freed = 0
    cache = folder.root / CACHE
    with folder.lock():
        for place in sorted(cache.iterdir()) if cache.is_dir() else ():
            if place == folder.root / objects.INCOMING or place.is_symlink():
                continue
            freed += sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
            shutil.rmtree(place) if place.is_dir() else place.unlink()
    return freed


def empty_old(studio: Studio, folder: ProjectFolder) -> int:
    """Remove for good what has waited longer than TRASH_DAYS; return how many bags that were.

    And what has arrived and was never taken into the film for a week.
    """
    objects.sweep_incoming(folder.root, studio.now() - UNWANTED)
    due = [one for one in trash.bags(folder.root) if studio.now() >= _until(studio, one)]
    if due:
        with folder.lock():
            for one in due:
                trash.empty(folder.vault, one.id)
    return len(due)


def _unused(
    studio: Studio, project_id: str, folder: ProjectFolder, graph: Graph, found: dict[ShotKey, list[Take]]
) -> list[Take]:
    with studio.index.read() as session:
        wanted = {ref.oid for job in jobs.open_jobs(session, project_id) for ref in job.plan.inputs}
    canvases = {"": graph, **_named_canvases(folder)}
    have = folder.vault.listed()
    used = in_use(found, canvases, folder.films(), _edit_lists(folder), wanted)
    committed = {
        key: set(git.committed_names(folder.root, shot[0].media.path.rpartition("/")[0]))
        for key, shot in found.items()
        if shot
    }
    return [
        take
        for key, shot in found.items()
        for take in shot
        if take.media.path not in used
        and take.media.path.rpartition("/")[2] in committed[key]
        and take.media.oid in have
    ]


def _named_canvases(folder: ProjectFolder) -> dict[str, Graph]:
    """Return the canvases of named versions and of alternates: what people may want to go back to."""
    found = {}
    for version in versions.listed(folder, _MOST_VERSIONS):
        if version.name:
            found[f" in the version “{version.name}”"] = versions.graph_in(folder, version.id)
    for one in alternates.listed(folder.root):
        found[f" in the alternate “{one.name}”"] = versions.graph_in(folder, one.tip)
    return {name: graph for name, graph in found.items() if graph}


def _edit_lists(folder: ProjectFolder) -> dict[str, str]:
    place = folder.root / EDLS
    found = {}
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        if path.is_file() and not path.is_symlink() and path.stat().st_size < _LONGEST_LIST:
            found[path.name] = read_text_file(path).decode(errors="replace")
    return found


def _view(take: Take, graph: Graph) -> UnusedTake:
    cards = [node for node in graph.nodes.values() if node.id == take.node_id]
    return UnusedTake(
        path=take.media.path,
        name=take.name,
        scene=take.scene,
        shot=take.shot,
        size=take.media.size,
        created_at=take.created_at,
        thumbnail_oid=take.poster.oid if take.poster else None,
        rejected=any(isinstance(node.data.get(f"reject:{take.name}"), str) for node in cards),
    )


def _until(studio: Studio, one: trash.Bag) -> datetime:
    return datetime.fromisoformat(one.at) + timedelta(days=studio.settings.trash_days)


def _bag(studio: Studio, one: trash.Bag) -> TrashBag:
    size = sum(item.size for item in one.items)
    return TrashBag(
        id=one.id, at=one.at, by=one.by, until=_until(studio, one).isoformat(), takes=len(one.items), size=size
    )


def _folder(studio: Studio, project_id: str) -> ProjectFolder:
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    return folder
