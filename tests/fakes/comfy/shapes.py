"""What every node gives, as counts and sizes instead of pictures: the arithmetic of the real nodes.

Latents count 1 + (frames - 1) // 4 and decode to 4 * latents - 3 pictures; nothing here knows a pipeline.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tests.fakes.comfy import media

ENCODED_FPS: Final = 16
"""Vectors of sound a second, whatever is asked for."""


class NodeError(Exception):
    """What a node raises while it runs: the class as the server names it, and the words."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


@dataclass(frozen=True)
class Pictures:
    count: int
    width: int
    height: int


@dataclass(frozen=True)
class Latent:
    count: int
    width: int
    height: int


@dataclass(frozen=True)
class Sound:
    seconds: float
    path: Path


@dataclass(frozen=True)
class Film:
    pictures: Pictures
    rate: float
    sound: Sound | None


@dataclass(frozen=True)
class Thing:
    """A model, a conditioning: something whose only fact is what it is."""

    kind: str


Values = tuple[Any, ...]
Given = Mapping[str, Any]


def _latents(length: int) -> int:
    return (length - 1) // 4 + 1


def _load_image(given: Given, file: Callable[[str], Path]) -> Values:
    width, height = media.size_of(file(given["image"]))
    return Pictures(1, width, height), Pictures(1, width, height)


def _load_video(given: Given, file: Callable[[str], Path]) -> Values:
    try:
        frames, rate, width, height, sound_s = media.film_of(file(given["file"]))
    except ValueError as why:
        raise NodeError("ValueError", f"No video stream found in file '{given['file']}'") from why
    sound = Sound(sound_s, file(given["file"])) if sound_s else None
    return (Film(Pictures(frames, width, height), rate, sound),)


def _load_audio(given: Given, file: Callable[[str], Path]) -> Values:
    seconds = media.sound_of(file(given["audio"]))
    if not seconds:
        raise NodeError("ValueError", "No audio stream found in the file.")
    return (Sound(seconds, file(given["audio"])),)


def _components(given: Given) -> Values:
    film: Film = given["video"]
    return film.pictures, film.sound, film.rate, 8, "sRGB"


def _from_batch(given: Given) -> Values:
    pictures: Pictures = given["image"]
    start = min(pictures.count - 1, given["batch_index"])
    return (replace(pictures, count=min(pictures.count - start, given["length"])),)


def _batch(given: Given) -> Values:
    first: Pictures = given["image1"]
    return (replace(first, count=first.count + given["image2"].count),)


def _scale(given: Given) -> Values:
    return (Pictures(given["image"].count, given["width"], given["height"]),)


def _animate(given: Given) -> Values:
    length, offset = given["length"], given["video_frame_offset"]
    carried = 0
    if (before := given.get("continue_motion")) is not None:
        frames = min(before.count, given["continue_motion_max_frames"])
        offset = max(0, offset - frames)
        carried = max(0, _latents(frames) * 4 - 3)
    latent = Latent(_latents(length) + 1, given["width"], given["height"])
    return Thing("CONDITIONING"), Thing("CONDITIONING"), latent, 1, carried, offset + length


def _sound_first(given: Given) -> Values:
    latent = Latent(_latents(given["length"]), given["width"], given["height"])
    return Thing("CONDITIONING"), Thing("CONDITIONING"), latent


def _sound_next(given: Given) -> Values:
    before: Latent = given["video_latent"]
    if min(before.width, before.height) < 64:
        words = "Calculated padded input size per channel: (20 x 4 x 4). Kernel size: (4 x 8 x 8)."
        raise NodeError("RuntimeError", words)
    return Thing("CONDITIONING"), Thing("CONDITIONING"), replace(before, count=_latents(given["length"]))


def _start_image(given: Given) -> Values:
    latent = Latent(_latents(given["length"]), given["width"], given["height"])
    return Thing("CONDITIONING"), Thing("CONDITIONING"), latent


