"""What a runner calls: register, claim, report, hand in files, finish.

The lease in the database is the truth. Whoever holds the newest attempt may report and finish; everybody else is told
LEASE_LOST and publishes nothing.
"""

import hashlib
import logging
from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path

from studio_sdk.contract import Failure
from studio_sdk.errors import Code, ErrorBody, StudioError
from studio_sdk.wire import (
    WAITS_FOR_STORAGE,
    Claim,
    Finish,
    FinishAnswer,
    Registered,
    Report,
    ReportAnswer,
    WorkerInfo,
)
from studio_server.actions import canvas
from studio_server.actions.assemble import CUTS
from studio_server.actions.catalog import Installed
from studio_server.actions.generate import find, state_change
from studio_server.actions.landing import RUNNER, land, recover
from studio_server.actions.studio import Passing, Studio
from studio_server.domain.editions import edition_name
from studio_server.domain.events import Change, EventType
from studio_server.domain.graph import Graph
from studio_server.domain.jobs import MAX_ATTEMPTS, Job, JobState, task_of
from studio_server.index import directory, jobs, queue
from studio_server.index.session import Session
from studio_server.library import objects

_log = logging.getLogger(__name__)


def register(studio: Studio, info: WorkerInfo) -> Registered:
    """Note that a worker lives, and say whether it is paused. A new process under an old name frees what it held."""
    with studio.index.write() as session:
        fresh = directory.see_worker(session, info, studio.now())
        held = jobs.held_by(session, info.id) if fresh else []
        known = directory.worker(session, info.id)
    give_all_back(studio, held, "The runner was started again.")
    return Registered(paused=bool(known and known.paused_by))


def claim(studio: Studio, job_id: str, worker_id: str) -> Claim:
    """Lease to a worker what has the next turn in the queue whose doorbell rang, which may be another job than named.

    Raises LEASE_LOST where nothing has: lines are held, or the doorbell was an echo.
    """
    rang = find(studio, job_id)
    with studio.index.read() as session:
        worker = directory.worker(session, worker_id)
    if worker and worker.paused_by:
        raise StudioError(Code.LEASE_LOST, f"This machine was paused by {worker.paused_by}.", task_id=job_id)
    beyond = _beyond(studio, worker.info) if worker else frozenset()
    while True:
        with studio.index.read() as session:
            job = queue.next_in(session, rang.tenant_id, rang.plan.queue, beyond)
        if job is None:
            raise StudioError(Code.LEASE_LOST, "The job is taken, over or held.", task_id=job_id)
        installed = studio.catalogue.find(job.plan.edition)
        if installed is None:
            name = job.plan.pipeline_id
            fail(studio, job, StudioError(Code.PIPELINE_UNKNOWN, f"The pipeline “{name}” is no longer installed."))
        elif claimed := _claimed(studio, job, installed, worker_id, beyond):
            return claimed


def _beyond(studio: Studio, info: WorkerInfo) -> frozenset[str]:
    """Return the versions of pipelines that a worker lacks the engine for, though it listens to their queue."""
    known = studio.catalogue.pipelines().values()
    return frozenset(edition_name(one.id, one.version) for one in known if one.engine not in info.engines)


def _claimed(studio: Studio, job: Job, installed: Installed, worker_id: str, beyond: Collection[str]) -> Claim | None:
    """Lease one job; None where somebody was faster, or moved another before it."""
    lease = studio.settings.lease_seconds
    claimed: list[Job] = []

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        now = studio.now()
        first = queue.next_in(session, job.tenant_id, job.plan.queue, beyond)
        until = now + timedelta(seconds=lease)
        taken = jobs.claim(session, job.id, worker_id, now=now, until=until) if first and first.id == job.id else None
        if taken is None:
            raise StudioError(Code.LEASE_LOST, "The job is taken or over.", task_id=job.id)
        code = {"digest": installed.digest, "pipeline_version": installed.pipeline.version}
        jobs.note_plan(session, job.id, job.plan.model_copy(update=code))
        claimed.append(taken)
        return state_change(session, taken), graph

    try:
        canvas.record(studio, job.project_id, make, actor=RUNNER)
    except StudioError as error:
        if error.code is Code.LEASE_LOST:
            return None
        raise
    plan = job.plan
    return Claim(
        job_id=job.id,
        attempt=claimed[0].attempt,
        lease_s=lease,
        pipeline=installed.pipeline,
        digest=installed.digest,
        params=plan.params,
        inputs=plan.inputs,
        format=plan.format,
        seed=plan.seed,
        quality=plan.quality_used,
        vram_gb=plan.vram_gb,
        timeout_s=plan.timeout_s,
        kept_for=hashlib.sha256(f"{job.tenant_id}/{job.project_id}".encode()).hexdigest(),
    )


