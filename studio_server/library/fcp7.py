"""The cut as Final Cut Pro 7 XML (xmeml 5), which Premiere, Resolve and others read: cuts, dissolves, slates, sound.

Written here, since the adapter of OpenTimelineIO leaves the frame size out and declares sound for silent files.
"""

from xml.etree import ElementTree as ET

from studio_sdk.types import rate
from studio_server.domain.timecode import base
from studio_server.domain.timeline import Cut, Sound, Timeline


def write(timeline: Timeline, folder: str) -> bytes:
    """Return the document; files are named relative to `folder`, where it will lie, masters as they are named."""
    root = ET.Element("xmeml", version="5")
    sequence = ET.SubElement(root, "sequence", id="sequence-1")
    _text(sequence, "name", timeline.title)
    _text(sequence, "duration", timeline.frames)
    _rate(sequence, timeline.frame_rate)
    code = ET.SubElement(sequence, "timecode")
    _rate(code, timeline.frame_rate)
    _text(code, "string", timeline.start_timecode)
    _text(code, "frame", timeline.start_frame)
    _text(code, "displayformat", "DF" if timeline.drop_frame else "NDF")
    media = ET.SubElement(sequence, "media")
    up = "/".join(".." for _ in folder.split("/"))
    known: set[str] = set()
    picture = ET.SubElement(ET.SubElement(media, "video"), "track")
    for number, cut in enumerate(timeline.shown):
        if cut.dissolve:
            _transition(picture, timeline, cut)
        _clip(picture, timeline, cut, f"v{number}", up, known, "video")
    heard = ET.SubElement(media, "audio")
    for channel in (1, 2):
        track = ET.SubElement(heard, "track")
        for number, cut in enumerate(timeline.shown):
            if cut.has_audio and channel <= (cut.audio_channels or 1):
                _clip(track, timeline, cut, f"a{channel}{number}", up, known, "audio", channel)
    for sounds in timeline.tracks:
        for channel in (1, 2):
            track = ET.SubElement(heard, "track")
            for sound in sounds:
                _sound(track, timeline, sound, channel, up, known)
    for one in timeline.markers:
        flag = ET.SubElement(sequence, "marker")
        _text(flag, "name", one.text or one.shot)
        _text(flag, "comment", one.shot)
        _text(flag, "in", one.record - timeline.start_frame)
        _text(flag, "out", -1)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n' + ET.tostring(root) + b"\n"


def _text(parent: ET.Element, name: str, value: str | int) -> None:
    signs = "".join(sign for sign in str(value) if sign.isprintable())
    ET.SubElement(parent, name).text = signs


def _rate(parent: ET.Element, text: str) -> None:
    per_second = rate(text)
    entry = ET.SubElement(parent, "rate")
    whole = round(per_second)
    _text(entry, "timebase", base(per_second) if per_second.denominator in {1, 1001} else whole)
    _text(entry, "ntsc", "TRUE" if per_second.denominator == 1001 else "FALSE")  # noqa: PLR2004 - NTSC's own


def _clip(
    track: ET.Element, timeline: Timeline, cut: Cut, name: str, up: str, known: set[str], kind: str, channel: int = 1
) -> None:
    item = ET.SubElement(track, "clipitem", id=name)
    _text(item, "name", f"{cut.shot} slate" if cut.is_slate else cut.file)
    _text(item, "enabled", "TRUE")
    _text(item, "duration", cut.frames if cut.is_slate else cut.conformed_frames)
    _rate(item, timeline.frame_rate)
    _text(item, "start", cut.record_in - timeline.start_frame)
    _text(item, "end", cut.record_out - timeline.start_frame)
    _text(item, "in", cut.source_in)
    _text(item, "out", cut.source_out)
    if cut.is_slate:
        generator = ET.SubElement(item, "file", id=f"slate-{name}")
        _text(generator, "name", "Slug")
        _text(generator, "mediaSource", "Slug")
    else:
        _file(item, timeline, cut, up, known)
        source = ET.SubElement(item, "sourcetrack")
        _text(source, "mediatype", kind)
        _text(source, "trackindex", channel)


