"""Listing a large project again costs a look at marks, and still says what the folders hold now."""

import os
import time
from pathlib import Path

import pytest

from studio_server.library import listing, scan
from studio_server.library.folder import ProjectFolder
from tests.stock import land, new_project

LONG_AGO = time.time() - 3600


@pytest.fixture
def folder(workspaces: Path) -> ProjectFolder:
    folder = new_project(workspaces)
    land(folder, "j1")
    land(folder, "j2", seed=7)
    _age(folder)
    return folder


def _shot(folder: ProjectFolder) -> Path:
    return folder.root / "03_Renders/SCENE_01/SHOT_010"


def _age(folder: ProjectFolder) -> None:
    shot = _shot(folder)
    for path in [*shot.iterdir(), shot]:
        os.utime(path, (LONG_AGO, LONG_AGO))


def test_what_rests_is_read_once(folder: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = folder.takes("01", "010")
    read: list[Path] = []
    entries = scan._entries
    monkeypatch.setattr(scan, "_entries", lambda root, path: read.append(path) or entries(root, path))
    again = folder.takes("01", "010")
    assert read == []
    assert all(one is other for one, other in zip(first, again, strict=True))
    again.clear()
    assert folder.takes("01", "010") == first


def test_a_sidecar_that_is_edited_in_its_place_is_read_again(folder: ProjectFolder) -> None:
    before = folder.takes("01", "010")
    sidecar = _shot(folder) / "SHOT-010_v01_take01.json"
    text = sidecar.read_text()
    with sidecar.open("r+") as opened:
        opened.write(text.replace('"seed": 1', '"seed": 5'))
    after = folder.takes("01", "010")
    assert [take.recipe.seed for take in before if take.recipe] == [1, 7]
    assert [take.recipe.seed for take in after if take.recipe] == [5, 7]


def test_what_comes_and_goes_is_seen(folder: ProjectFolder) -> None:
    names = [take.name for take in folder.takes("01", "010")]
    shot = _shot(folder)
    for path in list(shot.glob("*take02*")):
        path.unlink()
    assert [take.name for take in folder.takes("01", "010")] == names[:1]
    land(folder, "j3", seed=9)
    assert len(folder.takes("01", "010")) == 2


def test_what_was_changed_just_now_is_not_taken_for_resting(folder: ProjectFolder) -> None:
    """The next change may come before the disk's clock ticks, and would leave the same marks."""
    shot = _shot(folder)
    (shot / "note.txt").write_text("fresh")
    folder.takes("01", "010")
    assert scan._listed.get(str(shot)) is None
    _age(folder)
    folder.takes("01", "010")
    assert scan._listed[str(shot)].takes


def _restarted() -> None:
    scan._listed.clear()
    scan._read_sidecar.cache_clear()


def _kept(folder: ProjectFolder) -> Path:
    return folder.root / "05_Cache/listing/SCENE_01/SHOT_010.json"


def test_after_a_restart_no_sidecar_is_read_again(folder: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = folder.takes("01", "010")
    _restarted()
    monkeypatch.setattr(scan, "_entries", lambda *_: pytest.fail("the folder was read again"))
    assert folder.takes("01", "010") == first
    assert len(first) == 2


@pytest.mark.parametrize("how", ["edited", "gone", "come", "moved"])
def test_what_was_changed_while_the_studio_was_off_is_seen(folder: ProjectFolder, tmp_path: Path, how: str) -> None:
    before = folder.takes("01", "010")
    _restarted()
    shot = _shot(folder)
    sidecar = shot / "SHOT-010_v01_take01.json"
    if how == "edited":
        with sidecar.open("r+") as opened:
            opened.write(sidecar.read_text().replace('"seed": 1', '"seed": 5'))
        assert [take.recipe.seed for take in folder.takes("01", "010") if take.recipe] == [5, 7]
    elif how == "gone":
        for path in list(shot.glob("*take01*")) + list(shot.glob("*v02*")):
            path.unlink()
        assert len(folder.takes("01", "010")) < len(before)
    elif how == "come":
        (shot / "SHOT-010_v07_take01.mp4").write_bytes(b"by hand")
        assert len(folder.takes("01", "010")) == 3
    else:
        folder.root.rename(tmp_path / "elsewhere")
        assert ProjectFolder(tmp_path / "elsewhere").takes("01", "010") == before


@pytest.mark.parametrize("how", ["torn", "of another studio", "a link", "removed"])
def test_what_was_kept_may_be_anything(folder: ProjectFolder, tmp_path: Path, how: str) -> None:
    first = folder.takes("01", "010")
    _restarted()
    kept = _kept(folder)
    text = kept.read_text()
    kept.unlink()
    if how == "torn":
        kept.write_text(text[: len(text) // 2])
    elif how == "of another studio":
        kept.write_text(text.replace(listing.form(), "0" * 16).replace("a ship", "a whale"))
    elif how == "a link":
        (tmp_path / "other.json").write_text(text.replace("a ship", "a whale"))
        kept.symlink_to(tmp_path / "other.json")
    assert folder.takes("01", "010") == first
    _restarted()
    assert folder.takes("01", "010") == first
    if how == "a link":
        assert "a whale" in (tmp_path / "other.json").read_text()
