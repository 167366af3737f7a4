"""Commits by plumbing: exactly what git itself would make, also when several make them at once."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio_sdk.errors import Code, StudioError
from studio_server.library import git as history
from studio_server.library import gitcommand, gitobjects, lfs
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import land_take
from tests.stock import ANN, arrive, draft, git, new_project

PARTS = st.sampled_from(["a", "a-b", "a.b", "a0", "A", "é", "b c", "z"])
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)


@pytest.fixture
def folder(workspaces: Path) -> ProjectFolder:
    return new_project(workspaces)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(PATHS, st.binary(max_size=20), min_size=1, max_size=6), min_size=1, max_size=3))
def test_trees_are_the_ones_git_makes(tmp_path_factory: pytest.TempPathFactory, rounds: list[dict[str, bytes]]) -> None:
    folder = new_project(tmp_path_factory.mktemp("w"))
    there: set[str] = set()
    for files in rounds:
        fits = {p: data for p, data in files.items() if not _clashes(p, there | (set(files) - {p}))}
        if not fits:
            continue
        there |= set(fits)
        commit = history.commit_files(folder.root, fits, "m", ANN)
        assert git(folder.root, "write-tree").strip() == git(folder.root, "rev-parse", f"{commit}^{{tree}}").strip()
        for path, data in fits.items():
            shown = subprocess.run(
                ["git", "-C", str(folder.root), "show", f"HEAD:{path}"], capture_output=True, check=True
            )
            assert shown.stdout == data
    git(folder.root, "fsck", "--strict")


def _clashes(path: str, others: set[str]) -> bool:
    return any(other.startswith(f"{path}/") or path.startswith(f"{other}/") for other in others)


def test_a_tree_is_read_as_it_was_written() -> None:
    lines = {b"a": gitobjects.Line(gitobjects.FILE, "1" * 40), b"b": gitobjects.Line(gitobjects.FOLDER, "2" * 40)}
    assert gitobjects.parse_tree(gitobjects.format_tree(lines)) == lines


def test_raw_media_never_enters_git(folder: ProjectFolder) -> None:
    with pytest.raises(StudioError) as refused:
        history.commit_files(folder.root, {"01_Assets/Source_Media/a.mp4": b"raw"}, "m", ANN)
    assert refused.value.code is Code.INTERNAL
    assert git(folder.root, "rev-list", "--count", "HEAD").strip() == "1"


@pytest.mark.parametrize("path", ["../x", ".git/hooks/x", "a//b", "con"])
def test_unsafe_paths_are_never_committed(folder: ProjectFolder, path: str) -> None:
    with pytest.raises(StudioError) as refused:
        history.commit_files(folder.root, {path: b"x"}, "m", ANN)
    assert refused.value.code is Code.VALIDATION_ERROR


def test_takes_in_the_history_are_never_changed(folder: ProjectFolder) -> None:
    path = "03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.json"
    history.commit_files(folder.root, {path: b"one"}, "m", ANN)
    with pytest.raises(history.TakenError):
        history.commit_files(folder.root, {path: b"two"}, "m", ANN)
    assert git(folder.root, "show", f":{path}") == "one"
    history.commit_files(folder.root, {"notes.txt": b"one"}, "m", ANN)
    history.commit_files(folder.root, {"notes.txt": b"two"}, "m", ANN)
    assert git(folder.root, "show", "HEAD:notes.txt") == "two"


def test_a_file_in_the_history_where_a_folder_belongs(folder: ProjectFolder) -> None:
    history.commit_files(folder.root, {"a": b"x"}, "m", ANN)
    with pytest.raises(StudioError, match="where a folder belongs"):
        history.commit_files(folder.root, {"a/b": b"x"}, "m", ANN)


def test_several_programs_commit_at_once_without_a_lock(folder: ProjectFolder) -> None:
    children = []
    for worker in range(4):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                for n in range(8):
                    history.commit_files(folder.root, {f"notes/{worker}-{n}.txt": b"x"}, f"{worker}-{n}", ANN)
                status = 0
            finally:
                os._exit(status)
        children.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * 4
    listed = git(folder.root, "ls-tree", "-r", "--name-only", "HEAD", "notes/").split()
    assert len(listed) == 32
    assert git(folder.root, "rev-list", "--count", "HEAD").strip() == "33"
    git(folder.root, "reset", "-q", "HEAD")
    git(folder.root, "fsck", "--strict")


def test_a_hostile_project_runs_nothing(folder: ProjectFolder, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {ran}\n")
    trap.chmod(0o755)
    hooks = folder.root / ".git/hooks"
    for name in ("reference-transaction", "post-index-change", "post-commit", "pre-auto-gc", "fsmonitor-watchman"):
        (hooks / name).write_text(trap.read_text())
        (hooks / name).chmod(0o755)
    (tmp_path / "more").write_text(f"[core]\n\tfsmonitor = {trap}\n\thooksPath = {hooks}\n")
    with (folder.root / ".git/config").open("a") as config:
        config.write(f"[include]\n\tpath = {tmp_path / 'more'}\n[core]\n\tfsmonitor = {trap}\n\tsshCommand = {trap}\n")
        config.write(f'[filter "lfs"]\n\tclean = {trap}\n\tprocess = {trap}\n[filter "x"]\n\tclean = {trap}\n')
        config.write(f"[gpg]\n\tprogram = {trap}\n[commit]\n\tgpgSign = true\n[credential]\n\thelper = !{trap}\n")
    (folder.root / ".git/info").mkdir(exist_ok=True)
    (folder.root / ".git/info/attributes").write_text("* filter=x\n")
    history.commit_files(folder.root, {"notes.txt": b"x", "01_Assets/a.txt": b"y"}, "m", ANN)
    assert history.committed_names(folder.root, "01_Assets") != []
    with folder.lock():
        assert not ran.exists()
    subprocess.run(["git", "-C", str(folder.root), "status"], capture_output=True, check=False)
    assert ran.exists()  # the trap works: a person's own git would have run it


def test_a_link_in_the_folder_leads_nothing_outside(folder: ProjectFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder.root / "03_Renders/.gitkeep").unlink()
    (folder.root / "03_Renders").rmdir()
    (folder.root / "03_Renders").symlink_to(outside)
    with pytest.raises(StudioError, match="link to somewhere else"):
        land_take(folder, arrive(folder, b"x" * 99), None, draft("j1"), ANN)
    with pytest.raises(StudioError, match="link to somewhere else"):
        folder.save_files({"03_Renders/x.txt": b"x"}, "m", ANN)
    assert list(outside.iterdir()) == []
    assert folder.shots_on_disk() == []


def test_the_lock_binds_other_processes(folder: ProjectFolder) -> None:
    ready, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            with folder.lock():
                os.write(go, b"x")
                (folder.root / "order.txt").write_text("first\n")
        finally:
            os._exit(0)
    os.read(ready, 1)
    with folder.lock(), (folder.root / "order.txt").open("a") as order:
        order.write("second\n")
    os.waitpid(pid, 0)
    os.close(ready)
    os.close(go)
    assert (folder.root / "order.txt").read_text() == "first\nsecond\n"


def test_authors_and_messages_cannot_break_a_commit(folder: ProjectFolder) -> None:
    author = history.Author("Eve <x>\nparent 0000", "e@x>\n")
    history.commit_files(folder.root, {"notes.txt": b"x"}, "line\n\nparent 1\n\ud800", author)
    assert git(folder.root, "log", "-1", "--format=%an|%ae").strip() == "Eve xparent 0000|e@x"
    git(folder.root, "fsck", "--strict")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"fatal: No space left on device", Code.STORAGE_FULL),
        (b"error: Read-only file system", Code.STORAGE_READONLY),
        (b"something else", Code.INTERNAL),
    ],
)
def test_what_git_says_becomes_a_code(folder: ProjectFolder, said: bytes, code: Code) -> None:
    failed = subprocess.CalledProcessError(128, ["git"], stderr=said)
    assert gitcommand.explained(folder.root, failed).code is code
    assert gitcommand.explained(folder.root / "gone", failed).code is Code.PROJECT_MISSING


def test_missing_programs_are_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for cached in (gitcommand.program, lfs.program):
        cached.cache_clear()
    try:
        with pytest.raises(StudioError) as refused:
            gitcommand.program()
        assert refused.value.code is Code.DEPENDENCY_MISSING
        with pytest.raises(StudioError) as refused:
            lfs.version()
        assert refused.value.code is Code.LFS_MISSING
    finally:
        monkeypatch.undo()
        for cached in (gitcommand.program, lfs.program):
            cached.cache_clear()
    assert lfs.version().startswith("git-lfs/")
