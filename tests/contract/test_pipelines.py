"""The pipelines against the contract and against what a film maker counts on: frames, rate, size, colour, sound."""

import hashlib
import json
import random
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from studio_sdk import testing
from studio_sdk.contract import Exit, Progress
from studio_sdk.types import Format
from tests import films
from tests.films import MEDIA, PIPELINES, SMALL, Piece, carry_out, ffmpeg, frame_rgb, look, samples

NAMES = ("animatic", "assemble")
BT709 = ("tv", "bt709", "bt709", "bt709")


@pytest.mark.parametrize("name", NAMES)
def test_the_manifest_is_what_the_code_says(name: str) -> None:
    written = (PIPELINES / name / "pipeline.json").read_text(encoding="utf-8")
    assert testing.described(PIPELINES / name, MEDIA) == written, f"studio-sdk describe pipelines/{name} --write"


@pytest.mark.parametrize("name", NAMES)
def test_it_says_that_it_can_run_here(name: str) -> None:
    answer = testing.ready(PIPELINES / name, MEDIA)
    assert (answer.returncode, json.loads(answer.stdout)) == (0, {"ok": True})


# --- animatic ------------------------------------------------------------------------------------------------


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
    assert told[0].stage == "Setting the card"
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
    assert done.elapsed_s < 5


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


# --- assemble ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return three takes of the animatic, 24 frames each; the second has a tone."""
    folder = tmp_path_factory.mktemp("takes")
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=1000:sample_rate=48000:duration=1", str(folder / "tone.wav"))
    made = []
    for number in range(3):
        voice = {"voice": [folder / "tone.wav"]} if number == 1 else {}
        params = {"prompt": f"Shot {number}", "seconds": 1}
        done = carry_out("animatic", folder / f"{number}", params, voice, seed=number)
        made.append(done.output("video").rename(folder / f"take{number}.mp4"))
    return made


def _pattern(path: Path, frames: int, rate: str, size: str = "320x180", sound: bool = True) -> Path:
    """Write a clip whose every frame has its own flat brightness: 16 + 2 x number."""
    source = f"color=c=black:s={size}:r={rate},geq=lum='16+2*N':cb=128:cr=128"
    tone = ["-f", "lavfi", "-i", "sine=frequency=500:sample_rate=48000"] if sound else []
    ffmpeg("-f", "lavfi", "-i", source, *tone, "-frames:v", str(frames), "-shortest", "-c:v", "libx264", "-qp", "4",
           "-color_range", "tv", "-colorspace", "bt709", "-pix_fmt", "yuv420p", str(path))  # fmt: skip
    return path


def _levels(video: Path, frames: int) -> list[int]:
    """Return which frame of `_pattern` is seen in each frame of a film."""
    import subprocess

    words = ["-i", str(video), "-f", "rawvideo", "-pix_fmt", "yuv420p", "-vf", "crop=2:2", "-"]
    raw = subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True).stdout
    assert len(raw) == frames * 6
    return [round((raw[at * 6] - 16) / 2) for at in range(frames)]


def test_whole_takes_of_one_kind_are_spliced_bit_for_bit(tmp_path: Path, takes: list[Path]) -> None:
    order = [takes[0], takes[1], takes[2], takes[0]]
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(path, 24) for path in order])
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": takes})
    film = done.output("film")
    assert done.result
    assert done.result.facts == {"frames": 96, "cuts": 4, "spliced": True}
    seen = look(film)
    assert (seen.frames, seen.rate, seen.average, seen.steady) == (96, 24, 24, True)
    assert (seen.size, seen.tags, seen.audio) == ((320, 180), BT709, ("aac", 48000, 2))
    assert seen.audio_s == pytest.approx(4.0, abs=1 / 48000)
    assert films.frame_sums(film) == [one for path in order for one in films.frame_sums(path)]


def test_each_sound_starts_with_its_cut(tmp_path: Path, takes: list[Path]) -> None:
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(path, 24) for path in takes])
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": takes})
    heard = [abs(left) for left, _ in samples(done.output("film"))]
    assert max(heard[4000:46900]) < 0.01
    assert max(heard[48200:48600]) > 0.05
    assert max(heard[94000:95900]) > 0.05
    assert max(heard[97500:140000]) < 0.01


