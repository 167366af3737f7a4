"""Speak: every line is heard, names have voices of their own, and the same lines give the same bytes."""

import hashlib
import wave
from pathlib import Path

import pytest

from studio_sdk.contract import Exit
from tests.films import PIPELINES, carry_out

LINES = "ANNA (softly): Where were you?\nBEN: Out, at the harbour."


def sound(path: Path) -> tuple[int, bytes]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), file.readframes(file.getnframes())


def test_lines_are_spoken_in_order_by_voices_of_their_own(tmp_path: Path) -> None:
    done = carry_out("speak", tmp_path / "both", {"dialogue": LINES, "women": "Anna"})
    assert done.result
    assert (done.result.facts["lines"], done.result.facts["voice"]) == (2, "eSpeak NG, robotic")
    rate, heard = sound(done.output("audio"))
    assert len(heard) / 2 / rate > 2.5
    peak = max(abs(int.from_bytes(heard[at : at + 2], "little", signed=True)) for at in range(0, len(heard), 2))
    assert 6000 < peak < 27000
    swapped = carry_out("speak", tmp_path / "swapped", {"dialogue": LINES.replace("BEN", "TOM"), "women": "Anna"})
    assert sound(swapped.output("audio"))[1] != heard


def test_the_same_lines_give_the_same_bytes(tmp_path: Path) -> None:
    made = [carry_out("speak", tmp_path / f"{n}", {"dialogue": LINES}).output("audio") for n in range(2)]
    assert len({hashlib.sha256(one.read_bytes()).hexdigest() for one in made}) == 1


@pytest.mark.parametrize("language", ["de", "fr", "pt-br", "sv"])
def test_languages_are_spoken(language: str, tmp_path: Path) -> None:
    done = carry_out("speak", tmp_path / "job", {"dialogue": "Radio, piano, banana.", "language": language})
    assert len(sound(done.output("audio"))[1]) > 44_000


def test_nothing_to_say_is_refused(tmp_path: Path) -> None:
    done = carry_out("speak", tmp_path / "job", {"dialogue": " \n "})
    assert done.status == Exit.INVALID
    assert done.result
    assert done.result.error
    assert done.result.error.field == "dialogue"


def test_the_animatic_has_the_same_voices() -> None:
    first, second = (PIPELINES / name / "voice.py" for name in ("animatic", "speak"))
    assert first.read_bytes() == second.read_bytes()
