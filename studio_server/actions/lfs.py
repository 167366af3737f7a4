"""Media for people's own git-lfs: what is there, what may be sent, bytes in and out of a project's object store.

What is uploaded waits in 05_Cache until a push names it; then it becomes part of the film.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.actions import push
from studio_server.actions.studio import Studio
from studio_server.library import pushing
from studio_server.library.lfs import Pointer
from studio_server.library.objects import Incoming

AT_ONCE: Final = 1000
"""So many files may be asked for in one batch; git-lfs asks for a hundred."""


class Known(NamedTuple):
    """A file that is asked for: SHA-256, size in bytes, whether its bytes are here, and why it may not be sent."""

    oid: str
    size: int
    is_here: bool
    fault: str = ""


def known(studio: Studio, project_id: str, wanted: Sequence[tuple[str, int]]) -> list[Known]:
    """Return which media of a project are here. Raises NOT_FOUND, or VALIDATION_ERROR for too many at once."""
    folder = push.opened(studio, project_id)
    if len(wanted) > AT_ONCE:
        raise StudioError(Code.VALIDATION_ERROR, f"Ask for at most {AT_ONCE} files at once.")
    most = studio.settings.upload_limit
    words = f"It is larger than the {most // 10**6} MB that may be brought in (STUDIO_UPLOAD_LIMIT_MB)."
    return [
        Known(oid, size, pushing.has(folder, Pointer(oid, size)), words if size > most else "") for oid, size in wanted
    ]


def take_in(studio: Studio, project_id: str, oid: str, chunks: Iterable[bytes]) -> None:
    """Take the bytes of a file in.

    Raises VALIDATION_ERROR where they are not those of its SHA-256, UPLOAD_TOO_LARGE or STORAGE_FULL; nothing is left.
    """
    folder = push.opened(studio, project_id)
    incoming = Incoming(folder.root, studio.settings.upload_limit)
    try:
        for chunk in chunks:
            incoming.write(chunk)
    except BaseException:
        incoming.discard()
        raise
    try:
        incoming.keep(oid)
    except StudioError as wrong:
        if wrong.code is Code.OUTPUT_INVALID:
            raise StudioError(Code.VALIDATION_ERROR, wrong.message, detail=wrong.detail) from wrong
        raise


def verify(studio: Studio, project_id: str, oid: str, size: int) -> None:
    """Raise FILE_NOT_FOUND where a file has not arrived whole."""
    if not known(studio, project_id, [(oid, size)])[0].is_here:
        raise StudioError(Code.FILE_NOT_FOUND, "The file has not arrived.", detail=f"sha256 {oid}")


def bytes_of(studio: Studio, project_id: str, oid: str) -> Path:
    """Return where the bytes of a file of a project lie, brought there from where they are kept.

    Raises NOT_FOUND, FILE_NOT_FOUND or STORAGE_UNREACHABLE.
    """
    return push.opened(studio, project_id).vault.bring(oid)
