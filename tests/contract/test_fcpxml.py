"""FCPXML out and back: what Apple's definition allows, whole frames at every rate, and projects of Final Cut.

The definition (version 1.9; Apple's, so it is not kept here) was held against these documents with lxml when this was
written; `MODEL` records the parts of it that they use.
"""

import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import rate
from studio_server.domain import recut, recut_sounds
from studio_server.domain.marks import Marks
from studio_server.domain.passages import Passage
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.tapes import allotted, on_tape, wanted_by
from studio_server.domain.timeline import ShotInOrder, Sound, Timeline, compile_timeline
from studio_server.library import interchange, recut_files
from tests.contract.test_recut import known, take, told

ANCHORED = "(audio |video |clip |title |caption |mc-clip |ref-clip |sync-clip |asset-clip |audition |spine )*"
MODEL = {
    "fcpxml": ("(resources )?library ", {"version"}),
    "resources": "(asset |effect |format |media |locator )*",
    "format": ("", {"id", "frameDuration", "width", "height", "colorSpace"}),
    "asset": (
        "(media-rep )+(metadata )?",
        {"id", "name", "start", "duration", "hasVideo", "format", "hasAudio", "videoSources", "audioSources",
         "audioChannels", "audioRate"},
    ),
    "media-rep": ("", {"kind", "src"}),
    "metadata": ("(md )*", set()),
    "md": ("", {"key", "value"}),
    "effect": ("", {"id", "name", "uid"}),
    "library": ("(event )*", set()),
    "event": ("(project )*", {"name"}),
    "project": ("sequence ", {"name"}),
    "sequence": ("(note )?spine ", {"format", "duration", "tcStart", "tcFormat", "audioLayout", "audioRate"}),
    "spine": "(asset-clip |gap |transition )*",
    "transition": ("(filter-video )?(filter-audio )?", {"name", "offset", "duration"}),
    "filter-video": ("", {"ref", "name"}),
    "filter-audio": ("", {"ref", "name"}),
    "gap": (f"(note )?{ANCHORED}(marker )*", {"name", "offset", "start", "duration"}),
    "asset-clip": (
        f"(note )?(adjust-blend )?(adjust-volume )?{ANCHORED}(marker )*",
        {"ref", "lane", "offset", "name", "start", "duration", "tcFormat", "audioRole"},
    ),
    "note": "",
    "adjust-blend": "(param )*",
    "adjust-volume": ("(param )*", {"amount"}),
    "param": ("(fadeIn )?(fadeOut )?", {"name"}),
    "fadeIn": ("", {"type", "duration"}),
    "fadeOut": ("", {"type", "duration"}),
    "marker": ("", {"start", "duration", "value"}),
}  # fmt: skip
REQUIRED = {
    "gap": {"duration"},
    "marker": {"start", "value"},
    "sequence": {"format"},
    "md": {"key"},
    "media-rep": {"src"},
}


def rich(frame_rate: str, *, delivered: bool = False) -> Timeline:
    """Return a cut with everything that can be in one."""
    first, second, third = take("010"), take("020"), take("030").model_copy(update={"has_audio": True})
    shots = [
        ShotInOrder("a", "01", "010", first, marks=Marks(None, 72), enter=Passage("fade", 5), title="Fog & <sea>",
                    markers=((3, "Look “here”"),)),
        ShotInOrder("b", "01", "020", second, enter=Passage("dissolve", 11), markers=((5, ""),)),
        ShotInOrder("c", "01", "030", third, marks=Marks(10, 60), leave=Passage("fade", 8)),
        ShotInOrder("d", "01", "040", None, seconds=Fraction(2), markers=((7, "slow"),)),
    ]  # fmt: skip
    plain = compile_timeline("Fähre & Meer", frame_rate, shots)
    sound = {"node_id": "s", "record_in_tc": "", "record_out_tc": "", "source_in": 6, "frames": 480}
    at = plain.start_frame
    sounds = (
        Sound(**sound, kind="voice", name="Grüße an alle.wav", path="01_Assets/Grüße an alle.wav", oid="e" * 64,
              reel="S0000001", record_in=at + 12, record_out=at + 40, gain=-3.5, fade_in=0, fade_out=0),
        Sound(**sound, kind="music", name="m.wav", path="01_Assets/m.wav", oid="f" * 64, reel="S0000002", track=1,
              record_in=at + 70, record_out=at + 150, gain=-12.0, fade_in=4, fade_out=9),
    )  # fmt: skip
    plain = plain.model_copy(update={"sounds": sounds, "size": (1280, 720)})
    return on_tape(plain, allotted({}, wanted_by(plain))) if delivered else plain


def written(timeline: Timeline) -> ET.Element:
    return ET.fromstring(interchange.export(timeline).more[".fcpxml"])  # noqa: S314 - our own


