"""Cuts from outside: CMX3600 lists of any program, OpenTimelineIO, FCPXML and Final Cut Pro 7 XML, read with patience.

What cannot be understood is said and left out; no file makes this fail but one that is none of the four.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET

import opentimelineio as otio

from studio_sdk.errors import Code, StudioError
from studio_server.domain.recut import Recut, RecutEvent, RecutMarker
from studio_server.domain.timecode import base, counts_drop_frame
from studio_server.domain.xmltext import root_of
from studio_server.library import recut_fcpx
from studio_server.library.edl import BLACK, MASTER

LONGEST: Final = 8_000_000
_MOST_NOTES = 40
_TC = re.compile(r"\d{1,2}[:;.]\d{2}[:;.]\d{2}[:;.,]\d{2,3}")
_LOCATED = re.compile(rf"\*\s*LOC:\s*({_TC.pattern})(?:\s+(\S+)(?:\s+(.*))?)?$", re.IGNORECASE)
"""A marker of a list: record timecode, colour, words."""
_ALL_MARKERS = re.compile(r"^\s*\|C:\S+.*\|M:", re.MULTILINE)


def read(text: str, project: Fraction) -> Recut:
    """Return what a list says at the project's rate. Raises UNSUPPORTED_MEDIA for what is no list."""
    if len(text) > LONGEST:
        raise StudioError(Code.UNSUPPORTED_MEDIA, "This list is larger than any cut.")
    text = text.lstrip("\ufeff")
    head = text.lstrip()[:400]
    if head.startswith("{"):
        return _otio(text, project)
    if head.startswith("<"):
        return _xml(text, project)
    found = _edl(text, project)
    if not found.events and not re.search(r"^\s*(?:TITLE|FCM)\s*:", text, re.MULTILINE | re.IGNORECASE):
        raise StudioError(Code.UNSUPPORTED_MEDIA, "This is no edit list: there is no event in it.")
    if found.events and not found.markers and len(_ALL_MARKERS.findall(text)) >= len(found.events):
        raise StudioError(
            Code.UNSUPPORTED_MEDIA,
            "This list holds markers only, not a cut. Bring the cut; its own list, OTIO or XML has markers as well.",
        )
    if found.events and all(event.reel == MASTER for event in found.events):
        raise StudioError(
            Code.UNSUPPORTED_MEDIA,
            "This list cuts the rendered film (reel MASTER01), not its takes. Bring the list with the takes' reels.",
        )
    return found


class _Line(NamedTuple):
    number: str
    reel: str
    channel: str
    kind: str
    length: int
    times: tuple[int, int, int, int]
    at: int


def _edl(text: str, project: Fraction) -> Recut:
    notes: list[str] = []
    drop = bool(re.search(r"^\s*FCM:\s*DROP", text, re.MULTILINE | re.IGNORECASE)) and counts_drop_frame(project)
    lines = re.split(r"\r\n|\r|\n", text.replace("\t", " "))
    pending: _Line | None = None
    events: list[RecutEvent] = []
    names: dict[int, str] = {}
    sounds = 0
    for at, raw in enumerate(lines, 1):
        line = raw.strip()
        if re.match(r"\d{1,6}\s", line) and len(_TC.findall(line)) >= 4:  # noqa: PLR2004 - in, out, twice
            parsed = _parsed(line, at, project, drop, notes)
            if parsed is None or not re.search(r"V|B", parsed.channel.upper().replace("NONE", "")):
                sounds += parsed is not None
                continue
            if parsed.times[2] == parsed.times[3]:
                pending = parsed
                continue
            origin = pending if pending and pending.number == parsed.number else None
            pending = None
            _add(events, parsed, origin)
        elif named := re.match(r"\*\s*(FROM|TO) CLIP NAME:\s*(.*)", line, re.IGNORECASE):
            is_fade = named[2].strip().upper() == "BLACK"
            if events and not is_fade and (named[1].upper() == "TO" or len(events) - 1 not in names):
                names[len(events) - 1] = named[2].strip()
        elif re.match(r"M2\s", line) and len(notes) < _MOST_NOTES:
            notes.append(f"Line {at} changes the speed of a clip; speeds are not taken over.")
        elif re.match(r"\d{1,6}\s+\S+\s+\S+\s+[CDWK]", line) and len(notes) < _MOST_NOTES:
            notes.append(f"Line {at} looks like an event but has no four timecodes; it is left out.")
    events = [event._replace(clip=names.get(number, "")) for number, event in enumerate(events)]
    notes = [*notes[:_MOST_NOTES], *_unheard(sounds)]
    markers = tuple(_located(lines, project, drop))
    return Recut(tuple(event for event in events if not _is_black(event)), tuple(notes), markers)


