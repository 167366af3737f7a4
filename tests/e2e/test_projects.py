"""Projects as things: saved as a zip, brought in again, doubled; all by what a person sees."""

import os
import re
import zipfile
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import Board


def test_a_project_goes_out_and_comes_in(page: Page, watch: stage.Watch, studio: stage.Studio, tmp_path: Path) -> None:
    watch.expect("status of 4(09|22) .*/projects/import")
    page.set_default_timeout(30_000)
    board = Board(page, studio)
    title = f"Lamp {uuid4().hex[:6]}"  # the studio is shared, and this test may run again in it
    board.new_project(title)
    slug = title.lower().replace(" ", "-")
    board.write(board.add("Shot"), "A lamp turns in the fog")
    page.goto(studio.url)
    more = page.get_by_role("button", name=f"More about {title}", exact=True)
    more.click()
    with page.expect_download() as saving:
        page.get_by_role("menuitem", name=re.compile("Save as a zip")).click()
    saved = tmp_path / saving.value.suggested_filename
    saving.value.save_as(saved)
    assert saved.name == f"{slug}.zip"
    with zipfile.ZipFile(saved) as opened:
        assert b"A lamp turns in the fog" in opened.read(f"{slug}/02_Source_Creative/Canvases/main_canvas.json")

    more.click()
    page.get_by_role("menuitem", name=re.compile("Duplicate")).click()
    expect(page.get_by_role("heading", name=f"{title} copy")).to_be_visible()

    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Bring in a project").click()
    choosing.value.set_files(saved)
    dialog = page.get_by_role("dialog", name="This project is here already")
    dialog.get_by_role("button", name="Bring in as a copy").click()
    expect(page).to_have_url(re.compile("/p/[0-9a-f-]{36}"))
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A lamp turns in the fog")

    look_after(page, studio, f"{title} copy", f"{slug}-copy")

    page.goto(studio.url)
    (tmp_path / "evil.zip").write_bytes(b"PK no zip at all")
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Bring in a project").click()
    choosing.value.set_files(tmp_path / "evil.zip")
    expect(page.get_by_role("alert")).to_contain_text("it is damaged, or not a zip")


def look_after(page: Page, studio: stage.Studio, title: str, slug: str) -> None:
    """Look at what a project takes on the disk, and mend what a killed git left."""
    lock = Path(studio.workspaces / "local/Projects" / slug / ".git/index.lock")
    page.goto(studio.url)
    page.get_by_role("button", name=f"More about {title}", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("Storage and health")).click()
    expect(page.get_by_role("heading", name=f"Storage and health of {title}")).to_be_visible()
    expect(page.get_by_text("on the disk")).to_be_visible()
    expect(page.get_by_text("Every take is in use.")).to_be_visible()
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_text("Nothing is wrong, every byte was read.")).to_be_visible()
    lock.touch()
    os.utime(lock, (1, 1))
    page.get_by_role("button", name="Without reading media").click()
    expect(page.get_by_text("A git was killed and has left its lock behind")).to_be_visible()
    page.get_by_role("button", name="Mend 1 finding").click()
    expect(page.get_by_text("Nothing is wrong with the folder.")).to_be_visible()
    assert not lock.exists()
