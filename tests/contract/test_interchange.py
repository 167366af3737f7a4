"""The cut as two independent programs read it: what they find in our lists is the timeline, frame by frame."""

import io
import re
import string
from fractions import Fraction
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pycmx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_sdk.types import MediaRef, rate
from studio_server.domain.marks import Marks
from studio_server.domain.passages import Passage
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.shots import Take
from studio_server.domain.subtitles import Line
from studio_server.domain.timecode import base, frame_at
from studio_server.domain.timeline import ShotInOrder, Timeline, compile_timeline
from studio_server.library import interchange

LINE = re.compile(
    r"\d{3}  (?:[A-Z0-9]{8}|BL {6}) (?:V   |A   |AA  )  (?:C {7}|D    \d{3})"
    r"(?: \d\d:\d\d:\d\d[:;]\d\d){4}"
)


def take(number: int, frames: int, frame_rate: str = "24/1", *, code: str = "010", channels: int | None = None) -> Take:
    name = f"SHOT-{code}_v01_take{number:02d}"
    path = f"03_Renders/SCENE_01/SHOT_{code}/{name}.mp4"
    return Take(
        id=f"t{code}{number}",
        scene="01",
        code=code,
        version=1,
        number=number,
        media=MediaRef(path=path, oid=f"{number:064x}", size=9, mime="video/mp4"),
        reel=f"A{code}01{number:02d}",
        frames=frames,
        frame_rate=frame_rate,
        has_audio=channels is not None,
        audio_channels=channels,
        created_at="2026-01-01T00:00:00Z",
    )


def cut_of(takes: list[Take | None], frame_rate: str = "24/1", title: str = "The Harbour") -> Timeline:
    return compile_timeline(title, frame_rate, [ShotInOrder(f"n{n}", "01", "010", t) for n, t in enumerate(takes)])


def test_the_model_list() -> None:
    timeline = cut_of([take(1, 84), take(2, 81, "16/1", code="020"), take(1, 48, code="030")])
    made = interchange.export(timeline)
    assert made.edl.decode("ascii").split("\r\n") == [
        "TITLE: THE HARBOUR",
        "FCM: NON-DROP FRAME",
        "",
        "001  A0100101 V     C        00:00:00:00 00:00:03:12 01:00:00:00 01:00:03:12",
        "* FROM CLIP NAME: SHOT-010_v01_take01.mp4",
        "* SOURCE FILE: SHOT-010_v01_take01.mp4",
        "",
        "002  A0200102 V     C        00:00:00:00 00:00:05:01 01:00:03:12 01:00:08:13",
        "* FROM CLIP NAME: SHOT-020_v01_take02.mp4",
        "* SOURCE FILE: SHOT-020_v01_take02.mp4",
        "* COMMENT: 16 FPS ORIGINAL, 81 FRAMES FILL 121 WITH FRAMES REPEATED",
        "",
        "003  A0300101 V     C        00:00:00:00 00:00:02:00 01:00:08:13 01:00:10:13",
        "* FROM CLIP NAME: SHOT-030_v01_take01.mp4",
        "* SOURCE FILE: SHOT-030_v01_take01.mp4",
        "",
    ]
    assert sorted(made.more) == [".ale", ".fcpxml", "_FCP7.xml", "_FILE32.edl", "_PRECONFORM.edl", "_reels.csv"]
    assert any("no timecode of their own" in note for note in made.notes)


def test_drop_frame() -> None:
    timeline = cut_of([take(1, 1800, "30000/1001"), take(2, 150, "30000/1001")], "30000/1001")
    text = interchange.export(timeline).edl.decode()
    assert "FCM: DROP FRAME" in text
    assert "00:00:00;00 00:01:00;02 01:00:00;00 01:01:00;02" in text
    assert interchange.rate_tag(timeline) == "2997df"
    assert interchange.rate_tag(cut_of([], "24000/1001")) == "23976"
    assert interchange.rate_tag(cut_of([], "24/1")) == "24"


