"""docs/pipelines/tutorial.md, followed word by word by somebody who has nothing but Python: every command works.

What stands in for what a reader has: the base is the one that the tests keep (made by `studio-sdk base`'s own code),
Docker is the tests' own, ComfyUI the stand-in, and `dolly.json` a graph that a real ComfyUI ran.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio_sdk.importing import exported, proposal
from tests.fakes.comfy import FakeComfy
from tests.films import ROOT
from tests.services.docker import Docker
from tests.services.needed import missing

PAGE = ROOT / "docs" / "pipelines" / "tutorial.md"
COMMAND = re.compile(r"^(pip install|studio-sdk|\.venv/bin/studio) .*$", re.MULTILINE)
WHOLE_S = 15 * 60

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.timeout(WHOLE_S + 60)]


def commands() -> list[str]:
    blocks = re.findall(r"^```\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [found.group() for block in blocks for found in COMMAND.finditer(block)]


def environment(root: Path) -> Path:
    """Make an empty environment with the installer that set-up brought; pip is what the page names."""
    uv = ROOT / ".tools" / "bin" / "uv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, root], check=True)
    pip = root / "bin" / "pip"
    pip.write_text(f'#!/bin/sh\nexec {uv} pip "$@" --quiet --python {root}/bin/python\n')
    pip.chmod(0o755)
    return root / "bin"


def test_the_page_is_followed_to_the_end(docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", pwd.getpwuid(os.getuid()).pw_dir)  # where the installer keeps what it fetched
    bin_dir = environment(tmp_path / "env")
    here = tmp_path / "work"
    here.mkdir()
    (here / "sdk").symlink_to(ROOT / "sdk")
    shutil.copyfile(ROOT / "tests/data/comfy/graphs/still.json", here / "dolly.json")
    (here / ".venv").symlink_to(Path(sys.executable).parents[1])
    monkeypatch.setenv("PATH", f"{bin_dir}:{os.environ['PATH']}")  # noqa: TID251
    monkeypatch.setenv("DOCKER_HOST", docker.address)
    monkeypatch.setenv("STUDIO_PIPELINES_DIR", str(here / "pipelines"))
    began = time.monotonic()
    with FakeComfy(tmp_path / "comfy") as comfy:
        for folder, file in proposal.propose(exported.load(here / "dolly.json")).models:
            comfy.models[folder] = sorted({*comfy.models[folder], file})
        for line in commands():
            command = line.replace("http://127.0.0.1:8188", comfy.url)
            if command.startswith("studio-sdk base "):
                shutil.copyfile(docker.base, here / command.split()[2])
                continue
            done = subprocess.run(
                ["bash", "-c", command], cwd=here, capture_output=True, text=True, check=False, timeout=WHOLE_S
            )
            words = f"{line}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
            if command.startswith("pip") and "network" in done.stderr.lower():
                missing(words)
            assert done.returncode == 0, words
            if " test " in command:
                assert " 0 broken" in done.stdout, words
    assert time.monotonic() - began < WHOLE_S, "the page promises a quarter of an hour"
    for made in ("film-grain/pipeline.json", "one/outputs", "film-grain.tar", "registry/index.json"):
        assert (here / made).exists()
    assert (here / "pipelines/film-grain/pipeline.json").exists()
    assert (here / "film-look/slots.json").exists()


def test_the_page_has_every_step() -> None:
    verbs = {line.split()[1] for line in commands() if line.startswith("studio-sdk")}
    assert verbs >= {"new", "test", "describe", "run", "base", "build", "publish", "list", "deprecate", "pin"}
    assert verbs >= {"import-comfy"}
