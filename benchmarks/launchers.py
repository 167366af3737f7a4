"""What a launcher costs: a pipeline that does nothing, start to known end, against a bare `docker run` of its image.

Wants root, dockerd and the base of the tests (tests/services/docker.py). All figures are of one run, taken in turns.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from function_runner import bubblewrap
from function_runner.containers.images import Images
from function_runner.containers.launcher import DockerLauncher
from function_runner.launchers import Launch, Launcher
from function_runner.process import ProcessLauncher, can_restrict
from studio_sdk.folder import folder_digest
from studio_sdk.manifest import Pipeline
from tests.services.docker import Docker, make_base

NAME = "launchers"
ROUNDS = 12
FACTS = {
    "id": "nothing",
    "version": "1.0.0",
    "title": "Nothing",
    "task": "test",
    "engine": "cpu",
    "entry": ["sh", "main.sh"],
    "inputs": {},
    "outputs": {"nothing": {"type": "String"}},
    "variants": [{"quality": "low"}],
}


def measure() -> dict[str, object]:
    """Return milliseconds (median) of the container launcher, those of the others, and of `docker run` as the peer."""
    make_base()
    docker = Docker()
    try:
        with tempfile.TemporaryDirectory() as place:
            return _measure(docker, Path(place))
    finally:
        docker.close()


def _measure(docker: Docker, place: Path) -> dict[str, object]:
    folder = place / "nothing"
    folder.mkdir()
    (folder / "pipeline.json").write_text(json.dumps(FACTS))
    (folder / "main.sh").write_text("exit 0\n")
    launchers: dict[str, Launcher] = {"process": ProcessLauncher("process")}
    if can_restrict():
        launchers["restricted"] = ProcessLauncher("restricted")
    if bubblewrap.works():
        launchers["sandboxed"] = ProcessLauncher("sandboxed")
    launchers["container"] = DockerLauncher(docker.address, Images(docker.base, place / "images"), "bench:cpu")
    _once(launchers["container"], folder, place / "warm")
    client = docker.client()
    image = str(client.images.list(name="studio-pipeline/nothing")[0].id)
    client.close()
    times: dict[str, list[float]] = {name: [] for name in [*launchers, "docker run"]}
    for number in range(ROUNDS):
        for name, launcher in launchers.items():
            times[name].append(_once(launcher, folder, place / f"{name}-{number}"))
        times["docker run"].append(_bare(docker, image))
    found = {name: round(statistics.median(values) * 1000, 1) for name, values in times.items()}
    return {
        "value": found["container"],
        "unit": "ms",
        "peer": "docker run --rm --network none of the same image",
        "peer_value": found["docker run"],
        "aim": 1.5,
        **{f"{name}_ms": found[name] for name in launchers},
        **{f"{name}_ratio": round(found[name] / found["docker run"], 3) for name in launchers},
    }


def _once(launcher: Launcher, folder: Path, job: Path) -> float:
    for name in ("inputs", "outputs", "scratch"):
        (job / name).mkdir(parents=True)
    (job / "events.jsonl").touch()
    pipeline = Pipeline.model_validate(FACTS)
    launch = Launch(pipeline, folder, folder_digest(folder), folder, "job", 1, job, time.time() + 60, threads=1)
    ended = threading.Event()
    start = time.perf_counter()
    running = launcher.start(launch, ended)
    assert ended.wait(60), f"{launcher.label} did not end"
    took = time.perf_counter() - start
    assert running.exit_status() == 0, running.log_tail()
    return took


def _bare(docker: Docker, image: str) -> float:
    words = ["docker", "--host", docker.address, "run", "--rm", "--network", "none", image]
    start = time.perf_counter()
    subprocess.run(words, check=True, stdout=sys.stderr)
    return time.perf_counter() - start
