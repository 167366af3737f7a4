"""The nouns every program shares: socket types, qualities, engines, frame rates and references to media.

Pure data. Server, runner and pipelines import it; it imports nothing of theirs.
"""

import re
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class SocketType(StrEnum):
    """The twelve things a wire can carry (mission rows A9-A15)."""

    STRING = "String"
    INTEGER = "Integer"
    FLOAT = "Float"
    BOOLEAN = "Boolean"
    IMAGE = "Image"
    VIDEO = "Video"
    AUDIO = "Audio"
    ASSET_REFERENCE = "AssetReference"
    CONTROL_MAP = "ControlMap"
    MASK = "Mask"
    PIPELINE_REFERENCE = "PipelineReference"
    EDL = "EDL"


FILE_TYPES: Final = frozenset(
    {
        SocketType.IMAGE,
        SocketType.VIDEO,
        SocketType.AUDIO,
        SocketType.CONTROL_MAP,
        SocketType.MASK,
        SocketType.EDL,
    }
)
"""Socket types whose value is a file, handed to a pipeline by path and never by value."""

ACCEPTS: Final[dict[SocketType, frozenset[SocketType]]] = {
    SocketType.FLOAT: frozenset({SocketType.INTEGER}),
}
"""Which other output types an input of a type takes; every input also takes its own type."""


def fits(output: SocketType, into: SocketType) -> bool:
    """Whether a wire may run from an output of one type into an input of another."""
    return output == into or output in ACCEPTS.get(into, frozenset())


class Quality(StrEnum):
    """What a project asks of its pipelines, cheapest first."""

    LOW = "low"
    STANDARD = "standard"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Return 0 for low, 1 for standard, 2 for high."""
        return list(Quality).index(self)


class Engine(StrEnum):
    """What a pipeline needs beside a processor."""

    CPU = "cpu"
    CUDA = "cuda"
    COMFYUI = "comfyui"
    REMOTE = "remote"


class Tier(StrEnum):
    """How a result may be used; `previz` is shown as such wherever the take appears."""

    PREVIZ = "previz"
    PRODUCTION = "production"


_RATE = re.compile(r"^(\d{1,6})/(\d{1,5})$")


def _checked_rate(text: str) -> str:
    found = _RATE.match(text)
    if not found or int(found[1]) == 0 or int(found[2]) == 0:
        message = f"frame rate {text!r} is not written as frames/seconds, for example 24/1 or 24000/1001"
        raise ValueError(message)
    return text


FrameRate = Annotated[str, AfterValidator(_checked_rate)]
"""Frames per second as an exact fraction in text, for example `24/1` or `30000/1001`."""


def rate(text: str) -> Fraction:
    """Return a `FrameRate` as a Fraction of frames per second."""
    frames, seconds = text.split("/")
    return Fraction(int(frames), int(seconds))


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Frozen(BaseModel):
    """A value that is checked once, at the edge, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MediaRef(Frozen):
    """A media file of a project: where it lies and which bytes it must be.

    `path` is relative to the project folder with forward slashes, `size` is in bytes.
    """

    path: str
    oid: Sha256
    size: int = Field(ge=0)
    mime: str


class Format(Frozen):
    """The picture a project is made in: pixels and exact frame rate."""

    width: int = Field(ge=16, le=16384, multiple_of=2)
    height: int = Field(ge=16, le=16384, multiple_of=2)
    frame_rate: FrameRate
