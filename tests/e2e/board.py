"""What a person does on the page, in words the tests can use: roles and labels, the mouse and the keyboard."""

import re
from pathlib import Path

import httpx
from playwright.sync_api import FileChooser, Locator, Page, expect

from tests import stage

TAKE_S = 60_000
"""A take is made on this machine's processor; so long may it take, in milliseconds."""

STANDS = """
() => new Promise((done) => {
  const at = () => document.querySelector('.svelte-flow__viewport').style.transform;
  let [was, since, frames] = [at(), performance.now(), 0];
  const look = (now) => {
    if (at() !== was) [was, since, frames] = [at(), now, 0];
    if (++frames > 12 && now - since > 250) return done();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""
"""The view has come to rest, however slow the machine: it moves for a moment after it was told to."""


class Board:
    """The canvas of one project in a page; `folder` is where a new one lies, a name like it may be taken already."""

    folder: Path

    def __init__(self, page: Page, studio: stage.Studio) -> None:
        self.page = page
        self.studio = studio

    def new_project(self, title: str, quality: str | None = None) -> None:
        """Make a project in the dialog and arrive on its canvas."""
        self.page.goto(self.studio.url)
        self.page.get_by_role(
            "button", name=re.compile("New (project|film)|first film|Create", re.IGNORECASE)
        ).first.click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Title").fill(title)
        if quality:
            dialog.get_by_role("radio", name=re.compile(quality, re.IGNORECASE)).click()
        dialog.get_by_role("button", name=re.compile("Create", re.IGNORECASE)).click()
        expect(self.page).to_have_url(re.compile("/p/[0-9a-f-]{36}"))
        self.saved()
        state = httpx.get(f"{self.studio.url}/api/v1/projects/{self.project}").json()
        self.folder = self.studio.workspaces / "local" / "Projects" / state["project"]["slug"]

    @property
    def project(self) -> str:
        """Return the id of the project in the page's address."""
        return self.page.url.rsplit("/p/", 1)[1].split("?")[0]

    def saved(self) -> None:
        """Wait until the title bar says that everything is saved."""
        expect(self.page.get_by_test_id("save-state")).to_contain_text("Saved")

    def add(self, title: str) -> Locator:
        """Add a node from the rail and return its card, the newest of its kind."""
        cards = self.page.locator(".svelte-flow__node[data-id]:has(.card)")
        before = {card.get_attribute("data-id") for card in cards.all()}
        self.page.get_by_role("button", name=f"Add {title}", exact=True).click()
        expect(cards).to_have_count(len(before) + 1)
        new = next(card.get_attribute("data-id") for card in cards.all() if card.get_attribute("data-id") not in before)
        self.saved()
        return self.page.locator(f'.svelte-flow__node[data-id="{new}"]')

    def fit(self) -> None:
        """Bring the whole board into sight."""
        self.page.get_by_role("button", name="Fit the board").click()
        self.page.evaluate(STANDS)

    def show_inputs(self, card: Locator) -> None:
        """Open the row that stands for a card's folded inputs."""
        card.get_by_role("button", name=re.compile("more inputs$")).click()
        expect(card.get_by_role("button", name="Fewer inputs")).to_be_visible()

    def join(self, source: Locator, output: str, target: Locator, into: str) -> None:
        """Drag a wire from an output to an input."""
        start = source.get_by_label(re.compile(f"^{output} output", re.IGNORECASE)).bounding_box()
        end = target.get_by_label(re.compile(f"^{into} input", re.IGNORECASE)).bounding_box()
        assert start
        assert end
        mouse = self.page.mouse
        mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        mouse.down()
        mouse.move((start["x"] + end["x"]) / 2, (start["y"] + end["y"]) / 2, steps=5)
        mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=5)
        mouse.up()

    def wires(self) -> Locator:
        """Return the wires that are drawn."""
        return self.page.locator("[data-wire]")

    def write(self, shot: Locator, prompt: str) -> None:
        """Write a shot's prompt and leave the field."""
        shot.get_by_role("textbox", name="Prompt").fill(prompt)
        self.page.keyboard.press("Escape")
        self.saved()

    def generate(self, shot: Locator) -> None:
        """Press Generate."""
        shot.get_by_role("button", name="Generate").click()

    def has_take(self, shot: Locator, version: int, number: int) -> None:
        """Wait until a shot shows a take."""
        expect(shot.get_by_test_id("take-name")).to_contain_text(f"v{version:02d} take {number:02d}", timeout=TAKE_S)

    def choose(self, card: Locator, file: Path) -> None:
        """Give a node a file of this machine."""
        with self.page.expect_file_chooser() as chooser:
            card.get_by_role("button", name="Choose a file").click()
        chosen: FileChooser = chooser.value
        chosen.set_files(file)
