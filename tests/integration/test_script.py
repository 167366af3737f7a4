"""A script on the board: one step that undoes as one, numbered shots, dialogue wired in, an assembler in order."""

import time
from collections.abc import Callable, Iterator

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, canvas, script
from studio_server.domain.graph import Graph
from studio_server.domain.jobs import JobKind
from studio_server.index import jobs
from studio_server.settings import Settings
from tests import longscript
from tests.integration.studios import Stage, stage

TEXT = """EXT. HARBOUR - NIGHT

Fog over the water.

JANE
(softly)
You came back.

DISSOLVE TO:

INT. CABIN

She waits.

The lamp goes out.

FADE OUT.
"""


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


def shots(graph: Graph) -> list[tuple[object, ...]]:
    names = ("scene", "code", "prompt", "seconds", "enter", "leave")
    cards = (node.data for node in graph.nodes.values() if node.type == "shot")
    return sorted((tuple(card.get(name) for name in names) for card in cards), key=str)


def test_a_script_becomes_a_film_that_waits_for_its_takes(here: Stage) -> None:
    project = here.project()
    seen = script.look(here.studio, project, TEXT, "Harbour")
    assert (seen.scenes, seen.shots, seen.speeches, seen.speakers) == (2, 3, 1, ("JANE",))
    assert canvas.graph_of(here.studio, project).nodes == {}
    done = script.bring_in(here.studio, project, TEXT, "Harbour", "one")
    again = script.bring_in(here.studio, project, TEXT, "Harbour", "one")
    assert again == done
    graph = canvas.graph_of(here.studio, project)
    assert shots(graph) == [
        ("01", "010", "EXT. HARBOUR - NIGHT. Fog over the water.", 2.0, None, None),
        ("02", "010", "INT. CABIN. She waits.", 1.5, "dissolve", None),
        ("02", "020", "The lamp goes out.", 2.0, None, "fade"),
    ]
    (said,) = (node for node in graph.nodes.values() if node.type == "dialogue")
    assert said.data == {"title": "JANE", "value": "You came back.", "speaker": "JANE", "direction": "softly"}
    (wire,) = graph.leaving(said.id)
    assert (graph.nodes[wire.target].data["scene"], wire.target_handle) == ("01", "dialogue")
    cut = assemble.cut_list(here.studio, project, done.assembler)
    assert [(one.scene, one.shot) for one in cut.cuts] == [("01", "SHOT-010"), ("02", "SHOT-010"), ("02", "SHOT-020")]
    assert cut.title == "Harbour"


def test_a_second_script_takes_no_numbers_away(here: Stage) -> None:
    project = here.project()
    first = script.bring_in(here.studio, project, TEXT, "")
    second = script.bring_in(here.studio, project, TEXT, "")
    graph = canvas.graph_of(here.studio, project)
    assert len({(one[0], one[1]) for one in shots(graph)}) == 6
    tops = [{graph.nodes[scene].y for scene in done.scenes} for done in (first, second)]
    assert max(tops[0]) < min(tops[1])
    # a script without a name of its own is the project's film
    title = canvas.folder_of(here.studio, canvas.find(here.studio, project)).manifest().title
    assert assemble.cut_list(here.studio, project, first.assembler).title == title


def test_a_script_without_words_changes_nothing(here: Stage) -> None:
    project = here.project()
    with pytest.raises(StudioError, match="nothing in this script") as refused:
        script.bring_in(here.studio, project, "\n\n", "")
    assert refused.value.code is Code.VALIDATION_ERROR
    assert canvas.graph_of(here.studio, project).nodes == {}


def test_a_script_is_made_as_one_run_with_its_film_last(here: Stage) -> None:
    project = here.project()
    done = script.film(here.studio, project, TEXT, "Harbour", "film")
    assert script.film(here.studio, project, TEXT, "Harbour", "film") == done
    with here.studio.index.read() as session:
        tasks = jobs.of_run(session, project, done.run)
    assert sorted(task.plan.kind for task in tasks) == [JobKind.FILM, JobKind.TAKE, JobKind.TAKE, JobKind.TAKE]
    said = [task.plan.params for task in tasks if task.plan.params.get("dialogue")]
    assert [(params["dialogue"], params["setting"]) for params in said] == [
        ("JANE (softly): You came back.", "EXT. HARBOUR - NIGHT")
    ]


def test_a_script_that_is_none_makes_nothing(here: Stage) -> None:
    project = here.project()
    with pytest.raises(StudioError):
        script.film(here.studio, project, "   ", "", "none")
    assert canvas.graph_of(here.studio, project).nodes == {}


LONG_S = 8
"""How many seconds of a core 300 pages may take to come in: two to three, more where others share its caches."""


@pytest.mark.parametrize("make", [longscript.fountain, longscript.plain, longscript.final_draft])
def test_three_hundred_pages_come_in_at_once(here: Stage, make: Callable[[], str]) -> None:
    project, text = here.project(), make()
    began = time.process_time()  # how long it takes by the clock says how busy the machine is
    seen = script.look(here.studio, project, text, "The Long Night")
    done = script.bring_in(here.studio, project, text, "The Long Night", "long")
    cut = assemble.cut_list(here.studio, project, done.assembler)
    assert time.process_time() - began < LONG_S
    assert (seen.scenes, seen.speeches, seen.notes) == (longscript.SCENES, longscript.SPEECHES, ())
    assert 1800 < seen.shots <= 2000
    graph = canvas.graph_of(here.studio, project)
    kinds = [node.type for node in graph.nodes.values()]
    assert (kinds.count("scene"), kinds.count("shot"), kinds.count("dialogue")) == (350, seen.shots, 4000)
    assert len(cut.cuts) == seen.shots
    assert [one.scene for one in cut.cuts] == sorted((one.scene for one in cut.cuts), key=int)


def test_who_speaks_is_chosen_by_the_language_and_what_cannot_be_spoken_is_said(here: Stage) -> None:
    project = here.project()
    german = "INNEN. KÜCHE - TAG\n\nANNA\nIch habe das nicht gesagt, und du weißt es.\n"
    seen = script.look(here.studio, project, german, "")
    assert seen.language == "de"
    assert seen.notes[0] == "The lines are in German and are spoken by a voice for it."
    script.bring_in(here.studio, project, german, "")
    (card,) = (node for node in canvas.graph_of(here.studio, project).nodes.values() if node.type == "shot")
    assert card.data["language"] == "de"
    arabic = script.look(here.studio, project, "مشهد 1 - داخلي - المطبخ\n\nأحمد: لماذا لا تذهبين معي؟\n", "")
    assert arabic.language == "ar"
    assert arabic.notes[0].startswith("The lines are in Arabic, and no voice for it is installed")
    assert script.look(here.studio, project, TEXT, "").notes == ()
