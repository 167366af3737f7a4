"""The HTTP routes of a ComfyUI, one method each, typed; what they answer is believed only where it has their form.

Nothing is tried again here but what cannot do harm; `run` decides what a silence means.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx

from studio_sdk.comfy.address import Address
from studio_sdk.comfy.schema import Schemas
from studio_sdk.comfy.states import File, JobState, State, of_history, of_job
from studio_sdk.fields import Fail
from studio_sdk.names import Code

OK: Final = 200
_REFUSED, _MISSING, _TOO_LARGE, _FAULT = 400, 404, 413, 500
_UPLOAD: Final = httpx.Timeout(300, connect=5)


class Away(Exception):  # noqa: N818 - it may be back in a moment
    """The server cannot be reached (`refused`: nobody listens there) or is too busy to answer."""

    def __init__(self, cause: str, *, refused: bool) -> None:
        super().__init__(cause)
        self.refused = refused


@dataclass(frozen=True)
class Stats:
    """What GET /system_stats tells: the version, and each device with its memory in bytes."""

    version: str
    devices: tuple[tuple[str, int, int], ...]
    """Name, memory in all and memory free."""

    @property
    def vram_gb(self) -> int:
        """Return the memory of the largest device in whole GB."""
        return max((round(total / 2**30) for _, total, _ in self.devices), default=0)


@dataclass(frozen=True)
class Posted:
    """An accepted prompt; `node_errors` are those of outputs that will not run."""

    prompt_id: str
    node_errors: Mapping[str, Any]


@dataclass(frozen=True)
class Rejected:
    """A prompt that was refused: the server's words, and its errors by node."""

    error: Mapping[str, Any]
    node_errors: Mapping[str, Any]


