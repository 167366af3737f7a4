"""What of a board a viewer sees first: the cards in an area, and all whose takes tell something about those.

Pure; asked when a page opens a large project and wants the takes of the rest after its first picture.
"""

from collections.abc import Iterable

from studio_sdk.types import Frozen
from studio_server.domain.graph import Graph, Node
from studio_server.domain.scenes import SCENE, around, held


class Area(Frozen):
    """A part of the board, in its pixels."""

    x: float
    y: float
    width: float
    height: float


_WIDEST = 720.0
_HIGHEST = 2400.0
_FARTHEST = 1e7
"""No card but a scene is drawn larger than this; a scene says its size."""


def in_sight(graph: Graph, area: Area) -> set[str]:
    """Return the ids of cards that may be seen in an area, what lies in scenes there, and all that feeds those."""
    seen = {node.id for node in graph.nodes.values() if _reaches(graph, node, area)}
    inside = held(graph) if any(graph.nodes[one].type == SCENE for one in seen) else {}
    seen |= _closure(seen, {parent: [node.id for node in nodes] for parent, nodes in inside.items()})
    feeders: dict[str, list[str]] = {}
    for edge in graph.edges.values():
        feeders.setdefault(edge.target, []).append(edge.source)
    return _closure(seen, feeders) & graph.nodes.keys()


def _reaches(graph: Graph, node: Node, area: Area) -> bool:
    x, y = node.x, node.y
    if node.parent is not None:
        for scene in around(graph, node):
            x, y = x + scene.x, y + scene.y
    width, height = _size(node)
    return x < area.x + area.width and y < area.y + area.height and x + width > area.x and y + height > area.y


def _size(node: Node) -> tuple[float, float]:
    return max(_length(node.data.get("width")), _WIDEST), max(_length(node.data.get("height")), _HIGHEST)


def _length(value: object) -> float:
    return float(value) if isinstance(value, int | float) and 0 < value < _FARTHEST else 0.0


def _closure(start: Iterable[str], after: dict[str, list[str]]) -> set[str]:
    found = set(start)
    waiting = list(found)
    while waiting:
        for one in after.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found
