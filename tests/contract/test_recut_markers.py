"""Markers that come back with a cut: our own are where they were, an editor's land on the frame that he saw."""

import re
from fractions import Fraction

import opentimelineio as otio
import pytest

from studio_sdk.errors import StudioError
from studio_sdk.types import rate
from studio_server.domain import recut, recut_markers
from studio_server.domain.graph import Node, NodeSet
from studio_server.domain.marks import Marks
from studio_server.domain.passages import Passage
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.recut import Known, Match, RecutRow
from studio_server.domain.timeline import ShotInOrder, Timeline, compile_timeline
from studio_server.library import edl, interchange, recut_files
from tests.contract.test_recut import known, take

MARKED = {"a": ((13, "Look “here”, a very long remark about what is to be seen in the fog"), (70, "")),
          "b": ((5, "Größe"),), "c": (), "d": ((7, "slow"),)}  # fmt: skip
ENDINGS = ["edl", "_FILE32.edl", "otio", ".fcpxml", "_FCP7.xml"]


def film(frame_rate: str = "24/1") -> tuple[Timeline, list[Known]]:
    takes = {code: (take(code),) for code in ("010", "020", "030")}
    shots = [
        ShotInOrder("a", "01", "010", takes["010"][0], marks=Marks(2, 72), markers=MARKED["a"]),
        ShotInOrder("b", "01", "020", takes["020"][0], enter=Passage("dissolve", 12), markers=MARKED["b"]),
        ShotInOrder("c", "01", "030", takes["030"][0], leave=Passage("fade", 8)),
        ShotInOrder("d", "01", "040", None, seconds=Fraction(2), markers=MARKED["d"]),
    ]
    timeline = compile_timeline("Film", frame_rate, shots)
    return timeline, [on_board(shot) for shot in known(timeline, takes)]


def on_board(shot: Known) -> Known:
    data = {f"marker:{at}": words for at, words in MARKED[shot.node.id]}
    return shot._replace(node=Node(id=shot.node.id, type="shot", data=dict(data)))


def text_of(timeline: Timeline, kind: str) -> str:
    made = interchange.export(timeline)
    return (made.edl if kind == "edl" else made.otio if kind == "otio" else made.more[kind]).decode()


def held(text: str, timeline: Timeline, shots: list[Known]) -> tuple[list[Match], int, list[RecutRow]]:
    read = recut_files.read(text, timeline.rate)
    found, lost = recut_markers.held(recut.matched(read.events, shots), read.markers)
    return found, lost, recut.rows(found, shots, timeline.rate)


@pytest.mark.parametrize("kind", ENDINGS)
@pytest.mark.parametrize("frame_rate", FRAME_RATES)
def test_our_own_markers_change_nothing(kind: str, frame_rate: str) -> None:
    timeline, shots = film(frame_rate)
    text = text_of(timeline, kind)
    assert len(recut_files.read(text, rate(frame_rate)).markers) == 4
    found, lost, rows = held(text, timeline, shots)
    assert lost == 0
    assert all(not match.markers for match in found)
    assert not any("marker" in row.text for row in rows)


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_board_without_them_gets_all_on_their_frames(kind: str) -> None:
    timeline, shots = film()
    bare = [shot._replace(node=Node(id=shot.node.id, type="shot")) for shot in shots]
    found, _, rows = held(text_of(timeline, kind), timeline, bare)
    done = recut.operations(found, bare, timeline, Node(id="f", type="assembler"))
    placed = {(one.id, one.name) for one in done if isinstance(one, NodeSet) and one.name.startswith("marker:")}
    assert placed == {(shot, f"marker:{at}") for shot, flags in MARKED.items() for at, _ in flags}
    assert [(row.kind, "new or changed marker" in row.text) for row in rows if row.shot != "SHOT-030"] == [
        ("changed", True)
    ] * 3


AVID = """TITLE: notes
FCM: NON-DROP FRAME
001  A0200101 V     C        00:00:01:00 00:00:02:00 01:00:00:00 01:00:01:00
*FROM CLIP NAME: x
*LOC: 01:00:00:10 GREEN
* LOC: 01:00:00:11 RED     ANIM FIX NEEDED
002  A0100101 V     C        00:00:00:02 00:00:03:00 01:00:01:00 01:00:03:22
* LOC: 01:00:09:11 RED     nowhere
* LOC: 01:00:01:11 RED     another
* LOC: 01:99:01:01 RED     no time
003  A0100101 AA    C        00:00:00:02 00:00:03:00 01:00:01:00 01:00:03:22
"""


def test_an_editors_remarks_land_on_the_frames_he_saw() -> None:
    timeline, shots = film()
    found, lost, rows = held(AVID, timeline, shots)
    assert [match.markers for match in found] == [((34, ""), (35, "ANIM FIX NEEDED")), ((13, "another"),)]
    assert lost == 1
    assert [re.sub(r".*, ", "", row.text) for row in rows[:2]] == [
        "has 2 new or changed markers", "has 1 new or changed marker",
    ]  # fmt: skip
    done = recut.operations(found, shots, timeline, Node(id="f", type="assembler"))
    sets = {(one.id, one.name): one.value for one in done if isinstance(one, NodeSet)}
    assert sets["b", "marker:35"] == "ANIM FIX NEEDED"
    assert sets["a", "marker:13"] == "another"
    assert ("a", "marker:70") not in sets  # the list is silent about it, so it stays
    assert recut_files.read(AVID, Fraction(24)).notes == (
        "1 sound clip is not taken over: the takes' sound follows its picture, voices and music stay as on the board.",
    )


def test_markers_on_clips_count_in_their_source() -> None:
    timeline, shots = film()
    when = otio.opentime.RationalTime
    clip = otio.schema.Clip("SHOT-020_v01_take01.mp4", source_range=otio.opentime.TimeRange(when(30, 24), when(24, 24)))
    for at, words in ((33, "seen"), (3, "cut away")):
        clip.markers.append(otio.schema.Marker(words, otio.opentime.TimeRange(when(at, 24), when(1, 24))))
    document = otio.schema.Timeline("x")
    document.tracks.append(otio.schema.Track(children=[clip], kind="Video"))
    found, lost, _ = held(document.to_json_string(), timeline, shots)
    assert ([match.markers for match in found], lost) == ([((33, "seen"),)], 0)


def test_a_list_of_markers_is_no_cut() -> None:
    timeline, _ = film()
    with pytest.raises(StudioError, match="markers only"):
        recut_files.read(edl.marker_lists(timeline)[0].decode(), Fraction(24))
