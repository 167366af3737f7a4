"""The board under fingers: moved, zoomed beside and on cards, cards dragged, menus opened by a finger that rests."""

from playwright.sync_api import Browser, CDPSession, expect

from tests import stage
from tests.e2e.board import Board
from tests.e2e.test_scenes import card, graph, node, send

Finger = tuple[float, float]

ZOOM = "() => new DOMMatrix(document.querySelector('.svelte-flow__viewport').style.transform).a"


def go(glass: CDPSession, *moves: list[Finger]) -> None:
    """Put fingers on the glass, move them, and lift them."""
    for number, fingers in enumerate(moves):
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(fingers)]
        kind = "touchMove" if number else "touchStart"
        glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    glass.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_the_board_under_fingers(browser: Browser, studio: stage.Studio) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True, locale="en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    board = Board(page, studio)
    board.new_project("Fingers", "low")
    send(board, node("a", "shot", 0, 0, scene="01", code="010"), node("n", "note", 700, 0, text="Fog"))
    board.fit()
    glass = context.new_cdp_session(page)
    # what two fingers on cards and a resting one do is fetched after the first picture
    expect(page.locator("[data-board][data-fingers]")).to_be_visible()

    # one finger on the empty board moves it
    before = card(page, "n").bounding_box()
    assert before
    x, y = before["x"] + 40, before["y"] + before["height"] + 160
    go(glass, *[[(x + step * 10, y - step * 5)] for step in range(7)])
    page.wait_for_function(
        "(x) => Math.abs(document.querySelector('[data-id=n]').getBoundingClientRect().x - x) > 30", arg=before["x"]
    )

    # two fingers zoom: beside the cards, and on them
    zoom = float(page.evaluate(ZOOM))
    go(glass, *[[(x + 60 + step * 6, y), (x + 160 - step * 6, y)] for step in range(7)])
    page.wait_for_function(f"(was) => ({ZOOM})() < was * 0.9", arg=zoom)
    board.fit()
    zoom = float(page.evaluate(ZOOM))
    box = card(page, "a").locator("header").bounding_box()
    assert box
    x, y = box["x"] + 40, box["y"] + 60
    go(glass, *[[(x + step * 5, y), (x + 140 - step * 5, y)] for step in range(9)])
    page.wait_for_function(f"(was) => ({ZOOM})() < was * 0.9", arg=zoom)
    assert graph(board)["nodes"]["a"]["x"] == 0

    # one finger on its title drags a card
    board.fit()
    box = card(page, "a").locator("header").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 10
    go(glass, *[[(x + step * 12, y + step * 6)] for step in range(8)])
    expect(page.get_by_role("button", name="Undo: Moved")).to_be_enabled()
    assert float(str(graph(board)["nodes"]["a"]["x"])) > 20

    # a finger that rests opens the menu, which stays when it is lifted
    box = card(page, "n").bounding_box()
    assert box
    where = [{"x": box["x"] + 20, "y": box["y"] + 8, "id": 0}]
    glass.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": where})
    expect(page.get_by_role("menu")).to_be_visible()
    glass.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_role("menuitem", name="Duplicate")).to_be_visible()
    context.close()
