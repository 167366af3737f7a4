"""A script page becomes a film in one press: drawn, spoken, captioned and cut, played from the dialog."""

import pytest
from playwright.sync_api import Page, expect

from tests import stage
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
