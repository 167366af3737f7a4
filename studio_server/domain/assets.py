"""Asset: a file people brought in; Film: a finished one; Delivery: a cut for an editing system; and their sidecars.

Pure data; the library writes it, actions and pages read it.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from studio_sdk.contract import Scalar
from studio_sdk.types import Format, FrameRate, MediaRef, Quality, Sha256
from studio_server.domain.shots import TakeInput


class AssetKind(StrEnum):
    """What an asset is to the people who use it."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


class Asset(BaseModel):
    """The sidecar of an asset. Sizes are pixels, times seconds; a still has no duration, sound no width.

    `origin` says where it came from: `upload`, the id of the job that made it, or `project:` with the id it had there.
    Unknown fields are kept.
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


class FilmCut(BaseModel):
    """One shot of a film: the card, its take and that take's bytes, and the marks in it (frames of the take).

    `joined` says in words how it is entered, left and titled; empty for a plain cut. `framing` says in words what of
    its picture is seen; empty for a shot without a framing of its own. `words` are its subtitles where they are in the
    picture.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    node_id: str
    shot: str
    take: str
    oid: Sha256
    into: int | None = None
    out: int | None = None
    joined: str = ""
    framing: str = ""
    words: str = ""


class FilmRecipe(BaseModel):
    """What a film was made of: the pipeline with its code's digest, its parameters, the cut, the voices and music.

    `music` are the files of both, `sounds` says where each lies; None in films of an older studio.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    pipeline: str
    pipeline_version: str
    digest: str
    params: dict[str, Scalar] = Field(default_factory=dict)
    quality: Quality
    quality_requested: Quality
    format: Format
    cut: tuple[FilmCut, ...]
    music: tuple[TakeInput, ...] = ()
    sounds: tuple[str, ...] | None = None


class FilmDraft(BaseModel):
    """A rendered film before it has a name. `previz` says that a shot in it is not made for production.

    `recipe` and `elapsed_s` (seconds of work) are None in films of an older studio, which did not write them down, nor
    `facts`, what the pipeline reported.
    Sizes are pixels, `duration_s` seconds, `frame_rate` exact. `cut_of` is the card whose cut it shows where that is
    another's than `node_id`, `aspect` its shape, `language` what it is in; each is empty in films that are their card's
    own, in the project's shape, in the language they were written in. `notes` say what was not as it should be.
    Unknown fields are kept.
    """

    model_config = ConfigDict(frozen=True, extra="allow", validate_by_name=True, serialize_by_alias=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    id: str = Field(min_length=1, max_length=80)
    job_id: str | None = None
    node_id: str | None = None
    cut_of: str = ""
    aspect: str = ""
    language: str = ""
    notes: tuple[str, ...] = ()
    width: int
    height: int
    frame_rate: FrameRate
    frames: int
    duration_s: float
    has_audio: bool = False
    previz: bool = False
    recipe: FilmRecipe | None = None
    facts: dict[str, Scalar] = Field(default_factory=dict)
    created_at: str
    created_by: str = ""
    elapsed_s: float | None = None


class Film(FilmDraft):
    """The sidecar of a rendered film in 06_Exports: a draft that has its name and its files."""

    name: str
    media: MediaRef
    poster: MediaRef | None = None


class DeliveryDraft(BaseModel):
    """A cut packed for editing systems, before it has a name: lists, and the media that they address.

    `codec` is how its pictures are coded, `files` what lies in it, `notes` say what the lists cannot carry. Unknown
    fields are kept.
    """

    model_config = ConfigDict(frozen=True, extra="allow", validate_by_name=True, serialize_by_alias=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    id: str = Field(min_length=1, max_length=80)
    job_id: str
    node_id: str
    title: str
    codec: str
    frame_rate: FrameRate
    frames: int
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    created_at: str
    created_by: str = ""
    elapsed_s: float | None = None


class Delivery(DeliveryDraft):
    """The sidecar of a delivery in 06_Exports: a draft that has its name and its zip."""

    name: str
    media: MediaRef
