"""A project folder elsewhere on the machine is opened where it lies: without a copy, and not for everybody."""

import os
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server import offline
from studio_server.actions import canvas, projects
from studio_server.library.folder import ProjectFolder
from studio_server.settings import Settings
from tests.integration.studios import shot, stage
from tests.stock import land, new_project


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A project of another workspace, with a take."""
    folder = new_project(tmp_path / "disk" / "work")
    land(folder, "j0")
    return folder.root


def opened(settings: Settings, folder: Path) -> list[str]:
    said: list[str] = []
    assert offline.open_in_place(settings, folder, said.append) == 0
    return said


def test_it_is_worked_on_where_it_lies(settings: Settings, film: Path) -> None:
    inode = film.stat().st_ino
    opened(settings, film)
    with stage(settings) as here:
        (listed,) = projects.listed(here.studio)
        assert (listed.title, listed.take_count, listed.state.ok) == ("The Harbour", 1, True)
        here.apply(listed.id, shot("n_1"))
        canvas.commit(here.studio, listed.id)
        land(here.folder(listed.id), "j1", seed=2)
        assert len(here.folder(listed.id).takes("01", "010")) == 2
        assert projects.reindex(here.studio) == 1
    assert film.stat().st_ino == inode
    assert "n_1" in ProjectFolder(film).read_canvas().graph.nodes
    assert len(ProjectFolder(film).takes("01", "010")) == 2


def test_it_is_opened_once_and_closed_by_removing_the_link(settings: Settings, film: Path) -> None:
    first, again = opened(settings, film), opened(settings, film)
    assert first == again
    with stage(settings) as here:
        (listed,) = projects.listed(here.studio)
        Path(listed.path).unlink()
        (gone,) = projects.listed(here.studio)
        assert gone.state.error
        assert gone.state.error.error is Code.PROJECT_MISSING
    assert (film / "project.json").is_file()


def refusal(settings: Settings, folder: Path) -> Code:
    with pytest.raises(StudioError) as refused:
        opened(settings, folder)
    assert not any(one.is_symlink() for one in settings.workspaces.rglob("*"))
    return refused.value.code


def test_what_is_no_project_of_ones_own_is_refused(settings: Settings, film: Path, tmp_path: Path) -> None:
    assert refusal(settings, tmp_path / "nowhere") is Code.PROJECT_MISSING
    assert refusal(settings, tmp_path) is Code.PROJECT_MISSING
    with stage(settings) as here:
        own = here.folder(here.project()).root
    assert refusal(settings, own) is Code.VALIDATION_ERROR
    (film / ".git/objects/info").mkdir(exist_ok=True)
    (film / ".git/objects/info/alternates").write_text(f"{own}/.git/objects\n")
    assert refusal(settings, film) is Code.PROJECT_REFUSED


def test_a_folder_of_another_user_is_refused(settings: Settings, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert refusal(settings, film) is Code.NOT_PERMITTED


def test_a_copy_of_a_project_that_is_here_is_refused(settings: Settings, film: Path, tmp_path: Path) -> None:
    opened(settings, film)
    os.system(f"cp -a '{film}' '{tmp_path}/copy'")  # noqa: S605 - as a person copies it
    with pytest.raises(StudioError) as refused:
        opened(settings, tmp_path / "copy")
    assert refused.value.code is Code.VERSION_CONFLICT


def test_where_people_sign_in_no_link_is_opened(settings: Settings, film: Path) -> None:
    opened(settings, film)
    with_people = Settings(**{**settings.model_dump(), "auth": "password"})
    with pytest.raises(StudioError) as refused:
        opened(with_people, film)
    assert refused.value.code is Code.NOT_PERMITTED
    with stage(with_people) as here:
        (listed,) = projects.listed(here.studio)
        assert listed.state.error
        assert listed.state.error.error is Code.PROJECT_REFUSED
        with pytest.raises(StudioError) as closed:
            projects.full_state(here.studio, listed.id)
        assert closed.value.code is Code.PROJECT_REFUSED
