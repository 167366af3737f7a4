"""A script page becomes a film in one press: drawn, spoken, captioned and cut, played from the dialog."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests import longscript, stage
from tests.e2e.board import TAKE_S, Board

PAGE = """EXT. HARBOUR - NIGHT

Wide. JANE, a young woman in a red coat, waits. Fog.

INT. KITCHEN - DAY

JANE
You came back.
"""


@pytest.mark.timeout(420)
def test_a_script_page_becomes_a_film(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Pages", "low")
    page.get_by_role("button", name="Script to film").click()
    dialog = page.get_by_role("dialog", name="Script to film")
    expect(dialog.get_by_role("button", name="Make the film")).to_be_disabled()
    dialog.get_by_label("Script").fill(PAGE)
    expect(dialog.get_by_text("2 scenes, 2 shots, 1 line")).to_be_visible(timeout=30_000)
    dialog.get_by_role("button", name="Make the film").click()
    expect(dialog.get_by_test_id("script-film")).to_be_visible(timeout=30_000)
    play = dialog.get_by_role("button", name="Play the film")
    expect(play).to_be_enabled(timeout=4 * TAKE_S)
    play.click()
    expect(page.locator("video")).to_be_visible(timeout=30_000)
    expect(page.locator("video")).to_have_js_property("ended", False)

    # the board is this person's doing, though the studio did it: it goes and comes back whole
    page.keyboard.press("Escape")
    expect(page.locator("video")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    cards = page.locator(".svelte-flow__node[data-id]")
    expect(cards.first).to_be_visible()
    page.get_by_role("button", name="Undo: Script to film").click()
    expect(cards).to_have_count(0, timeout=30_000)
    page.get_by_role("button", name="Redo: Script to film").click()
    expect(cards.first).to_be_visible(timeout=30_000)


ARABIC = "مشهد 1 - داخلي - المطبخ - ليل\n\nأحمد: لماذا لا تذهبين معي؟\n"


def test_what_is_no_script_is_said_and_cards_are_made_without_a_film(
    page: Page, studio: stage.Studio, watch: stage.Watch, tmp_path: Path
) -> None:
    watch.expect("422")
    board = Board(page, studio)
    board.new_project("Pages of all kinds", "low")
    page.get_by_role("button", name="Script to film").click()
    dialog = page.get_by_role("dialog", name="Script to film")
    files = {
        "empty.fountain": (b"\n", "“empty.fountain” is empty"),
        "script.pdf": (b"%PDF-1.7", "is a PDF or a word processor's file"),
        "title.fountain": (b"Title: The Long Night\n", "after the title page of “The Long Night”"),
        "arabic.txt": (ARABIC.encode("utf-16"), "in Arabic, and no voice for it is installed"),
    }
    for name, (content, told) in files.items():
        (tmp_path / name).write_bytes(content)
        dialog.locator("input[type=file]").set_input_files(tmp_path / name)
        expect(dialog.get_by_text(told)).to_be_visible(timeout=30_000)
        expect(dialog.get_by_role("button", name="Make the film")).to_be_enabled(enabled=name == "arabic.txt")
    dialog.get_by_role("button", name="Make the cards").click()
    expect(dialog).to_have_count(0)
    cards = page.locator(".svelte-flow__node[data-id]")
    expect(cards.first).to_be_visible()
    state = httpx.get(f"{studio.url}/api/v1/projects/{board.project}").json()
    assert sorted(node["type"] for node in state["graph"]["nodes"].values()) == [
        "assembler",
        "dialogue",
        "scene",
        "shot",
    ]
    assert not any(state["takes"].values())
    page.get_by_role("button", name="Undo: Make cards from a script").click()
    expect(cards).to_have_count(0)


def test_three_hundred_pages_in_the_browser(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    board = Board(page, studio)
    board.new_project("Three hundred pages", "low")
    page.get_by_role("button", name="Script to film").click()
    dialog = page.get_by_role("dialog", name="Script to film")
    (tmp_path / "long.fountain").write_text(longscript.fountain())
    dialog.locator("input[type=file]").set_input_files(tmp_path / "long.fountain")
    expect(dialog.get_by_text("350 scenes, 1,937 shots, 4,000 lines, about 4 h 27 min")).to_be_visible(timeout=30_000)
    expect(dialog.get_by_text("are many to draw in one go")).to_be_visible()
    dialog.get_by_role("button", name="Make the cards").click()
    expect(dialog).to_have_count(0, timeout=30_000)
    page.get_by_role("button", name="Undo: Make cards from a script").click(timeout=30_000)
    page.get_by_role("button", name="Redo: Make cards from a script").click(timeout=30_000)
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved", timeout=60_000)
    nodes = httpx.get(f"{studio.url}/api/v1/projects/{board.project}", timeout=30).json()["graph"]["nodes"]
    assert len(nodes) == 350 + 1937 + 4000 + 1
    page.keyboard.press("Control+k")
    page.keyboard.type("open the cut")
    page.get_by_role("option", name=re.compile("^Open the cut")).click()
    expect(page.get_by_role("dialog").get_by_text("1937 shots · 04:27:00:12")).to_be_visible(timeout=30_000)
