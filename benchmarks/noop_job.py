"""One job that does nothing, from its order to its take, against Celery's `delay()` of a task that does nothing.

Both end when whoever ordered hears of it: the page over its socket, the peer by Celery's result. Rounds alternate.
`measure()` is called by benchmarks/run.py.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from celery import Celery

from tests import jobs
from tests.integration.pages import Page
from tests.services.redis import Redis
from tests.stage import ROOT, Studio

NAME = "noop-job"
ROUNDS = 30
AIM_MS = 400.0

PEER = """
import sys
from celery import Celery
app = Celery("peer", broker=sys.argv[1], backend=sys.argv[1])
@app.task(name="nothing")
def nothing() -> None:
    pass
app.worker_main(["--quiet", "worker", "--pool=prefork", "--concurrency=1", "--loglevel=ERROR", "--without-gossip",
                 "--without-mingle", "--without-heartbeat"])
"""


def measure() -> dict[str, object]:
    """Return milliseconds, the median of thirty rounds after one to warm up."""
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        folder = Path(place)
        redis = Redis(folder / "redis")
        peer = subprocess.Popen([sys.executable, "-c", PEER, redis.url], cwd=ROOT)
        pipelines = jobs.plant(folder / "pipelines")
        studio = Studio(
            folder, STUDIO_PIPELINES_DIR=str(pipelines), STUDIO_BROKER_URL=f"{redis.url[:-1]}1", RUNNER_GPU="none"
        )
        studio.start()
        try:
            app = Celery(broker=redis.url, backend=redis.url)
            times: tuple[list[float], list[float]] = ([], [])
            with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
                while not api.get("/health").json()["workers"]:
                    time.sleep(0.1)
                project, (shot,) = jobs.shots_in(api, "Benchmark", 1)
                page = Page(studio.url, project)
                for _ in range(ROUNDS + 1):
                    times[0].append(_ours(page, shot))
                    times[1].append(_peer(app))
                page.client.disconnect()
        finally:
            studio.stop()
            peer.terminate()
            peer.wait(30)
            redis.kill()
    ours, delay = (sorted(each[1:]) for each in times)
    return {
        "value": round(statistics.median(ours), 1),
        "unit": "ms",
        "peer_value": round(statistics.median(delay), 1),
        "aim": AIM_MS,
        "best": round(ours[0], 1),
        "p90": round(statistics.quantiles(ours, n=10)[-1], 1),
    }


def _ours(page: Page, shot: str) -> float:
    told = len(page.all("server:task_success"))
    began = time.perf_counter()
    page.call("client:start_generation", {"node_id": shot})
    while len(page.all("server:task_success")) == told:
        time.sleep(0.001)
    return (time.perf_counter() - began) * 1000


def _peer(app: Celery) -> float:
    began = time.perf_counter()
    app.send_task("nothing").get(timeout=60, interval=0.001)
    return (time.perf_counter() - began) * 1000
