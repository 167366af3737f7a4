"""The six operations: they merge, they skip what is gone, and differences lead from one graph to another."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_sdk.errors import Code, StudioError
from studio_server.domain.graph import (
    EMPTY,
    OPERATIONS,
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
    difference,
    dump_operations,
    edge_id,
    find_loop,
    refuse_loops,
    upstream,
)

ids = st.sampled_from(["a", "b", "c", "d"])
values = st.one_of(st.none(), st.integers(-5, 5), st.text(max_size=4))


def wire(source: str, target: str, handle: str = "in") -> Edge:
    return Edge(
        id=edge_id(source, "out", target, handle),
        source=source,
        source_handle="out",
        target=target,
        target_handle=handle,
    )


operations: st.SearchStrategy[Operation] = st.one_of(
    st.builds(lambda i, x: NodeAdd(node=Node(id=i, type="shot", x=x)), ids, st.integers(0, 9)),
    st.builds(lambda i: NodeRemove(id=i), ids),
    st.builds(lambda i, x, y: NodeMove(id=i, x=x, y=y), ids, st.integers(0, 9), st.integers(0, 9)),
    st.builds(lambda i, n, v: NodeSet(id=i, name=n, value=v), ids, st.sampled_from(["p", "q"]), values),
    st.builds(lambda a, b: EdgeAdd(edge=wire(a, b)), ids, ids),
    st.builds(lambda a, b: EdgeRemove(id=edge_id(a, "out", b, "in")), ids, ids),
)
histories = st.lists(operations, max_size=30)


@given(histories)
def test_wires_never_dangle(history: list[Operation]) -> None:
    graph = apply(EMPTY, history)
    assert all(e.source in graph.nodes and e.target in graph.nodes for e in graph.edges.values())


@given(histories, histories)
def test_difference_leads_from_one_graph_to_the_other(one: list[Operation], other: list[Operation]) -> None:
    before, after = apply(EMPTY, one), apply(EMPTY, other)
    assert apply(before, difference(before, after)) == after


@given(histories)
def test_operations_survive_thewire(history: list[Operation]) -> None:
    assert apply(EMPTY, OPERATIONS.validate_python(dump_operations(history))) == apply(EMPTY, history)


def test_a_move_says_whether_it_leaves_its_group() -> None:
    grouped = Graph(nodes={"a": Node(id="a", type="shot", parent="g")})
    assert (
        apply(grouped, OPERATIONS.validate_python([{"op": "node.move", "id": "a", "x": 1, "y": 1}])).nodes["a"].parent
    )
    out = apply(grouped, OPERATIONS.validate_python([{"op": "node.move", "id": "a", "x": 1, "y": 1, "parent": None}]))
    assert out.nodes["a"].parent is None


def test_unknown_types_and_fields_are_kept() -> None:
    node = Node(id="a", type="hologram", data={"deep": {"list": [1, None, "x"]}})
    graph = apply(EMPTY, [NodeAdd(node=node), NodeMove(id="a", x=3, y=4)])
    assert graph.nodes["a"].data == {"deep": {"list": [1, None, "x"]}}


def test_loops_are_refused_and_named() -> None:
    nodes = [NodeAdd(node=Node(id=i, type="x")) for i in "abc"]
    chain = apply(EMPTY, [*nodes, EdgeAdd(edge=wire("a", "b")), EdgeAdd(edge=wire("b", "c"))])
    assert find_loop(chain) is None
    assert upstream(chain, "c") == {"a", "b"}
    with pytest.raises(StudioError) as refused:
        refuse_loops(chain, apply(chain, [EdgeAdd(edge=wire("c", "a"))]))
    assert refused.value.code is Code.GRAPH_INVALID
    assert refused.value.message == "This would make a loop"


@given(st.lists(st.tuples(ids, ids), max_size=12))
def test_find_loop_agrees_with_brute_force(pairs: list[tuple[str, str]]) -> None:
    nodes = [NodeAdd(node=Node(id=i, type="x")) for i in "abcd"]
    graph = apply(EMPTY, [*nodes, *(EdgeAdd(edge=wire(a, b)) for a, b in pairs)])
    loops = any(n in upstream(graph, n) for n in graph.nodes)
    assert (find_loop(graph) is not None) == loops


def test_thousands_of_nodes_go_at_once_and_take_their_wires_along() -> None:
    count = 5000
    nodes = {f"n{i}": Node(id=f"n{i}", type="note") for i in range(count)}
    wires = [wire(f"n{i}", f"n{(i + step) % count}") for i in range(count) for step in range(1, 9)]
    graph = Graph(nodes=nodes, edges={wire.id: wire for wire in wires})
    began = time.process_time()
    gone = [NodeRemove(id=f"n{i}") for i in range(1, count)]
    after = apply(graph, [*gone, NodeAdd(node=nodes["n1"]), EdgeAdd(edge=wire("n0", "n1"))])
    assert time.process_time() - began < 1
    assert (set(after.nodes), list(after.edges)) == ({"n0", "n1"}, [wire("n0", "n1").id])


def test_a_board_of_thousands_is_taken_back_at_once() -> None:
    cards = {f"n{i}": Node(id=f"n{i}", type="shot") for i in range(6000)}
    wires = [
        Edge(
            id=edge_id(f"n{i}", "video", "n0", "clips"),
            source=f"n{i}",
            source_handle="video",
            target="n0",
            target_handle="clips",
        )
        for i in range(1, 6000)
    ]
    graph = Graph(nodes=cards, edges={wire.id: wire for wire in wires})
    back: list[Operation] = []
    for wire in reversed(wires):
        back += [EdgeRemove(id=wire.id), NodeRemove(id=wire.source)]
    began = time.process_time()
    after = apply(graph, back)
    assert time.process_time() - began < 2, "to look through all wires for each card takes half a minute"
    assert (list(after.nodes), after.edges) == (["n0"], {})
    # a card takes wires along that came in the same batch, and none of another's
    added = [NodeRemove(id="n5"), EdgeAdd(edge=wires[6]), NodeRemove(id="n7")]
    assert wires[6].id not in apply(graph, added).edges
    assert len(apply(graph, added).edges) == 5997
