"""Markers belong to frames of their shot: they move with it, and are in every list."""

import opentimelineio as otio

from studio_sdk.types import MediaRef
from studio_server.domain.cut import markers_of
from studio_server.domain.graph import Node
from studio_server.domain.marks import Marks
from studio_server.domain.shots import Take
from studio_server.domain.timeline import ShotInOrder, compile_timeline
from studio_server.library import interchange

TAKE = Take(
    id="t",
    scene="01",
    code="020",
    version=1,
    number=1,
    media=MediaRef(path="03_Renders/a.mp4", oid="a" * 64, size=1, mime="video/mp4"),
    reel="A0200101",
    frames=48,
    frame_rate="24/1",
    created_at="",
)


def test_markers_move_with_their_shot_and_are_exported() -> None:
    slate = ShotInOrder("n1", "01", "010", None, markers=((5, "Fog | thicker"),))
    shot = ShotInOrder("n2", "01", "020", TAKE, marks=Marks(12, 36), markers=((11, "cut away"), (20, "Händ"), (36, "")))
    start = 86400
    for order, wanted in (((slate, shot), [(5, "n1"), (96 + 8, "n2")]), ((shot, slate), [(8, "n2"), (24 + 5, "n1")])):
        film = compile_timeline("Fog", "24/1", order)
        assert [(one.record - start, one.node_id) for one in film.markers] == wanted
    film = compile_timeline("Fog", "24/1", (slate, shot))
    made = interchange.export(film)
    assert b"* LOC: 01:00:04:08 RED     H_nd\r\n" in made.edl
    lines = made.more["_MARKERS.edl"].decode("ascii").split("\r\n")
    assert lines[3:5] == [
        "001  001      V     C        01:00:00:05 01:00:00:06 01:00:00:05 01:00:00:06",
        " |C:ResolveColorRed |M:Fog / thicker |D:1",
    ]
    assert made.more["_markers.csv"].decode().split("\r\n")[2] == "01:00:04:08,104,SHOT-020,Händ"
    told = otio.adapters.read_from_string(made.otio.decode(), "otio_json").tracks.markers
    assert [(one.name, one.marked_range.start_time.value) for one in told] == [("Fog | thicker", 5), ("Händ", 104)]


def test_what_is_no_marker_is_none() -> None:
    data = {
        "marker:7": "seven",
        "marker:-1": "x",
        "marker:": "x",
        "marker:8": 8,
        "marker:99999999": "x",
        "marker:٣": "x",
    }
    assert markers_of(Node(id="n", type="shot", data=data)) == ((7, "seven"),)
