"""Which cards' takes a viewer needs first: those in sight, what scenes there hold, and what feeds them."""

from studio_server.domain.graph import Edge, Graph, Node, edge_id
from studio_server.domain.sight import Area, in_sight

HERE = Area(x=0, y=0, width=1000, height=1000)


def card(name: str, x: float, y: float = 0, kind: str = "shot", parent: str | None = None, **data: object) -> Node:
    return Node(id=name, type=kind, x=x, y=y, parent=parent, data=data)


def graph(*nodes: Node, wires: tuple[tuple[str, str], ...] = ()) -> Graph:
    edges = [
        Edge(id=edge_id(a, "video", b, "clip"), source=a, source_handle="video", target=b, target_handle="clip")
        for a, b in wires
    ]
    return Graph(nodes={n.id: n for n in nodes}, edges={e.id: e for e in edges})


def test_cards_that_reach_into_the_area_are_seen_and_no_others() -> None:
    board = graph(card("in", 10), card("edge", -300), card("far", 9000), card("below", 0, 9000), card("left", -5000))
    assert in_sight(board, HERE) == {"in", "edge"}


def test_what_feeds_a_card_in_sight_is_needed_through_others_too() -> None:
    far = [card(name, 20_000) for name in ("a", "b", "c")]
    board = graph(card("in", 10), *far, wires=(("a", "b"), ("b", "in"), ("in", "c")))
    assert in_sight(board, HERE) == {"in", "a", "b"}


def test_a_scene_in_sight_shows_what_it_holds_and_places_count_from_its_corner() -> None:
    scene = card("s", 500, 0, "scene", width=400, height=300)
    board = graph(scene, card("inside", 30_000, parent="s"), card("other", 30_000))
    assert in_sight(board, HERE) == {"s", "inside"}
    away = graph(card("s", 50_000, 0, "scene"), card("inside", -49_900, parent="s"), card("out", 100, parent="s"))
    assert in_sight(away, HERE) == {"inside"}


def test_a_strangers_board_is_walked_to_its_end() -> None:
    loop = graph(card("a", 0, kind="scene", parent="b"), card("b", 0, kind="scene", parent="a"), wires=(("x", "a"),))
    assert in_sight(loop, HERE) == {"a", "b"}
    assert in_sight(graph(card("wide", -2000, 0, "scene", width="9", height=10**400)), HERE) == set()
