"""A studio as a runner sees it: the routes of /api/v1/runner over plain HTTP, with its facts in memory.

It can be stopped and started again at the same port, refuse a report, ask for a cancel, lose a lease, and be slow.
"""

import contextlib
import hashlib
import json
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from studio_sdk.errors import Code, StudioError
from studio_sdk.folder import folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.types import Format, Quality
from studio_sdk.wire import Claim, Finish, InputRef, Report

TOKEN = "runner-token-for-tests"


def _open() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class FakeStudio:
    claims: dict[str, Claim] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    handed_in: dict[str, bytes] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    finished: list[Finish] = field(default_factory=list)
    workers: list[dict[str, object]] = field(default_factory=list)
    times: dict[str, float] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    cancel: bool = False
    paused: bool = False
    fence: bool = False
    full: bool = False
    inputs_wait: threading.Event = field(default_factory=_open)
    refused: int = 0
    taken: set[str] = field(default_factory=set)
    claimed_by: list[tuple[str, str]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    server: ThreadingHTTPServer | None = None
    lines: set[socket.socket] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        studio = self

        class Route(_Route):
            fake = studio

        ThreadingHTTPServer.allow_reuse_address = True
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Route)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
            for line in list(self.lines):
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def offer(
        self,
        job_id: str,
        folder: Path,
        params: dict[str, object] | None = None,
        files: dict[str, list[Path]] | None = None,
        timeout_s: int = 60,
        size: tuple[int, int] = (320, 180),
        kept_for: str = "a project",
    ) -> Claim:
        pipeline = Pipeline.model_validate_json((folder / "pipeline.json").read_bytes())
        inputs = []
        for name, paths in (files or {}).items():
            for path in paths:
                oid = hashlib.sha256(path.read_bytes()).hexdigest()
                self.objects[oid] = path.read_bytes()
                inputs.append(
                    InputRef(
                        socket=name,
                        oid=oid,
                        size=path.stat().st_size,
                        mime="application/octet-stream",
                        name=path.name,
                    )
                )
        claim = Claim(
            job_id=job_id,
            attempt=1,
            lease_s=15,
            pipeline=pipeline,
            digest=folder_digest(folder),
            params=params or {},
            inputs=inputs,
            format=Format(width=size[0], height=size[1], frame_rate="24/1"),
            seed=7,
            quality=Quality.LOW,
            vram_gb=0,
            timeout_s=timeout_s,
            kept_for=kept_for,
        )
        self.claims[job_id] = claim
        return claim

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if (method, path) == ("POST", "/workers"):
            self.workers.append(json.loads(body))
            return 200, json.dumps({"paused": self.paused}).encode()
        found = re.fullmatch(r"/jobs/([^/]+)/([^?]+)(\?keeps=true)?", path)
        if not found:
            raise StudioError(Code.NOT_FOUND, "no such route")
        job_id, rest, _ = found.groups()
        if rest == "claim":
            return self._claim(job_id, json.loads(body)["worker_id"])
        if rest == "report":
            self.reports.append(Report.model_validate_json(body))
            if self.fence:
                raise StudioError(Code.LEASE_LOST, "somebody else has it")
            return 200, json.dumps({"cancel": self.cancel, "lease_s": 15}).encode()
        if rest == "finish":
            if self.fence:
                raise StudioError(Code.LEASE_LOST, "somebody else has it")
            self.times["finish"] = time.time()
            finish = Finish.model_validate_json(body)
            self.finished.append(finish)
            self.ended.set()
            return 200, json.dumps({"state": finish.status, "result": None}).encode()
        return self._file(rest, body)

    def _file(self, rest: str, body: bytes) -> tuple[int, bytes]:
        kind, oid = re.fullmatch(r"attempts/\d+/(inputs|outputs)/([0-9a-f]{64})", rest).groups()
        if kind == "inputs":
            self.fetched.append(oid)
            self.inputs_wait.wait(30)
            return 200, self.objects[oid]
        if self.fence:
            raise StudioError(Code.LEASE_LOST, "somebody else has it")
        if self.full:
            self.refused += 1
            raise StudioError(Code.STORAGE_FULL, "no room")
        assert hashlib.sha256(body).hexdigest() == oid
        self.handed_in[oid] = body
        return 204, b""

    def _claim(self, job_id: str, worker_id: str) -> tuple[int, bytes]:
        if job_id in self.taken or job_id not in self.claims:
            raise StudioError(Code.LEASE_LOST, "taken or over")
        self.taken.add(job_id)
        self.claimed_by.append((job_id, worker_id))
        self.times["claim"] = time.time()
        return 200, self.claims[job_id].model_dump_json().encode()


class _Route(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer: two would wait for each other's acknowledgement
    fake: FakeStudio

    def setup(self) -> None:
        super().setup()
        self.fake.lines.add(self.connection)

    def finish(self) -> None:
        self.fake.lines.discard(self.connection)
        super().finish()

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                raise StudioError(Code.UNAUTHENTICATED, "wrong token")  # noqa: TRY301 - as the real one answers
            status, answer = self.fake.answer(self.command, self.path.removeprefix("/api/v1/runner"), body)
        except StudioError as error:
            status, answer = error.status, error.body().model_dump_json().encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = _do  # noqa: N815 - the names http.server asks for

    def log_message(self, *_: object) -> None:
        pass
