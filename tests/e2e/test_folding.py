"""Inputs that a card keeps folded, wires let go on a card, and a click on one of several chosen cards."""

import re

import httpx
from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import Board
from tests.e2e.test_hand import centre, ends, socket
from tests.e2e.test_wires import at, card, opened, wire

ASSET = {"id": "img", "type": "asset", "x": -340, "y": 0, "parent": None, "data": {"kind": "image", "name": "harbour"}}


def sockets(shot: Locator) -> Locator:
    return shot.get_by_label(re.compile(" input, "))


def more(shot: Locator) -> Locator:
    return shot.get_by_role("button", name=re.compile("more inputs$"))


def carry(page: Page, start: str, to: tuple[float, float]) -> None:
    """Take a new wire from a socket to a place on the screen, and hold it there."""
    page.mouse.move(*centre(page, start))
    page.mouse.down()
    page.mouse.move(to[0] - 30, to[1] - 20, steps=4)
    page.mouse.move(*to, steps=4)
    expect(page.locator("[data-board].wiring")).to_have_count(1)


def on_more(shot: Locator) -> tuple[float, float]:
    box = more(shot).bounding_box()
    assert box
    assert box["height"] >= 24
    return box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2


def laid(page: Page, studio: stage.Studio) -> Board:
    board = opened(
        page,
        studio,
        {"op": "node.add", "node": ASSET},
        card("s", "shot", 0, 0, prompt="Fog"),
        card("t", "shot", 340, 0, prompt="Rain"),
    )
    expect(more(at(board, "t"))).to_be_visible()
    page.keyboard.press("Shift+0")
    expect(page.get_by_text("100 %")).to_be_visible()
    return board


def test_a_card_folds_the_inputs_that_nobody_uses(page: Page, studio: stage.Studio) -> None:
    board = laid(page, studio)
    shot = at(board, "s")
    expect(sockets(shot)).to_have_count(2)
    expect(more(shot)).to_have_text("8 more inputs")
    board.show_inputs(shot)
    expect(sockets(shot)).to_have_count(10)
    expect(sockets(at(board, "t"))).to_have_count(2)
    page.reload()
    expect(sockets(shot)).to_have_count(10)  # each person's own, as what they see of scenes
    shot.get_by_role("button", name="Fewer inputs").click()
    expect(sockets(shot)).to_have_count(2)

    # all that are chosen, by the palette
    for id_ in ("s", "t"):
        at(board, id_).locator("header").click(modifiers=[] if id_ == "s" else ["Shift"])
    expect(page.locator(".svelte-flow__node.selected")).to_have_count(2)
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands, cards and takes")
    palette.get_by_role("combobox").fill("show all inputs")
    palette.get_by_role("option", name="Show all inputs").click()
    for id_ in ("s", "t"):
        expect(sockets(at(board, id_))).to_have_count(10)
    at(board, "s").locator("header").click(button="right")
    page.get_by_role("menuitem", name="Fold inputs").click()
    for id_ in ("s", "t"):
        expect(sockets(at(board, id_))).to_have_count(2)
    assert ends(board) == set()


def test_a_wire_finds_a_folded_input(page: Page, studio: stage.Studio) -> None:
    board = laid(page, studio)
    shot = at(board, "s")
    media = socket("img", "media")

    # on the row that stands for them: two fit equally well, so it asks
    carry(page, media, on_more(shot))
    expect(more(shot)).to_have_attribute("data-fit", "yes")
    page.mouse.up()
    asked = page.get_by_role("menu", name="Into which input?")
    asked.get_by_role("menuitem", name="Poses").click()
    expect(board.wires()).to_have_count(1)
    expect(sockets(shot)).to_have_count(3)
    assert ends(board) == {"img.media>s.poses"}

    # taken back, its row is folded again, and no wire is left
    page.keyboard.press("Control+z")
    expect(board.wires()).to_have_count(0)
    expect(sockets(shot)).to_have_count(2)
    page.keyboard.press("Control+Shift+z")
    expect(sockets(shot)).to_have_count(3)
    expect(page.locator('[data-wire="img.media>s.poses"]')).to_have_attribute("data-broken", "false")

    # a reference fits Character and Style, neither of them in sight
    carry(page, socket("img", "reference"), centre(page, '[data-id="t"] header .timecode'))
    page.mouse.up()
    asked.get_by_role("menuitem", name="Style").click()
    expect(board.wires()).to_have_count(2)

    # on the card itself, an input in sight goes first, and the only one that fits takes it without asking
    carry(page, media, centre(page, '[data-id="t"] header .timecode'))
    page.mouse.up()
    expect(board.wires()).to_have_count(3)
    carry(page, socket("s", "video"), on_more(at(board, "t")))
    page.mouse.up()
    expect(board.wires()).to_have_count(4)
    assert ends(board) == {"img.media>s.poses", "img.reference>t.style", "img.media>t.still", "s.video>t.motion"}


def test_a_click_on_one_of_several_means_that_one(page: Page, studio: stage.Studio) -> None:
    board = laid(page, studio)
    chosen = page.locator(".svelte-flow__node.selected")
    heads = {id_: at(board, id_).locator("header") for id_ in ("s", "t")}
    heads["s"].click()
    heads["t"].click(modifiers=["Shift"])
    expect(chosen).to_have_count(2)

    # a drag still carries all
    before = [heads[id_].bounding_box() for id_ in ("s", "t")]
    assert all(before)
    x, y = centre(page, '[data-id="t"] header')
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 200, steps=6)
    page.mouse.up()
    board.saved()
    expect(chosen).to_have_count(2)
    nodes = httpx.get(f"{studio.url}/api/v1/projects/{board.project}").json()["graph"]["nodes"]
    assert nodes["s"]["y"] > 150
    assert nodes["s"]["y"] == nodes["t"]["y"]

    # a field of one of them is no click on the card
    at(board, "t").get_by_role("textbox", name="Prompt").click()
    expect(chosen).to_have_count(2)
    heads["t"].click()
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_attribute("data-id", "t")


def test_a_field_says_that_a_wire_sets_it_only_where_one_does(page: Page, studio: stage.Studio) -> None:
    hidden = "words.value>s.move"
    board = opened(
        page,
        studio,
        card("words", "text", -340, 0, value="tilt-up"),
        card("s", "shot", 0, 0, prompt="Fog", exposed=["move"]),
        wire(hidden),
    )
    shot = at(board, "s")
    expect(shot).to_contain_text("From the wire")
    at(board, "words").locator("header svg").first.click()
    page.keyboard.press("Control+m")  # muted, it gives nothing
    expect(shot.get_by_label("Camera move", exact=True)).to_be_visible()
    expect(shot).not_to_contain_text("From the wire")
    page.keyboard.press("Control+m")
    expect(shot).to_contain_text("From the wire")
    # a colleague makes the socket a field again and leaves the wire: it carries nothing
    told = {"operations": [{"op": "node.set", "id": "s", "name": "exposed", "value": None}]}
    httpx.post(f"{studio.url}/api/v1/projects/{board.project}/operations", json=told).raise_for_status()
    expect(shot.get_by_label("Camera move", exact=True)).to_be_visible()
    expect(shot).not_to_contain_text("From the wire")
    expect(page.locator(f'[data-wire="{hidden}"]')).to_have_attribute("data-broken", "true")
