"""A job's own way to the ComfyUI beside this runner: a unix socket that lets through what the job may ask, and no more.

A pipeline may come from strangers and ComfyUI has no authentication at all. `comfyui.own` says what is the job's own;
here is the way through. What a job left running is stopped when it is over, however that came.
"""

import contextlib
import json
import logging
import re
import secrets
import tempfile
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx
from websockets.exceptions import WebSocketException

from function_runner.comfyui import form
from function_runner.comfyui.news import News
from function_runner.comfyui.own import Own, Refused
from studio_sdk.comfy import Address, Api
from studio_sdk.comfy.api import Away
from studio_sdk.comfy.states import of_history, of_job
from studio_sdk.errors import Code, StudioError
from studio_sdk.fields import Fail
from studio_sdk.manifest import Pipeline

_log = logging.getLogger(__name__)

MOST_PROMPT: Final = 16 * 1024 * 1024
_PIECE: Final = 1 << 18
_OPEN: Final = frozenset(
    {
        *(f"GET {path}" for path in ("/system_stats", "/features", "/object_info", "/prompt", "/queue")),
        "POST /free",
    }
)
_ABOUT_ONE: Final = re.compile(r"^(GET /(jobs|history)/[^/]+|POST /jobs/[^/]+/cancel)$")
_SCHEMA: Final = re.compile(r"^GET /object_info/[^/]+$")
_PASSED: Final = ("content-type", "content-length", "content-range", "accept-ranges")
_PLAIN: Final = {"accept-encoding": "identity"}
_ASKED: Final = ("content-type", "range", "accept")
_UPLOAD: Final = httpx.Timeout(300, connect=5)


