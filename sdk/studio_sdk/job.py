"""One run seen from inside: where to write, what was asked, and how to tell the studio how far it is.

A pipeline's function may take a `Job`; `author.py` makes it. Standard library only (see `names`).
"""

import base64
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Final, Self

from studio_sdk.fields import Scalar
from studio_sdk.kept import Kept
from studio_sdk.names import Quality, rate

EVENT_BYTES: Final = 65536
"""Longest line in events.jsonl, in bytes."""

_EVENTS_A_SECOND: Final = 20

WARNING_LENGTH: Final = 500
MOST_WARNINGS: Final = 10
"""What the warnings of a run may be that stand with its take: letters of one, and how many."""

PREVIEW_BYTES: Final = 45000
"""Largest picture that a preview may be, in bytes."""

_PREVIEW_S: Final = 1.0
_PREVIEWS_BYTES: Final = 16_000_000
"""So much of previews may stand in events.jsonl; a long run shows no more after it."""


class Canceled(BaseException):
    """Raised in the pipeline when the studio asks it to stop.

    Not an `Exception`, so that an author's `except Exception` does not swallow it.
    """


@dataclass(frozen=True)
class Format:
    """The picture the project is made in: pixels, and frames per second as an exact fraction."""

    width: int
    height: int
    rate: Fraction

    def samples(self, frame: int, hertz: int = 48000) -> int:
        """Return the audio sample at which a frame starts, never accumulating a rounding."""
        return frame * hertz * self.rate.denominator // self.rate.numerator


