"""Webhooks from end to end: what happens in a project reaches an address outside, signed, once, in spite of trouble."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from studio_sdk.contract import Failure
from studio_sdk.errors import Code, StudioError
from studio_sdk.wire import Finish
from studio_server.actions import hooks, rebuild, runs
from studio_server.actions.hooks import HookView
from studio_server.domain.hooks import HookKind
from studio_server.index import log
from studio_server.loops.courier import carry
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, shot, stage


class Receiver:
    """Somebody outside who is told; it answers with `status` and keeps what it got."""

    def __init__(self) -> None:
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(outer.status)
                if outer.status == 302:
                    self.send_header("location", f"{outer.url}/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}/in?x=1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings.model_copy(update={"webhook_private": ["127.0.0.1"]})) as opened:
        yield opened


@pytest.fixture
def project(here: Stage) -> str:
    made = here.project()
    here.apply(made, shot("a", scene="01", code="010"), shot("b", scene="01", code="020"))
    return made


def only(here: Stage, project: str) -> HookView:
    (found,) = hooks.listed(here.studio, project)
    return found


def right(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Check a signature as whoever is told would."""
    given = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), given, hashlib.sha256).digest()
    return headers["webhook-signature"] == "v1," + base64.b64encode(mark).decode()


def test_a_run_is_told_take_by_take_and_at_its_end(
    here: Stage, project: str, receiver: Receiver, tmp_path: Path
) -> None:
    secret = hooks.add(here.studio, project, receiver.url, []).secret
    assert secret is not None
    here.worker()
    rebuild.start(here.studio, project, rebuild.RebuildScope())
    with here.studio.index.read() as session:
        events = log.since(session, project, 0)
    first, second = [event.job_id for event in events if event.job_id]
    assert first
    assert second
    carry(here.studio)
    assert receiver.got == []
    assert here.claim(first).job_id == first
    here.finish(first, 1, clip(tmp_path / "a.mp4"))
    here.claim(second)
    carry(here.studio)
    error = Failure(code=Code.PIPELINE_FAILED, message="It broke.")
    runs.finish(here.studio, second, Finish(attempt=1, status="failed", error=error, elapsed_s=1))
    for _ in range(3):  # nothing is told twice
        carry(here.studio)
    assert [one["type"] for one in receiver.told()] == ["take.landed", "job.failed", "run.finished"]
    landed, failed, ended = (one["data"] for one in receiver.told())
    assert (landed["result"]["take"]["name"], landed["project_id"]) == ("SHOT-010_v01_take01", project)
    assert failed["error"]["error"] == "PIPELINE_FAILED"
    assert (ended["ok"], ended["jobs"]) == (False, {"succeeded": 1, "failed": 1})
    assert all(right(headers, body, secret) for headers, body in receiver.got)
    assert not right(receiver.got[0][0], receiver.got[0][1] + b" ", secret)
    assert [one.answer[:3] for one in only(here, project).deliveries] == ["204"] * 3
    assert only(here, project).secret is None  # told once


def test_what_fails_is_tried_again_with_the_same_id_and_given_up(here: Stage, project: str, receiver: Receiver) -> None:
    receiver.status = 500
    made = hooks.add(here.studio, project, receiver.url, [HookKind.TAKE])
    hooks.test(here.studio, project, made.id)
    carry(here.studio)
    carry(here.studio)  # not at once again
    assert len(receiver.got) == 1
    here.later(6)
    receiver.status = 302
    carry(here.studio)
    assert only(here, project).deliveries[0].answer.startswith("302: it leads elsewhere")
    for _ in range(20):
        here.later(36001)
        carry(here.studio)
    assert {headers["webhook-id"] for headers, _ in receiver.got} == {only(here, project).deliveries[0].id}
    assert len(receiver.got) == 8
    told = only(here, project).deliveries[0]
    assert (told.tries, told.delivered, told.next_at) == (8, False, None)
    assert only(here, project).failing_since
    assert not only(here, project).off_because


