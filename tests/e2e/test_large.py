"""A large board is there with what is in sight; the takes of the rest follow, also where their answer is lost."""

import json
import shutil
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Response, expect

from tests import stage
from tests.e2e.test_afar import film, node
from tests.integration.studios import clip

SHOTS = 240
FAR = f"shot{SHOTS - 1}"
NEAR = {"x": 20, "y": 20, "zoom": 0.8}


def with_takes(studio: stage.Studio, project: str, folder: Path) -> str:
    """Give the first and the last shot a take by hand; return the number of the last one."""
    ready = clip(folder / "ready.mp4")
    root = Path(httpx.get(f"{studio.url}/api/v1/projects/{project}").json()["project"]["path"])
    codes = [str(dict(node(studio, project, name))["data"]["code"]) for name in ("shot0", FAR)]  # type: ignore[index]
    for code in codes:
        shot = root / "03_Renders" / "SCENE_01" / f"SHOT_{code}"
        shot.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ready, shot / f"SHOT-{code}_v01_take01.mp4")
    return codes[1]


@pytest.mark.parametrize("lost", [False, True], ids=["told", "lost on the way"])
def test_what_is_in_sight_is_there_first(
    page: Page, studio: stage.Studio, watch: stage.Watch, tmp_path: Path, lost: bool
) -> None:
    watch.expect("Failed to load resource|ERR_FAILED")
    project = film(studio, SHOTS)
    code = with_takes(studio, project, tmp_path)
    page.goto(studio.url)
    page.evaluate("([key, view]) => localStorage.setItem(key, view)", [f"studio.view.{project}", json.dumps(NEAR)])
    if lost:
        page.route(f"**/api/v1/projects/{project}/takes", lambda route: route.abort())
    first: list[Response] = []
    page.on("response", lambda answer: first.append(answer) if f"/projects/{project}?near=" in answer.url else None)
    page.goto(f"{studio.url}/p/{project}")
    near = page.locator('.svelte-flow__node[data-id="shot0"]')
    expect(near.get_by_test_id("take-name")).to_contain_text("v01 take 01")
    told = first[0].json()
    assert told["whole"] is False
    assert len(told["takes"]["shot0"]) == 1
    assert FAR not in told["takes"]
    assert len(first) == 1, "the page found what was asked for on its way"
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved")
    page.locator("[data-board]").focus()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill(f"Shot {code}")
    page.get_by_role("option", name=f"Shot {code}").first.click()
    far = page.locator(f'.svelte-flow__node[data-id="{FAR}"]')
    expect(far.get_by_test_id("take-name")).to_contain_text("v01 take 01")
