"""A project's line: claims follow it, moves and the pause are kept, estimates are learned from what ran."""

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Engine
from studio_sdk.wire import Report, WorkerInfo
from studio_server.actions import canvas, generate, lines, projects, queue, runs
from studio_server.domain.jobs import MAX_ATTEMPTS
from studio_server.index import jobs as job_rows
from studio_server.index import queue as queue_rows
from studio_server.index import session as index_session
from studio_server.loops.dispatcher import RING_AGAIN
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, shot, stage

pytestmark = pytest.mark.every_database


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip(tmp_path_factory.mktemp("media") / "take.mp4")


def line_of(here: Stage, project: str, count: int) -> list[str]:
    """Queue some shots, a second apart, and return their tasks."""
    tasks = []
    for number in range(count):
        here.apply(project, shot(f"n_{number}"))
        tasks.append(str(generate.generate(here.studio, project, f"n_{number}").job_id))
        here.later(1)
    return tasks


def order(here: Stage, project: str) -> list[str]:
    return lines.queue_of(here.studio, project).order


def rung(here: Stage) -> list[str]:
    with here.studio.index.read() as session:
        return [job.id for job in job_rows.to_ring(session, here.studio.now(), RING_AGAIN)]


def test_claims_follow_the_order_whichever_doorbell_rings(here: Stage) -> None:
    project = here.project()
    one, two, three = line_of(here, project, 3)
    assert order(here, project) == [one, two, three]
    event = queue.move_task(here.studio, project, three, one)
    assert order(here, project) == [three, one, two]
    assert event.data["task"]["position"] == 1  # type: ignore[index, call-overload]
    assert [here.claim(bell).job_id for bell in (one, two, three)] == [three, one, two]
    with pytest.raises(StudioError) as echo:
        here.claim(one)
    assert echo.value.code is Code.LEASE_LOST


def test_a_move_takes_no_turn_of_another_project(here: Stage) -> None:
    mine, theirs = here.project("Mine"), here.project("Theirs")
    one, two = line_of(here, mine, 2)
    (other,) = line_of(here, theirs, 1)
    (late,) = line_of(here, theirs, 1)
    queue.move_task(here.studio, mine, two, one)
    assert [here.claim(bell).job_id for bell in (one, other, two, late)] == [two, other, one, late]


def test_what_cannot_be_moved_says_why(here: Stage) -> None:
    project, elsewhere = here.project(), here.project("Elsewhere")
    one, two, three = line_of(here, project, 3)
    (foreign,) = line_of(here, elsewhere, 1)
    here.claim(one)
    with pytest.raises(StudioError) as started:
        queue.move_task(here.studio, project, one, None)
    assert started.value.code is Code.VERSION_CONFLICT
    for task, before in ((foreign, None), (two, foreign), ("nobody", None)):
        with pytest.raises(StudioError) as unknown:
            queue.move_task(here.studio, project, task, before)
        assert unknown.value.code is Code.NOT_FOUND
    queue.move_task(here.studio, project, three, one)  # it has started meanwhile: next is as near as one gets
    assert order(here, project) == [three, two]


def test_a_move_said_twice_is_made_once(here: Stage) -> None:
    project = here.project()
    one, two, three = line_of(here, project, 3)
    first = queue.move_task(here.studio, project, one, None, "again")
    queue.move_task(here.studio, project, two, None)
    assert queue.move_task(here.studio, project, one, None, "again").revision == first.revision
    assert order(here, project) == [three, one, two]


