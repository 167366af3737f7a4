"""Lists of other programs, and every kind of bad one: none is a crash, and what is not understood is told by line."""

import io
import re
from fractions import Fraction
from pathlib import Path

import pycmx
import pytest

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import rate
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.recut import RecutEvent
from studio_server.library import recut_files

DATA = Path(__file__).parents[1] / "data"
LOST = {"dissolve_test_4", "transition_duration", "wipe_test"}
"""Of these pycmx loses an event that has no remark."""
LISTS = sorted((DATA / "edl").rglob("*.edl"))


def read(text: str, frame_rate: str = "24/1") -> tuple[list[RecutEvent], list[str]]:
    found = recut_files.read(text, rate(frame_rate))
    return list(found.events), [re.sub(r"\d+", "N", note) for note in found.notes]


def line(
    number: int, at: int, length: int, *, reel: str = "A0100101", kind: str = "C   ", record: int | None = None
) -> str:
    """Return an event of a list at 24: source from `at`, record from `record`, both in frames after the first hour."""
    begin = at if record is None else record
    codes = (f"01:00:{n // 24:02d}:{n % 24:02d}" for n in (at, at + length, begin, begin + length))
    return f"{number:03d}  {reel} V     {kind}     {' '.join(codes)}\n"


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_of_another_program_has_the_events_that_pycmx_finds(path: Path) -> None:
    text = path.read_text()
    per_second = "25/1" if path.stem in {"25fps", "timecode_mismatch"} else "30/1" if "2997" in path.stem else "24/1"
    per_second = "60/1" if path.stem == "test_24" else per_second  # it holds frame numbers up to 29
    found = recut_files.read(text, Fraction(per_second))
    theirs = [
        (edit.source_in, edit.record_in)
        for event in pycmx.parse_cmx3600(io.StringIO(text)).events
        for edit in event.edits
        if edit.channels.video and edit.record_in != edit.record_out and not edit.black
    ]
    assert len(found.events) == len(theirs) + (path.stem in LOST)
    fps = int(Fraction(per_second))
    clocks = [[int(part) for part in re.split("[:;]", code)] for _, code in theirs]
    wanted = [((hours * 60 + minutes) * 60 + seconds) * fps + frames for hours, minutes, seconds, frames in clocks]
    assert [event.record_in for event in found.events if event.record_in in wanted] == wanted


def test_no_list_of_another_program_stops_the_reader_at_any_rate() -> None:
    assert len(LISTS) == 19
    for path in LISTS:
        for frame_rate in FRAME_RATES:
            for event in recut_files.read(path.read_text(), rate(frame_rate)).events:
                assert event.source_out - event.source_in == event.record_out - event.record_in > 0


@pytest.mark.parametrize(
    ("name", "events"),
    [("24With25Media", 2), ("23.98", 7), ("SyncClip", 1), ("CompoundClips", -1), ("StandaloneAssetClip", -1)],
)
def test_projects_of_final_cut_are_read_or_refused_in_words(name: str, events: int) -> None:
    text = (DATA / "fcpxml" / f"{name}.fcpxml").read_text()
    if events < 0:
        with pytest.raises(StudioError, match=r"compound clip|holds no project") as refused:
            recut_files.read(text, Fraction(24))
        assert refused.value.code is Code.UNSUPPORTED_MEDIA
        return
    found = recut_files.read(text, rate("24000/1001" if name == "23.98" else "24/1" if "24" in name else "25/1"))
    assert len(found.events) == events
    assert all(event.record_out > event.record_in for event in found.events)


def test_a_list_with_a_byte_order_mark_tabs_and_lost_columns_is_the_same_list() -> None:
    plain = "TITLE: X\nFCM: NON-DROP FRAME\n" + line(1, 0, 24) + line(2, 24, 12)
    bent = "\ufeff" + plain.replace("  A0100101 V     C", "\tA0100101\tV\tC").replace("\n", "\r")
    assert read(bent) == read(plain)
    assert read(re.sub(" +", " ", plain)) == read(plain)
    assert len(read(plain)[0]) == 2


def test_events_that_overlap_keep_the_lists_order_and_it_is_said() -> None:
    events, notes = read(line(1, 0, 24) + line(2, 24, 24, record=12) + line(3, 48, 24, record=36))
    assert [event.source_in - 86400 for event in events] == [0, 24, 48]
    assert notes == [
        "N event begins before the one before has ended; they follow each other here in the list's own order."
    ]


