"""A still with two people: which of them speaks is chosen; and points are placed in the composer, without the board."""

import json
import re
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board
from tests.e2e.test_composer import Composer, film
from tests.e2e.test_points import drag, speaking_shot
from tests.e2e.test_scenes import card
from tests.faces import cat, portrait
from tests.films import ffmpeg


def two(path: Path) -> Path:
    """Draw a large face on the left and a smaller one on the right."""
    still = Image.new("RGB", (1280, 720), (150, 170, 190))
    still.paste(portrait(560), (40, 100))
    still.paste(portrait(400), (800, 200))
    still.save(path)
    return path


def moved(clip: Path, into: Path) -> tuple[float, float]:
    """Return how much the left and the right half of a clip change from its first picture, in levels."""
    into.mkdir()
    ffmpeg("-i", str(clip), "-vf", "fps=6,scale=320:180", str(into / "%03d.png"))
    first, *others = [Image.open(path).convert("L") for path in sorted(into.iterdir())]
    most = [0.0, 0.0]
    for other in others:
        change = ImageChops.difference(first, other)
        halves = (change.crop((0, 20, 150, 180)), change.crop((190, 20, 320, 180)))
        most = [max(so_far, ImageStat.Stat(half).mean[0]) for so_far, half in zip(most, halves, strict=True)]
    return most[0], most[1]


def test_of_two_faces_the_other_one_speaks(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    board = Board(page, studio)
    board.new_project("Two faces", "low")
    ffmpeg("-f", "lavfi", "-i", "sine=f=220:d=1.5", "-af", "tremolo=f=4:d=0.9", str(tmp_path / "line.wav"))
    speaking_shot(board, two(tmp_path / "two.png"), tmp_path / "line.wav")
    shot = card(page, "s")
    board.generate(shot)
    board.has_take(shot, 1, 1)

    # what the take found is where people begin, and both are offered
    shot.locator("header").click()
    page.keyboard.press("i")
    page.get_by_role("button", name=re.compile("^Place the points yourself. Points of the face")).click()
    dialog = page.get_by_role("dialog", name=re.compile("^Points of the face"))
    choice = dialog.get_by_role("group", name="Found in the picture")
    expect(choice.get_by_role("button")).to_have_count(2)
    choice.get_by_role("button", name="Number 2").click()
    expect(page.locator("[aria-live]").filter(has_text="number 2")).to_have_count(1)
    dialog.get_by_role("button", name="Keep and generate").click()
    expect(dialog).to_have_count(0)
    board.has_take(shot, 2, 1)

    first, second = (next(board.folder.rglob(f"SHOT-010_v0{version}_take01.mp4")) for version in (1, 2))
    left, right = moved(first, tmp_path / "first")
    assert left > 3 * right, "the larger face, on the left"
    left, right = moved(second, tmp_path / "second")
    assert right > 3 * left, "the other face"
    faces = [json.loads(one.with_suffix(".json").read_text())["facts"]["face"] for one in (first, second)]
    assert faces == ["1 of 2", "corrected by hand"]


def test_points_are_placed_in_the_composer(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    picture, spots = cat()
    picture.save(tmp_path / "cat.png")
    ffmpeg("-f", "lavfi", "-i", "sine=f=220:d=1", str(tmp_path / "line.wav"))
    composer = Composer(page, studio, film(studio, "Cats, composed"))
    page.get_by_role("radio", name="Audio performance").check()
    composer.attach("Ground truth", tmp_path / "cat.png")
    composer.attach("Audio", tmp_path / "line.wav")
    composer.generate()
    page.get_by_role("button", name="Place the points yourself").click(timeout=TAKE_S)
    dialog = page.get_by_role("dialog", name=re.compile("^Points of the face"))
    expect(dialog.get_by_role("img", name="cat")).to_be_visible()
    for name, to in spots.items():
        drag(page, dialog, name, to)
    dialog.get_by_role("button", name="Keep and generate").click()
    expect(dialog).to_have_count(0)
    expect(composer.runs().first.get_by_role("button", name="Use again")).to_be_visible(timeout=TAKE_S)
    (shot,) = (one["data"] for one in composer.graph()[0].values() if one["type"] == "shot")
    assert json.loads(str(shot["face_points"]))["at"].keys() == spots.keys()  # type: ignore[index]
    assert page.url.endswith("/compose") or "compose" in page.url, "the board was not needed"

    # they stand among the settings, and other words keep them
    page.get_by_role("button", name="Advanced").click()
    row = page.get_by_role("button", name="Correct the points. Points of the face: 10 placed by hand")
    row.click()
    expect(dialog.get_by_role("img", name="cat")).to_be_visible()
    dialog.get_by_role("button", name="Remove the points").click()
    expect(
        page.get_by_role("button", name="Place the points yourself. Points of the face: None placed")
    ).to_be_visible()
