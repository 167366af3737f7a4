"""What the board and somebody outside both changed: the merge decides, and says what it decided."""

from collections.abc import Iterator

import pytest

from studio_server.actions import canvas, contested, push
from studio_server.domain.graph import EdgeAdd, EdgeRemove, Graph, Node, NodeMove, NodeRemove, NodeSet, apply
from studio_server.library import formats, versions
from studio_server.library.folder import ProjectFolder
from studio_server.settings import Settings
from tests.integration.studios import Stage, node, shot, stage, wire


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


@pytest.fixture
def film(here: Stage) -> str:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"), shot("n_2", prompt="Sea"), shot("n_3"), node("a", "note", text="1"))
    here.apply(project, node("a_1", "asset"), node("a_2", "asset"))
    here.apply(project, wire("a_1", "media", "n_2", "still"))
    canvas.commit(here.studio, project)
    return project


def from_outside(here: Stage, project: str, *operations: object) -> Graph:
    """Change the canvas file by hand, from the state that was written last."""
    folder: ProjectFolder = here.folder(project)
    theirs = apply(here.studio.canvases[project].file_graph, list(operations))  # type: ignore[arg-type]
    (folder.root / folder.manifest().canvas_path).write_bytes(formats.dump_canvas(theirs))
    return theirs


def told(here: Stage, project: str) -> list[tuple[str, object, object, object]]:
    (met,) = contested.listed(here.studio, project)
    return [(side.key, side.base, side.mine, side.theirs) for side in met.sides]


def test_a_field_that_both_wrote_is_told_with_all_three(here: Stage, film: str) -> None:
    here.apply(film, NodeSet(id="n_1", name="prompt", value="Night"), NodeSet(id="n_2", name="prompt", value="Storm"))
    from_outside(
        here, film, NodeSet(id="n_1", name="prompt", value="Fog"), NodeSet(id="n_3", name="prompt", value="Ice")
    )
    canvas.notice_outside_changes(here.studio, film)
    assert told(here, film) == [("n_1/prompt", "Dawn", "Night", "Fog")]
    prompts = {name: one.data.get("prompt") for name, one in canvas.graph_of(here.studio, film).nodes.items()}
    assert prompts == {"n_1": "Fog", "n_2": "Storm", "n_3": "Ice", "a": None, "a_1": None, "a_2": None}
    assert contested.listed(here.studio, film)[0].label == "Changed outside the studio"


def test_a_card_that_one_removed_and_a_wire_that_both_changed_are_told(here: Stage, film: str) -> None:
    here.apply(film, NodeRemove(id="a"), EdgeRemove(id="a_1.media>n_2.still"))
    other = wire("a_2", "media", "n_2", "still")
    from_outside(here, film, NodeSet(id="a", name="text", value="2"), EdgeRemove(id="a_1.media>n_2.still"), other)
    assert isinstance(other, EdgeAdd)
    canvas.notice_outside_changes(here.studio, film)
    assert told(here, film) == [
        ("a/", "note", None, "note"),
        ("n_2/>still", ["a_1.media"], [], ["a_2.media"]),
    ]


@pytest.mark.parametrize("how", ["not edited", "alike", "elsewhere", "only moved"])
def test_what_does_not_meet_is_not_told(here: Stage, film: str, how: str) -> None:
    value = {"alike": "Fog"}.get(how, "Night")
    if how == "only moved":
        here.apply(film, NodeMove(id="n_1", x=5, y=5))
    elif how != "not edited":
        here.apply(film, NodeSet(id="n_2" if how == "elsewhere" else "n_1", name="prompt", value=value))
    theirs = NodeMove(id="n_1", x=9, y=9) if how == "only moved" else NodeSet(id="n_1", name="prompt", value="Fog")
    from_outside(here, film, theirs)
    canvas.notice_outside_changes(here.studio, film)
    assert contested.listed(here.studio, film) == []


def test_a_pushed_canvas_that_meets_the_board_is_told(here: Stage, film: str) -> None:
    before = formats.dump_canvas(versions.read_in(here.folder(film), "refs/heads/main"))
    theirs = apply(formats.load_canvas(before, "c"), [NodeSet(id="n_1", name="prompt", value="Fog")])
    here.apply(film, NodeSet(id="n_1", name="prompt", value="Night"))
    push._merge(here.studio, film, "c" * 40, before, formats.dump_canvas(theirs))
    assert told(here, film) == [("n_1/prompt", "Dawn", "Night", "Fog")]
    assert contested.listed(here.studio, film)[0].label.startswith("Pushed by")


def test_very_many_are_told_in_part(here: Stage, film: str) -> None:
    nodes = [Node(id=f"x{n}", type="note", data={"text": "1"}) for n in range(300)]
    here.apply(film, *[node(one.id, "note", text="1") for one in nodes])
    canvas.commit(here.studio, film)
    here.apply(film, *[NodeSet(id=one.id, name="text", value="2") for one in nodes])
    from_outside(here, film, *[NodeSet(id=one.id, name="text", value="3") for one in nodes])
    canvas.notice_outside_changes(here.studio, film)
    assert len(told(here, film)) == canvas.MOST_CONTESTED
