"""Takes with pictures in between after the project's rate has changed: what is out of date, and what a rebuild does."""

from collections.abc import Sequence

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import conforming, rebuild, release, runs, states
from studio_server.actions.rebuild import RebuildLine, RebuildScope
from studio_server.domain.graph import NodeSet
from studio_server.domain.jobs import JobState
from studio_server.domain.shots import Take
from studio_server.domain.staleness import CardState, State
from studio_server.index import jobs
from tests.integration.studios import Stage, node, wire
from tests.integration.uneven import data, here, landed, project, rough, set_rate, smooth, take, waiting

__all__ = ["here", "project"]

IN_WORDS = "its pictures in between are for 24 frames a second, the project has 25"


def standing(here: Stage, project: str, card: str = "s") -> CardState:
    with states.kept(here.studio, project, anew=True) as now:
        return now.build.states[card]


def lines(here: Stage, project: str, **scope: bool) -> Sequence[RebuildLine]:
    return rebuild.look(here.studio, project, RebuildScope(**scope)).lines


def conformed(here: Stage, project: str, rate: str = "24", frames: int = 121) -> tuple[Take, Take]:
    """Have a take made and given the project's rate; return both."""
    source = take(here, project)
    conforming.make(here.studio, project, ["s"])
    return source, landed(here, project, waiting(here, project)[0].id, smooth(rate, frames))


def test_a_take_that_was_given_the_new_rate_is_up_to_date(here: Stage, project: str) -> None:
    conformed(here, project)
    assert standing(here, project).state is State.CLEAN
    set_rate(here, project, "25/1")
    assert standing(here, project).state is State.STALE
    conforming.make(here.studio, project, ["s"])
    landed(here, project, waiting(here, project)[0].id, smooth("25", 126))
    assert standing(here, project).state is State.CLEAN
    assert lines(here, project) == []
    set_rate(here, project, "24/1")
    assert standing(here, project).state is State.STALE


@pytest.mark.parametrize("rate", ["24000/1001", "12/1"])
def test_one_that_fits_the_new_rate_anyway_is_up_to_date(rate: str, here: Stage, project: str) -> None:
    conformed(here, project)
    set_rate(here, project, rate)
    assert standing(here, project).state is State.CLEAN


def test_a_rebuild_makes_new_ones_from_the_original_and_generates_nothing(here: Stage, project: str) -> None:
    source, _ = conformed(here, project)
    here.apply(project, NodeSet(id="s", name=f"in:{data(here, project)['active_take']}", value=24))
    set_rate(here, project, "25/1")
    (reason,) = states.states(here.studio, project).cards["s"].reasons  # type: ignore[union-attr]
    assert (reason.kind, reason.label, reason.text) == ("between", source.name, IN_WORDS)
    (shot, film) = lines(here, project, films=True)
    assert (shot.step, shot.take, shot.after) == ("between", source.name, ())
    assert (film.step, film.after) == ("make", ("s",))
    assert shot.takes
    rebuild.start(here.studio, project, RebuildScope(films=True))
    with here.studio.index.read() as session:
        shot_job, film_job = sorted(jobs.open_jobs(session, project), key=lambda job: job.plan.node_id == "f")
    assert (shot_job.plan.pipeline_id, shot_job.state) == ("interpolate", JobState.QUEUED)
    assert shot_job.plan.conforms
    assert (shot_job.plan.conforms.oid, shot_job.plan.conforms.frame_rate) == (source.media.oid, "25/1")
    assert (film_job.state, film_job.reason) == (JobState.WAITING, "Waits for Shot 010")
    (again, _) = lines(here, project, films=True)
    assert (again.step, again.task) == ("running", shot_job.id)
    made = landed(here, project, shot_job.id, smooth("25", 126))
    release.release(here.studio)
    assert data(here, project)["active_take"] == made.name
    assert data(here, project)[f"in:{made.name}"] == 25
    assert standing(here, project).state is State.CLEAN
    with here.studio.index.read() as session:
        assert [one.take for one in jobs.get(session, film_job.id).plan.cut] == [made.name]


