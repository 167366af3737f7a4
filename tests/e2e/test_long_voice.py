"""A voice of three minutes for a shot of one second: the refusal leads to the field, and a part is used."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board
from tests.e2e.test_composer import Composer, film
from tests.e2e.test_points import speaking_shot
from tests.e2e.test_scenes import card
from tests.faces import portrait
from tests.films import ffmpeg, look


def prepare(folder: Path) -> tuple[Path, Path]:
    portrait().save(folder / "still.png")
    ffmpeg("-f", "lavfi", "-i", "sine=f=220:r=16000:d=180", str(folder / "speech.mp3"))
    return folder / "still.png", folder / "speech.mp3"


def fill(page: Page) -> None:
    """Write where the part begins and how long it is, beginning in the field that the refusal led to."""
    expect(page.get_by_role("spinbutton", name="Voice length")).to_be_focused()
    page.keyboard.type("1")
    page.get_by_role("spinbutton", name="Voice from").fill("120.5")
    page.keyboard.press("Tab")


def test_a_part_of_a_long_voice_on_a_card(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    still, speech = prepare(tmp_path)
    board = Board(page, studio)
    board.new_project("Long voice", "low")
    speaking_shot(board, still, speech)
    shot = card(page, "s")
    board.generate(shot)
    why = shot.get_by_role("alert")
    expect(why).to_contain_text("Say which part of it this shot uses, with Voice from and Voice", timeout=TAKE_S)
    expect(why.get_by_role("button", name="Try again")).to_have_count(0)
    why.get_by_role("button", name="Set Voice length").click()
    fill(page)
    board.saved()
    board.generate(shot)
    board.has_take(shot, 1, 1)
    (take,) = board.folder.rglob("SHOT-010_v01_take01.json")
    told = json.loads(take.read_text())["recipe"]
    assert (told["pipeline"], told["params"]["voice_from"], told["params"]["voice_length"]) == ("previz-talk", 120.5, 1)
    made = look(take.with_suffix(".mp4"))
    assert abs(made.audio_s - 1) < 0.01
    assert made.frames == round(made.rate)


def test_a_part_of_a_long_voice_in_the_composer(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    still, speech = prepare(tmp_path)
    composer = Composer(page, studio, film(studio, "Long voice, composed"))
    page.get_by_role("radio", name="Audio performance").check()
    composer.attach("Ground truth", still)
    composer.attach("Audio", speech)
    composer.generate()
    page.get_by_role("button", name="Set Voice length").click(timeout=TAKE_S)
    fill(page)
    composer.generate()
    expect(composer.runs().first.get_by_role("button", name="Use again")).to_be_visible(timeout=TAKE_S)
    shots = [one["data"] for one in composer.graph()[0].values() if one["type"] == "shot"]
    assert [(one["voice_from"], one["voice_length"]) for one in shots] == [(120.5, 1)]  # type: ignore[index]