@pytest.mark.parametrize("frame_rate", FRAME_RATES)
@pytest.mark.parametrize("delivered", [False, True])
def test_it_is_what_the_definition_allows_in_whole_frames(frame_rate: str, delivered: bool) -> None:
    timeline = rich(frame_rate, delivered=delivered)
    root = written(timeline)
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(set(ids)) == len(ids)
    for one in root.iter():
        entry = MODEL[one.tag]
        children, names = (entry, set()) if isinstance(entry, str) else entry
        assert re.fullmatch(children, "".join(f"{child.tag} " for child in one)), one.tag
        assert set(one.attrib) <= names, one.tag
        assert set(one.attrib) >= REQUIRED.get(one.tag, set()), one.tag
        assert one.get("ref", ids[0]) in ids
        for name in {"offset", "start", "duration", "tcStart"} & set(one.attrib):
            said = re.fullmatch(r"(\d+)(?:/(\d+))?s", one.attrib[name])
            assert said
            assert (Fraction(int(said[1]), int(said[2] or 1)) * rate(frame_rate)).denominator == 1, (one.tag, name)
    # The storyline has no hole: each piece begins where the one before ends.
    at = timeline.start_frame
    for piece in (one for one in root.iterfind(".//sequence/spine/*") if one.tag != "transition"):
        offset, length = (Fraction(piece.get(name, "")[:-1]) * rate(frame_rate) for name in ("offset", "duration"))
        assert offset == at
        at += int(length)
    assert at == timeline.start_frame + timeline.frames


def test_sounds_and_markers_hang_where_they_belong() -> None:
    timeline = rich("25/1", delivered=True)
    root = written(timeline)
    shots = root.findall(".//sequence/spine/asset-clip")
    lanes = [one for one in root.iter("asset-clip") if one.get("lane")]
    volume = lanes[1].find("adjust-volume")
    assert volume is not None
    assert [(one.get("lane"), one.get("audioRole")) for one in lanes] == [("-1", "dialogue"), ("-2", "music")]
    assert (volume.get("amount"), [one.tag for one in volume.iter() if "fade" in one.tag]) == (
        "-12dB", ["fadeIn", "fadeOut"],
    )  # fmt: skip
    # The first hangs on the first shot, 12 frames in: its offset counts in the source time of that shot.
    start, offset = (Fraction(one.get(name, "")[:-1]) for one, name in ((shots[0], "start"), (lanes[0], "offset")))
    assert (offset - start) * 25 == 12
    flags = {one.get("value"): (Fraction(one.get("start", "")[:-1]), one) for one in root.iter("marker")}
    assert (flags["Look “here”"][0] - start) * 25 == 3
    assert set(flags) == {"Look “here”", "SHOT-020", "slow"}
    assert root.find(".//asset/media-rep").get("src") == "Media/SC01_SHOT-010_v01_take01.mov"  # type: ignore[union-attr]
    assert root.find(".//note").text == "TITLE: Fog & <sea>"  # type: ignore[union-attr]
    assert "../../01_Assets/Gr%C3%BC%C3%9Fe%20an%20alle.wav" in {
        one.get("src") for one in written(rich("25/1")).iter("media-rep")
    }


@pytest.mark.parametrize("frame_rate", FRAME_RATES)
@pytest.mark.parametrize("delivered", [False, True])
def test_it_comes_back_as_it_went(frame_rate: str, delivered: bool) -> None:
    timeline = rich(frame_rate, delivered=delivered)
    takes = {code: (take(code),) for code in ("010", "020", "030")}
    text = interchange.export(timeline).more[".fcpxml"].decode()
    rows = told(text, timeline, known(timeline, takes))
    assert [(row.kind, row.text) for row in rows] == [("same", "is as it was")] * 3 + [("same", "waits for its take")]
    read = recut_files.read(text, timeline.rate)
    assert read.notes == ()
    found = recut.matched(read.events, known(timeline, takes))
    assert recut_sounds.held(read.sounds, found, timeline, {}, {}) == ([], [])
    assert len(read.sounds) == len(timeline.sounds)


CLIP = 'ref="r2" name="SHOT-010_v01_take01" tcFormat="NDF"'
FINAL_CUT = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.10"><resources>
<format id="r1" name="FFVideoFormat1080p24" frameDuration="100/2400s" width="1920" height="1080"/>
<asset id="r2" name="renamed" start="3600s" duration="4s" hasVideo="1" format="r1">
  <media-rep kind="original-media" src="file:///Volumes/A%20B/SHOT-010_v01_take01.mov"/>
  <metadata><md key="com.apple.proapps.studio.reel" value="A0100101"/></metadata></asset>
<asset id="r3" name="other" start="0s" duration="5s" hasVideo="1" format="r1">
  <media-rep kind="original-media" src="./Media/SC01_SHOT-020_v01_take02.mov"/></asset>
