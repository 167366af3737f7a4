"""Shots and takes: the file-name grammar, the sidecar of a take, its number and its reel name.

    03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4        the media
    03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.json       its sidecar
    03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.poster.jpg its poster
    03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.pose.mp4   a companion: what its pipeline keeps beside it

Pure; the library scans and writes the files.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from studio_sdk.contract import Scalar
from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import CompanionName
from studio_sdk.types import Format, FrameRate, Frozen, MediaRef, Quality, Sha256, Tier
from studio_server.domain.project import RENDERS

POSTER_SUFFIX: Final = ".poster.jpg"
SIDECAR_SUFFIX: Final = ".json"

_WORD = re.compile(r"[A-Za-z0-9]{1,8}")
_FILE = re.compile(r"SHOT-([A-Za-z0-9]{1,8})_v([0-9]{2,6})_take([0-9]{2,6})(\.[a-z0-9]{1,8})")
_FOLDER = re.compile(r"SCENE_([A-Za-z0-9]{1,8})/SHOT_([A-Za-z0-9]{1,8})")
_LETTER_SCENES = 26
_TWO_DIGITS = 99
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, order=True)
class TakeName:
    """Which take it is: scene `01`, shot code `010`, version 1, take number 1."""

    scene: str
    code: str
    version: int
    number: int

    @property
    def shot(self) -> str:
        """Return the shot as people write it, for example `SHOT-010`."""
        return f"SHOT-{self.code}"

    @property
    def stem(self) -> str:
        """Return the name of the take, for example `SHOT-010_v01_take01`."""
        return f"{self.shot}_v{self.version:02d}_take{self.number:02d}"

    @property
    def folder(self) -> str:
        """Return the folder it lies in, relative to the project."""
        return shot_folder(self.scene, self.code)

    def path(self, suffix: str) -> str:
        """Return the path of one of its files, relative to the project; `suffix` begins with a dot."""
        return f"{self.folder}/{self.stem}{suffix}"


def is_number(scene: str, code: str) -> bool:
    """Whether scene and code are one to eight letters and digits each: both become folder names."""
    return bool(_WORD.fullmatch(scene) and _WORD.fullmatch(code))


def shot_folder(scene: str, code: str) -> str:
    """Return the folder of a shot's takes, relative to the project.

    Raises VALIDATION_ERROR when scene or code is not one to eight letters and digits: both become folder names.
    """
    for value, field, title in ((scene, "scene", "scene"), (code, "code", "shot code")):
        if not _WORD.fullmatch(value):
            raise StudioError(
                Code.VALIDATION_ERROR, f"The {title} must be one to eight letters and digits.", field=field
            )
    return f"{RENDERS}/SCENE_{scene}/SHOT_{code}"


def parse_folder(path: str) -> tuple[str, str] | None:
    """Return scene and code of a folder such as `SCENE_01/SHOT_010`, or None for anything else."""
    found = _FOLDER.fullmatch(path.removeprefix(f"{RENDERS}/"))
    return (found[1], found[2]) if found else None


def parse_file(scene: str, filename: str) -> tuple[TakeName, str] | None:
    """Return the take a media or sidecar file belongs to and its suffix, or None for any other file.

    Only the one spelling that `TakeName.path` writes is a take: `v1` or `take001` are not.
    """
    found = _FILE.fullmatch(filename)
    if not found or not _WORD.fullmatch(scene):
        return None
    name = TakeName(scene=scene, code=found[1], version=int(found[2]), number=int(found[3]))
    return (name, found[4]) if name.stem + found[4] == filename and name.version and name.number else None


def parse_path(path: str) -> tuple[TakeName, str] | None:
    """Return the take and suffix of a path below the project (or below 03_Renders), or None."""
    where = PurePosixPath(path.removeprefix(f"{RENDERS}/"))
    folder = parse_folder(str(where.parent))
    parsed = parse_file(folder[0], where.name) if folder else None
    return parsed if folder and parsed and parsed[0].code == folder[1] else None


class TakeInput(BaseModel):
    """A file that went into a take: the socket, what people call the file, and its bytes."""

    model_config = ConfigDict(frozen=True, extra="allow")

    socket: str
    name: str = ""
    oid: Sha256


class Conformed(BaseModel):
    """Of which take a take holds the same pictures at another frame rate, and what made those in between.

    `take` and `oid` name the one that the shot's own pipeline made, `frame_rate` is what it was given.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    take: str
    oid: Sha256
    pipeline: str
    pipeline_version: str
    digest: str = ""
    frame_rate: FrameRate


