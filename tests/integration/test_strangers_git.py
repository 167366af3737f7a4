"""A project folder of a stranger's whose git would start programs: none is started, whatever the studio does with it.

Each danger has a trap, a program that leaves a mark. That the traps are sharp is shown by a person's own git, which
runs into them in the same folder.
"""

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from studio_sdk.errors import StudioError
from studio_server.actions import alternates, canvas, projects, transfer, versions, watch
from studio_server.domain.graph import NodeSet
from studio_server.library import fsck, gitcommand
from studio_server.library.folder import ProjectFolder
from studio_server.settings import Settings
from tests.integration.studios import Stage, stage, worked_on
from tests.stock import ANN, git, land

MISSING = "1" * 40
HOOKS = ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc", "post-commit", "post-merge")


class Danger(NamedTuple):
    """Settings with `{trap}` in them, or a way to lay a trap, and what a person's git does to run into it."""

    settings: str
    own: tuple[str, ...]
    lay: Callable[[Path, Path], object] = lambda _root, _trap: None


def _hooks(root: Path, trap: Path) -> None:
    for name in HOOKS:
        (root / ".git/hooks").mkdir(exist_ok=True)
        shutil.copy(trap, root / ".git/hooks" / name)


def _attributes(line: str) -> Callable[[Path, Path], object]:
    def lay(root: Path, _trap: Path) -> None:
        (root / ".git/info").mkdir(exist_ok=True)
        with (root / ".git/info/attributes").open("a") as said:
            said.write(f"{line}\n")

    return lay


def _included(root: Path, trap: Path) -> None:
    (root / ".git/more").write_text(f"[core]\n\tfsmonitor = {trap}\n")


def _of_worktree(root: Path, trap: Path) -> None:
    (root / ".git/config.worktree").write_text(f"[core]\n\tfsmonitor = {trap}\n")


def _lfsconfig(root: Path, trap: Path) -> None:
    (root / ".lfsconfig").write_text(f"[lfs]\n\turl = http://127.0.0.1:9/evil\n[core]\n\tfsmonitor = {trap}\n")


def _submodule(root: Path, trap: Path) -> None:
    (root / ".gitmodules").write_text(f'[submodule "x"]\n\tpath = x\n\turl = ./x\n\tupdate = !{trap}\n')
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{git(root, 'rev-parse', 'HEAD').strip()},x")


PROMISED = '[extensions]\n\tpartialClone = evil\n[remote "evil"]\n\tpromisor = true\n'

TOGETHER: dict[str, Danger] = {
    "fsmonitor": Danger("[core]\n\tfsmonitor = {trap}\n", ("status",)),
    "hooks": Danger("", ("update-ref", "refs/heads/own", "HEAD"), _hooks),
    "clean": Danger(
        '[filter "x"]\n\tclean = {trap}\n', ("hash-object", "--path=a.x", "project.json"), _attributes("*.x filter=x")
    ),
    "lfs": Danger(
        '[filter "lfs"]\n\tclean = {trap}\n\tprocess = {trap}\n', ("hash-object", "--path=a.mp4", "project.json")
    ),
    "textconv": Danger('[diff "x"]\n\ttextconv = {trap}\n', ("show", "HEAD"), _attributes("* diff=x")),
    "external": Danger("[diff]\n\texternal = {trap}\n", ("diff", "--ext-diff", "HEAD~1", "HEAD")),
    "ssh": Danger('[core]\n\tsshCommand = {trap}\n[remote "s"]\n\turl = ssh://127.0.0.1/x\n', ("fetch", "s")),
    "ext": Danger('[protocol "ext"]\n\tallow = always\n[remote "e"]\n\turl = ext::{trap}\n', ("fetch", "e")),
    "uploadpack": Danger('[remote "u"]\n\turl = .\n\tuploadpack = {trap}\n', ("fetch", "u")),
    "signature": Danger("[log]\n\tshowSignature = true\n[gpg]\n\tprogram = {trap}\n", ("verify-commit", "signed")),
    "merge": Danger(
        '[merge "x"]\n\tdriver = {trap} %A\n',
        ("merge-tree", "--write-tree", "main", "other"),
        _attributes("*.m merge=x"),
    ),
    "alias": Danger("[alias]\n\tst = !{trap}\n", ("st",)),
    "editor": Danger("[core]\n\teditor = {trap}\n", ("config", "--edit")),
    "askpass": Danger("[core]\n\taskPass = {trap}\n", ("credential", "fill")),
    "helper": Danger("[credential]\n\thelper = !{trap}\n", ("credential", "fill")),
    "gc": Danger("[gc]\n\trecentObjectsHook = {trap}\n", ()),
}
"""Dangers that can lie in one folder beside each other. That `own` is empty says that this git is too old for it."""

