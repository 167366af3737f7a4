"""Runners that are lost, machines that sleep, projects that are away: other jobs go on, nothing is made twice."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from celery import Celery

from studio_sdk.errors import Code
from studio_sdk.wire import Report
from studio_server.actions import canvas, generate, runs
from studio_server.domain.jobs import JobState
from studio_server.loops import dispatcher, keeper, sweeper
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, shot, stage

pytestmark = pytest.mark.every_database


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


def running(here: Stage, title: str) -> tuple[str, str]:
    project = here.project(title)
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id
    assert job_id
    here.claim(job_id)
    return project, job_id


def state(here: Stage, job_id: str) -> JobState:
    return generate.find(here.studio, job_id).state


@pytest.mark.parametrize("restarted", [True, False])
def test_a_project_that_is_away_holds_up_no_other_job(here: Stage, settings: Settings, restarted: bool) -> None:
    away, stuck = running(here, "Away")
    _, other = running(here, "Here")
    shutil.rmtree(here.folder(away).root)
    with stage(settings) as again:  # nothing is in memory any more
        again.later(100)
        if restarted:
            again.worker("2")
        else:
            sweeper.sweep(again.studio)
        assert (state(again, stuck), state(again, other)) == (JobState.RUNNING, JobState.QUEUED)


def test_a_take_that_landed_before_the_crash_is_not_rendered_again(
    here: Stage, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, job_id = running(here, "Landed")

    def lost(*_words: object, **_more: object) -> None:
        raise RuntimeError("the power went just here")

    monkeypatch.setattr("studio_server.actions.landing._take_landed", lost)
    with pytest.raises(RuntimeError):
        here.finish(job_id, 1, clip(tmp_path / "take.mp4"))
    monkeypatch.undo()
    with stage(settings) as again:
        again.worker("2")
        assert state(again, job_id) is JobState.SUCCEEDED
        assert len(again.folder(project).takes("01", "010")) == 1


def test_a_machine_that_slept_gives_its_runner_time_to_report(here: Stage) -> None:
    _, job_id = running(here, "Asleep")
    rounds = sweeper.Rounds(here.studio)
    rounds.sweep()
    here.later(8)
    rounds.sweep()
    here.later(3600)
    rounds.sweep()
    here.later(1)
    runs.report(here.studio, job_id, Report(attempt=1, progress=0.5))
    for _ in range(10):
        here.later(2)
        rounds.sweep()
    assert state(here, job_id) is JobState.RUNNING
    for _ in range(20):
        here.later(2)
        rounds.sweep()
    assert state(here, job_id) is JobState.QUEUED


def test_a_runner_that_hangs_up_leaves_no_half_file(here: Stage) -> None:
    project, job_id = running(here, "Half")

    def half() -> Iterator[bytes]:
        yield b"half a film"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        runs.hand_in(here.studio, job_id, 1, "0" * 64, half())
    assert list((here.folder(project).root / "05_Cache/incoming").iterdir()) == []


def test_one_project_that_cannot_be_saved_keeps_no_other_from_it(here: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    projects = [here.project(title) for title in ("One", "Two", "Three")]
    for project in projects:
        here.apply(project, shot("n_1"))
    broken = here.folder(projects[0]).root
    save = canvas.checkpoint

    def checkpoint(studio: object, project: str) -> bool:
        if project == projects[0]:
            raise RuntimeError(broken)
        return save(here.studio, project)

    monkeypatch.setattr(canvas, "checkpoint", checkpoint)
    here.later(5)
    told: dict[str, object] = {}
    keeper.keep(here.studio, [], {}, lambda project, now: told.update({project: now.error and now.error.error}))
    assert told == {projects[0]: Code.INTERNAL}
    assert [here.studio.canvases[project].changed_at is None for project in projects] == [False, True, True]


def test_a_clock_that_is_put_back_keeps_nothing_unsaved(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    here.later(-3600)
    keeper.keep(here.studio, [], {}, lambda *_: None)
    assert here.studio.canvases[project].changed_at is None


def test_a_clock_that_is_put_back_keeps_no_job_from_going_on(here: Stage) -> None:
    _, lost = running(here, "Lost")
    _, alive = running(here, "Alive")
    project = here.project("Queued")
    here.apply(project, shot("n_1"))
    queued = generate.generate(here.studio, project, "n_1").job_id
    assert queued
    rings: list[str] = []

    class Doorbell:
        def send_task(self, _name: str, args: list[str], queue: str) -> None:
            assert queue == "cpu"
            rings.extend(args)

    doorbell = cast(Celery, Doorbell())
    rounds = sweeper.Rounds(here.studio)
    rounds.sweep()
    dispatcher.dispatch(here.studio, doorbell)
    here.later(-3600)
    rounds.sweep()
    runs.report(here.studio, alive, Report(attempt=1, progress=0.5))
    dispatcher.dispatch(here.studio, doorbell)
    assert rings == [queued, queued]
    here.later(8)
    rounds.sweep()
    assert (state(here, lost), state(here, alive)) == (JobState.QUEUED, JobState.RUNNING)