class EventLog:
    """The append-only events.jsonl: numbered lines, at most twenty a second, progress that never falls."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._seq = 0
        self._budget: float = _EVENTS_A_SECOND
        self._refilled = time.monotonic()
        self._told = (0.0, "")
        self._told_at = 0.0
        self._waiting: tuple[float, str] | None = None
        self._unsaid = 0
        self._shown, self._shown_at = 0, 0.0

    def progress(self, fraction: float, stage: str) -> None:
        """Tell how far the run is; what comes too fast, save a new stage and the end, waits for the next event."""
        last, last_stage = self._waiting or self._told
        self._waiting = (max(last, min(1.0, fraction)), stage[:200] or last_stage)
        fresh = self._waiting[1] != self._told[1] or self._waiting[0] == 1 > self._told[0]
        if (fresh or time.monotonic() - self._told_at >= 1 / _EVENTS_A_SECOND) and self._may_speak():
            self.flush()

    def flush(self) -> None:
        """Write the progress that was held back."""
        if self._waiting and self._waiting != self._told:
            self._told, self._told_at = self._waiting, time.monotonic()
            self._write("progress", {"f": round(self._told[0], 4), "stage": self._told[1]})
        self._waiting = None

    def tell(self, kind: str, values: Mapping[str, Scalar]) -> None:
        """Write one event, or count it as unsaid where the pipeline talks too much."""
        if not self._may_speak():
            self._unsaid += 1
            return
        self.flush()
        self._write(kind, values)

    def show(self, content: bytes, mime: str) -> None:
        """Write a preview, unless the last one is younger than a second or it is too large."""
        now = time.monotonic()
        fits = len(content) <= PREVIEW_BYTES and self._shown + len(content) <= _PREVIEWS_BYTES
        if content and fits and now - self._shown_at >= _PREVIEW_S and self._may_speak():
            self._shown, self._shown_at = self._shown + len(content), now
            self.flush()
            self._write("preview", {"mime": mime, "data": base64.b64encode(content).decode()})

    def close(self) -> None:
        """Write what was held back and close the file."""
        self.flush()
        if self._unsaid:
            self._write("log", {"level": "warning", "msg": f"{self._unsaid} events left out: more than 20 a second"})
        os.close(self._file)

    def _may_speak(self) -> bool:
        now = time.monotonic()
        self._budget = min(_EVENTS_A_SECOND, self._budget + (now - self._refilled) * _EVENTS_A_SECOND)
        self._refilled = now
        if self._budget < 1:
            return False
        self._budget -= 1
        return True

    def _write(self, kind: str, values: Mapping[str, Scalar]) -> None:
        self._seq += 1
        event = {"v": 1, "seq": self._seq, "ts": round(time.time(), 3), "t": kind, **values}
        line = json.dumps(event, separators=(",", ":")).encode() + b"\n"
        if len(line) > EVENT_BYTES:
            event["msg"] = str(values.get("msg", ""))[: EVENT_BYTES // 16] + " … (cut: longer than 64 KiB)"
            line = json.dumps(event, separators=(",", ":")).encode() + b"\n"
        os.write(self._file, line)


class Job:
    """One run: what was asked beside the inputs, where outputs go, and how to report.

    `outputs` is the only folder a pipeline writes results to, `scratch` one for everything else; `facts` is kept
    with the take, and `id` is the studio's name for the run. `kept` holds what earlier runs left for this one, where
    the manifest asks for it (`cache_mb`): time it may save, and nothing else may depend on it.
    """

    def __init__(self, root: Path, format: Format, seed: int, quality: Quality, vram_gb: int) -> None:  # noqa: A002
        self.id = ""
        self.outputs = root / "outputs"
        self.scratch = root / "scratch"
        self.format = format
        self.seed = seed
        self.quality = quality
        self.vram_gb = vram_gb
        self.random = Random(seed)  # noqa: S311 - repeatable pictures, no secrets
        self.facts: dict[str, Scalar] = {}
        self.made_with: dict[str, object] = {}
        self.companions: dict[str, Path] = {}
        self.kept = Kept()
        self._events = EventLog(root / "events.jsonl")

    @classmethod
    def from_request(cls, root: Path, request: Mapping[str, object]) -> Self:
        """Make the job of a request; raise KeyError, TypeError or ValueError where it is not one."""
        picture, seed, vram = request["format"], request["seed"], request.get("vram_gb", 0)
        if not isinstance(picture, dict) or not isinstance(seed, int) or not isinstance(vram, int):
            raise TypeError("format, seed or vram_gb is of the wrong type")
        size = Format(int(picture["width"]), int(picture["height"]), rate(picture["frame_rate"]))
        job = cls(root, size, seed, Quality(str(request["quality"])), vram)
        facts = request.get("job")
        job.id = str(facts["id"]) if isinstance(facts, dict) and "id" in facts else root.name
        code = request.get("pipeline")
        job.kept = Kept.given(str(code.get("digest", "")) if isinstance(code, dict) else "")
        job.scratch.mkdir(exist_ok=True)
        return job

    def progress(self, fraction: float, stage: str = "") -> None:
        """Say how far the run is, from 0 to 1, and what it is doing in a few words. Call it as often as you like."""
        self._events.progress(fraction, stage)

    def log(self, message: str, level: str = "info") -> None:
        """Leave a line for people (`debug`, `info`, `warning` or `error`).

        Warnings stand with the take, too, a line each in its fact `warnings`, and the page shows them there.
        """
        self._events.tell("log", {"level": level, "msg": message})
        if level == "warning":
            told = str(self.facts.get("warnings", "")).splitlines()
            line = " ".join(message.split())[:WARNING_LENGTH]
            if line not in told and len(told) < MOST_WARNINGS:
                self.facts["warnings"] = "\n".join([*told, line])

    def preview(self, content: bytes, mime: str) -> None:
        """Show a small JPEG or PNG of what is being made, 45 kB at most; one a second is passed on."""
        self._events.show(content, mime)

    def metric(self, name: str, value: float, unit: str = "") -> None:
        """Record a number worth keeping, for example `metric("vram_peak", 11.2, "GB")`."""
        self._events.tell("metric", {"name": name, "value": value, "unit": unit})

    def beside(self, name: str, path: Path) -> None:
        """Keep a file of `outputs` beside the take, under a name that the pipeline declared (`companions`)."""
        self.companions[name] = path

    def heartbeat(self) -> None:
        """Show that a long step without progress is alive; silence for `silence_s` seconds counts as a hang."""
        self._events.tell("heartbeat", {})

    def started(self) -> None:
        """Tell that the request was read."""
        self._events.tell("started", {})

    def close(self) -> None:
        """Write what was held back; nothing can be reported after it."""
        self._events.close()
