"""The conformance kit: hold a pipeline of any language against every promise of the contract, and say what to mend.

`studio-sdk test` runs it, on a folder as a process or on an image in a container (`places`). Each trial is one promise
(docs/pipelines/contract.md), tried for real with a job folder, as a runner runs it. Nothing is looked up in its source.
"""

import itertools
import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_sdk import sample, testing
from studio_sdk.contract import Exit
from studio_sdk.folder import MANIFEST
from studio_sdk.manifest import Pipeline
from studio_sdk.places import TROUBLE, Place, Said, Trial
from studio_sdk.sample import Sample
from studio_sdk.testing import Outcome, Plan
from studio_sdk.wrong import Wrong, wrongs

_VERB_S: Final = 3.0
_STOP_SLACK_S: Final = 2.0
_STOP_TRIES: Final = 4
"""A quick pipeline may be done before the word to stop reaches it; so often is it tried."""


@dataclass(frozen=True)
class Finding:
    """One promise and how it was kept: `faults` in words (none: kept), what to `mend`, or why it was `left` out."""

    promise: str
    faults: tuple[str, ...] = ()
    mend: str = ""
    left: str = ""


def trials(place: Place, root: Path) -> Iterator[Finding]:
    """Yield a finding for every promise, the cheap ones first; what makes the rest pointless ends it.

    `root` is an empty folder for job folders.
    """
    try:
        written = place.manifest()
        facts = Pipeline.model_validate(written)
    except (OSError, ValueError) as why:
        yield Finding("the manifest can be read", (str(why),), f"Write {MANIFEST} (contract, section 1).")
        return
    yield Finding("the manifest can be read")
    before = place.trace()
    yield _describe(place, written)
    ready = _check(place)
    yield ready
    if ready.faults or ready.left:
        return
    try:
        given = sample.sample_of(place.folder, facts)
    except LookupError as name:
        nothing = f"nothing can be made up for {name.args[0]}"
        yield Finding("it runs on a sample", (nothing,), f"Add {sample.SAMPLE} with files of your own.")
        return
    except (OSError, ValidationError) as why:
        yield Finding("it runs on a sample", (str(why),), f"Mend {sample.SAMPLE}.")
        return
    yield from _runs(_Bench(place, facts, given, root), before)


def record(place: Place, root: Path) -> Path:
    """Run the sample and keep what came out as what is expected from now on; return the file.

    Raises ValueError, in words, where the run is not a good one.
    """
    facts = Pipeline.model_validate(place.manifest())
    bench = _Bench(place, facts, sample.sample_of(place.folder, facts), root)
    done = bench.run().outcome
    if faults := _faults(facts, done):
        raise ValueError("; ".join(faults))
    path = place.folder / sample.EXPECTED
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(_told(facts, done), indent=2) + "\n", encoding="utf-8")
    return path


@dataclass(frozen=True)
class _Bench:
    """What every trial is handed: the pipeline in its place, a good sample, and a way to run it."""

    place: Place
    facts: Pipeline
    sample: Sample
    root: Path
    count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def run(self, wrong: Wrong | None = None, name: str = "job", plan: Plan | None = None, seed: int = 1) -> Trial:
        """Run it once, in a new job folder: on the sample, or on what is wrong."""
        job = self.root / f"{next(self.count):03d}" / name
        asked = wrong or self.sample
        testing.prepare(
            self.place.folder, job, asked.params, asked.files, picture=self.sample.picture, seed=seed, facts=self.facts
        )
        if wrong and wrong.edit:
            wrong.edit(job)
        limit = max(variant.timeout_s for variant in self.facts.variants)
        return self.place.carry_out(job, self.facts, plan or Plan(limit_s=limit))


