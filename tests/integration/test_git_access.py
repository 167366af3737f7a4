"""What git clients may not have: another project's things, more than a token is for, half a file, a program run."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from studio_server.actions import canvas, push
from studio_server.library import pushing
from studio_server.web import git as git_web
from studio_server.web import lfs as lfs_web
from studio_server.web.rules import GIT_RULES, asked
from tests.integration.desks import MOVIE, Desk, House, git_house, sound, tip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with git_house(tmp_path_factory.mktemp("git")) as opened:
        yield opened


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Callable[[str], Desk]:
    return lambda who: Desk(tmp_path / who, house.url, house.tokens[who])


def test_only_who_may(house: House, desk: Callable[[str], Desk]) -> None:
    reader, maria, before = desk("reader"), desk("Maria"), tip(house.folder)
    film = reader.clone(house.project)
    reader.run(film, "lfs", "pull", "-I", "03_Renders/SCENE_01")
    reader.commit(film, {"01_Assets/a.txt": b"x"})
    assert "may only read" in reader.push(film, fails=True)
    mine = maria.clone(house.project)
    maria.commit(mine, {"README.md": None})
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
    elsewhere = {"project_id": house.other, "node_id": "n_1"}
    for path in ("/tasks/generate_shot", "/tasks/render_final"):
        assert house.ask(token, "POST", f"/api/v1{path}", json=elsewhere).status_code == 404
    seen = house.ask(token, "GET", "/api/v1/projects").json()
    assert [one["id"] for one in seen] == [house.project]
    for method, path in (("POST", "/projects"), ("POST", "/auth/tokens"), ("GET", "/people"), ("GET", "/audit")):
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


def test_nothing_of_the_projects_own_settings_runs(house: House, desk: Callable[[str], Desk], tmp_path: Path) -> None:
    git_folder, ran = house.folder.root / ".git", tmp_path / "ran"
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\necho $0 $* >> {ran}\nexec cat\n")
    evil.chmod(0o755)
    kept = (git_folder / "config").read_text()
    hooks = [git_folder / "hooks" / name for name in ("pre-receive", "update", "post-receive", "post-update")]
    more = (
        f"\n[uploadpack]\n\tpackObjectsHook = {evil}\n[core]\n\tfsmonitor = {evil}\n\talternateRefsCommand = {evil}\n"
    )
    more += f'\tsshCommand = {evil}\n\thooksPath = {tmp_path}\n[filter "lfs"]\n\tprocess = {evil}\n\tclean = {evil}\n'
    more += '[extensions]\n\tpartialClone = evil\n[remote "evil"]\n\tpromisor = true\n'
    (git_folder / "config").write_text(f'{kept}{more}\turl = ext::{evil}\n[protocol "ext"]\n\tallow = always\n')
    for hook in hooks:
        hook.write_text(evil.read_text())
        hook.chmod(0o755)
    try:
        otto = desk("Otto")
        film = otto.clone(house.project)
        otto.commit(film, {"04_Project_Files/EDLs/quiet_v01.edl": b"TITLE: QUIET\r\n"})
        otto.push(film)
    finally:
        (git_folder / "config").write_text(kept)
        for hook in hooks:
            hook.unlink()
    assert (house.folder.root / "04_Project_Files/EDLs/quiet_v01.edl").is_file()
    assert not ran.exists(), ran.read_text()


def test_what_a_crash_cut_off_is_carried_to_its_end(
    house: House, desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The branch has moved and the folder not yet: the next look at the project brings folder and canvas after it."""
    otto = desk("Otto")
    film = otto.clone(house.project)
    path = "02_Source_Creative/Canvases/main_canvas.json"
    changed = json.loads((film / path).read_text())
    changed["nodes"]["n_1"]["data"]["title"] = "After the crash"
    otto.commit(film, {path: json.dumps(changed).encode(), "04_Project_Files/EDLs/crash_v01.edl": b"TITLE: CRASH\r\n"})
    with monkeypatch.context() as cut_off:
        cut_off.setattr(pushing, "follow", _killed)
        otto.push(film, fails=True)
        assert not (house.folder.root / "04_Project_Files/EDLs/crash_v01.edl").exists()
    push.finish(house.studio, house.project, house.folder)
    assert (house.folder.root / "04_Project_Files/EDLs/crash_v01.edl").read_bytes() == b"TITLE: CRASH\r\n"
    assert canvas.graph_of(house.studio, house.project).nodes["n_1"].data["title"] == "After the crash"
    canvas.commit(house.studio, house.project)
    sound(house.folder)


def _killed(*_: object) -> None:
    raise OSError("the machine was switched off")


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
