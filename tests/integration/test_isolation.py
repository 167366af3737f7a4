"""Isolation is attacked: with every address, every command and every id of somebody else's film, nothing is told or
touched, and the answer to a foreign id is the answer to one that was never given.

The list of what is attacked is the app's own: a new route, command or field is attacked without anybody thinking of it.
tests/integration/test_access.py asks who may do what; test_bucket_rights.py attacks the bucket itself.
"""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import uuid4

import httpx
import pytest
import socketio

from studio_server.actions import accounts, canvas, people
from studio_server.actions.studio import Studio, as_person
from studio_server.app import routes
from studio_server.domain.access import Need, Role
from studio_server.library import room
from studio_server.settings import Settings
from studio_server.web import socket as socket_commands
from studio_server.web.rules import GIT_RULES, RULES
from tests.integration.estates import FAR_WORD, PASSWORD, Estate, changed, estate, outsider, settled, state, tenant
from tests.integration.pages import serving
from tests.integration.studios import Stage, stage
from tests.integration.test_access import with_people
from tests.services.s3 import S3

ADDRESSES: Final = sorted(RULES | GIT_RULES, key=lambda one: (not one.startswith("GET"), one))
"""What only looks comes first: what changes something may spoil the attacker's own film for the rest."""
OF_COLLEAGUES: Final = {f"{verb} /projects/{{project_id}}/members/{{user_id}}" for verb in ("PUT", "DELETE")}
"""People of one tenant know each other, and whoever keeps a film may have any of them work on it."""
SENT: Final = {
    "op": "node.add",
    "text": "INT. HALL - DAY\n\nRain.",
    "password": PASSWORD,
    "operation": "download",
    "base64": "",
    "codec": "h264",
}


class Attacker(NamedTuple):
    """Who attacks with which film of their own, and whose film."""

    name: str
    studio: Studio
    only: str
    own: Estate
    victim: Estate
    knows: bool
    """Whether the victim's own names are told to them anyway: both are people of the same tenant."""

    def token(self) -> str:
        told = {"kind": "token", "name": "attack", "project_id": self.only}
        return accounts.begin(self.studio, self.studio.person, days=1, **told)  # type: ignore[arg-type]


class Ground(NamedTuple):
    url: str
    client: httpx.Client
    attackers: dict[str, Attacker]
    owner: dict[str, Studio]
    studio: Studio
    bucket: tuple[S3, str] | None


ATTACKERS: Final = ("an outsider", "a token of another film", "an admin of another tenant", "a tenant elsewhere")


@pytest.fixture(scope="module", params=["folder", "bucket"])
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    tmp = tmp_path_factory.mktemp("ground")
    fields: dict[str, Any] = {"workspaces": tmp / "workspaces"}
    bucket = None
    if request.param == "bucket":
        server: S3 = request.getfixturevalue("s3_server")
        bucket = (server, server.bucket())
        fields |= server.settings(bucket[1], storage_role=server.role(bucket[1]), storage_public_endpoint=server.url)
    settings = with_people(Settings(**fields).with_secrets())
    with stage(settings) as here:
        here.clock[0] = datetime.now(UTC)
        here.worker()
        people.await_first(here.studio)
        ann = people.make_first(here.studio, settings.first_admin_file.read_text(), "Ann", "ann@film.example", PASSWORD)
        maria, otto = outsider(here, "Maria", Role.EDITOR), outsider(here, "Otto", Role.EDITOR)
        south = tenant(here.studio, "south")
        as_ann, as_maria, as_otto = (as_person(here.studio, one) for one in (ann, maria, otto))
        hers, his, theirs = (
            estate(here, as_maria, tmp, "meadow"),
            estate(here, as_otto, tmp),
            estate(Stage(south, here.clock), south, tmp, FAR_WORD),
        )
        if bucket:
            _leave(here.studio, his)
            _leave(south, theirs)
        attackers = {
            "an outsider": Attacker("Maria", as_maria, "", hers, his, knows=True),
            "a token of another film": Attacker("Ann here", as_ann, hers.project, hers, his, knows=True),
            "an admin of another tenant": Attacker("Ann", as_ann, "", hers, theirs, knows=False),
            "a tenant elsewhere": Attacker("Sue", south, "", theirs, his, knows=False),
        }
        with serving(settings) as url, httpx.Client(base_url=url, timeout=60) as client:
            yield Ground(url, client, attackers, {his.project: as_otto, theirs.project: south}, here.studio, bucket)


