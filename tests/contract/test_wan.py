"""Wan 2.2 through ComfyUI against the stand-in: exact lengths, and what a graph holds."""

import base64
import json
import subprocess
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from studio_sdk import Code, testing
from studio_sdk.comfy import Schemas, Workflow, check
from studio_sdk.contract import Preview
from studio_sdk.types import Format, Quality
from tests.fakes.comfy import FakeComfy
from tests.fakes.comfy.schemas import OFFICIAL, schemas
from tests.films import PIPELINES, ffmpeg, look
from tests.wan import ANIMATE, I2V, PAIR, PYTHON, S2V, carry_out, clip, comfy, failed, golden, kinds, sent, still, voice

__all__ = ["comfy", "still"]

pytestmark = pytest.mark.timeout(900)


# Lengths.


@pytest.mark.parametrize("frames", [1, 4, 5, 77, 78, 145, 149, 500])
def test_animate_makes_exactly_the_pictures_of_the_clip(
    comfy: FakeComfy, tmp_path: Path, still: Path, frames: int
) -> None:
    files = {"still": [still], "motion": [clip(tmp_path / "motion.mp4", frames, sound=frames > 5)]}
    done = carry_out(ANIMATE, tmp_path / "job", comfy, {"prompt": "She dances."}, files)
    seen = look(done.output("video"))
    assert (seen.frames, seen.rate, seen.size, seen.steady) == (frames, Fraction(16), (480, 480), True)
    assert abs(seen.audio_s - (frames / 16 if frames > 5 else 0)) < 1e-4
    parts = 1 if frames <= 77 else 1 + -(-(frames - 77) // 72)
    shown = [event for event in done.events if isinstance(event, Preview)]
    assert base64.b64decode(shown[0].data).startswith(b"\xff\xd8"), "the pose that was found"
    graph = sent(comfy)
    assert kinds(graph).count("WanAnimateToVideo") == parts
    assert "background_video" not in graph["40"]["inputs"]
    assert done.result
    assert (done.result.facts["frames"], done.result.facts["parts"]) == (frames, parts)
    assert ("drift_light" in done.result.facts) == (parts > 1)


@pytest.mark.parametrize(("seconds", "frames"), [(0.3, 5), (5, 80), (5.1, 82), (14.9, 239), (60, 960)])
def test_s2v_is_as_long_as_the_voice(
    comfy: FakeComfy, tmp_path: Path, still: Path, seconds: float, frames: int
) -> None:
    files = {"still": [still], "voice": [voice(tmp_path / "voice.wav", seconds)]}
    done = carry_out(S2V, tmp_path / "job", comfy, {"prompt": "She sings."}, files)
    seen = look(done.output("video"))
    assert (seen.frames, seen.rate, seen.audio, seen.steady) == (frames, Fraction(16), ("aac", 48000, 2), True)
    assert abs(seen.audio_s - frames / 16) < 1e-4
    parts = -(-(frames + 2) // 80)
    assert kinds(sent(comfy)).count("WanSoundImageToVideoExtend") == parts - 1
    assert done.result
    told = done.result.made_with
    assert (told.comfyui, told.gpu, list(told.workflows)) == (comfy.version, "cuda:0 Fake", ["s2v.json"])
    assert "wan2.2_s2v_14B_fp8_scaled.safetensors" in [model.file for model in told.models]


@pytest.mark.parametrize(
    ("begins", "length", "frames"), [(70.0, 5.0, 80), (85.0, 0.0, 80), (12.3, 0.3, 5), (30, 60, 960)]
)
def test_s2v_speaks_exactly_a_part_of_a_long_voice(
    comfy: FakeComfy, tmp_path: Path, still: Path, begins: float, length: float, frames: int
) -> None:
    long = tmp_path / "long.wav"
    ffmpeg("-f", "lavfi", "-i", "aevalsrc='sin(2*PI*(200+floor(t))*t)':s=44100:d=90", str(long))
    params = {"prompt": "She sings.", "voice_from": begins, "voice_length": length}
    done = carry_out(S2V, tmp_path / "job", comfy, params, {"still": [still], "voice": [long]})
    seen = look(done.output("video"))
    assert (seen.frames, seen.audio_s) == (frames, pytest.approx(frames / 16, abs=1e-4))
    wanted = length or 90 - begins
    with wave.open(str(done.folder / "scratch" / "voice.wav")) as file:
        assert (file.getframerate(), file.getnframes()) == (48000, round(wanted * 48000)), "what ComfyUI is given"


@pytest.mark.parametrize(
    ("rate", "frames", "made"), [("24", 48, 32), ("30000/1001", 60, 32), ("25", 10, 6), ("8", 8, 16)]
)
def test_a_clip_of_another_rate_is_taken_at_16_pictures_a_second(
    comfy: FakeComfy, tmp_path: Path, still: Path, rate: str, frames: int, made: int
) -> None:
    files = {"still": [still], "motion": [clip(tmp_path / "motion.mp4", frames, rate=rate)]}
    done = carry_out(ANIMATE, tmp_path / "job", comfy, {}, files)
    assert look(done.output("video")).frames == made
    driver = done.folder / "scratch" / "driver.mp4"
    assert (look(driver).frames, look(driver).size) == (made, (480, 480))


def test_drift_and_seams_are_measured_in_levels(tmp_path: Path) -> None:
    steps = "geq=lum='100+10*gte(N,77)+10*gte(N,149)':cb=128:cr='128+6*gte(N,149)'"
    words = ["-f", "lavfi", "-i", "color=gray:size=64x64:rate=16", "-vf", steps, "-frames:v", "200"]
    ffmpeg(*words, "-pix_fmt", "yuv420p", str(tmp_path / "steps.mp4"))
    source, even = (str(tmp_path / f"{name}.mp4") for name in ("steps", "even"))
    ask = f"import json, drift, even; print(json.dumps([drift.measured({source!r}), "
    ask += f"drift.measured(even.evened({source!r}, {even!r}))]))"
    told = subprocess.run([PYTHON, "-c", ask], cwd=PIPELINES / ANIMATE, capture_output=True, check=True).stdout
    found, mended = json.loads(told)
    assert (found.pop("part_starts"), found.pop("part_light")) == ("0 77 149", "0.0 10.0 20.0")
    assert [abs(float(one)) < 0.5 for one in mended.pop("part_light").split()] == [True] * 3
    assert found.pop("part_colour").startswith("0.0 0.0 6.")
    wanted = {"drift_light": 20, "drift_colour": 6, "seam_light": 10, "seam_colour": 6}
    assert found == pytest.approx(wanted, abs=0.5)
    assert {name: mended[name] for name in wanted} == pytest.approx(dict.fromkeys(wanted, 0), abs=0.5)
    assert look(Path(even)).frames == 200


@pytest.mark.parametrize("name", [ANIMATE, I2V])
def test_one_part_is_made_again_and_those_before_it_stay(
    comfy: FakeComfy, tmp_path: Path, still: Path, name: str
) -> None:
    files = {"still": [still]} | ({"motion": [clip(tmp_path / "motion.mp4", 150)]} if name == ANIMATE else {})
    files |= {"pose": files["motion"]} if name == ANIMATE else {}
    params: dict[str, Any] = {"even": True} | ({"seconds": 170 / 16} if name == I2V else {})
    whole = carry_out(name, tmp_path / "whole", comfy, params, files)
    seed, sampler = ("seed", "41") if name == ANIMATE else ("noise_seed", "21")
    seeds = [sent(comfy)[part]["inputs"][seed] for part in (sampler, f"2{sampler}", f"3{sampler}")]
    carry_out(name, tmp_path / "again", comfy, params | {"again": 2, "variation": 5}, files)
    anew = [sent(comfy)[part]["inputs"][seed] for part in (sampler, f"2{sampler}", f"3{sampler}")]
    assert seeds == [7, 8, 9]
    assert anew == [7, 8 + 5 * 1_000_003, 9 + 5 * 1_000_003]
    told = dict(comfy.line.history[comfy.line.ran[-1]].messages)["execution_cached"]["nodes"]
    assert (sampler in told, f"2{sampler}" in told) == (True, False), "ComfyUI keeps what is the same"
    assert look(whole.output("video")).frames == (150 if name == ANIMATE else 170)
    assert whole.result
    assert whole.result.facts["seam_light"] < 1  # type: ignore[operator]
    code, message, _ = failed(carry_out(name, tmp_path / "past", comfy, params | {"again": 9}, files))
    assert (code, message) == (Code.VALIDATION_ERROR, "This shot has 3 parts, and was to be made again from part 9.")


def test_a_length_cuts_the_clip_and_cannot_outlast_it(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    files = {"still": [still], "motion": [clip(tmp_path / "motion.mp4", 48)]}
    assert look(carry_out(ANIMATE, tmp_path / "a", comfy, {"seconds": 1.5}, files).output("video")).frames == 24
    code, message, _ = failed(carry_out(ANIMATE, tmp_path / "b", comfy, {"seconds": 10.0}, files))
    assert (code, message) == (Code.VALIDATION_ERROR, "motion.mp4 is 3.0 s long, and the shot is to be 10 s.")


# What the graphs hold.


def test_mix_has_mask_background_and_relight_and_move_has_none(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    mask = Image.new("L", (160, 120), 0)
    ImageDraw.Draw(mask).rectangle((60, 20, 100, 110), fill=255)
    mask.save(tmp_path / "mask.png")
    motion = clip(tmp_path / "motion.mp4", 80)
    files = {"still": [still], "motion": [motion], "mask": [tmp_path / "mask.png"]}
    done = carry_out(ANIMATE, tmp_path / "mix", comfy, {"submode": "mix"}, files)
    graph = sent(comfy)
    for part in ("40", "240"):
        assert {"background_video", "character_mask"} <= set(graph[part]["inputs"])
    assert graph["4"]["inputs"]["model"] == ["3", 0]
    scratch = done.folder / "scratch"
    assert [look(scratch / f"{name}.mp4").frames for name in ("mask", "background", "pose", "face")] == [149] * 4
    ffmpeg("-i", str(scratch / "mask.mp4"), "-frames:v", "1", str(tmp_path / "seen.png"))
    ffmpeg("-i", str(scratch / "background.mp4"), "-frames:v", "1", str(tmp_path / "place.png"))
    with Image.open(tmp_path / "seen.png") as seen, Image.open(tmp_path / "place.png") as place:
        assert (seen.convert("L").getpixel((240, 240)) > 200, seen.convert("L").getpixel((40, 240)) < 20) == (
            True,
            True,
        )
        assert place.convert("L").getpixel((240, 240)) < 30
    files["motion"] = [clip(tmp_path / "short.mp4", 5)]
    carry_out(ANIMATE, tmp_path / "dark", comfy, {"submode": "mix", "relight": False}, files)
    assert sent(comfy)["4"]["inputs"]["model"] == ["2", 0]
    carry_out(ANIMATE, tmp_path / "move", comfy, {"submode": "move"}, files)
    assert "WanAnimate_relight_lora_fp16.safetensors" not in json.dumps(sent(comfy))
    assert not (tmp_path / "move" / "scratch" / "mask.mp4").exists()


def test_pose_and_face_that_are_wired_in_are_used(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    comfy.packs.clear()  # no pose node is needed then
    made = clip(tmp_path / "made.mp4", 10)
    files = {"still": [still], "motion": [clip(tmp_path / "motion.mp4", 20)], "pose": [made], "face": [made]}
    done = carry_out(ANIMATE, tmp_path / "job", comfy, {}, files)
    assert look(done.output("video")).frames == 20
    scratch = done.folder / "scratch"
    assert [look(scratch / f"{name}.mp4").frames for name in ("pose", "face")] == [21, 21]
    assert look(scratch / "face.mp4").size == (512, 512)
    assert len(comfy.line.ran) == 1


def test_without_a_face_the_graph_has_no_such_input(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    files = {"still": [still], "motion": [clip(tmp_path / "motion.mp4", 80)], "pose": [clip(tmp_path / "pose.mp4", 80)]}
    done = carry_out(ANIMATE, tmp_path / "job", comfy, {}, files)
    assert look(done.output("video")).frames == 80
    graph = sent(comfy)
    assert [part for part in ("40", "240") if "face_video" in graph[part]["inputs"]] == []
    assert kinds(graph).count("LoadVideo") == 1


@pytest.mark.flaky(reruns=0)  # or the second try would pass by what the first has written
@pytest.mark.parametrize(("name", "quality"), [(ANIMATE, "low"), (ANIMATE, "high"), (S2V, "low"), (S2V, "high")])
def test_the_bound_graphs_are_the_golden_ones(
    comfy: FakeComfy, tmp_path: Path, still: Path, name: str, quality: str
) -> None:
    files = {"still": [still]}
    files |= {"motion": [clip(tmp_path / "motion.mp4", 78)]} if name == ANIMATE else {}
    files |= {"voice": [voice(tmp_path / "voice.wav", 6)]} if name == S2V else {}
    wide = Format(width=1920, height=1080, frame_rate="24/1")
    done = carry_out(
        name, tmp_path / "job", comfy, {"prompt": " A  door\nopens. "}, files, quality=Quality(quality), picture=wide
    )
    golden(sent(comfy), f"{name}-{quality}")
    assert done.result


@pytest.mark.parametrize("name", [ANIMATE, S2V, *PAIR, "motion-pose"])
def test_a_workflow_is_locked_and_says_what_it_needs(name: str) -> None:
    folder = PIPELINES / name
    workflow = Workflow.load(folder)
    locked = {path.name: Workflow.digest(path) for path in (folder / "graphs").iterdir()}
    assert workflow.facts["graphs"] == locked, "a changed graph is a new workflow_version, with its digest"
    wanted = {
        "workflow_name",
        "workflow_version",
        "model_family",
        "required_assets",
        "required_models",
        "custom_nodes",
        "compatible_backend_version",
    }
    assert wanted <= set(workflow.facts)
    manifest = testing.manifest(folder)
    assert manifest.requires.nodes
    assert [model.file for model in manifest.requires.models] == [
        told["file"] for told in workflow.facts["required_models"]
    ]
    for file, graph in workflow.graphs.items():
        assert check(graph, Schemas(schemas(OFFICIAL, {"comfyui_controlnet_aux"}, set()))) == [], file
        for slot, targets in workflow.slots[file].items():
            assert [slot for node, into in targets if into not in graph[node]["inputs"]] == []
    finding = {"prepare.json", "pose.json"}
    making = [graph for file, graph in workflow.graphs.items() if file not in finding]
    generation = {node["class_type"] for graph in making for node in graph.values()}
    assert not generation & set(workflow.packs), "generation uses built-in nodes only"


def test_framing_and_adherence_change_words_and_strength(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    files = {"still": [still], "voice": [voice(tmp_path / "voice.wav", 1)]}
    params = {"prompt": "A king.", "framing": "portrait", "adherence": "tight", "negative": "hats"}
    carry_out(S2V, tmp_path / "a", comfy, params, files, quality=Quality.STANDARD)
    graph = sent(comfy)
    assert graph["6"]["inputs"]["text"].startswith("A king. Close portrait")
    assert (graph["21"]["inputs"]["cfg"], graph["7"]["inputs"]["text"]) == (7.5, "hats")
    assert "LoraLoaderModelOnly" not in kinds(graph)
    carry_out(S2V, tmp_path / "b", comfy, params, files)
    assert sent(comfy)["21"]["inputs"]["cfg"] == 1.0
