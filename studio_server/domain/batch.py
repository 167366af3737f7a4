"""From what a page sends to what is published: a batch checked against the graph and completed.

The server is the sequencer, so it may add to a batch what keeps the graph whole: the shot number that a new shot gets,
the cut of the wire that a new one replaces, the moves that leave the cards of a removed scene where they are, and what
linked scenes have in common. Everybody, the sender included, applies the completed batch.
"""

import math
from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import cast

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_server.domain.framings import check_framing
from studio_server.domain.graph import (
    MAX_FIELD_BYTES,
    MAX_NODES,
    EdgeAdd,
    EdgeRemove,
    Graph,
    Node,
    NodeAdd,
    NodeSet,
    Operation,
    apply,
    edge_id,
    refuse_loops,
)
from studio_server.domain.judge import check_wire
from studio_server.domain.languages import check_translation
from studio_server.domain.links import follow
from studio_server.domain.node_types import TYPES, task_for
from studio_server.domain.nodes import Kit, input_spec
from studio_server.domain.scenes import around, left_behind, put_right, strays
from studio_server.domain.shots import is_number, shot_folder

ShotKey = tuple[str, str]


def complete(
    graph: Graph,
    operations: Sequence[Operation],
    *,
    kit: Kit,
    on_disk: Collection[ShotKey],
) -> tuple[list[Operation], Graph]:
    """Return the batch to publish and the graph after it.

    `on_disk` are the (scene, code) pairs that have takes: a new shot never takes over another's. Raises GRAPH_INVALID
    or VALIDATION_ERROR for the batch as a whole; nothing of it is then applied.
    """
    _check_sizes(operations)
    batch = left_behind(graph, operations)
    after = apply(graph, batch)
    batch += put_right(after, batch)
    batch += _replaced(apply(graph, batch), batch, kit)
    # What linked scenes add may replace wires and put cards into scenes in its turn.
    changed = apply(graph, batch)
    followed = follow(graph, batch, changed, lambda node, handle: _holds_one(changed, node, handle, kit))
    batch = _numbered(graph, [*batch, *followed], on_disk)
    after = apply(graph, batch)
    if len(after.nodes) > MAX_NODES:
        raise StudioError(Code.VALIDATION_ERROR, f"A canvas holds at most {MAX_NODES} nodes.")
    put_right(after, followed)
    cuts = _replaced(after, batch, kit) if followed else []
    batch += cuts
    after = apply(after, cuts)
    _check_shot_numbers(after, batch)
    for operation in operations:
        if isinstance(operation, EdgeAdd) and operation.edge.id in after.edges:
            check_wire(after, operation.edge, kit)
    refuse_loops(graph, after)
    return batch, after


def merge(
    graph: Graph, foreign: Sequence[Operation], *, kit: Kit, on_disk: Collection[ShotKey]
) -> tuple[list[Operation], Graph]:
    """Return what a file from outside changed, made to fit a graph that has gone on meanwhile, and the graph after it.

    Nothing is refused: a fault that the file itself has stays for people to mend.
    """
    batch = left_behind(graph, foreign)
    batch += strays(apply(graph, batch), batch)
    batch = _numbered(graph, batch, on_disk)
    batch += _replaced(apply(graph, batch), batch, kit)
    return batch, apply(graph, batch)


def _check_sizes(operations: Iterable[Operation]) -> None:
    for operation in operations:
        match operation:
            case NodeSet():
                _check_field(operation.id, operation.name, operation.value)
            case NodeAdd():
                for name, value in operation.node.data.items():
                    _check_field(operation.node.id, name, value)
            case EdgeAdd(edge=edge):
                if edge.id != edge_id(edge.source, edge.source_handle, edge.target, edge.target_handle):
                    raise StudioError(Code.VALIDATION_ERROR, "A wire's id must say what it joins.", detail=edge.id)
            case _:
                pass


def _check_field(node_id: str, name: str, value: JsonValue) -> None:
    check_framing(node_id, name, value)
    check_translation(node_id, name, value)
    size = _size(value)
    if math.isnan(size):
        raise StudioError(
            Code.VALIDATION_ERROR,
            f"The field “{name}” holds a number that JSON cannot write.",
            field=name,
            node_id=node_id,
        )
    if size > MAX_FIELD_BYTES:
        raise StudioError(
            Code.VALIDATION_ERROR,
            f"The field “{name}” is too long; {MAX_FIELD_BYTES // 1024} KiB is the most.",
            field=name,
            node_id=node_id,
        )


def _size(value: JsonValue) -> float:
    """Return about how many bytes a value needs, or NaN where it holds NaN or an infinity: no file could hold those."""
    if isinstance(value, str):
        return len(value.encode("utf-8", "replace"))
    if isinstance(value, list):
        return sum(_size(part) for part in value)
    if isinstance(value, dict):
        return sum(len(name) + _size(part) for name, part in value.items())
    return math.nan if isinstance(value, float) and not math.isfinite(value) else 8


