"""Two jobs at one ComfyUI: neither sees, loads, overwrites or hears what is the other's."""

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from websockets.sync.client import ClientConnection

from function_runner.door import at_side, opened
from studio_sdk.comfy import Address, Comfy
from studio_sdk.errors import Code, StudioError
from studio_sdk.job import Job
from studio_sdk.manifest import Pipeline
from tests.contract.test_comfy_client import REQUEST, shrink
from tests.fakes.comfy import FakeComfy

NODES = frozenset({"LoadImage", "ImageScale", "SaveImage"})
MOST = 2**20


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[FakeComfy]:
    with FakeComfy(tmp_path / "comfy") as fake:
        yield fake


@pytest.fixture
def doors(comfy: FakeComfy) -> Iterator[tuple[Address, Address]]:
    with ExitStack() as stack:
        mine, theirs = (stack.enter_context(opened(comfy.url, NODES, MOST)) for _ in range(2))
        yield Address.of(str(mine)), Address.of(str(theirs))


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


def sent(client: httpx.Client, still: Path, name: str = "still.png", **form: str) -> httpx.Response:
    return client.post("/upload/image", data=form, files={"image": (name, still.read_bytes())})


def posted(client: httpx.Client, graph: dict[str, Any], **more: object) -> httpx.Response:
    return client.post("/prompt", json={"prompt": graph, "prompt_id": str(uuid.uuid4()), **more})


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["type"]


def test_the_clients_own_names_of_files_hold(
    doors: tuple[Address, Address], comfy: FakeComfy, job: Job, still: Path
) -> None:
    with Comfy.open(job, doors[0]) as through:
        value = through.send(still)
        assert (through.send(still), value.startswith("studio/")) == (value, True)
        assert len(comfy.uploads) == 1, "what is there is not sent again"
        (file,) = through.run(shrink(value), "Shrink").files("SaveImage")
        with Image.open(through.fetch(file, job.outputs / "small.png")) as got:
            assert got.size == (32, 32)
    (path,) = [one for one in (comfy.root / "input").rglob("*.png") if one.is_file()]
    folder = path.relative_to(comfy.root / "input").parts[0]
    assert folder.startswith("studio-")
    assert len(folder) > 32


def test_files_lie_in_a_folder_of_the_job(doors: tuple[Address, Address], comfy: FakeComfy, still: Path) -> None:
    with doors[0].http() as mine, doors[1].http() as theirs:
        told = sent(mine, still, subfolder="studio", overwrite="true").json()
        assert told == {"name": "still.png", "subfolder": "studio", "type": "input"}
        where = {"filename": "still.png", "subfolder": "studio", "type": "input"}
        assert mine.get("/view", params=where).content == still.read_bytes()
        assert theirs.get("/view", params=where).status_code == 403
        assert said(posted(theirs, shrink("studio/still.png"))) == (400, "file_not_allowed")
        assert sent(theirs, still, subfolder="studio", overwrite="true").status_code == 200
        real = {one.relative_to(comfy.root / "input").as_posix() for one in comfy.root.rglob("still.png")}
        assert len(real) == 2
        for path in real:  # one of them is its own: it may be called by its place too
            assert mine.get("/view", params={**where, "subfolder": path.rpartition("/")[0]}).status_code in {200, 403}
        assert sum(posted(theirs, shrink(path)).status_code == 200 for path in real) == 1


@pytest.mark.parametrize("name", ["../still.png", "a/b.png", "a\\b.png", ".hidden"])
def test_a_file_is_sent_under_a_name_and_nowhere_else(
    doors: tuple[Address, Address], comfy: FakeComfy, still: Path, name: str
) -> None:
    with doors[0].http() as mine:
        assert sent(mine, still, name).status_code == 400
        assert sent(mine, still, subfolder="../..").status_code == 403
        assert sent(mine, still, type="output").status_code == 403
        assert mine.post("/upload/image", content=b"no form").status_code == 400
    assert comfy.uploads == []


