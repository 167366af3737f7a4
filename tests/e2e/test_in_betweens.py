"""Takes of another frame rate: offered in the cut, made by the real pipeline, named in lists, asked in the settings."""

import re
import time
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from studio_server.domain.graph import edge_id
from tests import stage
from tests.e2e.board import TAKE_S, Board

SHOTS = ("a", "b")


def film(api: httpx.Client) -> str:
    """Make a film of two shots with takes at 24."""
    project = str(api.post("/projects", json={"title": "The Lamp", "quality": "low"}).json()["id"])
    operations: list[dict[str, Any]] = [{"op": "node.add", "node": {"id": "f", "type": "assembler", "x": 900, "y": 0}}]
    for place, shot in enumerate(SHOTS):
        data = {"prompt": "A lamp swings", "pipeline": "animatic", "seconds": 1}
        card = {"id": shot, "type": "shot", "x": 0, "y": 500 * place, "data": data}
        operations.append({"op": "node.add", "node": card})
        wire = {"id": edge_id(shot, "video", "f", "clips"), "source": shot, "source_handle": "video"}
        operations.append({"op": "edge.add", "edge": {**wire, "target": "f", "target_handle": "clips"}})
    assert api.post(f"/projects/{project}/operations", json={"operations": operations}).status_code == 200
    for shot in SHOTS:
        answer = api.post("/tasks/generate_shot", json={"project_id": project, "node_id": shot})
        assert answer.status_code == 202, answer.text
    until = time.monotonic() + TAKE_S / 1000
    while sum(one["state"] == "succeeded" for one in api.get(f"/projects/{project}").json()["tasks"]) < len(SHOTS):
        assert time.monotonic() < until, "the takes"
        time.sleep(0.2)
    return project


def open_settings(page: Page) -> Locator:
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands, cards and takes")
    palette.get_by_role("combobox").fill("Project settings")
    palette.get_by_role("option", name=re.compile("Project settings")).first.click()
    return page.get_by_role("dialog", name="Project settings")


def give_another_rate(page: Page) -> None:
    """Give the project 30 frames a second; what that means for its takes is said first, and can be left."""
    settings = open_settings(page)
    for word in ("Cancel", "Make it 30 fps"):
        settings.get_by_role("combobox", name="Frame rate: 24 fps").click()
        page.get_by_role("option", name="30 fps", exact=True).click()
        expect(settings.get_by_role("alert")).to_contain_text("2 takes were made while the project was 24 fps.")
        settings.get_by_role("button", name=word, exact=True).click()
        expect(settings.get_by_role("alert")).to_have_count(0)
    expect(settings.get_by_role("combobox", name="Frame rate: 30 fps")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile("^Project settings"))).to_contain_text("30 fps")


def open_cut(page: Page) -> None:
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands, cards and takes")
    palette.get_by_role("combobox").fill("Open the cut")
    palette.get_by_role("option", name=re.compile("Open the cut")).first.click()


def test_the_cut_offers_pictures_in_between_and_has_them_made(page: Page, own_studio: Any) -> None:
    studio: stage.Studio = own_studio()
    studio.start()
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=30) as api:
        project = film(api)
        page.goto(f"{studio.url}/p/{project}")
        Board(page, studio).saved()
        give_another_rate(page)
        open_cut(page)
        cut = page.get_by_role("dialog", name=re.compile("^The cut"))
        rates = cut.get_by_role("region", name="Takes of another frame rate")
        says = "SHOT-010: 24 frames at 24 fill 30 at 30 by repeating frames."
        expect(rates).to_contain_text(says, timeout=30_000)
        rates.get_by_role("button", name="For all 2 shots").click()
        expect(page.get_by_text("Pictures in between of 2 shots are ordered").first).to_be_visible()
        expect(rates).to_contain_text(re.compile(r"SHOT-010: \d+ of 30 frames made in between"), timeout=TAKE_S)
        expect(rates).not_to_contain_text(re.compile("being made", re.IGNORECASE), timeout=TAKE_S)
        expect(rates.get_by_role("button")).to_have_count(0)
        entries = api.get(f"/projects/{project}/timeline", params={"node_id": "f"}).json()["cuts"]
        assert [(one["native_frames"], one["native_rate"], one["conform"]) for one in entries] == [
            (30, "30/1", None)
        ] * 2
        assert [one["take"] for one in entries] == ["SHOT-010_v01_take02", "SHOT-020_v01_take02"]
        page.keyboard.press("Escape")

        # the list of takes says whose pictures it has, and the queue what it was
        page.locator('.svelte-flow__node[data-id="a"]').click(position={"x": 60, "y": 14})
        page.get_by_role("button", name="Inspector").click()
        row = page.locator('li[data-take="SHOT-010_v01_take02"]')
        expect(row).to_contain_text("in-betweens of v01 take 01")

        settings = open_settings(page)
        asked = settings.get_by_role("group", name="Takes of another frame rate")
        expect(asked.get_by_role("radio", name=re.compile("Made in between"))).to_be_checked()
        asked.get_by_role("radio", name=re.compile("Repeated")).check()
        expect(settings.locator("[aria-busy=false]")).to_be_visible()
        assert api.get(f"/projects/{project}").json()["project"]["other_rates"] == "repeat"
