"""Several people, tabs and projects: what one does the others see, undo stays one's own, and versions lead back."""

import json
import re
import subprocess
from collections.abc import Callable

import httpx
from playwright.sync_api import Browser, Locator, Page, expect

from tests import stage
from tests.e2e.board import Board

CANVAS = "02_Source_Creative/Canvases/main_canvas.json"


def another(browser: Browser, address: str) -> Page:
    """Return a page of somebody else: a browser profile of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(15_000)
    opened = context.new_page()
    opened.goto(address)
    expect(opened.get_by_test_id("save-state")).to_contain_text("Saved")
    return opened


def prompt(page: Page) -> Locator:
    return page.locator(".svelte-flow__node").get_by_role("textbox", name="Prompt").first


def board_keys(page: Page, *keys: str) -> None:
    page.locator("[data-board]").focus()
    for key in keys:
        page.keyboard.press(key)


def test_undo_outlives_a_reload_and_a_closed_tab(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Undo lives", "low")
    shot = board.add("Shot")
    board.write(shot, "first words")
    page.wait_for_timeout(2100)  # a burst of typing is one step
    board.write(shot, "second words")
    page.wait_for_timeout(200)
    page.reload()
    undo = page.get_by_role("button", name="Undo: Prompt changed")
    expect(undo).to_be_enabled()
    undo.click()
    expect(prompt(page)).to_have_value("first words")
    board.saved()
    address = page.url
    page.wait_for_timeout(200)
    page.close()
    again = page.context.new_page()
    again.goto(address)
    expect(prompt(again)).to_have_value("first words")
    again.get_by_role("button", name="Redo: Prompt changed").click()
    expect(prompt(again)).to_have_value("second words")
    board_keys(again, "Control+Alt+z")
    history = again.get_by_test_id("history")
    history.get_by_role("button", name="Back to how you found it").click()
    expect(again.locator(".svelte-flow__node")).to_have_count(0)
    history.get_by_role("button", name="Do again up to: Prompt changed").first.click()
    expect(prompt(again)).to_have_value("second words")


def test_undo_leaves_a_colleague_alone_and_says_so(page: Page, browser: Browser, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Colleague", "low")
    shot = board.add("Shot")
    board.write(shot, "mine")
    other = another(browser, page.url)
    prompt(other).fill("theirs")
    other.keyboard.press("Escape")
    expect(prompt(page)).to_have_value("theirs")
    board_keys(page, "Control+z")
    expect(page.get_by_text("left alone").first).to_be_visible()
    expect(prompt(page)).to_have_value("theirs")
    other.context.close()


WHOLE = """
(seen) => {
  const [box, part] = [seen, seen.closest('.card > *')].map((one) => one.getBoundingClientRect());
  return box.height > 0 && box.top >= part.top && box.bottom <= part.bottom;
}
"""
"""Nothing of a card's part is painted beyond that part, so what stands at its edge must lie within."""


def test_others_are_seen_where_they_are(page: Page, browser: Browser, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Present", "low")
    shot = board.add("Shot")
    other = another(browser, page.url)
    other.evaluate("localStorage.setItem('studio.person', JSON.stringify({name: 'Ana Nowak'}))")
    other.reload()
    people = page.get_by_test_id("people")
    expect(people.get_by_role("button", name=re.compile("Ana Nowak"))).to_be_visible()
    expect(other.get_by_test_id("people")).to_be_visible()
    prompt(other).click()
    expect(page.get_by_test_id("edited-by")).to_have_text("Ana Nowak edits this prompt")
    assert page.get_by_test_id("edited-by").evaluate(WHOLE)
    expect(page.locator("[data-held]")).to_have_count(1)
    other.mouse.move(500, 300)
    other.mouse.move(520, 320, steps=4)
    expect(page.locator("[data-cursor]")).to_contain_text("Ana Nowak")
    prompt(other).fill("a lantern")
    other.keyboard.press("Escape")
    expect(page.locator("[data-flash]")).to_contain_text("Ana Nowak")
    expect(prompt(page)).to_have_value("a lantern")
    expect(page.get_by_test_id("edited-by")).to_have_count(0)
    # Both type in one field: the later one to leave it wins, and is told.
    shot.get_by_role("textbox", name="Prompt").click()
    page.keyboard.type("!", delay=1)
    httpx.post(
        f"{studio.url}/api/v1/projects/{board.project}/operations",
        json={"operations": [{"op": "node.set", "id": shot.get_attribute("data-id"), "name": "prompt", "value": "Bo"}]},
        timeout=10,
    ).raise_for_status()
    page.keyboard.type("?", delay=1)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Someone changed this field while you typed").first).to_be_visible()
    page.get_by_role("button", name="Take theirs").click()
    expect(prompt(other)).to_have_value("Bo")
    other.context.close()
    expect(people).to_have_count(0)


def test_an_outside_change_is_told_and_shown(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Pulled", "low")
    shot = board.add("Shot")
    board.write(shot, "before the pull")
    file = board.folder / CANVAS
    for _ in range(100):
        if "before the pull" in file.read_text():
            break
        page.wait_for_timeout(100)
    canvas = json.loads(file.read_text())
    canvas["nodes"][shot.get_attribute("data-id")]["data"]["prompt"] = "pulled"
    canvas["nodes"]["pulled_in"] = {"id": "pulled_in", "type": "note", "x": 900, "y": 900, "parent": None, "data": {}}
    file.write_text(json.dumps(canvas))
    expect(page.get_by_text("The canvas file was changed outside the studio").first).to_be_visible()
    expect(page.get_by_text("1 card added, 1 card changed").first).to_be_visible()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator('.svelte-flow__node.selected[data-id="pulled_in"]')).to_be_visible()
    expect(prompt(page)).to_have_value("pulled")


def test_a_refused_edit_is_named_and_shown(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Refused", "low")
    board.add("Shot")
    second = board.add("Shot")
    second.click(position={"x": 60, "y": 16})
    board_keys(page, "i")
    code = page.locator(f"#i-{second.get_attribute('data-id')}-code")
    code.fill("010")
    code.press("Tab")
    expect(page.get_by_text("already has a shot 010").first).to_be_visible()
    expect(page.get_by_text("Taken back: Shot changed").first).to_be_visible()
    board_keys(page, "Escape")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator(f'.svelte-flow__node.selected[data-id="{second.get_attribute("data-id")}"]')).to_be_visible()
    expect(code).to_have_value("020")


def test_files_come_along_into_another_project(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("From here", "low")
    picture = board.folder / "still.png"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=teal:s=320x180", "-frames:v", "1", picture], check=True
    )
    card = board.add("Asset")
    board.choose(card, picture)
    expect(card.get_by_role("img").first).to_be_visible()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=studio.url)
    board_keys(page, "Control+a", "Control+c")
    expect(page.get_by_text("1 card copied")).to_be_visible()
    board.new_project("To there", "low")
    board_keys(page, "Control+v")
    expect(page.get_by_text("A file is not in this project").first).to_be_visible()
    there = page.locator(".svelte-flow__node")
    expect(there).to_contain_text("no longer in the project")
    page.get_by_role("button", name="Import 1 file").click()
    expect(page.get_by_text("Imported 1 file").first).to_be_visible()
    expect(there.get_by_role("img").first).to_be_visible()
    board_keys(page, "Control+z")
    expect(there).to_contain_text("no longer in the project")
    board_keys(page, "Control+z")
    expect(there).to_have_count(0)


