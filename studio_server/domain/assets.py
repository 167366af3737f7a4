"""Asset: a file people brought into the project, and its sidecar JSON beside the media.

Pure data; the library writes it, actions and pages read it.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from studio_sdk.types import MediaRef


class AssetKind(StrEnum):
    """What an asset is to the people who use it."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


class Asset(BaseModel):
    """The sidecar of an asset. Sizes are pixels, times seconds; a still has no duration, sound no width.

    `origin` says where it came from: `upload`, or the id of the job that made it. Unknown fields are kept.
    """

    model_config = ConfigDict(frozen=True, extra="allow", validate_by_name=True, serialize_by_alias=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    id: str = Field(min_length=1, max_length=80)
    title: str
    kind: AssetKind
    media: MediaRef
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    frames: int | None = None
    has_audio: bool = False
    created_at: str
    created_by: str
    origin: str = "upload"
