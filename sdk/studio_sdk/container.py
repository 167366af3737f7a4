"""Try an image as a runner runs it: in a container without network, powers or a root it could write to, with limits.

It speaks to Docker through its program `docker`, wherever DOCKER_HOST points. The flags are the runner's own
(function_runner/containers); a test compares the two.
"""

import json
import os
import signal
import subprocess
import time
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from studio_sdk import environment, image, testing, unpack
from studio_sdk.folder import folder_digest
from studio_sdk.manifest import Limits, Pipeline
from studio_sdk.places import Said, Trial
from studio_sdk.testing import Plan

TMP_MB: Final = 64
_POLITE_SHARES: Final = 512
_LOST_CAUSE: Final = 500
_START_S: Final = 60


class ContainerPlace:
    """An image in a tar, loaded into Docker and run there. `scratch` is a folder for what is unpacked of it.

    Raises ValueError where the tar is no image of a pipeline, where Docker loads it under another id, or where there
    is no Docker.
    """

    label = "container"

    def __init__(self, path: Path, scratch: Path) -> None:
        self.image = image.read(path)
        self.folder = scratch / "pipeline"
        unpack.image(path, self.folder)
        if folder_digest(self.folder) != self.image.folder_digest:
            raise ValueError(f"the label {image.DIGEST_LABEL} is not the digest of the folder in the image")
        _docker("load", "--quiet", "--input", str(path))
        known = _docker("image", "inspect", "--format", "{{.Id}}", self.image.name).strip()
        if known not in {self.image.id, self.image.digest}:
            raise ValueError(f"Docker calls it {known}, it is {self.image.id}")

    def manifest(self) -> object:
        """Return what the image's label says: the word that the studio goes by."""
        return self.image.facts.model_dump(mode="json", exclude_unset=True)

    def verb(self, word: str) -> Said:
        """Run the image with a word, without a job."""
        made = self._made(_flags(self.image.facts.limits), word)
        try:
            done = subprocess.run(
                ["docker", "start", "--attach", made],
                capture_output=True,
                text=True,
                check=False,
                timeout=testing.VERB_LIMIT_S,
            )
            return Said(done.returncode, done.stdout, done.stderr, _elapsed(made))
        finally:
            _docker("rm", "--force", made)

    def carry_out(self, job_dir: Path, facts: Pipeline, plan: Plan) -> Trial:
        """Run it with a job's folder mounted as a runner does."""
        cache = plan.cache if facts.limits.cache_mb else None
        _open_up(job_dir, cache)
        made = self._made([*_flags(facts.limits), *_job(job_dir, facts.limits, cache)], "run")
        try:
            with (job_dir / "log.txt").open("wb") as log:
                line = subprocess.Popen(["docker", "start", "--attach", made], stdout=log, stderr=log)
            done = testing.watch(line, job_dir, lambda number: _send(made, number), plan)
            state = _state(made)
            took = _elapsed(made)
            return Trial(testing.outcome(job_dir, int(state["ExitCode"]), took or done.elapsed_s))
        finally:
            _docker("rm", "--force", made)

    def trace(self) -> str:
        """Return the id of the image: its root cannot be written to."""
        return _docker("image", "inspect", "--format", "{{.Id}}", self.image.name)

    def _made(self, flags: list[str], word: str) -> str:
        return _docker("create", *flags, self.image.name, word).strip()


def user() -> str:
    """Return who a pipeline is in its container: nobody of this machine, or whoever runs this without being root."""
    return image.USER if os.geteuid() == 0 else f"{os.geteuid()}:{os.getegid()}"


def _flags(limits: Limits) -> list[str]:
    """Return what every container of a pipeline is held to."""
    memory = f"{limits.memory_mb + limits.scratch_mb}m"
    processors = min(limits.cpus or _processors(), _processors())
    threads = max(1, int(processors))
    size = limits.output_mb * 1024 * 1024
    return [
        *("--init", "--network", "none", "--ipc", "private", "--read-only", "--hostname", "job"),
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", user()),
        *("--tmpfs", f"/tmp:rw,nosuid,nodev,size={TMP_MB}m,mode=1777"),  # noqa: S108 - its own
        *("--memory", memory, "--memory-swap", memory, "--pids-limit", str(limits.pids)),
        *("--cpus", str(processors), "--cpu-shares", str(_POLITE_SHARES), "--oom-score-adj", str(_LOST_CAUSE)),
        *("--ulimit", "core=0:0", "--ulimit", f"fsize={size}:{size}", "--log-driver", "none"),
        *("--env", f"OMP_NUM_THREADS={threads}", "--env", f"OPENBLAS_NUM_THREADS={threads}"),
        *("--env", "LANG=C.UTF-8", "--env", "TINI_KILL_PROCESS_GROUP=1"),
    ]


def _job(job_dir: Path, limits: Limits, cache: Path | None = None) -> list[str]:
    """Return what is mounted of a job's folder, and how it is told."""
    uid, _, gid = user().partition(":")
    scratch = f"rw,exec,nosuid,nodev,size={limits.scratch_mb}m,mode=0700,uid={uid},gid={gid}"
    flags = ["--mount", f"type=bind,source={job_dir},target=/job,readonly"]
    for name in ("outputs", "events.jsonl"):
        flags += ["--mount", f"type=bind,source={job_dir / name},target=/job/{name}"]
    flags += ["--tmpfs", f"/job/scratch:{scratch}"]
    words = environment.of_job("/job", "/job/scratch")
    if cache:
        flags += ["--mount", f"type=bind,source={cache},target=/job/cache"]
        words |= environment.of_cache("/job/cache", limits.cache_mb)
    for name, value in words.items():
        flags += ["--env", f"{name}={value}"]
    return flags


def _processors() -> float:
    return float(len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else float(os.cpu_count() or 1)


def _open_up(job_dir: Path, cache: Path | None = None) -> None:
    """Let the container's user, who is nobody here, read the job and write what is a pipeline's."""
    for path in (job_dir, job_dir / "inputs", *(job_dir / "inputs").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    for path in job_dir.glob("request.json"):
        path.chmod(0o644)
    (job_dir / "outputs").chmod(0o777)
    (job_dir / "events.jsonl").chmod(0o666)
    if cache:
        (job_dir / "cache").mkdir(exist_ok=True)  # where it is mounted
        cache.chmod(0o777)


def _send(container: str, number: signal.Signals) -> None:
    """Send a signal; that it has ended meanwhile is no fault, that it has not begun yet is waited for."""
    end = time.monotonic() + _START_S
    while _state(container)["Status"] == "created" and time.monotonic() < end:
        time.sleep(0.02)
    subprocess.run(["docker", "kill", "--signal", number.name, container], capture_output=True, check=False)


def _state(container: str) -> Any:
    return json.loads(_docker("inspect", "--format", "{{json .State}}", container))


def _elapsed(container: str) -> float:
    """Return how long a container's process worked, in seconds; starting a container is not its doing."""
    state = _state(container)
    began, ended = (datetime.fromisoformat(state[key]) for key in ("StartedAt", "FinishedAt"))
    return max(0.0, (ended - began).total_seconds())


def _docker(*words: str) -> str:
    """Return what `docker` says. Raises ValueError with its words."""
    try:
        done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    except FileNotFoundError as why:
        raise ValueError("there is no program `docker` here: install Docker, or try the folder as a process") from why
    if done.returncode != 0:
        raise ValueError(f"docker {words[0]}: {done.stderr.strip()}")
    return done.stdout
