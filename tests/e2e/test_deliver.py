"""An editor's way out: the cut of a finished film packed for an editing system, saved, and one that is called off."""

import re
import zipfile
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests import stage


def test_the_cut_goes_to_an_editing_system(page: Page, own_studio: Callable[..., stage.Studio]) -> None:
    studio = own_studio()
    studio.start()
    page.goto(studio.url)
    page.get_by_role("button", name="See a finished film").click()
    expect(page.locator("dialog.tour")).to_be_visible(timeout=60_000)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.tour")).not_to_be_visible()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands, cards and takes")
    palette.get_by_role("combobox").fill("Open the cut")
    palette.get_by_role("option", name=re.compile("Open the cut")).first.click()
    out = page.get_by_role("dialog", name="The cut: The Last Ferry").get_by_role("region", name="To an editing system")
    expect(out).to_contain_text("8 masters")
    out.get_by_role("button", name="Deliver").click()
    save = out.get_by_role("link", name=re.compile("^Save the-last-ferry"))
    expect(save).to_be_visible(timeout=180_000)
    with page.expect_download() as arriving:
        save.click()
    with zipfile.ZipFile(arriving.value.path()) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
    kinds = {name.rpartition(".")[2] for name in names}
    assert kinds >= {"edl", "otio", "xml", "fcpxml", "ale", "csv", "srt", "txt", "mov"}
    assert sum(name.endswith(".mov") for name in names) == 8

    out.get_by_label("Masters").select_option("prores")
    out.get_by_role("button", name="Deliver").click()
    out.get_by_role("button", name="Cancel").click()
    expect(out.get_by_role("button", name="Deliver")).to_be_visible(timeout=60_000)
    expect(save).to_have_count(1)
    left = [path for path in studio.workspaces.rglob("06_Exports/*") if path.suffix in {".zip", ".tmp"}]
    assert len(left) == 1
