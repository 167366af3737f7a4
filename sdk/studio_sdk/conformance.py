"""The conformance kit: hold a pipeline of any language against every promise of the contract, and say what to mend.

`studio-sdk test FOLDER` runs it. Each trial is one promise (docs/pipelines/contract.md), tried for real: the pipeline
is a process with a job folder, run as a runner runs it. Nothing is looked up in its source.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_sdk import sample, testing
from studio_sdk.contract import Exit
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.testing import Outcome
from studio_sdk.wrong import Wrong, wrongs

_VERB_S: Final = 3.0
_STOP_SLACK_S: Final = 2.0
_PR_SET_CHILD_SUBREAPER: Final = 36


@dataclass(frozen=True)
class Finding:
    """One promise and how it was kept: `faults` in words (none: kept), what to `mend`, or why it was `left` out."""

    promise: str
    faults: tuple[str, ...] = ()
    mend: str = ""
    left: str = ""


class Kit:
    """One pipeline on trial. `root` is an empty folder for job folders, `python` the interpreter of its environment."""

    def __init__(self, folder: Path, root: Path, python: Path | str = sys.executable) -> None:
        self.folder = folder.resolve()
        self.python = python
        self._root = root
        self._runs = 0

    def trials(self) -> Iterator[Finding]:
        """Yield a finding for every promise, the cheap ones first; what makes the rest pointless ends it."""
        try:
            self.facts = testing.manifest(self.folder)
        except (OSError, ValidationError) as why:
            yield Finding("the manifest can be read", (str(why),), f"Write {MANIFEST} (contract, section 1).")
            return
        yield Finding("the manifest can be read")
        before = folder_digest(self.folder)
        yield self._describe()
        ready = self._check()
        yield ready
        if ready.faults or ready.left:
            return
        try:
            self.sample = sample.sample_of(self.folder, self.facts)
        except LookupError as name:
            nothing = f"nothing can be made up for {name.args[0]}"
            yield Finding("it runs on a sample", (nothing,), f"Add {sample.SAMPLE} with files of your own.")
            return
        except (OSError, ValidationError) as why:
            yield Finding("it runs on a sample", (str(why),), f"Mend {sample.SAMPLE}.")
            return
        first = self._run()
        yield self._succeeds(first)
        if not _succeeded(first):
            return
        yield self._repeats(first)
        yield self._expected(first)
        yield self._elsewhere()
        for wrong in wrongs(self.facts, self.sample, self._root):
            yield self._refuses(wrong)
        yield self._newer_contract()
        yield self._stops()
        yield self._survives_a_kill()
        yield self._leaves_itself_alone(before)

    def record(self) -> Path:
        """Run the sample and keep what came out as what is expected from now on; return the file."""
        self.facts = testing.manifest(self.folder)
        self.sample = sample.sample_of(self.folder, self.facts)
        done = self._run()
        if faults := _faults(self.facts, done):
            raise ValueError("; ".join(faults))
        path = self.folder / sample.EXPECTED
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(self._outcome(done), indent=2) + "\n", encoding="utf-8")
        return path

    def _run(
        self,
        wrong: Wrong | None = None,
        name: str = "job",
        *,
        cancel_at: float | None = None,
        word: signal.Signals = signal.SIGTERM,
        grace_s: float = 0,
    ) -> Outcome:
        self._runs += 1
        job = self._root / f"{self._runs:03d}" / name
        given = self.sample
        params = given.params if wrong is None else wrong.params
        files = given.files if wrong is None else wrong.files
        testing.prepare(self.folder, job, params, files, picture=given.picture)
        if wrong and wrong.edit:
            wrong.edit(job)
        limit = max(variant.timeout_s for variant in self.facts.variants)
        with _reaping() as left:
            done = testing.carry_out(
                self.folder, job, self.python, cancel_at=cancel_at, word=word, grace_s=grace_s, limit_s=limit
            )
            self.left_behind = left()
        return done

    def _describe(self) -> Finding:
        promise = f"`describe` prints the manifest within {_VERB_S:.0f} s"
        mend = f"Print what {MANIFEST} holds, and load nothing heavy for it; in Python `studio-sdk describe --write`."
        began = time.monotonic()
        try:
            text = testing.described(self.folder, self.python)
            same = json.loads(text) == json.loads((self.folder / MANIFEST).read_bytes())
        except subprocess.CalledProcessError as why:
            return Finding(promise, (f"exit status {why.returncode}: {why.stderr[-500:]}",), mend)
        except (ValueError, OSError, subprocess.TimeoutExpired) as why:
            return Finding(promise, (str(why),), mend)
        took = time.monotonic() - began
        faults = [] if same else ["what it prints is not what the file says"]
        faults += [f"it took {took:.1f} s"] if took > _VERB_S else []
        return Finding(promise, tuple(faults), mend)

    def _check(self) -> Finding:
        promise = f"`check` says within {_VERB_S:.0f} s whether it can run here"
        mend = 'Print {"ok": true} with status 0, or {"ok": false, "code", "message", "detail"} with status 78.'
        began = time.monotonic()
        try:
            answer = testing.ready(self.folder, self.python)
        except (OSError, subprocess.TimeoutExpired) as why:
            return Finding(promise, (str(why),), mend)
        took = time.monotonic() - began
        try:
            said = json.loads(answer.stdout)
            words, ok = str(said.get("message", "")), said.get("ok") is True
        except (ValueError, AttributeError):
            return Finding(promise, (f"it printed {answer.stdout[:200]!r} {answer.stderr[-300:]!r}",), mend)
        if answer.returncode == Exit.MISSING and not ok and words:
            return Finding(promise, left=f"it cannot run on this machine: {words}")
        faults = [] if ok and answer.returncode == 0 else [f"status {answer.returncode} with {answer.stdout.strip()!r}"]
        faults += [f"it took {took:.1f} s"] if took > _VERB_S else []
        return Finding(promise, tuple(faults), mend)

    def _succeeds(self, done: Outcome) -> Finding:
        faults = _faults(self.facts, done)
        faults += [] if any(event.t == "started" for event in done.events) else ["it never said `started`"]
        stamps = [event.ts for event in done.events]
        longest = max((b - a for a, b in pairwise(stamps)), default=0.0)
        if longest > self.facts.limits.silence_s:
            faults.append(f"it was silent for {longest:.0f} s; a runner stops it after {self.facts.limits.silence_s:g}")
        size = sum(entry.bytes for entry in done.result.outputs) if done.result else 0
        if size > self.facts.limits.output_mb * 1e6:
            faults.append(f"its outputs are {size / 1e6:.0f} MB, its manifest says {self.facts.limits.output_mb}")
        faults += self._orphans()
        if faults and done.printed:
            faults.append("it printed: " + done.printed[-600:].decode(errors="replace").strip())
        return Finding("it runs on a sample", tuple(faults), "See sections 3 and 4 of the contract.")

    def _repeats(self, first: Outcome) -> Finding:
        promise = "the same request gives the same bytes"
        if self.facts.determinism != "bitwise":
            return Finding(promise, left=f"it does not promise that (determinism: {self.facts.determinism})")
        again = self._run()
        faults = [
            f"{name} is another file the second time"
            for name, sha256 in _hashes(first).items()
            if _hashes(again).get(name) != sha256
        ]
        mend = 'Take every random number from the seed, keep dates out of files, or say determinism "seeded" or "none".'
        return Finding(promise, tuple(faults), mend)

    def _expected(self, first: Outcome) -> Finding:
        promise = f"what comes out is what {sample.EXPECTED} says"
        path = self.folder / sample.EXPECTED
        if not path.exists():
            return Finding(promise, left="nothing is recorded: `studio-sdk test FOLDER --record`")
        try:
            wanted = json.loads(path.read_bytes())
        except (OSError, ValueError) as why:
            return Finding(promise, (str(why),), "Record it again.")
        found = self._outcome(first)
        faults = [
            f"{name}: {found.get(name)!r}, expected {wanted[name]!r}"
            for name in wanted
            if wanted[name] != found.get(name)
        ]
        return Finding(
            promise, tuple(faults), "If the change is meant, give the pipeline a new version and record again."
        )

    def _outcome(self, done: Outcome) -> dict[str, object]:
        exact = self.facts.determinism == "bitwise"
        result = done.result
        outputs = {
            entry.name: {"mime": entry.mime} | ({"sha256": entry.sha256} if exact else {})
            for entry in (result.outputs if result else ())
        }
        return {"version": self.facts.version, "outputs": outputs, "facts": result.facts if result else {}}

    def _elsewhere(self) -> Finding:
        done = self._run(name="a job \u2014 \u5f71")
        mend = "Quote paths; take the job's folder from JOB_DIR and nothing from the current folder's name."
        return Finding("it works in a folder with spaces and other letters", tuple(_faults(self.facts, done)), mend)

    def _refuses(self, wrong: Wrong) -> Finding:
        promise = f"it refuses {wrong.what}"
        done = self._run(wrong)
        if _succeeded(done):
            return Finding(promise, ("it succeeded",), wrong.mend)
        faults = [fault for fault in testing.breaches(self.facts, done) if "no readable result" not in fault]
        if done.status not in wrong.statuses:
            faults.append(f"exit status {done.status}, not {' or '.join(str(int(one)) for one in wrong.statuses)}")
        if done.result is None:
            faults.append("it wrote no result.json that says why")
        elif done.result.error and wrong.field and done.result.error.field != wrong.field:
            faults.append(f"its error names {done.result.error.field!r} for the field, not {wrong.field!r}")
        return Finding(promise, tuple(faults + self._orphans()), wrong.mend)

    def _newer_contract(self) -> Finding:
        def edit(job: Path) -> None:
            request = json.loads((job / "request.json").read_bytes())
            (job / "request.json").write_text(json.dumps(request | {"contract": 2}))

        words = "a request of another contract"
        wrong = Wrong(
            words, self.sample.params, self.sample.files, (Exit.INVALID,), edit=edit, mend="Look at `contract` first."
        )
        return self._refuses(wrong)

    def _stops(self) -> Finding:
        grace = self.facts.limits.cancel_grace_s
        promise = f"it stops within {grace:g} s when it is told to"
        done = self._run(cancel_at=0, grace_s=grace + _STOP_SLACK_S)
        if _succeeded(done) and not self._orphans():
            return Finding(promise, left="it was done before it could be stopped")
        faults = self._orphans()
        if done.status == Exit.KILLED:
            faults.append("it did not stop and was killed")
        elif done.status != Exit.CANCELED:
            faults.append(f"exit status {done.status}, not {int(Exit.CANCELED)}")
        if done.result is not None and done.result.status != "canceled":
            faults.append(f"its result says {done.result.status}, not canceled")
        mend = "On SIGTERM write a result with status `canceled` and exit with 143; take your children with you."
        return Finding(promise, tuple(faults), mend)

    def _survives_a_kill(self) -> Finding:
        promise = "after it was killed in the middle, the next run is as good as the first"
        self._run(cancel_at=0, word=signal.SIGKILL)
        done = self._run()
        mend = "Keep nothing outside the job's folder: no lock, no cache, no fixed name below /tmp."
        return Finding(promise, tuple(_faults(self.facts, done)), mend)

    def _leaves_itself_alone(self, before: str) -> Finding:
        faults = [] if folder_digest(self.folder) == before else ["it has changed, and with it the pipeline's digest"]
        return Finding("its own folder is as it was", tuple(faults), "Write to outputs/ and scratch/ only.")

    def _orphans(self) -> list[str]:
        return [f"it left a process behind ({words})" for words in self.left_behind]


@contextmanager
def _reaping() -> Iterator[Callable[[], list[str]]]:
    """Adopt what a pipeline leaves behind; what is yielded tells of it in words and ends it (Linux only)."""
    if sys.platform != "linux":
        yield list
        return
    libc, here = ctypes.CDLL(None), Path(f"/proc/self/task/{os.getpid()}/children")
    known = set(here.read_text().split())

    def left() -> list[str]:
        found = []
        for pid in set(here.read_text().split()) - known:
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                os.kill(int(pid), signal.SIGKILL)
                os.waitpid(int(pid), 0)
                found += [words] if words else []  # without words it was dead already
        return found

    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield left
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _succeeded(done: Outcome) -> bool:
    return done.status == 0 and done.result is not None and done.result.status == "succeeded"


def _faults(facts: Pipeline, done: Outcome) -> list[str]:
    """Return what is wrong with a run that should have succeeded."""
    faults = testing.breaches(facts, done)
    if not _succeeded(done):
        why = done.result.error.message if done.result and done.result.error else "no result says why"
        faults.append(f"it did not succeed: exit status {done.status}, {why}")
    return faults


def _hashes(done: Outcome) -> dict[str, str]:
    return {entry.name: entry.sha256 for entry in done.result.outputs} if done.result else {}
