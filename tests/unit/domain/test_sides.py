"""What two sides changed, and what becomes of it by choice: all of mine is mine, all of theirs is theirs."""

from typing import Any

from hypothesis import given

from studio_server.domain.graph import EdgeRemove, Graph, Node, NodeAdd, NodeMove, NodeRemove, NodeSet, difference
from studio_server.domain.sides import Choice, Side, chosen, sides
from studio_server.domain.threeway import three_way
from tests.unit.domain.boards import KIT, Wish, faults, histories
from tests.unit.domain.test_threeway import BASE, after, worked


def merged(ours: Graph, theirs: Graph, choices: dict[str, Choice]) -> Graph:
    return three_way(BASE, *chosen(ours, theirs, choices), kit=KIT).graph


def every(found: list[Side], choice: Choice) -> dict[str, Choice]:
    return {side.key: choice for side in found}


@given(histories, histories)
def test_all_of_one_side_is_that_side(one: list[list[Wish]], other: list[list[Wish]]) -> None:
    ours, theirs = worked(BASE, one, "a"), worked(BASE, other, "b")
    found = sides(BASE, ours, theirs)
    assert bool(found) or not _apart(ours, theirs)
    mine = merged(ours, theirs, every(found, "mine"))
    assert _apart(ours, mine) == []
    assert faults(merged(ours, theirs, every(found, "theirs"))) == []


@given(histories)
def test_where_only_they_worked_nothing_of_mine_is_in_the_way(history: list[list[Wish]]) -> None:
    theirs = worked(BASE, history, "b")
    found = sides(BASE, BASE, theirs)
    assert {side.who for side in found} <= {"theirs"}
    assert merged(BASE, theirs, {}) == merged(BASE, theirs, every(found, "theirs"))
    assert _apart(BASE, merged(BASE, theirs, every(found, "mine"))) == []
    # And the other way round: what only I did can be given up for theirs.
    back = sides(BASE, theirs, BASE)
    assert _apart(merged(theirs, BASE, every(back, "theirs")), BASE) == []


def _apart(one: Graph, other: Graph) -> list[Any]:
    return difference(one, other)


def test_a_field_that_both_wrote_is_chosen_by_itself() -> None:
    ours = after(NodeSet(id="loose", name="prompt", value="Fog."), NodeSet(id="loose", name="title", value="Pier"))
    theirs = after(NodeSet(id="loose", name="prompt", value="Rain."), NodeSet(id="loose", name="seed", value=7))
    found = {side.name: side for side in sides(BASE, ours, theirs)}
    assert {name: side.who for name, side in found.items()} == {"prompt": "both", "title": "mine", "seed": "theirs"}
    assert (found["prompt"].mine, found["prompt"].theirs) == ("Fog.", "Rain.")
    both = merged(ours, theirs, {"loose/prompt": "theirs", "loose/seed": "mine"}).nodes["loose"].data
    assert (both["prompt"], both["title"], both.get("seed")) == ("Rain.", "Pier", BASE.nodes["loose"].data.get("seed"))


def test_a_card_that_one_removed_and_the_other_worked_on_goes_or_stays_as_is_chosen() -> None:
    gone, written = after(NodeRemove(id="A2")), after(NodeSet(id="A2", name="prompt", value="Fog."))
    for ours, theirs, removes in ((gone, written, "mine"), (written, gone, "theirs")):
        (card,) = (side for side in sides(BASE, ours, theirs) if side.node_id == "A2")
        assert (card.what, card.who) == ("card", "both")
        choice: Choice = "mine" if removes == "mine" else "theirs"
        assert "A2" not in merged(ours, theirs, {card.key: choice}).nodes
        assert merged(ours, theirs, {}).nodes["A2"].data["prompt"] == "Fog."


def test_a_card_of_theirs_can_be_left_out_and_a_wire_of_theirs_too() -> None:
    wire = next(iter(sorted(BASE.edges)))
    theirs = after(NodeAdd(node=Node(id="new", type="note", data={"text": "x"})), EdgeRemove(id=wire))
    found = sides(BASE, BASE, theirs)
    assert {side.what for side in found} == {"card", "wires"}
    assert "new" in merged(BASE, theirs, {}).nodes
    assert merged(BASE, theirs, every(found, "mine")) == BASE


def test_a_place_is_a_slot_of_its_own() -> None:
    theirs = after(NodeMove(id="loose", x=5, y=6, parent=None))
    (place,) = sides(BASE, BASE, theirs)
    assert (place.what, place.theirs) == ("place", [5.0, 6.0, None])
    assert merged(BASE, theirs, {place.key: "mine"}) == BASE
