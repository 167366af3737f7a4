"""Two boards that came from one, laid side by side slot by slot, and made into one by choice.

A slot is what can be chosen by itself: a card, a field of it, its place, the wires into one of its inputs. Pure; the
arithmetic of the merge is `three_way`'s: a choice only makes the sides alike before it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pydantic import JsonValue

from studio_sdk.types import Frozen
from studio_server.domain.graph import (
    Edge,
    EdgeAdd,
    EdgeRemove,
    Graph,
    Node,
    NodeAdd,
    NodeRemove,
    NodeSet,
    Operation,
)

What = Literal["card", "field", "place", "wires"]
Who = Literal["mine", "theirs", "both"]
Choice = Literal["mine", "theirs"]

_CARD, _PLACE, _WIRES = "", "@place", ">"
"""No field is called like these (graph.Name)."""


class Side(Frozen):
    """One slot that a side changed since they parted, with its value there and on both sides; `who` changed it.

    `key` names it in choices, `name` is the field's or the input's. Of a card the values are its type, or null where it
    is not there; of wires where they come from; of a place x, y and the scene it lies in.
    """

    key: str
    node_id: str
    what: What
    name: str
    who: Who
    base: JsonValue
    mine: JsonValue
    theirs: JsonValue


def sides(base: Graph, mine: Graph, theirs: Graph) -> list[Side]:
    """Return what either side changed and the other has otherwise, card by card."""
    found: list[Side] = []
    for node_id in sorted({*base.nodes, *mine.nodes, *theirs.nodes}):
        cards = [graph.nodes.get(node_id) for graph in (base, mine, theirs)]
        was, ours, other = cards
        if was and ours and other and was.type == ours.type == other.type:
            found += _parts(base, mine, theirs, was, ours, other)
        elif ours != other:
            values: list[JsonValue] = [card.type if card else None for card in cards]
            found.append(_side(node_id, "card", _CARD, _whose(base, mine, theirs, node_id), values))
    return found


def contested(base: Graph, mine: Graph, theirs: Graph, foreign: Iterable[Operation]) -> list[Side]:
    """Return what both sides changed of cards that `foreign`, what theirs did, works on. Places are nobody's affair."""
    ids = {name for one in foreign for name in _worked_on(one)}
    graphs = [_of(graph, ids) for graph in (base, mine, theirs)]
    return [side for side in sides(*graphs) if side.who == "both" and side.what != "place"]


def _worked_on(one: Operation) -> tuple[str, ...]:
    match one:
        case NodeAdd(node=node):
            return (node.id,)
        case NodeRemove(id=name) | NodeSet(id=name):
            return (name,)
        case EdgeAdd(edge=edge):
            return (edge.target,)
        case EdgeRemove(id=wire):
            return (wire.partition(">")[2].rpartition(".")[0],)
    return ()


def _of(graph: Graph, ids: set[str]) -> Graph:
    """Return some cards and the wires into them."""
    edges = {name: edge for name, edge in graph.edges.items() if edge.target in ids}
    return Graph.model_construct(nodes={name: graph.nodes[name] for name in ids & graph.nodes.keys()}, edges=edges)


def chosen(mine: Graph, theirs: Graph, choices: Mapping[str, Choice]) -> tuple[Graph, Graph]:
    """Return both sides alike in what was chosen, to be merged by `three_way`."""
    for key in sorted(choices, key=lambda key: (not key.endswith("/"), key)):  # a card comes before what is on it
        if choices[key] == "mine":
            theirs = _put(theirs, key, mine)
        else:
            mine = _put(mine, key, theirs)
    return mine, theirs


def _side(node_id: str, what: What, slot: str, who: Who, values: list[JsonValue]) -> Side:
    was, mine, theirs = values
    name = slot.removeprefix(_WIRES) if what in {"field", "wires"} else ""
    key = f"{node_id}/{slot}"
    return Side(key=key, node_id=node_id, what=what, name=name, who=who, base=was, mine=mine, theirs=theirs)


def _parts(base: Graph, mine: Graph, theirs: Graph, *cards: Node) -> Iterator[Side]:
    node_id = cards[0].id
    places: list[JsonValue] = [[card.x, card.y, card.parent] for card in cards]
    for name in sorted({name for card in cards for name in card.data}):
        yield from _apart(node_id, "field", name, [card.data.get(name) for card in cards])
    graphs = (base, mine, theirs)
    inputs = {edge.target_handle for graph in graphs for edge in _touching(graph, node_id) if edge.target == node_id}
    gone = {name for name in base.nodes if name not in mine.nodes or name not in theirs.nodes}
    for handle in sorted(inputs):
        values: list[JsonValue] = [
            [f"{e.source}.{e.source_handle}" for e in graph.into(node_id, handle) if e.source not in gone]
            for graph in graphs
        ]
        yield from _apart(node_id, "wires", f"{_WIRES}{handle}", values)
    yield from _apart(node_id, "place", _PLACE, places)


def _apart(node_id: str, what: What, slot: str, values: list[JsonValue]) -> Iterator[Side]:
    was, mine, theirs = values
    if mine != theirs:
        who: Who = "theirs" if mine == was else "mine" if theirs == was else "both"
        yield _side(node_id, what, slot, who, values)


def _whose(base: Graph, mine: Graph, theirs: Graph, node_id: str) -> Who:
    is_mine, is_theirs = (_is_changed(base, graph, node_id) for graph in (mine, theirs))
    return "both" if is_mine and is_theirs else "mine" if is_mine else "theirs"


def _is_changed(base: Graph, graph: Graph, node_id: str) -> bool:
    """Whether somebody made, removed or worked on a card; a card that was only moved is not worked on."""
    was, now = base.nodes.get(node_id), graph.nodes.get(node_id)
    if was is None or now is None:
        return was is not now
    return (was.type, was.data) != (now.type, now.data)


def _put(graph: Graph, key: str, other: Graph) -> Graph:
    """Return a graph with one slot as the other side has it."""
    node_id, _, slot = key.partition("/")
    there, now = other.nodes.get(node_id), graph.nodes.get(node_id)
    if slot == _CARD:
        nodes = {name: node for name, node in graph.nodes.items() if name != node_id}
        nodes |= {node_id: there} if there else {}
        return _rewired(graph, nodes, _touching(graph, node_id), _touching(other, node_id))
    if there is None or now is None:
        return graph
    if slot.startswith(_WIRES):
        handle = slot.removeprefix(_WIRES)
        return _rewired(graph, graph.nodes, graph.into(node_id, handle), other.into(node_id, handle))
    if slot == _PLACE:
        change: dict[str, object] = {"x": there.x, "y": there.y, "parent": there.parent}
    else:
        data = {name: value for name, value in now.data.items() if name != slot}
        change = {"data": data | ({slot: there.data[slot]} if slot in there.data else {})}
    return Graph.model_construct(nodes={**graph.nodes, node_id: now.model_copy(update=change)}, edges=graph.edges)


def _touching(graph: Graph, node_id: str) -> list[Edge]:
    return [edge for edge in graph.edges.values() if node_id in {edge.source, edge.target}]


def _rewired(graph: Graph, nodes: dict[str, Node], without: list[Edge], instead: list[Edge]) -> Graph:
    gone = {edge.id for edge in without}
    edges = {name: edge for name, edge in graph.edges.items() if name not in gone}
    edges |= {edge.id: edge for edge in instead if {edge.source, edge.target} <= nodes.keys()}
    return Graph.model_construct(nodes=nodes, edges=edges)
