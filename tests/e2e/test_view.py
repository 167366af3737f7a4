"""How the board is looked at: zoom, what a card shows from afar, and where new cards go."""

import re

from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import Board


def percent(page: Page) -> int:
    name = page.get_by_role("toolbar").get_by_role("button", name=re.compile(r"\d+ %"))
    return int(re.sub(r"\D", "", name.inner_text()))


def test_zooming_and_what_is_seen_from_afar(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Zoom", "low")
    shot = board.add("Shot")
    start = percent(page)
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(400)
    assert percent(page) > start
    for _ in range(7):
        page.get_by_role("button", name="Zoom out").click()
        page.wait_for_timeout(250)
    assert percent(page) < 34
    expect(shot).to_have_count(0)
    expect(page.get_by_role("img", name="The board from afar: 1 card")).to_be_visible()
    board.fit()
    board.write(shot, "seen from near again")


def test_a_tile_says_what_can_be_read_at_half_the_size(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Tiles", "low")
    shot = board.add("Shot")
    board.write(shot, "Fog over the harbour")
    for _ in range(3):
        page.get_by_role("button", name="Zoom out").click()
        page.wait_for_timeout(250)
    expect(shot.get_by_role("textbox")).to_have_count(0)
    for words in ("010", "No take yet", "Fog over the harbour"):
        told = shot.get_by_text(words, exact=True).and_(page.locator(":visible"))
        expect(told).to_have_count(1)
        height = told.evaluate("(it) => parseFloat(getComputedStyle(it).fontSize)")
        assert height * percent(page) / 100 >= 10


def test_new_cards_stand_as_a_film_is_read(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("In order", "low")
    cards = [board.add(title) for title in ("Shot", "Asset", "Shot", "Assembler")]
    board.fit()
    boxes = [box for card in cards if (box := card.bounding_box())]
    first, asset, second, cut = [box["x"] for box in boxes]
    assert asset < first < second < cut
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 1280 for box in boxes)


def test_a_pan_moves_one_layer_and_leaves_fields_alone(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Pan", "low")
    shot = board.add("Shot")
    ground, view = page.locator("[data-board]"), page.locator(".svelte-flow__viewport")
    field = shot.get_by_role("textbox", name="Prompt").bounding_box()
    assert field
    before = shot.bounding_box()
    assert before
    x, y = field["x"] + field["width"] / 2, field["y"] + field["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down(button="middle")
    page.mouse.move(x + 60, y + 40, steps=4)
    expect(ground).to_have_attribute("data-panning", "hand")
    expect(view).to_have_css("will-change", "transform")
    page.mouse.up(button="middle")
    expect(ground).not_to_have_attribute("data-panning", re.compile("."))
    expect(view).to_have_css("will-change", "auto")
    expect(shot.get_by_role("textbox", name="Prompt")).not_to_be_focused()
    after = shot.bounding_box()
    assert after
    assert abs(after["x"] - before["x"] - 60) < 2
    assert abs(after["y"] - before["y"] - 40) < 2

    # A zoom is drawn sharp in every frame: no layer then.
    page.mouse.wheel(0, -120)
    expect(ground).not_to_have_attribute("data-panning", re.compile("."))
    board.write(shot, "can be written in as before")
