"""Films and cards that are made in the same go as their shots wait for the pictures in between of those."""

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, conforming, generate, rebuild, release, runs
from studio_server.actions.rebuild import RebuildScope
from studio_server.domain.jobs import Job, JobState, task_of
from studio_server.index import jobs, needs
from tests.integration.studios import Stage, node, shot, wire
from tests.integration.uneven import here, landed, project, rates, rough, smooth, take, waiting

__all__ = ["here", "project"]

pytestmark = pytest.mark.every_database


def test_a_film_ordered_with_its_shots_waits_for_their_pictures_in_between(here: Stage, project: str) -> None:
    rates(here, project, "between")
    here.apply(project, node("u", "upscale"), wire("s", "video", "u", "clip"))
    rebuild.start(here.studio, project, RebuildScope(films=True))
    shot_job, film, larger = (of_card(here, project, card) for card in ("s", "f", "u"))
    landed(here, project, shot_job.id, rough())
    (job,) = waiting(here, project)
    assert job.run == shot_job.run
    release.release(here.studio)
    assert generate.find(here.studio, film.id).state is JobState.WAITING
    assert generate.find(here.studio, larger.id).state is JobState.WAITING
    made = landed(here, project, job.id, smooth())
    release.release(here.studio)
    ready = generate.find(here.studio, film.id)
    assert ready.state is JobState.QUEUED
    assert [one.take for one in ready.plan.cut] == [made.name]
    assert [one.oid for one in generate.find(here.studio, larger.id).plan.inputs] == [made.media.oid]


def test_the_film_goes_on_where_they_come_to_nothing(here: Stage, project: str) -> None:
    rates(here, project, "between")
    rebuild.start(here.studio, project, RebuildScope(films=True))
    shot_job, film = of_card(here, project, "s"), of_card(here, project, "f")
    source = landed(here, project, shot_job.id, rough())
    (job,) = waiting(here, project)
    generate.cancel(here.studio, job.id)
    release.release(here.studio)
    ready = generate.find(here.studio, film.id)
    assert ready.state is JobState.QUEUED
    assert [one.take for one in ready.plan.cut] == [source.name]
    assert any("by repeating frames" in note for note in ready.plan.notes)


def test_a_rebuild_while_they_are_made_waits_for_them(here: Stage, project: str) -> None:
    take(here, project)
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    plan = rebuild.look(here.studio, project, RebuildScope(films=True))
    assert [(line.node_id, line.step, line.after) for line in plan.lines] == [
        ("s", "running", ()),
        ("f", "make", ("s",)),
    ]
    rebuild.start(here.studio, project, RebuildScope(films=True))
    film = of_card(here, project, "f")
    assert film.state is JobState.WAITING
    made = landed(here, project, job.id, smooth())
    release.release(here.studio)
    assert [one.take for one in generate.find(here.studio, film.id).plan.cut] == [made.name]


def test_two_shots_with_takes_of_the_same_bytes_get_a_conformed_take_each(here: Stage, project: str) -> None:
    rates(here, project, "between")
    here.apply(project, shot("t"), wire("t", "video", "f", "clips"))
    rebuild.start(here.studio, project, RebuildScope(films=True))
    film = of_card(here, project, "f")
    for card in ("s", "t"):
        landed(here, project, of_card(here, project, card).id, rough())
    first, second = sorted(waiting(here, project), key=lambda job: job.plan.shot)
    assert [first.plan.shot, second.plan.shot] == ["010", "020"]
    made = []
    for job in (first, second):
        release.release(here.studio)
        assert generate.find(here.studio, film.id).state is JobState.WAITING
        made.append(landed(here, project, job.id, smooth()).name)
    release.release(here.studio)
    ready = generate.find(here.studio, film.id)
    assert ready.state is JobState.QUEUED
    assert [one.take for one in ready.plan.cut] == made


def test_what_waits_for_two_jobs_that_one_follows_waits_for_that_once(here: Stage, project: str) -> None:
    here.apply(project, shot("t"), shot("u"), wire("t", "video", "f", "clips"))
    rebuild.start(here.studio, project, RebuildScope(films=True))
    film, one, two, other = (of_card(here, project, card).id for card in ("f", "s", "t", "u"))
    with here.studio.index.write() as session:
        for job in (one, two):
            needs.handed_on(session, job, other)
        assert [job.id for job in needs.ready(session)] == []
        assert film


def test_render_waits_for_them_and_says_so(here: Stage, project: str) -> None:
    take(here, project)
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    film = str(assemble.render(here.studio, project, "f").job_id)
    told = generate.find(here.studio, film)
    assert (told.state, told.reason) == (JobState.WAITING, "Waits for in-betweens of Shot 010")
    assert task_of(told).late
    release.release(here.studio)
    assert generate.find(here.studio, film).state is JobState.WAITING
    made = landed(here, project, job.id, smooth())
    release.release(here.studio)
    ready = generate.find(here.studio, film)
    assert (ready.state, ready.plan.late) == (JobState.QUEUED, False)
    assert [one.take for one in ready.plan.cut] == [made.name]
    assert made.media.oid in {one.oid for one in ready.plan.inputs}
    again = generate.find(here.studio, str(assemble.render(here.studio, project, "f").job_id))
    assert again.state is JobState.QUEUED


@pytest.mark.parametrize("end", ["failed", "stopped"])
def test_render_goes_on_with_the_repeated_take_where_they_come_to_nothing(end: str, here: Stage, project: str) -> None:
    source = take(here, project)
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    film = str(assemble.render(here.studio, project, "f").job_id)
    if end == "failed":
        runs.fail(here.studio, job, StudioError(Code.PIPELINE_FAILED, "It broke."))
    else:
        generate.cancel(here.studio, job.id)
    release.release(here.studio)
    ready = generate.find(here.studio, film)
    assert ready.state is JobState.QUEUED
    assert [one.take for one in ready.plan.cut] == [source.name]
    assert any("by repeating frames" in note for note in ready.plan.notes)


def test_a_render_that_waits_can_be_stopped_and_ordered_again(here: Stage, project: str) -> None:
    take(here, project)
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    film = str(assemble.render(here.studio, project, "f").job_id)
    generate.cancel(here.studio, film)
    landed(here, project, job.id, smooth())
    release.release(here.studio)
    assert generate.find(here.studio, film).state is JobState.CANCELED
    again = str(rebuild.retry(here.studio, film).job_id)
    assert generate.find(here.studio, again).state is JobState.QUEUED


def test_render_does_not_wait_for_those_of_takes_that_are_in_no_cut_or_fit_by_now(here: Stage, project: str) -> None:
    here.apply(project, shot("t"))
    take(here, project, "s", file=smooth())
    take(here, project, "t")
    conforming.make(here.studio, project, ["t"])
    film = str(assemble.render(here.studio, project, "f").job_id)
    assert generate.find(here.studio, film).state is JobState.QUEUED


def of_card(here: Stage, project: str, card: str) -> Job:
    with here.studio.index.read() as session:
        return next(job for job in jobs.open_jobs(session, project) if job.plan.node_id == card)
