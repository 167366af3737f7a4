"""Run a pipeline's folder as a runner would and hold what it does against the contract.

For authors' own tests and for the studio's: the pipeline may be written in any language, it is a process with a job
folder. Nothing here needs a test framework.
"""

import ctypes
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from studio_sdk import environment
from studio_sdk.contract import EVENT, MAX_EVENT_BYTES, Event, Exit, InputFile, JobFacts, PipelineFacts, Request, Result
from studio_sdk.contract import Progress as ProgressEvent
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.looks import looks_like
from studio_sdk.manifest import Pipeline
from studio_sdk.types import Format, Quality

T = TypeVar("T")

VERB_LIMIT_S = 60
"""How long a word that needs no job may take before it is given up, in seconds."""

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Outcome:
    """One finished run: its folder, exit status, what it printed, its events and result. `elapsed_s` is wall time."""

    folder: Path
    status: int
    printed: bytes
    events: tuple[Event, ...]
    bad_lines: int
    result: Result | None
    elapsed_s: float

    def output(self, name: str) -> Path:
        """Return the path of an output; KeyError where there is none of the name."""
        if self.result:
            for entry in self.result.outputs:
                if entry.name == name:
                    return self.folder / entry.path
        raise KeyError(name)


def manifest(folder: Path) -> Pipeline:
    """Return the pipeline's manifest. Raises OSError or ValidationError."""
    return Pipeline.model_validate_json((folder / MANIFEST).read_bytes())


def described(folder: Path, python: Path | str = sys.executable) -> str:
    """Return what the pipeline's own verb `describe` prints. Raises CalledProcessError with its words."""
    entry = manifest(folder).entry if (folder / MANIFEST).exists() else ("python", "main.py")
    done = verb(folder, entry, "describe", python)
    done.check_returncode()
    return done.stdout


def ready(folder: Path, python: Path | str = sys.executable) -> "subprocess.CompletedProcess[str]":
    """Return what the pipeline's own verb `check` says: status 0 where it can run on this machine."""
    return verb(folder, manifest(folder).entry, "check", python)


def verb(
    folder: Path, entry: Sequence[str], word: str, python: Path | str = sys.executable
) -> "subprocess.CompletedProcess[str]":
    """Return what a pipeline says to a word that needs no job. Raises FileNotFoundError, TimeoutExpired."""
    command = environment.command(entry, folder, python)
    return subprocess.run(
        [*command, word],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=VERB_LIMIT_S,
        env=environment.clean(command[0]),
    )


def timed(act: Callable[[], T]) -> tuple[T, float]:
    """Return what a call returned and how long it took, in seconds."""
    began = time.monotonic()
    return act(), time.monotonic() - began


def prepare(
    folder: Path,
    job_dir: Path,
    params: Mapping[str, str | int | float | bool] | None = None,
    files: Mapping[str, Sequence[Path]] | None = None,
    *,
    picture: Format | None = None,
    seed: int = 1,
    quality: Quality = Quality.LOW,
    facts: Pipeline | None = None,
) -> None:
    """Lay out a job folder for one run of a pipeline; `facts` is its manifest where it was read already."""
    facts = facts or manifest(folder)
    for name in ("inputs", "outputs", "scratch"):
        (job_dir / name).mkdir(parents=True)
    (job_dir / "events.jsonl").touch()
    inputs: dict[str, list[InputFile]] = {}
    for name, paths in (files or {}).items():
        for number, path in enumerate(paths):
            copy = job_dir / "inputs" / f"{name}-{number:03d}{path.suffix}"
            shutil.copyfile(path, copy)
            digest = hashlib.sha256(copy.read_bytes()).hexdigest()
            entry = InputFile(
                path=f"inputs/{copy.name}", sha256=digest, mime="", bytes=copy.stat().st_size, name=path.name
            )
            inputs.setdefault(name, []).append(entry)
    request = Request(
        job=JobFacts(id=job_dir.name, attempt=1, deadline=time.time() + 3600),
        pipeline=PipelineFacts(id=facts.id, version=facts.version, digest=folder_digest(folder)),
        params=dict(params or {}),
        inputs=inputs,
        format=picture or Format(width=1280, height=720, frame_rate="24/1"),
        seed=seed,
        quality=quality,
    )
    (job_dir / "request.json").write_text(request.model_dump_json(), encoding="utf-8")


