"""The life of one job: claim, stage, launch, watch, collect, finish.

`worker` calls `begin` with a job's id and what that returns afterwards, while the next job has the machine already. The
studio's lease is the truth: whoever lost it publishes nothing.
"""

import errno
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final, Literal

from function_runner import collect, door, egress, stage
from function_runner.cache import Cache
from function_runner.events import EventFile
from function_runner.kept import Kept
from function_runner.launchers import Launcher
from function_runner.reporter import Reporter
from function_runner.settings import RunnerSettings
from function_runner.studio import StudioLine
from function_runner.watch import Ending, Why, watch
from studio_sdk.contract import Exit, Failure, Result
from studio_sdk.errors import Code, StudioError
from studio_sdk.wire import WAITS_FOR_STORAGE, Claim, CompanionRef, Finish, FinishAnswer, OutputRef

_log = logging.getLogger(__name__)

_NOT_ITS_FAULT: Final = frozenset({Code.LEASE_LOST, Code.WORKER_LOST})
"""Nothing is said of the job: its lease ends, and it is done again."""
_SIGXFSZ: Final = 128 + 25
_BY_STATUS: Final = {
    Exit.INVALID: (Code.VALIDATION_ERROR, "does not accept these settings"),
    Exit.NO_INPUT: (Code.UNSUPPORTED_MEDIA, "cannot read an input"),
    Exit.UNAVAILABLE: (Code.ENGINE_OFFLINE, "could not reach what it needs"),
    Exit.MISSING: (Code.DEPENDENCY_MISSING, "lacks something on this worker"),
    Exit.OUT_OF_MEMORY: (Code.OUT_OF_MEMORY, "ran out of memory"),
    Exit.CANCELED: (Code.PIPELINE_FAILED, "was stopped by somebody else"),
    _SIGXFSZ: (Code.OUTPUT_INVALID, "wrote a larger file than it declares"),
}


@dataclass(frozen=True)
class Workplace:
    """What a runner works with. `leaving` tells that the runner is being stopped."""

    settings: RunnerSettings
    line: StudioLine
    cache: Cache
    kept: Kept
    launcher: Launcher
    leaving: Callable[[], bool]


def carry_out(place: Workplace, job_id: str) -> None:
    """Answer a doorbell: do the job, or nothing where somebody else has it. Never raises for what a pipeline does."""
    if rest := begin(place, job_id):
        rest()


def begin(place: Workplace, job_id: str) -> Callable[[], None] | None:
    """Answer a doorbell: run the pipeline, or return None where somebody else has the job.

    What is returned hands in what was made and says how it ended. It needs no card and hardly a processor, only the
    studio and time; until it was called the job is held. Neither raises for what a pipeline does.
    """
    try:
        claim = place.line.claim(job_id, place.settings.worker_id)
    except StudioError as error:
        level = logging.INFO if error.code in {Code.LEASE_LOST, Code.NOT_FOUND} else logging.ERROR
        _log.log(level, "Job %s: not claimed: %s %s", job_id, error.message, error.detail)
        return None
    woken = threading.Event()
    reporter = Reporter(place.line, claim, woken)
    run = _Run(Ending())
    try:
        made = _attempt(place, claim, reporter, run, lambda: _work(place, claim, reporter, woken, run))
    except BaseException:
        _close(place, claim, reporter)
        raise
    return partial(_end, place, claim, reporter, run, made)


def _end(place: Workplace, claim: Claim, reporter: Reporter, run: "_Run", made: Result | Finish | None) -> None:
    """Hand in what was made, say how it ended, and clear up."""
    finish: Finish | None = None
    try:
        if isinstance(made, Result):
            result = made
            made = _attempt(place, claim, reporter, run, lambda: _deliver(place, claim, reporter, run, result))
        if isinstance(made, Finish):
            finish = made
            answer = _told(place.line, claim, finish, reporter.wanted)
            _log.info("Job %s: %s %s", claim.job_id, answer.state, answer.result or "")
    except StudioError as error:
        _log.warning("Job %s: not finished here: %s %s", claim.job_id, error.message, error.detail)
    finally:
        _close(place, claim, reporter, keep=finish is not None and finish.status == "failed")


def _close(place: Workplace, claim: Claim, reporter: Reporter, *, keep: bool = False) -> None:
    reporter.close()
    folder = stage.folder_of(place.settings.work_dir, claim)
    if folder.exists():
        stage.end(folder, keep=keep)
    stage.tidy(place.settings.work_dir)
    place.cache.trim()
    place.kept.trim()


