"""Pipelines that change under a running studio: their new code is what runs, and what the take tells of."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from function_runner.stage import installed as stage_job
from studio_sdk.errors import Code, StudioError
from studio_sdk.folder import folder_digest
from studio_server.actions import generate, states
from studio_server.actions.catalog import Catalogue, catalog
from studio_server.domain.staleness import State
from studio_server.index import log
from studio_server.settings import ROOT, Settings
from tests.integration.studios import Stage, clip, shot, stage


@pytest.fixture
def pipelines(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "pipelines/animatic", tmp_path / "pipelines/animatic", ignore=shutil.ignore_patterns(".*"))
    return tmp_path / "pipelines"


@pytest.fixture
def here(settings: Settings, pipelines: Path) -> Iterator[Stage]:
    with stage(settings.model_copy(update={"pipelines_dir": pipelines})) as opened:
        opened.worker()
        yield opened


def notices(here: Stage, project_id: str) -> list[str]:
    with here.studio.index.read() as session:
        told = [event.told() for event in log.since(session, project_id, 0)]
    return [str(event["message"]) for event in told if event["event"] == "server:notice"]


def test_code_that_was_edited_is_run_and_told(here: Stage, pipelines: Path, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1").job_id
    assert job_id
    before = here.studio.catalogue.installed()["animatic"].digest
    with (pipelines / "animatic/main.py").open("a") as code:
        code.write("# edited\n")
    claim = here.claim(job_id)
    assert claim.digest == folder_digest(pipelines / "animatic") != before
    here.finish(job_id, claim.attempt, clip(tmp_path / "take.mp4"))
    recipe = here.folder(project).takes("01", "010")[0].recipe
    assert recipe is not None
    assert recipe.digest == claim.digest


def test_what_tools_leave_behind_is_not_code(pipelines: Path) -> None:
    catalogue = Catalogue(pipelines)
    before = catalogue.installed()["animatic"].digest
    for name in (".mypy_cache", "__pycache__"):
        (pipelines / "animatic" / name).mkdir(exist_ok=True)
        (pipelines / "animatic" / name / "left").write_text("behind")
    assert catalogue.installed()["animatic"].digest == before


def test_a_pipeline_that_is_removed_is_refused_in_words(here: Stage, pipelines: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    shutil.rmtree(pipelines / "animatic")
    with pytest.raises(StudioError) as refused:
        generate.generate(here.studio, project, "n_1")
    assert refused.value.code is Code.PIPELINE_UNKNOWN


@pytest.mark.parametrize("copy", ["aaa-copy", "zzz-copy"])
def test_a_copy_with_the_same_id_takes_nobodys_place(pipelines: Path, copy: str) -> None:
    shutil.copytree(pipelines / "animatic", pipelines / copy)
    manifest = pipelines / copy / "pipeline.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"title": "A copy"}))
    catalogue = Catalogue(pipelines)
    assert catalogue.pipelines()["animatic"].title != "A copy"
    assert catalogue.installed()["animatic"].digest == folder_digest(pipelines / "animatic")
    assert list(catalogue.broken) == [copy]


def test_a_take_is_made_with_another_pipeline_for_once(here: Stage, pipelines: Path) -> None:
    shutil.copytree(pipelines / "animatic", pipelines / "sketch")
    manifest = pipelines / "sketch" / "pipeline.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"id": "sketch", "title": "Sketch"}))
    here.worker()
    project = here.project()
    here.apply(project, shot("n_1", seconds=2))
    over = {"pipeline": "sketch", "seconds": 3}
    job_id = generate.generate(here.studio, project, "n_1", overrides=over).job_id
    assert job_id
    plan = generate.find(here.studio, job_id).plan
    assert (plan.pipeline_id, plan.params["seconds"]) == ("sketch", 3)
    usual = generate.generate(here.studio, project, "n_1").job_id
    assert usual
    assert generate.find(here.studio, usual).plan.pipeline_id == "animatic"


@pytest.mark.parametrize(
    ("told", "code"), [("nobody", Code.PIPELINE_UNKNOWN), (7, Code.VALIDATION_ERROR), (None, Code.VALIDATION_ERROR)]
)
def test_a_pipeline_for_once_that_is_none_is_refused(here: Stage, told: object, code: Code) -> None:
    project = here.project()
    here.apply(project, shot("n_1"))
    with pytest.raises(StudioError) as refused:
        generate.generate(here.studio, project, "n_1", overrides={"pipeline": told})  # type: ignore[dict-item]
    assert (refused.value.code, refused.value.context.field) == (code, "pipeline")


@pytest.fixture
def newer(pipelines: Path) -> Path:
    """Put 9.0.0, which drops an input and draws otherwise, in use; the version before it stays beside it."""
    (pipelines / "animatic").rename(pipelines / "animatic@before")
    shutil.copytree(pipelines / "animatic@before", pipelines / "animatic")
    manifest = pipelines / "animatic/pipeline.json"
    facts = json.loads(manifest.read_text()) | {"version": "9.0.0"}
    del facts["inputs"]["draw"]
    manifest.write_text(json.dumps(facts))
    return pipelines


def test_a_card_keeps_the_version_it_was_set_up_with(here: Stage, newer: Path, tmp_path: Path) -> None:
    old = Catalogue(newer).pipelines()
    version = next(one.version for name, one in old.items() if name != "animatic")
    project = here.project()
    seen = {"id": "animatic", "version": version, "inputs": {}, "fields": {}}
    kept = shot("n_1", pipeline="animatic", pipeline_seen=seen, draw=False)
    here.apply(project, kept, shot("n_2", pipeline="animatic"), shot("n_3"))
    made: dict[str, tuple[str, str]] = {}
    for card in ("n_1", "n_2", "n_3"):
        job_id = generate.generate(here.studio, project, card).job_id
        assert job_id
        claim = here.claim(job_id)
        assert ("draw" in claim.params) == (card == "n_1")
        folder = stage_job(newer, claim, tmp_path).folder
        made[card] = (claim.pipeline.version, folder.name)
        here.finish(job_id, claim.attempt, clip(tmp_path / f"{card}.mp4"))
    assert made == dict.fromkeys(("n_2", "n_3"), ("9.0.0", "animatic")) | {"n_1": (version, "animatic@before")}
    recipe = here.folder(project).takes("01", "010")[0].recipe
    assert recipe
    assert recipe.pipeline_version == version
    assert not notices(here, project)
    with states.kept(here.studio, project) as now:
        assert now.build.states["n_1"].state is State.CLEAN, "another version beside it makes nothing stale"
    shutil.rmtree(newer / "animatic@before")
    with states.kept(here.studio, project, anew=True) as now:
        assert [reason.kind for reason in now.build.states["n_1"].reasons] == ["version"]
    again = generate.generate(here.studio, project, "n_1").job_id
    assert again
    assert generate.find(here.studio, again).plan.pipeline_version == "9.0.0"
    assert (
        f"{version}, which this card was set up with, is no longer here: 9.0.0 makes it." in notices(here, project)[0]
    )


def test_the_catalogue_offers_every_version(here: Stage, newer: Path) -> None:
    offered = catalog(here.studio.catalogue, here.studio.workers())
    assert [one.name == one.id for one in offered.pipelines if one.id == "animatic"] == [True, False]
    assert offered.default_pipeline == "animatic"
    shutil.rmtree(newer / "animatic")
    (left,) = here.studio.catalogue.pipelines()
    assert left == "animatic", "the highest that is there is in use"


def test_a_take_is_made_with_another_version_for_once_and_again(here: Stage, newer: Path) -> None:
    name = next(name for name in here.studio.catalogue.pipelines() if "@" in name)
    project = here.project()
    here.apply(project, shot("n_1"))
    job_id = generate.generate(here.studio, project, "n_1", overrides={"pipeline": name}).job_id
    assert job_id
    assert generate.find(here.studio, job_id).plan.edition == name
    generate.cancel(here.studio, job_id)
    retried = generate.retry(here.studio, job_id).job_id
    assert retried
    assert here.claim(retried).digest == folder_digest(newer / "animatic@before")


@pytest.mark.parametrize("seen", [7, {}, {"version": 3}, {"version": "1.0.0", "id": "other"}, {"version": "../.."}])
def test_nonsense_that_a_card_remembers_is_no_version(here: Stage, newer: Path, seen: object) -> None:
    project = here.project()
    here.apply(project, shot("n_1", pipeline="animatic", pipeline_seen=seen))
    job_id = generate.generate(here.studio, project, "n_1").job_id
    assert job_id
    assert generate.find(here.studio, job_id).plan.pipeline_version == "9.0.0"
