"""Every failure leaves as an `ErrorBody` with its status; what nobody foresaw is logged under its trace id."""

import logging
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from studio_sdk.errors import Code, StudioError

_log = logging.getLogger(__name__)
_BY_STATUS = {404: Code.NOT_FOUND, 405: Code.NOT_FOUND, 401: Code.UNAUTHENTICATED, 403: Code.NOT_PERMITTED}


def answer(error: StudioError) -> JSONResponse:
    """Return an error as an HTTP answer."""
    trace_id = uuid4().hex
    _log.info("%s %s %s (%s)", error.code, error.message, error.detail, trace_id)
    return JSONResponse(error.body(trace_id).model_dump(mode="json"), error.status)


def install(app: FastAPI) -> None:
    """Handle every kind of failure of the routes of an app."""

    @app.exception_handler(StudioError)
    def _known(_request: Request, error: StudioError) -> JSONResponse:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    def _contract(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part != "body")
        return answer(
            StudioError(Code.CONTRACT_MISMATCH, f"{field or 'The request'}: {first['msg']}", field=field or None)
        )

    @app.exception_handler(HTTPException)
    def _plain(_request: Request, error: HTTPException) -> JSONResponse:
        code = _BY_STATUS.get(error.status_code, Code.CONTRACT_MISMATCH)
        return answer(StudioError(code, str(error.detail)))

    @app.exception_handler(Exception)
    def _unforeseen(request: Request, error: Exception) -> JSONResponse:
        trace_id = uuid4().hex
        _log.error("%s %s failed (%s)", request.method, request.url.path, trace_id, exc_info=error)
        known = StudioError(Code.INTERNAL, "Something went wrong in the studio.", detail=type(error).__name__)
        return JSONResponse(known.body(trace_id).model_dump(mode="json"), known.status)
