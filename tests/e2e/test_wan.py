"""Wan 2.2 in a browser: both flows from the composer and from a card, against the stand-in for ComfyUI.

With COMFYUI_URL set, against that server: with tiny weights on a CPU it takes about ten minutes.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.test_composer import Composer, film
from tests.fakes.comfy import FakeComfy
from tests.wan import REAL, RealComfy, clip, small, voice

pytestmark = pytest.mark.timeout(3600 if REAL else 900)

LONG_MS = 900_000 if REAL else 120_000
"""A whole run through five processes on a busy machine."""


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[FakeComfy | RealComfy]:
    if REAL:
        yield RealComfy(REAL)
        return
    with FakeComfy(tmp_path / "comfy") as fake:
        yield fake


def test_both_flows_from_the_composer_and_from_a_card(
    page: Page, own_studio: Callable[..., stage.Studio], comfy: FakeComfy | RealComfy, tmp_path: Path
) -> None:
    less = {"STUDIO_PIPELINES_DIR": str(small(tmp_path / "pipelines", 128 * 72))} if REAL else {}
    studio = own_studio(RUNNER_COMFYUI_URL=comfy.url, STUDIO_COMFYUI_URL=comfy.url, **less)
    studio.start()
    Image.effect_noise((640, 360), 60).convert("RGB").save(tmp_path / "hero.png")
    clip(tmp_path / "dance.mp4", 80, size="160x90")
    voice(tmp_path / "line.wav", 1)
    page.set_default_timeout(LONG_MS)
    composer = Composer(page, studio, film(studio, "Wan"))

    # a still and a clip: the pipeline that uses both is taken, and what ComfyUI shows is seen while it works
    composer.attach("Ground truth", tmp_path / "hero.png")
    composer.attach("Motion video", tmp_path / "dance.mp4")
    composer.prompt.fill("She dances")
    gate = comfy.gate("VAEDecode")
    composer.generate()
    run = composer.runs().first
    expect(run.locator('img[src^="data:image/jpeg;base64,"]')).to_be_visible(timeout=LONG_MS)
    expect(run.get_by_test_id("run-state")).to_contain_text("Developing", timeout=LONG_MS)
    gate.open.set()
    expect(run.get_by_role("button", name="Use again")).to_be_visible(timeout=LONG_MS)
    expect(run.locator('img[src^="data:"]')).to_have_count(0, timeout=LONG_MS)

    # a still and a voice, in the other mode
    page.get_by_role("radio", name="Audio performance").check()
    composer.attach("Audio", tmp_path / "line.wav")
    composer.generate()
    expect(composer.runs()).to_have_count(2, timeout=LONG_MS)
    expect(composer.runs().first.get_by_role("button", name="Use again")).to_be_visible(timeout=LONG_MS)

    # each is a shot with its wires; from the card it is made again, and seen while it is made
    nodes, wires = composer.graph()
    shots = {str(node["data"]["pipeline"]): key for key, node in nodes.items() if node["type"] == "shot"}  # type: ignore[index]
    assert set(shots) == {"wan22-animate", "wan22-s2v"}
    into = {shot: sorted(w["target_handle"] for w in wires if w["target"] == key) for shot, key in shots.items()}
    assert into == {"wan22-animate": ["motion", "still"], "wan22-s2v": ["still", "voice"]}
    page.goto(f"{studio.url}/p/{composer.project}")
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved", timeout=LONG_MS)  # what is told is heard now
    for pipeline, frames in (("wan22-animate", 80), ("wan22-s2v", 16)):
        card = page.locator(f'.svelte-flow__node[data-id="{shots[pipeline]}"]')
        gate = comfy.gate("VAEDecode")
        page.get_by_role("button", name="Fit the board").click()
        card.get_by_role("button", name="Generate").click()
        expect(card.locator('img[src^="data:image/jpeg;base64,"]')).to_be_visible(timeout=LONG_MS)
        gate.open.set()
        expect(card.get_by_role("button", name="Generate")).to_be_visible(timeout=LONG_MS)
        takes = httpx.get(f"{studio.url}/api/v1/projects/{composer.project}", timeout=30).json()["takes"]
        made = takes[shots[pipeline]]
        assert [(take["frames"], take["frame_rate"]) for take in made] == [(frames, "16/1")] * 2
        for take in made:
            prompt = take["facts"]["prompt_id"]
            assert httpx.get(f"{comfy.url}/history/{prompt}", timeout=30).json()[prompt]["status"]["completed"]
    expect(page.locator('img[src^="data:image/jpeg"]')).to_have_count(0, timeout=LONG_MS)

    # of a long take the inspector tells the parts and what lies beside it, and one part is asked for again
    page.get_by_role("button", name="Fit the board").click()
    page.locator(f'.svelte-flow__node[data-id="{shots["wan22-animate"]}"]').get_by_text("010", exact=True).click()
    page.keyboard.press("i")
    parts = page.get_by_test_id("parts")
    expect(parts.get_by_role("row")).to_have_count(3)
    expect(page.get_by_test_id("beside").get_by_role("link")).to_have_count(2)
    parts.get_by_role("button", name="Make part 2 and those after it again").click()
    expect(page.get_by_text("Part 2 and those after it will be made another way").first).to_be_visible()
    asked = composer.graph()[0][shots["wan22-animate"]]["data"]
    assert isinstance(asked, dict)
    assert (asked["again"], asked["seed"]) == (2, takes[shots["wan22-animate"]][-1]["recipe"]["seed"])
