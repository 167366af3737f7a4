"""Somebody pushes a canvas that meets edits on the board: it is told, seen side by side, and decided by a person."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import Board
from tests.e2e.test_together import prompt
from tests.integration.desks import Desk

CANVAS = "02_Source_Creative/Canvases/main_canvas.json"


def meet(page: Page, studio: stage.Studio, home: Path) -> Board:
    """Change two prompts on the board and by a clone, and push; the page is told."""
    board = Board(page, studio)
    board.new_project("Two hands", "low")
    first = board.add("Shot")
    board.write(first, "a pier at dawn")
    board.saved()
    api = f"{studio.url}/api/v1/projects/{board.project}"
    assert page.request.post(f"{api}/versions", data={"name": "Rough cut"}).ok
    desk = Desk(home, studio.url, "")
    film = desk.clone(board.project)
    board.write(first, "a pier at night, rain on the planks, one lamp")
    board.saved()
    pushed = json.loads((film / CANVAS).read_text())
    (shot,) = [one for one in pushed["nodes"].values() if one["type"] == "shot"]
    shot["data"]["prompt"] = "a pier in fog, nobody there yet"
    desk.commit(film, {CANVAS: json.dumps(pushed).encode()})
    desk.push(film)
    return board


def test_what_was_pushed_and_what_the_board_had_is_decided_by_a_person(
    page: Page, studio: stage.Studio, tmp_path: Path
) -> None:
    meet(page, studio, tmp_path / "desk")
    expect(prompt(page)).to_have_value("a pier in fog, nobody there yet")
    page.get_by_role("button", name="Look", exact=True).click()
    dialog = page.get_by_role("dialog", name="Changed here and outside")
    group = dialog.get_by_role("group", name=re.compile("Prompt"))
    three = group.get_by_role("radio")
    expect(three).to_have_count(3)
    for words in ("a pier at dawn", "a pier at night, rain on the planks, one lamp", "a pier in fog, nobody there yet"):
        expect(group).to_contain_text(words)
    expect(three.nth(2)).to_be_checked()
    expect(dialog.get_by_role("button", name="Change the board")).to_be_disabled()
    three.nth(1).press("Space")
    dialog.get_by_role("button", name="Change the board").click()
    expect(dialog).to_have_count(0)
    expect(prompt(page)).to_have_value("a pier at night, rain on the planks, one lamp")

    # One step of undo, and it can be looked at again from the panel of versions.
    page.locator("[data-board]").focus()
    page.keyboard.press("Control+z")
    expect(prompt(page)).to_have_value("a pier in fog, nobody there yet")
    page.reload()
    expect(prompt(page)).to_be_visible()
    page.locator("[data-board]").focus()
    page.keyboard.press("Control+Alt+v")
    page.get_by_test_id("contested").get_by_role("button", name=re.compile("Look at what met: Pushed by")).click()
    expect(page.get_by_role("dialog", name="Changed here and outside")).to_contain_text("a pier at dawn")
