"""The built web client: hashed files for a year, everything else fresh, unknown addresses get the page itself."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse
from starlette.responses import Response

from studio_sdk.errors import Code, StudioError
from studio_server.web.errors import answer

_PAGE: Final = "200.html"
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}


def serve(app: FastAPI, web_dir: Path) -> None:
    """Serve the client of a folder at every address that no route has taken."""
    root = web_dir.resolve()

    @app.get("/{path:path}", include_in_schema=False, response_model=None)
    def page(path: str, request: Request) -> Response:
        if path.startswith(("api/", "_app/")) and not _inside(root, path):
            return answer(StudioError(Code.NOT_FOUND, "There is nothing at this address.", detail=path))
        name = path if path and _inside(root, path) else _PAGE
        if not (root / name).is_file():
            return answer(
                StudioError(Code.DEPENDENCY_MISSING, "The web client is not built yet.", detail="Run `make setup`.")
            )
        return _file(root / name, request, forever=name.startswith("_app/immutable/"))


def _inside(root: Path, path: str) -> bool:
    try:
        target = (root / path).resolve()
        return target.is_relative_to(root) and target.is_file()
    except (OSError, ValueError):  # a name too long for any file, or with a zero byte in it
        return False


def _file(path: Path, request: Request, *, forever: bool) -> FileResponse:
    accepted = request.headers.get("accept-encoding", "")
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if forever else "no-cache",
        "Vary": "Accept-Encoding",
    }
    chosen = path
    for encoding, suffix in _ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if encoding in accepted and packed.is_file():
            headers["Content-Encoding"] = encoding
            chosen = packed
            break
    return FileResponse(chosen, headers=headers, media_type=_TYPES.get(path.suffix, "application/octet-stream"))
