"""Who lies in what: the scenes around a card, where a card goes when its scene is removed, and what may not be.

Pure; used by the judge, the plan and the batch. A file from outside may hold scenes that lie in each other: every walk
here ends all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_server.domain.graph import Graph, Node, NodeAdd, NodeMove, NodeRemove, Operation, apply
from studio_server.domain.node_types import TYPES

SCENE: Final = "scene"
_FARTHEST = 1e7


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


def held(graph: Graph) -> dict[str, list[Node]]:
    """Return the cards that lie in each card, in order of their ids."""
    found: dict[str, list[Node]] = {}
    for node in sorted((n for n in graph.nodes.values() if n.parent is not None), key=lambda n: n.id):
        found.setdefault(str(node.parent), []).append(node)
    return found


def left_behind(graph: Graph, operations: Sequence[Operation]) -> list[Operation]:
    """Return the batch with, before the removal of a scene, the moves that leave its cards where they are.

    They go to the scene around it, or to the board.
    """
    parents = {n.parent for n in graph.nodes.values()} | {p for o in operations if (p := _new_parent(o))}
    if not any(isinstance(o, NodeRemove) and o.id in parents for o in operations):
        return list(operations)
    removed_at = {o.id: at for at, o in enumerate(operations) if isinstance(o, NodeRemove)}
    batch: list[Operation] = []
    waiting: list[Operation] = []
    now, inside = graph, held(graph)
    for at, operation in enumerate(operations):
        if isinstance(operation, NodeRemove) and operation.id in parents:
            then = apply(now, waiting)
            _rehoused(inside, now, then, waiting)
            now, waiting = then, []
            for node in inside.get(operation.id, []) if operation.id in now.nodes else []:
                if removed_at.get(node.id, -1) < at or node.id in inside:
                    move = _left(node, now.nodes[operation.id])
                    batch.append(move)
                    waiting.append(move)
        batch.append(operation)
        waiting.append(operation)
    return batch


def _rehoused(inside: dict[str, list[Node]], before: Graph, after: Graph, done: Iterable[Operation]) -> None:
    """Keep what lies in what true after operations: to look at every card anew for each scene takes seconds."""
    for card in {named for one in done if (named := _card(one))}:
        was, now = before.nodes.get(card), after.nodes.get(card)
        if was and was.parent is not None:
            left = [one for one in inside.get(was.parent, []) if one.id != card]
            inside[was.parent] = left
            if not left:
                del inside[was.parent]
        if now and now.parent is not None:
            inside[now.parent] = sorted([*inside.get(now.parent, []), now], key=lambda one: one.id)


def _card(operation: Operation) -> str | None:
    match operation:
        case NodeAdd(node=node):
            return node.id
        case NodeMove(id=card) | NodeRemove(id=card):
            return card
    return None


def _left(node: Node, scene: Node) -> NodeMove:
    outer = scene.parent if scene.parent != scene.id else None
    return NodeMove(id=node.id, x=_near(node.x + scene.x), y=_near(node.y + scene.y), parent=outer)


def _near(position: float) -> float:
    return min(max(position, -_FARTHEST), _FARTHEST)


def _new_parent(operation: Operation) -> str | None:
    if isinstance(operation, NodeAdd):
        return operation.node.parent
    return operation.parent if isinstance(operation, NodeMove) else None


def strays(after: Graph, operations: Iterable[Operation]) -> list[Operation]:
    """Return the moves that take written cards out of scenes that are gone."""
    written = {o.node.id if isinstance(o, NodeAdd) else o.id for o in operations if isinstance(o, NodeAdd | NodeMove)}
    cards = (after.nodes[name] for name in sorted(written) if name in after.nodes)
    return [
        NodeMove(id=card.id, x=card.x, y=card.y, parent=None)
        for card in cards
        if card.parent is not None and card.parent not in after.nodes
    ]


def put_right(after: Graph, operations: Iterable[Operation]) -> list[Operation]:
    """Return the moves that take cards out of a scene that somebody has removed meanwhile.

    Raises GRAPH_INVALID where a scene would lie in itself, or a card in one that is no scene.
    """
    out: dict[str, Operation] = {}
    for operation in operations:
        if isinstance(operation, NodeAdd) and operation.node.id in after.nodes:
            node = after.nodes[operation.node.id]
        elif isinstance(operation, NodeMove) and operation.id in after.nodes:
            node = after.nodes[operation.id]
        else:
            continue
        if node.parent is None:
            continue
        holder = after.nodes.get(node.parent)
        if holder is None:
            out[node.id] = NodeMove(id=node.id, x=node.x, y=node.y, parent=None)
        elif holder.type in TYPES and holder.type != SCENE:
            raise StudioError(Code.GRAPH_INVALID, "Only a scene holds other cards", node_id=node.id)
        elif lies_in_itself(after, node):
            raise StudioError(Code.GRAPH_INVALID, "A scene cannot lie in itself", node_id=node.id)
    return list(out.values())


def lies_in_itself(graph: Graph, node: Node) -> bool:
    """Whether a card lies in a scene that, at some depth, lies in itself."""
    outermost = [node, *around(graph, node)][-1]
    return outermost.parent is not None and outermost.parent in graph.nodes
