"""Landing a take of 1 GB, against GitPython's add and commit and against plain `git add` and `git commit`.

As benchmarks/landing.py, which has the 20 MB; plain git is measured with both sizes here. Told besides: how much the
memory of the studio's process grew, and how many bytes of the disk a take took for each of its own.
`measure()` is called by benchmarks/run.py.
"""

import random
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from git import Repo

from benchmarks.landing import AIM_RATIO, draft
from studio_server.domain.project import new_manifest
from studio_server.domain.shots import TakeName
from studio_server.library import git, objects
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import Arrived, land_take
from studio_server.library.workspace import open_workspace

NAME = "landing-large"
LARGE = 1_000_000_000
SMALL = 20_000_000
ROUNDS = {LARGE: 3, SMALL: 9}

_CHUNK = 4 << 20
_AUTHOR = git.Author("Bench", "bench@localhost")
_TEMPLATE = Path(__file__).resolve().parents[1] / "project_templates" / "default"
_POSTER = random.randbytes(60_000)


def measure() -> dict[str, object]:
    """Return milliseconds to land 1 GB, the median of three; the ratios to both peers; memory and disk."""
    large, small = _compared(LARGE), _compared(SMALL)
    return {
        "value": large["ours_ms"],
        "unit": "ms",
        "peer_value": large["gitpython_ms"],
        "aim": AIM_RATIO,
        **{name: value for name, value in large.items() if name not in {"ours_ms", "gitpython_ms"}},
        "at_20_mb": small,
    }


def _compared(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="bench-landing-") as place:
        ways: dict[str, Callable[[ProjectFolder, int, int], tuple[float, float]]] = {
            "ours": _ours,
            "gitpython": _gitpython,
            "git": _plain,
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        arriving: list[float] = []
        folders = {}
        for name in ways:
            manifest = new_manifest(uuid=str(uuid.uuid4()), title=name, created_at="2026-01-01T00:00:00Z")
            folders[name] = open_workspace(Path(place), "local").create_project(manifest, _TEMPLATE, _AUTHOR)
        before = _memory()
        for number in range(ROUNDS[size]):
            for name, way in ways.items():
                took, came = way(folders[name], size, number)
                times[name].append(took)
                if name == "ours":
                    arriving.append(came)
        grown = _memory() - before
        disk = {name: _disk(folder.root) / (size * ROUNDS[size]) for name, folder in folders.items()}
    ms = {name: statistics.median(all_of) for name, all_of in times.items()}
    hashing = statistics.median(arriving)
    print(f"  {size // 10**6} MB: {', '.join(f'{name} {value:.0f} ms' for name, value in ms.items())}", flush=True)
    return {
        "ours_ms": round(ms["ours"], 1),
        "gitpython_ms": round(ms["gitpython"], 1),
        "git_ms": round(ms["git"], 1),
        "ratio_to_gitpython": round(ms["ours"] / ms["gitpython"], 4),
        "ratio_to_git": round(ms["ours"] / ms["git"], 4),
        "arriving_with_hash_ms": round(hashing, 1),
        "memory_grown_mb": round(grown / 1e6, 1),
        "disk_per_byte": round(disk["ours"], 3),
        "disk_per_byte_git": round(disk["git"], 3),
    }


def _pieces(size: int) -> Iterator[bytes]:
    piece = random.randbytes(_CHUNK)
    for at in range(0, size, _CHUNK):
        yield at.to_bytes(8, "big") + piece[8 : min(_CHUNK, size - at)]


def _ours(folder: ProjectFolder, size: int, number: int) -> tuple[float, float]:
    still = folder.root / "05_Cache" / "poster.jpg"
    still.write_bytes(_POSTER + number.to_bytes(4, "big"))
    incoming = objects.Incoming(folder.root)
    began = time.perf_counter()
    for piece in _pieces(size):
        incoming.write(piece)
    came = time.perf_counter()
    oid, kept = incoming.keep()[1:]
    name = TakeName("01", "999", 1, number + 1)
    land_take(folder, Arrived(oid, kept, "video/mp4", ".mp4"), still, draft(f"j{number}", name), _AUTHOR)
    return (time.perf_counter() - came) * 1000, (came - began) * 1000


def _laid(folder: ProjectFolder, size: int, number: int) -> tuple[list[str], float]:
    source = folder.root / "05_Cache" / "arrived"
    with source.open("wb") as arriving:
        for piece in _pieces(size):
            arriving.write(piece)
    name = TakeName("01", "999", 1, number + 1)
    paths = [name.path(suffix) for suffix in (".mp4", ".json", ".poster.jpg")]
    began = time.perf_counter()
    (folder.root / paths[0]).parent.mkdir(parents=True, exist_ok=True)
    source.rename(folder.root / paths[0])
    (folder.root / paths[1]).write_text(draft(f"j{number}", name).model_dump_json(indent=2))
    (folder.root / paths[2]).write_bytes(_POSTER + number.to_bytes(4, "big"))
    return paths, began


_AS = ("-c", "user.name=Bench", "-c", "user.email=bench@localhost")


def _gitpython(folder: ProjectFolder, size: int, number: int) -> tuple[float, float]:
    paths, began = _laid(folder, size, number)
    repository = Repo(folder.root)
    repository.git.add("--", *paths)
    repository.git.execute(["git", *_AS, "commit", "-q", "-m", "Take"])
    return (time.perf_counter() - began) * 1000, 0.0


def _plain(folder: ProjectFolder, size: int, number: int) -> tuple[float, float]:
    paths, began = _laid(folder, size, number)
    for words in (["add", "--", *paths], [*_AS, "commit", "-q", "-m", "Take"]):
        subprocess.run(["git", "-C", str(folder.root), *words], check=True)
    return (time.perf_counter() - began) * 1000, 0.0


def _memory() -> int:
    """Return the most memory that this process ever had, in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _disk(root: Path) -> int:
    """Return the bytes that a folder takes on the disk; a file of two names counts once."""
    found = {
        (s.st_dev, s.st_ino): s.st_blocks * 512 for s in (path.stat() for path in root.rglob("*") if path.is_file())
    }
    return sum(found.values())
