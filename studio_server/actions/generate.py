"""Generate: plan a node into a job, cancel it, try it again.

Errors a person can mend stop here, before anything is queued.
"""

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import uuid4

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline
from studio_sdk.wire import WorkerInfo
from studio_server.actions import canvas
from studio_server.actions.studio import Studio
from studio_server.actions.takes import media_of, seconds_of
from studio_server.domain.batch import shot_key
from studio_server.domain.editions import edition_name, meant
from studio_server.domain.events import Change, Event, EventType
from studio_server.domain.flow import refusal_of
from studio_server.domain.graph import Graph, Node
from studio_server.domain.jobs import Job, JobKind, JobPlan, JobState, task_of
from studio_server.domain.node_types import task_for
from studio_server.domain.nodes import wanted_pipeline
from studio_server.domain.placement import Placement, Unplaceable, Wish, place
from studio_server.domain.plan import as_told, inputs, longest, parameters, seed_of, title_of
from studio_server.domain.producer import MIN_QUALITY, aside_words, steps_aside, wish_for
from studio_server.domain.project import Manifest
from studio_server.domain.queue import length_told
from studio_server.domain.shots import shot_folder
from studio_server.index import jobs
from studio_server.index.session import Session
from studio_server.library import alternates
from studio_server.library.folder import ProjectFolder

STUDIO: Final = "studio"
"""The actor of what the studio itself has to say."""


def generate(
    studio: Studio,
    project_id: str,
    node_id: str,
    op_id: str | None = None,
    *,
    overrides: Mapping[str, JsonValue] | None = None,
    keep_active: bool = False,
) -> Event:
    """Queue a new take of a card and return the event that says so; the event's `job_id` is the task's id.

    `overrides` are values for this take only; with `keep_active` it becomes the active one only where there is none.
    Raises VALIDATION_ERROR or FILE_NOT_FOUND where the shot is not ready, PIPELINE_UNKNOWN where nothing can make it.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    if done := canvas.answered(studio, project_id, op_id):
        return done
    folder.check()
    manifest = folder.manifest()
    now = canvas.graph_of(studio, project_id)
    node = now.nodes.get(node_id)
    task = task_for(node.type) if node else None
    if node is None or task is None:
        raise StudioError(Code.NOT_FOUND, "There is no such shot on the canvas.", node_id=node_id)
    if why := refusal_of(now, node):
        raise StudioError(Code.VALIDATION_ERROR, f"{title_of(node)} {why}", node_id=node_id, field="muted")
    if steps_aside(node, manifest.project_settings.quality):
        words = f"{title_of(node)} {aside_words(node, manifest.project_settings.quality)}"
        raise StudioError(Code.VALIDATION_ERROR, words, node_id=node_id, field=MIN_QUALITY)
    chosen, overrides = pipeline_told(node, overrides)
    wish = wish_for(manifest.project_settings, task, chosen or wanted_pipeline(now, node), now, node)
    placement = placed(studio, wish, node, studio.workers())
    # Files are read before the database is locked: everybody's reports and edits wait for that lock.
    plan = plan_take(studio, folder, manifest, now, node, placement, overrides)
    plan = plan.model_copy(update={"keep_active": keep_active})
    notices: list[str] = []

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        notices.append(placement.notice)
        return queued(studio, session, project_id, plan, placement), graph

    event = canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op_id)
    for message in filter(None, notices):
        notice(studio, project_id, node_id, message)
    return event


def pipeline_told(
    node: Node, overrides: Mapping[str, JsonValue] | None
) -> tuple[str | None, Mapping[str, JsonValue] | None]:
    """Return the pipeline that is chosen for this take only, and the values that are left.

    Raises VALIDATION_ERROR where what is told is no pipeline's id.
    """
    if not overrides or "pipeline" not in overrides:
        return None, overrides
    chosen = overrides["pipeline"]
    if not isinstance(chosen, str) or not chosen:
        words = "The pipeline for a take is told by its id."
        raise StudioError(Code.VALIDATION_ERROR, words, node_id=node.id, field="pipeline")
    return chosen, {name: value for name, value in overrides.items() if name != "pipeline"}


def notice(studio: Studio, project_id: str, node_id: str, message: str) -> None:
    """Tell everybody in a project something about a card."""
    data: dict[str, JsonValue] = {"level": "info", "message": message, "node_id": node_id}
    change = Change(type=EventType.NOTICE, node_id=node_id, data=data)
    canvas.record(studio, project_id, lambda _session, graph: (change, graph), actor=STUDIO)


def placed(studio: Studio, wish: Wish, node: Node, workers: Sequence[WorkerInfo]) -> Placement:
    """Return where a wish is carried out. Raises the code of `Unplaceable`."""
    pipelines = studio.catalogue.pipelines()
    asked = pipelines.get(meant(pipelines, edition_name(wish.pipeline_id or "", wish.version)))
    if asked and wish.task and asked.task != wish.task:
        words = f"{asked.title} is for something else ({asked.task}); {title_of(node)} needs {wish.task}."
        raise StudioError(Code.VALIDATION_ERROR, words, node_id=node.id, field="pipeline")
    answer = place(wish, list(pipelines.values()), workers)
    if isinstance(answer, Unplaceable):
        raise StudioError(answer.code, answer.message, node_id=node.id, field="pipeline")
    return answer


def worked_by(studio: Studio, placement: Placement) -> dict[str, Any]:
    """Return what a job's plan says of who makes it, and how well."""
    pipeline, variant = placement.pipeline, placement.variant
    return {
        "pipeline_id": pipeline.id,
        "pipeline_version": pipeline.version,
        "digest": digest_of(studio, pipeline),
        "tier": pipeline.tier,
        "quality_requested": placement.wish.quality,
        "wish": placement.wish,
        "quality_used": variant.quality,
        "queue": placement.queue,
        "vram_gb": variant.vram_gb,
        "timeout_s": variant.timeout_s,
    }


