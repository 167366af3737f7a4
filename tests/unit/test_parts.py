"""What pipelines share has one source, is laid whole, follows it, and never overwrites what is somebody's own."""

import importlib.util
import subprocess
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

from studio_server.settings import ROOT


@pytest.fixture(scope="module")
def parts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("parts_program", ROOT / "tools" / "parts.py")
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    return program


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / "pipelines" / name).mkdir(parents=True)
        (tmp_path / "pipelines" / name / "pipeline.json").write_text("{}")
    pen = tmp_path / "pipelines" / "shared" / "pen" / "ink"
    pen.mkdir(parents=True)
    (pen / "pen.py").write_text("BLACK = 0\n")
    told(tmp_path, 'pen = ["one", "two"]')
    return tmp_path


def told(house: Path, words: str) -> None:
    (house / "pipelines" / "shared" / "parts.toml").write_text(words)


def test_a_part_is_laid_into_each_of_its_pipelines_and_follows_its_source(parts: ModuleType, house: Path) -> None:
    parts.lay(house)
    laid = [house / "pipelines" / name / "ink" / "pen.py" for name in ("one", "two")]
    assert [path.read_text() for path in laid] == ["BLACK = 0\n"] * 2
    assert [path.stat().st_mode & 0o222 for path in laid] == [0, 0], "nobody edits a copy by mistake"
    (house / "pipelines" / "shared" / "pen" / "ink" / "pen.py").write_text("BLACK = 1\n")
    parts.lay(house)
    assert [path.read_text() for path in laid] == ["BLACK = 1\n"] * 2


def test_what_is_no_longer_wanted_is_taken_away(parts: ModuleType, house: Path) -> None:
    parts.lay(house)
    told(house, 'pen = ["two"]')
    parts.lay(house)
    assert [(house / "pipelines" / name / "ink" / "pen.py").exists() for name in ("one", "two")] == [False, True]


def test_a_file_of_somebodys_own_is_named_and_left_alone(parts: ModuleType, house: Path) -> None:
    own = house / "pipelines" / "two" / "ink" / "pen.py"
    own.parent.mkdir()
    own.write_text("mine")
    with pytest.raises(ValueError, match=r"pipelines/two/ink/pen\.py is in the way"):
        parts.lay(house)
    assert own.read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('pen = ["three"]', "three, which is no pipeline"),
        ('brush = ["one"]', "brush is empty"),
        ('pen = ["one", "one"]', "both want to be"),
    ],
)
def test_a_wrong_list_is_refused(parts: ModuleType, house: Path, words: str, said: str) -> None:
    told(house, words)
    with pytest.raises(ValueError, match=said):
        parts.lay(house)


def test_what_is_laid_is_not_in_git_and_nothing_else_is_there_twice(parts: ModuleType) -> None:
    laid = {f"pipelines/{place}" for place in parts.wanted(ROOT / "pipelines")}
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", "pipelines"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert sorted(laid.intersection(listed)) == [], "add them to pipelines/.gitignore"
    alike = defaultdict(list)
    for name in listed:
        if name.endswith(".py") and (content := (ROOT / name).read_bytes()).strip():
            alike[content].append(name)
    assert [names for names in alike.values() if len(names) > 1] == [], "move them to pipelines/shared"
