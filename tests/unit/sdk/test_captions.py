"""Captions are read strictly: what a page, a player or a cut could not take is refused with the reason."""

from pathlib import Path

import pytest

from studio_sdk import captions
from studio_sdk.captions import Caption
from studio_sdk.looks import looks_like
from studio_sdk.names import SocketType

GOOD = "1\n00:00:00,400 --> 00:00:02,000\nWhere were you?\n\n2\n00:00:02,000 --> 01:00:03,250\nOut,\nat the harbour.\n"


def test_what_is_written_is_read() -> None:
    said = (Caption(400, 2000, "Where were you?"), Caption(2000, 3_603_250, "Out,\nat the harbour."))
    assert captions.read(GOOD.encode()) == said
    assert captions.write(said) == GOOD.encode()


@pytest.mark.parametrize("content", [GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD, "\n" + GOOD + "\n\n"])
def test_other_systems_line_ends_and_marks_are_taken(content: str) -> None:
    assert len(captions.read(content.encode())) == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no caption"),
        (b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n", "number and its times"),
        (GOOD.encode().replace(b"2\n00:00:02", b"3\n00:00:02"), "caption 2"),
        (GOOD.encode().replace(b"00:00:02,000 --> 01", b"00:00:01,999 --> 01"), "does not follow"),
        (GOOD.encode().replace(b"01:00:03,250", b"00:00:02,000"), "ends before it begins"),
        (GOOD.encode().replace(b"00:00:02,000\nWhere", b"00:60:02,000\nWhere"), "times"),
        (GOOD.encode().replace(b"Where", b"<script>"), "markup"),
        (GOOD.encode().replace(b"Where", b"{\\an8}"), "markup"),
        (GOOD.encode().replace(b"Where", b"\x1b[2J"), "nobody can see"),
        (GOOD.encode().replace(b"Where", "\u202e".encode()), "nobody can see"),
        (GOOD.encode().replace(b"Where were you?", b" "), "no words"),
        (GOOD.encode().replace(b"Where", b"x" * 501), "500"),
        (GOOD.encode().replace(b"Where", b"\xff"), "utf-8"),
        (GOOD.encode() + b" " * captions.MOST_BYTES, "larger"),
    ],
)
def test_what_could_do_harm_or_says_nothing_is_refused(content: bytes, why: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=why):
        captions.read(content)
    (tmp_path / "captions.srt").write_bytes(content)
    assert not looks_like(SocketType.CAPTIONS, tmp_path / "captions.srt")


def test_the_kit_knows_a_good_one_by_its_content_and_its_ending(tmp_path: Path) -> None:
    for name, good in (("a.srt", True), ("a.vtt", False)):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
        assert looks_like(SocketType.CAPTIONS, tmp_path / name) is good


def test_joined_signs_stay_whole() -> None:
    assert captions.faults("👩\u200d🚒 ക്\u200dഷ") == ""
