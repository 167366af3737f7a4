"""A project of 100, 1,000 and 10,000 takes: opened, its takes listed, a take landed, its history and status asked.

Through the served studio, ten takes a shot, each shot on the board; landing and `git status` on its folder. Opening is
the first request after a start of the studio, as a page sends it: the whole board, and of many takes those in sight.
`list_takes_first` is the second request of such a page, for the takes of the rest; `open_whole` asks for all at once,
later. `growth` is 10,000 against 100. `measure()` is called by benchmarks/run.py.
"""

import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from benchmarks.landing import draft, fill
from studio_server.domain.shots import TakeName
from studio_server.library import git, objects
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import Arrived, land_take
from tests.stage import Studio

NAME = "many-takes"
SIZES = (100, 1_000, 10_000)
AIM_MS = 1_000.0
ROUNDS = 5

_A_SHOT = 10
_A_SCENE = 100
_AUTHOR = git.Author("Bench", "bench@localhost")
_MEDIA = 2_000_000
_IN_SIGHT = "near=0,0,1600,1000"


def measure() -> dict[str, object]:
    """Return milliseconds to open a project of 10,000 takes, and all other figures by the number of takes."""
    found = {takes: _measured(takes) for takes in SIZES}
    most, least = found[SIZES[-1]], found[SIZES[0]]
    return {
        "value": most["open"],
        "unit": "ms",
        "aim": AIM_MS,
        **{f"at_{takes}": figures for takes, figures in found.items()},
        "growth": {name: round(most[name] / max(least[name], 0.1), 1) for name in most},
    }


def _measured(takes: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="bench-takes-") as place:
        studio = Studio(Path(place), RUNNER_GPU="none")
        studio.start()
        try:
            project, folder = _project(studio, takes)
            url = f"{studio.url}/api/v1/projects/{project}"
            opening, listing = [], []
            for _ in range(3):
                studio.stop()
                studio.start()
                with httpx.Client(timeout=120) as api:
                    opening.append(_ms(lambda: api.get(f"{url}?{_IN_SIGHT}").raise_for_status()))
                    listing.append(_ms(lambda: api.get(f"{url}/takes").raise_for_status()))
            with httpx.Client(timeout=120) as api:
                figures = {
                    "open": min(opening),
                    "list_takes_first": min(listing),
                    "open_whole": _ms(lambda: api.get(url).raise_for_status()),
                    "open_whole_again": _median(lambda: api.get(url).raise_for_status()),
                    "list_takes": _median(lambda: api.get(f"{url}/takes").raise_for_status()),
                    "history": _median(lambda: api.get(f"{url}/versions?limit=50").raise_for_status()),
                }
            numbers = iter(range(100))
            figures["land"] = _median(lambda: _land(folder, next(numbers)))
            figures["status"] = _median(lambda: _status(folder))
        finally:
            studio.stop()
    rounded = {name: round(ms, 1) for name, ms in figures.items()}
    print(f"  {takes} takes: {', '.join(f'{name} {ms} ms' for name, ms in rounded.items())}", flush=True)
    return rounded


def _project(studio: Studio, takes: int) -> tuple[str, ProjectFolder]:
    """Return a project whose takes lie on the disk and whose shots lie on the board."""
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=120) as api:
        made = api.post("/projects", json={"title": "Many takes"}).raise_for_status().json()
        folder = ProjectFolder(Path(made["path"]))
        fill(folder, takes)
        nodes = []
        for n in range(0, takes, _A_SHOT):
            place = {"x": 420.0 * (n // _A_SHOT % 10), "y": 560.0 * (n // _A_SCENE), "parent": None}
            data = {"scene": f"{n // _A_SCENE + 1:02d}", "code": f"{n % _A_SCENE // _A_SHOT + 1:03d}", "prompt": "Dawn"}
            nodes.append({"id": f"n_{n:05d}", "type": "shot", **place, "data": data})
        batch = {"op_id": "fill", "operations": [{"op": "node.add", "node": node} for node in nodes]}
        api.post(f"/projects/{made['id']}/operations", json=batch).raise_for_status()
        told = api.get(f"/projects/{made['id']}/takes").raise_for_status().json()
    assert sum(len(shot) for shot in told.values()) == takes
    return str(made["id"]), folder


def _land(folder: ProjectFolder, number: int) -> None:
    still = folder.root / "05_Cache" / "poster.jpg"
    still.parent.mkdir(exist_ok=True)
    still.write_bytes(random.randbytes(60_000))
    incoming = objects.Incoming(folder.root)
    incoming.write(random.randbytes(_MEDIA))
    oid, size = incoming.keep()[1:]
    name = TakeName("01", "001", 1, _A_SHOT + number + 1)
    land_take(folder, Arrived(oid, size, "video/mp4", ".mp4"), still, draft(f"j{number}", name), _AUTHOR)


def _status(folder: ProjectFolder) -> None:
    subprocess.run(["git", "-C", str(folder.root), "status", "--porcelain"], check=True, capture_output=True)


def _median(act: Callable[[], object]) -> float:
    act()
    return statistics.median(_ms(act) for _ in range(ROUNDS))


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
