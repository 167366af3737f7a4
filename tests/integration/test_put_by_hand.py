"""Files that people put into the project folder themselves: listed, shown, and used like any other."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, assets, generate, runs, watch
from studio_server.app import create_app
from studio_server.index import log
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


def test_a_take_put_there_before_the_first_look_at_a_new_shot_is_told(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    watch.notice(here.studio, project)
    revision = here.apply(project, shot("n_1"))
    folder = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010"
    folder.mkdir(parents=True)
    shutil.copyfile(clip(tmp_path / "mine.mp4"), folder / "SHOT-010_v01_take01.mp4")
    watch.notice(here.studio, project)
    with here.studio.index.read() as session:
        told = [one.socket_name for one in log.since(session, project, revision)]
    assert told == ["server:takes_changed"]
    watch.notice(here.studio, project)
    with here.studio.index.read() as session:
        assert len(log.since(session, project, revision)) == 1


def test_a_still_put_there_by_hand_is_shown_and_used(here: Stage, settings: Settings) -> None:
    project = here.project()
    still = here.folder(project).root / "01_Assets/Source_Media/harbour.png"
    Image.new("RGB", (64, 36), "navy").save(still)
    asset = assets.listed(here.studio, project)[0]
    assert asset.thumbnail_url
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        assert client.get(asset.thumbnail_url).headers["content-type"] == "image/webp"
    here.apply(project, shot("n_1"), node("a_1", "asset", asset=asset.id))
    here.apply(project, wire("a_1", "media", "n_1", "still"))
    job_id = generate.generate(here.studio, project, "n_1").job_id
    assert job_id
    oid = here.claim(job_id).inputs[0].oid
    assert runs.input_file(here.studio, job_id, 1, oid).read_bytes() == still.read_bytes()
