"""The routes and sockets of the stand-in, at a TCP port and, where asked, at a unix socket too.

`kill` ends it as a crash does: connections are reset, everything in memory is gone, the files stay. `start` brings it
back at the same address.
"""

import asyncio
import contextlib
import json
import re
import socket
import struct
import threading
import uuid
from pathlib import Path
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.fakes.comfy import checks, jobs, schemas
from tests.fakes.comfy.line import Item, Line
from tests.fakes.comfy.trouble import Gate, Trouble

_UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
_GB = 2**30


class FakeComfy:
    """One server. `root` holds its input, output and temp folders; `unix` is a second address, a socket file."""

    def __init__(self, root: Path, *, unix: Path | None = None, version: str = "0.37.0", vram_gb: float = 24) -> None:
        self.root, self.unix, self.version, self.vram_gb = root, unix, version, vram_gb
        self.models = {folder: list(files) for folder, files in schemas.OFFICIAL.items()}
        self.packs = {"comfyui_controlnet_aux"}
        self.absent: set[str] = set()
        self.extra: dict[str, Any] = {}
        self.steps: dict[str, int] = {}
        self.most_upload = 104857600
        self.trouble = Trouble()
        self.port = 0
        self.uploads: list[str] = []
        self.asked: list[str] = []
        self._life: _Life | None = None

    def __enter__(self) -> Self:
        for folder in ("input", "output", "temp"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def line(self) -> Line:
        assert self._life, "the server is down"
        return self._life.line

    def gate(self, kind: str) -> Gate:
        """Let every node of a class wait until the gate is opened, or the prompt is stopped."""
        self.trouble.gates[kind] = Gate()
        return self.trouble.gates[kind]

    def start(self) -> None:
        self._life = _Life(self)
        self.port = self._life.port

    def kill(self) -> None:
        if self._life:
            self._life.end()
            self._life = None

    def drop_sockets(self) -> None:
        """Cut every WebSocket as a network does."""
        assert self._life
        self._life.drop_sockets()

    def has_file(self, name: str) -> bool:
        return (self.root / "input" / name.removesuffix(" [input]")).is_file()

    def schemas(self) -> dict[str, Any]:
        return schemas.schemas(self.models, self.packs, self.absent) | self.extra


class _Life:
    """The server from one start to its death."""

    def __init__(self, fake: FakeComfy) -> None:
        self.fake = fake
        self.sockets: dict[str, WebSocket] = {}
        self.flags: dict[str, dict[str, Any]] = {}
        self.messages: asyncio.Queue[tuple[str, Any, str | None]] = asyncio.Queue()
        self.loop = asyncio.new_event_loop()
        self.line = Line(fake.root, fake.trouble, self.send, fake.steps, fake.schemas)
        listeners = [socket.create_server(("127.0.0.1", fake.port), reuse_port=False)]
        self.port = listeners[0].getsockname()[1]
        if fake.unix:
            with contextlib.suppress(FileNotFoundError):
                fake.unix.unlink()
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(fake.unix))
            listeners.append(listener)
        self.listeners = listeners
        config = uvicorn.Config(self._app(), log_level="critical", lifespan="off", ws="websockets-sansio")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            self.thread.join(0.005)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)

        async def both() -> None:
            publisher = asyncio.create_task(self._publish())
            self.server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
            await self.server.serve(sockets=self.listeners)
            publisher.cancel()

        self.loop.run_until_complete(both())
        self.loop.close()

    def end(self) -> None:
        self.line.die()

        def abort() -> None:
            for one in self.server.servers:
                one.close()
            for connection in list(self.server.server_state.connections):
                connection.transport.abort()
            self.server.should_exit = self.server.force_exit = True

        self.loop.call_soon_threadsafe(abort)
        self.thread.join()
        for listener in self.listeners:
            listener.close()

    def drop_sockets(self) -> None:
        def abort() -> None:
            for connection in list(self.server.server_state.connections):
                if "WebSocket" in type(connection).__name__:
                    connection.transport.abort()

        self.loop.call_soon_threadsafe(abort)

    def send(self, kind: str, data: Any, client: str | None) -> None:
        with contextlib.suppress(RuntimeError):  # it has just died
            self.loop.call_soon_threadsafe(self.messages.put_nowait, (kind, data, client))

    async def _publish(self) -> None:
        """One message after another to whoever it is for: who does not read holds up everybody."""
        while True:
            kind, data, client = await self.messages.get()
            while self.fake.trouble.stalled.is_set():  # noqa: ASYNC110 - a test's thread sets it
                await asyncio.sleep(0.01)
            for one in [client] if client else list(self.sockets):
                if one in self.sockets:
                    await self._deliver(self.sockets[one], one, kind, data)

    async def _deliver(self, to: WebSocket, client: str, kind: str, data: Any) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            if kind != "preview":
                await to.send_text(json.dumps({"type": kind, "data": data}))
            elif self.flags.get(client, {}).get("supports_preview_metadata"):
                told = json.dumps(data[0]).encode()
                await to.send_bytes(struct.pack(">II", 4, len(told)) + told + data[1])
            else:
                await to.send_bytes(struct.pack(">II", 1, 1) + data[1])

    def _app(self) -> Starlette:
        routes = [WebSocketRoute("/ws", self._socket), WebSocketRoute("/api/ws", self._socket)]
        for path, methods, endpoint in (
            ("/prompt", ["POST"], self._prompt),
            ("/prompt", ["GET"], self._remaining),
            ("/queue", ["GET"], self._queue),
            ("/queue", ["POST"], self._queue_change),
            ("/interrupt", ["POST"], self._interrupt),
            ("/free", ["POST"], self._free),
            ("/history/{id}", ["GET"], self._history),
            ("/object_info", ["GET"], self._object_info),
            ("/object_info/{kind}", ["GET"], self._object_info),
            ("/system_stats", ["GET"], self._stats),
            ("/features", ["GET"], self._features),
            ("/upload/image", ["POST"], self._upload),
            ("/view", ["GET"], self._view),
        ):
            told = self._troubled(endpoint)
            routes += [Route(path, told, methods=methods), Route(f"/api{path}", told, methods=methods)]
        routes.append(Route("/api/jobs/{id}", self._troubled(self._job), methods=["GET"]))
        routes.append(Route("/api/jobs/{id}/cancel", self._troubled(self._cancel), methods=["POST"]))
        return Starlette(routes=routes)

    def _troubled(self, endpoint: Any) -> Any:
        async def answer(request: Request) -> Response:
            trouble = self.fake.trouble
            self.fake.asked.append(f"{request.method} {request.url.path}")
            if trouble.html:
                return HTMLResponse("<html><title>Welcome to nginx!</title></html>")
            if trouble.busy:
                trouble.busy -= 1
                return PlainTextResponse("Service Unavailable", 503)
            if request.headers.get("origin"):
                return Response(status_code=403)
            return await endpoint(request)

        return answer

    async def _prompt(self, request: Request) -> Response:
        try:
            body = await request.json()
        except ValueError:
            return PlainTextResponse("500 Internal Server Error\n\nServer got itself in trouble", 500)
        if "prompt" not in body:
            words = checks.error("no_prompt", "No prompt provided", "No prompt provided")
            return JSONResponse({"error": words, "node_errors": {}}, 400)
        graph = body["prompt"]
        if not all(isinstance(node, dict) for node in graph.values()):
            return PlainTextResponse("500 Internal Server Error\n\nServer got itself in trouble", 500)
        prompt_id = body.get("prompt_id") or str(uuid.uuid4())
        if not _UUID.match(prompt_id):
            words = checks.error("invalid_prompt_id", "Invalid prompt_id", f"{prompt_id} is not a canonical UUID")
            return JSONResponse({"error": words, "node_errors": {}}, 400)
        try:
            good, node_errors = checks.check(graph, self.fake.schemas(), self.fake.has_file)
        except checks.Refused as why:
            return JSONResponse(why.body, 400)
        number = self.line.number
        self.line.number += 1
        extra = dict(body.get("extra_data", {}))
        if "client_id" in body:
            extra["client_id"] = body["client_id"]
        self.line.put(Item(number, prompt_id, graph, extra, good))
        if self.fake.trouble.lose_replies:
            self.fake.trouble.lose_replies -= 1
            self._reset(request)
        return JSONResponse({"prompt_id": prompt_id, "number": number, "node_errors": node_errors})

    def _reset(self, request: Request) -> None:
        """Cut the connection of a request that was understood."""
        for connection in list(self.server.server_state.connections):
            scope = getattr(connection, "scope", None)
            if scope is not None and scope.get("client") == request.scope["client"]:
                connection.transport.abort()

    async def _remaining(self, _: Request) -> Response:
        return JSONResponse(self.line.remaining())

    async def _queue(self, _: Request) -> Response:
        with self.line.lock:
            running = [self.line.running.row()] if self.line.running else []
            pending = [item.row() for item in sorted(self.line.pending)]
        return JSONResponse({"queue_running": running, "queue_pending": pending})

    async def _queue_change(self, request: Request) -> Response:
        for prompt_id in (await request.json()).get("delete", []):
            if self.line.running is None or self.line.running.id != prompt_id:
                self.line.cancel(prompt_id)
        return Response()

    async def _interrupt(self, request: Request) -> Response:
        body = await request.body()
        self.line.interrupt(json.loads(body).get("prompt_id") if body else None)
        return Response()

    async def _free(self, _: Request) -> Response:
        self.line.freed += 1
        return Response()

    async def _history(self, request: Request) -> Response:
        done = self.line.history.get(request.path_params["id"])
        return JSONResponse({done.item.id: done.entry()} if done else {})

    async def _job(self, request: Request) -> Response:
        told = None if self.fake.trouble.old else jobs.told(self.line, request.path_params["id"])
        if self.fake.trouble.old:
            return PlainTextResponse("404: Not Found", 404)
        return JSONResponse(told) if told else JSONResponse({"error": "Job not found"}, 404)

    async def _cancel(self, request: Request) -> Response:
        if self.fake.trouble.old:
            return PlainTextResponse("404: Not Found", 404)
        return JSONResponse({"cancelled": self.line.cancel(request.path_params["id"])})

    async def _object_info(self, request: Request) -> Response:
        found = self.fake.schemas()
        kind = request.path_params.get("kind")
        return JSONResponse(found if kind is None else {kind: found[kind]} if kind in found else {})

    async def _stats(self, _: Request) -> Response:
        total = int(self.fake.vram_gb * _GB)
        device = {"name": "cuda:0 Fake", "type": "cuda", "index": 0, "vram_total": total, "vram_free": total // 2}
        device |= {"torch_vram_total": 0, "torch_vram_free": 0}
        system = {"os": "linux", "ram_total": 25276510208, "ram_free": 22754410496, "pytorch_version": "2.13.0"}
        return JSONResponse({"system": system | {"comfyui_version": self.fake.version}, "devices": [device]})

    async def _features(self, _: Request) -> Response:
        return JSONResponse(self._own_flags())

    def _own_flags(self) -> dict[str, Any]:
        return {"supports_preview_metadata": True, "max_upload_size": self.fake.most_upload, "assets": False}

    async def _upload(self, request: Request) -> Response:
        if int(request.headers.get("content-length", 0)) > self.fake.most_upload:
            words = f"Maximum request body size {self.fake.most_upload} exceeded."
            return PlainTextResponse(words, 413)
        async with request.form() as form:
            file, kind = form.get("image"), str(form.get("type") or "input")
            folder, overwrite = str(form.get("subfolder") or ""), str(form.get("overwrite")) in {"true", "1"}
            if file is None or isinstance(file, str):
                return Response(status_code=400)
            name, content = file.filename or "", await file.read()
        if kind not in {"input", "temp", "output"} or self.fake.trouble.disk_full:
            return PlainTextResponse("500 Internal Server Error\n\nServer got itself in trouble", 500)
        where = (self.fake.root / kind / folder).resolve()
        if not where.is_relative_to((self.fake.root / kind).resolve()):
            return Response(status_code=400)
        where.mkdir(parents=True, exist_ok=True)
        path, number = where / name, 1
        while not overwrite and path.exists() and path.read_bytes() != content:
            path = where / f"{Path(name).stem} ({number}){Path(name).suffix}"
            number += 1
        path.write_bytes(content)
        self.fake.uploads.append(f"{folder}/{path.name}" if folder else path.name)
        return JSONResponse({"name": path.name, "subfolder": folder, "type": kind})

    async def _view(self, request: Request) -> Response:
        query = request.query_params
        folder = self.fake.root / query.get("type", "output")
        path = (folder / query.get("subfolder", "") / query["filename"]).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            return Response(status_code=404)
        if self.fake.trouble.cut_downloads and not request.headers.get("range", "").endswith("-0"):
            self.fake.trouble.cut_downloads -= 1
            return jobs.cut_short(path, request, self._reset)
        return FileResponse(path)

    async def _socket(self, socket: WebSocket) -> None:
        await socket.accept()
        client = socket.query_params.get("clientId") or ""
        if client:
            self.sockets.pop(client, None)
        else:
            client = uuid.uuid4().hex
        self.sockets[client] = socket
        try:
            status = {"status": self.line.remaining(), "sid": client}
            await socket.send_text(json.dumps({"type": "status", "data": status}))
            running = self.line.running
            if running and running.client == client and self.line.last_node is not None:
                data = {"node": self.line.last_node}
                await socket.send_text(json.dumps({"type": "executing", "data": data}))
            first = True
            while True:
                said = json.loads(await socket.receive_text())
                if first and said.get("type") == "feature_flags":
                    self.flags[client] = said["data"]
                    await socket.send_text(json.dumps({"type": "feature_flags", "data": self._own_flags()}))
                first = False
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.sockets.pop(client, None)  # whoever holds the name by now: the real server's defect
