"""A job: one run of one pipeline for one node, its six states and the only legal moves between them."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import Field

from studio_sdk.contract import Scalar
from studio_sdk.errors import Code, ErrorBody, StudioError
from studio_sdk.types import Format, FrameRate, Frozen, Quality, Tier
from studio_sdk.wire import InputRef
from studio_server.domain.assets import FilmCut, FilmRecipe
from studio_server.domain.editions import edition_name
from studio_server.domain.placement import Wish
from studio_server.domain.shots import Conformed, Recipe, TakeInput


class JobState(StrEnum):
    """Where a job is. `waiting` has no machine that fits yet, or needs others first; `queued` is placed and rings."""

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED)


_MOVES: Final[dict[JobState, frozenset[JobState]]] = {
    JobState.WAITING: frozenset({JobState.QUEUED, JobState.SUCCEEDED, JobState.CANCELED, JobState.FAILED}),
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.WAITING, JobState.CANCELED, JobState.FAILED}),
    JobState.RUNNING: frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED, JobState.QUEUED}),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELED: frozenset(),
}

MAX_ATTEMPTS: Final = 3


def check_move(old: JobState, new: JobState) -> None:
    """Raise INTERNAL where a job may not go from one state to another; finished jobs never move again."""
    if new not in _MOVES[old]:
        raise StudioError(
            Code.INTERNAL, "The job changed in the meantime.", detail=f"{old} -> {new} is not a legal move"
        )


class JobKind(StrEnum):
    """What landing makes of a job's output."""

    TAKE = "take"
    FILM = "film"
    DELIVERY = "delivery"
    CAPTIONS = "captions"


class Conforming(Frozen):
    """The take that a job gives another frame rate: its name, its bytes, what made it, and the rate that it gets.

    What made one that was put there by hand is not known.
    """

    take: str
    oid: str
    recipe: Recipe | None
    frame_rate: FrameRate


class JobPlan(Frozen):
    """Everything decided when Generate was pressed; only version and digest become those of the code it is run with.

    The recipe in a take's sidecar is made from it when the take lands. `previz` says that a film holds drafts,
    `length_s` how many seconds it runs, `cut` what is in it, `sounds` where its voices and music lie, `notes` what the
    lists of a delivery cannot carry, or a film lacks. `wish` is what was asked for: while it waits, it may be placed
    otherwise. One that is `late` waits for other cards' takes: until they have landed it has no inputs, and then it is
    planned anew. `alternate` was on the board when it was ordered. `cut_of`, `aspect`, `language` and `stem` are those
    of a film (`FilmDraft`); the last is the beginning of its file's name. One that `conforms` a take makes that one
    again at another frame rate.
    """

    kind: JobKind
    node_id: str
    scene: str = ""
    shot: str = ""
    title: str = ""
    pipeline_id: str
    pipeline_version: str
    digest: str
    tier: Tier = Tier.PRODUCTION
    previz: bool = False
    quality_requested: Quality
    quality_used: Quality
    queue: str
    vram_gb: int
    timeout_s: int
    length_s: float | None = None
    notes: tuple[str, ...] = ()
    seed: int = Field(ge=0, le=2**32 - 1)
    params: dict[str, Scalar]
    inputs: list[InputRef]
    format: Format
    keep_active: bool = False
    alternate: str = ""
    wish: Wish | None = None
    cut: tuple[FilmCut, ...] = ()
    sounds: tuple[str, ...] | None = None
    cut_of: str = ""
    aspect: str = ""
    language: str = ""
    stem: str = ""
    late: bool = False
    conforms: Conforming | None = None

    @property
    def edition(self) -> str:
        """Return the name of the version that it was planned for."""
        return edition_name(self.pipeline_id, self.pipeline_version)


