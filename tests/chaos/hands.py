"""What a person does on the board, at random and by the mouse and keyboard of a real page. Nothing here knows the code.

An act that cannot be done now, because a card has gone or lies under another, is not done; that is no failure.
"""

import json
import random
from collections.abc import Callable
from typing import Any, cast

from playwright.sync_api import Error, Page

FULL = 60
"""With so many cards on the board at a calm, people begin to tidy up."""

WORDS = [
    "fog",
    "harbour",
    "lantern",
    "she",
    "waits",
    "rain",
    "close",
    "wide",
    "slow",
    "door",
    "opens",
    "night",
    "gull",
    "rope",
    "salt",
    "hands",
]

_READ = """() => {
  const data = new DataTransfer();
  document.querySelector('[data-board]').dispatchEvent(
    new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true })
  );
  return data.getData('text/plain');
}"""

_SEEN = """() => {
  const free = (x, y, owner) => {
    const top = document.elementFromPoint(x, y);
    return !!top && (top === owner || owner.contains(top)) && x > 80 && y > 50;
  };
  const out = { cards: [], sockets: [], prompts: [], wires: [] };
  for (const card of document.querySelectorAll('.svelte-flow__node[data-id]')) {
    const box = card.getBoundingClientRect();
    const x = box.x + box.width * 0.7, y = box.y + 12 * (box.width / Math.max(card.offsetWidth, 1));
    if (free(x, y, card)) out.cards.push({ id: card.dataset.id, x, y });
    for (const socket of card.querySelectorAll('.svelte-flow__handle')) {
      const at = socket.getBoundingClientRect();
      const sx = at.x + at.width / 2, sy = at.y + at.height / 2;
      if (free(sx, sy, socket)) out.sockets.push({
        id: card.dataset.id, x: sx, y: sy, handle: socket.dataset.handleid,
        output: socket.classList.contains('source')
      });
    }
    const field = card.querySelector('textarea');
    if (field) {
      const at = field.getBoundingClientRect();
      if (free(at.x + at.width / 2, at.y + at.height / 2, field))
        out.prompts.push({ id: card.dataset.id, x: at.x + at.width / 2, y: at.y + at.height / 2 });
    }
  }
  return out;
}"""

Spot = dict[str, Any]


def board_of(page: Page) -> dict[str, Any]:
    """Return nodes and edges as this page has them: what select all and copy put into the clipboard."""
    text = _copied(page)
    if not text:
        return {"nodes": {}, "edges": {}}
    clip = json.loads(text)
    return {kind: {one["id"]: one for one in clip[kind]} for kind in ("nodes", "edges")}


def _copied(page: Page) -> str:
    for _ in range(4):
        if page.locator("[role=dialog], [role=menu], [role=listbox]").count() == 0:
            break
        page.keyboard.press("Escape")
        page.wait_for_timeout(80)
    page.locator("[data-board]").focus()
    page.keyboard.press("Control+a")
    page.wait_for_timeout(60)
    return cast("str", page.evaluate(_READ))


