"""One canvas, several who write it: two web processes on one database, a crash between, an auto-save that is gone."""

import json
import shutil
from collections.abc import Iterator

import pytest

from studio_server.actions import canvas, projects
from studio_server.domain.graph import Graph, Node, NodeAdd, NodeMove, NodeSet
from studio_server.index import log
from studio_server.settings import Settings
from tests.integration.studios import Stage, shot, stage

CANVAS = "02_Source_Creative/Canvases/main_canvas.json"

pytestmark = pytest.mark.every_database


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


@pytest.fixture
def there(here: Stage, settings: Settings) -> Iterator[Stage]:
    """Return a second web process on the same workspace and database."""
    with stage(settings) as opened:
        yield opened


def prompt(here: Stage, project: str) -> object:
    with canvas.opened(here.studio, project) as now:
        return now.graph.nodes["n_1"].data["prompt"]


def events(here: Stage, project: str, actor: str) -> int:
    with here.studio.index.read() as session:
        return sum(event.actor == actor for event in log.since(session, project, 0))


def test_a_file_that_another_web_process_wrote_undoes_nothing(here: Stage, there: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    assert prompt(there, project) == "Dawn over the harbour"
    canvas.checkpoint(here.studio, project)
    there.apply(project, NodeSet(id="n_1", name="prompt", value="Dusk"))
    canvas.notice_outside_changes(there.studio, project)
    assert (prompt(there, project), events(there, project, canvas.OUTSIDE)) == ("Dusk", 0)


def test_a_change_from_outside_is_told_once_by_two_web_processes(here: Stage, there: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    assert prompt(there, project) == "Dawn over the harbour"
    path = here.folder(project).root / CANVAS
    path.write_text(path.read_text().replace("Dawn", "Fog"))
    for process in (here, there):
        canvas.notice_outside_changes(process.studio, project)
        assert prompt(process, project) == "Fog over the harbour"
    assert events(here, project, canvas.OUTSIDE) == 1


def test_a_change_from_outside_that_is_taken_back_is_taken_back(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    path = here.folder(project).root / CANVAS
    before = path.read_text()
    for text, wanted in (
        (before.replace("Dawn", "Fog over"), "Fog over over the harbour"),
        (before, "Dawn over the harbour"),
    ):
        path.write_text(text)
        canvas.notice_outside_changes(here.studio, project)
        assert prompt(here, project) == wanted


def test_what_came_from_outside_fits_what_was_done_meanwhile(here: Stage) -> None:
    project = here.project()
    here.apply(project, NodeAdd(node=Node(id="n_scene", type="scene", x=100, y=50)), shot("n_1"))
    canvas.checkpoint(here.studio, project)
    path = here.folder(project).root / CANVAS
    # Meanwhile on the board: the card goes into the scene, and a second shot gets the next number.
    here.apply(project, NodeMove(id="n_1", x=5, y=5, parent="n_scene"))
    here.apply(project, shot("n_2"))
    # In the file: the scene goes, and somebody else's second shot has that number too.
    edited = json.loads(path.read_text())
    del edited["nodes"]["n_scene"]
    edited["nodes"]["n_3"] = edited["nodes"]["n_1"] | {"id": "n_3", "data": {"scene": "01", "code": "020"}}
    path.write_text(json.dumps(edited))
    canvas.notice_outside_changes(here.studio, project)
    graph: Graph = canvas.graph_of(here.studio, project)
    card = graph.nodes["n_1"]
    assert (card.parent, card.x, card.y) == (None, 105, 55)
    assert sorted(str(graph.nodes[name].data["code"]) for name in ("n_1", "n_2", "n_3")) == ["010", "020", "030"]
    canvas.checkpoint(here.studio, project)
    assert here.folder(project).read_canvas().graph == graph


def test_without_the_auto_save_a_crash_loses_nothing_either(here: Stage, settings: Settings) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    here.apply(project, NodeSet(id="n_1", name="prompt", value="typed just before the crash"))
    shutil.rmtree(here.folder(project).root / "04_Project_Files/Auto_Saves")
    with stage(settings) as again:
        assert prompt(again, project) == "typed just before the crash"


def test_a_file_changed_while_nothing_was_known_of_it_starts_every_page_anew(here: Stage, settings: Settings) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    canvas.checkpoint(here.studio, project)
    before = projects.full_state(here.studio, project)
    path = here.folder(project).root / CANVAS
    path.write_text(path.read_text().replace("Dawn", "Fog"))
    shutil.rmtree(here.folder(project).root / "04_Project_Files/Auto_Saves")
    with stage(settings) as again:
        after = projects.full_state(again.studio, project)
    assert after.graph.nodes["n_1"].data["prompt"] == "Fog over the harbour"
    assert after.log_id != before.log_id
