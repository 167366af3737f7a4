"""A job's own way to the ComfyUI beside this runner: a unix socket that lets through what the job may ask, and no more.

A pipeline may come from strangers and ComfyUI has no authentication at all. Through here it sends graphs of the nodes
that its manifest names, files into `studio/`, and sees and stops only the prompts that it sent itself. What it left
running is stopped when the job is over, however that came.
"""

import contextlib
import json
import logging
import re
import selectors
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx

from studio_sdk.comfy import Address, Api
from studio_sdk.comfy.api import Away
from studio_sdk.comfy.states import JobState, of_history, of_job
from studio_sdk.fields import Fail
from studio_sdk.manifest import Pipeline

_log = logging.getLogger(__name__)

MOST_PROMPT: Final = 16 * 1024 * 1024
_PIECE: Final = 1 << 18
_OPEN: Final = frozenset(
    {
        *(f"GET {path}" for path in ("/system_stats", "/features", "/object_info", "/prompt", "/queue")),
        *(f"POST {path}" for path in ("/upload/image", "/free")),
    }
)
_ABOUT_ONE: Final = re.compile(r"^(GET /(jobs|history)/[^/]+|POST /jobs/[^/]+/cancel)$")
_PASSED: Final = ("content-type", "content-length", "content-range", "accept-ranges")
_PLAIN: Final = {"accept-encoding": "identity"}
_ASKED: Final = ("content-type", "content-length", "range", "accept")
FOLDER: Final = "studio"
"""The folder of ComfyUI's input that jobs send their files to."""


class Door(ThreadingMixIn, UnixStreamServer):
    """The socket of one job. `nodes` are the classes that its graphs may use."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, path: Path, address: Address, nodes: frozenset[str]) -> None:
        self.address, self.nodes = address, nodes
        self.prompts: set[str] = set()
        self.files: set[tuple[str, str, str]] = set()
        self.upstream = address.http()
        super().__init__(str(path), _Knock)
        path.chmod(0o666)  # in a container it is another user's; the folder around it is ours alone

    def note_files(self, state: JobState) -> None:
        """Let the job fetch the files of a prompt of its own."""
        self.files |= {(file.filename, file.subfolder, file.type) for _, file in state.files()}

    def shut(self) -> None:
        """Take no more, and stop what the job left running."""
        self.shutdown()
        self.server_close()
        self.upstream.close()
        with Api(self.address) as api:
            for prompt_id in self.prompts:
                with contextlib.suppress(Away, Fail):
                    if not api.job(prompt_id).state.over:
                        _log.info("Prompt %s is stopped: its job is over", prompt_id)
                        api.cancel(prompt_id)


@contextlib.contextmanager
def at_side(url: str, pipeline: Pipeline, job_dir: Path) -> Iterator[dict[str, Path]]:
    """Yield the sockets to put at a job's side: none where the pipeline asks for none or there is no ComfyUI here."""
    if not url or "comfyui" not in pipeline.services:
        yield {}
        return
    place = job_dir / "services" / "comfyui.sock"
    place.parent.mkdir(exist_ok=True)
    place.touch()  # where a sandbox shows the socket: in it the job's folder cannot be written to
    with opened(url, frozenset(pipeline.requires.nodes)) as path:
        yield {"comfyui": path}


@contextlib.contextmanager
def opened(url: str, nodes: frozenset[str]) -> Iterator[Path]:
    """Open a door for one job and yield the path of its socket; raises ValueError for an address that is none."""
    # Not in the job's folder: the path of a socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="studio-comfyui-") as folder:
        path = Path(folder) / "comfyui.sock"
        door = Door(path, Address.of(url), nodes)
        threading.Thread(target=door.serve_forever, args=(0.1,), daemon=True).start()
        try:
            yield path
        finally:
            door.shut()