ALONE: dict[str, Danger] = {
    "promised by a program": Danger(
        f'{PROMISED}\turl = ext::{{trap}}\n[protocol "ext"]\n\tallow = always\n', ("cat-file", "-p", MISSING)
    ),
    "promised by ssh": Danger(
        f'{PROMISED}\turl = ssh://127.0.0.1/x\n[core]\n\tsshCommand = {{trap}}\n[protocol "ssh"]\n\tallow = always\n',
        ("cat-file", "-p", MISSING),
    ),
    "promised by a folder": Danger(
        f'{PROMISED}\turl = .\n\tuploadpack = {{trap}}\n[protocol "file"]\n\tallow = always\n',
        ("cat-file", "-p", MISSING),
    ),
    "an include": Danger("[include]\n\tpath = more\n", ("status",), _included),
    "settings of a worktree": Danger("[extensions]\n\tworktreeConfig = true\n", ("status",), _of_worktree),
    "lfsconfig": Danger("", (), _lfsconfig),
    "a submodule": Danger("", (), _submodule),
}


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


@pytest.fixture
def film(here: Stage) -> str:
    return worked_on(here)


class Traps:
    """Programs that leave a mark where they are started, by the name of their danger."""

    def __init__(self, place: Path) -> None:
        self.place, self.marks = place, place / "marks"
        self.marks.mkdir(parents=True)

    def arm(self, root: Path, dangers: dict[str, Danger]) -> None:
        for name, danger in dangers.items():
            trap = self.place / name.replace(" ", "-")
            trap.write_text(f"#!/bin/sh\ntouch {self.marks}/{trap.name}\nexit 1\n")
            trap.chmod(0o755)
            danger.lay(root, trap)
            with (root / ".git/config").open("a") as config:
                config.write(danger.settings.replace("{trap}", str(trap)))

    def sprung(self) -> set[str]:
        return {mark.name for mark in self.marks.iterdir()}


def _person(root: Path, *words: str) -> None:
    own = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0"}  # noqa: TID251 - a shell
    own = {name: value for name, value in own.items() if name not in {"GIT_ASKPASS", "GIT_EDITOR", "SSH_ASKPASS"}}
    asked = b"protocol=http\nhost=127.0.0.1\n\n"
    command = ["git", "-C", str(root), "-c", "user.name=U", "-c", "user.email=u@x", *words]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, env=own, input=asked, capture_output=True, check=False, timeout=20)


def _prepared(root: Path) -> None:
    """Give the history what some of the dangers need: a signed commit, and two branches that changed one file."""
    who = ("-c", "user.name=U", "-c", "user.email=u@x", "-c", "core.hooksPath=/dev/null")
    plain = subprocess.run(["git", "-C", str(root), "cat-file", "commit", "HEAD"], capture_output=True, check=True)
    head, _, text = plain.stdout.partition(b"\n\n")
    signature = b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n"
    words = ["git", "-C", str(root), "hash-object", "-t", "commit", "-w", "--stdin"]
    signed = subprocess.run(words, input=head + signature + text, capture_output=True, check=True).stdout.decode()
    git(root, "update-ref", "refs/heads/signed", signed.strip())
    for branch in ("other", "main"):
        git(root, *who, "checkout", "-q", *(("-b", branch) if branch == "other" else (branch,)))
        (root / "04_Project_Files/a.m").write_text(f"{branch}\n")
        git(root, "add", "-f", "04_Project_Files/a.m")
        git(root, *who, "commit", "-q", "-m", branch)


