"""A project folder that came from a stranger: links, pipes and enormous files in it lead nowhere and stop nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas, projects
from studio_server.domain.graph import MAX_NODES, Graph, Node
from studio_server.library import formats
from studio_server.settings import Settings
from tests.integration.studios import Stage, shot, stage

CANVAS = "02_Source_Creative/Canvases/main_canvas.json"


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/passwd", "pipe"])
def test_a_canvas_that_is_no_file_is_refused(here: Stage, tmp_path: Path, target: str) -> None:
    project = here.project()
    path = here.folder(project).root / CANVAS
    path.unlink()
    if target == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(target)
    with pytest.raises(StudioError) as refused:
        projects.full_state(here.studio, project)
    assert refused.value.code is Code.FILE_NOT_FOUND


def test_a_sidecar_that_is_no_file_hides_no_take(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    folder = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010"
    folder.mkdir(parents=True)
    (folder / "SHOT-010_v01_take01.mp4").write_bytes(b"a take")
    (folder / "SHOT-010_v01_take01.json").symlink_to("/dev/zero")
    assert [take.name for take in projects.full_state(here.studio, project).takes["n_1"]] == ["SHOT-010_v01_take01"]


@pytest.mark.parametrize("linked", ["02_Source_Creative/Canvases", "04_Project_Files/Auto_Saves"])
def test_nothing_is_written_through_a_link(here: Stage, tmp_path: Path, linked: str) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    place, elsewhere = here.folder(project).root / linked, tmp_path / "elsewhere"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    before = {path.name: path.read_bytes() for path in elsewhere.iterdir()}
    with pytest.raises(StudioError) as refused:
        canvas.checkpoint(here.studio, project)
    assert refused.value.code is Code.VALIDATION_ERROR
    assert {path.name: path.read_bytes() for path in elsewhere.iterdir()} == before


def test_a_canvas_of_a_hundred_thousand_nodes_is_refused_in_words(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    nodes = {f"n{i}": Node(id=f"n{i}", type="note") for i in range(MAX_NODES * 5)}
    (here.folder(project).root / CANVAS).write_bytes(formats.dump_canvas(Graph(nodes=nodes)))
    with pytest.raises(StudioError) as refused:
        canvas.notice_outside_changes(here.studio, project)
    assert (refused.value.code, "100000 nodes" in refused.value.message) == (Code.CANVAS_UNREADABLE, True)
    assert set(canvas.graph_of(here.studio, project).nodes) == {"n_1"}
