"""The story once more, unchanged, in a studio as a farm has it: containers, Redis and PostgreSQL."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import stage
from tests.e2e.test_first_film import test_first_shot_to_first_cut as story
from tests.services.docker import Docker
from tests.services.postgres import Postgres
from tests.services.redis import Redis

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def studio(docker: Docker, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[stage.Studio]:
    """The studio of this story; its images are made when the first take wants them."""
    redis = Redis(tmp_path_factory.mktemp("redis"))
    own = stage.Studio(
        tmp_path_factory.mktemp("studio"),
        STUDIO_LAUNCHER="docker",
        STUDIO_DOCKER_HOST=docker.address,
        STUDIO_BASE_IMAGE=str(docker.base),
        STUDIO_DATABASE_URL=postgres.database(),
        STUDIO_BROKER_URL=redis.url,
    )
    own.start()
    yield own
    assert own.stop() == 0, own.said()
    redis.kill()


def test_first_shot_to_first_cut_in_containers(
    page: Page, studio: stage.Studio, docker: Docker, tmp_path: Path
) -> None:
    story(page, studio, tmp_path)
    sidecars = [json.loads(path.read_text()) for path in studio.workspaces.rglob("03_Renders/**/*_take*.json")]
    assert [one["recipe"]["sandbox"] for one in sidecars] == ["container"] * 4
    images = [str(one["recipe"]["image"]) for one in sidecars]
    assert {name.partition(":")[0] for name in images} == {"sha256"}
    client = docker.client()
    assert all(client.images.get(name).id == name for name in images)
    client.close()
    assert docker.containers() == []