def recipe_of(plan: JobPlan) -> Recipe:
    """Return the recipe of the take that a plan makes, as far as it is known before it has run.

    That of a conformed take is the one of the take it was made of, where it has one, and says so: its shot made it.
    """
    if plan.conforms and plan.conforms.recipe:
        return plan.conforms.recipe.model_copy(update={"conformed": conformed_of(plan)})
    return Recipe(
        pipeline=plan.pipeline_id,
        pipeline_version=plan.pipeline_version,
        digest=plan.digest,
        tier=plan.tier,
        params=plan.params,
        inputs=tuple(TakeInput(socket=file.socket, name=file.name, oid=file.oid) for file in plan.inputs),
        seed=plan.seed,
        quality=plan.quality_used,
        quality_requested=plan.quality_requested,
        format=plan.format,
    )


def conformed_of(plan: JobPlan) -> Conformed | None:
    """Return whose pictures the take has that a plan makes; None where it makes its own."""
    told = plan.conforms
    if told is None:
        return None
    return Conformed(
        take=told.take,
        oid=told.oid,
        pipeline=plan.pipeline_id,
        pipeline_version=plan.pipeline_version,
        digest=plan.digest,
        frame_rate=told.frame_rate,
    )


def film_recipe_of(plan: JobPlan) -> FilmRecipe:
    """Return what a film is made of, from its plan."""
    return FilmRecipe(
        pipeline=plan.pipeline_id,
        pipeline_version=plan.pipeline_version,
        digest=plan.digest,
        params=plan.params,
        quality=plan.quality_used,
        quality_requested=plan.quality_requested,
        format=plan.format,
        cut=plan.cut,
        music=tuple(
            TakeInput(socket=file.socket, name=file.name, oid=file.oid)
            for file in plan.inputs
            if file.socket in {"music", "sounds"}
        ),
        sounds=plan.sounds,
    )


class Job(Frozen):
    """A job as it stands; `place` orders it among those of its project, `run` is what it was started with as one."""

    id: str
    tenant_id: str
    project_id: str
    plan: JobPlan
    state: JobState
    reason: str = ""
    attempt: int = 0
    worker_id: str | None = None
    place: int = 0
    lease_until: datetime | None = None
    progress: float = 0
    step: str = ""
    cancel_requested: bool = False
    error: ErrorBody | None = None
    result: str | None = None
    created_by: str
    person_id: str = ""
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    elapsed_s: float | None = None
    run: str = ""


class Task(Frozen):
    """A job as pages and scripts see it; `progress` is percent, `position` counts from 1 in its project's line.

    One that is `late` waits for the takes of others, whatever machines are there. `conforms` names the take that is
    given another frame rate, empty where a new one is made.
    """

    id: str
    project_id: str
    node_id: str
    kind: JobKind
    state: JobState
    reason: str
    pipeline: str
    quality: Quality
    quality_requested: Quality
    progress: float
    step: str
    error: ErrorBody | None
    take: str | None
    film: str | None
    delivery: str | None = None
    attempt: int
    position: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    elapsed_s: float | None
    run: str = ""
    late: bool = False
    conforms: str = ""


def task_of(job: Job, position: int | None = None) -> Task:
    """Return the public view of a job."""
    made = {kind: job.result if job.plan.kind is kind else None for kind in JobKind}
    return Task(
        id=job.id,
        project_id=job.project_id,
        node_id=job.plan.node_id,
        kind=job.plan.kind,
        state=job.state,
        reason=job.reason,
        pipeline=job.plan.pipeline_id,
        quality=job.plan.quality_used,
        quality_requested=job.plan.quality_requested,
        progress=round(100 * job.progress, 1),
        step=job.step,
        error=job.error,
        take=made[JobKind.TAKE],
        film=made[JobKind.FILM],
        delivery=made[JobKind.DELIVERY],
        attempt=job.attempt,
        position=position,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        elapsed_s=job.elapsed_s,
        run=job.run,
        late=job.plan.late,
        conforms=job.plan.conforms.take if job.plan.conforms else "",
    )
