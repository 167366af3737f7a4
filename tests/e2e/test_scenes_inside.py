"""What comes into scenes: cards that are added or pasted and files lie in the scene that they are put on."""

from playwright.sync_api import Browser, Locator, Page, expect

from tests import stage
from tests.e2e.board import Board
from tests.e2e.test_scenes import card, graph, node, press, send
from tests.e2e.test_together import another

DROP = """({ x, y, name, data }) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type: 'image/png' }));
  document.elementFromPoint(x, y).dispatchEvent(
    new DragEvent('drop', { dataTransfer: files, clientX: x, clientY: y, bubbles: true, cancelable: true })
  );
}"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def scene(name: str, x: int, y: int, parent: str | None = None, **data: object) -> dict[str, object]:
    made = {"id": name, "type": "scene", "x": x, "y": y, "parent": parent}
    return {"op": "node.add", "node": {**made, "data": {"width": 560, "height": 700, **data}}}


def inside(board: Board, name: str) -> set[str]:
    """Return the cards that lie in a scene, as the studio has them."""
    return {key for key, one in graph(board)["nodes"].items() if one["parent"] == name}


def title(page: Page, name: str) -> Locator:
    return card(page, name).locator("header")


def choose(page: Page, name: str) -> None:
    title(page, name).click(position={"x": 120, "y": 12})
    expect(page.locator(f'.svelte-flow__node.selected[data-id="{name}"]')).to_have_count(1)


def new_card(board: Board, before: set[str]) -> tuple[str, dict[str, object]]:
    """Return the one card that is there now and was not before."""
    nodes = graph(board)["nodes"]
    (made,) = set(nodes) - before
    return made, nodes[made]


def nobody_selected(page: Page) -> None:
    press(page, "Escape")
    expect(page.locator(".svelte-flow__node.selected")).to_have_count(0)


def test_new_cards_go_into_the_scene_they_are_meant_for(page: Page, studio: stage.Studio) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    board = Board(page, studio)
    board.new_project("Inside")
    send(board, scene("s", 0, 0, scene="07"), node("far", "text", 1400, 0))
    board.fit()
    add = page.get_by_role("button", name="Add Shot", exact=True)

    # the selected scene takes the card, and the next one too
    choose(page, "s")
    before = set(graph(board)["nodes"])
    add.click()
    expect(page.get_by_role("article").get_by_role("textbox", name="Prompt")).to_have_count(1)
    first, made = new_card(board, before)
    assert (made["parent"], made["data"]["scene"]) == ("s", "07")  # type: ignore[index]
    add.click()
    expect(page.get_by_role("article").get_by_role("textbox", name="Prompt")).to_have_count(2)
    second, made = new_card(board, before | {first})
    assert made["parent"] == "s"
    frame, shot = (card(page, name).bounding_box() for name in ("s", second))
    assert frame
    assert shot
    assert shot["x"] + shot["width"] < frame["x"] + frame["width"]

    # without a selected scene it lies on the board, clear of the frame
    nobody_selected(page)
    add.click()
    expect(page.get_by_role("article").get_by_role("textbox", name="Prompt")).to_have_count(3)
    _, made = new_card(board, before | {first, second})
    assert made["parent"] is None

    # a double click in the frame adds there
    nobody_selected(page)
    board.fit()
    known = set(graph(board)["nodes"])
    box = card(page, "s").bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_role("combobox", name="Search cards to add").fill("note")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Add a card")).to_have_count(0)
    expect(page.locator(".svelte-flow__node")).to_have_count(len(known) + 1)
    assert new_card(board, known)[1]["parent"] == "s"

    # a collapsed scene takes cards too, and stays selected
    page.get_by_role("button", name="Collapse Scene 07").click()
    folded = page.get_by_test_id("scene-card")
    expect(folded).to_contain_text("2 shots")
    add.click()
    expect(folded).to_contain_text("3 shots")
    expect(page.locator('.svelte-flow__node.selected[data-id="s"]')).to_have_count(1)
    press(page, "Control+z")
    expect(folded).to_contain_text("2 shots")


def test_pasted_cards_and_files_go_into_the_scene_under_the_pointer(page: Page, studio: stage.Studio) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    board = Board(page, studio)
    board.new_project("Pasted inside")
    send(
        board,
        scene("outer", 0, 0, scene="01", width=1100),
        scene("inner", 500, 80, "outer", scene="02", height=500),
        node("n", "note", 1300, 0, text="Keep the fog low"),
        node("last", "text", 2000, 600),
    )
    board.fit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=studio.url)
    card(page, "n").click(position={"x": 20, "y": 6})
    expect(page.locator('.svelte-flow__node.selected[data-id="n"]')).to_have_count(1)
    press(page, "Control+c")
    expect(page.get_by_text("1 card copied").first).to_be_visible()

    def paste(x: float, y: float, count: int) -> dict[str, object]:
        known = set(graph(board)["nodes"])
        page.mouse.move(x, y)
        page.mouse.move(x + 2, y)
        press(page, "Control+v")
        expect(page.locator(".svelte-flow__node")).to_have_count(count)
        return new_card(board, known)[1]

    outer, inner = (card(page, name).bounding_box() for name in ("outer", "inner"))
    assert outer
    assert inner
    assert paste(outer["x"] + 40, outer["y"] + 200, 5)["parent"] == "outer"
    assert paste(inner["x"] + 40, inner["y"] + 120, 6)["parent"] == "inner"
    nobody_selected(page)
    assert paste(outer["x"] + outer["width"] + 60, outer["y"] + outer["height"], 7)["parent"] is None

    # with the pointer elsewhere the selected scene takes them; a copy of a scene lies beside it
    choose(page, "inner")
    known = set(graph(board)["nodes"])
    page.mouse.move(20, 500)
    press(page, "Control+v")
    expect(page.locator(".svelte-flow__node")).to_have_count(8)
    assert new_card(board, known)[1]["parent"] == "inner"
    choose(page, "inner")
    known = set(graph(board)["nodes"])
    press(page, "Control+c")
    expect(page.get_by_text("3 cards copied").first).to_be_visible()
    press(page, "Control+v")
    expect(page.locator(".svelte-flow__node")).to_have_count(11)
    nodes = graph(board)["nodes"]
    (copied,) = [name for name in set(nodes) - known if nodes[name]["type"] == "scene"]
    assert nodes[copied]["parent"] == "outer"
    assert float(str(nodes[copied]["x"])) >= float(str(nodes["inner"]["x"])) + 560
    press(page, "Control+z")
    expect(page.locator(".svelte-flow__node")).to_have_count(8)

    # a file dropped on a frame, and on a collapsed scene
    known = set(graph(board)["nodes"])
    box = card(page, "outer").bounding_box()
    assert box
    where = {"x": box["x"] + 60, "y": box["y"] + box["height"] - 40, "name": "harbour.png", "data": PIXEL}
    page.evaluate(DROP, where)
    expect(page.locator(".svelte-flow__node")).to_have_count(9)
    assert new_card(board, known)[1]["parent"] == "outer"
    page.get_by_role("button", name="Collapse Scene 02").click()
    box = page.get_by_test_id("scene-card").bounding_box()
    assert box
    known = set(graph(board)["nodes"])
    page.evaluate(DROP, {**where, "x": box["x"] + 60, "y": box["y"] + box["height"] / 2, "name": "quay.png"})
    expect(page.get_by_test_id("scene-card")).to_contain_text("3 cards")
    assert new_card(board, known)[1]["parent"] == "inner"


def test_a_colleague_in_a_scene_that_is_collapsed_here_shows_on_it(
    page: Page, browser: Browser, studio: stage.Studio
) -> None:
    board = Board(page, studio)
    board.new_project("Collapsed here", "low")
    shot = node("a", "shot", 40, 60, scene="01", code="010")
    shot["node"] = {**shot["node"], "parent": "s"}  # type: ignore[dict-item]
    send(board, scene("s", 0, 0, scene="01"), shot)
    board.fit()
    page.get_by_role("button", name="Collapse Scene 01").click()
    expect(page.get_by_test_id("scene-card")).to_contain_text("1 shot")
    other = another(browser, page.url)
    expect(page.get_by_test_id("people").get_by_role("button")).to_have_count(2)
    expect(other.get_by_test_id("people").get_by_role("button")).to_have_count(2)

    # what they hold, and that they write, is said on the one card that is drawn
    held = page.locator("[data-held]")
    card(other, "a").locator("header").click()
    expect(held).to_have_count(1)
    expect(held).to_have_attribute("data-held", "s")
    expect(held).to_contain_text("1 in here")
    other.get_by_role("article").get_by_role("textbox", name="Prompt").click()
    expect(held).to_contain_text("writes in here")
    folded = page.get_by_test_id("scene-card").bounding_box()
    frame = held.bounding_box()
    assert folded
    assert frame
    assert abs(frame["x"] - folded["x"]) < 6
    assert abs(frame["height"] - folded["height"]) < 6

    # their pointer, deep in the open scene, rests at its edge; jumping to them leads there
    area = card(other, "s").bounding_box()
    assert area
    other.mouse.move(area["x"] + area["width"] - 30, area["y"] + area["height"] - 30)
    other.mouse.move(area["x"] + area["width"] - 24, area["y"] + area["height"] - 24, steps=3)
    cursor = page.locator("[data-cursor]")
    expect(cursor).to_be_visible()
    corner = (folded["x"] + folded["width"], folded["y"] + folded["height"])
    page.wait_for_function(
        """([x, y]) => {
          const box = document.querySelector('[data-cursor]')?.getBoundingClientRect();
          return box && Math.abs(box.x - x) < 8 && Math.abs(box.y - y) < 8;
        }""",
        arg=list(corner),
    )
    page.get_by_role("button", name="Expand Scene 01").click()
    expect(held).to_have_attribute("data-held", "a")
    other.context.close()