def shot_key(node: Node) -> ShotKey | None:
    """Return scene and code of a card with takes, or None for any other card and for one without a number."""
    scene, code = node.data.get("scene"), node.data.get("code")
    return (scene, code) if task_for(node.type) and isinstance(scene, str) and isinstance(code, str) else None


def _numbered(graph: Graph, operations: Sequence[Operation], on_disk: Collection[ShotKey]) -> list[Operation]:
    holders = {key: node.id for node in graph.nodes.values() if (key := shot_key(node))}
    highest = _highest([*holders, *on_disk])
    batch: list[Operation] = []
    added: dict[str, Node] = {}
    for operation in operations:
        if isinstance(operation, NodeAdd):
            node = operation.node
            if task_for(node.type):
                key = shot_key(node)
                if key is None or holders.get(key, node.id) != node.id:
                    scene = key[0] if key else _scene_of(graph, added, node)
                    key = _next_free(scene, TYPES[node.type].code_prefix, highest)
                    # A copy starts without takes: those it was copied with belong to the other number.
                    data = {name: value for name, value in node.data.items() if name not in {"active_take", "locked"}}
                    node = node.model_copy(update={"data": data | {"scene": key[0], "code": key[1]}})
                holders[key] = node.id
                _count(highest, key)
            added[node.id] = node
            batch.append(NodeAdd(node=node))
        else:
            batch.append(operation)
    return batch


def _scene_of(graph: Graph, added: dict[str, Node], node: Node) -> str:
    """Return the scene number a new shot gets: its own, else that of the scene it lies in, else the first."""
    own = node.data.get("scene")
    if isinstance(own, str) and own:
        return own
    if node.parent is None:
        return "01"
    both = cast("dict[str, Node]", ChainMap(added, graph.nodes))  # a copy for each of thousands would take seconds
    board = Graph.model_construct(nodes=both, edges={})
    numbers = (scene.data.get("scene") for scene in around(board, node))
    return next((number for number in numbers if isinstance(number, str) and number), "01")


def _highest(taken: Iterable[ShotKey]) -> dict[tuple[str, str], int]:
    """Return the highest number in use by scene and prefix: looked up once, a batch may add thousands of shots."""
    highest: dict[tuple[str, str], int] = {}
    for key in taken:
        _count(highest, key)
    return highest


def _count(highest: dict[tuple[str, str], int], key: ShotKey) -> None:
    scene, code = key
    if not is_number(scene, code):  # a file from outside may hold anything
        return
    prefix = code.rstrip("0123456789")
    number = int(code[len(prefix) :] or 0)
    highest[scene, prefix] = max(number, highest.get((scene, prefix), 0))


def _next_free(scene: str, prefix: str, highest: Mapping[tuple[str, str], int]) -> ShotKey:
    number = highest.get((scene, prefix), 0) // 10 * 10 + 10
    return scene, f"{prefix}{number:03d}"


def _check_shot_numbers(after: Graph, batch: Iterable[Operation]) -> None:
    touched = {o.id for o in batch if isinstance(o, NodeSet) and o.name in ("scene", "code")}
    touched |= {o.node.id for o in batch if isinstance(o, NodeAdd) and task_for(o.node.type)}
    if not touched:
        return
    holders: dict[ShotKey, str] = {}
    for node in after.nodes.values():
        if node.id in touched and task_for(node.type):
            shot_folder(str(node.data.get("scene", "")), str(node.data.get("code", "")))
        key = shot_key(node)
        if key is None:
            continue
        other = holders.setdefault(key, node.id)
        if other != node.id and touched & {other, node.id}:
            scene, code = key
            raise StudioError(
                Code.VALIDATION_ERROR,
                f"Scene {scene} already has a shot {code}.",
                field="code",
                node_id=node.id if node.id in touched else other,
            )


def _replaced(after: Graph, batch: Sequence[Operation], kit: Kit) -> list[Operation]:
    added = [o.edge for o in batch if isinstance(o, EdgeAdd)]
    newest = {(edge.target, edge.target_handle): edge.id for edge in added}
    cuts: list[Operation] = []
    for (target, handle), keep in newest.items():
        node = after.nodes.get(target)
        if node is None or keep not in after.edges or not _holds_one(after, node, handle, kit):
            continue
        cuts += [EdgeRemove(id=edge.id) for edge in after.into(target, handle) if edge.id != keep]
    return cuts


def _holds_one(graph: Graph, node: Node, handle: str, kit: Kit) -> bool:
    spec = input_spec(graph, node, handle, kit)
    return spec is not None and not spec.many
