"""Who gives what: reroutes and bypassed cards hand on, muted ones give nothing, values win over fields."""

import pytest

from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline, Socket, Variant
from studio_sdk.types import Engine, MediaRef, Quality, SocketType
from studio_server.domain.flow import Gift, Nothing, given, refusal_of
from studio_server.domain.graph import Edge, Graph, Node, edge_id
from studio_server.domain.nodes import Kit
from studio_server.domain.plan import as_told, inputs, parameters


def pipeline(name: str, task: str, **sockets: Socket) -> Pipeline:
    return Pipeline(
        id=name,
        version="1.0.0",
        title=name.capitalize(),
        task=task,
        engine=Engine.CPU,
        inputs=sockets,
        outputs={"video": Socket(type=SocketType.VIDEO)},
        variants=(Variant(quality=Quality.LOW),),
    )


FOLLOW = pipeline(
    "follow",
    "generate-video",
    prompt=Socket(type=SocketType.STRING, title="Prompt", required=True, max_length=20),
    seconds=Socket(type=SocketType.FLOAT, title="Length", default=4, minimum=1, maximum=60),
    count=Socket(type=SocketType.INTEGER, default=1),
    badge=Socket(type=SocketType.BOOLEAN, default=True),
    clip=Socket(type=SocketType.VIDEO, title="Clip", required=True),
    character=Socket(type=SocketType.ASSET_REFERENCE),
)
ENLARGE = pipeline("enlarge", "upscale-video", still=Socket(type=SocketType.IMAGE), clip=Socket(type=SocketType.VIDEO))
KIT = Kit({"follow": FOLLOW, "enlarge": ENLARGE}, {"generate-video": "follow", "upscale-video": "enlarge"})


def board(*nodes: Node, wires: tuple[str, ...] = ()) -> Graph:
    edges = {}
    for wire in wires:
        (source, out), (target, into) = (end.split(".") for end in wire.split(">"))
        edges[wire] = Edge(
            id=edge_id(source, out, target, into), source=source, source_handle=out, target=target, target_handle=into
        )
    return Graph(nodes={node.id: node for node in nodes}, edges=edges)


def card(name: str, kind: str, parent: str | None = None, /, **data: object) -> Node:
    return Node(id=name, type=kind, parent=parent, data={"code": "010", **data})


def gift(graph: Graph, wire: str) -> Gift | Nothing | None:
    return given(graph, graph.edges[wire], KIT)


def test_a_reroute_hands_on_and_an_empty_one_has_nothing() -> None:
    graph = board(
        *(card("clip", "asset"), card("a", "reroute"), card("b", "reroute"), card("c", "reroute"), card("s", "shot")),
        wires=("clip.media>a.in", "a.out>b.in", "b.out>s.clip", "c.out>s.character"),
    )
    assert gift(graph, "b.out>s.clip") == Gift(graph.nodes["clip"], "media")
    assert gift(graph, "c.out>s.character") == Nothing(graph.nodes["c"], "has nothing wired into it")


def test_reroutes_in_a_ring_from_outside_end() -> None:
    graph = board(card("a", "reroute"), card("b", "reroute"), wires=("a.out>b.in", "b.out>a.in"))
    assert isinstance(gift(graph, "a.out>b.in"), Nothing)


def test_a_bypassed_card_hands_on_its_first_wired_input_of_the_kind_it_gives() -> None:
    nodes = (card("still", "asset"), card("s", "shot"), card("u", "upscale", bypassed=True), card("f", "assembler"))
    graph = board(*nodes, wires=("still.media>u.still", "s.video>u.clip", "u.video>f.clips"))
    assert gift(graph, "u.video>f.clips") == Gift(graph.nodes["s"], "video")
    bare = board(*nodes, wires=("still.media>u.still", "u.video>f.clips"))
    assert gift(bare, "u.video>f.clips") == Nothing(bare.nodes["u"], "is bypassed and has nothing to hand on")


