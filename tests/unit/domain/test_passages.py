"""Dissolves and fades on random cuts at every rate: contiguous, within the takes, and said where they are shortened."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from studio_sdk.types import MediaRef, rate
from studio_server.domain.marks import Marks
from studio_server.domain.passages import Passage
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.shots import Take
from studio_server.domain.subtitles import Line
from studio_server.domain.timecode import base
from studio_server.domain.timeline import ShotInOrder, compile_timeline

PASSAGES = st.none() | st.builds(Passage, st.sampled_from(["dissolve", "fade"]), st.none() | st.integers(1, 400))


def take(number: int, frames: int, frame_rate: str) -> Take:
    path = f"03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take{number:02d}.mp4"
    media = MediaRef(path=path, oid=f"{number:064x}", size=9, mime="video/mp4")
    return Take(
        id=f"t{number}", scene="01", code="010", version=1, number=number, media=media, reel=f"A01001{number:02d}",
        frames=frames, frame_rate=frame_rate, created_at="2026-01-01T00:00:00Z",
    )  # fmt: skip


SHOTS = st.lists(
    st.tuples(
        st.none() | st.integers(1, 200),
        st.sampled_from(["16/1", *FRAME_RATES]),
        st.none() | st.integers(0, 100),
        st.none() | st.integers(1, 200),
        PASSAGES,
        PASSAGES,
        st.lists(st.integers(1, 20), max_size=3),
    ),
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(SHOTS, st.sampled_from(list(FRAME_RATES)))
def test_every_cut_has_its_pictures(shots: list[tuple[object, ...]], project: str) -> None:
    given_shots = [
        ShotInOrder(
            f"n{number}",
            "01",
            "010",
            take(number, frames, native) if frames else None,  # type: ignore[arg-type]
            marks=Marks(into, out),  # type: ignore[arg-type]
            enter=enter,  # type: ignore[arg-type]
            leave=leave,  # type: ignore[arg-type]
            lines=tuple(Line("A", "b", Fraction(seconds, 3)) for seconds in said),  # type: ignore[attr-defined]
        )
        for number, (frames, native, into, out, enter, leave, said) in enumerate(shots, 1)
    ]
    timeline = compile_timeline("Film", project, given_shots)
    at = timeline.start_frame
    for number, cut in enumerate(timeline.cuts):
        assert (cut.record_in, cut.record_out) == (at, at + cut.source_out - cut.source_in)
        assert cut.frames >= 1
        assert cut.dissolve + cut.fade_in + cut.fade_out <= cut.frames
        assert not (cut.dissolve and cut.fade_in)
        if cut.take:
            assert 0 <= cut.source_in < cut.source_out <= cut.conformed_frames
        if cut.dissolve:
            before = timeline.cuts[number - 1]
            assert before.fade_out == 0
            assert before.is_slate or before.source_out + cut.dissolve <= before.conformed_frames
            assert before.frames >= before.dissolve + before.fade_in
        at = cut.record_out
    assert timeline.frames == at - timeline.start_frame
    ends = [timeline.start_frame, *(edge for one in timeline.subtitles for edge in (one.record_in, one.record_out))]
    assert ends == sorted(ends)
    assert all(one.record_out <= timeline.start_frame + timeline.frames for one in timeline.subtitles)


def test_a_dissolve_without_handles_cuts_the_shot_before_it_sooner() -> None:
    shots = [
        ShotInOrder("a", "01", "010", take(1, 48, "24/1")),
        ShotInOrder("b", "01", "020", take(2, 48, "24/1"), enter=Passage("dissolve", 24)),
    ]
    timeline = compile_timeline("Film", "24/1", shots)
    first, second = timeline.cuts
    assert (first.source_out, second.dissolve, timeline.frames) == (24, 24, 72)
    assert timeline.notes == ("SHOT-010 is cut 24 frames sooner, so that its dissolve to SHOT-020 has pictures.",)
    assert Passage("fade").length(Fraction(base(rate("30000/1001")))) == 30
