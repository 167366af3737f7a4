"""Scripts of three kinds into scenes, shots and speeches; no text breaks the reading."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_sdk.errors import Code, StudioError
from studio_server.domain.graph import NodeAdd
from studio_server.domain.script import Script, decoded, parse, seconds_of
from studio_server.domain.script_cards import cards

HARBOUR = """Title: _The Harbour_
    by the sea
Author: A. Writer

FADE IN:

EXT. HARBOUR - NIGHT #7A#

Fog over the *black* water. [[a note
of two lines]] A lamp swings.

JANE (V.O.)
(softly)
You came back.
I did not think you would.

@McTOM ^
I never left. /* cut
this */

CLOSE ON: the rope

It snaps.

DISSOLVE TO:

.the cabin

!JANE
runs.

> FADE OUT.
"""

FDX = """<?xml version="1.0" encoding="UTF-8"?>
<FinalDraft DocumentType="Script" Version="4"><Content>
<Paragraph Type="Scene Heading" Number="3"><Text>INT. CABIN - DAY</Text></Paragraph>
<Paragraph Type="Action"><Text>She </Text><Text Style="Bold">waits</Text><Text>.</Text></Paragraph>
<Paragraph Type="Character"><Text>JANE (CONT'D)</Text></Paragraph>
<Paragraph Type="Parenthetical"><Text>(low)</Text></Paragraph>
<Paragraph Type="Dialogue"><Text>Come in.</Text></Paragraph>
<Paragraph Type="Transition"><Text>CUT TO:</Text></Paragraph>
<Paragraph><DualDialogue><Paragraph Type="Character"><Text>TOM</Text></Paragraph>
<Paragraph Type="Dialogue"><Text>No.</Text></Paragraph></DualDialogue></Paragraph>
</Content><TitlePage><Content><Paragraph><Text>The Cabin</Text></Paragraph></Content></TitlePage></FinalDraft>"""


def told(script: Script) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    return [
        (scene.number, shot.picture, [(one.speaker, one.direction, one.words) for one in shot.speeches])
        for scene in script.scenes
        for shot in scene.shots
    ]


def test_fountain() -> None:
    script = parse(HARBOUR)
    assert script.title == "The Harbour by the sea"
    assert told(script) == [
        (
            "7A",
            "EXT. HARBOUR - NIGHT. Fog over the black water. A lamp swings.",
            [("JANE", "softly", "You came back. I did not think you would."), ("McTOM", "", "I never left.")],
        ),
        ("7A", "CLOSE ON: the rope It snaps.", []),
        ("01", "the cabin. JANE runs.", []),
    ]
    first, rope, last = (shot for scene in script.scenes for shot in scene.shots)
    assert (first.enter, rope.enter, last.enter, last.leave) == ("fade", "cut", "dissolve", "fade")
    assert (first.line, first.speeches[0].line, rope.line) == (9, 14, 21)
    assert script.speakers == ("JANE", "McTOM")


def test_final_draft() -> None:
    script = parse(FDX)
    assert script.title == "The Cabin"
    assert told(script) == [
        ("03", "INT. CABIN - DAY. She waits.", [("JANE", "low", "Come in."), ("TOM", "", "No.")]),
    ]


def test_plain_text() -> None:
    script = parse("Scene 3: Beach\nA dog runs.\nANNA: Hello there\nA cat sits.\n\nScene 3\nNight.", "Notes")
    assert script.title == "Notes"
    assert told(script) == [
        ("03", "Beach. A dog runs.", [("ANNA", "", "Hello there")]),
        ("03", "A cat sits.", []),
        ("01", "Scene 3. Night.", []),
    ]
    assert "is taken" in script.notes[0]
    assert told(parse("Only a sentence.")) == [("01", "Only a sentence.", [])]


def test_lengths_are_what_reading_takes() -> None:
    (scene,) = parse("INT. ROOM\n\nShe waits.\n\nJANE\n" + "word " * 20).scenes
    assert scene.shots[0].seconds == 8.5  # twenty words at 2.5 a second, and half a second to begin
    assert seconds_of("日本語日本語") == Fraction(6, 5)
    long = parse("INT. ROOM\n\n" + "They run along a pier. " * 12)
    assert [shot.seconds for shot in long.scenes[0].shots] == [12.0, 12.0]
    talk = parse("INT. ROOM\n\n" + "JANE\n" + "We talk and talk and talk. " * 12)
    assert all(shot.speeches and shot.seconds <= 13 for shot in talk.scenes[0].shots)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", Code.VALIDATION_ERROR, "nothing in this script"),
        ("\n\n/* all of it */\n=== \n# Act", Code.VALIDATION_ERROR, "nothing in this script"),
        ("Title: X\n\nDISSOLVE TO:\n", Code.VALIDATION_ERROR, "after the title page of “X”"),
        ("x" * 2_000_001, Code.VALIDATION_ERROR, "at most"),
        ("<FinalDraft><Content><Paragraph>", Code.UNSUPPORTED_MEDIA, "damaged"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><FinalDraft></FinalDraft>', Code.UNSUPPORTED_MEDIA, "entities"),
        ("One.\n\n" * 2001, Code.VALIDATION_ERROR, "2,001 shots.*act by act"),
    ],
)
def test_what_is_no_script_is_refused_in_words(text: str, code: Code, words: str) -> None:
    with pytest.raises(StudioError, match=words) as refused:
        parse(text)
    assert refused.value.code is code


def test_files_of_any_alphabet() -> None:
    assert decoded(b"\xef\xbb\xbfINT.") == "INT."
    assert decoded("Café".encode("utf-16")) == "Café"
    assert decoded("Café “ja”".encode("cp1252")) == "Café “ja”"
    for refused in (b"%PDF-1.7", b"PK\x03\x04", b"\xff\x00\x81"):
        with pytest.raises(StudioError):
            decoded(refused)


PIECES = "INT. A|EXT. B #4#|JANE|(low)|Words here.|||CUT TO:|> X|ANNA: hi|.x|!|@|~|[[|*/|CLOSE ON"
PIECES += "|INNEN.|内 |○|مشهد 1|太郎「|名：|FIN"  # noqa: RUF001 - the colon of wide scripts
LINES = st.sampled_from(PIECES.split("|")) | st.text(max_size=30)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=40))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    try:
        script = parse("\n".join(lines))
    except StudioError:
        return
    numbers = [scene.number for scene in script.scenes]
    assert len(numbers) == len(set(numbers))
    assert all(number.isalnum() and len(number) <= 8 for number in numbers)
    for scene in script.scenes:
        assert scene.shots
        for shot in scene.shots:
            assert 1.5 <= shot.seconds <= 60
            assert shot.seconds * 2 == int(shot.seconds * 2)
            assert shot.picture.strip() or shot.speeches


@settings(max_examples=60)
@given(st.lists(st.integers(1, 14), min_size=1, max_size=24))
def test_scenes_stand_beside_and_below_each_other_on_a_page_of_a_screens_shape(shots: list[int]) -> None:
    text = "\n\n".join("INT. ROOM - DAY\n\n" + "\n\n".join(["CUT TO:", "She waits."] * many) for many in shots)
    added = [one.node for one in cards(parse(text, "x"), "n") if isinstance(one, NodeAdd)]
    frames = [(n.x, n.y, n.x + n.data["width"], n.y + n.data["height"]) for n in added if n.type == "scene"]
    assert len(frames) == len(shots)
    for number, (left, top, right, bottom) in enumerate(frames):
        for others_left, others_top, others_right, others_bottom in frames[number + 1 :]:
            assert left >= others_right or others_left >= right or top >= others_bottom or others_top >= bottom
    assert [top for _, top, _, _ in frames] == sorted(top for _, top, _, _ in frames)
    wide, tall = max(right for _, _, right, _ in frames), max(bottom for _, _, _, bottom in frames)
    if len(set(shots)) == 1 and len(shots) > 8:
        assert 0.9 < wide / tall < 3.4


def test_names_of_shots_speak_no_line_and_the_end_is_no_shot() -> None:
    words = "EXTREME WIDE: the sea, two boats.\n\nMEDIUM TWO SHOT: both of them.\n\nTOM: Wait!\n\nTHE END\n"
    read = parse(words)
    assert read.speakers == ("TOM",)
    assert [shot.picture for shot in read.scenes[0].shots] == [
        "EXTREME WIDE: the sea, two boats.",
        "MEDIUM TWO SHOT: both of them.",
    ]


def test_a_cards_cast_says_who_they_are_and_begins_with_whoever_was_seen_last() -> None:
    words = (
        "INT. TOM'S KITCHEN - DAY\n\nNora knocks.\n\nTOM\nCome in!\n\nMR. TOM, 60, a grey beard, opens.\n\n"
        "NORA, 30, red hair, comes in.\n\nNORA\nHello.\n\nShe sits.\n"
    )
    told = [
        operation.node.data["characters"].splitlines()
        for operation in cards(parse(words), "n_abc")
        if isinstance(operation, NodeAdd) and operation.node.type == "shot"
    ]
    tom, nora = "TOM: MR. TOM, 60, a grey beard, opens.", "NORA: NORA, 30, red hair, comes in."
    assert told == [[tom, nora], [tom, nora], [tom, nora], [nora, tom]]
