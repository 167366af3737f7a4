"""The database rebuilt from the folders: what a project's entry and its finished tasks are when nobody remembers them.

The folders hold the film; the database only what is running and the order in which things happened. Lost with it are
tasks that were under way, failed or cancelled, held queues, people's accounts, and edits of the last second.
"""

from datetime import UTC, datetime, timedelta

from studio_sdk.errors import StudioError
from studio_sdk.wire import InputRef
from studio_server.actions.studio import Studio
from studio_server.domain.assets import Film
from studio_server.domain.conform import CLIP
from studio_server.domain.jobs import Conforming, Job, JobKind, JobPlan, JobState
from studio_server.domain.shots import Conformed, Recipe, Take, TakeInput
from studio_server.index import directory, jobs
from studio_server.index.session import Session
from studio_server.library import versions
from studio_server.library.folder import ProjectFolder


def enter(session: Session, studio: Studio, folder: ProjectFolder, project_id: str) -> None:
    """Enter a project whose folder is there, as of its newest commit, with the tasks that its takes tell of."""
    tenant = studio.person.tenant_id
    folder.clear_caches()
    directory.add_project(session, project_id, tenant, folder.root.name, _worked_on(folder) or studio.now())
    for job in _finished(folder, project_id, tenant):
        jobs.enter_finished(session, job)


def forget(studio: Studio) -> None:
    """Take every project of this tenant out of the database; the folders stay as they are."""
    with studio.index.write() as session:
        directory.forget_projects(session, studio.person.tenant_id)
    studio.canvases.clear()
    studio.builds.clear()


def _worked_on(folder: ProjectFolder) -> datetime | None:
    try:
        newest = versions.listed(folder, 1)
    except StudioError:  # no history to ask; the project is listed all the same and says what is wrong with it
        return None
    return datetime.fromisoformat(newest[0].created_at).astimezone(UTC) if newest else None


def _finished(folder: ProjectFolder, project_id: str, tenant: str) -> list[Job]:
    made: list[Take | Film] = [take for shot in folder.shots_on_disk() for take in folder.takes(*shot)]
    made += folder.films()
    return [job for one in made if (job := _job_of(one, project_id, tenant))]


def _job_of(made: Take | Film, project_id: str, tenant: str) -> Job | None:
    """Return the task that made a take or film; None for what people put there, and for what an older studio wrote."""
    recipe = made.recipe
    if made.job_id is None or made.node_id is None or recipe is None or recipe.format is None:
        return None
    landed = datetime.fromisoformat(made.created_at)
    landed = landed.astimezone(UTC) if landed.tzinfo else landed.replace(tzinfo=UTC)
    took = made.elapsed_s
    plan = JobPlan(
        kind=JobKind.TAKE if isinstance(made, Take) else JobKind.FILM,
        node_id=made.node_id,
        scene=made.scene if isinstance(made, Take) else "",
        shot=made.code if isinstance(made, Take) else "",
        pipeline_id=recipe.pipeline,
        pipeline_version=recipe.pipeline_version,
        digest=recipe.digest,
        quality_requested=recipe.quality_requested,
        quality_used=recipe.quality,
        queue="",
        vram_gb=0,
        timeout_s=0,
        length_s=made.duration_s,
        seed=made.recipe.seed if isinstance(made, Take) and made.recipe else 0,
        params=recipe.params,
        inputs=[InputRef(socket=one.socket, oid=one.oid, size=0, mime="", name=one.name) for one in _inputs(made)],
        format=recipe.format,
        cut=made.recipe.cut if isinstance(made, Film) and made.recipe else (),
    )
    if isinstance(made, Take) and made.recipe and made.recipe.conformed:
        plan = _conforming(plan, made.recipe, made.recipe.conformed)
    began = landed - timedelta(seconds=took) if took else landed
    return Job(
        id=made.job_id,
        tenant_id=tenant,
        project_id=project_id,
        plan=plan,
        state=JobState.SUCCEEDED,
        attempt=1,
        progress=1,
        result=made.name,
        created_by=made.created_by,
        created_at=began,
        started_at=began,
        finished_at=landed,
        elapsed_s=took,
    )


def _conforming(plan: JobPlan, recipe: Recipe, conformed: Conformed) -> JobPlan:
    """Return the plan of the task that gave a take another frame rate: the recipe is that of the take it was given."""
    first = recipe.model_copy(update={"conformed": None})
    told = Conforming(take=conformed.take, oid=conformed.oid, recipe=first, frame_rate=conformed.frame_rate)
    by = {"pipeline_id": conformed.pipeline, "pipeline_version": conformed.pipeline_version, "digest": conformed.digest}
    clip = InputRef(socket=CLIP, oid=conformed.oid, size=0, mime="", name=conformed.take)
    picture = plan.format.model_copy(update={"frame_rate": conformed.frame_rate})
    return plan.model_copy(
        update={**by, "seed": 0, "params": {}, "inputs": [clip], "format": picture, "conforms": told}
    )


def _inputs(made: Take | Film) -> tuple[TakeInput, ...]:
    if isinstance(made, Take):
        return made.recipe.inputs if made.recipe else ()
    return made.recipe.music if made.recipe else ()
