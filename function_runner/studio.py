"""The runner's side of the line to the studio: register, claim, report, files, finish.

Every call either answers, raises the studio's own error, or raises ENGINE_OFFLINE when the studio stays away longer
than the call is patient. A studio that restarts costs a running job nothing.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from studio_sdk.errors import Code, ErrorBody, StudioError
from studio_sdk.wire import (
    WAITS_FOR_STORAGE,
    Claim,
    ClaimRequest,
    Finish,
    FinishAnswer,
    OutputRef,
    Registered,
    Report,
    ReportAnswer,
    WorkerInfo,
)

PATIENCE_S: Final = 600.0
"""How long a result is held for a studio that is away; then the job is left to its lease."""

_CLAIM_PATIENCE_S: Final = 20.0
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 3.0
_PASSES: Final = WAITS_FOR_STORAGE | {Code.ENGINE_OFFLINE, Code.INTERNAL}
_AWAY: Final = frozenset({500, 502, 503, 504})
_PIECE: Final = 1024 * 1024

Answer = TypeVar("Answer", bound=BaseModel)


def _always() -> bool:
    return True


class StudioLine:
    """One open line; safe to use from several threads."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/runner",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(30.0, connect=5.0),
            trust_env=False,
        )

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def register(self, info: WorkerInfo) -> Registered:
        """Tell what this worker can do and hear whether it is paused; one try."""
        return _read(Registered, self._once(lambda: self._post("/workers", info, timeout=5.0)))

    def claim(self, job_id: str, worker_id: str) -> Claim:
        """Lease a job. Raises LEASE_LOST where it is taken or over."""
        request = ClaimRequest(worker_id=worker_id)
        answer = self._patiently(lambda: self._post(f"/jobs/{job_id}/claim?keeps=true", request), _CLAIM_PATIENCE_S)
        return _read(Claim, answer)

    def report(self, job_id: str, report: Report) -> ReportAnswer:
        """Report and renew the lease; one try, because the next report says more. Raises LEASE_LOST."""
        return _read(ReportAnswer, self._once(lambda: self._post(f"/jobs/{job_id}/report", report, timeout=5.0)))

    def fetch(self, claim: Claim, oid: str, into: Path) -> None:
        """Write an input to a new file; the caller checks its hash.

        The studio may send to its bucket; the token is not shown there (httpx drops it for another address).
        """
        url = f"/jobs/{claim.job_id}/attempts/{claim.attempt}/inputs/{oid}"

        def get() -> httpx.Response:
            with self._http.stream("GET", url, follow_redirects=True) as response, into.open("wb") as file:
                if response.is_error:
                    response.read()
                    return response
                for piece in response.iter_bytes(_PIECE):
                    file.write(piece)
                return response

        self._patiently(get)

    def hand_in(self, claim: Claim, output: OutputRef, file: BinaryIO, wanted: Callable[[], bool] = _always) -> None:
        """Upload an output from its start, patiently while it is `wanted`. Raises LEASE_LOST."""
        url = f"/jobs/{claim.job_id}/attempts/{claim.attempt}/outputs/{output.oid}"
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(output.size)}

        def put() -> httpx.Response:
            file.seek(0)
            return self._http.put(url, content=_pieces(file), headers=headers)

        self._patiently(put, wanted=wanted)

    def finish(self, job_id: str, finish: Finish, wanted: Callable[[], bool] = _always) -> FinishAnswer:
        """End an attempt, patiently while its result is `wanted`. Raises LEASE_LOST."""
        timeout = 300.0  # the studio lands the take before it answers
        answer = self._patiently(lambda: self._post(f"/jobs/{job_id}/finish", finish, timeout=timeout), wanted=wanted)
        return _read(FinishAnswer, answer)

    def _post(self, url: str, message: BaseModel, timeout: float = 30.0) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        return self._http.post(url, content=message.model_dump_json(), headers=headers, timeout=timeout)

    def _once(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        try:
            response = call()
        except httpx.TransportError as why:
            raise StudioError(Code.ENGINE_OFFLINE, "The studio cannot be reached.", detail=repr(why)) from why
        if response.is_error:
            raise _error(response)
        return response

    def _patiently(
        self,
        call: Callable[[], httpx.Response],
        patience_s: float = PATIENCE_S,
        wanted: Callable[[], bool] = _always,
    ) -> httpx.Response:
        """Call until the studio answers: it may be restarting, or wait for a disk to have room."""
        until = time.monotonic() + patience_s
        pause = _FIRST_PAUSE_S
        while True:
            try:
                return self._once(call)
            except StudioError as error:
                if error.code not in _PASSES or time.monotonic() + pause > until or not wanted():
                    raise
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE_S, pause * 1.6)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _read(kind: type[Answer], response: httpx.Response) -> Answer:
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as why:
        raise StudioError(
            Code.CONTRACT_MISMATCH, "The studio's answer cannot be read: is it of another version?", detail=str(why)
        ) from why


def _error(response: httpx.Response) -> StudioError:
    """Return the studio's own error; anything else is a studio coming up or going down, or a foreign server."""
    try:
        body = ErrorBody.model_validate_json(response.content)
    except ValidationError:
        code = Code.ENGINE_OFFLINE if response.status_code in _AWAY else Code.CONTRACT_MISMATCH
        detail = f"{response.request.method} {response.request.url.path}: {response.status_code}"
        return StudioError(code, "The studio gave an answer that is not its own.", detail=detail)
    return StudioError(body.error, body.message, detail=body.detail, field=body.context.field)
