"""The recorded node schemas, with this server's model files filled in, and one pack that was read in its source."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).parents[2] / "data" / "comfy"
RECORDED: Final[dict[str, Any]] = json.loads((DATA / "object_info.json").read_bytes())

FOLDERS: Final = {
    ("UNETLoader", "unet_name"): "diffusion_models",
    ("CLIPLoader", "clip_name"): "text_encoders",
    ("VAELoader", "vae_name"): "vae",
    ("LoraLoaderModelOnly", "lora_name"): "loras",
    ("CLIPVisionLoader", "clip_name"): "clip_vision",
    ("AudioEncoderLoader", "audio_encoder_name"): "audio_encoders",
}
"""Which inputs list the files of which model folder."""

MEDIA_INPUTS: Final = {("LoadImage", "image"): "image", ("LoadVideo", "file"): "video", ("LoadAudio", "audio"): "audio"}
"""Inputs whose file must lie in the input folder; the combo's list is not asked."""


def _combo(*choices: str) -> list[Any]:
    return [list(choices)]


def _switch() -> list[Any]:
    return [["enable", "disable"], {"default": "enable"}]


DWPOSE: Final[dict[str, Any]] = {
    "input": {
        "required": {"image": ["IMAGE"]},
        "optional": {
            "detect_hand": _switch(),
            "detect_body": _switch(),
            "detect_face": _switch(),
            "resolution": ["INT", {"default": 512, "min": 64, "max": 16384, "step": 64}],
            "bbox_detector": _combo("None", "yolox_l.torchscript.pt", "yolox_l.onnx", "yolo_nas_l_fp16.onnx"),
            "pose_estimator": _combo("dw-ll_ucoco_384_bs5.torchscript.pt", "dw-ll_ucoco_384.onnx", "dw-ll_ucoco.onnx"),
            "scale_stick_for_xinsr_cn": [["disable", "enable"]],
        },
    },
    "output": ["IMAGE", "POSE_KEYPOINT"],
    "output_is_list": [False, False],
    "output_name": ["IMAGE", "POSE_KEYPOINT"],
    "name": "DWPreprocessor",
    "display_name": "DWPose Estimator",
    "python_module": "custom_nodes.comfyui_controlnet_aux",
    "output_node": False,
}
"""From comfyui_controlnet_aux 1.1.5, node_wrappers/dwpose.py; not recorded from a running server."""


def schemas(models: Mapping[str, list[str]], packs: set[str], absent: set[str]) -> dict[str, Any]:
    """Return what GET /object_info answers on a server with these model files and node packs."""
    found = deepcopy(RECORDED)
    if "comfyui_controlnet_aux" in packs:
        found["DWPreprocessor"] = deepcopy(DWPOSE)
    for (kind, name), folder in FOLDERS.items():
        declared = found[kind]["input"]["required"][name]
        if declared[0] == "COMBO":
            declared[1]["options"] = list(models.get(folder, []))
        else:
            declared[0] = list(models.get(folder, []))
    return {name: schema for name, schema in found.items() if name not in absent}
