"""Files to the server, named by their content, and back from it, whole or not at all."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx

from studio_sdk.comfy.api import Api, Away
from studio_sdk.comfy.states import File
from studio_sdk.fields import Fail
from studio_sdk.names import Code

_TRIES: Final = 5
_PIECE: Final = 1 << 20
_PARTIAL, _OK, _GONE = 206, 200, 404
_NOT_THAT_FAR: Final = 416


def name_of(path: Path, folder: str) -> File:
    """Return what a file is called on the server: by its content, so that nothing is sent twice or mistaken."""
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return File(f"{digest[:16]}{path.suffix.lower()}", folder, "input")


def send(api: Api, path: Path, folder: str, most: int | None) -> File:
    """Send a file where the server has not got it; return its name there. `most` is the largest it takes, in bytes."""
    size = path.stat().st_size
    if most is not None and size > most:
        raise Fail(
            Code.UPLOAD_TOO_LARGE,
            f"{path.name} has {size / 1e6:.0f} MB, and this ComfyUI takes {most / 1e6:.0f} MB.",
            detail="Start ComfyUI with --max-upload-size 2048.",
        )
    file = name_of(path, folder)
    return file if api.holds(file, size) else api.upload(path, file)


def loader_value(file: File) -> str:
    """Return what a loading node is given for a sent file."""
    return f"{file.subfolder}/{file.filename}" if file.subfolder else file.filename


def fetch(api: Api, file: File, to: Path, alive: Callable[[], None]) -> Path:
    """Bring a file here: resumed where the line breaks, and under its name only when it is whole.

    Raises `Fail` where the server has it no more or the line breaks for good.
    """
    draft = to.with_name(f".{to.name}.part")
    draft.unlink(missing_ok=True)
    cause = ""
    for attempt in range(_TRIES):
        try:
            if _piece(api, file, draft):
                break
        except (httpx.TransportError, Away) as why:
            cause = repr(why)
            time.sleep(min(5.0, 0.2 * 2**attempt))
        alive()
    else:
        draft.unlink(missing_ok=True)
        raise Fail(Code.ENGINE_OFFLINE, "The result could not be fetched from ComfyUI.", detail=cause)
    with draft.open("rb") as content:
        os.fsync(content.fileno())
    draft.rename(to)
    return to


def _piece(api: Api, file: File, draft: Path) -> bool:
    """Bring what is missing of a draft; return whether it is whole now."""
    have = draft.stat().st_size if draft.exists() else 0
    with api.stream(file, have) as answer:
        if answer.status_code == _GONE:
            words = f"/view knows no {loader_value(file)} any more"
            raise Fail(Code.OUTPUT_INVALID, "ComfyUI says that it made a file and has none.", detail=words)
        if answer.status_code == _NOT_THAT_FAR:
            draft.unlink()
            return False
        if answer.status_code not in {_OK, _PARTIAL}:
            raise Away(f"GET /view answered {answer.status_code}", refused=False)
        if answer.status_code == _OK:
            have = 0
        whole = have + int(answer.headers.get("content-length", "0"))
        with draft.open("r+b" if have else "wb") as content:
            content.seek(have)
            for piece in answer.iter_raw(_PIECE):
                content.write(piece)
            content.truncate()
            return content.tell() == whole
