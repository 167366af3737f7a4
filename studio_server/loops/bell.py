"""The wake-up of the loops: rung after every commit, heard by threads and by the event loop.

Nothing depends on it: every listener also looks by itself once in a while.
"""

import asyncio
import threading


class Bell:
    """Rings all who wait. Safe to ring from any thread."""

    def __init__(self) -> None:
        self._rings = 0
        self._heard = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._event = asyncio.Event()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the event loop hear the bell too."""
        self._loop = loop

    def ring(self) -> None:
        """Wake everybody."""
        with self._heard:
            self._rings += 1
            self._heard.notify_all()
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    def wait(self, rings: int, timeout: float) -> int:
        """Block a thread until the bell rang more than `rings` times, or for `timeout` seconds; return its count."""
        with self._heard:
            self._heard.wait_for(lambda: self._rings != rings, timeout)
            return self._rings

    async def heard(self, timeout: float) -> None:  # noqa: ASYNC109 - a cap on waiting, not a deadline of the work
        """Wait in the event loop for a ring, or for `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()
