"""The main job once without a mouse, then what makes it possible: the outline, keys of one's own, menus, a phone."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board

MOUSE = "window.__pressed = 0; addEventListener('pointerdown', () => window.__pressed++, { capture: true });"
HERE = """() => {
  const at = document.activeElement;
  return at === document.body ? '' : at.getAttribute('aria-label') || at.innerText?.trim() || '';
}"""


def here(page: Page) -> str:
    """Return what the focused element is called."""
    return str(page.evaluate(HERE))


def reach(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(most):
        if re.search(name, here(page)):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no {name} within {most} presses of Tab; the last was {here(page)!r}")


def write(page: Page, text: str) -> None:
    page.keyboard.type(text, delay=5)


def pick(page: Page, text: str) -> None:
    """Choose from the open list by a few letters."""
    expect(page.get_by_role("combobox").last).to_be_focused()
    write(page, text)
    page.keyboard.press("Enter")


def stands_on(page: Page, card: str) -> None:
    expect(page.locator(".svelte-flow__node:focus")).to_have_attribute("aria-label", re.compile(card))


def go_inside(page: Page) -> None:
    """Go from a card's frame to what is in the card."""
    page.keyboard.press("Enter")
    expect(page.locator(".svelte-flow__node :focus")).to_have_count(1)


def accessible(page: Page, within: str = "html") -> None:
    """Look for what axe finds, in the dark and in the light; behind a dialog everything is dimmed and not looked at."""
    page.evaluate((stage.ROOT / "studio_web/node_modules/axe-core/axe.min.js").read_text())
    for theme in ("dark", "light"):
        page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
        page.wait_for_timeout(250)
        found = page.evaluate("(within) => axe.run(within, { resultTypes: ['violations'] })", within)["violations"]
        assert [f"{theme} {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found] == []


@pytest.fixture
def still(tmp_path: Path) -> Path:
    made = tmp_path / "harbour.png"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "mandelbrot=s=960x540", "-frames:v", "1", made], check=True
    )
    return made


def test_first_shot_to_film_by_keyboard_alone(page: Page, studio: stage.Studio, still: Path) -> None:
    page.add_init_script(MOUSE)
    page.on("filechooser", lambda _chooser: None)  # now, or the browser may hear of it after the key that needs it
    press = page.keyboard.press
    board = Board(page, studio)

    # a project
    page.goto(studio.url)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    reach(page, "(?i)new (project|film)|first film|create")
    press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_label("Title").focus()
    write(page, "Without a mouse")
    press("Enter")
    expect(page).to_have_url(re.compile("/p/[0-9a-f-]{36}"))
    board.saved()

    # a shot and its prompt
    reach(page, "^Board$")
    press("Shift+A")
    pick(page, "shot")
    expect(page.locator(".svelte-flow__node")).to_have_count(1)
    stands_on(page, "Shot 010")
    go_inside(page)
    reach(page, "^Prompt$")
    write(page, "Dawn over the harbour")
    press("Escape")
    stands_on(page, "Shot 010")
    board.saved()

    # a still, and the wire that leads it into the shot
    press("Control+k")
    pick(page, "add asset")
    expect(page.locator(".svelte-flow__node")).to_have_count(2)
    stands_on(page, "Asset")
    go_inside(page)
    reach(page, "^Choose a file$")
    with page.expect_file_chooser() as chooser:
        press("Enter")
    chooser.value.set_files(still)
    expect(page.locator(".svelte-flow__node", has=page.get_by_role("img"))).not_to_have_count(0)
    board.saved()
    press("w")
    pick(page, "media")
    pick(page, "shot still")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved")

    # a take
    press("Alt+ArrowRight")
    stands_on(page, "Shot 010")
    press("Control+Enter")
    expect(page.get_by_test_id("take-name").first).to_contain_text("v01 take 01", timeout=TAKE_S)

    # the cut, and the film
    press("Control+k")
    pick(page, "add assembler")
    expect(page.locator(".svelte-flow__node")).to_have_count(3)
    stands_on(page, "Assembler")
    press("w")
    pick(page, "shots get")
    pick(page, "shot 010 take")
    expect(page.get_by_role("dialog")).to_have_count(0)
    board.saved()
    go_inside(page)
    reach(page, "^Render Final Video$")
    press("Enter")
    expect(page.get_by_role("button", name="Watch the film")).to_be_visible(timeout=TAKE_S)
    press("Escape")
    stands_on(page, "Assembler")
    press("Space")
    player = page.get_by_role("dialog")
    expect(player.locator("video")).to_be_visible()
    expect(player.get_by_role("button", name=re.compile("Pause|Play")).first).to_be_visible()
    press("Escape")
    expect(player).to_have_count(0)

    assert page.evaluate("window.__pressed") == 0


