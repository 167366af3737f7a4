"""Which files were committed so recently that a user's own git may still undo it, and since when.

`git commit` reads the index before it locks it. One that began just before a take landed writes the old index back, and
the commit after that takes the file out of the history. So what was committed is looked at again a little later.
"""

import json
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from studio_server.library.disk import guarded, write_whole
from studio_server.library.names import wrong_with

_NAME = "unsettled.json"
_BLOB = re.compile(r"[0-9a-f]{40}")


class Waiting(NamedTuple):
    """The blob a path was committed with, and when, in seconds since 1970."""

    blob: str
    since: float


def read(own: Path) -> dict[str, Waiting]:
    """Return what is still to be looked at again, by path; `own` is the studio's folder below .git."""
    try:
        known = json.loads((own / _NAME).read_bytes())
        found = {str(path): Waiting(str(blob), float(since)) for path, (blob, since) in known.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}  # torn by a power cut, nothing of that hour is still under way; or not the studio's
    return {path: one for path, one in found.items() if wrong_with(path) is None and _BLOB.fullmatch(one.blob)}


def note(own: Path, blobs: Mapping[str, str]) -> None:
    """Remember that these were committed (or put back) now."""
    now = time.time()
    _write(own, read(own) | {path: Waiting(blob, now) for path, blob in blobs.items()})


def drop(own: Path, paths: Iterable[str]) -> None:
    """Forget about these."""
    gone = set(paths)
    known = read(own)
    if gone & set(known):
        _write(own, {path: waiting for path, waiting in known.items() if path not in gone})


def _write(own: Path, known: Mapping[str, Waiting]) -> None:
    with guarded(own):
        write_whole(own / _NAME, json.dumps(known).encode(), durable=False)
