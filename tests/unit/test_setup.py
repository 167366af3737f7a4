"""Set-up does nothing twice, does again what changed, and answers what it cannot do with the command that mends it."""

import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from studio_server.settings import ROOT


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up program, working in an empty checkout."""
    spec = importlib.util.spec_from_file_location("setup_program", ROOT / "tools" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    monkeypatch.setattr(program, "ROOT", tmp_path)
    monkeypatch.setattr(program, "STAMPS", tmp_path / ".stamps")
    (tmp_path / ".stamps").mkdir()
    return program


def a_step(setup: ModuleType, tmp_path: Path) -> tuple[Callable[[], bool], Path, Path]:
    source, made = tmp_path / "source", tmp_path / "made"
    source.write_text("one")

    def work() -> None:
        made.write_text(source.read_text())

    return lambda: setup._step("step", "A step", setup._digest(source), work, made=made), source, made


def test_a_step_is_done_once(setup: ModuleType, tmp_path: Path) -> None:
    step, source, made = a_step(setup, tmp_path)
    assert [step(), step()] == [True, False]
    source.write_text("two")
    assert [step(), step()] == [True, False]
    assert made.read_text() == "two"
    made.unlink()
    assert [step(), step()] == [True, False]
    (tmp_path / ".stamps" / "step").write_text("not json")
    assert step() is True


def test_a_step_that_makes_nothing_is_an_error(setup: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(setup.CannotError, match="nothing was not made"):
        setup._step("step", "A step", "key", lambda: None, made=tmp_path / "nothing")
    assert not (tmp_path / ".stamps" / "step").exists()


def test_a_failing_command_shows_its_last_words(setup: ModuleType) -> None:
    with pytest.raises(setup.CannotError, match=r"no such thing[\s\S]*ended with code 3[\s\S]*\.stamps/step\.log"):
        setup._run("step", sys.executable, "-c", "print('no such thing'); raise SystemExit(3)", cwd=ROOT)


def test_missing_programs_are_named_with_the_command(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))
    with pytest.raises(setup.CannotError, match="These programs are missing: git-lfs ffmpeg"):
        setup._system("studio")
    (place / "apt-get").write_text("#!/bin/sh\nexit 1\n")
    (place / "apt-get").chmod(0o755)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    with pytest.raises(setup.CannotError, match="sudo apt-get install -y git-lfs ffmpeg"):
        setup._system("studio")
    monkeypatch.setattr(setup.os, "geteuid", lambda: 0)
    (place / "env").symlink_to("/usr/bin/env")
    with pytest.raises(setup.CannotError, match="\n    apt-get install -y git-lfs ffmpeg chromium"):
        setup._system("test")


def test_a_second_set_up_waits_for_the_first(setup: ModuleType, tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, importlib.util as u\n"
        "spec = u.spec_from_file_location('s', sys.argv[1]); s = u.module_from_spec(spec); spec.loader.exec_module(s)\n"
        "s.STAMPS = pathlib.Path(sys.argv[2])\n"
        "with s._one_at_a_time(): print('in', flush=True)\n"
    )
    words = [sys.executable, "-c", script, str(ROOT / "tools" / "setup.py"), str(tmp_path / ".stamps")]
    with setup._one_at_a_time():
        second = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert "waiting" in second.stdout.readline()
        time.sleep(0.1)
        assert second.poll() is None
    out, _ = second.communicate(timeout=10)
    assert out == "in\n"
