"""Landing a 20 MB take, against GitPython's `repo.git.add` + `repo.git.commit`, in an empty project and in larger ones.

Both are timed from the moment the last byte of the take has arrived in a file until media, sidecar and poster are
committed, the media in Git LFS. Ours waits until all of it is on the disk and survives a kill at any step; the peer
does neither. The studio hashes while the bytes arrive; `ratio_with_hash` counts that as if it came after. Rounds
alternate, so that both meet the same machine. `measure()` is called by benchmarks/run.py.
"""

import hashlib
import json
import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

from git import Repo

from benchmarks.run import line
from studio_sdk.types import MediaRef, Quality
from studio_server.domain.project import new_manifest
from studio_server.domain.shots import Recipe, Take, TakeDraft, TakeName, fingerprint, plain_reel
from studio_server.library import formats, git, lfs, objects
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import Arrived, land_take
from studio_server.library.workspace import open_workspace

NAME = "landing"
TAKE_BYTES = 20_000_000
POSTER_BYTES = 60_000
PROJECTS = (0, 100, 2000)
ROUNDS = 15
AIM_RATIO = 0.125

_CHUNK = 1 << 20
_AUTHOR = git.Author("Bench", "bench@localhost")
_TEMPLATE = Path(__file__).resolve().parents[1] / "project_templates" / "default"


def measure() -> dict[str, object]:
    """Return milliseconds to land a take, median of fifteen, ours and the peer's, for each size of project."""
    found: dict[str, object] = {}
    hashing = statistics.median(_hashing() for _ in range(ROUNDS))
    for takes in PROJECTS:
        with tempfile.TemporaryDirectory(prefix="bench-landing-") as place:
            ours, peer = _compare(Path(place), takes)
        print(f"  {takes} takes there: ours {_shown(ours)} ms, GitPython {_shown(peer)} ms", flush=True)
        ms, peer_ms = statistics.median(ours), statistics.median(peer)
        figures = {
            "value": round(ms, 1),
            "peer_value": round(peer_ms, 1),
            "ratio": round(ms / peer_ms, 4),
            "ratio_of_best": round(min(ours) / min(peer), 4),  # what a busy machine disturbs least
            "ratio_with_hash": round((ms + hashing) / peer_ms, 4),
        }
        found |= {"unit": "ms", "aim": AIM_RATIO, **figures} if takes == 0 else {f"with_{takes}_takes": figures}
    print(f"  hashing {TAKE_BYTES // 10**6} MB while it arrives: {hashing:.1f} ms", flush=True)
    return found


def _hashing() -> float:
    """Return the milliseconds it takes to hash a take."""
    media = random.randbytes(TAKE_BYTES)
    began = time.perf_counter()
    hashlib.sha256(media).hexdigest()
    return (time.perf_counter() - began) * 1000


def _shown(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ({min(times):.0f}-{max(times):.0f})"


def _compare(place: Path, takes: int) -> tuple[list[float], list[float]]:
    folders = []
    for name in ("ours", "peer"):
        manifest = new_manifest(uuid=str(uuid.uuid4()), title=name, created_at="2026-01-01T00:00:00Z")
        folder = open_workspace(place, "local").create_project(manifest, _TEMPLATE, _AUTHOR)
        fill(folder, takes)
        folders.append(folder)
    ours, peer = folders
    repository = Repo(peer.root)
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 1):
        media, poster = random.randbytes(TAKE_BYTES), random.randbytes(POSTER_BYTES)
        found = _ours(ours, number, media, poster), _peer(repository, number, media, poster)
        if number:  # the first round warms both
            for side, ms in zip(times, found, strict=True):
                side.append(ms)
    _check(ours, takes)
    _check(peer, takes)
    return times


