"""Subtitles in the picture: there while something is said, in scripts that a font here writes, refused in others."""

import json
import subprocess
from pathlib import Path

import pytest

from studio_sdk.testing import Outcome
from tests import films
from tests.films import Piece, carry_out, ffmpeg, frame_rgb

WORDS = {"latin": "Où étais-tu ?", "arabic": "أين كنت؟", "hebrew": "איפה היית?", "japanese": "どこにいたの。"}


def _film(tmp_path: Path, words: str, **params: object) -> Outcome:
    clip = tmp_path / "clip.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=c=green:s=320x180:r=24", "-frames:v", "12", "-c:v", "libx264", str(clip))
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(clip, 12)])
    told = json.loads(cut.read_text())
    told["metadata"]["production_canvas"]["subtitles"] = [{"first": 4, "last": 8, "words": words}]
    cut.write_text(json.dumps(told))
    return carry_out("assemble", tmp_path / "job", params, {"cut": [cut], "clips": [clip]})


def _white(film: Path, number: int) -> list[int]:
    """Return how many light pixels there are in each row of a picture."""
    raw = frame_rgb(film, number)
    rows = [raw[row * 960 : (row + 1) * 960] for row in range(180)]
    return [sum(min(line[at : at + 3]) > 150 for at in range(0, 960, 3)) for line in rows]


@pytest.mark.parametrize("script", WORDS)
def test_words_stand_at_the_foot_while_they_are_said(script: str, tmp_path: Path) -> None:
    if script != "latin" and not _has_font({"arabic": "ar", "hebrew": "he", "japanese": "ja"}[script]):
        pytest.skip("no font of this script here (Debian: fonts-noto-core, fonts-noto-cjk)")
    film = _film(tmp_path, WORDS[script], subtitles=True, language="fr").output("film")
    assert sum(_white(film, 3)) == sum(_white(film, 8)) == 0
    for number in (4, 7):
        rows = _white(film, number)
        assert sum(rows) > 20
        assert sum(rows[:140]) == 0, "at the foot, nowhere else"
    spoken = [
        "-v",
        "error",
        "-select_streams",
        "a",
        "-show_entries",
        "stream_tags=language",
        "-of",
        "csv=p=0",
        str(film),
    ]
    assert subprocess.run(["ffprobe", *spoken], capture_output=True, text=True, check=True).stdout.strip() == "fra"


def test_without_being_asked_for_they_are_not_there(tmp_path: Path) -> None:
    film = _film(tmp_path, WORDS["latin"]).output("film")
    assert sum(_white(film, 5)) == 0


def test_signs_that_no_font_has_are_told_before_anything_is_made(tmp_path: Path) -> None:
    done = _film(tmp_path, "A \U0001f9ff\ue123\ue124 B", subtitles=True)
    assert done.result is not None
    assert done.result.error is not None
    assert done.result.error.message.startswith("No font on this worker writes ")
    assert "fonts-noto" in done.result.error.message
    assert not list((tmp_path / "job" / "outputs").glob("*.mp4"))


def _has_font(language: str) -> bool:
    found = subprocess.run(["fc-list", f":lang={language}", "family"], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())
