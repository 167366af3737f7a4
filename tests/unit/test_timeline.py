"""Integer timecode at every rate, and cuts that follow each other without a gap."""

import csv
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_sdk.errors import StudioError
from studio_sdk.types import MediaRef, rate
from studio_server.domain.marks import Marks, conformed_frames, marked_range, native_frame
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.shots import Take
from studio_server.domain.timecode import base, counts_drop_frame, frame_at, timecode
from studio_server.domain.timeline import ShotInOrder, Timeline, compile_timeline
from studio_server.library.edl import lists
from studio_server.library.tables import reels

RATES = [rate(text) for text in FRAME_RATES]


def take(number: int, frames: int | None = 48, frame_rate: str | None = "24/1", code: str = "010") -> Take:
    name = f"SHOT-{code}_v01_take{number:02d}"
    return Take(
        id=f"t{code}{number}",
        scene="01",
        code=code,
        version=1,
        number=number,
        media=MediaRef(
            path=f"03_Renders/SCENE_01/SHOT_{code}/{name}.mp4", oid=f"{number:064x}", size=9, mime="video/mp4"
        ),
        reel=f"A{code}01{number:02d}",
        frames=frames,
        frame_rate=frame_rate,
        created_at="2026-01-01T00:00:00Z",
    )


def cut_of(takes: list[Take | None], frame_rate: str = "24/1") -> Timeline:
    return compile_timeline("Film", frame_rate, [ShotInOrder(f"n{i}", "01", "010", t) for i, t in enumerate(takes)])


@pytest.mark.parametrize("frame_rate", RATES)
@pytest.mark.parametrize("drop", [False, True])
def test_timecode_and_back_at_every_rate(frame_rate: Fraction, drop: bool) -> None:
    if drop and not counts_drop_frame(frame_rate):
        with pytest.raises(StudioError):
            timecode(0, frame_rate, drop=True)
        return
    day = frame_at(f"23:59:59{';' if drop else ':'}{base(frame_rate) - 1}", frame_rate) + 1
    edges = [0, 1, 1799, 1800, 1801, 17981, 17982, 17983, 107892, day - 1]
    for frame in [*edges, *range(0, day, 7919)]:
        text = timecode(frame, frame_rate, drop=drop)
        assert frame_at(text, frame_rate) == frame
    assert timecode(day, frame_rate, drop=drop) == timecode(0, frame_rate, drop=drop)


@settings(max_examples=300)
@given(st.sampled_from(RATES), st.integers(0, 2_000_000))
def test_timecode_agrees_with_opentimelineio(frame_rate: Fraction, frame: int) -> None:
    drop = counts_drop_frame(frame_rate)
    per_second = float(frame_rate)
    theirs = otio.opentime.to_timecode(otio.opentime.RationalTime(frame, per_second), per_second, drop_frame=drop)
    day = frame_at(f"23:59:59{';' if drop else ':'}{base(frame_rate) - 1}", frame_rate) + 1
    if frame < day:
        assert timecode(frame, frame_rate, drop=drop) == theirs


@pytest.mark.parametrize(
    "text",
    [
        "01:00:00",
        "01:00:00:24",
        "25:00:00:00",
        "01:60:00:00",
        "aa:00:00:00",
        "",
        "-1:00:00:00",
        "\u0660\u0661:00:00:00",
    ],
)
def test_text_that_is_no_timecode(text: str) -> None:
    with pytest.raises(StudioError):
        frame_at(text, Fraction(24))


def test_numbers_that_drop_frame_skips_do_not_exist() -> None:
    ntsc = Fraction(30000, 1001)
    with pytest.raises(StudioError):
        frame_at("00:01:00;00", ntsc)
    assert frame_at("00:10:00;00", ntsc) == 17982
    assert timecode(1800, ntsc, drop=True) == "00:01:00;02"
    with pytest.raises(StudioError):
        timecode(-1, ntsc)
    with pytest.raises(StudioError):
        base(Fraction(25, 2))


@pytest.mark.parametrize(
    ("project", "filled"), [("24/1", 121), ("24000/1001", 121), ("25/1", 126), ("30/1", 151), ("30000/1001", 151)]
)
def test_eighty_one_frames_at_sixteen_fill_what_they_last(project: str, filled: int) -> None:
    assert conformed_frames(81, Fraction(16), rate(project)) == filled


@given(
    st.integers(1, 5000), st.sampled_from([Fraction(16), Fraction(12), Fraction(25, 2), *RATES]), st.sampled_from(RATES)
)
def test_repeated_frames_are_whole_and_in_order(frames: int, native: Fraction, project: Fraction) -> None:
    length = conformed_frames(frames, native, project)
    shown = [native_frame(k, frames, native, project) for k in range(length)]
    assert length >= 1
    assert shown == sorted(shown)
    assert shown[0] == 0
    assert 0 <= shown[-1] < frames
    if native == project:
        assert shown == list(range(frames))