def test_a_muted_card_gives_nothing_and_a_muted_scene_mutes_all_it_holds() -> None:
    graph = board(
        *(card("hall", "scene", muted=True, title="Hall"), card("door", "scene", "hall"), card("a", "shot", "door")),
        *(card("b", "shot", muted=True), card("c", "shot"), card("f", "assembler")),
        wires=("a.video>f.clips", "b.video>f.clips", "c.video>f.clips"),
    )
    assert gift(graph, "a.video>f.clips") == Nothing(graph.nodes["a"], "lies in a muted scene")
    assert gift(graph, "b.video>f.clips") == Nothing(graph.nodes["b"], "is muted")
    assert gift(graph, "c.video>f.clips") == Gift(graph.nodes["c"], "video")
    assert refusal_of(graph, graph.nodes["a"]) == "lies in the muted scene “Hall”. Unmute it first."
    assert refusal_of(graph, graph.nodes["b"]) == "is muted. Unmute it first."
    assert refusal_of(graph, graph.nodes["c"]) is None


def test_what_is_muted_is_missed_only_where_it_is_needed() -> None:
    shot = card("s", "shot", prompt="fog")
    who = card("who", "asset", kind="image", muted=True, name="Ana")
    file = MediaRef(path="a.mp4", oid="0" * 64, size=3, mime="video/mp4")
    graph = board(shot, who, card("clip", "asset"), wires=("clip.media>s.clip", "who.reference>s.character"))
    assert [ref.socket for ref in inputs(FOLLOW, graph, shot, KIT, lambda _: file)] == ["clip"]
    graph = board(shot, card("up", "shot", muted=True), wires=("up.video>s.clip",))
    with pytest.raises(StudioError, match="Shot 010 needs Shot 010, which is muted") as refused:
        inputs(FOLLOW, graph, shot, KIT, lambda _: file)
    assert (refused.value.code, refused.value.context.field) == (Code.VALIDATION_ERROR, "clip")


def test_a_reference_goes_to_a_pipeline_that_knows_it_and_nowhere_else() -> None:
    file = MediaRef(path="ana.png", oid="1" * 64, size=3, mime="image/png")
    shot = card("s", "shot", prompt="fog")
    graph = board(
        *(shot, card("ana", "asset"), card("clip", "asset")),
        wires=("ana.reference>s.character", "ana.reference>s.style", "clip.media>s.clip"),
    )
    assert [ref.socket for ref in inputs(FOLLOW, graph, shot, KIT, lambda _: file)] == ["clip", "character"]


def test_wired_values_win_over_the_fields_and_overrides_over_both() -> None:
    shot = card("s", "shot", prompt="fog", seconds=9, exposed=["seconds", "count", "badge"])
    graph = board(
        *(shot, card("words", "text", value="rain"), card("num", "number", value=2.5), card("on", "switch")),
        card("whole", "number", kind="integer", value=3.0),
        wires=("words.value>s.prompt", "num.value>s.seconds", "whole.value>s.count", "on.value>s.badge"),
    )
    told = as_told(FOLLOW, graph, shot, KIT)
    assert parameters(FOLLOW, told) == {"prompt": "rain", "seconds": 2.5, "count": 3, "badge": False}
    over = as_told(FOLLOW, graph, shot, KIT, {"prompt": "snow", "seed": 7, "seconds": None})
    assert parameters(FOLLOW, over) == {"prompt": "snow", "seconds": 4, "count": 3, "badge": False}
    assert (over.data["seed"], over.data["seed_locked"]) == (7, True)
    assert shot.data["prompt"] == "fog"


def test_what_is_said_in_a_shot_is_one_text_in_the_order_of_the_wires() -> None:
    speaks = pipeline("speaks", "generate-video", dialogue=Socket(type=SocketType.STRING, default=""))
    graph = board(
        card("shot", "shot"),
        card("a", "dialogue", speaker="ANNA", direction="softly", value="Where\nwere you?"),
        card("b", "dialogue", value="(a door)"),
        card("c", "dialogue", speaker="BEN"),
        wires=("a.value>shot.dialogue", "b.value>shot.dialogue", "c.value>shot.dialogue"),
    )
    told = as_told(speaks, graph, graph.nodes["shot"], Kit({"speaks": speaks}, {"generate-video": "speaks"}))
    assert told.data["dialogue"] == "ANNA (softly): Where were you?\n(a door)"


