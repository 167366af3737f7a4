"""A take lands whole, once, under a name nobody has, whatever the user's own git does meanwhile."""

import contextlib
import hashlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.domain.shots import Take
from studio_server.library import git as history
from studio_server.library import lfs, objects, scan
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import land_take, recover
from tests.stock import ANN, arrive, draft, git, new_project

SHOT = "03_Renders/SCENE_01/SHOT_010"
STEPS = ("objects", "journal", "poster", "sidecar", "media", "blobs", "index", "ref", "closed")


@pytest.fixture
def folder(workspaces: Path) -> ProjectFolder:
    return new_project(workspaces)


def still(folder: ProjectFolder, name: str = "poster.jpg") -> Path:
    path = folder.root / "05_Cache" / name
    path.write_bytes(b"\xff\xd8\xff" + os.urandom(3000))
    return path


def land(folder: ProjectFolder, job: str, data: bytes | None = None, **facts: str) -> Take:
    arrived = arrive(folder, data if data is not None else os.urandom(50_000))
    return land_take(folder, arrived, still(folder, f"{job}.jpg"), draft(job, **facts), ANN)


def whole(folder: ProjectFolder, take: Take) -> None:
    """Check everything a take consists of, with git's and git-lfs's own checks."""
    media = folder.root / take.media.path
    assert hashlib.sha256(media.read_bytes()).hexdigest() == take.media.oid
    assert media.stat().st_size == take.media.size
    pointer = git(folder.root, "cat-file", "-p", f"main:{take.media.path}").encode()
    assert lfs.parse_pointer(pointer) == (take.media.oid, take.media.size)
    sidecar = (folder.root / take.media.path).with_suffix(".json")
    assert git(folder.root, "cat-file", "-p", f"main:{sidecar.relative_to(folder.root)}") == sidecar.read_text()
    assert take.poster is not None
    assert (folder.root / take.poster.path).is_file()


def checked(folder: ProjectFolder) -> None:
    git(folder.root, "fsck", "--strict")
    assert "OK" in git(folder.root, "lfs", "fsck")


def test_the_first_takes_of_a_shot(folder: ProjectFolder) -> None:
    takes = [land(folder, "j1"), land(folder, "j2", seed=7), land(folder, "j3", prompt="another"), land(folder, "j4")]
    assert [t.name for t in takes] == [
        "SHOT-010_v01_take01",
        "SHOT-010_v01_take02",
        "SHOT-010_v02_take01",
        "SHOT-010_v01_take03",
    ]
    assert [t.reel for t in takes] == ["A0100101", "A0100102", "A0100201", "A0100103"]
    assert sorted(folder.takes("01", "010"), key=lambda t: t.id) == takes
    assert folder.shots_on_disk() == [("01", "010")]
    for take in takes:
        whole(folder, take)
    assert git(folder.root, "status", "--porcelain") == ""
    assert git(folder.root, "log", "-1", "--format=%an %s").strip() == "Ann Artist SHOT-010_v01_take03 of scene 01"
    assert git(folder.root, "show", "--stat", "--format=", "HEAD").count("|") == 3
    checked(folder)
    assert list((folder.root / objects.INCOMING).iterdir()) == []
    assert not (folder.root / "05_Cache/j1.jpg").exists()


def test_the_media_is_not_copied_and_cannot_be_written(folder: ProjectFolder) -> None:
    take = land(folder, "j1")
    media = folder.root / take.media.path
    assert media.samefile(lfs.object_path(folder.root, take.media.oid))
    assert media.stat().st_mode & 0o222 == 0


def test_a_clone_checks_out_the_same_bytes(folder: ProjectFolder, tmp_path: Path) -> None:
    take = land(folder, "j1")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", f"file://{folder.root}", str(clone)], check=True, capture_output=True)
    git(clone, "lfs", "install", "--local")
    git(clone, "lfs", "pull")
    assert (clone / take.media.path).read_bytes() == (folder.root / take.media.path).read_bytes()
    assert ProjectFolder(clone).takes("01", "010") == [take]
    again = land(ProjectFolder(clone), "j9")
    assert again.name == "SHOT-010_v01_take02"
    whole(ProjectFolder(clone), again)


def test_landing_a_job_twice_gives_one_take(folder: ProjectFolder) -> None:
    data = os.urandom(9000)
    first = land(folder, "j1", data)
    assert land(folder, "j1", data) == first
    assert folder.takes("01", "010") == [first]
    assert git(folder.root, "rev-list", "--count", "HEAD").strip() == "2"


def test_two_jobs_with_the_same_bytes_are_two_takes(folder: ProjectFolder) -> None:
    data = os.urandom(9000)
    assert [land(folder, job, data).number for job in ("j1", "j2")] == [1, 2]
    checked(folder)


