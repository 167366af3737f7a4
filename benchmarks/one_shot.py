"""The media of one shot on a machine that has nothing yet, against a clone with a full `git lfs pull`.

A film of 300 takes of 1 MB, ten a shot. `value` is what docs/projects.md shows an editor: a shallow clone without
media, then `git lfs pull -I` of one shot. `by_hash` is a worker of the studio: it knows its inputs by hash and fetches
just those. Rounds alternate. `measure()` is called by benchmarks/run.py.
"""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from benchmarks import landing
from studio_server.library.folder import ProjectFolder
from tests.stage import Studio

NAME = "one-shot"
TAKES = 300
TAKE_BYTES = 1_000_000
ROUNDS = 3
_SHOT = "03_Renders/SCENE_02/SHOT_003"


def measure() -> dict[str, object]:
    """Return milliseconds until the media of one shot are there, and until all are."""
    with tempfile.TemporaryDirectory(prefix="bench-shot-") as place:
        studio = Studio(Path(place), RUNNER_GPU="none")
        studio.start()
        try:
            with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=120) as api:
                made = api.post("/projects", json={"title": "One shot"}).raise_for_status().json()
                token = api.post("/auth/token", data={"username": "x", "password": "y"}).json()["access_token"]
            folder = ProjectFolder(Path(made["path"]))
            landing.fill(folder, TAKES, TAKE_BYTES)
            address = f"http://git:{token}@127.0.0.1:{studio.port}/git/{made['id']}.git"
            times: dict[str, list[float]] = {"one": [], "all": [], "by_hash": []}
            for _ in range(ROUNDS):
                times["one"].append(_cloned(Path(place) / "clone", address, _SHOT))
                times["all"].append(_cloned(Path(place) / "clone", address, ""))
                times["by_hash"].append(_fetched(studio, made["id"], folder))
        finally:
            studio.stop()
    ms = {name: statistics.median(all_of) for name, all_of in times.items()}
    print(f"  {', '.join(f'{name} {value:.0f} ms' for name, value in ms.items())}", flush=True)
    return {
        "value": round(ms["one"], 1),
        "unit": "ms",
        "peer_value": round(ms["all"], 1),
        "by_hash_ms": round(ms["by_hash"], 1),
        "ratio_by_hash": round(ms["by_hash"] / ms["all"], 4),
    }


def _cloned(where: Path, address: str, shot: str) -> float:
    """Return the milliseconds of a clone with the media of one shot, or of the whole film."""
    shutil.rmtree(where, ignore_errors=True)
    home = where.with_name("desk")
    home.mkdir(exist_ok=True)
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}  # noqa: TID251 - a person's shell
    began = time.perf_counter()
    for words in (
        ["clone", "-q", *(["--depth", "1"] if shot else []), address, str(where)],
        ["-C", str(where), "lfs", "pull", *(["-I", shot] if shot else [])],
    ):
        environment = {**surroundings, "GIT_LFS_SKIP_SMUDGE": "1"} if words[0] == "clone" else surroundings
        subprocess.run(["git", *words], check=True, capture_output=True, env=environment)
    took = (time.perf_counter() - began) * 1000
    real = [path for path in where.glob("03_Renders/*/*/*.mp4") if path.stat().st_size >= TAKE_BYTES]
    assert len(real) == (10 if shot else TAKES), len(real)
    return took


def _fetched(studio: Studio, project: str, folder: ProjectFolder) -> float:
    paths = [f"{_SHOT}/{path.name}" for path in sorted((folder.root / _SHOT).glob("*.mp4"))]
    assert len(paths) == 10
    began = time.perf_counter()
    with (
        httpx.Client(base_url=f"{studio.url}/api/v1/projects/{project}/media/", timeout=60) as api,
        ThreadPoolExecutor(4) as fetching,
    ):
        sizes = list(fetching.map(lambda path: len(api.get(path).raise_for_status().content), paths))
    assert set(sizes) == {TAKE_BYTES}
    return (time.perf_counter() - began) * 1000
