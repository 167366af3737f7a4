"""The stand-in for ComfyUI against what a real one was recorded to say: message by message and answer by answer."""

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from websockets.sync.client import ClientConnection, connect

from tests.fakes.comfy import FakeComfy, Raised
from tests.fakes.comfy.schemas import DATA
from tests.fakes.comfy.trouble import OUT_OF_MEMORY

OPEN = ExitStack()
"""The sockets of the running test."""

SIMPLE: dict[str, Any] = {
    "1": {"class_type": "LoadImage", "inputs": {"image": "ref.png"}, "_meta": {"title": "Load"}},
    "2": {
        "class_type": "ImageScale",
        "inputs": {"image": ["1", 0], "upscale_method": "bilinear", "width": 256, "height": 256, "crop": "disabled"},
        "_meta": {"title": "Scale"},
    },
    "3": {
        "class_type": "SaveImage",
        "inputs": {"images": ["2", 0], "filename_prefix": "rs/simple"},
        "_meta": {"title": "Save"},
    },
}


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[FakeComfy]:
    with FakeComfy(tmp_path / "comfy") as fake:
        Image.new("RGB", (64, 48)).save(fake.root / "input" / "ref.png")
        yield fake
        OPEN.close()


class Listener:
    """A socket with the flag for previews sent, and what it has heard."""

    def __init__(self, comfy: FakeComfy) -> None:
        self.id = uuid.uuid4().hex
        self.line: ClientConnection = OPEN.enter_context(connect(f"ws://127.0.0.1:{comfy.port}/ws?clientId={self.id}"))
        self.line.send(json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}}))
        self.first = [self.hear(), self.hear()]

    def hear(self) -> dict[str, Any]:
        said = self.line.recv(timeout=30)
        if isinstance(said, bytes):
            return {"binary_event": int.from_bytes(said[:4], "big")}
        return json.loads(said)

    def until_null(self) -> list[dict[str, Any]]:
        heard = [self.hear()]
        while heard[-1].get("type") != "executing" or heard[-1]["data"]["node"] is not None:
            heard.append(self.hear())
        return heard


def recorded(name: str) -> list[dict[str, Any]]:
    return json.loads((DATA / f"{name}.json").read_bytes())


