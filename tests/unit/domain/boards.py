"""Random histories of a board with scenes and links: what people could send, and what must hold afterwards.

A history is made of wishes, small numbers that are read against the board as it is by then; most of what they ask for
can be done, some is refused.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st
from pydantic import JsonValue

from studio_sdk.manifest import Pipeline, Socket, Variant
from studio_sdk.types import Engine, Quality, SocketType
from studio_server.domain.batch import shot_key
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
    apply,
    edge_id,
    find_loop,
)
from studio_server.domain.link_group import is_own, link_of
from studio_server.domain.links import linked_scenes
from studio_server.domain.node_types import TYPES, task_for
from studio_server.domain.nodes import Kit, input_spec, inputs_of
from studio_server.domain.scenes import around

FOLLOW = Pipeline(
    id="follow",
    version="1.0.0",
    title="Follow",
    task="generate-video",
    engine=Engine.CPU,
    inputs={
        "prompt": Socket(type=SocketType.STRING),
        "seconds": Socket(type=SocketType.FLOAT, default=4),
        "still": Socket(type=SocketType.IMAGE),
        "clip": Socket(type=SocketType.VIDEO),
    },
    outputs={"video": Socket(type=SocketType.VIDEO)},
    variants=(Variant(quality=Quality.LOW),),
)
KIT = Kit({"follow": FOLLOW}, {"generate-video": "follow"})
KINDS = ("shot", "asset", "text", "reroute", "assembler", "scene", "upscale")
FIELDS = ("prompt", "title", "muted", "active_take", "star:x", "order", "colour", "scene", "link", "exposed")


class Wish(NamedTuple):
    """Something a person could do; the numbers choose among what is there."""

    verb: str
    one: int
    other: int
    more: int


VERBS = (
    "add",
    "move",
    "into",
    "remove",
    "remove scene",
    "set",
    "set",
    "wire",
    "wire",
    "cut",
    "copy",
    "unlink",
    "again",
)
wishes = st.builds(Wish, st.sampled_from(VERBS), *(st.integers(0, 40) for _ in range(3)))
histories = st.lists(st.lists(wishes, min_size=1, max_size=4), min_size=1, max_size=9)


def board() -> Graph:
    """Return a board with two linked scenes, each with two wired cards and a scene within, and some loose ones."""
    nodes = [
        Node(id="A", type="scene", data={"link": "L", "width": 100}),
        Node(id="B", type="scene", x=500, data={"link": "L", "width": 100}),
        Node(id="plain", type="scene", x=900),
        Node(id="loose", type="shot", data={"scene": "01", "code": "900"}),
        Node(id="still", type="asset", data={"kind": "image"}),
        Node(id="film", type="assembler"),
    ]
    edges = []
    for number, root in enumerate("AB", start=1):
        inner, words, one, two = (f"{root}{name}" for name in ("in", "w", "1", "2"))
        nodes += [
            Node(id=inner, type="scene", parent=root, x=5, data={"link": "i"}),
            Node(id=words, type="text", parent=root, data={"link": "w", "value": "fog"}),
            Node(id=one, type="shot", parent=root, data={"link": "1", "scene": "01", "code": f"{number}10"}),
            Node(id=two, type="shot", parent=inner, data={"link": "2", "scene": "01", "code": f"{number}20"}),
        ]
        edges += [wire(words, "value", one, "prompt"), wire(one, "video", two, "clip")]
    return Graph(nodes={n.id: n for n in nodes}, edges={e.id: e for e in edges})


def wire(source: str, out: str, target: str, into: str) -> Edge:
    return Edge(
        id=edge_id(source, out, target, into), source=source, source_handle=out, target=target, target_handle=into
    )


def asked(graph: Graph, wish: Wish, fresh: str) -> list[Operation]:
    """Return the operations of a wish on a board; `fresh` begins the ids of new cards."""
    ids = sorted(graph.nodes)
    scenes = [i for i in ids if graph.nodes[i].type == "scene"]
    linked = sorted(linked_scenes(graph))
    parent = [None, *scenes][wish.other % (len(scenes) + 1)]
    kind = KINDS[wish.one % len(KINDS)]
    data: dict[str, JsonValue] = {"kind": "image"} if kind == "asset" else {}
    if wish.verb == "add" or not ids:
        return [NodeAdd(node=Node(id=fresh, type=kind, x=wish.more, parent=parent, data=data))]
    node = graph.nodes[ids[wish.one % len(ids)]]
    scene = scenes[wish.one % len(scenes)] if scenes else node.id
    doable: dict[str, Callable[[], list[Operation]]] = {
        "move": lambda: [NodeMove(id=node.id, x=wish.other, y=wish.more)],
        "into": lambda: [NodeMove(id=node.id, x=wish.more, y=wish.more, parent=parent)],
        "remove": lambda: [NodeRemove(id=node.id)],
        "remove scene": lambda: [NodeRemove(id=scene)],
        "again": lambda: [NodeAdd(node=node.model_copy(update={"x": wish.more}))],
        "set": lambda: [_set(graph, node, wish)],
        "wire": lambda: _wires(graph, wish),
        "cut": lambda: [EdgeRemove(id=name) for name in sorted(graph.edges)[wish.one : wish.one + 1]],
        "unlink": lambda: [NodeSet(id=name, name="link", value=None) for name in linked[wish.one : wish.one + 1]],
        "copy": lambda: linked_copy(graph, scene, fresh),
    }
    return doable[wish.verb]()


def _set(graph: Graph, node: Node, wish: Wish) -> Operation:
    name = FIELDS[wish.other % len(FIELDS)]
    values: dict[str, object] = {
        "muted": bool(wish.more % 2) or None,
        "order": sorted(graph.edges)[: wish.more % 4],
        "scene": f"{wish.more % 3 + 1:02d}",
        "link": ["1", "2", "L", None][wish.more % 4],
        "exposed": ["seconds"] if wish.more % 2 else None,
    }
    return NodeSet(id=node.id, name=name, value=values.get(name, f"v{wish.more % 5}"))  # type: ignore[arg-type]


def _wires(graph: Graph, wish: Wish) -> list[Operation]:
    ids = sorted(graph.nodes)
    source, target = graph.nodes[ids[wish.one % len(ids)]], graph.nodes[ids[wish.other % len(ids)]]
    outs, ins = TYPES[source.type].outputs, inputs_of(graph, target, KIT)
    pairs = [(out.name, into.name) for out in outs for into in ins]
    return [
        EdgeAdd(edge=wire(source.id, out, target.id, into)) for out, into in pairs[wish.more % 6 : wish.more % 6 + 1]
    ]


def linked_copy(graph: Graph, root: str, fresh: str) -> list[Operation]:
    """Return what a page sends to make a linked copy of a scene: links where there are none, the same cards again."""
    scene = graph.nodes[root]
    link = link_of(scene) or root
    inside = [n for n in graph.nodes.values() if any(one.id == root for one in around(graph, n))]
    inside.sort(key=lambda n: (len(list(around(graph, n))), n.id))
    names = {root: fresh, **{n.id: f"{fresh}_{count}" for count, n in enumerate(inside)}}
    more: list[Operation] = [NodeSet(id=root, name="link", value=link)]
    more += [NodeSet(id=n.id, name="link", value=n.id) for n in inside if link_of(n) is None]
    data = {**scene.data, "link": link}
    more.append(NodeAdd(node=scene.model_copy(update={"id": fresh, "y": scene.y + 300, "data": data})))
    for n in inside:
        kept = {name: value for name, value in n.data.items() if not is_own(name)} | {"link": link_of(n) or n.id}
        copied = Node(id=names[n.id], type=n.type, x=n.x, y=n.y, parent=names[n.parent or ""], data=kept)
        more.append(NodeAdd(node=copied))
    for edge in sorted(graph.edges.values(), key=lambda e: e.id):
        if edge.source in names and edge.target in names and root not in (edge.source, edge.target):
            again = wire(names[edge.source], edge.source_handle, names[edge.target], edge.target_handle)
            more.append(EdgeAdd(edge=again))
    return more


def undone(graph: Graph, operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations that take a batch back, as the page works them out (studio_web/src/lib/project/ops.ts)."""
    back: list[Operation] = []
    for operation in operations:
        back = [*_inverse(graph, operation), *back]
        graph = apply(graph, [operation])
    return back


