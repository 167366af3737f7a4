"""The canvas file: written behind the log, merged when others change it, never overwritten while it cannot be read."""

import json
import os
import shutil
from collections.abc import Iterator

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas, projects
from studio_server.domain.graph import EMPTY, Graph, NodeMove, NodeSet
from studio_server.index import log
from studio_server.settings import Settings
from tests.integration.studios import Stage, shot, stage


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


def file_of(here: Stage, project: str):
    return here.folder(project).root / "02_Source_Creative/Canvases/main_canvas.json"


def graph_of(here: Stage, project: str) -> Graph:
    with canvas.opened(here.studio, project) as now:
        return now.graph


def test_the_file_follows_the_log_one_entity_a_line(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_2"), shot("n_1"))
    assert canvas.checkpoint(here.studio, project)
    assert not canvas.checkpoint(here.studio, project)
    lines = file_of(here, project).read_text().splitlines()
    assert [line[:6] for line in lines if line.startswith('"n_')] == ['"n_1":', '"n_2":']
    assert json.loads(file_of(here, project).read_text())["schema"] == 1


def test_a_crash_before_the_file_was_written_loses_nothing(here: Stage, settings: Settings) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    here.apply(project, NodeSet(id="n_1", name="prompt", value="typed just before the crash"))
    with stage(settings) as again:
        assert graph_of(again, project).nodes["n_1"].data["prompt"] == "typed just before the crash"
        assert canvas.checkpoint(again.studio, project)


def test_somebody_elses_change_is_merged_with_ours(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    here.apply(project, NodeMove(id="n_1", x=50, y=60))
    path = file_of(here, project)
    path.write_text(path.read_text().replace("Dawn over the harbour", "Dusk over the harbour"))
    canvas.notice_outside_changes(here.studio, project)
    node = graph_of(here, project).nodes["n_1"]
    assert (node.data["prompt"], node.x) == ("Dusk over the harbour", 50)
    with here.studio.index.read() as session:
        assert log.since(session, project, 0)[-1].actor == "outside"
    canvas.checkpoint(here.studio, project)
    assert "Dusk" in path.read_text()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_somebody_elses_change_in_the_moment_of_our_writing_is_merged(
    here: Stage, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    path = file_of(here, project)
    here.apply(project, NodeMove(id="n_1", x=50, y=60))
    disk_fsync = os.fsync
    syncs = 0

    def slow(descriptor: int) -> None:
        # The first one is of the new file, not yet in its place; the second one of its folder, once it is.
        nonlocal syncs
        syncs += 1
        disk_fsync(descriptor)
        if syncs == ["before", "after"].index(moment) + 1:
            path.write_text(path.read_text().replace("Dawn over the harbour", "Dusk over the harbour"))

    monkeypatch.setattr(os, "fsync", slow)
    canvas.checkpoint(here.studio, project)
    monkeypatch.undo()
    canvas.notice_outside_changes(here.studio, project)
    node = graph_of(here, project).nodes["n_1"]
    assert (node.data["prompt"], node.x) == ("Dusk over the harbour", 50)
    canvas.checkpoint(here.studio, project)
    assert "Dusk" in path.read_text()


def test_a_syntax_error_is_named_and_the_file_left_alone(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    path = file_of(here, project)
    good = path.read_text()
    path.write_text(good.replace('"schema"', "schema"))
    here.apply(project, NodeSet(id="n_1", name="prompt", value="typed meanwhile"))
    with pytest.raises(StudioError) as refused:
        canvas.checkpoint(here.studio, project)
    assert refused.value.code is Code.CANVAS_UNREADABLE
    assert "line" in refused.value.message + refused.value.detail
    assert path.read_text().startswith("{\nschema")
    assert graph_of(here, project).nodes["n_1"].data["prompt"] == "typed meanwhile"
    path.write_text(good)
    assert canvas.checkpoint(here.studio, project)
    assert "typed meanwhile" in path.read_text()


def test_an_unknown_node_type_survives(here: Stage) -> None:
    project = here.project()
    path = file_of(here, project)
    path.write_text(
        '{\n"schema": 1,\n"nodes": {\n"h": {"id": "h", "type": "hologram", "data": {"a": [1]}}\n},\n"edges": {\n}\n}\n'
    )
    here.apply(project, shot("n_1"))
    canvas.notice_outside_changes(here.studio, project)
    canvas.checkpoint(here.studio, project)
    assert json.loads(path.read_text())["nodes"]["h"]["data"] == {"a": [1]}


def test_a_folder_that_is_gone_and_back(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    root = here.folder(project).root
    shutil.move(root, root.with_name("elsewhere"))
    here.apply(project, NodeSet(id="n_1", name="prompt", value="typed while it was gone"))
    with pytest.raises(StudioError) as missing:
        canvas.checkpoint(here.studio, project)
    assert missing.value.code is Code.PROJECT_MISSING
    shutil.move(root.with_name("elsewhere"), root)
    assert canvas.checkpoint(here.studio, project)
    assert "typed while it was gone" in file_of(here, project).read_text()


def test_a_moved_folder_is_found_under_its_new_name(here: Stage) -> None:
    project = here.project()
    root = here.folder(project).root
    shutil.move(root, root.with_name("renamed"))
    listed = projects.listed(here.studio)
    assert [(p.id, p.slug, p.state.ok) for p in listed] == [(project, "renamed", True)]


def test_replacing_needs_the_newest_version(here: Stage) -> None:
    project = here.project()
    revision = here.apply(project, shot("n_1"))
    with pytest.raises(StudioError) as conflict:
        canvas.replace(here.studio, project, EMPTY, revision - 1)
    assert conflict.value.code is Code.VERSION_CONFLICT
    canvas.replace(here.studio, project, EMPTY, revision)
    assert graph_of(here, project) == EMPTY


def test_a_deleted_database_is_made_again_from_the_folders(settings: Settings) -> None:
    with stage(settings) as before:
        project = before.project()
        before.apply(project, shot("n_1"))
        canvas.checkpoint(before.studio, project)
        told = projects.full_state(before.studio, project)
    for file in settings.state_dir.glob("studio.db*"):
        file.unlink()
    with stage(settings) as after:
        assert [view.id for view in projects.listed(after.studio)] == [project]
        again = projects.full_state(after.studio, project)
        assert again.log_id != told.log_id
        assert (again.graph, again.takes, again.assets, again.films) == (
            told.graph,
            told.takes,
            told.assets,
            told.films,
        )
        assert after.apply(project, NodeSet(id="n_1", name="prompt", value="and on we go")) == 1
