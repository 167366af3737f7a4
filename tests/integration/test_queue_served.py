"""The queue with the real programs: held it starts nothing, also after a restart; let go it runs in people's order."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.pages import Page
from tests.stage import Studio


@pytest.fixture
def api(studio: Studio) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=30) as opened:
        yield opened


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    own = Studio(tmp_path / "studio")
    own.start()
    yield own
    own.stop()


def page_on(studio: Studio, project: str) -> Page:
    """Open a page, also while the web process is coming up again."""
    for _ in range(100):
        try:
            return Page(studio.url, project)
        except Exception:  # noqa: BLE001 - not up yet
            time.sleep(0.2)
    raise AssertionError("the studio did not come back")


def patiently(page: Page, name: str, wanted: Any, seconds: float = 40) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = page.all(name)
        if found and wanted(found[-1]):
            return found[-1]
        time.sleep(0.05)
    raise AssertionError(f"the newest {name} is not as wanted: {page.all(name)[-3:]}")


def test_a_held_queue_waits_and_runs_in_the_order_people_made(studio: Studio, api: httpx.Client) -> None:
    project = api.post("/projects", json={"title": "Line"}).json()["id"]
    shots = [
        {"id": f"n_{n}", "type": "shot", "x": 0, "y": 0, "data": {"prompt": "fog", "seconds": 1}} for n in range(3)
    ]
    api.post(f"/projects/{project}/operations", json={"operations": [{"op": "node.add", "node": s} for s in shots]})
    while not api.get("/health").json()["workers"]:
        time.sleep(0.1)
    page = Page(studio.url, project)
    assert "revision" in page.call("client:pause_queue", {"op_id": "hold", "paused": True})
    tasks = [page.call("client:start_generation", {"node_id": shot["id"]})["task_id"] for shot in shots]
    told = patiently(page, "server:queue", lambda queue: len(queue["order"]) == 3)
    assert (told["paused"], told["order"]) == (True, tasks)
    estimates = told["estimates"].values()
    assert {(one["starts_in_s"], one["starts"], one["takes_s"], one["guess"]) for one in estimates} == {
        (None, None, 2.0, True)
    }
    assert all(one["takes"]["low_s"] < 2.0 < one["takes"]["high_s"] for one in estimates)
    one, two, three = tasks
    assert "revision" in page.call("client:move_task", {"task_id": three, "before": one})
    patiently(page, "server:queue", lambda queue: queue["order"] == [three, one, two])

    page.client.disconnect()
    studio.kill_program("web")
    page = page_on(studio, project)
    assert page.call("client:sync_request", {})["mode"] == "full"
    full = page.all("server:full_sync")[-1]
    assert full["queue"]["order"] == [three, one, two]
    assert (full["queue"]["paused"], full["project"]["queue_paused"]) == (True, True)
    time.sleep(2)
    assert {task["state"] for task in api.get(f"/projects/{project}").json()["tasks"]} == {"queued"}

    page.call("client:pause_queue", {"op_id": "go", "paused": False})
    patiently(page, "server:queue", lambda queue: not queue["order"] and not queue["estimates"])
    done = [api.get(f"/tasks/{task}").json() for task in (three, one, two)]
    assert [task["state"] for task in done] == ["succeeded"] * 3
    assert [task["started_at"] for task in done] == sorted(task["started_at"] for task in done)
    learned = api.get(f"/projects/{project}").json()["queue"]
    assert (learned["paused"], learned["order"], learned["estimates"], learned["stranded"]) == (False, [], {}, {})
    assert [machine["busy"] for machine in learned["machines"]] == [False]
    page.client.disconnect()
