"""House-keeping: nothing that is used is ever put away, what is comes back, every byte is counted once."""

import itertools
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, canvas, generate, projects, storage, versions
from studio_server.domain.graph import NodeRemove, NodeSet
from studio_server.library import lfs, trash
from studio_server.library.disk import write_whole
from studio_server.loops import trash as rounds
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


COLOURS = iter(f"0x{number:02x}{255 - number:02x}40" for number in range(0, 256, 3))


def take(here: Stage, project: str, node_id: str, tmp_path: Path) -> str:
    """Make a take and return the path of its media."""
    job = generate.generate(here.studio, project, node_id).job_id or ""
    here.later(1)
    here.finish(job, here.claim(job).attempt, clip(tmp_path / f"{job}.mp4", colour=next(COLOURS)))
    return next(
        one.media.path
        for key in here.folder(project).shots_on_disk()
        for one in here.folder(project).takes(*key)
        if one.job_id == job
    )


def unused(here: Stage, project: str) -> set[str]:
    return {one.path for one in storage.report(here.studio, project).unused}


@pytest.fixture
def film(here: Stage, tmp_path: Path) -> tuple[str, list[str]]:
    """A shot with four takes, of which its card shows the last."""
    project = here.project()
    here.apply(project, shot("n_1"))
    return project, [take(here, project, "n_1", tmp_path) for _ in range(4)]


def test_what_is_shown_marked_named_or_cut_stays(here: Stage, film: tuple[str, list[str]], tmp_path: Path) -> None:
    project, takes = film
    assert unused(here, project) == set(takes[:3])
    first = Path(takes[0]).stem
    here.apply(project, NodeSet(id="n_1", name=f"star:{first}", value=True))
    assert unused(here, project) == set(takes[1:3])
    here.apply(project, NodeSet(id="n_1", name="active_take", value=Path(takes[1]).stem))
    versions.keep(here.studio, project, "With the second take")
    here.apply(project, NodeSet(id="n_1", name="active_take", value=Path(takes[3]).stem))
    assert unused(here, project) == {takes[2]}
    here.apply(project, NodeSet(id="n_1", name="active_take", value=Path(takes[2]).stem))
    here.apply(project, node("n_cut", "assembler"), wire("n_1", "video", "n_cut", "clips"))
    assemble.export(here.studio, project, "n_cut")
    here.apply(project, NodeSet(id="n_1", name="active_take", value=Path(takes[3]).stem))
    assert unused(here, project) == set()
    here.apply(project, NodeRemove(id="n_cut"), NodeRemove(id="n_1"))
    assert unused(here, project) == {takes[3]}  # its card is gone; nothing else names it


