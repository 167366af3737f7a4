"""Grade, judged by decoded pixels: nothing asked for changes nothing, looks tint, HDR comes down to what it means."""

import hashlib
import math
from fractions import Fraction
from pathlib import Path

import pytest

from studio_sdk.contract import Exit
from studio_sdk.testing import Outcome
from tests.contract.test_clips import sound_packets, times
from tests.films import BT709, carry_out, ffmpeg, frame_rgb, look, samples

Rgb = tuple[float, float, float]


def ramp(path: Path) -> Path:
    """Write half a second of a clip: grey from black at the left to white at the right, colours in the lower half."""
    grey = "color=c=black:s=320x90:r=24:d=0.5,format=yuv444p,geq=lum='16+219*X/319':cb=128:cr=128[a]"
    below = "testsrc2=s=320x90:r=24:d=0.5,format=yuv444p[b]"
    ffmpeg("-filter_complex", f"{grey};{below};[a][b]vstack,format=yuv420p", "-c:v", "libx264", "-qp", "4",
           "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
           str(path))  # fmt: skip
    return path


def flat(path: Path, level: int, *words: str, pixels: str = "yuv420p10le", size: str = "64x64") -> Path:
    """Write a clip of one grey of ten bits: `level` is the value of its luma."""
    source = f"color=c=black:s={size}:r=24:d=0.5,format={pixels},lutyuv=y={level}:u=512:v=512"
    ffmpeg("-f", "lavfi", "-i", source, "-c:v", "libx264", "-qp", "0", *words, str(path))
    return path


