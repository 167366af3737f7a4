"""Pauses: of a machine, of everything. What runs is finished, nothing new starts, and everybody sees who did it."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Engine
from studio_sdk.wire import Report, WorkerInfo
from studio_server.actions import generate, lines, queue, runs
from studio_server.index import jobs
from studio_server.loops.dispatcher import RING_AGAIN
from studio_server.settings import Settings
from tests.integration.studios import Stage, shot, stage

pytestmark = pytest.mark.every_database


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


def queued(here: Stage, count: int) -> tuple[str, list[str]]:
    project = here.project()
    here.apply(project, shot("n_1"))
    return project, [str(generate.generate(here.studio, project, "n_1").job_id) for _ in range(count)]


def other(here: Stage) -> WorkerInfo:
    info = WorkerInfo(id="there:cpu", boot="1", host="there", engines=[Engine.CPU], queues=["cpu"])
    runs.register(here.studio, info)
    return info


def test_a_paused_machine_finishes_and_gets_nothing_new(here: Stage) -> None:
    project, (one, two, three) = queued(here, 3)
    there = other(here)
    attempt = here.claim(one).attempt
    queue.pause_worker(here.studio, "here:cpu", paused=True)
    assert runs.register(here.studio, here.studio.machines()[0].info).paused is True
    assert runs.report(here.studio, one, Report(attempt=attempt, progress=0.5)).cancel is False
    with pytest.raises(StudioError) as refused:
        here.claim(two)
    assert refused.value.code is Code.LEASE_LOST
    assert "You" in refused.value.message
    assert runs.claim(here.studio, two, there.id).job_id == two
    told = {machine.id: machine for machine in lines.queue_of(here.studio, project).machines}
    assert (told["here:cpu"].paused_by, told["here:cpu"].busy, told["here:cpu"].task_id) == ("You", True, one)
    assert (told["there:cpu"].paused_by, told["there:cpu"].person, told["there:cpu"].node_id) == ("", "You", "n_1")
    queue.pause_worker(here.studio, "here:cpu", paused=False)
    assert here.claim(three).job_id == three


def test_a_line_whose_only_machine_is_paused_says_that_nobody_is_there(here: Stage) -> None:
    project, (task,) = queued(here, 1)
    queue.pause_worker(here.studio, "here:cpu", paused=True)
    told = lines.queue_of(here.studio, project)
    assert told.stranded == {task: lines.NOBODY}
    assert told.estimates[task].starts_in_s is None


def test_while_everything_is_paused_nothing_starts_and_afterwards_all_bells_ring(here: Stage) -> None:
    project, (one, two) = queued(here, 2)
    with here.studio.index.write() as session:
        jobs.rung(session, [one, two], here.studio.now())
    queue.pause_all(here.studio, paused=True)
    with pytest.raises(StudioError):
        here.claim(one)
    here.later(120)
    here.worker()
    with here.studio.index.read() as session:
        assert jobs.to_ring(session, here.studio.now(), RING_AGAIN) == []
        assert jobs.unanswered(session, here.studio.now() - timedelta(seconds=3)) == {}
    told = lines.queue_of(here.studio, project)
    assert (told.all_paused_by, told.paused) == ("You", False)
    assert told.estimates[one].starts_in_s is None
    queue.pause_all(here.studio, paused=False)
    with here.studio.index.read() as session:
        assert [job.id for job in jobs.to_ring(session, here.studio.now(), RING_AGAIN)] == [one, two]
    assert here.claim(one).job_id == one


def test_who_paused_a_project_is_told(here: Stage) -> None:
    project, _ = queued(here, 1)
    queue.pause(here.studio, project, paused=True)
    assert lines.queue_of(here.studio, project).paused_by == "You"
    queue.pause(here.studio, project, paused=False)
    assert lines.queue_of(here.studio, project).paused_by == ""


def test_only_admins_pause_machines_and_only_those_that_are_there(here: Stage) -> None:
    artist = dataclasses.replace(here.studio, person=here.studio.person.model_copy(update={"role": "artist"}))
    for attempt in (lambda: queue.pause_all(artist, paused=True), lambda: queue.pause_worker(artist, "x", paused=True)):
        with pytest.raises(StudioError) as refused:
            attempt()
        assert refused.value.code is Code.NOT_PERMITTED
    with pytest.raises(StudioError) as unknown:
        queue.pause_worker(here.studio, "nobody", paused=True)
    assert unknown.value.code is Code.NOT_FOUND


def test_where_people_sign_in_a_machine_does_not_tell_for_which_other_project_it_works(settings: Settings) -> None:
    with stage(settings.model_copy(update={"auth": "password"})) as here:
        project, other = here.project(), here.project("Other")
        here.worker()
        here.apply(project, shot("n_1"))
        job = generate.generate(here.studio, project, "n_1").job_id
        here.claim(str(job))
        (own,), (foreign,) = (lines.queue_of(here.studio, one).machines for one in (project, other))
        assert (own.project_id, own.node_id) == (project, "n_1")
        assert foreign.busy
        assert foreign.person == own.person
        assert (foreign.project_id, foreign.task_id, foreign.node_id) == ("", None, None)