def test_a_held_queue_starts_nothing_and_stays_held_over_a_restart(here: Stage, settings: Settings) -> None:
    project = here.project()
    one, two = line_of(here, project, 2)
    attempt = here.claim(one).attempt
    assert rung(here) == [two]
    event = queue.pause(here.studio, project, paused=True)
    assert event.data["project"]["queue_paused"] is True  # type: ignore[index, call-overload]
    assert rung(here) == []
    with pytest.raises(StudioError):
        here.claim(two)
    assert runs.report(here.studio, one, Report(attempt=attempt, progress=0.5)).cancel is False
    with stage(settings) as again:
        state = projects.full_state(again.studio, project)
        assert (state.queue.paused, state.project.queue_paused) == (True, True)
        assert state.queue.estimates[two].starts_in_s is None
        with pytest.raises(StudioError):
            again.claim(two)
    with here.studio.index.write() as session:
        job_rows.rung(session, [two], here.studio.now())
    queue.pause(here.studio, project, paused=False)
    assert rung(here) == [two]  # its doorbell rang while it was held: it rings again
    assert here.claim(two).job_id == two


def test_a_task_of_a_lost_runner_is_next_again(here: Stage) -> None:
    project = here.project()
    one, two = line_of(here, project, 2)
    here.claim(one)
    here.worker("2")
    assert order(here, project) == [one, two]
    assert here.claim(one).attempt == 2