def _located(lines: Sequence[str], project: Fraction, drop: bool) -> Iterator[RecutMarker]:  # noqa: FBT001
    for line in lines:
        said = _LOCATED.match(line.strip())
        record = _frame(said[1], project, drop=drop) if said else None
        if said and record is not None:
            yield RecutMarker(record, said[3] or "")


def _unheard(sounds: int) -> list[str]:
    """Say that clips of sound were passed over."""
    if not sounds:
        return []
    words = "1 sound clip is" if sounds == 1 else f"{sounds} sound clips are"
    return [f"{words} not taken over: the takes' sound follows its picture, voices and music stay as on the board."]


def _is_black(event: RecutEvent) -> bool:
    return event.reel.upper() in {BLACK, "BLACK"} and "SLATE" not in event.clip.upper()


def _add(events: list[RecutEvent], line: _Line, origin: _Line | None) -> None:
    """Take an event; black that a picture dissolves to is the end of that picture."""
    mix = line.length if line.kind[:1].upper() != "C" else 0
    black = {BLACK, "BLACK"}
    last = events[-1] if events else None
    goes_on = last is not None and origin is not None and (last.reel, last.record_out) == (origin.reel, line.times[2])
    if mix and line.reel.upper() in black and last and goes_on:
        length = line.times[3] - line.times[2]
        events[-1] = last._replace(
            source_out=last.source_out + length, record_out=last.record_out + length, fade_out=length
        )
        return
    from_black = origin is not None and origin.reel.upper() in black
    events.append(
        RecutEvent(
            line.reel,
            "",
            *line.times,
            line=line.at,
            dissolve=0 if from_black else mix,
            fade_in=mix if from_black else 0,
        )
    )


def _parsed(line: str, at: int, project: Fraction, drop: bool, notes: list[str]) -> _Line | None:  # noqa: FBT001
    """Return an event's line by its words from both ends: reels may hold spaces, columns may be anywhere."""
    stamps = list(_TC.finditer(line))[-4:]
    words = line[: stamps[0].start()].split()
    kinds = [n for n, word in enumerate(words) if n > 1 and re.fullmatch(r"[CD]|W\d*|K[BO]?", word, re.IGNORECASE)]
    if not kinds or kinds[-1] < 3:  # noqa: PLR2004 - number, reel, channel come before
        if len(notes) < _MOST_NOTES:
            notes.append(f"Line {at} names no kind of edit; it is left out.")
        return None
    kind = kinds[-1]
    length = next((int(word) for word in words[kind + 1 :] if word.isdecimal()), 0)
    times = tuple(_frame(stamp.group(), project, drop=drop) for stamp in stamps)
    if any(time is None for time in times):
        if len(notes) < _MOST_NOTES:
            notes.append(f"Line {at} has a timecode that does not exist at {float(project):g} frames a second.")
        return None
    numbers = (times[0] or 0, times[1] or 0, times[2] or 0, times[3] or 0)
    return _Line(words[0], " ".join(words[1 : kind - 1]), words[kind - 1], words[kind], length, numbers, at)


def _frame(text: str, project: Fraction, *, drop: bool) -> int | None:
    """Return the frame of a timecode, counted as its list counts; None where there is none such at this rate."""
    hours, minutes, seconds, frames = (int(part) for part in re.split(r"[:;.,]", text))
    fps = base(project)
    if minutes > 59 or seconds > 59 or frames >= fps:  # noqa: PLR2004 - a clock
        return None
    total = ((hours * 60 + minutes) * 60 + seconds) * fps + frames
    if drop and counts_drop_frame(project):
        passed = hours * 60 + minutes
        total -= fps // 15 * (passed - passed // 10)
    return total


def _otio(text: str, project: Fraction) -> Recut:
    try:
        timeline = otio.adapters.read_from_string(text, "otio_json")
    except (otio.exceptions.OTIOError, ValueError, KeyError, TypeError) as why:
        raise StudioError(Code.UNSUPPORTED_MEDIA, "This OpenTimelineIO file cannot be read.", detail=str(why)) from why
    if not isinstance(timeline, otio.schema.Timeline):
        raise StudioError(Code.UNSUPPORTED_MEDIA, "This OpenTimelineIO file holds no timeline.")
    tracks = [track for track in timeline.video_tracks() if len(track)]
    notes = ["Only the lowest picture track is read; the others are left out."] if len(tracks) > 1 else []
    markers = [_marker(one, 0, project) for one in timeline.tracks.markers]
    events = tuple(_pieces(tracks[0], project, notes, markers)) if tracks else ()
    sounds = sum(isinstance(item, otio.schema.Clip) for track in timeline.audio_tracks() for item in track)
    return Recut(events, (*notes[:_MOST_NOTES], *_unheard(sounds)), tuple(markers))


