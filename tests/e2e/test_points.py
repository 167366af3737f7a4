"""A still in which no face is found: its points are placed by mouse and by keyboard, and the cat speaks."""

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board
from tests.e2e.test_axe import AXE, STILL, found
from tests.e2e.test_scenes import card, graph, node, send, wire
from tests.e2e.test_touch import go
from tests.faces import Spots, cat, robot
from tests.films import ffmpeg

BY_KEYS = "chin"
TITLES = {
    "left_eye": "Left eye", "right_eye": "Right eye", "nose": "Nose", "mouth_left": "Left corner of the mouth",
    "mouth_right": "Right corner of the mouth", "lip_upper": "Upper lip", "lip_lower": "Lower lip", "chin": "Chin",
    "face_left": "Left side of the face", "face_right": "Right side of the face",
}  # fmt: skip


def point(dialog: Locator, name: str) -> Locator:
    return dialog.get_by_role("button", name=re.compile(rf"^\d+ {TITLES[name]}: "))


def speaking_shot(board: Board, still: Path, voice: Path) -> None:
    """Lay out a shot with a still and a voice, without a word of which pipeline."""
    send(
        board,
        node("img", "asset", 0, 0),
        node("snd", "audio", 0, 320),
        node("s", "shot", 420, 0, scene="01", code="010"),
        wire("img", "media", "s", "still"),
        wire("snd", "audio", "s", "voice"),
    )
    board.fit()
    board.choose(card(board.page, "img"), still)
    board.choose(card(board.page, "snd"), voice)
    expect(card(board.page, "snd").get_by_role("slider", name="Position")).to_be_visible()
    board.saved()


def prepare(board: Board, folder: Path) -> Spots:
    """Lay out a shot of a cat with a voice, without a word of which pipeline."""
    picture, spots = cat()
    picture.save(folder / "cat.png")
    ffmpeg("-f", "lavfi", "-i", "sine=f=220:d=1", str(folder / "line.wav"))
    board.new_project("Cats speak", "low")
    speaking_shot(board, folder / "cat.png", folder / "line.wav")
    expect(card(board.page, "img")).to_contain_text(re.compile("512.512"))
    return spots


def drag(page: Page, dialog: Locator, name: str, to: tuple[float, float]) -> None:
    picture = dialog.get_by_role("img").bounding_box()
    start = point(dialog, name).bounding_box()
    assert picture
    assert start
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(picture["x"] + to[0] * picture["width"], picture["y"] + to[1] * picture["height"], steps=3)
    page.mouse.up()


def test_no_face_is_found_points_are_placed_and_the_take_arrives(
    page: Page, studio: stage.Studio, tmp_path: Path
) -> None:
    board = Board(page, studio)
    spots = prepare(board, tmp_path)
    page.evaluate(AXE)
    page.evaluate(STILL)
    shot = card(page, "s")
    board.generate(shot)
    why = shot.get_by_role("alert")
    expect(why).to_contain_text("No face is found in cat.png", timeout=TAKE_S)
    expect(why.get_by_role("button", name="Try again")).to_have_count(0)
    against = found(page, ".svelte-flow__node[data-id='s'] [role=alert]", "why it failed")
    why.get_by_role("button", name="Place the points yourself").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Points of the face"))
    expect(point(dialog, "left_eye")).to_be_focused()
    expect(dialog.get_by_role("button", name="Left eye: 38.0 % across, 38.0 % down")).to_be_visible()
    against += found(page, "[role=dialog]", "placing points")
    assert against == [], "\n".join(against)

    # by mouse, and back within the dialog
    drag(page, dialog, "nose", (0.9, 0.9))
    page.keyboard.press("Control+z")
    expect(dialog.get_by_role("button", name="Nose: 50.0 % across, 52.0 % down")).to_be_visible()
    for name, to in spots.items():
        if name != BY_KEYS:
            drag(page, dialog, name, to)

    # one by the keyboard: a pixel, ten with Shift; said aloud
    point(dialog, "lip_lower").focus()
    page.keyboard.press("Tab")
    expect(point(dialog, BY_KEYS)).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowUp")
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    expect(dialog.get_by_role("button", name="Chin: 50.0 % across, 75.2 % down")).to_be_focused()
    expect(page.locator("[aria-live]").filter(has_text="Chin: 50.0 % across, 75.2 % down")).to_have_count(1)
    dialog.get_by_role("button", name="Closer").click()
    dialog.get_by_role("button", name="Whole picture").click()
    dialog.get_by_role("button", name="Keep and generate").click()
    expect(dialog).to_have_count(0)
    board.has_take(shot, 1, 1)

    placed = json.loads(str(graph(board)["nodes"]["s"]["data"]["face_points"]))  # type: ignore[index]
    assert re.fullmatch("[0-9a-f]{64}", placed["on"])
    for name, (x, y) in spots.items():
        assert abs(placed["at"][name][0] - x) < 0.01, name
        assert abs(placed["at"][name][1] - y) < 0.01, name
    recipes = [json.loads(path.read_text()) for path in board.folder.rglob("SHOT-010_v01_take01.json")]
    assert [(one["recipe"]["pipeline"], one["facts"]["face"]) for one in recipes] == [("previz-talk", "placed by hand")]

    # they are one step of undo, and make the shot stale
    mark = shot.get_by_test_id("points-mark")
    expect(mark).to_have_accessible_name("Points of the face: placed by hand")
    shot.locator("header").click()
    page.keyboard.press("Control+z")
    expect(mark).to_have_count(0)
    expect(shot.locator("[data-standing=stale]")).to_be_visible()
    page.keyboard.press("Control+Shift+z")
    expect(mark).to_be_visible()
    expect(shot.locator("[data-standing=stale]")).to_have_count(0)

    # another still in its place: the card asks to look
    robot()[0].save(tmp_path / "robot.png")
    send(
        board,
        node("other", "asset", 0, 640),
        {"op": "edge.remove", "id": "img.media>s.still"},
        wire("other", "media", "s", "still"),
    )
    board.fit()
    board.choose(card(page, "other"), tmp_path / "robot.png")
    expect(mark).to_have_accessible_name(re.compile("placed on another picture. Look whether they fit"))
    mark.click()
    expect(dialog.get_by_role("img", name="robot")).to_be_visible()
    dialog.get_by_role("button", name="Remove the points").click()
    expect(mark).to_have_count(0)


def test_points_under_a_finger(browser: Browser, studio: stage.Studio, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 900, "height": 1100}, has_touch=True, locale="en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    board = Board(page, studio)
    prepare(board, tmp_path)
    send(board, {"op": "node.set", "id": "s", "name": "pipeline", "value": "previz-talk"})
    card(page, "s").get_by_role("button", name=re.compile("^Place the points yourself")).click()
    dialog = page.get_by_role("dialog", name=re.compile("^Points of the face"))
    nose = point(dialog, "nose").bounding_box()
    assert nose
    x, y = nose["x"] + nose["width"] / 2, nose["y"] + nose["height"] / 2
    go(context.new_cdp_session(page), *[[(x + step * 6, y)] for step in range(8)])
    expect(dialog.get_by_role("button", name=re.compile(r"^3 Nose: 5[5-9]\.\d % across, 52"))).to_be_visible()
    dialog.get_by_role("button", name="Keep", exact=True).click()
    expect(
        card(page, "s").get_by_role("button", name="Correct the points. Points of the face: 10 placed by hand")
    ).to_be_visible()
    context.close()
