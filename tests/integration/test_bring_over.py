"""Assets of one project taken into another: the same bytes, no second copy, and only within one's own studio."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assets, canvas
from studio_server.actions.views import AssetView
from studio_server.index import directory
from studio_server.library import lfs
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, stage


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


def upload(here: Stage, project: str, path: Path) -> AssetView:
    with path.open("rb") as file:
        return assets.upload(here.studio, project, path.name, file)


def picture(path: Path, colour: str) -> Path:
    Image.new("RGB", (64, 36), colour).save(path)
    return path


def test_files_come_over_whole_and_without_a_second_copy(here: Stage, tmp_path: Path) -> None:
    one, two = here.project("One"), here.project("Two")
    film = upload(here, one, clip(tmp_path / "My Film.mp4"))
    still = upload(here, one, picture(tmp_path / "harbour.png", "blue"))
    before = canvas.find(here.studio, two).revision
    found = assets.bring_over(here.studio, two, one, [film.id, still.id])
    assert set(found) == {film.id, still.id}
    brought = found[film.id]
    assert brought.id not in {film.id, still.id}
    same = ("title", "kind", "oid", "size", "width", "frames", "duration_s")
    assert [getattr(brought, name) for name in same] == [getattr(film, name) for name in same]
    assert {asset.id for asset in assets.listed(here.studio, two)} == {asset.id for asset in found.values()}
    assert canvas.find(here.studio, two).revision == before + 2
    objects = [lfs.object_path(here.folder(project).root, film.oid) for project in (one, two)]
    assert objects[0].stat().st_ino == objects[1].stat().st_ino
    assert (here.folder(two).root / brought.path).read_bytes() == (tmp_path / "My Film.mp4").read_bytes()
    assert here.folder(two).resolve_media(brought.path).is_file()
    assert [a.origin for a in here.folder(two).assets() if a.id == brought.id] == [f"project:{film.id}"]


def test_bringing_over_again_changes_nothing(here: Stage, tmp_path: Path) -> None:
    one, two = here.project("One"), here.project("Two")
    still = upload(here, one, picture(tmp_path / "a.png", "red"))
    own = upload(here, two, picture(tmp_path / "b.png", "red"))
    revision = canvas.find(here.studio, two).revision
    assert assets.bring_over(here.studio, two, one, [still.id, still.id])[still.id] == own
    assert assets.bring_over(here.studio, two, two, [own.id]) == {own.id: own}
    assert canvas.find(here.studio, two).revision == revision


def test_nothing_is_taken_when_one_is_missing(here: Stage, tmp_path: Path) -> None:
    one, two = here.project("One"), here.project("Two")
    still = upload(here, one, picture(tmp_path / "a.png", "red"))
    lost = upload(here, one, picture(tmp_path / "c.png", "green"))
    with pytest.raises(StudioError) as unknown:
        assets.bring_over(here.studio, two, one, [still.id, "nothing"])
    assert unknown.value.code is Code.NOT_FOUND
    lfs.object_path(here.folder(one).root, lost.oid).unlink()
    (here.folder(one).root / lost.path).unlink()
    with pytest.raises(StudioError) as gone:
        assets.bring_over(here.studio, two, one, [still.id, lost.id])
    assert gone.value.code in {Code.NOT_FOUND, Code.FILE_NOT_FOUND}
    assert assets.listed(here.studio, two) == []


def test_another_studios_project_is_not_there(here: Stage, tmp_path: Path) -> None:
    one, two = here.project("One"), here.project("Two")
    still = upload(here, one, picture(tmp_path / "a.png", "red"))
    with here.studio.index.write() as session:
        other = directory.local_person(session, "elsewhere", here.studio.now())
        session.connection().exec_driver_sql("UPDATE project SET tenant_id = ? WHERE id = ?", (other.tenant_id, one))
    for project, source in ((two, one), (one, two), (two, "nobody")):
        with pytest.raises(StudioError) as refused:
            assets.bring_over(here.studio, project, source, [still.id])
        assert refused.value.code is Code.NOT_FOUND
