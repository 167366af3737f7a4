"""Clips of 3840 x 2160, by the CPU pipelines that take one: none is refused, cut short or made smaller by accident."""

from pathlib import Path

import pytest

from studio_sdk.types import Format
from tests.faces import portrait
from tests.films import carry_out, ffmpeg, look

pytestmark = pytest.mark.timeout(600)

HD = Format(width=1280, height=720, frame_rate="24/1")
LARGE = (3840, 2160)
FRAMES = 6


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter of a second of a face that stands still, as a camera of today films it."""
    folder = tmp_path_factory.mktemp("large")
    portrait().save(folder / "face.png")
    fitted = "scale=2160:2160,pad=3840:2160:840:0"
    still = ["-loop", "1", "-r", "24", "-i", str(folder / "face.png"), "-frames:v", str(FRAMES), "-vf", fitted]
    ffmpeg(*still, "-pix_fmt", "yuv420p", "-preset", "ultrafast", str(folder / "large.mp4"))
    return folder / "large.mp4"


@pytest.mark.parametrize("name", ["grade", "deflicker", "clean-up", "interpolate"])
def test_what_improves_a_large_clip_keeps_its_size_and_frames(name: str, large: Path, tmp_path: Path) -> None:
    params: dict[str, object] = {"frame_rate": "48"} if name == "interpolate" else {}
    done = carry_out(name, tmp_path / "job", params, {"clip": [large]}, picture=HD)
    assert done.result
    assert done.result.status == "succeeded", done.printed.decode()
    seen = look(done.output("video"))
    assert (seen.size, seen.frames) == (LARGE, FRAMES * (2 if name == "interpolate" else 1))


@pytest.mark.parametrize("name", ["motion-edges", "preprocess-motion"])
def test_movement_is_taken_out_of_a_large_clip(name: str, large: Path, tmp_path: Path) -> None:
    done = carry_out(name, tmp_path / "job", {}, {"clip": [large]}, picture=HD)
    assert done.result
    assert done.result.status == "succeeded", done.printed.decode()


def test_a_still_follows_a_large_clip(large: Path, tmp_path: Path) -> None:
    portrait().save(tmp_path / "still.png")
    files = {"still": [tmp_path / "still.png"], "motion": [large]}
    done = carry_out("previz-move", tmp_path / "job", {}, files, picture=HD)
    assert done.result
    assert done.result.status == "succeeded", done.printed.decode()
    seen = look(done.output("video"))
    assert (seen.size, seen.frames) == ((HD.width, HD.height), FRAMES)