SPEAKS = pipeline("speaks", "make-sound", dialogue=Socket(type=SocketType.STRING, default=""))
SAID = Kit({"speaks": SPEAKS}, {"make-sound": "speaks"})


def test_a_voice_for_films_in_a_language_says_its_lines_in_that_language() -> None:
    graph = board(
        card("v", "speech", sound_language="fr"),
        card("all", "speech", dialogue="Typed."),
        card("a", "dialogue", speaker="ANNA", value="Where?", **{"value:fr": "Où ?"}),
        card("b", "dialogue"),
        wires=("a.value>v.dialogue", "b.value>v.dialogue", "a.value>all.dialogue"),
    )
    assert as_told(SPEAKS, graph, graph.nodes["v"], SAID).data["dialogue"] == "ANNA: Où ?"
    assert as_told(SPEAKS, graph, graph.nodes["all"], SAID).data["dialogue"] == "ANNA: Where?"
    typed = board(card("v", "speech", sound_language="fr", dialogue="Non."))
    assert as_told(SPEAKS, typed, typed.nodes["v"], SAID).data["dialogue"] == "Non."


def test_a_line_that_is_not_translated_is_not_left_out_of_a_voice() -> None:
    lines = [card(f"l{at}", "dialogue", value=f"Line {at} " + "x" * 60) for at in range(5)]
    wires = [f"l{at}.value>v.dialogue" for at in range(5)]
    graph = board(card("v", "speech", sound_language="de"), *lines, wires=tuple(wires))
    with pytest.raises(StudioError) as refused:
        as_told(SPEAKS, graph, graph.nodes["v"], SAID)
    assert refused.value.context.field == "dialogue"
    assert refused.value.message.startswith("5 of 5 lines have no German yet: “Line 0 xxx")
    assert "and 2 more. Translate them in the cut view" in refused.value.message


def test_a_wire_into_a_field_that_is_no_socket_counts_for_nothing() -> None:
    shot = card("s", "shot", prompt="fog", seconds=9)
    graph = board(shot, card("num", "number", value=2), wires=("num.value>s.seconds",))
    assert as_told(FOLLOW, graph, shot, KIT).data["seconds"] == 9


def test_a_muted_value_leaves_the_field_as_it_is() -> None:
    shot = card("s", "shot", prompt="fog")
    graph = board(shot, card("words", "text", value="rain", muted=True), wires=("words.value>s.prompt",))
    assert as_told(FOLLOW, graph, shot, KIT).data["prompt"] == "fog"


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "Number has no value yet, and Shot 010 needs it"), (2.5, "must be of the kind Integer"), ("4", "Integer")],
)
def test_a_value_that_does_not_do_is_told_at_the_field(value: object, words: str) -> None:
    shot = card("s", "shot", prompt="fog", exposed=["count"])
    graph = board(shot, card("num", "number", value=value), wires=("num.value>s.count",))
    with pytest.raises(StudioError, match=words) as refused:
        parameters(FOLLOW, as_told(FOLLOW, graph, shot, KIT))
    assert refused.value.context.field == "count"


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"wind": 3}, "wind"),
        ({"clip": "x"}, "clip"),
        ({"seed": -1}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": "7"}, "seed"),
    ],
)
def test_what_a_take_cannot_be_told_is_refused(overrides: dict[str, object], field: str) -> None:
    shot = card("s", "shot", prompt="fog")
    with pytest.raises(StudioError) as refused:
        as_told(FOLLOW, board(shot), shot, KIT, overrides)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.context.field) == (Code.VALIDATION_ERROR, field)
