"""Machines: keep one from new work, or all of them, and let them go on. What they are at is in every page's queue."""

from fastapi import APIRouter

from studio_sdk.types import Frozen
from studio_server.actions import queue
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/machines", tags=["machines"])


class Pause(Frozen):
    """Whether it shall stand still."""

    paused: bool


@router.post("/pause", status_code=204)
def pause_all(studio: StudioDep, wish: Pause) -> None:
    """Keep every project from starting anything, or let all go on."""
    queue.pause_all(studio, paused=wish.paused)


@router.post("/{worker_id}/pause", status_code=204)
def pause_worker(studio: StudioDep, worker_id: str, wish: Pause) -> None:
    """Keep a machine from new jobs, or let it go on; what it is at it finishes."""
    queue.pause_worker(studio, worker_id, paused=wish.paused)