def test_a_take_that_another_was_made_from_or_a_task_needs_stays(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1"), node("n_up", "upscale"), wire("n_1", "video", "n_up", "clip"))
    old, new = (take(here, project, "n_1", tmp_path) for _ in range(2))
    here.apply(project, NodeSet(id="n_1", name="active_take", value=Path(old).stem))
    job = generate.generate(here.studio, project, "n_up").job_id or ""
    here.apply(project, NodeSet(id="n_1", name="active_take", value=Path(new).stem))
    assert unused(here, project) == set()  # the task under way needs it
    here.finish(job, here.claim(job).attempt, clip(tmp_path / "up.mp4", colour="white"))
    assert unused(here, project) == set()  # the take was made from it
    with pytest.raises(StudioError) as refused:
        storage.prune(here.studio, project, [old])
    assert refused.value.code is Code.VALIDATION_ERROR


def test_put_away_and_taken_back(here: Stage, film: tuple[str, list[str]]) -> None:
    project, takes = film
    folder = here.folder(project)
    before = {path: (folder.root / path).read_bytes() for path in takes}
    told = projects.full_state(here.studio, project).takes
    size = storage.report(here.studio, project).size
    bag = storage.prune(here.studio, project, takes[:2])
    report = storage.report(here.studio, project)
    assert [(one.id, one.takes, one.by) for one in report.trash] == [(bag.id, 2, "You")]
    assert abs(report.size - size) < 4000  # moved, not removed
    assert set(takes[:2]).isdisjoint(one.path for one in report.unused)
    assert lfs.pointer_at(folder.root / takes[0])
    with pytest.raises(StudioError) as gone:
        folder.resolve_media(takes[0])
    assert gone.value.code is Code.FILE_NOT_FOUND
    assert projects.full_state(here.studio, project).takes == told  # number, recipe and picture stay
    assert _status(folder.root) == ""
    with pytest.raises(StudioError):
        storage.prune(here.studio, project, takes[:1])
    assert storage.restore(here.studio, project, bag.id) == 2
    assert {path: (folder.root / path).read_bytes() for path in takes} == before
    assert all((folder.root / path).stat().st_nlink == 2 for path in takes)
    assert _status(folder.root) == ""
    assert not storage.report(here.studio, project).trash
    with pytest.raises(StudioError) as unknown:
        storage.restore(here.studio, project, bag.id)
    assert unknown.value.code is Code.NOT_FOUND


def _status(root: Path) -> str:
    done = subprocess.run(["git", "-C", str(root), "status", "--porcelain"], capture_output=True, text=True, check=True)
    return done.stdout


def test_a_crash_at_any_step_of_putting_away_can_be_taken_back(
    here: Stage, film: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, takes = film
    root = here.folder(project).root
    before = {path: (root / path).read_bytes() for path in takes}
    for step, allowed in itertools.product(("link_new", "sync", "write_whole"), range(2)):
        calls = itertools.count()
        real = getattr(trash, step)

        def dies(
            *words: object, _real: Any = real, _calls: Iterator[int] = calls, _last: int = allowed, **more: object
        ) -> object:
            if next(_calls) >= _last + (_real is write_whole):
                raise KeyboardInterrupt
            return _real(*words, **more)

        monkeypatch.setattr(trash, step, dies)
        with suppress(KeyboardInterrupt):
            storage.prune(here.studio, project, takes[:2])
        monkeypatch.undo()
        for one in trash.bags(root):
            storage.restore(here.studio, project, one.id)
        assert {path: (root / path).read_bytes() for path in takes} == before, step


def test_the_trash_is_emptied_when_its_time_is_over(here: Stage, film: tuple[str, list[str]]) -> None:
    project, takes = film
    storage.prune(here.studio, project, takes[:1])
    late = storage.prune(here.studio, project, takes[1:2])
    root = here.folder(project).root
    rounds.empty_old(here.studio)
    assert len(trash.bags(root)) == 2
    assert storage.empty(here.studio, project, late.id) > 1000
    here.later(14 * 24 * 3600 - 60)
    rounds.empty_old(here.studio)
    assert len(trash.bags(root)) == 1
    here.later(120)
    rounds.empty_old(here.studio)
    assert trash.bags(root) == []
    assert not list((root / ".git/studio/trash").iterdir())


def test_every_byte_is_counted_once(here: Stage, film: tuple[str, list[str]]) -> None:
    project, takes = film
    root = here.folder(project).root
    report = storage.report(here.studio, project)
    on_disk = subprocess.run(
        ["find", str(root), "-type", "f", "-printf", "%i %s\n"], capture_output=True, text=True, check=True
    ).stdout
    sizes = dict(line.split() for line in on_disk.splitlines())
    assert report.size == sum(map(int, sizes.values()))
    kinds = {one.kind: one.size for one in report.kinds}
    media = sum((root / path).stat().st_size for path in takes)
    assert media <= kinds["takes"] < media * 1.5 + 40_000
    assert kinds["kept"] == 0
    assert [(one.scene, one.takes, one.unused) for one in report.scenes] == [("01", 4, 3)]
    freed = storage.clear_cache(here.studio, project)
    assert freed == kinds["cache"]
    shutil.rmtree(root)
    with pytest.raises(StudioError) as gone:
        storage.report(here.studio, project)
    assert gone.value.code is Code.PROJECT_MISSING


def test_a_named_take_of_a_second_canvas_is_safe_from_a_stale_list(here: Stage, film: tuple[str, list[str]]) -> None:
    project, takes = film
    assert takes[0] in unused(here, project)
    here.apply(project, NodeSet(id="n_1", name="active_take", value=Path(takes[0]).stem))  # somebody picks it meanwhile
    with pytest.raises(StudioError):
        storage.prune(here.studio, project, takes[:1])
    canvas.commit(here.studio, project)
    assert lfs.pointer_at(here.folder(project).root / takes[0]) is None