class _Refused(Exception):  # noqa: N818 - an answer
    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Knock(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Door

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's word
        """Say nothing: the job's own log has it."""

    def address_string(self) -> str:
        return "job"

    def _answer(self) -> None:
        try:
            if self.headers.get("Upgrade", "").lower() == "websocket":
                self._tunnel()
            else:
                self._pass()
        except _Refused as why:
            self._say(why.status, {"error": {"type": "not_allowed", "message": str(why), "details": ""}})
        except httpx.ConnectError as why:
            self._say(HTTPStatus.BAD_GATEWAY, {"error": {"type": "away", "message": str(why), "details": ""}})
        except (httpx.TransportError, OSError):
            self.close_connection = True  # in the middle of an answer: it must not look whole

    def _pass(self) -> None:
        told = urlsplit(self.path)
        path = told.path.removeprefix("/api") if told.path != "/api" else told.path
        query = {name: values[0] for name, values in parse_qs(told.query).items()}
        length = int(self.headers.get("Content-Length") or 0)
        content: Any = self._body(path, length)
        self._may(path, query, content)
        if content is None and length:
            content = self._pieces(length)
        asked = _PLAIN | {name: self.headers[name] for name in _ASKED if name in self.headers}
        sent = self.server.upstream.build_request(self.command, self.path, content=content, headers=asked)
        answer = self.server.upstream.send(sent, stream=True)
        try:
            self._hand_back(path, answer)
        finally:
            answer.close()

    def _body(self, path: str, length: int) -> bytes | None:
        """Return what is small and must be looked at; files go through as they come."""
        if path == "/upload/image" or self.command != "POST":
            return None
        if length > MOST_PROMPT:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The graph is too large.")
        return self.rfile.read(length)

    def _pieces(self, length: int) -> Iterator[bytes]:
        while length:
            piece = self.rfile.read(min(_PIECE, length))
            if not piece:
                raise OSError("the job ended in the middle of a file")
            length -= len(piece)
            yield piece

    def _may(self, path: str, query: dict[str, str], content: bytes | None) -> None:
        """Raise `_Refused` for what this job may not ask."""
        asked = f"{self.command} {path}"
        if asked in _OPEN or asked.startswith("GET /object_info/"):
            return
        if asked == "POST /prompt":
            self._may_run(_json(content))
        elif _ABOUT_ONE.match(asked):
            self._must_be_own(asked)
        elif not (self._may_see(asked, query) or self._may_stop(asked, content)):
            raise _Refused(HTTPStatus.FORBIDDEN, f"A pipeline may not ask ComfyUI for {asked}.")

    def _must_be_own(self, asked: str) -> None:
        """Raise `_Refused` for a prompt that this job did not send, as if there were none."""
        if asked.split("/")[2] in self.server.prompts:
            return
        missing = asked.startswith("GET")
        words = "Job not found" if missing else "A pipeline may stop its own prompts only."
        raise _Refused(HTTPStatus.NOT_FOUND if missing else HTTPStatus.FORBIDDEN, words)

    def _may_see(self, asked: str, query: dict[str, str]) -> bool:
        if asked != "GET /view":
            return False
        file = (query.get("filename", ""), query.get("subfolder", ""), query.get("type", "output"))
        return file[1:] == (FOLDER, "input") or file in self.server.files

    def _may_stop(self, asked: str, content: bytes | None) -> bool:
        own = self.server.prompts
        if asked == "POST /interrupt":
            return _json(content).get("prompt_id") in own
        said = _json(content) if asked == "POST /queue" else {}
        return set(said) == {"delete"} and isinstance(said["delete"], list) and set(said["delete"]) <= own

    def _may_run(self, said: dict[str, Any]) -> None:
        graph, prompt_id = said.get("prompt"), said.get("prompt_id")
        if not isinstance(graph, dict) or not isinstance(prompt_id, str):
            raise _Refused(HTTPStatus.BAD_REQUEST, "A prompt needs a graph and an id of its own.")
        used = {node.get("class_type") for node in graph.values() if isinstance(node, dict)}
        if strange := sorted(str(one) for one in used - self.server.nodes):
            words = f"The pipeline's manifest does not name the nodes {', '.join(strange)}."
            raise _Refused(HTTPStatus.BAD_REQUEST, words)
        self.server.prompts.add(prompt_id)

    def _hand_back(self, path: str, answer: httpx.Response) -> None:
        if path.startswith(("/jobs/", "/history/", "/queue")):
            answer.read()
            self._whole(path, answer)
            return
        self.send_response(answer.status_code)
        for name in _PASSED:
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        if "content-length" not in answer.headers:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        for piece in answer.iter_raw(_PIECE):
            self.wfile.write(piece)

    def _whole(self, path: str, answer: httpx.Response) -> None:
        """Hand back what tells of prompts, after a look at it: which files are this job's, which rows are others'."""
        content = answer.content
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, IndexError):
            told = json.loads(content)
            if path.startswith("/jobs/"):
                self.server.note_files(of_job(told))
            elif path.startswith("/history/"):
                self.server.note_files(of_history(told[path.split("/")[2]]))
            else:
                own = {name: [row for row in rows if row[1] in self.server.prompts] for name, rows in told.items()}
                content = json.dumps(own).encode()
        if path == "/queue" and content is answer.content:
            content = b"{}"
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("content-type", "application/json"))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _say(self, status: HTTPStatus, told: dict[str, Any]) -> None:
        body = json.dumps({**told, "node_errors": {}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def _tunnel(self) -> None:
        """Hand a WebSocket through as it is: it only listens, and hears of its own prompts."""
        if urlsplit(self.path).path not in {"/ws", "/api/ws"}:
            raise _Refused(HTTPStatus.FORBIDDEN, "There is one socket, /ws.")
        self.close_connection = True
        with _connected(self.server.address) as there:
            lines = [f"GET {self.path} HTTP/1.1", f"Host: {urlsplit(self.server.address.base).netloc}"]
            lines += [
                f"{name}: {value}" for name, value in self.headers.items() if name.lower() not in {"host", "origin"}
            ]
            there.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
            _pump(self.connection, there)


def _json(content: bytes | None) -> dict[str, Any]:
    try:
        told = json.loads(content or b"")
    except ValueError as why:
        raise _Refused(HTTPStatus.BAD_REQUEST, "The body is no JSON.") from why
    if not isinstance(told, dict):
        raise _Refused(HTTPStatus.BAD_REQUEST, "The body is no object.")
    return told


def _connected(address: Address) -> socket.socket:
    if address.unix:
        line = socket.socket(socket.AF_UNIX)
        line.connect(address.unix)
        return line
    told = urlsplit(address.base)
    port = told.port or (443 if told.scheme == "https" else 80)
    plain = socket.create_connection((told.hostname or "", port), timeout=10)
    plain.settimeout(None)
    return (
        ssl.create_default_context().wrap_socket(plain, server_hostname=told.hostname)
        if told.scheme == "https"
        else plain
    )


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until either side ends."""
    with selectors.DefaultSelector() as ready:
        ready.register(one, selectors.EVENT_READ, other)
        ready.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in ready.select():
                source: socket.socket = key.fileobj  # type: ignore[assignment]
                while True:
                    piece = source.recv(_PIECE)
                    if not piece:
                        return
                    key.data.sendall(piece)
                    if not (isinstance(source, ssl.SSLSocket) and source.pending()):
                        break