def test_the_outline_does_what_the_board_does(page: Page, studio: stage.Studio) -> None:
    press = page.keyboard.press
    board = Board(page, studio)
    board.new_project("As a tree", "low")
    for title in ("Shot", "Asset"):
        board.add(title)
    page.get_by_role("button", name="Add Scene", exact=True).click()
    board.saved()
    page.locator("[data-board]").focus()
    press("o")
    tree = page.get_by_role("tree")
    focused = tree.locator("[role=treeitem]:focus")
    expect(focused).to_have_count(1)

    # letters jump, arrows open and close
    press("Home")
    write(page, "shot")
    expect(focused).to_have_attribute("aria-label", re.compile("^Shot 010, No take"))
    press("ArrowRight")
    expect(focused).to_have_attribute("aria-expanded", "true")
    press("ArrowDown")
    expect(focused).to_have_attribute("aria-level", "2")
    press("ArrowLeft")
    press("ArrowLeft")
    expect(focused).to_have_attribute("aria-expanded", "false")

    # edit below it, and come back
    press("Enter")
    expect(page.get_by_role("complementary").get_by_role("textbox", name="Prompt")).to_be_focused()
    write(page, "A boat leaves")
    press("Escape")
    expect(focused).to_have_attribute("aria-label", re.compile("^Shot 010"))
    board.saved()
    accessible(page)

    # into the scene and back by undo, rename, wire, remove
    press("Control+Alt+g")
    pick(page, "scene")
    expect(focused).to_have_attribute("aria-level", "2")
    press("Control+z")
    expect(focused).to_have_attribute("aria-level", "1")
    press("F2")
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    write(page, "The quay")
    press("Enter")
    expect(focused).to_have_attribute("aria-label", re.compile("The quay"))
    press("w")
    pick(page, "still")
    pick(page, "asset media")
    board.saved()
    press("ArrowRight")
    expect(tree.get_by_role("treeitem", name="Still, Asset")).to_have_count(1)
    press("Shift+F10")
    expect(page.get_by_role("menuitem", name="Duplicate")).to_be_visible()
    press("Escape")
    press("Delete")
    expect(tree.get_by_role("treeitem", name=re.compile("The quay"))).to_have_count(0)

    # searching it
    page.get_by_label("Search the board").fill("asset")
    expect(tree.get_by_role("treeitem")).to_have_count(1)


