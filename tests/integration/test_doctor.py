"""What the studio needs is missed before it starts, and answered with a code and a command, never a traceback."""

import os
import shutil
from pathlib import Path

import pytest

from function_runner.process import best
from studio_sdk.errors import Code, StudioError
from studio_server import doctor
from studio_server.__main__ import main
from studio_server.doctor import Check, checks
from studio_server.settings import Settings
from studio_server.supervisor.start import require
from tests.services.docker import Docker


@pytest.fixture(autouse=True)
def _forget() -> None:
    doctor._answer.cache_clear()


def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    """Leave nothing on PATH but the named programs."""
    place = tmp_path / "bin"
    place.mkdir()
    for program in programs:
        found = shutil.which(program)
        assert found
        (place / program).symlink_to(found)
    monkeypatch.setenv("PATH", str(place))
    # git finds git-lfs in its own folder of commands too.
    monkeypatch.setenv("GIT_EXEC_PATH", str(place))


def row(settings: Settings, name: str) -> Check:
    return next(check for check in checks(settings) if check.id == name)


def test_this_machine_is_well(settings: Settings) -> None:
    assert [check for check in checks(settings) if not check.ok and check.id != "web_client"] == []


def test_a_missing_git_lfs_is_answered_with_what_to_install(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    only(tmp_path, monkeypatch, "git", "ffmpeg", "ffprobe")
    found = row(settings, "git_lfs")
    assert (found.ok, found.code) == (False, Code.LFS_MISSING)
    assert "apt-get install git-lfs" in found.remedy
    with pytest.raises(StudioError) as caught:
        require(checks(settings))
    assert caught.value.code is Code.LFS_MISSING
    monkeypatch.setenv("STUDIO_WORKSPACES", str(settings.workspaces))
    assert main(["serve"]) == 1
    said = capsys.readouterr().err
    assert "LFS_MISSING" in said
    assert "sudo apt-get install git-lfs" in said


def test_a_missing_ffmpeg_is_named(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only(tmp_path, monkeypatch, "git", "ffprobe")
    found = row(settings, "ffmpeg")
    assert (found.ok, found.code) == (False, Code.DEPENDENCY_MISSING)
    assert "apt-get install ffmpeg" in found.remedy


def test_an_old_git_is_too_old(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "bin"
    place.mkdir()
    (place / "git").write_text("#!/bin/sh\necho git version 2.20.1\n")
    (place / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.defpath}")
    assert row(settings, "git").detail == "2.20.1 is too old, 2.39 is needed"


def test_a_workspace_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(workspaces=tmp_path / "file" / "films")
    found = row(settings, "workspace")
    assert (found.ok, found.code) == (False, Code.STORAGE_READONLY)
    with pytest.raises(StudioError) as caught:
        settings.with_secrets()
    assert caught.value.code is Code.STORAGE_READONLY


def test_a_full_disk_is_said_but_does_not_stop_the_studio(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_BYTES", 10**18)
    found = row(settings, "space")
    assert (found.ok, found.needed, found.code) == (False, False, Code.STORAGE_FULL)
    require([found])


def test_a_missing_web_build_and_environment_are_named(workspaces: Path, tmp_path: Path) -> None:
    described = tmp_path / "pipelines" / "environments" / "media"
    described.mkdir(parents=True)
    (described / "uv.lock").write_text("")
    settings = Settings(workspaces=workspaces, web_dir=tmp_path, pipelines_dir=tmp_path / "pipelines")
    assert "make studio" in row(settings, "web_client").remedy
    assert row(settings, "pipeline_environments").detail == "missing: media"


def test_doctor_prints_a_row_for_each_check(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STUDIO_WORKSPACES", str(settings.workspaces))
    main(["doctor"])
    said = capsys.readouterr().out
    assert all(check.title in said for check in checks(settings))


def test_doctor_really_starts_a_pipeline_and_says_how_it_was_kept(settings: Settings) -> None:
    found = doctor.kept_apart(settings)
    assert (found.ok, found.detail) == (True, best())


@pytest.mark.docker
def test_doctor_really_starts_a_container(settings: Settings, docker: Docker) -> None:
    contained = {"launcher": "docker", "docker_host": docker.address, "base_image": docker.base}
    found = doctor.kept_apart(settings.model_copy(update=contained))
    assert (found.ok, found.detail) == (True, "container")
    assert docker.containers() == []
    away = doctor.kept_apart(settings.model_copy(update=contained | {"docker_host": "unix:///none.sock"}))
    assert (away.ok, "Docker does not answer" in away.detail) == (False, True)
