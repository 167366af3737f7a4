"""The first look at what a pipeline made: its facts and its poster at once, and the same whatever its header says."""

import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import generate
from studio_server.library import length, media
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, shot, stage


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip(tmp_path_factory.mktemp("media") / "take.mp4", seconds=2)


def land(here: Stage, film: Path) -> str:
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id
    assert job_id
    assert here.finish(job_id, here.claim(job_id).attempt, film).state == "succeeded", generate.find(
        here.studio, job_id
    )
    take = here.folder(project).takes("01", "010")[0]
    assert take.poster
    assert media.probe(here.folder(project).root / take.poster.path).width == 128
    return take.name


def test_the_header_tells_how_long_it_is(film: Path, tmp_path: Path) -> None:
    assert length.told_s(film) == pytest.approx(2, abs=0.1)
    for name, data in (("empty", b""), ("torn", film.read_bytes()[:40]), ("text", b"not a film at all")):
        (tmp_path / name).write_bytes(data)
        assert length.told_s(tmp_path / name) is None


def test_poster_and_facts_are_got_side_by_side(here: Stage, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=5)
    inspect, poster = media.inspect, media.poster

    def meet_and_inspect(path: Path, filename: str) -> object:
        both.wait()
        return inspect(path, filename)

    def meet_and_draw(source: Path, target: Path, at_s: float = 0.0) -> None:
        both.wait()
        poster(source, target, at_s)

    monkeypatch.setattr(media, "inspect", meet_and_inspect)
    monkeypatch.setattr(media, "poster", meet_and_draw)
    land(here, film)


def test_a_header_that_lies_costs_the_take_nothing(here: Stage, film: Path, tmp_path: Path) -> None:
    data = bytearray(film.read_bytes())
    at = data.index(b"mvhd") + 4 + 16
    data[at : at + 4] = struct.pack(">I", 3_600_000)
    lying = tmp_path / "lying.mp4"
    lying.write_bytes(data)
    assert length.told_s(lying) == 3600
    assert land(here, lying) == "SHOT-010_v01_take01"


def test_what_cannot_be_read_is_still_refused_as_such(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id
    assert job_id
    (tmp_path / "not.mp4").write_bytes(b"<html>nothing to see here</html>")
    assert here.finish(job_id, here.claim(job_id).attempt, tmp_path / "not.mp4").state == "failed"
    error = generate.find(here.studio, job_id).error
    assert error is not None
    assert error.error is Code.OUTPUT_INVALID
    with pytest.raises(StudioError):
        media.poster(tmp_path / "not.mp4", tmp_path / "not.jpg")
