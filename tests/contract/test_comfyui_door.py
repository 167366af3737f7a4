"""A job's own door to ComfyUI: what it lets through, what it refuses, and that nothing is left running behind it."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from function_runner.door import opened
from function_runner.job import carry_out
from studio_sdk import Fail
from studio_sdk.comfy import Address, Comfy
from studio_sdk.comfy.api import Rejected
from studio_sdk.job import Job
from tests.contract.test_comfy_client import REQUEST, Aside, shrink
from tests.fakes.comfy import FakeComfy
from tests.fakes.studio import FakeStudio
from tests.fakes.yards import LABELS, yard_of
from tests.films import PIPELINES
from tests.wan import voice

NODES = frozenset({"LoadImage", "ImageScale", "SaveImage"})


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[FakeComfy]:
    with FakeComfy(tmp_path / "comfy") as fake:
        yield fake


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    (tmp_path / "job" / "outputs").mkdir(parents=True)
    job = Job.from_request(tmp_path / "job", REQUEST)
    yield job
    job.close()


@pytest.fixture
def still(tmp_path: Path) -> Path:
    Image.effect_noise((64, 48), 40).convert("RGB").save(tmp_path / "still.png")
    return tmp_path / "still.png"


def line(path: Path) -> httpx.Client:
    return Address.of(str(path)).http()


def test_a_whole_job_goes_through_it(comfy: FakeComfy, job: Job, still: Path) -> None:
    with opened(comfy.url, NODES) as path, Comfy.open(job, Address.of(str(path))) as through:
        made = through.run(shrink(through.send(still)), "Shrink")
        got = through.fetch(made.files("SaveImage")[0], job.outputs / "small.png")
        with Image.open(got) as picture:
            assert picture.size == (32, 32)
        assert "GET /ws" not in comfy.asked
    assert not path.exists()
    told = [json.loads(one) for one in (job.outputs.parent / "events.jsonl").read_text().splitlines()]
    assert any(one["t"] == "progress" and one["stage"] == "Scale" for one in told) or told, "the socket was heard"


def test_an_older_server_is_asked_by_queue_and_history(comfy: FakeComfy, job: Job, still: Path) -> None:
    comfy.trouble.old = True
    with opened(comfy.url, NODES) as path, Comfy.open(job, Address.of(str(path))) as through:
        assert through.run(shrink(through.send(still)), "Shrink").files("SaveImage")


def test_a_node_that_the_manifest_does_not_name_is_refused(comfy: FakeComfy, job: Job, still: Path) -> None:
    with opened(comfy.url, NODES - {"ImageScale"}) as path, Comfy.open(job, Address.of(str(path))) as through:
        graph = shrink(through.send(still))
        with pytest.raises(Fail) as fail:
            through.run(graph, "Shrink")
        assert "The node ImageScale is not installed, or the manifest does not name it." in fail.value.detail
        answer = through.api.post(graph, str(uuid.uuid4()), "me", {})
    assert isinstance(answer, Rejected)
    assert "does not name the nodes ImageScale" in answer.error["message"]
    assert comfy.line.ran == []


def test_other_peoples_work_is_neither_seen_nor_stopped(comfy: FakeComfy, still: Path) -> None:
    (comfy.root / "input" / "theirs.png").write_bytes(still.read_bytes())
    (comfy.root / "output" / "secret.png").write_bytes(b"secret")
    theirs = str(uuid.uuid4())
    gate = comfy.gate("ImageScale")
    body = {"prompt": shrink("theirs.png"), "prompt_id": theirs}
    assert httpx.post(f"{comfy.url}/prompt", json=body).status_code == 200
    assert gate.reached.wait(30)
    asks: list[tuple[str, str, Any, int]] = [
        ("GET", f"/api/jobs/{theirs}", None, 404),
        ("GET", f"/history/{theirs}", None, 404),
        ("POST", f"/api/jobs/{theirs}/cancel", None, 403),
        ("POST", "/interrupt", {}, 403),
        ("POST", "/interrupt", {"prompt_id": theirs}, 403),
        ("POST", "/queue", {"clear": True}, 403),
        ("POST", "/queue", {"delete": [theirs]}, 403),
        ("GET", "/view?filename=secret.png&type=output", None, 403),
        ("GET", "/view?filename=theirs.png&type=input", None, 403),
        ("GET", "/api/jobs", None, 403),
        ("GET", "/users", None, 403),
        ("POST", "/prompt", {"prompt": {}}, 400),
        ("POST", "/prompt", "no graph", 400),
        ("DELETE", "/history", None, 501),
    ]
    with opened(comfy.url, NODES) as path:
        with line(path) as client:
            assert client.get("/queue").json() == {"queue_running": [], "queue_pending": []}
        for method, where, said, status in asks:
            with line(path) as client:
                assert client.request(method, where, json=said).status_code == status, (method, where)
    assert comfy.line.running
    assert comfy.line.running.id == theirs
    gate.open.set()


def test_what_a_killed_pipeline_left_running_is_stopped(comfy: FakeComfy, job: Job, still: Path) -> None:
    gate = comfy.gate("ImageScale")
    with opened(comfy.url, NODES) as path:
        aside = Aside(lambda: _sent(path, job, still))
        assert gate.reached.wait(30)
    (prompt_id,) = comfy.line.ran
    for _ in range(600):
        if prompt_id in comfy.line.history:
            break
        gate.open.wait(0.05)
    assert comfy.line.history[prompt_id].messages[-1][0] == "execution_interrupted"
    gate.open.set()
    assert aside


def _sent(path: Path, job: Job, still: Path) -> None:
    """Post a graph and vanish, as a killed process does."""
    with Comfy.open(job, Address.of(str(path))) as through:
        value = through.send(still)
        through.api.post(shrink(value), str(uuid.uuid4()), "nobody", {})


@pytest.mark.parametrize("label", LABELS)
def test_a_runner_puts_it_at_the_side_of_a_job(
    comfy: FakeComfy, tmp_path: Path, label: str, request: pytest.FixtureRequest
) -> None:
    yard = yard_of(label, tmp_path / "yard", request)
    yard.root.mkdir()
    yard.pipelines.symlink_to(PIPELINES)
    Image.effect_noise((512, 512), 40).convert("RGB").save(tmp_path / "large.png")
    files = {"still": [tmp_path / "large.png"], "voice": [voice(tmp_path / "voice.wav", 1)]}
    with FakeStudio() as studio:
        studio.offer("job", PIPELINES / "wan22-s2v", {"prompt": "She sings."}, files)
        place = yard.workplace(studio)
        settings = place.settings.model_copy(update={"comfyui_url": comfy.url})
        carry_out(replace(place, settings=settings), "job")
        place.line.close()
    (finish,) = studio.finished
    assert finish.error is None, finish.error.detail[-600:] + finish.log_tail[-300:]
    assert finish.status == "succeeded"
    assert finish.facts["frames"] == 16
    assert finish.facts["prompt_id"] == comfy.line.ran[0]
    assert finish.sandbox == label


def test_a_server_that_is_away_is_told_as_away(comfy: FakeComfy) -> None:
    with opened(comfy.url, NODES) as path:
        comfy.kill()
        with line(path) as client:
            assert client.get("/system_stats").status_code == 502
        comfy.start()
        with line(path) as client:
            assert client.get("/system_stats").status_code == 200