def _inverse(graph: Graph, operation: Operation) -> list[Operation]:
    if isinstance(operation, EdgeAdd | EdgeRemove):
        return _inverse_wire(graph, operation)
    if isinstance(operation, NodeAdd):
        before = graph.nodes.get(operation.node.id)
        return [NodeAdd(node=before) if before else NodeRemove(id=operation.node.id)]
    old = graph.nodes.get(operation.id)
    if old is None:
        return []
    if isinstance(operation, NodeRemove):
        wires = [e for e in graph.edges.values() if old.id in (e.source, e.target)]
        return [NodeAdd(node=old), *(EdgeAdd(edge=edge) for edge in wires)]
    if isinstance(operation, NodeSet):
        return [NodeSet(id=old.id, name=operation.name, value=old.data.get(operation.name))]
    place: dict[str, Any] = {"id": old.id, "x": old.x, "y": old.y}
    return [NodeMove(**place, parent=old.parent) if "parent" in operation.model_fields_set else NodeMove(**place)]


def _inverse_wire(graph: Graph, operation: EdgeAdd | EdgeRemove) -> list[Operation]:
    if isinstance(operation, EdgeRemove):
        return [EdgeAdd(edge=graph.edges[operation.id])] if operation.id in graph.edges else []
    ends = {operation.edge.source, operation.edge.target} <= set(graph.nodes)
    return [EdgeRemove(id=operation.edge.id)] if ends and operation.edge.id not in graph.edges else []


