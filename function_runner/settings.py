"""Every setting of a runner, read from `RUNNER_...` variables once, at the start of the program.

No other module reads the environment; a pipeline gets a clean one (`launchers`).
"""

import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

AbsolutePath = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


def host_name() -> str:
    """Return what this host calls itself, in characters that a worker's id may have."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:70]


def _worker_id() -> str:
    return f"{host_name()}:cpu"


def child_environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with some variables set: what a worker of this host is started with."""
    return {**os.environ, **more}  # noqa: TID251 - handed on, not read


class RunnerSettings(BaseSettings):
    """How this runner works. Every field is the variable `RUNNER_` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="RUNNER_", frozen=True, extra="ignore")

    studio_url: str = Field(default="http://127.0.0.1:8000", description="Address of the studio this runner works for.")
    token: SecretStr = Field(description="The studio's runner token (STUDIO_RUNNER_TOKEN there).")
    broker_url: str = Field(description="Address of the job doorbell: `redis://...` or `redis+socket:///path`.")
    work_dir: AbsolutePath = Field(
        default=Path("runner"), validate_default=True, description="Folder of the jobs being run and of the cache."
    )
    cache_dir: AbsolutePath = Field(
        default_factory=lambda data: data["work_dir"] / "cache", description="Folder of inputs kept for the next job."
    )
    environments_dir: AbsolutePath = Field(
        default_factory=lambda data: data["work_dir"] / "environments",
        description="Folder of the Python packages that pipelines bring of their own, installed at their first job. "
        "What no job has used for 90 days is removed; the folder may be emptied while no worker runs.",
    )
    cache_gb: float = Field(default=10, gt=0, description="Gigabytes the input cache may hold.")
    kept_dir: AbsolutePath = Field(
        default_factory=lambda data: data["cache_dir"].parent / "kept",
        description="Folder of what pipelines keep to save time at their next job; it may be emptied at any time.",
    )
    kept_gb: float = Field(
        default=20, ge=0, description="Gigabytes that all pipelines together may keep there; 0: they keep nothing."
    )
    pipelines_dir: AbsolutePath = Field(
        default=Path("pipelines"), validate_default=True, description="Folder of the installed pipelines."
    )
    worker_id: str = Field(
        default_factory=_worker_id, max_length=120, description="Name of this worker, the same after a restart."
    )
    engines: list[Literal["cpu", "cuda", "comfyui", "remote"]] | None = Field(
        default=None,
        min_length=1,
        description="What a worker can serve, as JSON, where it cannot be found out: `cpu`, `cuda` (where `nvidia-smi` "
        "names a card), `comfyui` (where COMFYUI_URL answers), `remote` (never found, only told).",
    )
    gpu: str = Field(
        default="",
        max_length=60,
        description="The card of this one worker: number or UUID as `nvidia-smi` tells, any name with VRAM_GB, or "
        "`none`. Empty: a worker for each card that is found, and CPU_WORKERS more.",
    )
    vram_gb: int = Field(
        default=0, ge=0, le=1024, description="Memory of that card in GB where the machine cannot tell it; 0: it can."
    )
    cpu_workers: int = Field(
        default=1, ge=0, le=64, description="Workers of this host for jobs without a card; each does one job at a time."
    )
    comfyui_url: str = Field(
        default="", description="Address of the ComfyUI that this worker's jobs may use; empty for none."
    )
    comfyui_upload_mb: int = Field(
        default=2048, ge=1, description="Largest file that a job may send to ComfyUI, in megabytes."
    )
    egress_private: list[str] = Field(
        default=[],
        description="Hosts of your own network, as JSON, that pipelines whose manifest names them may call, at any "
        "port; any other name is refused where it leads to a private address.",
    )
    launcher: Literal["process", "docker"] = Field(
        default="process",
        description="What pipelines run in: `process`, kept apart as well as the machine can, or `docker`.",
    )
    docker_host: str = Field(
        default="unix:///var/run/docker.sock", description="Address of the Docker daemon, where LAUNCHER is `docker`."
    )
    docker_gpus: list[str] = Field(
        default=[], description="Ids of the cards, as JSON, that containers of pipelines with `gpu: local` may have."
    )
    base_image: AbsolutePath = Field(
        default_factory=lambda data: data["cache_dir"].parent / "base.tar",
        description="What the images of pipelines without their own stand on: the tar that `studio-sdk base` writes.",
    )

    def of(self, gpu: str, worker_id: str) -> Self:
        """Return these settings for the one worker of a host: its card, and its name where none was given."""
        named = {} if "worker_id" in self.model_fields_set else {"worker_id": worker_id}
        return self.model_copy(update={"gpu": gpu, **named})
