"""Before the launch: find and check the installed pipeline, lay out the job folder, fetch the inputs."""

import logging
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from function_runner import machine
from function_runner.cache import Cache
from function_runner.launchers import Launch
from function_runner.reporter import Reporter
from function_runner.studio import StudioLine
from studio_sdk import requirements
from studio_sdk.contract import InputFile, JobFacts, PipelineFacts, Request
from studio_sdk.errors import Code, StudioError
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.wire import Claim, InputRef

KEPT_FAILURES: Final = 5
"""Folders of failed attempts that stay for people to look at and to run again by hand."""

_log = logging.getLogger(__name__)

_UNDER_WAY: Final = ".under-way"
_DYING_S: Final = 2.0
_AGAIN_S: Final = 0.02
_SAFE = re.compile(r"^[A-Za-z0-9_-]{1,80}$")
_SUFFIX = re.compile(r"^\.[A-Za-z0-9]{1,8}$")


def folder_of(work_dir: Path, claim: Claim) -> Path:
    """Return where an attempt lies, while it is under way or because it failed."""
    return work_dir / "jobs" / f"{claim.job_id}-{claim.attempt}"


def job_folder(work_dir: Path, claim: Claim) -> Path:
    """Return a new, empty folder for one attempt; remains of the same attempt are removed."""
    if not _SAFE.match(claim.job_id):
        raise StudioError(Code.CONTRACT_MISMATCH, "The job's id is not a plain word.", detail=repr(claim.job_id))
    folder = folder_of(work_dir, claim)
    if folder.exists():
        remove(folder)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("inputs", "outputs", "scratch"):
        (folder / name).mkdir(parents=True)
    (folder / "events.jsonl").touch()
    (folder / _UNDER_WAY).touch()
    return folder


def end(folder: Path, *, keep: bool) -> None:
    """Remove the folder of an attempt that has ended, or keep it for people to look at."""
    if keep:
        (folder / _UNDER_WAY).unlink(missing_ok=True)
    else:
        remove(folder)


def clear(work_dir: Path) -> None:
    """Remove what attempts left behind whose worker was killed. For a worker that starts: it has none under way."""
    for mark in (work_dir / "jobs").glob(f"*/{_UNDER_WAY}"):
        try:
            remove(mark.parent)
        except OSError as why:  # no reason not to start
            _log.warning("%s is left for the next start: %s", mark.parent, why)


def remove(folder: Path) -> None:
    """Remove a job folder, whatever a pipeline did to its permissions, and though it may be writing its last.

    A pipeline whose runner was killed has its end from its guard, a moment later. Raises OSError.
    """
    until = time.monotonic() + _DYING_S
    while folder.exists():
        try:
            folders = [path for path in (folder, *folder.rglob("*")) if path.is_dir() and not path.is_symlink()]
            for path in folders:
                path.chmod(0o700)
            for part in (path for path in folders if path.parent == folder):
                shutil.rmtree(part)
            shutil.rmtree(folder)  # and only now the mark, or nobody would come back to what cannot be removed
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(_AGAIN_S)