def what_fits(catalog: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the names of outputs and inputs that take each other, as a person knows them after a day."""
    kinds = [*catalog["nodes"], *catalog["pipelines"]]
    outputs = {(spec["name"], spec["type"]) for kind in kinds for spec in kind["outputs"]}
    inputs = {(spec["name"], spec["type"]) for kind in kinds for spec in kind["inputs"]}
    accepts = {name: {name, *look["accepts"]} for name, look in catalog["sockets"].items()}
    return {(out, into) for out, kind in outputs for into, wanted in inputs if kind in accepts.get(wanted, ())}


class Hands:
    """One person at one page."""

    def __init__(self, page: Page, dice: random.Random, fits: set[tuple[str, str]]) -> None:
        self.page = page
        self.dice = dice
        self._fits = fits
        self.full = False
        self.done: dict[str, int] = {}

    def act(self) -> str:
        """Do one thing; return what, or an empty text when it could not be done."""
        names = [name for name, weight in ACTS.items() for _ in range(weight)]
        name = self.dice.choice(names)
        try:
            did = cast("Callable[[], bool]", getattr(self, f"_{name}"))()
        except Error:
            did = False
        if did:
            self.done[name] = self.done.get(name, 0) + 1
        return name if did else ""

    def leave_field(self) -> None:
        """Take the focus out of any field, so that what was typed is handed on, and shut what is open."""
        self.page.keyboard.press("Escape")
        self.page.evaluate("document.activeElement instanceof HTMLElement && document.activeElement.blur()")

    def _seen(self) -> dict[str, list[Spot]]:
        return cast("dict[str, list[Spot]]", self.page.evaluate(_SEEN))

    def _one(self, kind: str) -> Spot | None:
        there = self._seen()[kind]
        return self.dice.choice(there) if there else None

    def _key(self, keys: str) -> bool:
        self.page.locator("[data-board]").focus(timeout=1000)
        self.page.keyboard.press(keys)
        return True

    def _add(self) -> bool:
        if self.full:
            return self._tidy()
        buttons = self.page.locator("nav button[draggable=true]")
        count = buttons.count()
        if count:
            buttons.nth(self.dice.randrange(count)).click(timeout=1500)
        return count > 0

    def _select(self) -> bool:
        card = self._one("cards")
        if card is None:
            return self._fit()
        if self.dice.random() < 0.4:
            self.page.keyboard.down("Shift")
        self.page.mouse.click(card["x"], card["y"])
        self.page.keyboard.up("Shift")
        return True

    def _drag(self) -> bool:
        card = self._one("cards")
        if card is None:
            return self._fit()
        mouse = self.page.mouse
        mouse.move(card["x"], card["y"])
        mouse.down()
        for _ in range(self.dice.randint(1, 4)):
            mouse.move(card["x"] + self.dice.randint(-260, 260), card["y"] + self.dice.randint(-160, 160), steps=3)
        mouse.up()
        return True

    def _connect(self) -> bool:
        seen = self._seen()["sockets"]
        pairs = [
            (start, end)
            for start in seen
            for end in seen
            if start["output"] and not end["output"] and start["id"] != end["id"]
        ]
        # People mostly know what fits where.
        wise = [(a, b) for a, b in pairs if (a["handle"], b["handle"]) in self._fits]
        if not pairs:
            return self._fit()
        start, end = self.dice.choice(wise if wise and self.dice.random() < 0.85 else pairs)
        mouse = self.page.mouse
        mouse.move(start["x"], start["y"])
        mouse.down()
        mouse.move((start["x"] + end["x"]) / 2, (start["y"] + end["y"]) / 2, steps=3)
        mouse.move(end["x"], end["y"], steps=4)
        mouse.up()
        self.page.keyboard.press("Escape")
        return True

    def _type(self) -> bool:
        field = self._one("prompts")
        if field is None:
            return self._fit()
        self.page.mouse.click(field["x"], field["y"])
        if self.dice.random() < 0.5:
            self.page.keyboard.press("Control+A")
        self.page.keyboard.type(" ".join(self.dice.choices(WORDS, k=self.dice.randint(1, 4))), delay=4)
        how = self.dice.random()
        if how < 0.4:
            self.page.keyboard.press("Escape")
        elif how < 0.6:
            self.page.wait_for_timeout(450)
        return True

    def _number(self) -> bool:
        """Give a shot a number in the inspector, which may be another's: then the studio refuses it."""
        self._select()
        field = self.page.locator("aside input[id$='-code']")
        if field.count() == 0:
            return False
        field.first.fill(f"{self.dice.randint(1, 9):02d}0", timeout=1000)
        self.page.keyboard.press("Tab")
        return True

    def _nudge(self) -> bool:
        return self._key(self.dice.choice(["ArrowLeft", "ArrowRight", "Shift+ArrowUp", "ArrowDown"]))

    def _remove(self) -> bool:
        return self._select() and self._key("Delete")

    def _tidy(self) -> bool:
        """Take much of the board away at once."""
        if self.dice.random() < 0.6:
            return self._remove()
        self.full = False
        return self._key("Control+a") and self._key("Delete")

    def _duplicate(self) -> bool:
        return self._tidy() if self.full else self._key("Control+d")

    def _copy(self) -> bool:
        return self._key("Control+c")

    def _paste(self) -> bool:
        return self._tidy() if self.full else self._key("Control+v")

    def _all(self) -> bool:
        return self._key("Control+a")

    def _undo(self) -> bool:
        for _ in range(self.dice.choice([1, 1, 1, 2, 5])):
            self._key("Control+z")
        return True

    def _redo(self) -> bool:
        for _ in range(self.dice.choice([1, 1, 3])):
            self._key("Control+Shift+z")
        return True

    def _fit(self) -> bool:
        return self._key(self.dice.choice(["Home", "Shift+Digit2", "Shift+Digit0"]))

    def _mute(self) -> bool:
        return self._key("m")

    def _clear(self) -> bool:
        return self._key("Escape")


ACTS = {
    "add": 4,
    "select": 5,
    "drag": 6,
    "connect": 7,
    "type": 9,
    "number": 2,
    "nudge": 3,
    "remove": 2,
    "duplicate": 2,
    "copy": 2,
    "paste": 2,
    "all": 1,
    "undo": 6,
    "redo": 3,
    "fit": 2,
    "mute": 1,
    "clear": 1,
}
