"""Cuts that come back: our own are the cut as it stands, an editor's changes are told, foreign lists never crash."""

import random
import re
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import MediaRef, rate
from studio_server.domain import recut
from studio_server.domain.graph import Edge, Node, NodeSet
from studio_server.domain.marks import Marks
from studio_server.domain.passages import Passage
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.recut import Known, RecutRow
from studio_server.domain.shots import Take
from studio_server.domain.timeline import ShotInOrder, Timeline, compile_timeline
from studio_server.library import edl, interchange, recut_files


def take(code: str, number: int = 1, frames: int = 96, frame_rate: str = "24/1") -> Take:
    path = f"03_Renders/SCENE_01/SHOT_{code}/SHOT-{code}_v01_take{number:02d}.mp4"
    media = MediaRef(path=path, oid=f"{int(code) * 100 + number:064x}", size=9, mime="video/mp4")
    return Take(
        id=f"t{code}{number}", scene="01", code=code, version=1, number=number, media=media,
        reel=f"A{code}01{number:02d}", frames=frames, frame_rate=frame_rate, created_at="2026-01-01T00:00:00Z",
    )  # fmt: skip


def known(timeline: Timeline, takes: dict[str, tuple[Take, ...]] | None = None) -> list[Known]:
    """Return the shots of a cut as the board has them."""
    shots = []
    for cut in timeline.shown:
        wire = Edge(
            id=f"{cut.node_id}.video>f.clips",
            source=cut.node_id,
            source_handle="video",
            target="f",
            target_handle="clips",
        )
        code = cut.shot.removeprefix("SHOT-")
        own = (takes or {}).get(code, ())
        shots.append(Known(Node(id=cut.node_id, type="shot"), wire, cut, own))
    return shots


def film(frame_rate: str = "24/1") -> tuple[Timeline, list[Known]]:
    takes = {code: (take(code), take(code, 2, 120)) for code in ("010", "020", "030")}
    shots = [
        ShotInOrder("a", "01", "010", takes["010"][0], marks=Marks(None, 72)),
        ShotInOrder("b", "01", "020", takes["020"][0], enter=Passage("dissolve", 12)),
        ShotInOrder("c", "01", "030", takes["030"][0], marks=Marks(10, 60), leave=Passage("fade", 8)),
        ShotInOrder("d", "01", "040", None, seconds=Fraction(2), leave=Passage("fade", 9)),
    ]
    timeline = compile_timeline("Film", frame_rate, shots)
    return timeline, known(timeline, takes)


def told(text: str, timeline: Timeline, shots: list[Known]) -> list[RecutRow]:
    read = recut_files.read(text, timeline.rate)
    return recut.rows(recut.matched(read.events, shots), shots, timeline.rate)


RECUT = """\ufeffTITLE:  recut by hand
FCM: NON-DROP FRAME
1\tA0300101\tV\tC\t00:00:00:12 00:00:02:00 01:00:00:00 01:00:01:12
* FROM CLIP NAME: whatever
002  A0100102 V C 00:00:00:00 00:00:04:12 01:00:01:12 01:00:06:00
003  A0200101 V C 00:00:00:00 00:00:04:12 01:00:06:00 01:00:10:12
004  OTHER    V C 00:00:00:00 00:00:01:00 01:00:10:12 01:00:11:12
* FROM CLIP NAME: stock.mov
005  A0300101 V C 00:00:00:00 00:00:01:00 01:00:11:12 01:00:12:12
006  A0100101 A C 00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00
007  A0100101 V C 00:00:00:77 00:00:04:00 01:00:00:00 01:00:04:00
M2   A0100101 048.0 00:00:00:00
"""
ASSEMBLER = Node(id="f", type="assembler", data={"order": [f"{n}.video>f.clips" for n in "abcd"]})


