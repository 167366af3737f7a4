"""From Generate to a take, and everything that can go wrong between: claims, leases, fences, crashes, full disks."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_sdk.contract import Failure
from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Quality
from studio_sdk.wire import Finish, Report
from studio_server.actions import assemble, assets, canvas, catalog, generate, landing, projects, runs, takes
from studio_server.domain.graph import NodeSet
from studio_server.domain.jobs import JobState
from studio_server.index import log
from studio_server.library import objects
from studio_server.loops import sweeper
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire

pytestmark = pytest.mark.every_database


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip(tmp_path_factory.mktemp("media") / "take.mp4")


def git(here: Stage, project_id: str, *words: str) -> str:
    root = here.folder(project_id).root
    return subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True).stdout


def made(here: Stage, project_id: str, film: Path, node_id: str = "n_1") -> str:
    job_id = generate.generate(here.studio, project_id, node_id).job_id
    assert job_id
    answer = here.finish(job_id, here.claim(job_id).attempt, film)
    assert answer.state == "succeeded"
    assert answer.result
    return answer.result


def test_generate_twice_gives_take_one_and_two(here: Stage, film: Path) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    assert made(here, project, film) == "SHOT-010_v01_take01"
    first = (here.folder(project).root / "03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4").read_bytes()
    assert made(here, project, film) == "SHOT-010_v01_take02"
    here.apply(project, NodeSet(id="n_1", name="prompt", value="Night over the harbour"))
    assert made(here, project, film) == "SHOT-010_v02_take01"
    folder = here.folder(project).root / "03_Renders/SCENE_01/SHOT_010"
    assert (folder / "SHOT-010_v01_take01.mp4").read_bytes() == first
    assert [t.name for t in takes.of_shot(here.studio, project, "n_1")] == [
        "SHOT-010_v01_take01",
        "SHOT-010_v01_take02",
        "SHOT-010_v02_take01",
    ]
    with canvas.opened(here.studio, project) as now:
        assert now.graph.nodes["n_1"].data["active_take"] == "SHOT-010_v02_take01"
    pointer = git(here, project, "show", "HEAD:03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4")
    assert pointer.startswith("version https://git-lfs.github.com/spec/v1")
    sidecar = json.loads((folder / "SHOT-010_v01_take01.json").read_text())
    assert sidecar["recipe"]["params"]["prompt"] == "Dawn over the harbour"
    assert git(here, project, "fsck", "--strict") == ""
    assert (
        subprocess.run(["git", "lfs", "fsck"], cwd=folder, capture_output=True, text=True, check=True).returncode == 0
    )


def test_the_log_has_no_gaps_and_tells_the_story(here: Stage, film: Path) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    made(here, project, film)
    with here.studio.index.read() as session:
        events = log.since(session, project, 0)
    assert [e.revision for e in events] == list(range(1, len(events) + 1))
    assert [e.type.value for e in events] == [
        "graph_patched",
        "node_state_updated",
        "node_state_updated",
        "task_success",
    ]
    assert [e.data.get("state") for e in events[1:3]] == ["queued", "running"]
    assert events[3].data["result"]["output_url"].endswith("/SHOT-010_v01_take01.mp4")


def test_a_command_sent_twice_is_carried_out_once(here: Stage) -> None:
    here.worker()
    project = here.project()
    assert here.apply(project, shot("n_1"), op_id="a") == here.apply(project, shot("n_1"), op_id="a") == 1
    once = generate.generate(here.studio, project, "n_1", "b")
    assert generate.generate(here.studio, project, "n_1", "b") == once


def test_only_the_newest_attempt_may_speak(here: Stage, film: Path) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    first = here.claim(job_id).attempt
    with pytest.raises(StudioError) as taken:
        here.claim(job_id)
    assert taken.value.code is Code.LEASE_LOST
    here.later(here.studio.settings.lease_seconds + 1)
    sweeper.sweep(here.studio)
    assert generate.find(here.studio, job_id).state is JobState.QUEUED
    second = here.claim(job_id).attempt
    for speak in (
        lambda: runs.report(here.studio, job_id, Report(attempt=first, progress=0.5)),
        lambda: here.finish(job_id, first, film),
    ):
        with pytest.raises(StudioError) as fenced:
            speak()
        assert fenced.value.code is Code.LEASE_LOST
    assert here.finish(job_id, second, film).result == "SHOT-010_v01_take01"
    assert len(takes.of_shot(here.studio, project, "n_1")) == 1


def test_saying_finish_twice_gives_one_take(here: Stage, film: Path) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    attempt = here.claim(job_id).attempt
    output = here.hand_in(job_id, attempt, film)
    end = Finish(attempt=attempt, status="succeeded", outputs=[output])
    assert runs.finish(here.studio, job_id, end) == runs.finish(here.studio, job_id, end)
    assert len(takes.of_shot(here.studio, project, "n_1")) == 1


def test_a_take_that_landed_before_the_crash_is_found_again(
    here: Stage, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    attempt = here.claim(job_id).attempt

    def crash(*_: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(landing, "succeeded", crash)
        with pytest.raises(KeyboardInterrupt):
            here.finish(job_id, attempt, film)
    assert generate.find(here.studio, job_id).state is JobState.RUNNING
    here.later(here.studio.settings.lease_seconds + 1)
    sweeper.sweep(here.studio)
    done = generate.find(here.studio, job_id)
    assert (done.state, done.result) == (JobState.SUCCEEDED, "SHOT-010_v01_take01")
    assert len(takes.of_shot(here.studio, project, "n_1")) == 1


def test_a_runner_that_starts_again_frees_what_it_held(here: Stage) -> None:
    here.worker("first")
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    here.claim(job_id)
    here.worker("first")
    assert generate.find(here.studio, job_id).state is JobState.RUNNING
    here.worker("second")
    freed = generate.find(here.studio, job_id)
    assert (freed.state, freed.reason) == (JobState.QUEUED, "The runner was started again.")


def test_a_job_that_kills_every_worker_fails_at_last(here: Stage) -> None:
    here.worker("0")
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    for boot in "123":
        here.claim(job_id)
        here.worker(boot)
    job = generate.find(here.studio, job_id)
    assert job.state is JobState.FAILED
    assert job.error
    assert job.error.error is Code.WORKER_LOST


def test_cancel_before_and_while_running(here: Stage) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    queued = generate.generate(here.studio, project, "n_1").job_id or ""
    generate.cancel(here.studio, queued)
    assert generate.find(here.studio, queued).state is JobState.CANCELED
    running = generate.generate(here.studio, project, "n_1").job_id or ""
    attempt = here.claim(running).attempt
    assert not runs.report(here.studio, running, Report(attempt=attempt, progress=0.1)).cancel
    generate.cancel(here.studio, running)
    assert runs.report(here.studio, running, Report(attempt=attempt, progress=0.2)).cancel
    runs.finish(here.studio, running, Finish(attempt=attempt, status="canceled"))
    assert generate.find(here.studio, running).state is JobState.CANCELED
    with pytest.raises(StudioError, match="already been canceled"):
        generate.cancel(here.studio, running)
    again = generate.retry(here.studio, running)
    assert generate.find(here.studio, again.job_id or "").plan == generate.find(here.studio, running).plan


def test_a_failure_says_what_and_why(here: Stage) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    failure = Failure(code=Code.PIPELINE_FAILED, message="The pipeline crashed.", detail="Traceback")
    end = Finish(attempt=here.claim(job_id).attempt, status="failed", error=failure, log_tail="last words")
    assert runs.finish(here.studio, job_id, end).state == "failed"
    error = generate.find(here.studio, job_id).error
    assert error
    assert (error.error, error.message, error.context.node_id) == (Code.PIPELINE_FAILED, "The pipeline crashed.", "n_1")
    assert "last words" in error.detail
    assert error.remediation


@pytest.mark.parametrize("content", [b"not a film", b"\x00" * 64])
def test_an_output_that_is_no_film_is_refused(here: Stage, tmp_path: Path, content: bytes) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(content)
    assert here.finish(job_id, here.claim(job_id).attempt, wrong).state == "failed"
    error = generate.find(here.studio, job_id).error
    assert error
    assert error.error is Code.OUTPUT_INVALID
    assert takes.of_shot(here.studio, project, "n_1") == []


def test_a_lie_about_the_hash_is_refused(here: Stage) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    attempt = here.claim(job_id).attempt
    with pytest.raises(StudioError) as refused:
        runs.hand_in(here.studio, job_id, attempt, "0" * 64, [b"x"])
    assert refused.value.code is Code.OUTPUT_INVALID
    assert not list((here.folder(project).root / objects.INCOMING).iterdir())


def test_a_full_disk_while_landing_costs_no_second_rendering(
    here: Stage, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    attempt = here.claim(job_id).attempt
    end = Finish(attempt=attempt, status="succeeded", outputs=[here.hand_in(job_id, attempt, film)])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("studio_server.library.journal.write_new", full)
        with pytest.raises(StudioError) as refused:
            runs.finish(here.studio, job_id, end)
    assert refused.value.code is Code.STORAGE_FULL
    assert here.told[-1].step.startswith("Finished, waiting to be stored:")
    assert generate.find(here.studio, job_id).state is JobState.RUNNING
    assert takes.of_shot(here.studio, project, "n_1") == []
    assert runs.finish(here.studio, job_id, end).result == "SHOT-010_v01_take01"
    assert git(here, project, "fsck", "--strict") == ""


def test_an_unready_shot_is_refused_before_anything_is_queued(here: Stage) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1", seconds=900))
    with pytest.raises(StudioError) as refused:
        generate.generate(here.studio, project, "n_1")
    assert (refused.value.code, refused.value.context.field) == (Code.VALIDATION_ERROR, "seconds")
    here.apply(project, NodeSet(id="n_1", name="pipeline", value="wan99"))
    with pytest.raises(StudioError) as unknown:
        generate.generate(here.studio, project, "n_1")
    assert unknown.value.code is Code.PIPELINE_UNKNOWN
    assert projects.tasks(here.studio, project) == []


def test_a_job_waits_for_a_worker_and_starts_when_one_comes(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    assert generate.find(here.studio, job_id).state is JobState.WAITING
    sweeper.sweep(here.studio)
    assert generate.find(here.studio, job_id).state is JobState.WAITING
    here.worker()
    sweeper.sweep(here.studio)
    assert generate.find(here.studio, job_id).state is JobState.QUEUED


def test_another_tenant_sees_nothing(here: Stage, film: Path) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id or ""
    stranger = here.studio.person.model_copy(update={"tenant_id": "other"})
    from dataclasses import replace

    theirs = replace(here.studio, person=stranger, canvases={})
    for peek in (lambda: canvas.find(theirs, project), lambda: generate.find(theirs, job_id)):
        with pytest.raises(StudioError) as hidden:
            peek()
        assert hidden.value.code is Code.NOT_FOUND
    assert projects.listed(theirs) == [] or all(p.id != project for p in projects.listed(theirs))


def test_a_lower_quality_than_asked_is_told(here: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    animatic = here.studio.catalogue.pipelines()["animatic"]
    draft = animatic.model_copy(update={"variants": (animatic.variants[0],)})
    assert draft.variants[0].quality == "low"
    manifest = here.folder(project).manifest()
    projects.change(here.studio, project, manifest.version, quality=Quality.HIGH)
    monkeypatch.setattr(type(here.studio.catalogue), "pipelines", lambda _: {"animatic": draft})
    generate.generate(here.studio, project, "n_1", "once")
    generate.generate(here.studio, project, "n_1", "once")
    with here.studio.index.read() as session:
        notices = [e for e in log.since(session, project, 0) if e.type == "notice"]
    assert [n.data["node_id"] for n in notices] == ["n_1"]
    assert "low quality" in str(notices[0].data["message"])


def test_the_default_pipeline_does_not_change_with_the_workers(here: Stage) -> None:
    asleep = catalog.catalog(here.studio.catalogue, [])
    assert [p.available for p in asleep.pipelines if p.id == asleep.default_pipeline] == [False]
    assert asleep.default_pipeline == asleep.default_pipelines["generate-video"] == "animatic"


def test_a_hole_in_the_cut_is_named(here: Stage, film: Path) -> None:
    here.worker()
    project = here.project()
    with film.open("rb") as file:
        plate = assets.upload(here.studio, project, "plate.mp4", file)
    here.apply(
        project,
        shot("n_1"),
        shot("n_2"),
        node("n_a", "asset", asset=plate.id, kind="video", name="plate"),
        node("n_f", "assembler"),
        wire("n_1", "video", "n_f", "clips"),
        wire("n_2", "video", "n_f", "clips"),
        wire("n_a", "media", "n_f", "clips"),
    )
    made(here, project, film)
    with pytest.raises(StudioError) as refused:
        assemble.render(here.studio, project, "n_f")
    assert refused.value.code is Code.VALIDATION_ERROR
    assert "plate: the cut takes shots" in refused.value.message
    assert refused.value.context.node_id == "n_a"
    notes = assemble.cut_list(here.studio, project, "n_f").notes
    assert notes == [
        "SHOT-020 of scene 01 is a slate: has no take yet.",
        "“plate” is left out: the cut takes shots, not clips that you bring.",
    ]
    exported = assemble.export(here.studio, project, "n_f")
    assert (exported.events, exported.frames) == (2, 120)


def test_two_jobs_that_make_the_same_bytes_at_once_both_land(
    here: Stage, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1"))
    one, two = (str(generate.generate(here.studio, project, "n_1").job_id) for _ in range(2))
    first, second = here.claim(one).job_id, here.claim(two).job_id
    inspect = landing.media.inspect

    def meanwhile(path: Path, name: str) -> object:
        monkeypatch.undo()
        assert here.finish(second, 1, film).state == "succeeded"
        return inspect(path, name)

    monkeypatch.setattr(landing.media, "inspect", meanwhile)
    assert here.finish(first, 1, film).state == "succeeded"
    assert [take.number for take in takes.of_shot(here.studio, project, "n_1")] == [1, 2]
