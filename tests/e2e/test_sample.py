"""A new studio's first minute: the sample film opens finished, and a tour shows somebody around, by keyboard alone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.test_axe import AXE, STILL, found

DIALOGS = (
    "Play the selected shot",
    "Script to film",
    "Clone this project",
    "Project settings",
    "Rebuild what changed",
    "Webhooks",
    "Try an alternate",
)
"""What opens by a command of the list and needs a film, or is in no other test."""


def test_the_sample_film_and_its_tour(page: Page, own_studio: Callable[..., stage.Studio]) -> None:
    studio = own_studio()
    studio.start()
    page.goto(studio.url)
    page.get_by_role("button", name="See a finished film").click()
    tour = page.locator("dialog.tour")
    expect(tour.get_by_text("This is “The Last Ferry”")).to_be_visible(timeout=60_000)
    for title in ("A shot and its takes", "Say what happens", "Make only what changed", "The cut"):
        page.keyboard.press("ArrowRight")
        expect(tour.get_by_text(title, exact=True)).to_be_visible(timeout=30_000)
    page.keyboard.press("ArrowLeft")
    expect(tour.get_by_text("Make only what changed")).to_be_visible(timeout=30_000)
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    expect(page.get_by_text("The tour is in the list of commands")).to_be_visible()
    assert "tour" not in page.url

    # finished: every shot has its take, nothing of the making is missing, and the cut plays without being rendered
    cards = page.locator(".svelte-flow__node[data-id]")
    expect(cards.first).to_be_visible()
    expect(page.get_by_text("No take yet")).to_have_count(0)
    expect(page.get_by_role("button", name="Rebuild what changed")).to_be_visible()
    page.reload()
    expect(cards.first).to_be_visible(timeout=30_000)
    expect(page.locator("dialog.tour")).to_have_count(0)
    page.goto(studio.url)
    expect(page.get_by_role("link", name="The Last Ferry")).to_be_visible()


def test_every_dialog_over_a_finished_film(page: Page, own_studio: Callable[..., stage.Studio]) -> None:
    studio = own_studio()
    studio.start()
    page.goto(studio.url)
    page.get_by_role("button", name="See a finished film").click()
    expect(page.locator("dialog.tour")).to_be_visible(timeout=60_000)
    page.evaluate(AXE)
    page.evaluate(STILL)
    against = found(page, "dialog.tour", "the tour")
    page.keyboard.press("ArrowRight")  # comes close to a shot
    expect(page.get_by_text("A shot and its takes")).to_be_visible(timeout=30_000)
    page.keyboard.press("Escape")
    shot = page.locator(".svelte-flow__node-shot").first
    against += found(page, "html", "the board of a finished film")
    for command in DIALOGS:
        shot.locator("header").first.click()
        page.keyboard.press("Control+k")
        palette = page.get_by_role("dialog", name="Commands, cards and takes")
        palette.get_by_role("combobox").fill(command)
        palette.get_by_role("option", name=re.compile(command)).first.click()
        expect(palette).to_have_count(0)
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("button").first).to_be_visible(timeout=30_000)
        against += found(page, "[role=dialog]", command)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands, cards and takes")
    palette.get_by_role("combobox").fill("Open the cut")
    palette.get_by_role("option", name=re.compile("Open the cut")).first.click()
    cut = page.get_by_role("dialog")
    expect(cut.get_by_role("button", name="Play", exact=True).first).to_be_visible(timeout=30_000)
    against += found(page, "[role=dialog]", "the cut")
    assert against == []
