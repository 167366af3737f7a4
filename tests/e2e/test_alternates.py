"""Another way tried without losing this one: begun, gone back from, compared, merged field by field, put away."""

import re

from playwright.sync_api import Browser, Page, expect

from tests import stage
from tests.e2e.board import Board
from tests.e2e.test_together import another, prompt


def test_an_alternate_is_tried_compared_and_merged(page: Page, browser: Browser, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Alternates", "low")
    shot = board.add("Shot")
    board.write(shot, "a pier at dawn")
    board.saved()
    other = another(browser, page.url)

    # From the palette; everybody who looks is told.
    page.locator("[data-board]").focus()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands, cards and takes")
    palette.get_by_role("combobox").fill("Try an alternate")
    palette.get_by_role("option", name=re.compile("Try an alternate")).first.click()
    dialog = page.get_by_role("dialog", name="Try an alternate")
    dialog.get_by_label("Name").fill("By night")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("alternate")).to_have_text("By night")
    expect(other.get_by_text("“By night” is on the board now").first).to_be_visible()
    board.write(shot, "a pier at night")
    board.add("Assembler")

    # Back by the panel: what was here is as it was, and what is being typed goes with the board it was typed on.
    page.get_by_test_id("alternate").click()
    panel = page.get_by_test_id("alternates")
    shot.get_by_role("textbox", name="Prompt").fill("a pier by moonlight")
    panel.get_by_role("button", name="Put “First board” on the board").click()
    expect(page.get_by_test_id("alternate")).to_have_text("First board")
    expect(prompt(page)).to_have_value("a pier at dawn")
    expect(prompt(other)).to_have_value("a pier at dawn")
    board.write(page.locator(".svelte-flow__node").first, "a pier at dusk")
    board.saved()

    # Compared: what both changed is asked, what only one changed is taken.
    panel.get_by_role("button", name="Compare “By night” with the board").click()
    compare = page.get_by_role("dialog", name=re.compile("“By night” beside the board"))
    both = compare.get_by_test_id("sides-both")
    expect(both.get_by_test_id("side-card")).to_have_count(1)
    expect(both).to_contain_text("a pier at dusk")
    expect(both).to_contain_text("a pier by moonlight")
    expect(compare.get_by_test_id("sides-theirs").get_by_test_id("side-card")).to_have_count(1)
    compare.get_by_role("button", name="Cancel").focus()
    both.get_by_role("group", name=re.compile("Prompt")).get_by_role("radio").nth(1).press("Space")
    expect(compare).to_contain_text("2 differences taken from “By night”")
    compare.get_by_role("button", name="Merge into the board").click()
    expect(compare).to_have_count(0)
    expect(prompt(page)).to_have_value("a pier by moonlight")
    expect(prompt(other)).to_have_value("a pier by moonlight")
    page.get_by_role("button", name="Undo: Merged “By night”").click()
    expect(prompt(page)).to_have_value("a pier at dusk")

    # Put away, and taken back.
    panel.get_by_role("button", name="More for “By night”").click()
    page.get_by_role("menuitem", name="Put away").click()
    expect(panel.get_by_role("button", name="Compare “By night” with the board")).to_have_count(0)
    page.get_by_text("“By night” is put away").first.wait_for()
    panel.get_by_text("Put away (1)").click()
    panel.get_by_role("button", name="Take “By night” back").click()
    expect(panel.get_by_role("button", name="Compare “By night” with the board")).to_be_visible()
    other.context.close()
