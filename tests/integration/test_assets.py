"""Files people bring in, and films that were rendered: judged by their bytes, whole, named by the studio."""

import hashlib
import os
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions.views import film_view
from studio_server.domain.assets import Asset, FilmDraft
from studio_server.library import lfs, objects
from studio_server.library.assets import land_asset, land_film
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import Arrived
from tests.stock import ANN, clip, git, new_project


@pytest.fixture
def folder(workspaces: Path) -> ProjectFolder:
    return new_project(workspaces)


def bring(folder: ProjectFolder, data: bytes, filename: str, identity: str = "a1") -> Asset:
    incoming = objects.Incoming(folder.root)
    incoming.write(data)
    told = (identity, "Ann", "2026-01-02T00:00:00Z")
    return land_asset(folder, incoming.keep(), filename, told, ANN)


def test_an_asset_is_committed_with_its_sidecar(folder: ProjectFolder, tmp_path: Path) -> None:
    data = clip(tmp_path / "a.mp4", audio=True).read_bytes()
    asset = bring(folder, data, "My Clip (1).MP4")
    assert asset.title == "My Clip (1)"
    assert asset.media.path == "01_Assets/Source_Media/My-Clip-1.mp4"
    assert (asset.kind, asset.width, asset.frames, asset.has_audio) == ("video", 64, 24, True)
    assert (folder.root / asset.media.path).read_bytes() == data
    pointer = git(folder.root, "cat-file", "-p", f"HEAD:{asset.media.path}").encode()
    assert lfs.parse_pointer(pointer) == (hashlib.sha256(data).hexdigest(), len(data))
    assert git(folder.root, "status", "--porcelain") == ""
    assert folder.assets() == [asset]
    assert list((folder.root / objects.INCOMING).iterdir()) == []


def test_the_same_bytes_are_one_asset_and_the_same_name_is_two(folder: ProjectFolder, tmp_path: Path) -> None:
    one = clip(tmp_path / "a.mp4").read_bytes()
    two = clip(tmp_path / "b.mp4", frames=30).read_bytes()
    first = bring(folder, one, "a.mp4")
    assert bring(folder, one, "other.mp4", "a2") == first
    assert bring(folder, two, "A.mp4", "a3").media.path == "01_Assets/Source_Media/A-2.mp4"
    assert len(folder.assets()) == 2


@pytest.mark.parametrize(("data", "filename"), [(b"", "a.png"), (b"<svg/>", "a.svg"), (b"x" * 99, "../a.mp4")])
def test_what_is_refused_leaves_nothing(folder: ProjectFolder, data: bytes, filename: str) -> None:
    with pytest.raises(StudioError) as refused:
        bring(folder, data, filename)
    assert refused.value.code is Code.UNSUPPORTED_MEDIA
    assert folder.assets() == []
    assert list((folder.root / objects.INCOMING).iterdir()) == []
    assert git(folder.root, "status", "--porcelain") == ""


def test_an_upload_that_is_too_large_or_damaged_on_the_way(folder: ProjectFolder) -> None:
    incoming = objects.Incoming(folder.root, limit=10)
    incoming.write(b"12345")
    with pytest.raises(StudioError) as refused:
        incoming.write(b"678901")
    assert refused.value.code is Code.UPLOAD_TOO_LARGE
    good = hashlib.sha256(b"abc").hexdigest()
    for chunks, oid, size in (([b"abd"], good, 3), ([b"ab"], good, 3), ([b"ab", b"cd"], good, 3)):
        with pytest.raises(StudioError) as refused:
            objects.stage(folder.root, chunks, oid, size)
        assert refused.value.code is Code.OUTPUT_INVALID
    assert list((folder.root / objects.INCOMING).iterdir()) == []
    assert objects.staged(folder.root, good, 3) is None
    path = objects.stage(folder.root, [b"a", b"bc"], good, 3)
    assert objects.staged(folder.root, good, 3) == path
    with pytest.raises(StudioError) as refused:
        folder.vault.bring(good)
    assert refused.value.code is Code.FILE_NOT_FOUND


