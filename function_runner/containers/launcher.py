"""Pipelines in Docker containers: no network, no powers, a root of their own that cannot be written to, and limits.

`chosen` opens it where the settings say docker. The daemon's socket never enters a container. What a container sees is
the job's folder at /job, of which outputs/ and events.jsonl can be written; scratch/ and /tmp are memory with a size.
"""

import os
import threading
import time
from contextlib import ExitStack
from io import RawIOBase as SocketIO
from pathlib import Path
from typing import Any, Final

from docker import DockerClient
from docker.models.containers import Container
from docker.types import DeviceRequest, LogConfig, Mount, Ulimit
from docker.utils.socket import frames_iter

from function_runner.containers import engine
from function_runner.containers.engine import Engine
from function_runner.containers.images import Images
from function_runner.launchers import Launch, Running
from function_runner.printed import Printed
from studio_sdk import environment, image
from studio_sdk.errors import Code, StudioError

GRACE_S: Final = 60.0
"""How long after its deadline a container that its runner lost is left alone; its own grace comes first."""

_MEGABYTE: Final = 1024 * 1024
_TMP_MB: Final = 64
_LOST_CAUSE: Final = 500
_POLITE_SHARES: Final = 512


class DockerLauncher:
    """Starts each pipeline in a container of its own. `gpus` are the ids of the cards that an admin lends to them."""

    label = "container"

    def __init__(self, address: str, images: Images, worker_id: str, gpus: tuple[str, ...] = ()) -> None:
        self._engine = Engine(address)
        self._images = images
        self._worker_id = worker_id
        self._gpus = gpus
        self._turn = threading.Lock()
        self._current = ""

    def start(self, launch: Launch, ended: threading.Event) -> Running:
        """Start a pipeline's container.

        Raises ENGINE_OFFLINE without a daemon, DEPENDENCY_MISSING without an image, NOT_PERMITTED for a card that is
        not lent.
        """
        devices = self._devices(launch)
        self._current = ""
        self.reap()
        with ExitStack() as until_it_works:
            client = self._engine.open()
            until_it_works.callback(client.close)
            with self._engine.words(), self._turn:
                made = self._images.of(client, launch)
                _open_up(launch)
                container = client.containers.create(made, **_box(launch, self._worker_id), device_requests=devices)
                self._current = str(container.id)
                until_it_works.callback(engine.remove, container)
                heard = container.attach_socket(params={"stream": True, "stdout": True, "stderr": True})
                until_it_works.callback(engine.hang_up, heard)
                container.start()
            until_it_works.pop_all()
        return _Contained(self._engine, client, container, made, heard, launch.job_dir / "log.txt", ended)

    def reap(self) -> None:
        """Remove this worker's containers but the one at work, and any worker's that is past its deadline.

        Raises ENGINE_OFFLINE without a daemon.
        """
        with self._turn, self._engine.client() as client:
            for container in client.containers.list(all=True, filters={"label": engine.WORKER}, sparse=True):
                labels = container.attrs.get("Labels") or {}
                own = labels[engine.WORKER] == self._worker_id and container.id != self._current
                if own or _seconds(labels.get(engine.DEADLINE, "")) + GRACE_S < time.time():
                    engine.remove(container)

    def _devices(self, launch: Launch) -> list[DeviceRequest]:
        if launch.pipeline.gpu == "none":
            return []
        if not self._gpus:
            raise StudioError(
                Code.NOT_PERMITTED,
                f"{launch.pipeline.title} wants a card of its own, and this worker lends none.",
                detail="RUNNER_DOCKER_GPUS names the cards that pipelines may have.",
            )
        return [DeviceRequest(device_ids=list(self._gpus), capabilities=[["gpu"]])]


