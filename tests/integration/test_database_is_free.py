"""Slow disks: while a folder is read the database takes everybody else's writes, and the board everybody's edits."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio_server.actions import assemble, canvas, generate, projects
from studio_server.library.folder import ProjectFolder
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire

pytestmark = pytest.mark.every_database


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture
def project(here: Stage, tmp_path: Path) -> str:
    made = here.project()
    here.apply(made, shot("n_1"), node("cut", "assembler"))
    here.apply(made, wire("n_1", "video", "cut", "clips"))
    job_id = generate.generate(here.studio, made, "n_1").job_id
    assert job_id
    here.finish(job_id, here.claim(job_id).attempt, clip(tmp_path / "take.mp4"))
    return made


ACTIONS: dict[str, Callable[[Stage, str], object]] = {
    "generate": lambda here, project: generate.generate(here.studio, project, "n_1"),
    "render": lambda here, project: assemble.render(here.studio, project, "cut"),
    "list": lambda here, _project: projects.listed(here.studio),
    "settings": lambda here, project: projects.change(here.studio, project, 1, title="Another"),
    "open": lambda here, project: projects.full_state(here.studio, project),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_waits_for_a_folder_that_is_read(
    here: Stage, project: str, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every look into the folder asks another thread to write to the database; it must be let in at once."""
    here.studio.index.engine.dispose()
    refused: list[str] = []
    inside = threading.local()

    def watched(name: str) -> None:
        real = getattr(ProjectFolder, name)

        def look(folder: ProjectFolder, *words: object) -> object:
            if not getattr(inside, "is_me", False):
                writer = threading.Thread(target=write, daemon=True)
                writer.start()
                writer.join(2)
                if writer.is_alive():
                    refused.append(name)
            return real(folder, *words)

        monkeypatch.setattr(ProjectFolder, name, look)

    def write() -> None:
        inside.is_me = True
        here.worker()

    for name in ("takes", "assets", "manifest", "shots_on_disk", "films"):
        watched(name)
    ACTIONS[action](here, project)
    assert refused == []


def test_editing_goes_on_while_a_page_reads_the_folder(
    here: Stage, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = threading.Event()

    def edit() -> None:
        here.apply(project, shot("n_9"))
        moved.set()

    def slow(_folder: ProjectFolder) -> list[object]:
        threading.Thread(target=edit, daemon=True).start()
        assert moved.wait(5)
        return []

    canvas.graph_of(here.studio, project)
    monkeypatch.setattr(ProjectFolder, "assets", slow)
    projects.full_state(here.studio, project)


def test_two_exports_at_once_get_two_names(here: Stage, project: str) -> None:
    names: list[str] = []
    threads = [
        threading.Thread(target=lambda: names.append(assemble.export(here.studio, project, "cut").name))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(set(names)) == 3