def test_estimates_are_learned_from_what_ran(here: Stage, film: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1", seconds=4), shot("n_2", seconds=8), shot("n_3", seconds=2))
    promised = lines.queue_of(here.studio, project)
    assert promised.estimates == {}
    first = str(generate.generate(here.studio, project, "n_1").job_id)
    told = lines.queue_of(here.studio, project).estimates[first]
    assert (told.starts_in_s, told.takes_s) == (0, 2)  # what the manifest promises
    attempt = here.claim(first).attempt
    here.later(12)
    here.finish(first, attempt, film)
    second, third = (str(generate.generate(here.studio, project, node).job_id) for node in ("n_2", "n_3"))
    here.claim(second)
    here.later(4)
    news = lines.queue_of(here.studio, project)
    assert news.order == [third]
    assert (news.estimates[second].starts_in_s, news.estimates[second].takes_s) == (0, 24)
    expected = news.estimates[third]
    assert expected.takes_s == 6
    assert expected.starts
    assert expected.starts_in_s == expected.starts.likely_s
    assert expected.starts.low_s < 20 < expected.starts.high_s
    assert expected.guess, "one take is not enough to know"
    here.later(60)
    assert lines.queue_of(here.studio, project).estimates[third].starts_in_s is None  # the worker has gone silent


@pytest.mark.parametrize("seed", range(8))
def test_whatever_people_and_runners_do_the_line_is_as_they_left_it(here: Stage, seed: int) -> None:
    chance = random.Random(seed)
    project = here.project()
    here.apply(project, shot("n_0"))
    line: list[str] = []
    running: list[str] = []
    for _ in range(25):
        here.later(1)
        here.worker()  # says that it is alive
        act = chance.choice(["add", "add", "move", "move", "claim", "cancel", "lose"])
        if act == "add":
            line.append(str(generate.generate(here.studio, project, "n_0").job_id))
        elif act == "lose" and running:
            job = generate.find(here.studio, running.pop(chance.randrange(len(running))))
            runs.give_back(here.studio, job, "The runner was lost.")
            if job.attempt < MAX_ATTEMPTS:
                line.insert(0, job.id)
        elif act == "move" and line:
            task, before = chance.choice(line), chance.choice([*line, None])
            queue.move_task(here.studio, project, task, before)
            if before != task:
                line.remove(task)
                line.insert(len(line) if before is None else line.index(before), task)
        elif act == "claim" and line:
            running.append(here.claim(chance.choice(line)).job_id)
            assert running[-1] == line.pop(0)
        elif act == "cancel" and line:
            generate.cancel(here.studio, line.pop(chance.randrange(len(line))))
        assert order(here, project) == line


def test_jobs_of_an_older_studio_are_remembered(here: Stage, settings: Settings, film: Path) -> None:
    project = here.project()
    (task,) = line_of(here, project, 1)
    here.finish(task, here.claim(task).attempt, film)
    config = Config()
    config.set_main_option("script_location", str(Path(index_session.__file__).parent / "migrations"))
    config.attributes["url"] = settings.database_url
    canvas.commit(here.studio, project)
    here.studio.index.engine.dispose()
    command.downgrade(config, "0001")
    command.upgrade(config, "head")
    with here.studio.index.read() as session:
        assert session.execute(text("select pipeline, quality from job")).all() == [("animatic", "low")]
    assert rung(here) == []


def test_what_no_worker_there_can_take_is_said_in_words(here: Stage) -> None:
    project = here.project()
    (task,) = line_of(here, project, 1)
    assert lines.queue_of(here.studio, project).stranded == {}
    here.later(30)
    said = lines.queue_of(here.studio, project)
    assert said.stranded == {task: lines.NOBODY}
    assert said.estimates[task].starts_in_s is None
    runs.register(here.studio, WorkerInfo(id="far", boot="1", host="far", engines=[Engine.CUDA], queues=["gpu.24"]))
    assert lines.queue_of(here.studio, project).stranded == {task: lines.OTHERS_ONLY}
    here.worker()
    assert lines.queue_of(here.studio, project).stranded == {}


def ordered(here: Stage, project: str, node: str, person: str) -> str:
    """Order a take as somebody."""
    as_them = dataclasses.replace(here.studio, person=here.studio.person.model_copy(update={"id": person}))
    here.later(1)
    return str(generate.generate(as_them, project, node).job_id)


def test_one_persons_long_line_puts_anothers_shot_off_by_one_turn(here: Stage) -> None:
    film, other = here.project("Film"), here.project("Other")
    here.apply(film, shot("n_1"))
    here.apply(other, shot("n_1"))
    many = [ordered(here, film, "n_1", "Ann") for _ in range(6)]
    late = ordered(here, other, "n_1", "Bo")
    assert [here.claim(many[0]).job_id for _ in range(3)] == [many[0], late, many[1]]


def test_in_one_project_whoever_has_fewer_waiting_stands_before_the_others(here: Stage) -> None:
    film = here.project("Film")
    here.apply(film, shot("n_1"))
    ann = [ordered(here, film, "n_1", "Ann") for _ in range(4)]
    bo = [ordered(here, film, "n_1", "Bo") for _ in range(2)]
    assert order(here, film) == [ann[0], bo[0], ann[1], bo[1], ann[2], ann[3]]
    late = ordered(here, film, "n_1", "Cy")
    assert order(here, film)[2] == late
    queue.move_task(here.studio, film, ann[3], ann[0])
    assert order(here, film)[0] == ann[3], "people may still say otherwise"


def test_a_worker_gets_no_job_that_needs_another_engine(here: Stage) -> None:
    project = here.project()
    (task,) = line_of(here, project, 1)
    info = WorkerInfo(id="card", boot="1", host="far", engines=[Engine.CUDA], queues=["cpu"])
    runs.register(here.studio, info)
    with pytest.raises(StudioError) as refused:
        runs.claim(here.studio, task, "card")
    assert refused.value.code is Code.LEASE_LOST
    assert here.claim(task).job_id == task


def test_versions_that_need_other_engines_share_a_queue(here: Stage) -> None:
    project = here.project()
    first, second = line_of(here, project, 2)
    plan = generate.find(here.studio, second).plan
    with here.studio.index.write() as session:
        job_rows.note_plan(session, second, plan.model_copy(update={"pipeline_version": "0.0.1"}))
    with here.studio.index.read() as session:
        tenant = here.studio.person.tenant_id
        beyond = {f"{plan.pipeline_id}@{plan.pipeline_version}"}
        for without, expected in (
            (frozenset[str](), first),
            (beyond, second),
            (beyond | {f"{plan.pipeline_id}@0.0.1"}, None),
        ):
            found = queue_rows.next_in(session, tenant, plan.queue, without)
            assert (found.id if found else None) == expected
