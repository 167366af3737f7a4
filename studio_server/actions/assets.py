"""Assets: files that people bring into the project. Their bytes decide what they are, not their names."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO
from uuid import uuid4

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas
from studio_server.actions.studio import Studio
from studio_server.actions.views import AssetView, asset_view
from studio_server.domain.assets import Asset
from studio_server.domain.events import Change, EventType
from studio_server.domain.graph import Graph
from studio_server.index.session import Session
from studio_server.library import objects
from studio_server.library.assets import land_asset
from studio_server.library.folder import ProjectFolder
from studio_server.library.objects import Incoming, chunks_of


def upload(studio: Studio, project_id: str, filename: str, file: IO[bytes]) -> AssetView:
    """Take a file into the project and tell everybody. The same bytes a second time are the same asset.

    Raises UNSUPPORTED_MEDIA, UPLOAD_TOO_LARGE, STORAGE_FULL, STORAGE_READONLY or PROJECT_MISSING; nothing is left then.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    incoming = Incoming(folder.root, studio.settings.upload_limit)
    for chunk in chunks_of(file):
        incoming.write(chunk)
    told = (str(uuid4()), studio.person.name, studio.now().isoformat())
    asset = land_asset(folder, incoming.keep(), filename or "file", told, studio.author)
    view = asset_view(project_id, asset)
    if asset.id == told[0]:
        _tell(studio, project_id, view)
    return view


def bring_over(studio: Studio, project_id: str, from_project: str, asset_ids: Sequence[str]) -> dict[str, AssetView]:
    """Take assets of another project of this studio into this one; return what stands for each, by its old id.

    A file that is here already is not taken again. Raises NOT_FOUND or FILE_NOT_FOUND before anything is taken.
    """
    here = canvas.folder_of(studio, canvas.find(studio, project_id))
    there = canvas.folder_of(studio, canvas.find(studio, from_project))
    here.check()
    there.check()
    listed_there = {asset.id: asset for asset in there.assets()}
    wanted = {asset_id: listed_there.get(asset_id) for asset_id in asset_ids}
    if gone := [asset_id for asset_id, asset in wanted.items() if asset is None]:
        raise StudioError(Code.NOT_FOUND, "The other project has no such file any more.", detail=", ".join(gone)[:400])
    sources = [(asset, there.media_with(asset.media.oid)) for asset in wanted.values() if asset]
    return {asset.id: _brought(studio, project_id, here, asset, source) for asset, source in sources}


def _brought(studio: Studio, project_id: str, folder: ProjectFolder, asset: Asset, source: Path) -> AssetView:
    known = next((one for one in folder.assets() if one.media.oid == asset.media.oid), None)
    if known:
        return asset_view(project_id, known)
    staged = objects.stage_copy(folder.root, source, asset.media.oid, asset.media.size)
    told = (str(uuid4()), studio.person.name, studio.now().isoformat())
    landed = land_asset(folder, staged, asset.media.path.rsplit("/", 1)[-1], told, studio.author, like=asset)
    view = asset_view(project_id, landed)
    if landed.id == told[0]:
        _tell(studio, project_id, view)
    return view


def _tell(studio: Studio, project_id: str, view: AssetView) -> None:
    def make(_session: Session, graph: Graph) -> tuple[Change, Graph]:
        return Change(type=EventType.ASSET_ADDED, data={"asset": view.model_dump(mode="json")}), graph

    canvas.record(studio, project_id, make, actor=studio.person.name)


def listed(studio: Studio, project_id: str) -> list[AssetView]:
    """Return the files people have brought, newest first."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    return [asset_view(project_id, asset) for asset in folder.assets()]
