"""Messages between a runner and the server: register, claim, report, finish.

The database lease is the truth; whoever holds the newest attempt of a job may report and finish it, nobody else.
"""

from typing import Literal, Self

from pydantic import Field

from studio_sdk.contract import Failure, Scalar
from studio_sdk.errors import Code
from studio_sdk.manifest import CompanionName, Pipeline
from studio_sdk.types import Engine, Format, Frozen, Quality, Sha256

QUEUES = ("cpu", "gpu.12", "gpu.16", "gpu.24", "gpu.48", "gpu.80", "remote")
"""Queue names: what a job needs, by smallest tier that holds it."""

CELERY_TASK = "function_runner.run"
"""The one Celery task; its only argument is the job id."""


WAITS_FOR_STORAGE = frozenset(
    {Code.STORAGE_FULL, Code.STORAGE_READONLY, Code.STORAGE_UNREACHABLE, Code.PROJECT_MISSING}
)
"""Answers to an upload or a finish after which a runner keeps what it made and tries again for a while."""


class WorkerInfo(Frozen):
    """What one worker can do.

    `id` is stable over restarts and `boot` names one process, so that a new `boot` proves the old process dead and
    frees what it held.
    """

    id: str = Field(max_length=120)
    boot: str = Field(max_length=64)
    host: str
    engines: list[Engine]
    queues: list[str]
    vram_gb: int = 0
    gpu: str = ""
    sandbox: str = ""
    version: str = ""


class Registered(Frozen):
    """What the server answers to a worker that says it is there: whether people want it to take nothing new."""

    paused: bool = False


class ClaimRequest(Frozen):
    """Ask for a job after the doorbell rang."""

    worker_id: str


class InputRef(Frozen):
    """A file to fetch with `GET /runner/jobs/{id}/attempts/{n}/inputs/{oid}`; `socket` is the input it belongs to."""

    socket: str
    oid: Sha256
    size: int
    mime: str
    name: str


class Claim(Frozen):
    """A job, leased to the claimant for `lease_s` seconds from now; every report renews it.

    `kept_for` says whose job it is, in a word that means nothing elsewhere: what pipelines keep for one is never seen
    by another. Empty: nothing is kept.
    """

    job_id: str
    attempt: int
    lease_s: float
    pipeline: Pipeline
    digest: str
    params: dict[str, Scalar]
    inputs: list[InputRef]
    format: Format
    seed: int
    quality: Quality
    vram_gb: int
    timeout_s: int
    kept_for: str = Field(default="", max_length=80)

    def without_cache(self) -> Self:
        """Return it for a runner from before December 2026, which refuses words it does not know."""
        pipeline = self.pipeline
        limits = pipeline.limits.model_copy(update={"cache_mb": 0})
        return self.model_copy(update={"kept_for": "", "pipeline": pipeline.model_copy(update={"limits": limits})})


class Report(Frozen):
    """Progress, heartbeat and lease renewal in one call; at most four a second and at least one a second.

    `preview` is a small picture of what is being made, as a data URL: told to whoever looks now, kept nowhere.
    """

    attempt: int
    progress: float = Field(ge=0, le=1)
    step: str = Field(default="", max_length=200)
    preview: str = Field(default="", max_length=65536, pattern=r"^(|data:image/(jpeg|png);base64,[A-Za-z0-9+/]+=*)$")


class ReportAnswer(Frozen):
    """What the server says back: stop or go on."""

    cancel: bool
    lease_s: float


class OutputRef(Frozen):
    """A file uploaded with `PUT /runner/jobs/{id}/attempts/{n}/outputs/{oid}`; `socket` is the output it fills."""

    socket: str
    oid: Sha256
    size: int = Field(ge=1)
    mime: str
    suffix: str = Field(pattern=r"^\.[a-z0-9]{1,8}$")


class CompanionRef(OutputRef):
    """A file to be kept beside the take; `socket` is its name in the manifest, `title` what people call it."""

    socket: CompanionName
    title: str = Field(max_length=80)


class Finish(Frozen):
    """The end of an attempt. `elapsed_s` is the pipeline's own time, from launch to exit; `image` its container's."""

    attempt: int
    status: Literal["succeeded", "failed", "canceled"]
    outputs: list[OutputRef] = Field(default_factory=list)
    companions: list[CompanionRef] = Field(default_factory=list, max_length=8)
    error: Failure | None = None
    elapsed_s: float = Field(default=0, ge=0)
    sandbox: str = ""
    image: str = Field(default="", max_length=80)
    determinism: Literal["bitwise", "seeded", "none"] = "none"
    facts: dict[str, Scalar] = Field(default_factory=dict)
    log_tail: str = Field(default="", max_length=20000)


class FinishAnswer(Frozen):
    """What became of the attempt; `result` is the name of the take or film that landed, if one did."""

    state: Literal["succeeded", "failed", "canceled"]
    result: str | None = None