FACTS = st.tuples(st.integers(1, 900), st.sampled_from(["16/1", *FRAME_RATES]), st.sampled_from([None, 1, 2]))
TITLES = st.text(st.characters(blacklist_categories=["Cs"]), max_size=90) | st.text(string.printable, max_size=90)


@settings(max_examples=60)
@given(st.lists(st.none() | FACTS, min_size=1, max_size=12), st.sampled_from(list(FRAME_RATES)), TITLES)
def test_two_readers_agree_with_the_timeline(
    facts: list[tuple[int, str, int | None] | None], frame_rate: str, title: str
) -> None:
    takes = [take(n, f[0], f[1], channels=f[2]) if f else None for n, f in enumerate(facts, 1)]
    timeline = cut_of(takes, frame_rate, title)
    made = interchange.export(timeline)
    wanted = [(c.reel or "BL", c.record_in, c.record_out, c.source_in, c.source_out) for c in timeline.shown]
    assert _by_columns(made.edl, timeline) == wanted
    assert _by_pycmx(made.edl, timeline) == wanted
    if wanted:
        assert _by_otio_adapter(made.edl, timeline) == [w[:3] for w in wanted]
    heard = [(c.reel, c.record_in, c.record_out, c.source_in, c.source_out) for c in timeline.events if c.has_audio]
    assert ("_A12.edl" in made.more) == bool(heard)
    if heard:
        assert _by_pycmx(made.more["_A12.edl"], timeline) == heard
    assert b"AA/V" not in made.edl + b"".join(made.more.values())


def _by_columns(edl: bytes, timeline: Timeline) -> list[tuple[str | None, int, int, int, int]]:
    """Read the list as the oldest systems do: by columns, with CRLF and plain ASCII only."""
    assert b"\t" not in edl
    assert edl.isascii()
    assert edl.count(b"\n") == edl.count(b"\r\n")
    found: list[tuple[str | None, int, int, int, int]] = []
    for line in edl.decode().split("\r\n"):
        if line[:1].isdigit():
            assert len(line) == 76
            assert LINE.fullmatch(line), line
            times = [frame_at(line[at : at + 11], timeline.rate) for at in (29, 41, 53, 65)]
            found.append((line[5:13].strip(), times[2], times[3], times[0], times[1]))
        else:
            assert line == "" or line.startswith(("* ", "TITLE: ", "FCM: ", "EFFECTS NAME IS "))
    return found


def _by_pycmx(edl: bytes, timeline: Timeline) -> list[tuple[str | None, int, int, int, int]]:
    parsed = pycmx.parse_cmx3600(io.StringIO(edl.decode().replace("\r\n", "\n")))
    found = []
    for event in parsed.events:
        for edit in event.edits:
            assert edit.transition.kind == "C"
            times = [edit.record_in, edit.record_out, edit.source_in, edit.source_out]
            found.append((edit.source, *(frame_at(t, timeline.rate) for t in times)))
            assert str(edit.clip_name).startswith("SHOT-")
    return found


def _by_otio_adapter(edl: bytes, timeline: Timeline) -> list[tuple[str | None, int, int]]:
    read = otio.adapters.read_from_string(edl.decode(), adapter_name="cmx_3600", rate=float(timeline.rate))
    (track,) = read.video_tracks()
    at, found = timeline.start_frame, []
    for item in track:
        frames = round(item.source_range.duration.value)
        found.append((item.metadata.get("cmx_3600", {}).get("reel", "BL"), at, at + frames))
        at += frames
    return found


