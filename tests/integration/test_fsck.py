"""Every kind of damage, made on purpose: found, explained, mended where it can be, and nothing else is touched."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio_server import offline
from studio_server.actions import canvas, generate, storage, transfer, upkeep
from studio_server.library import fsck, lfs, mending, settings_of, versions
from studio_server.library.folder import ProjectFolder
from studio_server.library.fsck import Finding, Harm
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, shot, stage
from tests.stock import ANN


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture
def film(here: Stage, tmp_path: Path) -> str:
    return made(here, tmp_path)


def made(here: Stage, tmp_path: Path) -> str:
    project = here.project()
    here.apply(project, shot("n_1"))
    for colour in ("red", "blue"):
        job = generate.generate(here.studio, project, "n_1").job_id or ""
        here.finish(job, here.claim(job).attempt, clip(tmp_path / f"{colour}.mp4", colour=colour))
    canvas.commit(here.studio, project)
    return project


def media(root: Path) -> Path:
    return min((root / "03_Renders").rglob("*.mp4"))


def found(folder: ProjectFolder) -> list[Finding]:
    return list(fsck.examine(folder))


def kept(root: Path) -> Path:
    return lfs.object_path(root, fsck.hashed(media(root)))


def flip(path: Path) -> None:
    """Turn one bit in the middle of a file, as a disk does: size and time stay."""
    there = path.stat()
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(there.st_size // 2)
        byte = file.read(1)
        file.seek(there.st_size // 2)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(path, ns=(there.st_atime_ns, there.st_mtime_ns))


def alone(path: Path) -> Path:
    """Make a file's bytes its own."""
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)
    return path


def old(path: Path) -> Path:
    os.utime(path, (time.time() - 90_000,) * 2)
    return path


def uncommit(root: Path) -> None:
    subprocess.run(["git", "-C", str(root), "rm", "-q", "--cached", str(media(root))], check=True)
    subprocess.run(
        ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "oops"], check=True
    )


def _pointer(root: Path) -> None:
    path = media(root)
    text = lfs.pointer_text(fsck.hashed(path), path.stat().st_size)
    path.unlink()
    path.write_bytes(text)


def _touched(path: Path) -> Path:
    path.touch()
    return path


def _canvas(root: Path) -> Path:
    return root / "02_Source_Creative/Canvases/main_canvas.json"


def _break_git(root: Path) -> None:
    words = ["git", "-C", str(root), "rev-list", "--objects", "HEAD~1"]
    told = subprocess.run(words, capture_output=True, text=True, check=True)
    name = told.stdout.splitlines()[-1].split()[0]
    path = root / ".git/objects" / name[:2] / name[2:]
    path.chmod(0o644)
    path.write_bytes(b"no object")


