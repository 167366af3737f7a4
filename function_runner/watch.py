"""The watch over a running pipeline: its events go to the reporter, and it is stopped when it has to be.

It ends with the pipeline. Deadline, silence and disk use are checked here and nowhere else.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Final

from function_runner import collect, kept
from function_runner.events import EventFile
from function_runner.launchers import Keeping, Running
from function_runner.reporter import Reporter
from studio_sdk.contract import Log, Metric, Preview, Progress, Scalar
from studio_sdk.wire import Claim

_LOOK_S: Final = 0.04
"""How often events.jsonl is read; the end of the pipeline does not wait for it."""

_WEIGH_S: Final = 1.0
_MOST_METRICS: Final = 50
_MOST_LINES: Final = 200
_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_log = logging.getLogger(__name__)
_WORKING: Final = 0.98
"""Share of the whole that is the pipeline's own work; the rest is handing in and landing what it made."""


class Why(Enum):
    """Why a pipeline was stopped; None where it ended by itself."""

    CANCELED = auto()
    LOST = auto()
    LEAVING = auto()
    DEADLINE = auto()
    SILENCE = auto()
    TOO_LARGE = auto()
    HOARDS = auto()


_HASTE_S: Final = {Why.LOST: 0.0, Why.LEAVING: 2.0}
"""Seconds of grace that are not the manifest's: nobody waits for a lost job, somebody for a runner that leaves."""


@dataclass
class Ending:
    """How a run ended: exit status, why it was stopped if it was, how long it took, the metrics it told."""

    status: int = 0
    why: Why | None = None
    elapsed_s: float = 0.0
    metrics: dict[str, Scalar] = field(default_factory=dict)
    lines: int = 0


def watch(
    claim: Claim,
    folder: Path,
    events: EventFile,
    running: Running,
    reporter: Reporter,
    woken: threading.Event,
    leaving: Callable[[], bool],
    keeping: Keeping | None = None,
) -> Ending:
    """Watch a pipeline to its end. `leaving` tells that this runner is being stopped; `keeping` is its place."""
    ending = Ending()
    start = heard = time.monotonic()
    heard_bytes, weigh_at, kill_at = 0, start + _WEIGH_S, 0.0
    while (status := running.exit_status()) is None:
        woken.wait(_LOOK_S)
        woken.clear()
        _pass_on(claim, events, reporter, ending)
        now = time.monotonic()
        if events.alive != heard_bytes:
            heard_bytes, heard = events.alive, now
        if ending.why is not None:
            if now >= kill_at:
                running.kill()
            continue
        weigh = now >= weigh_at
        if weigh:
            weigh_at = now + _WEIGH_S
        ending.why = _reason(claim, folder if weigh else None, reporter, leaving, now - start, now - heard)
        if weigh and ending.why is None and keeping is not None and kept.overflows(keeping):
            ending.why = Why.HOARDS
        if ending.why is not None:
            running.stop()
            kill_at = now + _HASTE_S.get(ending.why, claim.pipeline.limits.cancel_grace_s)
    _pass_on(claim, events, reporter, ending)
    ending.status = status
    ending.elapsed_s = round(time.monotonic() - start, 3)
    return ending


def _reason(  # noqa: PLR0911 - one line for each reason, the gravest first
    claim: Claim,
    folder: Path | None,
    reporter: Reporter,
    leaving: Callable[[], bool],
    running_s: float,
    silent_s: float,
) -> Why | None:
    """Return why the pipeline must stop now, if it must; its folder is given when it is time to weigh it."""
    limits = claim.pipeline.limits
    if reporter.lost.is_set():
        return Why.LOST
    if reporter.canceled.is_set():
        return Why.CANCELED
    if leaving():
        return Why.LEAVING
    if running_s > claim.timeout_s:
        return Why.DEADLINE
    if silent_s > limits.silence_s:
        return Why.SILENCE
    if folder is not None and collect.written(folder) > limits.output_mb * 1024 * 1024:
        return Why.TOO_LARGE
    return None


def _pass_on(claim: Claim, events: EventFile, reporter: Reporter, ending: Ending) -> None:
    for event in events.new():
        if isinstance(event, Progress):
            reporter.tell(_WORKING * event.f, event.stage)
        elif isinstance(event, Preview):
            reporter.show(event.mime, event.data)
        elif isinstance(event, Metric) and len(ending.metrics) < _MOST_METRICS:
            ending.metrics[event.name[:100]] = event.value
        elif isinstance(event, Log) and ending.lines < _MOST_LINES:
            ending.lines += 1
            _log.log(_LEVELS[event.level], "Job %s: %s", claim.job_id, " ".join(event.msg.split())[:1000])
