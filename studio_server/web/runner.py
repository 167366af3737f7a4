"""The three runner verbs, their registration and their files. Only with the runner's token."""

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse
from starlette.responses import Response

from studio_sdk.wire import Claim, ClaimRequest, Finish, FinishAnswer, Registered, Report, ReportAnswer, WorkerInfo
from studio_server.actions import runs
from studio_server.web.deps import RunnerOnly, StudioDep
from studio_server.web.streams import pieces

router = APIRouter(prefix="/runner", tags=["runner"], dependencies=[RunnerOnly])


@router.post("/workers")
def register(studio: StudioDep, info: WorkerInfo) -> Registered:
    """Note that a worker lives; it is told whether it is paused."""
    return runs.register(studio, info)


@router.post("/jobs/{job_id}/claim", response_model_exclude_defaults=True)
def claim(studio: StudioDep, job_id: str, request: ClaimRequest, *, keeps: bool = False) -> Claim:
    """Lease a queued job. A runner that gives pipelines a place to keep things says so; others read no word of it."""
    claimed = runs.claim(studio, job_id, request.worker_id)
    return claimed if keeps else claimed.without_cache()


@router.post("/jobs/{job_id}/report")
def report(studio: StudioDep, job_id: str, news: Report) -> ReportAnswer:
    """Report progress and renew the lease."""
    return runs.report(studio, job_id, news)


@router.post("/jobs/{job_id}/finish")
def finish(studio: StudioDep, job_id: str, end: Finish) -> FinishAnswer:
    """End an attempt."""
    return runs.finish(studio, job_id, end)


@router.get("/jobs/{job_id}/attempts/{attempt}/inputs/{oid}", response_class=FileResponse)
def input_file(studio: StudioDep, job_id: str, attempt: int, oid: str) -> Response:
    """Return the bytes of an input, or send to where in the studio's bucket they lie."""
    link = runs.input_link(studio, job_id, attempt, oid)
    if link:
        return RedirectResponse(link, status_code=307)
    return FileResponse(runs.input_file(studio, job_id, attempt, oid), media_type="application/octet-stream")


@router.put("/jobs/{job_id}/attempts/{attempt}/outputs/{oid}", status_code=204)
async def output_file(studio: StudioDep, job_id: str, attempt: int, oid: str, request: Request) -> None:
    """Take the bytes of an output."""
    await to_thread.run_sync(lambda: runs.hand_in(studio, job_id, attempt, oid, pieces(request)))
