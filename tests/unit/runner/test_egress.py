"""A job's way out: by name, to the internet, to the address that was looked at; and every library finds it."""

import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from function_runner import bubblewrap, egress
from function_runner.egress import Refused, Way
from studio_sdk.manifest import Pipeline
from studio_sdk.types import SocketType

PIPELINE = Pipeline.model_validate(
    {
        "id": "caller",
        "version": "1.0.0",
        "title": "Caller",
        "task": "test",
        "engine": "cpu",
        "inputs": {},
        "outputs": {"image": {"type": SocketType.IMAGE}},
        "variants": [{"quality": "low"}],
        "egress": ["api.example.com"],
    }
)
ASK = """
import urllib.request
from studio_sdk.outside import open_way
open_way()
print(urllib.request.urlopen("http://api.example.com/words?n=1", timeout=30).read().decode())
"""


def test_a_name_is_looked_up_once_and_one_wrong_address_is_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [["93.184.216.34"], ["93.184.216.34", "127.0.0.1"]]

    def look(host: str, port: int, **_: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    way = Way(frozenset({"api.example.com"}))
    assert way.look("API.example.com.", 443) == [("93.184.216.34", 443)]
    assert len(answers) == 1
    with pytest.raises(Refused, match=r"it is 127\.0\.0\.1"):
        way.look("api.example.com", 443)


class _Words(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"{self.path} {self.headers['Host']} {self.headers['Connection']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def test_a_python_library_that_knows_proxies_goes_through_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = HTTPServer(("127.0.0.1", 0), _Words)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    monkeypatch.setattr(Way, "look", lambda _way, _host, port: [("93.184.216.34", port)])
    monkeypatch.setattr(egress, "dial", lambda _address: socket.create_connection(served.server_address[:2], 30))
    apart = ["bwrap", "--unshare-net", "--dev-bind", "/", "/", "--"] if bubblewrap.works() else []
    with egress.at_side(PIPELINE, [], tmp_path) as way:
        done = subprocess.run(
            [*apart, sys.executable, "-c", ASK],
            env={"JOB_EGRESS": str(way.sockets["egress"])},
            capture_output=True,
            text=True,
            check=False,
        )
    served.shutdown()
    served.server_close()
    assert done.stdout == "/words?n=1 api.example.com close\n", done.stderr
    assert not Path(way.sockets["egress"]).exists()


def test_one_job_has_so_many_lines_out_and_no_more(tmp_path: Path) -> None:
    with egress.at_side(PIPELINE, [], tmp_path) as way, ExitStack() as open_lines:
        lines = []
        for _ in range(33):
            line = open_lines.enter_context(socket.socket(socket.AF_UNIX))
            line.connect(str(way.sockets["egress"]))
            lines.append(line)
        assert lines[-1].recv(1) == b""
        lines[0].sendall(b"hm\r\n\r\n")
        assert lines[0].recv(12) == b"HTTP/1.1 400"


@pytest.mark.parametrize(
    "head", [b"GET / HTTP/1.1", b"CONNECT api.example.com HTTP/1.1", b"\xff", b"GET ftp://x/ HTTP/1.1"]
)
def test_what_is_no_request_to_a_proxy_is_answered(head: bytes, tmp_path: Path) -> None:
    with egress.at_side(PIPELINE, [], tmp_path) as way, socket.socket(socket.AF_UNIX) as line:
        line.connect(str(way.sockets["egress"]))
        line.sendall(head + b"\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 400 ")
