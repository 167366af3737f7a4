"""The pipelines' manifests and the page made of them are what the code says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from studio_sdk import catalogue, testing
from tests import films
from tests.films import PIPELINES

NAMES = sorted(manifest.parent.name for manifest in PIPELINES.glob("*/pipeline.json"))


def python(name: str) -> Path:
    """Return the interpreter that a pipeline runs in."""
    environment = testing.manifest(PIPELINES / name).environment
    return PIPELINES / "environments" / environment / ".venv" / "bin" / "python"


@pytest.mark.parametrize("name", NAMES)
def test_the_manifest_is_what_the_code_says(name: str) -> None:
    written = (PIPELINES / name / "pipeline.json").read_text(encoding="utf-8")
    assert testing.described(PIPELINES / name, python(name)) == written, f"studio-sdk describe pipelines/{name} --write"


@pytest.mark.parametrize("name", NAMES)
def test_it_says_that_it_can_run_here(name: str) -> None:
    answer = testing.ready(PIPELINES / name, python(name))
    assert (answer.returncode, json.loads(answer.stdout)) == (0, {"ok": True})


@pytest.mark.xdist_group("types")  # they share a cache, and one writes it at a time
@pytest.mark.parametrize("name", NAMES)
def test_its_types_hold_in_its_own_environment(name: str) -> None:
    # What an environment holds is read once for all its pipelines: their own modules are told apart by content.
    cache = films.ROOT / ".mypy_cache" / python(name).parents[2].name
    words = ["--strict", "--python-executable", str(python(name)), "--cache-dir", str(cache), "--config-file", ""]
    command = [sys.executable, "-m", "mypy", *words, "--disable-error-code", "import-untyped", "."]
    done = subprocess.run(command, cwd=PIPELINES / name, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_catalogue_page_is_what_the_manifests_say() -> None:
    written = (films.ROOT / "docs" / "pipelines" / "README.md").read_text(encoding="utf-8")
    assert catalogue.page(PIPELINES) == written, "studio-sdk catalogue pipelines > docs/pipelines/README.md"
