"""Two versions of a canvas that came from one, made into one: card by card and field by field.

`studio merge-canvas` calls it for people's own git. Pure. What only one side changed is taken. Where both wrote one
thing differently, the first side's stays and the other's is named; no card is lost that either side worked on.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal, NamedTuple

from studio_server.domain.batch import ShotKey, merge, shot_key
from studio_server.domain.graph import (
    Edge,
    EdgeAdd,
    EdgeRemove,
    Graph,
    Node,
    NodeAdd,
    NodeMove,
    NodeRemove,
    NodeSet,
    Operation,
    difference,
    find_loop,
)
from studio_server.domain.nodes import Kit
from studio_server.domain.scenes import lies_in_itself

What = Literal["field", "card", "removed", "wire", "number", "place"]


class Contested(NamedTuple):
    """Something that both sides changed, each in its own way: of which card, what, and for a field which.

    `field`, `card`: the first side's is kept. `removed`: one side removed the card, the other worked on it: it stays.
    `wire`: a wire of one side gave way to one of the other. `number`: a shot got another number, its own was taken.
    `place`: two scenes were put into each other, and the first side's stay.
    """

    node_id: str
    what: What
    name: str = ""


class Merged(NamedTuple):
    """The canvas of both sides, and what a person should look at; nothing contested means that both are in it whole."""

    graph: Graph
    contested: tuple[Contested, ...]


def three_way(base: Graph, ours: Graph, theirs: Graph, *, kit: Kit, on_disk: Collection[ShotKey] = ()) -> Merged:
    """Return what `ours` and `theirs` make of `base` together. `on_disk` are the shots that have takes."""
    mine, foreign = difference(base, ours), difference(base, theirs)
    contested: list[Contested] = []
    batch = [*_back(base, ours, mine, foreign, contested), *_taken(base, ours, mine, foreign, contested)]
    while True:
        _, after = merge(ours, batch, kit=kit, on_disk=on_disk)
        clash = _clash(ours, after, batch)
        if clash is None:
            break
        unwanted, said = clash
        contested.append(said)
        batch.remove(unwanted)
    contested += _numbers(batch, after)
    contested += _wires(ours, theirs, foreign, after)
    return Merged(after, tuple(dict.fromkeys(contested)))


def _back(
    base: Graph, ours: Graph, mine: Sequence[Operation], foreign: Sequence[Operation], contested: list[Contested]
) -> list[Operation]:
    """Return what brings back the cards that we removed and they worked on, with the wires they had."""
    gone = {one.id for one in mine if isinstance(one, NodeRemove)} & _worked_on(foreign)
    contested += [Contested(name, "removed") for name in sorted(gone)]
    there = set(ours.nodes) | gone
    cards: list[Operation] = [NodeAdd(node=base.nodes[name]) for name in sorted(gone)]
    wires = (base.edges[name] for name in sorted(base.edges))
    return cards + [EdgeAdd(edge=e) for e in wires if gone & {e.source, e.target} and {e.source, e.target} <= there]


def _taken(
    base: Graph, ours: Graph, mine: Sequence[Operation], foreign: Sequence[Operation], contested: list[Contested]
) -> Iterator[Operation]:
    """Yield what is taken over of the other side's changes."""
    worked_on = _worked_on(mine)
    moved = {one.id for one in mine if isinstance(one, NodeMove)}
    kept = {one.id for one in foreign if isinstance(one, NodeRemove) and one.id in worked_on}
    for one in foreign:
        match one:
            case NodeRemove(id=name) if name in kept:
                contested.append(Contested(name, "removed"))
            case EdgeRemove(id=wire) if kept & _ends(base, wire):
                pass
            case NodeAdd(node=node) if node.id in ours.nodes and ours.nodes[node.id] != base.nodes.get(node.id):
                if ours.nodes[node.id] != node:
                    contested.append(Contested(node.id, "card"))
            case NodeMove(id=name) if name in moved:
                if name in ours.nodes and ours.nodes[name].parent != one.parent:
                    contested.append(Contested(name, "place"))
            case NodeSet(id=name, name=field) if _is_ours(base, ours, one):
                if ours.nodes[name].data.get(field) != one.value:
                    contested.append(Contested(name, "field", field))
            case _:
                yield one


def _is_ours(base: Graph, ours: Graph, one: NodeSet) -> bool:
    node = ours.nodes.get(one.id)
    before = base.nodes.get(one.id)
    return node is not None and before is not None and node.data.get(one.name) != before.data.get(one.name)


def _ends(graph: Graph, wire: str) -> set[str]:
    edge = graph.edges.get(wire)
    return {edge.source, edge.target} if edge else set()


def _worked_on(operations: Sequence[Operation]) -> set[str]:
    """Return the cards that were written to, wired, or given cards to hold; a card that was only moved is not."""
    found: set[str] = set()
    for one in operations:
        match one:
            case NodeSet(id=name):
                found.add(name)
            case EdgeAdd(edge=edge):
                found |= {edge.source, edge.target}
            case NodeAdd(node=Node(parent=str(parent))) | NodeMove(parent=str(parent)):
                found.add(parent)
            case _:
                pass
    return found


def _clash(ours: Graph, after: Graph, batch: Sequence[Operation]) -> tuple[Operation, Contested] | None:
    """Return a change of the other side that makes no valid canvas with ours, and what to say of it."""
    if not find_loop(ours) and (loop := find_loop(after)):
        around = set(loop)
        for one in batch:
            if isinstance(one, EdgeAdd) and {one.edge.source, one.edge.target} <= around:
                return one, Contested(one.edge.target, "wire", one.edge.target_handle)
    for one in batch:
        if isinstance(one, NodeMove) and _is_knotted(after, one.id) and not _is_knotted(ours, one.id):
            return one, Contested(one.id, "place")
    numbers: dict[ShotKey, list[str]] = {}
    for node in after.nodes.values():
        if key := shot_key(node):
            numbers.setdefault(key, []).append(node.id)
    doubled = {name for names in numbers.values() if len(names) > 1 for name in names}
    for one in batch:
        if isinstance(one, NodeSet) and one.name in {"scene", "code"} and one.id in doubled:
            return one, Contested(one.id, "number")
    return None


def _is_knotted(graph: Graph, name: str) -> bool:
    return name in graph.nodes and lies_in_itself(graph, graph.nodes[name])


def _numbers(batch: Sequence[Operation], after: Graph) -> list[Contested]:
    added = (one.node for one in batch if isinstance(one, NodeAdd))
    return [
        Contested(node.id, "number")
        for node in added
        if (key := shot_key(node)) and node.id in after.nodes and shot_key(after.nodes[node.id]) != key
    ]


def _wires(ours: Graph, theirs: Graph, foreign: Sequence[Operation], after: Graph) -> list[Contested]:
    """Return the inputs at which a wire of one side is missing that nobody cut."""
    cut = {one.id for one in foreign if isinstance(one, EdgeRemove)}
    added = [one.edge for one in foreign if isinstance(one, EdgeAdd)]
    lost: list[Edge] = [ours.edges[name] for name in ours.edges if name not in after.edges and name not in cut]
    lost += [edge for edge in added if edge.id not in after.edges and edge.id in theirs.edges]
    return [
        Contested(edge.target, "wire", edge.target_handle)
        for edge in sorted(lost, key=lambda e: e.id)
        if {edge.source, edge.target} <= set(after.nodes)
    ]
