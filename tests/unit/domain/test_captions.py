"""Captions of a card's sound are the film's subtitles, at the frames where they are heard after trims and moves."""

from fractions import Fraction

import pytest
from pydantic import JsonValue

from studio_sdk.captions import Caption
from studio_server.domain.captions import as_field, captions_of, field_of
from studio_server.domain.graph import Node
from studio_server.domain.marks import Marks
from studio_server.domain.soundtrack import placing, with_sounds
from studio_server.domain.timeline import Line, ShotInOrder, Timeline, compile_timeline
from studio_server.library import tables
from tests.unit.domain.test_soundtrack import _asset, _card
from tests.unit.test_timeline import take

SAID = (Caption(0, 500, "Out."), Caption(1000, 1500, "At the harbour."))


def told(timeline: Timeline) -> list[tuple[int, int, str]]:
    begin = timeline.start_frame
    return [(one.record_in - begin, one.record_out - begin, one.words) for one in timeline.subtitles]


def shot(marks: Marks = Marks(), heard: tuple[Caption, ...] = SAID, **more: object) -> ShotInOrder:  # noqa: B008
    return ShotInOrder("n1", "01", "010", take(1), marks=marks, heard=heard, **more)  # type: ignore[arg-type]


def test_a_take_is_captioned_where_it_speaks_however_it_is_trimmed_and_moved() -> None:
    lines = (Line("ANNA", "Never.", Fraction(1)),)
    assert told(compile_timeline("F", "24/1", [shot(lines=lines)])) == [(0, 12, "Out."), (24, 36, "At the harbour.")]
    before = ShotInOrder("n0", "01", "005", take(2, frames=10))
    trimmed = compile_timeline("F", "24/1", [before, shot(Marks(6, 30))])
    assert told(trimmed) == [(10, 16, "Out."), (28, 34, "At the harbour.")]
    assert told(compile_timeline("F", "24/1", [shot(Marks(13, 23))])) == []


def test_a_take_of_another_rate_is_captioned_by_the_clock_and_pulled_down_frame_for_frame() -> None:
    slow = ShotInOrder("n1", "01", "010", take(1, frames=32, frame_rate="16/1"), heard=SAID)
    assert told(compile_timeline("F", "24/1", [slow])) == [(0, 12, "Out."), (24, 36, "At the harbour.")]
    pulled = shot(heard=(Caption(1001, 1502, "At the harbour."),))
    assert told(compile_timeline("F", "24000/1001", [pulled])) == [(24, 36, "At the harbour.")]


def film(heard: tuple[Caption, ...] = SAID, lines: bool = True, **place: JsonValue) -> Timeline:
    card = _card("v", **place)
    card = card.model_copy(update={"data": {**card.data, field_of(_asset(card).media.oid): as_field(heard)}})
    line = (Line("ANNA", "Where were you?", Fraction(2)),) if lines else ()
    slates = [ShotInOrder(f"n{n}", "01", f"0{n}0", None, lines=line) for n in (1, 2)]
    return with_sounds(compile_timeline("F", "24/1", slates), [(card, placing(card, "voice"))], _asset)


def test_a_voice_is_captioned_where_it_lies_and_lines_that_it_speaks_are_not_guessed_beside_it() -> None:
    found = film(sound_shot="n2", sound_at=6)
    assert told(found) == [(0, 60, "Where were you?"), (102, 114, "Out."), (126, 138, "At the harbour.")]
    assert [one.heard for one in found.subtitles] == [False, True, True]
    late = film(sound_shot="n2", sound_at=6, sound_skip=6, sound_length=20)
    assert told(late)[1:] == [(102, 108, "Out."), (120, 122, "At the harbour.")]
    assert b"00:00:04,250 --> 00:00:04,500\r\nOut.\r\n" in tables.srt(late)


def test_words_at_once_are_shown_together_and_none_lies_under_another() -> None:
    card = _card("v")
    card = card.model_copy(update={"data": {**card.data, field_of(_asset(card).media.oid): as_field(SAID)}})
    both = (Caption(0, 250, "Yes."), Caption(400, 1200, "No."))
    cut = with_sounds(compile_timeline("F", "24/1", [shot(heard=both)]), [(card, placing(card, "voice"))], _asset)
    assert told(cut) == [(0, 10, "- Yes.\n- Out."), (10, 24, "No."), (24, 36, "At the harbour.")]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "Out.",
        [["0", 500, "Out."]],
        [[500, 500, "Out."]],
        [[0, 500]],
        [[-1, 500, "Out."]],
        [[0, 500, "<b>Out.</b>"]],
        [[False, 500, "Out."]],
        [[0, 10**12, "Out."]],
    ],
)
def test_what_is_no_caption_counts_as_not_there(value: JsonValue) -> None:
    oid = "ab" * 32
    assert captions_of(Node(id="v", type="audio", data={field_of(oid): value}), oid) == ()
    whole = (
        Node(id="v", type="audio", data={field_of(oid): [*(value or []), [0, 9, "a"]]})
        if isinstance(value, list)
        else None
    )
    assert whole is None or captions_of(whole, oid) == (Caption(0, 9, "a"),)


def test_another_file_has_captions_of_its_own() -> None:
    node = Node(id="v", type="audio", data={field_of("ab" * 32): as_field(SAID)})
    assert captions_of(node, "ab" * 32) == SAID
    assert captions_of(node, "cd" * 32) == ()
