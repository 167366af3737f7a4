"""Pipelines that change under a running studio: their new code is what runs, and what the take tells of."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_sdk.folder import folder_digest
from studio_server.actions import generate
from studio_server.actions.catalog import Catalogue
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
