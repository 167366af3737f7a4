"""A voice is written down on the board, corrected, and shown in the film where it is heard; undo takes it back."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests import films, stage
from tests.e2e.board import TAKE_S, Board
from tests.e2e.test_sound_cards import card, wire

LINES = "TOM: Pack the cameras and meet me by the river at night.\nIDA: I know that it was in your coat."


def test_a_voice_is_written_down_corrected_and_shown(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    voice = films.carry_out("speak", tmp_path / "say", {"dialogue": LINES}).output("audio")
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
        project = api.post("/projects", json={"title": "River", "quality": "low"}).json()["id"]
        with voice.open("rb") as file:
            asset = api.post(f"/projects/{project}/assets", files={"file": ("voice.wav", file)}).json()
        operations = [
            card("shot", "shot", 0, 0, prompt="A river at night", seconds=8.0),
            card("line", "dialogue", -420, 0, value="Something else."),
            card("voice", "audio", 0, 900, asset=asset["id"], name="Voice", sound_at=12),
            card("film", "assembler", 520, 0),
            wire("line", "value", "shot", "dialogue"),
            wire("shot", "video", "film", "clips"),
            wire("voice", "audio", "film", "voices"),
        ]
        api.post(f"/projects/{project}/operations", json={"op_id": "board", "operations": operations})

        def subtitles() -> list[tuple[int, str]]:
            told = api.get(f"/projects/{project}/timeline", params={"node_id": "film"}).json()
            return [(one["record_in"] - told["start_frame"], one["words"]) for one in told["subtitles"]]

        assert subtitles() == [(0, "Something else.")]
        page.goto(f"{studio.url}/p/{project}")
        board = Board(page, studio)
        board.saved()
        board.fit()
        found = page.locator('.svelte-flow__node[data-id="voice"]')
        found.click(position={"x": 24, "y": 82}, button="right")
        page.get_by_role("menuitem", name="Captions from this sound").click()
        dialog = page.get_by_role("dialog", name=re.compile("^Captions"))
        dialog.get_by_role("button", name="Write captions from this sound").click()
        expect(dialog.get_by_label("Words of caption 1")).to_have_value(
            re.compile("pack the cameras", re.IGNORECASE), timeout=TAKE_S
        )
        expect(dialog.get_by_label("Words of caption 2")).to_have_value(re.compile("coat"))
        heard = subtitles()
        expect(page.get_by_role("button", name="Undo: Wrote captions")).to_be_attached()
        assert heard[0][0] in range(12 + 8, 12 + 14)  # the robot begins after 0.4 s, and the voice 12 frames late
        assert "Something else." not in [words for _, words in heard]

        dialog.get_by_label("Words of caption 1").fill("Pack the cameras, and meet me by the river.")
        dialog.get_by_label("Caption 1 begins").fill("0:06")
        expect(dialog.get_by_text("end after you begin")).to_be_visible()
        expect(dialog.get_by_role("button", name="Save", exact=True)).to_be_disabled()
        dialog.get_by_label("Caption 1 begins").fill("0:00.5")
        dialog.get_by_role("button", name="Save", exact=True).click()
        expect(dialog).to_be_hidden()
        board.saved()
        corrected = subtitles()
        assert corrected[0] == (24, "Pack the cameras, and meet me by the river.")
        page.keyboard.press("Control+z")
        board.saved()
        become(subtitles, heard)
        page.keyboard.press("Control+Shift+z")
        become(subtitles, corrected)
        for before in (heard, [(0, "Something else.")]):
            page.keyboard.press("Control+z")
            board.saved()
            become(subtitles, before)
        page.keyboard.press("Control+Shift+z")
        become(subtitles, heard)


def become(told: Callable[[], object], wanted: object) -> None:
    """Wait until the studio tells what is wanted."""
    until = time.monotonic() + 15
    while told() != wanted and time.monotonic() < until:
        time.sleep(0.2)
    assert told() == wanted
