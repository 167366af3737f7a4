"""A still is drawn from words on a card of its own, looked at, and wired into the shot that moves over it."""

import re

from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board


def test_a_still_is_drawn_seen_and_given_to_a_shot(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Boards", quality="Low")
    still = board.add("Still")
    board.write(still, "EXT. HARBOUR - DUSK. A woman in a red coat waits at the pier.")
    still.get_by_role("button", name="Draw").click()
    board.has_take(still, 1, 1)

    still.click(position={"x": 60, "y": 14})
    page.keyboard.press("i")
    picture = page.get_by_role("complementary").get_by_role("img", name=re.compile("F010_v01_take01")).first
    expect(picture).to_be_visible(timeout=TAKE_S)
    expect(page.get_by_text("cannot be played")).to_have_count(0)
    page.keyboard.press("i")

    shot = board.add("Shot")
    board.fit()
    board.join(still, "Picture", shot, "Still")
    board.saved()
    board.write(shot, "She waits")
    board.generate(shot)
    board.has_take(shot, 1, 1)
