"""What the ComfyUI client adds to a job against direct submission of the same graph to the same server; 200 faults.

Both wait until the server has written the job down; ours also checks the graph against the server's nodes and notes
the job's id on the disk first. Rounds alternate. Then jobs run while sockets are cut, the server is killed and started,
answers are lost and jobs are canceled at random: `wrong` counts those that ended otherwise than they were told, and
`struck` those whose fault came while they ran. The server is the stand-in of the tests, which answers a graph that does
nothing at once; with COMFYUI_URL set, time is taken against that server instead.
"""

import json
import random
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from websockets.sync.client import ClientConnection, connect

from studio_sdk.comfy import Address, Comfy, Graph, State
from studio_sdk.comfy.run import Patience
from studio_sdk.fields import Fail
from studio_sdk.job import Canceled, Job
from tests.fakes.comfy import FakeComfy
from tests.wan import REAL

NAME = "comfy-overhead"
ROUNDS = 60
FAULTS = 200
AIM_MS = 150.0

_REQUEST = {"format": {"width": 640, "height": 360, "frame_rate": "24/1"}, "seed": 1, "quality": "low"}
_SEED = 7


def measure() -> dict[str, object]:
    """Return the milliseconds that the client adds to a job, and how many of 200 jobs under faults ended wrongly."""
    with tempfile.TemporaryDirectory(prefix="bench-comfy-") as place:
        folder = Path(place)
        still = folder / "still.png"
        Image.effect_noise((64, 48), 40).convert("RGB").save(still)
        with FakeComfy(folder / "comfy") as server:
            url = REAL or server.url
            version = httpx.get(f"{url}/system_stats").json()["system"]["comfyui_version"]
            plain, ours = _rounds(url, _job(folder / "job"), still)
            wrong, ends, struck = under_fire(server, folder, still)
    return {
        "value": round((statistics.median(ours) - statistics.median(plain)) * 1000, 1),
        "unit": "ms added to a job",
        "aim": AIM_MS,
        "server": f"ComfyUI {version}" if REAL else "the stand-in",
        "direct_ms": round(statistics.median(plain) * 1000, 1),
        "ours_ms": round(statistics.median(ours) * 1000, 1),
        "faults": FAULTS,
        "wrong": len(wrong),
        "wrongly": wrong[:5],
        **ends,
        "struck": struck,
    }


def _job(root: Path) -> Job:
    (root / "outputs").mkdir(parents=True)
    return Job.from_request(root, _REQUEST)


def _graph(image: str, salt: int) -> Graph:
    """Return a graph that no cache knows yet."""
    scale = {"upscale_method": "bilinear", "width": 32 + salt, "height": 32, "crop": "disabled"}
    return {
        "1": {"class_type": "LoadImage", "inputs": {"image": image}},
        "2": {"class_type": "ImageScale", "inputs": {"image": ["1", 0]} | scale},
        "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}},
    }


def _rounds(url: str, job: Job, still: Path) -> tuple[list[float], list[float]]:
    client = uuid.uuid4().hex
    plain: list[float] = []
    ours: list[float] = []
    with (
        Comfy.open(job, Address.of(url)) as comfy,
        connect(f"ws{url.removeprefix('http')}/ws?clientId={client}") as socket,
        httpx.Client(base_url=url) as http,
    ):
        value = comfy.send(still)
        for number in range(ROUNDS):
            plain.append(_timed(lambda n=number: _direct(http, socket, client, _graph(value, 2 * n))))  # type: ignore[misc]
            ours.append(_timed(lambda n=number: comfy.run(_graph(value, 2 * n + 1), "Overhead")))  # type: ignore[misc]
    return plain, ours


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _direct(http: httpx.Client, socket: ClientConnection, client: str, graph: Graph) -> None:
    prompt = http.post("/prompt", json={"prompt": graph, "client_id": client}).json()["prompt_id"]
    for message in socket:
        said = json.loads(message) if isinstance(message, str) else {}
        data = said.get("data", {})
        if said.get("type") == "executing" and data["node"] is None and data["prompt_id"] == prompt:
            break
    assert http.get(f"/history/{prompt}").json()[prompt]["status"]["completed"]


def under_fire(server: FakeComfy, folder: Path, still: Path) -> tuple[list[str], dict[str, int], dict[str, int]]:
    """Run jobs while a server is treated badly; return which ended wrongly, how all ended, and what struck in time."""
    dice = random.Random(_SEED)
    wrong: list[str] = []
    ends, struck = {"completed": 0, "canceled": 0}, dict.fromkeys(("socket", "kill", "cancel", "reply"), 0)
    server.steps["ImageScale"] = 5
    for number in range(FAULTS):
        job = _job(folder / f"job{number}")
        kind = dice.choice(["none", "socket", "kill", "cancel", "reply"])
        server.trouble.lose_replies = int(kind == "reply")
        if kind == "cancel":
            job.progress = _stopping(job.progress, dice.randint(1, 2))  # type: ignore[method-assign]
        blow: dict[str, Callable[[], None]] = {"socket": server.drop_sockets, "kill": lambda: _restart(server)}
        over = threading.Event()

        def strike(kind: str = kind, over: threading.Event = over, blow: dict[str, Callable[[], None]] = blow) -> None:
            struck[kind] += int(not over.is_set())
            blow[kind]()

        timer = threading.Timer(dice.uniform(0.0, 0.15), strike if kind in blow else lambda: None)
        timer.start()
        try:
            with Comfy.open(job, Address.of(server.url), patience=Patience(20, 20)) as comfy:
                made = comfy.run(_graph(comfy.send(still), 1000 + number), "Fault")
            ends["completed"] += 1
            if made.state.state is not State.COMPLETED or not made.files("PreviewImage"):
                wrong.append(f"{number} {kind}: completed without files")
        except Canceled:
            ends["canceled"] += 1
            struck["cancel"] += 1
            if kind != "cancel" or _runs_on(server, job):
                wrong.append(f"{number} {kind}: canceled, or not stopped")
        except Fail as fail:
            wrong.append(f"{number} {kind}: {fail.message} {fail.detail[:200]}")
        over.set()
        timer.join()
        struck["reply"] += int(kind == "reply" and not server.trouble.lose_replies)
        job.close()
    return wrong, ends, struck


def _stopping(progress: Callable[..., None], at: int) -> Callable[..., None]:
    """Return a job's `progress` that is canceled when it is called so often."""
    left = [at]

    def stop(*words: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise Canceled
        progress(*words)

    return stop


def _restart(server: FakeComfy) -> None:
    server.kill()
    server.start()


def _runs_on(server: FakeComfy, job: Job) -> bool:
    lines = (job.scratch / "comfyui-prompts.jsonl").read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1])["prompt_id"]
    state = httpx.get(f"{server.url}/api/jobs/{last}").json().get("status")
    return state in {"pending", "in_progress"}
