"""New projects and project folders, with the real git and git-lfs."""

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.domain.graph import Graph, Node
from studio_server.domain.project import LOCAL_FOLDERS, VERSIONED_FOLDERS, new_manifest
from studio_server.library import formats, lfs, scaffold, seen
from studio_server.library.disk import NOTHING
from studio_server.library.folder import ProjectFolder
from studio_server.library.workspace import Workspace, open_workspace
from tests.stock import ANN, TEMPLATE, git, new_project


def test_a_new_project_is_complete(workspaces: Path) -> None:
    folder = new_project(workspaces, "The Harbour: ../ 🎬")
    assert folder.root == workspaces / "local" / "Projects" / "the-harbour-clapper"
    assert all(
        (workspaces / "local" / "Library" / n).is_dir() for n in ("Branding", "Stock_Media", "Pipeline_Templates")
    )
    folder.check()
    for place in (*VERSIONED_FOLDERS, *LOCAL_FOLDERS):
        assert (folder.root / place).is_dir()
    document = json.loads((folder.root / "project.json").read_bytes())
    assert document["schema"] == 1
    assert document["title"] == "The Harbour: ../ 🎬"
    assert document["project_settings"]["frame_rate"] == "24/1"
    assert folder.read_canvas().graph == Graph()
    assert git(folder.root, "status", "--porcelain") == ""
    assert git(folder.root, "log", "--format=%an <%ae> %s").strip() == (
        "Ann Artist <ann@example.org> New project: The Harbour: ../ 🎬"
    )
    assert git(folder.root, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    git(folder.root, "fsck", "--strict")


def test_a_clone_has_the_whole_tree(workspaces: Path, tmp_path: Path) -> None:
    folder = new_project(workspaces)
    subprocess.run(["git", "clone", "-q", str(folder.root), str(tmp_path / "clone")], check=True)
    for place in VERSIONED_FOLDERS:
        assert (tmp_path / "clone" / place).is_dir()


def test_media_of_every_listed_kind_goes_through_lfs_in_any_letters(workspaces: Path) -> None:
    folder = new_project(workspaces)
    names = [f"a{suffix}" for suffix in lfs.SUFFIXES] + [f"a{suffix.upper()}" for suffix in lfs.SUFFIXES]
    told = git(folder.root, "check-attr", "filter", "text", "--", *names, "a.json", "a.edl")
    for name in names:
        assert f"{name}: filter: lfs" in told
        assert lfs.holds(name)
    assert "a.json: filter: unspecified" in told
    assert "a.edl: text: unset" in told
    assert not lfs.holds("a.json")


def test_the_users_own_git_add_makes_a_pointer(workspaces: Path) -> None:
    folder = new_project(workspaces)
    (folder.root / "01_Assets/Source_Media/CLIP.MP4").write_bytes(b"x" * 5000)
    git(folder.root, "add", ".")
    blob = git(folder.root, "cat-file", "-p", ":01_Assets/Source_Media/CLIP.MP4")
    assert lfs.parse_pointer(blob.encode()) is not None


def test_the_pre_push_hook_is_git_lfs_own(workspaces: Path) -> None:
    folder = new_project(workspaces)
    before = (folder.root / ".git/hooks/pre-push").read_text()
    done = subprocess.run(
        ["git", "-C", str(folder.root), "lfs", "install", "--local"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert "git lfs pre-push" in (folder.root / ".git/hooks/pre-push").read_text()
    assert "git lfs pre-push" in before
    assert os.access(folder.root / ".git/hooks/pre-push", os.X_OK)


def test_a_name_in_use_gets_a_number(workspaces: Path) -> None:
    names = [new_project(workspaces, title).root.name for title in ("CON", "con", "Con!", "...", "../")]
    assert names == ["con-project", "con-project-2", "con-project-3", "project", "project-2"]
    assert len(open_workspace(workspaces, "local").projects()) == 5


def test_a_project_is_never_half_there(workspaces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = open_workspace(workspaces, "local")
    manifest = new_manifest(uuid="257d8655-417d-4481-8003-83e6b29b51b5", title="T", created_at="2026-01-01T00:00:00Z")

    def full(*_arguments: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scaffold.git, "commit_files", full)
    with pytest.raises(StudioError) as refused:
        workspace.create_project(manifest, TEMPLATE, ANN)
    assert refused.value.code is Code.STORAGE_FULL
    assert list(workspace.projects_folder.iterdir()) == []


def test_broken_folders_are_reported_and_do_not_hide_the_others(workspaces: Path) -> None:
    fine = new_project(workspaces, "Fine")
    damaged = new_project(workspaces, "Damaged")
    (damaged.root / "project.json").write_text('{\n"schema": 1,\n oops\n}')
    bare = new_project(workspaces, "Bare")
    (bare.root / ".git").rename(workspaces / "gone")
    (workspaces / "local/Projects/just-a-folder").mkdir()
    workspace = open_workspace(workspaces, "local")
    assert workspace.projects() == [fine]
    assert [(b.path.name, b.error.code) for b in workspace.broken()] == [
        ("bare", Code.PROJECT_MISSING),
        ("damaged", Code.CANVAS_UNREADABLE),
    ]
    assert "line 3" in workspace.broken()[1].error.message


@pytest.mark.parametrize("tenant", ["..", "", "A", "a/b", "x" * 41])
def test_tenants_that_cannot_be(workspaces: Path, tenant: str) -> None:
    with pytest.raises(StudioError) as refused:
        open_workspace(workspaces, tenant)
    assert refused.value.code is Code.VALIDATION_ERROR


def test_a_workspace_where_a_file_lies(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StudioError) as refused:
        open_workspace(tmp_path / "file", "local")
    assert refused.value.code is Code.STORAGE_READONLY


def test_a_workspace_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StudioError) as refused:
        open_workspace(Path("/proc/studio"), "local")
    assert refused.value.code is Code.STORAGE_READONLY

    def write_protected(_path: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "touch", write_protected)
    with pytest.raises(StudioError) as refused:
        open_workspace(tmp_path, "local")
    assert refused.value.code is Code.STORAGE_READONLY
    assert str(tmp_path) in refused.value.detail


def test_a_folder_that_went_away_and_came_back(workspaces: Path) -> None:
    folder = new_project(workspaces)
    away = folder.root.rename(workspaces / "away")
    for use in (folder.check, folder.manifest, folder.read_canvas, folder.shots_on_disk, folder.assets):
        with pytest.raises(StudioError) as refused:
            use()
        assert refused.value.code is Code.PROJECT_MISSING
    with pytest.raises(StudioError) as refused, folder.lock():
        pass
    assert refused.value.code is Code.PROJECT_MISSING
    away.rename(folder.root)
    folder.check()
    with folder.lock(), folder.lock():
        assert folder.takes("01", "010") == []


def test_the_canvas_on_disk(workspaces: Path) -> None:
    folder = new_project(workspaces)
    graph = Graph(nodes={"n_1": Node(id="n_1", type="shot", data={"prompt": "ä\nb"})})
    data = formats.dump_canvas(graph)
    mark = folder.write_canvas(data, seen.canvas_mark(folder))
    assert mark == seen.canvas_mark(folder)
    assert folder.write_canvas(formats.dump_canvas(Graph()), NOTHING) is None
    assert folder.read_canvas() == (graph, data)
    assert folder.canvas_sha256() == folder.read_canvas().sha256
    commit = folder.checkpoint("Saved", ANN)
    assert git(folder.root, "rev-parse", "HEAD").strip() == commit
    assert folder.checkpoint("Saved again", ANN) == commit
    assert git(folder.root, "status", "--porcelain") == ""
    path = folder.root / folder.manifest().canvas_path
    path.write_bytes(path.read_bytes().replace(b'"type"', b'"type'))
    before = path.read_bytes()
    with pytest.raises(StudioError) as refused:
        folder.read_canvas()
    assert refused.value.code is Code.CANVAS_UNREADABLE
    assert "line 4" in refused.value.message
    assert path.read_bytes() == before
    path.unlink()
    with pytest.raises(StudioError) as refused:
        folder.read_canvas()
    assert refused.value.code is Code.FILE_NOT_FOUND


def test_a_failed_write_leaves_the_old_file(workspaces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = new_project(workspaces)
    before = folder.read_canvas()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StudioError) as refused:
        folder.write_canvas(
            formats.dump_canvas(Graph(nodes={"n": Node(id="n", type="shot")})), seen.canvas_mark(folder)
        )
    monkeypatch.undo()
    assert refused.value.code is Code.STORAGE_FULL
    assert folder.read_canvas() == before
    assert [p.name for p in (folder.root / "02_Source_Creative/Canvases").iterdir()] == ["main_canvas.json"]


def test_only_media_can_be_served(workspaces: Path) -> None:
    folder = new_project(workspaces)
    renders = folder.root / "03_Renders"
    (renders / "a.mp4").write_bytes(b"x" * 2000)
    (renders / "link.mp4").symlink_to("/etc/passwd")
    (renders / "door").symlink_to("/etc")
    (renders / ".studio-x.tmp").write_bytes(b"x")
    assert folder.resolve_media("03_Renders/a.mp4") == renders / "a.mp4"
    for path in (
        "03_Renders/../project.json",
        "project.json",
        ".git/config",
        "03_Renders/link.mp4",
        "03_Renders/door/passwd",
        "03_Renders/.studio-x.tmp",
        "/etc/passwd",
        "05_Cache/x",
        "",
        "03_Renders/a\x00.mp4",
    ):
        with pytest.raises(StudioError) as refused:
            folder.resolve_media(path)
        assert refused.value.code is Code.NOT_FOUND, path
    for path in ("03_Renders/b.mp4", "03_Renders"):
        with pytest.raises(StudioError):
            folder.resolve_media(path)


def test_a_pointer_in_place_of_media_is_told(workspaces: Path) -> None:
    folder = new_project(workspaces)
    oid = "a" * 64
    (folder.root / "03_Renders/a.mp4").write_bytes(lfs.pointer_text(oid, 9))
    with pytest.raises(StudioError) as refused:
        folder.resolve_media("03_Renders/a.mp4")
    assert refused.value.code is Code.FILE_NOT_FOUND
    kept = lfs.object_path(folder.root, oid)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"123456789")
    assert folder.resolve_media("03_Renders/a.mp4") == kept


def test_check_needs_write_permission(workspaces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = new_project(workspaces)
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(StudioError) as refused:
        folder.check()
    assert refused.value.code is Code.STORAGE_READONLY


def test_scaffold_does_not_depend_on_anybodys_git_settings(
    workspaces: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    hook = hooks / "reference-transaction"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    (tmp_path / ".gitconfig").write_text(f"[core]\n\thooksPath = {hooks}\n[init]\n\tdefaultBranch = other\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    folder = new_project(workspaces)
    assert (folder.root / ".git/refs/heads/main").is_file()


def test_workspace_is_a_value(workspaces: Path) -> None:
    assert open_workspace(workspaces, "local") == Workspace(workspaces / "local")
    assert ProjectFolder(workspaces) == ProjectFolder(workspaces)
