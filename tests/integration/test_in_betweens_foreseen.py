"""The forecast counts the pictures in between that will follow a take, and those that a film waits for."""

import pytest

from studio_server.actions import canvas, conforming, projects, rebuild
from studio_server.actions.forecast import forecast_of
from studio_server.actions.rebuild import RebuildScope
from studio_server.domain.graph import NodeSet
from tests.integration.studios import Stage, node, shot, wire
from tests.integration.uneven import here, landed, project, rates, rough, smooth, take, waiting

__all__ = ["here", "project"]


def test_a_take_of_a_pipeline_whose_takes_are_uneven_is_followed_by_them(here: Stage, project: str) -> None:
    take(here, project)
    (before,) = forecast_of(here.studio, project, ["s"]).jobs
    assert (before.followed, before.between) == (False, None)
    plain = forecast_of(here.studio, project, ["s"]).total
    rates(here, project, "between")
    told = forecast_of(here.studio, project, ["s"])
    (one,) = told.jobs
    assert one.followed
    assert one.between
    assert one.between.likely_s > 0
    assert one.takes == before.takes
    assert told.total.ends
    assert plain.ends
    assert told.total.work
    assert plain.work
    assert told.total.ends.likely_s > plain.ends.likely_s
    assert told.total.work.likely_s > plain.work.likely_s
    assert told.total.unknown == 0


def test_another_shot_of_the_same_pipeline_is_known_by_it_too(here: Stage, project: str) -> None:
    take(here, project)
    rates(here, project, "between")
    here.apply(project, shot("t"))
    (one,) = forecast_of(here.studio, project, ["t"]).jobs
    assert one.followed


def test_a_film_ordered_with_its_shots_ends_after_them(here: Stage, project: str) -> None:
    take(here, project)
    here.apply(project, NodeSet(id="s", name="prompt", value="Rain now"))
    plain = forecast_of(here.studio, project, ["s", "f"])
    planned = rebuild.look(here.studio, project, RebuildScope(films=True))
    rates(here, project, "between")
    told = forecast_of(here.studio, project, ["s", "f"])
    assert [one.node_id for one in told.jobs] == ["s", "f"]
    starts = [one.jobs[1].starts for one in (plain, told)]
    assert starts[0]
    assert starts[1]
    assert starts[1].likely_s > starts[0].likely_s
    again = rebuild.look(here.studio, project, RebuildScope(films=True))
    assert [(line.node_id, line.step) for line in again.lines] == [("s", "make"), ("f", "make")]
    assert planned.lasts
    assert again.lasts
    assert again.lasts.likely_s > planned.lasts.likely_s


@pytest.mark.parametrize("why", ["even", "elsewhere", "never made", "no machine"])
def test_nothing_is_counted_where_nothing_follows(why: str, here: Stage, project: str) -> None:
    if why != "never made":
        take(here, project, file=smooth() if why == "even" else rough())
    rates(here, project, "between")
    if why == "elsewhere":
        cards = [node("i", "retime"), wire("s", "video", "i", "clip"), NodeSet(id="f", name="muted", value=None)]
        here.apply(project, *cards)
        here.apply(project, node("t", "shot"), wire("t", "video", "i", "clip"))
        assert not forecast_of(here.studio, project, ["t"]).jobs[0].followed
        return
    if why == "no machine":
        here.later(120)
    assert not forecast_of(here.studio, project, ["s"]).jobs[0].followed


def test_a_pipeline_that_gives_the_rate_it_is_asked_for_is_not_followed_after_the_project_was_given_another(
    here: Stage, project: str
) -> None:
    take(here, project, file=smooth())
    rates(here, project, "between")
    version = projects.view(here.studio, canvas.find(here.studio, project)).version
    projects.change(here.studio, project, version, frame_rate="30/1")
    assert not forecast_of(here.studio, project, ["s"]).jobs[0].followed


def test_the_forecast_of_a_film_says_what_it_will_wait_for(here: Stage, project: str) -> None:
    take(here, project)
    (before,) = forecast_of(here.studio, project, ["f"]).jobs
    conforming.make(here.studio, project, ["s"])
    (one,) = forecast_of(here.studio, project, ["f"]).jobs
    assert "Waits for in-betweens of Shot 010." in one.why
    assert before.starts
    assert one.starts
    assert one.starts.likely_s > before.starts.likely_s
    landed(here, project, waiting(here, project)[0].id, smooth())
    (after,) = forecast_of(here.studio, project, ["f"]).jobs
    assert after.why == before.why
