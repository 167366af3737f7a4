"""Cuts from outside: CMX3600 lists of any program, OpenTimelineIO, FCPXML and Final Cut Pro 7 XML, read with patience.

What cannot be understood is said and left out; no file makes this fail but one that is none of the four.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final
from xml.etree import ElementTree as ET

import opentimelineio as otio

from studio_sdk.errors import Code, StudioError
from studio_server.domain.recut import Recut, RecutEvent, RecutMarker, RecutSound
from studio_server.domain.xmltext import root_of
from studio_server.library import recut_edl, recut_fcpx
from studio_server.library.edl import MASTER

LONGEST: Final = 8_000_000
_MOST_NOTES = 40
_ALL_MARKERS = re.compile(r"^\s*\|C:\S+.*\|M:", re.MULTILINE)


def read(text: str, project: Fraction) -> Recut:
    """Return what a list says at the project's rate. Raises UNSUPPORTED_MEDIA for what is no list."""
    if len(text) > LONGEST:
        raise StudioError(Code.UNSUPPORTED_MEDIA, "This list is larger than any cut.")
    text = text.lstrip("\ufeff")
    head = text.lstrip()[:400]
    if head.startswith("{"):
        return _in_place(_otio(text, project))
    if head.startswith("<"):
        return _in_place(_xml(text, project))
    found = _in_place(recut_edl.read(text, project))
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


def _in_place(found: Recut) -> Recut:
    """Return a cut in the order of the film, and say what of the list's place in time is not kept."""
    notes = list(found.notes)
    events = sorted(found.events, key=lambda event: event.record_in)
    pairs = list(itertools.pairwise(events))
    if overlaps := sum(after.record_in < before.record_out for before, after in pairs):
        words = "1 event begins" if overlaps == 1 else f"{overlaps} events begin"
        notes.append(f"{words} before the one before has ended; they follow each other here in the list's own order.")
        return found._replace(notes=tuple(notes))
    if events != list(found.events):
        notes.append("The list is not in the order of the film; its events are put into it by their record timecode.")
    if gaps := [after.record_in - before.record_out for before, after in pairs if after.record_in > before.record_out]:
        words = "1 stretch" if len(gaps) == 1 else f"{len(gaps)} stretches"
        notes.append(f"{words} of black between shots ({sum(gaps)} frames in all) are closed: a cut here has no holes.")
    return found._replace(events=tuple(events), notes=tuple(notes))


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
    heard = [event for track in timeline.audio_tracks() for event in _pieces(track, project, [], [])]
    return Recut(events, tuple(notes[:_MOST_NOTES]), tuple(markers), tuple(map(_heard, heard)))


def _heard(event: RecutEvent) -> RecutSound:
    return RecutSound(event.oid, event.clip, event.source_in, event.record_in, event.record_out)


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
                fade_in=_count(known.get("fade_in")) if known else None,
                fade_out=_count(known.get("fade_out")) if known else None,
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
            event = RecutEvent(reel, name, into, out, start, start + out - into, number, dissolve=mix)
            events.append(event._replace(fade_in=None, fade_out=None))
            flags = [RecutMarker(start + _number(one, "in") - into, _words(one)) for one in item.findall("marker")]
            markers += [one for one in flags if start <= one.record < start + out - into]
            at, mix = start + out - into, 0
    notes = [f"The sequence is read at {float(project):g} frames a second, the project's rate."]
    heard = [_laid(item, files) for item in root.findall(".//sequence/media/audio/track/clipitem")]
    return Recut(tuple(events), tuple(notes), tuple(markers), tuple(heard))


def _laid(item: ET.Element, files: Mapping[str | None, ET.Element]) -> RecutSound:
    """Return a clip of sound; beside a transition only one of its ends has a place of its own."""
    into, out, start, end = (_number(item, name) for name in ("in", "out", "start", "end"))
    start = start if start >= 0 else end - (out - into)
    file = item.find("file")
    full = files.get(file.get("id"), file) if file is not None else None
    name = item.findtext("name", "") or (full.findtext("name", "") if full is not None else "")
    return RecutSound("", name, into, start, start + out - into)


def _words(marker: ET.Element) -> str:
    return (marker.findtext("name") or marker.findtext("comment") or "").strip()


def _number(item: ET.Element, name: str) -> int:
    text = item.findtext(name, "0").strip()
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else 0
