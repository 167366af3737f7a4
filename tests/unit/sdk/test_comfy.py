"""The parts of the ComfyUI client that need no server: schemas, the check before sending, previews, progress."""

import json
from pathlib import Path
from typing import Any

import pytest

from studio_sdk import Code, Fail
from studio_sdk.comfy import Address, Schemas, bind, check, refuse
from studio_sdk.comfy.ear import Heard, preview_of
from studio_sdk.comfy.faults import fail
from studio_sdk.comfy.meter import Meter
from studio_sdk.comfy.preflight import Kind, of_answer
from studio_sdk.comfy.states import of_history, of_job

DATA = Path(__file__).parents[2] / "data" / "comfy"
TOLD: dict[str, Any] = json.loads((DATA / "object_info.json").read_bytes())
SCHEMAS = Schemas(TOLD)


def animate(**changes: Any) -> dict[str, Any]:
    """Return a graph of one Wan Animate pass, its loaders naming files that are not there."""
    inputs = {"positive": ["t", 0], "negative": ["t", 0], "vae": ["v", 0], "width": 640, "height": 640, "length": 77}
    inputs |= {"batch_size": 1, "continue_motion_max_frames": 5, "video_frame_offset": 0}
    return {
        "v": {"class_type": "VAELoader", "inputs": {"vae_name": "wan_2.1_vae.safetensors"}},
        "c": {"class_type": "CLIPLoader", "inputs": {"clip_name": "umt5.safetensors", "type": "wan"}},
        "t": {"class_type": "CLIPTextEncode", "inputs": {"text": "x", "clip": ["c", 0]}},
        "w": {"class_type": "WanAnimateToVideo", "inputs": inputs | changes, "_meta": {"title": "Chunk 1"}},
        "d": {"class_type": "VAEDecode", "inputs": {"samples": ["w", 2], "vae": ["v", 0]}},
        "s": {"class_type": "SaveImage", "inputs": {"images": ["d", 0], "filename_prefix": "x"}},
    }


def problems(**changes: Any) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.node, one.input) for one in check(animate(**changes), SCHEMAS)]


MISSING = [("model", "v", "vae_name"), ("model", "c", "clip_name")]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"length": 78}, [("value", "w", "length")]),
        ({"width": 648}, [("value", "w", "width")]),
        ({"length": "many"}, [("value", "w", "length")]),
        ({"length": True}, [("value", "w", "length")]),
        ({"batch_size": 5000}, [("value", "w", "batch_size")]),
        ({"pose_video": ["nowhere", 0]}, [("link", "w", "pose_video")]),
        ({"pose_video": ["w", 9]}, [("link", "w", "pose_video")]),
        ({"pose_video": ["w"]}, [("link", "w", "pose_video")]),
        ({"vae": ["c", 0]}, [("link", "w", "vae")]),
    ],
)
def test_a_graph_is_checked_as_the_server_would_and_further(changes: dict[str, Any], wrong: list[Any]) -> None:
    assert problems(**changes) == MISSING + wrong


def test_both_ways_of_writing_choices_are_read() -> None:
    assert TOLD["CLIPLoader"]["input"]["required"]["clip_name"][0] == []
    assert TOLD["AudioEncoderLoader"]["input"]["required"]["audio_encoder_name"][0] == "COMBO"
    told = json.loads(json.dumps(TOLD))
    told["CLIPLoader"]["input"]["required"]["clip_name"][0] = ["a.safetensors"]
    told["AudioEncoderLoader"]["input"]["required"]["audio_encoder_name"][1]["options"] = ["b.safetensors"]
    schemas = Schemas(told)
    assert schemas.choices("CLIPLoader", "clip_name") == ("a.safetensors",)
    assert schemas.choices("AudioEncoderLoader", "audio_encoder_name") == ("b.safetensors",)
    assert schemas.choices("SaveVideo", "format")[:2] == ("auto", "mp4")
    assert schemas.choices("NoSuchNode", "x") == ()
    assert next(one for one in schemas.inputs("LoadVideo")).upload


def test_a_file_of_the_input_folder_is_no_choice_of_the_list() -> None:
    graph = {
        "1": {"class_type": "LoadImage", "inputs": {"image": "sub/dir/new.png"}},
        "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
    }
    assert check(graph, SCHEMAS) == []
    assert [one.message for one in check({"1": graph["1"]}, SCHEMAS)] == ["The graph has no output."]


