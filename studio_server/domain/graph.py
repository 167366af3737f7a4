"""The node graph of a project and the only ways to change it.

The page has the same six (studio_web/src/lib/project/ops.ts). Both apply what still makes sense and skip the rest,
so that two people's edits merge. Node types and fields that nobody knows are kept untouched.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from studio_sdk.errors import Code, StudioError

NodeId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,60}$")]
Coordinate = Annotated[float, Field(ge=-1e7, le=1e7, allow_inf_nan=False)]

MAX_OPERATIONS = 5000
MAX_FIELD_BYTES = 256 * 1024
MAX_NODES = 20_000


class _Entity(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Node(_Entity):
    """A card on the board. `data` holds its fields; position is in board pixels, relative to `parent` if it has one."""

    id: NodeId
    type: Name
    x: Coordinate = 0
    y: Coordinate = 0
    parent: NodeId | None = None
    data: dict[str, JsonValue] = Field(default_factory=dict)


class Edge(_Entity):
    """A wire from an output to an input. Its id says what it joins, so the same wire cannot exist twice."""

    id: str = Field(max_length=250)
    source: NodeId
    source_handle: Name
    target: NodeId
    target_handle: Name


def edge_id(source: str, source_handle: str, target: str, target_handle: str) -> str:
    """Return the id that a wire between these sockets has."""
    return f"{source}.{source_handle}>{target}.{target_handle}"


class NodeAdd(_Entity):
    """Put a node on the board; one with the same id is replaced."""

    op: Literal["node.add"] = "node.add"
    node: Node


class NodeRemove(_Entity):
    """Take a node off the board together with its wires."""

    op: Literal["node.remove"] = "node.remove"
    id: NodeId


class NodeMove(_Entity):
    """Move a node; `parent` absent leaves its group as it is, null takes it out."""

    op: Literal["node.move"] = "node.move"
    id: NodeId
    x: Coordinate
    y: Coordinate
    parent: NodeId | None = None


class NodeSet(_Entity):
    """Set one field of a node's data; null removes it."""

    op: Literal["node.set"] = "node.set"
    id: NodeId
    name: Name
    value: JsonValue


class EdgeAdd(_Entity):
    """Join two sockets."""

    op: Literal["edge.add"] = "edge.add"
    edge: Edge


class EdgeRemove(_Entity):
    """Cut a wire."""

    op: Literal["edge.remove"] = "edge.remove"
    id: str = Field(max_length=250)


Operation = Annotated[NodeAdd | NodeRemove | NodeMove | NodeSet | EdgeAdd | EdgeRemove, Field(discriminator="op")]
OPERATIONS: TypeAdapter[list[Operation]] = TypeAdapter(list[Operation])
"""A batch as the log holds it: what a file from outside or the server itself added may pass `MAX_OPERATIONS`."""


