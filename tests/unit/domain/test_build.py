"""Which cards are stale, against an oracle that makes the whole film by a fake pipeline and looks what came out new."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_sdk.types import Quality
from studio_server.domain.build import Build, touched
from studio_server.domain.graph import (
    Edge,
    EdgeAdd,
    EdgeRemove,
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
from studio_server.domain.reasons import in_words
from tests.unit.domain.oracle import ASSETS, CARDS, SHOTS, TEXTS, Oracle, World, make_take, start

WIRES = (
    [(a, "video", b, "clip") for a in [*SHOTS, "u0"] for b in [*SHOTS, "u0"] if a != b]
    + [(a, "media", b, s) for a in ASSETS for b in SHOTS for s in ("still", "more")]
    + [(t, "value", b, "prompt") for t in TEXTS for b in SHOTS]
    + [("pl", "pipeline", b, "pipeline") for b in SHOTS]
    + [(a, "video", r, "in") for a in SHOTS for r in ("r0", "r1")]
    + [("r0", "out", "r1", "in")]
    + [(r, "out", b, "clip") for r in ("r0", "r1") for b in [*SHOTS, "u0"]]
    + [(a, "video", "film", "clips") for a in [*SHOTS, "u0"]]
)
SINGLE = {"clip", "still", "prompt", "pipeline", "in"}


def wired(world: World, at: int) -> list[Operation]:
    source, out, target, into = WIRES[at % len(WIRES)]
    if source not in world.graph.nodes or target not in world.graph.nodes:
        return []
    name = edge_id(source, out, target, into)
    if name in world.graph.edges:
        return [EdgeRemove(id=name)]
    edge = Edge(id=name, source=source, source_handle=out, target=target, target_handle=into)
    operations: list[Operation] = [EdgeAdd(edge=edge)]
    if into in SINGLE:
        there = [e for e in world.graph.edges.values() if e.target == target and e.target_handle == into]
        operations += [EdgeRemove(id=one.id) for one in there]
    return [] if find_loop(apply(world.graph, operations)) else operations


def edit(world: World, build: Build, what: int, at: int, value: int) -> None:
    """Carry out one random edit, and tell the build of it as the studio would."""
    card = CARDS[at % len(CARDS)]
    if card not in world.graph.nodes:
        return
    if what < 20:
        operations = edits(world, card, what, at, value)
        world.graph = apply(world.graph, operations)
        build.edited(world.facts(), operations)
    elif what < 26:
        for name in [card, *SHOTS][: 1 + value % 3]:
            made = make_take(world, name, by_hand=value == 11 and name in SHOTS)
            build.replaced(world.facts(), made)
    elif what == 26:
        key = ("01", str(world.graph.nodes[card].data.get("code")))
        world.takes[key] = world.takes.get(key, [])[:-1]  # somebody took a file away
        build.replaced(world.facts(), [card])
    else:
        # Seldom, and mostly back to what it was: else nothing on the board would ever be clean.
        odd = value > 9
        world.quality = Quality.HIGH if what == 27 and odd else Quality.LOW
        world.rate = "25/1" if what == 28 and odd else "24/1"
        world.versions[["p", "q", "up", "cut"][at % 4]] = int(what == 29 and odd)
        world.code = "c1" if what == 30 and odd else "c0"
        build.refresh(world.facts())


def edits(world: World, card: str, what: int, at: int, value: int) -> list[Operation]:
    node = world.graph.nodes[card]
    shot = node.type in ("shot", "upscale")
    sets: dict[int, tuple[str, Any, bool]] = {
        0: ("prompt", ["fog", "rain"][value % 2], node.type == "shot"),
        1: ("seconds", [4, 5][value % 2], shot),
        2: ("muted", [True, None, None][value % 3], True),
        3: ("bypassed", [True, None, None][value % 3], shot),
        4: ("locked", [True, None][value % 2], shot or node.type == "assembler"),
        5: ("locked", [True, None][value % 2], shot or node.type == "assembler"),
        6: ("pipeline", ["p", "q", None][value % 3], node.type in ("shot", "pipeline")),
        7: ("value", ["red", "blue"][value % 2], node.type == "text"),
        8: ("asset", ["x", "y"][value % 2], node.type == "asset"),
        9: ("min_quality", ["high", None][value % 2], shot),
    }
    if what in sets:
        name, new, may = sets[what]
        return [NodeSet(id=card, name=name, value=new)] if may else []
    found: list[Operation] = []
    takes = Oracle(world).takes(card) if shot else []
    if what == 10 and shot:
        seed = {"seed": value % 3, "seed_locked": bool(value % 2) or None}
        found = [NodeSet(id=card, name=name, value=new) for name, new in seed.items()]
    elif what in (11, 12) and takes:
        named = takes[value % len(takes)].name if value % 4 else None
        found = [NodeSet(id=card, name="active_take", value=named)]
    elif what == 13 and takes:
        found = [NodeSet(id=card, name=f"in:{takes[-1].name}", value=[3, None][value % 2])]
    elif what == 14:
        found = [NodeMove(id=card, x=0, y=0, parent=["scene", None, None][value % 3])]
    elif what == 15:
        found = [NodeSet(id="scene", name="muted", value=[True, None, None][value % 3])]
    elif what == 16 and value == 0:
        found = [NodeRemove(id=card)]
    elif what > 16:
        found = wired(world, at * 7 + value)
    return found


STEP = st.tuples(st.integers(0, 30), st.integers(0, 40), st.integers(0, 11))


@settings(max_examples=300)
@given(
    st.sets(st.integers(0, len(WIRES) - 1), max_size=12), st.permutations([*SHOTS, "u0"]), st.lists(STEP, max_size=30)
)
def test_the_stale_cards_are_those_that_a_fake_pipeline_makes_anew(
    wires: set[int], made: list[str], steps: list[tuple[int, int, int]]
) -> None:
    world = start()
    for wire in wires:
        world.graph = apply(world.graph, wired(world, wire))
    for card in [*made, *made, "film"]:
        make_take(world, card)
    build = Build(world.facts())
    for what, at, value in steps:
        edit(world, build, what, at, value)
        told = {card: state.state.value for card, state in build.states.items()}
        assert told == Oracle(world).states()
        assert build.states == Build(world.facts()).states  # what an edit did not reach has not changed


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"enter": "dissolve", "enter_frames": 12}, ["how Shot 001 begins changed: cut → dissolve of 12"]),
        ({"leave": "fade"}, ["how Shot 001 ends changed: cut → fade of a second"]),
        ({"super": "by night; title in two"}, ["the title over Shot 001: none → by night; title in two"]),
        (
            {"enter": "fade", "super": "Rome"},
            ["how Shot 001 begins changed: cut → fade of a second", "the title over Shot 001: none → Rome"],
        ),
        ({"in:IN": 3}, ["Shot 001 is cut to another length"]),
        (
            {"in:IN": 3, "leave": "fade"},
            ["Shot 001 is cut to another length", "how Shot 001 ends changed: cut → fade of a second"],
        ),
    ],
)
def test_a_film_says_what_about_a_shot_in_it_changed(fields: dict[str, Any], told: list[str]) -> None:
    world = start()
    world.graph = apply(world.graph, wired(world, WIRES.index((SHOTS[0], "video", "film", "clips"))))
    for card in (SHOTS[0], "film"):
        make_take(world, card)
    build = Build(world.facts())
    assert build.states["film"].reasons == ()
    shot = world.graph.nodes[SHOTS[0]]
    take = world.facts().shown(shot)
    assert take is not None
    named = {name.replace("IN", take.name): value for name, value in fields.items()}
    world.graph = apply(world.graph, [NodeSet(id=shot.id, name=name, value=value) for name, value in named.items()])
    reasons = Build(world.facts()).states["film"].reasons
    assert [in_words(reason, world.graph) for reason in reasons] == told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("super", "An hour later"),
        ("enter", "dissolve"),
        ("leave", "fade"),
        ("in:SHOT-010_v01_take01", 3),
        ("framing:9:16", {"x": 0.2, "y": 0.5}),
    ],
)
def test_a_film_is_out_of_date_at_once_when_a_shot_is_shown_otherwise(name: str, value: Any) -> None:
    world = start()
    world.graph = apply(world.graph, [NodeSet(id="film", name="aspect", value="9:16")])
    wire = next(at for at, one in enumerate(WIRES) if one == (SHOTS[0], "video", "film", "clips"))
    world.graph = apply(world.graph, wired(world, wire))
    for card in (SHOTS[0], "film"):
        make_take(world, card)
    build = Build(world.facts())
    assert build.states["film"].state == "clean"
    take = Oracle(world).takes(SHOTS[0])[-1].name
    edit = NodeSet(id=SHOTS[0], name=f"in:{take}" if name.startswith("in:") else name, value=value)
    world.graph = apply(world.graph, [edit])
    build.edited(world.facts(), [edit])
    assert build.states == Build(world.facts()).states
    assert build.states["film"].state == "stale"


@pytest.mark.parametrize("name", ["sound_at", "sound_shot", "sound_gain", "captions:0123456789abcdef"])
def test_what_is_said_of_a_sound_reaches_the_film_that_it_is_in(name: str) -> None:
    wire = Edge(id="v", source="voice", source_handle="audio", target="film", target_handle="voices")
    before = apply(start().graph, [NodeAdd(node=Node(id="voice", type="audio")), EdgeAdd(edge=wire)])
    edit = NodeSet(id="voice", name=name, value=None)
    assert "film" in touched(before, apply(before, [edit]), [edit])
