"""A studio on a Redis and a PostgreSQL of the operator's own: nothing private is started, and either may be renewed."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from studio_server.loops import dispatcher
from tests.services.postgres import Postgres
from tests.services.redis import Redis
from tests.stage import Studio


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    own = Redis(tmp_path / "redis")
    yield own
    own.kill()


@pytest.fixture
def studio(tmp_path: Path, redis: Redis, postgres: Postgres) -> Iterator[Studio]:
    own = Studio(tmp_path / "studio", STUDIO_BROKER_URL=redis.url, STUDIO_DATABASE_URL=postgres.database())
    own.start()
    yield own
    own.stop()


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def test_work_outlives_a_redis_that_forgets_everything(studio: Studio, redis: Redis) -> None:
    """It is killed while some shots wait and one is made: nobody's bell is left in it, and all are made, once each."""
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=30) as api:
        project = api.post("/projects", json={"title": "Line"}).json()["id"]
        shots = [
            {"id": f"n_{n}", "type": "shot", "x": 0, "y": 0, "data": {"prompt": "fog", "seconds": 1}} for n in range(5)
        ]
        api.post(f"/projects/{project}/operations", json={"operations": [{"op": "node.add", "node": s} for s in shots]})
        until(lambda: bool(api.get("/health").json()["workers"]))
        assert not (studio.workspaces / ".studio" / "broker").exists()
        tasks = [
            api.post("/tasks/generate_shot", json={"project_id": project, "node_id": shot["id"]}).json()["task_id"]
            for shot in shots
        ]
        until(lambda: any(api.get(f"/tasks/{task}").json()["state"] == "running" for task in tasks))
        redis.kill()
        redis.start()
        began = time.monotonic()
        until(lambda: all(api.get(f"/tasks/{task}").json()["state"] == "succeeded" for task in tasks))
        assert time.monotonic() - began < dispatcher.RING_AGAIN.total_seconds(), "they waited for the minute"
        for shot in shots:
            assert len(api.get(f"/projects/{project}/shots/{shot['id']}/takes").json()) == 1
