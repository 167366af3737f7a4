"""A cable between a browser and the studio that can be cut, or go silent with both ends thinking it is fine."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any


class Cable:
    """Carries every byte of one browser profile to the studio; the address that the browser uses is `url`."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._plugged = True
        self._flows = self._wait(self._gate())
        self._ends: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[Any]] = set()
        self._server = self._wait(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """End every connection and take no new one."""
        self._wait(self._cut())

    def stall(self) -> None:
        """Carry nothing any more, and say so to nobody."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def mend(self) -> None:
        """Carry again what comes."""
        self._plugged = True
        self._loop.call_soon_threadsafe(self._flows.set)

    def close(self) -> None:
        """Put it away."""
        self._wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        running: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return running.result(10)

    @staticmethod
    async def _gate() -> asyncio.Event:
        gate = asyncio.Event()
        gate.set()
        return gate

    async def _cut(self) -> None:
        self._plugged = False
        self._flows.set()
        for end in self._ends:
            end.transport.abort()

    async def _end(self) -> None:
        self._server.close()
        await self._cut()
        await asyncio.gather(*self._carrying, return_exceptions=True)
        await asyncio.sleep(0.05)  # the aborted ends close their sockets in their next turn

    async def _carry(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)
        if not self._plugged:
            near_out.transport.abort()
            return
        try:
            far_in, far_out = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            near_out.transport.abort()
            return
        ends = {near_out, far_out}
        self._ends |= ends
        await asyncio.gather(self._pour(near_in, far_out), self._pour(far_in, near_out))
        self._ends -= ends

    async def _pour(self, source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ConnectionError):
            while data := await source.read(1 << 16):
                await self._flows.wait()
                into.write(data)
                await into.drain()
        into.close()
