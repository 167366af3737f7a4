"""Versions of a canvas: the list, a name for the present one, the graph of an earlier one."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.actions import versions
from studio_server.domain.graph import Graph
from studio_server.library.versions import Version
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}/versions", tags=["versions"])


class NewVersion(Frozen):
    """What the canvas as it is now shall be called."""

    name: str = Field(max_length=400)


class VersionGraph(Frozen):
    """A version and the canvas as it was then."""

    version: Version
    graph: Graph


@router.get("")
def all_versions(
    studio: StudioDep,
    project_id: str,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    before: Annotated[str | None, Query(max_length=40)] = None,
) -> list[Version]:
    """Return what was saved, landed or named, newest first; `before` is the last one of the page before."""
    return versions.listed(studio, project_id, limit, before)


@router.post("", status_code=201)
def keep(studio: StudioDep, project_id: str, wish: NewVersion) -> Version:
    """Keep the canvas as it is now under a name."""
    return versions.keep(studio, project_id, wish.name)


@router.get("/{version_id}")
def version(studio: StudioDep, project_id: str, version_id: str) -> VersionGraph:
    """Return the canvas at a version."""
    found, graph = versions.at(studio, project_id, version_id)
    return VersionGraph(version=found, graph=graph)