def test_one_that_fails_for_days_is_turned_off_and_said_so(here: Stage, project: str, receiver: Receiver) -> None:
    receiver.status = 503
    made = hooks.add(here.studio, project, receiver.url, [])
    for _ in range(2):
        hooks.test(here.studio, project, made.id)
        carry(here.studio)
        here.later(timedelta(days=3, minutes=1).total_seconds())
    assert only(here, project).off_because.startswith("Turned off: nothing could be delivered since 2026-11-20")
    with here.studio.index.read() as session:
        notices = [event.data for event in log.since(session, project, 0) if event.type == "notice"]
    assert "nothing could be delivered" in str(notices[0]["message"])
    with pytest.raises(StudioError, match="is off"):
        hooks.test(here.studio, project, made.id)
    receiver.status = 204
    hooks.change(here.studio, project, made.id, on=True)
    hooks.test(here.studio, project, made.id)
    carry(here.studio)
    assert only(here, project).deliveries[0].delivered
    receiver.status = 410
    hooks.test(here.studio, project, made.id)
    carry(here.studio)
    assert "gone" in only(here, project).off_because


def test_a_studio_that_died_meanwhile_loses_and_doubles_nothing(here: Stage, project: str, receiver: Receiver) -> None:
    made = hooks.add(here.studio, project, receiver.url, [])
    hooks.test(here.studio, project, made.id)
    assert len(hooks.due(here.studio, 8)) == 1  # taken, and the process is gone
    carry(here.studio)
    assert receiver.got == []
    here.later(181)
    carry(here.studio)
    assert [one["type"] for one in receiver.told()] == ["test"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://localhost:9/", "not on the internet"),
        ("https://no-such-host.invalid/", "cannot be reached"),
    ],
)
def test_what_may_not_be_called_is_not(here: Stage, project: str, url: str, words: str) -> None:
    made = hooks.add(here.studio, project, url, [])
    hooks.test(here.studio, project, made.id)
    carry(here.studio)
    assert words in only(here, project).deliveries[0].answer


@pytest.mark.parametrize("url", ["ftp://a/b", "nonsense", "https://", "https://me:pw@a.example/", "http://[::1"])
def test_what_is_no_address_is_refused(here: Stage, project: str, url: str) -> None:
    with pytest.raises(StudioError, match="address"):
        hooks.add(here.studio, project, url, [])


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest/meta-data", "http://[::ffff:10.0.0.1]/"])
def test_a_number_that_may_not_be_called_is_refused_at_once(here: Stage, project: str, url: str) -> None:
    with pytest.raises(StudioError, match="not on the internet") as refused:
        hooks.add(here.studio, project, url, [])
    assert refused.value.context.field == "url"
    assert not hooks.listed(here.studio, project)


def test_the_studio_has_one_of_its_own_in_every_project(settings: Settings, receiver: Receiver) -> None:
    ours = {"webhook_url": receiver.url, "webhook_secret": "whsec_" + base64.b64encode(b"k" * 32).decode()}
    values = settings.model_dump() | ours | {"webhook_private": ["127.0.0.1"]}
    with stage(Settings(**values)) as here:
        project = here.project()
        carry(here.studio)
        found = only(here, project)
        assert (found.of_studio, found.url) == (True, receiver.url)
        for refused in (lambda: hooks.remove(here.studio, project, found.id),):
            with pytest.raises(StudioError, match="settings only"):
                refused()
        with pytest.raises(StudioError, match="settings only"):
            hooks.change(here.studio, project, found.id, on=False)
        hooks.test(here.studio, project, found.id)
        carry(here.studio)
        assert right(*receiver.got[0], ours["webhook_secret"])
        # Another tenant's studio on this database, whose settings name none, takes nobody's away.
        person = here.studio.person.model_copy(update={"tenant_id": "others"})
        carry(replace(here.studio, settings=settings, person=person))
        assert only(here, project).of_studio
    with stage(settings) as here:
        carry(here.studio)
        assert hooks.listed(here.studio, project) == []
