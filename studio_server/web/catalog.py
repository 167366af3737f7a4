"""What can be built with, and whether the machine is ready."""

from fastapi import APIRouter

from studio_sdk.types import Frozen
from studio_sdk.wire import WorkerInfo
from studio_server import doctor
from studio_server.actions.catalog import Catalog, catalog
from studio_server.web.deps import CallerDep, StudioDep

router = APIRouter(tags=["studio"])


class Health(Frozen):
    """Whether everything the studio needs is there; each check that fails says what to do."""

    ok: bool
    version: str
    checks: list[doctor.Check]
    workers: list[WorkerInfo]


@router.get("/health")
def health(studio: StudioDep, caller: CallerDep) -> Health:
    """Return what is there and what is missing; whoever is not signed in hears only that the studio runs."""
    if studio.settings.with_people and caller is None:
        return Health(ok=True, version="0.1.0", checks=[], workers=[])
    checks = doctor.checks(studio.settings)
    return Health(ok=all(check.ok for check in checks), version="0.1.0", checks=checks, workers=studio.workers())


@router.get("/catalog")
def node_catalog(studio: StudioDep) -> Catalog:
    """Return node types, sockets, pipelines and formats."""
    return catalog(studio.catalogue, studio.workers())
