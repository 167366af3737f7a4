"""What both databases must hold: one schema, numbers in the order of commits, two web processes that see each other."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from alembic import command

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas, generate, runs
from studio_server.actions.studio import Passing
from studio_server.domain.graph import NodeSet
from studio_server.index import log, wakes
from studio_server.index.session import migrate, migrations
from studio_server.settings import ROOT, Settings
from tests.integration.studios import Stage, shot, stage
from tests.services.postgres import Postgres

WRITERS = 8
EACH = 12


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture
def there(here: Stage, settings: Settings) -> Iterator[Stage]:
    """Return a second web process on the same workspace and database."""
    with stage(settings) as opened:
        yield opened


def together(count: int, work: Callable[[int], object]) -> list[object]:
    """Do something in so many threads that start at one moment."""
    ready = threading.Barrier(count)

    def at_once(number: int) -> object:
        ready.wait(30)
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(at_once, range(count)))


@pytest.mark.every_database
def test_the_migrations_make_what_the_code_expects_and_can_be_taken_back(settings: Settings) -> None:
    migrate(settings.database_url)
    command.check(migrations(settings.database_url))
    command.downgrade(migrations(settings.database_url), "base")
    command.upgrade(migrations(settings.database_url), "head")
    command.check(migrations(settings.database_url))


@pytest.mark.every_database
def test_numbers_come_in_the_order_of_commits_from_two_processes_at_once(here: Stage, there: Stage) -> None:
    """Somebody who reads while all write never sees a number before one that is smaller."""
    project = here.project()
    here.apply(project, shot("n_1"))
    done = threading.Event()
    seen: list[int] = []

    def read() -> None:
        with here.studio.index.read() as session:
            start = log.heads(session, [project])[project]
        while not done.is_set() or len(seen) < WRITERS * EACH:
            with here.studio.index.read() as session:
                seen.extend(event.revision for event in log.since(session, project, (seen or [start])[-1]))

    def write(number: int) -> None:
        process = (here, there)[number % 2]
        for turn in range(EACH):
            process.apply(project, NodeSet(id="n_1", name=f"field_{number}", value=turn), op_id=f"{number}/{turn}")

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    together(WRITERS, write)
    done.set()
    reader.join(60)
    assert seen == list(range(seen[0], seen[0] + WRITERS * EACH))
    for process in (here, there):
        assert {canvas.graph_of(process.studio, project).nodes["n_1"].data[f"field_{n}"] for n in range(WRITERS)} == {
            EACH - 1
        }


@pytest.mark.every_database
def test_a_command_sent_to_two_processes_at_once_is_carried_out_once(here: Stage, there: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    for turn in range(6):
        revisions = together(
            4,
            lambda number, turn=turn: (here, there)[number % 2].apply(  # type: ignore[misc]
                project, NodeSet(id="n_1", name="prompt", value=str(turn)), op_id=f"resent-{turn}"
            ),
        )
        assert len(set(revisions)) == 1


@pytest.mark.every_database
def test_two_processes_give_each_job_to_one_worker(here: Stage, there: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    tasks = [str(generate.generate(here.studio, project, "n_1").job_id) for _ in range(10)]

    def claim(number: int) -> list[str]:
        got = []
        for bell in tasks:
            with suppress(StudioError):  # somebody else was faster
                got.append(runs.claim((here, there)[number % 2].studio, bell, f"worker {number}").job_id)
        return got

    claimed = [job for one in together(4, claim) for job in one]  # type: ignore[attr-defined]
    assert sorted(claimed) == sorted(tasks)


START = """
from studio_server.actions import projects
from studio_server.app import open_studio
from studio_server.loops.bell import Bell
from studio_server.settings import Settings
studio = open_studio(Settings(), Bell(), lambda _: None)
print(studio.person.id, *(entry.title for entry in projects.listed(studio)))
"""


def test_web_processes_that_start_at_once_make_one_schema_and_one_person(
    settings: Settings, postgres: Postgres
) -> None:
    with stage(settings) as alone:
        alone.project("Lying there")
    variables = {
        **os.environ,  # noqa: TID251 - handed on
        "STUDIO_WORKSPACES": str(settings.workspaces),
        "STUDIO_DATABASE_URL": postgres.database(),
    }
    starting = [
        subprocess.Popen([sys.executable, "-c", START], cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = {process.communicate(timeout=100)[0] for process in starting}
    assert len(said) == 1
    assert said.pop().endswith(" Lying there\n")


def test_a_commit_and_progress_are_heard_by_the_other_process_also_after_the_database_was_away(
    settings: Settings,
) -> None:
    own = Postgres()
    heard: list[str] = []
    stop = threading.Event()
    url = own.database()
    listener = threading.Thread(target=wakes.listen, args=(url, heard.append, stop), daemon=True)

    def until(wanted: Callable[[], bool]) -> None:
        for _ in range(600):
            if wanted():
                return
            stop.wait(0.05)
        raise AssertionError(heard)

    try:
        listener.start()
        until(lambda: heard == [""])
        with stage(settings.model_copy(update={"database_url": url})) as here:
            project = here.project()
            until(lambda: len(heard) >= 3)  # the person, the project
            assert set(heard) == {""}
            news = Passing(project_id=project, task_id="t", node_id="n", progress=50, step="Håll ut")
            here.studio.index.pass_on(news.model_dump_json())
            until(lambda: heard[-1] != "")
            assert Passing.model_validate_json(heard[-1]) == news
            own.stop()
            own.start()
            heard.clear()
            until(lambda: heard == [""])
            here.apply(project, shot("n_1"))
            until(lambda: len(heard) > 1)
    finally:
        stop.set()
        listener.join(10)
        own.close()


def test_a_database_that_is_away_is_said_in_words(settings: Settings) -> None:
    with pytest.raises(StudioError) as away:
        migrate("postgresql+psycopg://studio@127.0.0.1:1/studio")
    assert away.value.code is Code.DEPENDENCY_MISSING
    assert "STUDIO_DATABASE_URL" in away.value.message