def report(studio: Studio, job_id: str, news: Report) -> ReportAnswer:
    """Note progress, renew the lease and say whether to go on. Raises LEASE_LOST."""
    lease = studio.settings.lease_seconds
    with studio.index.write(silent=True) as session:
        job = jobs.renew(
            session,
            job_id,
            news.attempt,
            until=studio.now() + timedelta(seconds=lease),
            progress=news.progress,
            step=news.step,
        )
    studio.tell(
        Passing(
            project_id=job.project_id,
            task_id=job.id,
            node_id=job.plan.node_id,
            progress=round(100 * job.progress, 1),
            step=job.step,
            preview=news.preview,
        )
    )
    return ReportAnswer(cancel=job.cancel_requested, lease_s=lease)


def input_file(studio: Studio, job_id: str, attempt: int, oid: str) -> Path:
    """Return the file behind one of the job's inputs. Raises NOT_FOUND for any other object of the project."""
    job = _held(studio, job_id, attempt)
    file = next((file for file in job.plan.inputs if file.oid == oid), None)
    if file is None:
        raise StudioError(Code.NOT_FOUND, "This job has no such input.", task_id=job_id)
    folder = canvas.folder_of(studio, canvas.find(studio, job.project_id))
    found = folder.root / CUTS / f"{oid}.otio" if file.socket == "cut" else folder.media_with(oid)
    if not found.is_file():
        raise StudioError(Code.FILE_NOT_FOUND, f"“{file.name}” is not in the project any more.", task_id=job_id)
    return found


def input_link(studio: Studio, job_id: str, attempt: int, oid: str) -> str | None:
    """Return where in the studio's bucket an input lies that is not on this machine, or None: the studio gives it."""
    job = _held(studio, job_id, attempt)
    file = next((file for file in job.plan.inputs if file.oid == oid and file.socket != "cut"), None)
    vault = canvas.folder_of(studio, canvas.find(studio, job.project_id)).vault
    if file is None or vault.far is None or vault.near.size(oid) is not None:
        return None
    link = vault.get_link(oid, mime="application/octet-stream", inside=True)
    return link.url if link else None


def hand_in(studio: Studio, job_id: str, attempt: int, oid: str, chunks: Iterable[bytes]) -> None:
    """Keep an output until the attempt finishes; it must hash to `oid`.

    Raises LEASE_LOST, OUTPUT_INVALID or STORAGE_FULL.
    """
    job = _held(studio, job_id, attempt)
    folder = canvas.folder_of(studio, canvas.find(studio, job.project_id))
    incoming = objects.Incoming(folder.root, studio.settings.upload_limit)
    try:
        for chunk in chunks:
            incoming.write(chunk)
    except BaseException:  # the runner hung up: half a file is of no use to anybody
        incoming.discard()
        raise
    incoming.keep(oid)


