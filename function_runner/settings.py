"""Every setting of a runner, read from `RUNNER_...` variables once, at the start of the program.

No other module reads the environment; a pipeline gets a clean one (`launchers`).
"""

import re
import socket
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

AbsolutePath = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


def _worker_id() -> str:
    return f"{re.sub(r'[^A-Za-z0-9.-]', '-', socket.gethostname())[:100]}:cpu"


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
    cache_gb: float = Field(default=10, gt=0, description="Gigabytes the input cache may hold.")
    pipelines_dir: AbsolutePath = Field(
        default=Path("pipelines"), validate_default=True, description="Folder of the installed pipelines."
    )
    worker_id: str = Field(
        default_factory=_worker_id, max_length=120, description="Name of this worker, the same after a restart."
    )
    engines: list[Literal["cpu"]] = Field(
        default=["cpu"], min_length=1, description="What this runner can serve, as JSON; this version: `cpu`."
    )
