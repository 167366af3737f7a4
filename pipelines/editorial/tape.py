"""Which files a delivery holds, as its OpenTimelineIO names them: each with reel, first timecode and length."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import opentimelineio as otio
from cutlist import opened

from studio_sdk import Code, Edl, Fail


@dataclass(frozen=True)
class Tape:
    """A file to be made: `name` is its path in the delivery, `frames` its length in frames of the project.

    `start` is the number of its first frame and `timecode` the same as text; `native` is the source's own rate.
    """

    oid: str
    name: str
    label: str
    reel: str
    start: int
    timecode: str
    frames: int
    native: Fraction | None
    is_sound: bool
    mono: bool = False


def read(files: Sequence[Edl], rate: Fraction) -> list[Tape]:
    """Return every file once, in the order of the cut. Raises `Fail` for a cut that names no masters."""
    cut = next((one for one in files if one.suffix == ".otio"), None)
    if cut is None:
        raise Fail(Code.VALIDATION_ERROR, "There is no OpenTimelineIO file in the cut.", field="cut")
    found: dict[str, Tape] = {}
    for clip in opened(cut).find_clips():
        known = clip.metadata.get("production_canvas", {})
        if known.get("master"):
            one = _tape(clip, known, rate)
            found.setdefault(one.oid, one)
    if not found:
        raise Fail(Code.VALIDATION_ERROR, "The cut names no masters to make.", field="cut")
    names = [one.name.casefold() for one in found.values()]
    if len(set(names)) != len(names):
        raise Fail(Code.VALIDATION_ERROR, "Two masters of the cut have one name.", field="cut")
    return list(found.values())


def _tape(clip: otio.schema.Clip, known: Any, rate: Fraction) -> Tape:
    name = str(known["master"])
    there = getattr(clip.media_reference, "available_range", None)
    start = known.get("source_start")
    plain = PurePosixPath(name)
    if plain.is_absolute() or ".." in plain.parts or "\\" in name:
        raise Fail(Code.VALIDATION_ERROR, "A master of the cut lies outside the delivery.", field="cut", detail=name)
    if there is None or not isinstance(start, int) or abs(there.duration.rate - float(rate)) > 0.001:  # noqa: PLR2004
        raise Fail(Code.VALIDATION_ERROR, f"{clip.name} has no timecode at the project's rate.", field="cut")
    native = str(known.get("native_rate") or "")
    return Tape(
        oid=str(known.get("oid")),
        name=name,
        label=str(known.get("take") or clip.name),
        reel=str(known.get("reel") or ""),
        start=start,
        timecode=str(known.get("source_timecode")),
        frames=int(there.duration.value),
        native=Fraction(native) if native else None,
        is_sound="sound" in known,
        mono=known.get("audio_channels") == 1,
    )