class Graph(BaseModel):
    """Nodes and edges by id. A value: `apply` returns a new one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nodes: dict[NodeId, Node] = Field(default_factory=dict)
    edges: dict[str, Edge] = Field(default_factory=dict)

    @cached_property
    def _by_input(self) -> dict[tuple[str, str], list[Edge]]:
        found: dict[tuple[str, str], list[Edge]] = {}
        for edge in sorted(self.edges.values(), key=lambda e: e.id):
            found.setdefault((edge.target, edge.target_handle), []).append(edge)
        return found

    def into(self, node_id: str, handle: str) -> list[Edge]:
        """Return the wires that end in one input, in order of their ids."""
        return self._by_input.get((node_id, handle), [])

    @cached_property
    def _fed(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for edge in self.edges.values():
            found.setdefault(edge.target, set()).add(edge.target_handle)
        return found

    def fed(self, node_id: str) -> frozenset[str]:
        """Return the inputs of a card that have a wire."""
        return frozenset(self._fed.get(node_id, ()))

    @cached_property
    def _by_output(self) -> dict[tuple[str, str], list[Edge]]:
        found: dict[tuple[str, str], list[Edge]] = {}
        for edge in sorted(self.edges.values(), key=lambda e: e.id):
            found.setdefault((edge.source, edge.source_handle), []).append(edge)
        return found

    @cached_property
    def _leaving(self) -> dict[str, list[Edge]]:
        found: dict[str, list[Edge]] = {}
        for edge in self.edges.values():
            found.setdefault(edge.source, []).append(edge)
        return found

    def leaving(self, node_id: str) -> list[Edge]:
        """Return the wires that leave a card, in no order."""
        return self._leaving.get(node_id, [])

    def out_of(self, node_id: str, handle: str) -> list[Edge]:
        """Return the wires that leave one output, in order of their ids."""
        return self._by_output.get((node_id, handle), [])


EMPTY = Graph()


def dump_operations(operations: Iterable[Operation]) -> list[dict[str, JsonValue]]:
    """Return operations as plain JSON. A move that leaves the group alone has no `parent`."""
    return [
        operation.model_dump(mode="json", exclude={"parent"} if _keeps_group(operation) else None)
        for operation in operations
    ]


def _keeps_group(operation: Operation) -> bool:
    return isinstance(operation, NodeMove) and "parent" not in operation.model_fields_set


def apply(graph: Graph, operations: Iterable[Operation]) -> Graph:
    """Return the graph after the operations, skipping those whose node or wire is gone."""
    operations = list(operations)
    nodes = dict(graph.nodes)
    edges = dict(graph.edges)
    ends: dict[str, list[str]] | None = None
    for operation in operations:
        if isinstance(operation, NodeRemove):
            if nodes.pop(operation.id, None):
                ends = _ends(edges) if ends is None else ends
                _cut(edges, operation.id, ends.pop(operation.id, []))
            continue
        _apply_one(nodes, edges, operation)
        if ends is not None and isinstance(operation, EdgeAdd):
            for end in (operation.edge.source, operation.edge.target):
                ends.setdefault(end, []).append(operation.edge.id)
    after = Graph.model_construct(nodes=nodes, edges=edges)
    if edges.keys() == graph.edges.keys() and not any(isinstance(operation, EdgeAdd) for operation in operations):
        # Most edits touch no wire: what is known of thousands need not be worked out again.
        after.__dict__.update({name: graph.__dict__[name] for name in _INDEXES if name in graph.__dict__})
    return after


_INDEXES = ("_by_input", "_by_output", "_leaving")


def _apply_one(nodes: dict[str, Node], edges: dict[str, Edge], operation: Operation) -> None:
    match operation:
        case NodeAdd():
            nodes[operation.node.id] = operation.node
        case NodeMove() if operation.id in nodes:
            nodes[operation.id] = _moved(nodes[operation.id], operation)
        case NodeSet() if operation.id in nodes:
            nodes[operation.id] = _set(nodes[operation.id], operation)
        case EdgeAdd() if operation.edge.source in nodes and operation.edge.target in nodes:
            edges[operation.edge.id] = operation.edge
        case EdgeRemove():
            edges.pop(operation.id, None)


def _ends(edges: Mapping[str, Edge]) -> dict[str, list[str]]:
    """Return the ids of the wires at each card: to look through all for each of thousands removed takes seconds."""
    found: dict[str, list[str]] = {}
    for edge in edges.values():
        found.setdefault(edge.source, []).append(edge.id)
        found.setdefault(edge.target, []).append(edge.id)
    return found


def _cut(edges: dict[str, Edge], card: str, wires: Iterable[str]) -> None:
    """Take the wires of a removed card along."""
    for wire in wires:
        edge = edges.get(wire)
        if edge and card in {edge.source, edge.target}:
            del edges[wire]


def _moved(node: Node, move: NodeMove) -> Node:
    change: dict[str, object] = {"x": move.x, "y": move.y}
    if not _keeps_group(move):
        change["parent"] = move.parent
    return node.model_copy(update=change)


def _set(node: Node, change: NodeSet) -> Node:
    data = {name: old for name, old in node.data.items() if name != change.name}
    if change.value is not None:
        data[change.name] = change.value
    return node.model_copy(update={"data": data})


def difference(before: Graph, after: Graph) -> list[Operation]:
    """Return operations that make one graph into another, field by field, so that they merge with other edits."""
    operations: list[Operation] = [NodeRemove(id=gone) for gone in sorted(set(before.nodes) - set(after.nodes))]
    operations += [EdgeRemove(id=cut) for cut in sorted(set(before.edges) - set(after.edges))]
    for node in sorted(after.nodes.values(), key=lambda n: (_lies_in(after, n), n.id)):
        old = before.nodes.get(node.id)
        if old is None or old.type != node.type:
            operations.append(NodeAdd(node=node))
        elif old != node:
            operations += _node_difference(old, node)
    operations += [EdgeAdd(edge=after.edges[new]) for new in sorted(set(after.edges) - set(before.edges))]
    return operations


def _lies_in(graph: Graph, node: Node) -> int:
    """Return how many cards a card lies in; parents come before what they hold."""
    seen = {node.id}
    while node.parent is not None and node.parent not in seen and node.parent in graph.nodes:
        node = graph.nodes[node.parent]
        seen.add(node.id)
    return len(seen)


def _node_difference(old: Node, new: Node) -> list[Operation]:
    operations: list[Operation] = []
    if (old.x, old.y, old.parent) != (new.x, new.y, new.parent):
        operations.append(NodeMove(id=new.id, x=new.x, y=new.y, parent=new.parent))
    changed = (name for name in sorted(set(old.data) | set(new.data)) if old.data.get(name) != new.data.get(name))
    operations += [NodeSet(id=new.id, name=name, value=new.data.get(name)) for name in changed]
    return operations


def upstream(graph: Graph, node_id: str) -> set[str]:
    """Return the ids of all nodes that feed a node, directly or through others."""
    feeders = _neighbours(graph, forward=False)
    return _reach(feeders, node_id)


def find_loop(graph: Graph) -> list[str] | None:
    """Return the node ids of one loop, or None where the graph has none."""
    after = _neighbours(graph, forward=True)
    done: set[str] = set()
    for start in after:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(node)
                done.add(node)
            elif node in on_path:
                return path[path.index(node) :]
            elif node not in done:
                path.append(node)
                on_path.add(node)
                stack.append((node, True))
                stack.extend((nxt, False) for nxt in after.get(node, ()))
    return None


def _neighbours(graph: Graph, *, forward: bool) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in graph.edges.values():
        here, there = (edge.source, edge.target) if forward else (edge.target, edge.source)
        found.setdefault(here, []).append(there)
    return MappingProxyType(found)


def _reach(neighbours: Mapping[str, list[str]], start: str) -> set[str]:
    seen: set[str] = set()
    stack = list(neighbours.get(start, ()))
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(neighbours.get(node, ()))
    return seen


def refuse_loops(before: Graph, after: Graph) -> None:
    """Raise GRAPH_INVALID if the change closed a loop, naming a node in it.

    A loop that came in with a file from outside is nobody's change: it stays until somebody cuts it.
    """
    new = [edge for name, edge in after.edges.items() if name not in before.edges]
    loop = find_loop(after) if new else None
    if loop is None:
        return
    feeds = _neighbours(after, forward=True)
    if any(edge.source == edge.target or edge.source in _reach(feeds, edge.target) for edge in new):
        raise StudioError(Code.GRAPH_INVALID, "This would make a loop", detail=" > ".join(loop), node_id=loop[0])
