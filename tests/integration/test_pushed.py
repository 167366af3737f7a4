"""What a push may not hold, looked at as it arrives: real commits of a clone, none of which may get through."""

import os
import subprocess
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.library import git, pushed
from studio_server.library.folder import ProjectFolder
from studio_server.library.pushed import Pushed, Rules
from tests.stock import clip, land, new_project

MOVIE = "03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4"
CANVAS = "02_Source_Creative/Canvases/main_canvas.json"

REFUSED: dict[str, tuple[dict[str, bytes | None], str]] = {
    "a changed take": ({MOVIE: b"another film"}, "a take is never changed"),
    "a removed take": ({MOVIE: None}, "a take is never removed"),
    "attributes": ({".gitattributes": b"* -filter\n"}, "the studio's own"),
    "attributes below": ({"01_Assets/.gitattributes": b"*.mp4 filter=evil\n"}, "belongs to git"),
    "lfsconfig": ({".lfsconfig": b"[lfs]\nurl = http://evil.example/\n"}, "belongs to git"),
    "a place of its own": ({"hooks/post-checkout": b"#!/bin/sh\n"}, "a film has no such place"),
    "a name of Windows": ({"01_Assets/con.txt": b"x"}, "Windows reserves"),
    "a take misnamed": ({"03_Renders/SCENE_01/SHOT_010/final.json": b"{}"}, "a take is called"),
    "what lies beside a take": (
        {"03_Renders/SCENE_01/SHOT_010/SHOT-010_v09_take01.pose.mp4": b"a film"},
        "its bytes are in git itself",
    ),
    "a sidecar": (
        {"03_Renders/SCENE_01/SHOT_010/SHOT-010_v09_take01.json": b"{]"},
        "cannot be read",
    ),
    "a film as export": ({"06_Exports/film.txt.sh": b"x"}, "only edit lists"),
    "a canvas": ({"02_Source_Creative/Canvases/main_canvas.json": b"{]"}, "line 1, column 2"),
    "a manifest": ({"project.json": b"{}"}, "project.json"),
    "twins": ({"01_Assets/Plate.txt": b"1", "01_Assets/plate.txt": b"2"}, "the two are one"),
}


class Clone:
    """A clone of a project, whose objects are what a push would bring."""

    def __init__(self, folder: ProjectFolder, place: Path) -> None:
        self.folder, self.root = folder, place
        self.git("clone", "-q", str(folder.root), str(place), where=folder.root)
        self.old = git.tip_of(folder.root) or ""

    def git(self, *words: str, where: Path | None = None) -> str:
        told = {**os.environ, "GIT_LFS_SKIP_SMUDGE": "1"}  # noqa: TID251 - a person's shell
        who = ("-c", "user.name=Otto", "-c", "user.email=otto@film.example")
        done = subprocess.run(["git", *who, *words], cwd=where or self.root, env=told, capture_output=True, check=True)
        return done.stdout.decode()

    def fed(self, *words: str, said: str = "") -> str:
        who = ("-c", "user.name=Otto", "-c", "user.email=otto@film.example")
        told = subprocess.run(
            ["git", *who, *words], cwd=self.root, input=said.encode(), capture_output=True, check=True
        )
        return told.stdout.decode().strip()

    def commit(self, files: dict[str, bytes | None]) -> None:
        self.git("reset", "-q", "--hard", self.old)
        for path, contents in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if contents is None:
                target.unlink()
            else:
                target.unlink(missing_ok=True)
                target.write_bytes(contents)
        self.git("add", "-f", "-A", "--", *files)
        self.git("commit", "-q", "-m", "pushed")

    def push(self, *, may_remove: bool = True, locked: dict[str, str] | None = None) -> Pushed:
        rules = Rules(self.folder.manifest(), lambda _: False, locked or {}, may_remove)
        new = self.git("rev-parse", "HEAD").strip()
        return pushed.looked_at(self.folder.root, self.root / ".git" / "objects", self.old, new, rules)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    place = tmp_path_factory.mktemp("pushed")
    folder = new_project(place / "workspaces")
    land(folder, "a", clip(folder.root / "05_Cache" / "a.mp4", frames=5).read_bytes())
    return Clone(folder, place / "clone")


def refusal(clone: Clone, **more: object) -> str:
    with pytest.raises(StudioError) as caught:
        clone.push(**more)  # type: ignore[arg-type]
    assert caught.value.code is Code.PUSH_REFUSED
    return caught.value.message


@pytest.mark.parametrize("what", REFUSED)
def test_what_a_push_may_not_hold(clone: Clone, what: str) -> None:
    files, words = REFUSED[what]
    clone.commit(dict(files))
    assert words in refusal(clone)


def test_a_tree_that_never_ends_is_not_walked(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten folders of ten folders, ten deep, made of eleven objects: with files, and with nothing in them."""
    monkeypatch.setattr("studio_server.library.gitcommand.TIMEOUT_S", 3)
    clone.git("reset", "-q", "--hard", clone.old)
    blob = clone.fed("hash-object", "-w", "--stdin", said="x")
    for bottom in (f"100644 blob {blob}\tx\n", ""):
        lines = bottom
        for _ in range(10):
            tree = clone.fed("mktree", said=lines)
            lines = "".join(f"040000 tree {tree}\tf{n}\n" for n in range(10))
        new = clone.fed("commit-tree", "-p", clone.old, "-m", "bomb", clone.fed("mktree", said=lines))
        clone.git("reset", "-q", "--soft", new)
        assert "more than" in refusal(clone)


def test_what_depends_on_who_pushes(clone: Clone) -> None:
    clone.commit({"README.md": None})
    assert "does not allow you to remove" in refusal(clone, may_remove=False)
    assert [change.path for change in clone.push().changes] == ["README.md"]
    assert "Maria is editing" in refusal(clone, locked={"README.md": "Maria"})
    clone.commit({"01_Assets/a.txt": b"x", CANVAS: (clone.root / CANVAS).read_bytes().replace(b"\n", b"\n\n", 1)})
    found = clone.push(may_remove=False, locked={"README.md": "Maria"})
    assert {change.path for change in found.changes} == {"01_Assets/a.txt", CANVAS}
    assert found.canvas is not None
