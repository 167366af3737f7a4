"""A pipeline that is not installed, not the one the studio knows, or without its environment: named, and not run."""

from pathlib import Path

import pytest

from function_runner.job import carry_out
from studio_sdk.contract import Failure
from studio_sdk.wire import Finish
from tests.fakes.pipelines import Yard
from tests.fakes.studio import FakeStudio


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


def failure(finish: Finish) -> Failure:
    assert finish.status == "failed"
    assert finish.error
    return finish.error


def test_a_pipeline_without_its_environment_says_how_to_make_it(yard: Yard) -> None:
    folder = yard.plant("")
    (yard.pipelines / "environments/bare/.venv/bin/python").unlink()
    with FakeStudio() as studio:
        studio.offer("job", folder)
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
    error = failure(studio.finished[0])
    assert error.code == "DEPENDENCY_MISSING"
    assert "make studio" in error.detail


def test_another_edition_than_the_studio_knows_is_not_run(yard: Yard) -> None:
    folder = yard.plant("picture(); result()")
    with FakeStudio() as studio:
        studio.offer("job", folder)
        (folder / "main.py").write_text("print('changed')")
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
    assert failure(studio.finished[0]).code == "PIPELINE_UNKNOWN"


def test_a_pipeline_that_is_not_installed_is_named(yard: Yard) -> None:
    folder = yard.plant("picture(); result()")
    with FakeStudio() as studio:
        studio.offer("job", folder)
        folder.rename(yard.root / "gone")
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
    error = failure(studio.finished[0])
    assert error.code == "PIPELINE_UNKNOWN"
    assert "planted" in error.message
