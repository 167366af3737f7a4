"""Projects on the move: a zip out and in again is the same film, a stranger's zip does no harm, a copy is its own."""

import io
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas, generate, projects, transfer
from studio_server.library import archive, fsck, lfs, unpacking
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, shot, stage


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


@pytest.fixture
def film(here: Stage, tmp_path: Path) -> str:
    """A project with a shot, one take of it and two commits of its canvas."""
    project = here.project()
    here.worker()
    here.apply(project, shot("n_1"))
    canvas.commit(here.studio, project)
    job = generate.generate(here.studio, project, "n_1").job_id or ""
    here.studio.index.committed()
    _ring(here, job)
    attempt = here.claim(job).attempt
    here.finish(job, attempt, clip(tmp_path / "take.mp4"))
    canvas.commit(here.studio, project)
    return project


def _ring(here: Stage, job: str) -> None:
    assert generate.find(here.studio, job).state == "queued"


def packed(here: Stage, project: str) -> bytes:
    return b"".join(transfer.pack(here.studio, project)[1])


def told(here: Stage, project: str) -> dict[str, object]:
    """Everything a page is told of a project, without what belongs to this studio's own counting and places."""
    state = projects.full_state(here.studio, project).model_dump(mode="json")
    for name in ("id", "log_id", "revision", "queue"):
        state.pop(name)
    for name in ("id", "revision", "updated_at", "path", "slug", "title", "name", "created_at", "version"):
        state["project"].pop(name)
    return json.loads(json.dumps(state).replace(project, "PROJECT"))


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return done.stdout


def test_a_zip_out_and_in_again_is_the_same_film(here: Stage, film: str) -> None:
    before = told(here, film)
    log = git(here.folder(film).root, "log", "--format=%H %s")
    zipped = packed(here, film)
    shutil.rmtree(here.folder(film).root)
    with pytest.raises(StudioError):
        projects.full_state(here.studio, film)
    came = transfer.take_in(here.studio, [zipped])
    assert (came.project.id, came.with_history, came.missing_media, came.left_out) == (film, True, 0, ())
    assert told(here, film) == before
    root = here.folder(film).root
    assert git(root, "log", "--format=%H %s") == log
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "fsck", "--strict") == ""
    assert git(root, "lfs", "fsck").strip() == "Git LFS fsck OK"
    take = next((root / "03_Renders").rglob("*.mp4"))
    assert not os.access(take, os.W_OK) or os.geteuid() == 0
    assert take.stat().st_nlink == 2  # on the disk once


def test_an_archive_is_a_folder_that_anybody_can_use(here: Stage, film: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(here, film))) as opened:
        assert opened.testzip() is None
        opened.extractall(tmp_path / "elsewhere")
    folder = tmp_path / "elsewhere" / "the-salt-road"
    take = next((folder / "03_Renders").rglob("*.mp4"))
    assert take.read_bytes()[4:8] == b"ftyp"
    assert not (folder / "05_Cache").exists()
    git(tmp_path, "clone", "-q", str(folder / archive.BUNDLE), "clone")
    assert lfs.pointer_at(tmp_path / "clone" / take.relative_to(folder))


def test_it_is_taken_in_once_and_any_number_of_times_as_a_copy(here: Stage, film: str) -> None:
    zipped = packed(here, film)
    with pytest.raises(StudioError) as refused:
        transfer.take_in(here.studio, [zipped])
    assert refused.value.code is Code.VERSION_CONFLICT
    copy = transfer.take_in(here.studio, [zipped], as_copy=True).project
    assert copy.id != film
    assert copy.slug == "the-salt-road-2"
    original, again = told(here, film), told(here, copy.id)
    assert again | {"tasks": []} == original | {"tasks": []}
    assert not list((here.studio.workspace.root / ".arriving").iterdir())
    assert not [one for one in here.studio.workspace.projects_folder.iterdir() if one.name.startswith(".")]


def test_a_folder_that_a_person_zipped_keeps_its_history_but_none_of_its_settings(here: Stage, film: str) -> None:
    root = here.folder(film).root
    mark = root.parent / "hacked"
    (root / ".git" / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {mark}\n")
    (root / ".git" / "hooks" / "post-checkout").chmod(0o755)
    with (root / ".git" / "config").open("a") as config:
        config.write(f'[core]\n\tfsmonitor = "touch {mark}"\n\tsshCommand = "touch {mark}"\n')
    (root / ".lfsconfig").write_text("[lfs]\n\turl = http://evil.example\n")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for path in sorted(root.rglob("*")):
            zipped.write(path, f"My film/{path.relative_to(root).as_posix()}")
        zipped.writestr("__MACOSX/My film/._project.json", b"rubbish")
    came = transfer.take_in(here.studio, [out.getvalue()], as_copy=True)
    assert (came.with_history, came.missing_media, came.left_out) == (True, 0, (".lfsconfig",))
    there = Path(came.project.path)
    assert "hacked" not in (there / ".git" / "config").read_text()
    assert [hook.name for hook in (there / ".git" / "hooks").iterdir()] == ["pre-push"]
    assert "Canvas" in git(there, "log", "--format=%s")
    assert not mark.exists()


def zipped(*entries: tuple[str, bytes], mode: int = 0o100644) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, data)
    return out.getvalue()