def test_those_that_were_made_before_are_used_again_with_their_marks(here: Stage, project: str) -> None:
    _, first = conformed(here, project)
    set_rate(here, project, "25/1")
    rebuild.start(here.studio, project, RebuildScope())
    second = landed(here, project, waiting(here, project)[0].id, smooth("25", 126))
    here.apply(project, NodeSet(id="s", name=f"in:{second.name}", value=50))
    set_rate(here, project, "24/1")
    (line,) = lines(here, project)
    assert (line.step, line.take) == ("use", first.name)
    rebuild.start(here.studio, project, RebuildScope())
    assert waiting(here, project) == []
    assert (data(here, project)["active_take"], data(here, project)[f"in:{first.name}"]) == (first.name, 48)
    here.apply(project, NodeSet(id="s", name=f"reject:{second.name}", value="soft"))
    set_rate(here, project, "25/1")
    (line,) = lines(here, project)
    assert line.step == "blocked"
    assert "was turned down" in line.blocked


def test_what_else_has_changed_is_generated(here: Stage, project: str) -> None:
    conformed(here, project)
    set_rate(here, project, "25/1")
    here.apply(project, NodeSet(id="s", name="prompt", value="Rain now"))
    assert [reason.kind for reason in standing(here, project).reasons] == ["prompt", "between"]
    (line,) = lines(here, project)
    assert line.step == "make"


def test_run_scene_makes_another_take(here: Stage, project: str) -> None:
    conformed(here, project)
    set_rate(here, project, "25/1")
    (line, *_) = lines(here, project, again=True)
    assert (line.node_id, line.step) == ("s", "make")


def test_where_the_original_is_gone_it_is_generated(here: Stage, project: str) -> None:
    source, _ = conformed(here, project)
    folder = here.folder(project).root
    for ending in (".mp4", ".json", ".poster.jpg"):
        (folder / source.take_name.path(ending)).unlink()
    set_rate(here, project, "25/1")
    assert [reason.kind for reason in standing(here, project).reasons] == ["format"]
    (line,) = lines(here, project)
    assert line.step == "make"


def test_where_no_machine_can_the_plan_says_why(here: Stage, project: str) -> None:
    conformed(here, project)
    set_rate(here, project, "25/1")
    here.later(120)  # the machine is gone
    (line,) = lines(here, project)
    assert (line.step, line.blocked) == (
        "blocked",
        "No pictures in between can be made now: No machine is there to make it.",
    )
    with pytest.raises(StudioError, match="Nothing can be made"):
        rebuild.start(here.studio, project, RebuildScope())


def test_ones_for_the_old_rate_that_are_still_made_are_not_taken_for_the_new(here: Stage, project: str) -> None:
    take(here, project)
    conforming.make(here.studio, project, ["s"])
    set_rate(here, project, "25/1")
    (line,) = lines(here, project)
    assert line.step == "make"
    (old,) = waiting(here, project)
    landed(here, project, old.id, smooth())
    (line,) = lines(here, project)
    assert line.step == "between"


def test_a_card_that_waits_for_another_and_needs_only_those_gets_only_those(here: Stage, project: str) -> None:
    here.apply(project, node("u", "upscale"), wire("s", "video", "u", "clip"))
    source = take(here, project)
    enlarged = take(here, project, "u", file=rough("16", 40))
    conforming.make(here.studio, project, ["u"])
    landed(here, project, waiting(here, project)[0].id, smooth("24", 60))
    set_rate(here, project, "25/1")
    here.apply(project, NodeSet(id="s", name="prompt", value="Rain now"))
    started, _ = rebuild.start(here.studio, project, RebuildScope())
    assert started
    with here.studio.index.read() as session:
        shot_job, late = sorted(jobs.open_jobs(session, project), key=lambda job: job.plan.node_id == "u")
    assert late.state is JobState.WAITING
    landed(here, project, shot_job.id, rough())  # the same bytes as before
    assert here.folder(project).takes("01", "010")[-1].media.oid == source.media.oid
    release.release(here.studio)
    with here.studio.index.read() as session:
        ready = jobs.get(session, late.id)
    assert ready.state is JobState.QUEUED, ready.error
    assert ready.plan.conforms
    assert ready.plan.conforms.oid == enlarged.media.oid
    made = landed(here, project, late.id, smooth("25", 63))
    assert data(here, project, "u")["active_take"] == made.name
    assert standing(here, project, "u").state is State.CLEAN


def test_one_that_fails_leaves_the_take_and_the_card_out_of_date(here: Stage, project: str) -> None:
    _, first = conformed(here, project)
    set_rate(here, project, "25/1")
    rebuild.start(here.studio, project, RebuildScope())
    (job,) = waiting(here, project)
    runs.fail(here.studio, job, StudioError(Code.PIPELINE_FAILED, "It broke."))
    assert data(here, project)["active_take"] == first.name
    assert standing(here, project).state is State.STALE