def test_a_list_sorted_by_reel_is_put_into_the_order_of_the_film() -> None:
    events, notes = read(line(2, 0, 24, record=24) + line(1, 50, 24, record=0))
    assert [event.record_in - 86400 for event in events] == [0, 24]
    assert notes == ["The list is not in the order of the film; its events are put into it by their record timecode."]


def test_holes_are_closed_and_it_is_said() -> None:
    found = recut_files.read(line(1, 0, 24) + line(2, 0, 24, record=36), Fraction(24))
    assert found.notes == ("1 stretch of black between shots (12 frames in all) are closed: a cut here has no holes.",)


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_change_of_speed_at_any_place_keeps_what_follows_where_it_is(place: int) -> None:
    lines = [line(1, 0, 24), line(2, 24, 24).replace("01:00:02:00", "01:00:03:00", 1), line(3, 48, 24)]
    lines.insert(place, "M2   A0100101       048.0                01:00:01:00\n")
    events, notes = read("".join(lines))
    assert [(event.record_in - 86400, event.source_out - event.source_in) for event in events] == [
        (0, 24),
        (24, 24),
        (48, 24),
    ]
    assert sorted(notes) == [
        "Line N changes the speed of a clip; speeds are not taken over.",
        "Line N has N frames of source for N of record; the N from its first on are taken.",
    ]


def test_a_list_that_mixes_both_ways_of_counting_is_read_stamp_by_stamp() -> None:
    mixed = "001  A0100101 V C 01:01:00:02 01:01:01:02 01:01:00;02 01:01:01;02\n"
    event = read("FCM: NON-DROP FRAME\n" + mixed, "30000/1001")[0][0]
    assert (event.source_in, event.record_in) == (3660 * 30 + 2, 3660 * 30 + 2 - 2 * (61 - 6))
    # Where no stamp says it, the line above does.
    plain = mixed.replace(";", ":")
    both = read(f"FCM: DROP FRAME\n{plain}FCM: NON-DROP FRAME\n{plain.replace('01:01:0', '01:02:0')}", "30000/1001")[0]
    assert [one.record_in for one in both] == [3660 * 30 + 2 - 110, 3720 * 30 + 2]
    assert read("FCM: DROP FRAME\n" + mixed.replace(";", ":"), "25/1")[0][0].record_in == 3660 * 25 + 2


def test_fifteen_hundred_events_are_read() -> None:
    text = "".join(f"{n:06d}" + line(0, n % 40, 1, record=n % 1400)[3:] for n in range(1, 1400))
    assert len(read(text)[0]) == 1399
    long = "".join(
        f"{n:03d}  A0100101 V C 00:00:00:00 00:00:01:00 {h:02d}:{m:02d}:{s:02d}:00 {h2:02d}:{m2:02d}:{s2:02d}:00\n"
        for n in range(1, 1501)
        for h, m, s in [(1 + n // 3600, n // 60 % 60, n % 60)]
        for h2, m2, s2 in [(1 + (n + 1) // 3600, (n + 1) // 60 % 60, (n + 1) % 60)]
    )
    events, notes = read(long)
    assert (len(events), notes) == (1500, [])


def test_names_of_other_alphabets_and_of_latin_1_do_no_harm() -> None:
    text = line(1, 0, 24, reel="Größe") + "* FROM CLIP NAME: Fähre 日本.mov\n"
    events, _ = read(text.encode().decode("latin-1"))
    assert len(events) == 1
    assert read(text)[0][0].clip == "Fähre 日本.mov"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (line(1, 0, 24, kind="W001"), "Line N is a wipe, which becomes a dissolve."),
        (line(1, 0, 24, kind="K B "), "Line N is a key, which becomes a cut."),
        (line(1, 24, 24).replace("01:00:01:00 01:00:02:00\n", "01:00:02:00 01:00:01:00\n"),
         "Line N ends before it begins; it is left out."),
        (line(1, 0, 24) + "002  A0100101 V C 01:00:00:30 01:00:01:00 01:00:01:00 01:00:01:12\n",
         "Line N has a timecode that does not exist at N frames a second; it is left out."),
        (line(1, 0, 24) + "002  A0100101 V C 01:00 02:00\n",
         "Line N looks like an event but has no four timecodes; it is left out."),
        (line(1, 0, 24) + "002  A0100101 V 01:00:00:00 01:00:01:00 01:00:01:00 01:00:02:00\n",
         "Line N names no kind of edit; it is left out."),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_told_with_its_line(text: str, note: str) -> None:
    assert note in read("TITLE: x\n" + text)[1]