HARMFUL: dict[str, Callable[[bytes], bytes]] = {
    "a path that leads out": lambda j: zipped(("f/project.json", j), ("f/../../evil.txt", b"x")),
    "a path from the root": lambda j: zipped(("project.json", j), ("/etc/evil", b"x")),
    "a file beside the project": lambda j: zipped(("f/project.json", j), ("g/evil.txt", b"x")),
    "a name that Windows reserves": lambda j: zipped(("f/project.json", j), ("f/01_Assets/con.txt", b"x")),
    "names alike but for their case": lambda j: zipped(("f/project.json", j), ("f/a/x", b"x"), ("f/A/y", b"y")),
    "a file where a folder belongs": lambda j: zipped(("f/project.json", j), ("f/a", b"x"), ("f/a/y", b"y")),
    "folders without end": lambda j: zipped(("f/project.json", j), ("f/" + "a/" * 30 + "x", b"x")),
    "a link": lambda j: zipped(("f/project.json", j), mode=0o120777),
    "two projects": lambda j: zipped(("f/project.json", j), ("g/project.json", j)),
    "no project": lambda _: zipped(("f/readme.txt", b"x")),
    "no zip": lambda _: b"PK\x03\x04 and then nothing",
    "nothing": lambda _: b"",
    "half of one": lambda j: (made := zipped(("f/project.json", j), ("f/x.txt", os.urandom(5000))))[: len(made) // 2],
}


@pytest.mark.parametrize("how", HARMFUL)
def test_a_strangers_archive_is_refused_whole(here: Stage, film: str, how: str) -> None:
    manifest = (here.folder(film).root / "project.json").read_bytes()
    there = {path for path in here.studio.workspace.root.rglob("*") if "Projects/the-salt-road" not in str(path)}
    with pytest.raises(StudioError) as refused:
        transfer.take_in(here.studio, [HARMFUL[how](manifest)], as_copy=True)
    assert refused.value.code is Code.ARCHIVE_REFUSED
    left = {path for path in here.studio.workspace.root.rglob("*") if "Projects/the-salt-road" not in str(path)}
    assert left - there <= {here.studio.workspace.root / ".arriving"}


def test_bombs_are_refused_before_they_fill_anything(here: Stage, film: str, tmp_path: Path) -> None:
    manifest = (here.folder(film).root / "project.json").read_bytes()
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(zipped(("f/project.json", manifest), ("f/zeros.txt", bytes(50_000_000))))
    assert bomb.stat().st_size < 100_000
    with pytest.raises(StudioError, match="larger than") as refused:
        unpacking.unpack(bomb, tmp_path / "files", tmp_path / "beside", 10_000_000)
    assert refused.value.code is Code.ARCHIVE_REFUSED
    lies = bytearray(bomb.read_bytes())
    end = lies.rfind(b"PK\x05\x06")
    lies[end + 12 : end + 16] = (0xF000_0000).to_bytes(4, "little")
    bomb.write_bytes(lies)
    with pytest.raises(StudioError, match="lists more"):
        unpacking.unpack(bomb, tmp_path / "files", tmp_path / "beside", 10_000_000)
    assert not (tmp_path / "files").exists()


def test_a_history_with_links_in_it_is_left_behind(here: Stage, film: str, tmp_path: Path) -> None:
    root = here.folder(film).root
    blob = subprocess.run(
        ["git", "-C", str(root), "hash-object", "-w", "--stdin"], input=b"/etc/passwd", capture_output=True, check=True
    ).stdout.decode()
    git(root, "update-index", "--add", "--cacheinfo", f"120000,{blob.strip()},03_Renders/evil")
    git(root, "-c", "user.name=e", "-c", "user.email=e@e", "commit", "-qm", "evil")
    came = transfer.take_in(here.studio, [packed(here, film)], as_copy=True)
    assert (came.with_history, came.missing_media) == (False, 0)
    there = Path(came.project.path)
    assert git(there, "log", "--format=%s").splitlines() == ["Brought in: The Salt Road"]
    assert "120000" not in git(there, "ls-files", "-s")
    assert came.project.take_count == 1
    assert git(there, "status", "--porcelain") == ""


def test_a_copy_shares_the_disk_and_nothing_else(here: Stage, film: str) -> None:
    copy = transfer.duplicate(here.studio, film)
    assert (copy.title, copy.take_count, copy.slug) == ("The Salt Road copy", 1, "the-salt-road-copy")
    assert told(here, copy.id) | {"tasks": []} == told(here, film) | {"tasks": []}
    there, root = Path(copy.path), here.folder(film).root
    take = next((there / "03_Renders").rglob("*.mp4"))
    assert take.stat().st_ino == (root / take.relative_to(there)).stat().st_ino
    here.apply(copy.id, shot("n_2"))
    canvas.commit(here.studio, copy.id)
    assert set(canvas.graph_of(here.studio, film).nodes) == {"n_1"}
    assert git(there, "status", "--porcelain") == ""
    shutil.rmtree(root)
    assert git(there, "lfs", "fsck").strip() == "Git LFS fsck OK"
    assert "Canvas" in git(there, "log", "--format=%s")


def test_the_sample_film_is_whole_and_each_opening_is_another_copy(here: Stage) -> None:
    first, second = transfer.open_sample(here.studio), transfer.open_sample(here.studio)
    assert first.id != second.id
    shots = canvas.shots(canvas.graph_of(here.studio, first.id)).values()
    assert len(shots) > 5
    assert all(here.folder(first.id).takes(*shot) for shot in shots)
    assert not list(fsck.examine(here.folder(first.id)))