def _runs(bench: _Bench, before: str) -> Iterator[Finding]:
    first = bench.run()
    yield _succeeds(bench.facts, first)
    if not _succeeded(first.outcome):
        return
    yield _repeats(bench, first.outcome)
    if bench.facts.limits.cache_mb:
        yield _keeps(bench, first.outcome)
    yield _expected(bench, first.outcome)
    yield _elsewhere(bench)
    for wrong in wrongs(bench.facts, bench.sample, bench.root):
        yield _refuses(bench, wrong)
    yield _newer_contract(bench)
    yield _stops(bench)
    yield _survives_a_kill(bench)
    changed = [] if bench.place.trace() == before else ["it has changed, and with it the pipeline's digest"]
    yield Finding("its own folder is as it was", tuple(changed), "Write to outputs/ and scratch/ only.")


def _answered(place: Place, word: str) -> Said:
    """Say a word; one that took too long is said once more: the first start reads from a cold disk and compiles."""
    first = place.verb(word)
    return first if first.elapsed_s <= _VERB_S else min(first, place.verb(word), key=lambda one: one.elapsed_s)


def _describe(place: Place, written: object) -> Finding:
    promise = f"`describe` prints the manifest within {_VERB_S:.0f} s"
    mend = f"Print what {MANIFEST} holds, and load nothing heavy for it; in Python `studio-sdk describe --write`."
    try:
        said = _answered(place, "describe")
    except TROUBLE as why:
        return Finding(promise, (str(why),), mend)
    if said.status != 0:
        return Finding(promise, (f"exit status {said.status}: {said.stderr[-500:]}",), mend)
    try:
        faults = [] if json.loads(said.stdout) == written else ["what it prints is not what the file says"]
    except ValueError as why:
        return Finding(promise, (str(why),), mend)
    faults += [f"it took {said.elapsed_s:.1f} s"] if said.elapsed_s > _VERB_S else []
    return Finding(promise, tuple(faults), mend)


def _check(place: Place) -> Finding:
    promise = f"`check` says within {_VERB_S:.0f} s whether it can run here"
    mend = 'Print {"ok": true} with status 0, or {"ok": false, "code", "message", "detail"} with status 78.'
    try:
        answer = _answered(place, "check")
    except TROUBLE as why:
        return Finding(promise, (str(why),), mend)
    try:
        said = json.loads(answer.stdout)
        words, ok = str(said.get("message", "")), said.get("ok") is True
    except (ValueError, AttributeError):
        return Finding(promise, (f"it printed {answer.stdout[:200]!r} {answer.stderr[-300:]!r}",), mend)
    if answer.status == Exit.MISSING and not ok and words:
        return Finding(promise, left=f"it cannot run on this machine: {words}")
    faults = [] if ok and answer.status == 0 else [f"status {answer.status} with {answer.stdout.strip()!r}"]
    faults += [f"it took {answer.elapsed_s:.1f} s"] if answer.elapsed_s > _VERB_S else []
    return Finding(promise, tuple(faults), mend)


def _succeeds(facts: Pipeline, tried: Trial) -> Finding:
    done = tried.outcome
    faults = _faults(facts, done)
    faults += [] if any(event.t == "started" for event in done.events) else ["it never said `started`"]
    stamps = [event.ts for event in done.events]
    longest = max((b - a for a, b in pairwise(stamps)), default=0.0)
    if longest > facts.limits.silence_s:
        faults.append(f"it was silent for {longest:.0f} s; a runner stops it after {facts.limits.silence_s:g}")
    size = sum(entry.bytes for entry in done.result.outputs) if done.result else 0
    if size > facts.limits.output_mb * 1e6:
        faults.append(f"its outputs are {size / 1e6:.0f} MB, its manifest says {facts.limits.output_mb}")
    faults += _orphans(tried)
    if faults and done.printed:
        faults.append("it printed: " + done.printed[-600:].decode(errors="replace").strip())
    return Finding("it runs on a sample", tuple(faults), "See sections 3 and 4 of the contract.")


