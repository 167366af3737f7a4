"""The database is lost: made anew from the folders, every answer of the API is what it was."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from studio_sdk.types import Quality
from studio_server import offline
from studio_server.actions import alternates, assemble, assets, canvas, generate, projects, versions
from studio_server.app import routes
from studio_server.settings import Settings
from tests.integration.pages import serving
from tests.integration.studios import clip, node, shot, stage, wire

OWN_TIMES = {"updated_at", "created_at", "started_at", "finished_at"}
"""Of a task: its times are taken from its take. `updated_at` of a project is its newest commit's."""

ELSEWHERE = {
    "/runner/": "for runners only, of a job that is under way",
    "/storage": "measures the disk, on which looking itself leaves notes and pictures",
    "/deliveries/estimate": "tells what the disk has left",
    "/auth/": "accounts live in the database alone",
    "/people": "likewise",
    "/members": "likewise",
    "/hooks": "likewise: where outside is told is no part of the film",
    "/contested": "part of the log",
    "/archive": "a zip, whose bytes tell when its files were written; test_transfer has it",
}


@pytest.fixture
def worked(settings: Settings, tmp_path: Path) -> dict[str, str]:
    """A film with two shots, three takes, an asset, a named version, an alternate, an edit list and a rendered film."""
    with stage(settings) as here:
        here.worker()
        projects.create(
            here.studio, title="Empty", description="", aspect_ratio="1:1", frame_rate="25/1", quality=Quality.LOW
        )
        here.later(2)
        time.sleep(1.1)  # the newest commit's second says which project was worked on last
        project = here.project()
        here.apply(project, shot("n_1"), shot("n_2"), node("n_cut", "assembler"))
        here.apply(project, wire("n_1", "video", "n_cut", "clips"), wire("n_2", "video", "n_cut", "clips"))
        for number, node_id in enumerate(("n_1", "n_2", "n_1")):
            job = generate.generate(here.studio, project, node_id).job_id or ""
            here.later(5)
            made = clip(tmp_path / f"{number}.mp4", seconds=1, colour=("red", "green", "blue")[number])
            here.finish(job, here.claim(job).attempt, made)
        with (tmp_path / "0.mp4").open("rb") as file:
            asset = assets.upload(here.studio, project, "storm.mp4", file)
        assemble.export(here.studio, project, "n_cut")
        version = versions.keep(here.studio, project, "Rough cut")
        first = alternates.begin(here.studio, project, "By night").alternates[0]
        film = assemble.render(here.studio, project, "n_cut").job_id or ""
        here.later(5)
        here.finish(film, here.claim(film).attempt, clip(tmp_path / "film.mp4", seconds=2))
        canvas.commit(here.studio, project)
        take = here.folder(project).takes("01", "010")[-1]
    return {
        "project_id": project,
        "node_id": "n_1",
        "oid": asset.oid,
        "path": take.media.path,
        "version_id": version.id,
        "alternate_id": first.id,
        "task_id": job,
    }


def answers(settings: Settings, known: dict[str, str]) -> dict[str, object]:
    """Every GET of the API, asked with what is known."""
    told: dict[str, object] = {}
    with serving(settings) as address, httpx.Client(base_url=address, timeout=30) as client:
        for path, methods in routes().openapi()["paths"].items():
            if "get" not in methods or any(part in path for part in ELSEWHERE):
                continue
            where = re.sub(r"\{(\w+)\}", lambda found: known[found[1]], path)
            asked = {"node_id": "n_cut"} if path.endswith(("/timeline",)) else {}
            answer = client.get(where, params=asked)
            assert answer.status_code < 500, (where, answer.text)
            kind = answer.headers["content-type"]
            told[path] = (answer.status_code, plain(answer.json()) if kind == "application/json" else answer.content)
    return told


def plain(value: object, at: str = "") -> object:
    """Leave out the numbering of the log, and what only the clock says."""
    if isinstance(value, list):
        return [plain(one, at) for one in value]
    if not isinstance(value, dict):
        return value
    left_out = {"log_id", "revision"}
    if "attempt" in value or "take_count" in value:
        left_out |= OWN_TIMES
    return {name: plain(inner, name) for name, inner in value.items() if name not in left_out and name != "events"}


def unlike(one: object, other: object, at: str) -> list[str]:
    """Say where two answers differ."""
    if isinstance(one, dict) and isinstance(other, dict) and set(one) == set(other):
        return [found for name in one for found in unlike(one[name], other[name], f"{at} {name}")]
    if isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        return [found for n, (a, b) in enumerate(zip(one, other, strict=True)) for found in unlike(a, b, f"{at} {n}")]
    return [] if one == other else [f"{at}: {one!r} became {other!r}"]


def test_every_answer_is_what_it_was(settings: Settings, worked: dict[str, str]) -> None:
    before = answers(settings, worked)
    assert len(before) > 15
    assert {status for status, _ in before.values()} <= {200, 415}, before  # type: ignore[misc]
    for part in settings.state_dir.glob("studio.db*"):
        part.unlink()
    again = answers(settings, worked)
    assert set(again) == set(before)
    for path, told in before.items():
        assert unlike(told, again[path], path) == []
    with stage(settings) as here:
        listed = projects.listed(here.studio)
        assert [one.title for one in listed if one.shot_count] == ["The Salt Road"]
        assert here.folder(worked["project_id"]).root.name == "the-salt-road"
        done = projects.tasks(here.studio, worked["project_id"])
        assert {(one.kind, one.state) for one in done} == {("take", "succeeded"), ("film", "succeeded")}


def test_the_command_sets_a_damaged_database_aside(settings: Settings, worked: dict[str, str]) -> None:
    database = settings.state_dir / "studio.db"
    data = bytearray(database.read_bytes())
    for name in ("-wal", "-shm"):
        Path(f"{database}{name}").unlink(missing_ok=True)
    data[:16384] = bytes(16384)
    database.write_bytes(data)
    said: list[str] = []
    assert offline.reindex(settings, said.append) == 0
    assert "2 projects entered" in said[-1]
    assert list(settings.state_dir.glob("studio.db.damaged-*"))
    with stage(settings) as here:
        assert len(projects.listed(here.studio)) == 2
        state = projects.full_state(here.studio, worked["project_id"])
        assert {name: len(takes) for name, takes in state.takes.items()} == {"n_1": 2, "n_2": 1}
        generate.generate(here.studio, worked["project_id"], "n_1")  # and work goes on


def test_a_damaged_database_is_told_in_words(settings: Settings, worked: dict[str, str]) -> None:
    (settings.state_dir / "studio.db").write_bytes(b"not a database at all" * 1000)
    environment = {"STUDIO_WORKSPACES": str(settings.workspaces), "PATH": "/usr/bin:/bin"}
    said = subprocess.run(
        [sys.executable, "-m", "studio_server", "migrate"], env=environment, capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert "studio reindex" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_folder_that_moved_is_found_again(settings: Settings, worked: dict[str, str]) -> None:
    with stage(settings) as here:
        root = here.folder(worked["project_id"]).root
        root.rename(root.with_name("renamed by hand"))
        listed = {one.id: one for one in projects.listed(here.studio)}
        assert listed[worked["project_id"]].slug == "renamed by hand"
        assert listed[worked["project_id"]].state.ok
        state = projects.full_state(here.studio, worked["project_id"])
        assert json.loads(state.model_dump_json())["project"]["take_count"] == 3
