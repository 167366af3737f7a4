"""The cut as AAF, experimental: cuts, dissolves, gaps for slates, and sound, without any media in the file.

Written with pyaaf2 and not with the adapter of OpenTimelineIO: given our OTIO that refuses dissolves and slates, names
tapes after files, calls the sequence non-drop at 29.97 and the tapes at 23.976 drop frame (2.0.0, measured).
Each file is a chain of three mobs: a master and the file of our file's name, and a tape of the reel's name with source
timecode. A primary timecode track (AAF Edit Protocol 6.3) and a name for each slot are there because Resolve refuses a
sequence without (otio-aaf-adapter #9). Ids come of the media's SHA-256: the same take is the same clip in every export.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid5

import aaf2
from aaf2.auid import AUID
from aaf2.mobid import MobID

from studio_server.domain.plaintext import printable
from studio_server.domain.timecode import base
from studio_server.domain.timeline import Cut, Sound, Timeline

DISSOLVE: Final = AUID("0c3bea40-fc05-11d2-8a29-0050040ef7d2")
"""The standard's Video Dissolve; without a level of its own it rises evenly from nothing to all."""
CHANNELS: Final = 2
"""How many channels of a take are laid, each on a track of its own: A1 and A2, as in the sound list."""
SECTOR: Final = 4096
_TABLES: Final = slice(0x44, 0x48)
_FREE, _END = b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff"
_OURS: Final = UUID("6b1e7a52-0d5c-5f0e-9d0a-0a4a1f6c2d11")
_THEN: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones
_PICTURE, _SOUND = "picture", "sound"


def write(timeline: Timeline, folder: str, size: tuple[int, int]) -> bytes:
    """Return the file; media are named relative to `folder`, where it will lie, masters as they are named.

    `size` is width and height of the pictures in pixels, without which the standard allows no picture.
    """
    with aaf2.open(None, "w", sector_size=SECTOR) as paper:
        _Paper(paper, timeline, "/".join(".." for _ in folder.split("/")), size).compose()
        # What `close` does, before it also throws the memory away that it has written into.
        paper.save()
        paper.manager.remove_temp()
        paper.cfb.close()
        return _whole(bytearray(paper.f.getvalue()))


def _whole(made: bytearray) -> bytes:
    """Return what pyaaf2 1.7.1 has written as a compound file that strict readers open.

    It ends in the middle of its last sector, which LibAAF (Ardour's reader) refuses, and marks that it has no table of
    tables as "free" where the format wants "end of chain" (MS-CFB 2.2: whole sectors; First DIFAT Sector).
    """
    if made[_TABLES] == _FREE:
        made[_TABLES] = _END
    return bytes(made) + bytes(-len(made) % SECTOR)


def losses(timeline: Timeline) -> Iterable[str]:
    """Say in words what the file is worth and what it cannot carry."""
    yield "The AAF is experimental: pyaaf2 and OpenTimelineIO read this cut in it, but no Avid has opened one yet."
    lost = {
        "titles": any(cut.title for cut in timeline.shown),
        "fades from and to black": any(cut.fade_in or cut.fade_out for cut in timeline.shown),
        "markers": bool(timeline.markers),
        "levels and fades of voices and music": bool(timeline.sounds),
        "subtitles": bool(timeline.subtitles),
        "channels of sound after the second": any((cut.audio_channels or 0) > CHANNELS for cut in timeline.events),
    }
    if gone := [name for name, is_there in lost.items() if is_there]:
        yield f"Not in the AAF: {', '.join(gone)}."
    if any(cut.is_slate for cut in timeline.cuts):
        yield "Slates are black in the AAF, without a clip behind them."
    if any(cut.dissolve and _channels(cut) for cut in timeline.shown):
        yield "Under a dissolve the AAF cuts the sound of the takes hard, where the second shot begins."


