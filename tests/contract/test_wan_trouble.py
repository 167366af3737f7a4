"""Wan 2.2 through ComfyUI where something goes wrong: on the server, on the way, or with what was given."""

import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from studio_sdk import Code, testing
from studio_sdk.contract import Progress
from studio_sdk.types import Quality
from tests.fakes.comfy import FakeComfy, Raised
from tests.fakes.comfy.trouble import OUT_OF_MEMORY
from tests.films import PIPELINES, ffmpeg, look
from tests.wan import ANIMATE, I2V, PYTHON, S2V, TINY, carry_out, clip, comfy, failed, still, voice

__all__ = ["comfy", "still"]

pytestmark = pytest.mark.timeout(900)


# Trouble on the way.


def test_a_cancel_stops_it_on_the_server_and_leaves_nothing(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    comfy.gate("KSampler")
    files = {"still": [still], "voice": [voice(tmp_path / "voice.wav", 1)]}
    done = carry_out(S2V, tmp_path / "job", comfy, {}, files, cancel_at=0.06)
    assert done.result
    assert (done.status, done.result.status) == (143, "canceled")
    (prompt_id,) = comfy.line.ran
    assert comfy.line.history[prompt_id].messages[-1][0] == "execution_interrupted"


def test_progress_names_the_part_that_is_made(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    files = {"still": [still], "voice": [voice(tmp_path / "voice.wav", 6)]}
    gate, events = comfy.gate("KSampler"), tmp_path / "job" / "events.jsonl"

    def open_when_told() -> None:
        while not (events.exists() and "Making part 1" in events.read_text()):
            time.sleep(0.02)
        gate.open.set()

    threading.Thread(target=open_when_told, daemon=True).start()
    done = carry_out(S2V, tmp_path / "job", comfy, {}, files)
    told = [event for event in done.events if isinstance(event, Progress)]
    assert any(event.stage == "Making part 1" for event in told)
    assert done.result
    assert done.result.facts["prompt_id"] in done.folder.joinpath("events.jsonl").read_text()


def test_memory_that_runs_out_is_tried_once_more_and_told(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    files = {"still": [still], "voice": [voice(tmp_path / "voice.wav", 1)]}
    comfy.trouble.raises["KSampler"] = [OUT_OF_MEMORY]
    done = carry_out(S2V, tmp_path / "a", comfy, {}, files)
    assert done.result
    assert done.result.facts["retries"] == "out of memory"
    comfy.trouble.raises["KSampler"] = [OUT_OF_MEMORY] * 2
    done = carry_out(S2V, tmp_path / "b", comfy, {"prompt": "Other."}, files)
    code, message, detail = failed(done)
    assert (code, done.status) == (Code.OUT_OF_MEMORY, 79)
    assert message == "ComfyUI ran out of GPU memory at “Making part 1”."
    assert "Tried to allocate 12.00 GiB" in detail


def test_a_node_that_breaks_is_named(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    comfy.trouble.raises["VAEDecode"] = [Raised("RuntimeError", "it broke")]
    files = {"still": [still], "voice": [voice(tmp_path / "voice.wav", 1)]}
    code, message, detail = failed(carry_out(S2V, tmp_path / "job", comfy, {}, files))
    assert (code, message) == (Code.PIPELINE_FAILED, "ComfyUI failed at “Developing”: it broke")
    assert "prompt " in detail


# Refused in words.


def test_what_the_server_lacks_is_named_at_once(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    comfy.packs.clear()
    comfy.models["vae"] = []
    comfy.models["clip_vision"] = []
    files = {"still": [still], "motion": [clip(tmp_path / "motion.mp4", 5)]}
    code, message, _ = failed(carry_out(ANIMATE, tmp_path / "job", comfy, {}, files))
    assert code is Code.DEPENDENCY_MISSING
    assert message == (
        "ComfyUI lacks the node DWPreprocessor and the model files clip_vision/clip_vision_h.safetensors, "
        "vae/wan_2.1_vae.safetensors. Install the node pack comfyui_controlnet_aux there."
    )
    assert comfy.uploads == []
    comfy.models |= {"vae": ["wan_2.1_vae.safetensors"], "clip_vision": ["clip_vision_h.safetensors"]}
    code, message, _ = failed(carry_out(ANIMATE, tmp_path / "pose", comfy, {}, files))
    assert message.endswith("Or wire a pose video into Poses: a Motion source with Person map draws one without it.")


def test_a_version_with_the_mask_defect_is_refused_for_mix_only(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    comfy.version = "0.36.2"
    motion = clip(tmp_path / "motion.mp4", 5)
    files = {"still": [still], "motion": [motion], "mask": [still]}
    code, message, detail = failed(carry_out(ANIMATE, tmp_path / "mix", comfy, {"submode": "mix"}, files))
    assert (code, "0.36.2 has a defect" in message, "16406" in detail) == (Code.DEPENDENCY_MISSING, True, True)
    assert carry_out(ANIMATE, tmp_path / "move", comfy, {}, files).output("video")
    comfy.version = "0.7.1"
    code, message, _ = failed(carry_out(ANIMATE, tmp_path / "old", comfy, {}, files))
    assert message == "ComfyUI 0.7.1 is too old: wan22-animate needs 0.8.0."


@pytest.mark.parametrize(
    ("name", "wrong", "code", "words"),
    [
        ("small", "still", Code.VALIDATION_ERROR, "is 64 x 64 pixels; its short side needs 256"),
        ("broken", "still", Code.UNSUPPORTED_MEDIA, "cannot be read"),
        ("broken", "motion", Code.UNSUPPORTED_MEDIA, "cannot be read"),
        ("sound", "motion", Code.UNSUPPORTED_MEDIA, "has no picture"),
        ("long", "motion", Code.VALIDATION_ERROR, "is longer than the 60 seconds that can be made; cut it"),
        ("nothing", "mask", Code.VALIDATION_ERROR, "Mix needs a mask"),
        ("black", "mask", Code.VALIDATION_ERROR, "black from its start to its end"),
    ],
)
def test_bad_input_of_animate(
    comfy: FakeComfy, tmp_path: Path, still: Path, name: str, wrong: str, code: Code, words: str
) -> None:
    files = {"still": [still], "motion": [clip(tmp_path / "motion.mp4", 5)]}
    bad = tmp_path / f"bad.{'png' if wrong != 'motion' else 'mp4'}"
    if name in {"small", "black"}:
        Image.new("RGB", (64, 64)).save(bad)
    elif name == "broken":
        bad.write_bytes(b"nothing of the kind")
    elif name == "sound":
        voice(bad, 1)
    elif name == "long":
        clip(bad, 600, rate="1")
    if bad.exists():
        files[wrong] = [bad]
    params = {"submode": "mix"} if wrong == "mask" else {}
    done = carry_out(ANIMATE, tmp_path / "job", comfy, params, files)
    assert words in failed(done)[1]
    assert done.result
    assert done.result.error
    assert (done.result.error.code, done.result.error.field) == (code, wrong)
    assert list((done.folder / "outputs").iterdir()) == [done.folder / "outputs" / "result.json"]


def test_two_pictures_are_a_shot_and_a_clip_without_any_is_none(comfy: FakeComfy, tmp_path: Path, still: Path) -> None:
    files = {"still": [still], "motion": [clip(tmp_path / "two.mp4", 2)]}
    assert look(carry_out(ANIMATE, tmp_path / "two", comfy, {}, files).output("video")).frames == 2
    whole = clip(tmp_path / "whole.mp4", 16).read_bytes()
    start = whole.index(b"mdat") + 4
    (tmp_path / "hollow.mp4").write_bytes(whole[:start] + bytes(len(whole[start:])))
    files["motion"] = [tmp_path / "hollow.mp4"]
    done = carry_out(ANIMATE, tmp_path / "hollow", comfy, {}, files)
    code, message, _ = failed(done)
    assert code is Code.UNSUPPORTED_MEDIA
    assert message.startswith("hollow.mp4 cannot be read: its file is damaged or incomplete.")
    assert list((done.folder / "outputs").glob("*.mp4")) == []


@pytest.mark.parametrize(
    ("trouble", "code", "words", "cause"),
    [
        ("html", Code.ENGINE_OFFLINE, "not a ComfyUI", "<html"),
        ("disk", Code.STORAGE_FULL, "could not store a file", "Is its disk full?"),
        ("disk later", Code.STORAGE_FULL, "disk of the ComfyUI machine", "No space left on device"),
        ("model", Code.DEPENDENCY_MISSING, "lacks the model file vae/wan_2.1_vae.safetensors", "is not there"),
        ("restart", None, "", "lost in a restart"),
    ],
)
def test_a_server_in_trouble_is_told_with_its_cause(
    comfy: FakeComfy, tmp_path: Path, still: Path, trouble: str, code: Code | None, words: str, cause: str
) -> None:
    comfy.trouble.html = trouble == "html"
    comfy.trouble.disk_full = trouble == "disk"
    if trouble == "disk later":
        comfy.trouble.raises["SaveVideo"] = [Raised("OSError", "[Errno 28] No space left on device")]
    if trouble == "model":
        comfy.models["vae"] = []
    if trouble == "restart":
        gate = comfy.gate("VAEDecode")

        def again() -> None:
            assert gate.reached.wait(60)
            comfy.kill()
            gate.open.set()
            comfy.start()

        threading.Thread(target=again, daemon=True).start()
    done = carry_out(I2V, tmp_path / "job", comfy, {"seconds": 0.5}, {"still": [still]})
    if code is None:
        assert look(done.output("video")).frames == 8
        assert done.result
        assert done.result.facts["retries"] == "lost in a restart of ComfyUI"
        return
    told, message, detail = failed(done)
    assert (told, words in message, cause.lower() in detail.lower()) == (code, True, True), (told, message, detail)
    assert list((done.folder / "outputs").glob("*.mp4")) == []


@pytest.mark.parametrize(
    ("words", "quality", "sentence"),
    [
        (["-af", "volume=0", "-t", "1"], "low", "is silent here; there is nothing to speak to. Use a part"),
        (["-t", "61"], "low", "is 61 s long; a shot takes 60 s at the most. Say which part"),
        (["-t", "31"], "high", "is 31 s long; a shot takes 30 s at the most. Say which part"),
        (["-ar", "8000", "-ac", "1", "-t", "1"], "low", ""),
        (["-ac", "6", "-t", "1"], "low", ""),
    ],
)
def test_voices_of_every_kind(
    comfy: FakeComfy, tmp_path: Path, still: Path, words: list[str], quality: str, sentence: str
) -> None:
    files = {"still": [still], "voice": [voice(tmp_path / "voice.wav", 61, *words)]}
    done = carry_out(S2V, tmp_path / "job", comfy, {}, files, quality=Quality(quality))
    if sentence:
        assert (failed(done)[0], sentence in failed(done)[1]) == (Code.VALIDATION_ERROR, True)
        assert comfy.line.ran == []
    else:
        assert look(done.output("video")).frames == 16


def test_a_sideways_clip_is_upright_and_one_of_uneven_frames_is_even(
    comfy: FakeComfy, tmp_path: Path, still: Path
) -> None:
    plain = clip(tmp_path / "plain.mp4", 16, size="160x80")
    ffmpeg("-i", str(plain), "-c", "copy", "-metadata:s:v", "rotate=90", str(tmp_path / "side.mp4"))
    vary = "setpts='if(lt(N,8),N/16,0.5+(N-8)/4)/TB'"
    ffmpeg("-i", str(plain), "-vf", vary, "-fps_mode", "vfr", str(tmp_path / "uneven.mp4"))
    for name, frames in (("side", 16), ("uneven", 40)):
        files = {"still": [still], "motion": [tmp_path / f"{name}.mp4"]}
        done = carry_out(ANIMATE, tmp_path / name, comfy, {}, files)
        assert abs(look(done.output("video")).frames - frames) <= 1


def test_without_a_comfyui_it_says_what_to_set(tmp_path: Path, still: Path) -> None:
    folder = PIPELINES / S2V
    files = {"still": [still], "voice": [voice(tmp_path / "voice.wav", 1)]}
    testing.prepare(folder, tmp_path / "job", {}, files, picture=TINY)
    done = testing.carry_out(folder, tmp_path / "job", PYTHON)
    code, message, detail = failed(done)
    assert (code, message, done.status) == (Code.DEPENDENCY_MISSING, "This worker has no ComfyUI.", 78)
    assert "RUNNER_COMFYUI_URL" in detail