@pytest.mark.parametrize("frame_rate", FRAME_RATES)
def test_the_otio_twin_is_lossless(frame_rate: str) -> None:
    takes = [take(1, 90, frame_rate, channels=2), None, take(2, 81, "16/1"), take(3, 33, frame_rate)]
    timeline = cut_of(takes, frame_rate, "Ünïcode 🎬 «cut»")
    read = otio.adapters.read_from_string(interchange.export(timeline).otio.decode(), "otio_json")
    assert read.name == "Ünïcode 🎬 «cut»"
    per_second = float(timeline.rate)
    assert read.global_start_time == otio.opentime.RationalTime(timeline.start_frame, per_second)
    picture, sound = read.tracks
    assert (picture.kind, sound.kind) == ("Video", "Audio")
    assert read.duration().value == timeline.frames
    for clip, cut in zip(picture, timeline.shown, strict=True):
        facts = clip.metadata["production_canvas"]
        assert clip.range_in_parent().start_time.value == cut.record_in - timeline.start_frame
        if cut.is_slate:
            assert (facts["slate"], clip.duration().value) == (True, cut.frames)
            continue
        assert clip.source_range == otio.opentime.TimeRange(
            otio.opentime.RationalTime(0, per_second), otio.opentime.RationalTime(cut.frames, per_second)
        )
        assert clip.media_reference.target_url == f"../../{cut.path}"
        assert clip.media_reference.available_range.duration.value == cut.native_frames
        assert clip.media_reference.available_range.duration.rate == float(rate(cut.native_rate or ""))
        assert (facts["take"], facts["reel"], facts["oid"]) == (cut.take, cut.reel, cut.oid)
        assert facts["native_rate"] == cut.native_rate
        assert facts["timecode_base"] == base(timeline.rate)
    assert [type(item).__name__ for item in sound] == ["Clip", "Gap", "Gap", "Gap"]
    assert sound.duration() == picture.duration()


def test_a_long_cut_comes_in_parts_with_their_own_record_timecode() -> None:
    timeline = cut_of([take(n % 99 + 1, 2, code=f"{n:03d}"[-3:], channels=2) for n in range(1, 1205)])
    made = interchange.export(timeline)
    assert {"_A12.edl", "_A12_P02.edl", "_P02.edl", "_PRECONFORM_P02.edl"} <= made.more.keys()
    first, second = _by_columns(made.edl, timeline), _by_columns(made.more["_P02.edl"], timeline)
    assert (len(first), len(second)) == (999, 205)
    assert first[-1][2] == second[0][1]
    assert made.more["_P02.edl"].decode().split("\r\n")[3].startswith("001  ")
    assert any("2 parts" in note for note in made.notes)


def test_mono_and_stereo_sound_and_silence() -> None:
    made = interchange.export(cut_of([take(1, 24, channels=1), take(2, 24, channels=2), take(3, 24)]))
    lines = [line for line in made.more["_A12.edl"].decode().split("\r\n") if line[:1].isdigit()]
    assert [(line[5:13], line[14:18].strip()) for line in lines] == [("A0100101", "A"), ("A0100102", "AA")]
    assert "THE HARBOUR_A12" in made.more["_A12.edl"].decode()
    assert any("sound of 2 takes" in note for note in made.notes)


def passages() -> Timeline:
    shots = [
        ShotInOrder("a", "01", "010", take(1, 96), marks=Marks(None, 72), enter=Passage("fade", 12)),
        ShotInOrder("b", "01", "020", take(2, 84, code="020"), enter=Passage("dissolve", 24), title="Harbour"),
        ShotInOrder(
            "c", "01", "030", None, seconds=Fraction(2), words="A door", lines=(Line("JANE", "No.", Fraction(1)),)
        ),
        ShotInOrder("d", "01", "040", take(3, 48, code="040"), enter=Passage("fade", 10), leave=Passage("fade", 20)),
    ]
    return compile_timeline("Über", "24/1", shots)