@pytest.mark.parametrize("kind", ["edl", "_FILE32.edl", "otio", ".fcpxml", "_FCP7.xml"])
def test_what_we_wrote_is_the_cut_as_it_stands(kind: str) -> None:
    timeline, shots = film()
    made = interchange.export(timeline)
    text = (made.edl if kind == "edl" else made.otio if kind == "otio" else made.more[kind]).decode()
    rows = told(text, timeline, shots)
    assert [(row.kind, row.text) for row in rows] == [("same", "is as it was")] * 3 + [("same", "waits for its take")]
    found = recut.matched(recut_files.read(text, timeline.rate).events, shots)
    assert recut.operations(found, shots, timeline, ASSEMBLER) == []


def test_an_editors_changes_are_told_and_applied() -> None:
    timeline, shots = film()
    text = RECUT
    rows = told(text, timeline, shots)
    assert [(row.kind, row.shot, row.moved) for row in rows] == [
        ("changed", "SHOT-030", True),
        ("replaced", "SHOT-010", False),
        ("longer", "SHOT-020", False),
        ("unknown", "stock.mov", False),
        ("repeated", "SHOT-030", False),
        ("removed", "SHOT-040", False),
    ]
    assert rows[1].text.startswith("is SHOT-010_v01_take02 now, ends 36 frames later")
    assert (rows[2].short_by, rows[2].seconds) == (12, 4.5)
    read = recut_files.read(text, timeline.rate)
    assert [re.sub(r"\d+", "N", note) for note in read.notes] == [
        "Line N has a timecode that does not exist at N frames a second; it is left out.",
        "Line N changes the speed of a clip; speeds are not taken over.",
        "N sound clip is not taken over: the takes' sound follows its picture, voices and music stay as on the board.",
    ]
    found = recut.matched(read.events, shots)
    done = recut.operations(found, shots, timeline, ASSEMBLER)
    sets = {(one.id, one.name): one.value for one in done if isinstance(one, NodeSet)}
    assert sets["c", "in:SHOT-030_v01_take01"] == 12
    assert sets["c", "out:SHOT-030_v01_take01"] == 48
    assert sets["a", "active_take"] == "SHOT-010_v01_take02"
    assert sets["f", "order"] == ["c.video>f.clips", "a.video>f.clips", "b.video>f.clips"]
    assert [one.id for one in done if one.op == "edge.remove"] == ["d.video>f.clips"]