def _empty_latent(given: Given) -> Values:
    return (Latent(_latents(given["length"]), given["width"], given["height"]),)


def _sample(given: Given) -> Values:
    latent: Latent = given["latent_image"]
    if latent.width % 16 or latent.height % 16:
        words = f"shape mismatch: {latent.height // 8} x {latent.width // 8} is not made of patches of 2"
        raise NodeError("RuntimeError", words)
    return (latent,)


def _trim(given: Given) -> Values:
    return (replace(given["samples"], count=given["samples"].count - given["trim_amount"]),)


def _cut(given: Given) -> Values:
    return (replace(given["samples"], count=min(given["amount"], given["samples"].count)),)


def _concat(given: Given) -> Values:
    return (replace(given["samples1"], count=given["samples1"].count + given["samples2"].count),)


def _decode(given: Given) -> Values:
    latent: Latent = given["samples"]
    return (Pictures(4 * latent.count - 3, latent.width, latent.height),)


def _create(given: Given) -> Values:
    return (Film(given["images"], given["fps"], given.get("audio")),)


def _pose(given: Given) -> Values:
    pictures: Pictures = given["image"]
    short = min(pictures.width, pictures.height)
    factor = given.get("resolution", 512) / short
    sized = [max(64, round(side * factor / 64) * 64) for side in (pictures.width, pictures.height)]
    return Pictures(pictures.count, *sized), Thing("POSE_KEYPOINT")


def keypoints(pictures: Pictures, given: Given) -> str:
    """Return what the pose node shows: a person whose face goes slowly to the right, in pixels, where asked for."""
    frames = []
    for number in range(pictures.count):
        x = 0.3 + 0.2 * number / max(1, pictures.count)
        corners = ((x, 0.1), (x + 0.1, 0.1), (x + 0.1, 0.25), (x, 0.25))
        points = [value for at, down in corners for value in (at * pictures.width, down * pictures.height, 1.0)]
        face = points if given.get("detect_face") == "enable" else None
        person = {"pose_keypoints_2d": points, "face_keypoints_2d": face, "hand_left_keypoints_2d": None}
        frames.append({"people": [person], "canvas_height": pictures.height, "canvas_width": pictures.width})
    return json.dumps(frames, indent=4)


def _same(name: str) -> Callable[[Given], Values]:
    return lambda given: (given[name],)


WITH_FILES: Final = {"LoadImage": _load_image, "LoadVideo": _load_video, "LoadAudio": _load_audio}

ARITHMETIC: Final[dict[str, Callable[[Given], Values]]] = {
    "CreateVideo": _create,
    "DWPreprocessor": _pose,
    "EmptyHunyuanLatentVideo": _empty_latent,
    "GetVideoComponents": _components,
    "GrowMask": _same("mask"),
    "ImageBatch": _batch,
    "ImageFromBatch": _from_batch,
    "ImageCompositeMasked": _same("destination"),
    "ImageScale": _scale,
    "ImageToMask": _same("image"),
    "KSampler": _sample,
    "KSamplerAdvanced": _sample,
    "LatentConcat": _concat,
    "LatentCut": _cut,
    "MaskToImage": _same("mask"),
    "TrimVideoLatent": _trim,
    "VAEDecode": _decode,
    "Wan22FunControlToVideo": _start_image,
    "WanAnimateToVideo": _animate,
    "WanFirstLastFrameToVideo": _start_image,
    "WanFunInpaintToVideo": _start_image,
    "WanImageToVideo": _start_image,
    "WanSoundImageToVideo": _sound_first,
    "WanSoundImageToVideoExtend": _sound_next,
}


def run(kind: str, given: Given, outputs: list[str], file: Callable[[str], Path]) -> Values:
    """Return what a node gives; raise `NodeError` where the real one would raise."""
    if kind in WITH_FILES:
        return WITH_FILES[kind](given, file)
    if kind in ARITHMETIC:
        return ARITHMETIC[kind](given)
    return tuple(Thing(output) for output in outputs)
