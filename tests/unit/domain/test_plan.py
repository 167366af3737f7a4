"""What a pipeline is told: checked against its manifest before anything is queued."""

import pytest

from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline, Point, Points, Socket, Variant
from studio_sdk.types import Engine, MediaRef, Quality, SocketType
from studio_server.domain.graph import EMPTY, Edge, Graph, Node, edge_id
from studio_server.domain.nodes import Kit
from studio_server.domain.plan import inputs, parameters, seed_of

PIPELINE = Pipeline(
    id="p",
    version="1.0.0",
    title="P",
    task="t",
    engine=Engine.CPU,
    inputs={
        "prompt": Socket(type=SocketType.STRING, title="Prompt", required=True, max_length=10),
        "seconds": Socket(type=SocketType.FLOAT, default=4, minimum=1, maximum=60, unit="s"),
        "move": Socket(type=SocketType.STRING, default="pan", choices=("pan", "tilt")),
        "badge": Socket(type=SocketType.BOOLEAN, default=True),
        "marks": Socket(
            type=SocketType.STRING,
            default="",
            points=Points(of="still", points=(Point(name="chin", title="Chin", x=0.5, y=0.7),)),
        ),
        "still": Socket(type=SocketType.IMAGE, required=True),
    },
    outputs={"video": Socket(type=SocketType.VIDEO)},
    variants=(Variant(quality=Quality.LOW),),
)
KIT = Kit({"p": PIPELINE}, {"generate-video": "p"})
STILL = MediaRef(path="01_Assets/Source_Media/a.png", oid="0" * 64, size=3, mime="image/png")


def shot(**data: object) -> Node:
    return Node(id="s", type="shot", data={"code": "010", **data})


def test_defaults_are_filled_in() -> None:
    assert parameters(PIPELINE, shot(prompt="fog")) == {
        "prompt": "fog",
        "seconds": 4,
        "move": "pan",
        "badge": True,
        "marks": "",
    }


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": "x" * 11}, "prompt"),
        ({"prompt": 5}, "prompt"),
        ({"prompt": "x", "seconds": 0.5}, "seconds"),
        ({"prompt": "x", "seconds": 61}, "seconds"),
        ({"prompt": "x", "seconds": float("nan")}, "seconds"),
        ({"prompt": "x", "seconds": True}, "seconds"),
        ({"prompt": "x", "seconds": "4"}, "seconds"),
        ({"prompt": "x", "move": "spin"}, "move"),
        ({"prompt": "x", "badge": 1}, "badge"),
        ({"prompt": "x", "marks": "chin"}, "marks"),
        ({"prompt": "x", "marks": '{"at": {"chin": [0.5, 2]}}'}, "marks"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(data: dict[str, object], field: str) -> None:
    with pytest.raises(StudioError) as refused:
        parameters(PIPELINE, Node.model_construct(id="s", type="shot", data={"code": "010", **data}))
    assert refused.value.code is Code.VALIDATION_ERROR
    assert refused.value.context.field == field
    assert refused.value.context.node_id == "s"


def test_a_point_that_is_wrong_is_named() -> None:
    good = '{"on": "", "at": {"chin": [0.5, 0.75]}}'
    assert parameters(PIPELINE, shot(prompt="x", marks=good))["marks"] == good
    with pytest.raises(StudioError, match=r"“marks” cannot be read\. The point “Chin” \(chin\) is missing"):
        parameters(PIPELINE, shot(prompt="x", marks='{"at": {}}'))


def wired(source: Node) -> Graph:
    edge = Edge(
        id=edge_id("a", "media", "s", "still"), source="a", source_handle="media", target="s", target_handle="still"
    )
    return Graph(nodes={"a": source, "s": shot(prompt="x")}, edges={edge.id: edge})


def test_files_come_along_the_wires() -> None:
    found = inputs(PIPELINE, wired(Node(id="a", type="asset")), shot(prompt="x"), KIT, lambda _: STILL)
    assert [(f.socket, f.oid, f.name) for f in found] == [("still", "0" * 64, "a.png")]


def test_a_missing_wire_and_an_empty_source_are_told_apart() -> None:
    with pytest.raises(StudioError, match="needs a wire"):
        inputs(PIPELINE, EMPTY, shot(prompt="x"), KIT, lambda _: STILL)
    with pytest.raises(StudioError, match="has no file yet") as refused:
        inputs(PIPELINE, wired(Node(id="a", type="asset")), shot(prompt="x"), KIT, lambda _: None)
    assert refused.value.code is Code.FILE_NOT_FOUND
    with pytest.raises(StudioError, match="Shot 020 has no take yet"):
        inputs(PIPELINE, wired(Node(id="a", type="shot", data={"code": "020"})), shot(prompt="x"), KIT, lambda _: None)


def test_a_locked_seed_stays() -> None:
    assert seed_of(shot(seed=7, seed_locked=True), 9) == 7
    assert seed_of(shot(seed=7), 9) == 9
    assert seed_of(shot(seed=-1, seed_locked=True), 9) == 9
