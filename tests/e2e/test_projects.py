"""Projects as things: saved as a zip, brought in again, doubled; all by what a person sees."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import Board


def test_a_project_goes_out_and_comes_in(page: Page, watch: stage.Watch, studio: stage.Studio, tmp_path: Path) -> None:
    watch.expect("status of 4(09|22) .*/projects/import")
    page.set_default_timeout(30_000)
    board = Board(page, studio)
    board.new_project("The Lighthouse")
    board.write(board.add("Shot"), "A lamp turns in the fog")
    page.goto(studio.url)
    more = page.get_by_role("button", name="More about The Lighthouse", exact=True)
    more.click()
    with page.expect_download() as saving:
        page.get_by_role("menuitem", name=re.compile("Save as a zip")).click()
    saved = tmp_path / saving.value.suggested_filename
    saving.value.save_as(saved)
    assert saved.name == "the-lighthouse.zip"
    with zipfile.ZipFile(saved) as opened:
        assert b"A lamp turns in the fog" in opened.read("the-lighthouse/02_Source_Creative/Canvases/main_canvas.json")

    more.click()
    page.get_by_role("menuitem", name=re.compile("Duplicate")).click()
    expect(page.get_by_role("heading", name="The Lighthouse copy")).to_be_visible()

    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Bring in a project").click()
    choosing.value.set_files(saved)
    dialog = page.get_by_role("dialog", name="This project is here already")
    dialog.get_by_role("button", name="Bring in as a copy").click()
    expect(page).to_have_url(re.compile("/p/[0-9a-f-]{36}"))
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A lamp turns in the fog")

    page.goto(studio.url)
    (tmp_path / "evil.zip").write_bytes(b"PK no zip at all")
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Bring in a project").click()
    choosing.value.set_files(tmp_path / "evil.zip")
    expect(page.get_by_role("alert")).to_contain_text("it is damaged, or not a zip")
