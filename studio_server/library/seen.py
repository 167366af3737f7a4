"""What the studio last knew of a project folder: its canvas at the last checkpoint, and marks to notice changes by.

The copy of the canvas lies in 05_Cache. With it a file that somebody else has changed can be compared with what it was.
"""

from studio_server.domain.graph import Graph
from studio_server.domain.project import CACHE
from studio_server.domain.shots import shot_folder
from studio_server.library import formats
from studio_server.library.disk import guarded, write_whole
from studio_server.library.folder import ProjectFolder

_BASE = f"{CACHE}/canvas.base"
Stamp = tuple[int, int]


def canvas_stamp(folder: ProjectFolder) -> Stamp:
    """Return a mark that changes when the canvas file does; (0, 0) while it is not there."""
    return _stamp(folder, folder.manifest().canvas_path)


def shot_stamp(folder: ProjectFolder, scene: str, code: str) -> Stamp:
    """Return a mark that changes when a file enters or leaves a shot's folder."""
    return _stamp(folder, shot_folder(scene, code))


def _stamp(folder: ProjectFolder, path: str) -> Stamp:
    try:
        there = (folder.root / path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return (0, 0)
    return (there.st_mtime_ns, there.st_size)


def keep_base(folder: ProjectFolder, graph: Graph, sha256: str) -> None:
    """Remember the canvas as the file with this SHA-256 has it. Not durable: without it the file is its own base."""
    path = folder.root / _BASE
    with guarded(folder.root):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, sha256.encode() + b"\n" + formats.dump_canvas(graph), durable=False)


def read_base(folder: ProjectFolder, sha256: str) -> Graph | None:
    """Return the canvas as it was when its file had this SHA-256, or None where that is not remembered."""
    try:
        data = (folder.root / _BASE).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    mark, _, canvas = data.partition(b"\n")
    return formats.load_canvas(canvas, _BASE) if mark == sha256.encode() else None
