"""Cards that give sound, and Grade: lines are spoken, mixed and heard in the film, a take is graded, all for real."""

import re
import subprocess
import time
from pathlib import Path
from uuid import uuid4

import httpx
from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board

WAIT_S = TAKE_S / 1000


def card(node_id: str, kind: str, x: int, y: int, **data: object) -> dict[str, object]:
    return {"op": "node.add", "node": {"id": node_id, "type": kind, "x": x, "y": y, "parent": None, "data": data}}


def wire(source: str, gives: str, target: str, takes: str) -> dict[str, object]:
    ends = {"source": source, "source_handle": gives, "target": target, "target_handle": takes}
    return {"op": "edge.add", "edge": {"id": f"{source}.{gives}>{target}.{takes}", **ends}}


def test_sound_is_spoken_mixed_and_laid_under_the_film(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
        told(page, studio, api, tmp_path)


def told(page: Page, studio: stage.Studio, api: httpx.Client, tmp_path: Path) -> None:
    project = api.post("/projects", json={"title": "Harbour mix", "quality": "low"}).json()["id"]
    music = tmp_path / "theme.wav"
    source = "sine=frequency=110:sample_rate=48000:duration=20,tremolo=f=2:d=0.8"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, str(music)], check=True)
    with music.open("rb") as file:
        asset = api.post(f"/projects/{project}/assets", files={"file": ("theme.wav", file)}).raise_for_status().json()
    operations = [
        card("shot", "shot", 0, 0, prompt="Wide shot, a harbour at dusk, two women", seconds=2.0),
        card("look", "grade", 420, 0, look="cinematic"),
        card("lines", "speech", 0, 800, dialogue="ANNA: You came back.\nBEN: I never left."),
        card("theme", "audio", 0, 1400, asset=asset["id"]),
        card("mix", "mix", 420, 800, music_level=-4),
        card("film", "assembler", 840, 0),
        wire("shot", "video", "look", "clip"),
        wire("look", "video", "film", "clips"),
        wire("lines", "audio", "mix", "dialogue"),
        wire("theme", "audio", "mix", "music"),
        wire("mix", "audio", "film", "voices"),
    ]
    api.post(
        f"/projects/{project}/operations", json={"op_id": str(uuid4()), "operations": operations}
    ).raise_for_status()
    for node in ("shot", "look", "lines", "mix"):
        api.post("/tasks/generate_shot", json={"project_id": project, "node_id": node}).raise_for_status()
        made(api, project, node)
    takes = {node: made(api, project, node) for node in ("look", "lines", "mix")}
    assert (takes["mix"]["mime"], takes["mix"]["frames"], takes["mix"]["has_audio"]) == ("audio/wav", None, True)
    assert takes["mix"]["facts"]["ducked"] is True  # type: ignore[index]
    assert takes["look"]["mime"] == "video/mp4"
    sounds = api.get(f"/projects/{project}/timeline", params={"node_id": "film"}).json()["sounds"]
    assert [one["name"] for one in sounds] == [str(takes["mix"]["path"]).rsplit("/", 1)[1]]

    page.goto(f"{studio.url}/p/{project}")
    board = Board(page, studio)
    board.saved()
    board.fit()
    page.keyboard.press("i")
    for node, sockets in (("mix", ("Dialogue", "Effects", "Music")), ("look", ("Clip",))):
        found = page.locator(f'.svelte-flow__node[data-id="{node}"]')
        for name in sockets:
            expect(found.get_by_role("button", name=re.compile(f"^{name} input"))).to_be_attached()
        found.click(position={"x": 40, "y": 12})
        expect(page.get_by_label("Ducking" if node == "mix" else "Exposure").first).to_be_visible()


def made(api: httpx.Client, project: str, node: str) -> dict[str, object]:
    """Return the newest take of a card, once it is there."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        whole = api.get(f"/projects/{project}").json()
        if takes := whole["takes"].get(node):
            return takes[-1]  # type: ignore[no-any-return]
        time.sleep(0.3)
    raise AssertionError(f"{node} has no take: {api.get(f'/projects/{project}').json().get('tasks')}")