def test_the_servers_own_refusals_read_the_same() -> None:
    samples = json.loads((DATA / "prompt_validation_errors.json").read_bytes())
    seen = {}
    for case, sample in samples.items():
        body = sample["response"]["body"]
        if isinstance(body, dict) and sample.get("request_prompt"):
            found = of_answer(sample["request_prompt"], body.get("error") or {}, body["node_errors"])
            seen[case] = (found[0].kind, found[0].node, found[0].what)
    assert seen["missing_node_class"] == (Kind.NODE, "2", "NoSuchNode")
    assert seen["missing_model_file"] == (Kind.MODEL, "1", "wan2.2_animate_14B_bf16.safetensors")
    assert seen["value_bigger_than_max"] == (Kind.VALUE, "2", "999999")
    assert seen["bad_linked_input"][0] is Kind.LINK
    assert all(found for found in seen.values())


def test_slots_set_and_take_away() -> None:
    slots = {"length": [["w", "length"]], "pose": [["w", "pose_video"]]}
    template = animate(pose_video=["v", 0])
    graph = bind(template, slots, {"length": 5, "pose": None})
    assert graph["w"]["inputs"]["length"] == 5
    assert "pose_video" not in graph["w"]["inputs"]
    assert template["w"]["inputs"]["length"] == 77
    with pytest.raises(KeyError):
        bind(template, slots, {"nothing": 1})


def test_recorded_previews_are_read() -> None:
    plain = preview_of((DATA / "preview_frame_event1.bin").read_bytes())
    rich = preview_of((DATA / "preview_frame_event4.bin").read_bytes())
    assert plain
    assert rich
    assert (plain[0].mime, plain[0].content[:3], plain[1]) == ("image/jpeg", b"\xff\xd8\xff", "")
    assert (rich[0].mime, rich[0].content[:3], rich[0].node) == ("image/jpeg", b"\xff\xd8\xff", "2")
    assert len(rich[1]) == 36
    assert [preview_of(junk) for junk in (b"", b"\0\0\0\1", b"\0\0\0\3\0\0\0\1x", b"\0\0\0\4\0\0\0\2{{")] == [None] * 4


def test_progress_weighs_nodes_and_never_falls() -> None:
    graph = {
        "1": {"class_type": "VAELoader", "inputs": {}},
        "2": {"class_type": "KSampler", "inputs": {}, "_meta": {"title": "Chunk 1 of 1"}},
        "3": {"class_type": "SaveImage", "inputs": {}},
    }
    meter = Meter(graph)
    start = meter.hear(Heard(cached=("1",)))
    half = meter.hear(Heard(nodes={"2": {"state": "running", "value": 10, "max": 20}}))
    assert (start, half, meter.stage) == (pytest.approx(1 / 102), pytest.approx(51 / 102), "Chunk 1 of 1")
    assert meter.hear(Heard(nodes={"2": {"state": "running", "value": 1, "max": 20}})) == half
    # After a reconnect one message holds the whole truth.
    whole = {node: {"state": "finished", "value": 1, "max": 1} for node in graph}
    assert meter.hear(Heard(nodes=whole)) == 1


def test_what_a_node_was_given_is_not_told() -> None:
    error = {"node_id": "t", "node_type": "CLIPTextEncode", "exception_type": "ValueError", "exception_message": "bad"}
    error |= {"current_inputs": {"text": ["a secret prompt"]}, "traceback": ["  line"]}
    told = fail(animate(), error, "id")
    assert told.message == "ComfyUI failed at “CLIPTextEncode”: bad"
    assert "secret" not in told.detail + told.message


def test_every_form_of_an_end_is_understood() -> None:
    assert of_job({"status": "pending"}).state == "pending"
    shown = {"3": {"gifs": [{"filename": "a.mp4"}], "animated": [True], "text": ["x"]}}
    assert [(node, file.filename) for node, file in of_job({"status": "completed", "outputs": shown}).files()] == [
        ("3", "a.mp4")
    ]
    interrupted = {"status": {"status_str": "error", "messages": [["execution_interrupted", {}]]}}
    assert of_history(interrupted).state == "cancelled"
    assert of_history({"status": {"status_str": "success", "messages": []}, "outputs": {}}).state == "completed"


@pytest.mark.parametrize("told", ["", "ftp://x", "comfy:8188", "relative/path"])
def test_an_address_is_http_or_a_socket(told: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        Address.of(told)
    assert Address.of("unix:/run/c.sock").unix == Address.of("/run/c.sock").unix == "/run/c.sock"
    assert Address.of("https://gpu.example:8188/").base == "https://gpu.example:8188"


def test_a_job_without_a_comfyui_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOB_COMFYUI", raising=False)
    with pytest.raises(Fail) as why:
        Address.told()
    assert (why.value.code, "RUNNER_COMFYUI_URL" in why.value.detail) == (Code.DEPENDENCY_MISSING, True)


def test_no_problem_is_no_refusal() -> None:
    refuse([])