def test_keys_of_ones_own(page: Page, studio: stage.Studio) -> None:
    press = page.keyboard.press
    board = Board(page, studio)
    board.new_project("My keys", "low")
    shot = board.add("Shot")
    page.locator("[data-board]").focus()
    press("Control+,")
    settings = page.get_by_role("dialog", name="Settings")
    settings.get_by_label("Search commands or keys").fill("duplicate")
    settings.get_by_role("button", name="Add a key: Duplicate", exact=True).click()
    press("Control+z")
    expect(settings.get_by_text("belongs to “Undo”")).to_be_visible()
    settings.get_by_role("button", name="Leave it there").click()
    settings.get_by_role("button", name="Add a key: Duplicate", exact=True).click()
    press("Shift+D")
    accessible(page, "[role=dialog]")
    press("Escape")
    expect(settings).to_have_count(0)

    shot.locator("header").click()
    press("Shift+D")
    expect(page.locator(".svelte-flow__node")).to_have_count(2)
    press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    line = sheet.get_by_role("listitem").filter(has_text="Duplicate")
    expect(line).to_contain_text("Shift")
    accessible(page, "[role=dialog]")
    press("Escape")
    shot.locator("header").click(button="right")
    expect(page.get_by_role("menuitem", name="Duplicate")).to_contain_text("D")
    accessible(page, "[role=menu]")
    press("Escape")

    # found by words, by state, and by a bookmark
    page.locator("[data-board]").focus()
    press("Control+f")
    page.get_by_role("search").get_by_label("State").select_option("no-take")
    expect(page.get_by_role("search").get_by_role("status")).to_have_text("2 found")
    page.get_by_label("Name, number or words of a prompt").focus()
    press("Enter")
    press("Enter")
    expect(page.get_by_role("search").get_by_role("status")).to_have_text("2 of 2")
    accessible(page)
    press("Escape")
    press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    accessible(page, "[role=dialog]")
    press("Escape")
    press("Control+s")
    expect(page.get_by_text("Already saved, revision").first).to_be_visible()


def big_enough(buttons: Locator) -> None:
    for button in buttons.all():
        box = button.bounding_box()
        if box and button.is_visible():
            assert min(box["width"], box["height"]) >= 44, button.inner_html()


def test_a_list_hears_keys_without_the_focus_and_goes_with_its_card(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Gone")
    shot = board.add("Shot")
    dialog = page.get_by_role("dialog")
    for leave in ("Escape", "remove"):
        shot.locator("header").click()
        page.keyboard.press("w")
        field = dialog.get_by_role("combobox")
        expect(field).to_be_focused()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("v")
        expect(field).to_be_focused()
        expect(field).to_have_value("v")
        page.evaluate("document.activeElement.blur()")
        if leave == "Escape":
            page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)
    # Somebody else takes the card away while its list is open.
    gone = {"operations": [{"op": "node.remove", "id": shot.get_attribute("data-id")}], "label": "Script"}
    httpx.post(f"{studio.url}/api/v1/projects/{board.project}/operations", json=gone).raise_for_status()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("This card is no longer on the board").first).to_be_visible()


def test_review_on_a_phone(page: Page, browser: Browser, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("In the hand", "low")
    shot = board.add("Shot")
    board.write(shot, "A lamp is lit")
    board.generate(shot)
    board.has_take(shot, 1, 1)

    hand = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = hand.new_page()
    watch = stage.Watch(phone)
    phone.goto(page.url)
    expect(phone.get_by_role("treeitem", name=re.compile("Shot 010, 1 take"))).to_be_visible()
    accessible(phone)
    parts = phone.get_by_role("navigation", name="Parts of the project")
    big_enough(parts.get_by_role("button"))
    big_enough(phone.get_by_role("treeitem"))
    parts.get_by_role("button", name=re.compile("Review")).tap()
    expect(phone.locator("video")).to_be_visible()
    keep = phone.get_by_role("button", name="Keep")
    big_enough(phone.get_by_role("button", name=re.compile("Keep|Reject|In the cut|Next|Previous")))
    accessible(phone)
    keep.tap()
    expect(phone.get_by_role("button", name="Kept")).to_have_attribute("aria-pressed", "true")
    parts.get_by_role("button", name="Queue").tap()
    accessible(phone)
    parts.get_by_role("button", name=re.compile("Review")).tap()
    expect(phone.get_by_text("Every take is decided")).to_be_visible()
    parts.get_by_role("button", name="Board").tap()
    expect(phone.locator("[data-board]")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert watch.unexpected() == []
    hand.close()
    expect(shot.get_by_role("button", name=re.compile("keeper|Star", re.IGNORECASE)).first).to_be_attached()