DAMAGE: dict[str, tuple[Harm, bool, Callable[[Path], object]]] = {
    "a bit in the store": (Harm.BYTES_WRONG, True, lambda root: flip(alone(kept(root)))),
    "a bit in both": (Harm.BYTES_WRONG, False, lambda root: flip(media(root))),
    "the store has lost it": (Harm.BYTES_MISSING, True, lambda root: kept(root).unlink()),
    "both are gone": (Harm.BYTES_MISSING, False, lambda root: (kept(root).unlink(), _pointer(root))),
    "a take was edited": (Harm.FILE_CHANGED, True, lambda root: alone(media(root)).write_bytes(b"edited")),
    "a bit in the folder": (Harm.FILE_CHANGED, True, lambda root: flip(alone(media(root)))),
    "a take was deleted": (Harm.FILE_MISSING, True, lambda root: media(root).unlink()),
    "a sidecar is torn": (Harm.SIDECAR_BROKEN, True, lambda root: media(root).with_suffix(".json").write_text("{")),
    "a take left the history": (Harm.NOT_IN_HISTORY, True, uncommit),
    "half a file": (Harm.HALF_WRITTEN, True, lambda root: old(_touched(root / "03_Renders/.studio-ab.tmp"))),
    "a lock": (Harm.LOCK_LEFT, True, lambda root: old(_touched(root / ".git/index.lock"))),
    "no Git LFS": (
        Harm.SETTINGS_LACK,
        True,
        lambda root: (root / ".git/config").write_text("[core]\n"),
    ),
    "a canvas": (Harm.CANVAS_BROKEN, False, lambda root: _canvas(root).write_text("{")),
    "a link": (Harm.LINK, False, lambda root: (root / "01_Assets/shortcut").symlink_to("/etc")),
    "a name": (Harm.NAME, False, lambda root: _touched(root / "01_Assets/aux.txt")),
    "an object of git": (Harm.HISTORY_BROKEN, False, _break_git),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a film that nothing is wrong with; tests damage copies of it."""
    place = tmp_path_factory.mktemp("whole")
    with stage(Settings(workspaces=place / "workspaces").with_secrets()) as opened:
        opened.worker()
        return opened.folder(made(opened, place)).root


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> ProjectFolder:
    subprocess.run(["cp", "-a", str(whole), str(tmp_path / "film")], check=True)
    return ProjectFolder(tmp_path / "film")


@pytest.mark.parametrize("how", DAMAGE)
def test_it_is_found_explained_and_mended(folder: ProjectFolder, how: str) -> None:
    harm, mends, damage = DAMAGE[how]
    assert found(folder) == []
    damage(folder.root)
    findings = found(folder)
    assert harm in {one.harm for one in findings}, findings
    assert all(one.what.endswith(".") for one in findings)
    outcomes = mending.mend(folder, findings, [], ANN)
    assert {one.done for one in outcomes if one.finding.harm is harm} == {mends}, outcomes
    left = {one.harm for one in found(folder)}
    if mends:
        assert left == set()
        assert (
            subprocess.run(["git", "-C", str(folder.root), "lfs", "fsck"], capture_output=True, text=True, check=False)
            .stdout.strip()
            .endswith("OK")
        )
    else:
        assert harm in left or harm is Harm.BYTES_WRONG  # wrong bytes are out of the store: now they are missing
        assert harm is not Harm.BYTES_WRONG or left == {Harm.BYTES_MISSING}


def test_good_bytes_come_from_a_neighbour(here: Stage, film: str) -> None:
    """A copy that was made before the disk went bad has them, where its bytes are its own."""
    copy = Path(transfer.duplicate(here.studio, film).path)
    for path in [*copy.rglob("*.mp4"), *(copy / ".git/lfs/objects").glob("??/??/*")]:
        alone(path)
    folder = here.folder(film)
    flip(media(folder.root))
    findings = found(folder)
    outcomes = mending.mend(folder, findings, here.studio.workspace.projects(), here.studio.author)
    assert all(one.done for one in outcomes), outcomes
    assert found(folder) == []
    assert list((folder.root / ".git/studio/aside").rglob("*"))  # what was wrong is kept to look at


def test_what_was_put_away_is_no_damage(here: Stage, film: str) -> None:
    path = storage.report(here.studio, film).unused[0].path
    storage.prune(here.studio, film, [path])
    assert {(one.harm, one.mending) for one in found(here.folder(film))} == {(Harm.PUT_AWAY, "")}


def test_the_command_mends_what_it_finds(settings: Settings, here: Stage, film: str) -> None:
    media(here.folder(film).root).unlink()
    said: list[str] = []
    assert offline.check(settings, None, mend=False, quick=True, say=said.append) == 1
    assert any("put back from the history" in line for line in said)
    assert offline.check(settings, "the-salt-road", mend=True, quick=False, say=said.append) == 0
    assert offline.check(settings, film, mend=False, quick=False, say=said.append) == 0
    assert said[-1] == "the-salt-road: nothing wrong"


def test_a_look_runs_beside_and_mends_what_it_was_told(here: Stage, film: str) -> None:
    assert upkeep.last(here.studio, film) is None
    media(here.folder(film).root).unlink()
    upkeep.start(here.studio, film, deep=True)
    until = time.monotonic() + 30
    while (look := upkeep.last(here.studio, film)) and look.running and time.monotonic() < until:
        time.sleep(0.02)
    assert look
    assert look.ended_at
    assert look.read == look.size > 1000
    assert [one.harm for one in look.findings] == [Harm.FILE_MISSING]
    assert [one.done for one in upkeep.mend(here.studio, film, [look.findings[0].id])] == [True]
    after = upkeep.last(here.studio, film)
    assert after
    assert after.findings == []


RUNS = {
    "core.fsmonitor": "[core]\n\tfsmonitor = touch x\n",
    "core.hooksPath": "[core]\n\thooksPath = /tmp/evil\n",
    "on the line of a header": "[core] fsmonitor = touch x\n",
    "a filter": '[filter "x"]\n\tclean = touch x\n',
    "the filter of LFS": '[filter "lfs"]\n\tprocess = touch x\n',
    "an include": "[include]\n\tpath = ../evil\n",
    "a program for signatures": "[gpg]\n\tprogram = touch x\n",
    "an address that is a program": '[remote "origin"]\n\turl = ext::sh -c touch% x\n',
    "a line that goes on": "[user]\n\tname = a \\\n[core]\n\tfsmonitor = x\n",
    "a helper": "[credential]\n\thelper = !touch x\n",
    "a merge driver": '[merge "x"]\n\tdriver = touch x\n',
    "a hook of gc": "[gc]\n\trecentObjectsHook = touch x\n",
    "an alias": "[alias]\n\tst = !touch x\n",
    "a diff": "[diff]\n\texternal = touch x\n",
    "another work tree": "[core]\n\tworktree = /\n",
}


@pytest.mark.parametrize("how", RUNS)
def test_settings_that_start_programs_are_found_and_set_aside(folder: ProjectFolder, how: str) -> None:
    with (folder.root / ".git/config").open("a") as config:
        config.write(RUNS[how])
    findings = found(folder)
    assert [one.harm for one in findings] == [Harm.SETTINGS_RUN], findings
    assert all(one.done for one in mending.mend(folder, findings, [], ANN))
    assert found(folder) == []


def test_settings_of_git_itself_are_left_alone(folder: ProjectFolder) -> None:
    root = folder.root
    for words in (
        ["config", "user.name", "Maria"],
        ["remote", "add", "origin", "https://example.org/film.git"],
        ["config", "branch.main.remote", "origin"],
        ["config", "pull.rebase", "true"],
        ["lfs", "install", "--local"],
    ):
        subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)
    assert list(settings_of.dangers(root)) == []
    (root / ".git/hooks/post-commit").write_text("#!/bin/sh\ntouch /tmp/evil\ngit lfs post-commit\n")
    assert list(settings_of.dangers(root)) == ["there is a hook, post-commit"]


def test_a_signature_in_the_history_starts_no_program(folder: ProjectFolder, tmp_path: Path) -> None:
    root, mark = folder.root, tmp_path / "mark"
    program = tmp_path / "gpg"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    with (root / ".git/config").open("a") as config:
        config.write(f"[log]\n\tshowSignature = true\n[gpg]\n\tprogram = {program}\n")
    words = ["git", "-C", str(root), "cat-file", "commit", "HEAD"]
    plain = subprocess.run(words, capture_output=True, check=True).stdout
    head, _, text = plain.partition(b"\n\n")
    signature = b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n"
    signed = subprocess.run(
        ["git", "-C", str(root), "hash-object", "-t", "commit", "-w", "--stdin"],
        input=head + signature + text,
        capture_output=True,
        check=True,
    ).stdout.decode()
    subprocess.run(["git", "-C", str(root), "update-ref", "refs/heads/main", signed.strip()], check=True)
    assert versions.listed(folder, 5)
    assert not mark.exists()
    subprocess.run(["git", "-C", str(root), "log", "-1"], capture_output=True, check=False)
    assert mark.exists()  # it would have: the test proves something