def pq(nits: float) -> int:
    """Return the luma of ten bits that PQ has for a light."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 107 / 128, 2413 / 128, 2392 / 128
    light = (nits / 10000) ** m1
    return round(64 + 876 * ((c1 + c2 * light) / (1 + c3 * light)) ** m2)


HDR = ("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc", "-color_range", "tv")


def mean(path: Path, box: tuple[int, int, int, int], width: int = 320, number: int = 5) -> Rgb:
    """Return the mean of a box (left, top, right, bottom) of a picture."""
    rgb = frame_rgb(path, number)
    left, top, right, bottom = box
    places = [(y * width + x) * 3 for y in range(top, bottom) for x in range(left, right)]
    red, green, blue = (sum(rgb[at + part] for at in places) / len(places) for part in range(3))
    return red, green, blue


def refused(done: Outcome, field: str, words: str) -> None:
    assert done.status in {Exit.INVALID, Exit.NO_INPUT}
    assert done.result
    assert done.result.error
    assert (done.result.error.field, words in done.result.error.message) == (field, True), done.result.error


DARK, MIDDLE, BRIGHT = (60, 20, 70, 70), (145, 20, 155, 70), (250, 20, 260, 70)


@pytest.mark.parametrize("rate", ["24", "24000/1001", "25/2"])
def test_every_frame_its_time_and_the_sound_stay(rate: str, tmp_path: Path) -> None:
    source = tmp_path / "in.mp4"
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=160x90:r={rate}:d=2", "-f", "lavfi", "-i", "sine=duration=2",
           "-pix_fmt", "yuv420p", "-c:a", "aac", str(source))  # fmt: skip
    made = carry_out("grade", tmp_path / "job", {"look": "cinematic"}, {"clip": [source]}).output("video")
    before, after = look(source), look(made)
    assert (after.frames, after.average, after.tags, after.pixels) == (before.frames, Fraction(rate), BT709, "yuv420p")
    assert times(made) == times(source)
    assert sound_packets(made) == sound_packets(source)
    assert samples(made) == samples(source)


def test_nothing_asked_for_leaves_the_picture_alone(tmp_path: Path) -> None:
    source = ramp(tmp_path / "in.mp4")
    made = carry_out("grade", tmp_path / "job", {}, {"clip": [source]}).output("video")
    bare = carry_out("clean-up", tmp_path / "bare", {"strength": 0}, {"clip": [source]}).output("video")
    assert frame_rgb(made, 5) == frame_rgb(bare, 5)  # what coding alone takes
    for box in (DARK, MIDDLE, BRIGHT):
        assert mean(made, box) == pytest.approx(mean(source, box), abs=1)


def test_looks_tint_what_they_say(tmp_path: Path) -> None:
    source = ramp(tmp_path / "in.mp4")

    def tints(**params: object) -> list[float]:
        """Return red over blue in the dark, the middle and the bright of the grey ramp."""
        name = str(len(list(tmp_path.iterdir())))
        made = carry_out("grade", tmp_path / name, params, {"clip": [source]}).output("video")
        return [red - blue for red, _, blue in (mean(made, box) for box in (DARK, MIDDLE, BRIGHT))]

    assert all(abs(one) < 1.5 for one in tints(look="none"))
    assert all(one > 8 for one in tints(look="warm"))
    assert all(one < -8 for one in tints(look="cool"))
    dark, _, bright = tints(look="cinematic")
    assert dark < -8
    assert bright > 8
    assert all(abs(one) < 1.5 for one in tints(look="black-and-white"))
    half = tints(look="warm", amount=0.5)
    assert half[1] == pytest.approx(tints(look="warm")[1] / 2, abs=2)
    assert all(one > 5 for one in tints(temperature=0.5))


def test_exposure_contrast_and_saturation_do_what_photographers_expect(tmp_path: Path) -> None:
    source = ramp(tmp_path / "in.mp4")

    def made(**params: object) -> Path:
        name = "-".join(f"{key}{value}" for key, value in params.items())
        return carry_out("grade", tmp_path / name, params, {"clip": [source]}).output("video")

    before = mean(source, MIDDLE)[1] / 255
    assert mean(made(exposure=1), MIDDLE)[1] / 255 == pytest.approx(before * 2 ** (1 / 2.4), abs=0.01)
    assert mean(made(exposure=-1), MIDDLE)[1] / 255 == pytest.approx(before * 0.5 ** (1 / 2.4), abs=0.01)
    hard = made(contrast=0.6)
    assert mean(hard, DARK)[1] < mean(source, DARK)[1] - 10
    assert mean(hard, BRIGHT)[1] > mean(source, BRIGHT)[1] + 10
    grey = made(saturation=-1)
    for x in range(20, 300, 40):
        red, green, blue = mean(grey, (x, 120, x + 4, 124))
        assert max(red, green, blue) - min(red, green, blue) < 2.5


@pytest.mark.parametrize("coding", ["as-tagged", "pq"])
def test_hdr_comes_down_to_the_light_that_it_means(coding: str, tmp_path: Path) -> None:
    tags = HDR if coding == "as-tagged" else ("-color_range", "tv")
    for nits in (10.0, 50.0, 100.0):
        clip = flat(tmp_path / f"{nits}.mp4", pq(nits), *tags)
        params = {"coding": coding, "tone_map": "clip"}
        done = carry_out("grade", tmp_path / f"job{nits}", params, {"clip": [clip]})
        red, green, blue = mean(done.output("video"), (8, 8, 56, 56), 64)
        wanted = 255 * (nits / 203) ** (1 / 2.4)
        assert (red, green, blue) == pytest.approx((wanted,) * 3, abs=2.5)
        assert look(done.output("video")).tags == BT709
        assert done.result
        assert done.result.facts["came_as"] == "pq"


def test_tone_maps_keep_what_is_brighter_than_white_apart(tmp_path: Path) -> None:
    levels = {}
    for tone_map in ("knee", "reinhard", "clip"):
        for nits in (90.0, 203.0, 600.0, 1000.0):
            clip = flat(tmp_path / f"{tone_map}{nits}.mp4", pq(nits), *HDR)
            done = carry_out("grade", tmp_path / f"j{tone_map}{nits}", {"tone_map": tone_map}, {"clip": [clip]})
            levels[tone_map, nits] = mean(done.output("video"), (8, 8, 56, 56), 64)[1]
    for tone_map in ("knee", "reinhard"):
        assert levels[tone_map, 90.0] < levels[tone_map, 203.0] - 5 < levels[tone_map, 600.0] - 15
        assert levels[tone_map, 1000.0] == pytest.approx(255, abs=2)
    assert levels["clip", 203.0] == pytest.approx(levels["clip", 1000.0], abs=3)
    assert levels["knee", 90.0] == pytest.approx(255 * (90 / 203) ** (1 / 2.4), abs=2.5)  # middle tones stay
    assert levels["reinhard", 90.0] < levels["knee", 90.0]


def test_red_of_bt2020_is_redder_than_red_of_bt709(tmp_path: Path) -> None:
    """The same values in wide primaries mean stronger colours: brought down, they are more saturated."""
    wide, plain = tmp_path / "wide.mp4", tmp_path / "plain.mp4"
    source = "color=c=0xA06060:s=64x64:r=24:d=0.5,format=yuv420p"
    ffmpeg("-f", "lavfi", "-i", source, "-qp", "0", "-colorspace", "bt709", "-color_primaries", "bt709", str(plain))
    ffmpeg("-f", "lavfi", "-i", source, "-qp", "0", "-colorspace", "bt709", "-color_primaries", "bt2020", str(wide))
    apart = []
    for name in (wide, plain):
        made = carry_out("grade", tmp_path / name.stem, {}, {"clip": [name]}).output("video")
        red, green, _ = mean(made, (8, 8, 56, 56), 64)
        apart.append(red - green)
    assert apart[0] > apart[1] + 10


def test_a_hald_clut_is_applied_and_anything_else_refused(tmp_path: Path) -> None:
    source = ramp(tmp_path / "in.mp4")
    ffmpeg("-f", "lavfi", "-i", "haldclutsrc=6", "-vf", "negate", "-frames:v", "1", str(tmp_path / "negative.png"))
    done = carry_out("grade", tmp_path / "job", {}, {"clip": [source], "lut": [tmp_path / "negative.png"]})
    for box in (DARK, MIDDLE, BRIGHT):
        negative = tuple(255 - one for one in mean(source, box))
        assert mean(done.output("video"), box) == pytest.approx(negative, abs=2.5)
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x180", "-frames:v", "1", str(tmp_path / "still.png"))
    wrong = carry_out("grade", tmp_path / "wrong", {}, {"clip": [source], "lut": [tmp_path / "still.png"]})
    refused(wrong, "lut", "320 \u00d7 180 pixels")


def test_grain_is_where_it_was_asked_for_and_the_same_for_a_seed(tmp_path: Path) -> None:
    clip = flat(tmp_path / "in.mp4", 128, pixels="yuv420p", size="160x90")

    def spread(path: Path) -> float:
        levels = frame_rgb(path, 3)[1::3]
        middle = sum(levels) / len(levels)
        return math.sqrt(sum((one - middle) ** 2 for one in levels) / len(levels))

    def made(name: str, grain: float, seed: int = 1) -> Path:
        return carry_out("grade", tmp_path / name, {"grain": grain}, {"clip": [clip]}, seed=seed).output("video")

    first, again, other = made("a", 0.5), made("b", 0.5), made("c", 0.5, seed=2)
    assert spread(made("none", 0)) < 0.5
    assert 2 < spread(first) < spread(made("much", 1))
    assert hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest()
    assert first.read_bytes() != other.read_bytes()
    assert frame_rgb(first, 3) != frame_rgb(first, 4)  # it moves


def test_sound_alone_and_what_is_no_clip_are_refused(tmp_path: Path) -> None:
    tone, words = tmp_path / "tone.mp4", tmp_path / "words.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", str(tone))
    words.write_text("This is no film.")
    refused(carry_out("grade", tmp_path / "a", {}, {"clip": [tone]}), "clip", "has no picture")
    refused(carry_out("grade", tmp_path / "b", {}, {"clip": [words]}), "clip", "cannot be read")