def _box(launch: Launch, worker_id: str) -> dict[str, Any]:
    """Return what Docker is told of a container: all that it may have, everything else is taken."""
    limits = launch.pipeline.limits
    user = image.USER if os.geteuid() == 0 else f"{os.geteuid()}:{os.getegid()}"
    uid, _, gid = user.partition(":")
    scratch = f"rw,exec,nosuid,nodev,size={limits.scratch_mb}m,mode=0700,uid={uid},gid={gid}"
    memory = (limits.memory_mb + limits.scratch_mb) * _MEGABYTE
    processors = min(limits.cpus or launch.threads, launch.threads)
    mounts = [Mount("/job", str(launch.job_dir), type="bind", read_only=True)]
    mounts += [Mount(f"/job/{name}", str(launch.job_dir / name), type="bind") for name in ("outputs", "events.jsonl")]
    if launch.kept:
        mounts.append(Mount("/job/cache", str(launch.kept.folder), type="bind"))
    mounts += [
        Mount(f"/job/services/{name}.sock", str(path), type="bind", read_only=True)
        for name, path in launch.sockets.items()
    ]
    return {
        "command": ["run"],
        "user": user,
        "environment": _environment(launch, processors),
        "hostname": "job",
        "labels": {
            engine.WORKER: worker_id,
            engine.JOB: launch.job_id,
            engine.ATTEMPT: str(launch.attempt),
            engine.DEADLINE: str(int(launch.deadline + limits.cancel_grace_s)),
        },
        "network_mode": "none",
        "ipc_mode": "private",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "init": True,
        "mounts": mounts,
        "tmpfs": {"/job/scratch": scratch, "/tmp": f"rw,nosuid,nodev,size={_TMP_MB}m,mode=1777"},  # noqa: S108 - its own
        "mem_limit": memory,
        "memswap_limit": memory,
        "pids_limit": limits.pids,
        "nano_cpus": int(processors * 1e9),
        "cpu_shares": _POLITE_SHARES,
        "oom_score_adj": _LOST_CAUSE,
        "ulimits": [
            Ulimit(name="core", soft=0, hard=0),
            Ulimit(name="fsize", soft=launch.file_bytes, hard=launch.file_bytes),
        ],
        "log_config": LogConfig(type="none"),
    }


def _environment(launch: Launch, processors: float) -> dict[str, str]:
    threads = str(max(1, int(processors)))
    services = {f"JOB_{name.upper()}": f"/job/services/{name}.sock" for name in launch.sockets}
    if launch.kept:
        services |= environment.of_cache("/job/cache", launch.kept.megabytes)
    return {
        "JOB_DIR": "/job",
        "HOME": "/job/scratch",
        "TMPDIR": "/job/scratch",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "TINI_KILL_PROCESS_GROUP": "1",  # Docker's init passes a signal to the whole group, as the contract says
        **services,
    }


def _open_up(launch: Launch) -> None:
    """Let a container's user, who is nobody here, write what is a pipeline's. The folder above is the runner's own."""
    launch.job_dir.chmod(0o755)
    (launch.job_dir / "outputs").chmod(0o777)
    (launch.job_dir / "events.jsonl").chmod(0o666)
    if launch.kept:
        launch.kept.folder.chmod(0o777)


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0  # not written by us, or long ago


class _Contained:
    def __init__(
        self,
        line: Engine,
        client: DockerClient,
        container: Container,
        image: str,
        heard: SocketIO,
        log: Path,
        ended: threading.Event,
    ) -> None:
        self._engine = line
        self._client = client
        self._container = container
        self.image = image
        self._heard = heard
        self._printed = Printed(log)
        self._ended = ended
        self._status: int | None = None
        self._starved = False
        self._trouble: StudioError | None = None
        threading.Thread(target=self._listen, daemon=True).start()

    def exit_status(self) -> int | None:
        if self._trouble is not None:
            raise self._trouble
        return self._status

    def stop(self) -> None:
        self._signal("SIGTERM")

    def kill(self) -> None:
        self._signal("SIGKILL")

    def starved(self) -> bool:
        return self._starved

    def log_tail(self) -> str:
        return self._printed.tail()

    def _signal(self, word: str) -> None:
        with self._engine.client() as client:
            engine.signal(client, str(self._container.id), word)

    def _listen(self) -> None:
        """Keep what is printed, then wait for the end and look how it was."""
        try:
            with self._printed:
                for _, piece in frames_iter(self._heard, tty=False):
                    self._printed.add(piece)
            with self._engine.client() as client:
                container = client.containers.get(self._container.id)
                status = int(container.wait(timeout=None)["StatusCode"])
                container.reload()
                self._starved = bool(container.attrs["State"]["OOMKilled"]) and status != 0
                engine.remove(container)
            self._status = status
        except StudioError as trouble:
            self._trouble = trouble
        except OSError as why:
            self._trouble = self._engine.away(why)
        finally:
            engine.hang_up(self._heard)
            self._client.close()
            self._ended.set()
