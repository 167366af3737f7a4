"""The job folder: the contract between a runner and a pipeline of any language (docs/pipelines/contract.md).

    request.json          read-only: everything the pipeline is told
    inputs/...            read-only: the files it was given
    events.jsonl          append-only: what it reports while it works, one JSON object a line
    outputs/              the only place it may leave results in
    scratch/              for everything it does not want to keep
    outputs/result.json   written last, by rename

Success is exit status 0 and a valid result.json and the right hash of every output, never the exit status alone.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from studio_sdk.names import Code, Exit
from studio_sdk.types import Format, Frozen, Quality, Sha256

__all__ = [
    "EVENT",
    "MAX_EVENT_BYTES",
    "Event",
    "Exit",
    "Failure",
    "Heartbeat",
    "InputFile",
    "JobFacts",
    "Log",
    "MadeWith",
    "Metric",
    "OutputFile",
    "PipelineFacts",
    "Preview",
    "Progress",
    "Request",
    "Result",
    "Scalar",
    "Started",
    "UsedModel",
]

MAX_EVENT_BYTES = 65536
"""Longest line in events.jsonl, in bytes; a longer one is dropped with a warning."""

Scalar = str | int | float | bool | None


class InputFile(Frozen):
    """A file given to the pipeline; `path` is relative to the job folder, `name` is what people call it."""

    path: str
    sha256: Sha256
    mime: str
    bytes: int
    name: str = ""


class JobFacts(Frozen):
    """Which job and which attempt this is, and its deadline in seconds since 1970 (UTC)."""

    id: str
    attempt: int
    deadline: float


class PipelineFacts(Frozen):
    """Which pipeline was asked for; `digest` is the SHA-256 over its folder (or the image digest)."""

    id: str
    version: str
    digest: str


class Request(Frozen):
    """request.json. Every value of `inputs` is a list, with one entry unless the socket says `many`."""

    contract: Literal[1] = 1
    job: JobFacts
    pipeline: PipelineFacts
    params: dict[str, Scalar]
    inputs: dict[str, list[InputFile]] = Field(default_factory=dict)
    format: Format
    seed: int = Field(ge=0, le=2**32 - 1)
    quality: Quality
    vram_gb: int = 0


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    v: Literal[1] = 1
    seq: int = Field(ge=1)
    ts: float


class Started(_Event):
    """The pipeline has read its request."""

    t: Literal["started"]


class Progress(_Event):
    """How far it is: `f` from 0 to 1, never falling, and what it is doing in words."""

    t: Literal["progress"]
    f: float = Field(ge=0, le=1)
    stage: str = Field(default="", max_length=200)


class Log(_Event):
    """A line for people."""

    t: Literal["log"]
    level: Literal["debug", "info", "warning", "error"] = "info"
    msg: str


class Metric(_Event):
    """A number worth keeping with the take."""

    t: Literal["metric"]
    name: str
    value: float
    unit: str = ""


class Preview(_Event):
    """A small picture of what is being made, as base64: shown while it is made, and kept nowhere."""

    t: Literal["preview"]
    mime: Literal["image/jpeg", "image/png"]
    data: str = Field(max_length=61440, pattern=r"^[A-Za-z0-9+/]+=*$")


class Heartbeat(_Event):
    """Still alive, nothing new."""

    t: Literal["heartbeat"]


Event = Annotated[Started | Progress | Log | Metric | Preview | Heartbeat, Field(discriminator="t")]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class OutputFile(Frozen):
    """A file made; `path` is relative to the job folder and lies under outputs/."""

    name: str
    path: str
    sha256: Sha256
    bytes: int = Field(ge=1)
    mime: str


class Failure(Frozen):
    """Why a pipeline did not succeed, in the product's own codes."""

    code: Code
    message: str
    field: str | None = None
    detail: str = ""


class UsedModel(Frozen):
    """A model file that had a part in the result; `sha256` where somebody has worked it out."""

    file: str
    sha256: str = Field(default="", pattern=r"^(|[0-9a-f]{64})$")


class MadeWith(Frozen):
    """What decided the result beside the request: all that one needs to make it again.

    `seed` and `pipeline` (the digest) repeat what was asked for and must be the same. `workflows` are SHA-256 by the
    name of the graph's file, `nodes` commits by the name of the pack.
    """

    seed: int | None = None
    pipeline: str = ""
    workflows: dict[str, Sha256] = Field(default_factory=dict)
    models: tuple[UsedModel, ...] = ()
    comfyui: str = ""
    nodes: dict[str, str] = Field(default_factory=dict)
    gpu: str = ""
    driver: str = ""
    torch: str = ""
    python: str = ""

    def facts(self) -> dict[str, Scalar]:
        """Return what of it a take does not know from its job already, each as one word and one value."""
        said: dict[str, Scalar] = {f"workflow {name}": sha256 for name, sha256 in self.workflows.items()}
        said |= {f"model {one.file}": one.sha256 or "not hashed" for one in self.models}
        said |= {f"nodes {name}": commit for name, commit in self.nodes.items()}
        named = {"comfyui": self.comfyui, "gpu": self.gpu, "driver": self.driver, "torch": self.torch}
        return said | {name: value for name, value in named.items() if value}


class Result(Frozen):
    """outputs/result.json. `determinism` is a claim that the conformance kit tests; `facts` are kept with the take.

    `companions` are those of the manifest's that this run made.
    """

    contract: Literal[1] = 1
    status: Literal["succeeded", "failed", "canceled"]
    error: Failure | None = None
    outputs: list[OutputFile] = Field(default_factory=list)
    companions: list[OutputFile] = Field(default_factory=list)
    elapsed_s: float = Field(ge=0)
    determinism: Literal["bitwise", "seeded", "none"] = "none"
    facts: dict[str, Scalar] = Field(default_factory=dict)
    made_with: MadeWith = MadeWith()
