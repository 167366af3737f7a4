"""People's own git and git-lfs against a served studio: clone, pull of one scene, push back, what is refused and why.

Everything is real: the clients of this machine, the web process, SQLite. One studio with accounts, one without.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from fastapi.routing import APIRoute

from studio_sdk.types import Quality
from studio_server.actions import accounts, canvas, people, projects
from studio_server.actions.studio import Studio, as_person
from studio_server.domain.access import Role
from studio_server.library.folder import ProjectFolder
from studio_server.settings import Settings
from studio_server.web import git as git_web
from studio_server.web import lfs as lfs_web
from studio_server.web.rules import GIT_RULES, asked
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


def _film(here: Stage, who: str, title: str, studio: Studio) -> tuple[str, ProjectFolder]:
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


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = with_people(Settings(workspaces=tmp_path_factory.mktemp("git") / "work spaces").with_secrets())
    with stage(settings) as here:
        people.await_first(here.studio)
        ann = people.make_first(here.studio, settings.first_admin_file.read_text(), "Ann", "ann@film.example", PASSWORD)
        otto, maria = person(here.studio, "Otto", Role.EDITOR), person(here.studio, "Maria", Role.ARTIST)
        here.clock[0] = datetime.now(UTC)
        project, folder = _film(here, "a", "The Salt Road", as_person(here.studio, otto))
        other, foreign = _film(here, "b", "Night Ferry", as_person(here.studio, ann))
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


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Callable[[str], Desk]:
    return lambda who: Desk(tmp_path / who, house.url, house.tokens[who])


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


def test_an_editor_clones_pulls_one_scene_and_pushes_an_edit_list(house: House, desk: Callable[[str], Desk]) -> None:
    otto = desk("Otto")
    film = otto.clone(house.project)
    assert (film / MOVIE).read_bytes().startswith(b"version https://git-lfs")
    otto.run(film, "lfs", "pull", "-I", "03_Renders/SCENE_01")
    assert (film / MOVIE).read_bytes() == (house.folder.root / MOVIE).read_bytes()
    mine = clip(film / "mine.mp4", frames=9).read_bytes()
    (film / "mine.mp4").unlink()
    pushed = {LIST: b"TITLE: SALT\r\nFCM: NON-DROP FRAME\r\n", "06_Exports/cut_v02.edl": b"TITLE: CUT\r\n"}
    pushed["01_Assets/Source_Media/plate.mp4"] = mine
    otto.commit(film, dict(pushed))
    said = otto.push(film)
    assert "Production Canvas has taken it over: 1 media file, 2 other files." in said
    for path, contents in pushed.items():
        assert (house.folder.root / path).read_bytes() == contents
    kept = house.folder.root / ".git" / "lfs" / "objects"
    oid = hashlib.sha256(mine).hexdigest()
    assert (kept / oid[:2] / oid[2:4] / oid).read_bytes() == mine
    got = house.ask(house.tokens["Otto"], "GET", f"/api/v1/projects/{house.project}/media/06_Exports/cut_v02.edl")
    assert got.content == pushed["06_Exports/cut_v02.edl"]
    listed = house.ask(house.tokens["Otto"], "GET", f"/api/v1/projects/{house.project}/assets").json()
    assert "plate" in {asset["title"] for asset in listed}
    sound(house.folder)
    # Another clone, of everything, has what was pushed; and a shallow one can push too.
    again = desk("Ann")
    whole = again.clone(house.project, media=True)
    assert (whole / "01_Assets/Source_Media/plate.mp4").read_bytes() == mine
    again.run(again.home, "clone", "-q", "--depth", "1", f"{house.url}/git/{house.project}.git", "flat")
    again.commit(again.home / "flat", {"04_Project_Files/EDLs/flat_v01.edl": b"TITLE: FLAT\r\n"})
    again.push(again.home / "flat")
    otto.run(film, "pull", "-q", "--ff-only")
    assert (film / "04_Project_Files/EDLs/flat_v01.edl").is_file()
    sound(house.folder)


REFUSED: dict[str, tuple[dict[str, bytes | None], str]] = {
    "a changed take": ({MOVIE: b"another film"}, "a take is never changed"),
    "a removed take": ({MOVIE: None}, "a take is never removed"),
    "attributes": ({".gitattributes": b"* -filter\n"}, "the studio's own"),
    "attributes below": ({"01_Assets/.gitattributes": b"*.mp4 filter=evil\n"}, "belongs to git"),
    "lfsconfig": ({".lfsconfig": b"[lfs]\nurl = http://evil.example/\n"}, "belongs to git"),
    "a place of its own": ({"hooks/post-checkout": b"#!/bin/sh\n"}, "a film has no such place"),
    "a name of Windows": ({"01_Assets/con.txt": b"x"}, "Windows reserves"),
    "a take misnamed": ({"03_Renders/SCENE_01/SHOT_010/final.json": b"{}"}, "a take is called"),
    "a sidecar": (
        {"03_Renders/SCENE_01/SHOT_010/SHOT-010_v09_take01.json": b"{]"},
        "cannot be read",
    ),
    "a film as export": ({"06_Exports/film.txt.sh": b"x"}, "only edit lists"),
    "a canvas": ({"02_Source_Creative/Canvases/main_canvas.json": b"{]"}, "line 1, column 2"),
    "a manifest": ({"project.json": b"{}"}, "project.json"),
    "twins": ({"01_Assets/Plate.txt": b"1", "01_Assets/plate.txt": b"2"}, "the two are one"),
}


def test_what_a_push_may_not_do_is_said_in_the_users_client(house: House, desk: Callable[[str], Desk]) -> None:
    ann = desk("Ann")
    film, before = ann.clone(house.project), tip(house.folder)
    for what, (files, words) in REFUSED.items():
        ann.back(film)
        ann.commit(film, dict(files))
        said = ann.push(film, fails=True)
        assert words in said, what
        assert "refused by the studio" in said
        if what in {"a changed take", "lfsconfig"}:
            # A commit that takes it back does not help: it stays in the history.
            ann.run(film, "revert", "--no-edit", "HEAD", GIT_LFS_SKIP_SMUDGE="1")
            assert words in ann.push(film, fails=True), what
    assert tip(house.folder) == before
    sound(house.folder)


def test_links_programs_raw_media_and_missing_bytes_are_refused(house: House, desk: Callable[[str], Desk]) -> None:
    ann = desk("Ann")
    film, before = ann.clone(house.project), tip(house.folder)
    (film / "01_Assets" / "way-out").symlink_to("/etc")
    ann.run(film, "add", "-A")
    ann.run(film, "commit", "-qm", "link")
    assert "links and submodules are not taken" in ann.push(film, fails=True)
    ann.back(film)
    (film / "01_Assets" / "tool.txt").write_text("x")
    (film / "01_Assets" / "tool.txt").chmod(0o755)
    ann.run(film, "add", "-A")
    ann.run(film, "commit", "-qm", "program")
    assert "programs are not taken" in ann.push(film, fails=True)
    ann.back(film)
    (film / "raw.bin").write_bytes(os.urandom(3000))
    blob = ann.run(film, "hash-object", "-w", "--no-filters", "raw.bin").strip()
    (film / "raw.bin").unlink()
    ann.run(film, "update-index", "--add", "--cacheinfo", f"100644,{blob},01_Assets/Source_Media/raw.mp4")
    ann.run(film, "commit", "-qm", "raw")
    assert "its bytes are in git itself" in ann.push(film, fails=True)
    ann.back(film)
    ann.commit(film, {"01_Assets/Source_Media/lost.mp4": os.urandom(5000)})
    said = ann.run(film, "push", "--no-verify", "origin", "HEAD:main", fails=True)
    assert "its bytes have not arrived" in said
    ann.push(film)  # with git-lfs's own hook they come along
    ann.run(film, "push", "origin", "HEAD:other", fails=True)
    assert "a film cannot do without" in _refusal(ann, film, {"project.json": None})
    assert before != tip(house.folder)
    sound(house.folder)


def _refusal(desk: Desk, film: Path, files: dict[str, bytes | None]) -> str:
    desk.commit(film, files)
    return desk.push(film, fails=True)


def test_a_pushed_canvas_is_merged_with_what_is_on_the_board(house: House, desk: Callable[[str], Desk]) -> None:
    otto = desk("Otto")
    film = otto.clone(house.project)
    path = film / "02_Source_Creative/Canvases/main_canvas.json"
    text = path.read_text()
    token, where = house.tokens["Otto"], f"/api/v1/projects/{house.project}"
    changed = json.loads(text)
    changed["nodes"]["n_1"]["data"]["prompt"] = "Dusk over the harbour"
    otto.commit(film, {str(path.relative_to(film)): json.dumps(changed).encode()})
    node = {"id": "n_web", "type": "note", "data": {"text": "on the board"}}
    batch = {"op_id": "web-1", "operations": [{"op": "node.add", "node": node}]}
    answer = house.ask(token, "POST", f"{where}/operations", json=batch)
    assert answer.status_code == 200, answer.text
    otto.push(film)
    graph = house.ask(token, "GET", where).json()["graph"]
    assert graph["nodes"]["n_1"]["data"]["prompt"] == "Dusk over the harbour"
    assert graph["nodes"]["n_web"]["data"]["text"] == "on the board"
    events = house.ask(token, "GET", f"{where}/events?after=0").json()
    assert "outside" in json.dumps(events)
    otto.run(film, "pull", "-q", "--rebase")
    assert "on the board" in path.read_text()
    assert "Dusk over" in path.read_text()
    sound(house.folder)


def test_only_who_may(house: House, desk: Callable[[str], Desk]) -> None:
    reader, maria, before = desk("reader"), desk("Maria"), tip(house.folder)
    film = reader.clone(house.project)
    reader.run(film, "lfs", "pull", "-I", "03_Renders/SCENE_01")
    reader.commit(film, {"01_Assets/a.txt": b"x"})
    assert "may only read" in reader.push(film, fails=True)
    mine = maria.clone(house.project)
    maria.commit(mine, {LIST: None})
    assert "does not allow you to remove" in maria.push(mine, fails=True)
    for who, project in (("Otto", house.other), ("Ann here", house.other), ("Maria", house.other)):
        said = Desk(maria.home / who, house.url, house.tokens[who]).run(
            maria.home, "ls-remote", f"{house.url}/git/{project}.git", fails=True
        )
        assert "not found" in said or "Authentication failed" in said
    assert tip(house.folder) == before
    for secret in ("", "nonsense", house.tokens["browser"]):
        answer = house.ask(secret, "GET", f"/git/{house.project}.git/info/refs?service=git-upload-pack")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_token_for_one_project_is_good_for_nothing_else(house: House) -> None:
    token = house.tokens["Ann here"]  # an admin's
    assert house.ask(token, "GET", f"/api/v1/projects/{house.project}").status_code == 200
    assert house.ask(token, "GET", f"/api/v1/projects/{house.other}").status_code == 404
    wish = {"from_project": house.other, "asset_ids": ["x"]}
    assert house.ask(token, "POST", f"/api/v1/projects/{house.project}/assets/import", json=wish).status_code == 404
    for method, path in (("GET", "/projects"), ("POST", "/auth/tokens"), ("GET", "/people"), ("GET", "/audit")):
        assert house.ask(token, method, f"/api/v1{path}").status_code == 403
    made = house.ask(
        house.tokens["Ann"], "POST", "/api/v1/auth/tokens", json={"name": "cut", "project_id": house.project}
    ).json()["access_token"]
    address = f"/git/{house.project}.git/info/refs?service=git-upload-pack"
    assert house.ask(made, "GET", address).status_code == 200
    listed = house.ask(made, "GET", "/api/v1/auth/me")
    assert listed.status_code == 200
    mine = house.ask(house.tokens["Ann"], "GET", "/api/v1/auth/tokens").json()
    ours = next(one for one in mine if one["name"] == "cut")
    assert ours["project_id"] == house.project
    assert house.ask(house.tokens["Ann"], "DELETE", f"/api/v1/auth/tokens/{ours['id']}").status_code == 204
    assert house.ask(made, "GET", address).status_code == 401
    stranger = house.ask(
        house.tokens["Maria"], "POST", "/api/v1/auth/tokens", json={"name": "x", "project_id": house.other}
    )
    assert stranger.status_code == 404


def test_nothing_of_one_project_is_had_through_another(house: House) -> None:
    """Media, uploads and locks of the other project, by whoever works on both (Ann) and by who does not (Maria)."""
    theirs = next(take for take in house.foreign.takes("01", "010"))
    oid, size = theirs.media.oid, theirs.media.size
    ours, other = f"/git/{house.project}.git/info/lfs", f"/git/{house.other}.git/info/lfs"
    ann, maria = house.tokens["Ann"], house.tokens["Maria"]
    wish = {"operation": "download", "objects": [{"oid": oid, "size": size}]}
    told = house.ask(ann, "POST", f"{ours}/objects/batch", json=wish).json()["objects"][0]
    assert told["error"]["code"] == 404
    assert house.ask(ann, "GET", f"{ours}/objects/{oid}").status_code == 404
    assert house.ask(ann, "GET", f"{other}/objects/{oid}").status_code == 200
    # "It is here already" would be telling: an upload of the same bytes is asked for.
    told = house.ask(ann, "POST", f"{ours}/objects/batch", json={**wish, "operation": "upload"}).json()["objects"][0]
    assert "upload" in told["actions"]
    assert house.ask(ann, "POST", f"{ours}/objects/verify", json={"oid": oid, "size": size}).status_code == 404
    lock = house.ask(ann, "POST", f"{other}/locks", json={"path": MOVIE}).json()["lock"]
    assert house.ask(ann, "GET", f"{ours}/locks").json()["locks"] == []
    force = {"force": True}
    assert house.ask(ann, "POST", f"{ours}/locks/{lock['id']}/unlock", json=force).status_code == 404
    for method, path in (("GET", "/locks"), ("POST", "/locks/verify"), ("GET", f"/objects/{oid}")):
        assert house.ask(maria, method, f"{other}{path}", json={}).status_code == 404
    assert house.ask(maria, "POST", f"{other}/locks/{lock['id']}/unlock", json=force).status_code == 404
    assert house.ask(ann, "POST", f"{other}/locks/{lock['id']}/unlock", json={}).status_code == 200
    for bad in ("%2e%2e%2f" * 8 + "etc%2fpasswd", "A" * 64, "0" * 63, f"{oid}%2f..%2f{oid}"):
        for method in ("GET", "PUT"):
            assert house.ask(ann, method, f"{ours}/objects/{bad}").status_code in {404, 405, 422}
        wish = {"operation": "download", "objects": [{"oid": bad, "size": 1}]}
        assert house.ask(ann, "POST", f"{ours}/objects/batch", json=wish).status_code == 422
    for path in ("/HEAD", "/config", "/objects/info/packs", "/git-upload-archive", "/%2e%2e/%2e%2e/x", "/.git/config"):
        assert house.ask(ann, "GET", f"/git/{house.project}.git{path}").status_code in {404, 405}


def test_an_upload_is_whole_and_right_or_not_there(house: House) -> None:
    token, base = house.tokens["Otto"], f"/git/{house.project}.git/info/lfs/objects"
    data = os.urandom(200_000)
    oid = hashlib.sha256(data).hexdigest()
    for sent in (data[:-1], data + b"x", os.urandom(200_000)):
        assert house.ask(token, "PUT", f"{base}/{oid}", content=sent).status_code == 422
        assert house.ask(token, "POST", f"{base}/verify", json={"oid": oid, "size": len(data)}).status_code == 404
    assert house.ask(house.tokens["reader"], "PUT", f"{base}/{oid}", content=data).status_code == 403
    assert house.ask(token, "PUT", f"{base}/{oid}", content=data).status_code == 200
    assert house.ask(token, "POST", f"{base}/verify", json={"oid": oid, "size": len(data)}).status_code == 200
    assert house.ask(token, "POST", f"{base}/verify", json={"oid": oid, "size": 5}).status_code == 404
    assert not list((house.folder.root / "05_Cache" / "incoming").glob(".studio-*"))


def test_who_locks_a_file_keeps_it_from_pushes_and_an_admin_can_take_the_lock_away(
    house: House, desk: Callable[[str], Desk]
) -> None:
    otto, maria, ann = desk("Otto"), desk("Maria"), desk("Ann")
    path = "02_Source_Creative/Scripts/scene.txt"
    film = otto.clone(house.project)
    otto.commit(film, {path: b"INT. HARBOUR\n"})
    otto.push(film)
    assert f"Locked {path}" in otto.run(film, "lfs", "lock", path)
    theirs = maria.clone(house.project)
    assert "Otto" in maria.run(theirs, "lfs", "locks")
    assert "Otto is editing" in maria.run(theirs, "lfs", "lock", path, fails=True)
    maria.commit(theirs, {path: b"INT. FERRY\n"})
    assert "Otto is editing this file and has locked it" in maria.push(theirs, fails=True)
    assert "Otto" in maria.run(theirs, "lfs", "unlock", "--force", path, fails=True)
    otto.commit(film, {path: b"INT. HARBOUR - NIGHT\n"})
    otto.push(film)  # their own lock does not hold them up
    office = ann.clone(house.project)
    ann.run(office, "lfs", "unlock", "--force", path)
    maria.back(theirs)
    maria.commit(theirs, {path: b"INT. FERRY\n"})
    maria.push(theirs)
    assert (house.folder.root / path).read_bytes() == b"INT. FERRY\n"


def test_a_push_that_was_overtaken_is_refused_and_goes_through_after_a_pull(
    house: House, desk: Callable[[str], Desk]
) -> None:
    otto, ann = desk("Otto"), desk("Ann")
    first, second = otto.clone(house.project), ann.clone(house.project)
    ann.commit(second, {"04_Project_Files/EDLs/ann_v01.edl": b"TITLE: A\r\n"})
    ann.push(second)
    otto.commit(first, {"04_Project_Files/EDLs/otto_v01.edl": b"TITLE: O\r\n"})
    assert "rejected" in otto.push(first, fails=True)
    assert "has gone on meanwhile" in otto.run(first, "push", "--force", "origin", "HEAD:main", fails=True)
    otto.run(first, "pull", "-q", "--no-rebase", "--no-edit")
    otto.push(first)
    assert (house.folder.root / "04_Project_Files/EDLs/otto_v01.edl").is_file()
    sound(house.folder)


def test_without_accounts_nobody_is_asked_and_the_local_token_is_taken(tmp_path: Path) -> None:
    settings = Settings(workspaces=tmp_path / "workspaces").with_secrets()
    with stage(settings) as here:
        project, folder = _film(here, "a", "Home Movie", here.studio)
    with serving(settings) as url:
        token = httpx.post(f"{url}/api/v1/auth/token", data={"username": "x", "password": "y"}).json()["access_token"]
        desk = Desk(tmp_path / "desk", url, "")
        film = desk.clone(project)
        desk.run(film, "lfs", "pull")
        assert (film / MOVIE).read_bytes() == (folder.root / MOVIE).read_bytes()
        desk.commit(film, {LIST: b"TITLE: HOME\r\n"})
        desk.push(film)
        assert (folder.root / LIST).read_bytes() == b"TITLE: HOME\r\n"
        address = f"{url}/git/{project}.git/info/refs?service=git-upload-pack"
        assert httpx.get(address, auth=("git", token)).status_code == 200
        assert httpx.get(address, auth=("git", "wrong")).status_code == 401
        assert httpx.get(address, headers={"host": "evil.example"}).status_code == 403
        foreign = {"sec-fetch-site": "cross-site"}
        assert httpx.post(f"{url}/git/{project}.git/git-receive-pack", headers=foreign).status_code == 403
        sound(folder)


def test_every_address_of_git_has_a_rule_and_gives_nothing_to_whom_it_is_not_for(house: House) -> None:
    routes = [*git_web.router.routes, *lfs_web.router.routes]
    served = {f"{method} {route.path}" for route in routes if isinstance(route, APIRoute) for method in route.methods}
    assert served == set(GIT_RULES)
    for address in GIT_RULES:
        method, _, path = address.partition(" ")
        filled = path.format(project_id=house.other, oid="0" * 64, lock_id="x")
        assert asked(method, filled).address == address
        nobody = httpx.request(method, f"{house.url}{filled}", timeout=30)
        assert nobody.status_code == 401, address
        assert "www-authenticate" in nobody.headers
        for who in ("Maria", "Otto", "Ann here"):
            answer = house.ask(house.tokens[who], method, filled, params={"service": "git-upload-pack"})
            assert answer.status_code == 404, (address, who)
            assert "no such project" in answer.text
        assert "Show a token" in nobody.text
