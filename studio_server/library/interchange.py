"""The cut as other programs read it: CMX3600 edit lists of our own writing and their OpenTimelineIO twin.

Positions come from domain.timeline and are never computed again here. What a format cannot carry is said in words.
The only user of opentimelineio in the server.
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import opentimelineio as otio

from studio_sdk.types import rate
from studio_server.domain.project import EDLS
from studio_server.domain.timeline import Cut, Timeline, base, timecode

MAX_EVENTS: Final = 999
"""Most events an edit list may have: event numbers are three digits."""

_TEXT_LIMIT = 70
_UP = "/".join(".." for _ in EDLS.split("/"))


class Interchange(NamedTuple):
    """A cut in files of other programs.

    `edl` is the picture list, `otio` its lossless twin, `more` what belongs beside them (the end of a file name →
    contents: the sound list, further parts of a long list). `notes` say what the lists cannot carry.
    """

    edl: bytes
    otio: bytes
    more: dict[str, bytes]
    notes: tuple[str, ...]


def export(timeline: Timeline) -> Interchange:
    """Return a cut as CMX3600 lists and OTIO.

    Picture and sound are lists of their own, as Avid and Resolve want them; a list longer than 999 events is split
    into parts that keep their record timecode.
    """
    picture = _parts(timeline, timeline.events, sound=False)
    heard = [c for c in timeline.events if c.has_audio]
    sound = _parts(timeline, heard, sound=True) if heard else []
    more = {f"_P{n:02d}.edl": part for n, part in enumerate(picture[1:], 2)}
    more |= {"_A12.edl" if n == 1 else f"_A12_P{n:02d}.edl": part for n, part in enumerate(sound, 1)}
    return Interchange(picture[0], write_otio(timeline), more, tuple(_losses(timeline, len(picture), heard)))


def rate_tag(timeline: Timeline) -> str:
    """Return the frame rate as file names say it: `24`, `23976`, `2997df`. An edit list itself cannot tell its rate."""
    per_second = timeline.rate
    digits = f"{per_second.numerator / per_second.denominator:.3f}".rstrip("0").rstrip(".").replace(".", "")
    return f"{digits}df" if timeline.drop_frame else digits


def _losses(timeline: Timeline, parts: int, heard: Sequence[Cut]) -> Iterable[str]:
    if timeline.events:
        yield (
            "Takes carry no timecode of their own, so each starts at 00:00:00:00 in the list; link them by reel name "
            "and file name."
        )
    if parts > 1:
        yield f"The cut has more than {MAX_EVENTS} events; the list comes in {parts} parts that follow each other."
    if heard:
        yield f"The sound of {len(heard)} takes is in a list of its own (A1 and A2), cut where the picture is cut."
    if not timeline.title.isascii():
        yield "Edit lists hold plain letters only; the OTIO file has the full names."


def _parts(timeline: Timeline, cuts: Sequence[Cut], *, sound: bool) -> list[bytes]:
    chunks = [cuts[n : n + MAX_EVENTS] for n in range(0, len(cuts), MAX_EVENTS)] or [()]
    if len(chunks) == 1:
        return [write_edl(timeline, cuts, sound=sound)]
    return [write_edl(timeline, chunk, sound=sound, part=f"P{n:02d}") for n, chunk in enumerate(chunks, 1)]


def write_edl(timeline: Timeline, cuts: Sequence[Cut], *, sound: bool = False, part: str = "") -> bytes:
    """Return up to 999 cuts as a CMX3600 list (profile cmx8): 8-character reels, fixed columns, CRLF, plain ASCII.

    `sound` writes the same cuts on the sound channels of each take.
    """
    title = _ascii("_".join(t for t in (timeline.title.upper(), "A12" if sound else "", part) if t))
    lines = [f"TITLE: {title}", f"FCM: {'DROP FRAME' if timeline.drop_frame else 'NON-DROP FRAME'}", ""]
    for number, cut in enumerate(cuts, 1):
        channel = "V" if not sound else _sound_channel(cut)
        lines += [_event(timeline, cut, number, channel), *_remarks(cut), ""]
    return ("\r\n".join(lines) + ("" if lines[-1] == "" else "\r\n")).encode("ascii")


def _sound_channel(cut: Cut) -> str:
    return "A" if cut.audio_channels == 1 else "AA"


def _event(timeline: Timeline, cut: Cut, number: int, channel: str) -> str:
    """Return an event's line, 76 columns: number, reel, channel, type, source in and out, record in and out."""
    source = [timecode(n, timeline.rate, drop=timeline.drop_frame) for n in (cut.source_in, cut.source_out)]
    times = " ".join([*source, cut.record_in_tc, cut.record_out_tc])
    return f"{number:03d}  {cut.reel:<8} {channel:<4}  {'C':<4} {'':3} {times}"


