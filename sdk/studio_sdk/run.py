"""Carry out one run in a job folder: read the request, call the function, write the result last.

`author.main` calls it in the pipeline's own process. Standard library only (see `names`).
"""

import errno
import hashlib
import json
import os
import platform
import signal
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from studio_sdk.box import Box
from studio_sdk.fields import Fail, File, Scalar, accept_all, accept_files
from studio_sdk.job import Canceled, Job
from studio_sdk.names import Code, Exit

EXITS: Final = {
    Code.VALIDATION_ERROR: Exit.INVALID,
    Code.CONTRACT_MISMATCH: Exit.INVALID,
    Code.UNSUPPORTED_MEDIA: Exit.NO_INPUT,
    Code.FILE_NOT_FOUND: Exit.NO_INPUT,
    Code.ENGINE_OFFLINE: Exit.UNAVAILABLE,
    Code.STORAGE_FULL: Exit.RETRY,
    Code.DEPENDENCY_MISSING: Exit.MISSING,
    Code.OUT_OF_MEMORY: Exit.OUT_OF_MEMORY,
    Code.CANCELED: Exit.CANCELED,
}
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_MIMES: Final = {
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".otio": "application/json",
    ".zip": "application/zip",
    ".json": "application/json",
}


def run(box: Box, root: Path) -> Exit:
    """Carry out one job folder and return the exit status; result.json is the last thing written."""
    start = time.monotonic()
    job: Job | None = None
    outputs: list[dict[str, object]] = []
    companions: list[dict[str, object]] = []
    error: Fail | None = None
    request: dict[str, Any] = {}
    try:
        try:
            signal.signal(signal.SIGTERM, _stop)
            try:
                request = _read(root)
                job = Job.from_request(root, request)
            except (OSError, KeyError, TypeError, ValueError) as why:
                raise Fail(Code.CONTRACT_MISMATCH, "The job folder cannot be read.", detail=repr(why)) from why
            arguments = _arguments(box, root, request)
            job.started()
            if box.job_name:
                arguments[box.job_name] = job
            outputs = _outputs(box, root, box.function(**arguments))
            companions = _companions(box, root, job)
        except BaseException as why:  # noqa: BLE001 - the edge of the process: everything becomes a result
            error = _failure(why)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    except Canceled as why:  # it came between the pipeline's end and the result
        error = _failure(why)
    result: dict[str, object] = {"contract": 1, "status": "succeeded", "outputs": outputs}
    result |= {"companions": companions} if companions else {}
    if error:
        status = "canceled" if error.code is Code.CANCELED else "failed"
        words = {"code": error.code, "message": error.message, "field": error.field, "detail": error.detail}
        result = {"contract": 1, "status": status, "error": words}
        _forget(root, job)
    result["determinism"] = box.facts["determinism"]
    result["facts"] = job.facts if job else {}
    result["made_with"] = _made_with(request, job)
    if job:
        job.close()
    result["elapsed_s"] = round(time.monotonic() - start, 3)
    _write(root / "outputs" / "result.json", result)
    return EXITS.get(error.code, Exit.BUG) if error else Exit.OK


def _forget(root: Path, job: Job | None) -> None:
    """Remove what was to be kept beside a take that there is not."""
    outputs = (root / "outputs").resolve()
    for path in job.companions.values() if job else ():
        if path.resolve().is_relative_to(outputs):
            path.unlink(missing_ok=True)


def _made_with(request: Mapping[str, Any], job: Job | None) -> dict[str, object]:
    """Return what decided the result: what every run knows, and what the pipeline said of itself."""
    if job is None:
        return {}
    known = {"seed": job.seed, "pipeline": request.get("pipeline", {}).get("digest", "")}
    return known | {"python": platform.python_version()} | job.made_with


def _stop(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Canceled


def _read(root: Path) -> dict[str, Any]:
    request = json.loads((root / "request.json").read_bytes())
    if not isinstance(request, dict) or request.get("contract") != 1:
        raise ValueError("request.json is not of contract 1")
    return request


def _arguments(box: Box, root: Path, request: Mapping[str, Any]) -> dict[str, object]:
    arguments: dict[str, object] = dict(accept_all(box.inputs, request["params"]))
    given: dict[str, list[File]] = {}
    for name, entries in request.get("inputs", {}).items():
        kind = (box.inputs[name].path_type if name in box.inputs else None) or File
        given[name] = []
        for entry in entries:
            file = kind(root / entry["path"])
            file.oid, file.label = entry["sha256"], entry.get("name") or file.name
            if not file.is_file():
                raise Fail(Code.FILE_NOT_FOUND, f"{file.label} is missing from the job folder.", field=name)
            given[name].append(file)
    return arguments | accept_files(box.inputs, given)


def _outputs(box: Box, root: Path, made: object) -> list[dict[str, object]]:
    single = next(iter(box.outputs)) if len(box.outputs) == 1 and isinstance(made, Path) else None
    return [_entry(root, name, made if single else getattr(made, name, None)) for name in box.outputs]


def _companions(box: Box, root: Path, job: Job) -> list[dict[str, object]]:
    if unknown := job.companions.keys() - box.companions.keys():
        words = f"The pipeline keeps {', '.join(sorted(unknown))} beside the take and does not declare it."
        raise Fail(Code.OUTPUT_INVALID, words)
    return [_entry(root, name, job.companions[name]) for name in box.companions if name in job.companions]


def _entry(root: Path, name: str, value: object) -> dict[str, object]:
    folder = root / "outputs"
    if not isinstance(value, Path) or value.is_symlink() or not value.is_file():
        raise Fail(Code.OUTPUT_INVALID, f"The pipeline gave no file for {name}.", detail=repr(value))
    if not value.resolve().is_relative_to(folder.resolve()):
        raise Fail(Code.OUTPUT_INVALID, f"The pipeline left {name} outside its outputs.", detail=str(value))
    with value.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    path = value.resolve().relative_to(root.resolve()).as_posix()
    mime = _MIMES.get(value.suffix.lower(), "application/octet-stream")
    return {"name": name, "path": path, "sha256": digest, "bytes": value.stat().st_size, "mime": mime}


def _failure(why: BaseException) -> Fail:
    """Return what stopped the run in the studio's codes, with the traceback on stderr for people."""
    if isinstance(why, Fail):
        return why
    if isinstance(why, Canceled | KeyboardInterrupt):
        return Fail(Code.CANCELED, "Canceled.")
    traceback.print_exception(why)
    detail = "".join(traceback.format_exception(why))[-4000:]
    if isinstance(why, MemoryError) or type(why).__name__ == "OutOfMemoryError":
        return Fail(Code.OUT_OF_MEMORY, "The pipeline ran out of memory.", detail=detail)
    if isinstance(why, ModuleNotFoundError):
        return Fail(Code.DEPENDENCY_MISSING, f"The pipeline needs the package {why.name}.", detail=detail)
    if isinstance(why, OSError) and why.errno in _FULL:
        return Fail(Code.STORAGE_FULL, "The disk is full.", detail=detail)
    return Fail(Code.PIPELINE_FAILED, f"The pipeline failed: {type(why).__name__}: {why}"[:500], detail=detail)


def _write(path: Path, result: Mapping[str, Scalar | object]) -> None:
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(".result.json.part")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