def faults(graph: Graph) -> list[str]:
    """Return everything about a board that must never be."""
    found = [f"{e.id} leads nowhere" for e in graph.edges.values() if not {e.source, e.target} <= set(graph.nodes)]
    if loop := find_loop(graph):
        found.append(f"a loop over {loop}")
    into: dict[tuple[str, str], int] = {}
    for edge in graph.edges.values():
        into[edge.target, edge.target_handle] = into.get((edge.target, edge.target_handle), 0) + 1
    for (target, handle), count in into.items():
        spec = input_spec(graph, graph.nodes[target], handle, KIT)
        if spec and not spec.many and count > 1:
            found.append(f"{count} wires into {target}.{handle}")
    numbers: dict[tuple[str, str], str] = {}
    for node in graph.nodes.values():
        if node.parent is not None and (node.parent not in graph.nodes or graph.nodes[node.parent].type != "scene"):
            found.append(f"{node.id} lies in {node.parent}")
        outer = [node, *around(graph, node)][-1]
        if outer.parent is not None:
            found.append(f"{node.id} lies in itself")
        key = shot_key(node)
        if task_for(node.type) and (key is None or numbers.setdefault(key, node.id) != node.id):
            found.append(f"{node.id} has the number {key}")
    return found


Content = tuple[dict[str, object], frozenset[tuple[str, ...]]]


def contents(graph: Graph) -> dict[str, list[Content]]:
    """Return, for every link, what each of its scenes holds, written so that scenes that are alike are equal."""
    found: dict[str, list[Content]] = {}
    for root, link in sorted(linked_scenes(graph).items()):
        inside = {n.id: n for n in graph.nodes.values() if any(one.id == root for one in around(graph, n))}
        names = {i: link_of(n) or f"?{i}" for i, n in inside.items()}
        cards: dict[str, object] = {"": [graph.nodes[root].data.get(name) for name in ("width", "height")]}
        for i, n in inside.items():
            data = {name: value for name, value in n.data.items() if not is_own(name) and name != "order"}
            order = [inner for item in _listed(n) if (inner := _named(graph, item, names))]
            assert names[i] not in cards, f"two cards {names[i]} in {root}"
            cards[names[i]] = [n.type, n.x, n.y, names.get(n.parent or ""), data, order]
        wires = (_named(graph, e, names) for e in graph.edges)
        found.setdefault(link, []).append((cards, frozenset(w for w in wires if w)))
    return found


def _listed(node: Node) -> list[str]:
    order = node.data.get("order")
    return [item for item in order if isinstance(item, str)] if isinstance(order, list) else []


def _named(graph: Graph, name: str, names: dict[str, str]) -> tuple[str, ...]:
    edge = graph.edges.get(name)
    if edge is None or edge.source not in names or edge.target not in names:
        return ()
    return names[edge.source], edge.source_handle, names[edge.target], edge.target_handle


def unlike(graph: Graph) -> list[str]:
    """Return the links whose scenes do not hold the same."""
    return [link for link, members in contents(graph).items() if any(one != members[0] for one in members)]
