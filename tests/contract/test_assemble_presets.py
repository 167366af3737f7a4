"""What a film is made for: size, framing, coding and burnt-in timecode of each preset, seen in the file."""

import json
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from studio_sdk.types import Format
from tests import films
from tests.films import Piece, carry_out, ffmpeg, look, samples


def _clip(path: Path, frames: int = 24) -> Path:
    """Write a clip that is red in its left third, green in the middle, blue on the right."""
    source = "color=c=red:s=108x180:r=24[a];color=c=lime:s=104x180:r=24[b];color=c=blue:s=108x180:r=24[c];"
    ffmpeg("-filter_complex", f"{source}[a][b][c]hstack=3,format=yuv420p", "-frames:v", str(frames), "-c:v", "libx264",
           "-qp", "4", "-color_range", "tv", "-colorspace", "bt709", str(path))  # fmt: skip
    return path


def _pixel(path: Path, x: int, y: int) -> tuple[int, int, int]:
    words = [
        "-i",
        str(path),
        "-frames:v",
        "1",
        "-vf",
        f"format=rgb24,crop=1:1:{x}:{y}",
        "-pix_fmt",
        "rgb24",
        "-f",
        "rawvideo",
        "-",
    ]
    raw = subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True).stdout
    return raw[0], raw[1], raw[2]


def _is(seen: tuple[int, int, int], *wanted: int) -> bool:
    return all(abs(one - other) < 60 for one, other in zip(seen, wanted, strict=True))


@pytest.mark.parametrize(("delivery", "size"), [("vertical", (1080, 1920)), ("square", (1080, 1080))])
def test_another_shape_keeps_the_whole_picture_or_its_middle(
    delivery: str, size: tuple[int, int], tmp_path: Path
) -> None:
    clip = _clip(tmp_path / "clip.mp4", 3)
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(clip, 3)])
    for framing, corner in (("fit", (0, 0, 0)), ("fill", (0, 255, 0))):
        params: dict[str, object] = {"delivery": delivery, "framing": framing}
        film = carry_out("assemble", tmp_path / framing, params, {"cut": [cut], "clips": [clip]}).output("film")
        seen = look(film)
        assert (seen.frames, seen.size, seen.tags) == (3, size, films.BT709)
        assert _is(_pixel(film, size[0] // 2, 8), *corner)
        assert _is(_pixel(film, size[0] // 2, size[1] // 2), 0, 255, 0)
        side = _pixel(film, 6, size[1] // 2)
        assert _is(side, 255, 0, 0) if framing == "fit" or delivery == "square" else _is(side, 0, 255, 0)


@pytest.mark.parametrize(("delivery", "name"), [("prores", "prores"), ("dnxhr", "dnxhd")])
@pytest.mark.parametrize(
    ("rate", "hour"),
    [
        ("24000/1001", "01:00:00:00"), ("24/1", "01:00:00:00"), ("25/1", "01:00:00:00"),
        ("30000/1001", "01:00:00;00"), ("30/1", "01:00:00:00"), ("50/1", "01:00:00:00"), ("60000/1001", "01:00:00;00"),
    ],
)  # fmt: skip
def test_a_master_is_whole_pictures_with_timecode_and_plain_sound(
    delivery: str, name: str, rate: str, hour: str, tmp_path: Path
) -> None:
    clip = _clip(tmp_path / "clip.mp4")
    form = Format(width=320, height=180, frame_rate=rate)
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(clip, 24, "24/1", (2, 20))], rate, start=hour)
    done = carry_out(
        "assemble", tmp_path / "job", {"delivery": delivery}, {"cut": [cut], "clips": [clip]}, picture=form
    )
    film = done.output("film")
    assert film.suffix == ".mov"
    words = ["-v", "error", "-show_streams", "-count_frames", "-of", "json", str(film)]
    told = json.loads(subprocess.run(["ffprobe", *words], capture_output=True, check=True).stdout)["streams"]
    picture, sound, code = told
    assert (picture["codec_name"], picture["nb_read_frames"], picture["r_frame_rate"]) == (name, "18", rate)
    assert (sound["codec_name"], len(samples(film))) == ("pcm_s24le", int(18 * 48000 / Fraction(rate)))
    assert (code["tags"]["timecode"], code["tags"]["reel_name"]) == (hour, "MASTER01")


def test_a_reference_film_has_timecode_and_take_in_its_picture(tmp_path: Path) -> None:
    clip = _clip(tmp_path / "clip.mp4", 12)
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(clip, 12), Piece(None, 12, shot="SHOT-020")])
    plain = carry_out("assemble", tmp_path / "plain", {}, {"cut": [cut], "clips": [clip]}).output("film")
    film = carry_out("assemble", tmp_path / "job", {"delivery": "reference"}, {"cut": [cut], "clips": [clip]})
    made = film.output("film")
    assert look(made).frames == look(plain).frames == 24
    sums = films.frame_sums(made)
    assert len(set(sums)) == 24, "a still clip has a timecode that runs"
    assert _is(_pixel(made, 160, 40), *_pixel(plain, 160, 40))
    assert _is(_pixel(made, 150, 174), 0, 0, 0)
