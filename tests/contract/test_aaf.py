"""The AAF as others read it: pyaaf2 down to reel and timecode, OpenTimelineIO's adapter beside the OTIO of the cut."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aaf2
import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_sdk.errors import Code, StudioError
from studio_server.domain.passages import Passage
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.timecode import base
from studio_server.domain.timeline import ShotInOrder, Timeline, compile_timeline
from studio_server.library import interchange, recut_files
from tests.contract.test_fcpxml import rich
from tests.contract.test_interchange import FACTS, TITLES, take

Event = tuple[str, str, int, int, int, int]
"""Name, reel, record in, record out, source in and out as frame numbers of its tape."""


def loud(frame_rate: str, *, delivered: bool) -> Timeline:
    """Return the cut with everything in it, and a shot in stereo that is dissolved to."""
    plain = rich(frame_rate, delivered=delivered)
    heard = {"has_audio": True, "audio_channels": 2}
    cuts = tuple(c.model_copy(update=heard) if c.shot == "SHOT-020" else c for c in plain.cuts)
    return plain.model_copy(update={"cuts": cuts})


def wanted(timeline: Timeline) -> dict[str, list[Event]]:
    """Return what is to be found on each track, from the cut itself."""
    shown = [
        ("", "", c.record_in, c.record_out, 0, c.frames)
        if c.is_slate
        else (c.file, c.reel or "", c.record_in, c.record_out, *c.tape)
        for c in timeline.shown
    ]
    tracks = {"V1": shown}
    for channel, name in enumerate(("A1", "A2")):
        found = [
            e for e, c in zip(shown, timeline.shown, strict=True) if c.has_audio and (c.audio_channels or 1) > channel
        ]
        tracks |= {name: found} if found else {}
    for number, sounds in enumerate(timeline.tracks):
        found = [(s.file, s.reel, s.record_in, s.record_out, *s.tape) for s in sounds]
        tracks |= {f"A{2 * number + 3}": found, f"A{2 * number + 4}": found}
    return tracks


def written(timeline: Timeline, folder: Path) -> Path:
    path = folder / "cut.aaf"
    path.write_bytes(interchange.export(timeline).more[".aaf"])
    return path


@pytest.mark.parametrize("frame_rate", FRAME_RATES)
@pytest.mark.parametrize("delivered", [False, True])
def test_pyaaf2_finds_the_cut_with_reels_and_timecode(frame_rate: str, delivered: bool, tmp_path: Path) -> None:
    timeline = loud(frame_rate, delivered=delivered)
    with aaf2.open(str(written(timeline, tmp_path))) as file:
        assert by_pyaaf2(file, timeline) == wanted(timeline)
        tapes = [mob for mob in file.content.sourcemobs() if isinstance(mob.descriptor, aaf2.essence.TapeDescriptor)]
        clock = [slot for slot in tapes[0].slots if isinstance(slot.segment, aaf2.components.Timecode)]
        assert len({mob.mob_id for mob in file.content.mobs}) == 1 + 3 * 5
        assert {slot.edit_rate for mob in file.content.mobs for slot in mob.slots} == {timeline.rate}
        assert [(s.segment.fps, s.segment.drop) for s in clock] == [(base(timeline.rate), timeline.drop_frame)]
        picture = next(slot.segment for slot in top(file).slots if slot.name == "V1")
        mixes = [one for one in picture.components if isinstance(one, aaf2.components.Transition)]
        assert [(m.length, m.cutpoint, m["OperationGroup"].value.operation.name) for m in mixes] == [
            (11, 0, "VideoDissolve")
        ]


@pytest.mark.parametrize("frame_rate", FRAME_RATES)
@pytest.mark.parametrize("delivered", [False, True])
def test_the_adapter_finds_what_our_otio_says(frame_rate: str, delivered: bool, tmp_path: Path) -> None:
    timeline = loud(frame_rate, delivered=delivered)
    found = otio.adapters.read_from_file(str(written(timeline, tmp_path)))
    twin = otio.adapters.read_from_string(interchange.write_otio(timeline).decode(), "otio_json")
    assert round(found.global_start_time.value) == timeline.start_frame == twin.global_start_time.value
    assert found.name == twin.name
    assert [by_otio(track) for track in found.video_tracks()] == [by_otio(track) for track in twin.video_tracks()]
    sounds = [by_otio(track) for track in found.audio_tracks()]
    takes, *laid = (by_otio(track) for track in twin.audio_tracks())
    stereo = [event for event in takes if event[0].find("SHOT-020") >= 0]
    assert sounds == [takes, stereo, *(track for track in laid for _ in range(2))]
    assert stereo
    assert all(laid)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.none() | FACTS, min_size=1, max_size=8), st.sampled_from(list(FRAME_RATES)), TITLES, st.booleans())
def test_any_cut(facts: list[Any], frame_rate: str, title: str, mixed: bool) -> None:
    takes = [take(n, f[0], f[1], channels=f[2]) if f else None for n, f in enumerate(facts, 1)]
    shots = [
        ShotInOrder(f"n{n}", "01", f"{n:03d}", t, title=title, enter=Passage("dissolve", 3) if mixed else None)
        for n, t in enumerate(takes)
    ]
    timeline = compile_timeline(title, frame_rate, shots).model_copy(update={"size": (832, 480)})
    with TemporaryDirectory() as folder, aaf2.open(str(written(timeline, Path(folder)))) as file:
        assert by_pyaaf2(file, timeline) == wanted(timeline)
        assert (top(file).name or "") == "".join(sign for sign in title if sign.isprintable())


def test_the_same_cut_is_the_same_bytes_and_a_take_the_same_clip_in_every_cut(tmp_path: Path) -> None:
    code = (
        "import sys; from tests.contract.test_aaf import loud, interchange;"
        "sys.stdout.buffer.write(interchange.export(loud('25/1', delivered=True)).more['.aaf'])"
    )
    made = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True,
                       env=dict(os.environ, PYTHONHASHSEED=seed)).stdout  # noqa: TID251
        for seed in ("1", "2")
    ]  # fmt: skip
    assert made[0] == made[1]
    assert made[0]
    ids = []
    for title in ("One", "Two"):
        with aaf2.open(
            str(written(loud("25/1", delivered=True).model_copy(update={"title": title}), tmp_path))
        ) as file:
            ids.append(({str(mob.mob_id) for mob in file.content.mastermobs()}, str(top(file).mob_id)))
    assert ids[0][0] == ids[1][0]
    assert ids[0][1] != ids[1][1], "another cut may not hide behind the id of one that is in the project already"


@pytest.mark.parametrize("shots", range(1, 12))
def test_its_container_is_of_whole_sectors(shots: int) -> None:
    timeline = compile_timeline(
        "x", "24/1", [ShotInOrder(f"n{n}", "01", f"{n:03d}", take(n, 24)) for n in range(1, shots)]
    )
    timeline = loud("24/1", delivered=True) if shots == 1 else timeline.model_copy(update={"size": (832, 480)})
    contents = interchange.export(timeline).more[".aaf"]
    assert 1 << int.from_bytes(contents[0x1E:0x20], "little") == 4096
    assert len(contents) % 4096 == 0
    assert contents[0x44:0x48] == b"\xfe\xff\xff\xff"


def test_a_file_that_is_seen_and_heard_is_two_clips(tmp_path: Path) -> None:
    timeline = loud("24/1", delivered=True)
    shot = timeline.cuts[1]
    same = {"oid": shot.oid, "reel": shot.reel, "source_start": shot.source_start}
    both = timeline.sounds[0].model_copy(update=same)
    timeline = timeline.model_copy(update={"sounds": (both,)})
    with aaf2.open(str(written(timeline, tmp_path))) as file:
        assert by_pyaaf2(file, timeline) == wanted(timeline)


def test_what_it_cannot_carry_is_said() -> None:
    notes = [note for note in interchange.export(loud("24/1", delivered=True)).notes if "AAF" in note]
    assert notes[:2] == [
        "The AAF is experimental: pyaaf2 and OpenTimelineIO read this cut in it, but no Avid has opened one yet.",
        "Not in the AAF: titles, fades from and to black, markers, levels and fades of voices and music.",
    ]
    assert [note.split(",")[0] for note in notes[2:4]] == [
        "Slates are black in the AAF", "Under a dissolve the AAF cuts the sound of the takes hard",
    ]  # fmt: skip
    bare = compile_timeline("x", "24/1", [ShotInOrder("a", "01", "010", take(1, 24))])
    bare = bare.model_copy(update={"size": (832, 480)})
    assert sum("AAF" in note for note in interchange.export(bare).notes) == 1
    none = compile_timeline("x", "24/1", []).model_copy(update={"size": (832, 480)})
    assert ".aaf" not in interchange.export(none).more


def test_one_that_comes_back_is_refused_in_words() -> None:
    contents = interchange.export(loud("24/1", delivered=True)).more[".aaf"]
    with pytest.raises(StudioError) as refused:
        recut_files.read(contents.decode("utf-8", "replace"), rich("24/1").rate)
    assert refused.value.code is Code.UNSUPPORTED_MEDIA


def top(file: Any) -> Any:
    (whole,) = file.content.toplevel()
    return whole


def by_pyaaf2(file: Any, timeline: Timeline) -> dict[str, list[Event]]:
    """Walk each track of the composition; follow each clip through master and file to the tape and its timecode."""
    tracks = {}
    for slot in top(file).slots:
        if isinstance(slot.segment, aaf2.components.Timecode):
            assert (slot.segment.start, slot.segment.length) == (timeline.start_frame, timeline.frames)
            continue
        at, events = timeline.start_frame, []
        parts = list(slot.segment.components)
        for number, part in enumerate(parts):
            if isinstance(part, aaf2.components.Transition):
                at -= part.length
                continue
            after = parts[number + 1] if number + 1 < len(parts) else None
            under = after.length if isinstance(after, aaf2.components.Transition) else 0
            frames = part.length - under
            if isinstance(part, aaf2.components.SourceClip):
                name, reel, start = tape_of(part)
                events.append((name, reel, at, at + frames, start, start + frames))
            elif slot.name == "V1":
                events.append(("", "", at, at + frames, 0, frames))
            at += part.length
        assert at == timeline.start_frame + slot.segment.length == timeline.start_frame + timeline.frames
        tracks[slot.name] = events
    return tracks


def tape_of(clip: Any) -> tuple[str, str, int]:
    name, start = clip.mob.name, 0
    while clip.mob is not None:
        start += clip.start
        mob, clip = clip.mob, clip.slot.segment
    (clock,) = [slot.segment for slot in mob.slots if isinstance(slot.segment, aaf2.components.Timecode)]
    return name, mob.name, clock.start + start


def by_otio(track: otio.schema.Track) -> list[Event]:
    at, events = 0, []
    for item in track:
        if isinstance(item, otio.schema.Transition):
            events.append(("mix", "", at, round(item.in_offset.value), round(item.out_offset.value), 0))
            continue
        start, frames = (round(time.value) for time in (item.source_range.start_time, item.source_range.duration))
        blank = isinstance(item, otio.schema.Gap) or isinstance(item.media_reference, otio.schema.MissingReference)
        if not blank:
            known = item.media_references().values()
            reels = [one.name for one in known if isinstance(one, otio.schema.MissingReference)]
            reel = item.metadata.get("cmx_3600", {}).get("reel") or reels[0]
            events.append((item.name, reel, at, at + frames, start, start + frames))
        at += frames
    return events
