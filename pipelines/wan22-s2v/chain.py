"""Parts: how many a voice needs, and the graph that makes them one after another and develops them at once.

A part has 20 latents and takes 80 pictures of sound; all of them and the doubled first one give 80 n - 2 pictures.
"""

import math
from copy import deepcopy
from typing import Any

from studio_sdk.comfy import Graph

PART = 80
LENGTH = 77
FIRST, NEXT = PART - 2, PART
_FIRST, _SAMPLE = "20", "21"
_HEAD, _WHOLE = "80", "81"
_SHARED = ("positive", "negative", "vae", "audio_encoder_output", "ref_image")
_TOLERANCE = 1e-6
_FAR = 1_000_003


def frames_of(seconds: float, fps: int) -> int:
    """Return how many pictures a voice takes: never fewer than it is long."""
    return max(1, math.ceil(seconds * fps - _TOLERANCE))


def parts(frames: int) -> int:
    """Return how many parts give at least so many pictures."""
    return -(-(frames + 2) // PART)


def seed_of(seed: int, number: int, again: int, variation: int) -> int:
    """Return the seed of a part: the next one each, and from the part `again` (0: none) on those of a variation."""
    return (seed + number - 1 + (variation * _FAR if again and number >= again else 0)) % 2**32


def lengthened(graph: Graph, frames: int, again: int = 0, variation: int = 0) -> Graph:
    """Return the graph of one part with all the parts of a shot, each with its own seed."""
    graph = deepcopy(graph)
    first, sampler = graph[_FIRST]["inputs"], graph[_SAMPLE]
    start = sampler["inputs"]["seed"]
    sampler["inputs"]["seed"] = seed_of(start, 1, again, variation)
    whole: list[Any] = [_SAMPLE, 0]
    for number in range(2, parts(frames) + 1):
        condition, sample, joined = (f"{100 * number + one}" for one in (20, 21, 22))
        inputs = {name: first[name] for name in _SHARED} | {"length": LENGTH, "video_latent": whole}
        title = {"title": f"Preparing part {number}"}
        graph[condition] = {"class_type": "WanSoundImageToVideoExtend", "inputs": inputs, "_meta": title}
        links = {"positive": [condition, 0], "negative": [condition, 1], "latent_image": [condition, 2]}
        seed = seed_of(start, number, again, variation)
        title = {"title": f"Making part {number}"}
        graph[sample] = {
            "class_type": sampler["class_type"],
            "inputs": sampler["inputs"] | links | {"seed": seed},
            "_meta": title,
        }
        pair = {"samples1": whole, "samples2": [sample, 0], "dim": "t"}
        graph[joined] = {"class_type": "LatentConcat", "inputs": pair, "_meta": {"title": f"Joining part {number}"}}
        whole = [joined, 0]
    graph[_HEAD]["inputs"]["samples"] = whole
    graph[_WHOLE]["inputs"]["samples2"] = whole
    return graph
