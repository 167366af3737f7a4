"""The machines in the queue panel: one is paused and goes on, everything is; who did it is said, and nothing starts."""

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board


def test_a_machine_and_everything_are_paused_and_go_on(page: Page, own_studio: Callable[..., stage.Studio]) -> None:
    studio = own_studio()
    studio.start()
    board = Board(page, studio)
    board.new_project("Paused", "low|draft")
    shot = board.add("Shot")
    board.write(shot, "Fog over the harbour")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Queue")).first.click()
    machines = page.get_by_test_id("machines")
    expect(machines.get_by_text("Free")).to_be_visible(timeout=TAKE_S)
    machines.get_by_role("button", name=re.compile("^Pause after what it is at")).click()
    expect(machines.get_by_text("Paused by You")).to_be_visible()
    machines.get_by_role("button", name=re.compile("^Let it go on")).click()
    expect(machines.get_by_text("Free")).to_be_visible()
    machines.get_by_role("button", name="Pause everything").click()
    expect(machines.get_by_text("You paused everything.")).to_be_visible()
    board.generate(shot)
    expect(shot.get_by_test_id("run-state")).to_contain_text("Queued")
    tasks = httpx.get(f"{studio.url}/api/v1/projects/{board.project}", timeout=30).json()["tasks"]
    assert [task["state"] for task in tasks] == ["queued"]
    machines.get_by_role("button", name="Let everything go on").click()
    board.has_take(shot, 1, 1)