def _used(here: Stage, project: str) -> None:
    """Do with a project all that asks its history something or adds to it."""
    studio = here.studio
    studio.canvases.clear()
    projects.reindex(studio)
    folder = here.folder(project)
    projects.full_state(studio, project)
    here.apply(project, NodeSet(id="n_1", name="prompt", value="Night"))
    canvas.commit(studio, project)
    land(folder, "j1", seed=2)
    watch.notice(studio, project)
    folder.settle(ANN)
    for version in versions.listed(studio, project, 20, None):
        with suppress(StudioError):
            versions.at(studio, project, version.id)
    with suppress(StudioError):
        versions.at(studio, project, MISSING)
    assert gitcommand.read_objects(folder.root, [MISSING]) == [None]
    versions.keep(studio, project, "First cut")
    alternates.begin(studio, project, "By night")
    here.apply(project, NodeSet(id="n_1", name="prompt", value="Fog"))
    other = next(one for one in alternates.listed(studio, project).alternates if not one.on_board)
    alternates.compared(studio, project, other.id)
    alternates.switch(studio, project, other.id)
    list(fsck.examine(folder, deep=True))
    b"".join(transfer.pack(studio, project)[1])
    transfer.duplicate(studio, project)


@pytest.mark.parametrize("how", ["together", *ALONE])
def test_a_folder_laid_into_the_workspace_runs_nothing(here: Stage, film: str, tmp_path: Path, how: str) -> None:
    dangers = TOGETHER if how == "together" else {how: ALONE[how]}
    root = here.folder(film).root
    _prepared(root)
    traps = Traps(tmp_path / "traps")
    traps.arm(root, dangers)
    _used(here, film)
    assert traps.sprung() == set()
    for name, danger in dangers.items():
        if danger.own:
            _person(root, *danger.own)
            assert name.replace(" ", "-") in traps.sprung(), f"the trap of {name} is blunt"


@pytest.mark.parametrize("how", ["together", *ALONE])
def test_a_zip_of_such_a_folder_brings_none_of_it(here: Stage, film: str, tmp_path: Path, how: str) -> None:
    root = here.folder(film).root
    _prepared(root)
    traps = Traps(tmp_path / "traps")
    traps.arm(root, TOGETHER if how == "together" else {how: ALONE[how]})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for path in sorted(root.rglob("*")):
            zipped.write(path, f"film/{path.relative_to(root).as_posix()}")
    came = transfer.take_in(here.studio, [out.getvalue()], as_copy=True).project
    _used(here, came.id)
    there = Path(came.path)
    for words in (("status",), ("log", "-p"), ("update-ref", "refs/heads/own", "HEAD"), ("cat-file", "-p", MISSING)):
        _person(there, *words)
    assert traps.sprung() == set()
    assert str(traps.place) not in (there / ".git/config").read_text()
    assert not (there / ".lfsconfig").exists()


def test_notes_that_make_no_sense_keep_no_project_closed(here: Stage, film: str) -> None:
    folder: ProjectFolder = here.folder(film)
    own = folder.root / ".git/studio"
    for name, said in {
        "unsettled.json": '{"../x": ["1", 0], "a": 1}',
        "push.json": '{"old": "--output=/tmp/x", "new": "x\\ny"}',
        "alternate.json": '{"on": "../../main", "op": 1}',
    }.items():
        (own / name).write_text(said)
    (own / "unsettled.json").write_text('{"../x": ["1", 0]}')
    _used(here, film)
