"""CMX3600 edit lists, written by column: cuts, dissolves, fades and slates in the three profiles that NLEs want.

Positions come from domain.timeline and are never computed again here. Plain ASCII, CRLF, no tabs; every event has a
remark, since some readers lose an event without one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from studio_sdk.types import rate
from studio_server.domain.plaintext import plain
from studio_server.domain.timecode import timecode
from studio_server.domain.timeline import Cut, Marker, Sound, Timeline

Profile = Literal["cmx8", "file32", "preconform"]
"""`cmx8`: 8-character reels, three-digit events. `file32`: the file's name as reel, 32 columns, six digits.
`preconform`: cuts of the rendered film itself, source timecode equal to record timecode."""

MAX_EVENTS: Final = 999
"""Most events of a list with three-digit numbers."""
MASTER: Final = "MASTER01"
BLACK: Final = "BL"


class _Side(NamedTuple):
    """One line of an event: reel, source in and out."""

    reel: str
    source_in: int
    source_out: int


class _Event(NamedTuple):
    """An event: its line, for a dissolve the one it comes from, record in and out, and its remarks."""

    side: _Side
    record_in: int
    record_out: int
    remarks: tuple[str, ...]
    origin: _Side | None = None
    mix: int = 0
    channel: str = "V"


def lists(timeline: Timeline, profile: Profile = "cmx8", *, sound: bool = False) -> list[bytes]:
    """Return a cut as one edit list, or as several that follow each other where the profile counts to 999 only.

    `sound` writes the takes' own sound on their channels, cut where the picture is cut.
    """
    events = list(_sound(timeline) if sound else _picture(timeline, profile))
    return _in_parts(timeline, events, profile, "A12" if sound else "")


def sound_lists(timeline: Timeline, sounds: Sequence[Sound], track: int) -> list[bytes]:
    """Return voices or music of one track as edit lists of its pair of channels: A3 and A4 for track 0."""
    first = 2 * track + 3
    events = []
    for one in sounds:
        side = _Side(one.reel, *one.tape)
        remarks = [f"AUD  {first:<4} {first + 1}"] if track == 0 else []
        remarks += [f"* FROM CLIP NAME: {plain(one.file)}", f"* SOURCE FILE: {plain(one.file)}"]
        remarks.append(f"* COMMENT: {one.kind.upper()} ON A{first} AND A{first + 1}, LEVEL {one.gain:+.1f} DB")
        channel = "NONE" if track == 0 else "AA"
        events.append(_Event(side, one.record_in, one.record_out, tuple(remarks), channel=channel))
    return _in_parts(timeline, events, "cmx8", f"A{first}{first + 1}")


def _in_parts(timeline: Timeline, events: Sequence[_Event], profile: Profile, channels: str) -> list[bytes]:
    most = len(events) if profile == "file32" else MAX_EVENTS
    chunks = [events[n : n + most] for n in range(0, len(events), most)] if events else [[]]
    parts = [f"P{n:02d}" for n in range(1, len(chunks) + 1)] if len(chunks) > 1 else [""]
    return [_written(timeline, chunk, profile, channels, part) for chunk, part in zip(chunks, parts, strict=True)]


def _written(timeline: Timeline, events: Sequence[_Event], profile: Profile, channels: str, part: str) -> bytes:
    extra = {"cmx8": "", "file32": "", "preconform": "PRECONFORM"}[profile]
    title = plain("_".join(t for t in (timeline.title.upper(), channels, extra, part) if t))
    lines = [f"TITLE: {title}", f"FCM: {'DROP FRAME' if timeline.drop_frame else 'NON-DROP FRAME'}", ""]
    digits, width = (6, 32) if profile == "file32" else (3, 8)
    for number, event in enumerate(events, 1):
        head = f"{number:0{digits}d}"
        channel = event.channel
        if event.origin:
            still = timeline.timecode(event.record_in)
            lines.append(_line(timeline, head, event.origin, channel, "C", "", (still, still), width))
        kind, length = ("D", f"{event.mix:03d}") if event.origin else ("C", "")
        record = (timeline.timecode(event.record_in), timeline.timecode(event.record_out))
        lines.append(_line(timeline, head, event.side, channel, kind, length, record, width))
        lines += [*event.remarks, ""]
    return ("\r\n".join(lines) + ("" if lines[-1] == "" else "\r\n")).encode("ascii")


def _line(
    timeline: Timeline,
    number: str,
    side: _Side,
    channel: str,
    kind: str,
    length: str,
    record: tuple[str, str],
    width: int,
) -> str:
    """Return a line by columns: number, reel, channel, type, length, source in and out, record in and out."""
    source = [timecode(n, timeline.rate, drop=timeline.drop_frame) for n in (side.source_in, side.source_out)]
    return f"{number}  {side.reel[:width]:<{width}} {channel:<4}  {kind:<4} {length:>3} {' '.join([*source, *record])}"


def _picture(timeline: Timeline, profile: Profile) -> Iterator[_Event]:
    if profile == "preconform":
        for cut in timeline.shown:
            # A dissolve of the flat film is cut in its middle.
            begin = cut.record_in + cut.dissolve // 2
            follower = next((c for c in timeline.shown if c.record_in == cut.record_out), None)
            end = cut.record_out + (follower.dissolve // 2 if follower else 0)
            yield _Event(_Side(MASTER, begin, end), begin, end, (f"* FROM CLIP NAME: {_clip(cut, profile)}",))
        return
    before: Cut | None = None
    marked = list(timeline.markers)
    for cut in timeline.shown:
        located = [one for one in marked if cut.record_in <= one.record < cut.record_out]
        reel = _reel(cut, profile)
        end = cut.record_out - cut.fade_out
        side = _Side(reel, cut.tape[0], cut.tape[1] - cut.fade_out)
        origin, mix = None, 0
        if cut.dissolve and before:
            origin = _Side(_reel(before, profile), before.tape[1], before.tape[1])
            mix = cut.dissolve
        elif cut.fade_in and before:
            origin, mix = _Side(BLACK, 0, 0), cut.fade_in
        remarks = (*_remarks(cut, before if cut.dissolve else None, profile), *map(_located, located))
        yield _Event(side, cut.record_in, end, remarks, origin, mix)
        if cut.fade_out:
            yield _Event(
                _Side(BLACK, 0, cut.fade_out),
                end,
                cut.record_out,
                ("EFFECTS NAME IS CROSS DISSOLVE", f"* FROM CLIP NAME: {_clip(cut, profile)}", "* TO CLIP NAME: BLACK"),
                _Side(reel, side.source_out, side.source_out),
                cut.fade_out,
            )
        before = cut


def _located(marker: Marker) -> str:
    return f"* LOC: {marker.record_tc} RED     {plain(marker.text or marker.shot)[:50]}"


def marker_lists(timeline: Timeline) -> list[bytes]:
    """Return the markers as events of one frame each, as Resolve imports timeline markers from an EDL."""
    events = [
        _Event(
            _Side("001", one.record, one.record + 1),
            one.record,
            one.record + 1,
            (f" |C:ResolveColorRed |M:{plain(one.text or one.shot).replace('|', '/')} |D:1",),
        )
        for one in timeline.markers
    ]
    return _in_parts(timeline, events, "cmx8", "MARKERS")


def _sound(timeline: Timeline) -> Iterator[_Event]:
    for cut in timeline.events:
        if cut.has_audio:
            side = _Side(_reel(cut, "cmx8"), *cut.tape)
            remarks = tuple(_remarks(cut, None, "cmx8"))
            channel = "A" if cut.audio_channels == 1 else "AA"
            yield _Event(side, cut.record_in, cut.record_out, remarks, channel=channel)


def _reel(cut: Cut, profile: Profile) -> str:
    if cut.is_slate:
        return BLACK
    if profile == "file32":
        return re.sub(r"[^A-Za-z0-9_.-]", "_", cut.file.rsplit(".", 1)[0])[:32]
    return cut.reel or BLACK


def _clip(cut: Cut, profile: Profile) -> str:
    if cut.is_slate:
        return plain(f"{cut.shot} SLATE")
    file = plain(cut.file)
    return file.rsplit(".", 1)[0] if profile == "file32" else file


def _remarks(cut: Cut, origin: Cut | None, profile: Profile) -> Iterator[str]:
    if origin:
        yield "EFFECTS NAME IS CROSS DISSOLVE"
        yield f"* FROM CLIP NAME: {_clip(origin, profile)}"
        yield f"* TO CLIP NAME: {_clip(cut, profile)}"
    else:
        yield f"* FROM CLIP NAME: {_clip(cut, profile)}"
    if cut.is_slate:
        yield "* COMMENT: SLATE, WAITS FOR ITS TAKE"
        return
    yield f"* SOURCE FILE: {plain(cut.file)}"
    if cut.title:
        yield f"* COMMENT: TITLE {plain(cut.title)[:50]}"
    if cut.made_between:
        yield f"* COMMENT: {plain(cut.made_between).upper()[:60]}"
    if cut.is_conformed:
        native = rate(cut.native_rate or "1/1")
        shown = f"{native.numerator}/{native.denominator}" if native.denominator != 1 else str(native.numerator)
        how = "REPEATED" if cut.conformed_frames > cut.native_frames else "DROPPED"
        fill = f"{cut.native_frames} FRAMES FILL {cut.conformed_frames}"
        yield f"* COMMENT: {shown} FPS ORIGINAL, {fill} WITH FRAMES {how}"
