"""How the board is looked at: zoom, what a card shows from afar, and where new cards go."""

import re
from collections.abc import Callable
from threading import Event
from typing import Any

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


def painted(page: Page, gesture: Callable[[], None]) -> list[str]:
    """Return the names of what Chromium painted anew meanwhile."""
    line = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    ended = Event()
    line.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    line.on("Tracing.tracingComplete", lambda _: ended.set())
    line.send("Tracing.start", {"traceConfig": {"includedCategories": ["devtools.timeline"]}})
    gesture()
    line.send("Tracing.end")
    while not ended.is_set():
        page.wait_for_timeout(20)
    line.detach()
    return [str(event["args"]["data"].get("nodeName", "")) for event in events if event["name"] == "Paint"]


def test_a_pan_paints_no_card_anew(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Still cards", "low")
    for _ in range(3):
        board.add("Shot")
    board.fit()
    page.mouse.move(640, 700)
    page.mouse.down(button="middle")
    page.mouse.move(650, 700, steps=5)

    def pan() -> None:
        for step in range(40):
            page.mouse.move(650 + step, 700 - step / 2)
            page.wait_for_timeout(20)

    paints = [name for name in painted(page, pan) if "svelte-flow__viewport" in name]
    page.mouse.up(button="middle")
    assert len(paints) < 10, "it was painted in nearly each of 40 steps"


def test_what_is_drawn_over_the_page_marks_no_text(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Nothing marked", "low")
    shot = board.add("Shot")
    board.fit()
    expect(page.locator("[data-board]")).to_have_attribute("data-fingers", "")
    label = shot.locator("label", has_text="Length").bounding_box()
    assert label
    page.mouse.move(label["x"] + 5, label["y"] + 5)
    page.mouse.down()
    page.mouse.move(1200, 600, steps=8)
    assert page.evaluate("getSelection().toString()") == ""
    page.mouse.up()
    shot.get_by_role("textbox", name="Prompt").fill("still to be marked")
    shot.get_by_role("textbox", name="Prompt").dblclick(position={"x": 20, "y": 14})
    assert page.evaluate("getSelection().toString()").strip() == "still"


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