def tidy(work_dir: Path) -> None:
    """Keep the newest few folders of failed attempts."""
    kept = (path for path in (work_dir / "jobs").glob("*-*") if not (path / _UNDER_WAY).exists())
    folders = sorted(kept, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for folder in folders[KEPT_FAILURES:]:
        remove(folder)


def installed(pipelines_dir: Path, claim: Claim, job_dir: Path) -> Launch:
    """Return how to start the claimed pipeline here: of several versions the one with the claim's digest.

    Raises PIPELINE_UNKNOWN where it is not here or not the same.
    """
    pipeline = claim.pipeline
    folders = _folders(pipelines_dir, pipeline)
    folder = next((one for one in folders if claim.digest in {"", folder_digest(one)}), None)
    if folder is None:
        raise StudioError(
            Code.PIPELINE_UNKNOWN,
            f"{pipeline.title} {pipeline.version} on this worker is not the one the studio knows.",
            detail=f"None of {', '.join(one.name for one in folders)} in {pipelines_dir} is {claim.digest}; "
            "restart the studio or install the same version here.",
        )
    return Launch(
        pipeline=pipeline,
        folder=folder,
        digest=claim.digest or folder_digest(folder),
        environment=pipelines_dir / "environments" / pipeline.environment / ".venv",
        job_id=claim.job_id,
        attempt=claim.attempt,
        job_dir=job_dir,
        deadline=time.time() + claim.timeout_s,
        threads=machine.processors(),
    )


def furnished(launch: Launch, root: Path, reporter: Reporter, staying: Callable[[], bool]) -> Launch:
    """Return the launch with the packages that the pipeline brings of its own, installed first where they are not.

    Raises DEPENDENCY_MISSING with the installer's words, InterruptedError where the job is not wanted or the runner
    leaves.
    """
    if launch.pipeline.image or not requirements.of_its_own(launch.folder):
        return launch  # what is in an image is there already
    if not requirements.made(launch.folder, root):
        reporter.tell(0, "Installing its packages, once on this worker")
    try:
        place = requirements.make(
            launch.folder,
            root,
            say=lambda line: _log.info("Job %s: %s", launch.job_id, line),
            wanted=lambda: reporter.wanted() and staying(),
        )
    except (ConnectionError, FileNotFoundError, ValueError) as why:
        raise StudioError(
            Code.DEPENDENCY_MISSING,
            f"The packages of {launch.pipeline.title} cannot be installed on this worker.",
            detail=f"{why}\nWorkers without a way to the package index need a mirror (UV_INDEX_URL) or its wheels "
            "(UV_FIND_LINKS, UV_OFFLINE=1).",
        ) from why
    return replace(launch, environment=place)


def _folders(pipelines_dir: Path, pipeline: Pipeline) -> list[Path]:
    """Return the folders that hold a version of a pipeline, those of its name first."""
    needle = re.compile(rf'"id"\s*:\s*"{re.escape(pipeline.id)}"')
    usual = (pipeline.id, f"{pipeline.id}@{pipeline.version}")
    manifests = sorted(pipelines_dir.glob(f"*/{MANIFEST}"), key=lambda path: (path.parent.name not in usual, path))
    found = [path.parent for path in manifests if needle.search(path.read_text(encoding="utf-8"))]
    if not found:
        raise StudioError(
            Code.PIPELINE_UNKNOWN,
            f"The pipeline “{pipeline.id}” is not installed on this worker.",
            detail=f"Looked in {pipelines_dir}.",
        )
    return found


def lay_out(folder: Path, claim: Claim, cache: Cache, line: StudioLine) -> None:
    """Fetch the inputs and write request.json. Raises what `StudioLine.fetch` and `Cache.get` raise."""
    inputs: dict[str, list[InputFile]] = {}
    count: Counter[str] = Counter()
    for ref in claim.inputs:
        name = f"inputs/{ref.socket}-{count[ref.socket]:03d}{_suffix(ref)}"
        count[ref.socket] += 1
        cache.give(ref.oid, ref.size, partial(line.fetch, claim, ref.oid), folder / name)
        inputs.setdefault(ref.socket, []).append(
            InputFile(path=name, sha256=ref.oid, mime=ref.mime, bytes=ref.size, name=ref.name)
        )
    request = Request(
        job=JobFacts(id=claim.job_id, attempt=claim.attempt, deadline=time.time() + claim.timeout_s),
        pipeline=PipelineFacts(id=claim.pipeline.id, version=claim.pipeline.version, digest=claim.digest),
        params=claim.params,
        inputs=inputs,
        format=claim.format,
        seed=claim.seed,
        quality=claim.quality,
        vram_gb=claim.vram_gb,
    )
    path = folder / "request.json"
    path.write_text(request.model_dump_json(), encoding="utf-8")
    path.chmod(0o444)


def _suffix(ref: InputRef) -> str:
    suffix = Path(ref.name).suffix
    return suffix.lower() if _SUFFIX.match(suffix) else ""
