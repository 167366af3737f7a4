"""Choosing takes as a professional does: keepers, rejected ones, marks, comparing, recipes, wedges."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board

BITS = "255*mod(floor(N/pow(2,floor(X/40))),2)"
"""A frame's number as eight black or white bars, the lowest bit at the left: a test reads it from the picture."""

PICTURED = """(videos) => videos.map((video) => {
  const pen = new OffscreenCanvas(320, 180).getContext('2d', { willReadFrequently: true });
  pen.drawImage(video, 0, 0, 320, 180);
  return [0, 1, 2, 3, 4, 5, 6, 7].reduce(
    (sum, bit) => sum + (pen.getImageData(bit * 40 + 20, 150, 1, 1).data[0] > 128 ? 2 ** bit : 0), 0);
})"""


STANDS = """() => document.getAnimations().every(
  (one) => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)"""
"""Nothing fades or moves any more, but for what turns for ever."""


def counted(path: Path, frames: int = 48) -> Path:
    """Make a film whose frames are numbered, with sound."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = f"color=black:s=320x180:r=24,geq=lum='{BITS}':cb=128:cr=128"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=r=48000"]
    codec = ["-c:v", "libx264", "-crf", "12", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"]
    subprocess.run([*command, "-frames:v", str(frames), "-t", str(frames / 24), *codec, str(path)], check=True)
    return path


def data_of(board: Board, card: Locator) -> dict[str, Any]:
    """Return what the studio holds of a card."""
    answer = httpx.get(f"{board.studio.url}/api/v1/projects/{board.project}").json()
    found: dict[str, Any] = answer["graph"]["nodes"][card.get_attribute("data-id")]["data"]
    return found


def with_takes(board: Board, title: str, count: int) -> Locator:
    """Open a new project with one shot that has numbered films for takes, put into its folder by hand."""
    board.new_project(title, "low")
    shot = board.add("Shot")
    folder = board.folder / "03_Renders/SCENE_01/SHOT_010"
    ready = counted(board.folder / "05_Cache/counted.mp4")
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        shutil.copy(ready, folder / f"SHOT-010_v01_take{number:02d}.mp4")
    expect(shot.get_by_test_id("take-name")).to_contain_text(f"take {count:02d}", timeout=TAKE_S)
    shot.locator("header").click()
    return shot


def without_findings(page: Page, part: str = "[role=dialog]") -> None:
    """Look for what axe finds in a part of the page, in the dark and in the light."""
    page.evaluate((stage.ROOT / "studio_web/node_modules/axe-core/axe.min.js").read_text())
    for theme in ("dark", "light"):
        page.evaluate("(name) => document.documentElement.setAttribute('data-theme', name)", theme)
        # Half way from one theme to the other there is too little contrast.
        page.wait_for_function(STANDS)
        found = page.evaluate("(part) => axe.run(part, { resultTypes: ['violations'] })", part)["violations"]
        assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []
    page.evaluate("document.documentElement.setAttribute('data-theme', 'dark')")


def test_takes_are_chosen_by_keyboard(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    shot = with_takes(board, "Choosing", 4)
    counts = shot.get_by_test_id("take-counts")

    page.keyboard.press("s")
    expect(counts).to_contain_text("1 keeper")
    page.keyboard.press("[")
    board.has_take(shot, 1, 3)
    page.keyboard.press("x")
    why = page.get_by_role("dialog", name="Why not this take?")
    expect(why.get_by_role("button", name="Identity drifts")).to_be_focused()
    page.keyboard.press("3")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(counts).to_contain_text("Rejected: Flicker or artefacts")
    # The rejected one is passed over from now on.
    page.keyboard.press("[")
    board.has_take(shot, 1, 2)
    page.keyboard.press("]")
    board.has_take(shot, 1, 4)
    expect(counts).to_contain_text("1 keeper, 1 rejected")

    page.keyboard.press("i")
    inspector = page.get_by_role("complementary", name="Shot 010")
    rows = inspector.locator("[data-take]")
    expect(rows).to_have_count(4)
    assert rows.last.get_attribute("data-take") == "SHOT-010_v01_take03"
    without_findings(page, "main")
    inspector.get_by_role("button", name="Keepers", exact=True).click()
    expect(rows).to_have_count(1)
    inspector.get_by_role("button", name="Not rejected", exact=True).click()
    expect(rows).to_have_count(3)
    rows.nth(1).get_by_role("button").first.focus()
    page.keyboard.press("s")
    board.saved()
    held = data_of(board, shot)
    assert {name for name in held if name.startswith("star:")} == {
        "star:SHOT-010_v01_take04",
        "star:SHOT-010_v01_take02",
    }
    assert held["reject:SHOT-010_v01_take03"] == "Flicker or artefacts"
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(counts).to_contain_text("1 keeper, 1 rejected")


def test_marks_and_a_frame_for_the_next_shot(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    shot = with_takes(board, "Marking", 2)
    page.keyboard.press("Space")
    dialog = page.get_by_role("dialog")
    frame = dialog.locator("[data-frame]")
    expect(dialog.get_by_role("group", name=re.compile("^Player"))).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Home")
    expect(frame).to_contain_text("00:00:00:00 /")
    for step in range(1, 11):
        page.keyboard.press(".")
        expect(frame).to_contain_text(f"00:00:00:{step:02d} / 00:00:02:00")
    page.keyboard.press("t")
    expect(frame).to_contain_text("Frame 10 / 48")
    page.keyboard.press("i")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("o")
    expect(dialog.get_by_test_id("marks")).to_be_visible()
    expect(dialog).to_contain_text("10 - 20 (11 f)".replace(" - ", " \u2013 "))
    expect(dialog.get_by_test_id("waveform")).to_have_attribute("data-state", "drawn")
    page.keyboard.press("Shift+I")
    expect(frame).to_contain_text("Frame 10 / 48")
    without_findings(page)
    board.saved()
    held = data_of(board, shot)
    take = "SHOT-010_v01_take02"
    assert (held[f"in:{take}"], held[f"out:{take}"]) == (10, 21)
    page.keyboard.press("Alt+I")
    board.saved()
    assert f"in:{take}" not in data_of(board, shot)

    dialog.get_by_role("button", name="Use this frame").click()
    page.get_by_role("menuitem", name="A new shot").click()
    expect(page.get_by_text(re.compile("is the start of a new shot")).first).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(board.wires()).to_have_count(1)
    board.saved()
    assets = httpx.get(f"{studio.url}/api/v1/projects/{board.project}/assets").json()
    assert [(one["kind"], one["width"], one["height"]) for one in assets] == [("image", 320, 180)]
    picture = httpx.get(studio.url + assets[0]["media_url"]).content
    rows = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", "-", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
        input=picture,
        capture_output=True,
        check=True,
    ).stdout
    assert sum(2**bit for bit in range(8) if rows[150 * 320 + bit * 40 + 20] > 128) == 10


def test_takes_are_compared_on_one_clock(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    shot = with_takes(board, "Comparing", 3)
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    videos = dialog.locator("video")
    expect(videos).to_have_count(2)
    expect(dialog.get_by_test_id("compare-frame")).to_have_text("f 0")
    expect(dialog.get_by_role("group", name="Compare takes", exact=True)).to_be_focused()
    without_findings(page)

    def all_show(expected: int) -> None:
        page.wait_for_function(
            f"(expected) => ({PICTURED})([...document.querySelectorAll('[role=dialog] video')])"
            ".every((shown) => shown === expected)",
            arg=expected,
        )

    place = dialog.get_by_test_id("compare-frame")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(dialog.get_by_test_id("frame-B")).to_have_text("f 12")
    all_show(12)
    page.keyboard.press("d")
    all_show(12)
    page.keyboard.press("Space")
    expect(place).to_have_text(re.compile(r"f (1[5-9]|[234]\d)"))
    page.keyboard.press("Space")
    expect(dialog.get_by_role("button", name="Play", exact=True)).to_be_visible()
    all_show(int(place.inner_text().removeprefix("f ")))
    page.keyboard.press("w")
    line = dialog.get_by_role("slider", name="Wipe line")
    line.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", "60")
    page.keyboard.press("2")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    board.saved()
    held = data_of(board, shot)
    assert held["active_take"] == "SHOT-010_v01_take02"
    assert held["star:SHOT-010_v01_take02"] is True
    dialog.get_by_role("button", name="Add a take").click()
    expect(videos).to_have_count(3)

    # A part is looped, for all three; what it is belongs to the comparison, not to the film.
    page.keyboard.press("b")
    page.keyboard.press("Home")
    all_show(0)
    page.keyboard.press("Shift+ArrowRight")
    all_show(10)
    page.keyboard.press("i")
    page.keyboard.press("Shift+ArrowRight")
    all_show(20)
    page.keyboard.press("o")
    expect(dialog.get_by_test_id("compare-range")).to_contain_text("(11 f)")
    page.keyboard.press("End")
    all_show(47)
    page.keyboard.press("Shift+I")
    all_show(10)
    page.keyboard.press("r")
    page.keyboard.press("Space")
    expect(dialog.get_by_role("button", name="Play", exact=True)).to_be_visible()
    all_show(20)
    # One is left out: the others stay on their frames, each in its new place.
    dialog.get_by_role("button", name="Leave A out").click()
    expect(videos).to_have_count(2)
    page.keyboard.press("Home")
    all_show(0)
    page.keyboard.press("Shift+ArrowRight")
    all_show(10)
    board.saved()
    assert not [name for name in data_of(board, shot) if name.startswith(("in:", "out:"))]
    page.keyboard.press("f")
    expect(dialog.get_by_role("button", name="Leave full screen")).to_be_visible()
    page.keyboard.press("x")
    why = page.get_by_role("dialog", name="Why not this take?")
    expect(why.get_by_role("button", name="Identity drifts")).to_be_focused()
    page.keyboard.press("2")
    expect(why).to_have_count(0)
    page.keyboard.press("f")
    expect(dialog.get_by_role("button", name="Full screen", exact=True)).to_be_visible()
    expect(dialog).to_contain_text("Rejected: Motion is off")


def test_a_recipe_comes_back_and_a_wedge_is_read_as_a_table(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Wedges", "low")
    shot = board.add("Shot")
    board.write(shot, "Dawn over the harbour")
    board.generate(shot)
    board.has_take(shot, 1, 1)
    badge = shot.get_by_role("button", name=re.compile("^Out of date"))
    expect(badge).to_have_count(0)
    board.write(shot, "Dusk over the harbour")
    expect(badge).to_have_accessible_name("Out of date: The prompt changed")
    shot.locator("header").click()
    page.keyboard.press("i")
    inspector = page.get_by_role("complementary", name="Shot 010")
    expect(inspector.get_by_test_id("stale")).to_contain_text("The prompt changed")
    inspector.get_by_text("Recipe", exact=True).click()
    inspector.get_by_role("button", name="Use these settings").click()
    expect(shot.get_by_role("textbox", name="Prompt")).to_have_value("Dawn over the harbour")
    expect(inspector.get_by_test_id("stale")).to_have_count(0)
    board.saved()
    assert data_of(board, shot)["seed_locked"] is True
    page.keyboard.press("i")

    shot.locator("header").click()
    page.keyboard.press("Shift+W")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Vary").select_option("seconds")
    dialog.get_by_label("Length", exact=True).fill("1, 61")
    expect(dialog).to_contain_text("61 is above 60")
    dialog.get_by_label("Length", exact=True).fill("1, 1.5")
    without_findings(page)
    dialog.get_by_role("button", name="Make 2 takes").click()
    expect(dialog).to_contain_text("Contact sheet")
    tiles = dialog.locator("[data-tile]")
    expect(tiles).to_have_count(2, timeout=TAKE_S)
    expect(dialog.get_by_role("columnheader")).to_have_text([re.compile("1 s"), re.compile(r"1\.5 s")])
    without_findings(page)
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Save as a picture").click()
    picture = saved.value
    assert re.fullmatch(r"wedges_SHOT-010_sheet_\d{8}-\d{4}\.png", picture.suggested_filename)
    size = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,width", "-of", "csv=p=0", str(picture.path())],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()
    assert size == "png,860"
    tiles.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    board.saved()
    held = data_of(board, shot)
    chosen = held["active_take"]
    assert held[f"star:{chosen}"] is True
    takes = httpx.get(f"{studio.url}/api/v1/projects/{board.project}").json()["takes"]
    of_shot = {one["name"]: one for one in takes[shot.get_attribute("data-id")]}
    assert of_shot[chosen]["recipe"]["params"]["seconds"] == 1.5
    # The rest of the card is as it was: only the takes had other lengths.
    assert "seconds" not in held or held["seconds"] == of_shot["SHOT-010_v01_take01"]["recipe"]["params"]["seconds"]
