"""Files that people put into the project folder themselves: listed, shown, and used like any other."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, assets, canvas, generate, runs, watch
from studio_server.app import create_app
from studio_server.domain.graph import NodeSet
from studio_server.index import log
from studio_server.library import scan
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


def test_a_take_put_there_by_hand_gets_into_the_film(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1"), node("cut", "assembler"))
    here.apply(project, wire("n_1", "video", "cut", "clips"))
    film = clip(tmp_path / "mine.mp4")
    take = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4"
    take.parent.mkdir(parents=True)
    shutil.copyfile(film, take)
    job_id = assemble.render(here.studio, project, "cut").job_id
    assert job_id
    claim = here.claim(job_id)
    given = next(file for file in claim.inputs if file.socket == "clips")
    assert runs.input_file(here.studio, job_id, 1, given.oid).read_bytes() == film.read_bytes()
    take.unlink()
    with pytest.raises(StudioError) as refused:
        runs.input_file(here.studio, job_id, 1, given.oid)
    assert refused.value.code is Code.FILE_NOT_FOUND


def test_a_take_put_there_by_hand_has_a_picture(here: Stage, settings: Settings, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1"), node("cut", "assembler"))
    here.apply(project, wire("n_1", "video", "cut", "clips"))
    take = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4"
    take.parent.mkdir(parents=True)
    shutil.copyfile(clip(tmp_path / "mine.mp4"), take)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        (shown,) = client.get(f"/api/v1/projects/{project}/shots/n_1/takes").json()
        (cut,) = client.get(f"/api/v1/projects/{project}/timeline", params={"node_id": "cut"}).json()["cuts"]
        assert shown["poster_url"] is None
        assert shown["thumbnail_url"] == cut["thumbnail_url"]
        assert client.get(shown["thumbnail_url"]).headers["content-type"] == "image/webp"


def told(here: Stage, project: str, since: int) -> list[int]:
    """Look at the folder once, and return how many takes each event since then has told of."""
    watch.notice(here.studio, project)
    with here.studio.index.read() as session:
        events = log.since(session, project, since)
    assert {one.socket_name for one in events} <= {"server:takes_changed"}
    return [len(one.payload()["takes"]) for one in events]


@pytest.mark.parametrize("looked_at_before", [True, False])
def test_takes_put_into_a_new_shots_folder_are_told(here: Stage, tmp_path: Path, looked_at_before: bool) -> None:
    project = here.project()
    if looked_at_before:
        watch.notice(here.studio, project)
    revision = here.apply(project, shot("n_1"))
    folder = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010"
    folder.mkdir(parents=True)
    film = clip(tmp_path / "mine.mp4")
    for number in (1, 2):
        shutil.copyfile(film, folder / f"SHOT-010_v01_take0{number}.mp4")
    assert [told(here, project, revision) for _ in range(3)] == [[], [2], [2]]


def test_takes_put_there_within_one_tick_of_the_clock_are_told(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    revision = here.apply(project, shot("n_1"))
    folder = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010"
    folder.mkdir(parents=True)
    film = clip(tmp_path / "mine.mp4")
    tick = here.clock[0].timestamp()
    os.utime(folder, (tick, tick))
    assert told(here, project, revision) == []
    shutil.copyfile(film, folder / "SHOT-010_v01_take01.mp4")
    os.utime(folder, (tick, tick))
    assert [told(here, project, revision) for _ in range(2)] == [[], [1]]


def test_a_take_that_is_still_being_copied_is_told_when_it_is_whole(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    revision = here.apply(project, shot("n_1"))
    folder = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010"
    folder.mkdir(parents=True)
    film = clip(tmp_path / "mine.mp4").read_bytes()
    said = []
    with (folder / "SHOT-010_v01_take01.mp4").open("wb", buffering=0) as copy:
        for start in range(0, len(film), -(-len(film) // 4)):
            copy.write(film[start : start - (-len(film) // 4)])
            said.append(told(here, project, revision))
    assert said == [[]] * 4
    assert [told(here, project, revision) for _ in range(2)] == [[1], [1]]


def test_a_copy_that_paused_is_told_again(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    revision = here.apply(project, shot("n_1"))
    take = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4"
    take.parent.mkdir(parents=True)
    film = clip(tmp_path / "mine.mp4").read_bytes()
    take.write_bytes(film[:-100])
    os.utime(take, (0, here.clock[0].timestamp()))
    assert [told(here, project, revision) for _ in range(2)] == [[], [1]]
    with take.open("ab") as copy:
        copy.write(film[-100:])
    os.utime(take, (0, here.clock[0].timestamp() + 3))
    assert [told(here, project, revision) for _ in range(2)] == [[1], [1, 1]]


def test_a_still_put_there_by_hand_is_shown_and_used(here: Stage, settings: Settings) -> None:
    project = here.project()
    still = here.folder(project).root / "01_Assets/Source_Media/harbour.png"
    Image.new("RGB", (64, 36), "navy").save(still)
    asset = assets.listed(here.studio, project)[0]
    assert asset.thumbnail_url
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        assert client.get(asset.thumbnail_url).headers["content-type"] == "image/webp"
        # It may still be written when it is first looked at: the browser asks again.
        assert client.get(asset.media_url).headers["cache-control"] == "no-cache"
    here.apply(project, shot("n_1"), node("a_1", "asset", asset=asset.id))
    here.apply(project, wire("a_1", "media", "n_1", "still"))
    job_id = generate.generate(here.studio, project, "n_1").job_id
    assert job_id
    oid = here.claim(job_id).inputs[0].oid
    assert runs.input_file(here.studio, job_id, 1, oid).read_bytes() == still.read_bytes()


def _opened_again(here: Stage, project: str, tmp_path: Path, age_s: float) -> Path:
    """Return the folder of a shot with a take of some age, after the project was closed and opened again."""
    here.apply(project, shot("n_1"))
    folder = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010"
    folder.mkdir(parents=True)
    take = folder / "SHOT-010_v01_take01.mp4"
    shutil.copyfile(clip(tmp_path / "mine.mp4"), take)
    for path in (take, folder):
        os.utime(path, (time.time() - age_s, time.time() - age_s))
    here.studio.canvases.clear()
    canvas.graph_of(here.studio, project)
    return folder


def test_opening_a_project_looks_into_no_shots_folder(
    here: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_into: list[str] = []
    look = scan.file_marks
    monkeypatch.setattr(scan, "file_marks", lambda root, *key: looked_into.append(key[1]) or look(root, *key))
    project = here.project()
    _opened_again(here, project, tmp_path, 3600)
    assert looked_into == []
    revision = here.apply(project, NodeSet(id="n_1", name="prompt", value="Night"))
    assert [told(here, project, revision) for _ in range(3)] == [[], [], []]
    assert looked_into == ["010"]


@pytest.mark.parametrize("how", ["another", "longer"])
def test_what_is_changed_between_opening_and_the_first_look_is_told(here: Stage, tmp_path: Path, how: str) -> None:
    project = here.project()
    folder = _opened_again(here, project, tmp_path, 3600)
    if how == "another":
        shutil.copyfile(tmp_path / "mine.mp4", folder / "SHOT-010_v01_take02.mp4")
    else:  # in its place: the mark of the folder does not show it
        with (folder / "SHOT-010_v01_take01.mp4").open("ab") as growing:
            growing.write(b"more")
    revision = here.apply(project, NodeSet(id="n_1", name="prompt", value="Night"))
    counts = [told(here, project, revision) for _ in range(3)]
    assert counts[-1] == [2 if how == "another" else 1]
