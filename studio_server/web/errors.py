"""Every failure leaves as an `ErrorBody` with its status; what nobody foresaw is logged under its trace id."""

import logging
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from studio_sdk.errors import Code, StudioError

_log = logging.getLogger(__name__)
_REALM = 'Basic realm="Production Canvas", charset="UTF-8"'
_WHO = 401
_BY_STATUS = {404: Code.NOT_FOUND, 405: Code.NOT_FOUND, 401: Code.UNAUTHENTICATED, 403: Code.NOT_PERMITTED}


def answer(error: StudioError, path: str = "") -> Response:
    """Return an error as an HTTP answer; below /git/ in the form that git clients show to people."""
    trace_id = uuid4().hex
    _log.info("%s %s %s (%s)", error.code, error.message, error.detail, trace_id)
    body = error.body(trace_id).model_dump(mode="json")
    if not path.startswith("/git/"):
        return JSONResponse(body, error.status)
    asks = {"WWW-Authenticate": _REALM, "LFS-Authenticate": _REALM} if error.status == _WHO else None
    if "/info/lfs/" in path:
        return JSONResponse(body, error.status, asks, media_type="application/vnd.git-lfs+json")
    return PlainTextResponse(f"Production Canvas: {error.message}\n", error.status, asks)


def install(app: FastAPI) -> None:
    """Handle every kind of failure of the routes of an app."""

    @app.exception_handler(StudioError)
    def _known(request: Request, error: StudioError) -> Response:
        return answer(error, request.url.path)

    @app.exception_handler(RequestValidationError)
    def _contract(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part != "body")
        words = f"{field or 'The request'}: {first['msg']}"
        return answer(StudioError(Code.CONTRACT_MISMATCH, words, field=field or None), request.url.path)

    @app.exception_handler(HTTPException)
    def _plain(request: Request, error: HTTPException) -> Response:
        code = _BY_STATUS.get(error.status_code, Code.CONTRACT_MISMATCH)
        return answer(StudioError(code, str(error.detail)), request.url.path)

    @app.exception_handler(Exception)
    def _unforeseen(request: Request, error: Exception) -> JSONResponse:
        trace_id = uuid4().hex
        _log.error("%s %s failed (%s)", request.method, request.url.path, trace_id, exc_info=error)
        known = StudioError(Code.INTERNAL, "Something went wrong in the studio.", detail=type(error).__name__)
        return JSONResponse(known.body(trace_id).model_dump(mode="json"), known.status)
