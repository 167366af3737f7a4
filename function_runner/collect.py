"""After the run: find the result and check that every output is what result and manifest say it is.

Nothing is believed: a path may lead out of the folder, a hash may be a lie, a name may promise another type.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import ValidationError

from function_runner.probe import Probe, probe
from studio_sdk.contract import OutputFile, Result
from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline
from studio_sdk.types import SocketType
from studio_sdk.wire import OutputRef

_LONGEST_RESULT: Final = 1024 * 1024


@dataclass(frozen=True)
class Found:
    """An output that is as long and hashes as was said; `look` will tell whether it is of its type."""

    name: str
    path: Path
    file: BufferedReader
    oid: str
    size: int
    look: Probe

    def close(self) -> None:
        """Let go of the file, and of a look at it that nobody waited for."""
        self.file.close()
        self.look.drop()

    def ref(self, mime: str) -> OutputRef:
        """Return what the studio is told of it."""
        return OutputRef(socket=self.name, oid=self.oid, size=self.size, mime=mime, suffix=self.path.suffix.lower())


def result(folder: Path) -> Result:
    """Return the result of a run. Raises OUTPUT_INVALID where there is none that can be read."""
    try:
        with _open(folder, "outputs/result.json") as file:
            text = file.read(_LONGEST_RESULT + 1)
    except FileNotFoundError as why:
        raise StudioError(Code.OUTPUT_INVALID, "The pipeline ended without a result.") from why
    if len(text) > _LONGEST_RESULT:
        raise StudioError(Code.OUTPUT_INVALID, "The pipeline's result is too long.", detail="more than 1 MiB")
    try:
        return Result.model_validate_json(text)
    except ValidationError as why:
        raise StudioError(Code.OUTPUT_INVALID, "The pipeline's result cannot be read.", detail=str(why)) from why


def outputs(folder: Path, manifest: Pipeline, found: Result) -> list[Found]:
    """Return the checked outputs and then the companions, opened; the caller closes them. Raises OUTPUT_INVALID."""
    names = [entry.name for entry in found.outputs]
    if sorted(names) != sorted(manifest.outputs):
        raise StudioError(
            Code.OUTPUT_INVALID,
            "The pipeline did not give what it declares.",
            detail=f"declared {', '.join(manifest.outputs)}; given {', '.join(names) or 'nothing'}",
        )
    beside = [entry.name for entry in found.companions]
    if len(set(beside)) != len(beside) or set(beside) - manifest.companions.keys():
        raise StudioError(
            Code.OUTPUT_INVALID,
            "The pipeline gave files to keep beside the take that it does not declare.",
            detail=f"declared {', '.join(manifest.companions) or 'none'}; given {', '.join(beside)}",
        )
    entries = [*found.outputs, *found.companions]
    kinds = {name: one.type for name, one in (manifest.outputs | manifest.companions).items()}
    room = manifest.limits.output_mb * 1024 * 1024
    if sum(entry.bytes for entry in entries) > room:
        raise too_large(manifest)
    checked: list[Found] = []
    try:
        checked.extend(_checked(folder, kinds[entry.name], entry) for entry in entries)
    except StudioError:
        for output in checked:
            output.close()
        raise
    return checked


def too_large(manifest: Pipeline) -> StudioError:
    """Return the error for a pipeline that wrote more than its manifest allows."""
    limit = manifest.limits.output_mb
    return StudioError(Code.OUTPUT_INVALID, f"{manifest.title} wrote more than the {limit} MB it declares.")


def written(folder: Path) -> int:
    """Return how many bytes lie in the outputs and scratch of a run that may still be writing."""
    total = 0
    for top in ("outputs", "scratch"):
        for place, _, names in os.walk(folder / top):
            for name in names:
                try:
                    total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 - called often
                except FileNotFoundError:
                    continue
    return total


def _checked(folder: Path, kind: SocketType, entry: OutputFile) -> Found:
    try:
        file = _open(folder, entry.path)
    except FileNotFoundError as why:
        raise StudioError(Code.OUTPUT_INVALID, f"The output {entry.name} is missing.", detail=entry.path) from why
    path = folder / entry.path
    size = os.fstat(file.fileno()).st_size
    oid = hashlib.file_digest(file, "sha256").hexdigest()
    if (oid, size) != (entry.sha256, entry.bytes):
        file.close()
        raise StudioError(
            Code.OUTPUT_INVALID,
            f"The output {entry.name} is not the one the result describes.",
            detail=f"{entry.path} has {size} bytes and SHA-256 {oid}, the result says {entry.bytes} and {entry.sha256}",
        )
    try:
        return Found(entry.name, path, file, oid, size, probe(kind, path))
    except StudioError:
        file.close()
        raise


def _open(folder: Path, said: str) -> BufferedReader:
    """Open a regular file under outputs/ without following a link anywhere on the way. Raises OUTPUT_INVALID."""
    parts = PurePosixPath(said).parts
    if len(parts) < 2 or parts[0] != "outputs" or ".." in parts:  # noqa: PLR2004 - a folder and a file
        raise StudioError(Code.OUTPUT_INVALID, "An output lies outside the outputs folder.", detail=said)
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
            os.close(here)
            here = inner
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        opened = os.open(parts[-1], flags, dir_fd=here)
    except FileNotFoundError:
        raise
    except OSError as why:
        raise StudioError(Code.OUTPUT_INVALID, "An output is a link, or lies behind one.", detail=said) from why
    finally:
        os.close(here)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise StudioError(Code.OUTPUT_INVALID, "An output is not a regular file.", detail=said)
    return os.fdopen(opened, "rb")
