"""Takes: list what a shot's folder holds, and land what a job has made."""

from collections.abc import Mapping, Sequence
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import MediaRef
from studio_server.actions import canvas
from studio_server.actions.studio import Studio
from studio_server.actions.views import TakeView, take_view
from studio_server.domain import sight
from studio_server.domain.batch import ShotKey, shot_key
from studio_server.domain.events import Change, EventType
from studio_server.domain.graph import Graph, Node
from studio_server.domain.node_types import task_for
from studio_server.domain.shots import Take, shown
from studio_server.domain.sight import Area
from studio_server.library.folder import ProjectFolder


def of_shot(studio: Studio, project_id: str, node_id: str) -> list[TakeView]:
    """Return the takes of one shot, oldest first, as its folder holds them. Raises NOT_FOUND for any other node."""
    with canvas.opened(studio, project_id) as open_canvas:
        key = canvas.shots(open_canvas.graph).get(node_id)
    if key is None:
        raise StudioError(Code.NOT_FOUND, "There is no such shot on the canvas.", node_id=node_id)
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    return [take_view(project_id, take) for take in folder.takes(*key)]


def of_project(studio: Studio, project_id: str) -> dict[str, list[TakeView]]:
    """Return the takes of every shot on the canvas, by node id. Raises NOT_FOUND or PROJECT_MISSING."""
    shots = canvas.shots(canvas.graph_of(studio, project_id))
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    return of_all(project_id, on_disk(folder), shots)


def in_sight(graph: Graph, shots: Mapping[str, ShotKey], area: Area) -> Mapping[str, ShotKey]:
    """Return those of a graph's shots whose takes a part of the board shows; all, where those are hardly fewer."""
    if len(shots) <= _FEW:
        return shots
    seen = sight.in_sight(graph, area)
    near = {node_id: key for node_id, key in shots.items() if node_id in seen}
    return near if len(near) <= len(shots) // 2 else shots


def on_disk(folder: ProjectFolder) -> dict[ShotKey, list[Take]]:
    """Return every take of a project, by scene and code."""
    return {key: folder.takes(*key) for key in folder.shots_on_disk()}


def of_all(
    project_id: str, found: Mapping[ShotKey, Sequence[Take]], shots: Mapping[str, ShotKey]
) -> dict[str, list[TakeView]]:
    """Return the takes of shots of a graph, by node id."""
    return {node_id: [_shown(project_id, take) for take in found.get(key, ())] for node_id, key in shots.items()}


_FEW: Final = 200
"""So many shots are told at once: a second request would take longer than their takes."""

_MOST_SHOWN: Final = 131_072
_views: dict[tuple[str, str], tuple[Take, TakeView]] = {}
"""What pages were shown of takes that are still the same ones: a page opens a large project with ten thousand."""


def _shown(project_id: str, take: Take) -> TakeView:
    key = (project_id, take.media.path)
    known = _views.get(key)
    if known and known[0] is take:
        return known[1]
    view = take_view(project_id, take)
    if len(_views) >= _MOST_SHOWN:
        _views.clear()
    _views[key] = (take, view)
    return view


def active(folder: ProjectFolder, node: Node) -> Take | None:
    """Return the take a shot shows: the one named in its data, else its newest; None where it has none."""
    key = shot_key(node)
    return shown(folder.takes(*key), node.data.get("active_take")) if key else None


def seconds_of(folder: ProjectFolder, node: Node) -> float | None:
    """Return how long the file runs that a node gives right now, where it is one that runs."""
    if task_for(node.type):
        take = active(folder, node)
        return take.duration_s if take else None
    asset_id = node.data.get("asset")
    return next((asset.duration_s for asset in folder.assets() if asset.id == asset_id), None)


def media_of(folder: ProjectFolder, node: Node) -> MediaRef | None:
    """Return the file a node gives right now: a shot's active take, an assembler's newest film, an asset's file."""
    if task_for(node.type):
        take = active(folder, node)
        return take.media if take else None
    if node.type == "assembler":
        return next((film.media for film in folder.films() if film.node_id == node.id), None)
    asset_id = node.data.get("asset")
    return next((asset.media for asset in folder.assets() if asset.id == asset_id), None)


def now(project_id: str, folder: ProjectFolder, node_id: str, key: tuple[str, str]) -> Change:
    """Return the news of what lies in the folder of a shot."""
    takes = [take_view(project_id, take).model_dump(mode="json") for take in folder.takes(*key)]
    return Change(type=EventType.TAKES_CHANGED, node_id=node_id, data={"node_id": node_id, "takes": takes})
