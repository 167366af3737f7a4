"""Full disks, kills at every step and power cuts: no take or a whole one."""

import contextlib
import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.library import lfs, objects
from studio_server.library.disk import TEMPORARY
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import land_take, recover
from tests.stock import ANN, SHOT, arrive, beside, checked, draft, git, new_project, still, whole

STEPS = ("objects", "journal", "poster", "sidecar", "media", "blobs", "index", "ref", "closed")


@pytest.fixture
def folder(workspaces: Path) -> ProjectFolder:
    return new_project(workspaces)


@pytest.mark.parametrize("number", [28, 30], ids=["disk full", "read only"])
@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_disk_that_refuses_leaves_no_take_and_lets_it_be_tried_again(
    folder: ProjectFolder, step: str, number: int
) -> None:
    def refuse(reached: str) -> None:
        if reached == step:
            raise OSError(number, os.strerror(number))

    data = os.urandom(9000)
    arrived, poster = arrive(folder, data), still(folder)
    expected = {28: Code.STORAGE_FULL, 30: Code.STORAGE_READONLY}[number]
    with pytest.raises((StudioError, OSError)) as refused:
        land_take(folder, arrived, poster, draft("j1"), ANN, reached=refuse)
    if step != "objects":
        assert isinstance(refused.value, StudioError)
        assert refused.value.code is expected
    if step == "ref":  # the commit stood already: the history keeps the take, and landing again brings it back
        assert git(folder.root, "rev-list", "--count", "HEAD").strip() == "2"
    else:
        assert git(folder.root, "rev-list", "--count", "HEAD").strip() == "1"
    assert folder.takes("01", "010") == []
    assert list((folder.root / "03_Renders").rglob("SHOT-*")) == []
    take = land_take(folder, arrived, poster, draft("j1"), ANN)
    whole(folder, take)
    assert len(folder.takes("01", "010")) == 1
    checked(folder)
    assert recover(folder) == []


def fill(path: Path) -> None:
    """Write until the disk is full."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can be made by root only; the test above stands in for it")
    try:
        folder = new_project(place)
        data = os.urandom(600_000)
        arrived = arrive(folder, data)
        filler = folder.root / "05_Cache/filler"
        fill(filler)
        with pytest.raises(StudioError) as refused:
            land_take(folder, arrived, None, draft("j1"), ANN)
        assert refused.value.code is Code.STORAGE_FULL
        assert folder.takes("01", "010") == []
        with pytest.raises(StudioError) as refused:
            arrive(folder, os.urandom(100_000))
        assert refused.value.code is Code.STORAGE_FULL
        filler.unlink()
        take = land_take(folder, arrived, None, draft("j1"), ANN)
        assert (folder.root / take.media.path).read_bytes() == data
        checked(folder)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def killed_at(folder: ProjectFolder, step: str, use: Callable[[Callable[[str], None]], object]) -> int:
    """Run something in a process of its own that is killed without warning at a step."""
    pid = os.fork()
    if pid == 0:
        try:
            use(lambda reached: os.kill(os.getpid(), 9) if reached == step else None)
        finally:
            os._exit(0)
    return os.waitpid(pid, 0)[1]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_no_take_or_a_whole_one(folder: ProjectFolder, step: str) -> None:
    data = os.urandom(50_000)
    arrived, poster, kept = arrive(folder, data), still(folder), beside(folder, "j1", first=".png", pose=".mp4")
    ended = killed_at(
        folder, step, lambda reached: land_take(folder, arrived, poster, draft("j1"), ANN, kept, reached=reached)
    )
    assert ended == 9
    for take in folder.takes("01", "010"):
        assert hashlib.sha256((folder.root / take.media.path).read_bytes()).hexdigest() == arrived.oid
        assert take.job_id == "j1"
    recovered = recover(folder)
    assert [t.job_id for t in recovered] == ([] if step in {"objects", "closed"} else ["j1"])
    take = land_take(folder, arrived, poster if poster.exists() else None, draft("j1"), ANN)
    whole(folder, take)
    assert take.name == "SHOT-010_v01_take01"
    assert folder.takes("01", "010") == [take]
    assert git(folder.root, "rev-list", "--count", "HEAD").strip() == "2"
    assert git(folder.root, "status", "--porcelain") == ""
    checked(folder)
    assert recover(folder) == []


def test_an_interrupted_take_whose_name_was_given_away_gets_the_next(folder: ProjectFolder) -> None:
    arrived, poster = arrive(folder, os.urandom(9000)), still(folder)
    killed_at(folder, "journal", lambda reached: land_take(folder, arrived, poster, draft("j1"), ANN, reached=reached))
    by_hand = folder.root / SHOT / "SHOT-010_v01_take01.mp4"
    by_hand.parent.mkdir(parents=True)
    by_hand.write_bytes(b"a person was faster")
    (take,) = recover(folder)
    assert take.name == "SHOT-010_v02_take01"
    assert by_hand.read_bytes() == b"a person was faster"
    whole(folder, take)


def test_half_written_files_are_swept_up_but_not_what_another_program_is_just_taking_in(folder: ProjectFolder) -> None:
    left_behind = folder.root / objects.INCOMING / f"{TEMPORARY}killed.tmp"
    incoming = objects.Incoming(folder.root)
    left_behind.write_bytes(b"half")
    incoming.write(b"whole")
    recover(folder)  # another web process opens the project
    assert not left_behind.exists()
    assert incoming.keep().path.read_bytes() == b"whole"


def test_a_power_cut_can_tear_what_was_not_yet_on_the_disk(folder: ProjectFolder) -> None:
    arrived, poster = arrive(folder, os.urandom(9000)), still(folder)
    killed_at(folder, "sidecar", lambda reached: land_take(folder, arrived, poster, draft("j1"), ANN, reached=reached))
    sidecar = folder.root / SHOT / "SHOT-010_v01_take01.json"
    sidecar.write_bytes(sidecar.read_bytes()[:100])
    (folder.root / ".git/studio/journal" / f"{'0' * 40}.json").write_bytes(b'{"key": "torn')
    (take,) = recover(folder)
    whole(folder, take)
    assert take.name == "SHOT-010_v01_take01"
    assert list((folder.root / ".git/studio/journal").iterdir()) == []


def test_opening_a_clone_sets_git_lfs_up(folder: ProjectFolder, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "-q", str(folder.root), str(tmp_path / "clone")], check=True, capture_output=True)
    clone = ProjectFolder(tmp_path / "clone")
    for _ in range(2):
        assert recover(clone) == []
    assert git(clone.root, "config", "--get-all", "filter.lfs.clean").splitlines() == ["git-lfs clean -- %f"]
    assert (clone.root / "06_Exports").is_dir()
    (clone.root / "01_Assets/Source_Media/a.wav").write_bytes(b"x" * 2000)
    git(clone.root, "add", ".")
    assert lfs.parse_pointer(git(clone.root, "cat-file", "-p", ":01_Assets/Source_Media/a.wav").encode())
