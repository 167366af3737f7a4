"""`studio make` and `studio queue`: a film made without a page, by a studio that runs or is started for the time."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.__main__ import main
from studio_server.remote import make
from studio_server.remote.api import Api
from studio_server.remote.telling import Lines, Live, Records
from studio_server.settings import ROOT, Settings
from tests.integration.pages import serving
from tests.ports import free_port


class Here:
    """A served studio without a worker, with a project of two shots and a film."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.project: dict[str, Any] = httpx.post(f"{url}/api/v1/projects", json={"title": "Salt Road"}).json()
        self.address = f"{url}/api/v1/projects/{self.project['id']}"
        cards = [("a", "shot", {"scene": "01", "code": "010", "prompt": "Dawn", "seconds": 1})]
        cards += [("b", "shot", {"scene": "02", "code": "020", "prompt": "Dusk", "seconds": 1}), ("f", "assembler", {})]
        self.apply(
            *({"op": "node.add", "node": {"id": card, "type": kind, "data": data}} for card, kind, data in cards),
            *({"op": "edge.add", "edge": self._wire(card)} for card in "ab"),
        )

    @staticmethod
    def _wire(card: str) -> dict[str, str]:
        ends = {"source": card, "source_handle": "video", "target": "f", "target_handle": "clips"}
        return {"id": f"{card}.video>f.clips", **ends}

    def apply(self, *operations: dict[str, Any]) -> None:
        assert httpx.post(f"{self.address}/operations", json={"operations": list(operations)}).is_success

    def tasks(self) -> dict[str, dict[str, Any]]:
        return {task["node_id"]: task for task in httpx.get(f"{self.address}/queue").json()["tasks"]}

    def make(self, tell: Lines | Records, ask: make.Ask = lambda _: None, **wish: Any) -> int:
        with Api(self.url) as api:
            return make.make(api, make.Wish("salt road", **wish), tell, ask)


@pytest.fixture
def here(settings: Settings) -> Iterator[Here]:
    with serving(settings) as url:
        yield Here(url)


class Stopping(Live):
    """Is interrupted as soon as the jobs are seen to wait."""

    def progress(self, titles: dict[str, str], tasks: dict[str, Any], line: dict[str, Any]) -> None:
        super().progress(titles, tasks, line)
        if tasks:
            raise KeyboardInterrupt


