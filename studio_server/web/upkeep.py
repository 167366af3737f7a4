"""House-keeping of a project: what it takes on the disk, the trash, a look at its health."""

from fastapi import APIRouter
from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.actions import storage, upkeep
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}", tags=["upkeep"])


class PruneWish(Frozen):
    """The paths of takes whose media goes into the trash."""

    takes: list[str] = Field(max_length=20_000)


class CheckupWish(Frozen):
    """Whether to read all media as well."""

    deep: bool = True


class MendWish(Frozen):
    """Ids of findings."""

    findings: list[str] = Field(max_length=20_000)


class Freed(Frozen):
    """Bytes that were won."""

    size: int


class Restored(Frozen):
    """Takes that have their media back."""

    takes: int


@router.get("/storage")
def storage_report(studio: StudioDep, project_id: str) -> storage.StorageReport:
    """Return what the project takes on the disk, what of it nobody uses, and what is in the trash."""
    return storage.report(studio, project_id)


@router.post("/trash", status_code=201)
def prune(studio: StudioDep, project_id: str, wish: PruneWish) -> storage.TrashBag:
    """Put the media of unused takes into the trash."""
    return storage.prune(studio, project_id, list(dict.fromkeys(wish.takes)))


@router.post("/trash/{bag_id}/restore")
def restore(studio: StudioDep, project_id: str, bag_id: str) -> Restored:
    """Put it back."""
    return Restored(takes=storage.restore(studio, project_id, bag_id))


@router.post("/trash/{bag_id}/empty")
def empty(studio: StudioDep, project_id: str, bag_id: str) -> Freed:
    """Remove it for good."""
    return Freed(size=storage.empty(studio, project_id, bag_id))


@router.post("/cache/clear")
def clear_cache(studio: StudioDep, project_id: str) -> Freed:
    """Remove what 05_Cache holds and what is made again when somebody looks."""
    return Freed(size=storage.clear_cache(studio, project_id))


@router.post("/checkup", status_code=202)
def start_checkup(studio: StudioDep, project_id: str, wish: CheckupWish) -> upkeep.Checkup:
    """Begin to look the project over."""
    return upkeep.start(studio, project_id, deep=wish.deep)


@router.get("/checkup")
def last_checkup(studio: StudioDep, project_id: str) -> upkeep.Checkup | None:
    """Return the look that runs or ran last."""
    return upkeep.last(studio, project_id)


@router.post("/checkup/mend")
def mend(studio: StudioDep, project_id: str, wish: MendWish) -> list[upkeep.MendedView]:
    """Mend what the last look found."""
    return upkeep.mend(studio, project_id, wish.findings)
