"""Edge map, Enlarge and Clean up: every frame at its time, the same sound, and a picture that is what it says."""

import hashlib
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from studio_sdk.contract import Exit
from tests.films import BT709, carry_out, ffmpeg, frame_rgb, look, samples

NAMES = {"motion-edges": "motion", "enlarge": "video", "clean-up": "video"}


def clip(path: Path, rate: str = "24", size: str = "160x90", *, sound: bool = True, noise: int = 0) -> Path:
    """Write a clip of two seconds: a bright square that moves over grey, with noise if asked for."""
    source = f"color=c=gray:s={size}:r={rate}:d=2,drawbox=x=20:y=20:w=50:h=40:c=white:t=fill"
    if noise:
        source += f",noise=alls={noise}:allf=t:all_seed=7"
    tone = ["-f", "lavfi", "-i", "sine=frequency=700:sample_rate=48000:duration=2"] if sound else []
    ffmpeg("-f", "lavfi", "-i", source, *tone, "-c:v", "libx264", "-qp", "10", "-pix_fmt", "yuv420p",
           "-color_range", "tv", "-colorspace", "bt709", "-c:a", "aac", str(path))  # fmt: skip
    return path


def times(path: Path) -> list[str]:
    words = ["-select_streams", "v", "-show_entries", "frame=pts_time", "-of", "csv=p=0", str(path)]
    shown = subprocess.run(["ffprobe", "-v", "error", *words], capture_output=True, check=True, text=True)
    return shown.stdout.split()


def sound_packets(path: Path) -> list[str]:
    words = ["-i", str(path), "-map", "0:a", "-c", "copy", "-f", "framemd5", "-"]
    shown = subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True, text=True)
    return [line.replace(" ", "") for line in shown.stdout.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rate", ["24", "24000/1001", "30", "25/2"])
def test_every_frame_and_the_sound_stay_where_they_were(name: str, rate: str, tmp_path: Path) -> None:
    source = clip(tmp_path / "in.mp4", rate)
    done = carry_out(name, tmp_path / "job", {}, {"clip": [source]})
    made, before = done.output(NAMES[name]), look(source)
    after = look(made)
    assert (after.frames, after.average, after.steady) == (before.frames, before.average, True)
    assert after.average == Fraction(rate)
    assert times(made) == times(source)
    assert sound_packets(made) == sound_packets(source)
    assert samples(made) == samples(source)
    assert (after.tags, after.pixels) == (BT709, "yuv420p")
    assert done.result
    assert done.result.facts["frames"] == before.frames


def test_pictures_that_last_unlike_stay_so(tmp_path: Path) -> None:
    first, second = clip(tmp_path / "a.mp4", "10"), clip(tmp_path / "b.mp4", "30")
    joined = "[0:v]settb=1/30000[a];[1:v]settb=1/30000[b];[a][b]concat=n=2"
    uneven = tmp_path / "in.mp4"
    ffmpeg(
        "-i", str(first), "-i", str(second), "-filter_complex", joined, "-fps_mode", "passthrough", "-an", str(uneven)
    )
    made = carry_out("clean-up", tmp_path / "job", {}, {"clip": [uneven]}).output("video")
    assert len(set(times(uneven))) == 80
    assert times(made) == times(uneven)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_clip_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    source = clip(tmp_path / "in.mp4", sound=False)
    outputs = [carry_out(name, tmp_path / f"{n}", {}, {"clip": [source]}).output(NAMES[name]) for n in range(2)]
    assert look(outputs[0]).audio_s == 0
    assert len({hashlib.sha256(made.read_bytes()).hexdigest() for made in outputs}) == 1


def test_the_edge_map_is_white_where_the_square_ends(tmp_path: Path) -> None:
    made = carry_out("motion-edges", tmp_path / "job", {}, {"clip": [clip(tmp_path / "in.mp4")]}).output("motion")
    rgb = frame_rgb(made, 10)
    light = [[rgb[(y * 160 + x) * 3] for x in range(160)] for y in range(90)]
    assert max(light[40][15:26]) > 150  # its left edge
    assert max(light[40][65:76]) > 150  # its right edge
    assert max(light[40][30:60]) < 40  # nothing inside
    assert max(light[40][90:150]) < 40  # nothing outside


@pytest.mark.parametrize(("scale", "size"), [("2", (320, 180)), ("4", (640, 360))])
def test_enlarged_is_twice_or_four_times_as_large(scale: str, size: tuple[int, int], tmp_path: Path) -> None:
    source = clip(tmp_path / "in.mp4")
    made = carry_out("enlarge", tmp_path / "job", {"scale": scale}, {"clip": [source]}).output("video")
    assert look(made).size == size
    width, times_ = size[0], int(scale)
    small, large = frame_rgb(source, 3), frame_rgb(made, 3)
    for x, y in ((5, 5), (40, 40), (120, 70)):
        here, there = small[(y * 160 + x) * 3], large[(y * times_ * width + x * times_) * 3]
        assert abs(here - there) <= 4


def test_what_would_be_too_large_is_said(tmp_path: Path) -> None:
    wide = tmp_path / "wide.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=c=gray:s=2560x64:r=24", "-frames:v", "2", str(wide))
    done = carry_out("enlarge", tmp_path / "job", {"scale": "4"}, {"clip": [wide]})
    assert done.status == Exit.INVALID
    assert done.result
    assert done.result.error
    assert (done.result.error.field, "10240 \u00d7 256" in done.result.error.message) == ("scale", True)


def test_cleaned_up_has_less_noise_and_strength_nothing_leaves_it(tmp_path: Path) -> None:
    noisy = clip(tmp_path / "in.mp4", noise=10)

    def spread(path: Path) -> float:
        rgb = frame_rgb(path, 30)
        levels = [rgb[(y * 160 + x) * 3] for y in range(10, 80) for x in range(100, 150)]
        middle = sum(levels) / len(levels)
        return float(sum((level - middle) ** 2 for level in levels) / len(levels)) ** 0.5

    kept = carry_out("clean-up", tmp_path / "a", {"strength": 0}, {"clip": [noisy]}).output("video")
    some = carry_out("clean-up", tmp_path / "b", {"strength": 0.4}, {"clip": [noisy]}).output("video")
    much = carry_out("clean-up", tmp_path / "c", {"strength": 1}, {"clip": [noisy]}).output("video")
    assert spread(kept) > 0.7 * spread(noisy)
    assert spread(much) < spread(some) < 0.6 * spread(noisy)


def test_a_phone_s_clip_comes_out_upright(tmp_path: Path) -> None:
    flat = clip(tmp_path / "flat.mp4")
    turned = tmp_path / "turned.mp4"
    ffmpeg("-i", str(flat), "-c", "copy", "-metadata:s:v", "rotate=90", str(turned))
    made = carry_out("enlarge", tmp_path / "job", {"scale": "2"}, {"clip": [turned]}).output("video")
    assert look(made).size == (180, 320)


@pytest.mark.parametrize("name", NAMES)
def test_sound_alone_is_refused_in_words(name: str, tmp_path: Path) -> None:
    tone = tmp_path / "tone.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", str(tone))
    done = carry_out(name, tmp_path / "job", {}, {"clip": [tone]})
    assert done.status == Exit.NO_INPUT
    assert done.result
    assert done.result.error
    assert "has no picture" in done.result.error.message
