"""compose.yaml: Compose accepts it, and the same programs with the same variables, as processes, make a take.

No image can be pulled where this was written, so the containers themselves were not started. What stands between the
two is the Dockerfile.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.ports import free_port
from tests.services.needed import end_with_the_tests, program
from tests.services.postgres import Postgres
from tests.services.redis import Redis
from tests.stage import ROOT

TOKEN = "a-token-for-runners-of-forty-characters-"
SECRETS = {"POSTGRES_PASSWORD": "secret", "STUDIO_RUNNER_TOKEN": TOKEN}
PROFILES = ("gpu", "comfyui", "s3")


def config(*profiles: str, **variables: str) -> subprocess.CompletedProcess[str]:
    compose = program("docker-compose", "docker-compose")
    words = [word for profile in profiles for word in ("--profile", profile)]
    return subprocess.run(
        [compose, "--file", str(ROOT / "compose.yaml"), *words, "config"],
        env={"PATH": os.defpath, "HOME": "/nonexistent", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    """Return what Compose understands."""
    found = config(*PROFILES, **SECRETS)
    assert found.returncode == 0, found.stderr
    understood: dict[str, dict[str, Any]] = yaml.safe_load(found.stdout)["services"]
    return understood


def test_compose_accepts_it_and_asks_for_the_secrets(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"web", "runner-cpu", "runner-gpu", "postgres", "redis", "comfyui", "s3"}
    for name in SECRETS:
        lacking = config(**{other: value for other, value in SECRETS.items() if other != name})
        assert lacking.returncode != 0
        assert "see the head of compose.yaml" in lacking.stderr


def test_nothing_but_the_page_is_open_and_that_to_this_machine_only(services: dict[str, dict[str, Any]]) -> None:
    open_ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert list(open_ports) == ["web"]
    assert str(open_ports["web"][0]).startswith("127.0.0.1:")
    for name in ("runner-cpu", "runner-gpu"):
        assert (services[name]["read_only"], services[name]["cap_drop"]) == (True, ["ALL"])
        assert not any("docker.sock" in str(volume) for volume in services[name]["volumes"])


class Topology:
    """The services of compose.yaml as processes; only where things are is another."""

    def __init__(self, folder: Path, services: dict[str, dict[str, Any]], redis: Redis, postgres: Postgres) -> None:
        self._folder, self._services = folder, services
        self.url = f"http://127.0.0.1:{free_port()}"
        self._elsewhere = {
            "postgresql+psycopg://studio:secret@postgres/studio": postgres.database(),
            "redis://redis:6379/0": redis.url,
            "http://web:8000": self.url,
            "http://127.0.0.1:8000": self.url,
            "8000": self.url.rpartition(":")[2],
            "/films": str(folder / "films"),
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, service: str, **more: str) -> None:
        """Start a service with its own command and variables."""
        facts = self._services[service]
        told = {name: str(value) for name, value in facts["environment"].items()}
        told = {name: self._elsewhere.get(value, value) for name, value in told.items()} | more
        if "RUNNER_WORK_DIR" in told:
            told["RUNNER_WORK_DIR"] = str(self._folder / service)
        inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}  # noqa: TID251
        python, *words = facts["command"]
        assert python == "python"
        with (self._folder / f"{service}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, *words],
                    cwd=ROOT,
                    env={**inherited, **told},
                    stdout=log,
                    stderr=log,
                    preexec_fn=end_with_the_tests,  # noqa: PLW1509 - it calls one function of the C library
                )
            )

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait(60)


@pytest.fixture
def topology(tmp_path: Path, services: dict[str, dict[str, Any]], postgres: Postgres) -> Iterator[Topology]:
    redis = Redis(tmp_path / "redis")
    there = Topology(tmp_path, services, redis, postgres)
    yield there
    there.stop()
    redis.kill()


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while True:
        with suppress(httpx.TransportError):
            if true():
                return
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.mark.timeout(240)
def test_the_same_topology_of_processes_makes_a_take(topology: Topology) -> None:
    topology.start("web")
    topology.start("runner-cpu")
    # No card here, so one is said to be there; everything else is as in the file.
    topology.start("runner-gpu", RUNNER_GPU="pretended", RUNNER_VRAM_GB="24", RUNNER_ENGINES='["cuda"]')
    with httpx.Client(base_url=f"{topology.url}/api/v1", timeout=60) as api:
        until(lambda: len(api.get("/health").json()["workers"]) == 3)
        workers = {worker["id"].rpartition(":")[2]: worker for worker in api.get("/health").json()["workers"]}
        assert set(workers) == {"cpu", "cpu2", "pretended"}
        # As a container does: by the name that is no name of this machine.
        named = {"Host": "web:8000", "Authorization": f"Bearer {TOKEN}"}
        assert api.post("/runner/jobs/none/claim", json={"worker_id": "w"}, headers=named).status_code == 404
        assert api.get("/health", headers={"Host": "elsewhere"}).status_code == 403
        project = api.post("/projects", json={"title": "Composed", "quality": "low"}).json()["id"]
        shot = {"id": "n_1", "type": "shot", "x": 0, "y": 0, "data": {"prompt": "fog", "seconds": 1}}
        api.post(f"/projects/{project}/operations", json={"operations": [{"op": "node.add", "node": shot}]})
        wish = {"project_id": project, "node_id": "n_1"}
        task = api.post("/tasks/generate_shot", json=wish).json()["task_id"]
        until(lambda: api.get(f"/tasks/{task}").json()["state"] == "succeeded")
        assert len(api.get(f"/projects/{project}/shots/n_1/takes").json()) == 1
        assert json.loads(api.get("/health").text)["ok"] is True
