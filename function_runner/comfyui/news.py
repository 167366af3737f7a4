"""A job's WebSocket: what ComfyUI says of the job's own prompts goes through, and of nobody else's."""

import contextlib
import json
import socket
import threading
from typing import Any, Final

from websockets.exceptions import WebSocketException
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.sync.client import ClientConnection

from function_runner.comfyui.own import Own

_MOST_SAID: Final = 64 * 1024
_PIECE: Final = 1 << 16
_STALL_S: Final = 20.0
"""So long may a job not read what it is sent; its ear is closed then, for ComfyUI waits for its slowest listener."""


class News:
    """The job's end of one WebSocket, `line`, which asked for it with the bytes `request`."""

    def __init__(self, line: socket.socket, request: bytes, own: Own) -> None:
        self._line, self._own = line, own
        self._protocol = ServerProtocol(max_size=_MOST_SAID)
        self._turn = threading.Lock()
        self._protocol.receive_data(request)
        line.settimeout(_STALL_S)

    def pass_on(self, there: ClientConnection) -> None:
        """Carry messages until either side ends. Raises OSError where the job's end breaks."""
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                with self._turn:
                    self._protocol.send_response(self._protocol.accept(event))
                    self._flush()
        listening = threading.Thread(target=self._tell, args=(there,), daemon=True)
        listening.start()
        try:
            self._hear(there)
        finally:
            there.close()
            listening.join()

    def _tell(self, there: ClientConnection) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            for message in there:
                if not self._own.hears(message):
                    continue
                with self._turn:
                    if isinstance(message, str):
                        self._protocol.send_text(self._own.as_named(message).encode())
                    else:
                        self._protocol.send_binary(message)
                    self._flush()
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def _hear(self, there: ClientConnection) -> None:
        """Pass on what a listener has to say: what it understands, and nothing else."""
        while True:
            try:
                piece = self._line.recv(_PIECE)
            except TimeoutError:
                continue  # it has nothing to say
            with self._turn:
                self._protocol.receive_data(piece) if piece else self._protocol.receive_eof()
                events = self._protocol.events_received()
                self._flush()
            for event in events:
                if isinstance(event, Frame) and event.opcode is Opcode.TEXT and _flags(bytes(event.data)):
                    with contextlib.suppress(WebSocketException):
                        there.send(bytes(event.data).decode())
            if not piece or self._protocol.close_expected():
                return

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._line.sendall(data)


def _flags(said: bytes) -> bool:
    try:
        told: Any = json.loads(said)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("type") == "feature_flags"