class Recipe(BaseModel):
    """What made a take, enough to make it again: pipeline, its code's digest, parameters, inputs, seed and format.

    `image` is the id of the container's image, empty where there was none. `format` is the picture that the project
    asked for; None in takes of an older studio, which did not write it down. `conformed`: all of this made another
    take, and this one is that one at another frame rate; None, as in takes of an older studio, where it is not.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    pipeline: str
    pipeline_version: str
    digest: str = ""
    tier: Tier = Tier.PRODUCTION
    params: dict[str, Scalar] = Field(default_factory=dict)
    inputs: tuple[TakeInput, ...] = ()
    seed: int = Field(ge=0, le=2**32 - 1)
    quality: Quality
    quality_requested: Quality
    sandbox: str = ""
    image: str = ""
    determinism: Literal["bitwise", "seeded", "none"] = "none"
    format: Format | None = None
    conformed: Conformed | None = None


class TakeDraft(BaseModel):
    """A take before it has a number: everything that is known when its media arrives.

    `recipe` and `job_id` are None for media that somebody put into the folder by hand; `conformed` says of such a one's
    conformed take what a recipe says of others'. The picture's facts are None
    where such a file cannot be read. `width` and `height` are pixels, `duration_s` and `elapsed_s` seconds,
    `frame_rate` the take's own, `facts` what the pipeline reported. Unknown fields are kept.
    """

    model_config = ConfigDict(frozen=True, extra="allow", validate_by_name=True, serialize_by_alias=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    id: str = Field(min_length=1, max_length=80)
    job_id: str | None = None
    node_id: str | None = None
    scene: str = Field(pattern=r"^[A-Za-z0-9]{1,8}$")
    code: str = Field(pattern=r"^[A-Za-z0-9]{1,8}$")
    recipe: Recipe | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: FrameRate | None = None
    frames: int | None = None
    duration_s: float | None = None
    has_audio: bool = False
    audio_channels: int | None = None
    created_by: str = ""
    created_at: str
    elapsed_s: float | None = None
    facts: dict[str, Scalar] = Field(default_factory=dict)
    conformed: Conformed | None = None

    @property
    def conformed_from(self) -> Conformed | None:
        """Return of which take it has the pictures at another frame rate; None where it is an original."""
        return self.conformed or (self.recipe.conformed if self.recipe else None)


class Companion(Frozen):
    """A file beside a take: its name in the manifest, what people call it, and where it lies."""

    name: CompanionName
    title: str
    media: MediaRef


class Take(TakeDraft):
    """The sidecar of a take: a draft that has its number, its reel and its files."""

    version: int = Field(ge=1, le=999_999)
    number: int = Field(ge=1, le=999_999)
    media: MediaRef
    poster: MediaRef | None = None
    companions: tuple[Companion, ...] = ()
    fingerprint: str | None = None
    reel: str = Field(pattern=r"^[A-Z0-9]{8}$")

    @property
    def take_name(self) -> TakeName:
        """Return scene, code, version and number as one value."""
        return TakeName(scene=self.scene, code=self.code, version=self.version, number=self.number)

    @property
    def name(self) -> str:
        """Return the name of the take, for example `SHOT-010_v01_take01`."""
        return self.take_name.stem

    @property
    def shot(self) -> str:
        """Return the shot as people write it, for example `SHOT-010`."""
        return self.take_name.shot


def fingerprint(recipe: Recipe) -> str:
    """Return what makes two takes repeats of each other: a SHA-256 over the recipe without its seed.

    Pipeline, its version and digest, parameters, inputs by their bytes, and the quality used count; names of files,
    the seed, the sandbox, the quality once wished for and whether it was conformed do not.
    """
    inputs: dict[str, list[str]] = {}
    for given in recipe.inputs:
        inputs.setdefault(given.socket, []).append(given.oid)
    parts = {
        "pipeline": recipe.pipeline,
        "pipeline_version": recipe.pipeline_version,
        "digest": recipe.digest,
        "params": {name: _plain(value) for name, value in recipe.params.items()},
        "inputs": inputs,
        "quality": recipe.quality.value,
    }
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Scalar) -> Scalar:
    """Make 4.0 and 4 one value: a page sends the first as the second."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def shown(takes: Sequence[Take], named: object) -> Take | None:
    """Return the take that a card shows: the one it names, else the newest; None where it has none."""
    return next((take for take in takes if take.name == named), takes[-1] if takes else None)


class Numbered(NamedTuple):
    """A take that exists, as far as numbering cares; `fingerprint` is None where the recipe is unknown."""

    version: int
    number: int
    fingerprint: str | None


def next_number(existing: Iterable[Numbered], recipe_fingerprint: str) -> tuple[int, int]:
    """Return version and number of the next take of a shot.

    A version is a generation of the recipe: the same fingerprint gives the next take of the newest version that has
    it, any other recipe opens a new version.
    """
    known = list(existing)
    same = [t.version for t in known if t.fingerprint == recipe_fingerprint]
    if not same:
        return max((t.version for t in known), default=0) + 1, 1
    version = max(same)
    return version, max(t.number for t in known if t.version == version) + 1


def next_of_version(existing: Iterable[Numbered], version: int) -> tuple[int, int]:
    """Return version and number of the next take of a version, of whose recipe nothing is known."""
    return version, max((one.number for one in existing if one.version == version), default=0) + 1


def plain_reel(name: TakeName) -> str | None:
    """Return the readable reel of a take (`A0100101` = scene 1, shot 010, v01, take 01), or None where it does not fit.

    It fits scenes 01-26 and three-digit codes, versions and takes up to 99; two takes never share one.
    """
    scene = int(name.scene) if re.fullmatch(r"[0-9]{2}", name.scene) else 0
    fits = (
        1 <= scene <= _LETTER_SCENES
        and re.fullmatch(r"[0-9]{3}", name.code)
        and name.version <= _TWO_DIGITS
        and name.number <= _TWO_DIGITS
    )
    return f"{chr(64 + scene)}{name.code}{name.version:02d}{name.number:02d}" if fits else None


def reel_name(name: TakeName, take_id: str, taken: Collection[str]) -> str:
    """Return the reel of a take: eight characters of `A-Z0-9`, in no other use in the project.

    Where the readable form does not fit it is `T` and seven characters made from the take's id; those hold a letter,
    so that they never equal a readable one. `taken` are the reels of other takes.
    """
    readable = plain_reel(name)
    if readable and readable not in taken:
        return readable
    salt = 0
    while True:
        number = int.from_bytes(hashlib.sha256(f"{take_id}/{salt}".encode()).digest()[:8], "big")
        tail = ""
        for _ in range(7):
            number, digit = divmod(number, 36)
            tail = _BASE36[digit] + tail
        reel = f"T{tail.upper()}"
        if not tail.isdigit() and reel not in taken:
            return reel
        salt += 1
