"""Which files were committed so recently that a user's own git may still undo it, and since when.

`git commit` reads the index before it locks it. One that began just before a take landed writes the old index back, and
the commit after that takes the file out of the history. So what was committed is looked at again a little later.
"""

import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from studio_server.library.disk import guarded, write_whole

_NAME = "unsettled.json"


class Waiting(NamedTuple):
    """The blob a path was committed with, and when, in seconds since 1970."""

    blob: str
    since: float


def read(own: Path) -> dict[str, Waiting]:
    """Return what is still to be looked at again, by path; `own` is the studio's folder below .git."""
    try:
        known = json.loads((own / _NAME).read_bytes())
    except (FileNotFoundError, ValueError):  # torn by a power cut: nothing of that hour is still under way
        return {}
    return {str(path): Waiting(str(blob), float(since)) for path, (blob, since) in known.items()}


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
