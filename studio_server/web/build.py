"""The film as a build: states of cards, the plan of a rebuild, starting and stopping it."""

from fastapi import APIRouter, Response

from studio_sdk.types import Frozen
from studio_server.actions import rebuild, states
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}", tags=["build"])


class RebuildWish(rebuild.RebuildScope):
    """What to rebuild; with `dry_run` nothing is done and the answer is the plan."""

    dry_run: bool = True
    op_id: str | None = None


class RebuildAnswer(Frozen):
    """The plan, or where `dry_run` is false the run that was started."""

    plan: rebuild.RebuildPlan | None = None
    run_id: str | None = None
    revision: int


class Stopped(Frozen):
    """Where the project's log is after a run was stopped."""

    revision: int


@router.get("/states")
def card_states(studio: StudioDep, project_id: str) -> states.CardStates:
    """Return the state of every card that makes something and is not clean."""
    return states.states(studio, project_id)


@router.post("/rebuild", responses={202: {"model": RebuildAnswer}})
def start_rebuild(studio: StudioDep, project_id: str, wish: RebuildWish, response: Response) -> RebuildAnswer:
    """Plan a rebuild, or start it (202)."""
    scope = rebuild.RebuildScope(**wish.model_dump(exclude={"dry_run", "op_id"}))
    if wish.dry_run:
        plan = rebuild.look(studio, project_id, scope)
        return RebuildAnswer(plan=plan, revision=plan.revision)
    event, run = rebuild.start(studio, project_id, scope, wish.op_id)
    response.status_code = 202
    return RebuildAnswer(run_id=run, revision=event.revision)


@router.post("/rebuild/{run_id}/cancel")
def stop_rebuild(studio: StudioDep, project_id: str, run_id: str) -> Stopped:
    """Stop everything of a run that has not ended."""
    return Stopped(revision=rebuild.cancel_run(studio, project_id, run_id).revision)
