"""Where a ComfyUI is: an address of the web, or a unix socket as the runner puts at a job's side."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

import httpx
from websockets.sync.client import ClientConnection, connect, unix_connect

from studio_sdk.fields import Fail
from studio_sdk.names import Code

MESSAGE_BYTES: Final = 2**30
"""Longest message taken from the socket: previews of large pictures, and the innards of an error."""

_TIMES: Final = httpx.Timeout(30, connect=5)


@dataclass(frozen=True)
class Address:
    """`base` is what URLs start with; `unix` the socket file, empty for a server of the network."""

    base: str
    unix: str = ""

    @classmethod
    def of(cls, told: str) -> Self:
        """Return the address of `http://host:8188`, `https://…`, `unix:/path` or `/path`. Raises ValueError."""
        if told.startswith(("http://", "https://")):
            return cls(told.rstrip("/"))
        path = told.removeprefix("unix:")
        if path.startswith("/"):
            return cls("http://comfyui", path)
        raise ValueError(f"{told!r} is neither an http address nor the path of a socket")

    @classmethod
    def told(cls) -> Self:
        """Return the address that the runner tells this job (`JOB_COMFYUI`). Raises `Fail` where it tells none."""
        told = os.environ.get("JOB_COMFYUI", "")  # noqa: TID251 - what a runner tells a job, like JOB_DIR
        if not told:
            raise Fail(
                Code.DEPENDENCY_MISSING,
                "This worker has no ComfyUI.",
                detail="JOB_COMFYUI is not set: the runner has no RUNNER_COMFYUI_URL, or the manifest has no "
                'services: ["comfyui"].',
            )
        return cls.of(told)

    def __str__(self) -> str:
        return self.unix or self.base

    def http(self) -> httpx.Client:
        """Return a client for its HTTP routes. It sends no `Origin`, which the server would refuse."""
        if self.unix:
            return httpx.Client(base_url=self.base, transport=httpx.HTTPTransport(uds=self.unix), timeout=_TIMES)
        return httpx.Client(base_url=self.base, timeout=_TIMES, trust_env=False)

    @contextmanager
    def socket(self, client_id: str) -> Iterator[ClientConnection]:
        """Open its WebSocket. Raises OSError, TimeoutError or a WebSocketException where that fails."""
        path = f"/ws?clientId={client_id}"
        words: dict[str, Any] = {"max_size": MESSAGE_BYTES, "open_timeout": 10, "close_timeout": 2, "compression": None}
        words |= {"ping_interval": 25, "ping_timeout": 90}
        if self.unix:
            with unix_connect(self.unix, f"ws://comfyui{path}", **words) as line:
                yield line
        else:
            with connect(self.base.replace("http", "ws", 1) + path, proxy=None, **words) as line:
                yield line