def _told(line: StudioLine, claim: Claim, finish: Finish, wanted: Callable[[], bool]) -> FinishAnswer:
    """Say how it ended; a result that could not be stored for too long ends as a failure that names the reason."""
    try:
        return line.finish(claim.job_id, finish, wanted)
    except StudioError as error:
        if error.code not in WAITS_FOR_STORAGE:
            raise
        failure = Failure(code=error.code, message=error.message, detail=error.detail)
        return line.finish(
            claim.job_id,
            finish.model_copy(update={"status": "failed", "outputs": [], "companions": [], "error": failure}),
        )


@dataclass
class _Run:
    """What is known of a run so far."""

    ending: Ending
    tail: str = ""
    image: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Where it wanted to call and might not: host and port, and the sentence."""


def _attempt(
    place: Workplace, claim: Claim, reporter: Reporter, run: _Run, act: Callable[[], Result | Finish]
) -> Result | Finish | None:
    """Do a part of a claimed job; what stops it ends the job, and is None where this runner must not say anything."""
    try:
        return act()
    except StudioError as error:
        problem = error
    except Exception as why:  # noqa: BLE001 - the edge: a fault of the runner ends this job, not the worker
        _log.warning("Job %s: the runner failed", claim.job_id, exc_info=True)
        problem = StudioError(Code.INTERNAL, "The runner failed.", detail=f"{type(why).__name__}: {why}")
        if isinstance(why, OSError) and why.errno in {errno.ENOSPC, errno.EDQUOT}:
            problem = StudioError(Code.STORAGE_FULL, "The runner's disk is full.", detail=str(why))
    if (
        problem.code in _NOT_ITS_FAULT
        or reporter.lost.is_set()
        or run.ending.why in {Why.LOST, Why.LEAVING}
        or place.leaving()  # Ctrl-C in a terminal reaches what the runner started as well
    ):
        _log.warning("Job %s: given up, nothing is published: %s", claim.job_id, problem.message)
        return None
    if reporter.canceled.is_set():
        return _finish(place, claim, "canceled", run)
    return _finish(place, claim, "failed", run, problem)


def _work(place: Workplace, claim: Claim, reporter: Reporter, woken: threading.Event, run: _Run) -> Result:
    """Run the pipeline and return what it says it made. Raises whatever stops it short of success."""
    folder = stage.job_folder(place.settings.work_dir, claim)
    launch = stage.installed(place.settings.pipelines_dir, claim, folder)
    try:
        launch = stage.furnished(launch, place.settings.environments_dir, reporter, lambda: not place.leaving())
    except InterruptedError as stopped:
        run.ending.why = Why.LEAVING if place.leaving() else Why.CANCELED
        raise StudioError(Code.CANCELED, "Stopped.") from stopped
    launch = replace(launch, deadline=time.time() + claim.timeout_s)
    stage.lay_out(folder, claim, place.cache, place.line)
    events = EventFile(folder / "events.jsonl")
    try:
        most = place.settings.comfyui_upload_mb * 2**20
        given = ", ".join(f"{one.socket} {one.name!r} {one.oid}" for one in claim.inputs)
        _log.info("Job %s: %s, attempt %d, of %s", claim.job_id, claim.pipeline.id, claim.attempt, given or "no files")
        with (
            door.at_side(place.settings.comfyui_url, most, claim.pipeline, folder) as sockets,
            egress.at_side(claim.pipeline, place.settings.egress_private, folder) as way,
            place.kept.at_side(place.settings.studio_url, claim, launch.digest, folder) as kept,
        ):
            running = place.launcher.start(replace(launch, sockets=sockets | way.sockets, kept=kept), woken)
            run.image, run.refused = running.image, way.refused
            try:
                run.ending = watch(claim, folder, events, running, reporter, woken, place.leaving, kept)
            except BaseException:
                running.kill()
                raise
    finally:
        events.close()
    run.tail = "\n".join([running.log_tail(), *run.refused.values()]).strip("\n")
    _judge(claim, folder, run, starved=running.starved())
    result = collect.result(folder)
    if result.error is not None or result.status != "succeeded":
        failure = result.error or Failure(code=Code.PIPELINE_FAILED, message="The pipeline failed without a reason.")
        raise StudioError(failure.code, failure.message, detail=failure.detail, field=failure.field)
    reporter.tell(0.98, "Handing in")
    return result


def _deliver(place: Workplace, claim: Claim, reporter: Reporter, run: _Run, result: Result) -> Finish:
    """Hand in what a pipeline made and return how to end the job. Raises whatever is wrong with it."""
    folder = stage.folder_of(place.settings.work_dir, claim)
    refs, beside = _hand_in(place, claim, folder, result, reporter.wanted)
    if reporter.canceled.is_set():
        raise StudioError(Code.CANCELED, "Canceled.")
    facts = run.ending.metrics | result.made_with.facts() | result.facts
    facts |= {"hosts_refused": ", ".join(run.refused)} if run.refused else {}
    finish = _finish(place, claim, "succeeded", run)
    return finish.model_copy(
        update={"determinism": result.determinism, "facts": facts, "outputs": refs, "companions": beside}
    )


def _judge(claim: Claim, folder: Path, run: _Run, *, starved: bool) -> None:
    """Raise the error that a run ended with; return where it says that all went well."""
    title, tail, ending = claim.pipeline.title, run.tail[-4000:], run.ending
    if ending.why in {Why.CANCELED, Why.LOST, Why.LEAVING}:
        raise StudioError(Code.CANCELED, "Stopped.")
    if ending.why is Why.DEADLINE:
        message = f"{title} was stopped: it took longer than {claim.timeout_s} s."
        raise StudioError(Code.ENGINE_TIMEOUT, message, detail=tail)
    if ending.why is Why.SILENCE:
        message = f"{title} was stopped: it said nothing for {claim.pipeline.limits.silence_s:g} s."
        raise StudioError(Code.ENGINE_TIMEOUT, message, detail=tail)
    if ending.why is Why.HOARDS:
        limit = claim.pipeline.limits.cache_mb
        message = f"{title} was stopped: it keeps more for later than the {limit} MB it declares."
        raise StudioError(Code.OUTPUT_INVALID, message, detail=tail)
    if ending.why is Why.TOO_LARGE:
        raise collect.too_large(claim.pipeline)
    if ending.status == Exit.OK:
        return
    said = _said(folder)
    if said is not None:
        detail = "\n".join([said.detail or tail, *run.refused.values()])
        raise StudioError(said.code, said.message, detail=detail, field=said.field)
    if starved:
        raise StudioError(Code.OUT_OF_MEMORY, f"{title} was killed because the memory ran out.", detail=tail)
    code, words = _BY_STATUS.get(ending.status, (Code.PIPELINE_FAILED, "failed"))
    raise StudioError(code, f"{title} {words}.", detail=f"exit status {ending.status}\n{tail}".strip())


def _said(folder: Path) -> Failure | None:
    """Return the pipeline's own words on why it failed, if it left any."""
    try:
        return collect.result(folder).error
    except StudioError:
        return None  # no result, or garbage: the exit status speaks


