"""A Redis of the tests' own on a free port, which can be killed and started again. It keeps nothing."""

import socket
import subprocess
import time
from pathlib import Path

from tests.ports import free_port
from tests.services.needed import end_with_the_tests, program


class Redis:
    """A running Redis; `url` is what STUDIO_BROKER_URL takes."""

    def __init__(self, folder: Path) -> None:
        self._program = program("redis-server", "redis-server")
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        with (self._folder / "redis.log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._program, *options, "--dir", str(self._folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_the_tests,  # noqa: PLW1509 - it calls one function of the C library
            )
        until = time.monotonic() + 30
        while not self._answers():
            assert self._server.poll() is None, (self._folder / "redis.log").read_text()
            assert time.monotonic() < until, "Redis does not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it without warning; everything it held is lost."""
        assert self._server is not None
        self._server.kill()
        self._server.wait(30)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
