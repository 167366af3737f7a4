"""Every dock and every dialog opened once, in the dark and in the light: axe finds nothing, the focus is well placed.

Takes are not needed for what is looked at here, so none are made; dialogs of takes are looked at in test_takes.
"""

import re

from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import Board

AXE = (stage.ROOT / "studio_web/node_modules/axe-core/axe.min.js").read_text()

DOCKS = {
    "Inspector": "i",
    "Queue": "q",
    "Assets": "a",
    "Outline": "o",
    "History": "Control+Alt+z",
    "Versions": "Control+Alt+v",
}

DIALOGS = {
    "Commands, cards and takes": "Control+k",
    "Keyboard shortcuts": "?",
    "Settings": "Control+,",
    "Rebuild what changed": "Control+Alt+r",
    "Keep this state": "Control+Shift+S",
    "Wires of": "w",
    "Rename": "F2",
    "Wedge of": "Shift+W",
    "Contact sheet of": "Shift+C",
}


STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important; }');
  document.adoptedStyleSheets.push(sheet);
}"""
"""Half faded in, or between dark and light, there is too little contrast: nothing fades."""

LOOK = """async (within) => {
  const root = document.documentElement;
  const said = [];
  for (const theme of ['dark', 'light']) {
    root.dataset.theme = theme;
    await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
    // What is not a matter of colour is the same in the light.
    const rules = theme === 'dark' ? {} : { runOnly: ['color-contrast'] };
    const { violations } = await axe.run(within, { resultTypes: ['violations'], ...rules });
    for (const { id, nodes } of violations)
      for (const { html, failureSummary } of nodes.slice(0, 3))
        said.push(`${theme}: ${id}: ${html.slice(0, 200)} ${failureSummary}`);
  }
  root.dataset.theme = 'dark';
  return said;
}"""


def found(page: Page, within: str, what: str) -> list[str]:
    """Ask axe about one part of the page; behind a dialog everything is dimmed and not looked at."""
    against: list[str] = page.evaluate(LOOK, within)
    return [f"{what}: {one}" for one in against]


def test_every_dock_and_dialog(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Axe")
    page.evaluate(AXE)
    page.evaluate(STILL)
    against: list[str] = []
    against += found(page, "html", "the empty board")
    page.get_by_role("button", name="Open a sample film").click()
    expect(page.locator(".svelte-flow__node[data-id]:has(.card)")).to_have_count(4)
    board.saved()
    page.keyboard.press("Escape")
    board.fit()
    page.locator(".svelte-flow__node[data-id]:has(.card) header").first.click()
    against += found(page, "html", "the board")

    for name, keys in DOCKS.items():
        page.keyboard.press(keys)
        dock = page.get_by_role("complementary").filter(has=page.get_by_role("button", name="Close"))
        expect(dock.get_by_role("heading").first).to_be_visible()
        against += found(page, "aside", name)
        dock.get_by_role("button", name="Close").first.click()
        expect(dock).to_have_count(0)

    # Whoever knows no key finds the same panels in the bar, and letters still work after a click there.
    bar = page.get_by_role("button", name="All panels")
    bar.click()
    for name in DOCKS:
        expect(page.get_by_role("menuitem", name=re.compile(name))).to_be_visible()
    against += found(page, "[role=menu]", "the menu of panels")
    page.get_by_role("menuitem", name=re.compile("Outline")).click()
    expect(page.get_by_role("complementary", name="Outline")).to_be_visible()
    bar.focus()
    page.keyboard.press("o")
    expect(page.get_by_role("complementary", name="Outline")).to_have_count(0)

    for name, keys in DIALOGS.items():
        page.locator(".svelte-flow__node[data-id]:has(.card) header").first.click()
        page.keyboard.press(keys)
        dialog = page.get_by_role("dialog", name=re.compile(f"^{name}"))
        expect(dialog).to_be_visible()
        expect(dialog.get_by_role("button", name="Close", exact=True).and_(page.locator(":focus"))).to_have_count(0)
        against += found(page, "[role=dialog]", name)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)

    page.locator(".svelte-flow__node[data-id]:has(.card) header").first.click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()
    against += found(page, "[role=menu]", "the menu of a card")
    assert against == []