def _sound(track: ET.Element, timeline: Timeline, sound: Sound, channel: int, up: str, known: set[str]) -> None:
    """Write a voice or music on one channel of its pair, with its level and fades as keyframes of `Audio Levels`."""
    item = ET.SubElement(track, "clipitem", id=f"s{channel}-{sound.node_id}")
    _text(item, "name", sound.file)
    _text(item, "enabled", "TRUE")
    _text(item, "duration", sound.frames)
    _rate(item, timeline.frame_rate)
    _text(item, "start", sound.record_in - timeline.start_frame)
    _text(item, "end", sound.record_out - timeline.start_frame)
    _text(item, "in", sound.source_in)
    _text(item, "out", sound.source_out)
    entry = ET.SubElement(item, "file", id=f"file-{sound.oid}")
    if sound.oid not in known:
        known.add(sound.oid)
        _text(entry, "name", sound.file)
        _text(entry, "pathurl", sound.master or f"{up}/{sound.path}")
        _rate(entry, timeline.frame_rate)
        _text(entry, "duration", sound.frames)
        if sound.master:
            _timecode(entry, timeline, sound.source_start, sound.reel)
        _text(ET.SubElement(ET.SubElement(entry, "media"), "audio"), "channelcount", 2)
    source = ET.SubElement(item, "sourcetrack")
    _text(source, "mediatype", "audio")
    _text(source, "trackindex", channel)
    effect = ET.SubElement(ET.SubElement(item, "filter"), "effect")
    for name, value in (("name", "Audio Levels"), ("effectid", "audiolevels"), ("effectcategory", "audiolevels")):
        _text(effect, name, value)
    _text(effect, "effecttype", "audiolevels")
    _text(effect, "mediatype", "audio")
    level = ET.SubElement(effect, "parameter")
    _text(level, "parameterid", "level")
    _text(level, "name", "Level")
    full = 10 ** (sound.gain / 20)
    _text(level, "value", f"{full:.4f}")
    points = {sound.source_in: full, sound.source_out: full}
    if sound.fade_in:
        points |= {sound.source_in: 0.0, sound.source_in + sound.fade_in: full}
    if sound.fade_out:
        points |= {sound.source_out - sound.fade_out: full, sound.source_out: 0.0}
    for when, height in sorted(points.items()) if sound.fade_in or sound.fade_out else ():
        key = ET.SubElement(level, "keyframe")
        _text(key, "when", when)
        _text(key, "value", f"{height:.4f}")


def _file(item: ET.Element, timeline: Timeline, cut: Cut, up: str, known: set[str]) -> None:
    entry = ET.SubElement(item, "file", id=f"file-{cut.oid}")
    if str(cut.oid) in known:
        return
    known.add(str(cut.oid))
    own = timeline.frame_rate if cut.master else cut.native_rate or "1/1"
    _text(entry, "name", cut.file)
    _text(entry, "pathurl", cut.master or f"{up}/{cut.path}")
    _rate(entry, own)
    _text(entry, "duration", cut.conformed_frames if cut.master else cut.native_frames)
    if cut.master:
        _timecode(entry, timeline, cut.source_start, cut.reel or "")
    else:
        code = ET.SubElement(entry, "timecode")
        _rate(code, own)
        _text(code, "string", "00:00:00:00")
        _text(code, "frame", 0)
        _text(ET.SubElement(code, "reel"), "name", cut.reel or "")
    media = ET.SubElement(entry, "media")
    ET.SubElement(media, "video")
    if cut.has_audio:
        heard = cut.audio_channels or 1
        _text(ET.SubElement(media, "audio"), "channelcount", min(2, heard) if cut.master else heard)


def _timecode(entry: ET.Element, timeline: Timeline, frame: int, reel: str) -> None:
    """Write where the timecode of a master begins, and the tape it names."""
    code = ET.SubElement(entry, "timecode")
    _rate(code, timeline.frame_rate)
    _text(code, "string", timeline.timecode(frame))
    _text(code, "frame", frame)
    _text(code, "displayformat", "DF" if timeline.drop_frame else "NDF")
    _text(ET.SubElement(code, "reel"), "name", reel)


def _transition(track: ET.Element, timeline: Timeline, cut: Cut) -> None:
    entry = ET.SubElement(track, "transitionitem")
    _rate(entry, timeline.frame_rate)
    _text(entry, "start", cut.record_in - timeline.start_frame)
    _text(entry, "end", cut.record_in - timeline.start_frame + cut.dissolve)
    _text(entry, "alignment", "start")
    effect = ET.SubElement(entry, "effect")
    for name, value in (
        ("name", "Cross Dissolve"),
        ("effectid", "Cross Dissolve"),
        ("effectcategory", "Dissolve"),
        ("effecttype", "transition"),
        ("mediatype", "video"),
    ):
        _text(effect, name, value)
