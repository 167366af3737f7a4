"""Pipelines planted for a test: a few lines of Python in a folder with a manifest, run by a bare interpreter."""

import functools
import json
import os
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

from function_runner.cache import Cache
from function_runner.containers.images import Images
from function_runner.containers.launcher import DockerLauncher
from function_runner.job import Workplace
from function_runner.kept import Kept
from function_runner.launchers import Launcher
from function_runner.process import ProcessLauncher
from function_runner.settings import RunnerSettings
from function_runner.studio import StudioLine
from studio_sdk import rootfs
from tests.fakes.studio import TOKEN, FakeStudio
from tests.services.docker import Docker

WORKER = "test:cpu"

HEAD = """
import hashlib, json, os, pathlib, signal, subprocess, sys, time
job = pathlib.Path(os.environ["JOB_DIR"])
request = json.loads((job / "request.json").read_text())
seq = 0
def event(**fields):
    global seq
    seq += 1
    with (job / "events.jsonl").open("a") as log:
        log.write(json.dumps({"v": 1, "seq": seq, "ts": time.time(), **fields}) + "\\n")
def result(name="image", path="outputs/image.png", sha256=None, size=None, **more):
    data = (job / path).read_bytes() if sha256 is None or size is None else b""
    entry = {"name": name, "path": path, "sha256": sha256 or hashlib.sha256(data).hexdigest(),
             "bytes": size or len(data), "mime": "image/png"}
    done = {"contract": 1, "status": "succeeded", "outputs": [entry], "elapsed_s": 0.1, **more}
    (job / "outputs" / ".part").write_text(json.dumps(done))
    (job / "outputs" / ".part").rename(job / "outputs" / "result.json")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d494844520000000100000001080600000 01f15c4890000000d4944415478da63fcff"
    "9fa11e00078202 7f3dc848ef0000000049454e44ae426082".replace(" ", ""))
def picture():
    (job / "outputs" / "image.png").write_bytes(PNG)
"""


def alive(mark: str) -> list[int]:
    """Return the processes, but this one, whose command line holds a word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if mark.encode() in words:
                found.append(int(entry.name))
    return found


@dataclass(frozen=True)
class Yard:
    """A place for planted pipelines and for the runner that runs them, as the label says: `process`, `container` ..."""

    root: Path
    label: str = "process"
    docker: Docker | None = None

    @property
    def pipelines(self) -> Path:
        return self.root / "pipelines"

    def plant(
        self, body: str, name: str = "planted", socket: str = "Image", output: str = "image", **limits: float
    ) -> Path:
        """Write a pipeline whose program is `body` after a few helpers; return its folder."""
        folder = self.pipelines / name
        folder.mkdir(parents=True)
        manifest = {
            "contract": 1,
            "id": name,
            "version": "1.0.0",
            "title": "Planted",
            "task": "test",
            "engine": "cpu",
            "environment": "bare",
            "inputs": {"text": {"type": "String"}, "still": {"type": "Image", "many": True}},
            "outputs": {output: {"type": socket, "required": True}},
            "variants": [{"quality": "low"}],
            "limits": {"cancel_grace_s": 1, **limits},
        }
        (folder / "pipeline.json").write_text(json.dumps(manifest))
        (folder / "main.py").write_text(HEAD + textwrap.dedent(body))
        python = self.pipelines / "environments" / "bare" / ".venv" / "bin" / "python"
        if not python.exists():
            python.parent.mkdir(parents=True)
            python.symlink_to(Path(sys.executable).resolve())
            version = f"python{sys.version_info.major}.{sys.version_info.minor}"
            (python.parents[1] / "lib" / version / "site-packages").mkdir(parents=True)
        return folder

    def launcher(self) -> Launcher:
        """Return a launcher that keeps pipelines as the label says."""
        if self.label != "container":
            return ProcessLauncher(self.label)  # type: ignore[arg-type]
        assert self.docker is not None
        images = Images(self.docker.base, self.root / "images")
        images._read = _base(self.docker.base)
        return DockerLauncher(self.docker.address, images, WORKER)

    def workplace(self, studio: FakeStudio, launcher: Launcher | None = None, comfyui_url: str = "") -> Workplace:
        """Return a runner's workplace that knows only the planted pipelines."""
        settings = RunnerSettings(
            studio_url=studio.url,
            token=TOKEN,
            broker_url="memory://",
            work_dir=self.root / "work",
            pipelines_dir=self.pipelines,
            worker_id=WORKER,
            comfyui_url=comfyui_url,
        )
        line = StudioLine(studio.url, TOKEN)
        cache = Cache(self.root / "cache", 10**9)
        kept = Kept(self.root / "kept", 10**9)
        return Workplace(settings, line, cache, kept, launcher or self.launcher(), lambda: False)


@functools.cache
def _base(path: Path) -> tuple[tuple[int, int], rootfs.Base]:
    """Return the base as a runner keeps it, which reads it once for all its jobs."""
    there = path.stat()
    return (there.st_mtime_ns, there.st_size), rootfs.read(path)
