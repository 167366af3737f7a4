"""Interpolate: exact counts and times, pictures in between that lie on the way, none across a cut, refusals."""

import math
from fractions import Fraction
from pathlib import Path

import pytest

from studio_sdk.contract import Exit
from studio_sdk.types import Format, Quality
from studio_server.domain.marks import conformed_frames
from tests.contract.test_clips import sound_packets
from tests.films import BT709, carry_out, centres, ffmpeg, frame_rgb, frame_sums, look, samples

TAGS = ("-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")


def ball(path: Path, rate: str = "12", seconds: int = 2, *, sound: bool = True, speed: int = 60) -> Path:
    """Write a clip of a soft disc that goes `speed` pixels to the right in a second, over black."""
    disc = f"240*exp(-(pow(X-40-{speed}*T,2)+pow(Y-45,2))/160)"
    source = f"color=c=black:s=240x90:r={rate}:d={seconds},format=yuv420p,geq=lum='16+{disc}*0.86':cb=128:cr=128"
    tone = ["-f", "lavfi", "-i", f"sine=frequency=500:sample_rate=48000:duration={seconds}"] if sound else []
    ffmpeg("-f", "lavfi", "-i", source, *tone, "-c:v", "libx264", "-qp", "6", *TAGS, "-c:a", "aac", str(path))
    return path


@pytest.mark.parametrize(
    ("rate", "wanted", "frames"),
    [
        ("12", "24", 48),
        ("24", "60", 120),
        ("25", "24", 48),
        ("24000/1001", "30", 60),
        ("30", "29.97", 60),
        ("24", "25", 50),
    ],
)
def test_counts_and_times_are_exact_and_the_sound_is_kept(rate: str, wanted: str, frames: int, tmp_path: Path) -> None:
    clip = ball(tmp_path / "in.mp4", rate)
    done = carry_out("interpolate", tmp_path / "job", {"frame_rate": wanted}, {"clip": [clip]})
    made = look(done.output("video"))
    exact = {"29.97": Fraction(30000, 1001)}.get(wanted) or Fraction(wanted)
    assert (made.frames, made.average, made.rate, made.steady) == (frames, exact, exact, True)
    assert (made.tags, made.pixels) == (BT709, "yuv420p")
    assert sound_packets(done.output("video")) == sound_packets(clip)
    assert samples(done.output("video")) == samples(clip)
    assert done.result
    assert done.result.facts["frames"] == frames


@pytest.mark.parametrize("wanted", ["24", "23.976", "25", "30"])
def test_it_is_as_long_as_the_cut_counts_it(wanted: str, tmp_path: Path) -> None:
    clip, short = ball(tmp_path / "in.mp4", "16", sound=False), tmp_path / "short.mp4"
    ffmpeg("-i", str(clip), "-frames:v", "17", "-qp", "6", *TAGS, str(short))
    done = carry_out("interpolate", tmp_path / "job", {"frame_rate": wanted, "method": "repeat"}, {"clip": [short]})
    exact = {"23.976": Fraction(24000, 1001)}.get(wanted) or Fraction(wanted)
    made = look(done.output("video"))
    assert (made.frames, made.steady) == (conformed_frames(17, Fraction(16), exact), True)


def test_the_projects_rate_is_what_it_gets_unless_told(tmp_path: Path) -> None:
    form = Format(width=320, height=180, frame_rate="24000/1001")
    done = carry_out("interpolate", tmp_path / "job", {}, {"clip": [ball(tmp_path / "in.mp4")]}, picture=form)
    assert look(done.output("video")).rate == Fraction(24000, 1001)


def test_what_moves_is_on_its_way_in_between(tmp_path: Path) -> None:
    clip = ball(tmp_path / "in.mp4", "12", sound=False)
    done = carry_out("interpolate", tmp_path / "job", {"frame_rate": "48"}, {"clip": [clip]}, quality=Quality.STANDARD)
    found = centres(done.output("video"), (240, 90))
    for number, (across, down) in enumerate(found[:85]):  # the last picture of the clip stands
        assert across == pytest.approx(40 + 60 * number / 48, abs=0.6)
        assert down == pytest.approx(45, abs=0.5)
    blended = carry_out("interpolate", tmp_path / "b", {"frame_rate": "24", "method": "blend"}, {"clip": [clip]})
    ghost = max(frame_rgb(blended.output("video"), 21)[1::3])
    whole = max(frame_rgb(done.output("video"), 42)[1::3])
    assert whole > ghost + 3


def test_nothing_is_made_up_across_a_cut(tmp_path: Path) -> None:
    """Two shots of a second: up to the cut every picture is of the first, from it on of the second."""
    first, second = "testsrc2=s=160x90:r=12:d=1", "smptehdbars=s=160x90:r=12:d=1"
    clip = tmp_path / "in.mp4"
    ffmpeg("-f", "lavfi", "-i", first, "-f", "lavfi", "-i", second, "-filter_complex",
           "[0]format=yuv420p[a];[1]format=yuv420p[b];[a][b]concat=n=2", "-qp", "6", *TAGS, str(clip))  # fmt: skip
    done = carry_out("interpolate", tmp_path / "job", {"frame_rate": "60"}, {"clip": [clip]})
    assert done.result
    assert (done.result.facts["frames"], done.result.facts["cuts"]) == (120, 1)
    before, after = frame_rgb(clip, 11), frame_rgb(clip, 12)

    def apart(number: int, of: bytes) -> float:
        made = frame_rgb(done.output("video"), number)
        return sum(abs(a - b) for a, b in zip(made, of, strict=True)) / len(of)

    for number in (56, 57):
        assert apart(number, before) < 4
    for number in (58, 59, 60):
        assert apart(number, after) < 4