def finish(studio: Studio, job_id: str, end: Finish) -> FinishAnswer:
    """End an attempt: land what it made, or note why it failed. Saying it twice gives the same answer.

    Where the project cannot be written, STORAGE_FULL, STORAGE_READONLY or PROJECT_MISSING is raised and the job goes on
    running: the runner keeps what it made and says finish again, so that nothing has to be rendered twice.
    """
    job = find(studio, job_id)
    if job.state.finished and job.attempt == end.attempt:
        return FinishAnswer(state=job.state.value, result=job.result)
    job = _held(studio, job_id, end.attempt)
    if end.status == "canceled" or (end.status == "failed" and job.cancel_requested):
        return _stopped(studio, job)
    if end.status == "failed":
        failure = end.error or Failure(code=Code.PIPELINE_FAILED, message="The pipeline failed without a reason.")
        error = StudioError(
            failure.code,
            failure.message,
            detail=failure.detail
            if end.log_tail.strip() in failure.detail
            else f"{failure.detail}\n{end.log_tail}".strip(),
            field=failure.field,
            node_id=job.plan.node_id,
            task_id=job.id,
        )
        return fail(studio, job, error)
    try:
        return land(studio, job, end)
    except StudioError as error:
        if error.code in WAITS_FOR_STORAGE:
            _tell_waiting(studio, job, error)
        if error.code is Code.LEASE_LOST or error.code in WAITS_FOR_STORAGE:
            raise
        return fail(studio, job, error)


def _tell_waiting(studio: Studio, job: Job, error: StudioError) -> None:
    step = f"Finished, waiting to be stored: {error.message}"[:200]
    studio.tell(Passing(project_id=job.project_id, task_id=job.id, node_id=job.plan.node_id, progress=99.0, step=step))


def fail(studio: Studio, job: Job, error: StudioError) -> FinishAnswer:
    """Note that a job failed and tell everybody why."""
    body = error.body(trace_id=job.id).model_copy(
        update={"context": error.context.model_copy(update={"task_id": job.id, "node_id": job.plan.node_id})}
    )
    return _failed(studio, job, body)


def _failed(studio: Studio, job: Job, body: ErrorBody) -> FinishAnswer:
    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        now = jobs.move(session, job, JobState.FAILED, at=studio.now(), error=body)
        task = task_of(now).model_dump(mode="json")
        data = {"task_id": job.id, "node_id": job.plan.node_id, "error": body.model_dump(mode="json"), "task": task}
        return Change(type=EventType.TASK_FAILED, node_id=job.plan.node_id, job_id=job.id, data=data), graph

    canvas.record(studio, job.project_id, make, actor=RUNNER)
    return FinishAnswer(state="failed")


def _stopped(studio: Studio, job: Job) -> FinishAnswer:
    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        return state_change(session, jobs.move(session, job, JobState.CANCELED, at=studio.now())), graph

    canvas.record(studio, job.project_id, make, actor=RUNNER)
    return FinishAnswer(state="canceled")


def give_all_back(studio: Studio, lost: Iterable[Job], reason: str) -> None:
    """Give back every job whose worker is lost; one whose project is away keeps its place, and holds up no other."""
    for job in lost:
        try:
            give_back(studio, job, reason)
        except StudioError as error:
            _log.debug("Job %s is not given back yet: %s %s", job.id, error.message, error.detail)


def give_back(studio: Studio, job: Job, reason: str) -> None:
    """Queue a job again whose worker is lost; fail it after too many attempts, stop it where a cancel was asked.

    A job whose take had landed before the worker, or the studio, was lost is finished instead.
    """
    if recover(studio, job):
        return
    if job.cancel_requested:
        _stopped(studio, job)
        return
    if job.attempt >= MAX_ATTEMPTS:
        fail(studio, job, StudioError(Code.WORKER_LOST, f"The worker was lost {job.attempt} times.", detail=reason))
        return

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        return state_change(session, jobs.move(session, job, JobState.QUEUED, at=studio.now(), reason=reason)), graph

    canvas.record(studio, job.project_id, make, actor=RUNNER)


def _held(studio: Studio, job_id: str, attempt: int) -> Job:
    job = find(studio, job_id)
    if job.state is not JobState.RUNNING or job.attempt != attempt:
        raise StudioError(Code.LEASE_LOST, "This job is no longer yours.", task_id=job_id)
    return job
