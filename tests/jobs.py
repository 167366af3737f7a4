"""Jobs that cost next to nothing, for what is measured and shaken around them: a pipeline, and shots that use it.

`plant` makes a folder of pipelines with one in it, whose program hands in one and the same second of film after waiting
as long as it is told to. Used by benchmarks and by tests/chaos/workers.py.
"""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import httpx

from tests.integration.studios import clip

PROGRAM = """#!/bin/sh
set -e
sleep {seconds}
cp film.mp4 "$JOB_DIR/outputs/film.mp4"
cp result.json "$JOB_DIR/outputs/.part"
mv "$JOB_DIR/outputs/.part" "$JOB_DIR/outputs/result.json"
"""


def plant(folder: Path, seconds: float = 0) -> Path:
    """Make a pipelines folder with the one pipeline, which takes so long; return the folder."""
    place = folder / "second"
    place.mkdir(parents=True)
    film = clip(place / "film.mp4", size="64x36")
    data = film.read_bytes()
    made = {
        "name": "video",
        "path": "outputs/film.mp4",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "mime": "video/mp4",
    }
    manifest = {
        "contract": 1,
        "id": "second",
        "version": "1.0.0",
        "title": "A second",
        "task": "generate-video",
        "engine": "cpu",
        "entry": ["sh", "main.sh"],
        "environment": "bare",
        "inputs": {"prompt": {"type": "String"}},
        "outputs": {"video": {"type": "Video", "required": True}},
        "variants": [{"quality": "low"}],
    }
    (place / "pipeline.json").write_text(json.dumps(manifest))
    (place / "main.sh").write_text(PROGRAM.format(seconds=seconds))
    result = {"contract": 1, "status": "succeeded", "outputs": [made], "elapsed_s": seconds}
    (place / "result.json").write_text(json.dumps(result))
    return folder


def by_hand(pipelines: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Start the pipeline as a person would in a shell."""
    (folder / "outputs").mkdir(parents=True)
    place = pipelines / "second"
    shell = shutil.which("sh") or "sh"
    variables = {"JOB_DIR": str(folder), "PATH": os.defpath}
    return subprocess.Popen([shell, "main.sh"], cwd=place, env=variables)


def shots_in(api: httpx.Client, title: str, count: int) -> tuple[str, list[str]]:
    """Make a project with so many shots; return it and them."""
    project = str(api.post("/projects", json={"title": title, "quality": "low"}).raise_for_status().json()["id"])
    names = [f"n_{number}" for number in range(count)]
    nodes = [{"id": name, "type": "shot", "x": 0, "y": 0, "data": {"prompt": "fog"}} for name in names]
    operations = [{"op": "node.add", "node": node} for node in nodes]
    api.post(f"/projects/{project}/operations", json={"operations": operations}).raise_for_status()
    return project, names


def order(api: httpx.Client, project: str, node: str) -> str:
    """Order a take; return its task."""
    wish = {"project_id": project, "node_id": node}
    return str(api.post("/tasks/generate_shot", json=wish).raise_for_status().json()["task_id"])
