"""Placing for real: what a project chose, what a card asks for, machines that come, and the forecast before that."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from httpx import ASGITransport

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Engine, Quality
from studio_sdk.wire import WorkerInfo
from studio_server.actions import assemble, canvas, generate, projects, queue, runs
from studio_server.actions.forecast import forecast_of
from studio_server.app import routes
from studio_server.domain.graph import Node, NodeSet
from studio_server.domain.jobs import JobState
from studio_server.index import log
from studio_server.loops import sweeper
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire


@pytest.fixture
def here(settings: Settings, tmp_path: Path) -> Iterator[Stage]:
    """A studio with a pipeline for GPUs beside the drafts that ship; this machine has a processor only."""
    folder = tmp_path / "pipelines"
    shutil.copytree(settings.pipelines_dir, folder, ignore=shutil.ignore_patterns(".venv"))
    manifest = json.loads((folder / "animatic" / "pipeline.json").read_text())
    manifest |= {
        "id": "grand",
        "title": "Grand",
        "engine": "comfyui",
        "tier": "production",
        "variants": [
            {"quality": "standard", "vram_gb": 16, "estimate_s": 60.0, "params": {"badge": True}},
            {"quality": "high", "vram_gb": 24, "estimate_s": 120.0, "params": {"badge": False}, "credits": 2.0},
        ],
    }
    shutil.copytree(folder / "animatic", folder / "grand")
    (folder / "grand" / "pipeline.json").write_text(json.dumps(manifest))
    with stage(settings.model_copy(update={"pipelines_dir": folder})) as opened:
        opened.worker()
        yield opened


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip(tmp_path_factory.mktemp("media") / "take.mp4", seconds=2)


def gpu(here: Stage, vram: int) -> None:
    queues = [f"gpu.{tier}" for tier in (12, 16, 24, 48, 80) if tier <= vram]
    info = WorkerInfo(
        id=f"farm:{vram}", boot="1", host="farm", engines=[Engine.COMFYUI], queues=queues, vram_gb=vram, gpu=""
    )
    runs.register(here.studio, info)


def project(here: Stage, quality: Quality = Quality.HIGH, **choice: object) -> str:
    made = here.project()
    projects.change(here.studio, made, 1, quality=quality, **choice)  # type: ignore[arg-type]
    return made


def job(here: Stage, task: str | None) -> tuple[JobState, str, str]:
    found = generate.find(here.studio, str(task))
    return found.state, found.plan.pipeline_id, found.plan.quality_used


def notices(here: Stage, project_id: str) -> list[str]:
    with here.studio.index.read() as session:
        told = [event.told() for event in log.since(session, project_id, 0)]
    return [str(event["message"]) for event in told if event["event"] == "server:notice"]


def test_without_the_card_a_draft_is_made_and_said(here: Stage) -> None:
    made = project(here)
    here.apply(made, shot("n_1"))
    foreseen = forecast_of(here.studio, made, ["n_1"]).jobs[0]
    assert (foreseen.state, foreseen.pipeline, foreseen.tier) == ("falls_back", "animatic", "previz")
    event = generate.generate(here.studio, made, "n_1")
    assert job(here, event.job_id) == (JobState.QUEUED, "animatic", "high")
    assert notices(here, made) == [foreseen.why]
    assert "ComfyUI" in foreseen.why


def test_who_holds_waits_until_the_card_comes(here: Stage) -> None:
    made = project(here, when_full="queue")
    here.apply(made, shot("n_1"))
    gpu(here, 16)
    foreseen = forecast_of(here.studio, made, ["n_1"]).jobs[0]
    assert (foreseen.state, foreseen.quality, foreseen.where) == ("no_machine", "high", "a 24 GB card")
    task = generate.generate(here.studio, made, "n_1").job_id
    sweeper.sweep(here.studio)
    assert job(here, task) == (JobState.WAITING, "grand", "high")
    assert generate.find(here.studio, str(task)).reason == foreseen.why
    gpu(here, 24)
    sweeper.sweep(here.studio)
    assert job(here, task) == (JobState.QUEUED, "grand", "high")
    assert forecast_of(here.studio, made, ["n_1"]).jobs[0].ahead == 1


def test_what_waits_is_placed_again_when_the_project_chooses_otherwise(here: Stage, film: Path) -> None:
    made = project(here, when_full="queue")
    here.apply(made, shot("n_1", seconds=3, seed=7, seed_locked=True))
    task = str(generate.generate(here.studio, made, "n_1", overrides={"move": "static"}).job_id)
    assert generate.find(here.studio, task).plan.params["badge"] is False
    gpu(here, 16)
    projects.change(here.studio, made, 2, when_full="fallback")
    here.apply(made, NodeSet(id="n_1", name="prompt", value="Written since"))
    sweeper.sweep(here.studio)
    assert job(here, task) == (JobState.QUEUED, "grand", "standard")
    plan = generate.find(here.studio, task).plan
    assert (plan.queue, plan.vram_gb, plan.seed) == ("gpu.16", 16, 7)
    assert plan.params["badge"] is True, "the other quality has its own values"
    assert (plan.params["move"], plan.params["prompt"]) == ("static", "Dawn over the harbour"), "as it was ordered"
    assert (plan.quality_requested, plan.quality_used) == ("high", "standard")
    assert "Made at standard instead of high quality, with Grand on a 16 GB card" in notices(here, made)[-1]
    claimed = runs.claim(here.studio, task, "farm:16")
    here.finish(task, claimed.attempt, film)
    assert generate.find(here.studio, task).state is JobState.SUCCEEDED


def test_a_task_tried_again_is_made_as_it_was_planned_or_as_the_project_chooses(here: Stage) -> None:
    made = project(here, when_full="queue")
    here.apply(made, shot("n_1"))
    gpu(here, 24)
    task = str(generate.generate(here.studio, made, "n_1").job_id)
    generate.cancel(here.studio, task)
    here.later(60)  # the machine has gone silent
    here.worker()
    again = generate.retry(here.studio, task).job_id
    sweeper.sweep(here.studio)
    assert job(here, again) == (JobState.WAITING, "grand", "high")
    projects.change(here.studio, made, 2, when_full="fallback")
    sweeper.sweep(here.studio)
    assert job(here, again) == (JobState.QUEUED, "animatic", "high")


def test_choices_are_kept_and_change_nothing_else(here: Stage) -> None:
    made = project(here, when_full="queue", engines=[Engine.CPU, Engine.COMFYUI])
    manifest = here.folder(made).root / "project.json"
    written = json.loads(manifest.read_text())
    assert written["project_settings"]["when_full"] == "queue"
    written["project_settings"]["newer"] = {"kept": True}
    manifest.write_text(json.dumps(written))
    after = projects.change(here.studio, made, 2, quality=Quality.LOW, aspect_ratio="1:1")
    assert (after.when_full, after.engines, after.width) == ("queue", (Engine.CPU, Engine.COMFYUI), 960)
    assert json.loads(manifest.read_text())["project_settings"]["newer"] == {"kept": True}
    with pytest.raises(StudioError) as refused:
        projects.change(here.studio, made, 3, engines=[Engine.CPU, Engine.CPU])
    assert (refused.value.code, refused.value.context.field) == (Code.VALIDATION_ERROR, "engines")


def test_a_project_is_given_another_frame_rate_and_nothing_else(here: Stage) -> None:
    made = project(here)
    before = projects.view(here.studio, canvas.find(here.studio, made))
    after = projects.change(here.studio, made, 2, frame_rate="30000/1001")
    assert after.frame_rate == "30000/1001"
    assert (after.aspect_ratio, after.width, after.quality) == (before.aspect_ratio, before.width, before.quality)
    with pytest.raises(StudioError) as refused:
        projects.change(here.studio, made, 3, frame_rate="23")
    assert (refused.value.code, refused.value.context.field) == (Code.VALIDATION_ERROR, "frame_rate")
    assert here.folder(made).manifest().project_settings.frame_rate == "30000/1001"


def test_an_old_project_falls_back_as_it_always_did(here: Stage) -> None:
    made = here.project()
    manifest = here.folder(made).root / "project.json"
    written = json.loads(manifest.read_text())
    for name in ("when_full", "engines"):
        written["project_settings"].pop(name)
    manifest.write_text(json.dumps(written))
    view = projects.view(here.studio, canvas.find(here.studio, made))
    assert (view.when_full, view.engines) == ("fallback", ())


def test_a_card_that_improves_steps_aside_below_its_quality(here: Stage, film: Path) -> None:
    made = project(here, Quality.STANDARD)
    here.apply(
        made,
        shot("n_1", pipeline="animatic"),
        node("n_up", "upscale", min_quality="high"),
        node("n_cut", "assembler"),
        wire("n_1", "video", "n_up", "clip"),
        wire("n_up", "video", "n_cut", "clips"),
    )
    task = str(generate.generate(here.studio, made, "n_1").job_id)
    take = here.finish(task, here.claim(task).attempt, film).result
    assert [cut.take for cut in assemble.cut_list(here.studio, made, "n_cut").cuts] == [take]
    with pytest.raises(StudioError) as refused:
        generate.generate(here.studio, made, "n_up")
    assert "from high quality on" in refused.value.message
    assert refused.value.context.field == "min_quality"
    foreseen = forecast_of(here.studio, made, ["n_up"]).jobs[0]
    assert (foreseen.state, foreseen.why) == ("refused", refused.value.message)
    projects.change(here.studio, made, 2, quality=Quality.HIGH)
    assert assemble.cut_list(here.studio, made, "n_cut").cuts[0].take is None, "now its own take is wanted"
    assert forecast_of(here.studio, made, ["n_up"]).jobs[0].state == "fits"
    generate.generate(here.studio, made, "n_up")


def test_a_shot_is_never_made_below_what_its_card_asks_for(here: Stage) -> None:
    made = project(here, Quality.STANDARD)
    gpu(here, 16)
    here.apply(made, shot("n_1", min_quality="high"), shot("n_2"))
    first, second = forecast_of(here.studio, made, ["n_1", "n_2"]).jobs
    assert (first.quality_wished, first.pipeline, first.quality) == ("high", "animatic", "high")
    assert (second.pipeline, second.quality, second.state) == ("grand", "standard", "fits")
    plan = generate.find(here.studio, str(generate.generate(here.studio, made, "n_1").job_id)).plan
    assert plan.quality_requested == "high"


def test_a_film_is_foretold_too_after_the_shots_that_are_made_for_it(here: Stage, film: Path) -> None:
    made = here.project()
    here.apply(made, shot("n_1", pipeline="animatic"), node("n_cut", "assembler"))
    here.apply(made, wire("n_1", "video", "n_cut", "clips"))
    assert forecast_of(here.studio, made, ["n_cut"]).jobs[0].state == "fits", "what waits for its take is a slate"
    first, last = forecast_of(here.studio, made, ["n_1", "n_cut"]).jobs
    assert first.takes
    assert last.starts
    assert last.starts.likely_s > 0.5 * first.takes.likely_s
    task = str(generate.generate(here.studio, made, "n_1").job_id)
    here.finish(task, here.claim(task).attempt, film)
    now = forecast_of(here.studio, made, ["n_cut"]).jobs[0]
    placed = generate.find(here.studio, str(assemble.render(here.studio, made, "n_cut").job_id)).plan
    assert (now.state, now.pipeline, now.quality) == ("fits", placed.pipeline_id, placed.quality_used)


def test_the_forecast_learns_from_what_ran_by_the_second_of_picture(here: Stage, film: Path) -> None:
    made = here.project()
    here.apply(made, shot("n_1", pipeline="animatic", seconds=2), shot("n_2", pipeline="animatic", seconds=10))
    assert forecast_of(here.studio, made, ["n_2"]).jobs[0].guess
    for seconds in (4, 5, 4, 5, 4):
        task = str(generate.generate(here.studio, made, "n_1").job_id)
        attempt = here.claim(task).attempt
        here.later(seconds)
        here.worker()
        here.finish(task, attempt, film)
    foreseen = forecast_of(here.studio, made, ["n_2"]).jobs[0]
    assert not foreseen.guess
    assert foreseen.takes
    assert foreseen.takes.low_s < 20 <= foreseen.takes.likely_s <= 25 < foreseen.takes.high_s


def test_a_clip_that_is_worked_on_takes_as_long_as_it_runs(here: Stage, film: Path) -> None:
    made = here.project()
    here.apply(made, shot("n_1"), node("n_up", "upscale"), wire("n_1", "video", "n_up", "clip"))
    task = str(generate.generate(here.studio, made, "n_1").job_id)
    here.finish(task, here.claim(task).attempt, film)
    queued = str(generate.generate(here.studio, made, "n_up").job_id)
    assert generate.find(here.studio, queued).plan.length_s == pytest.approx(2, abs=0.1)


def test_a_chain_is_foreseen_before_its_first_take_is_there(here: Stage) -> None:
    made = here.project()
    here.apply(
        made, shot("n_1", seconds=6, pipeline="animatic"), node("n_up", "upscale"), wire("n_1", "video", "n_up", "clip")
    )
    alone = forecast_of(here.studio, made, ["n_up"]).jobs[0]
    assert (alone.state, alone.why) == ("refused", "Shot 010 has no take yet, and Super resolution U010 needs it.")
    both = forecast_of(here.studio, made, ["n_1", "n_up"])
    assert [one.state for one in both.jobs] == ["fits", "waits"]
    assert both.jobs[1].starts
    assert both.jobs[1].starts.likely_s > 0
    assert both.total.ends
    assert both.total.unknown == 0


def test_a_held_queue_is_said(here: Stage) -> None:
    made = here.project()
    here.apply(made, shot("n_1"))
    queue.pause(here.studio, made, paused=True)
    assert forecast_of(here.studio, made, ["n_1"]).jobs[0].state == "held"


def test_the_forecast_orders_nothing_and_refuses_nonsense(here: Stage) -> None:
    made = here.project()
    here.apply(made, shot("n_1"))
    here.apply(made, NodeSet(id="n_1", name="pipeline", value="animatic"))
    before = canvas.find(here.studio, made).revision
    app = routes()
    app.state.studio = here.studio

    async def ask(**body: object) -> httpx.Response:
        async with httpx.AsyncClient(transport=ASGITransport(app), base_url="http://studio") as client:
            return await client.post(f"/api/v1/projects/{made}/forecast", json=body)

    new = Node(id="n_new", type="shot", data={"prompt": "fog", "pipeline": "grand"}).model_dump()
    answer = asyncio.run(ask(node_ids=["n_1", "gone"], nodes=[new]))
    assert answer.status_code == 200
    states = {one["node_id"]: one["state"] for one in answer.json()["jobs"]}
    assert states == {"n_1": "fits", "gone": "refused", "n_new": "no_machine"}
    assert answer.json()["total"]["unknown"] == 2
    assert canvas.find(here.studio, made).revision == before
    assert not projects.tasks(here.studio, made)
    for nonsense in ({}, {"node_ids": ["a"] * 1001}, {"node_ids": ["n/1"]}, {"node_ids": [1]}):
        assert asyncio.run(ask(**nonsense)).status_code == 422
