"""Takes land whatever the user's own git does meanwhile, and stay landed."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio_server.library import git as history
from studio_server.library.folder import ProjectFolder
from tests.stock import ANN, git, land, new_project, whole


@pytest.fixture
def folder(workspaces: Path) -> ProjectFolder:
    return new_project(workspaces)


@pytest.fixture
def person_leaves(folder: ProjectFolder) -> Iterator[Callable[[], None]]:
    """A person who commits and looks at the status all the time, until told to leave."""
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

    def leave() -> None:
        stop.set()
        person.join()

    yield leave
    leave()


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


def test_takes_land_while_a_person_commits(folder: ProjectFolder, person_leaves: Callable[[], None]) -> None:
    takes = [land(folder, f"j{n}") for n in range(12)]
    settled(folder)
    for take in takes:
        whole(folder, take)
    # fsck lists the objects before it follows the references: a commit made in between would look broken.
    person_leaves()
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
