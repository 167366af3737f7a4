"""Media in a bucket: nothing is lost that a folder would keep, and the disk holds only what is in use."""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from studio_sdk.errors import Code, StudioError
from studio_server.actions import generate, runs, storage, transfer
from studio_server.app import create_app
from studio_server.domain.shots import Take
from studio_server.library import fsck, mending, room
from studio_server.library.lfs import pointer_at
from studio_server.loops import stow
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire
from tests.services.s3 import S3

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def bucket(s3_server: S3) -> str:
    return s3_server.bucket()


@pytest.fixture
def here(settings: Settings, s3_server: S3, bucket: str) -> Iterator[Stage]:
    own = s3_server.settings(bucket, storage_role=s3_server.role(bucket), storage_public_endpoint=s3_server.url)
    with stage(Settings(**{**settings.model_dump(), **own})) as opened:
        opened.worker()
        yield opened


@pytest.fixture
def film(here: Stage, tmp_path: Path) -> tuple[str, Take]:
    project = here.project()
    here.apply(project, shot("n_1"))
    return project, take(here, project, tmp_path)


def take(here: Stage, project: str, tmp_path: Path, colour: str = "red") -> Take:
    job = generate.generate(here.studio, project, "n_1").job_id or ""
    here.finish(job, here.claim(job).attempt, clip(tmp_path / "made.mp4", colour=colour))
    return next(one for one in here.folder(project).takes("01", "010") if one.job_id == job)


