"""What is known of ComfyUI's nodes without asking a server: which load, which save, which make noise, which read words.

Facts of ComfyUI 0.33 and of its most used video pack. A node that is not here is kept in the graph as it is.
"""

from typing import Final

from studio_sdk.names import SocketType

LOADERS: Final[dict[tuple[str, str], SocketType]] = {
    ("LoadImage", "image"): SocketType.IMAGE,
    ("LoadImageMask", "image"): SocketType.MASK,
    ("LoadVideo", "file"): SocketType.VIDEO,
    ("LoadAudio", "audio"): SocketType.AUDIO,
    ("VHS_LoadVideo", "video"): SocketType.VIDEO,
    ("VHS_LoadAudioUpload", "audio"): SocketType.AUDIO,
}
"""Class and input: the name of a file in ComfyUI's input folder."""

SAVERS: Final[dict[str, SocketType]] = {
    "SaveImage": SocketType.IMAGE,
    "SaveVideo": SocketType.VIDEO,
    "SaveWEBM": SocketType.VIDEO,
    "SaveAudio": SocketType.AUDIO,
    "SaveAudioMP3": SocketType.AUDIO,
    "VHS_VideoCombine": SocketType.VIDEO,
}
"""Class: what it saves. SaveAudioOpus is not here: the studio takes no Opus files."""

PREVIEWS: Final = frozenset({"PreviewImage", "PreviewAny", "PreviewAudio", "MaskPreview", "ImageCompare"})
"""Classes that show something to whoever sits at ComfyUI, and nobody else."""

TEXTS: Final = frozenset(
    {"text", "prompt", "positive_prompt", "negative_prompt", "text_g", "text_l", "clip_l", "t5xxl"}
)
"""Inputs that hold words to a model."""

TEXT_SOURCES: Final = frozenset({"PrimitiveString", "PrimitiveStringMultiline"})
"""Classes whose `value` is text, for whoever they are wired to."""

SEEDS: Final = frozenset({"seed", "noise_seed"})

SIZES: Final = ("width", "height", "length")
"""Of a node that makes an empty picture or video: one that has width, height and batch_size or length."""

HIDDEN: Final = (
    "steps",
    "cfg",
    "denoise",
    "sampler_name",
    "scheduler",
    "shift",
    "guidance",
    "strength_model",
    "fps",
    "frame_rate",
    "start_at_step",
    "end_at_step",
)
"""Inputs that a person who makes a film should not have to think of: offered, and left out unless asked for."""

PASSED_THROUGH: Final = frozenset(
    {
        *("image", "images", "pixels", "video", "audio", "text", "value", "string", "source", "destination", "mask"),
        *(
            "samples",
            "conditioning",
            "image1",
            "image2",
            "clip_vision_output",
            "audio_encoder_output",
            "a",
            "b",
            "input",
        ),
        *("latent", "latent_image", "on_true", "on_false", "any_input", "vae_input", "frames"),
    }
)
"""Inputs whose name says nothing of what something is for: the next one down the wire is asked."""

NOT_OF_A_FILE: Final = frozenset({"positive", "negative", "model", "model_patch", "clip", "vae"})
"""Inputs that say nothing of a file that ends up there by way of a model."""

MODEL_ENDINGS: Final = (".safetensors", ".sft", ".gguf", ".pth", ".pt", ".onnx", ".ckpt", ".bin")

MODEL_FOLDERS: Final = {
    "unet_name": "diffusion_models",
    "vae_name": "vae",
    "lora_name": "loras",
    "ckpt_name": "checkpoints",
    "control_net_name": "controlnet",
    "audio_encoder_name": "audio_encoders",
    "style_model_name": "style_models",
    "clip_name1": "text_encoders",
    "clip_name2": "text_encoders",
    "clip_name3": "text_encoders",
    "clip_name": "text_encoders",
}
"""Input: the folder below ComfyUI's models/ where its file lies."""

MODEL_FOLDERS_BY_CLASS: Final = {
    ("CLIPVisionLoader", "clip_name"): "clip_vision",
    ("UpscaleModelLoader", "model_name"): "upscale_models",
}
