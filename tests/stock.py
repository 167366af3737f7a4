"""Stock for tests of the library: a new project, a tiny real clip, bytes that arrive, a draft of a take."""

import hashlib
import os
import subprocess
import uuid
from pathlib import Path

from studio_sdk.types import MediaRef, Quality
from studio_server.domain.project import new_manifest
from studio_server.domain.shots import Companion, Recipe, Take, TakeDraft
from studio_server.library import lfs, objects
from studio_server.library.folder import ProjectFolder
from studio_server.library.git import Author
from studio_server.library.takes import Arrived, land_take
from studio_server.library.workspace import open_workspace

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "project_templates" / "default"
ANN = Author("Ann Artist", "ann@example.org")


def new_project(workspaces: Path, title: str = "The Harbour", frame_rate: str = "24/1") -> ProjectFolder:
    """Make a project in a workspace of the test's own."""
    manifest = new_manifest(
        uuid=str(uuid.uuid4()), title=title, created_at="2026-01-01T00:00:00Z", frame_rate=frame_rate
    )
    return open_workspace(workspaces, "local").create_project(manifest, TEMPLATE, ANN)


def recipe(prompt: str = "a ship", seed: int = 1) -> Recipe:
    """Return a recipe that differs by its prompt."""
    return Recipe(
        pipeline="animatic",
        pipeline_version="1.0.0",
        digest="d" * 64,
        params={"prompt": prompt, "seconds": 2},
        seed=seed,
        quality=Quality.LOW,
        quality_requested=Quality.LOW,
    )


def draft(job: str, *, code: str = "010", scene: str = "01", prompt: str = "a ship", seed: int = 1) -> TakeDraft:
    """Return a take that waits for its number."""
    return TakeDraft(
        id=job,
        job_id=job,
        node_id="n_1",
        scene=scene,
        code=code,
        recipe=recipe(prompt, seed),
        width=1280,
        height=720,
        frame_rate="24/1",
        frames=48,
        duration_s=2.0,
        created_at="2026-01-01T00:00:00Z",
    )


def arrive(folder: ProjectFolder, data: bytes, suffix: str = ".mp4") -> Arrived:
    """Stage bytes as a runner's upload would."""
    oid = hashlib.sha256(data).hexdigest()
    objects.stage(folder.root, [data], oid, len(data))
    return Arrived(oid, len(data), "video/mp4", suffix)


def git(folder: Path, *arguments: str) -> str:
    """Run the user's own git, with nothing of the studio's hardening."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def clip(path: Path, *, frames: int = 24, rate: str = "24", size: str = "64x48", audio: bool = False) -> Path:
    """Make a real little film with ffmpeg."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}"]
    if audio:
        command += ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
    command += ["-frames:v", str(frames), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    if audio:
        command += ["-c:a", "aac", "-shortest"]
    subprocess.run([*command, str(path)], check=True, capture_output=True)
    return path


SHOT = "03_Renders/SCENE_01/SHOT_010"


def still(folder: ProjectFolder, name: str = "poster.jpg") -> Path:
    path = folder.root / "05_Cache" / name
    path.write_bytes(b"\xff\xd8\xff" + os.urandom(3000))
    return path


def land(folder: ProjectFolder, job: str, data: bytes | None = None, **facts: str) -> Take:
    arrived = arrive(folder, data if data is not None else os.urandom(50_000))
    return land_take(folder, arrived, still(folder, f"{job}.jpg"), draft(job, **facts), ANN)


def beside(folder: ProjectFolder, job: str, **files: str) -> list[Companion]:
    """Stage files that are to be kept beside a take, by name and ending."""
    kept = []
    for name, suffix in files.items():
        file = arrive(folder, f"{job} {name}".encode() * 100, suffix)
        ref = MediaRef(path=f"{name}{suffix}", oid=file.oid, size=file.size, mime="image/png")
        kept.append(Companion(name=name, title=name.title(), media=ref))
    return kept


def whole(folder: ProjectFolder, take: Take) -> None:
    """Check everything a take consists of, with git's and git-lfs's own checks."""
    media = folder.root / take.media.path
    assert hashlib.sha256(media.read_bytes()).hexdigest() == take.media.oid
    assert media.stat().st_size == take.media.size
    pointer = git(folder.root, "cat-file", "-p", f"main:{take.media.path}").encode()
    assert lfs.parse_pointer(pointer) == (take.media.oid, take.media.size)
    sidecar = (folder.root / take.media.path).with_suffix(".json")
    assert git(folder.root, "cat-file", "-p", f"main:{sidecar.relative_to(folder.root)}") == sidecar.read_text()
    assert take.poster is not None
    assert (folder.root / take.poster.path).is_file()
    for one in take.companions:
        file = one.media
        assert file.path == f"{take.media.path.rpartition('.')[0]}.{one.name}{Path(file.path).suffix}"
        assert hashlib.sha256((folder.root / file.path).read_bytes()).hexdigest() == file.oid
        pointer = git(folder.root, "cat-file", "-p", f"main:{file.path}").encode()
        assert lfs.parse_pointer(pointer) == (file.oid, file.size)


def checked(folder: ProjectFolder) -> None:
    git(folder.root, "fsck", "--strict")
    assert "OK" in git(folder.root, "lfs", "fsck")