def fill(folder: ProjectFolder, takes: int, size: int = 1500) -> None:
    """Put takes into a project, ten a shot and a hundred a scene, small but in every other way real."""
    files: dict[str, bytes] = {}
    for n in range(takes):
        name = TakeName(f"{n // 100 + 1:02d}", f"{n % 100 // 10 + 1:03d}", 1, n % 10 + 1)
        media = random.randbytes(size)
        oid = hashlib.sha256(media).hexdigest()
        kept = lfs.object_path(folder.root, oid)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(media)
        target = folder.root / name.path(".mp4")
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(kept, target)
        sidecar = formats.dump(
            _landed(
                draft(f"old{n}", name),
                name,
                MediaRef(path=name.path(".mp4"), oid=oid, size=len(media), mime="video/mp4"),
            )
        )
        target.with_suffix(".json").write_bytes(sidecar)
        files |= {name.path(".mp4"): lfs.pointer_text(oid, len(media)), name.path(".json"): sidecar}
    if files:
        git.commit_files(folder.root, files, "Takes", _AUTHOR)
        Repo(folder.root).git.status()  # settles the index, as any client of a person does


def _landed(told: TakeDraft, name: TakeName, media: MediaRef) -> Take:
    """Return a take as its sidecar tells of it: one that cannot be read is hashed and probed instead."""
    assert told.recipe is not None
    more = {
        "version": name.version,
        "number": name.number,
        "media": media,
        "reel": plain_reel(name) or told.id.upper().zfill(8),
    }
    return Take(**told.model_dump(by_alias=False), **more, poster=None, fingerprint=fingerprint(told.recipe))


def draft(job: str, name: TakeName) -> TakeDraft:
    """Return what a sidecar says of a take that nobody made."""
    recipe = Recipe(
        pipeline="animatic",
        pipeline_version="1.0.0",
        params={"prompt": "The ship leaves the harbour"},
        seed=1,
        quality=Quality.LOW,
        quality_requested=Quality.LOW,
    )
    return TakeDraft(
        id=job, job_id=job, scene=name.scene, code=name.code, recipe=recipe, created_at="2026-01-01T00:00:00Z"
    )


def _ours(folder: ProjectFolder, number: int, media: bytes, poster: bytes) -> float:
    still = folder.root / "05_Cache" / "poster.jpg"
    still.write_bytes(poster)
    incoming = objects.Incoming(folder.root)
    for at in range(0, len(media), _CHUNK):
        incoming.write(media[at : at + _CHUNK])
    name = TakeName("01", "999", 1, number + 1)
    began = time.perf_counter()
    oid, size = incoming.keep()[1:]
    take = land_take(folder, Arrived(oid, size, "video/mp4", ".mp4"), still, draft(f"j{number}", name), _AUTHOR)
    took = time.perf_counter() - began
    assert take.number == number + 1
    return took * 1000


def _peer(repository: Repo, number: int, media: bytes, poster: bytes) -> float:
    root = Path(repository.working_dir)
    source = root / "05_Cache" / "arrived"
    with source.open("wb") as arriving:
        for at in range(0, len(media), _CHUNK):
            arriving.write(media[at : at + _CHUNK])
    name = TakeName("01", "999", 1, number + 1)
    paths = [name.path(suffix) for suffix in (".mp4", ".json", ".poster.jpg")]
    sidecar = json.dumps(draft(f"j{number}", name).model_dump(mode="json"), indent=2)
    began = time.perf_counter()
    (root / paths[0]).parent.mkdir(parents=True, exist_ok=True)
    source.rename(root / paths[0])
    (root / paths[1]).write_text(sidecar)
    (root / paths[2]).write_bytes(poster)
    repository.git.add("--", *paths)
    repository.git.execute(
        ["git", "-c", "user.name=Bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", name.stem]
    )
    return (time.perf_counter() - began) * 1000


def _check(folder: ProjectFolder, takes: int) -> None:
    """Refuse figures of landings that are not whole: every take a pointer in the history, its bytes in LFS."""
    listed = Repo(folder.root).git.lfs("ls-files", "--long").splitlines()
    media = [words for words in listed if words.endswith(".mp4")]
    assert len(media) == takes + ROUNDS + 1, len(media)
    for words in media:
        assert lfs.object_path(folder.root, words.split()[0]).is_file()


def main() -> int:
    """Run this benchmark alone."""
    print(json.dumps(line(NAME, measure())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
