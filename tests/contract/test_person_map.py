"""The person of a clip as maps: by the real MediaPipe in a figure drawn here, and by ComfyUI's nodes."""

import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from studio_sdk import Code, testing
from studio_sdk.testing import Outcome
from studio_sdk.types import Format
from tests.fakes.comfy import FakeComfy
from tests.films import PIPELINES, ffmpeg, look
from tests.wan import carry_out as through_comfy
from tests.wan import clip as colours
from tests.wan import comfy, failed, golden, sent

__all__ = ["comfy"]

pytestmark = pytest.mark.timeout(900)

NAME = "preprocess-motion"
PYTHON = PIPELINES / "environments" / "bodies" / ".venv" / "bin" / "python"
SKIN, SHIRT, TROUSERS, HAIR = (214, 164, 132), (40, 70, 130), (50, 50, 60), (60, 40, 30)
WIDE = Format(width=1280, height=720, frame_rate="24/1")


def figure(raised: float) -> Image.Image:
    """Draw somebody who stands there and raises an arm, 0 down, 1 up; 320 pixels square."""
    side = 1280
    drawn = Image.new("RGB", (side, side), (150, 170, 190))
    pen = ImageDraw.Draw(drawn)

    def limb(start: tuple[float, float], end: tuple[float, float], wide: float, colour: tuple[int, int, int]) -> None:
        ends = [(x * side, y * side) for x, y in (start, end)]
        pen.line(ends, fill=colour, width=int(wide * side))
        for x, y in ends:
            half = wide * side / 2
            pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)

    for hip, knee in ((0.46, 0.44), (0.54, 0.56)):
        limb((hip, 0.55), (knee, 0.75), 0.085, TROUSERS)
        limb((knee, 0.75), (knee, 0.93), 0.07, TROUSERS)
    pen.rounded_rectangle((0.41 * side, 0.28 * side, 0.59 * side, 0.58 * side), radius=50, fill=SHIRT)
    limb((0.42, 0.31), (0.36, 0.44), 0.06, SHIRT)
    limb((0.36, 0.44), (0.34, 0.56), 0.05, SKIN)
    elbow = (0.66, 0.43 - 0.16 * raised)
    limb((0.58, 0.31), elbow, 0.06, SHIRT)
    limb(elbow, (0.72, 0.52 - 0.38 * raised), 0.05, SKIN)
    pen.rectangle((0.475 * side, 0.22 * side, 0.525 * side, 0.30 * side), fill=SKIN)
    pen.ellipse((0.445 * side, 0.09 * side, 0.555 * side, 0.25 * side), fill=SKIN)
    pen.pieslice((0.44 * side, 0.075 * side, 0.56 * side, 0.22 * side), 180, 360, fill=HAIR)
    for x in (0.478, 0.522):
        pen.ellipse(((x - 0.012) * side, 0.152 * side, (x + 0.012) * side, 0.166 * side), fill="white")
        pen.ellipse(((x - 0.006) * side, 0.153 * side, (x + 0.006) * side, 0.166 * side), fill=HAIR)
        pen.line([((x - 0.015) * side, 0.14 * side), ((x + 0.015) * side, 0.14 * side)], fill=HAIR, width=6)
    pen.line([(0.48 * side, 0.213 * side), (0.52 * side, 0.213 * side)], fill=(150, 70, 70), width=9)
    return drawn.resize((320, 320), Image.Resampling.LANCZOS)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figure")
    for number in range(12):
        figure(number / 11).save(folder / f"{number:02}.png")
    ffmpeg("-framerate", "24", "-i", str(folder / "%02d.png"), "-pix_fmt", "yuv420p", str(folder / "clip.mp4"))
    return folder / "clip.mp4"


def carry_out(job: Path, clip: Path, draw: str) -> Outcome:
    folder = PIPELINES / NAME
    testing.prepare(folder, job, {"draw": draw}, {"clip": [clip]}, picture=WIDE)
    done = testing.carry_out(folder, job, PYTHON, limit_s=300)
    assert testing.breaches(testing.manifest(folder), done) == [], done.printed.decode()
    return done


def first(made: Path, to: Path) -> Image.Image:
    ffmpeg("-i", str(made), "-frames:v", "1", str(to))
    with Image.open(to) as picture:
        return picture.convert("RGB")


def brightest(picture: Image.Image, box: tuple[int, int, int, int]) -> int:
    return max(int(high) for _, high in picture.crop(box).getextrema())  # type: ignore[misc]


def at(picture: Image.Image, spot: tuple[int, int]) -> tuple[int, ...]:
    found = picture.getpixel(spot)
    assert isinstance(found, tuple)
    return tuple(map(int, found))


def test_pose_mask_background_and_face_are_four_maps(clip: Path, tmp_path: Path) -> None:
    seen: dict[str, Image.Image] = {}
    for draw in ("pose", "mask", "background", "face"):
        done = carry_out(tmp_path / draw, clip, draw)
        made = done.output("map")
        found = look(made)
        assert (found.frames, found.size, found.steady) == (8, (512, 512) if draw == "face" else (640, 640), True)
        assert done.result
        assert (done.result.facts["seen"], done.result.facts["map"]) == (8, draw)
        seen[draw] = first(made, tmp_path / f"{draw}.png")
    pose, mask, background, face = (seen[draw] for draw in ("pose", "mask", "background", "face"))
    assert brightest(pose, (200, 40, 440, 600)) > 200, "sticks where the figure stands"
    assert brightest(pose, (0, 0, 120, 640)) < 40, "and none where it does not"
    assert (min(at(mask, (320, 300))) > 200, max(at(mask, (60, 300))) < 40) == (True, True)
    assert (max(at(background, (320, 300))) < 40, min(at(background, (60, 300))) > 100) == (True, True)
    assert max(abs(a - b) for a, b in zip(at(face, (256, 300)), SKIN, strict=True)) < 60, "the face fills its square"


def test_a_clip_without_anybody_is_refused(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=gray:s=320x240:r=16", "-frames:v", "4", str(tmp_path / "empty.mp4"))
    done = carry_out(tmp_path / "job", tmp_path / "empty.mp4", "pose")
    code, message, _ = failed(done)
    assert (code, message) == (Code.UNSUPPORTED_MEDIA, "Nobody was found in empty.mp4.")
    assert json.loads((done.folder / "outputs" / "result.json").read_bytes())["error"]["field"] == "clip"


def test_comfyui_draws_the_pose_where_its_node_is_installed(comfy: FakeComfy, tmp_path: Path) -> None:
    files = {"clip": [colours(tmp_path / "clip.mp4", 24, rate="24")]}
    done = through_comfy("motion-pose", tmp_path / "job", comfy, {"hands": False}, files)
    seen = look(done.output("map"))
    assert (seen.frames, seen.size, seen.steady) == (16, (740, 554), True), "in the shape of the clip"
    golden(sent(comfy), "motion-pose")
    comfy.packs.clear()
    code, message, _ = failed(through_comfy("motion-pose", tmp_path / "without", comfy, {}, files))
    assert (code, message) == (
        Code.DEPENDENCY_MISSING,
        "ComfyUI lacks the node DWPreprocessor. Install the node pack comfyui_controlnet_aux there.",
    )
