"""What a manifest may ask for: what is not a host, a digest or a service is refused before anybody installs it."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from studio_sdk.manifest import Pipeline
from studio_sdk.types import SocketType, fits

ROOT = Path(__file__).parents[3]
DIGEST = "sha256:" + "0f" * 32


def manifest(**more: object) -> Pipeline:
    plain = json.loads((ROOT / "pipelines" / "animatic" / "pipeline.json").read_bytes())
    return Pipeline.model_validate(plain | more)


def test_a_pipeline_that_asks_for_nothing_gets_nothing() -> None:
    facts = manifest()
    assert (facts.services, facts.egress, facts.gpu, facts.image, facts.requires.nodes) == ((), (), "none", "", ())


@pytest.mark.parametrize("image", [DIGEST, f"ghcr.io/films/upscale@{DIGEST}", f"host:5000/a/b@{DIGEST}"])
def test_an_image_is_named_by_its_digest(image: str) -> None:
    assert manifest(image=image).image == image


@pytest.mark.parametrize("image", ["upscale:latest", "upscale", f"upscale:1@{DIGEST[:-1]}", f"up scale@{DIGEST}", "-v"])
def test_an_image_by_a_tag_is_refused(image: str) -> None:
    with pytest.raises(ValidationError, match="image"):
        manifest(image=image)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "169.254.169.254",
        "10.0.0.1",
        "*.example.com",
        "API.example.com",
        "example.com:443",
        "a..b",
        "[::1]",
    ],
)
def test_what_is_no_full_host_name_is_refused(host: str) -> None:
    assert manifest(egress=["api.example.com"]).egress == ("api.example.com",)
    with pytest.raises(ValidationError, match="egress"):
        manifest(egress=[host])


@pytest.mark.parametrize("wrong", [{"services": ["docker"]}, {"gpu": "all"}, {"limits": {"memory_mb": 0}}])
def test_what_no_runner_can_give_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        manifest(**wrong)


def test_a_map_takes_any_video_and_a_mask_a_picture_too() -> None:
    video, picture, sound = SocketType.VIDEO, SocketType.IMAGE, SocketType.AUDIO
    drawn, mask = SocketType.CONTROL_MAP, SocketType.MASK
    assert [fits(one, drawn) for one in (drawn, video, picture, mask)] == [True, True, False, False]
    assert [fits(one, mask) for one in (mask, picture, video, drawn, sound)] == [True] * 4 + [False]
    assert not fits(drawn, video), "a map is no footage"
