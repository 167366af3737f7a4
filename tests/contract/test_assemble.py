"""The assembly against its cut: every frame and sample where the cut says, faults told with the shot's name."""

import hashlib
import random
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from studio_sdk.contract import Exit
from studio_sdk.types import Format, Quality
from tests import films
from tests.films import BT709, SMALL, Piece, carry_out, ffmpeg, frame_rgb, look, samples


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


def _told(done: films.Outcome) -> dict[str, object]:
    """Return what is said of a film's pictures."""
    assert done.result
    return {name: value for name, value in done.result.facts.items() if name != "loudness"}


def _pattern(path: Path, frames: int, rate: str, size: str = "320x180", sound: bool = True) -> Path:
    """Write a clip whose every frame has its own flat brightness: 16 + 2 x number."""
    source = f"color=c=black:s={size}:r={rate},geq=lum='16+2*N':cb=128:cr=128"
    tone = ["-f", "lavfi", "-i", "sine=frequency=500:sample_rate=48000"] if sound else []
    ffmpeg("-f", "lavfi", "-i", source, *tone, "-frames:v", str(frames), "-shortest", "-c:v", "libx264", "-qp", "4",
           "-color_range", "tv", "-colorspace", "bt709", "-pix_fmt", "yuv420p", str(path))  # fmt: skip
    return path


def _levels(video: Path, frames: int) -> list[int]:
    """Return which frame of `_pattern` is seen in each frame of a film."""
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
    assert _told(done) == {"frames": 96, "cuts": 4, "copied": 96, "spliced": True, "spans": 0, "spans_anew": 0}
    seen = look(film)
    assert (seen.frames, seen.rate, seen.average, seen.steady) == (96, 24, 24, True)
    assert (seen.size, seen.tags, seen.audio) == ((320, 180), BT709, ("aac", 48000, 2))
    assert seen.audio_s == pytest.approx(4.0, abs=1 / 48000)
    assert films.frame_sums(film) == [one for path in order for one in films.frame_sums(path)]


@pytest.mark.parametrize("part", [(0, 13), (0, 14), (0, 15), (11, 24), (13, 14)])
def test_a_take_may_be_trimmed_to_a_picture_after_a_group(
    tmp_path: Path, takes: list[Path], part: tuple[int, int]
) -> None:
    pieces = [Piece(takes[0], 24, part=part), Piece(takes[1], 24), Piece(takes[2], 24, part=part), Piece(takes[0], 24)]
    cut = films.write_cut(tmp_path / "cut.otio", pieces)
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": takes})
    assert done.status == Exit.OK, done.printed.decode()
    length = 2 * (part[1] - part[0]) + 48
    seen = look(done.output("film"))
    assert (seen.frames, seen.rate, seen.steady) == (length, 24, True)
    sums = films.frame_sums(done.output("film"))
    assert sums[part[1] - part[0] :][:24] == films.frame_sums(takes[1])
    assert sums[-24:] == films.frame_sums(takes[0])


def test_only_what_an_effect_touches_is_made_anew(tmp_path: Path, takes: list[Path]) -> None:
    """A dissolve, a title, both fades and a slate: every frame is the right one, all others are the takes' own."""
    pieces = [
        Piece(takes[0], 24, part=(0, 20), joins={"fade_in": 3}),
        Piece(takes[1], 24, joins={"dissolve": 4}),
        Piece(None, 10, joins={"words": "A door opens"}),
        Piece(takes[2], 24, part=(2, 24), joins={"fade_out": 5}),
    ]
    cut = films.write_cut(tmp_path / "cut.otio", pieces)
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": takes})
    film = done.output("film")
    assert done.result
    # Groups of 12: only the second half of the second take is a whole one that nothing touches.
    assert _told(done) == {"frames": 76, "cuts": 4, "copied": 12, "spliced": False, "spans": 4, "spans_anew": 4}
    seen = look(film)
    assert (seen.frames, seen.rate, seen.steady, seen.tags) == (76, 24, True, BT709)
    assert seen.audio_s == pytest.approx(76 / 24, abs=1 / 48000)
    sums, own = films.frame_sums(film), [films.frame_sums(take) for take in takes]
    assert sums[32:44] == own[1][12:24]
    words = ["-v", "error", "-i", str(film), "-f", "null", "-"]
    assert subprocess.run(["ffmpeg", *words], capture_output=True, check=True).stderr == b""


def _luma(path: Path, size: tuple[int, int] = (320, 180)) -> list[list[int]]:
    """Return the light of every frame, averaged over 4 by 4 fields."""
    words = ["-i", str(path), "-vf", "scale=4:4:flags=area", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    raw = subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True).stdout
    return [list(raw[at : at + 16]) for at in range(0, len(raw), 16)]


def test_a_dissolve_is_the_mix_that_its_frames_say(tmp_path: Path) -> None:
    first, second = _pattern(tmp_path / "a.mp4", 40, "24"), _pattern(tmp_path / "b.mp4", 40, "24", sound=False)
    pieces = [Piece(first, 40, part=(0, 20)), Piece(second, 40, part=(8, 40), joins={"dissolve": 8, "fade_out": 4})]
    cut = films.write_cut(tmp_path / "cut.otio", pieces)
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [first, second]}, quality=Quality.HIGH)
    want = [float(n) for n in range(20)]
    for k in range(8):
        share = (k + 1) / 9
        want.append((20 + k) * (1 - share) + (8 + k) * share)
    want += [float(n) for n in range(16, 36)]
    want += [(36 + k) * (4 - k) / 5 for k in range(4)]
    assert _levels(done.output("film"), 52) == pytest.approx(want, abs=0.75)


def test_a_slate_says_which_shot_it_stands_for(tmp_path: Path) -> None:
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(None, 12, joins={"words": "Fog", "title": "Harbour"})])
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [_pattern(tmp_path / "a.mp4", 4, "24")]})
    seen = look(done.output("film"))
    assert (seen.frames, seen.size) == (12, (320, 180))
    light = _luma(done.output("film"))
    assert len(light) == 12
    assert max(light[6]) > 24  # words on dark
    assert sum(light[11][12:]) > sum(light[0][12:])  # the line at its foot has filled


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
        params = {"music_level": level, "loudness_target": "off"}
        done = carry_out("assemble", tmp_path / f"{level}", params, files)
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
    done = carry_out("assemble", tmp_path / "job", {"music_level": 0, "loudness_target": "off"}, files)
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
