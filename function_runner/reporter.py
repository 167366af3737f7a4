"""Reports of one job, sent from a thread of their own so that a slow studio never holds up the watch over a pipeline.

Progress goes out at once when it changes, four times a second at most, and something at least every 0.8 s: that renews
the lease and brings a cancel in time.
"""

import logging
import threading
import time
from typing import Final

from function_runner.studio import StudioLine
from studio_sdk.errors import Code, StudioError
from studio_sdk.wire import Claim, Report

_AT_MOST_S: Final = 0.25
_AT_LEAST_S: Final = 0.8
_AWAY_S: Final = 1.0
_PREVIEW_S: Final = 0.9

_log = logging.getLogger(__name__)


class Reporter:
    """Reports a claimed job until closed. `canceled` and `lost` are set by the studio's answers and ring `woken`."""

    def __init__(self, line: StudioLine, claim: Claim, woken: threading.Event) -> None:
        self._line, self._claim, self._woken = line, claim, woken
        self._news = threading.Condition()
        self._progress, self._step = 0.0, "Starting"
        self._preview, self._shown_at = "", 0.0
        self._changed = False
        self._closed = False
        self.canceled = threading.Event()
        self.lost = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wanted(self) -> bool:
        """Whether the studio still wants the result, as far as is known."""
        return not self.canceled.is_set() and not self.lost.is_set()

    def tell(self, progress: float, step: str) -> None:
        """Report progress from 0 to 1 and what is being done; it never falls."""
        with self._news:
            told = (max(self._progress, progress), step or self._step)
            if told != (self._progress, self._step):
                self._progress, self._step = told
                self._changed = True
                self._news.notify()

    def show(self, mime: str, data: str) -> None:
        """Send a picture (base64) with the next report, one a second at most."""
        with self._news:
            if time.monotonic() - self._shown_at >= _PREVIEW_S:
                self._preview, self._shown_at = f"data:{mime};base64,{data}", time.monotonic()
                self._changed = True
                self._news.notify()

    def close(self) -> None:
        """Report no more; wait for a report that is on its way."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._thread.join()

    def _run(self) -> None:
        sent = 0.0
        while True:
            with self._news:
                due = sent + _AT_LEAST_S
                while not self._closed:
                    if self._changed:
                        due = min(due, sent + _AT_MOST_S)
                    left = due - time.monotonic()
                    if left <= 0:
                        break
                    self._news.wait(left)
                if self._closed:
                    return
                report = Report(
                    attempt=self._claim.attempt,
                    progress=self._progress,
                    step=self._step[:200],
                    preview=self._preview,
                )
                self._preview = ""
                self._changed = False
            sent = time.monotonic()
            if not self._send(report):
                return

    def _send(self, report: Report) -> bool:
        """Send one report; return False when there is nobody to report to any more."""
        try:
            answer = self._line.report(self._claim.job_id, report)
        except StudioError as error:
            if error.code in {Code.LEASE_LOST, Code.NOT_FOUND}:
                self.lost.set()
                self._woken.set()
                return False
            _log.warning("Job %s: a report did not arrive: %s %s", self._claim.job_id, error.message, error.detail)
            with self._news:
                self._news.wait_for(lambda: self._closed, _AWAY_S)
            return True
        if answer.cancel and not self.canceled.is_set():
            self.canceled.set()
            self._woken.set()
        return True
