"""Scenes on the board: made, filled, collapsed, linked, run, taken apart, and taken back step by step."""

import re

import httpx
from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board


def send(board: Board, *operations: dict[str, object]) -> None:
    """Change the board as another person's page would."""
    answer = httpx.post(
        f"{board.studio.url}/api/v1/projects/{board.project}/operations",
        json={"operations": list(operations), "label": "Set up"},
    )
    assert answer.is_success, answer.text
    expect(board.page.locator(".svelte-flow__node").first).to_be_visible()


def node(name: str, kind: str, x: int, y: int, **data: object) -> dict[str, object]:
    return {"op": "node.add", "node": {"id": name, "type": kind, "x": x, "y": y, "parent": None, "data": data}}


def wire(source: str, output: str, target: str, into: str) -> dict[str, object]:
    ends = {"source": source, "source_handle": output, "target": target, "target_handle": into}
    return {"op": "edge.add", "edge": {"id": f"{source}.{output}>{target}.{into}", **ends}}


def graph(board: Board) -> dict[str, dict[str, dict[str, object]]]:
    board.saved()
    answer = httpx.get(f"{board.studio.url}/api/v1/projects/{board.project}")
    found: dict[str, dict[str, dict[str, object]]] = answer.json()["graph"]
    return found


def card(page: Page, name: str) -> Locator:
    return page.locator(f'.svelte-flow__node[data-id="{name}"]')


def drag(page: Page, grip: Locator, across: int, down: int) -> None:
    box = grip.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across / 2, y + down / 2, steps=4)
    page.mouse.move(x + across, y + down, steps=4)
    page.mouse.up()


def press(page: Page, keys: str) -> None:
    page.locator("[data-board]").focus()
    page.keyboard.press(keys)


def clean(page: Page) -> None:
    """Look for what axe finds, in the dark and in the light."""
    page.evaluate((stage.ROOT / "studio_web/node_modules/axe-core/axe.min.js").read_text())
    for theme in ("dark", "light"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.wait_for_timeout(300)
        found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
        assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found] == [], theme


def test_a_scene_is_made_filled_collapsed_and_taken_back(page: Page, studio: stage.Studio) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    board = Board(page, studio)
    board.new_project("Scenes")
    send(
        board,
        node("a", "shot", 0, 0, scene="01", code="010", prompt="Fog"),
        node("b", "shot", 330, 0, scene="01", code="020", prompt="A lamp"),
        node("c", "shot", 900, 0, scene="05", code="010", prompt="Rain"),
        node("film", "assembler", 1300, 0),
        wire("a", "video", "film", "clips"),
        wire("b", "video", "film", "clips"),
        wire("c", "video", "film", "clips"),
    )
    board.fit()
    before = graph(board)

    # group
    card(page, "a").locator("header").click()
    card(page, "b").locator("header").click(modifiers=["Shift"])
    expect(page.get_by_role("toolbar", name="Arrange the selection")).to_be_visible()
    press(page, "Control+g")
    frame = page.get_by_test_id("scene-frame")
    expect(frame).to_have_count(1)
    expect(frame).to_contain_text("Scene 01")
    clean(page)
    made = graph(board)["nodes"]
    scene = next(name for name, one in made.items() if one["type"] == "scene")
    assert {name for name, one in made.items() if one["parent"] == scene} == {"a", "b"}

    # drag a card in: it takes the scene's number, and the next free code in it
    page.locator("[data-board]").click(position={"x": 300, "y": 900})
    target, moving = frame.bounding_box(), card(page, "c").bounding_box()
    assert target
    assert moving
    across = target["x"] + target["width"] / 2 - moving["x"] - moving["width"] / 2
    drag(page, card(page, "c").locator("header"), round(across), 4)
    expect(card(page, "c")).to_contain_text("030")
    inside = graph(board)["nodes"]["c"]
    assert inside["parent"] == scene
    assert inside["data"] == {"scene": "01", "code": "030", "prompt": "Rain"}

    # collapse: one card with the sockets that cross its border; the viewer's own, also after a reload
    board.fit()
    page.get_by_role("button", name="Collapse Scene 01").click()
    small = page.get_by_test_id("scene-card")
    expect(small).to_contain_text("3 shots")
    expect(page.get_by_label(re.compile("^030 Take output"))).to_be_visible()
    expect(card(page, "a")).to_have_count(0)
    expect(page.locator("[data-wire]")).to_have_count(3)
    clean(page)
    page.reload()
    expect(small).to_be_visible()
    page.get_by_role("button", name="Expand Scene 01").click()
    expect(card(page, "a")).to_be_visible()

    # take the frame away, then everything back
    board.fit()
    frame.locator("header").click(position={"x": 120, "y": 12})
    press(page, "Control+Shift+g")
    expect(frame).to_have_count(0)
    expect(card(page, "a")).to_be_visible()
    for _ in range(3):
        press(page, "Control+z")
        board.saved()
    assert graph(board) == before


