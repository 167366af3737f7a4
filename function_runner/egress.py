"""A job's way out: a proxy on a unix socket that leads to the hosts its manifest names, by name, and nowhere else.

`job` opens one for a pipeline with `egress`; in its sandbox there is no other network. The name is looked up here,
once, and what is dialled is the address that was looked at: that it means another machine a moment later changes
nothing. It speaks HTTP as any proxy does, CONNECT and absolute addresses. What is inside TLS it cannot see.
"""

import contextlib
import logging
import selectors
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingMixIn, UnixStreamServer
from typing import Any, Final
from urllib.parse import urlsplit

from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline
from studio_sdk.reach import may_reach

_log = logging.getLogger(__name__)

_PORTS: Final = frozenset({80, 443})
_HEAD_BYTES: Final = 32 * 1024
_PIECE: Final = 1 << 16
_HEAD_S: Final = 30.0
_DIAL_S: Final = 20.0
_IDLE_S: Final = 600.0
_AT_ONCE: Final = 32
_NAMED: Final = 20
"""So many different refusals are told; a pipeline could try names without end."""

Address = tuple[str, int]


class Refused(Exception):  # noqa: N818 - not an error of ours
    """Somewhere a pipeline may not go, in words; `where` is host and port as it asked."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} was refused: {why}")
        self.where = where


@dataclass
class Way:
    """What one job may call and what it was refused. `private` may be machines of the house, at any port."""

    hosts: frozenset[str]
    private: frozenset[str] = frozenset()
    sockets: dict[str, Path] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def look(self, host: str, port: int) -> list[Address]:
        """Return the addresses to dial. Raises `Refused`, or OSError where the name is not known."""
        name, where = host.lower().removesuffix("."), f"{host}:{port}"
        if name not in self.hosts:
            raise Refused(where, "the manifest does not name it")
        if port not in _PORTS and name not in self.private:
            raise Refused(where, "only the ports 80 and 443 are let through")
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        addresses = [(str(told[4][0]), port) for told in found]
        for address, _ in addresses:
            if not may_reach(address, at_home=name in self.private):
                raise Refused(where, f"it is {address}, which is not on the internet (RUNNER_EGRESS_PRIVATE)")
        return addresses

    def note(self, refused: Refused) -> None:
        """Remember what was refused, so that people are told."""
        if refused.where not in self.refused and len(self.refused) < _NAMED:
            self.refused[refused.where] = str(refused)


@contextlib.contextmanager
def at_side(pipeline: Pipeline, private: Sequence[str], job_dir: Path) -> Iterator[Way]:
    """Yield the way out of one job; without hosts in its manifest there is none, and no socket."""
    way = Way(frozenset(pipeline.egress), frozenset(host.lower() for host in private))
    if not pipeline.egress:
        yield way
        return
    place = job_dir / "services" / "egress.sock"
    place.parent.mkdir(exist_ok=True)
    place.touch()  # where a sandbox shows the socket
    # Not in the job's folder: the path of a socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="studio-egress-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "egress.sock"
        way.sockets["egress"] = path
        door = _Door(path, way)
        threading.Thread(target=door.serve_forever, args=(0.1,), daemon=True).start()
        try:
            yield way
        finally:
            door.over.set()
            door.shutdown()
            door.server_close()


def refuse(pipeline: Pipeline, label: str) -> None:
    """Raise NOT_PERMITTED for a pipeline that wants to call hosts, on a worker that cannot let through those alone."""
    if pipeline.egress:
        hosts = ", ".join(pipeline.egress)
        raise StudioError(
            Code.NOT_PERMITTED,
            f"{pipeline.title} wants to call {hosts}, and this worker cannot let it at those alone.",
            detail=f"Pipelines are `{label}` here; bubblewrap (`apt-get install bubblewrap`) or Docker can.",
        )


class _Door(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, path: Path, way: Way) -> None:
        self.way = way
        self.over = threading.Event()
        self.room = threading.BoundedSemaphore(_AT_ONCE)
        super().__init__(str(path), _Call)
        path.chmod(0o666)  # in a container it is another user's; the folder around it is ours alone
        path.parent.chmod(0o711)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self.room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:  # a thread for each of thousands would be the runner's end
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.room.release()


class _Call(BaseRequestHandler):
    """One connection of a pipeline."""

    server: _Door
    request: socket.socket

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.request.settimeout(_HEAD_S)
            head, rest = self._head()
            try:
                there = self._dialled(head)
            except Refused as why:
                self.server.way.note(why)
                self._say(403, str(why))
                return
            except ValueError:
                self._say(400, "This is a proxy: CONNECT host:port, or an absolute address.")
                return
            except OSError as why:
                self._say(502, f"It cannot be reached: {why}")
                return
            with there:
                if head.startswith(b"CONNECT "):
                    self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    there.sendall(_as_sent(head))
                there.sendall(rest)
                self._pass(there)

    def _head(self) -> tuple[bytes, bytes]:
        told = b""
        while b"\r\n\r\n" not in told:
            piece = self.request.recv(_PIECE)
            if not piece or len(told) > _HEAD_BYTES:
                raise OSError("no request")
            told += piece
        head, _, rest = told.partition(b"\r\n\r\n")
        return head, rest

    def _dialled(self, head: bytes) -> socket.socket:
        host, port = _wanted(head)
        last: OSError = OSError("the name has no address")
        for address in self.server.way.look(host, port):
            try:
                return dial(address)
            except OSError as why:
                last = why
        raise last

    def _pass(self, there: socket.socket) -> None:
        """Pass bytes both ways until either side ends, nothing is said for long, or the job is over."""
        quiet = 0.0
        with selectors.DefaultSelector() as ears:
            for one, other in ((self.request, there), (there, self.request)):
                one.settimeout(_IDLE_S)
                ears.register(one, selectors.EVENT_READ, other)
            while ears.get_map() and quiet < _IDLE_S and not self.server.over.is_set():
                heard = ears.select(1.0)
                quiet = 0.0 if heard else quiet + 1.0
                for key, _ in heard:
                    speaker, other = key.fileobj, key.data
                    assert isinstance(speaker, socket.socket)  # noqa: S101 - registered above
                    piece = speaker.recv(_PIECE)
                    if piece:
                        other.sendall(piece)
                        continue
                    ears.unregister(speaker)
                    with contextlib.suppress(OSError):
                        other.shutdown(socket.SHUT_WR)

    def _say(self, status: int, words: str) -> None:
        _log.info("A pipeline's call: %s", words)
        body = words.encode() + b"\n"
        head = f"HTTP/1.1 {status} {words[:200].encode('ascii', 'replace').decode()}\r\n"
        head += f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self.request.sendall(head.encode("latin-1") + body)


def dial(address: Address) -> socket.socket:
    """Connect to an address, which is a number: nothing is looked up any more."""
    return socket.create_connection(address, _DIAL_S)


def _wanted(head: bytes) -> tuple[str, int]:
    """Return host and port of a request. Raises ValueError for what is no request to a proxy."""
    method, target, _ = head.partition(b"\r\n")[0].decode("ascii").split(" ")
    told = urlsplit(f"//{target}" if method == "CONNECT" else target)
    if not told.hostname or (method != "CONNECT" and told.scheme != "http") or (method == "CONNECT" and not told.port):
        raise ValueError(target)
    return told.hostname, told.port or 80


def _as_sent(head: bytes) -> bytes:
    """Return a request as its host wants it: without the proxy's part, one to a connection."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, version = first.split(" ")
    told = urlsplit(target)
    path = (told.path or "/") + (f"?{told.query}" if told.query else "")
    kept = [
        line
        for line in lines
        if line.partition(":")[0].lower() not in {"proxy-connection", "proxy-authorization", "connection", "host"}
    ]
    host = told.netloc.rpartition("@")[2]
    return "\r\n".join([f"{method} {path} {version}", f"Host: {host}", *kept, "Connection: close", "", ""]).encode(
        "latin-1"
    )