def _marker(one: otio.schema.Marker, shift: int, project: Fraction) -> RecutMarker:
    words = one.name or str(getattr(one, "comment", "") or "")
    return RecutMarker(_whole(one.marked_range.start_time, project) + shift, words)


def _pieces(
    track: Sequence[Any], project: Fraction, notes: list[str], markers: list[RecutMarker]
) -> Iterator[RecutEvent]:
    markers += [_marker(one, 0, project) for one in track.markers]  # type: ignore[attr-defined]
    at, mix = 0, 0
    for number, item in enumerate(track, 1):
        if isinstance(item, otio.schema.Transition):
            mix = _whole(item.out_offset, project) + _whole(item.in_offset, project)
            continue
        part = item.trimmed_range()
        start, length = _whole(part.start_time, project), _whole(part.duration, project)
        inside = (_marker(one, at - start, project) for one in item.markers)
        markers += [one for one in inside if at <= one.record < at + length]
        if isinstance(item, otio.schema.Clip):
            known = item.metadata.get("production_canvas", {})
            first = 0
            reference = item.media_reference
            if not known and reference is not None and reference.available_range is not None:
                first = _whole(reference.available_range.start_time, project)
            reel = str(item.metadata.get("cmx_3600", {}).get("reel", "")) or str(known.get("reel") or "")
            if item.effects and len(notes) < _MOST_NOTES:
                notes.append(f"“{item.name}” has an effect or a speed, which is not taken over.")
            yield RecutEvent(
                reel, item.name, start - first, start - first + length, at, at + length, line=number,
                oid=str(known.get("oid") or ""), node_id=str(known.get("node_id") or ""), dissolve=mix,
                fade_in=_count(known.get("fade_in")), fade_out=_count(known.get("fade_out")),
            )  # fmt: skip
        at, mix = at + length, 0


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _whole(time: otio.opentime.RationalTime, project: Fraction) -> int:
    per_second = float(project)
    alike = abs(time.rate - per_second) < 0.01  # noqa: PLR2004 - rates are told apart far above it
    value: float = time.value if alike else time.rescaled_to(per_second).value
    return round(value)


def _xml(text: str, project: Fraction) -> Recut:
    root = root_of(text, "XML")
    if root.tag == "fcpxml":
        return recut_fcpx.read(root, project)
    track = root.find(".//sequence/media/video/track") if root.tag == "xmeml" else None
    if track is None:
        raise StudioError(
            Code.UNSUPPORTED_MEDIA, "This XML is neither FCPXML nor Final Cut Pro 7 XML with a sequence in it."
        )
    files = {file.get("id"): file for file in root.iter("file") if file.find("name") is not None}
    events: list[RecutEvent] = []
    markers = [RecutMarker(_number(one, "in"), _words(one)) for one in root.findall(".//sequence/marker")]
    mix, at = 0, 0
    for number, item in enumerate(track, 1):
        if item.tag == "transitionitem":
            mix = max(0, _number(item, "end") - _number(item, "start"))
        elif item.tag == "clipitem":
            file = item.find("file")
            full = files.get(file.get("id"), file) if file is not None else None
            into, out = _number(item, "in"), _number(item, "out")
            start = _number(item, "start") if _number(item, "start") >= 0 else at
            reel = full.findtext("timecode/reel/name", "") if full is not None else ""
            name = item.findtext("name", "") or (full.findtext("name", "") if full is not None else "")
            events.append(RecutEvent(reel, name, into, out, start, start + out - into, number, dissolve=mix))
            flags = [RecutMarker(start + _number(one, "in") - into, _words(one)) for one in item.findall("marker")]
            markers += [one for one in flags if start <= one.record < start + out - into]
            at, mix = start + out - into, 0
    notes = [f"The sequence is read at {float(project):g} frames a second, the project's rate."]
    heard = {item.get("id"): item for item in root.findall(".//sequence/media/audio/track/clipitem")}
    return Recut(tuple(events), (*notes, *_unheard(len(heard))), tuple(markers))


def _words(marker: ET.Element) -> str:
    return (marker.findtext("name") or marker.findtext("comment") or "").strip()


def _number(item: ET.Element, name: str) -> int:
    text = item.findtext(name, "0").strip()
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else 0