def plain(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message without what differs from run to run: ids, clocks, file numbers, and the innards of errors."""
    if "binary_event" in message:
        return {"binary_event": message["binary_event"]}
    left = {"prompt_id", "timestamp", "traceback", "current_inputs", "current_outputs", "sid", "output", "executed"}
    left |= {"node_type"}

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: strip(one) for name, one in value.items() if name not in left}
        return value

    return strip(message)


def post(comfy: FakeComfy, graph: dict[str, Any], client: str | None) -> str:
    body: dict[str, Any] = {"prompt": graph} | ({"client_id": client} if client else {})
    answer = httpx.post(f"{comfy.url}/prompt", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["prompt_id"]


def after_start(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what the socket says before the job: its greeting."""
    return [one for one in messages if one.get("type") != "feature_flags" and "sid" not in one.get("data", {})]


def test_a_fresh_and_a_cached_job_are_told_like_the_recorded_ones(comfy: FakeComfy) -> None:
    listener = Listener(comfy)
    for name in ("ws_simple", "ws_cached"):
        post(comfy, SIMPLE, listener.id)
        assert list(map(plain, listener.until_null())) == list(map(plain, after_start(recorded(name)))), name


def test_previews_come_as_recorded(comfy: FakeComfy) -> None:
    comfy.steps["ImageScale"] = 5
    listener = Listener(comfy)
    post(comfy, SIMPLE, listener.id)
    heard = list(map(plain, listener.until_null()))
    wanted = [plain(one) for one in after_start(recorded("ws_slow_preview_with_flag"))]
    wanted.remove({"binary_event": 3})  # words of a node that was written for the recording
    order = [one.get("type") or one["binary_event"] for one in heard]
    # Node 1 was in the recorded server's cache: three messages more here.
    assert order[4:7] == ["progress_state", "executing", "progress_state"]
    assert order[:4] + order[7:] == [one.get("type") or one["binary_event"] for one in wanted]


def test_running_out_of_memory_is_told_as_recorded(comfy: FakeComfy) -> None:
    comfy.trouble.raises["ImageScale"] = [OUT_OF_MEMORY]
    listener = Listener(comfy)
    prompt_id = post(comfy, SIMPLE, listener.id)
    heard = [plain(one) for one in listener.until_null()]
    wanted = [plain(one) for one in recorded("ws_error_oom")]
    kinds = [one.get("type") for one in heard]
    assert kinds[:4] + kinds[7:] == [one.get("type") for one in wanted]
    error = next(one for one in heard if one["type"] == "execution_error")
    assert error["data"]["exception_type"] == "torch.OutOfMemoryError"
    job = httpx.get(f"{comfy.url}/api/jobs/{prompt_id}").json()
    assert (job["status"], job["execution_error"]["node_id"]) == ("failed", "2")


def test_an_interrupt_is_told_as_recorded(comfy: FakeComfy) -> None:
    gate = comfy.gate("ImageScale")
    listener = Listener(comfy)
    prompt_id = post(comfy, SIMPLE, listener.id)
    assert gate.reached.wait(30)
    assert httpx.post(f"{comfy.url}/interrupt", json={"prompt_id": str(uuid.uuid4())}).status_code == 200
    assert httpx.get(f"{comfy.url}/api/jobs/{prompt_id}").json()["status"] == "in_progress"
    assert httpx.post(f"{comfy.url}/api/jobs/{prompt_id}/cancel").json() == {"cancelled": True}
    heard = [plain(one).get("type") for one in listener.until_null()]
    assert heard[-3:] == [plain(one).get("type") for one in recorded("ws_interrupted")][-3:]
    assert httpx.get(f"{comfy.url}/api/jobs/{prompt_id}").json()["status"] == "cancelled"
    assert httpx.post(f"{comfy.url}/api/jobs/{prompt_id}/cancel").json() == {"cancelled": False}


@pytest.mark.parametrize("case", sorted(json.loads((DATA / "prompt_validation_errors.json").read_bytes())))
def test_every_recorded_refusal_is_given_word_for_word(comfy: FakeComfy, case: str) -> None:
    sample = json.loads((DATA / "prompt_validation_errors.json").read_bytes())[case]
    comfy.models = {}
    model = {"required": {"model": ["MODEL"], "filename_prefix": ["STRING", {}]}}
    comfy.extra["ModelSave"] = {"input": model, "output": [], "output_node": True}
    if "request_prompt" not in sample:
        bodies = {"no_prompt": b"{}", "malformed_json": b"{", "ui_format_workflow": b'{"prompt": {"nodes": []}}'}
        answer = httpx.post(f"{comfy.url}/prompt", content=bodies[case])
    else:
        answer = httpx.post(f"{comfy.url}/prompt", json={"prompt": sample["request_prompt"]})
    assert answer.status_code == sample["response"]["status"]
    wanted = sample["response"]["body"]
    if isinstance(wanted, str):
        assert answer.text == wanted
        return
    given = answer.json()
    for body in (wanted, given):
        body.pop("prompt_id", None)
        body.pop("number", None)
        for entry in body["node_errors"].values():
            for reason in entry["errors"]:
                reason["extra_info"].pop("traceback", None)
                if isinstance(reason["extra_info"].get("input_config"), list):
                    reason["extra_info"]["input_config"][1] = {}  # tooltips
    assert given == wanted


def test_a_second_socket_of_the_same_name_goes_deaf_when_the_first_one_ends(comfy: FakeComfy) -> None:
    first = Listener(comfy)
    second = OPEN.enter_context(connect(f"ws://127.0.0.1:{comfy.port}/ws?clientId={first.id}"))
    assert json.loads(second.recv(timeout=30))["type"] == "status"
    first.line.close()
    prompt_id = post(comfy, SIMPLE, first.id)
    while httpx.get(f"{comfy.url}/api/jobs/{prompt_id}").json()["status"] != "completed":
        pass
    with pytest.raises(TimeoutError):
        second.recv(timeout=0.3)


def test_a_crash_forgets_all_but_the_files(comfy: FakeComfy) -> None:
    listener = Listener(comfy)
    gate = comfy.gate("ImageScale")
    prompt_id = post(comfy, SIMPLE, listener.id)
    assert gate.reached.wait(30)
    comfy.kill()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{comfy.url}/system_stats")
    comfy.start()
    assert httpx.get(f"{comfy.url}/api/jobs/{prompt_id}").status_code == 404
    assert httpx.get(f"{comfy.url}/queue").json() == {"queue_running": [], "queue_pending": []}
    assert (comfy.root / "input" / "ref.png").exists()


def test_the_file_routes_answer_as_recorded(comfy: FakeComfy) -> None:
    def upload(content: bytes, **form: str) -> httpx.Response:
        return httpx.post(f"{comfy.url}/upload/image", files={"image": ("a.png", content)}, data=form)

    assert upload(b"one").json() == {"name": "a.png", "subfolder": "", "type": "input"}
    assert upload(b"two").json()["name"] == "a (1).png"
    assert upload(b"one", subfolder="p/s").json() == {"name": "a.png", "subfolder": "p/s", "type": "input"}
    assert upload(b"x", subfolder="../..").status_code == 400
    assert upload(b"x", type="elsewhere").status_code == 500
    comfy.most_upload = 1000
    large = upload(b"x" * 2000)
    assert (large.status_code, large.text) == (413, "Maximum request body size 1000 exceeded.")
    part = httpx.get(f"{comfy.url}/view", params={"filename": "a.png", "type": "input"}, headers={"Range": "bytes=1-"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"ne", "bytes 1-2/3")
    assert httpx.get(f"{comfy.url}/view", params={"filename": "no.png"}).status_code == 404


def test_a_node_that_fails_names_itself(comfy: FakeComfy) -> None:
    comfy.trouble.raises["LoadImage"] = [Raised("RuntimeError", "no")]
    prompt_id = post(comfy, SIMPLE, None)
    while (job := httpx.get(f"{comfy.url}/api/jobs/{prompt_id}").json())["status"] in {"pending", "in_progress"}:
        pass
    assert job["execution_error"]["node_type"] == "LoadImage"