@given(
    st.lists(st.none() | st.tuples(st.integers(1, 500), st.sampled_from(["16/1", *FRAME_RATES])), max_size=20),
    st.sampled_from(list(FRAME_RATES)),
)
def test_cuts_follow_each_other_from_one_hour(facts: list[tuple[int, str] | None], project: str) -> None:
    shots = [take(n, *fact) if fact else None for n, fact in enumerate(facts, 1)]
    timeline = cut_of(shots, project)
    at = timeline.start_frame
    assert timeline.start_timecode.replace(";", ":") == "01:00:00:00"
    for cut, shot in zip(timeline.cuts, shots, strict=True):
        assert cut.record_in == at
        assert cut.source_out - cut.source_in == cut.record_out - cut.record_in == cut.frames
        assert cut.is_slate == (shot is None) == bool(cut.missing)
        assert cut.frames == (4 * base(rate(project)) if shot is None else cut.source_out - cut.source_in)
        assert cut.record_in_tc == timeline.timecode(cut.record_in)
        at = cut.record_out
    assert timeline.frames == at - timeline.start_frame
    assert timeline.duration == timeline.frames / timeline.rate
    assert len(timeline.events) == sum(shot is not None for shot in shots)


def test_frames_that_were_made_up_are_said_wherever_the_take_is_listed() -> None:
    model = "RIFE v4; AI model, runs here; MIT"
    facts: dict[str, str | int | float | bool] = {"made_up": 80, "ai_pictures": 12, "ai_model": model}
    tweened = take(1, 121).model_copy(update={"facts": facts})
    timeline = cut_of([tweened, take(2, 81, "16/1")])
    words = f"80 of 121 frames made in between, 12 of them with an AI model ({model})"
    assert timeline.cuts[0].made_between == words
    assert f"SHOT-010_v01_take01: {words}." in " ".join(timeline.notes)
    table = list(csv.DictReader(reels(timeline).decode().splitlines()))
    assert [row["conform"] for row in table] == [words, "frame-repeat"]
    assert "* COMMENT: 80 OF 121 FRAMES MADE IN BETWEEN, 12 OF THEM WITH AN AI" in lists(timeline)[0].decode()
    for odd in ({"made_up": True}, {"made_up": -3}, {"made_up": "80"}, {"ai_pictures": 4}):
        assert cut_of([tweened.model_copy(update={"facts": odd})]).cuts[0].made_between == ""


def test_what_is_missing_and_what_is_conformed_is_said() -> None:
    timeline = cut_of([take(1), None, take(2, frames=81, frame_rate="16/1"), take(3, frames=None)])
    assert [c.missing for c in timeline.cuts] == [
        None,
        "has no take yet",
        None,
        "SHOT-010_v01_take03 cannot be read as a video",
    ]
    assert timeline.cuts[2].is_conformed
    assert not timeline.cuts[0].is_conformed
    assert any("81 frames fill 121" in note for note in timeline.notes)
    assert any("has no take yet" in note for note in timeline.notes)


def test_two_takes_never_share_a_reel_and_one_take_keeps_its_own() -> None:
    copied = take(2).model_copy(update={"reel": take(1).reel})
    reels = [c.reel for c in cut_of([take(1), copied, take(1)]).cuts]
    assert reels[0] == reels[2] == "A0100101"
    assert reels[1] not in {reels[0], None}


@given(
    st.integers(1, 400),
    st.sampled_from([Fraction(16), Fraction(25, 2), *RATES]),
    st.sampled_from(RATES),
    st.none() | st.integers(-5, 500),
    st.none() | st.integers(-5, 500),
)
def test_marks_show_their_frames_and_no_others(
    frames: int, native: Fraction, project: Fraction, into: int | None, out: int | None
) -> None:
    length = conformed_frames(frames, native, project)
    first, last = marked_range(Marks(into, out), frames, native, project)
    assert 0 <= first < last <= length
    starts = into if into is not None and 0 < into < frames else 0
    ends = out if out is not None and starts < out < frames else frames
    shown = {native_frame(at, frames, native, project) for at in range(first, last)}
    if last - first > 1:
        assert starts <= min(shown)
        assert max(shown) < ends
    if native <= project:
        visible = set(range(starts, ends)) & {native_frame(at, frames, native, project) for at in range(length)}
        # What is marked may fall between two project frames altogether: the nearest is shown then.
        assert shown == visible or (not visible and last - first == 1)
    if (starts, ends) == (0, frames):
        assert (first, last) == (0, length)


def test_a_marked_shot_is_cut_where_its_marks_are() -> None:
    shots = [
        ShotInOrder("a", "01", "010", take(1), marks=Marks(10, 20)),
        ShotInOrder("b", "01", "010", take(2, frames=81, frame_rate="16/1"), marks=Marks(16, None)),
    ]
    timeline = compile_timeline("Film", "24/1", shots, ["SHOT 030 is left out: it is muted."])
    first, second = timeline.cuts
    assert (first.source_in, first.source_out, first.frames, first.is_conformed) == (10, 20, 10, False)
    assert (second.source_in, second.source_out, second.frames, second.is_conformed) == (24, 121, 97, True)
    assert second.record_in == first.record_out
    assert timeline.notes[0] == "SHOT 030 is left out: it is muted."


def test_a_thousand_slates_are_counted_so_that_other_notes_are_seen() -> None:
    empty = [ShotInOrder(f"n{i}", "01", f"{i:03d}", None, missing="has no take yet") for i in range(1000)]
    notes = compile_timeline("Film", "24/1", empty, ["Something else."]).notes
    assert notes[:2] == ("Something else.", "SHOT-000 of scene 01 is a slate: has no take yet.")
    assert notes[-1] == "995 more are slates for the same reason (has no take yet)."
    assert len(notes) == 7
