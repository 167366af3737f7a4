"""The model behind `pipeline.json`: what a pipeline takes, gives, costs and needs.

One manifest makes the node, the form, the docs and the checks. The server never runs a pipeline to learn about it.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from studio_sdk.points import MOST
from studio_sdk.types import FILE_TYPES, Engine, Frozen, Quality, SocketType, Tier

CONTRACT = 1

Role = Literal["ground-truth", "reference", "pose-sheet", "audio", "motion"]
"""What an input is to a person who makes a shot in the composer: the chip it becomes there."""

Mode = Literal["animate", "audio"]
"""What the composer makes: a moving picture, or a performance to a voice."""

Service = Literal["comfyui"]
"""What a runner can put at a pipeline's side, reached through a unix socket and never through a network."""

HostName = Annotated[
    str, Field(max_length=253, pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")
]
"""A host on the internet by its full name in small letters (`api.example.com`); no address, no wildcard, no port."""

NodeClass = Annotated[str, Field(min_length=1, max_length=200)]
"""The class of a ComfyUI node as its server names it (`KSampler`)."""


class Point(Frozen):
    """A point that a person places: `x` and `y` are where it lies before they move it, in fractions of the picture."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    title: str = Field(min_length=1, max_length=60)
    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)
    help: str = Field(default="", max_length=200)


class Points(Frozen):
    """What a text input asks for: points on the picture of the input `of`, and lines drawn between them.

    How their places are written is told in `points.py`.
    """

    of: str
    points: tuple[Point, ...] = Field(min_length=1, max_length=MOST)
    lines: tuple[tuple[str, ...], ...] = Field(default=(), max_length=MOST)

    @model_validator(mode="after")
    def _named(self) -> Self:
        names = [one.name for one in self.points]
        if len(set(names)) != len(names):
            message = "two points have the same name"
            raise ValueError(message)
        if stray := {name for line in self.lines for name in line} - set(names):
            message = f"{', '.join(sorted(stray))}: a line goes to no point"
            raise ValueError(message)
        return self


class Socket(Frozen):
    """One typed input or output.

    A file type becomes a socket on the node, a scalar becomes a field of its form. `minimum` and `maximum`
    bound a number, `max_length` bounds text (characters), `unit` says what a number counts, `many` means several
    files in order. `role` is the composer's chip for it. `points` makes a text the places of points on a picture.
    """

    type: SocketType
    title: str = ""
    help: str = ""
    required: bool = False
    many: bool = False
    default: str | int | float | bool | None = None
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    max_length: int | None = None
    unit: str = ""
    multiline: bool = False
    role: Role | None = None
    points: Points | None = None

    @property
    def is_file(self) -> bool:
        """Whether the value is a file and therefore comes by wire."""
        return self.type in FILE_TYPES


def _free(name: str) -> str:
    if name == "poster":
        message = "poster is the studio's own"
        raise ValueError(message)
    return name


CompanionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,15}$"), AfterValidator(_free)]
"""What a file beside a take is called in its file name (`first`: `SHOT-010_v01_take01.first.png`)."""


class Companion(Frozen):
    """A file that is kept beside the take: a first picture, the pose that was followed. A run may leave it out."""

    type: Literal[SocketType.IMAGE, SocketType.VIDEO, SocketType.AUDIO]
    title: str = Field(max_length=80)
    help: str = ""


class Variant(Frozen):
    """One quality a pipeline offers: the memory it needs (GB of VRAM, 0 for none) and its deadline (seconds).

    `estimate_s` is how long a run of usual length probably takes, until enough have run; `credits` what a run costs.
    `vram_source` says where the figure of memory comes from: measured on what, or told by whom.
    """

    quality: Quality
    vram_gb: int = Field(default=0, ge=0)
    vram_source: str = ""
    timeout_s: int = Field(default=600, ge=1)
    estimate_s: float | None = None
    credits: float = Field(default=0, ge=0)
    params: dict[str, str | int | float | bool] = Field(default_factory=dict)


class Limits(Frozen):
    """What one run may use: megabytes of output, seconds of grace after a cancel, seconds of silence.

    A launcher that can hold it to them also limits megabytes of memory, processes and threads at once (`pids`),
    processors (`cpus`; None: all that the runner may use) and megabytes of scratch, which a container keeps in memory,
    on top of `memory_mb`. `cache_mb` asks for a place that outlives the run, and says how much it may hold (0: none).
    """

    output_mb: int = Field(default=4096, ge=1)
    cancel_grace_s: float = Field(default=10, gt=0, le=120)
    silence_s: float = Field(default=120, gt=0)
    memory_mb: int = Field(default=4096, ge=32)
    pids: int = Field(default=512, ge=4, le=32768)
    cpus: float | None = Field(default=None, gt=0)
    scratch_mb: int = Field(default=1024, ge=1)
    cache_mb: int = Field(default=0, ge=0)


class Pack(Frozen):
    """A pack of ComfyUI nodes: where it comes from, the edition that was looked at, and the classes used of it."""

    name: str
    repository: str = ""
    version: str = ""
    commit: str = Field(default="", pattern=r"^(|[0-9a-f]{40})$")
    nodes: tuple[NodeClass, ...] = ()


class Model(Frozen):
    """A model file on ComfyUI's machine: its name, the folder below `models/`, its source and its licence.

    `gb` is its size in 10^9 bytes where known, `sha256` its digest where somebody has it; `qualities` are those
    that use it (none: all).
    """

    file: str
    folder: str
    license: str = ""
    source: str = ""
    gb: float | None = Field(default=None, gt=0)
    sha256: str = Field(default="", pattern=r"^(|[0-9a-f]{64})$")
    qualities: tuple[Quality, ...] = ()


class Requires(Frozen):
    """What must be there where it runs: `nodes` are the classes of ComfyUI nodes its graphs may use, and no others.

    `packs` says which of them come from where, `models` the files they load, `comfyui` the versions that will do
    (`>=0.8.0`).
    """

    nodes: tuple[NodeClass, ...] = ()
    packs: tuple[Pack, ...] = ()
    models: tuple[Model, ...] = ()
    comfyui: str = Field(default="", pattern=r"^(|[<>]=\d+(\.\d+){0,2})$")


_PICTURES = (SocketType.IMAGE, SocketType.ASSET_REFERENCE)


class Pipeline(Frozen):
    """A pipeline: a function in a box.

    `task` is what it is for (`generate-video`, `assemble-film`, ...), so that a project's quality can choose between
    several pipelines of one task. `entry` is the command, run inside the pipeline's folder; a first word `python` means
    the interpreter of `environment`. `provider` names whose service an engine `remote` calls, and whose key it needs.
    `companions` are files that may be kept beside the take. `cannot` lists what users
    might expect and will not get, `modes` those of the composer that it serves. `by_name`: it is used only where a
    person chose it, never by the studio's own choice.

    `services` are put at its side by the runner, `requires` says what it uses of them. `egress` names the hosts it may
    call (none: no network). `gpu` "local" asks for a card of its own, which an admin must allow. `image` is its
    container, by digest: `name@sha256:...` or `sha256:...`; without one the runner makes a container of its folder and
    environment.
    """

    contract: Literal[1] = 1
    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    title: str
    description: str = ""
    task: str = Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")
    engine: Engine
    tier: Tier = Tier.PRODUCTION
    entry: tuple[str, ...] = ("python", "main.py")
    environment: str = Field(default="media", pattern=r"^[a-z][a-z0-9-]{0,39}$")
    provider: str = Field(default="", pattern=r"^([a-z][a-z0-9-]{0,39})?$")
    inputs: dict[str, Socket]
    outputs: dict[str, Socket]
    companions: dict[CompanionName, Companion] = Field(default_factory=dict, max_length=8)
    variants: tuple[Variant, ...]
    determinism: Literal["bitwise", "seeded", "none"] = "none"
    license: str = ""
    cannot: tuple[str, ...] = ()
    modes: tuple[Mode, ...] = ()
    by_name: bool = False
    limits: Limits = Limits()
    services: tuple[Service, ...] = ()
    egress: tuple[HostName, ...] = ()
    gpu: Literal["none", "local"] = "none"
    image: str = Field(default="", pattern=r"^(|([a-z0-9][a-z0-9._:/-]{0,254}@)?sha256:[0-9a-f]{64})$")
    requires: Requires = Requires()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.outputs:
            message = "a pipeline needs at least one output"
            raise ValueError(message)
        if both := self.outputs.keys() & self.companions.keys():
            message = f"{', '.join(sorted(both))}: an output cannot be a companion too"
            raise ValueError(message)
        for name, socket in self.inputs.items():
            of = self.inputs.get(socket.points.of) if socket.points else None
            if socket.points and (socket.type is not SocketType.STRING or of is None or of.type not in _PICTURES):
                message = f"{name}: points are a String, placed on an input that is an Image or an AssetReference"
                raise ValueError(message)
        if not self.variants:
            message = "a pipeline needs at least one variant"
            raise ValueError(message)
        qualities = [v.quality for v in self.variants]
        if len(set(qualities)) != len(qualities):
            message = "two variants have the same quality"
            raise ValueError(message)
        return self

    def variant(self, quality: Quality) -> Variant | None:
        """Return the variant of a quality, or None where it is not offered."""
        return next((v for v in self.variants if v.quality == quality), None)