def _repeats(bench: _Bench, first: Outcome) -> Finding:
    promise = "the same request gives the same bytes"
    if bench.facts.determinism != "bitwise":
        return Finding(promise, left=f"it does not promise that (determinism: {bench.facts.determinism})")
    again = _hashes(bench.run().outcome)
    faults = [
        f"{name} is another file the second time"
        for name, sha256 in _hashes(first).items()
        if again.get(name) != sha256
    ]
    mend = 'Take every random number from the seed, keep dates out of files, or say determinism "seeded" or "none".'
    return Finding(promise, tuple(faults), mend)


def _keeps(bench: _Bench, without: Outcome) -> Finding:
    """Try what it keeps for later: empty, full, damaged, and every entry under another's name."""
    promise = "what it keeps for later changes nothing but the time it takes"
    cache = bench.root / "cache"
    cache.mkdir()
    exact = bench.facts.determinism == "bitwise"
    faults: list[str] = []
    for state, harm in (("empty", None), ("full", None), ("damaged", _damage), ("mixed up", _mix)):
        if harm:
            harm(cache)
        limit = max(variant.timeout_s for variant in bench.facts.variants)
        done = bench.run(plan=Plan(limit_s=limit, cache=cache)).outcome
        told = _faults(bench.facts, done)
        if not told and exact and _hashes(done) != _hashes(without):
            told = ["what comes out is another file"]
        faults += [f"with a cache that is {state}: {fault}" for fault in told]
        size = sum(path.lstat().st_size for path in cache.iterdir())
        if size > bench.facts.limits.cache_mb * 1024 * 1024:
            faults.append(f"it keeps {size / 1e6:.0f} MB, its manifest says {bench.facts.limits.cache_mb}")
        if any(path.is_symlink() or not path.is_file() for path in cache.iterdir()):
            faults.append("it keeps something else than plain files in JOB_CACHE")
            break
    mend = (
        "Look at the SHA-256 of what you take out and let its key hold all that decides it; in Python use `Job.kept`."
    )
    return Finding(promise, tuple(faults), mend)


