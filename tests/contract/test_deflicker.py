"""Deflicker: light comes to rest, what is meant stays, frames, times and sound stay, and cuts are no flicker."""

import hashlib
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from studio_sdk.contract import Exit
from tests.contract.test_clips import sound_packets, times
from tests.films import BT709, carry_out, ffmpeg, look, samples

TAGS = ("-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")


def lights(path: Path) -> list[float]:
    """Return the mean luma of every picture."""
    words = ["-i", str(path), "-vf", "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-", "-f", "null", "-"]
    said = subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True, text=True).stdout
    return [float(line.split("=")[1]) for line in said.splitlines() if "YAVG" in line]


def unrest(levels: list[float]) -> float:
    """Return how far each picture's light is from the mean of its neighbours', in the mean."""
    inner = range(1, len(levels) - 1)
    return sum(abs(levels[at] - (levels[at - 1] + levels[at + 1]) / 2) for at in inner) / len(inner)


def clip(path: Path, light: str, rate: str = "24", source: str = "testsrc2", *, sound: bool = False) -> Path:
    """Write two seconds of a picture that moves, whose light is `light`: an expression of the frame's number."""
    tone = ["-f", "lavfi", "-i", "sine=duration=2:sample_rate=48000"] if sound else []
    form = f"{source}{':' if '=' in source else '='}s=160x90:r={rate}:d=2,format=yuv420p"
    made = f"{form},geq=lum='16+(lum(X,Y)-16)*({light})':cb='cb(X,Y)':cr='cr(X,Y)'"
    ffmpeg("-f", "lavfi", "-i", made, *tone, "-c:v", "libx264", "-qp", "6", *TAGS, "-c:a", "aac", str(path))
    return path


JUMPS = "0.75+0.2*sin(N*2.3)"


def test_flicker_is_taken_out_and_told(tmp_path: Path) -> None:
    source = clip(tmp_path / "in.mp4", JUMPS)
    done = carry_out("deflicker", tmp_path / "job", {}, {"clip": [source]})
    before, after = unrest(lights(source)), unrest(lights(done.output("video")))
    assert before > 8
    assert after < before / 12
    assert done.result
    assert float(done.result.facts["flicker_after"] or 0) < float(done.result.facts["flicker_before"] or 0) / 8
    half = carry_out("deflicker", tmp_path / "half", {"strength": 0.5}, {"clip": [source]})
    assert unrest(lights(half.output("video"))) == pytest.approx(before / 2, rel=0.15)


def test_flicker_of_the_dark_tones_alone_is_mended_there(tmp_path: Path) -> None:
    """One gain for all would make the bright tones flicker instead."""
    light = "if(lt(lum(X,Y),110),0.7+0.25*sin(N*2.3),1)"
    source = clip(
        tmp_path / "in.mp4", light, source="gradients=x0=0:y0=0:x1=159:y1=0:nb_colors=2:c0=black:c1=white:speed=0.00001"
    )
    made = carry_out("deflicker", tmp_path / "job", {}, {"clip": [source]}).output("video")

    def part(path: Path, left: int) -> float:
        cut = path.with_name(f"{left}-{path.stem}.mkv")
        ffmpeg("-i", str(path), "-vf", f"crop=40:90:{left}:0", "-c:v", "ffv1", str(cut))
        return unrest(lights(cut))

    assert part(made, 20) < part(source, 20) / 3
    assert part(made, 118) < 1.0


def test_a_slow_change_of_light_stays(tmp_path: Path) -> None:
    source = clip(tmp_path / "in.mp4", "0.4+0.6*N/47")
    made = carry_out("deflicker", tmp_path / "job", {}, {"clip": [source]}).output("video")
    before, after = lights(source), lights(made)
    assert all(abs(one - two) < 6 for one, two in zip(before[6:-6], after[6:-6], strict=True))
    assert after[-1] - after[0] > 0.8 * (before[-1] - before[0])


def test_a_cut_is_no_flicker(tmp_path: Path) -> None:
    dark, bright = clip(tmp_path / "a.mp4", "0.35"), clip(tmp_path / "b.mp4", "1", source="smptehdbars")
    both = tmp_path / "in.mp4"
    ffmpeg("-i", str(dark), "-i", str(bright), "-filter_complex", "concat=n=2", "-qp", "6", *TAGS, str(both))
    done = carry_out("deflicker", tmp_path / "job", {}, {"clip": [both]})
    before, after = lights(both), lights(done.output("video"))
    assert done.result
    assert done.result.facts["shots"] == 2
    assert abs(after[47] - before[47]) < 1.5
    assert abs(after[48] - before[48]) < 1.5


@pytest.mark.parametrize("rate", ["24", "24000/1001", "25/2"])
def test_every_frame_its_time_and_the_sound_stay(rate: str, tmp_path: Path) -> None:
    source = clip(tmp_path / "in.mp4", JUMPS, rate, sound=True)
    made = carry_out("deflicker", tmp_path / "job", {}, {"clip": [source]}).output("video")
    before, after = look(source), look(made)
    assert (after.frames, after.average, after.tags, after.pixels) == (before.frames, Fraction(rate), BT709, "yuv420p")
    assert times(made) == times(source)
    assert sound_packets(made) == sound_packets(source)
    assert samples(made) == samples(source)


def test_black_one_picture_and_the_same_bytes(tmp_path: Path) -> None:
    black, single = tmp_path / "black.mp4", tmp_path / "one.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=c=black:s=64x64:r=24:d=1", "-pix_fmt", "yuv420p", *TAGS, str(black))
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x64:r=24", "-frames:v", "1", "-pix_fmt", "yuv420p", *TAGS, str(single))
    assert lights(carry_out("deflicker", tmp_path / "a", {}, {"clip": [black]}).output("video")) == pytest.approx(
        [16] * 24
    )
    assert look(carry_out("deflicker", tmp_path / "b", {}, {"clip": [single]}).output("video")).frames == 1
    source = clip(tmp_path / "in.mp4", JUMPS)
    made = [carry_out("deflicker", tmp_path / f"{n}", {}, {"clip": [source]}).output("video") for n in range(2)]
    assert len({hashlib.sha256(one.read_bytes()).hexdigest() for one in made}) == 1


def test_sound_alone_is_refused_in_words(tmp_path: Path) -> None:
    tone = tmp_path / "tone.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", str(tone))
    done = carry_out("deflicker", tmp_path / "job", {}, {"clip": [tone]})
    assert done.status == Exit.NO_INPUT
    assert done.result
    assert done.result.error
    assert "has no picture" in done.result.error.message