def _leave(studio: Studio, one: Estate) -> None:
    """Let all of an estate's media leave the disk that may, so that it comes from the bucket."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "SMALL", 0)
        patch.setattr(room, "FRESH_S", -60)
        assert room.make_room([canvas.folder_of(studio, canvas.find(studio, one.project))], 0) > 0


class Shot(NamedTuple):
    """One request: where to, with what in the query and in the body."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    form: bool = False

    def fire(self, ground: Ground, token: str) -> httpx.Response:
        auth = ("git", token) if self.path.startswith("/git/") else None
        headers = {} if auth else {"authorization": f"Bearer {token}"}
        sent: dict[str, Any] = {"data": self.body} if self.form else {"json": self.body}
        if self.body is None:
            sent = {"content": b""}
        return ground.client.request(self.method, self.path, params=self.query, headers=headers, auth=auth, **sent)

    @property
    def words(self) -> str:
        return f"{self.path} {self.query} {self.body}"


@cache
def api() -> dict[str, Any]:
    return routes().openapi()


def shots(address: str, names: dict[str, str]) -> Iterator[Shot]:
    """Yield the address with names put in: with what it must be told, and with all that it can be."""
    method, _, path = address.partition(" ")
    where = path if address in GIT_RULES else f"/api/v1{path}"
    where = re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], "x1"), where)
    described = api()
    told = described["paths"].get(f"/api/v1{path}", {}).get(method.lower(), {})
    query = {one["name"]: one["name"] for one in told.get("parameters", ()) if one["in"] == "query"}
    asked = {name: names["cut" if name == "node_id" else name] for name in query if name in names}
    if path.endswith("/info/refs"):
        asked = {"service": "git-upload-pack"}
    contents = told.get("requestBody", {}).get("content", {})
    kind, form = next(iter(contents.items()), ("", {}))
    if address in GIT_RULES and method == "POST":
        for body in _of_lfs(path, names):
            yield Shot(method, where, asked, body)
    elif "schema" not in form or kind == "multipart/form-data":
        yield Shot(method, where, asked, None)
    else:
        for most in (False, True):
            body = _filled(form["schema"], described["components"]["schemas"], names, most=most)
            yield Shot(method, where, asked, body, kind != "application/json")


def _of_lfs(path: str, names: dict[str, str]) -> list[Any]:
    one = {"oid": names["oid"], "size": 4711}
    if path.endswith("batch"):
        return [{"operation": word, "objects": [one]} for word in ("download", "upload")]
    return [one if path.endswith("verify") and "locks" not in path else {"path": names["path"], "force": True}]


