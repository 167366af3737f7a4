"""What wires carry and what linked scenes share, as a person sees it: values, takes into takes, scenes alike."""

import httpx
from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board


def card(name: str, kind: str, x: int, y: int, parent: str | None = None, **data: object) -> dict[str, object]:
    return {"op": "node.add", "node": {"id": name, "type": kind, "x": x, "y": y, "parent": parent, "data": data}}


def wire(name: str) -> dict[str, object]:
    (source, out), (target, into) = (end.split(".") for end in name.split(">"))
    ends = {"source": source, "source_handle": out, "target": target, "target_handle": into}
    return {"op": "edge.add", "edge": {"id": name, **ends}}


def opened(page: Page, studio: stage.Studio, *operations: dict[str, object]) -> Board:
    """Open a project that a script has laid out."""
    with httpx.Client(base_url=f"{studio.url}/api/v1") as script:
        project = script.post("/projects", json={"title": "Wires", "quality": "low"}).json()["id"]
        told = script.post(f"/projects/{project}/operations", json={"operations": list(operations)})
    assert told.status_code == 200, told.text
    page.goto(f"{studio.url}/p/{project}")
    board = Board(page, studio)
    board.saved()
    board.fit()
    return board


def at(board: Board, name: str) -> Locator:
    return board.page.locator(f'.svelte-flow__node[data-id="{name}"]')


def test_a_value_goes_into_a_shot_and_its_take_into_a_restoration(page: Page, studio: stage.Studio) -> None:
    board = opened(
        page,
        studio,
        card("words", "text", -340, 0, value="Rain at dawn"),
        card("s", "shot", 0, 0, prompt="Fog", seconds=1),
        card("dot", "reroute", 340, 120),
        card("r", "restore", 440, 0),
        *(wire(name) for name in ("words.value>s.prompt", "s.video>dot.in", "dot.out>r.clip")),
    )
    expect(at(board, "s")).to_contain_text("Rain at dawn")
    expect(at(board, "dot")).to_contain_text("Video")
    at(board, "r").get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Shot 010 has no take yet, and Restoration R010 needs it.").first).to_be_visible()
    board.generate(at(board, "s"))
    expect(at(board, "s").get_by_test_id("take-name")).to_contain_text("v01 take 01", timeout=TAKE_S)
    at(board, "r").get_by_role("button", name="Restore").click()
    expect(at(board, "r").get_by_test_id("take-name")).to_contain_text("v01 take 01", timeout=TAKE_S)
    with httpx.Client(base_url=f"{studio.url}/api/v1") as script:
        takes = script.get(f"/projects/{board.project}").json()["takes"]
    assert takes["s"][0]["recipe"]["params"]["prompt"] == "Rain at dawn"
    assert takes["r"][0]["recipe"]["inputs"][0]["oid"] == takes["s"][0]["oid"]
    assert (takes["r"][0]["name"], takes["r"][0]["frames"]) == ("SHOT-R010_v01_take01", takes["s"][0]["frames"])


def test_what_is_changed_in_one_linked_scene_is_changed_in_the_other(page: Page, studio: stage.Studio) -> None:
    size = {"width": 360, "height": 700}
    board = opened(
        page,
        studio,
        card("A", "scene", 0, 0, link="L", title="Harbour", scene="01", **size),
        card("a", "shot", 30, 60, "A", link="1", prompt="Fog"),
        card("B", "scene", 420, 0, link="L", title="Harbour again", scene="02", **size),
        card("b", "shot", 30, 60, "B", link="1", prompt="Fog"),
    )
    one, other = (at(board, name).get_by_role("textbox", name="Prompt") for name in "ab")
    board.write(at(board, "a"), "Rain over the harbour")
    expect(other).to_have_value("Rain over the harbour")
    page.keyboard.press("Control+z")
    expect(one).to_have_value("Fog")
    expect(other).to_have_value("Fog")
    at(board, "b").get_by_label("Camera move").hover()
    at(board, "b").get_by_label("Camera move").select_option("tilt-up")
    expect(at(board, "a").get_by_label("Camera move")).to_have_text("Tilt up")
    at(board, "a").locator("header, .card").first.click(position={"x": 40, "y": 14})
    page.keyboard.press("Delete")
    expect(at(board, "a")).to_have_count(0)
    expect(at(board, "b")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(at(board, "a")).to_have_count(1)
    expect(at(board, "b")).to_contain_text("Scene 02")
