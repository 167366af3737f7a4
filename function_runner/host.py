"""All workers of a host under one command: a process for each card and for the processors, started again when it ends.

Called by `__main__` where there is more than one. A worker that dies takes no other with it, and none outlives this.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from function_runner.machine import Post, worker_id
from function_runner.settings import RunnerSettings, child_environment

AGAIN_S: Final = (0.5, 2.0, 10.0)
"""How long to wait before each new start of a worker that ended; the last for all later ones."""

STEADY_S: Final = 60.0
"""One that ran so long has started well; its earlier ends are forgotten."""

GRACE_S: Final = 15.0
"""A worker is gone so long after it was told to leave, or it is killed."""

_PR_SET_PDEATHSIG: Final = 1
_log = logging.getLogger(__name__)


def variables(settings: RunnerSettings, post: Post) -> Mapping[str, str]:
    """Return what a worker's process is told: who it is and which card it has. Work lies apart, the rest is shared."""
    own = {
        "RUNNER_WORKER_ID": worker_id(post),
        "RUNNER_GPU": post.gpu,
        "RUNNER_CPU_WORKERS": "1",
        "RUNNER_WORK_DIR": str(settings.work_dir / post.name),
        "RUNNER_CACHE_DIR": str(settings.cache_dir),
        "RUNNER_KEPT_DIR": str(settings.kept_dir),
        "RUNNER_ENVIRONMENTS_DIR": str(settings.environments_dir),
    }
    return own if post.gpu in {"none", "elsewhere"} else {**own, "CUDA_VISIBLE_DEVICES": post.gpu}


def keep(settings: RunnerSettings, found: Sequence[Post]) -> int:
    """Run all workers until told to stop; return the exit code."""
    stop = threading.Event()
    for word in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if word is not signal.SIGHUP or signal.getsignal(word) is not signal.SIG_IGN:  # not under nohup
            signal.signal(word, lambda *_: stop.set())
    places = [_Place(settings, post) for post in found]
    while not stop.wait(0.2):
        for place in places:
            place.look()
    for place in places:
        place.tell(signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    for place in places:
        place.leave(until)
    return 0


class _Place:
    """The process of one post."""

    def __init__(self, settings: RunnerSettings, post: Post) -> None:
        self._post = post
        self._environment = child_environment(variables(settings, post))
        self._process: subprocess.Popen[bytes] | None = None
        self._began = self._start_at = time.monotonic()
        self._ends = 0

    def look(self) -> None:
        """Start the process where it is not there and its time has come."""
        now = time.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._ends = 0 if now - self._began > STEADY_S else self._ends + 1
            pause = AGAIN_S[min(max(self._ends - 1, 0), len(AGAIN_S) - 1)]
            _log.warning("The worker %s ended with %d; it is started again in %.1f s", self._post.name, code, pause)
            self._process, self._start_at = None, now + pause
        if now >= self._start_at:
            self._began = now
            self._process = subprocess.Popen(
                [sys.executable, "-m", "function_runner"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                preexec_fn=partial(_end_with, os.getpid()),  # noqa: PLW1509 - this process has one thread
            )

    def tell(self, word: signal.Signals) -> None:
        """Send the process a signal."""
        if self._process is not None:
            self._process.send_signal(word)

    def leave(self, until: float) -> None:
        """Wait for its end, and make one."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _end_with(host: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != host:
            os._exit(1)  # it was killed before that could be heard
