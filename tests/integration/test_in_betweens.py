"""Takes of another frame rate: conformed once to the project's, as takes of their shot; nothing set is lost."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from studio_sdk import captions
from studio_sdk.captions import Caption
from studio_sdk.contract import Scalar
from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Engine
from studio_sdk.wire import CompanionRef, Finish, OutputRef, WorkerInfo
from studio_server.actions import (
    assemble,
    canvas,
    conforming,
    generate,
    projects,
    rebuild,
    runs,
    states,
    transcripts,
)
from studio_server.domain.captions import as_field, captions_of, field_of
from studio_server.domain.graph import NodeSet
from studio_server.domain.jobs import JobKind, JobState, task_of
from studio_server.domain.references import in_use
from studio_server.domain.staleness import State
from studio_server.settings import Settings
from tests import stock
from tests.films import carry_out
from tests.integration.pages import serving
from tests.integration.studios import Stage, node, shot, stage, wire
from tests.integration.uneven import data, entry, here, landed, project, rates, rough, set_rate, smooth, take, waiting

__all__ = ["here", "project"]

FACTS: dict[str, Scalar] = {"made_up": 40, "ai_pictures": 9, "ai_model": "RIFE", "method": "best"}


def state(here: Stage, project: str, card: str) -> State:
    with states.kept(here.studio, project, anew=True) as now:
        return now.build.states[card].state


def test_a_take_is_conformed_with_exact_counts_and_stays_its_shots_own(here: Stage, project: str) -> None:
    source = take(here, project)
    here.apply(project, NodeSet(id="s", name=f"in:{source.name}", value=16))
    here.apply(project, NodeSet(id="s", name=f"out:{source.name}", value=48))
    here.apply(project, NodeSet(id="s", name=field_of(source.media.oid), value=as_field([Caption(1500, 2500, "Out.")])))
    before = entry(here, project)
    assert (before.native_frames, before.conformed_frames, before.source_in, before.source_out) == (81, 121, 24, 72)
    assert before.conform
    assert (before.conform.task, before.conform.why, before.conform.failed) == (None, "", "")
    done = conforming.make(here.studio, project, ["s"], "once")
    assert conforming.make(here.studio, project, ["s"], "once") == done
    (job,) = waiting(here, project)
    assert done.tasks == (job.id,)
    assert entry(here, project).conform == before.conform.model_copy(update={"task": job.id})
    assert (job.plan.kind, job.plan.pipeline_id, job.plan.format.frame_rate) == (JobKind.TAKE, "interpolate", "24/1")
    assert [(one.socket, one.oid) for one in job.plan.inputs] == [("clip", source.media.oid)]
    assert task_of(job).conforms == source.name
    made = landed(here, project, job.id, smooth(), **FACTS)
    stock.whole(here.folder(project), made)
    assert (made.frames, made.frame_rate, made.name) == (121, "24/1", "SHOT-010_v01_take02")
    assert made.recipe
    assert source.recipe
    told = made.recipe.conformed
    assert told
    assert (told.take, told.oid, told.pipeline, told.frame_rate) == (
        source.name,
        source.media.oid,
        "interpolate",
        "24/1",
    )
    assert made.recipe.model_copy(update={"conformed": None}) == source.recipe
    assert data(here, project)["active_take"] == made.name
    assert (data(here, project)[f"in:{made.name}"], data(here, project)[f"out:{made.name}"]) == (24, 72)
    after = entry(here, project)
    assert (after.source_in, after.source_out, after.record_out) == (24, 72, before.record_out)
    assert after.conform is None
    assert after.conformed_from == source.name
    assert after.made_between == "40 of 121 frames made in between, 9 of them with an AI model (RIFE)"
    assert [one.words for one in assemble.cut_list(here.studio, project, "f").subtitles] == ["Out."]
    assert captions_of(canvas.graph_of(here.studio, project).nodes["s"], made.media.oid)
    assert state(here, project, "s") is State.CLEAN
    with pytest.raises(StudioError, match="needs no pictures in between"):
        conforming.make(here.studio, project, ["s"])
    assert "40 of 121 frames made in between" in " ".join(assemble.cut_list(here.studio, project, "f").notes)
    lists = assemble.export(here.studio, project, "f")
    for one in (lists.edl, lists.otio):
        text = (here.folder(project).root / one.path).read_text("utf-8")
        assert "40 of 121 frames made in between" in text.lower()
    used = in_use({("01", "010"): [source, made]}, {}, (), {}, ())
    assert used[source.media.path] == f"{made.name} has its pictures at another frame rate"


def test_the_pipeline_itself_makes_as_many_pictures_as_the_cut_counts(
    here: Stage, project: str, tmp_path: Path
) -> None:
    short = stock.clip(tmp_path / "short.mp4", frames=17, rate="16", audio=True)
    take(here, project, file=short)
    counted = entry(here, project).conformed_frames
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    ran = carry_out("interpolate", tmp_path / "job", dict(job.plan.params), {"clip": [short]}, picture=job.plan.format)
    assert ran.result
    made = landed(here, project, job.id, ran.output("video"), **ran.result.facts)
    assert (made.frames, made.frame_rate, made.has_audio) == (counted, "24/1", True)
    shown = entry(here, project)
    assert (shown.take, shown.native_frames, shown.conformed_frames) == (made.name, counted, counted)
    assert "frames made in between" in shown.made_between


def test_it_happens_by_itself_where_the_project_says_so(here: Stage, project: str) -> None:
    rates(here, project, "between")
    source = take(here, project)
    (job,) = waiting(here, project)
    assert (job.plan.conforms and job.plan.conforms.oid, job.created_by) == (source.media.oid, "You")
    made = landed(here, project, job.id, smooth())
    assert data(here, project)["active_take"] == made.name
    again = take(here, project)  # the same bytes once more: the pictures in between are there already
    assert again.media.oid == source.media.oid
    assert waiting(here, project) == []
    assert data(here, project)["active_take"] == made.name


def test_a_new_project_makes_them_and_one_of_an_older_studio_repeats(here: Stage) -> None:
    made = here.project()
    folder = here.folder(made)
    assert folder.manifest().project_settings.other_rates == "between"
    assert projects.view(here.studio, canvas.find(here.studio, made)).other_rates == "between"
    text = (folder.root / "project.json").read_text(encoding="utf-8")
    assert '"other_rates": "between"' in text
    (folder.root / "project.json").write_text(text.replace('"other_rates": "between"', '"kept": true'), "utf-8")
    assert here.folder(made).manifest().project_settings.other_rates == "repeat"


@pytest.mark.parametrize(("rate", "frames"), [("24", 24), ("24000/1001", 24), ("12", 12), ("48", 48)])
def test_rates_that_fit_are_left_alone(rate: str, frames: int, here: Stage, project: str, tmp_path: Path) -> None:
    rates(here, project, "between")
    take(here, project, file=stock.clip(tmp_path / "even.mp4", frames=frames, rate=rate))
    assert waiting(here, project) == []


def test_only_shots_that_nothing_after_them_conforms_do_it_by_themselves(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("s"), node("i", "retime"), wire("s", "video", "i", "clip"))
    take(here, project, "s")
    assert waiting(here, project) == []
    take(here, project, "i", file=smooth("30", 30))
    assert waiting(here, project) == []
    here.apply(project, node("f", "assembler"), wire("s", "video", "f", "clips"))
    take(here, project, "s", file=rough("16", 40))
    assert len(waiting(here, project)) == 1


def test_a_take_that_is_not_shown_is_not_conformed(here: Stage, project: str) -> None:
    rates(here, project, "between")
    take(here, project, file=smooth())
    job = str(generate.generate(here.studio, project, "s", keep_active=True).job_id)
    landed(here, project, job, rough())
    assert waiting(here, project) == []


def test_a_card_that_shows_another_take_by_now_goes_on_showing_it(here: Stage, project: str) -> None:
    first = take(here, project)
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    claim = here.claim(job.id)
    other = take(here, project, file=smooth("24", 48))
    assert data(here, project)["active_take"] == other.name
    here.apply(project, NodeSet(id="s", name="active_take", value=None))  # its newest take is what a card shows then
    made = landed(here, project, job.id, smooth(), claim)
    assert made.recipe
    assert made.recipe.conformed
    assert made.recipe.conformed.take == first.name
    assert data(here, project)["active_take"] == other.name


def test_a_locked_card_goes_on_showing_what_it_shows(here: Stage, project: str) -> None:
    first = take(here, project)
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    here.apply(project, NodeSet(id="s", name="locked", value=True))
    landed(here, project, job.id, smooth())
    assert data(here, project)["active_take"] == first.name
    with pytest.raises(StudioError, match="is locked"):
        conforming.make(here.studio, project, ["s"])


def test_a_crash_between_the_folder_and_the_database_queues_it_once(
    here: Stage, project: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates(here, project, "between")
    job = str(generate.generate(here.studio, project, "s").job_id)
    claim = here.claim(job)

    def lost(*_words: object, **_more: object) -> None:
        raise RuntimeError("the power went just here")

    monkeypatch.setattr("studio_server.actions.landing._take_landed", lost)
    with pytest.raises(RuntimeError):
        here.finish(job, claim.attempt, rough())
    monkeypatch.undo()
    assert waiting(here, project) == []
    with stage(settings) as again:
        again.worker("2")
        assert generate.find(again.studio, job).state is JobState.SUCCEEDED
        assert len(waiting(again, project)) == 1
        assert len(again.folder(project).takes("01", "010")) == 1
        with pytest.raises(StudioError, match="being made already"):
            conforming.make(again.studio, project, ["s"])


def test_one_that_failed_leaves_the_take_says_why_and_can_be_tried_again(here: Stage, project: str) -> None:
    source = take(here, project)
    here.later(1)
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    runs.fail(here.studio, generate.find(here.studio, job.id), StudioError(Code.PIPELINE_FAILED, "It broke."))
    assert data(here, project)["active_take"] == source.name
    cut = assemble.cut_list(here.studio, project, "f")
    assert cut.cuts[0].conform
    assert (cut.cuts[0].conform.failed, cut.cuts[0].conform.task) == ("It broke.", None)
    assert f"No pictures in between were made for {source.name}: It broke." in cut.notes
    assert any("by repeating frames" in note for note in cut.notes)
    here.later(1)
    second = str(rebuild.retry(here.studio, job.id).job_id)
    with pytest.raises(StudioError) as twice:
        rebuild.retry(here.studio, job.id)
    assert twice.value.code is Code.VERSION_CONFLICT
    generate.cancel(here.studio, second)
    (now,) = assemble.cut_list(here.studio, project, "f").cuts
    assert now.conform
    assert now.conform.failed == "They were stopped."
    here.later(1)
    third = str(rebuild.retry(here.studio, second).job_id)
    landed(here, project, third, smooth())
    with pytest.raises(StudioError, match="are made already"):
        rebuild.retry(here.studio, second)


def test_after_the_projects_rate_has_changed_it_is_made_anew_from_the_original(here: Stage, project: str) -> None:
    source = take(here, project)
    here.apply(project, NodeSet(id="s", name=f"in:{source.name}", value=16))
    conforming.make(here.studio, project, ["s"])
    first = landed(here, project, waiting(here, project)[0].id, smooth())
    set_rate(here, project, "25/1")
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    assert [one.oid for one in job.plan.inputs] == [source.media.oid]
    second = landed(here, project, job.id, smooth("25", 126))
    assert data(here, project)["active_take"] == second.name
    assert data(here, project)[f"in:{second.name}"] == 25
    set_rate(here, project, "24/1")
    done = conforming.make(here.studio, project, ["s"])
    assert (done.tasks, done.shown) == ((), ("s",))
    assert data(here, project)["active_take"] == first.name
    assert waiting(here, project) == []
    assert [take.number for take in here.folder(project).takes("01", "010")] == [1, 2, 3]


def test_where_no_machine_can_the_cut_says_that_frames_are_repeated_and_why(settings: Settings) -> None:
    with stage(settings) as here:
        gpu = WorkerInfo(id="here:cpu", boot="1", host="here", engines=[Engine.CPU], queues=["cpu"])
        runs.register(here.studio, gpu)
        project = here.project()
        here.apply(project, shot("s"), node("f", "assembler"), wire("s", "video", "f", "clips"))
        job = str(generate.generate(here.studio, project, "s").job_id)
        claim = here.claim(job)
        output = here.hand_in(job, claim.attempt, rough())
        here.later(60)  # the machine is gone
        end = Finish(attempt=claim.attempt, status="succeeded", outputs=[output], elapsed_s=1)
        assert runs.finish(here.studio, job, end).state == "succeeded"
        assert waiting(here, project) == []
        cut = assemble.cut_list(here.studio, project, "f")
        assert "No pictures in between can be made now: No machine is there to make it." in cut.notes
        assert any("its 81 frames fill 121 at 24 by repeating frames" in note for note in cut.notes)
        with pytest.raises(StudioError) as refused:
            conforming.make(here.studio, project, ["s"])
        assert refused.value.code is Code.ENGINE_OFFLINE


def test_what_is_kept_beside_the_take_stays_beside_it(here: Stage, project: str, tmp_path: Path) -> None:
    job = str(generate.generate(here.studio, project, "s").job_id)
    claim = here.claim(job)
    output = here.hand_in(job, claim.attempt, rough())
    pose: OutputRef = here.hand_in(job, claim.attempt, stock.clip(tmp_path / "pose.mp4", frames=8, rate="16"))
    beside = CompanionRef(**{**pose.model_dump(), "socket": "pose", "title": "Pose"})
    facts: dict[str, Scalar] = {"prompt_id": "p1", "frames": 81, "part_starts": "0 41"}
    end = Finish(
        attempt=claim.attempt, status="succeeded", outputs=[output], companions=[beside], elapsed_s=1, facts=facts
    )
    assert runs.finish(here.studio, job, end).state == "succeeded"
    conforming.make(here.studio, project, ["s"])
    made = landed(here, project, waiting(here, project)[0].id, smooth(), frames=121)
    stock.whole(here.folder(project), made)
    assert [(one.name, one.media.oid) for one in made.companions] == [("pose", pose.oid)]
    assert made.facts == {"prompt_id": "p1", "frames": 121, "part_starts": "0 62"}


def test_captions_that_come_after_it_are_kept_with_both(here: Stage, project: str, tmp_path: Path) -> None:
    take(here, project)
    listening = str(transcripts.write(here.studio, project, "s").job_id)
    conforming.make(here.studio, project, ["s"])
    (job,) = waiting(here, project)
    claim = here.claim(listening)
    (tmp_path / "captions.srt").write_bytes(captions.write((Caption(0, 500, "Out."),)))
    handed = here.hand_in(listening, claim.attempt, tmp_path / "captions.srt").model_dump()
    made = landed(here, project, job.id, smooth())
    output = OutputRef(**{**handed, "socket": "captions", "mime": "application/x-subrip", "suffix": ".srt"})
    assert here.end(listening, claim.attempt, output).state == "succeeded"
    assert captions_of(canvas.graph_of(here.studio, project).nodes["s"], made.media.oid)


def test_the_address_queues_it(settings: Settings, here: Stage, project: str) -> None:
    take(here, project)
    here.clock[0] = datetime.now(UTC)
    here.worker()
    with serving(settings) as url:
        address = f"{url}/api/v1/projects/{project}/in-betweens"
        answer = httpx.post(address, json={"node_ids": ["s", "gone"]})
        assert answer.status_code == 202, answer.text
        told = answer.json()
        assert (len(told["tasks"]), told["left"]) == (1, ["There is no such shot on the canvas."])
        assert httpx.post(address, json={"node_ids": []}).status_code == 422
        assert httpx.post(address, json={"node_ids": ["gone"]}).status_code == 404
