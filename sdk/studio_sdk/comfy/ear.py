"""The socket: it makes progress lively and is never believed. What is true, `run` asks for by HTTP.

One thread reads and keeps only the newest of what is worth showing, so that this client never stalls: a client that
does not read stalls the server's messages for everybody.
"""

import json
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection

from studio_sdk.comfy.address import Address

_OVER: Final = frozenset({"execution_success", "execution_error", "execution_interrupted"})
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_PICTURE, _PICTURE_WITH_FACTS = 1, 4
_MIMES: Final = {1: "image/jpeg", 2: "image/png"}


@dataclass(frozen=True)
class Preview:
    """A small picture of what is being made: the file's bytes and their type; `node` is empty on older servers."""

    content: bytes
    mime: str
    node: str = ""


@dataclass(frozen=True)
class Heard:
    """What has been said of one job since the last look. `over`: it ended; `gone`: the socket was lost."""

    nodes: dict[str, Any] = field(default_factory=dict)
    cached: tuple[str, ...] = ()
    node: str = ""
    over: bool = False
    gone: bool = False
    preview: Preview | None = None

    def __bool__(self) -> bool:
        return self != Heard()


def preview_of(frame: bytes) -> tuple[Preview, str] | None:
    """Return the picture in a binary message and the prompt it is of ("" where it is not told), or None."""
    if len(frame) < struct.calcsize(">II"):
        return None
    event, second = struct.unpack_from(">II", frame)
    if event == _PICTURE and second in _MIMES:
        return Preview(frame[8:], _MIMES[second]), ""
    if event == _PICTURE_WITH_FACTS:
        with suppress(ValueError):
            facts = json.loads(frame[8 : 8 + second])
            shown = Preview(frame[8 + second :], str(facts.get("image_type", "")), str(facts.get("node_id", "")))
            return shown, str(facts.get("prompt_id", ""))
    return None


class Ear:
    """Listens under one client id, the same after a reconnect: a job's messages are bound to it."""

    def __init__(self, address: Address, client_id: str) -> None:
        self._address, self.client_id = address, client_id
        self._state = threading.Condition()
        self._heard = Heard()
        self._prompt = ""
        self._line: ClientConnection | None = None
        self._closing = threading.Event()
        self._connected = threading.Event()
        self.spoke_at = time.monotonic()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def ready(self, timeout_s: float) -> bool:
        """Wait until the socket is open; a job can be sent without it too."""
        return self._connected.wait(timeout_s)

    def attend(self, prompt_id: str) -> None:
        """Listen for one job from now on."""
        with self._state:
            self._prompt, self._heard = prompt_id, Heard()

    def wait(self, timeout_s: float) -> Heard:
        """Return what was heard, at once if there is something, else when there is or after so many seconds."""
        with self._state:
            self._state.wait_for(lambda: bool(self._heard), timeout_s)
            heard, self._heard = self._heard, Heard()
            return heard

    def renew(self) -> None:
        """Open the socket anew: it may be open and deaf."""
        self.spoke_at = time.monotonic()
        if line := self._line:
            line.close()

    def close(self) -> None:
        """Stop listening."""
        self._closing.set()
        if line := self._line:
            line.close()
        self._thread.join(5)

    def _listen(self) -> None:
        pause = _FIRST_PAUSE_S
        while not self._closing.is_set():
            with suppress(OSError, WebSocketException, EOFError), self._address.socket(self.client_id) as line:
                # The old socket is closed and done with before a new one opens: the server would drop the new one's
                # name when it notices the end of the old one.
                self._line = line
                line.send(json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}}))
                self._connected.set()
                pause = _FIRST_PAUSE_S
                for message in line:
                    self._take(message)
            self._line = None
            self._connected.clear()
            self._add(gone=True)
            self._closing.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _take(self, message: str | bytes) -> None:
        self.spoke_at = time.monotonic()
        if isinstance(message, bytes):
            if found := preview_of(message):
                preview, prompt_id = found
                if prompt_id in {"", self._prompt}:
                    self._add(preview=preview)
            return
        try:
            said = json.loads(message)
            kind, data = said["type"], said.get("data") or {}
        except (ValueError, KeyError, TypeError):
            return
        if data.get("prompt_id") != self._prompt:
            return
        if kind == "progress_state":
            self._add(nodes=data.get("nodes") or {})
        elif kind == "execution_cached":
            self._add(cached=tuple(data.get("nodes") or ()))
        elif kind == "executing":
            node = data.get("node")
            self._add(over=node is None, node=str(node or ""))
        elif kind in _OVER:
            self._add(over=True)

    def _add(self, *, over: bool = False, gone: bool = False, **news: Any) -> None:
        with self._state:
            news = {name: value for name, value in news.items() if value}
            over, gone = self._heard.over or over, self._heard.gone or gone
            self._heard = replace(self._heard, over=over, gone=gone, **news)
            self._state.notify_all()
