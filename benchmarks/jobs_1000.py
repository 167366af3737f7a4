"""A thousand jobs of a second each on two workers, against the same work run by hand in two shells.

The work is a pipeline that waits a second, as one waits for a card, and hands in a little film. By hand it is run two
at a time and nothing else is done; the studio also leases, checks, stores, numbers and commits each take. Both in one
run; a tenth is run by hand and taken ten times. `measure()` is called by benchmarks/run.py.
"""

import tempfile
import time
from pathlib import Path

import httpx

from tests import jobs
from tests.stage import Studio

NAME = "jobs-1000"
COUNT = 1000
WORKERS = 2
SECONDS = 1.0
BY_HAND = 10
AIM = 1.2


def measure(count: int = COUNT) -> dict[str, object]:
    """Return seconds from the first order to the last take, and what it takes by hand."""
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        folder = Path(place)
        pipelines = jobs.plant(folder / "pipelines", SECONDS)
        hand = _by_hand(pipelines, folder / "hand", count // BY_HAND) * BY_HAND
        studio = Studio(folder, STUDIO_PIPELINES_DIR=str(pipelines), RUNNER_CPU_WORKERS=str(WORKERS), RUNNER_GPU="none")
        studio.start()
        try:
            with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
                while len(api.get("/health").json()["workers"]) < WORKERS:
                    time.sleep(0.1)
                took, ordering = _by_studio(api, count)
        finally:
            studio.stop()
    return {
        "value": round(took, 1),
        "unit": "s",
        "peer_value": round(hand, 1),
        "aim": AIM,
        "jobs": count,
        "ordering_s": round(ordering, 1),
        "overhead_ms_a_job": round(1000 * WORKERS * (took - hand) / count, 1),
    }


def _by_hand(pipelines: Path, folder: Path, count: int) -> float:
    """Run the work in as many shells as there are workers; return the seconds."""
    began = time.perf_counter()
    for first in range(0, count, WORKERS):
        for one in [jobs.by_hand(pipelines, folder / str(n)) for n in range(first, min(first + WORKERS, count))]:
            assert one.wait(60) == 0
    return time.perf_counter() - began


def _by_studio(api: httpx.Client, count: int) -> tuple[float, float]:
    project, shots = jobs.shots_in(api, "Benchmark", 20)
    began = time.perf_counter()
    tasks = [jobs.order(api, project, shots[number % len(shots)]) for number in range(count)]
    ordering = time.perf_counter() - began
    waiting = set(tasks)
    since = 0
    while waiting:
        for event in api.get(f"/projects/{project}/events", params={"since": since}).json()["events"]:
            since = event["revision"]
            assert event["event"] != "server:task_failed", event
            if event["event"] == "server:task_success":
                waiting.discard(event["task_id"])
        time.sleep(0.1)
    return time.perf_counter() - began, ordering