def test_a_film_is_made_by_a_studio_that_is_started_for_the_time(
    settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(settings) as url:
        project = Here(url).project
    port = free_port()
    own = {"STUDIO_WORKSPACES": str(settings.workspaces), "STUDIO_PORT": str(port), "HOME": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-m", "studio_server", "make", project["id"], "--quality", "low", "--film", "--yes", "--json"],
        cwd=ROOT,
        env={**os.environ, **own},  # noqa: TID251 - a person's shell
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    told = [json.loads(line) for line in said.stdout.splitlines()]
    assert [line["step"] for line in told[0]["plan"]["lines"]] == ["make"] * 3
    assert {one["event"] for one in told} == {"plan", "started", "task", "end"}
    assert told[-1]["ok"]
    assert [one["title"] for one in told[-1]["made"]] == ["Shot 010", "Shot 020", "Assembler"]
    assert all(Path(one["path"]).is_file() for one in told[-1]["made"])
    assert "one is started for the time" in said.stderr
    assert "is now low (it was standard)" in said.stderr
    with pytest.raises(httpx.ConnectError):  # and it is stopped again
        httpx.get(f"http://127.0.0.1:{port}/api/v1/health")


def test_what_fails_is_an_exit_code_and_its_reason(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()

    class CancelsOne(Lines):
        def progress(self, titles: dict[str, str], tasks: dict[str, Any], line: dict[str, Any]) -> None:
            super().progress(titles, tasks, line)
            for task in tasks.values():
                if task["state"] != "canceled":
                    assert main(["queue", "cancel", task["id"][:8], "--url", here.url]) == 0

    assert here.make(CancelsOne(out), yes=True, only=["01/010"]) == 1
    assert "Shot 010" in out.getvalue()
    assert "0 landed, 1 not" in out.getvalue()
    assert "Shot 020" not in out.getvalue()
    assert "Shot 010: " in capsys.readouterr().err
    here.apply({"op": "node.set", "id": "a", "name": "seconds", "value": "long"})
    out = io.StringIO()
    assert here.make(Records(out), yes=True, only=["010"]) == 1
    blocked = json.loads(out.getvalue().splitlines()[-1])
    assert (blocked["ok"], [one["title"] for one in blocked["blocked"]]) == (False, ["Shot 010"])


@pytest.mark.parametrize(("answer", "state"), [("c", "canceled"), ("", "waiting"), (None, "waiting")])
def test_an_interruption_asks_what_shall_become_of_the_jobs(here: Here, answer: str | None, state: str) -> None:
    asked: list[str] = []

    def ask(question: str) -> str | None:
        asked.append(question)
        return answer

    tell = Stopping(io.StringIO())
    if answer == "c":
        tell = _once(tell)
    assert here.make(tell, ask, yes=True, film=True) == 130
    assert "3 jobs have not ended" in asked[0]
    assert {task["state"] for task in here.tasks().values()} == {state}


def _once(tell: Stopping) -> Stopping:
    first: Callable[..., None] = tell.progress

    def progress(*words: Any) -> None:
        tell.progress = lambda *_: None  # type: ignore[method-assign]
        first(*words)

    tell.progress = progress  # type: ignore[method-assign]
    return tell


def test_nothing_is_started_unasked_and_no_leaves_the_project_as_it_was(here: Here) -> None:
    assert here.make(Lines(io.StringIO()), quality="high") == 2
    assert here.make(Lines(io.StringIO()), lambda _: "n", quality="high") == 0
    assert httpx.get(here.address).json()["project"]["quality"] == "standard"
    assert here.tasks() == {}


def test_the_queue_is_seen_held_and_let_go_on(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--url", here.url]
    here.make(Stopping(io.StringIO()), yes=True)
    for words in (["list", *at], ["list", "Salt Road", *at], ["pause", "Salt Road", *at], ["list", "--json", *at]):
        assert main(["queue", *words]) == 0
    said = capsys.readouterr().out
    assert "Salt Road: 2 jobs" in said
    line = json.loads(said.splitlines()[-1])[here.project["id"]]
    assert line["queue"]["paused"]
    assert main(["queue", "resume", "salt road", *at]) == 0
    assert not httpx.get(f"{here.address}/queue").json()["queue"]["paused"]
    assert main(["queue", "pause", "--all", *at]) == 0
    assert main(["queue", "resume", "--all", *at]) == 0
    task = here.tasks()["a"]["id"]
    assert main(["queue", "cancel", task, *at]) == 0
    assert main(["queue", "retry", task, *at]) == 0
    assert main(["queue", "cancel", "nothing", *at]) == 1
    assert "NOT_FOUND" in capsys.readouterr().err


def test_what_cannot_be_meant_is_said(here: Here, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(StudioError) as refused:
        here.make(Lines(io.StringIO()), only=["030"])
    assert (refused.value.code, refused.value.detail) == (Code.NOT_FOUND, "There are: 010, 020.")
    here.apply({"op": "node.set", "id": "b", "name": "code", "value": "010"})
    with pytest.raises(StudioError) as refused:
        here.make(Lines(io.StringIO()), only=["010"])
    assert refused.value.detail == "01/010, 02/010"
    here.apply({"op": "node.remove", "id": "f"})
    with pytest.raises(StudioError, match="no assembler"):
        here.make(Lines(io.StringIO()), film=True)
    httpx.post(f"{here.url}/api/v1/projects", json={"title": "Salt Road"})
    with pytest.raises(StudioError, match="Several projects"):
        here.make(Lines(io.StringIO()))
    for url in ("nonsense", f"http://127.0.0.1:{free_port()}"):
        assert main(["make", "x", "--url", url]) == 1
    assert main(["make", "x", "--url", here.url, "--token-file", str(tmp_path / "none")]) == 1
    said = capsys.readouterr().err
    for code in ("VALIDATION_ERROR", "DEPENDENCY_MISSING", "FILE_NOT_FOUND"):
        assert code in said
