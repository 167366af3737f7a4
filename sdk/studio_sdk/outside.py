"""The way to the hosts that a manifest names, for every library that knows a proxy: requests, httpx, urllib ...

A sandboxed pipeline has no network but its own loopback; the runner's proxy is a unix socket, which few libraries
speak to. So `author.main` opens a port here that leads there, and tells it in the usual variables. Standard library
only.
"""

import contextlib
import os
import socket
import threading
from typing import Final

_PIECE: Final = 1 << 16
_WORDS: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")


def open_way() -> None:
    """Open the port where the runner gave this job a way out (`JOB_EGRESS`); do nothing where it did not."""
    path = os.environ.get("JOB_EGRESS")  # noqa: TID251 - told by the runner
    if not path:
        return
    door = socket.create_server(("127.0.0.1", 0), backlog=64)
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    for word in _WORDS:
        os.environ[word] = os.environ[word.lower()] = address  # noqa: TID251 - for the libraries of this process
    threading.Thread(target=_serve, args=(door, path), daemon=True).start()


def _serve(door: socket.socket, path: str) -> None:
    while True:
        here, _ = door.accept()
        there = socket.socket(socket.AF_UNIX)
        try:
            there.connect(path)
        except OSError:
            here.close()
            there.close()
            continue
        ways = [threading.Thread(target=_pass, args=pair, daemon=True) for pair in ((here, there), (there, here))]
        for way in ways:
            way.start()
        threading.Thread(target=_close, args=(ways, here, there), daemon=True).start()


def _pass(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := one.recv(_PIECE):
            other.sendall(piece)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)


def _close(ways: list[threading.Thread], *lines: socket.socket) -> None:
    for way in ways:
        way.join()
    for line in lines:
        line.close()