def _damage(cache: Path) -> None:
    """Change a byte in the midst of each file, and cut every other one short."""
    for number, path in enumerate(sorted(cache.iterdir())):
        content = bytearray(path.read_bytes() or b"nothing")
        content[len(content) // 2] ^= 1
        path.write_bytes(content[: len(content) - number % 2])


def _mix(cache: Path) -> None:
    """Give each file the content of the next one."""
    files = sorted(cache.iterdir())
    contents = [path.read_bytes() for path in files]
    for path, content in zip(files, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)


def _expected(bench: _Bench, first: Outcome) -> Finding:
    promise = f"what comes out is what {sample.EXPECTED} says"
    path = bench.place.folder / sample.EXPECTED
    if not path.exists():
        return Finding(promise, left="nothing is recorded: `studio-sdk test FOLDER --record`")
    try:
        wanted = json.loads(path.read_bytes())
    except (OSError, ValueError) as why:
        return Finding(promise, (str(why),), "Record it again.")
    found = _told(bench.facts, first)
    faults = [
        f"{name}: {found.get(name)!r}, expected {wanted[name]!r}" for name in wanted if wanted[name] != found.get(name)
    ]
    return Finding(promise, tuple(faults), "If the change is meant, give the pipeline a new version and record again.")


def _elsewhere(bench: _Bench) -> Finding:
    tried = bench.run(name="a job \u2014 \u5f71")
    mend = "Quote paths; take the job's folder from JOB_DIR and nothing from the current folder's name."
    faults = tuple(_faults(bench.facts, tried.outcome))
    return Finding("it works in a folder with spaces and other letters", faults, mend)


def _refuses(bench: _Bench, wrong: Wrong) -> Finding:
    promise = f"it refuses {wrong.what}"
    tried = bench.run(wrong)
    done = tried.outcome
    if _succeeded(done):
        return Finding(promise, ("it succeeded",), wrong.mend)
    faults = [fault for fault in testing.breaches(bench.facts, done) if "no readable result" not in fault]
    if done.status not in wrong.statuses:
        faults.append(f"exit status {done.status}, not {' or '.join(str(int(one)) for one in wrong.statuses)}")
    if done.result is None:
        faults.append("it wrote no result.json that says why")
    elif done.result.error and wrong.field and done.result.error.field != wrong.field:
        faults.append(f"its error names {done.result.error.field!r} for the field, not {wrong.field!r}")
    return Finding(promise, tuple(faults + _orphans(tried)), wrong.mend)


def _newer_contract(bench: _Bench) -> Finding:
    def edit(job: Path) -> None:
        request = json.loads((job / "request.json").read_bytes())
        (job / "request.json").write_text(json.dumps(request | {"contract": 2}))

    given = bench.sample
    mend = "Look at `contract` first."
    another = "a request of another contract"
    return _refuses(bench, Wrong(another, given.params, given.files, (Exit.INVALID,), edit=edit, mend=mend))


def _stops(bench: _Bench) -> Finding:
    grace = bench.facts.limits.cancel_grace_s
    promise = f"it stops within {grace:g} s when it is told to"
    for _ in range(_STOP_TRIES):
        tried = bench.run(plan=Plan(cancel_at=0, grace_s=grace + _STOP_SLACK_S))
        if tried.left or not _was_done(bench.facts, tried.outcome):
            break
    else:
        return Finding(promise, left="it was done before it could be stopped")
    done = tried.outcome
    faults = _orphans(tried)
    if done.status == Exit.KILLED:
        faults.append("it did not stop and was killed")
    elif done.status != Exit.CANCELED:
        faults.append(f"exit status {done.status}, not {int(Exit.CANCELED)}")
    if done.result is not None and done.result.status != "canceled":
        faults.append(f"its result says {done.result.status}, not canceled")
    mend = "On SIGTERM write a result with status `canceled` and exit with 143; take your children with you."
    return Finding(promise, tuple(faults), mend)


def _survives_a_kill(bench: _Bench) -> Finding:
    bench.run(plan=Plan(cancel_at=0, word=signal.SIGKILL))
    tried = bench.run()
    mend = "Keep nothing outside the job's folder: no lock, no cache, no fixed name below /tmp."
    promise = "after it was killed in the middle, the next run is as good as the first"
    return Finding(promise, tuple(_faults(bench.facts, tried.outcome)), mend)


def _orphans(tried: Trial) -> list[str]:
    return [f"it left a process behind ({words})" for words in tried.left]


def _told(facts: Pipeline, done: Outcome) -> dict[str, object]:
    """Return what is kept of a run to compare others with."""
    exact = facts.determinism == "bitwise"
    result = done.result
    outputs = {
        entry.name: {"mime": entry.mime} | ({"sha256": entry.sha256} if exact else {})
        for entry in (result.outputs if result else ())
    }
    return {"version": facts.version, "outputs": outputs, "facts": result.facts if result else {}}


def _succeeded(done: Outcome) -> bool:
    return done.status == 0 and done.result is not None and done.result.status == "succeeded"


def _was_done(facts: Pipeline, done: Outcome) -> bool:
    """Return whether a run had all its work behind it when it was told to stop; the signal may still have ended it."""
    if done.result is None or done.result.status != "succeeded" or done.status not in {Exit.OK, Exit.CANCELED}:
        return False
    return not testing.breaches(facts, replace(done, status=int(Exit.OK)))


def _faults(facts: Pipeline, done: Outcome) -> list[str]:
    """Return what is wrong with a run that should have succeeded."""
    faults = testing.breaches(facts, done)
    if not _succeeded(done):
        why = done.result.error.message if done.result and done.result.error else "no result says why"
        faults.append(f"it did not succeed: exit status {done.status}, {why}")
    return faults


def _hashes(done: Outcome) -> dict[str, str]:
    return {entry.name: entry.sha256 for entry in done.result.outputs} if done.result else {}
