"""The ComfyUI client against a server: by default the stand-in, with every trouble that a real one was seen to make.

With COMFYUI_URL set, those that need no trouble run against that server too.
"""

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio_sdk import Code, Fail
from studio_sdk.comfy import Address, Comfy, Graph, Made, State
from studio_sdk.comfy.run import Patience
from studio_sdk.job import Canceled, Job
from tests.fakes.comfy import FakeComfy, Raised
from tests.fakes.comfy.trouble import OUT_OF_MEMORY

REAL = os.environ.get("COMFYUI_URL", "")  # noqa: TID251 - the tests' own edge
SOON = Patience(down_s=20, busy_s=20)
REQUEST = {
    "format": {"width": 1280, "height": 720, "frame_rate": "24/1"},
    "seed": 1,
    "quality": "low",
    "job": {"id": "job-1"},
}


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    root = tmp_path / "job"
    (root / "outputs").mkdir(parents=True)
    job = Job.from_request(root, REQUEST)
    yield job
    job.close()


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeComfy]:
    with FakeComfy(tmp_path / "comfy", unix=tmp_path / "comfy.sock") as comfy:
        yield comfy


@pytest.fixture
def still(tmp_path: Path) -> Path:
    Image.effect_noise((64, 48), 40).convert("RGB").save(tmp_path / "still.png")
    return tmp_path / "still.png"


def shrink(image: str, prefix: str = "studio-test/shrunk") -> Graph:
    """Return a graph without models: a picture made smaller and saved."""
    scale = {"upscale_method": "bilinear", "width": 32, "height": 32, "crop": "disabled"}
    return {
        "1": {"class_type": "LoadImage", "inputs": {"image": image}, "_meta": {"title": "Load"}},
        "2": {"class_type": "ImageScale", "inputs": {"image": ["1", 0]} | scale, "_meta": {"title": "Scale"}},
        "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": prefix}},
    }