def test_parts_of_takes_are_cut_to_the_frame(tmp_path: Path) -> None:
    clip = _pattern(tmp_path / "clip.mp4", 48, "24")
    pieces = [Piece(clip, 48, part=(10, 17)), Piece(clip, 48, part=(0, 5)), Piece(clip, 48, part=(43, 48))]
    cut = films.write_cut(tmp_path / "cut.otio", pieces)
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [clip]}, quality=films.Quality.HIGH)
    assert _levels(done.output("film"), 17) == [*range(10, 17), *range(5), *range(43, 48)]
    assert look(done.output("film")).tags == BT709


@pytest.mark.parametrize(
    ("native", "project", "frames", "expected"),
    [
        ("16/1", "24/1", 9, [0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8]),
        ("25/1", "24/1", 9, [0, 1, 2, 3, 4, 5, 6, 7]),
        ("24/1", "24000/1001", 9, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ("12/1", "30000/1001", 4, [0, 0, 0, 1, 1, 2, 2, 2, 3, 3]),
    ],
)
def test_another_rate_has_its_frames_repeated_exactly(
    tmp_path: Path, native: str, project: str, frames: int, expected: list[int]
) -> None:
    clip = _pattern(tmp_path / "clip.mp4", frames, native)
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(clip, frames, native)], project)
    form = Format(width=320, height=180, frame_rate=project)
    done = carry_out(
        "assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [clip]}, picture=form, quality=films.Quality.HIGH
    )
    assert _levels(done.output("film"), len(expected)) == expected
    seen = look(done.output("film"))
    assert (seen.rate, seen.average, seen.steady) == (Fraction(project), Fraction(project), True)


def test_another_size_gets_bars_and_keeps_its_shape(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=c=white:s=180x180:r=24", "-frames:v", "6", "-pix_fmt", "yuv420p",
           str(tmp_path / "square.mp4"))  # fmt: skip
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(tmp_path / "square.mp4", 6)])
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [tmp_path / "square.mp4"]})
    row = frame_rgb(done.output("film"), 2)[90 * 320 * 3 : 91 * 320 * 3 : 3]
    assert max(row[:66]) < 12
    assert min(row[76:244]) > 240
    assert max(row[254:]) < 12


def test_a_phone_clip_lying_on_its_side_stands_upright(tmp_path: Path) -> None:
    flat = _pattern(tmp_path / "flat.mp4", 6, "24", sound=False)
    ffmpeg("-i", str(flat), "-c", "copy", "-metadata:s:v", "rotate=90", str(tmp_path / "phone.mp4"))
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(tmp_path / "phone.mp4", 6)])
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [tmp_path / "phone.mp4"]})
    row = frame_rgb(done.output("film"), 5)[90 * 320 * 3 : 91 * 320 * 3 : 3]
    assert max(row[:100]) < 5 < min(row[120:200])


def test_music_lies_under_the_film_and_fades_with_it(tmp_path: Path, takes: list[Path]) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=300:sample_rate=44100:duration=9", "-af", "volume=4",
           str(tmp_path / "music.mp3"))  # fmt: skip
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(takes[0], 24), Piece(takes[2], 24)])
    loud = {}
    for level in (-6, -26):
        files = {"cut": [cut], "clips": [takes[0], takes[2]], "music": [tmp_path / "music.mp3"]}
        done = carry_out("assemble", tmp_path / f"{level}", {"music_level": level}, files)
        heard = [abs(left) for left, _ in samples(done.output("film"))]
        loud[level] = max(heard[10000:40000])
        assert max(heard[95000:96000]) < loud[level] * 0.1
    assert loud[-6] / loud[-26] == pytest.approx(10, rel=0.1)


def test_a_mix_is_never_louder_than_full(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=300:duration=2", "-af", "volume=7.9", str(tmp_path / "loud.wav"))
    params = {"prompt": "Loud.", "seconds": 1}
    take = carry_out("animatic", tmp_path / "take", params, {"voice": [tmp_path / "loud.wav"]}).output("video")
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(take, 48)])
    files = {"cut": [cut], "clips": [take], "music": [tmp_path / "loud.wav"]}
    done = carry_out("assemble", tmp_path / "job", {"music_level": 0}, files)
    assert max(max(map(abs, pair)) for pair in samples(done.output("film"))) < 1.02


