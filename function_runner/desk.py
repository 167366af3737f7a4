"""Where what a job made is handed in while the next job has the machine already."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

_log = logging.getLogger(__name__)


class Desk:
    """Does the rest of one job after another, one at a time: no machine runs ahead of its studio by more than a job."""

    def __init__(self) -> None:
        self._clerk = ThreadPoolExecutor(1, "desk")
        self._last: Future[None] | None = None

    def take(self, rest: Callable[[], None]) -> None:
        """Have the rest of a job done; wait until that of the one before is."""
        self.wait()
        self._last = self._clerk.submit(_done, rest)

    def wait(self, timeout: float | None = None) -> None:
        """Wait until nothing is left to do, or for `timeout` seconds. A job not handed in by then is done again."""
        if self._last:
            wait([self._last], timeout)


def _done(rest: Callable[[], None]) -> None:
    try:
        rest()
    except Exception:  # noqa: BLE001 - the edge of a thread: its job's lease ends, and others have it then
        _log.exception("A job could not be handed in")
