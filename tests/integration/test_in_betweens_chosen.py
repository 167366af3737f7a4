"""Takes of another frame rate that people choose, or put into the folder: given the project's rate by themselves."""

import shutil

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, canvas, conforming, generate, runs, states, takes, watch
from studio_server.domain.graph import NodeSet
from studio_server.domain.shots import Take
from studio_server.domain.staleness import State
from studio_server.library import scan
from studio_server.loops.evener import REST, Rounds
from tests import stock
from tests.integration.studios import Stage
from tests.integration.uneven import data, here, landed, project, rates, rough, set_rate, smooth, take, waiting

__all__ = ["here", "project"]

HELD = REST.total_seconds()


@pytest.fixture
def rounds(here: Stage, project: str) -> Rounds:
    """Return what looks at choices, with everything before them seen already."""
    assert project
    found = Rounds(here.studio)
    found.look()
    return found


def choose(here: Stage, project: str, name: str) -> None:
    here.apply(project, NodeSet(id="s", name="active_take", value=name))


def rested(here: Stage, rounds: Rounds) -> int:
    """Look, let the choice stand, look again; return how many tasks came of it."""
    soon = rounds.look()
    here.later(HELD)
    here.worker()
    return soon + rounds.look()


def two_takes(here: Stage, project: str) -> tuple[Take, Take]:
    """Have two uneven takes made while nothing is made by itself; the second one is shown."""
    first = take(here, project)
    second = take(here, project, file=rough("16", 40))
    rates(here, project, "between")
    return first, second


def by_hand(here: Stage, project: str, number: int = 1) -> Take:
    place = here.folder(project).root / stock.SHOT
    place.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(rough(), place / f"SHOT-010_v01_take0{number}.mp4")
    for _ in range(2):
        watch.notice(here.studio, project)
    return here.folder(project).takes("01", "010")[-1]


def test_one_that_was_chosen_gets_them_once_the_choice_has_stood(here: Stage, project: str, rounds: Rounds) -> None:
    first, _ = two_takes(here, project)
    choose(here, project, first.name)
    assert rounds.look() == 0
    assert waiting(here, project) == []
    here.later(HELD)
    here.worker()
    assert rounds.look() == 1
    (job,) = waiting(here, project)
    assert job.plan.conforms
    assert (job.plan.conforms.take, job.created_by) == (first.name, "You")
    made = landed(here, project, job.id, smooth())
    assert data(here, project)["active_take"] == made.name
    assert rested(here, rounds) == 0


def test_stepping_through_takes_orders_nothing(here: Stage, project: str, rounds: Rounds) -> None:
    first, second = two_takes(here, project)
    for name in (first.name, second.name, first.name, second.name):
        choose(here, project, name)
        assert rounds.look() == 0
        here.later(HELD / 2)
    here.worker()
    assert rested(here, rounds) == 1
    (job,) = waiting(here, project)
    assert job.plan.conforms
    assert job.plan.conforms.take == second.name


def test_the_original_that_was_chosen_on_purpose_stays(here: Stage, project: str, rounds: Rounds) -> None:
    first, _ = two_takes(here, project)
    choose(here, project, first.name)
    assert rested(here, rounds) == 1
    made = landed(here, project, waiting(here, project)[0].id, smooth())
    assert data(here, project)["active_take"] == made.name
    choose(here, project, first.name)
    assert rested(here, rounds) == 0
    assert data(here, project)["active_take"] == first.name


def test_what_was_chosen_meanwhile_stays(here: Stage, project: str, rounds: Rounds) -> None:
    first, second = two_takes(here, project)
    choose(here, project, first.name)
    rested(here, rounds)
    (job,) = waiting(here, project)
    choose(here, project, second.name)
    landed(here, project, job.id, smooth())
    assert data(here, project)["active_take"] == second.name


def test_ones_that_were_stopped_are_not_begun_again(here: Stage, project: str, rounds: Rounds) -> None:
    first, second = two_takes(here, project)
    choose(here, project, first.name)
    rested(here, rounds)
    generate.cancel(here.studio, waiting(here, project)[0].id)
    choose(here, project, second.name)
    rested(here, rounds)
    (job,) = waiting(here, project)
    runs.fail(here.studio, job, StudioError(Code.PIPELINE_FAILED, "It broke."))
    for name in (first.name, second.name):
        choose(here, project, name)
        assert rested(here, rounds) == 0
    conforming.make(here.studio, project, ["s"])  # the button still does
    assert len(waiting(here, project)) == 1


@pytest.mark.parametrize("why", ["repeat", "locked", "even"])
def test_it_is_left_alone(why: str, here: Stage, project: str, rounds: Rounds) -> None:
    first, _ = two_takes(here, project)
    if why == "repeat":
        rates(here, project, "repeat")
    if why == "locked":
        here.apply(project, NodeSet(id="s", name="locked", value=True))
    if why == "even":
        set_rate(here, project, "48/1")
    choose(here, project, first.name)
    assert rested(here, rounds) == 0


def test_what_was_there_before_the_studio_looked_is_left_alone(here: Stage, project: str) -> None:
    first, _ = two_takes(here, project)
    choose(here, project, first.name)
    assert rested(here, Rounds(here.studio)) == 0


def test_one_put_into_the_folder_is_given_the_rate_as_a_take_of_its_version(
    here: Stage, project: str, rounds: Rounds
) -> None:
    rates(here, project, "between")
    source = by_hand(here, project)
    assert source.recipe is None
    assert rested(here, rounds) == 1
    (job,) = waiting(here, project)
    made = landed(here, project, job.id, smooth(), made_up=40)
    assert (made.name, made.recipe, made.frames) == ("SHOT-010_v01_take02", None, 121)
    assert made.conformed_from
    assert (made.conformed_from.take, made.conformed_from.oid) == (source.name, source.media.oid)
    assert data(here, project)["active_take"] == made.name
    (shown, given) = takes.of_shot(here.studio, project, "s")
    assert (shown.conformed, given.conformed) == (None, made.conformed)
    (cut,) = assemble.cut_list(here.studio, project, "f").cuts
    assert (cut.take, cut.conformed_from, cut.conform) == (made.name, source.name, None)
    with states.kept(here.studio, project, anew=True) as now:
        assert now.build.states["s"].state is State.CLEAN
    assert made.reel in scan.reels(here.folder(project).root)
    set_rate(here, project, "25/1")
    with states.kept(here.studio, project, anew=True) as now:
        assert [reason.kind for reason in now.build.states["s"].reasons] == ["between"]
    choose(here, project, source.name)
    with states.kept(here.studio, project, anew=True) as now:
        assert now.build.states["s"].state is State.CLEAN


def test_one_put_there_beside_a_take_that_goes_on_being_shown_is_left_alone(
    here: Stage, project: str, rounds: Rounds
) -> None:
    shown = take(here, project)
    rates(here, project, "between")
    by_hand(here, project, 2)
    assert data(here, project)["active_take"] == shown.name
    assert rested(here, rounds) == 0


def test_a_broken_file_put_there_orders_nothing(here: Stage, project: str, rounds: Rounds) -> None:
    rates(here, project, "between")
    place = here.folder(project).root / stock.SHOT
    place.mkdir(parents=True)
    (place / "SHOT-010_v01_take01.mp4").write_bytes(b"no film")
    for _ in range(2):
        watch.notice(here.studio, project)
    assert rested(here, rounds) == 0
    assert canvas.graph_of(here.studio, project)