def _hand_in(
    place: Workplace, claim: Claim, folder: Path, result: Result, wanted: Callable[[], bool]
) -> tuple[list[OutputRef], list[CompanionRef]]:
    """Check and upload what was made: the outputs, and what is kept beside the take. Raises OUTPUT_INVALID."""
    found = collect.outputs(folder, claim.pipeline, result)
    titles = {name: one.title for name, one in claim.pipeline.companions.items()}
    refs, beside = [], []
    try:
        for output in found:
            ref = output.ref("application/octet-stream")
            place.line.hand_in(claim, ref, output.file, wanted)
            ref = ref.model_copy(update={"mime": output.look.verdict()})
            if output.name in titles:
                beside.append(CompanionRef(**ref.model_dump(), title=titles[output.name]))
            else:
                refs.append(ref)
    finally:
        for output in found:
            output.close()
    return refs, beside


def _finish(
    place: Workplace,
    claim: Claim,
    status: Literal["succeeded", "failed", "canceled"],
    run: _Run,
    error: StudioError | None = None,
) -> Finish:
    failure = None
    if error is not None:
        message, detail = error.message[:1000], error.detail[:8000]
        failure = Failure(code=error.code, message=message, field=error.context.field, detail=detail)
    return Finish(
        attempt=claim.attempt,
        status=status,
        error=failure,
        elapsed_s=run.ending.elapsed_s,
        sandbox=place.launcher.label,
        image=run.image,
        log_tail=run.tail,
    )
