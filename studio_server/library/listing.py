"""What was known of a shot's takes, kept in 05_Cache: after a restart ten thousand sidecars need not be read again.

It holds for as long as the shot's folder and the files that tell of its takes keep their marks. Whoever deletes it
loses nothing, and what is not written, or written by another studio, is read from the folder as ever.
"""

import hashlib
import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from studio_sdk.errors import StudioError
from studio_server.domain.project import CACHE, RENDERS
from studio_server.domain.shots import Take
from studio_server.library.disk import folder_below, read_text_file, write_whole

FOLDER: Final = f"{CACHE}/listing"

Mark = tuple[int, int, int]
"""Time of change in ns, bytes, and the number of the file on its disk."""


class Listing(BaseModel):
    """The takes of a shot: the mark of its folder, of each file that tells of one by its name, and what they tell."""

    model_config = ConfigDict(frozen=True)

    form: str
    folder: Mark
    files: tuple[tuple[str, Mark], ...]
    takes: tuple[Take, ...]


@cache
def form() -> str:
    """Return what a take is to this studio, as a hash: what another one kept may lack something."""
    return hashlib.sha256(json.dumps(Take.model_json_schema(), sort_keys=True).encode()).hexdigest()[:16]


def read(root: Path, shot: str) -> Listing | None:
    """Return what was kept of a shot by its folder's path in the project, or None."""
    try:
        found = Listing.model_validate_json(read_text_file(root / _place(shot)))
    except (OSError, ValidationError, StudioError):
        return None
    return found if found.form == form() else None


def write(root: Path, shot: str, listing: Listing) -> None:
    """Keep it. A disk that is full or read-only only costs reading the sidecars again."""
    with suppress(OSError, StudioError):
        folder, _, name = _place(shot).rpartition("/")
        write_whole(folder_below(root, folder) / name, listing.model_dump_json(by_alias=True).encode(), durable=False)


def _place(shot: str) -> str:
    return f"{FOLDER}/{shot.removeprefix(f'{RENDERS}/')}.json"
