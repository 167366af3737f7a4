"""Every dock and every dialog opened once, in the dark and in the light: axe finds nothing, the focus is well placed.

Takes are not needed for what is looked at here, so none are made; dialogs of takes are looked at in test_takes.
"""

import re

import pytest
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


def found(page: Page, within: str, what: str) -> list[str]:
    """Ask axe about one part of the page; behind a dialog everything is dimmed and not looked at."""
    page.wait_for_timeout(200)  # it fades in, and half faded there is too little contrast
    against = page.evaluate("(within) => axe.run(within, { resultTypes: ['violations'] })", within)["violations"]
    return [f"{what}: {one['id']}: {node['html'][:200]}" for one in against for node in one["nodes"][:3]]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_dock_and_dialog(page: Page, studio: stage.Studio, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('studio.theme', '{theme}')")
    board = Board(page, studio)
    board.new_project(f"Axe in the {theme}")
    page.evaluate(AXE)
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
    against += found(page, "[role=menu]", "the menu of a card")
    assert against == []
