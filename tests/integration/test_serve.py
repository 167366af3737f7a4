"""`studio serve` with the real programs: it starts, says where it is, survives its parts and leaves nothing behind."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from studio_server.__main__ import main
from studio_server.settings import ROOT
from tests.stage import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    own = Studio(tmp_path / "studio")
    own.start()
    yield own
    own.stop()


def health(studio: Studio) -> dict[str, object]:
    answer = httpx.get(f"{studio.url}/api/v1/health", timeout=20)
    assert answer.status_code == httpx.codes.OK
    found: dict[str, object] = answer.json()
    return found


def processes(studio: Studio) -> list[str]:
    """Return the command lines of everything that knows this studio's workspace or port."""
    marks = (f"STUDIO_WORKSPACES={studio.workspaces}\0".encode(), str(studio.workspaces).encode())
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if any(mark in (entry / "environ").read_bytes() for mark in marks):
                    found.append((entry / "cmdline").read_text().replace("\0", " "))
    return found


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def serve_again(studio: Studio, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studio_server", "serve"],
        cwd=ROOT,
        env={**studio.environment, **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_it_answers_and_stops_without_a_trace(studio: Studio) -> None:
    assert health(studio)["ok"] is True
    until(lambda: bool(health(studio)["workers"]))
    assert studio.stop() == 0
    assert processes(studio) == []
    said = studio.said()
    assert "Traceback" not in said
    kept = json.loads((studio.workspaces / ".studio" / "secrets.json").read_text())
    logs = said + studio.log("web") + studio.log("runner") + studio.log("bell")
    assert all(secret not in logs for secret in kept.values())
    assert not (studio.workspaces / ".studio" / "running.json").exists()


def test_a_second_start_is_quick_and_a_third_at_once_is_sent_to_the_first(studio: Studio, tmp_path: Path) -> None:
    studio.stop()
    assert studio.start() < 10
    third = serve_again(studio)
    assert third.returncode == 0
    assert f"already running at {studio.url}" in third.stdout
    stranger = serve_again(studio, STUDIO_WORKSPACES=str(tmp_path / "other"))
    assert stranger.returncode == 1
    assert "PORT_IN_USE" in stranger.stderr
    assert "STUDIO_PORT=8001 make studio" in stranger.stderr


def test_nothing_outlives_a_killed_supervisor_and_it_starts_again_at_once(studio: Studio) -> None:
    studio.kill()
    studio.start()
    assert health(studio)["ok"] is True
    studio.kill()
    until(lambda: processes(studio) == [])


def test_a_studio_whose_terminal_is_closed_stops_in_order(tmp_path: Path) -> None:
    own = Studio(tmp_path / "studio")
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execve(sys.executable, [sys.executable, "-m", "studio_server", "serve"], own.environment)  # noqa: S606 - in a terminal
    said = b""
    while b"is running at" not in said:
        said += os.read(terminal, 4096)
    os.close(terminal)
    try:
        until(lambda: os.waitpid(pid, os.WNOHANG)[0] == pid, 30)
    except AssertionError:
        os.kill(pid, signal.SIGKILL)
        raise
    assert processes(own) == []
    assert "Restarting" not in own.log("runner")
    assert not (own.workspaces / ".studio" / "running.json").exists()


@pytest.mark.parametrize("program", ["web", "bell", "runner"])
def test_a_program_that_dies_comes_back(studio: Studio, program: str) -> None:
    until(lambda: bool(health(studio)["workers"]))
    studio.kill_program(program)
    until(lambda: "it is started again" in studio.said())
    assert health(studio)["ok"] is True
    until(lambda: len(processes(studio)) >= 7)


def test_the_database_can_be_brought_up_by_itself(
    workspaces: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STUDIO_WORKSPACES", str(workspaces))
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    assert "newest form" in capsys.readouterr().out
    assert (workspaces / ".studio" / "studio.db").stat().st_size > 0


def test_an_unknown_command_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["render"])
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert [name for name in ("serve", "web", "doctor", "pipelines", "openapi") if f"'{name}'" not in said] == []
