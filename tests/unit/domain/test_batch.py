"""Batches: the server completes what keeps the graph whole, and refuses the rest as a whole and in words."""

import time
from collections.abc import Collection

import pytest

from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline, Socket, Variant
from studio_sdk.types import Engine, Quality, SocketType
from studio_server.domain.batch import complete
from studio_server.domain.graph import (
    EMPTY,
    Edge,
    EdgeAdd,
    EdgeRemove,
    Graph,
    Node,
    NodeAdd,
    NodeSet,
    Operation,
    edge_id,
)
from studio_server.domain.nodes import Kit

PIPELINE = Pipeline(
    id="animatic",
    version="1.0.0",
    title="Animatic",
    task="generate-video",
    engine=Engine.CPU,
    inputs={"prompt": Socket(type=SocketType.STRING), "still": Socket(type=SocketType.IMAGE)},
    outputs={"video": Socket(type=SocketType.VIDEO)},
    variants=(Variant(quality=Quality.LOW),),
)

KIT = Kit({"animatic": PIPELINE}, {"generate-video": "animatic"})


def run(graph: Graph, operations: list[Operation], on_disk: Collection[tuple[str, str]] = ()) -> tuple[list, Graph]:
    return complete(graph, operations, kit=KIT, on_disk=on_disk)


def add(node_id: str, kind: str = "shot", /, **data: object) -> NodeAdd:
    return NodeAdd(node=Node(id=node_id, type=kind, data=data))


def wire(source: str, source_handle: str, target: str, target_handle: str) -> EdgeAdd:
    return EdgeAdd(
        edge=Edge(
            id=edge_id(source, source_handle, target, target_handle),
            source=source,
            source_handle=source_handle,
            target=target,
            target_handle=target_handle,
        )
    )


def test_shots_get_the_next_free_number() -> None:
    _, graph = run(EMPTY, [add("a"), add("b"), add("c", scene="02")])
    assert [(n.data["scene"], n.data["code"]) for n in graph.nodes.values()] == [
        ("01", "010"),
        ("01", "020"),
        ("02", "010"),
    ]


def test_a_number_with_takes_on_disk_is_not_given_away() -> None:
    _, graph = run(EMPTY, [add("a")], on_disk=(("01", "010"), ("01", "040")))
    assert graph.nodes["a"].data["code"] == "050"


def test_a_copy_gets_its_own_number_and_no_takes() -> None:
    _, graph = run(EMPTY, [add("a", scene="01", code="010", active_take="SHOT-010_v01_take01")])
    batch, graph = run(graph, [NodeAdd(node=graph.nodes["a"].model_copy(update={"id": "b"}))])
    assert graph.nodes["b"].data == {"scene": "01", "code": "020"}
    assert batch[0].node == graph.nodes["b"]


def test_bringing_a_deleted_shot_back_keeps_its_number() -> None:
    _, graph = run(EMPTY, [add("a", scene="01", code="010", active_take="x")], on_disk=(("01", "010"),))
    assert graph.nodes["a"].data == {"scene": "01", "code": "010", "active_take": "x"}


def test_two_shots_cannot_share_a_number() -> None:
    _, graph = run(EMPTY, [add("a"), add("b")])
    with pytest.raises(StudioError, match="Scene 01 already has a shot 010") as refused:
        run(graph, [NodeSet(id="b", name="code", value="010")])
    assert refused.value.code is Code.VALIDATION_ERROR
    assert refused.value.context.field == "code"
    assert refused.value.context.node_id == "b"


@pytest.mark.parametrize("code", ["../x", "", "a b", "toolongcode"])
def test_a_number_that_cannot_be_a_folder_is_refused(code: str) -> None:
    _, graph = run(EMPTY, [add("a")])
    with pytest.raises(StudioError) as refused:
        run(graph, [NodeSet(id="a", name="code", value=code)])
    assert refused.value.code is Code.VALIDATION_ERROR


