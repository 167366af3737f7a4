"""What the board may cost: bytes of code before it is painted, elements on the page, elements a progress tick touches.

Bytes and elements are counted, never seconds, so that a busy machine does not fail these tests.
"""

import re

import httpx
from playwright.sync_api import Page, Response, expect

from benchmarks.film import new_film
from benchmarks.first_paint import AIM_KB, PAINTED, is_code, needed
from tests import stage
from tests.e2e.board import Board
from tests.e2e.test_afar import cards, film

MOST_ELEMENTS = 3000
"""Of a page that shows a part of a board of a thousand shots; it would be a hundred thousand with all mounted."""

WATCH = """
() => {
  window.__touched = new Set();
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const at = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
      const card = at?.closest('.svelte-flow__node');
      if (card) window.__touched.add(card.dataset.id);
    }
  }).observe(document.querySelector('.svelte-flow__nodes'), {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
}
"""

EARLY = """
() => {
  const named = document.querySelector('script[data-parts]').dataset.parts.split(' ');
  const policy = document.querySelector('meta[http-equiv]');
  const asked = ['modulepreload', 'preload][as=style', 'preload][as=font'].map((how) => `link[rel=${how}]`);
  const links = [...document.querySelectorAll(asked.join(', '))];
  const early = links.filter((one) => one.compareDocumentPosition(policy) & Node.DOCUMENT_POSITION_FOLLOWING);
  return { named, late: named.filter((name) => !early.some((one) => one.getAttribute('href') === `/${name}`)) };
}
"""
"""What the page's first script asked for stands before all that comes after that script."""


def test_the_canvas_page_stays_small(page: Page, studio: stage.Studio) -> None:
    code: list[Response] = []
    project = new_film(studio, shots=10).id
    page.on("response", lambda answer: code.append(answer) if is_code(answer) else None)
    page.goto(f"{studio.url}/p/{project}", wait_until="commit")
    painted = float(page.evaluate(PAINTED))
    assert 0 < needed(code, painted) / 1000 < AIM_KB


def test_a_thousand_shots_mount_what_is_in_sight(page: Page, studio: stage.Studio) -> None:
    project = film(studio, 1000)
    page.goto(f"{studio.url}/p/{project}")
    expect(page.get_by_role("img", name="The board from afar: 1,001 cards")).to_be_visible()
    assert cards(page).count() == 0
    page.evaluate(
        "([key, view]) => localStorage.setItem(key, view)",
        [f"studio.view.{project}", '{"x": 20, "y": 20, "zoom": 0.8}'],
    )
    page.reload()
    expect(page.locator('.svelte-flow__node[data-id="shot0"]')).to_be_visible()
    assert cards(page).count() < 16
    assert page.locator("*").count() < MOST_ELEMENTS


def test_everything_dragged_at_once_mounts_what_is_in_sight(page: Page, studio: stage.Studio) -> None:
    project = film(studio, 1000)
    page.goto(f"{studio.url}/p/{project}")
    expect(page.get_by_role("img", name="The board from afar: 1,001 cards")).to_be_visible()
    page.evaluate(
        "([key, view]) => localStorage.setItem(key, view)",
        [f"studio.view.{project}", '{"x": 20, "y": 20, "zoom": 0.8}'],
    )
    page.reload()
    grip = page.locator('.svelte-flow__node[data-id="shot0"]')
    expect(grip).to_be_visible()
    page.locator("[data-board]").focus()
    page.keyboard.press("Control+a")
    expect(grip).to_have_class(re.compile(r"\bselected\b"))
    box = grip.bounding_box()
    assert box is not None
    before = positions(studio, project)
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6 + 60, box["y"] + 60, steps=4)
    expect(page.locator(".svelte-flow__node.dragging")).not_to_have_count(0)
    assert cards(page).count() < 40
    page.mouse.up()
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved", timeout=60_000)
    after = positions(studio, project)
    moved = {(round(after[one][0] - x), round(after[one][1] - y)) for one, (x, y) in before.items()}
    assert len(moved) == 1
    assert moved != {(0, 0)}


def positions(studio: stage.Studio, project: str) -> dict[str, tuple[float, float]]:
    """Return where every card is, as the studio has it."""
    nodes = httpx.get(f"{studio.url}/api/v1/projects/{project}", timeout=60).json()["graph"]["nodes"]
    return {name: (node["x"], node["y"]) for name, node in nodes.items()}


def test_what_a_machine_says_touches_the_card_it_is_about(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("One card", "low")
    shots = [board.add("Shot") for _ in range(3)]
    board.write(shots[0], "A ship leaves")
    board.fit()
    page.wait_for_timeout(500)
    shots[0].locator("header").click()
    page.evaluate(WATCH)
    board.generate(shots[0])
    board.has_take(shots[0], 1, 1)
    touched = page.evaluate("[...window.__touched]")
    assert touched == [shots[0].get_attribute("data-id")]


def test_the_code_of_the_board_is_asked_for_before_the_page_itself(page: Page, studio: stage.Studio) -> None:
    page.goto(f"{studio.url}/p/{new_film(studio, shots=1).id}")
    early = page.evaluate(EARLY)
    assert any(name.endswith(".js") for name in early["named"])
    assert any(name.endswith(".css") for name in early["named"])
    assert early["late"] == []
