"""A person's own git and git-lfs, and a served studio with accounts for them to work with: nothing of it is faked."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx

from studio_sdk.types import Quality
from studio_server.actions import accounts, canvas, people, projects
from studio_server.actions.studio import Studio, as_person
from studio_server.domain.access import Role
from studio_server.library.folder import ProjectFolder
from studio_server.settings import Settings
from tests.integration.pages import serving
from tests.integration.studios import Stage, shot, stage
from tests.integration.test_access import PASSWORD, person, with_people
from tests.stock import clip, land

MOVIE = "03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4"
LIST = "04_Project_Files/EDLs/conform_v01.edl"


class Desk:
    """A person at a machine of their own, with git and git-lfs and nothing of the studio's."""

    def __init__(self, home: Path, url: str, token: str) -> None:
        self.home = home
        home.mkdir(parents=True)
        self.url = url
        helper = home / "helper"
        helper.write_text(f"#!/bin/sh\necho username=git\necho password={token}\n")
        helper.chmod(0o755)
        config = "[user]\n\tname = Desk\n\temail = desk@film.example\n[lfs]\n\tlocksverify = false\n"
        config += f"[credential]\n\thelper = {helper}\n" if token else ""
        (home / ".gitconfig").write_text(config)
        inherited = {name: os.environ[name] for name in ("PATH",)}  # noqa: TID251 - a person's shell
        self.environment = {**inherited, "HOME": str(home), "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        self.run(home, "lfs", "install", "--skip-repo")

    def run(self, where: Path, *words: str, fails: bool = False, **more: str) -> str:
        surroundings = {**self.environment, **more}
        told = {"capture_output": True, "text": True, "timeout": 60}
        done = subprocess.run(["git", *words], cwd=where, env=surroundings, check=False, **told)  # type: ignore[call-overload]
        assert bool(done.returncode) is fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def clone(self, project: str, name: str = "film", *, media: bool = False) -> Path:
        more = {} if media else {"GIT_LFS_SKIP_SMUDGE": "1"}
        self.run(self.home, "clone", "-q", f"{self.url}/git/{project}.git", name, **more)
        return self.home / name

    def commit(self, clone: Path, files: dict[str, bytes | None], message: str = "From the cutting room") -> None:
        for path, contents in files.items():
            target = clone / path
            if contents is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.chmod(0o644)
            target.write_bytes(contents)
        self.run(clone, "add", "-f", "-A", "--", *files)
        self.run(clone, "commit", "-q", "-m", message)

    def push(self, clone: Path, *, fails: bool = False) -> str:
        return self.run(clone, "push", "origin", "HEAD:main", fails=fails)

    def back(self, clone: Path) -> None:
        self.run(clone, "fetch", "-q", "origin")
        self.run(clone, "reset", "-q", "--hard", "origin/main", GIT_LFS_SKIP_SMUDGE="1")


class House(NamedTuple):
    """A served studio with accounts, and how to act in it as somebody."""

    url: str
    settings: Settings
    project: str
    other: str
    tokens: dict[str, str]
    folder: ProjectFolder
    foreign: ProjectFolder
    studio: Studio

    def ask(self, token: str, method: str, path: str, **more: object) -> httpx.Response:
        auth = ("git", token) if path.startswith("/git/") else None
        headers = {} if auth else {"authorization": f"Bearer {token}"}
        return httpx.request(method, f"{self.url}{path}", auth=auth, headers=headers, timeout=30, **more)  # type: ignore[arg-type]


def film(here: Stage, who: str, title: str, studio: Studio) -> tuple[str, ProjectFolder]:
    made = projects.create(
        studio, title=title, description="", aspect_ratio="16:9", frame_rate="24/1", quality=Quality.LOW
    )
    Stage(studio, here.clock).apply(made.id, shot("n_1"))
    folder = canvas.folder_of(studio, canvas.find(studio, made.id))
    canvas.commit(studio, made.id)
    for number in range(2):
        film = clip(folder.root / "05_Cache" / f"{number}.mp4", frames=5 + number)
        land(folder, f"{who}{number}", film.read_bytes() + title.encode())
    return made.id, folder


@contextmanager
def git_house(folder: Path) -> Iterator[House]:
    """Serve a studio with accounts and two films."""
    settings = with_people(Settings(workspaces=folder / "work spaces").with_secrets())
    with stage(settings) as here:
        people.await_first(here.studio)
        ann = people.make_first(here.studio, settings.first_admin_file.read_text(), "Ann", "ann@film.example", PASSWORD)
        otto, maria = person(here.studio, "Otto", Role.EDITOR), person(here.studio, "Maria", Role.ARTIST)
        here.clock[0] = datetime.now(UTC)
        project, folder = film(here, "a", "The Salt Road", as_person(here.studio, otto))
        other, foreign = film(here, "b", "Night Ferry", as_person(here.studio, ann))
        people.set_member(here.studio, project, maria.id, works=True)
        tokens = {}
        for name, who, scope, only in (
            ("Ann", ann, "write", ""),
            ("Otto", otto, "write", project),
            ("Maria", maria, "write", ""),
            ("reader", otto, "read", project),
            ("Ann here", ann, "write", project),
        ):
            told = {"kind": "token", "name": name, "scope": scope, "project_id": only}
            tokens[name] = accounts.begin(here.studio, who, **told, days=1)  # type: ignore[arg-type]
        tokens["browser"] = accounts.begin(here.studio, otto, kind="browser", name="b")
    with serving(settings) as url, stage(settings) as beside:
        beside.clock[0] = datetime.now(UTC)
        yield House(url, settings, project, other, tokens, folder, foreign, as_person(beside.studio, otto))


def tip(folder: ProjectFolder) -> str:
    done = subprocess.run(["git", "-C", folder.root, "rev-parse", "main"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def sound(folder: ProjectFolder) -> None:
    """Ask git whether the studio's own repository is whole, and whether its folder is what the branch says."""
    told = subprocess.run(["git", "fsck", "--strict"], cwd=folder.root, capture_output=True, text=True, check=True)
    assert "error" not in told.stdout + told.stderr
    left = subprocess.run(["git", "status", "--porcelain"], cwd=folder.root, capture_output=True, text=True, check=True)
    assert left.stdout == ""
    assert not list((folder.root / ".git" / "studio" / "pushes").glob("*"))