def plan_take(
    studio: Studio,
    folder: ProjectFolder,
    manifest: Manifest,
    graph: Graph,
    node: Node,
    placement: Placement,
    overrides: Mapping[str, JsonValue] | None = None,
    *,
    late: bool = False,
) -> JobPlan:
    """Return everything that is decided when Generate is pressed; `late` leaves the files for when they are there."""
    pipeline, variant = placement.pipeline, placement.variant
    kit = studio.catalogue.kit(manifest.project_settings.quality)
    node = as_told(pipeline, graph, node, kit, overrides)
    params = parameters(pipeline, node) | dict(variant.params)
    files = [] if late else inputs(pipeline, graph, node, kit, lambda source: media_of(folder, source))
    key = shot_key(node) or ("", "")
    shot_folder(*key)  # a number that names no folder is refused now, not when the take is to land
    return JobPlan(
        kind=JobKind.TAKE,
        node_id=node.id,
        scene=key[0],
        shot=key[1],
        **worked_by(studio, placement),
        length_s=None
        if length_told(params, None)
        else longest(pipeline, graph, node, kit, partial(seconds_of, folder)),
        seed=seed_of(node, secrets.randbits(32)),
        params=params,
        inputs=files,
        format=manifest.project_settings.format,
        late=late,
        alternate=alternates.mark(folder.root).on,
    )


def replanned(studio: Studio, job: Job, placement: Placement) -> JobPlan:
    """Return the plan of a waiting take, made with another pipeline or quality than it was first placed with.

    What it was told then stays as far as the other pipeline knows it, the seed too; files are found anew along the
    wires. Raises what `plan_take` does where the card is not ready for the other pipeline.
    """
    if job.plan.conforms:
        return job.plan.model_copy(update=worked_by(studio, placement) | {"tier": job.plan.tier})
    folder = canvas.folder_of(studio, canvas.find(studio, job.project_id))
    graph = canvas.graph_of(studio, job.project_id)
    node = graph.nodes.get(job.plan.node_id)
    if node is None:
        raise StudioError(Code.NOT_FOUND, "The card of this task is gone.", task_id=job.id)
    pipelines = studio.catalogue.pipelines()
    old = pipelines.get(meant(pipelines, job.plan.edition))
    variant = old.variant(job.plan.quality_used) if old else None
    told = {
        name: value
        for name, value in job.plan.params.items()
        if name in placement.pipeline.inputs and not placement.pipeline.inputs[name].is_file
        if not variant or name not in variant.params
    }
    plan = plan_take(studio, folder, folder.manifest(), graph, node, placement, told)
    kept = {"seed": job.plan.seed, "keep_active": job.plan.keep_active, "alternate": job.plan.alternate}
    return plan.model_copy(update=kept)


