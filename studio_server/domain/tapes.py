"""Source timecode of editorial masters: which stretch of the day each take and sound of a project has for good.

Pure. Resolve conforms an edit list by reel and timecode and never by file name, and by timecode alone as it comes; so
no two files of a project share a frame of it, and a file that once went to an editor keeps its stretch for ever.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from studio_server.domain.timecode import counted
from studio_server.domain.timeline import Cut, Sound, Timeline

SLOT_S: Final = 10
"""Stretches begin at multiples of so many seconds of timecode."""

_FIRST_S: Final = 3600
_DAY_S: Final = 24 * 3600
"""From 01:00:00:00, so that handles before a take are no negative timecode, to the end of the day."""


class Tape(NamedTuple):
    """A stretch of source timecode, in seconds as timecode counts them, and the reel that it was given with."""

    reel: str
    start_s: int
    length_s: int


def wanted_by(timeline: Timeline) -> dict[str, tuple[str, int]]:
    """Return reel and length (seconds, rounded up to whole slots) of each file of a cut, by its SHA-256."""
    fps = counted(timeline.rate)
    files = {cut.oid or "": (cut.reel or "", _slots(cut.conformed_frames, fps)) for cut in timeline.events}
    return files | {sound.oid: (sound.reel, _slots(sound.frames, fps)) for sound in timeline.sounds}


def _slots(frames: int, fps: Fraction) -> int:
    return max(1, ceil(Fraction(frames) / fps / SLOT_S)) * SLOT_S


def allotted(known: Mapping[str, Tape], wanted: Mapping[str, tuple[str, int]]) -> dict[str, Tape]:
    """Return the stretches of the files that have none yet, or one that is too short now or another's as well.

    The first free one after all others is given; where the day is full it begins anew, and reels tell them apart.
    """
    fresh: dict[str, Tape] = {}
    taken: set[int] = set()
    double: set[str] = set()
    for oid, tape in known.items():
        slots = set(_covered(tape))
        if slots & taken:  # two branches were given the same: the later line yields
            double.add(oid)
        taken |= slots
    at = max(taken, default=_FIRST_S - SLOT_S) + SLOT_S
    for oid, (reel, length) in wanted.items():
        has = known.get(oid)
        if has and has.length_s >= length and oid not in double:
            continue
        if at + length > _DAY_S:
            at = _FIRST_S
        fresh[oid] = Tape(reel, at, length)
        at += length
    return fresh


def _covered(tape: Tape) -> Iterable[int]:
    return range(tape.start_s // SLOT_S * SLOT_S, tape.start_s + tape.length_s, SLOT_S)


def on_tape(timeline: Timeline, tapes: Mapping[str, Tape]) -> Timeline:
    """Return a cut whose takes and sounds are editorial masters: a file each, `Media/NAME`, with timecode of its own.

    No two files have one name, in whatever letters: takes of two scenes may be called alike.
    """
    fps = counted(timeline.rate)
    names: dict[str, str] = {}
    for cut in timeline.events:
        names.setdefault(cut.oid or "", _free(f"SC{cut.scene}_{cut.take}.mov", names.values()))
    for sound in timeline.sounds:
        stem = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "_" for sign in _stem(sound))
        names.setdefault(sound.oid, _free(f"{sound.reel}_{stem[:40]}.wav", names.values()))

    def told(one: Cut | Sound) -> dict[str, object]:
        oid = one.oid or ""
        return {"master": f"Media/{names[oid]}", "source_start": int(tapes[oid].start_s * fps)}

    cuts = tuple(cut.model_copy(update=told(cut)) if cut.take else cut for cut in timeline.cuts)
    sounds = tuple(sound.model_copy(update=told(sound)) for sound in timeline.sounds)
    return timeline.model_copy(update={"cuts": cuts, "sounds": sounds})


def _stem(sound: Sound) -> str:
    return sound.name.rsplit(".", 1)[0]


def _free(name: str, taken: Iterable[str]) -> str:
    used = {one.casefold() for one in taken}
    stem, _, suffix = name.rpartition(".")
    number = 2
    while name.casefold() in used:
        name, number = f"{stem}-{number}.{suffix}", number + 1
    return name


def in_take(position: int, tape: Tape | None, rate: Fraction) -> int:
    """Return a source position of a list as frames from the first of its take.

    Lists of an export count from 0, those of a delivery in source timecode: what lies behind the first hour is that.
    """
    fps = counted(rate)
    return position - int(tape.start_s * fps) if tape and position >= _FIRST_S // 2 * fps else position
