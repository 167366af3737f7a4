"""The manifest of a project (`project.json`), the formats it can be made in and the names of its folders.

Pure data, read by every layer above. The caller supplies the uuid and the time; nothing here touches a disk.
"""

import re
import unicodedata
from fractions import Fraction
from typing import Final, Literal, Self

from anyascii import anyascii
from pydantic import BaseModel, ConfigDict, Field, model_validator

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Engine, Format, FrameRate, Quality, rate

ASPECT_RATIOS: Final[dict[str, tuple[int, int]]] = {
    "16:9": (1280, 720),
    "9:16": (720, 1280),
    "1:1": (960, 960),
    "4:3": (960, 720),
    "2.39:1": (1280, 536),
}
"""Aspect ratio in words → width and height in pixels."""

FRAME_RATES: Final[dict[str, str]] = {
    "24000/1001": "23.976",
    "24/1": "24",
    "25/1": "25",
    "30000/1001": "29.97",
    "30/1": "30",
    "50/1": "50",
    "60000/1001": "59.94",
}
"""Frame rates a project can have → the label people know them by."""

SOURCE_MEDIA: Final = "01_Assets/Source_Media"
CANVASES: Final = "02_Source_Creative/Canvases"
SCRIPTS: Final = "02_Source_Creative/Scripts"
RENDERS: Final = "03_Renders"
AUTO_SAVES: Final = "04_Project_Files/Auto_Saves"
EDLS: Final = "04_Project_Files/EDLs"
TAPES: Final = "04_Project_Files/source_timecode.csv"
CACHE: Final = "05_Cache"
EXPORTS: Final = "06_Exports"

VERSIONED_FOLDERS: Final = (
    SOURCE_MEDIA,
    "01_Assets/AI_Models",
    "01_Assets/Generative_Assets/Characters",
    "01_Assets/Generative_Assets/Styles",
    CANVASES,
    SCRIPTS,
    RENDERS,
    AUTO_SAVES,
    EDLS,
)
"""Folders whose contents belong to the project's history."""

LOCAL_FOLDERS: Final = (CACHE, EXPORTS)
"""Folders that are never committed: everything in them can be made again."""

MANIFEST: Final = "project.json"
MAIN_CANVAS: Final = f"{CANVASES}/main_canvas.json"

TITLE_LIMIT: Final = 120
"""Longest title, in characters."""

DESCRIPTION_LIMIT: Final = 4000
"""Longest description, in characters."""

_SLUG_LIMIT = 60
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])$")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT_CONTROLS = frozenset("\n\t")


WhenFull = Literal["queue", "fallback"]
"""What a project does while nothing can make the quality it asks for: hold until something can, or take a lower one."""


OtherRates = Literal["between", "repeat"]
"""What becomes of a shot's take of another frame rate: pictures in between are made once, or the cut repeats frames."""


