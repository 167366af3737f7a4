"""The cut as other programs read it: edit lists, tables and their OpenTimelineIO twin.

Positions come from domain.timeline and are never computed again here. What a format cannot carry is said in words.
Only `recut_files` uses opentimelineio besides.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

import opentimelineio as otio

from studio_sdk.types import rate
from studio_server.domain.captions import Subtitle
from studio_server.domain.project import EDLS
from studio_server.domain.timecode import base
from studio_server.domain.timeline import Cut, Sound, Timeline
from studio_server.library import aaf, edl, fcp7, fcpxml, tables

_UP = "/".join(".." for _ in EDLS.split("/"))


class Interchange(NamedTuple):
    """A cut in files of other programs.

    `edl` is the picture list, `otio` its lossless twin, `more` what belongs beside them (the end of a file name →
    contents). `notes` say what the files cannot carry.
    """

    edl: bytes
    otio: bytes
    more: dict[str, bytes]
    notes: tuple[str, ...]


def export(timeline: Timeline) -> Interchange:
    """Return a cut as CMX3600 lists in all profiles, OTIO, Final Cut Pro 7 XML, FCPXML, AAF, ALE, reels and subtitles.

    Picture and sound are lists of their own, as Avid and Resolve want them; a list longer than 999 events is split
    into parts that keep their record timecode.
    """
    picture = edl.lists(timeline)
    heard = [c for c in timeline.events if c.has_audio]
    sound = edl.lists(timeline, sound=True) if heard else []
    more = {f"_P{n:02d}.edl": part for n, part in enumerate(picture[1:], 2)}
    more |= {"_A12.edl" if n == 1 else f"_A12_P{n:02d}.edl": part for n, part in enumerate(sound, 1)}
    for track, sounds in enumerate(timeline.tracks):
        pair = f"_A{2 * track + 3}{2 * track + 4}"
        parts = edl.sound_lists(timeline, sounds, track)
        more |= {f"{pair}{f'_P{n:02d}' if n > 1 else ''}.edl": part for n, part in enumerate(parts, 1)}
    if timeline.frames:
        more["_FILE32.edl"] = edl.lists(timeline, "file32")[0]
        flat = edl.lists(timeline, "preconform")
        more |= {f"_PRECONFORM{f'_P{n:02d}' if n > 1 else ''}.edl": part for n, part in enumerate(flat, 1)}
        more["_FCP7.xml"] = fcp7.write(timeline, EDLS)
        more[".fcpxml"] = fcpxml.write(timeline, EDLS)
        if timeline.size:
            more[".aaf"] = aaf.write(timeline, EDLS, timeline.size)
        more["_reels.csv"] = tables.reels(timeline)
        more[".ale"] = tables.ale(timeline)
    if timeline.markers:
        flags = edl.marker_lists(timeline)
        more |= {f"_MARKERS{f'_P{n:02d}' if n > 1 else ''}.edl": part for n, part in enumerate(flags, 1)}
        more["_markers.csv"] = tables.markers(timeline)
    if timeline.subtitles:
        more[".srt"], more[".vtt"] = tables.srt(timeline), tables.vtt(timeline)
    return Interchange(picture[0], write_otio(timeline), more, tuple(_losses(timeline, len(picture), heard)))


def rate_tag(timeline: Timeline) -> str:
    """Return the frame rate as file names say it: `24`, `23976`, `2997df`. An edit list itself cannot tell its rate."""
    per_second = timeline.rate
    digits = f"{per_second.numerator / per_second.denominator:.3f}".rstrip("0").rstrip(".").replace(".", "")
    return f"{digits}df" if timeline.drop_frame else digits


def _losses(timeline: Timeline, parts: int, heard: Sequence[Cut]) -> Iterable[str]:
    if timeline.events and not timeline.is_delivered:
        yield (
            "Takes carry no timecode of their own, so each starts at 00:00:00:00 in the list; link them by reel name "
            "and file name."
        )
    if parts > 1:
        yield (
            f"The cut has more than {edl.MAX_EVENTS} events; the list comes in {parts} parts that follow each other. "
            "The File 32 list has all in one."
        )
    if heard:
        yield f"The sound of {len(heard)} takes is in a list of its own (A1 and A2), cut where the picture is cut."
    if timeline.sounds:
        last = 2 * len(timeline.tracks) + 2
        yield (
            f"Voices and music are on A3 to A{last}, a list for each pair. Levels and fades are in both XMLs and the "
            "metadata of the OTIO; that music steps back under voices is in the film only."
        )
    yield from _unlike_the_film(timeline)
    if timeline.frames and timeline.size:
        yield from aaf.losses(timeline)
    if not timeline.title.isascii():
        yield "Edit lists hold plain letters only; the OTIO file, both XMLs and the AAF have the full names."


def _unlike_the_film(timeline: Timeline) -> Iterable[str]:
    if slates := sum(cut.is_slate for cut in timeline.cuts):
        words = "1 shot is" if slates == 1 else f"{slates} shots are"
        yield f"{words} black in the lists (reel BL) and a slate in the film, until the take is there."
    if titles := sum(bool(cut.title) for cut in timeline.cuts):
        words = "1 title is" if titles == 1 else f"{titles} titles are"
        yield f"{words} in the film only; the lists name it in a remark, the FCPXML in a note."
    if any(cut.is_conformed for cut in timeline.events) and not timeline.is_delivered:
        yield "Takes of another frame rate are addressed in the project's frames; a delivery has masters at its rate."
    if framed := sum(cut.framing is not None for cut in timeline.cuts):
        words = "1 framing is" if framed == 1 else f"{framed} framings are"
        yield f"{words} for {timeline.aspect} in the film and the OTIO's metadata only; the lists show whole takes."
    if any(cut.dissolve % 2 for cut in timeline.shown):
        yield "In the FCPXML a dissolve of an odd number of frames stands half a frame off the middle of its cut."
    if timeline.shown and timeline.shown[0].fade_in:
        yield "The fade at the very beginning is in the film only: readers of edit lists refuse one there."
    if any(cut.fade_in or cut.fade_out for cut in timeline.cuts):
        yield (
            "Fades are dissolves from and to black (reel BL) in the lists and fades of opacity in the FCPXML; OTIO "
            "names them only, the Final Cut Pro 7 XML does not."
        )


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
        **({"aspect": timeline.aspect} if timeline.aspect else {}),
        **({"language": timeline.language} if timeline.language else {}),
        **({"subtitles": [_subtitle(timeline, one) for one in timeline.subtitles]} if timeline.subtitles else {}),
        "notes": list(timeline.notes),
    }
    picture = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    for cut in timeline.shown:
        if cut.dissolve:
            picture.append(_dissolve(cut, per_second))
        picture.append(_clip(timeline, cut))
    document.tracks.append(picture)
    if any(cut.has_audio for cut in timeline.events):
        sound = otio.schema.Track(name="A1", kind=otio.schema.TrackKind.Audio)
        sound.extend(_clip(timeline, cut) if cut.has_audio else _gap(cut, per_second) for cut in timeline.shown)
        document.tracks.append(sound)
    for one in timeline.markers:
        spot = _range(one.record - timeline.start_frame, 1, per_second)
        told = {"production_canvas": {"shot": one.shot, "node_id": one.node_id}}
        colour = otio.schema.MarkerColor.RED
        document.tracks.markers.append(otio.schema.Marker(one.text or one.shot, spot, colour, told))
    for number, sounds in enumerate(timeline.tracks, 2):
        document.tracks.append(_sound_track(timeline, f"A{number}", sounds))
    return str(document.to_json_string(indent=2)).encode() + b"\n"


def _subtitle(timeline: Timeline, one: Subtitle) -> dict[str, object]:
    """Return what is said, at frames counted from the film's first."""
    first = timeline.start_frame
    return {"first": one.record_in - first, "last": one.record_out - first, "words": one.words}


