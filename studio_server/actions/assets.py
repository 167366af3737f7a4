"""Assets: files that people bring into the project. Their bytes decide what they are, not their names."""

from typing import IO
from uuid import uuid4

from studio_server.actions import canvas
from studio_server.actions.studio import Studio
from studio_server.actions.views import AssetView, asset_view
from studio_server.domain.events import Change, EventType
from studio_server.domain.graph import Graph
from studio_server.index.session import Session
from studio_server.library.assets import land_asset
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


def _tell(studio: Studio, project_id: str, view: AssetView) -> None:
    def make(_session: Session, graph: Graph) -> tuple[Change, Graph]:
        return Change(type=EventType.ASSET_ADDED, data={"asset": view.model_dump(mode="json")}), graph

    canvas.record(studio, project_id, make, actor=studio.person.name)


def listed(studio: Studio, project_id: str) -> list[AssetView]:
    """Return the files people have brought, newest first."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    return [asset_view(project_id, asset) for asset in folder.assets()]
