"""The board at any size: what is near is cards, what is far is one picture, and both take the same hands."""

import re
from uuid import uuid4

import httpx
from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import Board

COLUMNS = 20


def film(studio: stage.Studio, shots: int) -> str:
    """Make a board of shots in rows, each wired to the next and all wired into an assembler; return the project."""
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
        project = str(api.post("/projects", json={"title": f"{shots} shots"}).raise_for_status().json()["id"])
        nodes = [
            {"id": f"shot{n}", "type": "shot", "x": 340.0 * (n % COLUMNS), "y": 720.0 * (n // COLUMNS)}
            for n in range(shots)
        ]
        nodes.append({"id": "cut", "type": "assembler", "x": 340.0 * COLUMNS, "y": 0.0})
        operations: list[dict[str, object]] = [
            {"op": "node.add", "node": {**node, "parent": None, "data": {}}} for node in nodes
        ]
        operations += [
            {
                "op": "edge.add",
                "edge": {
                    "id": f"shot{n}.video>cut.clips",
                    "source": f"shot{n}",
                    "source_handle": "video",
                    "target": "cut",
                    "target_handle": "clips",
                },
            }
            for n in range(shots)
        ]
        batch = {"op_id": str(uuid4()), "operations": operations}
        api.post(f"/projects/{project}/operations", json=batch).raise_for_status()
    return project


def node(studio: stage.Studio, project: str, name: str) -> dict[str, float]:
    """Return a node as the studio has it."""
    graph = httpx.get(f"{studio.url}/api/v1/projects/{project}").raise_for_status().json()["graph"]
    return dict(graph["nodes"][name])


def cards(page: Page) -> Locator:
    return page.locator(".svelte-flow__node")


def test_a_large_board_is_one_picture_that_takes_the_hand(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    project = film(studio, 200)
    page.goto(f"{studio.url}/p/{project}")
    picture = page.get_by_role("img", name="The board from afar: 201 cards")
    expect(picture).to_be_visible()
    expect(cards(page)).to_have_count(0)
    board.fit()

    ground = page.locator("[data-board]").bounding_box()
    assert ground
    wide, tall = 340 * COLUMNS + 336, 9 * 720 + 640
    zoom = min(ground["width"] * 0.88 / wide, ground["height"] * 0.88 / tall)
    left = ground["x"] + (ground["width"] - wide * zoom) / 2
    middle = ground["y"] + ground["height"] / 2
    first = (left + 144 * zoom, middle + (240 - tall / 2) * zoom)

    page.mouse.click(*first)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name=re.compile("^Undo: "))).to_be_enabled()
    board.saved()
    assert node(studio, project, "shot0")["x"] == 10

    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(first[0], first[1] - 60, steps=6)
    page.mouse.up()
    board.saved()
    moved = node(studio, project, "shot0")
    assert moved["x"] == 10
    assert moved["y"] < -200

    page.mouse.move(left - 20, middle - tall * zoom / 2 - 20)
    page.mouse.down()
    page.mouse.move(left + 340 * COLUMNS * zoom - 8, middle + tall * zoom, steps=6)
    page.mouse.up()
    page.keyboard.press("Delete")
    expect(page.get_by_role("img", name="The board from afar: 1 card", exact=True)).to_be_visible()
    page.keyboard.press("Control+z")
    expect(picture).to_be_visible()

    page.mouse.dblclick(first[0] + 340 * zoom, first[1])
    expect(cards(page).filter(has_text=re.compile("020"))).to_be_visible()
    assert cards(page).count() < 40


def test_from_afar_only_what_comes_into_sight_is_painted(page: Page, studio: stage.Studio) -> None:
    """Counted in cells of the picture; a screen has about sixty."""
    page.emulate_media(reduced_motion="reduce")
    project = film(studio, 200)
    heard: list[str] = []
    page.on("websocket", lambda line: line.on("framereceived", lambda news: heard.append(str(news))))
    page.goto(f"{studio.url}/p/{project}")
    expect(page.get_by_role("img", name="The board from afar: 201 cards")).to_be_visible()
    # Signs of what is missing or out of date are painted too, as soon as the studio has looked.
    while not any("server:card_states" in news for news in heard):
        page.wait_for_timeout(100)
    first = settled_cells(page)
    ground = page.locator("[data-board]").bounding_box()
    assert ground
    middle = (ground["x"] + ground["width"] / 2, ground["y"] + ground["height"] / 2)

    def pan(across: float) -> None:
        page.mouse.move(*middle)
        page.mouse.down(button="middle")
        page.mouse.move(middle[0] + across, middle[1] + across / 4, steps=8)
        page.mouse.up(button="middle")

    for across in (400, -700, 300):
        pan(across)
    assert painted_cells(page) == first, "a pan with all in sight paints"

    zoom = page.get_by_role("button", name=re.compile("back to 100 %$"))
    before = zoom.inner_text()
    page.get_by_role("button", name="Zoom in").click()
    expect(zoom).not_to_have_text(before)
    before = zoom.inner_text()
    page.get_by_role("button", name="Zoom in").click()
    expect(zoom).not_to_have_text(before)
    whole = painted_cells(page)
    pan(500)
    assert painted_cells(page) - whole < (whole - first) / 3, "a pan paints more than what comes into sight"


def settled_cells(page: Page) -> int:
    """Return the same, once it stays the same for a while."""
    cells = painted_cells(page)
    while True:
        page.wait_for_timeout(750)
        now = painted_cells(page)
        if now == cells:
            return cells
        cells = now


def painted_cells(page: Page) -> int:
    """Return how many cells the picture of the board has cost, once nothing is left to paint."""
    picture = page.locator("[data-overview]")
    expect(picture).to_have_attribute("aria-busy", "false")
    return int(picture.get_attribute("data-cells") or 0)


def test_near_a_cut_of_two_hundred_shots_only_what_is_in_sight_is_mounted(page: Page, studio: stage.Studio) -> None:
    project = film(studio, 200)
    page.goto(f"{studio.url}/p/{project}")
    expect(page.get_by_role("img", name="The board from afar: 201 cards")).to_be_visible()
    page.evaluate(
        "([key, view]) => localStorage.setItem(key, view)",
        [f"studio.view.{project}", f'{{"x": {-340 * COLUMNS + 200}, "y": 100, "zoom": 1}}'],
    )
    page.reload()
    expect(page.locator('.svelte-flow__node[data-id="cut"]')).to_be_visible()
    expect(page.locator("[data-wire]")).to_have_count(200)
    assert cards(page).count() < 12


def test_a_project_is_asked_for_once_and_before_the_code_is_there(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Early")
    warned: list[str] = []
    page.on("console", lambda message: warned.append(message.text))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(studio.url)))
    page.reload()
    board.saved()
    page.wait_for_timeout(4000)  # so long a browser waits before it says that what it fetched was not used
    state = f"/api/v1/projects/{board.project}"
    for path in (state, "/api/v1/catalog"):
        assert asked.count(path) == 1
        assert asked.index(path) < next(at for at, url in enumerate(asked) if "/nodes/" in url)
    assert not [text for text in warned if "preload" in text]