def carry_out(
    folder: Path,
    job_dir: Path,
    python: Path | str = sys.executable,
    *,
    cancel_at: float | None = None,
    word: signal.Signals = signal.SIGTERM,
    grace_s: float = 60,
    limit_s: float = 120,
    comfyui: str = "",
    cache: Path | None = None,
) -> Outcome:
    """Run a prepared job folder to its end; `cancel_at` sends `word` to its group once the progress reaches it.

    At 0 the first event of any kind is enough. What does not stop within the grace, or at all within the limit (both in
    seconds), is killed. `comfyui` is the address of a ComfyUI to put at its side, `cache` a folder for what the
    pipeline keeps between runs, given only where its manifest asks for one.
    """
    facts = manifest(folder)
    command = environment.command(facts.entry, folder, python)
    more = {"JOB_COMFYUI": comfyui} if comfyui else {}
    if cache and facts.limits.cache_mb:
        more |= environment.of_cache(cache, facts.limits.cache_mb)
    with (job_dir / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment.clean(command[0], job_dir) | more,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_us,  # noqa: PLW1509 - one system call, loaded before the fork
        )
    return watch(
        process, job_dir, lambda number: os.killpg(process.pid, number), Plan(cancel_at, word, grace_s, limit_s)
    )


@dataclass(frozen=True)
class Plan:
    """When a run is ended: `word` is sent once the progress reaches `cancel_at`; the others are seconds.

    `cache` is a folder for what it keeps between runs.
    """

    cancel_at: float | None = None
    word: signal.Signals = signal.SIGTERM
    grace_s: float = 60
    limit_s: float = 120
    cache: Path | None = None


def watch(
    process: "subprocess.Popen[bytes]", job_dir: Path, send: Callable[[signal.Signals], None], plan: Plan
) -> Outcome:
    """Wait for a started run, send it signals as planned, and return how it ended; nothing goes on for nobody."""
    start = time.monotonic()
    end, cancel_at = start + plan.limit_s, plan.cancel_at
    try:
        while process.poll() is None:
            if time.monotonic() > end:
                send(signal.SIGKILL)
                end = float("inf")
            if cancel_at is not None and _reached(job_dir, cancel_at):
                send(plan.word)
                end, cancel_at = time.monotonic() + plan.grace_s, None
            time.sleep(0.01 if cancel_at is None else 0.001)
    finally:
        if process.poll() is None:  # we are interrupted
            send(signal.SIGKILL)
            process.wait()
    status = process.returncode if process.returncode >= 0 else 128 - process.returncode
    return outcome(job_dir, status, time.monotonic() - start)


def outcome(job_dir: Path, status: int, elapsed_s: float) -> Outcome:
    """Return what a run left in its folder."""
    events, bad = _events(job_dir)
    return Outcome(job_dir, status, (job_dir / "log.txt").read_bytes(), events, bad, _result(job_dir), elapsed_s)


