"""Voices and music in the cut: seen under the pictures with their waves, moved, set, and kept on their cards."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import Board


def test_sounds_lie_under_the_pictures_and_are_moved(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
        told(page, studio, api, tmp_path)


def tone(path: Path, hertz: int, seconds: float) -> Path:
    source = f"sine=frequency={hertz}:sample_rate=48000:duration={seconds},tremolo=f=2:d=0.8"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, str(path)], check=True)
    return path


def laid(api: httpx.Client, tmp_path: Path) -> tuple[str, str]:
    """Make a film of slates with a voice and music; return the project and the assembler."""
    project = api.post("/projects", json={"title": "Harbour sound"}).json()["id"]
    script = "EXT. HARBOUR - NIGHT\n\nFog over the water.\n\nJANE\nYou came back.\n\nShe waits by the window.\n"
    cut = api.post(f"/projects/{project}/script", json={"text": script, "title": "Fog"}).json()["assembler"]
    operations: list[dict[str, object]] = []
    for name, hertz, seconds, into in (("voice", 440, 1.5, "voices"), ("theme", 110, 60.0, "music")):
        with tone(tmp_path / f"{name}.wav", hertz, seconds).open("rb") as file:
            asset = api.post(f"/projects/{project}/assets", files={"file": (f"{name}.wav", file)}).raise_for_status()
        card = {"id": name, "type": "audio", "x": -900, "y": 0, "parent": None, "data": {"asset": asset.json()["id"]}}
        ends = {"source": name, "source_handle": "audio", "target": cut, "target_handle": into}
        operations += [
            {"op": "node.add", "node": card},
            {"op": "edge.add", "edge": {"id": f"{name}.audio>{cut}.{into}", **ends}},
        ]
    batch = {"op_id": str(uuid4()), "operations": operations}
    api.post(f"/projects/{project}/operations", json=batch).raise_for_status()
    return project, cut


def test_a_sound_that_an_editor_moved_is_moved_on_the_board(studio: stage.Studio, tmp_path: Path) -> None:
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
        project, cut = laid(api, tmp_path)
        ask = {"node_id": cut}
        written = api.post(f"/projects/{project}/exports", json=ask).raise_for_status().json()["files"]
        otio = next(one for one in written if one["path"].endswith(".otio"))
        document = httpx.get(f"{studio.url}{otio['url']}").json()

        def look() -> dict[str, Any]:
            asked = ask | {"text": json.dumps(document)}
            return dict(api.post(f"/projects/{project}/recut/look", json=asked).raise_for_status().json())

        same = look()
        assert (same["operations"], [note for note in same["notes"] if "sound" in note]) == ([], [])
        voices = document["tracks"]["children"][1]["children"]
        (clip,) = voices
        rate = clip["source_range"]["duration"]["rate"]
        gap = {"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": 0.0}
        hole = {"OTIO_SCHEMA": "TimeRange.1", "start_time": gap, "duration": gap | {"value": 5.0}}
        voices.insert(0, {"OTIO_SCHEMA": "Gap.1", "name": "", "source_range": hole, "metadata": {}})
        clip["source_range"]["start_time"]["value"] += 3
        clip["source_range"]["duration"]["value"] -= 4
        moved = look()
        assert "1 sound moves or is trimmed as the list has it (“voice.wav”)." in moved["notes"]
        batch = {"op_id": str(uuid4()), "operations": moved["operations"]}
        api.post(f"/projects/{project}/operations", json=batch).raise_for_status()
        cuts = api.get(f"/projects/{project}/timeline", params=ask).json()
        voice = next(one for one in cuts["sounds"] if one["node_id"] == "voice")
        assert voice["record_in"] - cuts["start_frame"] == 5
        assert (voice["source_in"], voice["record_out"] - voice["record_in"]) == (3, 32)
        assert look()["operations"] == []


def test_a_dub_is_told_on_the_page_which_films_it_is_heard_in_and_what_it_stands_in_for(
    page: Page, studio: stage.Studio, tmp_path: Path
) -> None:
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
        project, cut = laid(api, tmp_path)
        page.goto(f"{studio.url}/p/{project}")
        board = Board(page, studio)
        board.saved()
        film = opened(page)
        version = {"id": "fr", "type": "assembler", "x": 900, "y": 900, "parent": None, "data": {"language": "fr"}}
        ends = {"source": cut, "source_handle": "edl", "target": "fr", "target_handle": "edl"}
        operations = [
            {"op": "node.add", "node": version},
            {"op": "edge.add", "edge": {"id": f"{cut}.edl>fr.edl", **ends}},
        ]
        batch = {"op_id": str(uuid4()), "operations": operations}
        api.post(f"/projects/{project}/operations", json=batch).raise_for_status()
        voices = film.get_by_test_id("voices")
        voices.get_by_text("Voices by language (1)").click()
        row = voices.get_by_role("listitem", name="voice.wav")
        expect(row.get_by_text("heard in this film", exact=True)).to_be_visible(timeout=30_000)
        expect(row.get_by_label("In place of")).to_be_disabled()

        row.get_by_label("Heard in").fill("French!")
        row.get_by_label("Heard in").press("Enter")
        expect(row.get_by_role("alert")).to_contain_text("is no language")
        row.get_by_label("Heard in").fill("fr")
        row.get_by_label("Heard in").press("Enter")
        expect(row.get_by_text("not in this film: another language")).to_be_visible(timeout=30_000)
        row.get_by_label("In place of").select_option(label="the sound of SHOT-010 of scene 01")
        expect(row.get_by_label("In place of")).not_to_have_value("", timeout=30_000)
        board.saved()

        def listed(node: str) -> tuple[str, bool, bool]:
            told = api.get(f"/projects/{project}/timeline", params={"node_id": node}).json()
            (voice,) = told["voices"]
            shots = {one["shot"]: one["node_id"] for one in told["cuts"]}
            return voice["language"], voice["instead"] == shots["SHOT-010"], voice["heard"]

        assert listed(cut) == ("fr", True, False)
        assert listed("fr") == ("fr", True, True)
        film.get_by_role("group", name="The film as it stands").focus()
        page.keyboard.press("Control+z")
        expect(row.get_by_label("In place of")).to_have_value("", timeout=30_000)
        page.keyboard.press("Control+z")
        expect(row.get_by_text("heard in this film", exact=True)).to_be_visible(timeout=30_000)
        board.saved()
        assert listed(cut) == ("", False, True)


def opened(page: Page) -> Locator:
    """Open the cut from the palette and return its window."""
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands, cards and takes")
    palette.get_by_role("combobox").fill("Open the cut")
    palette.get_by_role("option", name=re.compile("Open the cut")).first.click()
    return page.get_by_role("dialog", name="The cut: Fog")


def told(page: Page, studio: stage.Studio, api: httpx.Client, tmp_path: Path) -> None:
    project, cut = laid(api, tmp_path)
    page.goto(f"{studio.url}/p/{project}")
    Board(page, studio).saved()
    film = opened(page)
    lanes = film.get_by_role("list", name="Voices and music")
    expect(lanes.get_by_role("listitem")).to_have_count(2, timeout=30_000)
    voice = lanes.get_by_role("button", name=re.compile(r"^voice\.wav .* dB, from frame 0$"))
    expect(voice.locator("path").first).to_be_attached(timeout=30_000)
    voice.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(lanes.get_by_role("button", name=re.compile(r"^voice\.wav .* dB, from frame 10$"))).to_be_visible(
        timeout=30_000
    )
    facts = film.get_by_role("group", name="voice.wav")
    facts.get_by_label("Level").fill("-4")
    facts.get_by_label("Level").press("Enter")
    facts.get_by_label("Starts with").select_option(label="SHOT-020")
    film.get_by_label("Loudness of the film").select_option("23")
    expect(film.get_by_role("group", name="voice.wav").get_by_label("After")).not_to_have_value("10", timeout=30_000)

    def heard() -> dict[str, object]:
        sounds = api.get(f"/projects/{project}/timeline", params={"node_id": cut}).json()["sounds"]
        return next({**one, "at": one["record_in"] - 86400} for one in sounds if one["name"] == "voice.wav")

    Board(page, studio).saved()
    now = heard()
    assert (now["at"], now["gain"], now["shot"] is not None) == (10, -4, True)
    assert str(now["offset"]).startswith("-")  # it stays where it was, before the shot that it now moves with
    page.keyboard.press("Escape")
    expect(film).to_have_count(0)
    made = api.post(f"/projects/{project}/exports", json={"node_id": cut}).raise_for_status().json()
    assert sum(file["path"].endswith(("_A34.edl", "_A56.edl")) for file in made["files"]) == 2
