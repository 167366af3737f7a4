"""The house rules that no linter knows: short files, words at the top of each, no vague names, current docs."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from studio_sdk.errors import REMEDIES, Code
from studio_server.settings import ROOT, Settings

LONGEST = 400
OWN = ("studio_server", "function_runner", "sdk", "pipelines", "tools", "benchmarks", "tests", "studio_web/src")
VAGUE_FILES = re.compile(r"^(utils?|helpers?|common|base|misc|managers?|handlers?)$")
VAGUE_CLASSES = re.compile(r"^class \w*(Manager|Helper|Handler|Util|Utils|Service)\b", re.MULTILINE)
SPOKEN = re.compile(
    r"""\b(?:aria-label|placeholder|title|label|alt)="[A-Z][a-z]+"""
    r"""|\b(?:placeholder|label|title|text|hint)\s*[=:]\s*'[A-Z][a-z]+"""
    r"""|>\s*[A-Z][a-z]+ [a-z]+[^<{}]*</"""
)
"""Words for people, written where they are shown: another language would not find them."""
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def tracked(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *OWN],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = [ROOT / line for line in listed.splitlines()]
    return [path for path in paths if path.suffix in endings and path.is_file() and "schema.d.ts" not in path.name]


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_files_are_short() -> None:
    long = [path for path in tracked(".py", ".ts", ".svelte") if path.read_bytes().count(b"\n") > LONGEST]
    assert names(long) == []


def test_every_module_says_what_it_is() -> None:
    modules = [path for path in tracked(".py") if "/data/" not in str(path) and path.stat().st_size]
    silent = [path for path in modules if not ast.get_docstring(ast.parse(path.read_bytes()))]
    assert names(silent) == []


def test_names_say_what_they_are() -> None:
    code = tracked(".py", ".ts", ".svelte")
    assert names([path for path in code if VAGUE_FILES.match(path.stem.lower())]) == []
    assert [hit.group() for path in tracked(".py") for hit in VAGUE_CLASSES.finditer(path.read_text())] == []


def test_nothing_is_left_for_later() -> None:
    here = Path(__file__)
    left = [path for path in tracked(".py", ".ts", ".svelte") if path != here and UNFINISHED.search(path.read_text())]
    assert names(left) == []


def test_the_pages_words_are_messages() -> None:
    parts = [path for path in tracked(".svelte") if SPOKEN.search(path.read_text())]
    assert names(parts) == []
    assert SPOKEN.search('<button aria-label="Close">')
    assert SPOKEN.search("placeholder = 'Choose…',")
    assert SPOKEN.search("<p>Nothing here yet</p>")


def test_every_code_has_a_remedy() -> None:
    assert set(REMEDIES) == set(Code)
    assert [code for code, remedy in REMEDIES.items() if not remedy.steps or not 400 <= remedy.status < 600] == []


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_derived_pages_are_current() -> None:
    said = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")


def test_the_layers_hold() -> None:
    said = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs"])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    pages = sorted((ROOT / page).rglob("*.md")) if (ROOT / page).is_dir() else [ROOT / page]
    dead = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in pages
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert dead == []
