"""Nobody gets what is not theirs: every address and every command is asked by a stranger, an outsider, a small role.

The tables here are made from the app itself: a new route without a rule, or a rule without a route, fails.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import socketio

from studio_sdk.types import Quality
from studio_server.actions import accounts, people, projects
from studio_server.actions.studio import Studio, as_person
from studio_server.app import routes
from studio_server.domain.access import Need, Role
from studio_server.index.directory import Person
from studio_server.settings import Settings
from studio_server.web import socket as socket_commands
from studio_server.web.rules import RULES, asked
from tests.integration.pages import serving
from tests.integration.studios import Stage, shot, stage

PASSWORD = "a long enough password"
OID = "0" * 64
BODIES: dict[str, dict[str, Any]] = {}


class House(NamedTuple):
    """A served studio with four people and two projects: Ann is admin, Maria and Otto work on one each."""

    url: str
    client: httpx.Client
    tokens: dict[str, str]
    project: str
    other: str

    def ask(self, who: str | None, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    def page(self, who: str | None, project: str) -> socketio.SimpleClient:
        client = socketio.SimpleClient()
        auth = {"project_id": project} | ({"token": self.tokens[who]} if who else {})
        client.connect(self.url, socketio_path="ws", transports=["websocket"], auth=auth)
        return client


def with_people(settings: Settings) -> Settings:
    return settings.model_copy(update={"auth": "password"})


def person(studio: Studio, name: str, role: Role) -> Person:
    made = people.invite(studio, name, f"{name.lower()}@film.example", role)
    return people.join(studio, made.person.email, made.code, PASSWORD)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = with_people(Settings(workspaces=tmp_path_factory.mktemp("house") / "workspaces").with_secrets())
    with stage(settings) as here:
        people.await_first(here.studio)
        code = settings.first_admin_file.read_text()
        ann = people.make_first(here.studio, code, "Ann", "ann@film.example", PASSWORD)
        everybody = {"Ann": ann, "Otto": person(here.studio, "Otto", Role.EDITOR)}
        everybody["Maria"] = person(here.studio, "Maria", Role.ARTIST)
        here.clock[0] = datetime.now(UTC)
        tokens = {name: accounts.begin(here.studio, one, kind="token", name="test") for name, one in everybody.items()}
        tokens["reader"] = accounts.begin(here.studio, everybody["Maria"], kind="token", name="r", scope="read", days=1)
        mine = _project(here, everybody["Maria"], "The Salt Road")
        other = _project(here, everybody["Otto"], "Night Ferry")
    with serving(settings) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield House(url, client, tokens, mine, other)


def _project(here: Stage, who: Person, title: str) -> str:
    studio = as_person(here.studio, who)
    made = projects.create(
        studio, title=title, description="", aspect_ratio="16:9", frame_rate="24/1", quality=Quality.LOW
    )
    Stage(studio, here.clock).apply(made.id, shot("n_1"))
    return made.id


def addresses() -> set[str]:
    found = {"GET /openapi.json"}
    for path, methods in routes().openapi()["paths"].items():
        found |= {f"{method.upper()} {path.removeprefix('/api/v1')}" for method in methods}
    return found


def filled(address: str, project: str) -> tuple[str, str]:
    """Return method and path of an address, with something for every name in it."""
    method, path = address.split(" ")
    names = {"project_id": project, "oid": OID, "path": "03_Renders/x.mp4", "attempt": "1"}
    return method, re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], "x1"), path)


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    assert addresses() == set(RULES)
    for address in RULES:
        method, path = filled(address, "p1")
        assert asked(method, f"/api/v1{path}").address == address
    assert {need for address, need in RULES.items() if address.startswith("POST /runner")} == {Need.RUNNER}
    open_ones = {address for address, need in RULES.items() if need is Need.NOTHING}
    assert {one.split()[1].split("/")[1] for one in open_ones} == {"auth", "health", "openapi.json"}


@pytest.mark.parametrize("address", sorted(RULES))
def test_an_address_gives_nothing_to_whom_it_is_not_for(house: House, address: str) -> None:
    need = RULES[address]
    method, path = filled(address, house.other)
    stranger = house.ask(None, method, path)
    if need is Need.NOTHING:
        assert stranger.status_code != 500
        return
    assert (stranger.status_code, stranger.json()["error"]) == (401, "UNAUTHENTICATED"), stranger.text
    if need is Need.RUNNER:
        for who in house.tokens:
            assert house.ask(who, method, path).status_code == 401
        return
    if "{project_id}" in address:
        outsider = house.ask("Maria", method, path)
        assert (outsider.status_code, outsider.json()["error"]) == (404, "NOT_FOUND")
        unknown = house.ask("Maria", *filled(address, "11111111-1111-4111-8111-111111111111"))
        assert unknown.json()["message"] == outsider.json()["message"]  # not even whether there is one
    if need in {Need.KEEPER, Need.ADMIN}:
        small = house.ask("Maria", *filled(address, house.project))
        assert (small.status_code, small.json()["error"]) == (403, "NOT_PERMITTED")
    if need is Need.ADMIN:
        assert house.ask("Otto", *filled(address, house.other)).status_code == 403
    if method != "GET":
        reader = house.ask("reader", *filled(address, house.project))
        assert (reader.status_code, reader.json()["error"]) == (403, "NOT_PERMITTED")


def test_what_is_not_in_the_address_is_asked_too(house: House) -> None:
    """Projects and tasks that a body names, and lists."""
    shot_of_other = {"project_id": house.other, "node_id": "n_1"}
    for path in ("/tasks/generate_shot", "/tasks/render_final"):
        assert house.ask("Maria", "POST", path, json=shot_of_other).status_code == 404
    queued = house.ask("Otto", "POST", "/tasks/generate_shot", json=shot_of_other)
    assert queued.status_code == 202, queued.text
    task = queued.json()["task_id"]
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/retry")):
        assert house.ask("Maria", method, f"/tasks/{task}{path}").status_code == 404
    wish = {"from_project": house.other, "asset_ids": ["x"]}
    assert house.ask("Maria", "POST", f"/projects/{house.project}/assets/import", json=wish).status_code == 404
    everybody = ("Ann", "Maria", "Otto")
    seen = {who: {one["title"] for one in house.ask(who, "GET", "/projects").json()} for who in everybody}
    assert seen == {"Ann": {"The Salt Road", "Night Ferry"}, "Maria": {"The Salt Road"}, "Otto": {"Night Ferry"}}
    assert house.ask("Maria", "GET", f"/projects/{house.project}").status_code == 200
    assert house.ask("Ann", "GET", f"/projects/{house.other}").status_code == 200
    assert house.ask("Maria", "GET", "/nothing/here").status_code == 404
    told = httpx.get(f"{house.url}/api/v1/health").json()
    assert told == {"ok": True, "version": "0.1.0", "checks": [], "workers": []}


def commands() -> list[str]:
    names = [name for name, _, _ in socket_commands._COMMANDS]
    return [*names, "client:sync_request", "client:presence"]


def said(page: socketio.SimpleClient, command: str) -> dict[str, object] | None:
    """Return the answer to a command, or None where the connection was closed instead."""
    try:
        answer = page.call(command, {"node_id": "n_1", "operations": [], "op_id": "x", "task_id": "t"}, timeout=30)
    except (socketio.exceptions.DisconnectedError, socketio.exceptions.TimeoutError):
        if page.connected:
            raise
        return None
    return dict(answer)


def test_a_connection_is_for_members_and_every_command_is_asked_again(house: House) -> None:
    for who, project in ((None, house.project), ("Maria", house.other)):
        with pytest.raises(socketio.exceptions.ConnectionError):
            house.page(who, project)
    page, other = house.page("Otto", house.other), house.page("Otto", house.other)
    assert "error" not in page.call("client:sync_request", {}, timeout=5)
    otto = house.ask("Otto", "GET", "/auth/me").json()["id"]
    membership = f"/projects/{house.other}/members/{otto}"
    assert house.ask("Ann", "DELETE", membership).status_code == 204
    for command in commands():
        while (answer := said(page, command)) is None:
            # The studio's own watch was quicker, and has closed the connection: the rest is tried on another one.
            assert house.ask("Ann", "PUT", membership).status_code == 204
            page = house.page("Otto", house.other)
            assert house.ask("Ann", "DELETE", membership).status_code == 204
        assert answer["error"] == "NOT_FOUND", command
    until = time.monotonic() + 30
    while (page.connected or other.connected) and time.monotonic() < until:
        time.sleep(0.1)
    assert not page.connected  # the studio has closed them: they hear nothing more
    assert not other.connected
    assert house.ask("Ann", "PUT", membership).status_code == 204
    house.page("Otto", house.other).disconnect()


def test_every_handler_of_the_socket_is_among_the_commands() -> None:
    text = Path(socket_commands.__file__).read_text()
    on = set(re.findall(r'sockets\.on\("(client:\w+)"', text))
    assert on <= set(commands())
    assert text.count("sockets.on(") == len(on) + 3  # connect, disconnect and the table


@contextmanager
def browser(house: House, email: str = "maria@film.example") -> Iterator[httpx.Client]:
    """Sign somebody in as a browser does."""
    own = {"sec-fetch-site": "same-origin"}
    with httpx.Client(base_url=f"{house.url}/api/v1", timeout=30, headers=own) as client:
        answer = client.post("/auth/sign-in", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert "SameSite=Lax" in answer.headers["set-cookie"]
        yield client


def test_signed_in_and_out(house: House) -> None:
    with browser(house) as one, browser(house) as two, browser(house) as three:
        assert one.get("/auth/me").json()["name"] == "Maria"
        assert one.get("/projects").status_code == 200
        held = dict(one.cookies)
        assert one.post("/auth/sign-out", json={}).status_code == 200
        again = httpx.get(f"{house.url}/api/v1/projects", cookies=held)
        assert again.status_code == 401  # the server has ended it, whoever still holds the cookie
        assert two.get("/projects").status_code == 200
        assert three.post("/auth/sign-out", json={"everywhere": True}).status_code == 200
        assert two.get("/projects").status_code == 401
    asked_with = {"username": "maria@film.example", "password": PASSWORD}
    told = httpx.post(f"{house.url}/api/v1/auth/token", data=asked_with).json()
    house.tokens["Maria"] = told["access_token"]


def test_another_sites_page_changes_nothing(house: House) -> None:
    with browser(house) as signed_in:
        held = dict(signed_in.cookies)
    for headers in (
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
    ):
        sent = httpx.post(f"{house.url}/api/v1/projects", json={"name": "x"}, cookies=held, headers=headers)
        assert (sent.status_code, sent.json()["error"]) == (403, "NOT_PERMITTED"), headers
    client = socketio.SimpleClient()
    cookie = "; ".join(f"{name}={value}" for name, value in held.items())
    where: dict[str, Any] = {"socketio_path": "ws", "transports": ["websocket"], "auth": {"project_id": house.project}}
    client.connect(house.url, headers={"cookie": cookie}, **where)
    client.disconnect()


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(with_people(settings)) as opened:
        people.await_first(opened.studio)
        yield opened


def test_what_a_browser_holds_is_exchanged_and_a_copy_of_it_ends_everything(here: Stage) -> None:
    studio = here.studio
    maria = person(studio, "Maria", Role.ARTIST)
    first = accounts.begin(studio, maria, kind="browser", name="")
    assert accounts.caller(studio, first).secret is None
    here.later(16 * 60)
    second = accounts.caller(studio, first).secret
    assert second
    assert accounts.caller(studio, first).secret is None  # the answer may have got lost, or two requests went at once
    assert accounts.caller(studio, second).person == maria
    assert accounts.caller(studio, first).person == maria  # asked before the answer came, heard after
    here.later(61)
    assert accounts.caller(studio, second).person == maria
    with pytest.raises(Exception, match="signed out"):
        accounts.caller(studio, first)  # the new one has been seen: this is somebody else's copy
    with pytest.raises(Exception, match="signed out"):
        accounts.caller(studio, second)
    token = accounts.begin(studio, maria, kind="token", name="script")
    here.later(11 * 3600)
    assert accounts.caller(studio, token).secret is None
    here.later(2 * 3600)
    with pytest.raises(Exception, match="signed out"):
        accounts.caller(studio, token)


def test_the_first_admin_needs_the_code_and_it_works_once(here: Stage) -> None:
    studio, file = here.studio, here.studio.settings.first_admin_file
    assert file.stat().st_mode & 0o777 == 0o600
    code = file.read_text()
    with pytest.raises(Exception, match="not the code"):
        people.make_first(studio, "guess", "Eve", "eve@x.y", PASSWORD)
    with pytest.raises(Exception, match="10 to 200"):
        people.make_first(studio, code, "Ann", "ann@x.y", "short")
    ann = people.make_first(studio, code, "Ann", "ann@x.y", PASSWORD)
    assert (ann.role, ann.id) == ("admin", studio.person.id)  # what the local person made stays theirs
    assert not file.exists()
    with pytest.raises(Exception, match="not the code"):
        people.make_first(studio, code, "Eve", "eve@x.y", PASSWORD)
    people.await_first(studio)
    assert not file.exists()
    with pytest.raises(Exception, match="One admin must stay"):
        people.change(studio, ann.id, name=None, role=Role.ARTIST, disabled=None)
    assert accounts.signed_in(studio, "ANN@x.y", PASSWORD)[0].id == ann.id


def test_an_invitation_works_once_and_for_a_week(here: Stage) -> None:
    studio = here.studio
    people.make_first(studio, studio.settings.first_admin_file.read_text(), "Ann", "ann@x.y", PASSWORD)
    made = people.invite(studio, "Maria", "maria@x.y", Role.ARTIST)
    assert made.person.state == "invited"
    with pytest.raises(Exception, match="address is here"):
        people.invite(studio, "Maria", "MARIA@x.y", Role.ARTIST)
    with pytest.raises(Exception, match="wrong"):
        accounts.signed_in(studio, "maria@x.y", "")
    maria = people.join(studio, "maria@x.y", made.code, PASSWORD)
    secret = accounts.begin(studio, maria, kind="browser", name="")
    with pytest.raises(Exception, match="wrong, used or too old"):
        people.join(studio, "maria@x.y", made.code, "another password")
    again = people.invite_again(studio, maria.id)
    here.later(8 * 24 * 3600)
    with pytest.raises(Exception, match="wrong, used or too old"):
        people.join(studio, "maria@x.y", again.code, "another password")
    assert people.change(studio, maria.id, name=None, role=None, disabled=True).state == "disabled"
    with pytest.raises(Exception, match="signed out"):
        accounts.caller(studio, secret)
    with pytest.raises(Exception, match="wrong"):
        accounts.signed_in(studio, "maria@x.y", PASSWORD)


def test_what_was_done_is_written_down(house: House) -> None:
    token = house.ask("Maria", "POST", "/auth/tokens", json={"name": "nightly", "scope": "read"})
    assert token.status_code == 201
    listed = house.ask("Maria", "GET", "/auth/tokens").json()
    mine = next(one["id"] for one in listed if one["name"] == "nightly")
    assert house.ask("Otto", "DELETE", f"/auth/tokens/{mine}").status_code == 404
    assert house.ask("Maria", "DELETE", f"/auth/tokens/{mine}").status_code == 204
    bearer = {"authorization": f"Bearer {token.json()['access_token']}"}
    assert httpx.get(f"{house.url}/api/v1/projects", headers=bearer).status_code == 401
    deeds = house.ask("Ann", "GET", "/audit").json()
    told = {(one["who"], one["what"], one["status"]) for one in deeds}
    assert ("maria@film.example", "POST /auth/tokens", 201) in told
    assert ("otto@film.example", "DELETE /auth/tokens/{token_id}", 404) in told


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.0", "curl/8.0"),
    ],
)
def test_a_sign_in_is_called_as_a_person_would(house: House, said: str, name: str) -> None:
    with httpx.Client(base_url=house.url, headers={"sec-fetch-site": "same-origin", "user-agent": said}) as browser:
        wish = {"email": "maria@film.example", "password": PASSWORD}
        assert browser.post("/api/v1/auth/sign-in", json=wish).status_code == 200
        assert browser.get("/api/v1/auth/tokens").json()[0]["name"] == name
