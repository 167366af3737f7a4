"""What people are told before they press Generate: it fits, it waits, it is made otherwise, or nobody can."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import Board
from tests.e2e.test_axe import AXE, STILL, found


def axe_finds_nothing(page: Page, within: str) -> None:
    page.evaluate(AXE)
    page.evaluate(STILL)
    assert found(page, within, within) == []


def foretold(card: Locator) -> Locator:
    """Point at a card's Generate and return what its foot says then."""
    card.get_by_role("button", name=re.compile("^(Generate|Enlarge)$")).hover()
    return card.get_by_test_id("forecast")


@pytest.fixture
def farm(own_studio: Callable[..., stage.Studio], tmp_path: Path) -> stage.Studio:
    """A studio whose shots want a card of 24 GB that no machine has."""
    folder = tmp_path / "pipelines"
    folder.mkdir()
    for there in (stage.ROOT / "pipelines").iterdir():
        (folder / there.name).symlink_to(there)
    manifest = json.loads((folder / "animatic" / "pipeline.json").read_text())
    variants = [{"quality": "high", "vram_gb": 24, "estimate_s": 120.0, "credits": 2.0}]
    manifest |= {"id": "grand", "title": "Grand", "engine": "comfyui", "tier": "production", "variants": variants}
    (folder / "grand").mkdir()
    (folder / "grand" / "pipeline.json").write_text(json.dumps(manifest))
    studio = own_studio(STUDIO_PIPELINES_DIR=str(folder))
    studio.start()
    return studio


def test_before_generate_is_pressed_it_says_when_and_how_long(
    own_studio: Callable[..., stage.Studio], page: Page
) -> None:
    studio = own_studio()  # one that has made nothing yet: it can only guess
    studio.start()
    board = Board(page, studio)
    board.new_project("Foretold", "low")
    shot = board.add("Shot")
    board.write(shot, "A ship leaves")
    button = shot.get_by_role("button", name="Generate", exact=True)
    before = button.bounding_box()
    line = foretold(shot)
    expect(line).to_contain_text("Starts at once")
    expect(line).to_contain_text(re.compile("takes .* a guess"))
    assert button.bounding_box() == before, "nothing jumps"
    page.mouse.move(5, 5)
    expect(line).to_have_count(0)
    button.focus()
    expect(button).to_have_accessible_description(re.compile(r"Starts at once, takes .* On the processor of "))
    page.get_by_role("button", name="Inspector").click()
    told = page.get_by_test_id("forecast-section")
    expect(told).to_have_attribute("data-tone", "good")
    axe_finds_nothing(page, "aside")
    page.get_by_role("button", name=re.compile("^Queue")).click()
    page.get_by_role("button", name="Hold the queue").click()
    page.get_by_role("button", name="Inspector").click()
    expect(told).to_contain_text("The queue is held")
    expect(told).to_have_attribute("data-tone", "stop")


def test_what_a_project_chooses_is_what_people_are_told(page: Page, farm: stage.Studio) -> None:
    board = Board(page, farm)
    board.new_project("Chosen", "high")
    shot = board.add("Shot")
    board.write(shot, "A ship leaves")
    line = foretold(shot)
    expect(line).to_contain_text("A draft instead")
    expect(line).to_have_attribute("data-tone", "warn")
    shot.locator("header").click()
    page.get_by_role("button", name="Inspector").click()
    told = page.get_by_test_id("forecast-section")
    expect(told).to_contain_text("No machine with ComfyUI is there, which Grand needs.")

    page.get_by_role("button", name=re.compile("Project settings")).click()
    dialog = page.get_by_role("dialog", name="Project settings")
    expect(dialog.get_by_text("Grand")).to_be_visible()
    axe_finds_nothing(page, "[role=dialog]")
    dialog.get_by_role("radio", name=re.compile("Hold")).click()
    expect(dialog.get_by_role("radio", name=re.compile("Hold"))).to_be_checked()
    dialog.get_by_role("button", name="The processor: earlier").click()
    kept = farm.workspaces / "local" / "Projects" / "chosen" / "project.json"

    def settings() -> dict[str, object]:
        return dict(json.loads(kept.read_text())["project_settings"])

    expect(dialog.get_by_role("listitem").filter(has_text="The processor").last).to_contain_text("2")
    assert settings()["when_full"] == "queue"
    assert settings()["engines"] == ["comfyui", "cpu", "cuda"]
    page.keyboard.press("Escape")
    expect(told).to_contain_text("No machine for it")
    expect(told).to_contain_text("Costs 2 credits")
    expect(told).to_have_attribute("data-tone", "stop")
    expect(told.get_by_role("link", name="See which machines are there")).to_be_visible()
    expect(foretold(shot)).to_contain_text("No machine for it")


def test_a_card_that_improves_says_that_it_steps_aside(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Aside", "low")
    card = {"op": "node.add", "node": {"id": "n_up", "type": "upscale", "x": 0, "y": 0, "data": {}}}
    httpx.post(f"{studio.url}/api/v1/projects/{board.project}/operations", json={"operations": [card]})
    larger = page.locator('.svelte-flow__node[data-id="n_up"]')
    board.fit()
    larger.locator("header").click()
    page.get_by_role("button", name="Inspector").click()
    page.get_by_label("At least").select_option("high")
    expect(larger.get_by_test_id("steps-aside")).to_contain_text("Steps aside: made from high on")
    expect(larger.get_by_role("button", name="Enlarge")).to_be_disabled()
    expect(page.get_by_text("Made from high quality on, and the project is at low").last).to_be_visible()
    board.saved()
    page.get_by_role("combobox", name="Quality").first.select_option("high")
    expect(larger.get_by_test_id("steps-aside")).to_have_count(0)
    expect(foretold(larger)).to_contain_text("Cannot be made yet")


def test_the_composer_says_it_before_anything_is_sent(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Composed", "low")
    page.goto(f"{studio.url}/p/{board.project}/compose")
    page.get_by_role("textbox", name=re.compile("What happens|Prompt", re.IGNORECASE)).first.fill("A ship leaves")
    told = page.get_by_test_id("forecast-section")
    expect(told).to_contain_text("Starts at once")
    axe_finds_nothing(page, "main")
