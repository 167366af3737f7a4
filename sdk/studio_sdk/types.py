"""The nouns every program shares: socket types, qualities, engines, frame rates and references to media.

Pure data. Server, runner and pipelines import it; it imports nothing of theirs.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from studio_sdk.names import ACCEPTS, FILE_TYPES, Engine, Quality, SocketType, Tier, fits, rate

__all__ = [
    "ACCEPTS",
    "FILE_TYPES",
    "Engine",
    "Format",
    "FrameRate",
    "Frozen",
    "MediaRef",
    "Quality",
    "Sha256",
    "SocketType",
    "Tier",
    "fits",
    "rate",
]


_RATE = re.compile(r"^(\d{1,6})/(\d{1,5})$")


def _checked_rate(text: str) -> str:
    found = _RATE.match(text)
    if not found or int(found[1]) == 0 or int(found[2]) == 0:
        message = f"frame rate {text!r} is not written as frames/seconds, for example 24/1 or 24000/1001"
        raise ValueError(message)
    return text


FrameRate = Annotated[str, AfterValidator(_checked_rate)]
"""Frames per second as an exact fraction in text, for example `24/1` or `30000/1001`."""


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
