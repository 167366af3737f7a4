"""Who lies in what: the scenes around a card, where it is on the board, and whether a scene mutes it.

Pure; used by the judge, the plan and the batch. A file from outside may hold scenes that lie in each other: every walk
here ends all the same.
"""

from collections.abc import Iterator

from studio_server.domain.graph import Graph, Node

SCENE = "scene"


def around(graph: Graph, node: Node) -> Iterator[Node]:
    """Yield the scenes a card lies in, innermost first."""
    seen = {node.id}
    while node.parent is not None and node.parent not in seen and node.parent in graph.nodes:
        node = graph.nodes[node.parent]
        seen.add(node.id)
        yield node


def is_muted(graph: Graph, node: Node) -> bool:
    """Whether a card gives nothing: it is muted itself, or a scene around it is."""
    return any(one.data.get("muted") is True for one in (node, *around(graph, node)))