def test_the_same_cut_gives_the_same_bytes(tmp_path: Path, takes: list[Path]) -> None:
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(takes[0], 24, part=(2, 20)), Piece(takes[1], 24)])
    made = {
        hashlib.sha256(
            carry_out("assemble", tmp_path / name, {}, {"cut": [cut], "clips": takes}).output("film").read_bytes()
        ).hexdigest()
        for name in ("one", "two")
    }
    assert len(made) == 1


def test_a_random_cut_has_the_frames_and_samples_it_says(tmp_path: Path) -> None:
    chance = random.Random(7)
    clips = [
        (_pattern(tmp_path / f"{number}.mp4", frames, rate, sound=number % 2 == 0), frames, rate)
        for number, (frames, rate) in enumerate(((37, "24000/1001"), (20, "16"), (41, "30")))
    ]
    pieces = []
    for number in range(9):
        path, frames, rate = chance.choice(clips)
        rate = rate if "/" in rate else f"{rate}/1"
        whole = films.conformed_frames(frames, Fraction(rate), Fraction(24000, 1001))
        first = chance.randrange(whole - 1)
        pieces.append(Piece(path, frames, rate, (first, chance.randrange(first + 1, whole + 1)), f"SHOT-{number:03d}"))
    total = sum(last - first for first, last in (piece.part or (0, 0) for piece in pieces))
    cut = films.write_cut(tmp_path / "cut.otio", pieces, "24000/1001")
    form = Format(width=320, height=180, frame_rate="24000/1001")
    files = {"cut": [cut], "clips": [path for path, _, _ in clips]}
    done = carry_out("assemble", tmp_path / "job", {}, files, picture=form)
    seen = look(done.output("film"))
    assert (seen.frames, seen.average, seen.steady) == (total, Fraction(24000, 1001), True)
    assert seen.audio_s == pytest.approx(total * 1001 / 24000, abs=1 / 48000)


def _refused(tmp_path: Path, cut: Path, clips: list[Path]) -> tuple[int, str, str]:
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": clips})
    assert done.result
    assert done.result.error
    return done.status, done.result.error.code, done.result.error.message


def test_a_take_that_is_not_there_is_named(tmp_path: Path, takes: list[Path]) -> None:
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(takes[0], 24), Piece(takes[1], 24, shot="SHOT-020")])
    status, code, message = _refused(tmp_path, cut, [takes[0]])
    assert (status, code) == (Exit.NO_INPUT, "FILE_NOT_FOUND")
    assert "SHOT-020" in message


def test_a_take_shorter_than_its_cut_is_named_with_both_figures(tmp_path: Path, takes: list[Path]) -> None:
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(takes[0], 30, shot="SHOT-030")])
    assert _refused(tmp_path, cut, takes) == (
        Exit.NO_INPUT,
        "UNSUPPORTED_MEDIA",
        "The take of SHOT-030 has 24 frames, its cut needs 30.",
    )


def test_a_damaged_take_is_named(tmp_path: Path, takes: list[Path]) -> None:
    half = tmp_path / "half.mp4"
    half.write_bytes(takes[0].read_bytes()[:3000])
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(half, 24, shot="SHOT-040")])
    status, code, message = _refused(tmp_path, cut, [half])
    assert (status, code) == (Exit.NO_INPUT, "UNSUPPORTED_MEDIA")
    assert message.startswith("The take of SHOT-040 ")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"OTIO_SCHEMA": "Clip.1"}', b'{"OTIO_SCHEMA": "Timeline.1"}'])
def test_a_cut_that_is_none_is_refused(tmp_path: Path, takes: list[Path], content: bytes) -> None:
    cut = tmp_path / "cut.otio"
    cut.write_bytes(content or b" ")
    status, code, _ = _refused(tmp_path, cut, takes)
    assert (status, code) in {(Exit.NO_INPUT, "UNSUPPORTED_MEDIA"), (Exit.INVALID, "VALIDATION_ERROR")}


def test_a_cancel_stops_the_film(tmp_path: Path) -> None:
    clip = _pattern(tmp_path / "clip.mp4", 100, "24", "640x360")
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(clip, 100, part=(0, 99))] * 20)
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [clip]}, picture=SMALL, cancel_at=0.05)
    assert (done.status, done.result and done.result.status) == (Exit.CANCELED, "canceled")
