"""A running studio as a program outside it sees it: its addresses under /api/v1, with a token, errors as StudioError.

All commands of this package ask through here. It knows nothing of databases or folders and follows no redirect, so that
a token is shown to the address that was named and to nobody else.
"""

import ipaddress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote, urlsplit

import httpx

from studio_sdk.errors import Code, ErrorBody, StudioError

Json = dict[str, Any]

_PATIENCE: Final = httpx.Timeout(60, connect=10)
_NOT_SIGNED_IN: Final = (
    "Name a token in STUDIO_TOKEN, or its file with --token-file. People make them on the People page."
)


class Api:
    """One studio at one address. Close it, or use it in a `with`."""

    def __init__(self, url: str, token: str = "") -> None:
        found = urlsplit(url)
        if found.scheme not in {"http", "https"} or not found.hostname:
            raise StudioError(Code.VALIDATION_ERROR, f"{url} is no address of a studio, such as http://127.0.0.1:8000.")
        self.url = url.rstrip("/")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=_PATIENCE)
        self.open_to_readers = bool(token) and found.scheme == "http" and not _is_here(found.hostname)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._client.close()

    def answers(self) -> bool:
        """Whether a studio is there, whoever asks."""
        try:
            return bool(self._client.get("/health", headers={"authorization": ""}).json()["version"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return False

    def get(self, path: str, **query: Any) -> Any:
        """Return what an address tells. Raises StudioError as the studio says, DEPENDENCY_MISSING where it is away."""
        return self._ask("GET", path, params=query).json()

    def post(self, path: str, body: Json) -> Any:
        """Have something done and return the answer, None where there is none; raises as `get` does."""
        return _said(self._ask("POST", path, json=body))

    def patch(self, path: str, body: Json) -> Any:
        """Have something changed and return the answer; raises as `get` does."""
        return _said(self._ask("PATCH", path, json=body))

    def file(self, url: str) -> tuple[bytes, str]:
        """Return the bytes and the media type of a file that an answer gave the address of."""
        answer = self._ask("GET", f"{self.url}{url}")
        return answer.content, answer.headers.get("content-type", "application/octet-stream")

    def project(self, name: str) -> Json:
        """Return the project with this id, title or folder. Raises NOT_FOUND, or VALIDATION_ERROR for several."""
        listed: list[Json] = self.get("/projects")
        for field in ("id", "slug", "title"):
            found = [one for one in listed if str(one[field]).casefold() == name.casefold()]
            if len(found) == 1:
                return found[0]
            if found:
                those = ", ".join(f"{one['slug']} ({one['id']})" for one in found)
                raise StudioError(
                    Code.VALIDATION_ERROR, f"Several projects are called {name}. Say which.", detail=those
                )
        known = ", ".join(str(one["title"]) for one in listed[:20]) or "none"
        raise StudioError(Code.NOT_FOUND, f"There is no project {name} here.", detail=f"There are: {known}.")

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, path, **more)
        except httpx.HTTPError as error:
            raise StudioError(
                Code.DEPENDENCY_MISSING,
                f"No studio answers at {self.url}. Start it with `make studio`, or name its address with --url.",
                detail=str(error) or type(error).__name__,
            ) from error
        if not answer.is_success:
            raise _refused(answer, self.url)
        return answer


def part(text: str) -> str:
    """Return a text as one piece of an address."""
    return quote(text, safe="")


def token_of(given: str, file: Path | None) -> str:
    """Return the token that was given, or that a file holds. Raises FILE_NOT_FOUND."""
    if file is None:
        return given
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StudioError(Code.FILE_NOT_FOUND, f"The token's file {file} cannot be read.", detail=str(error)) from error


def _said(answer: httpx.Response) -> Any:
    return answer.json() if answer.content else None


def _refused(answer: httpx.Response, url: str) -> StudioError:
    try:
        told = ErrorBody.model_validate({name: value for name, value in answer.json().items() if name != "current"})
    except (ValueError, AttributeError):
        return StudioError(
            Code.DEPENDENCY_MISSING,
            f"What answers at {url} is no studio, or something stands between.",
            detail=f"{answer.request.method} {answer.request.url.path}: {answer.status_code}",
        )
    detail = told.detail or (_NOT_SIGNED_IN if told.error is Code.UNAUTHENTICATED else "")
    return StudioError(
        told.error,
        told.message,
        detail=detail,
        field=told.context.field,
        node_id=told.context.node_id,
        task_id=told.context.task_id,
    )


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