def test_a_stream_that_breaks_off_leaves_nothing(folder: ProjectFolder) -> None:
    def broken() -> object:
        yield b"a"
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        objects.stage(folder.root, broken(), "a" * 64, 9)
    assert list((folder.root / objects.INCOMING).iterdir()) == []


def test_files_put_there_by_hand_are_listed_as_themselves(folder: ProjectFolder, tmp_path: Path) -> None:
    place = folder.root / "01_Assets/Source_Media"
    clip(place / "by hand.mp4")
    (place / "noise.mp4").write_bytes(os.urandom(99))
    (place / "notes.txt").write_text("x")
    (asset,) = folder.assets()
    assert (asset.title, asset.kind, asset.frames, asset.origin) == ("by hand", "video", 24, "folder")
    before = {p.stat().st_mtime_ns for p in (folder.root / "05_Cache/facts").iterdir()}
    assert folder.assets() == [asset]
    assert {p.stat().st_mtime_ns for p in (folder.root / "05_Cache/facts").iterdir()} == before


def film_draft(job: str) -> FilmDraft:
    facts = {"width": 64, "height": 48, "frame_rate": "24/1", "frames": 24, "duration_s": 1.0}
    return FilmDraft(id=job, job_id=job, node_id="n_1", created_at=f"2026-01-0{job[-1]}T00:00:00Z", **facts)


def staged_film(folder: ProjectFolder, path: Path) -> Arrived:
    data = path.read_bytes()
    oid = hashlib.sha256(data).hexdigest()
    objects.stage(folder.root, [data], oid, len(data))
    return Arrived(oid, len(data), "video/mp4", ".mp4")


def test_films_are_kept_beside_each_other_and_outside_the_history(folder: ProjectFolder, tmp_path: Path) -> None:
    poster = tmp_path / "p.jpg"
    poster.write_bytes(b"\xff\xd8\xff")
    made = clip(tmp_path / "a.mp4")
    first = land_film(folder, staged_film(folder, made), poster, "the-harbour", film_draft("f1"))
    again = land_film(folder, staged_film(folder, made), poster, "the-harbour", film_draft("f1"))
    second = land_film(folder, staged_film(folder, made), None, "the-harbour", film_draft("f2"))
    assert (first.name, again, second.name) == ("the-harbour_v01", first, "the-harbour_v02")
    assert folder.films() == [second, first]
    for film in (first, second):
        assert folder.resolve_media(film.media.path).read_bytes() == made.read_bytes()
    assert first.poster is not None
    assert folder.resolve_media(first.poster.path).read_bytes() == poster.read_bytes()
    assert git(folder.root, "status", "--porcelain") == ""
    assert not lfs.object_path(folder.root, first.media.oid).exists()


def test_a_film_says_how_many_parts_were_made_anew(folder: ProjectFolder, tmp_path: Path) -> None:
    made = clip(tmp_path / "a.mp4")
    said: list[dict[str, object]] = [{"spans": 24, "spans_anew": 3}, {}, {"spans": "many", "spans_anew": True}]
    for number, facts in enumerate(said, 1):
        draft = film_draft(f"f{number}").model_copy(update={"facts": facts})
        land_film(folder, staged_film(folder, made), None, "the-harbour", draft)
    told = [film_view("p", film) for film in reversed(folder.films())]
    assert [(one.parts, one.parts_anew) for one in told] == [(24, 3), (None, None), (None, None)]


def test_films_that_cannot_be(folder: ProjectFolder) -> None:
    for stem, code in (("../x", Code.VALIDATION_ERROR), ("fine", Code.FILE_NOT_FOUND)):
        with pytest.raises(StudioError) as refused:
            land_film(folder, Arrived("a" * 64, 3, "video/mp4", ".mp4"), None, stem, film_draft("f1"))
        assert refused.value.code is code
    assert list((folder.root / "06_Exports").iterdir()) == []