def test_dissolves_fades_and_slates_by_column() -> None:
    timeline = passages()
    made = interchange.export(timeline)
    assert [line for line in made.edl.decode().split("\r\n") if line[:1].isdigit() or line.startswith("EFF")] == [
        "001  A0100101 V     C        00:00:00:00 00:00:03:00 01:00:00:00 01:00:03:00",
        "002  A0100101 V     C        00:00:03:00 00:00:03:00 01:00:03:00 01:00:03:00",
        "002  A0200102 V     D    024 00:00:00:00 00:00:03:12 01:00:03:00 01:00:06:12",
        "EFFECTS NAME IS CROSS DISSOLVE",
        "003  BL       V     C        00:00:00:00 00:00:02:00 01:00:06:12 01:00:08:12",
        "004  BL       V     C        00:00:00:00 00:00:00:00 01:00:08:12 01:00:08:12",
        "004  A0400103 V     D    010 00:00:00:00 00:00:01:04 01:00:08:12 01:00:09:16",
        "005  A0400103 V     C        00:00:01:04 00:00:01:04 01:00:09:16 01:00:09:16",
        "005  BL       V     D    020 00:00:00:00 00:00:00:20 01:00:09:16 01:00:10:12",
        "EFFECTS NAME IS CROSS DISSOLVE",
    ]
    _by_columns(made.edl, timeline)
    parsed = pycmx.parse_cmx3600(io.StringIO(made.edl.decode().replace("\r\n", "\n")))
    kinds = [(edit.transition.kind, edit.transition.operand) for event in parsed.events for edit in event.edits]
    assert [kind for kind in kinds if kind[0] != "C"] == [("D", "024"), ("D", "010"), ("D", "020")]
    for word in ("1 shot is black", "1 title is", "very beginning", "Fades are dissolves", "plain letters"):
        assert any(word in note for note in made.notes), word


def test_the_other_profiles_and_tables() -> None:
    made = interchange.export(passages())
    long = [line for line in made.more["_FILE32.edl"].decode().split("\r\n") if line[:1].isdigit()]
    assert {len(line) for line in long} == {103}
    assert long[1].startswith("000002  SHOT-010_v01_take01              V     C   ")
    flat = [line for line in made.more["_PRECONFORM.edl"].decode().split("\r\n") if line[:1].isdigit()]
    assert all(line[5:13] == "MASTER01" and line[29:52] == line[53:76] for line in flat)
    assert [line[53:76] for line in flat][:2] == ["01:00:00:00 01:00:03:12", "01:00:03:12 01:00:06:12"]
    assert made.more[".srt"] == b"1\r\n00:00:06,500 --> 00:00:08,000\r\nNo.\r\n"
    assert b"00:00:06.500 --> 00:00:08.000\n<v JANE>No.\n" in made.more[".vtt"]
    assert made.more["_reels.csv"].count(b"\r\n") == 4
    assert b"\r\nSHOT-020_v01_take02\tV\t00:00:00:00\t00:00:03:12\tA0200102\t" in made.more[".ale"]
    read = otio.adapters.read_from_string(made.otio.decode(), "otio_json")
    (mix,) = read.video_tracks()[0].find_children(descended_from_type=otio.schema.Transition)
    assert (mix.in_offset.value, mix.out_offset.value) == (0, 24)
    assert read.duration().value == passages().frames
    sequence = ET.fromstring(made.more["_FCP7.xml"]).find("sequence")  # noqa: S314 - our own
    assert sequence is not None
    spans = [
        (int(i.findtext("start", "")), int(i.findtext("end", ""))) for i in sequence.iterfind(".//video/track/clipitem")
    ]
    assert spans == [(0, 72), (72, 156), (156, 204), (204, 252)]
    assert len(sequence.findall(".//transitionitem")) == 1


def test_an_empty_cut_is_an_empty_list() -> None:
    clip = ShotInOrder("n", "", "A clip", None, "the cut takes shots")
    made = interchange.export(compile_timeline("The Harbour", "24/1", [clip]))
    assert made.edl == b"TITLE: THE HARBOUR\r\nFCM: NON-DROP FRAME\r\n"
    assert otio.adapters.read_from_string(made.otio.decode(), "otio_json").duration().value == 0