def test_a_very_large_paste_is_one_step(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Large", "low")
    clip = {
        "kind": "production-canvas/nodes",
        "schema": 1,
        "nodes": [
            {"id": f"k{n}", "type": "note", "x": n % 80 * 300, "y": n // 80 * 220, "parent": None, "data": {"text": n}}
            for n in range(5000)
        ],
        "edges": [],
    }
    paste = """(text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      document.querySelector('[data-board]').dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      );
    }"""
    page.evaluate(paste, json.dumps(clip))
    expect(page.get_by_text(re.compile("Pasting .* of 5,000 cards")).first).to_be_visible()
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved", timeout=30_000)

    def count() -> int:
        return len(httpx.get(f"{studio.url}/api/v1/projects/{board.project}", timeout=20).json()["graph"]["nodes"])

    assert count() == 5000
    board_keys(page, "Control+z")
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved", timeout=30_000)
    assert count() == 0
    clip["nodes"] = [clip["nodes"][0] | {"id": f"k{n}"} for n in range(5001)]  # type: ignore[index,operator]
    page.evaluate(paste, json.dumps(clip))
    expect(page.get_by_text("5,001 cards are too many to paste at once").first).to_be_visible()


def test_a_version_is_kept_compared_and_restored(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Versions", "low")
    shot = board.add("Shot")
    board.write(shot, "as it was")
    board_keys(page, "Control+Shift+s")
    dialog = page.get_by_role("dialog", name="Keep this state under a name")
    dialog.get_by_role("textbox").fill("before the recut")
    dialog.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Kept as “before the recut”").first).to_be_visible()
    board.write(shot, "as it is")
    board.add("Assembler")
    board_keys(page, "Control+Alt+v")
    page.get_by_role("button", name="before the recut").click()
    version = page.get_by_test_id("version")
    expect(version).to_contain_text("1 card only on the board now")
    expect(version).to_contain_text("1 card different")
    version.get_by_role("button", name="Restore this version").click()
    expect(page.locator(".svelte-flow__node")).to_have_count(1)
    expect(prompt(page)).to_have_value("as it was")
    expect(version).to_contain_text("The board is like this now.")
    board_keys(page, "Control+z")
    expect(page.locator(".svelte-flow__node")).to_have_count(2)
    expect(prompt(page)).to_have_value("as it is")


def test_the_studio_is_killed_under_two_people_on_one_card(
    page: Page, browser: Browser, own_studio: Callable[..., stage.Studio], watch: stage.Watch
) -> None:
    watch.expect("WebSocket|Failed to load resource|ERR_CONNECTION")
    studio = own_studio()
    studio.start()
    board = Board(page, studio)
    board.new_project("Killed", "low")
    shot = board.add("Shot")
    other = another(browser, page.url)
    studio.kill()
    expect(page.get_by_text("The studio is not connected").first).to_be_visible()
    shot.get_by_role("textbox", name="Prompt").fill("typed by one")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("save-state")).to_contain_text("1 edit kept")
    other.locator(".svelte-flow__node").first.click(position={"x": 60, "y": 16})
    other.keyboard.press("Shift+ArrowRight")
    studio.start()
    for one in (page, other):
        expect(one.get_by_test_id("save-state")).to_contain_text("Saved", timeout=30_000)
        expect(prompt(one)).to_have_value("typed by one")
    graph = httpx.get(f"{studio.url}/api/v1/projects/{board.project}", timeout=10).json()["graph"]
    (node,) = graph["nodes"].values()
    assert node["data"]["prompt"] == "typed by one"
    other.context.close()