def _time(frames: int, per_second: Fraction) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(frames, float(per_second))


def _range(start: int, frames: int, per_second: Fraction) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(_time(start, per_second), _time(frames, per_second))


def _gap(cut: Cut, per_second: Fraction) -> otio.schema.Gap:
    return otio.schema.Gap(source_range=_range(0, cut.frames, per_second))


def _sound_track(timeline: Timeline, name: str, sounds: Sequence[Sound]) -> otio.schema.Track:
    """Return voices or music as a track: each a clip of its file, in frames of the project."""
    per_second = timeline.rate
    track = otio.schema.Track(name=name, kind=otio.schema.TrackKind.Audio)
    at = timeline.start_frame
    for sound in sounds:
        if sound.record_in > at:
            track.append(otio.schema.Gap(source_range=_range(0, sound.record_in - at, per_second)))
        reference = otio.schema.ExternalReference(
            target_url=sound.master or f"{_UP}/{sound.path}",
            available_range=_range(sound.source_start, sound.frames, per_second),
        )
        reference.name = sound.file
        track.append(
            otio.schema.Clip(
                name=sound.file,
                media_reference=reference,
                source_range=_range(sound.tape[0], sound.record_out - sound.record_in, per_second),
                metadata={
                    "production_canvas": {
                        "sound": sound.kind,
                        "node_id": sound.node_id,
                        "oid": sound.oid,
                        "path": sound.path,
                        "reel": sound.reel,
                        "gain": sound.gain,
                        "fade_in": sound.fade_in,
                        "fade_out": sound.fade_out,
                        **_of_master(timeline, sound),
                    },
                    "cmx_3600": {"reel": sound.reel},
                },
            )
        )
        at = sound.record_out
    return track


