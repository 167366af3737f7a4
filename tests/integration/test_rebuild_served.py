"""A rebuild by the addresses that scripts use: planned, started, stopped; and what is refused."""

from collections.abc import Iterator

import httpx
import pytest

from studio_server.settings import Settings
from tests.integration.pages import serving


@pytest.fixture
def project(settings: Settings) -> Iterator[str]:
    with serving(settings) as address:
        made = httpx.post(f"{address}/api/v1/projects", json={"title": "Served"}).json()["id"]
        here = f"{address}/api/v1/projects/{made}"
        nodes = [{"id": card, "type": "shot", "data": {"prompt": "Dawn"}} for card in "ab"]
        wire = {"source": "a", "source_handle": "video", "target": "b", "target_handle": "motion"}
        operations = [*({"op": "node.add", "node": node} for node in nodes)]
        operations.append({"op": "edge.add", "edge": {"id": "a.video>b.motion", **wire}})
        assert httpx.post(f"{here}/operations", json={"operations": operations}).is_success
        yield here


def test_a_plan_changes_nothing_and_a_start_is_stopped_as_one(project: str) -> None:
    states = httpx.get(f"{project}/states").json()
    assert (states["whole"], {card: state["state"] for card, state in states["cards"].items()}) == (
        True,
        {"a": "missing", "b": "missing"},
    )
    planned = httpx.post(f"{project}/rebuild", json={}).json()
    assert [(line["node_id"], line["step"], line["after"]) for line in planned["plan"]["lines"]] == [
        ("a", "make", []),
        ("b", "make", ["a"]),
    ]
    assert planned["run_id"] is None
    assert httpx.get(project).json()["tasks"] == []
    started = httpx.post(f"{project}/rebuild", json={"dry_run": False, "op_id": "once"})
    assert started.status_code == 202
    again = httpx.post(f"{project}/rebuild", json={"dry_run": False, "op_id": "once"})
    assert again.json() == started.json()
    run = started.json()["run_id"]
    tasks = {task["node_id"]: task for task in httpx.get(project).json()["tasks"]}
    assert {card: (task["run"], task["late"]) for card, task in tasks.items()} == {"a": (run, False), "b": (run, True)}
    assert tasks["b"]["reason"] == "Waits for Shot 010"
    assert httpx.post(f"{project}/rebuild/{run}/cancel").is_success
    assert {task["state"] for task in httpx.get(project).json()["tasks"]} == {"canceled"}
    assert httpx.post(f"{project}/rebuild/{run}/cancel").status_code == 404


@pytest.mark.parametrize("body", [{"cards": "a"}, {"everything": True}, {"leave": [1]}])
def test_a_wish_that_cannot_be_read_is_refused(project: str, body: dict[str, object]) -> None:
    assert httpx.post(f"{project}/rebuild", json=body).status_code == 422


def test_nothing_to_do_is_said(project: str) -> None:
    answer = httpx.post(f"{project}/rebuild", json={"dry_run": False, "missing": False})
    assert (answer.status_code, answer.json()["error"]) == (422, "VALIDATION_ERROR")
