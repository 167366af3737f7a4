"""A film to measure with: made through the studio's own API, as a page would make it."""

from dataclasses import dataclass
from uuid import uuid4

import httpx

from tests.stage import Studio


@dataclass(frozen=True)
class Film:
    """A project and the node ids of its shots, in order."""

    id: str
    shots: tuple[str, ...]


def new_film(studio: Studio, *, shots: int) -> Film:
    """Make a project with shots side by side on its board, each with a prompt and two seconds long."""
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
        project = api.post("/projects", json={"title": "Benchmark"}).raise_for_status().json()["id"]
        nodes = [
            {
                "id": f"n_bench{number:07}",
                "type": "shot",
                "x": 420.0 * (number % 5),
                "y": 560.0 * (number // 5),
                "parent": None,
                "data": {"prompt": f"The ship leaves the harbour, part {number + 1}", "seconds": 2},
            }
            for number in range(shots)
        ]
        operations = [{"op": "node.add", "node": node} for node in nodes]
        batch = {"op_id": str(uuid4()), "operations": operations}
        api.post(f"/projects/{project}/operations", json=batch).raise_for_status()
    return Film(id=project, shots=tuple(str(node["id"]) for node in nodes))
