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


OFFICIAL: Final[dict[str, list[str]]] = {
    "diffusion_models": [
        "Wan2_2-Animate-14B_fp8_e4m3fn_scaled_KJ.safetensors",
        "wan2.2_animate_14B_bf16.safetensors",
        "wan2.2_s2v_14B_fp8_scaled.safetensors",
        "wan2.2_s2v_14B_bf16.safetensors",
        *(
            f"wan2.2_{family}_{half}_noise_14B_{form}.safetensors"
            for family, large in (("i2v", "fp16"), ("t2v", "fp16"), ("fun_inpaint", "bf16"), ("fun_control", "bf16"))
            for form in ("fp8_scaled", large)
            for half in ("high", "low")
        ),
    ],
    "text_encoders": ["umt5_xxl_fp8_e4m3fn_scaled.safetensors"],
    "vae": ["wan_2.1_vae.safetensors"],
    "clip_vision": ["clip_vision_h.safetensors"],
    "audio_encoders": ["wav2vec2_large_english_fp16.safetensors"],
    "loras": [
        "lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16.safetensors",
        "WanAnimate_relight_lora_fp16.safetensors",
        *(
            f"wan2.2_{family}_{half}_noise.safetensors"
            for family in ("t2v_lightx2v_4steps_lora_v1.1", "i2v_lightx2v_4steps_lora_v1")
            for half in ("high", "low")
        ),
    ],
}
"""The model files of a server that has all that the studio's own graphs name."""


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