def _dissolve(cut: Cut, per_second: Fraction) -> otio.schema.Transition:
    """Return a dissolve that begins at the cut: the shot before goes on under the first frames of this one."""
    return otio.schema.Transition(
        transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve,
        in_offset=_time(0, per_second),
        out_offset=_time(cut.dissolve, per_second),
    )


def _slate(cut: Cut, per_second: Fraction) -> otio.schema.Clip:
    return otio.schema.Clip(
        name=f"{cut.shot} slate",
        media_reference=otio.schema.MissingReference(),
        source_range=_range(cut.source_in, cut.frames, per_second),
        metadata={"production_canvas": {"slate": True, "words": cut.words, **_of_shot(cut)}},
    )


def _of_shot(cut: Cut) -> dict[str, object]:
    return {
        "shot": cut.shot,
        "scene": cut.scene,
        "node_id": cut.node_id,
        "record_in": cut.record_in,
        "record_out": cut.record_out,
        "fade_in": cut.fade_in,
        "fade_out": cut.fade_out,
        "title": cut.title,
        **({"replaced": True} if cut.replaced else {}),
        **({"framing": cut.framing.model_dump()} if cut.framing else {}),
    }


def _of_master(timeline: Timeline, one: Cut | Sound) -> dict[str, object]:
    """Return which file an editing system is given and where its timecode begins; nothing where it is the take itself.

    `source_start` is taken off source positions when a recut comes back, and is what the file is made with.
    """
    if not one.master:
        return {}
    code = timeline.timecode(one.source_start)
    return {"master": one.master, "source_start": one.source_start, "source_timecode": code}


def _clip(timeline: Timeline, cut: Cut) -> otio.schema.Clip:
    per_second = timeline.rate
    if cut.is_slate:
        return _slate(cut, per_second)
    native = rate(cut.native_rate or "1/1")
    there = _range(0, cut.native_frames, native)
    if cut.master:
        there = _range(cut.source_start, cut.conformed_frames, per_second)
    reference = otio.schema.ExternalReference(target_url=cut.master or f"{_UP}/{cut.path}", available_range=there)
    reference.name = cut.file
    return otio.schema.Clip(
        name=reference.name,
        media_reference=reference,
        source_range=_range(cut.tape[0], cut.frames, per_second),
        metadata={
            "production_canvas": {
                **_of_shot(cut),
                "take": cut.take,
                "oid": cut.oid,
                "path": cut.path,
                "reel": cut.reel,
                "native_rate": cut.native_rate,
                "native_frames": cut.native_frames,
                "conform": "frame-repeat" if cut.is_conformed else "none",
                "conformed_frames": cut.conformed_frames,
                "made_between": cut.made_between,
                "timecode_base": base(per_second),
                "has_audio": cut.has_audio,
                "audio_channels": cut.audio_channels,
                **_of_master(timeline, cut),
            },
            "cmx_3600": {"reel": cut.reel},
        },
    )
