"""The web process on a port of its own, and a page as the server sees one: a client that writes down what it hears."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import socketio
import uvicorn

from studio_server.app import create_app
from studio_server.settings import Settings
from tests.ports import free_port


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Serve a studio as `serve` does and give its address."""
    port = free_port()
    app = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, ws="websockets-sansio"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


class Page:
    """What a page hears."""

    def __init__(self, address: str, project: str) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.client = socketio.Client()
        self.client.on("*", lambda name, data=None: self.heard.append((name, data)))
        self.client.connect(address, socketio_path="ws", transports=["websocket"], auth={"project_id": project})

    def call(self, name: str, data: object) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.call(name, data, timeout=30)
        return answer

    def all(self, name: str) -> list[dict[str, Any]]:
        return [data for heard, data in self.heard if heard == name]

    def wait(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if len(found := self.all(name)) >= count:
                return found
            time.sleep(0.01)
        raise AssertionError(f"{name} was not heard {count} times: {self.heard}")

    def until(self, name: str, wanted: Any) -> dict[str, Any]:
        """Wait until the newest of a kind is as wanted."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = self.all(name)
            if found and wanted(found[-1]):
                return found[-1]
            time.sleep(0.01)
        raise AssertionError(f"the newest {name} is not as wanted: {self.all(name)[-3:]}")