class Api:
    """One server. Every method raises `Away` where it cannot be reached and `Fail` where what answers is no ComfyUI."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._http = address.http()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _why: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._http.close()

    def stats(self) -> Stats:
        """Return version and devices."""
        told = self._json(self._ask("GET", "/system_stats"))
        try:
            devices = tuple((str(d["name"]), int(d["vram_total"]), int(d["vram_free"])) for d in told["devices"])
            return Stats(str(told["system"]["comfyui_version"]), devices)
        except (KeyError, TypeError, ValueError) as why:
            raise self._stranger(f"/system_stats: {why!r}") from why

    def schemas(self) -> Schemas:
        """Return what every node takes and gives."""
        return Schemas(self._json(self._ask("GET", "/object_info")))

    def most_upload(self) -> int | None:
        """Return how many bytes a file may have, None where the server does not say."""
        told = self._json(self._ask("GET", "/features"))
        most = told.get("max_upload_size")
        return int(most) if isinstance(most, int | float) else None

    def post(
        self, graph: Mapping[str, Any], prompt_id: str, client_id: str, tags: Mapping[str, str]
    ) -> Posted | Rejected:
        """Put a graph into the server's queue under an id of our own."""
        body = {"prompt": graph, "prompt_id": prompt_id, "client_id": client_id, "extra_data": {"studio": dict(tags)}}
        answer = self._ask("POST", "/prompt", json=body)
        if answer.status_code not in {OK, _REFUSED}:
            raise self._stranger(f"POST /prompt answered {answer.status_code}: {answer.text[:500]}")
        told = self._json(answer, allowed=(OK, _REFUSED))
        if answer.status_code == OK and isinstance(told.get("prompt_id"), str):
            return Posted(told["prompt_id"], told.get("node_errors") or {})
        return Rejected(told.get("error") or {}, told.get("node_errors") or {})

    def job(self, prompt_id: str) -> JobState:
        """Return where a job is; on servers without /api/jobs by the queue and then the history, in this order."""
        answer = self._ask("GET", f"/api/jobs/{prompt_id}")
        if answer.status_code == OK:
            try:
                return of_job(self._json(answer))
            except (KeyError, ValueError) as why:
                raise self._stranger(f"/api/jobs: {why!r}") from why
        if answer.status_code == _MISSING and _is_json(answer):
            return JobState(State.UNKNOWN)
        if answer.status_code != _MISSING:
            raise self._stranger(f"/api/jobs answered {answer.status_code}: {answer.text[:500]}")
        queue = self._json(self._ask("GET", "/queue"))
        for name, state in (("queue_running", State.RUNNING), ("queue_pending", State.PENDING)):
            if any(row[1] == prompt_id for row in queue.get(name, ())):
                return JobState(state)
        history = self._json(self._ask("GET", f"/history/{prompt_id}"))
        return of_history(history[prompt_id]) if prompt_id in history else JobState(State.UNKNOWN)

    def cancel(self, prompt_id: str) -> None:
        """Take a job out of the queue or stop it, this one and no other."""
        answer = self._ask("POST", f"/api/jobs/{prompt_id}/cancel")
        if answer.status_code == _MISSING:
            self._ask("POST", "/queue", json={"delete": [prompt_id]})
            self._ask("POST", "/interrupt", json={"prompt_id": prompt_id})

    def free(self) -> None:
        """Let the server unload its models before the next job."""
        self._ask("POST", "/free", json={"unload_models": True, "free_memory": True})

    def holds(self, file: File, size: int) -> bool:
        """Whether the server has a file of this name and size (bytes)."""
        answer = self._ask("GET", "/view", params=file.query(), headers={"Range": "bytes=0-0"})
        if answer.status_code not in {OK, 206}:
            return False
        told: str = answer.headers.get("content-range", "").rpartition("/")[2]
        return (told or answer.headers.get("content-length", "")) == str(size)

    def upload(self, path: Path, file: File) -> File:
        """Send a file under a name; return the name that the server gave it."""
        form = {"overwrite": "true", "subfolder": file.subfolder, "type": file.type}
        with path.open("rb") as content:
            sent = {"image": (file.filename, content)}
            answer = self._ask("POST", "/upload/image", data=form, files=sent, timeout=_UPLOAD)
        if answer.status_code == _TOO_LARGE:
            raise Fail(
                Code.UPLOAD_TOO_LARGE,
                f"{path.name} is larger than ComfyUI takes.",
                detail=f"{answer.text[:200]} Start ComfyUI with --max-upload-size 2048.",
            )
        if answer.status_code >= _FAULT:
            detail = f"POST /upload/image answered {answer.status_code}: {answer.text[:300]}. Is its disk full?"
            words = "ComfyUI could not store a file. Free space on its machine, in its output and input folders."
            raise Fail(Code.STORAGE_FULL, words, detail=detail)
        told = self._json(answer)
        return File(str(told["name"]), str(told.get("subfolder", "")), str(told.get("type", "input")))

    @contextmanager
    def stream(self, file: File, start: int) -> Iterator[httpx.Response]:
        """Open the download of a file from a byte on. Raises httpx.TransportError where the line breaks."""
        headers = {"Range": f"bytes={start}-"} if start else {}
        with self._http.stream("GET", "/view", params=file.query(), headers=headers) as answer:
            yield answer

    def _ask(self, method: str, path: str, **words: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **words)
        except httpx.ConnectError as why:
            raise Away(f"{method} {path}: {why}", refused=True) from why
        except httpx.TransportError as why:
            raise Away(f"{method} {path}: {why!r}", refused=False) from why
        if answer.status_code in {502, 503, 504}:
            # A job's door tells of a server where nobody listens with a body of JSON, which no proxy sends.
            door = _is_json(answer)
            cause = f": {answer.text[:300]}" if door else ""
            raise Away(f"{method} {path} answered {answer.status_code}{cause}", refused=door)
        return answer

    def _json(self, answer: httpx.Response, allowed: tuple[int, ...] = (OK,)) -> dict[str, Any]:
        try:
            told = json.loads(answer.content) if answer.status_code in allowed else None
        except ValueError:
            told = None
        if not isinstance(told, dict):
            kind = answer.headers.get("content-type", "?")
            words = f"{answer.request.method} {answer.request.url.path} answered {answer.status_code} ({kind}): "
            raise self._stranger(words + answer.text[:300])
        return told

    def _stranger(self, detail: str) -> Fail:
        words = "What answers at ComfyUI's address is not a ComfyUI that this studio understands."
        return Fail(Code.ENGINE_OFFLINE, words, detail=f"{self.address}: {detail}")


def _is_json(answer: httpx.Response) -> bool:
    try:
        return isinstance(json.loads(answer.content), dict)
    except ValueError:
        return False