def _filled(schema: dict[str, Any], known: dict[str, Any], names: dict[str, str], name: str = "", *, most: bool) -> Any:
    """Return something that a schema asks for, with a victim's ids wherever a name says that one belongs there."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if either := schema.get("anyOf") or schema.get("oneOf"):
        return _filled(either[0], known, names, name, most=most)
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    kind = schema.get("type", "object")
    if kind == "array":
        return [_filled(schema["items"], known, names, name, most=most)] if "items" in schema else []
    if kind == "object":
        parts = schema.get("properties", {})
        wanted = parts if most else [one for one in parts if one in schema.get("required", ())]
        return {one: _filled(parts[one], known, names, one, most=most) for one in wanted}
    if kind != "string":
        return {"boolean": True, "integer": 1, "number": 1.0, "null": None}[kind]
    return SENT.get(name) or _named(name, names)


def _named(name: str, names: dict[str, str]) -> str:
    single = {"asset_ids": "asset_id", "node_ids": "node_id", "cards": "node_id", "paths": "path", "before": "task_id"}
    if name == "op_id":
        return uuid4().hex
    return names.get(single.get(name, name), names["node_id"] if name in {"id", "source", "target"} else "x1")


def mixed(attacker: Attacker) -> dict[str, str]:
    """Return the attacker's own film, with everything else of the victim's."""
    own = {"project_id": attacker.own.project, "path": f"../{attacker.victim.folder.name}/project.json"}
    return attacker.victim.names | own


def unknown(names: dict[str, str], own: str) -> dict[str, str]:
    """Return the same with ids that nobody was ever given."""
    kept = {"project_id", "path"} if own else set()
    return {name: value if name in kept else _never(value) for name, value in names.items()}


def _never(value: str) -> str:
    """Return an id of the same shape."""
    return value.translate(str.maketrans("0123456789abcdef", "5678901234bcdefa"))


def leaks(attacker: Attacker, shot: Shot, answer: httpx.Response) -> list[str]:
    """Return what of the victim's an answer tells that was not said in asking."""
    told = (answer.text + str(dict(answer.headers))).lower()
    said = " ".join((shot.words, *attacker.own.taken_in)).lower()
    return [secret for secret in attacker.victim.secrets if secret.lower() in told and secret.lower() not in said]


def plain(answer: httpx.Response, names: dict[str, str]) -> tuple[int, str]:
    """Return an answer without the ids that it was asked with, and without what every answer has of its own."""
    text = answer.text
    for value in sorted(names.values(), key=len, reverse=True):
        text = text.replace(value, "?")
    return answer.status_code, re.sub(r'"(trace_id|op_id|at|locked_at)":"[^"]*"', "", text)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", ATTACKERS)
def test_no_address_tells_or_touches_anything_of_somebody_elses(ground: Ground, who: str) -> None:
    attacker = ground.attackers[who]
    victim = attacker.victim
    before = settled(ground.studio, victim, ground.bucket)
    faults: list[str] = []
    for address in ADDRESSES:
        need = (RULES | GIT_RULES)[address]
        for shot in shots(address, victim.names):
            answer = shot.fire(ground, attacker.token())
            names_it = any(f"{{{name}}}" in address for name in ("project_id", "task_id", "job_id", "token_id"))
            if names_it and need is not Need.NOTHING and answer.status_code not in {401, 403, 404}:
                faults.append(
                    f"{who}: {address} answered {answer.status_code} to {shot.words[:200]}: {answer.text[:300]}"
                )
            faults += [f"{who}: {address} told {found}" for found in leaks(attacker, shot, answer)]
            if answer.status_code == 500:
                faults.append(f"{who}: {address} broke: {answer.text[:300]}")
    assert faults == [], "\n".join(faults)
    assert changed(before, state(ground.studio, victim, ground.bucket)) == []


@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", ATTACKERS[:3])
def test_a_foreign_id_in_ones_own_film_is_an_id_that_nobody_was_given(ground: Ground, who: str) -> None:
    attacker = ground.attackers[who]
    victim, names = attacker.victim, mixed(attacker)
    nobodys = unknown(names, attacker.own.project)
    before = settled(ground.studio, victim, ground.bucket)
    faults: list[str] = []
    for address in ADDRESSES:
        for real, made_up in zip(shots(address, names), shots(address, nobodys), strict=True):
            answer, other = (shot.fire(ground, attacker.token()) for shot in (real, made_up))
            faults += [f"{who}: {address} told {found}" for found in leaks(attacker, real, answer)]
            if real.method != "GET" and answer.is_success:
                attacker.own.taken_in.append(real.words)
            if attacker.knows and address in OF_COLLEAGUES:
                continue
            if real.words != made_up.words and answer.status_code != other.status_code:
                faults.append(f"{who}: {address}: {plain(answer, names)} is not {plain(other, nobodys)}")
            if answer.status_code == 500:
                faults.append(f"{who}: {address} broke: {answer.text[:300]}")
    assert faults == [], "\n".join(faults)
    assert changed(before, state(ground.studio, victim, ground.bucket)) == []


