"""The address space: who may speak, how failures look, media in ranges, the page at every other address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from studio_server.app import create_app
from studio_server.settings import Settings
from tests.integration.studios import clip

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def web_dir(tmp_path: Path) -> Path:
    built = tmp_path / "web"
    (built / "_app/immutable").mkdir(parents=True)
    (built / "200.html").write_text("<!doctype html><title>page</title>")
    (built / "_app/immutable/app.js").write_text("plain")
    (built / "_app/immutable/app.js.br").write_bytes(b"packed")
    (tmp_path / "secret.txt").write_text("secret")
    return built


@pytest.fixture
def client(settings: Settings, web_dir: Path) -> Iterator[TestClient]:
    app = create_app(settings.model_copy(update={"web_dir": web_dir, "upload_limit_mb": 1}))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def project(client: TestClient) -> str:
    made = client.post("/api/v1/projects", json={"name": "The Salt Road"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def test_another_host_name_is_refused(client: TestClient) -> None:
    answer = client.get("/api/v1/projects", headers={"host": "evil.example"})
    assert (answer.status_code, answer.json()["error"]) == (403, "NOT_PERMITTED")
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
    assert client.get("/api/v1/projects", headers={"host": "localhost:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin"}, 201),
        ({"origin": BASE}, 201),
        ({}, 201),
    ],
)
def test_only_our_own_pages_change_anything(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/api/v1/projects", json={"title": "x"}, headers=headers).status_code == status


def test_runner_routes_need_the_runners_token(client: TestClient, settings: Settings) -> None:
    body = {"id": "w", "boot": "1", "host": "h", "engines": ["cpu"], "queues": ["cpu"]}
    for token in ("", "wrong", settings.secret_key.get_secret_value()):
        refused = client.post("/api/v1/runner/workers", json=body, headers={"authorization": f"Bearer {token}"})
        assert (refused.status_code, refused.json()["error"]) == (401, "UNAUTHENTICATED")
    right = {"authorization": f"Bearer {settings.runner_token.get_secret_value()}"}
    assert client.post("/api/v1/runner/workers", json=body, headers=right).status_code == 200


def test_a_token_for_scripts(client: TestClient) -> None:
    token = client.post("/api/v1/auth/token", data={"username": "you", "password": "-"}).json()["access_token"]
    assert client.get("/api/v1/projects", headers={"authorization": f"Bearer {token}"}).status_code == 200
    wrong = client.get("/api/v1/projects", headers={"authorization": f"Bearer {token}x"})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(("title", "field"), [("", "title"), ("x" * 300, "title"), ("a\nb", "title"), ("  ", "title")])
def test_titles_that_cannot_be(client: TestClient, title: str, field: str) -> None:
    answer = client.post("/api/v1/projects", json={"title": title})
    assert (answer.status_code, answer.json()["context"]["field"]) == (422, field)
    assert client.get("/api/v1/projects").json() == []


@pytest.mark.parametrize("title", ["../../etc", "CON", "\N{CLAPPER BOARD}", ".git", "a/b\\c:d"])
def test_titles_that_cannot_be_folders_get_a_safe_one(client: TestClient, settings: Settings, title: str) -> None:
    made = client.post("/api/v1/projects", json={"title": title}).json()
    path = Path(made["path"])
    assert made["title"] == title
    assert path.parent == settings.workspaces / "local" / "Projects"
    assert path.is_dir()


def test_an_unknown_field_is_a_contract_mismatch(client: TestClient) -> None:
    answer = client.post("/api/v1/projects", json={"title": "x", "colour": "red"})
    assert (answer.status_code, answer.json()["error"], answer.json()["context"]["field"]) == (
        422,
        "CONTRACT_MISMATCH",
        "colour",
    )


def test_unknown_addresses(client: TestClient) -> None:
    for path in ("/api/v1/nothing", "/api/v2/projects", "/_app/immutable/gone.js"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]) == (404, "NOT_FOUND"), path
    assert client.get("/p/anything").text.startswith("<!doctype html>")
    assert client.get("/api/v1/projects/nobody").json()["error"] == "NOT_FOUND"


def test_the_page_is_packed_and_kept(client: TestClient) -> None:
    packed = client.get("/_app/immutable/app.js", headers={"accept-encoding": "br"})
    assert packed.headers["content-encoding"] == "br"
    assert "immutable" in packed.headers["cache-control"]
    assert packed.headers["content-type"].startswith("text/javascript")
    assert client.get("/", headers={"accept-encoding": "identity"}).headers["cache-control"] == "no-cache"
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"):
        assert "secret" not in client.get(path).text


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "UNSUPPORTED_MEDIA"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "UNSUPPORTED_MEDIA"),
        ("x.jpg", b"<!doctype html><script>alert(1)</script>", 415, "UNSUPPORTED_MEDIA"),
        ("x.mp4", b"", 415, "UNSUPPORTED_MEDIA"),
        ("x.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", 415, "UNSUPPORTED_MEDIA"),
        ("x.mp4", b"x" * (1024 * 1024 + 1), 413, "UPLOAD_TOO_LARGE"),
        ("x.mp4", b"x" * (2 * 1024 * 1024), 413, "UPLOAD_TOO_LARGE"),
    ],
)
def test_files_that_are_not_what_they_say(
    client: TestClient, project: str, settings: Settings, name: str, content: bytes, status: int, code: str
) -> None:
    answer = client.post(f"/api/v1/projects/{project}/assets", files={"file": (name, content)})
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["remediation"]
    assert client.get(f"/api/v1/projects/{project}/assets").json() == []
    left = settings.workspaces / "local/Projects/the-salt-road/05_Cache/incoming"
    assert not left.exists() or not list(left.iterdir())


def test_media_in_ranges_never_as_a_page(client: TestClient, project: str, tmp_path: Path) -> None:
    film = clip(tmp_path / "plate.mp4")
    asset = client.post(
        f"/api/v1/projects/{project}/assets", files={"file": ("../plate.mp4", film.read_bytes())}
    ).json()
    assert asset["kind"] == "video"
    part = client.get(asset["media_url"], headers={"range": "bytes=0-9"})
    assert "immutable" in part.headers["cache-control"]
    assert (part.status_code, part.content) == (206, film.read_bytes()[:10])
    assert "sandbox" in part.headers["content-security-policy"]
    assert client.get(asset["media_url"] + "?download=1").headers["content-disposition"].startswith("attachment")
    small = client.get(asset["thumbnail_url"])
    assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")
    base = f"/api/v1/projects/{project}/media"
    for path in ("project.json", ".git/config", "01_Assets/../project.json", "%2e%2e/%2e%2e/secret.txt", "05_Cache/x"):
        assert client.get(f"{base}/{path}").status_code == 404, path


def test_a_missing_object_says_how_to_get_it(client: TestClient, project: str) -> None:
    answer = client.get(f"/api/v1/projects/{project}/thumbnails/{'0' * 64}")
    assert (answer.status_code, answer.json()["error"]) == (404, "FILE_NOT_FOUND")


def test_a_graph_saved_on_an_old_version_gets_the_present_one(client: TestClient, project: str) -> None:
    graph = {"nodes": {"n": {"id": "n", "type": "shot", "x": 0, "y": 0, "parent": None, "data": {}}}, "edges": {}}
    saved = client.put(f"/api/v1/projects/{project}", json={"graph": graph, "version": 0})
    assert saved.json() == {"status": "success", "revision": 1}
    conflict = client.put(f"/api/v1/projects/{project}", json={"graph": graph, "version": 0})
    assert conflict.status_code == 409
    assert conflict.json()["error"] == "VERSION_CONFLICT"
    assert list(conflict.json()["current"]["graph"]["nodes"]) == ["n"]