def _remarks(cut: Cut) -> list[str]:
    file = _ascii((cut.path or "").rsplit("/", 1)[-1])
    lines = [f"* FROM CLIP NAME: {file}", f"* SOURCE FILE: {file}"]
    if cut.is_conformed:
        native = rate(cut.native_rate or "1/1")
        shown = f"{native.numerator}/{native.denominator}" if native.denominator != 1 else str(native.numerator)
        how = "REPEATED" if cut.conformed_frames > cut.native_frames else "DROPPED"
        fill = f"{cut.native_frames} FRAMES FILL {cut.conformed_frames}"
        lines.append(f"* COMMENT: {shown} FPS ORIGINAL, {fill} WITH FRAMES {how}")
    return lines


def _ascii(text: str) -> str:
    """Return text as one plain line: other letters become `_`, so that a name never breaks a column."""
    plain = re.sub(r"[^\x20-\x7e]", "_", " ".join(text.split()))
    return plain[:_TEXT_LIMIT].strip() or "UNTITLED"


def write_otio(timeline: Timeline) -> bytes:
    """Return the cut as an OpenTimelineIO file: exact rates, media by relative path, and what each take is.

    Positions are project frames; `available_range` is the take's own. Metadata under `production_canvas` holds the
    reel, the take, the media's SHA-256, and the exact rates as text.
    """
    per_second = timeline.rate
    document = otio.schema.Timeline(name=timeline.title, global_start_time=_time(timeline.start_frame, per_second))
    document.metadata["production_canvas"] = {
        "frame_rate": timeline.frame_rate,
        "drop_frame": timeline.drop_frame,
        "start_timecode": timeline.start_timecode,
        "frames": timeline.frames,
        "notes": list(timeline.notes),
    }
    picture = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    picture.extend(_clip(cut, per_second) for cut in timeline.events)
    document.tracks.append(picture)
    if any(cut.has_audio for cut in timeline.events):
        sound = otio.schema.Track(name="A1", kind=otio.schema.TrackKind.Audio)
        sound.extend(_clip(cut, per_second) if cut.has_audio else _gap(cut, per_second) for cut in timeline.events)
        document.tracks.append(sound)
    return str(document.to_json_string(indent=2)).encode() + b"\n"


def _time(frames: int, per_second: Fraction) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(frames, float(per_second))


def _range(start: int, frames: int, per_second: Fraction) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(_time(start, per_second), _time(frames, per_second))


def _gap(cut: Cut, per_second: Fraction) -> otio.schema.Gap:
    return otio.schema.Gap(source_range=_range(0, cut.frames, per_second))


def _clip(cut: Cut, per_second: Fraction) -> otio.schema.Clip:
    native = rate(cut.native_rate or "1/1")
    reference = otio.schema.ExternalReference(
        target_url=f"{_UP}/{cut.path}", available_range=_range(0, cut.native_frames, native)
    )
    reference.name = (cut.path or "").rsplit("/", 1)[-1]
    return otio.schema.Clip(
        name=reference.name,
        media_reference=reference,
        source_range=_range(cut.source_in, cut.frames, per_second),
        metadata={
            "production_canvas": {
                "take": cut.take,
                "shot": cut.shot,
                "scene": cut.scene,
                "node_id": cut.node_id,
                "oid": cut.oid,
                "path": cut.path,
                "reel": cut.reel,
                "record_in": cut.record_in,
                "record_out": cut.record_out,
                "native_rate": cut.native_rate,
                "native_frames": cut.native_frames,
                "conform": "frame-repeat" if cut.is_conformed else "none",
                "timecode_base": base(per_second),
                "has_audio": cut.has_audio,
            },
            "cmx_3600": {"reel": cut.reel},
        },
    )
