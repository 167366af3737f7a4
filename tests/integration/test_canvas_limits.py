"""Canvases that no page would write: enormous, broken by a merge, or by a script. The project stays usable."""

import math
from collections.abc import Iterator

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, canvas, generate, projects
from studio_server.domain.graph import MAX_OPERATIONS, Graph, Node, NodeSet
from studio_server.library import formats
from studio_server.settings import Settings
from tests.integration.studios import Stage, node, shot, stage, wire


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


def write(here: Stage, project: str, graph: Graph) -> None:
    path = here.folder(project).root / "02_Source_Creative/Canvases/main_canvas.json"
    path.write_bytes(formats.dump_canvas(graph))


def test_a_change_larger_than_any_batch_can_be_read_back(here: Stage, settings: Settings) -> None:
    project = here.project()
    count = MAX_OPERATIONS + 10
    graph = Graph(nodes={f"n{i}": Node(id=f"n{i}", type="note") for i in range(count)})
    projects.full_state(here.studio, project)
    canvas.replace(here.studio, project, graph, 0)
    with stage(settings) as again:
        assert len(projects.full_state(again.studio, project).graph.nodes) == count


def test_a_batch_has_a_limit(here: Stage) -> None:
    project = here.project()
    with pytest.raises(StudioError) as refused:
        here.apply(project, *[NodeSet(id="n", name="x", value=1)] * (MAX_OPERATIONS + 1))
    assert refused.value.code is Code.VALIDATION_ERROR


@pytest.mark.parametrize("value", [math.nan, [1, {"deep": math.inf}]])
def test_a_number_that_no_file_can_hold_is_refused(here: Stage, value: object) -> None:
    project = here.project()
    with pytest.raises(StudioError) as refused:
        here.apply(project, shot("n_1", strength=value))
    assert refused.value.context.field == "strength"
    here.apply(project, shot("n_1"))
    assert canvas.checkpoint(here.studio, project)


def test_a_shot_with_an_impossible_number_hides_no_other(here: Stage) -> None:
    project = here.project()
    bad = Node(id="bad", type="shot", data={"scene": "../..", "code": "010", "prompt": "Fog"})
    good = Node(id="good", type="shot", data={"scene": "01", "code": "010", "prompt": "Fog"})
    write(here, project, Graph(nodes={"bad": bad, "good": good}))
    state = projects.full_state(here.studio, project)
    assert (set(state.graph.nodes), set(state.takes)) == ({"bad", "good"}, {"good"})
    here.worker()
    with pytest.raises(StudioError) as refused:
        generate.generate(here.studio, project, "bad")
    assert refused.value.code is Code.VALIDATION_ERROR


def test_a_wire_to_a_node_that_a_merge_took_away_is_left_out(here: Stage) -> None:
    project = here.project()
    lost = wire("gone", "media", "n_1", "still").edge
    write(here, project, Graph(nodes={"n_1": Node(id="n_1", type="shot")}, edges={lost.id: lost}))
    assert projects.full_state(here.studio, project).graph.edges == {}


def test_a_loop_from_outside_stops_nobodys_other_wires(here: Stage) -> None:
    project = here.project()
    there, back = wire("a", "video", "b", "still").edge, wire("b", "video", "a", "still").edge
    nodes = {name: Node(id=name, type="plugin") for name in ("a", "b", "c")}
    write(here, project, Graph(nodes=nodes, edges={there.id: there, back.id: back}))
    here.apply(project, wire("b", "video", "c", "still"))
    with pytest.raises(StudioError) as refused:
        here.apply(project, wire("c", "video", "a", "still"))
    assert refused.value.message == "This would make a loop"


def test_an_order_that_is_not_a_list_of_wires_is_no_order(here: Stage) -> None:
    project = here.project()
    here.apply(
        project, shot("n_1"), node("cut", "assembler", order=[["x"], {}, 3]), wire("n_1", "video", "cut", "clips")
    )
    assert len(assemble.cut_list(here.studio, project, "cut").cuts) == 1