def test_a_second_wire_into_a_single_input_replaces_the_first() -> None:
    _, graph = run(EMPTY, [add("s"), add("x", "asset"), add("y", "asset"), wire("x", "media", "s", "still")])
    batch, graph = run(graph, [wire("y", "media", "s", "still")])
    assert list(graph.edges) == ["y.media>s.still"]
    assert batch[-1] == EdgeRemove(id="x.media>s.still")


def test_many_wires_into_the_assembler() -> None:
    _, graph = run(
        EMPTY,
        [add("a"), add("b"), add("f", "assembler"), wire("a", "video", "f", "clips"), wire("b", "video", "f", "clips")],
    )
    assert len(graph.edges) == 2


@pytest.mark.parametrize(
    ("edge", "words"),
    [
        (wire("v", "audio", "s", "still"), "Sound does not fit where a picture goes"),
        (wire("s", "video", "s", "still"), "A card cannot feed itself"),
        (wire("v", "nothing", "s", "still"), "There is no such socket"),
        (wire("s", "video", "f", "reels"), "There is no such socket"),
        (wire("f", "film", "a", "clips"), "There is no such socket"),
    ],
)
def test_refusals_in_words(edge: EdgeAdd, words: str) -> None:
    _, graph = run(EMPTY, [add("s"), add("v", "audio"), add("a", "asset"), add("f", "assembler")])
    with pytest.raises(StudioError, match=words) as refused:
        run(graph, [edge])
    assert refused.value.code is Code.GRAPH_INVALID


def test_an_asset_that_is_a_clip_does_not_fit_a_still() -> None:
    _, graph = run(EMPTY, [add("s"), add("a", "asset", kind="video")])
    with pytest.raises(StudioError, match="A clip does not fit where a picture goes"):
        run(graph, [wire("a", "media", "s", "still")])


def test_a_wire_into_a_socket_of_another_pipeline_is_kept() -> None:
    _, graph = run(EMPTY, [add("s"), add("a", "asset"), wire("a", "media", "s", "first_frame")])
    assert "a.media>s.first_frame" in graph.edges


def test_a_forged_wire_id_is_refused() -> None:
    edge = wire("s", "video", "f", "clips").edge.model_copy(update={"id": "x"})
    with pytest.raises(StudioError) as refused:
        run(EMPTY, [EdgeAdd(edge=edge)])
    assert refused.value.code is Code.VALIDATION_ERROR


def test_a_field_as_long_as_a_novel_is_refused() -> None:
    _, graph = run(EMPTY, [add("s")])
    with pytest.raises(StudioError) as refused:
        run(graph, [NodeSet(id="s", name="prompt", value="x" * 300_000)])
    assert refused.value.context.field == "prompt"


def test_five_thousand_cards_at_once_are_quick_also_in_scenes_and_beside_as_many() -> None:
    def paste(prefix: str) -> list[Operation]:
        scenes: list[Operation] = [add(f"{prefix}s{n}", "scene", scene=f"{n + 1:02d}") for n in range(10)]
        shots = [
            NodeAdd(node=Node(id=f"{prefix}{n}", type="shot", parent=f"{prefix}s{n % 10}", data={"prompt": "fog"}))
            for n in range(3989)
        ]
        cut = f"{prefix}cut"
        wires = [wire(f"{prefix}{n}", "video", cut, "clips") for n in range(1000)]
        return [*scenes, *shots, add(cut, "assembler"), *wires]

    _, before = run(EMPTY, paste("a"))
    began = time.process_time()
    batch, after = run(before, paste("b"), on_disk=[("01", f"{n:03d}") for n in range(0, 990, 10)])
    assert time.process_time() - began < 1.5
    assert (len(batch), len(after.nodes), len(after.edges)) == (5000, 8000, 2000)
    keys = {(node.data.get("scene"), node.data.get("code")) for node in after.nodes.values() if node.type == "shot"}
    assert len(keys) == 2 * 3989