class Aside:
    """A run in a thread, so that the test can play the server's part meanwhile."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.made: Any = None
        self.why: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], Any]) -> None:
        try:
            self.made = work()
        except BaseException as why:  # noqa: BLE001 - carried to the test
            self.why = why

    def result(self) -> Any:
        self._thread.join(60)
        assert not self._thread.is_alive()
        if self.why:
            raise self.why
        return self.made


def run(job: Job, fake: FakeComfy, still: Path) -> Made:
    with Comfy.open(job, Address.of(fake.url), patience=SOON) as comfy:
        return comfy.run(shrink(comfy.send(still)), "Shrink")


def said(job: Job) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (job.outputs.parent / "events.jsonl").read_text().splitlines()]


# What holds for any server.


@pytest.fixture(
    params=["http", "unix", pytest.param("real", marks=pytest.mark.skipif(not REAL, reason="no COMFYUI_URL"))]
)
def address(request: pytest.FixtureRequest) -> Address:
    if request.param == "real":
        return Address.of(REAL)
    fake: FakeComfy = request.getfixturevalue("fake")
    return Address.of(fake.url if request.param == "http" else str(fake.unix))


def test_a_picture_goes_there_and_comes_back(address: Address, job: Job, still: Path) -> None:
    with Comfy.open(job, address) as comfy:
        value = comfy.send(still)
        assert comfy.send(still) == value
        made = comfy.run(shrink(value), "Shrink")
        (file,) = made.files("SaveImage")
        got = comfy.fetch(file, job.outputs / "small.png")
        assert comfy.stats().version
        assert comfy.api.job(made.prompt_id).state is State.COMPLETED
    with Image.open(got) as picture:
        assert picture.size == (32, 32)
    assert [path.name for path in job.outputs.iterdir()] == ["small.png"]
    told = [event["f"] for event in said(job) if event["t"] == "progress"]
    assert told == sorted(told)
    assert told[-1] == 1


def test_the_same_graph_again_makes_files_of_its_own(address: Address, job: Job, still: Path) -> None:
    with Comfy.open(job, address) as comfy:
        graph = shrink(comfy.send(still))
        first, second = (comfy.run(graph, "Shrink").files("SaveImage") for _ in range(2))
    assert first != second


def test_all_that_is_missing_is_named_at_once(address: Address, job: Job, still: Path) -> None:
    with Comfy.open(job, address) as comfy:
        graph = shrink(comfy.send(still))
        graph["4"] = {"class_type": "NoSuchNode", "inputs": {}}
        graph["5"] = {"class_type": "NoOtherNode", "inputs": {}}
        graph["6"] = {"class_type": "VAELoader", "inputs": {"vae_name": "none.safetensors"}}
        graph["2"]["inputs"]["width"] = 999999
        with pytest.raises(Fail) as fail:
            comfy.run(graph, "Shrink", packs={"NoSuchNode": "a-pack"})
    assert fail.value.code is Code.DEPENDENCY_MISSING
    assert fail.value.message == (
        "ComfyUI lacks the nodes NoOtherNode, NoSuchNode and the model file vae/none.safetensors. "
        "Install the node pack a-pack there."
    )
    assert "999999" in fail.value.detail
    assert not (job.scratch / "comfyui-prompts.jsonl").exists()


def test_an_output_that_cannot_run_stops_the_whole_job(address: Address, job: Job, still: Path) -> None:
    with Comfy.open(job, address) as comfy:
        graph = shrink(comfy.send(still))
        graph["8"] = {"class_type": "LoadImage", "inputs": {"image": "studio/not-there.png"}}
        graph["9"] = {"class_type": "SaveImage", "inputs": {"images": ["8", 0], "filename_prefix": "studio-test/x"}}
        with pytest.raises(Fail, match="does not accept") as fail:
            comfy.run(graph, "Shrink")
    assert "studio/not-there.png" in fail.value.detail


def test_a_job_that_is_not_there_is_unknown(address: Address, job: Job) -> None:
    with Comfy.open(job, address) as comfy:
        assert comfy.api.job("00000000-0000-4000-8000-000000000000").state is State.UNKNOWN


# What only the stand-in does at will.


def test_an_answer_that_never_came_does_not_make_two_jobs(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.trouble.lose_replies = 1
    made = run(job, fake, still)
    assert fake.line.ran == [made.prompt_id]


def test_a_server_that_dies_and_comes_back_gets_files_and_job_again(fake: FakeComfy, job: Job, still: Path) -> None:
    gate = fake.gate("ImageScale")
    aside = Aside(lambda: run(job, fake, still))
    assert gate.reached.wait(30)
    fake.kill()
    for file in (fake.root / "input").glob("studio*/**/*.png"):
        file.unlink()  # a fresh container
    gate.open.set()
    fake.start()
    made = aside.result()
    assert made.state.state is State.COMPLETED
    ledger = [json.loads(line) for line in (job.scratch / "comfyui-prompts.jsonl").read_text().splitlines()]
    assert len({one["prompt_id"] for one in ledger}) == 2
    assert ledger[0]["state"] == "minted"
    assert len(fake.uploads) == 2
    assert any("lost in a restart" in event.get("msg", "") for event in said(job))


def test_a_server_that_dies_again_and_again_is_given_up(fake: FakeComfy, job: Job, still: Path) -> None:
    gate = fake.gate("ImageScale")
    aside = Aside(lambda: run(job, fake, still))
    for _ in range(3):
        assert gate.reached.wait(30)
        gate.reached.clear()
        fake.kill()
        fake.start()
    with pytest.raises(Fail, match="restarted again and again") as fail:
        aside.result()
    assert fail.value.code is Code.ENGINE_OFFLINE


def test_a_server_that_stays_away_is_told_as_away(fake: FakeComfy, job: Job, still: Path) -> None:
    gate = fake.gate("ImageScale")

    def work() -> Made:
        with Comfy.open(job, Address.of(fake.url), patience=Patience(down_s=1, busy_s=1)) as comfy:
            return comfy.run(shrink(comfy.send(still)), "Shrink")

    aside = Aside(work)
    assert gate.reached.wait(30)
    fake.kill()
    with pytest.raises(Fail, match="does not answer") as fail:
        aside.result()
    assert (fail.value.code, "refused" in fail.value.detail.lower()) == (Code.ENGINE_OFFLINE, True)


def test_out_of_memory_is_tried_once_more_with_the_models_unloaded(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.trouble.raises["ImageScale"] = [OUT_OF_MEMORY]
    assert run(job, fake, still).state.state is State.COMPLETED
    assert (fake.line.freed, len(fake.line.ran)) == (1, 2)
    fake.trouble.raises["SaveImage"] = [OUT_OF_MEMORY, OUT_OF_MEMORY]
    with pytest.raises(Fail, match="ran out of GPU memory at “SaveImage”") as fail:
        run(job, fake, still)
    assert fail.value.code is Code.OUT_OF_MEMORY


@pytest.mark.parametrize("old", [False, True])
def test_a_canceled_job_is_stopped_on_the_server_and_nobody_elses(
    fake: FakeComfy, job: Job, still: Path, old: bool
) -> None:
    fake.trouble.old = old
    gate = fake.gate("ImageScale")

    def stop(*_: object) -> None:
        if gate.reached.wait(30):
            raise Canceled

    job.progress = stop  # type: ignore[method-assign] - a signal's handler raises wherever the program is
    aside = Aside(lambda: run(job, fake, still))
    with pytest.raises(Canceled):
        aside.result()
    prompt_id = json.loads((job.scratch / "comfyui-prompts.jsonl").read_text().splitlines()[0])["prompt_id"]
    assert fake.line.history[prompt_id].messages[-1][0] == "execution_interrupted"
    assert "POST /interrupt" not in fake.asked or old


def test_a_job_that_somebody_else_stopped_says_so(fake: FakeComfy, job: Job, still: Path) -> None:
    gate = fake.gate("ImageScale")
    aside = Aside(lambda: run(job, fake, still))
    assert gate.reached.wait(30)
    fake.line.interrupt(None)
    with pytest.raises(Fail, match="Somebody stopped"):
        aside.result()


def test_a_cut_socket_costs_nothing(fake: FakeComfy, job: Job, still: Path) -> None:
    gate = fake.gate("ImageScale")
    aside = Aside(lambda: run(job, fake, still))
    assert gate.reached.wait(30)
    fake.drop_sockets()
    gate.open.set()
    assert aside.result().state.state is State.COMPLETED
    assert len(fake.line.ran) == 1


def test_a_stalled_socket_does_not_hold_the_job(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.trouble.stalled.set()
    assert run(job, fake, still).state.state is State.COMPLETED


def test_a_history_that_comes_late_is_waited_for(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.trouble.history_lag_s = 0.5
    assert run(job, fake, still).files("SaveImage")


def test_a_server_without_the_jobs_routes(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.trouble.old = True
    assert run(job, fake, still).files("SaveImage")
    fake.trouble.raises["SaveImage"] = [Raised("RuntimeError", "it broke")]
    with pytest.raises(Fail, match="ComfyUI failed at “SaveImage”: it broke"):
        run(job, fake, still)


def test_a_busy_server_is_waited_for(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.trouble.busy = 5
    assert run(job, fake, still).files("SaveImage")


def test_a_page_at_the_address_is_no_comfyui(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.trouble.html = True
    with pytest.raises(Fail, match="not a ComfyUI") as fail:
        run(job, fake, still)
    assert "nginx" in fail.value.detail


def test_a_file_that_vanished_after_it_was_sent_is_sent_again(fake: FakeComfy, job: Job, still: Path) -> None:
    with Comfy.open(job, Address.of(fake.url)) as comfy:
        value = comfy.send(still)
        next((fake.root / "input").glob(f"**/{value}")).unlink()
        assert comfy.run(shrink(value), "Shrink").files("SaveImage")


def test_what_is_too_large_or_finds_no_room_is_told(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.most_upload = 100
    with pytest.raises(Fail, match=r"still.png has .* and this ComfyUI takes") as fail:
        run(job, fake, still)
    assert fail.value.code is Code.UPLOAD_TOO_LARGE
    fake.most_upload = 10**9
    fake.trouble.disk_full = True
    with pytest.raises(Fail, match="could not store") as fail:
        run(job, fake, still)
    assert fail.value.code is Code.STORAGE_FULL


def test_a_limit_that_was_not_told_is_met_as_plain_text(
    fake: FakeComfy, job: Job, still: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.most_upload = 100
    with Comfy.open(job, Address.of(fake.url)) as comfy:
        monkeypatch.setattr(comfy.api, "most_upload", lambda: None)
        with pytest.raises(Fail, match="larger than ComfyUI takes"):
            comfy.send(still)


def test_a_download_that_breaks_is_resumed(fake: FakeComfy, job: Job, still: Path) -> None:
    with Comfy.open(job, Address.of(fake.url)) as comfy:
        (file,) = comfy.run(shrink(comfy.send(still)), "Shrink").files("SaveImage")
        whole = (fake.root / "output" / file.subfolder / file.filename).read_bytes()
        fake.trouble.cut_downloads = 2
        assert comfy.fetch(file, job.outputs / "small.png").read_bytes() == whole
        (fake.root / "output" / file.subfolder / file.filename).unlink()
        with pytest.raises(Fail, match="has none"):
            comfy.fetch(file, job.outputs / "again.png")
    assert [path.name for path in job.outputs.iterdir()] == ["small.png"]


def test_a_process_that_is_started_again_finds_its_job(fake: FakeComfy, job: Job, still: Path) -> None:
    with Comfy.open(job, Address.of(fake.url)) as comfy:
        made = comfy.run(shrink(comfy.send(still)), "Shrink")
    ledger = job.scratch / "comfyui-prompts.jsonl"
    lines = ledger.read_text().splitlines()
    ledger.write_text("\n".join(lines[:-1]) + '\n{"prompt_id": "cut')  # it died before it saw the end
    assert run(job, fake, still).prompt_id == made.prompt_id
    assert fake.line.ran == [made.prompt_id]


def test_a_broken_model_file_is_named(fake: FakeComfy, job: Job, still: Path) -> None:
    words = "Error while deserializing header: incomplete metadata, file not fully covered\n"
    fake.trouble.raises["VAELoader"] = [Raised("safetensors._safetensors_rust.SafetensorError", words)]
    with Comfy.open(job, Address.of(fake.url)) as comfy:
        graph: Graph = {
            "1": {"class_type": "VAELoader", "inputs": {"vae_name": "wan_2.1_vae.safetensors"}},
            "2": {"class_type": "LoadImage", "inputs": {"image": comfy.send(still)}},
            "3": {"class_type": "VAEEncode", "inputs": {"pixels": ["2", 0], "vae": ["1", 0]}},
            "4": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["1", 0]}},
            "5": {"class_type": "SaveImage", "inputs": {"images": ["4", 0], "filename_prefix": "studio-test/x"}},
        }
        vae = {"input": {"required": {"pixels": ["IMAGE"], "vae": ["VAE"]}}, "output": ["LATENT"], "output_node": False}
        fake.extra["VAEEncode"] = vae
        with pytest.raises(Fail, match=r"vae/wan_2.1_vae.safetensors .* damaged") as fail:
            comfy.run(graph, "Decode")
    assert fail.value.code is Code.DEPENDENCY_MISSING


def test_a_full_disk_over_there_is_told_as_such(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.trouble.raises["SaveImage"] = [Raised("OSError", "[Errno 28] No space left on device")]
    with pytest.raises(Fail, match="disk of the ComfyUI machine") as fail:
        run(job, fake, still)
    assert fail.value.code is Code.STORAGE_FULL


def test_previews_come_with_the_newest_only(fake: FakeComfy, job: Job, still: Path) -> None:
    fake.steps["ImageScale"] = 50
    seen: list[str] = []
    with Comfy.open(job, Address.of(fake.url)) as comfy:
        comfy.on_preview = lambda preview: seen.append(preview.mime)
        comfy.run(shrink(comfy.send(still)), "Shrink")
    assert set(seen) == {"image/jpeg"}
    assert len(seen) <= 50
