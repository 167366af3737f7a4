"""A project folder of a stranger's that leads out of itself: nothing outside is read, written or removed."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import projects
from studio_server.library import fsck, lfs
from studio_server.settings import Settings
from tests.integration.studios import Stage, stage, worked_on


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        yield opened


@pytest.fixture
def film(here: Stage) -> str:
    return worked_on(here)


LINKS = (".git", ".git/config", ".git/HEAD", ".git/refs", ".git/refs/heads", ".git/objects", ".git/objects/pack")
LINKS += (".git/lfs", ".git/studio", ".git/studio/journal", ".git/hooks", "05_Cache", "05_Cache/incoming")
ELSEWHERE = (".git/commondir", ".git/objects/info/alternates")


@pytest.mark.parametrize("what", [*LINKS, *ELSEWHERE])
def test_a_folder_that_leads_out_of_itself_is_not_opened(here: Stage, film: str, tmp_path: Path, what: str) -> None:
    root, elsewhere = here.folder(film).root, tmp_path / "elsewhere"
    place = root / what
    elsewhere.parent.mkdir(exist_ok=True)
    if what in ELSEWHERE:
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"{elsewhere}\n")
    elif place.exists():
        place.rename(elsewhere)
        place.symlink_to(elsewhere)
    else:
        elsewhere.mkdir()
        place.symlink_to(elsewhere)
    before = _lying(elsewhere)
    here.studio.canvases.clear()
    with pytest.raises(StudioError) as refused:
        projects.full_state(here.studio, film)
    assert refused.value.code is Code.PROJECT_REFUSED
    assert what in refused.value.detail
    assert [one.state.ok for one in projects.listed(here.studio)] == [False]
    assert projects.reindex(here.studio) == 0
    assert _lying(elsewhere) == before


@pytest.mark.timeout(60)
@pytest.mark.parametrize("what", [".git/config", ".git/packed-refs", ".git/studio/push.json", "05_Cache/listing"])
def test_a_pipe_in_it_keeps_nobody_waiting(here: Stage, film: str, what: str) -> None:
    place = here.folder(film).root / what
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    here.studio.canvases.clear()
    with pytest.raises(StudioError) as refused:
        projects.full_state(here.studio, film)
    assert refused.value.code is Code.PROJECT_REFUSED
    assert projects.reindex(here.studio) == 0


@pytest.mark.timeout(60)
def test_caches_that_came_with_it_show_nothing_of_this_machine(here: Stage, film: str, tmp_path: Path) -> None:
    folder = here.folder(film)
    secret = tmp_path / "secret"
    secret.write_text("secret")
    by_hand = folder.root / "03_Renders/SCENE_01/SHOT_010/SHOT-010_v09_take01.mp4"
    by_hand.write_bytes(b"by hand")
    told = hashlib.sha256(by_hand.relative_to(folder.root).as_posix().encode()).hexdigest()[:32]
    links = [folder.root / "05_Cache/thumbnails/320" / f"{'a' * 64}.webp", folder.root / f"05_Cache/facts/{told}.json"]
    for link, target in zip(links, (secret, Path("/dev/zero")), strict=True):
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(target)
    folder.takes("01", "010")  # what never ends is not read, whoever put it there
    assert projects.reindex(here.studio) == 1
    assert not any(link.is_symlink() for link in links)
    assert secret.read_text() == "secret"


def _lying(place: Path) -> dict[str, bytes]:
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return {str(path.relative_to(place)): path.read_bytes() for path in files}


NOTES: dict[str, Callable[[Path, Path], dict[str, object]]] = {
    "a poster far away": lambda _root, victim: {"poster": _ref(victim, str(victim))},
    "a sidecar far away": lambda _root, victim: {"sidecar": str(victim), "text": victim.read_text()},
    "a sidecar above": lambda root, victim: {"sidecar": os.path.relpath(victim, root), "text": victim.read_text()},
    "media above": lambda root, victim: {"media": _ref(victim, os.path.relpath(victim, root))},
}


def _ref(file: Path, path: str) -> dict[str, object]:
    data = file.read_bytes()
    return {"path": path, "oid": fsck.hashed(file), "size": len(data), "mime": "text/plain"}


@pytest.mark.parametrize("how", NOTES)
@pytest.mark.parametrize("staged", [True, False])
def test_a_landing_that_the_studio_never_began_reaches_nothing_outside(
    here: Stage, film: str, tmp_path: Path, how: str, staged: bool
) -> None:
    root, victim = here.folder(film).root, tmp_path / "victim.txt"
    victim.write_text("dear diary")
    media = root / "01_Assets" / "a.txt"
    media.write_text("a")
    note: dict[str, object] = {
        "key": "x",
        "sidecar": "03_Renders/SCENE_01/SHOT_010/x.json",
        "text": "{}",
        "media": _ref(media, "01_Assets/a.txt"),
        "poster": None,
        "message": "m",
        "author": ["U", "u@x"],
        "versioned": False,
        **NOTES[how](root, victim),
    }
    if staged:
        for ref in (note["media"], note["poster"]):
            if isinstance(ref, dict):
                kept = lfs.object_path(root, str(ref["oid"]))
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(victim if ref["oid"] == fsck.hashed(victim) else media, kept)
    journal = root / ".git/studio/journal"
    journal.mkdir(exist_ok=True)
    (journal / "evil.json").write_text(json.dumps(note))
    here.studio.canvases.clear()
    projects.full_state(here.studio, film)
    assert victim.read_text() == "dear diary"
    assert not (journal / "evil.json").exists()
