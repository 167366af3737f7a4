"""What the studio last knew of a project folder: its canvas at the last checkpoint, and marks to notice changes by.

The copy of the canvas is the project's auto-save: what was last good, to compare a file with that somebody else has
changed, and to go back to by hand.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from studio_server.domain.graph import Graph
from studio_server.domain.project import AUTO_SAVES
from studio_server.domain.shots import shot_folder
from studio_server.library import formats, scan
from studio_server.library.disk import folder_below, guarded, read_text_file, write_whole
from studio_server.library.folder import ProjectFolder

Stamp = tuple[int, int]

NOTHING: Final[Stamp] = (0, 0)
"""The mark of what is not there."""

_RESTLESS_S: Final = 60
"""So long after its last change a file may still be growing, which its folder's own mark does not show."""


@dataclass(frozen=True)
class ShotStamp:
    """A mark of a shot's folder: of itself, and of each file in it (name, bytes, time of change in ns)."""

    folder: Stamp = NOTHING
    files: tuple[tuple[str, int, int], ...] = ()

    def may_be_old(self, folder: ProjectFolder, scene: str, code: str, now: datetime) -> bool:
        """Whether the files are worth a look: a cheap question, asked of every shot all the time."""
        newest = max((changed for _, _, changed in self.files), default=0)
        restless = abs(now.timestamp() - newest / 1e9) < _RESTLESS_S
        return restless or _stamp(folder, shot_folder(scene, code)) != self.folder


def canvas_stamp(folder: ProjectFolder) -> Stamp:
    """Return a mark that changes when the canvas file does; NOTHING while it is not there."""
    return _stamp(folder, folder.manifest().canvas_path)


def shot_stamp(folder: ProjectFolder, scene: str, code: str) -> ShotStamp:
    """Return a mark that changes when a file enters or leaves a shot's folder, or grows."""
    return ShotStamp(_stamp(folder, shot_folder(scene, code)), scan.file_marks(folder.root, scene, code))


def _stamp(folder: ProjectFolder, path: str) -> Stamp:
    try:
        there = os.stat(f"{folder.root}/{path}")  # noqa: PTH116 - asked of every shot all the time
    except (FileNotFoundError, NotADirectoryError):
        return NOTHING
    return (there.st_mtime_ns, there.st_size)


def keep_base(folder: ProjectFolder) -> None:
    """Keep a copy of the canvas file as it lies there. Not durable: without it the file is its own base."""
    source = folder.root / folder.manifest().canvas_path
    with guarded(folder.root):
        write_whole(folder_below(folder.root, AUTO_SAVES) / source.name, read_text_file(source), durable=False)


def read_base(folder: ProjectFolder, sha256: str) -> Graph | None:
    """Return the canvas as it was when its file had this SHA-256, or None where that copy is not there."""
    try:
        data = read_text_file(folder.root / _copy(folder))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return formats.load_canvas(data, _copy(folder)) if hashlib.sha256(data).hexdigest() == sha256 else None


def _copy(folder: ProjectFolder) -> str:
    return f"{AUTO_SAVES}/{PurePosixPath(folder.manifest().canvas_path).name}"