def test_a_fast_pan_is_no_cut(tmp_path: Path) -> None:
    clip = tmp_path / "in.mp4"
    ffmpeg("-f", "lavfi", "-i", "mandelbrot=s=640x90:rate=12:maxiter=80", "-frames:v", "1", str(tmp_path / "wide.png"))
    ffmpeg("-loop", "1", "-framerate", "12", "-t", "2", "-i", str(tmp_path / "wide.png"),
           "-vf", "crop=240:90:n*15:0,format=yuv420p", "-qp", "6", *TAGS, str(clip))  # fmt: skip
    done = carry_out("interpolate", tmp_path / "job", {"frame_rate": "24"}, {"clip": [clip]})
    assert done.result
    assert done.result.facts["cuts"] == 0


def test_slower_is_longer_and_silent(tmp_path: Path) -> None:
    clip = ball(tmp_path / "in.mp4", "24")
    done = carry_out("interpolate", tmp_path / "job", {"frame_rate": "24", "slower": 2.5}, {"clip": [clip]})
    made = look(done.output("video"))
    assert (made.frames, made.rate, made.audio_s) == (120, Fraction(24), 0)
    assert done.result
    assert done.result.facts["sound"] == "left out"
    assert centres(done.output("video"), (240, 90))[60][0] == pytest.approx(40 + 60, abs=1)


def test_pictures_that_last_unlike_are_taken_at_their_times(tmp_path: Path) -> None:
    first, second = ball(tmp_path / "a.mp4", "10", 1, sound=False), ball(tmp_path / "b.mp4", "30", 1, sound=False)
    uneven = tmp_path / "in.mp4"
    joined = "[0:v]settb=1/30000[a];[1:v]settb=1/30000[b];[a][b]concat=n=2"
    ffmpeg("-i", str(first), "-i", str(second), "-filter_complex", joined, "-fps_mode", "passthrough", "-qp", "6",
           *TAGS, str(uneven))  # fmt: skip
    done = carry_out("interpolate", tmp_path / "job", {"frame_rate": "30"}, {"clip": [uneven]})
    made = look(done.output("video"))
    assert (made.frames, made.steady) == (60, True)
    found = centres(done.output("video"), (240, 90))
    assert found[10][0] == pytest.approx(40 + 20, abs=1)
    assert found[45][0] == pytest.approx(40 + 30, abs=1)


def test_one_picture_alone_and_the_same_pictures(tmp_path: Path) -> None:
    single = tmp_path / "one.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x64:r=24", "-frames:v", "1", "-pix_fmt", "yuv420p", str(single))
    assert look(carry_out("interpolate", tmp_path / "a", {}, {"clip": [single]}).output("video")).frames == 1
    clip = ball(tmp_path / "in.mp4", seconds=1)
    made = [carry_out("interpolate", tmp_path / f"{n}", {}, {"clip": [clip]}).output("video") for n in range(2)]
    assert frame_sums(made[0]) == frame_sums(made[1])


def test_sound_alone_is_refused_in_words(tmp_path: Path) -> None:
    tone = tmp_path / "tone.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", str(tone))
    done = carry_out("interpolate", tmp_path / "job", {}, {"clip": [tone]})
    assert done.status == Exit.NO_INPUT
    assert done.result
    assert done.result.error
    assert "has no picture" in done.result.error.message


def test_it_is_nearer_to_the_truth_than_fading(tmp_path: Path) -> None:
    """A pan at 48 pictures a second, of which every other one is taken away and made again."""
    wide, full, half = tmp_path / "wide.png", tmp_path / "full.mp4", tmp_path / "half.mp4"
    ffmpeg("-f", "lavfi", "-i", "mandelbrot=s=640x180:rate=12:maxiter=80", "-frames:v", "1", str(wide))
    ffmpeg("-loop", "1", "-framerate", "48", "-t", "0.5", "-i", str(wide),
           "-vf", "crop=320:180:n*4:0,format=yuv420p", "-qp", "4", *TAGS, str(full))  # fmt: skip
    ffmpeg("-i", str(full), "-vf", "select='not(mod(n,2))',setpts=N/24/TB", "-r", "24", "-qp", "4", *TAGS, str(half))

    def likeness(method: str) -> float:
        params = {"frame_rate": "48", "method": method}
        made = carry_out("interpolate", tmp_path / method, params, {"clip": [half]}, quality=Quality.HIGH)
        pairs = [(frame_rgb(made.output("video"), n), frame_rgb(full, n)) for n in (5, 11, 17)]
        wrong = sum((a - b) ** 2 for one, two in pairs for a, b in zip(one, two, strict=True))
        return 10 * math.log10(255**2 / (wrong / sum(len(one) for one, _ in pairs)))

    assert likeness("motion") > likeness("blend") + 4
