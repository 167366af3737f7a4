"""A large project is told in two answers: the board with the takes in sight, then the takes of the rest."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from studio_server.app import create_app
from studio_server.settings import Settings
from tests.integration.studios import clip

SHOTS = 230


@pytest.fixture
def client(settings: Settings) -> TestClient:
    return TestClient(create_app(settings), base_url="http://127.0.0.1:8000", raise_server_exceptions=False)


def film(client: TestClient, settings: Settings, tmp_path: Path, shots: int) -> str:
    """Make a row of shots whose first and last have a take; return the project."""
    made = client.post("/api/v1/projects", json={"title": "Long"}).json()
    nodes = [
        {
            "id": f"s{n}",
            "type": "shot",
            "x": 400.0 * n,
            "y": 0,
            "parent": None,
            "data": {"scene": "01", "code": code(n)},
        }
        for n in range(shots)
    ]
    operations = [{"op": "node.add", "node": node} for node in nodes]
    address = f"/api/v1/projects/{made['id']}/operations"
    assert client.post(address, json={"operations": operations}).status_code == 200
    for n in (0, shots - 1):
        folder = Path(made["path"]) / "03_Renders" / "SCENE_01" / f"SHOT_{code(n)}"
        folder.mkdir(parents=True)
        clip(folder / f"SHOT-{code(n)}_v01_take01.mp4")
    return str(made["id"])


def code(number: int) -> str:
    return f"{(number + 1) * 10:03}"


def test_takes_in_sight_come_first_and_the_rest_when_asked(
    client: TestClient, settings: Settings, tmp_path: Path
) -> None:
    with client:
        project = film(client, settings, tmp_path, SHOTS)
        whole = client.get(f"/api/v1/projects/{project}").json()
        assert whole["whole"] is True
        told = {name for name, takes in whole["takes"].items() if takes}
        assert told == {"s0", f"s{SHOTS - 1}"}
        near = client.get(f"/api/v1/projects/{project}?near=-100,-100,900,900").json()
        assert near["whole"] is False
        assert near["takes"]["s0"] == whole["takes"]["s0"]
        assert f"s{SHOTS - 1}" not in near["takes"]
        assert near["graph"] == whole["graph"]
        rest = client.get(f"/api/v1/projects/{project}/takes").json()
        assert rest == whole["takes"]


def test_a_small_project_and_a_view_of_nearly_all_are_told_whole(
    client: TestClient, settings: Settings, tmp_path: Path
) -> None:
    with client:
        small = film(client, settings, tmp_path, 3)
        assert client.get(f"/api/v1/projects/{small}?near=0,0,10,10").json()["whole"] is True
        large = film(client, settings, tmp_path, SHOTS)
        assert client.get(f"/api/v1/projects/{large}?near=0,0,90000,900").json()["whole"] is True


@pytest.mark.parametrize("near", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1e9,0,1,1", "nan,0,0,0", "9999999999,0,1,1"])
def test_an_area_that_is_none_is_refused(client: TestClient, near: str) -> None:
    with client:
        made = client.post("/api/v1/projects", json={"title": "Asked wrongly"}).json()
        answer = client.get(f"/api/v1/projects/{made['id']}", params={"near": near})
        assert (answer.status_code, answer.json()["error"]) == (422, "CONTRACT_MISMATCH")
        missing = client.get("/api/v1/projects/00000000-0000-0000-0000-000000000000/takes")
        assert (missing.status_code, missing.json()["error"]) == (404, "NOT_FOUND")
