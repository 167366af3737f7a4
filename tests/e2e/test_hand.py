"""The hand on the board: wires taken by their ends, chosen, cut and bent, cards that stand in line."""

import httpx
from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import Board
from tests.e2e.test_wires import at, card, opened, wire


def graph(board: Board) -> dict[str, dict[str, dict[str, object]]]:
    board.saved()
    found: dict[str, dict[str, dict[str, object]]] = httpx.get(
        f"{board.studio.url}/api/v1/projects/{board.project}"
    ).json()["graph"]
    return found


def ends(board: Board) -> set[str]:
    """Return every wire as `source.output>target.input`."""
    return {
        f"{one['source']}.{one['source_handle']}>{one['target']}.{one['target_handle']}"
        for one in graph(board)["edges"].values()
    }


def on_wire(page: Page, name: str, part: float) -> tuple[float, float]:
    """Return where on the screen a wire is after so much of its way."""
    x, y = page.locator(f'[data-wire="{name}"]').evaluate(
        """(path, part) => {
            const at = path.getPointAtLength(path.getTotalLength() * part).matrixTransform(path.getScreenCTM());
            return [at.x, at.y];
        }""",
        part,
    )
    return float(x), float(y)


def centre(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def socket(card_id: str, name: str) -> str:
    return f'.svelte-flow__node[data-id="{card_id}"] [data-socket="{name}"]'


def pull(page: Page, name: str, end: str, to: tuple[float, float]) -> None:
    """Take a wire by one of its ends and let it go elsewhere."""
    page.mouse.move(*on_wire(page, name, 0.3), steps=3)
    page.mouse.move(*centre(page, f'[data-strong="{name}"] [data-grip="{end}"]'))
    page.mouse.down()
    page.mouse.move(to[0] - 40, to[1] - 30, steps=4)
    expect(page.locator(".wire-loose")).to_have_count(1)
    page.mouse.move(*to, steps=4)
    page.mouse.up()
    expect(page.locator(".wire-loose")).to_have_count(0)


def undo(board: Board) -> None:
    board.saved()
    board.page.locator("[data-board]").focus()
    board.page.keyboard.press("Control+z")


def test_a_wire_is_taken_by_its_end_chosen_cut_and_bent(page: Page, studio: stage.Studio) -> None:
    page.set_viewport_size({"width": 1420, "height": 1000})
    board = opened(
        page,
        studio,
        card("a", "shot", 0, 0),
        card("between", "shot", 450, 0),
        card("film", "assembler", 1000, 196),
        card("other", "assembler", 1000, 640),
        card("n", "number", -400, 100, value=4),
        {"op": "node.set", "id": "a", "name": "exposed", "value": ["seconds"]},
        wire("a.video>film.clips"),
        wire("n.value>a.seconds"),
        {"op": "node.set", "id": "a", "name": "exposed", "value": []},
    )
    name = "a.video>film.clips"
    before = {name, "n.value>a.seconds"}
    expect(board.wires()).to_have_count(2)

    # across the empty part of a card it is chosen by a click
    page.mouse.click(*on_wire(page, name, 0.45))
    expect(page.locator(f'[data-strong="{name}"] .wire-halo')).to_have_count(1)
    page.mouse.click(*on_wire(page, name, 0.1))
    expect(page.locator(f'[data-strong="{name}"] .wire-halo')).to_have_count(1)

    # into another socket, in one step
    pull(page, name, "to", centre(page, socket("other", "clips")))
    assert ends(board) == {"a.video>other.clips", "n.value>a.seconds"}
    undo(board)
    assert ends(board) == before

    # where it came from it stays, in the void it is cut
    pull(page, name, "to", centre(page, socket("film", "clips")))
    assert ends(board) == before
    x, y = on_wire(page, name, 0.85)
    pull(page, name, "to", (x, y - 120))
    assert ends(board) == before - {name}
    undo(board)
    expect(board.wires()).to_have_count(2)
    page.keyboard.down("Alt")
    page.mouse.click(*on_wire(page, name, 0.85))
    page.keyboard.up("Alt")
    assert ends(board) == before - {name}
    undo(board)
    expect(board.wires()).to_have_count(2)

    # a broken one says why
    page.mouse.move(*on_wire(page, "n.value>a.seconds", 0.5), steps=3)
    expect(page.get_by_text("There is no such socket: this wire carries nothing")).to_be_visible()

    # a double click bends it, and asks for nothing
    page.mouse.dblclick(*on_wire(page, name, 0.85))
    dot = page.locator(".svelte-flow__node-reroute")
    expect(dot).to_have_count(1)
    expect(page.get_by_role("dialog")).to_have_count(0)
    bend = dot.get_attribute("data-id")
    assert ends(board) == {f"a.video>{bend}.in", f"{bend}.out>film.clips", "n.value>a.seconds"}
    undo(board)
    assert ends(board) == before


def test_a_wire_is_plugged_into_a_closed_scene(page: Page, studio: stage.Studio) -> None:
    page.set_viewport_size({"width": 1420, "height": 1000})
    board = opened(
        page,
        studio,
        card("S", "scene", 0, 0, scene="01", width=700, height=640),
        card("in1", "shot", 30, 60, "S", code="010"),
        card("in2", "shot", 360, 60, "S", code="020"),
        card("out", "shot", 0, 800, code="030"),
        card("film", "assembler", 1000, 0),
        card("other", "assembler", 1000, 600),
        wire("in1.video>film.clips"),
        wire("in2.video>film.clips"),
        wire("out.video>other.clips"),
    )
    page.get_by_role("button", name="Collapse Scene 01").click()
    expect(page.get_by_test_id("scene-card")).to_be_visible()
    page.mouse.move(5, 5)

    pull(page, "out.video>other.clips", "from", centre(page, socket("S", "in2.video")))
    assert ends(board) == {"in1.video>film.clips", "in2.video>film.clips", "in2.video>other.clips"}
    pull(page, "in1.video>film.clips", "to", centre(page, socket("other", "clips")))
    assert ends(board) == {"in1.video>other.clips", "in2.video>film.clips", "in2.video>other.clips"}


def test_cards_stand_in_line_with_those_around_them(page: Page, studio: stage.Studio) -> None:
    board = opened(page, studio, card("a", "shot", 0, 0), card("b", "shot", 500, 100))
    zoom = page.evaluate(
        "new DOMMatrix(getComputedStyle(document.querySelector('.svelte-flow__viewport')).transform).a"
    )
    x, y = centre(page, '.svelte-flow__node[data-id="b"] header')

    def drag(down: float) -> None:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 4, y)
        page.mouse.move(x + 4, y + down, steps=8)

    # four screen pixels beside the line are on the line
    drag(-100 * zoom + 4)
    expect(page.locator("line.guide")).not_to_have_count(0)
    page.mouse.up()
    expect(page.locator("line.guide")).to_have_count(0)
    assert graph(board)["nodes"]["b"]["y"] == 0
    undo(board)
    expect(at(board, "b")).to_be_visible()
    assert graph(board)["nodes"]["b"]["y"] == 100

    # on the grid nothing else pulls
    page.evaluate("localStorage.setItem('studio.habits', '{\"snap\": true}')")
    page.reload()
    board.saved()
    x, y = centre(page, '.svelte-flow__node[data-id="b"] header')
    drag(-70 * zoom)
    expect(page.locator("line.guide")).to_have_count(0)
    page.mouse.up()
    placed = graph(board)["nodes"]["b"]
    assert (float(str(placed["x"])) % 24, float(str(placed["y"])) % 24) == (0, 0)
