"""Parts: how many a shot of some length has, and the graph that makes them one after another.

The first part has 77 pictures at most. Each next one begins with the last five of what is there, so it adds 72.
"""

from copy import deepcopy
from typing import Any

from studio_sdk.comfy import Graph

FIRST, NEXT = 77, 72
_PART = ("40", "41", "42", "43", "44")
_CONDITION, _SAMPLE, _PICTURES = "40", "41", "44"
_CUT = "90"
_FAR = 1_000_003


def parts(frames: int) -> int:
    """Return how many parts a shot of so many pictures has."""
    return 1 if frames <= FIRST else 1 + -(-(frames - FIRST) // NEXT)


def first_length(frames: int) -> int:
    """Return the length of the first part: whole groups of four and one, 77 at most."""
    return min(FIRST, 1 + 4 * -(-(frames - 1) // 4))


def made(frames: int) -> int:
    """Return how many pictures are made for a shot of `frames`: the rest is cut off at the end."""
    return first_length(frames) if frames <= FIRST else FIRST + NEXT * (parts(frames) - 1)


def seed_of(seed: int, number: int, again: int, variation: int) -> int:
    """Return the seed of a part: the next one each, and from the part `again` (0: none) on those of a variation."""
    return (seed + number - 1 + (variation * _FAR if again and number >= again else 0)) % 2**32


def lengthened(graph: Graph, frames: int, again: int = 0, variation: int = 0) -> Graph:
    """Return the graph of one part with all the parts of a shot, each with its own seed."""
    graph = deepcopy(graph)
    seed = graph[_SAMPLE]["inputs"]["seed"]
    graph[_SAMPLE]["inputs"]["seed"] = seed_of(seed, 1, again, variation)
    before, whole = _CONDITION, [_PICTURES, 0]
    for number in range(2, parts(frames) + 1):
        names = {node: f"{100 * number + int(node)}" for node in _PART}
        for node in _PART:
            graph[names[node]] = _renamed(graph[node], names, number)
        inputs = graph[names[_CONDITION]]["inputs"]
        inputs["continue_motion"] = whole
        inputs["video_frame_offset"] = [before, 5]
        graph[names[_SAMPLE]]["inputs"]["seed"] = seed_of(seed, number, again, variation)
        joined = f"{100 * number + 45}"
        title = {"title": f"Joining part {number}"}
        pair = {"image1": whole, "image2": [names[_PICTURES], 0]}
        graph[joined] = {"class_type": "ImageBatch", "inputs": pair, "_meta": title}
        before, whole = names[_CONDITION], [joined, 0]
    graph[_CUT]["inputs"]["image"] = whole
    return graph


def _renamed(node: dict[str, Any], names: dict[str, str], number: int) -> dict[str, Any]:
    copy = deepcopy(node)
    copy["_meta"]["title"] = copy["_meta"]["title"].replace("part 1", f"part {number}")
    for value in copy["inputs"].values():
        if isinstance(value, list) and value[0] in names:
            value[0] = names[value[0]]
    return copy
