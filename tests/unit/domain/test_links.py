"""Linked scenes follow each other, whatever people do; and whatever people do, the board stays whole."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_sdk.errors import StudioError
from studio_server.domain.batch import complete
from studio_server.domain.graph import (
    EMPTY,
    EdgeAdd,
    Graph,
    Node,
    NodeAdd,
    NodeMove,
    NodeRemove,
    NodeSet,
    Operation,
    apply,
    difference,
)
from tests.unit.domain.boards import (
    KIT,
    Wish,
    asked,
    board,
    contents,
    faults,
    histories,
    linked_copy,
    undone,
    unlike,
    wire,
    wishes,
)


def done(graph: Graph, *operations: Operation) -> tuple[list[Operation], Graph]:
    return complete(graph, operations, kit=KIT, on_disk=())


def lived(history: list[list[Wish]]) -> list[tuple[Graph, list[Operation], list[Operation], Graph]]:
    """Return every batch of a history that was not refused: board before, sent, published, board after."""
    graph, steps = board(), []
    for at, batch in enumerate(history):
        sent: list[Operation] = []
        shown = graph
        for part, wish in enumerate(batch):
            sent += asked(shown, wish, f"n{at}_{part}")
            shown = apply(graph, sent)
        with contextlib.suppress(StudioError):
            published, after = done(graph, *sent)
            steps.append((graph, sent, published, after))
            graph = after
    return steps


@settings(max_examples=60)
@given(histories)
def test_any_history_leaves_a_whole_board_and_scenes_alike(history: list[list[Wish]]) -> None:
    assert (faults(board()), unlike(board())) == ([], [])
    for before, _sent, published, after in lived(history):
        assert after == apply(before, published)
        assert faults(after) == []
        assert unlike(after) == []


@settings(max_examples=40)
@given(histories)
def test_what_was_published_is_complete(history: list[list[Wish]]) -> None:
    for before, _sent, published, after in lived(history):
        assert done(before, *published) == (published, after)


@settings(max_examples=40)
@given(histories)
def test_taking_back_what_was_published_brings_everything_back(history: list[list[Wish]]) -> None:
    for before, _sent, published, after in lived(history):
        assert done(after, *undone(before, published))[1] == before


@settings(max_examples=25)
@given(histories, st.lists(st.lists(wishes, min_size=1, max_size=4), max_size=4))
def test_differences_put_scenes_before_what_they_hold(one: list[list[Wish]], other: list[list[Wish]]) -> None:
    here, there = ([*lived(history), (board(), [], [], board())][-1][3] for history in (one, other))
    there_ids: set[str] = set(here.nodes)
    for operation in difference(here, there):
        if isinstance(operation, NodeAdd):
            assert operation.node.parent is None or operation.node.parent in there_ids
            there_ids.add(operation.node.id)
    assert apply(here, difference(here, there)) == there


def test_a_field_follows_and_a_card_s_own_does_not() -> None:
    _, graph = done(board(), NodeSet(id="A1", name="prompt", value="rain"), NodeSet(id="A1", name="muted", value=True))
    _, graph = done(graph, NodeSet(id="A1", name="star:SHOT-110_v01_take01", value=True))
    assert graph.nodes["B1"].data == {"link": "1", "scene": "01", "code": "210", "prompt": "rain"}


def test_a_new_card_gets_a_twin_with_a_number_of_its_own_and_its_wires() -> None:
    batch, graph = done(
        board(),
        NodeAdd(node=Node(id="new", type="shot", parent="A", x=7, data={"prompt": "dawn"})),
        EdgeAdd(edge=wire("A1", "video", "new", "clip")),
        EdgeAdd(edge=wire("still", "media", "new", "still")),
    )
    (twin,) = (n for n in graph.nodes.values() if n.parent == "B" and n.data.get("link") == "new")
    assert (twin.x, twin.data["prompt"], twin.data["code"]) == (7, "dawn", "920")
    assert graph.nodes["new"].data["code"] == "910"
    assert f"B1.video>{twin.id}.clip" in graph.edges
    assert not [e for e in graph.edges.values() if (e.source, e.target) == ("still", twin.id)]
    assert done(board(), *batch) == (batch, graph)
    again, _ = done(board(), *batch[:3])
    assert [o.node.id for o in again if isinstance(o, NodeAdd)][-1] == twin.id


def test_a_card_dragged_out_is_gone_from_the_others_and_dragged_back_is_there_again() -> None:
    _, graph = done(board(), NodeMove(id="A1", x=9, y=9, parent=None))
    assert "B1" not in graph.nodes
    assert graph.nodes["A1"].parent is None
    _, graph = done(graph, NodeMove(id="A1", x=1, y=1, parent="A"))
    assert len([n for n in graph.nodes.values() if n.data.get("link") == "1"]) == 2
    assert unlike(graph) == []


def test_a_wire_that_crosses_the_border_is_each_scene_s_own() -> None:
    _, graph = done(board(), EdgeAdd(edge=wire("still", "media", "A1", "still")))
    assert [e for e in graph.edges.values() if e.source == "still"] == [graph.edges["still.media>A1.still"]]


def test_a_wire_that_would_close_a_loop_in_another_scene_is_refused() -> None:
    unwired = done(board(), NodeAdd(node=Node(id="x", type="shot", parent="A")))[1]
    twin = next(n.id for n in unwired.nodes.values() if n.parent == "B" and n.data.get("link") == "x")
    around_b = done(
        unwired, EdgeAdd(edge=wire(twin, "video", "loose", "clip")), EdgeAdd(edge=wire("loose", "video", "B1", "clip"))
    )[1]
    with pytest.raises(StudioError, match="This would make a loop"):
        done(around_b, EdgeAdd(edge=wire("A1", "video", "x", "clip")))


def test_a_linked_copy_follows_from_then_on() -> None:
    _, graph = done(
        EMPTY, NodeAdd(node=Node(id="s", type="scene")), NodeAdd(node=Node(id="a", type="shot", parent="s"))
    )
    _, graph = done(graph, *linked_copy(graph, "s", "t"))
    assert [len(members) for members in contents(graph).values()] == [2]
    _, graph = done(graph, NodeSet(id="t_0", name="prompt", value="rain"))
    assert graph.nodes["a"].data["prompt"] == "rain"
    _, graph = done(graph, NodeSet(id="t", name="link", value=None))
    _, graph = done(graph, NodeSet(id="t_0", name="prompt", value="snow"))
    assert graph.nodes["a"].data["prompt"] == "rain"


def test_a_scene_that_comes_back_late_takes_what_the_others_have_become() -> None:
    before = board()
    removed = [NodeRemove(id=name) for name in ("B2", "B1", "Bw", "Bin", "B")]
    _, graph = done(before, *removed)
    _, graph = done(graph, NodeSet(id="A1", name="prompt", value="rain"), NodeRemove(id="Aw"))
    _, graph = done(graph, *undone(before, removed))
    assert unlike(graph) == []
    assert graph.nodes["B1"].data["prompt"] == graph.nodes["A1"].data["prompt"] == "rain"


def test_a_linked_scene_does_not_go_into_another() -> None:
    _, graph = done(board(), NodeSet(id="plain", name="link", value="M"))
    with pytest.raises(StudioError, match="A linked scene cannot lie in another"):
        done(graph, NodeMove(id="plain", x=1, y=1, parent="A"))


def test_a_scene_within_that_leaves_is_linked_no_more() -> None:
    _, graph = done(board(), NodeMove(id="Ain", x=1, y=1, parent=None))
    assert graph.nodes["Ain"].data == {}
    assert "Bin" not in graph.nodes


def test_the_order_of_a_cut_within_names_each_scene_s_own_wires() -> None:
    _, graph = done(
        board(),
        NodeAdd(node=Node(id="cut", type="assembler", parent="A")),
        *(EdgeAdd(edge=wire(name, "video", "cut", "clips")) for name in ("A1", "A2", "loose")),
    )
    twin = next(n.id for n in graph.nodes.values() if n.parent == "B" and n.data.get("link") == "cut")
    listed = ["A2.video>cut.clips", "loose.video>cut.clips", "A1.video>cut.clips"]
    _, graph = done(graph, NodeSet(id="cut", name="order", value=listed))
    assert graph.nodes[twin].data["order"] == [f"B2.video>{twin}.clips", f"B1.video>{twin}.clips"]
    assert graph.nodes["cut"].data["order"] == listed


def test_what_is_removed_of_a_scene_leaves_its_cards_where_they_are() -> None:
    graph = Graph(
        nodes={
            n.id: n
            for n in (
                Node(id="o", type="scene", x=100, y=10),
                Node(id="i", type="scene", x=20, y=5, parent="o"),
                Node(id="a", type="text", x=3, y=4, parent="i"),
                Node(id="b", type="text", x=1, y=1, parent="o"),
            )
        }
    )
    batch, after = done(graph, NodeRemove(id="i"))
    assert (after.nodes["a"].x, after.nodes["a"].y, after.nodes["a"].parent) == (23, 9, "o")
    assert batch == [NodeMove(id="a", x=23, y=9, parent="o"), NodeRemove(id="i")]
    _, after = done(graph, NodeRemove(id="o"), NodeRemove(id="i"))
    assert (after.nodes["a"].x, after.nodes["a"].y, after.nodes["a"].parent) == (123, 19, None)
    assert (after.nodes["b"].x, after.nodes["b"].parent) == (101, None)
    batch, after = done(graph, NodeRemove(id="i"), NodeRemove(id="a"))
    assert len(batch) == 2


def test_a_card_moved_into_a_scene_that_is_gone_lies_on_the_board() -> None:
    batch, after = done(board(), NodeMove(id="loose", x=4, y=5, parent="gone"))
    assert (after.nodes["loose"].x, after.nodes["loose"].parent) == (4, None)
    assert batch[-1] == NodeMove(id="loose", x=4, y=5, parent=None)


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        ([NodeMove(id="A", x=0, y=0, parent="Ain")], "A scene cannot lie in itself"),
        ([NodeMove(id="plain", x=0, y=0, parent="plain")], "A scene cannot lie in itself"),
        ([NodeMove(id="plain", x=0, y=0, parent="loose")], "Only a scene holds other cards"),
    ],
)
def test_what_may_not_lie_where(operations: list[Operation], words: str) -> None:
    with pytest.raises(StudioError, match=words):
        done(board(), *operations)


def test_a_new_shot_gets_the_number_of_the_scene_it_lies_in() -> None:
    scene = NodeAdd(node=Node(id="s", type="scene", data={"scene": "07"}))
    inner = NodeAdd(node=Node(id="i", type="scene", parent="s"))
    _, graph = done(EMPTY, scene, inner, NodeAdd(node=Node(id="a", type="shot", parent="i")))
    assert (graph.nodes["a"].data["scene"], graph.nodes["a"].data["code"]) == ("07", "010")
    _, graph = done(graph, NodeAdd(node=Node(id="u", type="upscale", parent="s")))
    assert (graph.nodes["u"].data["scene"], graph.nodes["u"].data["code"]) == ("07", "U010")
