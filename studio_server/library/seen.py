"""What the studio last knew of a project folder: its canvas at the last checkpoint, and marks to notice changes by.

The copy of the canvas is the project's auto-save: what was last good, to compare a file with that somebody else has
changed, and to go back to by hand.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from studio_server.domain.graph import Graph
from studio_server.domain.project import AUTO_SAVES
from studio_server.domain.shots import shot_folder
from studio_server.library import formats, scan
from studio_server.library.disk import NOTHING, Mark, folder_below, guarded, mark, read_text_file, write_whole
from studio_server.library.folder import ProjectFolder

_TICK_NS: Final = 2_000_000_000
"""What was changed so shortly before a look may have been changed again after it without another time on it."""

_RESTLESS_S: Final = 60
"""So long after its last change a file may still be growing, and another may have come within the same tick of the
clock: the folder's own mark shows neither."""


@dataclass(frozen=True)
class ShotStamp:
    """A mark of a shot's folder: of itself, and of each file in it (name, bytes, time of change in ns).

    Of a folder whose files were not looked at yet it says since when (`unseen_since`, ns since 1970).
    """

    folder: Mark = NOTHING
    files: tuple[tuple[str, int, int], ...] = ()
    unseen_since: int = 0

    def is_as(self, before: "ShotStamp") -> bool:
        """Whether the files are those of an earlier mark, as far as that one tells."""
        if not before.unseen_since:
            return self.files == before.files
        newest = max((changed for _, _, changed in self.files), default=0)
        return self.folder == before.folder and newest < before.unseen_since - _TICK_NS

    def may_be_old(self, folder: ProjectFolder, scene: str, code: str, now: datetime) -> bool:
        """Whether the files are worth a look: a cheap question, asked of every shot all the time."""
        if self.unseen_since:
            return _mark(folder, shot_folder(scene, code)) != self.folder
        newest = max((changed for _, _, changed in self.files), default=0)
        restless = any(abs(now.timestamp() - changed / 1e9) < _RESTLESS_S for changed in (self.folder[0], newest))
        return restless or _mark(folder, shot_folder(scene, code)) != self.folder


def canvas_mark(folder: ProjectFolder) -> Mark:
    """Return a mark that changes when the canvas file does; NOTHING while it is not there."""
    return _mark(folder, folder.manifest().canvas_path)


def shot_stamp(folder: ProjectFolder, scene: str, code: str) -> ShotStamp:
    """Return a mark that changes when a file enters or leaves a shot's folder, or grows."""
    return ShotStamp(_mark(folder, shot_folder(scene, code)), scan.file_marks(folder.root, scene, code))


def first_stamp(folder: ProjectFolder, scene: str, code: str) -> ShotStamp:
    """Return a mark of a shot whose files nobody has looked at yet: of thousands it costs one look each."""
    return ShotStamp(_mark(folder, shot_folder(scene, code)), (), time.time_ns())


def _mark(folder: ProjectFolder, path: str) -> Mark:
    return mark(f"{folder.root}/{path}")


def keep_base(folder: ProjectFolder, data: bytes) -> None:
    """Keep a copy of what the canvas file was given. Not durable: without it the file is its own base."""
    name = PurePosixPath(_copy(folder)).name
    with guarded(folder.root):
        write_whole(folder_below(folder.root, AUTO_SAVES) / name, data, durable=False)


def read_base(folder: ProjectFolder, sha256: str) -> Graph | None:
    """Return the canvas as it was when its file had this SHA-256, or None where that copy is not there."""
    try:
        data = read_text_file(folder.root / _copy(folder))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return formats.load_canvas(data, _copy(folder)) if hashlib.sha256(data).hexdigest() == sha256 else None


def _copy(folder: ProjectFolder) -> str:
    return f"{AUTO_SAVES}/{PurePosixPath(folder.manifest().canvas_path).name}"