def test_a_file_has_a_size(doors: tuple[Address, Address], comfy: FakeComfy, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    large.write_bytes(b"0" * (MOST + 100_000))
    with doors[0].http() as mine:
        assert mine.get("/features").json()["max_upload_size"] == MOST
        assert sent(mine, large).status_code == 413
        assert mine.post("/upload/image", content=iter([b"of no length"])).status_code == 411
        large.write_bytes(b"0" * MOST)
        assert sent(mine, large).status_code == 200
    assert len(comfy.uploads) == 1


@pytest.mark.parametrize(
    "value",
    [
        "theirs.png",
        "theirs.png [input]",
        "secret.png [output]",
        "../theirs.png",
        "/etc/hostname",
        {"__value__": "theirs.png"},
        ["9", 0],
    ],
)
def test_a_graph_loads_files_of_its_job_only(
    doors: tuple[Address, Address], comfy: FakeComfy, still: Path, value: object
) -> None:
    (comfy.root / "input" / "theirs.png").write_bytes(still.read_bytes())
    (comfy.root / "output" / "secret.png").write_bytes(still.read_bytes())
    graph = shrink("")
    loader = next(node for node in graph.values() if node["class_type"] == "LoadImage")
    loader["inputs"]["image"] = value
    with doors[0].http() as mine:
        assert said(posted(mine, graph)) == (400, "file_not_allowed")
    assert comfy.line.ran == []


def test_what_another_job_made_is_neither_fetched_nor_loaded(
    doors: tuple[Address, Address], job: Job, still: Path
) -> None:
    with Comfy.open(job, doors[0]) as through:
        made = through.run(shrink(through.send(still)), "Shrink")
        (file,) = made.files("SaveImage")
    with doors[1].http() as theirs:
        assert theirs.get("/view", params=file.query()).status_code == 403
        assert said(posted(theirs, shrink(f"{file.subfolder}/{file.filename} [output]"))) == (400, "file_not_allowed")
        assert theirs.get(f"/history/{made.prompt_id}").status_code == 404


def test_a_prompt_takes_its_place_in_the_line(doors: tuple[Address, Address], comfy: FakeComfy, still: Path) -> None:
    gate = comfy.gate("ImageScale")
    with doors[0].http() as mine:
        sent(mine, still, subfolder="studio")
        extra = {"auth_token_comfy_org": "x", "studio": {"job": "a"}, "client_id": "somebody"}
        graph = shrink("studio/still.png")
        assert posted(mine, graph, front=True, number=-5, client_id="me", extra_data=extra).status_code == 200
        assert gate.reached.wait(60)
        running = comfy.line.running
        assert running is not None
        client = running.extra.pop("client_id")
        assert (running.extra, client.endswith("-me"), len(client) > 32) == ({"studio": {"job": "a"}}, True, True)
        (row,) = mine.get("/queue").json()["queue_running"]
        assert next(iter(row[2].values()))["inputs"]["image"] == "studio/still.png", "in the job's own words"
        gate.open.set()
        for prompt_id in ("..", "nothing", str(uuid.uuid4()).upper() + "/x"):
            refused = mine.post("/prompt", json={"prompt": graph, "prompt_id": prompt_id})
            assert refused.status_code == 400


def test_nodes_are_those_of_the_manifest_and_name_no_file_of_others(
    doors: tuple[Address, Address], comfy: FakeComfy
) -> None:
    comfy.extra["LoadImage"] = json.loads(json.dumps(comfy.schemas()["LoadImage"]).replace("example.png", "theirs.png"))
    with doors[0].http() as mine:
        told = mine.get("/object_info").json()
        one = mine.get("/object_info/LoadImage").json()
        assert mine.get("/object_info/KSampler").json() == {}
        assert mine.get("/object_info/%2e%2e/users").status_code == 403
    assert set(told) == NODES
    assert told["LoadImage"] == one["LoadImage"]
    assert "png" not in json.dumps(told["LoadImage"]["input"])
    assert "bilinear" in json.dumps(told["ImageScale"]), "other choices stay"


def test_the_socket_says_what_is_the_jobs_own_and_no_more(
    doors: tuple[Address, Address], comfy: FakeComfy, still: Path
) -> None:
    with doors[0].socket("same") as ear, doors[1].socket("same") as stranger:
        with doors[0].http() as mine, doors[1].http() as theirs:
            for client in (mine, theirs):
                sent(client, still, subfolder="studio")
            graph = shrink("studio/still.png")
            ids = [posted(client, graph, client_id="same").json()["prompt_id"] for client in (mine, theirs)]
        heard = [until_over(line) for line in (ear, stranger)]
    for prompt_id, told in zip(ids, heard, strict=True):
        assert {one["data"]["prompt_id"] for one in told if "prompt_id" in one["data"]} == {prompt_id}
        assert {"execution_start", "executing", "executed", "status"} <= {one["type"] for one in told}


def until_over(line: ClientConnection) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    while not told or told[-1]["type"] != "execution_success":
        message = line.recv(timeout=100)
        told += [json.loads(message)] if isinstance(message, str) else []
    return told


def test_what_is_said_to_everybody_is_heard_by_its_job_alone(
    doors: tuple[Address, Address], comfy: FakeComfy, still: Path
) -> None:
    """A prompt without a client is told to all sockets by some nodes and versions."""
    theirs = str(uuid.uuid4())
    with doors[0].socket("me") as ear:
        ear.recv(timeout=60)
        comfy.line.send("progress", {"prompt_id": theirs, "value": 1, "max": 2}, None)
        comfy.line.send("executing", {"node": "3"}, None)
        comfy.line.send("preview", ({"prompt_id": theirs}, b"jpeg"), None)
        comfy.line.send("status", {"status": {"exec_info": {"queue_remaining": 7}}}, None)
        message = ear.recv(timeout=60)
    assert isinstance(message, str)
    assert json.loads(message)["data"]["status"]["exec_info"]["queue_remaining"] == 7


def test_without_a_comfyui_it_is_said_before_the_job_starts(tmp_path: Path) -> None:
    facts = {"id": "shrink", "version": "1.0.0", "title": "Shrink", "task": "test", "engine": "comfyui", "inputs": {}}
    facts |= {"outputs": {"image": {"type": "Image"}}, "variants": [{"quality": "low"}], "services": ["comfyui"]}
    pipeline = Pipeline.model_validate(facts)
    with pytest.raises(StudioError) as why, at_side("", MOST, pipeline, tmp_path):
        pass
    assert (why.value.code, "RUNNER_COMFYUI_URL" in why.value.detail) == (Code.ENGINE_OFFLINE, True)
    with at_side("", MOST, pipeline.model_copy(update={"services": []}), tmp_path) as sockets:
        assert sockets == {}