def test_nothing_is_ever_overwritten(folder: ProjectFolder) -> None:
    (folder.root / SHOT).mkdir(parents=True)
    by_hand = folder.root / SHOT / "SHOT-010_v01_take01.mp4"
    by_hand.write_bytes(b"put there by a person")
    lonely = folder.root / SHOT / "SHOT-010_v02_take01.json"
    lonely.write_text("{}")
    take = land(folder, "j1")
    assert take.name == "SHOT-010_v02_take02"
    assert by_hand.read_bytes() == b"put there by a person"
    assert lonely.read_text() == "{}"
    whole(folder, take)


def test_the_number_of_a_removed_take_is_not_given_again(folder: ProjectFolder) -> None:
    first = land(folder, "j1")
    for path in (folder.root / SHOT).iterdir():
        path.unlink()
    second = land(folder, "j2")
    assert second.name != first.name
    assert lfs.parse_pointer(git(folder.root, "cat-file", "-p", f"main:{first.media.path}").encode())
    assert git(folder.root, "ls-files", "--", first.media.path).strip() == first.media.path
    whole(folder, second)


def test_a_take_that_never_arrived(folder: ProjectFolder) -> None:
    from studio_server.library.takes import Arrived

    with pytest.raises(StudioError) as refused:
        land_take(folder, Arrived("a" * 64, 9, "video/mp4", ".mp4"), None, draft("j1"), ANN)
    assert refused.value.code is Code.FILE_NOT_FOUND
    assert not (folder.root / SHOT).exists()


def test_scene_and_code_that_do_not_fit_a_readable_reel(folder: ProjectFolder) -> None:
    reels = [land(folder, job, scene="X1", code=code).reel for job, code in (("j1", "A"), ("j2", "a"), ("j3", "B"))]
    assert len(set(reels)) == 3
    assert all(reel.startswith("T") for reel in reels)


def test_many_landings_at_once_never_share_a_number(folder: ProjectFolder) -> None:
    takes: list[Take] = []

    def work(worker: int) -> None:
        takes.extend(land(folder, f"j{worker}-{n}") for n in range(4))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(t.number for t in takes) == list(range(1, 17))
    for take in takes:
        whole(folder, take)
    assert git(folder.root, "rev-list", "--count", "HEAD").strip() == "17"
    assert git(folder.root, "status", "--porcelain") == ""


@pytest.fixture
def _users_own_git(folder: ProjectFolder) -> Iterator[None]:
    """A person who commits and looks at the status all the time."""
    stop = threading.Event()

    def work() -> None:
        commands = ("add notes.txt", "-c user.name=U -c user.email=u@x commit -qm note", "status")
        while not stop.is_set():
            with (folder.root / "notes.txt").open("a") as notes:
                notes.write("x\n")
            for command in commands:
                subprocess.run(["git", *command.split()], cwd=folder.root, capture_output=True, check=False)

    person = threading.Thread(target=work)
    person.start()
    yield
    stop.set()
    person.join()


