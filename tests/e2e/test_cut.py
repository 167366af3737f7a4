"""A script plays as a film at once: slates at their lengths, stepped and played; an editor's list turns it round."""

import re
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import Board

SCRIPT = """EXT. HARBOUR - NIGHT

Fog over the water.

JANE
You came back.

DISSOLVE TO:

INT. CABIN

She waits by the window.
"""
RECUT = """TITLE: TURNED
FCM: NON-DROP FRAME
001  BL       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: SHOT-020 SLATE
002  BL       V     C        00:00:00:00 00:00:03:00 01:00:02:00 01:00:05:00
* FROM CLIP NAME: SHOT-010 SLATE
* LOC: 01:00:03:00 RED     THE FOG IS TOO LIGHT
003  STOCK001 V     C        00:00:00:00 00:00:01:00 01:00:05:00 01:00:06:00
"""


def test_a_film_plays_before_it_is_made_and_takes_an_editors_cut(
    page: Page, studio: stage.Studio, tmp_path: Path
) -> None:
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=30) as api:
        told(page, studio, api, tmp_path)


def told(page: Page, studio: stage.Studio, api: httpx.Client, tmp_path: Path) -> None:
    project = api.post("/projects", json={"title": "The Harbour"}).json()["id"]
    made = api.post(f"/projects/{project}/script", json={"text": SCRIPT.replace("INT. CABIN\n\n", ""), "title": "Fog"})
    cut = {"node_id": made.json()["assembler"]}
    frames = api.get(f"/projects/{project}/timeline", params=cut).json()["frames"]

    page.goto(f"{studio.url}/p/{project}")
    Board(page, studio).saved()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands, cards and takes")
    palette.get_by_role("combobox").fill("Open the cut")
    palette.get_by_role("option", name=re.compile("Open the cut")).first.click()

    film = page.get_by_role("dialog", name="The cut: Fog")
    position = film.get_by_test_id("film-position")
    expect(position).to_have_text("01:00:00:00", timeout=30_000)
    expect(film.get_by_text("2 shots are slates")).to_be_visible()
    expect(film.get_by_text("You came back.", exact=True)).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(position).to_have_text("01:00:00:01")
    page.keyboard.press("ArrowDown")
    expect(film.get_by_role("list", name="The cut as a list").locator("[aria-current]")).to_contain_text("020")
    page.keyboard.press("End")
    expect(film.get_by_text(f"{frames} / {frames}")).to_be_visible()
    page.keyboard.press("j")
    expect(film.get_by_text(f"{frames} / {frames}")).to_have_count(0)
    page.keyboard.press("k")

    # What is done here is undone here: nobody has to leave the cut for it.
    listed = film.get_by_role("list", name="The cut as a list").get_by_role("listitem")
    listed.first.get_by_role("button").click()
    film.get_by_role("button", name="Later").click()
    expect(listed.first).to_contain_text("020", timeout=30_000)
    page.keyboard.press("Control+z")
    expect(listed.first).to_contain_text("010", timeout=30_000)
    page.keyboard.press("Control+y")
    expect(listed.first).to_contain_text("020", timeout=30_000)
    page.keyboard.press("Control+z")
    expect(listed.first).to_contain_text("010", timeout=30_000)

    file = tmp_path / "turned.edl"
    file.write_text(RECUT, encoding="utf-8")
    film.locator("input[type=file]").set_input_files(file)
    expect(film.get_by_text("no take here has the reel STOCK001")).to_be_visible(timeout=30_000)
    expect(film.get_by_text("has 1 new or changed marker")).to_be_visible()
    film.get_by_role("button", name="Take it over").click()
    first = film.get_by_role("list", name="The cut as a list").get_by_role("listitem").first
    expect(first).to_contain_text("020", timeout=30_000)
    expect(first).to_contain_text("00:02:00")
    turned = api.get(f"/projects/{project}/timeline", params=cut).json()["cuts"]
    assert [(one["shot"], one["record_out"] - one["record_in"]) for one in turned] == [
        ("SHOT-020", 48),
        ("SHOT-010", 72),
    ]
    marks = api.get(f"/projects/{project}/timeline", params=cut).json()["markers"]
    assert [(one["shot"], one["at"], one["text"]) for one in marks] == [("SHOT-010", 24, "THE FOG IS TOO LIGHT")]

    # What goes to Final Cut Pro comes back as the cut that it is, its marker with it.
    written = api.post(f"/projects/{project}/exports", json=cut).json()["files"]
    exported = next(one for one in written if one["path"].endswith(".fcpxml"))
    back = tmp_path / "back.fcpxml"
    back.write_bytes(httpx.get(f"{studio.url}{exported['url']}").content)
    film.locator("input[type=file]").set_input_files(back)
    expect(film.get_by_text("This list is the cut as it stands.")).to_be_visible(timeout=30_000)

    page.keyboard.press("Escape")
    expect(film).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("list", name="The cut").get_by_role("listitem").first).to_contain_text(
        "010", timeout=30_000
    )
