"""Wan 2.2 through the real programs: server, runner, the job's own door to ComfyUI, and the stand-in behind it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from studio_server.domain.graph import edge_id
from tests.fakes.comfy import FakeComfy
from tests.integration.pages import Page
from tests.stage import Studio
from tests.wan import clip, voice

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[FakeComfy]:
    with FakeComfy(tmp_path / "comfy") as fake:
        yield fake


@pytest.fixture
def studio(tmp_path: Path, comfy: FakeComfy) -> Iterator[Studio]:
    own = Studio(tmp_path / "studio", RUNNER_COMFYUI_URL=comfy.url, STUDIO_COMFYUI_URL=comfy.url)
    own.start()
    yield own
    own.stop()


def patiently(what: str, look: Any, seconds: float = 300) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(what)


def test_both_workflows_make_takes_from_cards(studio: Studio, comfy: FakeComfy, tmp_path: Path) -> None:
    still = tmp_path / "still.png"
    Image.effect_noise((512, 512), 60).convert("RGB").save(still)
    files = {"still": still, "motion": clip(tmp_path / "motion.mp4", 10), "voice": voice(tmp_path / "voice.wav", 1)}
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
        project = api.post("/projects", json={"title": "Doors"}).json()["id"]
        operations: list[dict[str, Any]] = []
        for name, path in files.items():
            with path.open("rb") as content:
                asset = api.post(f"/projects/{project}/assets", files={"file": (path.name, content)}).json()
            kind = {"still": "image", "motion": "video", "voice": "audio"}[name]
            card = {"id": name, "type": "audio" if kind == "audio" else "asset", "x": 0, "y": 0}
            data = {"asset": asset["id"], "kind": kind, "name": path.name}
            operations.append({"op": "node.add", "node": card | {"data": data}})
        for shot, pipeline in (("move", "wan22-animate"), ("talk", "wan22-s2v")):
            data = {"prompt": "A door opens.", "pipeline": pipeline}
            operations.append({"op": "node.add", "node": {"id": shot, "type": "shot", "x": 0, "y": 0, "data": data}})
        for source, handle, target, into in (
            ("still", "media", "move", "still"),
            ("motion", "media", "move", "motion"),
            ("still", "media", "talk", "still"),
            ("voice", "audio", "talk", "voice"),
        ):
            edge = {"id": edge_id(source, handle, target, into), "source": source, "source_handle": handle}
            operations.append({"op": "edge.add", "edge": edge | {"target": target, "target_handle": into}})
        answer = api.post(f"/projects/{project}/operations", json={"operations": operations})
        assert answer.status_code == 200, answer.text

        def engines() -> bool:
            return any("comfyui" in worker["engines"] for worker in api.get("/health").json()["workers"])

        patiently("a worker with ComfyUI", engines)
        page = Page(studio.url, project)
        for shot, frames in (("move", 10), ("talk", 16)):
            started = page.call("client:start_generation", {"node_id": shot})
            assert "task_id" in started, started

            def ended(task_id: str = started["task_id"]) -> dict[str, Any] | None:
                tasks = api.get(f"/projects/{project}").json()["tasks"]
                task = next((one for one in tasks if one["id"] == task_id), None)
                return task if task and task["state"] in {"succeeded", "failed", "canceled"} else None

            task = patiently("the end of the job", ended)
            assert task["state"] == "succeeded", task

            def smoothed(shot: str = shot) -> list[dict[str, Any]] | None:
                takes = api.get(f"/projects/{project}").json()["takes"][shot]
                return takes if len(takes) > 1 else None

            take, between = patiently("its pictures in between", smoothed)
            assert (take["frames"], take["frame_rate"]) == (frames, "16/1")
            assert (between["frames"], between["frame_rate"]) == (frames * 3 // 2, "24/1")
            assert between["recipe"]["conformed"]["take"] == take["name"]
            assert between["facts"]["made_up"] > 0
            kept = {one["name"]: one for one in between["companions"]}
            assert list(kept) == (["first", "pose"] if shot == "move" else ["first"])
            for one in kept.values():
                answer = httpx.get(f"{studio.url}{one['media_url']}")
                assert (answer.status_code, answer.headers["content-type"]) == (200, one["mime"])
                assert httpx.get(f"{studio.url}{one['thumbnail_url']}").status_code == 200
            assert take["facts"]["prompt_id"] in comfy.line.ran
        page.client.disconnect()
        folder = next(studio.workspaces.glob("**/03_Renders"))
    recipes = [json.loads(path.read_bytes()) for path in folder.rglob("*.json")]
    assert sorted(told["recipe"]["pipeline"] for told in recipes if told["recipe"]["conformed"]) == [
        "wan22-animate",
        "wan22-s2v",
    ]
    recipes = [told for told in recipes if not told["recipe"]["conformed"]]
    assert sorted(told["recipe"]["pipeline"] for told in recipes) == ["wan22-animate", "wan22-s2v"]
    lines = (studio.workspaces / ".studio" / "logs" / "runner.log").read_text(encoding="utf-8").splitlines()
    for told in recipes:
        job = told["job_id"]
        assert [line for line in lines if job in line and f"[prompt {told['facts']['prompt_id']}]" in line]
        (first,) = [line for line in lines if f"Job {job}: {told['recipe']['pipeline']}, attempt 1" in line]
        assert all(one["oid"] in first for one in told["recipe"]["inputs"])
        assert told["facts"]["comfyui"] == comfy.version
        assert told["facts"]["prompt_id"] in comfy.line.ran