def settled(folder: ProjectFolder) -> None:
    """Wait until nothing that was committed needs to be looked at again, as an open project does."""
    deadline = time.monotonic() + 20
    while not folder.settle(ANN):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_stale_index_written_back_is_mended(folder: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    index = folder.root / ".git/index"
    stale = index.read_bytes()
    first = land(folder, "j1")
    index.write_bytes(stale)  # what a `git commit` does that began before the landing
    second = land(folder, "j2")
    assert git(folder.root, "diff", "--cached", "--name-only") == ""
    index.write_bytes(stale)
    monkeypatch.setattr(history, "GRACE_S", 0)
    settled(folder)
    assert git(folder.root, "diff", "--cached", "--name-only") == ""
    assert git(folder.root, "status", "--porcelain") == ""
    whole(folder, first)
    whole(folder, second)


def test_a_take_that_was_removed_on_purpose_stays_removed(
    folder: ProjectFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = land(folder, "j1")
    git(folder.root, "rm", "-q", "-r", "03_Renders/SCENE_01")
    git(folder.root, "-c", "user.name=U", "-c", "user.email=u@x", "commit", "-qm", "not needed")
    monkeypatch.setattr(history, "GRACE_S", 0)
    settled(folder)
    assert take.media.path not in git(folder.root, "ls-tree", "-r", "--name-only", "HEAD")


@pytest.mark.usefixtures("_users_own_git")
def test_takes_land_while_a_person_commits(folder: ProjectFolder) -> None:
    takes = [land(folder, f"j{n}") for n in range(12)]
    settled(folder)
    for take in takes:
        whole(folder, take)
    git(folder.root, "fsck", "--connectivity-only")


def test_somebody_elses_index_lock_holds_nothing_up(folder: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = folder.root / ".git/index.lock"
    lock.touch()
    take = land(folder, "j1")
    whole(folder, take)
    assert lock.exists()
    monkeypatch.setattr(history, "GRACE_S", 0)
    assert not folder.settle(ANN)
    lock.unlink()
    settled(folder)
    assert git(folder.root, "status", "--porcelain") == ""


def test_a_take_that_a_users_commit_left_out_is_put_back(
    folder: ProjectFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = folder.root / ".git/index.lock"
    lock.touch()
    take = land(folder, "j1")
    lock.unlink()
    (folder.root / "note.txt").write_text("x")
    git(folder.root, "add", "note.txt")
    git(folder.root, "-c", "user.name=U", "-c", "user.email=u@x", "commit", "-qm", "note")
    assert git(folder.root, "ls-tree", "-r", "HEAD", "--", take.media.path) == ""  # the hazard is real
    assert not folder.settle(ANN)  # too early to tell
    monkeypatch.setattr(history, "GRACE_S", 0)
    settled(folder)
    whole(folder, take)
    assert git(folder.root, "status", "--porcelain") == ""


def test_takes_go_to_the_films_branch_whatever_is_checked_out(folder: ProjectFolder) -> None:
    git(folder.root, "checkout", "-q", "--detach")
    first = land(folder, "j1")
    whole(folder, first)
    git(folder.root, "checkout", "-q", "-b", "try-out", "HEAD")
    second = land(folder, "j2")
    whole(folder, second)
    assert second.number == 2
    assert git(folder.root, "rev-list", "--count", "main").strip() == "3"
    assert git(folder.root, "rev-list", "--count", "try-out").strip() == "1"


def test_takes_land_on_packed_refs_and_on_a_branch_of_another_name(folder: ProjectFolder) -> None:
    git(folder.root, "pack-refs", "--all")
    whole(folder, land(folder, "j1"))
    git(folder.root, "branch", "-m", "main", "trunk")
    take = land(folder, "j2")
    assert take.media.path in git(folder.root, "ls-tree", "-r", "--name-only", "trunk")


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
    arrived, poster = arrive(folder, data), still(folder)
    ended = killed_at(
        folder, step, lambda reached: land_take(folder, arrived, poster, draft("j1"), ANN, reached=reached)
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


def test_half_written_files_are_swept_up(folder: ProjectFolder) -> None:
    incoming = objects.Incoming(folder.root)
    incoming.write(b"half")
    assert recover(folder) == []
    assert list((folder.root / objects.INCOMING).iterdir()) == []
    incoming.discard()


def test_the_list_is_what_the_folder_holds(folder: ProjectFolder) -> None:
    first, second = land(folder, "j1"), land(folder, "j2")
    shot = folder.root / SHOT
    (shot / "SHOT-010_v01_take02.json").unlink()
    (shot / "SHOT-010_v01_take09.json").write_text("{}")
    (shot / ".studio-1.tmp").write_bytes(b"half")
    (shot / "SHOT-010_v01_take08.mp4").symlink_to(shot / "SHOT-010_v01_take01.mp4")
    (shot / "notes.txt").write_text("x")
    (shot / "SHOT-020_v01_take01.mp4").write_bytes(b"of another shot")
    listed = folder.takes("01", "010")
    assert [(t.name, t.recipe is not None) for t in listed] == [(first.name, True), (second.name, False)]
    assert listed[1].media.oid == second.media.oid
    (shot / "SHOT-010_v01_take01.json").write_text("damaged")
    assert folder.takes("01", "010")[0].recipe is None
    for name in ("SHOT-010_v01_take02.mp4", "SHOT-010_v01_take02.poster.jpg"):
        (shot / name).unlink()
    assert [t.name for t in folder.takes("01", "010")] == [first.name]


def test_copied_and_renamed_files_are_the_take_their_name_says(folder: ProjectFolder) -> None:
    take = land(folder, "j1")
    other = folder.root / "03_Renders/SCENE_02/SHOT_300"
    other.mkdir(parents=True)
    for suffix in (".mp4", ".json"):
        data = (folder.root / take.media.path).with_suffix(suffix).read_bytes()
        (other / f"SHOT-300_v04_take02{suffix}").write_bytes(data)
    (copied,) = folder.takes("02", "300")
    assert (copied.name, copied.scene) == ("SHOT-300_v04_take02", "02")
    assert copied.media.path == "03_Renders/SCENE_02/SHOT_300/SHOT-300_v04_take02.mp4"
    assert copied.recipe == take.recipe
    assert scan.shots_on_disk(folder.root) == [("01", "010"), ("02", "300")]
