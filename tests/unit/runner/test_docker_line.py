"""A Docker daemon that goes away between two requests leaves no socket open on our side."""

import gc
import socketserver
import threading
import warnings
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from function_runner.containers.engine import Engine
from studio_sdk.errors import Code, StudioError

VERSION = b'{"ApiVersion": "1.47"}'


class Daemon(BaseHTTPRequestHandler):
    """Answers one question a connection, always the same."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(VERSION)))
        self.end_headers()
        self.wfile.write(VERSION)

    def address_string(self) -> str:
        return "somebody"

    def log_message(self, *words: object) -> None:
        """Say nothing: the test's output is not its place."""


def test_a_daemon_that_goes_away_between_two_requests_leaves_no_socket_open(tmp_path: Path) -> None:
    place = tmp_path / "sock"
    engine = Engine(f"unix://{place}")
    with socketserver.UnixStreamServer(str(place), Daemon) as daemon:
        thread = threading.Thread(target=daemon.serve_forever, args=(0.01,))
        thread.start()
        try:
            client = engine.open()
        finally:
            daemon.shutdown()
            thread.join()
    gc.collect()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with pytest.raises(StudioError) as caught, engine.words():
            client.ping()
        assert caught.value.code is Code.ENGINE_OFFLINE
        del caught
        client.close()
        gc.collect()
    assert [str(one.message) for one in told] == []