def leave(here: Stage, project: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let everything leave the disk that may."""
    monkeypatch.setattr(room, "SMALL", 0)
    monkeypatch.setattr(room, "FRESH_S", -60)
    return room.make_room([here.folder(project)], 0)


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_lands_is_in_the_bucket_and_comes_back_when_it_has_left_the_disk(
    here: Stage, film: tuple[str, Take], s3_server: S3, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, landed = film
    folder = here.folder(project)
    oids = {key.rpartition("/")[2] for key in s3_server.keys(bucket, f"films/tenants/local/{project}/lfs/")}
    assert landed.poster
    assert oids == {landed.media.oid, landed.poster.oid}
    on_disk = folder.root / landed.media.path
    assert sha(on_disk) == landed.media.oid

    assert leave(here, project, monkeypatch) == landed.media.size + landed.poster.size
    assert pointer_at(on_disk) == (landed.media.oid, landed.media.size)
    assert list(folder.vault.near.listed()) == []
    assert list(fsck.examine(folder)) == []
    assert [one.id for one in folder.takes("01", "010")] == [landed.id]
    assert b"".join(folder.vault.read(landed.media.oid, 100, 50)) == clipped(folder, landed, 100, 150)
    assert sha(folder.resolve_media(landed.media.path)) == landed.media.oid
    assert sha(folder.media_with(landed.poster.oid)) == landed.poster.oid


def clipped(folder: object, landed: Take, start: int, end: int) -> bytes:
    return folder.media_with(landed.media.oid).read_bytes()[start:end]  # type: ignore[attr-defined]


def test_what_is_in_use_or_not_in_the_bucket_stays_on_the_disk(
    here: Stage, film: tuple[str, Take], s3_server: S3, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, landed = film
    folder = here.folder(project)
    assert room.make_room([folder], 0) == 0  # it has just landed
    far = folder.vault.far
    assert far
    for key in s3_server.keys(bucket):
        s3_server.client().delete_object(Bucket=bucket, Key=key)
    assert leave(here, project, monkeypatch) == 0
    harms = list(fsck.examine(folder, deep=False))
    assert {one.harm for one in harms} == {fsck.Harm.NOT_STORED}
    assert all(one.done for one in mending.mend(folder, harms, [], here.studio.author))
    assert list(fsck.examine(folder)) == []
    assert far.size(landed.media.oid) == landed.media.size


def test_what_came_whole_is_sent_in_the_next_round(
    here: Stage, film: tuple[str, Take], s3_server: S3, bucket: str
) -> None:
    project, landed = film
    for key in s3_server.keys(bucket):
        s3_server.client().delete_object(Bucket=bucket, Key=key)
    stow.stow(here.studio)
    assert here.folder(project).vault.far.size(landed.media.oid) == landed.media.size  # type: ignore[union-attr]


def test_a_bucket_that_is_away_holds_the_take_and_loses_nothing(
    here: Stage, s3_server: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    job = generate.generate(here.studio, project, "n_1").job_id or ""
    attempt = here.claim(job).attempt
    s3_server.end()
    try:
        with pytest.raises(StudioError) as refused:
            here.finish(job, attempt, clip(tmp_path / "made.mp4"))
    finally:
        s3_server.start()
    assert refused.value.code is Code.STORAGE_UNREACHABLE
    assert here.folder(project).takes("01", "010") == []
    assert "waiting to be stored" in here.told[-1].step
    assert here.finish(job, attempt, tmp_path / "made.mp4").state == "succeeded"
    (landed,) = here.folder(project).takes("01", "010")
    assert list(fsck.examine(here.folder(project))) == []
    assert landed.job_id == job


def test_wrong_bytes_are_found_and_never_served(
    here: Stage, film: tuple[str, Take], s3_server: S3, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, landed = film
    folder = here.folder(project)
    leave(here, project, monkeypatch)
    far = folder.vault.far
    assert far
    key = next(key for key in s3_server.keys(bucket) if key.endswith(landed.media.oid))
    s3_server.client().put_object(Bucket=bucket, Key=key, Body=b"x" * landed.media.size)
    with pytest.raises(StudioError) as refused:
        folder.resolve_media(landed.media.path)
    assert refused.value.code is Code.FILE_NOT_FOUND
    assert list(folder.vault.near.listed()) == []
    (harm,) = [one for one in fsck.examine(folder) if one.path == landed.media.path]
    assert harm.harm is fsck.Harm.BYTES_WRONG
    good = folder.root / "05_Cache" / "incoming" / landed.media.oid
    clip(good.with_suffix(".mp4")).rename(good)
    if sha(good) == landed.media.oid:  # ffmpeg gives the same bytes for the same picture
        assert all(one.done for one in mending.mend(folder, [harm], [], here.studio.author))
        assert b"".join(far.read(landed.media.oid)) == good.read_bytes()


def test_the_trash_and_an_archive_know_the_bucket(
    here: Stage, film: tuple[str, Take], s3_server: S3, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, first = film
    here.later(1)
    take(here, project, tmp_path, "blue")
    folder = here.folder(project)
    leave(here, project, monkeypatch)
    told = storage.report(here.studio, project)
    assert [one.path for one in told.unused] == [first.media.path]
    assert told.bucket == sum(s3_server.keys(bucket).values())

    bag = storage.prune(here.studio, project, [first.media.path])
    assert folder.vault.size(first.media.oid) is None
    assert sum(s3_server.keys(bucket).values()) == told.bucket
    assert {one.harm for one in fsck.examine(folder)} == {fsck.Harm.PUT_AWAY}
    storage.restore(here.studio, project, bag.id)
    assert sha(folder.resolve_media(first.media.path)) == first.media.oid

    leave(here, project, monkeypatch)
    name, chunks = transfer.pack(here.studio, project)
    file = tmp_path / name
    file.write_bytes(b"".join(chunks))
    with zipfile.ZipFile(file) as packed:
        inside = packed.read(f"{folder.root.name}/{first.media.path}")
    assert hashlib.sha256(inside).hexdigest() == first.media.oid
    copy = transfer.take_in_file(here.studio, file, as_copy=True)
    assert copy.missing_media == 0
    twin = here.folder(transfer.duplicate(here.studio, project).id)
    assert sha(twin.resolve_media(first.media.path)) == first.media.oid

    bag = storage.prune(here.studio, project, [first.media.path])
    storage.empty(here.studio, project, bag.id)
    assert first.media.oid not in "".join(s3_server.keys(bucket, f"films/tenants/local/{project}/"))


def test_pages_play_it_downloads_and_workers_go_to_the_bucket(
    here: Stage, film: tuple[str, Take], s3_server: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, first = film
    folder = here.folder(project)
    here.apply(project, node("n_up", "upscale"), wire("n_1", "video", "n_up", "clip"))
    job = generate.generate(here.studio, project, "n_up").job_id or ""
    attempt = here.claim(job).attempt
    assert runs.input_link(here.studio, job, attempt, first.media.oid) is None  # it is on the studio's disk
    leave(here, project, monkeypatch)
    link = runs.input_link(here.studio, job, attempt, first.media.oid)
    assert link
    assert hashlib.sha256(httpx.get(link).content).hexdigest() == first.media.oid
    assert runs.input_link(here.studio, job, attempt, "0" * 64) is None

    url = f"/api/v1/projects/{project}/media/{first.media.path}"
    with TestClient(create_app(here.studio.settings), base_url="http://127.0.0.1:8000") as client:
        sent = client.get(url, params={"download": "1"}, follow_redirects=False)
        assert sent.status_code == 307
        assert sent.headers["location"].startswith(s3_server.url)
        saved = httpx.get(sent.headers["location"])
        assert hashlib.sha256(saved.content).hexdigest() == first.media.oid
        assert Path(first.media.path).name in saved.headers["content-disposition"]
        played = client.get(url, headers={"Range": "bytes=10-19"})
        assert (played.status_code, played.headers["content-type"]) == (206, "video/mp4")
        assert "immutable" in played.headers["cache-control"]
        assert played.content == folder.resolve_media(first.media.path).read_bytes()[10:20]