def _end_with_us() -> None:
    """In the forked child: be killed when the thread that waits for us is, even without warning (Linux)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def breaches(facts: Pipeline, done: Outcome) -> list[str]:
    """Return every way in which a run broke the contract, in words; an empty list is a good run, failed or not."""
    found = _event_breaches(done) + _input_breaches(done.folder)
    if done.result is None:
        return [*found, "there is no readable result.json"]
    found += _claim_breaches(facts, done, done.result)
    wanted = {"succeeded": {Exit.OK}, "canceled": {Exit.CANCELED}}.get(done.result.status)
    if (wanted is not None and done.status not in wanted) or (wanted is None and done.status == Exit.OK):
        found.append(f"the exit status {done.status} does not fit a run that {done.result.status}")
    if done.result.status == "succeeded":
        return found + _output_breaches(facts, done, done.result)
    return found if done.result.error else [*found, "it did not succeed and does not say why"]


def _event_breaches(done: Outcome) -> list[str]:
    found = []
    sequence = [event.seq for event in done.events]
    if sequence != list(range(1, len(sequence) + 1)) or done.bad_lines:
        found.append(f"events are not numbered 1, 2, 3 ... or not readable ({done.bad_lines} bad lines)")
    progress = [event.f for event in done.events if isinstance(event, ProgressEvent)]
    if progress != sorted(progress):
        found.append("progress falls")
    return found


def _request(job_dir: Path) -> Request | None:
    """Return what was asked for, or None where a trial made that unreadable."""
    try:
        return Request.model_validate_json((job_dir / "request.json").read_bytes())
    except (OSError, ValidationError):
        return None


def _input_breaches(job_dir: Path) -> list[str]:
    request = _request(job_dir)
    if request is None:
        return []
    return [
        f"it changed its input {entry.path}"
        for entries in request.inputs.values()
        for entry in entries
        if (path := job_dir / entry.path).exists() and hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256
    ]


def _claim_breaches(facts: Pipeline, done: Outcome, result: Result) -> list[str]:
    """Return where a result says something else of how it was made than was asked for."""
    request = _request(done.folder)
    found = []
    if "determinism" in result.model_fields_set and result.determinism != facts.determinism:
        found.append(f"its result says determinism {result.determinism}, its manifest {facts.determinism}")
    if request and result.made_with.seed not in {None, request.seed}:
        found.append(f"it says that it used the seed {result.made_with.seed}, it was given {request.seed}")
    if request and result.made_with.pipeline not in {"", request.pipeline.digest}:
        found.append("it says that another edition of it made the result (made_with.pipeline)")
    return found


def _output_breaches(facts: Pipeline, done: Outcome, result: Result) -> list[str]:
    found = []
    if sorted(entry.name for entry in result.outputs) != sorted(facts.outputs):
        found.append("it did not give exactly the outputs it declares")
    if unknown := {entry.name for entry in result.companions} - facts.companions.keys():
        found.append(f"it gave the companions {sorted(unknown)}, which it does not declare")
    kinds = {name: one.type for name, one in (facts.outputs | facts.companions).items()}
    listed = {entry.path for entry in (*result.outputs, *result.companions)} | {"outputs/result.json"}
    files = [path for path in (done.folder / "outputs").rglob("*") if path.is_file()]
    there = {path.relative_to(done.folder).as_posix() for path in files}
    if there != listed:
        found.append(f"outputs/ holds {sorted(there ^ listed)} too many or too few")
    for entry in (*result.outputs, *result.companions):
        path = done.folder / entry.path
        if path.is_symlink() or not path.is_file():
            found.append(f"{entry.path} is not a regular file")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256 or path.stat().st_size != entry.bytes:
            found.append(f"{entry.path} is not the file the result describes")
        elif entry.name in kinds and not looks_like(kinds[entry.name], path):
            found.append(f"{entry.path} is not of the type {kinds[entry.name]}")
    return found


def _reached(job_dir: Path, fraction: float) -> bool:
    events = _events(job_dir)[0]
    return any(isinstance(event, ProgressEvent) and event.f >= fraction for event in events) or (
        fraction <= 0 and bool(events)
    )


def _events(job_dir: Path) -> tuple[tuple[Event, ...], int]:
    events, bad = [], 0
    for line in (job_dir / "events.jsonl").read_bytes().split(b"\n")[:-1]:
        event = _event(line)
        if event is None:
            bad += 1
        else:
            events.append(event)
    return tuple(events), bad


def _event(line: bytes) -> Event | None:
    try:
        return EVENT.validate_json(line) if len(line) <= MAX_EVENT_BYTES else None
    except ValidationError:
        return None


def _result(job_dir: Path) -> Result | None:
    try:
        return Result.model_validate(json.loads((job_dir / "outputs" / "result.json").read_bytes()))
    except (OSError, ValueError):
        return None