<asset id="r5" name="wind" start="0s" duration="5s" hasAudio="1"><media-rep src="w.wav"/></asset>
<effect id="r4" name="Cross Dissolve" uid="FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"/>
</resources><library><event name="e"><project name="Cut 2">
<sequence format="r1" duration="10s" tcStart="3600s" tcFormat="NDF"><spine>
<transition name="Cross Dissolve" offset="3600s" duration="12/24s"/>
<asset-clip {CLIP} offset="3600s" start="86424/24s" duration="2s">
  <asset-clip ref="r5" lane="-1" offset="86430/24s" duration="1s"/>
  <asset-clip ref="r3" lane="1" offset="86430/24s" duration="1s"/></asset-clip>
<transition name="Cross Dissolve" offset="86442/24s" duration="12/24s"/>
<clip name="renamed too" offset="3602s" start="30/24s" duration="50/24s">
  <video ref="r3" offset="0s" duration="5s"/></clip>
<gap name="Gap" offset="86498/24s" start="3600s" duration="1s"/>
<asset-clip {CLIP} offset="86522/24s" start="3601s" duration="25/24s" enabled="0"/>
<title ref="r9" name="The End" offset="86547/24s" duration="1s"/>
</spine></sequence></project></event></library></fcpxml>"""


def test_a_project_of_final_cut_is_read() -> None:
    takes = {"010": (take("010"),), "020": (take("020"), take("020", 2, 120))}
    shots = [ShotInOrder(n, "01", c, takes[c][0]) for n, c in (("a", "010"), ("b", "020"))]
    timeline = compile_timeline("Film", "24/1", shots)
    read = recut_files.read(FINAL_CUT, Fraction(24))
    assert [(e.source_in, e.source_out, e.record_in, e.record_out) for e in read.events] == [
        # The dissolve stands over its cut, six frames on each side: it begins at the second shot's first frame.
        (24, 66, 0, 42),
        (24, 80, 42, 98),
    ]
    assert [(e.fade_in, e.dissolve) for e in read.events] == [(12, 0), (0, 12)]
    rows = told(FINAL_CUT, timeline, known(timeline, takes))
    assert [(row.kind, row.take) for row in rows] == [
        ("changed", "SHOT-010_v01_take01"), ("replaced", "SHOT-020_v01_take02"),
    ]  # fmt: skip
    assert [re.sub(r"“.*?”", "X", note) for note in read.notes] == [
        "X shows no file of this film (a title, a generator, sound or switched off).",
        "X shows no file of this film (a title, a generator, sound or switched off).",
        "1 clip over the storyline is left out.",
    ]


def test_times_at_another_rate_are_counted_or_rounded_and_said() -> None:
    close = FINAL_CUT.replace('frameDuration="100/2400s"', 'frameDuration="1001/24000s"')
    read = recut_files.read(close, Fraction(24))
    assert read.notes[0] == "The project is 23.976 frames a second and is read at 24.000."
    far = recut_files.read(FINAL_CUT, Fraction(25))
    assert far.notes[0] == "The project is 24.000 frames a second and is read at 25.000."
    assert (far.events[0].source_in, far.events[0].source_out) == (25, 69)
    assert "times are between two frames and rounded" in far.notes[-1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<fcpxml version='1.10'/>", "holds no project"),
        (FINAL_CUT.replace("asset-clip {CLIP}", "x").replace("<clip ", "<ref-clip ").replace("</clip>", "</ref-clip>"),
         "a compound clip, which hides its cuts"),
        (FINAL_CUT.replace("<clip ", "<mc-clip ").replace("</clip>", "</mc-clip>"), "a multicam clip"),
        (FINAL_CUT.replace("<!DOCTYPE fcpxml>", '<!DOCTYPE fcpxml [<!ENTITY a "b">]>'), "entities"),
        (FINAL_CUT[:900], "damaged"),
    ],
)  # fmt: skip
def test_what_hides_its_cuts_or_is_broken_is_refused(text: str, words: str) -> None:
    with pytest.raises(StudioError, match=words) as refused:
        recut_files.read(text, Fraction(24))
    assert refused.value.code is Code.UNSUPPORTED_MEDIA


@pytest.mark.parametrize("bad", ["0/0s", "1/0s", "s", "-5s", "1e9s", "9" * 25 + "s", "1001/24000", "½s", "12:00"])
def test_no_time_however_wrong_breaks_the_reader(bad: str) -> None:
    for name in ("offset", "start", "duration", "tcStart", "frameDuration"):
        text = re.sub(rf'\b{name}="[^"]*"', f'{name}="{bad}"', FINAL_CUT)
        assert all(event.source_in >= 0 for event in recut_files.read(text, Fraction(24)).events)
