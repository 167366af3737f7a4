"""Settings: defaults that work, secrets that make themselves once, and faults that are said before anything starts."""

import json
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from studio_sdk.errors import Code, StudioError
from studio_server.__main__ import main
from studio_server.settings import Settings, runtime_dir


def test_the_environment_is_read_by_prefix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STUDIO_PORT", "8123")
    monkeypatch.setenv("STUDIO_WORKSPACES", str(tmp_path))
    settings = Settings()
    assert settings.public_url == "http://127.0.0.1:8123"
    assert settings.database_url == f"sqlite:///{tmp_path}/.studio/studio.db"
    assert settings.broker_socket == runtime_dir(tmp_path) / "broker.sock"


def test_a_relative_workspace_becomes_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(workspaces=Path("films")).workspaces == tmp_path / "films"


def test_the_socket_path_is_short_however_deep_the_workspace_lies() -> None:
    deep = Path("/" + "/".join(["a-folder-with-a-long-name"] * 20))
    assert len(str(Settings(workspaces=deep).broker_socket)) < 100


def test_a_named_broker_is_not_the_private_one(workspaces: Path) -> None:
    assert Settings(workspaces=workspaces, broker_url="redis://10.0.0.1/0").broker_socket is None


def test_secrets_are_made_once_and_only_their_owner_reads_them(workspaces: Path) -> None:
    first, second = Settings(workspaces=workspaces).with_secrets(), Settings(workspaces=workspaces).with_secrets()
    assert first.secret_key == second.secret_key
    assert first.runner_token == second.runner_token
    assert len(first.runner_token.get_secret_value()) >= 32
    kept = workspaces / ".studio" / "secrets.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secrets.json"]
    assert first.runner_token.get_secret_value() not in repr(first)


def test_given_secrets_are_used_and_nothing_is_written(workspaces: Path) -> None:
    settings = Settings(workspaces=workspaces, secret_key="k" * 40, runner_token="t" * 40).with_secrets()
    assert settings.secret_key.get_secret_value() == "k" * 40
    assert not workspaces.exists()


def test_a_damaged_secrets_file_is_named(workspaces: Path) -> None:
    (workspaces / ".studio").mkdir(parents=True)
    (workspaces / ".studio" / "secrets.json").write_text(json.dumps({"secret_key": "x"}))
    with pytest.raises(StudioError, match=r"secrets\.json is damaged") as caught:
        Settings(workspaces=workspaces).with_secrets()
    assert caught.value.code is Code.INTERNAL


@pytest.mark.parametrize("given", [{}, {"secret_key": "changeme", "runner_token": "x" * 40}, {"secret_key": "x" * 40}])
def test_sign_in_needs_real_secrets(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="must be given"):
        Settings(auth="password", **given)


def test_wrong_settings_are_said_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("STUDIO_PORT", "eight")
    assert main(["doctor"]) == 2
    said = capsys.readouterr().err
    assert "STUDIO_PORT: Input should be a valid integer" in said
    assert "DATABASE_URL" not in said
    assert "Traceback" not in said


def test_the_public_address_can_be_opened_when_all_interfaces_are_listened_on() -> None:
    assert Settings(host="0.0.0.0", port=8001).public_url == "http://127.0.0.1:8001"
    assert Settings(host="::1", port=8001).own_url == "http://[::1]:8001"
