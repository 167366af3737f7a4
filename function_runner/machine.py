"""What this machine can do for the studio: its cards, its engines, and so the workers to start and their queues.

Cards are what `nvidia-smi` tells, ComfyUI's memory is what it tells itself, and both can be set where a machine cannot
tell. Nothing is assumed: a worker without a card says so, and gets no work that needs one.
"""

import csv
import logging
import os
import shutil
import socket
import subprocess
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final, NamedTuple
from uuid import uuid4

import httpx

from function_runner.settings import RunnerSettings, host_name
from studio_sdk.types import Engine
from studio_sdk.wire import QUEUES, WorkerInfo

BOOT = uuid4().hex
"""Names this process: a new one under the same worker id proves the old process dead."""

TIERS: Final = tuple(int(queue.removeprefix("gpu.")) for queue in QUEUES if queue.startswith("gpu."))
"""Gigabytes by which jobs that need a card are sorted into queues."""

SOLD_AS: Final = 0.92
"""A card has at least so much of what it is sold as: error correction takes a sixteenth, the driver a little."""

_log = logging.getLogger(__name__)


class Gpu(NamedTuple):
    """A card: what `nvidia-smi` calls it, and its memory in MiB."""

    number: int
    uuid: str
    name: str
    mib: int

    @property
    def vram_gb(self) -> int:
        """Return the gigabytes it is sold as: 24 also where 22.5 can be used."""
        real = self.mib / 1024
        return max(round(real), *(tier for tier in (0, *TIERS) if tier * SOLD_AS <= real))


class Post(NamedTuple):
    """A worker to start on this host: the end of its id, and its card (`none`, or what RUNNER_GPU takes)."""

    name: str
    gpu: str


def posts(settings: RunnerSettings) -> list[Post]:
    """Return the workers of this host: some for the processors, and one for each card or for the ComfyUI elsewhere."""
    cpu = [Post("cpu" if n == 1 else f"cpu{n}", "none") for n in range(1, settings.cpu_workers + 1)]
    if settings.gpu == "none":
        return cpu
    if settings.gpu:
        return [Post(_short(settings.gpu), settings.gpu)]
    cards = [Post(f"gpu{card.number}", card.uuid) for card in gpus()]
    if not cards and (settings.vram_gb or settings.comfyui_url):
        cards = [Post("comfyui" if settings.comfyui_url else "gpu", "elsewhere")]
    return [*cards, *cpu]


def _short(gpu: str) -> str:
    return f"gpu{gpu}" if gpu.isdigit() else gpu[:40]


@lru_cache(maxsize=1)
def gpus() -> tuple[Gpu, ...]:
    """Return the cards of this machine; none where there is no `nvidia-smi`, or it says that it cannot."""
    if shutil.which("nvidia-smi") is None:
        return ()
    query = ["nvidia-smi", "--query-gpu=index,uuid,name,memory.total", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(query, capture_output=True, text=True, timeout=60, check=True).stdout
        return told(said)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        _log.warning("The cards of this machine cannot be told, so none is used: %s", error)
        return ()


def told(said: str) -> tuple[Gpu, ...]:
    """Return the cards in what `nvidia-smi` said. Raises ValueError for words of another form."""
    rows = csv.reader(said.splitlines(), skipinitialspace=True)
    return tuple(Gpu(int(number), uuid, name, int(mib)) for number, uuid, name, mib in rows)


def card_of(settings: RunnerSettings) -> Gpu | None:
    """Return the card of this one worker, with the memory that was set where it was. None for a worker without."""
    if settings.gpu in {"", "none"}:
        return None
    found = next((card for card in gpus() if settings.gpu in {card.uuid, str(card.number)}), None)
    if settings.vram_gb:
        name = found.name if found else ""
        return Gpu(found.number if found else 0, settings.gpu, name, settings.vram_gb * 1024)
    return found or _card_of_comfyui(settings)


def _card_of_comfyui(settings: RunnerSettings) -> Gpu | None:
    devices = (comfyui(settings.comfyui_url) or {}).get("devices") if settings.comfyui_url else None
    if not isinstance(devices, list) or not devices:
        return None
    return Gpu(0, settings.gpu, str(devices[0].get("name", "")), int(devices[0].get("vram_total", 0)) // 2**20)


def comfyui(url: str) -> dict[str, object] | None:
    """Return what a ComfyUI says of itself; None where none answers."""
    try:
        answer = httpx.get(f"{url.rstrip('/')}/system_stats", timeout=3.0, trust_env=False)
        said = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return None
    return said if isinstance(said, dict) and "system" in said else None


def engines(settings: RunnerSettings, card: Gpu | None) -> list[Engine]:
    """Return what this worker can serve now; ComfyUI only while it answers."""
    if settings.engines:
        known = [Engine(name) for name in settings.engines]
        return [name for name in known if name is not Engine.COMFYUI or _answers(settings)]
    if card is None:
        return [Engine.CPU]
    cuda = any(settings.gpu in {one.uuid, str(one.number)} for one in gpus())
    return [*([Engine.CUDA] if cuda else []), *([Engine.COMFYUI] if _answers(settings) else [])]


def _answers(settings: RunnerSettings) -> bool:
    return bool(settings.comfyui_url) and comfyui(settings.comfyui_url) is not None


def queues(settings: RunnerSettings, card: Gpu | None) -> list[str]:
    """Return the queues of a worker, the dearest first: a large card takes small jobs when no large one waits."""
    cards = [f"gpu.{tier}" for tier in sorted(TIERS, reverse=True) if card and tier <= card.vram_gb]
    own = cards if card else ["cpu"]
    return [*own, *(["remote"] if "remote" in (settings.engines or ()) else [])]


def describe(settings: RunnerSettings, sandbox: str) -> WorkerInfo:
    """Return what the studio is told at registration."""
    try:
        own = version("production-canvas")
    except PackageNotFoundError:
        own = "0"
    card = card_of(settings)
    return WorkerInfo(
        id=settings.worker_id,
        boot=BOOT,
        host=socket.gethostname(),
        engines=engines(settings, card),
        queues=queues(settings, card),
        vram_gb=card.vram_gb if card else 0,
        gpu=card.name if card else "",
        sandbox=sandbox,
        version=own,
    )


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def worker_id(post: Post) -> str:
    """Return the name of a worker of this host, the same after a restart."""
    return f"{host_name()}:{post.name}"
