"""The closed lists of names and numbers every program shares: socket types, qualities, engines, error codes, exits.

Standard library only, because a pipeline starts a process for every shot and must not wait for a schema library:
`author.py` lives on this module alone, the checked models of `types`, `errors` and `contract` build on it.
"""

from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Final


class SocketType(StrEnum):
    """The twelve things a wire can carry (mission rows A9-A15), and captions, which a card keeps as its own."""

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
    CAPTIONS = "Captions"


FILE_TYPES: Final = frozenset(
    {
        SocketType.IMAGE,
        SocketType.VIDEO,
        SocketType.AUDIO,
        SocketType.ASSET_REFERENCE,
        SocketType.CONTROL_MAP,
        SocketType.MASK,
        SocketType.EDL,
        SocketType.CAPTIONS,
    }
)
"""Socket types whose value is a file, handed to a pipeline by path and never by value."""

ACCEPTS: Final[dict[SocketType, frozenset[SocketType]]] = {
    SocketType.FLOAT: frozenset({SocketType.INTEGER}),
    SocketType.CONTROL_MAP: frozenset({SocketType.VIDEO}),
    SocketType.MASK: frozenset({SocketType.IMAGE, SocketType.VIDEO, SocketType.CONTROL_MAP}),
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


def rate(text: str) -> Fraction:
    """Return a frame rate written as frames/seconds (`24/1`, `24000/1001`) as a Fraction of frames per second."""
    frames, seconds = text.split("/")
    return Fraction(int(frames), int(seconds))


class Exit(IntEnum):
    """Exit statuses with a meaning (sysexits.h where one fits); any other means a bug in the pipeline."""

    OK = 0
    INVALID = 64
    NO_INPUT = 66
    UNAVAILABLE = 69
    BUG = 70
    RETRY = 75
    MISSING = 78
    OUT_OF_MEMORY = 79
    KILLED = 137
    CANCELED = 143


class Code(StrEnum):
    """The published taxonomy of errors (docs/errors.md lists it with remedies)."""

    CONTRACT_MISMATCH = "CONTRACT_MISMATCH"
    VALIDATION_ERROR = "VALIDATION_ERROR"
    UNSUPPORTED_MEDIA = "UNSUPPORTED_MEDIA"
    UPLOAD_TOO_LARGE = "UPLOAD_TOO_LARGE"
    ARCHIVE_REFUSED = "ARCHIVE_REFUSED"
    PUSH_REFUSED = "PUSH_REFUSED"
    GRAPH_INVALID = "GRAPH_INVALID"
    CANVAS_UNREADABLE = "CANVAS_UNREADABLE"
    FILE_NOT_FOUND = "FILE_NOT_FOUND"
    NOT_FOUND = "NOT_FOUND"
    PROJECT_MISSING = "PROJECT_MISSING"
    PROJECT_REFUSED = "PROJECT_REFUSED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    NOT_PERMITTED = "NOT_PERMITTED"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    LEASE_LOST = "LEASE_LOST"
    PIPELINE_UNKNOWN = "PIPELINE_UNKNOWN"
    PIPELINE_FAILED = "PIPELINE_FAILED"
    ENGINE_OFFLINE = "ENGINE_OFFLINE"
    ENGINE_TIMEOUT = "ENGINE_TIMEOUT"
    DEPENDENCY_MISSING = "DEPENDENCY_MISSING"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    WORKER_LOST = "WORKER_LOST"
    OUTPUT_INVALID = "OUTPUT_INVALID"
    LFS_MISSING = "LFS_MISSING"
    STORAGE_FULL = "STORAGE_FULL"
    STORAGE_READONLY = "STORAGE_READONLY"
    STORAGE_UNREACHABLE = "STORAGE_UNREACHABLE"
    PORT_IN_USE = "PORT_IN_USE"
    CANCELED = "CANCELED"
    INTERNAL = "INTERNAL"
