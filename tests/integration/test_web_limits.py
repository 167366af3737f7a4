"""Requests that no page sends: endless bodies, mangled addresses, a sign-in that is not there."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from studio_server.app import create_app
from studio_server.settings import Settings
from studio_server.web import bodies

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "web").mkdir()
    (tmp_path / "web/200.html").write_text("<!doctype html><title>page</title>")
    app = create_app(settings.model_copy(update={"web_dir": tmp_path / "web", "upload_limit_mb": 1}))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize("told", [True, False])
def test_a_command_without_end_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch, told: bool) -> None:
    monkeypatch.setattr(bodies, "JSON_LIMIT", 1000)
    body = b'{"title": "' + b"x" * 2000 + b'"}'
    headers = {"content-type": "application/json"}
    answer = client.post("/api/v1/projects", content=body if told else iter([body[:900], body[900:]]), headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (413, "UPLOAD_TOO_LARGE")
    assert client.post("/api/v1/projects", json={"title": "Small"}).status_code == 201


@pytest.mark.parametrize("told", [True, False])
def test_a_file_that_is_too_large_is_never_put_by(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, told: bool, tmp_path: Path
) -> None:
    project = client.post("/api/v1/projects", json={"title": "Large"}).json()["id"]
    if told:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))  # whoever spools it to a disk fails
    head = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="x.mp4"\r\n\r\n'
    tail = b"\r\n--cut--\r\n"

    def pieces() -> Iterator[bytes]:
        yield head + b"x" * 200_000
        for _ in range(60):
            yield b"x" * 100_000
        yield tail

    headers = {"content-type": "multipart/form-data; boundary=cut"}
    body = head + b"x" * 6_000_000 + tail if told else pieces()
    answer = client.post(f"/api/v1/projects/{project}/assets", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (413, "UPLOAD_TOO_LARGE")
    assert client.get(f"/api/v1/projects/{project}/assets").json() == []


@pytest.mark.parametrize("host", ["[", "[::1", "127.0.0.1@evil.example", ""])
def test_a_mangled_host_name_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/projects", headers={"host": host}).status_code == 403


def test_a_mangled_origin_is_refused(client: TestClient) -> None:
    assert client.post("/api/v1/projects", json={"title": "x"}, headers={"origin": "http://["}).status_code == 403


@pytest.mark.parametrize("path", ["/a%00b", "/" + "long" * 200, "/_app/%00", "/..%2f..%2fetc/passwd"])
def test_an_address_that_is_no_file_is_answered(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in {200, 404}
