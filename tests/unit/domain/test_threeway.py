"""Two canvases that came from one: nothing is lost, nothing impossible comes of it, and being first wins little."""

import contextlib

from hypothesis import given

from studio_sdk.errors import StudioError
from studio_server.domain.batch import complete
from studio_server.domain.graph import EdgeAdd, Graph, Node, NodeAdd, NodeMove, NodeRemove, NodeSet, Operation, apply
from studio_server.domain.threeway import Contested, Merged, three_way
from tests.unit.domain.boards import KIT, Wish, asked, board, faults, histories, wire

BASE = apply(board(), [])


def worked(graph: Graph, history: list[list[Wish]], who: str) -> Graph:
    """Return a board after what somebody did of what they wanted; what is refused is not done."""
    for at, wishes in enumerate(history):
        sent: list[Operation] = []
        for part, wish in enumerate(wishes):
            sent += asked(apply(graph, sent), wish, f"{who}{at}_{part}")
        with contextlib.suppress(StudioError):
            _, graph = complete(graph, sent, kit=KIT, on_disk=())
    return graph


def merged(ours: Graph, theirs: Graph, base: Graph = BASE) -> Merged:
    return three_way(base, ours, theirs, kit=KIT)


def after(*operations: Operation) -> Graph:
    return apply(BASE, operations)


@given(histories, histories)
def test_whatever_two_people_do_the_result_is_a_board_and_holds_every_card(
    one: list[list[Wish]], other: list[list[Wish]]
) -> None:
    ours, theirs = worked(BASE, one, "a"), worked(BASE, other, "b")
    both = merged(ours, theirs)
    assert faults(both.graph) == []
    lost = [
        name
        for mine, foreign in ((ours, theirs), (theirs, ours))
        for name in mine.nodes
        if name not in both.graph.nodes and not (name in BASE.nodes and name not in foreign.nodes)
    ]
    assert lost == []


@given(histories, histories)
def test_nothing_contested_is_the_same_whoever_is_first(one: list[list[Wish]], other: list[list[Wish]]) -> None:
    ours, theirs = worked(BASE, one, "a"), worked(BASE, other, "b")
    first, second = merged(ours, theirs), merged(theirs, ours)
    moved = {n for n in BASE.nodes if n in ours.nodes and n in theirs.nodes and _place(ours, n) != _place(theirs, n)}
    if not first.contested and not second.contested:
        assert first.graph.edges == second.graph.edges
        assert {n: v for n, v in first.graph.nodes.items() if n not in moved} == {
            n: v for n, v in second.graph.nodes.items() if n not in moved
        }


def _place(graph: Graph, name: str) -> tuple[float, float, str | None]:
    node = graph.nodes[name]
    return node.x, node.y, node.parent


@given(histories)
def test_what_only_one_side_did_is_taken_whole(history: list[list[Wish]]) -> None:
    ours = worked(BASE, history, "a")
    assert merged(ours, BASE) == Merged(ours, ())
    assert merged(ours, ours) == Merged(ours, ())


def test_different_fields_of_one_card_are_both_kept() -> None:
    both = merged(
        after(NodeSet(id="loose", name="prompt", value="Fog.")), after(NodeSet(id="loose", name="title", value="Pier"))
    )
    assert both.contested == ()
    assert (both.graph.nodes["loose"].data["prompt"], both.graph.nodes["loose"].data["title"]) == ("Fog.", "Pier")


def test_one_field_that_both_wrote_stays_ours_and_is_named() -> None:
    ours, theirs = (after(NodeSet(id="loose", name="prompt", value=words)) for words in ("Fog.", "Rain."))
    both = merged(ours, theirs)
    assert both.contested == (Contested("loose", "field", "prompt"),)
    assert both.graph.nodes["loose"].data["prompt"] == "Fog."


def test_a_card_that_one_removed_and_the_other_worked_on_stays_whoever_is_first() -> None:
    gone, written = after(NodeRemove(id="A2")), after(NodeSet(id="A2", name="prompt", value="Fog."))
    for ours, theirs in ((gone, written), (written, gone)):
        both = merged(ours, theirs)
        assert both.contested == (Contested("A2", "removed"),)
        assert both.graph.nodes["A2"].data["prompt"] == "Fog."
        assert any(edge.target == "A2" for edge in both.graph.edges.values()), "with the wire it had"


def test_two_shots_of_one_number_both_stay_and_one_gets_another() -> None:
    def shot(name: str) -> Graph:
        return after(NodeAdd(node=Node(id=name, type="shot", data={"scene": "01", "code": "910"})))

    both = merged(shot("mine"), shot("yours"))
    assert both.contested == (Contested("yours", "number"),)
    assert both.graph.nodes["mine"].data["code"] == "910"
    assert both.graph.nodes["yours"].data["code"] != "910"


def test_scenes_put_into_each_other_do_not_hold_themselves() -> None:
    both = merged(after(NodeMove(id="plain", x=0, y=0, parent="A")), after(NodeMove(id="A", x=0, y=0, parent="plain")))
    assert both.contested == (Contested("A", "place"),)
    assert (both.graph.nodes["plain"].parent, both.graph.nodes["A"].parent) == ("A", None)


def test_two_wires_into_one_input_leave_one_and_say_so() -> None:

    def wired(source: str) -> Graph:
        new = NodeAdd(node=Node(id=source, type="asset", data={"kind": "image"}))
        return after(new, EdgeAdd(edge=wire(source, "image", "loose", "still")))

    both = merged(wired("mine"), wired("yours"))
    assert both.contested == (Contested("loose", "wire", "still"),)
    assert len(both.graph.into("loose", "still")) == 1