def test_linked_scenes_follow_each_other(page: Page, studio: stage.Studio) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    board = Board(page, studio)
    board.new_project("Linked")
    send(board, node("a", "shot", 0, 0, scene="01", code="010", prompt="Fog"))
    board.fit()
    card(page, "a").locator("header").click()
    press(page, "Control+g")
    board.fit()
    page.get_by_role("button", name=re.compile("Scene 01.*: menu")).click()
    page.get_by_role("menuitem", name="Duplicate as linked scene").click()
    expect(page.get_by_test_id("linked-badge")).to_have_count(2)
    prompts = page.get_by_role("article").get_by_role("textbox", name="Prompt")
    expect(prompts).to_have_count(2)
    prompts.first.fill("Fog lifts")
    page.keyboard.press("Escape")
    expect(prompts.nth(1)).to_have_value("Fog lifts")
    prompts.nth(1).fill("Fog comes back")
    page.keyboard.press("Escape")
    expect(prompts.first).to_have_value("Fog comes back")

    # one goes its own way
    page.get_by_role("button", name=re.compile("Scene 01.*: menu")).click()
    page.get_by_role("menuitem", name="Unlink the scene").click()
    expect(page.get_by_test_id("linked-badge")).to_have_count(0)
    prompts.first.fill("Night")
    page.keyboard.press("Escape")
    board.saved()
    expect(prompts.nth(1)).to_have_value("Fog comes back")


def test_a_scene_runs_in_the_order_of_its_wires(page: Page, studio: stage.Studio) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    board = Board(page, studio)
    board.new_project("Run", "low|draft")
    send(
        board,
        node("a", "shot", 0, 0, scene="01", code="010", prompt="Fog", seconds=1),
        node("u", "upscale", 340, 0),
        node("m", "shot", 680, 0, scene="01", code="020", prompt="Not now", muted=True),
        wire("a", "video", "u", "clip"),
    )
    board.fit()
    press(page, "Control+a")
    press(page, "Control+g")
    expect(page.get_by_role("button", name=re.compile("Scene 01.*: menu"))).to_be_visible()
    press(page, "Control+Shift+Enter")
    board.has_take(card(page, "a"), 1, 1)
    expect(card(page, "u").get_by_test_id("take-name")).to_be_visible(timeout=TAKE_S)
    expect(card(page, "m").get_by_test_id("take-name")).to_have_count(0)
    expect(card(page, "m").get_by_role("img", name="Muted: it gives nothing")).to_be_visible()