def digest_of(studio: Studio, pipeline: Pipeline) -> str:
    """Return the digest of a pipeline's code as it is now. Raises PIPELINE_UNKNOWN where it has just been removed."""
    installed = studio.catalogue.find(edition_name(pipeline.id, pipeline.version))
    if installed is None:
        raise StudioError(Code.PIPELINE_UNKNOWN, f"The pipeline “{pipeline.id}” is no longer installed.")
    return installed.digest


def queued(studio: Studio, session: Session, project_id: str, plan: JobPlan, placement: Placement) -> Change:
    """Enter the job of a plan and return the change that tells everybody."""
    job = job_for(studio, project_id, plan, placement)
    jobs.add(session, job)
    return state_change(session, job)


def job_for(studio: Studio, project_id: str, plan: JobPlan, placement: Placement) -> Job:
    """Return a new job, waiting where no machine fits."""
    return Job(
        id=str(uuid4()),
        tenant_id=studio.person.tenant_id,
        project_id=project_id,
        plan=plan,
        state=JobState.WAITING if placement.waiting else JobState.QUEUED,
        reason=placement.waiting,
        created_by=studio.person.name,
        person_id=studio.person.id,
        created_at=studio.now(),
    )


def state_change(session: Session, job: Job) -> Change:
    """Return the change that tells where a job is."""
    task = task_of(job, jobs.position(session, job)).model_dump(mode="json")
    data: dict[str, JsonValue] = {
        "node_id": job.plan.node_id,
        "task_id": job.id,
        "state": job.state,
        "reason": job.reason,
        "task": task,
    }
    return Change(type=EventType.NODE_STATE_UPDATED, node_id=job.plan.node_id, job_id=job.id, data=data)


def cancel(studio: Studio, task_id: str, op_id: str | None = None) -> Event:
    """Cancel a job: at once where it has not started, by its worker's next report where it has.

    Raises VERSION_CONFLICT where it is finished already.
    """
    job = find(studio, task_id)

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        now = jobs.get(session, task_id)
        if now.state.finished:
            raise StudioError(Code.VERSION_CONFLICT, f"The task has already {_ended(now)}.", task_id=task_id)
        if now.state is JobState.RUNNING:
            jobs.request_cancel(session, task_id)
            now = jobs.get(session, task_id).model_copy(update={"reason": "Stopping…"})
        else:
            now = jobs.move(session, now, JobState.CANCELED, at=studio.now())
        return state_change(session, now), graph

    return canvas.record(studio, job.project_id, make, actor=studio.person.name, op_id=op_id)


def retry(studio: Studio, task_id: str, op_id: str | None = None) -> Event:
    """Queue a job's plan again as a new job, with nothing to re-enter. Raises VERSION_CONFLICT while it still runs."""
    job = find(studio, task_id)
    if not job.state.finished:
        raise StudioError(Code.VERSION_CONFLICT, "The task is still under way.", task_id=task_id)
    # First as it was planned; where that has to wait, the sweeper places it as the project has chosen.
    wish = as_planned(job.plan)

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        node = graph.nodes.get(job.plan.node_id)
        if node is None:
            raise StudioError(Code.NOT_FOUND, "The card of this task is gone.", task_id=task_id)
        placement = placed(studio, wish, node, studio.workers())
        return queued(studio, session, job.project_id, job.plan, placement), graph

    return canvas.record(studio, job.project_id, make, actor=studio.person.name, op_id=op_id)


def as_planned(plan: JobPlan) -> Wish:
    """Return the wish for a job exactly as it was planned, however long that waits."""
    told = {"pipeline_id": plan.pipeline_id, "version": plan.pipeline_version}
    return Wish(task="", quality=plan.quality_used, when_full="queue", **told)


def find(studio: Studio, task_id: str) -> Job:
    """Return a job of this tenant. Raises NOT_FOUND."""
    with studio.index.read() as session:
        job = jobs.get(session, task_id)
    try:
        canvas.find(studio, job.project_id)
    except StudioError as unknown:
        raise StudioError(Code.NOT_FOUND, "There is no such task.", task_id=task_id) from unknown
    return job


def _ended(job: Job) -> str:
    return {JobState.SUCCEEDED: "finished", JobState.FAILED: "failed", JobState.CANCELED: "been canceled"}[job.state]
