"""Parts: how many a shot has, and the graph that makes them one after another, each from the last picture before it.

A part has 81 pictures. The first of each next one is the last of the one before, so it adds 80.
"""

from copy import deepcopy
from typing import Any

from studio_sdk.comfy import Graph

FIRST, NEXT = 81, 80
_CONDITION, _DRAFT, _SAMPLE, _PICTURES = "20", "21", "22", "23"
_PART = (_CONDITION, _DRAFT, _SAMPLE, _PICTURES)
_CUT = "90"
_FAR = 1_000_003


def parts(frames: int) -> int:
    """Return how many parts a shot of so many pictures has."""
    return 1 if frames <= FIRST else 1 + -(-(frames - FIRST) // NEXT)


def seed_of(seed: int, number: int, again: int, variation: int) -> int:
    """Return the seed of a part: the next one each, and from the part `again` (0: none) on those of a variation."""
    return (seed + number - 1 + (variation * _FAR if again and number >= again else 0)) % 2**32


def lengthened(graph: Graph, frames: int, again: int = 0, variation: int = 0) -> Graph:
    """Return the graph of one part with all the parts of a shot, each with its own seed."""
    graph = deepcopy(graph)
    seed, last = graph[_DRAFT]["inputs"]["noise_seed"], _PICTURES
    graph[_DRAFT]["inputs"]["noise_seed"] = seed_of(seed, 1, again, variation)
    whole: list[Any] = [_PICTURES, 0]
    for number in range(2, parts(frames) + 1):
        names = {node: f"{100 * number + int(node)}" for node in _PART}
        start, fresh, joined = (f"{100 * number + one}" for one in (24, 25, 26))
        graph[start] = _cut([last, 0], NEXT, 1, f"Taking the last picture of part {number - 1}")
        for node in _PART:
            graph[names[node]] = _renamed(graph[node], names, number)
        graph[names[_CONDITION]]["inputs"]["start_image"] = [start, 0]
        graph[names[_DRAFT]]["inputs"]["noise_seed"] = seed_of(seed, number, again, variation)
        last = names[_PICTURES]
        graph[fresh] = _cut([last, 0], 1, NEXT, f"Taking the first picture off part {number}")
        pair = {"image1": whole, "image2": [fresh, 0]}
        graph[joined] = {"class_type": "ImageBatch", "inputs": pair, "_meta": {"title": f"Joining part {number}"}}
        whole = [joined, 0]
    graph[_CUT]["inputs"]["image"] = whole
    return graph


def _cut(image: list[Any], start: int, length: int, title: str) -> dict[str, Any]:
    inputs = {"image": image, "batch_index": start, "length": length}
    return {"class_type": "ImageFromBatch", "inputs": inputs, "_meta": {"title": title}}


def _renamed(node: dict[str, Any], names: dict[str, str], number: int) -> dict[str, Any]:
    copy = deepcopy(node)
    copy["_meta"]["title"] = copy["_meta"]["title"].replace("part 1", f"part {number}")
    for value in copy["inputs"].values():
        if isinstance(value, list) and value[0] in names:
            value[0] = names[value[0]]
    return copy
