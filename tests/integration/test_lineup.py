"""The queue as pages hear of it: told once for many changes, and again when only time has passed."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from studio_server.actions import generate, queue
from studio_server.actions.rooms import Rooms
from studio_server.loops import lineup as loop
from studio_server.loops.lineup import Lineup
from studio_server.settings import Settings
from tests.integration.studios import Stage, shot, stage


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


async def until(true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


def test_who_looks_is_told_once_for_many_changes_and_again_when_time_passes(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LOOK_EVERY", 0.3)
    project, unseen = here.project(), here.project("Unseen")
    here.apply(project, *(shot(f"n_{number}") for number in range(5)))
    rooms = Rooms()
    rooms.enter(project, 0)
    told: list[tuple[str, dict[str, Any]]] = []

    async def tell(room: str, news: dict[str, object]) -> None:
        told.append((room, news))

    async def story() -> None:
        lineup = Lineup(here.studio, rooms, tell)
        running = asyncio.create_task(lineup.run())
        tasks = []
        for number in range(5):
            tasks.append(str(generate.generate(here.studio, project, f"n_{number}").job_id))
            lineup.note({project, unseen})
        await until(lambda: bool(told))
        assert [(room, news["order"]) for room, news in told] == [(project, tasks)]
        queue.move_task(here.studio, project, tasks[4], tasks[0])
        lineup.note({project})
        await until(lambda: told[-1][1]["order"] == [tasks[4], *tasks[:4]])
        here.claim(tasks[0])
        here.worker()
        # Nobody said anything: the claim is seen all the same.
        await until(lambda: tasks[4] not in told[-1][1]["order"])
        estimate = told[-1][1]["estimates"][tasks[4]]
        assert (estimate["starts_in_s"], estimate["takes_s"], estimate["guess"]) == (0.0, 2.0, True)
        assert {room for room, _ in told} == {project}
        running.cancel()

    asyncio.run(story())


def test_a_queue_that_was_there_before_the_page_is_kept_up_to_date(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LOOK_EVERY", 0.1)
    project = here.project()
    here.apply(project, shot("n_1"))
    task = str(generate.generate(here.studio, project, "n_1").job_id)
    rooms = Rooms()
    rooms.enter(project, 0)
    told: list[dict[str, Any]] = []

    async def tell(_room: str, news: dict[str, object]) -> None:
        told.append(news)

    async def story() -> None:
        running = asyncio.create_task(Lineup(here.studio, rooms, tell).run())
        await until(lambda: bool(told))
        await asyncio.sleep(0.5)
        running.cancel()

    asyncio.run(story())
    assert [news["order"] for news in told] == [[task]]