class Door(ThreadingMixIn, UnixStreamServer):
    """The socket of one job. `most` is the largest file that it may send, in bytes."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, path: Path, address: Address, own: Own, most: int) -> None:
        self.address, self.own, self.most, self.place = address, own, most, path.parent
        self.upstream = address.http()
        self.sending = threading.Lock()
        """One file at a time lies here on its way."""
        super().__init__(str(path), _Knock)
        path.chmod(0o666)  # in a container it is another user's; the folder around it is ours alone

    def shut(self) -> None:
        """Take no more, and stop what the job left running."""
        self.shutdown()
        self.server_close()
        self.upstream.close()
        with Api(self.address) as api:
            for prompt_id in sorted(self.own.prompts):
                with contextlib.suppress(Away, Fail):
                    if not api.job(prompt_id).state.over:
                        _log.info("Prompt %s is stopped: its job is over", prompt_id)
                        api.cancel(prompt_id)


@contextlib.contextmanager
def at_side(url: str, most: int, pipeline: Pipeline, job_dir: Path) -> Iterator[dict[str, Path]]:
    """Yield the sockets to put at a job's side; `most` is the largest file that it may send, in bytes.

    Raises ENGINE_OFFLINE where the pipeline asks for a ComfyUI and this runner has none.
    """
    if "comfyui" not in pipeline.services:
        yield {}
        return
    if not url:
        raise StudioError(
            Code.ENGINE_OFFLINE,
            f"{pipeline.title} needs ComfyUI, and this worker has none.",
            detail="Set RUNNER_COMFYUI_URL to the address of a ComfyUI and start the runner again.",
        )
    place = job_dir / "services" / "comfyui.sock"
    place.parent.mkdir(exist_ok=True)
    place.touch()  # where a sandbox shows the socket: in it the job's folder cannot be written to
    with opened(url, frozenset(pipeline.requires.nodes), most) as path:
        yield {"comfyui": path}


@contextlib.contextmanager
def opened(url: str, nodes: frozenset[str], most: int = 2**31) -> Iterator[Path]:
    """Open a door for one job and yield the path of its socket; raises ValueError for an address that is none."""
    # Not in the job's folder: the path of a socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="studio-comfyui-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "comfyui.sock"
        door = Door(path, Address.of(url), Own(secrets.token_hex(16), nodes), most)
        threading.Thread(target=door.serve_forever, args=(0.1,), daemon=True).start()
        try:
            yield path
        finally:
            door.shut()


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
                self._listen()
            else:
                self._pass()
        except Refused as why:
            self._say(why.status, {"error": {"type": why.kind, "message": str(why), "details": ""}})
        except httpx.ConnectError as why:
            self._say(HTTPStatus.BAD_GATEWAY, {"error": {"type": "away", "message": str(why), "details": ""}})
        except (httpx.TransportError, OSError):
            self.close_connection = True  # in the middle of an answer: it must not look whole

    def _pass(self) -> None:
        told = urlsplit(self.path)
        path = told.path.removeprefix("/api") if told.path != "/api" else told.path
        base = "/api" if path != told.path else ""
        query = {name: values[0] for name, values in parse_qs(told.query).items()}
        if f"{self.command} {path}" == "POST /upload/image":
            self._upload()
            return
        content = self._body()
        content = self._may(path, query, content)
        asked = _PLAIN | {name: self.headers[name] for name in _ASKED if name in self.headers}
        # Made anew of what was looked at: a path of another spelling could mean another place there.
        target = base + quote(path) + (f"?{urlencode(query)}" if query else "")
        sent = self.server.upstream.build_request(self.command, target, content=content or None, headers=asked)
        answer = self.server.upstream.send(sent, stream=True)
        try:
            self._hand_back(path, answer)
        finally:
            answer.close()

    def _length(self) -> int:
        told = self.headers.get("Content-Length") or "0"
        if "Transfer-Encoding" in self.headers or not (told.isascii() and told.isdigit()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "A body needs a Content-Length.")
        return int(told)

    def _body(self) -> bytes:
        length = self._length()
        if length > MOST_PROMPT:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The graph is too large.")
        return self.rfile.read(length)

    def _pieces(self, length: int) -> Iterator[bytes]:
        while length:
            piece = self.rfile.read(min(_PIECE, length))
            if not piece:
                raise OSError("the job ended in the middle of a file")
            length -= len(piece)
            yield piece

    def _upload(self) -> None:
        """Send a file into the job's own folder of the input, whatever folder it asked for."""
        length, most, own = self._length(), self.server.most, self.server.own
        if length > most + form.FORM_BYTES:
            words = f"This worker's jobs may send {most / 1e6:.0f} MB (RUNNER_COMFYUI_UPLOAD_MB)."
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
        kind = self.headers.get("Content-Type", "")
        with self.server.sending, form.read(kind, self._pieces(length), self.server.place) as told:
            if told.words.get("type", "input") != "input":
                raise Refused(HTTPStatus.FORBIDDEN, "Files go into the input folder only.")
            where = {"type": "input", "subfolder": own.real_folder(told.words.get("subfolder", ""))}
            where["overwrite"] = told.words.get("overwrite", "")
            answer = self.server.upstream.post(
                "/upload/image", data=where, files={"image": (told.name, told.file)}, timeout=_UPLOAD
            )
        content = answer.content
        if answer.status_code == HTTPStatus.OK:
            content = json.dumps(own.uploaded(_json(content))).encode()
        self._give(answer, content)

    def _may(self, path: str, query: dict[str, str], content: bytes) -> bytes:
        """Return the body to send; raise `Refused` for what this job may not ask."""
        asked = f"{self.command} {path}"
        if asked in _OPEN or _SCHEMA.match(asked):
            return content
        if asked == "POST /prompt":
            return json.dumps(self.server.own.prompt(_json(content))).encode()
        if _ABOUT_ONE.match(asked):
            self._must_be_own(asked)
        elif not (self._may_see(asked, query) or self._may_stop(asked, content)):
            raise Refused(HTTPStatus.FORBIDDEN, f"A pipeline may not ask ComfyUI for {asked}.")
        return content

    def _must_be_own(self, asked: str) -> None:
        """Raise `Refused` for a prompt that this job did not send, as if there were none."""
        if asked.split("/")[2] in self.server.own.prompts:
            return
        missing = asked.startswith("GET")
        words = "Job not found" if missing else "A pipeline may stop its own prompts only."
        raise Refused(HTTPStatus.NOT_FOUND if missing else HTTPStatus.FORBIDDEN, words)

    def _may_see(self, asked: str, query: dict[str, str]) -> bool:
        """Whether this asks for a file of the job's own; the folder is then that in which it really lies."""
        if asked != "GET /view":
            return False
        name, where = query.get("filename", ""), query.get("type", "output")
        query["subfolder"] = self.server.own.real_folder(query.get("subfolder", ""), where)
        return self.server.own.sees(name, query["subfolder"], where)

    def _may_stop(self, asked: str, content: bytes) -> bool:
        own = self.server.own.prompts
        if asked == "POST /interrupt":
            prompt_id = _json(content).get("prompt_id")
            return isinstance(prompt_id, str) and prompt_id in own
        said = _json(content) if asked == "POST /queue" else {}
        ids = said.get("delete")
        return set(said) == {"delete"} and isinstance(ids, list) and all(isinstance(i, str) and i in own for i in ids)

    def _hand_back(self, path: str, answer: httpx.Response) -> None:
        if path.startswith(("/jobs/", "/history/", "/queue", "/object_info", "/prompt", "/features")):
            answer.read()
            self._give(answer, self._looked_at(path, answer))
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

    def _looked_at(self, path: str, answer: httpx.Response) -> bytes:
        """Return what tells of prompts and nodes in this job's words, without what is others'."""
        own = self.server.own
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, IndexError):
            told = json.loads(answer.content)
            if path.startswith("/jobs/"):
                own.made(of_job(told))
            elif path.startswith("/history/"):
                own.made(of_history(told[path.split("/")[2]]))
            elif path == "/features":
                return json.dumps(told | {"max_upload_size": self._most(told.get("max_upload_size"))}).encode()
            elif path.startswith("/object_info"):
                return json.dumps(own.schemas(told)).encode()
            elif path == "/queue" and self.command == "GET":
                return own.as_named(json.dumps(own.queue(told))).encode()
        if (
            path.startswith(("/queue", "/object_info"))
            and self.command == "GET"
            and answer.status_code == HTTPStatus.OK
        ):
            return b"{}"  # it cannot be understood, so it may be of others
        return own.as_named(answer.content.decode(errors="replace")).encode()

    def _most(self, theirs: object) -> int:
        return min(self.server.most, int(theirs)) if isinstance(theirs, int | float) else self.server.most

    def _give(self, answer: httpx.Response, content: bytes) -> None:
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

    def _listen(self) -> None:
        told = urlsplit(self.path)
        if told.path not in {"/ws", "/api/ws"}:
            raise Refused(HTTPStatus.FORBIDDEN, "There is one socket, /ws.")
        self.close_connection = True
        client_id = self.server.own.client(parse_qs(told.query).get("clientId", [""])[0])
        lines = [self.requestline, *(f"{name}: {value}" for name, value in self.headers.items())]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        with contextlib.ExitStack() as line:
            try:
                there = line.enter_context(self.server.address.socket(client_id))
            except (OSError, WebSocketException) as why:
                raise Refused(HTTPStatus.BAD_GATEWAY, f"ComfyUI's socket cannot be reached: {why}", "away") from why
            News(self.connection, request, self.server.own).pass_on(there)


def _json(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except ValueError as why:
        raise Refused(HTTPStatus.BAD_REQUEST, "The body is no JSON.") from why
    if not isinstance(told, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "The body is no object.")
    return told
