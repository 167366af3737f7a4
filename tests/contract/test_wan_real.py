"""Wan 2.2 against a real ComfyUI, where COMFYUI_URL names one: with tiny weights on a CPU it takes a few minutes.

The pipelines are those that ship; only the area of the picture is made small in a copy, so that a CPU can do it. What
real weights make is not looked at here, only that the server takes every graph and gives the pictures asked for.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image, ImageDraw

from studio_sdk import Code, testing
from studio_sdk.contract import Preview
from studio_sdk.testing import Outcome
from studio_sdk.types import Quality
from tests.films import look
from tests.wan import ANIMATE, CONTROL, I2V, INP, PYTHON, REAL, S2V, T2V, TINY, clip, failed, small, still, voice

__all__ = ["still"]

pytestmark = [pytest.mark.timeout(1800), pytest.mark.skipif(not REAL, reason="no COMFYUI_URL")]
PIXELS = 64 * 64


def carry_out(
    name: str,
    place: Path,
    params: dict[str, Any] | None = None,
    files: dict[str, list[Path]] | None = None,
    *,
    quality: Quality = Quality.LOW,
    cancel_at: float | None = None,
) -> Outcome:
    folder = small(place / "pipelines", PIXELS) / name
    testing.prepare(folder, place / "job", params, files, picture=TINY, quality=quality, seed=7)
    done = testing.carry_out(folder, place / "job", PYTHON, cancel_at=cancel_at, comfyui=REAL, limit_s=1700)
    assert testing.breaches(testing.manifest(folder), done) == [], done.printed.decode()
    print(f"{name} {quality.value} {params}: {done.elapsed_s:.1f} s")  # noqa: T201 - the figures of a run by hand
    return done


def made(done: Outcome, frames: int, parts: int | None = None) -> None:
    assert done.result
    assert done.result.status == "succeeded", done.result.error
    seen = look(done.output("video"))
    assert (seen.frames, seen.rate, seen.size, seen.steady) == (frames, Fraction(16), (64, 64), True)
    assert done.result.facts["frames"] == frames
    if parts is not None:
        assert done.result.facts["parts"] == parts
    assert done.result.facts["prompt_id"]
    assert done.result.made_with.comfyui == httpx.get(f"{REAL}/system_stats").json()["system"]["comfyui_version"]


@pytest.mark.parametrize("frames", [1, 4, 5, 77, 78, 145, 149, 500])
def test_animate_moves_for_exactly_the_pictures_of_the_clip(tmp_path: Path, still: Path, frames: int) -> None:
    motion = clip(tmp_path / "motion.mp4", frames, sound=frames > 5)
    files = {"still": [still], "motion": [motion], "pose": [motion]}
    if frames == 1:  # a longer track of a face needs 7 GB and more on a CPU
        files["face"] = [motion]
    made(carry_out(ANIMATE, tmp_path, {"prompt": "She dances."}, files), frames, 1 + max(0, -(-(frames - 77) // 72)))


@pytest.mark.parametrize("quality", [Quality.STANDARD, Quality.HIGH])
@pytest.mark.parametrize("name", [ANIMATE, S2V, I2V, T2V, INP, CONTROL])
def test_every_quality_is_taken(tmp_path: Path, still: Path, name: str, quality: Quality) -> None:
    motion = clip(tmp_path / "motion.mp4", 5)
    files = {
        ANIMATE: {"still": [still], "motion": [motion], "pose": [motion]},
        S2V: {"still": [still], "voice": [voice(tmp_path / "voice.wav", 0.3)]},
        I2V: {"still": [still]},
        T2V: {},
        INP: {"still": [still], "last": [still]},
        CONTROL: {"control": [motion], "still": [still]},
    }[name]
    params = {} if name in (ANIMATE, S2V, CONTROL) else {"seconds": 5 / 16}
    if name == T2V:
        params["prompt"] = "Rain."  # type: ignore[assignment]
    done = carry_out(name, tmp_path, params, files, quality=quality)
    if done.result and done.result.error and done.result.error.code is Code.DEPENDENCY_MISSING:
        pytest.skip(done.result.error.message)  # the maker of tiny weights makes those of some qualities only
    made(done, 5)


def test_mix_is_made_or_refused_with_the_reason(tmp_path: Path, still: Path) -> None:
    mask = Image.new("L", (160, 120), 0)
    ImageDraw.Draw(mask).rectangle((60, 20, 100, 110), fill=255)
    mask.save(tmp_path / "mask.png")
    motion = clip(tmp_path / "motion.mp4", 78)
    files = {"still": [still], "motion": [motion], "pose": [motion], "mask": [tmp_path / "mask.png"]}
    done = carry_out(ANIMATE, tmp_path, {"submode": "mix"}, files)
    version = httpx.get(f"{REAL}/system_stats").json()["system"]["comfyui_version"]
    if tuple(map(int, version.split(".")[:2])) <= (0, 36):
        code, message, detail = failed(done)
        assert (code, "has a defect" in message, "16406" in detail) == (Code.DEPENDENCY_MISSING, True, True)
    else:
        made(done, 78, 2)


@pytest.mark.parametrize(
    ("seconds", "frames", "parts"), [(0.3, 5, 1), (5, 80, 2), (5.1, 82, 2), (14.9, 239, 4), (60, 960, 13)]
)
def test_s2v_is_as_long_as_the_voice(tmp_path: Path, still: Path, seconds: float, frames: int, parts: int) -> None:
    files = {"still": [still], "voice": [voice(tmp_path / "voice.wav", seconds)]}
    made(carry_out(S2V, tmp_path, {"prompt": "She sings."}, files), frames, parts)


@pytest.mark.parametrize(("frames", "parts"), [(1, 1), (4, 1), (82, 2)])
def test_a_still_moves(tmp_path: Path, still: Path, frames: int, parts: int) -> None:
    made(carry_out(I2V, tmp_path, {"seconds": frames / 16}, {"still": [still]}), frames, parts)


def test_words_a_pair_of_stills_and_a_map_make_clips(tmp_path: Path, still: Path) -> None:
    told = carry_out(T2V, tmp_path / "t2v", {"prompt": "Rain.", "seconds": 4 / 16})
    made(told, 4)
    assert any(isinstance(event, Preview) for event in told.events), "previews of the sampler are passed on"
    made(carry_out(INP, tmp_path / "inp", {"seconds": 4 / 16}, {"still": [still], "last": [still]}), 5)
    files = {"control": [clip(tmp_path / "map.mp4", 4)], "still": [still]}
    made(carry_out(CONTROL, tmp_path / "map", {}, files), 4)
    made(carry_out(CONTROL, tmp_path / "lines", {"draw": "outlines"}, files), 4)


def test_a_job_is_canceled_on_the_server(tmp_path: Path, still: Path) -> None:
    done = carry_out(I2V, tmp_path, {"seconds": 5.0}, {"still": [still]}, cancel_at=0.2)
    assert done.result
    assert done.result.status == "canceled"
    asked = httpx.get(f"{REAL}/queue").json()
    assert (asked["queue_running"], asked["queue_pending"]) == ([], [])


def test_a_pose_is_found_or_the_pack_is_named(tmp_path: Path) -> None:
    done = carry_out("motion-pose", tmp_path, {}, {"clip": [clip(tmp_path / "motion.mp4", 5)]})
    if done.result and done.result.error:
        code, message, _ = failed(done)
        assert (code, "comfyui_controlnet_aux" in message) == (Code.DEPENDENCY_MISSING, True)
    else:
        assert look(next(path for path in (done.folder / "outputs").glob("*.mp4"))).frames == 5
