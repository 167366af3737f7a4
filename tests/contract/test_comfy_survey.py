"""What an operator is told of a ComfyUI: what it is, and what it lacks of what the installed pipelines need."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_sdk import testing
from studio_sdk.comfy import Address, Api, survey
from studio_server import doctor
from studio_server.settings import Settings
from tests.fakes.comfy import FakeComfy
from tests.films import PIPELINES


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[FakeComfy]:
    with FakeComfy(tmp_path / "comfy") as fake:
        yield fake


@pytest.fixture(autouse=True)
def _forget() -> None:
    doctor._surveyed.cache_clear()


def row(workspaces: Path, comfy: FakeComfy) -> doctor.Check:
    settings = Settings(workspaces=workspaces, comfyui_url=comfy.url).with_secrets()
    return next(check for check in doctor.checks(settings) if check.id == "comfyui")


def test_a_server_with_everything_is_well(comfy: FakeComfy, workspaces: Path) -> None:
    found = row(workspaces, comfy)
    assert (found.ok, found.detail) == (True, f"ComfyUI 0.37.0 at {comfy.url} (cuda:0 Fake, 24 GB)")


def test_everything_that_is_missing_is_named_by_pipeline(comfy: FakeComfy, workspaces: Path) -> None:
    comfy.packs.clear()
    comfy.models["loras"] = []
    found = row(workspaces, comfy)
    assert not found.ok
    assert not found.needed
    assert "Wan 2.2 Animate lacks the node DWPreprocessor (pack comfyui_controlnet_aux)" in found.detail
    wanted = "models/loras/wan2.2_t2v_lightx2v_4steps_lora_v1.1_high_noise.safetensors"
    assert f"Wan 2.2 S2V lacks {wanted}. It makes standard and high quality." in found.detail
    assert found.detail.count(wanted) == 1, "a file that two pipelines load is named once"
    assert "1 file named before" in found.detail
    assert "studio models pull" in found.remedy


def test_an_old_server_and_one_that_is_away(comfy: FakeComfy, workspaces: Path) -> None:
    comfy.version = "0.7.0"
    manifest = testing.manifest(PIPELINES / "wan22-s2v")
    with Api(Address.of(comfy.url)) as api:
        (lacks,) = survey(api, [manifest]).lacking
    assert (lacks.version, lacks.qualities) == (">=0.8.0", [])
    assert "ComfyUI 0.8.0 or newer" in lacks.words()
    comfy.kill()
    found = row(workspaces, comfy)
    assert (found.ok, "does not answer" in found.detail) == (False, True)
    comfy.start()
    comfy.trouble.html = True
    doctor._surveyed.cache_clear()
    assert "not a ComfyUI" in row(workspaces, comfy).detail


def test_a_studio_without_one_has_no_such_row(settings: Settings) -> None:
    assert [check for check in doctor.checks(settings) if check.id == "comfyui"] == []
