"""The story once more, unchanged, in a studio that runs every pipeline in a container."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import stage
from tests.e2e.test_first_film import test_first_shot_to_first_cut as story
from tests.services.docker import Docker

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def studio(docker: Docker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[stage.Studio]:
    """The studio of this story; its images are made when the first take wants them."""
    own = stage.Studio(
        tmp_path_factory.mktemp("studio"),
        STUDIO_LAUNCHER="docker",
        STUDIO_DOCKER_HOST=docker.address,
        STUDIO_BASE_IMAGE=str(docker.base),
    )
    own.start()
    yield own
    assert own.stop() == 0, own.said()


def test_first_shot_to_first_cut_in_containers(
    page: Page, studio: stage.Studio, docker: Docker, tmp_path: Path
) -> None:
    story(page, studio, tmp_path)
    sidecars = [json.loads(path.read_text()) for path in studio.workspaces.rglob("03_Renders/**/*_take*.json")]
    assert [one["recipe"]["sandbox"] for one in sidecars] == ["container"] * 4
    assert docker.containers() == []