def test_a_slate_that_loses_its_dissolve_says_so() -> None:
    takes = {"010": (take("010"),)}
    shots = [
        ShotInOrder("a", "01", "010", takes["010"][0], marks=Marks(None, 72)),
        ShotInOrder("b", "01", "020", None, seconds=Fraction(2), enter=Passage("dissolve", 12)),
    ]
    timeline = compile_timeline("Film", "24/1", shots)
    there = known(timeline, takes)
    text = interchange.export(timeline).edl.decode()
    assert [row.kind for row in told(text, timeline, there)] == ["same", "same"]
    rows = told(re.sub(r"D    012", "C       ", text), timeline, there)
    assert [(row.kind, row.text) for row in rows] == [
        ("same", "is as it was"),
        ("changed", "waits for its take, has no dissolve any more"),
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(2, 120),
            st.sampled_from(["16/1", *FRAME_RATES]),
            st.none() | st.integers(1, 90),
            st.integers(0, 3),
        ),
        min_size=1, max_size=8,
    ),
    st.sampled_from(list(FRAME_RATES)),
)  # fmt: skip
def test_every_cut_survives_the_way_out_and_back(facts: list[tuple[int, str, int | None, int]], project: str) -> None:
    takes = {f"{n:03d}": (take(f"{n:03d}", 1, frames, native),) for n, (frames, native, _, _) in enumerate(facts, 1)}
    shots = [
        ShotInOrder(
            f"n{n}", "01", f"{n:03d}", takes[f"{n:03d}"][0] if frames % 5 else None, marks=Marks(into, None),
            enter=Passage("dissolve", 5) if way == 1 and n > 1 else Passage("fade", 4) if way == 2 and n > 1 else None,
            leave=Passage("fade", 3) if way == 3 else None,
            seconds=Fraction(frames, 24),
        )
        for n, (frames, _, into, way) in enumerate(facts, 1)
    ]  # fmt: skip
    timeline = compile_timeline("Film", project, shots)
    there = known(timeline, takes)
    made = interchange.export(timeline)
    for text in (made.edl.decode(), made.otio.decode(), made.more[".fcpxml"].decode()):
        rows = told(text, timeline, there)
        assert {(row.kind, row.text) for row in rows} <= {("same", "is as it was"), ("same", "waits for its take")}
        assert len(rows) == len(facts)
    order = [shot.wire.id for shot in there]
    found = recut.matched(recut_files.read(made.edl.decode(), timeline.rate).events, there)
    assert recut.operations(found, there, timeline, Node(id="f", type="assembler", data={"order": order})) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no edit list"),
        ("just words\nof a letter", "no edit list"),
        ("{ not json", "cannot be read"),
        (otio.schema.Clip("x").to_json_string(), "no timeline"),
        ("<svg/>", "neither FCPXML nor"),
        ("<xmeml><broken", "damaged"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><xmeml/>', "entities"),
        (edl.lists(film()[0], "preconform")[0].decode(), "rendered film"),
    ],
)
def test_what_is_no_list_is_said(text: str, words: str) -> None:
    with pytest.raises(StudioError, match=words) as refused:
        recut_files.read(text, Fraction(24))
    assert refused.value.code is Code.UNSUPPORTED_MEDIA


FOREIGN = """TITLE:   Avid, with a reel of many words and 25 fps
FCM: NON-DROP FRAME

000217  C031C007_150522_R57B             V     C        15:41:13:23 15:41:16:02 01:04:19:05 01:04:21:09
* FROM CLIP NAME:  A006C002
M2      C031C007_150522_R57B          048.0                15:41:13:23
003  My Reel 1.mp4 V D 024 01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00
003  AX NONE K B 010 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
AUD  3    4
>>> SOURCE TAPE notes from an old system
004  TAPE1 A2/V W001 012 01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00
junk 01:00:00:00 01:00:00:00 01:00:00:00 01:00:00:00
005  TAPE1 V
\xff\xfe\x00"""


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(list(FRAME_RATES)))
def test_no_list_however_damaged_breaks_the_reader(seed: int, project: str) -> None:
    chance = random.Random(seed)
    text = FOREIGN + interchange.export(film()[0]).edl.decode()
    signs = list(text)
    for _ in range(chance.randrange(60)):
        at = chance.randrange(len(signs))
        signs[at] = chance.choice(["", " ", "\t", "0", ":", ";", "\n", "V", "é", signs[chance.randrange(len(signs))]])
    try:
        read = recut_files.read("".join(signs), rate(project))
    except StudioError:
        return
    assert all(event.source_in >= 0 for event in read.events)


def test_a_track_of_another_program_is_read() -> None:
    timeline, shots = film()
    document = otio.schema.Timeline(name="x")
    track = otio.schema.Track(kind="Video")
    when = otio.opentime.RationalTime
    for name, start, length in (("SHOT-020_v01_take02.mp4", 12, 24), ("B-roll", 0, 10)):
        span = otio.opentime.TimeRange(when(start + 86400, 24), when(length, 24))
        media = otio.schema.ExternalReference("x.mp4", otio.opentime.TimeRange(when(86400, 24), when(96, 24)))
        track.append(otio.schema.Clip(name, media, span))
    document.tracks.append(track)
    rows = told(document.to_json_string(), timeline, shots)
    assert [(row.kind, row.shot, row.after) for row in rows[:2]] == [
        ("replaced", "SHOT-020", (12, 36)),
        ("unknown", "B-roll", (0, 10)),
    ]
