"""Rebuild what changed, as an artist does it: one prompt is changed, and only what follows from it is made anew."""

import re
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board

Operation = dict[str, Any]


def shot(card: str, code: str, x: int, **data: object) -> Operation:
    node = {"id": card, "type": "shot", "x": x, "y": 80, "parent": None}
    return {"op": "node.add", "node": node | {"data": {"scene": "01", "code": code, "prompt": "Dawn", **data}}}


def wire(source: str, target: str, into: str = "motion") -> Operation:
    ends = {"source": source, "source_handle": "video", "target": target, "target_handle": into}
    return {"op": "edge.add", "edge": {"id": f"{source}.video>{target}.{into}", **ends}}


def chain(board: Board, title: str) -> None:
    """Open a project with shots 010 → 020 → 030 and 040 by itself, all of them made."""
    board.new_project(title, "low")
    operations = [shot(card, f"{n}0".zfill(3), 310 * n - 300, seconds=1) for n, card in enumerate("abcd", start=1)]
    apply(board, *operations, wire("a", "b"), wire("b", "c"))
    expect(card_of(board, "a")).to_be_visible()
    board.fit()
    expect(card_of(board, "d")).to_be_visible()
    started = httpx.post(f"{address(board)}/rebuild", json={"dry_run": False}, timeout=60)
    assert started.status_code == 202, started.text
    for card in "abcd":
        shows(board, card, "v01_take01")
    expect(board.page.locator("[data-standing]")).to_have_count(0)
    expect(board.page.get_by_test_id("run")).to_have_count(0)


def address(board: Board) -> str:
    return f"{board.studio.url}/api/v1/projects/{board.project}"


def apply(board: Board, *operations: Operation) -> None:
    answer = httpx.post(f"{address(board)}/operations", json={"operations": list(operations)})
    assert answer.is_success, answer.text


def card_of(board: Board, card: str) -> Locator:
    return board.page.locator(f'.svelte-flow__node[data-id="{card}"]')


def badge(board: Board, card: str) -> Locator:
    return card_of(board, card).locator("[data-standing]")


def shows(board: Board, card: str, take: str) -> None:
    """Wait until a card shows a take, seen from near or from afar."""
    picture = card_of(board, card).get_by_role("button", name=re.compile(f"^Play, SHOT-0[1-4]0_{take}$"))
    expect(picture).to_be_attached(timeout=2 * TAKE_S)


def takes(board: Board) -> dict[str, int]:
    found = httpx.get(address(board)).json()["takes"]
    return {card: len(found[card]) for card in "abcd"}


def test_one_prompt_and_only_what_follows_from_it_is_made_anew(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    chain(board, "Salt")
    board.write(card_of(board, "a"), "Rain over the harbour")
    expect(badge(board, "a")).to_have_accessible_name("Out of date: The prompt changed")
    expect(badge(board, "b")).to_have_accessible_name("Out of date: Shot 010 will change")
    expect(badge(board, "c")).to_have_accessible_name("Out of date: Shot 020 will change")
    expect(badge(board, "d")).to_have_count(0)

    page.get_by_role("button", name="Rebuild what changed, 3 out of date").click()
    dialog = page.get_by_role("dialog", name="Rebuild what changed")
    rows = dialog.get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("Shot 010")
    expect(rows.nth(1)).to_contain_text("after Shot 010")
    expect(dialog.get_by_role("status")).to_contain_text("3 to make")
    # Without the first one nothing has to be made: the others are only out of date because of it.
    first = dialog.get_by_role("checkbox", name="Rebuild Shot 010")
    first.click()
    expect(dialog.get_by_role("status")).to_contain_text("Nothing to do")
    expect(rows.nth(1)).to_contain_text("not needed then")
    first.click()
    dialog.get_by_role("button", name="Rebuild 3").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("run")).to_be_visible()
    page.reload()  # the studio goes on without the page
    for card in "abc":
        shows(board, card, "v02_take01")
    expect(page.locator("[data-standing]")).to_have_count(0, timeout=TAKE_S)
    expect(page.get_by_test_id("run")).to_have_count(0)
    assert takes(board) == {"a": 2, "b": 2, "c": 2, "d": 1}

    page.keyboard.press("Control+Alt+r")
    expect(page.get_by_role("dialog", name="Rebuild what changed")).to_contain_text("Everything is up to date")
    page.keyboard.press("Escape")

    # Back to the words it had: that take is there already.
    board.write(card_of(board, "a"), "Dawn")
    badge(board, "a").click()
    dialog = page.get_by_role("dialog", name="Rebuild what changed")
    expect(dialog.get_by_role("listitem").nth(0)).to_contain_text("already is this")
    dialog.get_by_role("button", name=re.compile("^Rebuild ")).last.click()
    shows(board, "c", "v01_take01")
    expect(page.locator("[data-standing]")).to_have_count(0, timeout=TAKE_S)
    assert takes(board) == {"a": 2, "b": 2, "c": 2, "d": 1}


def test_a_locked_take_stays_whatever_changes(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    chain(board, "Pepper")
    card_of(board, "b").locator("header").click()
    page.keyboard.press("l")
    expect(badge(board, "b")).to_have_accessible_name("Locked")
    board.write(card_of(board, "a"), "Rain over the harbour")
    expect(badge(board, "a")).to_have_attribute("data-standing", "stale")
    expect(badge(board, "b")).to_have_accessible_name("Locked: Shot 010 will change")
    expect(badge(board, "c")).to_have_count(0)

    page.keyboard.press("o")
    outline = page.get_by_role("complementary", name="Outline")
    outline.get_by_role("button", name="Only what is out of date").click()
    expect(outline.get_by_role("treeitem")).to_have_count(1)
    expect(outline.get_by_role("treeitem")).to_contain_text("Shot 010")
    page.keyboard.press("Control+Alt+r")
    dialog = page.get_by_role("dialog", name="Rebuild what changed")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    dialog.get_by_role("button", name="Rebuild 1").click()
    shows(board, "a", "v02_take01")
    expect(badge(board, "b")).to_have_accessible_name("Locked: A newer take of Shot 010 is active")
    assert takes(board) == {"a": 2, "b": 1, "c": 1, "d": 1}
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(badge(board, "b")).to_have_attribute("data-standing", "stale")
