"""The animatic where it draws and speaks: from words to a picture with depth, lines with a robot's voice, captions."""

from pathlib import Path

import pytest

from studio_sdk.contract import Exit
from tests.films import carry_out, ffmpeg, frame_rgb, look, samples

LINES = "MARA: You said you would wait.\nTOM (low): I did."
TALK = "Medium shot. INT. KITCHEN - DAY. MARA and TOM argue"


def test_words_are_drawn_and_what_was_left_out_is_named(tmp_path: Path) -> None:
    params = {"prompt": "Wide: a horse in the desert at noon, a kazoo", "seconds": 1}
    done = carry_out("animatic", tmp_path / "job", params)
    assert done.result
    assert (done.result.facts["slate"], done.result.facts["ignored"]) == (False, "kazoo")
    assert "desert" in str(done.result.facts["understood"])
    card = carry_out("animatic", tmp_path / "card", {**params, "draw": False})
    assert card.result
    assert card.result.facts["slate"] is True


def test_near_things_move_more_than_far_ones_when_the_camera_travels(tmp_path: Path) -> None:
    """The camera travels to the right: the horse goes left, and much more than the far edge of the sea."""
    params = {"prompt": "Wide: a black horse on a beach at noon", "seconds": 2, "badge": False}
    rows = {}
    for move in ("static", "truck-right"):
        video = carry_out("animatic", tmp_path / move, {**params, "move": move}).output("video")
        rows[move] = [frame_rgb(video, number) for number in (0, 47)]

    def horse(picture: bytes) -> float:
        dark = [x for y in range(100, 150) for x in range(320) if picture[(y * 320 + x) * 3 + 1] < 60]
        return sum(dark) / len(dark)

    still, moved = ([horse(picture) for picture in rows[move]] for move in rows)
    assert abs(still[1] - still[0]) < 1
    assert moved[0] - moved[1] > 12


def test_what_shines_through_fog_is_seen_once(tmp_path: Path) -> None:
    """The red of a lighthouse is twelve columns wide in the small picture, also when the fog has moved."""
    prompt = "Extreme wide. EXT. LIGHTHOUSE - DAWN. A lighthouse on a rock, fog."
    params = {"prompt": prompt, "seconds": 2, "badge": False, "move": "truck-right"}
    picture = frame_rgb(carry_out("animatic", tmp_path / "job", params).output("video"), 47)
    tower = [(y * 320 + x) * 3 for y in range(45, 110) for x in range(320)]
    red = {at // 3 % 320 for at in tower if picture[at] - picture[at + 1] > 25}
    assert 8 < len(red) < 16


def test_the_words_say_the_move_unless_the_card_does(tmp_path: Path) -> None:
    told = []
    for move in ("as-written", "static"):
        params = {"prompt": "Wide street, the camera tilts up", "seconds": 1, "move": move}
        done = carry_out("animatic", tmp_path / move, params)
        assert done.result
        told.append(done.result.facts["move"])
    assert told == ["tilt-up", "static"]


def test_lines_are_spoken_shown_and_make_the_shot_long_enough(tmp_path: Path) -> None:
    done = carry_out("animatic", tmp_path / "job", {"prompt": TALK, "seconds": 1, "dialogue": LINES})
    video = done.output("video")
    assert look(video).frames > 48
    heard = samples(video)
    loud = [max(abs(left) for left, _ in heard[at : at + 4800]) for at in range(0, len(heard), 4800)]
    assert loud[0] < 0.01
    assert 0.2 < max(loud) < 0.95
    assert loud[-2] < 0.05, "a breath after the last word"
    assert done.result
    assert done.result.facts["spoken"] == "eSpeak NG, robotic"
    plain = carry_out(
        "animatic", tmp_path / "plain", {"prompt": TALK, "seconds": 1, "dialogue": LINES, "captions": False}
    )
    pictures = [frame_rgb(one, 20) for one in (video, plain.output("video"))]
    foot = slice(150 * 320 * 3, 170 * 320 * 3)
    assert pictures[0][foot] != pictures[1][foot]
    assert pictures[0][: 100 * 320 * 3] == pytest.approx(pictures[1][: 100 * 320 * 3], abs=24)


def test_a_wired_voice_is_heard_instead_of_the_robot(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=1.2", str(tmp_path / "voice.wav"))
    params = {"prompt": TALK, "seconds": 1, "dialogue": LINES}
    done = carry_out("animatic", tmp_path / "job", params, {"voice": [tmp_path / "voice.wav"]})
    assert done.result
    assert (done.result.facts["spoken"], look(done.output("video")).frames) == ("as wired", 29)


def test_too_many_lines_are_refused(tmp_path: Path) -> None:
    done = carry_out("animatic", tmp_path / "job", {"prompt": TALK, "dialogue": "A: b\n" * 61})
    assert done.status == Exit.INVALID
    assert done.result
    assert done.result.error
    assert done.result.error.field == "dialogue"
