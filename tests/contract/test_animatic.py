"""The animatic against what a film maker counts on: frames, rate, size, colour, sound, and what it refuses."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from studio_sdk.contract import Exit, Log, Progress
from studio_sdk.types import Format
from tests.films import BT709, carry_out, centres, ffmpeg, frame_rgb, look, samples


@pytest.mark.parametrize(
    ("rate", "seconds", "frames"),
    [
        ("24/1", 1, 24),
        ("24000/1001", 2, 48),
        ("25/1", 1.5, 38),
        ("30000/1001", 1, 30),
        ("16/1", 1.1, 18),
        ("60/1", 1, 60),
    ],
)
def test_a_shot_has_exactly_its_frames(tmp_path: Path, rate: str, seconds: float, frames: int) -> None:
    form = Format(width=320, height=180, frame_rate=rate)
    done = carry_out("animatic", tmp_path / "job", {"prompt": "A door.", "seconds": seconds}, picture=form)
    seen = look(done.output("video"))
    assert (seen.frames, seen.rate, seen.average, seen.steady) == (frames, Fraction(rate), Fraction(rate), True)
    assert (seen.size, seen.pixels, seen.tags) == ((320, 180), "yuv420p", BT709)
    assert seen.audio == ("aac", 48000, 2)
    assert abs(seen.audio_s - frames / Fraction(rate)) < 1 / 48000
    assert done.result
    assert done.result.facts["frames"] == frames


@pytest.mark.parametrize("size", [(720, 1280), (1080, 1080), (1920, 1080), (854, 480), (64, 16)])
def test_every_size_of_frame(tmp_path: Path, size: tuple[int, int]) -> None:
    form = Format(width=size[0], height=size[1], frame_rate="24/1")
    done = carry_out("animatic", tmp_path / "job", {"prompt": "A door opens slowly.", "seconds": 1}, picture=form)
    assert look(done.output("video")).size == size


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(tmp_path: Path) -> None:
    made = []
    for number, seed in enumerate((5, 5, 6)):
        done = carry_out("animatic", tmp_path / f"{number}", {"prompt": "Rain.", "seconds": 1}, seed=seed)
        made.append(done.output("video").read_bytes())
    assert made[0] == made[1]
    assert made[0] != made[2]


def test_progress_comes_in_words_and_ends_near_one(tmp_path: Path) -> None:
    done = carry_out("animatic", tmp_path / "job", {"prompt": "Rain.", "seconds": 1})
    told = [event for event in done.events if isinstance(event, Progress)]
    assert told[0].stage == "Drawing the words"
    assert any(event.stage.startswith("Frame ") and event.stage.endswith(" of 24") for event in told)
    assert told[-1].f > 0.98


def _bars(path: Path, size: tuple[int, int] = (640, 360)) -> Path:
    """Write a still of four flat colours, so that their codes can be read back."""
    still = Image.new("RGB", size)
    for number, colour in enumerate(((200, 40, 40), (40, 200, 40), (40, 40, 200), (128, 128, 128))):
        still.paste(colour, (number * size[0] // 4, 0, (number + 1) * size[0] // 4, size[1]))
    still.save(path)
    return path


def test_the_colours_of_a_still_are_the_colours_of_the_shot(tmp_path: Path) -> None:
    params = {"seconds": 1, "move": "static", "badge": False}
    done = carry_out("animatic", tmp_path / "job", params, {"still": [_bars(tmp_path / "bars.png")]})
    ffmpeg("-i", str(done.output("video")), "-vf", "scale=in_color_matrix=bt709:in_range=tv", "-frames:v", "1",
           str(tmp_path / "frame.png"))  # fmt: skip
    with Image.open(tmp_path / "frame.png") as frame:
        for number, colour in enumerate(((200, 40, 40), (40, 200, 40), (40, 40, 200), (128, 128, 128))):
            seen = frame.convert("RGB").getpixel((40 + 80 * number, 90))
            assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) <= 4, (seen, colour)


def _moved(video: Path) -> bool:
    return frame_rgb(video, 0) != frame_rgb(video, 23)


@pytest.mark.parametrize("move", ["push-in", "pull-out", "pan-left", "pan-right", "tilt-up", "tilt-down"])
def test_every_move_moves_and_static_does_not(tmp_path: Path, move: str) -> None:
    still = _bars(tmp_path / "bars.png", (640, 640) if move.startswith("tilt") else (640, 300))
    params = {"seconds": 1, "move": move, "badge": False}
    assert _moved(carry_out("animatic", tmp_path / "job", params, {"still": [still]}).output("video"))


def test_a_pan_goes_where_it_says(tmp_path: Path) -> None:
    """Panning right shows more of what is on the right: the last colour is wider at the end than at the start."""
    widths = {}
    for move in ("pan-right", "pan-left"):
        params = {"seconds": 2, "move": move, "badge": False}
        still = _bars(tmp_path / "bars.png", (960, 300))
        video = carry_out("animatic", tmp_path / move, params, {"still": [still]}).output("video")
        rows = [frame_rgb(video, number)[90 * 320 * 3 : 91 * 320 * 3] for number in (0, 47)]
        widths[move] = [sum(1 for x in range(320) if row[x * 3] > 150) for row in rows]
    assert widths["pan-right"][0] > widths["pan-right"][1] + 20
    assert widths["pan-left"][0] < widths["pan-left"][1] - 20


@pytest.mark.parametrize(("move", "axis"), [("pan-right", 0), ("push-in", 0), ("tilt-down", 1)])
def test_a_move_is_smooth_to_a_fraction_of_a_pixel(tmp_path: Path, move: str, axis: int) -> None:
    """Follow a dot: it never turns back and never jumps; a camera in whole pixels would change speed by one at once."""
    still = Image.new("RGB", (900, 700), (20, 20, 20))
    still.paste((250, 250, 250), (520, 400, 560, 440))
    still.save(tmp_path / "dot.png")
    params = {"seconds": 2, "move": move, "badge": False}
    video = carry_out("animatic", tmp_path / "job", params, {"still": [tmp_path / "dot.png"]}).output("video")
    places = [place[axis] for place in centres(video, (320, 180))]
    speeds = [late - early for early, late in pairwise(places)]
    assert all(speed <= 0.02 for speed in speeds) or all(speed >= -0.02 for speed in speeds)
    assert abs(places[-1] - places[0]) > 1.5
    assert max(abs(late - early) for early, late in pairwise(speeds)) < 0.4


def test_signs_without_a_font_are_told_and_the_card_is_not_empty(tmp_path: Path) -> None:
    done = carry_out("animatic", tmp_path / "job", {"prompt": "\U00012000\U00012001", "seconds": 1})
    assert done.result
    assert done.result.facts["signs_not_shown"] == 2
    assert any("No font here has" in event.msg for event in done.events if isinstance(event, Log))


def test_a_sideways_photograph_stands_upright(tmp_path: Path) -> None:
    still = Image.new("RGB", (180, 320), (40, 40, 200))
    still.paste((200, 40, 40), (0, 0, 180, 160))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it upright
    still.save(tmp_path / "phone.jpg", exif=exif, quality=95)
    params = {"seconds": 1, "move": "static", "badge": False}
    done = carry_out("animatic", tmp_path / "job", params, {"still": [tmp_path / "phone.jpg"]})
    row = frame_rgb(done.output("video"), 0)[90 * 320 * 3 : 91 * 320 * 3]
    assert row[40 * 3 + 2] > 150 > row[40 * 3]
    assert row[280 * 3] > 150 > row[280 * 3 + 2]


def test_stills_of_every_kind(tmp_path: Path) -> None:
    kinds = {
        "ink.jpg": Image.new("CMYK", (400, 300), (0, 255, 255, 0)),
        "glass.png": Image.new("RGBA", (400, 300), (255, 255, 255, 0)),
        "grey.png": Image.new("L", (400, 300), 90),
        "deep.png": Image.new("I;16", (400, 300), 30000),
        "palette.gif": Image.new("P", (400, 300), 3),
        "tall.webp": Image.new("RGB", (90, 900), (90, 60, 30)),
        "tiny.png": Image.new("RGB", (1, 1), (200, 200, 200)),
    }
    for name, still in kinds.items():
        still.save(tmp_path / name)
        done = carry_out(
            "animatic", tmp_path / f"{name}-job", {"seconds": 1, "badge": False}, {"still": [tmp_path / name]}
        )
        assert done.status == Exit.OK, (name, done.printed)
        middle = frame_rgb(done.output("video"), 12)[90 * 320 * 3 + 160 * 3 :][:3]
        if name == "deep.png":
            assert all(abs(level - 117) <= 5 for level in middle), tuple(middle)
        if name == "glass.png":
            assert max(middle) < 40, tuple(middle)


def test_a_voice_is_heard_as_it_is_and_lengthens_the_shot(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=1.51", "-af", "volume=4", "-ac", "1",
           str(tmp_path / "voice.wav"))  # fmt: skip
    done = carry_out("animatic", tmp_path / "job", {"prompt": "Hm.", "seconds": 1}, {"voice": [tmp_path / "voice.wav"]})
    seen = look(done.output("video"))
    assert seen.frames == 37, "1.51 s need 36.24 frames"
    heard = samples(done.output("video"))
    assert max(abs(left) for left, _ in heard[4000:60000]) == pytest.approx(0.5, rel=0.05), "neither louder nor softer"
    assert all(abs(left - right) < 0.02 for left, right in heard[4000:60000:97])
    assert max(abs(left) for left, _ in heard[73600:74000]) < 0.02, "silence after the voice"


def test_the_badge_is_burned_in_unless_it_is_switched_off(tmp_path: Path) -> None:
    still = tmp_path / "white.png"
    Image.new("RGB", (640, 360), (250, 250, 250)).save(still)
    corners = {}
    for badge in (True, False):
        params = {"seconds": 1, "badge": badge}
        video = carry_out("animatic", tmp_path / f"{badge}", params, {"still": [still]}).output("video")
        picture = Image.frombytes("RGB", (320, 180), frame_rgb(video, 0))
        corners[badge] = min(picture.crop((240, 4, 316, 22)).convert("L").tobytes())
    assert corners[True] < 120 < corners[False]


def test_a_cancel_is_obeyed_at_once(tmp_path: Path) -> None:
    form = Format(width=1280, height=720, frame_rate="24/1")
    done = carry_out("animatic", tmp_path / "job", {"prompt": "Long.", "seconds": 60}, picture=form, cancel_at=0.07)
    assert (done.status, done.result and done.result.status) == (Exit.CANCELED, "canceled")
    assert done.elapsed_s < 20


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "prompt"),
        ({"prompt": "   "}, "prompt"),
        ({"prompt": "x", "seconds": 0.5}, "seconds"),
        ({"prompt": "x", "seconds": 61}, "seconds"),
        ({"prompt": "x", "move": "dolly"}, "move"),
        ({"prompt": "x", "badge": "yes"}, "badge"),
        ({"prompt": "x" * 4001}, "prompt"),
        ({"prompt": "x", "no_such": 1}, "no_such"),
    ],
)
def test_wrong_settings_are_answered_at_the_field(tmp_path: Path, params: dict[str, object], field: str) -> None:
    done = carry_out("animatic", tmp_path / "job", params)
    assert done.status == Exit.INVALID
    assert done.result
    assert done.result.error
    assert (done.result.error.code, done.result.error.field) == ("VALIDATION_ERROR", field)


@pytest.mark.parametrize("name", ["words.png", "empty.jpg", "cut-off.png"])
def test_a_file_that_is_not_a_still_is_told_apart(tmp_path: Path, name: str) -> None:
    _bars(tmp_path / "bars.png")
    content = {
        "words.png": b"not a picture",
        "empty.jpg": b"",
        "cut-off.png": (tmp_path / "bars.png").read_bytes()[:300],
    }
    (tmp_path / name).write_bytes(content[name])
    done = carry_out("animatic", tmp_path / "job", {"seconds": 1}, {"still": [tmp_path / name]})
    assert done.status == Exit.NO_INPUT
    assert done.result
    assert done.result.error
    assert done.result.error.code == "UNSUPPORTED_MEDIA"
    assert name in done.result.error.message


def test_a_still_that_is_too_large_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    Image.new("1", (12000, 12000)).save(tmp_path / "huge.png")
    done = carry_out("animatic", tmp_path / "job", {"seconds": 1}, {"still": [tmp_path / "huge.png"]})
    assert done.result
    assert done.result.error
    assert "12000 x 12000" in done.result.error.message


def test_a_long_prompt_in_any_script_fits_the_card(tmp_path: Path) -> None:
    for number, prompt in enumerate(
        ("word " * 700, "long" * 900, "Туман над рекой.\n\nη θάλασσα.", "海辺の灯台 🎬", "\u202e\u0000x")
    ):
        done = carry_out("animatic", tmp_path / f"{number}", {"prompt": prompt, "seconds": 1})
        assert done.status == Exit.OK, done.printed


def _guides(tmp_path: Path) -> dict[str, list[Path]]:
    """Write a still, a clip that turns from green to blue after a second, two references and a pose sheet."""
    flat = {
        "still.png": (128, 128, 128),
        "ref1.png": (220, 40, 40),
        "ref2.png": (40, 40, 220),
        "pose.png": (220, 220, 40),
    }
    for name, colour in flat.items():
        Image.new("RGB", (400, 300), colour).save(tmp_path / name)
    ffmpeg("-f", "lavfi", "-i", "color=c=0x20c020:s=320x240:d=1:r=24", "-f", "lavfi", "-i",
           "color=c=0x2020e0:s=320x240:d=1:r=24", "-filter_complex", "[0][1]concat=n=2:v=1", "-c:v", "libx264",
           "-pix_fmt", "yuv420p", str(tmp_path / "motion.mp4"))  # fmt: skip
    return {
        "still": [tmp_path / "still.png"],
        "motion": [tmp_path / "motion.mp4"],
        "references": [tmp_path / "ref1.png", tmp_path / "ref2.png"],
        "poses": [tmp_path / "pose.png"],
    }


def _has(picture: Image.Image, box: tuple[int, int, int, int], colour: tuple[int, int, int]) -> int:
    """Return how many pixels of a part of a picture are near a colour."""
    raw = picture.crop(box).tobytes()
    near = (all(abs(raw[at + n] - colour[n]) < 40 for n in range(3)) for at in range(0, len(raw), 3))
    return sum(near)


def test_what_the_shot_does_not_follow_is_shown_small_and_told(tmp_path: Path) -> None:
    form = Format(width=1280, height=720, frame_rate="24/1")
    params = {"prompt": "She turns.", "seconds": 3, "move": "static"}
    done = carry_out("animatic", tmp_path / "job", params, _guides(tmp_path), picture=form)
    video = done.output("video")
    early, late, end = (Image.frombytes("RGB", (1280, 720), frame_rgb(video, number)) for number in (12, 36, 71))
    corner, edge = (800, 400, 1280, 720), (0, 540, 700, 720)
    green, blue = (32, 192, 32), (32, 32, 224)
    shown = [tuple(_has(picture, corner, colour) > 8000 for colour in (green, blue)) for picture in (early, late, end)]
    assert shown == [(True, False), (False, True), (False, True)], "the clip runs, goes on, and stays on its end"
    for colour in ((220, 40, 40), (40, 40, 220), (220, 220, 40)):
        assert 2000 < _has(early, edge, colour) < 20_000
    assert _has(early, (300, 250, 900, 400), (128, 128, 128)) > 80_000, "the still is the shot"
    assert done.result
    assert done.result.facts["guides"] == "shown, not followed"


def test_guides_give_the_same_bytes_again_on_a_card_too(tmp_path: Path) -> None:
    guides = _guides(tmp_path)
    del guides["still"]
    made = [
        carry_out("animatic", tmp_path / f"{number}", {"prompt": "Rain.", "seconds": 1}, guides).output("video")
        for number in range(2)
    ]
    assert made[0].read_bytes() == made[1].read_bytes()


def test_a_motion_video_that_is_none_and_too_many_references_are_refused(tmp_path: Path) -> None:
    guides = _guides(tmp_path)
    (tmp_path / "words.mp4").write_bytes(b"not a video")
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", str(tmp_path / "sound.mp4"))
    for clip in ("words.mp4", "sound.mp4"):
        files = {"still": guides["still"], "motion": [tmp_path / clip]}
        done = carry_out("animatic", tmp_path / f"{clip}-job", {"seconds": 1}, files)
        assert done.status == Exit.NO_INPUT
        assert done.result
        assert done.result.error
        assert (done.result.error.code, done.result.error.field) == ("UNSUPPORTED_MEDIA", "motion")
    many = {"still": guides["still"], "references": guides["references"] * 4}
    done = carry_out("animatic", tmp_path / "many", {"seconds": 1}, many)
    assert done.result
    assert done.result.error
    assert (done.result.error.code, done.result.error.field) == ("VALIDATION_ERROR", "references")