class _Paper:
    """One file being written: the masters in it, and the composition."""

    def __init__(self, paper: Any, timeline: Timeline, up: str, size: tuple[int, int]) -> None:
        self._paper, self._timeline, self._up, self._size = paper, timeline, up, size
        self._make = paper.create
        self._clips: dict[str, Any] = {}

    def compose(self) -> None:
        timeline = self._timeline
        cut = timeline.model_dump_json()
        self._sign(cut)
        whole = self._mob(self._make.CompositionMob(), timeline.title, cut)
        whole.usage = "Usage_TopLevel"
        self._timecode(whole, timeline.start_frame, timeline.frames)
        self._pictures(self._track(whole, _PICTURE, 1))
        for channel in range(max((_channels(cut) for cut in timeline.shown), default=0)):
            sounding = [cut for cut in timeline.shown if _channels(cut) > channel]
            self._sounds(self._track(whole, _SOUND, channel + 1), sounding, channel)
        for pair, sounds in enumerate(timeline.tracks):
            for channel in range(2):
                self._sounds(self._track(whole, _SOUND, 2 * pair + channel + 3), sounds, channel)

    def _sign(self, seed: str) -> None:
        """Name the program; the same cut is the same bytes, so that a delivery of it is known to be the same."""
        header = self._paper.header
        header["LastModified"].value = _THEN
        self._paper.content["EssenceData"].value = []  # required, though no media are in it
        (made_by,) = header["IdentificationList"].value
        told = {"ProductName": "Production Canvas", "CompanyName": "Production Canvas", "Date": _THEN}
        told |= {"ProductVersionString": "1", "Platform": "any", "GenerationAUID": AUID(str(uuid5(_OURS, seed)))}
        told |= {"ProductID": AUID(str(_OURS))}
        for name, value in told.items():
            made_by[name].value = value

    def _mob(self, mob: Any, name: str, seed: str) -> Any:
        mob.name = printable(name)
        mob.mob_id = _id_of(seed)
        mob["CreationTime"].value = mob["LastModified"].value = _THEN
        self._paper.content.mobs.append(mob)
        return mob

    def _slot(self, mob: Any, kind: str, number: int) -> Any:
        """Add the place of one track of picture or sound to a mob."""
        slot = mob.create_timeline_slot(self._timeline.rate)
        slot["PhysicalTrackNumber"].value = number
        slot.name = f"{'V' if kind == _PICTURE else 'A'}{number}"
        return slot

    def _timecode(self, mob: Any, start: int, frames: int) -> None:
        timeline = self._timeline
        slot = mob.create_timeline_slot(timeline.rate)
        slot.segment = self._make.Timecode(base(timeline.rate), timeline.drop_frame, frames)
        slot.segment.start = start
        slot["PhysicalTrackNumber"].value = 1
        slot.name = "TC1"

    def _track(self, whole: Any, kind: str, number: int) -> Any:
        slot = self._slot(whole, kind, number)
        slot.segment = self._make.Sequence(media_kind=kind)
        slot.segment.components.value = []
        return slot.segment

    def _pictures(self, track: Any) -> None:
        shown = self._timeline.shown
        for cut, after in zip(shown, (*shown[1:], None), strict=True):
            if cut.dissolve:
                track.components.append(self._dissolve(cut.dissolve))
            # In an AAF the shot before lasts to the end of the dissolve; here the dissolve begins at the cut.
            frames = cut.frames + (after.dissolve if after else 0)
            track.components.append(self._filler(_PICTURE, frames) if cut.is_slate else self._shown(cut, 0, frames))
        track.length = self._timeline.frames

    def _dissolve(self, frames: int) -> Any:
        known = self._paper.dictionary
        if DISSOLVE not in known["OperationDefinitions"]:
            kind = self._make.OperationDef(DISSOLVE, "VideoDissolve", "Video Dissolve")
            kind.media_kind = _PICTURE
            told = {
                "IsTimeWarp": False,
                "NumberInputs": 2,
                "Bypass": 1,
                "OperationCategory": "OperationCategory_Effect",
            }
            for name, value in told.items():
                kind[name].value = value
            known.register_def(kind)
        mix = self._make.Transition(_PICTURE, frames)
        mix["OperationGroup"].value = self._make.OperationGroup("VideoDissolve", frames, _PICTURE)
        mix["CutPoint"].value = 0
        return mix

    def _filler(self, kind: str, frames: int) -> Any:
        return self._make.Filler(kind, frames)

    def _sounds(self, track: Any, sounds: Sequence[Cut | Sound], channel: int) -> None:
        at = self._timeline.start_frame
        for one in sounds:
            if one.record_in > at:
                track.components.append(self._filler(_SOUND, one.record_in - at))
            track.components.append(self._shown(one, channel + isinstance(one, Cut), one.record_out - one.record_in))
            at = one.record_out
        end = self._timeline.start_frame + self._timeline.frames
        if end > at:
            track.components.append(self._filler(_SOUND, end - at))
        track.length = max(at, end) - self._timeline.start_frame

    def _shown(self, one: Cut | Sound, slot: int, frames: int) -> Any:
        """Return `frames` of a clip from where it comes in, of the slot of its master with this index."""
        seed = f"{type(one).__name__} {one.oid} {one.reel} {one.source_start} {self._timeline.frame_rate}"
        if seed not in self._clips:
            self._clips[seed] = self._clip(one, seed)
        master = self._clips[seed]
        return self._of(master, master.slots[slot], one.source_in, frames)

    def _of(self, mob: Any, slot: Any, start: int, frames: int) -> Any:
        return self._make.SourceClip(start, frames, mob.mob_id, slot.slot_id, slot.media_kind)

    def _clip(self, one: Cut | Sound, seed: str) -> Any:
        """Write the three mobs of a file; return its master."""
        frames = one.conformed_frames if isinstance(one, Cut) else one.frames
        tape = self._mob(self._make.SourceMob(), one.reel or "", f"tape {seed}")
        tape.descriptor = self._make.TapeDescriptor()
        file = self._mob(self._make.SourceMob(), one.file, f"file {seed}")
        master = self._mob(self._make.MasterMob(), one.file, f"master {seed}")
        told = {"SHA-256": one.oid or ""}
        if isinstance(one, Cut):
            told |= {"Scene": one.scene, "Shot": one.shot, "Take": one.take or ""}
        for name, text in told.items():
            master.comments[name] = printable(text)
        parts = [self._picture_of(frames)] if isinstance(one, Cut) else []
        parts += [self._sound_of(frames, _channels(one))] if _channels(one) else []
        file.descriptor = parts[0] if len(parts) == 1 else self._all_of(parts, frames)
        locator = self._make.NetworkLocator()
        locator["URLString"].value = quote(one.master or f"{self._up}/{one.path}")
        file.descriptor["Locator"].append(locator)
        kinds = [(_PICTURE, 1)] if isinstance(one, Cut) else []
        kinds += [(_SOUND, number + 1) for number in range(_channels(one))]
        for kind, number in kinds:
            reel, media, shown = (self._slot(mob, kind, number) for mob in (tape, file, master))
            reel.segment = self._make.SourceClip(0, frames, media_kind=kind)  # a tape is of nothing further
            media.segment = self._of(tape, reel, 0, frames)
            shown.segment = self._of(file, media, 0, frames)
        self._timecode(tape, one.source_start, frames)
        return master

    def _picture_of(self, frames: int) -> Any:
        said = self._make.CDCIDescriptor()
        wide, high = self._size
        told: dict[str, object] = {"ComponentWidth": 8, "HorizontalSubsampling": 2, "FrameLayout": "FullFrame"}
        told |= {"VideoLineMap": [0, 0], "SampleRate": self._timeline.rate, "Length": frames}
        told |= {"StoredWidth": wide, "StoredHeight": high, "ImageAspectRatio": f"{wide}/{high}"}
        for name, value in told.items():
            said[name].value = value
        return said

    def _sound_of(self, frames: int, channels: int) -> Any:
        """Describe sound as `editorial` writes it: 48 kHz, 24 bits."""
        said = self._make.PCMDescriptor()
        told = {"AudioSamplingRate": 48000, "SampleRate": 48000, "Channels": channels, "QuantizationBits": 24}
        told |= {"BlockAlign": 3 * channels, "AverageBPS": 3 * channels * 48000}
        told |= {"Length": round(frames * 48000 / self._timeline.rate)}
        for name, value in told.items():
            said[name].value = value
        return said

    def _all_of(self, parts: Sequence[Any], frames: int) -> Any:
        said = self._make.MultipleDescriptor()
        said["SampleRate"].value, said["Length"].value = self._timeline.rate, frames
        said["FileDescriptors"].extend(parts)
        return said


def _channels(one: Cut | Sound) -> int:
    """Return how many tracks its sound takes: a voice or music always two, as in the lists."""
    if isinstance(one, Sound):
        return 2
    return min(one.audio_channels or 1, CHANNELS) if one.has_audio else 0


def _id_of(seed: str) -> Any:
    known = MobID.new()
    known.material = uuid5(_OURS, seed)
    return known
