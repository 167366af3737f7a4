"""Which shots are stale after one edit: what the edit touches, against looking at the whole board again.

A film of chains of five shots, each made from the one before, all cut together by one assembler. The edit is a prompt
in the middle of a chain: three shots and the film are looked at again. Applying it to the graph is counted in ours.
Rounds alternate, so that both meet the same machine. `measure()` is called by benchmarks/run.py.
"""

import hashlib
import statistics
import time

from studio_sdk.manifest import Pipeline, Socket, Variant
from studio_sdk.types import Engine, Format, MediaRef, Quality, SocketType
from studio_server.domain.batch import ShotKey
from studio_server.domain.build import Build
from studio_server.domain.fingerprint import Facts
from studio_server.domain.graph import EMPTY, Edge, EdgeAdd, Graph, Node, NodeAdd, NodeSet, Operation, apply, edge_id
from studio_server.domain.nodes import Kit
from studio_server.domain.shots import Recipe, Take, TakeInput

NAME = "stale"
BOARDS = (1000, 3000, 10_000)
ROUNDS = 15
CHAIN = 5
AIM_RATIO = 0.05

_FORMAT = Format(width=1280, height=720, frame_rate="24/1")
_PIPELINE = Pipeline(
    id="draw",
    version="1.0.0",
    title="Draw",
    task="generate-video",
    engine=Engine.CPU,
    inputs={
        "prompt": Socket(type=SocketType.STRING, default=""),
        "seconds": Socket(type=SocketType.FLOAT, default=4),
        "clip": Socket(type=SocketType.VIDEO),
    },
    outputs={"video": Socket(type=SocketType.VIDEO)},
    variants=(Variant(quality=Quality.LOW),),
)


def measure() -> dict[str, object]:
    """Return milliseconds for one edit, median of fifteen, and for looking at everything, for each size of board."""
    found: dict[str, object] = {}
    for shots in BOARDS:
        ours, peer, touched = _compare(shots)
        ms, peer_ms = statistics.median(ours), statistics.median(peer)
        print(f"  {shots} shots: an edit {ms:.2f} ms ({touched} cards change), everything {peer_ms:.0f} ms", flush=True)
        figures = {"value": round(ms, 3), "peer_value": round(peer_ms, 1), "ratio": round(ms / peer_ms, 5)}
        found |= {"unit": "ms", "aim": AIM_RATIO, **figures} if shots == BOARDS[0] else {f"with_{shots}_shots": figures}
    return found


def _compare(shots: int) -> tuple[list[float], list[float], int]:
    graph, takes = _film(shots)
    build = Build(_facts(graph, takes))
    assert {state.state.value for card, state in build.states.items() if card != "film"} == {"clean"}
    ours, peer, touched = [], [], 0
    for round_ in range(ROUNDS):
        card = f"s{(round_ * 37 % (shots // CHAIN)) * CHAIN + 2}"
        edit: list[Operation] = [NodeSet(id=card, name="prompt", value=f"Rain {round_}")]
        began = time.perf_counter()
        graph = apply(graph, edit)
        touched = len(build.edited(_facts(graph, takes), edit))
        ours.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        whole = Build(_facts(Graph(nodes=graph.nodes, edges=graph.edges), takes))
        peer.append((time.perf_counter() - began) * 1000)
        assert whole.states == build.states
    return ours, peer, touched


def _film(shots: int) -> tuple[Graph, dict[ShotKey, list[Take]]]:
    operations: list[Operation] = [NodeAdd(node=Node(id="film", type="assembler"))]
    takes: dict[ShotKey, list[Take]] = {}
    for number in range(shots):
        name, key = f"s{number}", (f"{number // 100:03d}", f"{number % 100 + 1:03d}")
        data = {"scene": key[0], "code": key[1], "prompt": "Dawn", "pipeline": "draw"}
        operations.append(NodeAdd(node=Node(id=name, type="shot", data=dict(data))))
        operations.append(_wire(name, "film", "clips"))
        fed = number % CHAIN > 0
        if fed:
            operations.append(_wire(f"s{number - 1}", name, "clip"))
        takes[key] = [_take(number, key, fed=fed)]
    return apply(EMPTY, operations), takes


def _wire(source: str, target: str, into: str) -> EdgeAdd:
    name = edge_id(source, "video", target, into)
    return EdgeAdd(edge=Edge(id=name, source=source, source_handle="video", target=target, target_handle=into))


def _oid(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def _take(number: int, key: ShotKey, *, fed: bool) -> Take:
    return Take(
        id=str(number),
        scene=key[0],
        code=key[1],
        created_at="",
        version=1,
        number=1,
        reel="A0100101",
        media=MediaRef(path=f"SHOT-{key[1]}_v01_take01.mp4", oid=_oid(number), size=1, mime="video/mp4"),
        recipe=Recipe(
            pipeline="draw",
            pipeline_version="1.0.0",
            digest="d" * 64,
            params={"prompt": "Dawn", "seconds": 4},
            inputs=(TakeInput(socket="clip", oid=_oid(number - 1)),) if fed else (),
            seed=1,
            quality=Quality.LOW,
            quality_requested=Quality.LOW,
            format=_FORMAT,
        ),
    )


def _facts(graph: Graph, takes: dict[ShotKey, list[Take]]) -> Facts:
    return Facts(
        graph=graph,
        kit=Kit({"draw": _PIPELINE}, {"generate-video": "draw"}),
        digests={"draw": "d" * 64},
        quality=Quality.LOW,
        format=_FORMAT,
        takes=lambda key: takes.get(key, []),
        assets={},
        films={},
    )