class ProjectSettings(BaseModel):
    """The picture a project is made in and the quality it asks of its pipelines.

    `width` and `height` are pixels. `engines` are what its work is made with where several could, first choice first;
    what it does not name comes after, save `remote`: work leaves the house only where it is named. Where `other_rates`
    is not told, as in projects of an older studio, frames are repeated. Unknown fields of a newer studio are kept.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    aspect_ratio: str
    quality: Quality
    frame_rate: FrameRate
    width: int = Field(ge=16, le=16384, multiple_of=2)
    height: int = Field(ge=16, le=16384, multiple_of=2)
    when_full: WhenFull = "fallback"
    engines: tuple[Engine, ...] = Field(default=(), max_length=len(Engine))
    other_rates: OtherRates = "repeat"

    @property
    def format(self) -> Format:
        """Return the picture format that pipelines are told."""
        return Format(width=self.width, height=self.height, frame_rate=self.frame_rate)

    @property
    def rate(self) -> Fraction:
        """Return frames per second, exactly."""
        return rate(self.frame_rate)


class Manifest(BaseModel):
    """`project.json`. `uuid` never changes; `version` counts the saves of this file.

    Unknown fields of a newer studio are kept.
    """

    model_config = ConfigDict(frozen=True, extra="allow", validate_by_name=True, serialize_by_alias=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    uuid: str = Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
    title: str
    description: str = ""
    canvas_path: str = MAIN_CANVAS
    project_settings: ProjectSettings
    version: int = Field(default=1, ge=1)
    created_at: str

    @model_validator(mode="after")
    def _canvas_lies_in_its_folder(self) -> Self:
        name = self.canvas_path.removeprefix(f"{CANVASES}/")
        if name == self.canvas_path or not re.fullmatch(r"[A-Za-z0-9_-]{1,60}\.json", name):
            message = f"canvas_path {self.canvas_path!r} is not a JSON file directly in {CANVASES}"
            raise ValueError(message)
        return self


def settings_for(aspect_ratio: str, frame_rate: str, quality: Quality) -> ProjectSettings:
    """Return the settings of one of the offered formats.

    Raises VALIDATION_ERROR with the name of the field that is not on offer.
    """
    if aspect_ratio not in ASPECT_RATIOS:
        offered = ", ".join(ASPECT_RATIOS)
        raise StudioError(Code.VALIDATION_ERROR, f"The aspect ratio must be one of {offered}.", field="aspect_ratio")
    width, height = ASPECT_RATIOS[aspect_ratio]
    return ProjectSettings(
        aspect_ratio=aspect_ratio, quality=quality, frame_rate=offered_rate(frame_rate), width=width, height=height
    )


def offered_rate(frame_rate: str) -> str:
    """Return a frame rate that is on offer as it is. Raises VALIDATION_ERROR for any other."""
    if frame_rate in FRAME_RATES:
        return frame_rate
    offered = ", ".join(FRAME_RATES.values())
    raise StudioError(
        Code.VALIDATION_ERROR,
        f"The frame rate must be one of {offered}, written as a fraction such as 24/1.",
        field="frame_rate",
    )


def new_manifest(
    *,
    uuid: str,
    title: str,
    created_at: str,
    description: str = "",
    aspect_ratio: str = "16:9",
    frame_rate: str = "24/1",
    quality: Quality = Quality.STANDARD,
) -> Manifest:
    """Return the manifest of a new project; raise VALIDATION_ERROR for a title or format that cannot be."""
    settings = settings_for(aspect_ratio, frame_rate, quality)
    return Manifest(
        uuid=uuid,
        title=checked_title(title),
        description=checked_description(description),
        project_settings=settings.model_copy(update={"other_rates": "between"}),
        created_at=created_at,
    )


def checked_title(title: str) -> str:
    """Return the title without outer spaces, in Unicode's composed form (NFC).

    Raises VALIDATION_ERROR (field `title`) when it is empty, longer than 120 characters or holds control characters.
    """
    clean = unicodedata.normalize("NFC", title).strip()
    if not clean:
        raise StudioError(Code.VALIDATION_ERROR, "A project needs a title.", field="title")
    if len(clean) > TITLE_LIMIT:
        raise StudioError(
            Code.VALIDATION_ERROR,
            f"The title has {len(clean)} characters; {TITLE_LIMIT} is the most.",
            field="title",
        )
    if any(_is_control(c) for c in clean):
        raise StudioError(
            Code.VALIDATION_ERROR, "The title holds line breaks or other control characters.", field="title"
        )
    return clean


def checked_description(description: str) -> str:
    """Return the description; raise VALIDATION_ERROR when it is too long or holds control characters."""
    clean = unicodedata.normalize("NFC", description.replace("\r\n", "\n")).strip()
    if len(clean) > DESCRIPTION_LIMIT:
        raise StudioError(
            Code.VALIDATION_ERROR,
            f"The description has {len(clean)} characters; {DESCRIPTION_LIMIT} is the most.",
            field="description",
        )
    if any(_is_control(c) for c in clean if c not in _KEPT_CONTROLS):
        raise StudioError(Code.VALIDATION_ERROR, "The description holds control characters.", field="description")
    return clean


def slug_for(title: str) -> str:
    """Return a folder name for a title: 1-60 characters of `a-z0-9-`, safe on every file system.

    Other scripts are written in Latin letters; a title without letters and digits gives `project`, names that Windows
    reserves get `-project` appended.
    """
    plain = anyascii(title).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LIMIT].strip("-")
    if not slug:
        return "project"
    return f"{slug}-project" if _RESERVED.match(slug) else slug


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in _BIDI