def chain(board: Board, title: str) -> None:
    """Bring a shot and a card that needs its take into a scene, and run it while the queue is held."""
    board.new_project(title, "low|draft")
    send(
        board,
        node("a", "shot", 0, 0, scene="01", code="010", prompt="Fog", seconds=1),
        node("u", "upscale", 340, 0),
        wire("a", "video", "u", "clip"),
    )
    board.page.get_by_role("button", name=re.compile("^Queue")).click()
    board.page.get_by_role("button", name="Hold the queue").click()
    expect(board.page.get_by_role("button", name="Let it go on")).to_be_visible()
    board.fit()
    press(board.page, "Control+a")
    press(board.page, "Control+g")
    expect(board.page.get_by_role("button", name=re.compile("Scene 01.*: menu"))).to_be_visible()
    press(board.page, "Control+Shift+Enter")
    expect(card(board.page, "a").get_by_test_id("run-state")).to_be_visible()
    expect(board.page.get_by_text("starts when what feeds it is there").first).to_be_visible()


def test_a_scene_that_runs_goes_on_when_the_page_is_closed(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    chain(board, "Run on")
    address = page.url
    page.close()
    again = page.context.new_page()
    again.goto(address)
    expect(card(again, "u").get_by_test_id("run-state")).to_be_visible()
    again.get_by_role("button", name="Let it go on").click()
    expect(card(again, "u").get_by_test_id("take-name")).to_be_visible(timeout=TAKE_S)


def test_cards_are_lined_up_tidied_and_pinned(page: Page, studio: stage.Studio) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    board = Board(page, studio)
    board.new_project("Tidy")
    send(
        board,
        node("t", "text", 900, 500, value="rain"),
        node("a", "shot", 0, 40, scene="01", code="010"),
        node("b", "shot", 420, 0, scene="01", code="020"),
        node("film", "assembler", -600, 300),
        wire("t", "value", "a", "prompt"),
        wire("a", "video", "film", "clips"),
        wire("b", "video", "film", "clips"),
    )
    board.fit()
    card(page, "a").locator("header").click()
    card(page, "b").locator("header").click(modifiers=["Shift"])
    page.get_by_role("button", name="Align top edges").click()
    after = graph(board)["nodes"]
    assert after["a"]["y"] == after["b"]["y"] == 0

    card(page, "film").locator("header").click()
    press(page, "p")
    expect(card(page, "film").get_by_role("img", name="Pinned to its place")).to_be_visible()
    page.locator("[data-board]").click(position={"x": 40, "y": 900})
    press(page, "Control+Shift+l")
    expect(page.get_by_role("region", name="Notices").get_by_text("Board tidied")).to_be_visible()
    tidy = graph(board)["nodes"]
    assert (tidy["film"]["x"], tidy["film"]["y"]) == (-600, 300)
    assert float(str(tidy["t"]["x"])) < float(str(tidy["a"]["x"]))
    press(page, "Control+z")
    assert graph(board)["nodes"]["t"]["x"] == 900


def test_a_card_that_a_closed_scene_hides_is_shown_and_what_lies_in_its_place_goes_aside(
    page: Page, studio: stage.Studio
) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    board = Board(page, studio)
    board.new_project("Hidden")
    send(
        board,
        node("s", "scene", 0, 0, scene="01", width=760, height=760),
        node("a", "shot", 40, 80, scene="01", code="010", prompt="Fog"),
        node("b", "shot", 400, 80, scene="01", code="020", prompt="Rain"),
        *({"op": "node.move", "id": name, "x": x, "y": 80, "parent": "s"} for name, x in (("a", 40), ("b", 400))),
    )
    board.fit()
    page.get_by_role("button", name="Collapse Scene 01").click()
    expect(page.get_by_test_id("scene-card")).to_be_visible()
    send(board, node("n", "note", 420, 200, text="In the way"))
    expect(card(page, "n")).to_be_visible()
    page.locator("[data-board]").focus()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill("020")
    page.get_by_role("option", name=re.compile("Shot 020")).click()
    expect(card(page, "b")).to_be_in_viewport()
    expect(page.get_by_text("1 card moved aside").first).to_be_attached()
    board.saved()
    note = graph(board)["nodes"]["n"]
    assert not (0 <= note["x"] < 760 and 0 <= note["y"] < 760)