def test_the_ids_are_real_their_owner_gets_what_they_name(ground: Ground) -> None:
    """The control: what is refused above is there, and is given to whom it belongs."""
    for who in ("an outsider", "an admin of another tenant"):
        victim = ground.attackers[who].victim
        owner = ground.owner[victim.project]
        if owner.person.tenant_id != ground.studio.person.tenant_id:
            continue
        token = accounts.begin(owner, owner.person, kind="token", name="own")
        got = {
            address: shot.fire(ground, token).status_code
            for address in ADDRESSES
            if address.startswith("GET") and "{project_id}" in address
            for shot in shots(address, victim.names)
        }
        refused = {address: status for address, status in got.items() if status not in {200, 206, 302, 307}}
        assert set(refused) <= {"GET /projects/{project_id}/waveforms/{oid}"}, refused


@pytest.mark.parametrize("who", ATTACKERS)
def test_no_page_hears_or_commands_anything_of_somebody_elses(ground: Ground, who: str) -> None:
    attacker = ground.attackers[who]
    victim = attacker.victim
    with pytest.raises(socketio.exceptions.ConnectionError):
        _page(ground, attacker.token(), victim.project, [])
    if who == "a tenant elsewhere":
        with pytest.raises(socketio.exceptions.ConnectionError):
            _page(ground, attacker.token(), attacker.own.project, [])
        return
    before = settled(ground.studio, victim, ground.bucket)
    heard: list[object] = []
    page = _page(ground, attacker.token(), attacker.own.project, heard)
    names = mixed(attacker)
    for name, model, _ in socket_commands._COMMANDS:
        for most in (False, True):
            schema = model.model_json_schema()
            sent = {one: _filled(schema, schema.get("$defs", {}), these, most=most) for one, these in _both(names)}
            real, made_up = (page.call(name, sent[one], timeout=30) for one in ("real", "made up"))
            if any(value in str(sent["real"]) for value in victim.names.values()):
                assert real.get("error") == made_up.get("error"), (name, real, made_up)
            told = str(real).lower()
            attacker.own.taken_in.append(str(sent["real"]))
            said = " ".join(attacker.own.taken_in).lower()
            assert not [one for one in victim.secrets if one.lower() in told and one.lower() not in said], (name, real)
    assert changed(before, state(ground.studio, victim, ground.bucket)) == []
    if attacker.knows:
        _heard_by_its_own_only(ground, victim, heard)
    page.disconnect()


def _both(names: dict[str, str]) -> tuple[tuple[str, dict[str, str]], ...]:
    return ("real", names), ("made up", unknown(names, names["project_id"]))


def _heard_by_its_own_only(ground: Ground, victim: Estate, heard: list[object]) -> None:
    """Work in the victim's film: its own page hears it, the attacker's does not."""
    owner = ground.owner[victim.project]
    token = accounts.begin(owner, owner.person, kind="token", name="own")
    theirs: list[object] = []
    page = _page(ground, token, victim.project, theirs)
    said = uuid4().hex
    change = {"op": "node.set", "id": victim.names["node_id"], "name": "prompt", "value": said}
    page.call("client:apply_operations", {"operations": [change]}, timeout=30)
    until = time.monotonic() + 30
    while said not in str(theirs) and time.monotonic() < until:
        time.sleep(0.05)
    page.disconnect()
    assert said in str(theirs)
    time.sleep(1)
    assert said not in str(heard)
    assert victim.project not in str(heard)


def _page(ground: Ground, token: str, project: str, heard: list[object]) -> socketio.Client:
    client = socketio.Client()
    client.on("*", lambda *told: heard.append(told))
    auth = {"project_id": project, "token": token}
    client.connect(ground.url, socketio_path="ws", transports=["websocket"], auth=auth)
    return client
