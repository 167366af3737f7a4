"""People's own git and git-lfs against a served studio: clone, pull of one scene, push back, refusals in words."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from studio_server.actions import canvas
from studio_server.loops import keeper
from studio_server.settings import Settings
from tests.integration.desks import LIST, MOVIE, Desk, House, git_house, sound, tip
from tests.integration.desks import film as a_film
from tests.integration.pages import serving
from tests.integration.studios import stage
from tests.stock import clip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with git_house(tmp_path_factory.mktemp("git")) as opened:
        yield opened


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Callable[[str], Desk]:
    return lambda who: Desk(tmp_path / who, house.url, house.tokens[who])


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


def test_a_refusal_is_said_in_the_users_client(house: House, desk: Callable[[str], Desk]) -> None:
    """All that is refused is in test_pushed.py; here is how a person hears of it."""
    ann = desk("Ann")
    film, before = ann.clone(house.project), tip(house.folder)
    ann.commit(film, {".lfsconfig": b"[lfs]\nurl = http://evil.example/\n", "hooks/x": b"#!/bin/sh\n"})
    said = ann.push(film, fails=True)
    assert "remote: .lfsconfig: this name cannot be used" in said
    assert "remote: hooks/x: a film has no such place" in said
    assert "refused by the studio" in said
    # A commit that takes it back does not help: it stays in the history.
    ann.run(film, "revert", "--no-edit", "HEAD", GIT_LFS_SKIP_SMUDGE="1")
    assert "hooks/x: a film has no such place" in ann.push(film, fails=True)
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


def test_a_pushed_canvas_is_merged_with_what_is_on_the_board(
    house: House, desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "COMMIT_AFTER", timedelta(hours=1))  # a slow push would be overtaken
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
    canvas.commit(house.studio, house.project)
    otto.run(film, "pull", "-q", "--rebase")
    assert "on the board" in path.read_text()
    assert "Dusk over" in path.read_text()
    sound(house.folder)


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
        project, folder = a_film(here, "a", "Home Movie", here.studio)
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
