"""Named versions: kept in git, found after a clone, old canvases readable, a long history quick to list."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, canvas, projects, versions
from studio_server.app import create_app
from studio_server.domain.graph import NodeSet
from studio_server.library import git as history
from studio_server.library import versions as in_folder
from studio_server.library.folder import ProjectFolder
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire
from tests.integration.test_actions import made

CANVAS = "02_Source_Creative/Canvases/main_canvas.json"


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


def git(root: Path, *words: str, feed: str | None = None) -> str:
    command = ["git", "-C", str(root), "-c", "user.name=Ben", "-c", "user.email=ben@example.org", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=feed).stdout.strip()


def test_a_version_keeps_the_canvas_as_it_was(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    first = versions.keep(here.studio, project, "  Rough\tcut A ")
    assert (first.name, first.label, first.kind, first.created_by) == ("Rough cut A", "Rough cut A", "named", "You")
    here.apply(project, NodeSet(id="n_1", name="prompt", value="Night"), shot("n_2"))
    canvas.commit(here.studio, project)
    found = versions.listed(here.studio, project, 50, None)
    assert [version.kind for version in found] == ["saved", "named", "other"]
    again, graph = versions.at(here.studio, project, first.id)
    assert again == first
    assert {name: one.data["prompt"] for name, one in graph.nodes.items()} == {"n_1": "Dawn"}


def test_an_unchanged_canvas_takes_another_name_and_the_same_name_only_once(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    one = versions.keep(here.studio, project, "A")
    assert versions.keep(here.studio, project, "A") == one
    other = versions.keep(here.studio, project, "B")
    assert [v.name for v in versions.listed(here.studio, project, 2, None)] == ["B", "A"]
    here.apply(project, NodeSet(id="n_1", name="prompt", value="Night"))
    assert versions.keep(here.studio, project, "B").id != other.id


def test_what_people_did_is_what_the_list_says(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1"), node("cut", "assembler"))
    for number, label in enumerate(("Add a shot", "Prompt", "Prompt", "Move", "Seed", "Tidy")):
        edit = NodeSet(id="n_1", name="prompt", value=f"Dawn {number}")
        canvas.apply_operations(here.studio, project, None, [edit], label)
    canvas.commit(here.studio, project)
    made(here, project, clip(tmp_path / "take.mp4"))
    here.apply(project, wire("n_1", "video", "cut", "clips"))
    film = str(assemble.render(here.studio, project, "cut").job_id)
    found = versions.listed(here.studio, project, 50, None)
    assert [(v.kind, v.label) for v in found][:3] == [
        ("film", projects.full_state(here.studio, project).project.title),
        ("take", "SHOT-010_v01_take01"),
        ("saved", "Add a shot, Prompt, Move and 2 more"),
    ]
    _, graph = versions.at(here.studio, project, found[0].id)
    assert set(graph.edges) == {"n_1.video>cut.clips"}
    assert film


def test_names_survive_a_clone(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    kept = versions.keep(here.studio, project, "Für Ana: “Ende”")
    root = here.folder(project).root
    git(tmp_path, "-c", "filter.lfs.smudge=", "-c", "filter.lfs.required=false", "clone", "-q", str(root), "copy")
    assert in_folder.listed(ProjectFolder(tmp_path / "copy"), 1) == [kept]


def test_a_page_at_a_time(here: Stage) -> None:
    project = here.project()
    for number in range(7):
        versions.keep(here.studio, project, f"v{number}")
    seen: list[str | None] = []
    last: str | None = None
    while page := versions.listed(here.studio, project, 3, last):
        seen += [version.name for version in page]
        last = page[-1].id
    assert seen == ["v6", "v5", "v4", "v3", "v2", "v1", "v0", None]


@pytest.mark.parametrize("name", ["", "  \t ", "\x00\u200b", "x" * 81])
def test_a_name_that_is_none_is_refused(here: Stage, name: str) -> None:
    project = here.project()
    before = git(here.folder(project).root, "rev-parse", "main")
    with pytest.raises(StudioError) as refused:
        versions.keep(here.studio, project, name)
    assert refused.value.code is Code.VALIDATION_ERROR
    assert git(here.folder(project).root, "rev-parse", "main") == before


def test_a_name_cannot_smuggle_in_another_trailer(here: Stage) -> None:
    project = here.project()
    kept = versions.keep(here.studio, project, "A\nVersion-Name: B\nSigned-off-by: Mallory")
    assert kept.name == "A Version-Name: B Signed-off-by: Mallory"


def test_versions_that_are_not_in_the_history_or_cannot_be_read_say_so(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.commit(here.studio, project)
    root = here.folder(project).root
    foreign = git(root, "commit-tree", "-m", "elsewhere", git(root, "rev-parse", "main^{tree}"))
    blob = git(root, "rev-parse", f"main:{CANVAS}")
    for unknown in ("", "main", "HEAD~1", "0" * 40, foreign, blob, "--output=/tmp/x"):
        with pytest.raises(StudioError) as refused:
            versions.at(here.studio, project, unknown)
        assert refused.value.code is Code.NOT_FOUND
    for text, code in (("{\n<<<<<<< ours\n", Code.CANVAS_UNREADABLE), (None, Code.FILE_NOT_FOUND)):
        (root / CANVAS).write_text(text) if text else (root / CANVAS).unlink()
        git(root, "-c", "core.hooksPath=/dev/null", "commit", "-qm", "By hand", "--", CANVAS)
        newest = versions.listed(here.studio, project, 1, None)[0]
        assert (newest.label, newest.created_by, newest.kind) == ("By hand", "Ben", "other")
        with pytest.raises(StudioError) as unreadable:
            versions.at(here.studio, project, newest.id)
        assert unreadable.value.code is code


def test_a_thousand_versions_are_listed_at_once(here: Stage) -> None:
    project = here.project()
    folder = here.folder(project)
    tip = git(folder.root, "rev-parse", "main")
    steps = []
    for number in range(1000):
        text = f"Canvas: Edit {number}"
        steps.append(
            f"commit refs/heads/main\ncommitter You <you@x> {1_700_000_000 + number} +0000\n"
            f"data {len(text)}\n{text}\n" + (f"from {tip}\n" if number == 0 else "")
        )
    git(folder.root, "fast-import", "--quiet", "--force", feed="".join(steps))
    assert history.branch_of(folder.root) == "main"
    times = []
    for _ in range(5):
        began = time.perf_counter()
        found = versions.listed(here.studio, project, 1000, None)
        times.append(time.perf_counter() - began)
    assert (len(found), found[0].label) == (1000, "Edit 999")
    assert min(times) < 0.5, times


def test_the_routes(settings: Settings) -> None:
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        project = client.post("/api/v1/projects", json={"title": "Versions"}).json()["id"]
        url = f"/api/v1/projects/{project}/versions"
        kept = client.post(url, json={"name": "Start"})
        assert (kept.status_code, kept.json()["name"]) == (201, "Start")
        assert client.get(url, params={"limit": 1}).json() == [kept.json()]
        assert client.get(url, params={"limit": 1, "before": "x"}).status_code == 404
        assert client.get(url, params={"limit": 0}).status_code == 422
        one = client.get(f"{url}/{kept.json()['id']}").json()
        assert one == {"version": kept.json(), "graph": {"nodes": {}, "edges": {}}}
        assert client.post(url, json={"name": " "}).json()["context"]["field"] == "name"
