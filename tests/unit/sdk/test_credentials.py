"""What a registry is shown: a token where it wants one, the password only to itself, nothing where nothing is known."""

import base64
import json
from pathlib import Path

import httpx

from studio_sdk.credentials import DockerLogin

KNOWN = base64.b64encode(b"anna:secret").decode()


def home(root: Path, **config: object) -> Path:
    (root / ".docker").mkdir()
    (root / ".docker/config.json").write_text(json.dumps(config))
    return root


def test_a_token_is_fetched_once_and_shown_to_the_registry_alone(tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        said = request.headers.get("Authorization", "")
        seen.append((request.url.host, said))
        if request.url.host == "auth.example":
            assert dict(request.url.params) == {"service": "r.example", "scope": "repository:a:push,pull"}
            return httpx.Response(200, json={"token": "t0"})
        if request.url.host == "r.example" and said != "Bearer t0":
            words = 'Bearer realm="https://auth.example/token",service="r.example",scope="repository:a:push,pull"'
            return httpx.Response(401, headers={"WWW-Authenticate": words})
        return httpx.Response(200)

    login = DockerLogin("r.example", home(tmp_path, auths={"r.example": {"auth": KNOWN}}))
    with httpx.Client(transport=httpx.MockTransport(answer), auth=login) as client:
        assert client.get("https://r.example/v2/a/tags/list").status_code == 200
        assert client.put("https://r.example/v2/a/manifests/1", content=b"{}").status_code == 200
        assert client.put("https://store.example/upload", content=b"blob").status_code == 200
    assert seen == [
        ("r.example", ""),
        ("auth.example", f"Basic {KNOWN}"),
        ("r.example", "Bearer t0"),
        ("r.example", "Bearer t0"),
        ("store.example", ""),
    ]


def test_a_wrong_password_is_shown_once(tmp_path: Path) -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Authorization", ""))
        return httpx.Response(401, headers={"WWW-Authenticate": 'Basic realm="here"'})

    login = DockerLogin("r.example", home(tmp_path, auths={"r.example": {"auth": KNOWN}}))
    with httpx.Client(transport=httpx.MockTransport(answer), auth=login) as client:
        assert client.get("https://r.example/v2/").status_code == 401
    assert seen == ["", f"Basic {KNOWN}"]


def test_a_credential_helper_is_asked(tmp_path: Path, monkeypatch) -> None:
    helper = tmp_path / "docker-credential-chest"
    helper.write_text('#!/bin/sh\nread host\necho "{\\"Username\\": \\"$host\\", \\"Secret\\": \\"key\\"}"\n')
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    login = DockerLogin("r.example", home(tmp_path, credsStore="chest"))

    def answer(request: httpx.Request) -> httpx.Response:
        said = request.headers.get("Authorization", "")
        wanted = f"Basic {base64.b64encode(b'r.example:key').decode()}"
        return httpx.Response(200 if said == wanted else 401, headers={"WWW-Authenticate": 'Basic realm="here"'})

    with httpx.Client(transport=httpx.MockTransport(answer), auth=login) as client:
        assert client.get("https://r.example/v2/").status_code == 200
