"""A take lands whole, once, under a name nobody has; the list of takes is what the folder holds."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.domain.shots import Take
from studio_server.library import lfs, objects, scan
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import Arrived, land_take
from tests.stock import ANN, SHOT, arrive, beside, checked, draft, git, land, new_project, still, whole


@pytest.fixture
def folder(workspaces: Path) -> ProjectFolder:
    return new_project(workspaces)


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


def test_what_a_pipeline_keeps_beside_its_take_lies_under_its_name(folder: ProjectFolder, tmp_path: Path) -> None:
    kept = beside(folder, "j1", first=".png", pose=".mp4")
    take = land_take(folder, arrive(folder, os.urandom(9000)), still(folder), draft("j1"), ANN, kept)
    assert sorted(path.name for path in (folder.root / SHOT).iterdir()) == [
        "SHOT-010_v01_take01.first.png",
        "SHOT-010_v01_take01.json",
        "SHOT-010_v01_take01.mp4",
        "SHOT-010_v01_take01.pose.mp4",
        "SHOT-010_v01_take01.poster.jpg",
    ]
    assert [(one.name, one.title) for one in take.companions] == [("first", "First"), ("pose", "Pose")]
    whole(folder, take)
    assert folder.takes("01", "010") == [take], "a companion is no take of its own"
    assert list((folder.root / objects.INCOMING).iterdir()) == []
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", f"file://{folder.root}", str(clone)], check=True, capture_output=True)
    assert ProjectFolder(clone).takes("01", "010") == [take]
    checked(folder)


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
