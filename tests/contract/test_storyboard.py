"""Storyboard frame: what is read from a shot's words, and a picture that shows it, the same every time."""

import hashlib
import sys
from pathlib import Path

import pytest

from studio_sdk.contract import Exit
from studio_sdk.types import Format
from tests.films import PIPELINES, carry_out

sys.path.insert(0, str(PIPELINES / "storyboard-frame"))
from drawing.words import read

NIGHT = "Wide: a taxi on a city street at night"
DAY = "Wide: a taxi on a city street at noon"


def pixels(path: Path, small: str = "32x18") -> bytes:
    import subprocess

    words = ["-i", str(path), "-vf", f"scale={small}:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    return subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True).stdout


def drawn(tmp_path: Path, name: str, prompt: str, **params: object) -> Path:
    done = carry_out("storyboard-frame", tmp_path / name, {"prompt": prompt, **params})
    assert done.status == Exit.OK, done.printed.decode()
    return done.output("image")


@pytest.mark.parametrize(
    ("words", "place", "hour", "size", "people", "things"),
    [
        ("EXT. HARBOUR - DAWN. Wide. A fisherman waits, gulls", "harbour", "dawn", "wide", 1, ["birds"]),
        ("INT. KITCHEN - NIGHT. ANNA and BEN argue", "kitchen", "night", "wide", 2, []),
        ("Medium shot: two people talk in a city street at night, rain", "street", "night", "medium", 2, []),
        ("Establishing shot of an empty forest at dawn, fog", "forest", "dawn", "extreme wide", 0, []),
        ("INT. CAR - DAY. Two friends drive", "car", "day", "wide", 2, []),
        ("Overhead shot of a car on a road", "road", "day", "extreme wide", 0, ["car"]),
        ("A black horse gallops across a snowy field", "field", "day", "wide", 0, ["horse"]),
        ("Extreme close-up of his eyes, afraid", "field", "day", "extreme close-up", 1, []),
    ],
)
def test_words_are_understood(words: str, place: str, hour: str, size: str, people: int, things: list[str]) -> None:
    shot = read(words)
    assert (shot.place, shot.hour, shot.size) == (place, hour, size)
    assert (len(shot.people), [name for name, _ in shot.things]) == (people, things)


KEEPERS = "NORA: NORA, 30, in a yellow raincoat, short red hair\nTOM: TOM, 60, grey beard\nHALE: MR. HALE, 45, suit"


@pytest.mark.parametrize(
    ("words", "place", "people", "things"),
    [
        ("INT. TOM'S KITCHEN - CONTINUOUS. Pots on the stove. Water drips from a tap.", "kitchen", [], []),
        ("EXT. FISHING VILLAGE - DAWN. A bell rings. Nothing moves. Gulls wheel above.", "village", [], ["birds"]),
        ("EXT. LIGHTHOUSE - DAY. Calm sea. A yellow EXCAVATOR waits.", "cliff", [], ["lighthouse"]),
        ("INT. LIGHTHOUSE - LAMP ROOM - NIGHT. A hum. A flicker. THE LIGHT.", "warehouse", [], []),
        ("INT. PICKUP TRUCK - MOVING - DAY. Tom drives. Nora watches the sea.", "car", ["Nora", "Tom"], []),
        ('EXT. PUB "THE ANCHOR" - NIGHT. Warm windows. Music. A dog sleeps on the step.', "street", [], ["dog"]),
        ("EXT. PIER - DAY. MR. HALE, 45, steps out of a black car.", "harbour", ["Hale"], ["car"]),
        ("EXT. PIER - DAY. Ropes fly. Tom and Nora embrace. Silence.", "harbour", ["Nora", "Tom"], []),
        ("INT. OFFICE - LATER. He looks at her for a long time.", "office", ["Nora", "Tom"], []),
        ("INT. BAR - NIGHT. A young man, PETE, 20, runs in. Lisa laughs.", "bar", ["Pete", "Lisa"], []),
    ],
)
def test_a_screenplay_is_peopled_by_those_it_names_and_nobody_else(
    words: str, place: str, people: list[str], things: list[str]
) -> None:
    shot = read(words, KEEPERS)
    assert (shot.place, [one.name for one in shot.people]) == (place, people)
    assert [name for name, _ in shot.things] == things


def test_a_name_of_the_cast_is_a_man_or_a_woman_as_it_sounds() -> None:
    shot = read("INT. KITCHEN - DAY. Nora and Tom wait. Hale enters.", KEEPERS)
    assert [one.kind for one in shot.people] == ["woman", "man", "man"]
    assert shot.people[1].marks == {"beard"}


def test_what_cannot_be_drawn_is_named_and_never_invented() -> None:
    shot = read("Wide: a xylophone rolls down the street, ironically")
    assert {"xylophone", "ironically"} <= set(shot.ignored)
    assert read("").understood == []
    assert read("Elle marche vers nulle chose").ignored != []
    assert len(read("一个女人在海边").people) == 0
    assert read("Eine Straße bei Nacht, Regen. Ein Mann geht in den Wald.").people == []


def test_a_character_wears_what_the_cast_says_in_every_shot(tmp_path: Path) -> None:
    cast = "MARA: woman, red coat, long black hair\nTOM: old man, beard, hat"
    first, second = (read(words, cast) for words in ("MARA walks in a park", "Close-up of MARA, rain"))
    assert [(one.people[0].garment, one.people[0].colour) for one in (first, second)] == [("coat", (172, 56, 52))] * 2
    tom = read("TOM waits at a station", cast).people[0]
    assert (tom.hat, tom.marks) == ("hat", {"old", "beard"})
    plain, red = (
        pixels(drawn(tmp_path, name, "Medium shot: MARA in a park", characters=line))
        for name, line in (("a", "MARA: woman, blue coat"), ("b", "MARA: woman, red coat"))
    )
    redder = sum(r - b for r, b in zip(red[0::3], red[2::3], strict=True))
    assert redder > sum(r - b for r, b in zip(plain[0::3], plain[2::3], strict=True)) + 500


def test_night_is_dark_and_lamps_are_lit(tmp_path: Path) -> None:
    night, day = (pixels(drawn(tmp_path, name, words)) for name, words in (("n", NIGHT), ("d", DAY)))
    assert sum(night) < 0.62 * sum(day)
    assert max(night[0::3]) > 200


def test_the_same_words_give_the_same_bytes_and_say_what_they_left_out(tmp_path: Path) -> None:
    made = [carry_out("storyboard-frame", tmp_path / f"{n}", {"prompt": NIGHT + ", a kazoo"}) for n in range(2)]
    assert len({hashlib.sha256(one.output("image").read_bytes()).hexdigest() for one in made}) == 1
    assert made[0].result
    assert made[0].result.facts["ignored"] == "kazoo"
    assert "taxi" in str(made[0].result.facts["understood"])


@pytest.mark.parametrize("size", [(64, 64), (180, 320), (1920, 816)])
def test_any_frame_can_be_filled(size: tuple[int, int], tmp_path: Path) -> None:
    picture = Format(width=size[0], height=size[1], frame_rate="24/1")
    done = carry_out("storyboard-frame", tmp_path / "job", {"prompt": "Three soldiers run, storm"}, picture=picture)
    assert done.status == Exit.OK
    assert done.output("image").read_bytes()[16:24] == size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")


def test_no_words_are_refused(tmp_path: Path) -> None:
    done = carry_out("storyboard-frame", tmp_path / "job", {"prompt": "  \n"})
    assert done.status == Exit.INVALID
    assert done.result
    assert done.result.error
    assert done.result.error.field == "prompt"
