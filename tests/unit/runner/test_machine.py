"""What a machine says it can do: cards as they are sold, queues the dearest first, nothing that is not there."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from function_runner import machine
from function_runner.machine import Gpu, Post
from function_runner.settings import RunnerSettings
from studio_sdk.types import Engine

TOLD = """0, GPU-4d1f, NVIDIA GeForce RTX 4090, 24564
1, GPU-77aa, "NVIDIA A10, PCIe", 23028
2, GPU-0c0c, Tesla T4, 15360
"""


def settings(**more: object) -> RunnerSettings:
    return RunnerSettings.model_validate({"token": "t", "broker_url": "memory://", **more})


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> tuple[Gpu, ...]:
    found = machine.told(TOLD)
    monkeypatch.setattr(machine, "gpus", lambda: found)
    return found


@pytest.mark.parametrize(
    ("mib", "gigabytes"),
    [
        (12282, 12),
        (15109, 16),
        (16376, 16),
        (20470, 20),
        (22731, 24),
        (24564, 24),
        (46068, 48),
        (81559, 80),
        (11264, 11),
        (143771, 140),
    ],
)
def test_a_card_is_as_large_as_it_is_sold(mib: int, gigabytes: int) -> None:
    assert Gpu(0, "u", "n", mib).vram_gb == gigabytes


def test_each_card_gets_a_worker_and_the_processors_one(cards: tuple[Gpu, ...]) -> None:
    assert machine.posts(settings()) == [
        Post("gpu0", "GPU-4d1f"),
        Post("gpu1", "GPU-77aa"),
        Post("gpu2", "GPU-0c0c"),
        Post("cpu", "none"),
    ]
    assert machine.posts(settings(gpu="1")) == [Post("gpu1", "1")]
    assert machine.posts(settings(gpu="none", cpu_workers=2)) == [Post("cpu", "none"), Post("cpu2", "none")]
    assert machine.posts(settings(cpu_workers=0))[-1].name == "gpu2"


@pytest.mark.parametrize(
    ("gpu", "queues", "vram"),
    [
        ("GPU-4d1f", ["gpu.24", "gpu.16", "gpu.12"], 24),
        ("1", ["gpu.24", "gpu.16", "gpu.12"], 24),
        ("2", ["gpu.16", "gpu.12"], 16),
        ("none", ["cpu"], 0),
    ],
)
def test_a_worker_listens_to_the_dearest_queue_first(
    cards: tuple[Gpu, ...], gpu: str, queues: list[str], vram: int
) -> None:
    info = machine.describe(settings(gpu=gpu), "process")
    assert (info.queues, info.vram_gb) == (queues, vram)
    assert info.engines == ([Engine.CPU] if gpu == "none" else [Engine.CUDA])


def test_where_there_is_no_card_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "which", lambda _: None)
    machine.gpus.cache_clear()
    assert machine.gpus() == ()
    assert machine.posts(settings()) == [Post("cpu", "none")]
    assert machine.card_of(settings(gpu="0")) is None
    machine.gpus.cache_clear()


def test_a_nvidia_smi_that_fails_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "which", lambda _: "/bin/false")
    monkeypatch.setattr(machine.subprocess, "run", _fails)
    machine.gpus.cache_clear()
    assert machine.gpus() == ()
    machine.gpus.cache_clear()


def _fails(*_: object, **__: object) -> None:
    raise machine.subprocess.CalledProcessError(9, "nvidia-smi", "NVIDIA-SMI has failed")


def test_a_card_that_a_machine_cannot_tell_is_told_by_hand() -> None:
    info = machine.describe(settings(gpu="Radeon", vram_gb=48, engines=["cuda", "comfyui"]), "process")
    assert info.queues == ["gpu.48", "gpu.24", "gpu.16", "gpu.12"]
    assert (info.vram_gb, info.engines) == (48, [Engine.CUDA])


class _Comfy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        said = {"system": {"os": "linux"}, "devices": [{"name": "cuda:0 NVIDIA L4", "vram_total": 23034 * 2**20}]}
        body = json.dumps(said if self.path == "/system_stats" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def comfy() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Comfy)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_comfyui_is_told_while_it_answers(comfy: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "gpus", lambda: ())
    known = settings(comfyui_url=f"http://127.0.0.1:{comfy.server_port}", gpu="elsewhere")
    assert machine.posts(settings(comfyui_url=known.comfyui_url))[0] == Post("comfyui", "elsewhere")
    info = machine.describe(known, "process")
    assert (info.engines, info.vram_gb, info.queues[0]) == ([Engine.COMFYUI], 24, "gpu.24")
    told = known.model_copy(update={"vram_gb": 24})
    comfy.shutdown()
    comfy.server_close()
    assert machine.engines(told, machine.card_of(told)) == []
