"""The table that this judge and the page's are held to (tests/data/judge.json)."""

import json
from typing import Any

import pytest

from studio_sdk.manifest import Pipeline
from studio_server.domain.graph import Edge, Graph
from studio_server.domain.judge import verdict
from studio_server.domain.node_types import TYPES
from studio_server.domain.nodes import Kit, inputs_of, output_type, pipeline_of
from studio_server.settings import ROOT

TABLE = json.loads((ROOT / "tests" / "data" / "judge.json").read_text(encoding="utf-8"))
PIPELINES = [Pipeline.model_validate(manifest) for manifest in TABLE["pipelines"]]
KIT = Kit({pipeline.id: pipeline for pipeline in PIPELINES}, TABLE["defaults"])
BOARDS = {name: Graph.model_validate(board) for name, board in TABLE["boards"].items()}


@pytest.mark.parametrize("case", TABLE["wires"], ids=lambda case: f"{case['board']}: {case['wire']}")
def test_what_a_wire_may_be(case: dict[str, Any]) -> None:
    source, target = (end.split(".") for end in case["wire"].split(">"))
    edge = Edge(id=case["wire"], source=source[0], source_handle=source[1], target=target[0], target_handle=target[1])
    assert verdict(BOARDS[case["board"]], edge, KIT) == case["refused"]


@pytest.mark.parametrize("case", TABLE["cards"], ids=lambda case: f"{case['board']}: {case['node']}")
def test_which_sockets_a_card_has(case: dict[str, Any]) -> None:
    graph = BOARDS[case["board"]]
    node = graph.nodes[case["node"]]
    pipeline = pipeline_of(graph, node, KIT)
    outputs = TYPES[node.type].outputs if node.type in TYPES else ()
    assert (pipeline.id if pipeline else None) == case["pipeline"]
    assert [f"{spec.name}:{spec.type}" for spec in inputs_of(graph, node, KIT)] == case["inputs"]
    assert [f"{spec.name}:{output_type(graph, node, spec.name, KIT)}" for spec in outputs] == case["outputs"]
