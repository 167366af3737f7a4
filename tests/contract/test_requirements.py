"""Packages that a pipeline brings of its own: pinned, installed once, never met by another version's; nothing runs."""

import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from function_runner.job import carry_out
from studio_sdk import requirements
from studio_sdk.wire import Finish
from tests.fakes.pipelines import Yard
from tests.fakes.studio import FakeStudio
from tests.fakes.yards import LABELS, yard_of
from tests.services.needed import missing

SAYS = """
from importlib.metadata import version
picture(); result(facts={"iniconfig": version("iniconfig")})
"""


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pin two versions of a small package, each with all that the SDK needs, and return the files."""
    made = {}
    for version in ("2.0.0", "2.1.0"):
        folder = tmp_path_factory.mktemp("lock")
        try:
            pins = requirements.lock(folder, [f"iniconfig=={version}"])
        except ValueError as why:
            missing(f"the package index cannot be reached: {why}")
        assert f"iniconfig=={version}" in pins
        assert any(pin.startswith("pydantic==") for pin in pins), "what the SDK needs is pinned as well"
        made[version] = folder / requirements.FILE
    return made


def do(yard: Yard, folder: Path) -> tuple[Finish, list[str]]:
    """Run a planted pipeline and return how it ended and the steps it was said to be at."""
    with FakeStudio() as studio:
        studio.offer("job", folder, timeout_s=60)
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
        return studio.finished[0], [report.step for report in studio.reports]


@pytest.mark.parametrize("label", LABELS)
def test_two_versions_of_a_package_side_by_side(
    label: str, locked: dict[str, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    yard = yard_of(label, tmp_path, request)
    for version, file in locked.items():
        folder = yard.plant(SAYS, f"with-{version[2]}")
        shutil.copyfile(file, folder / requirements.FILE)
        finish, _ = do(yard, folder)
        assert (finish.error, finish.facts.get("iniconfig")) == (None, version)
    root = yard.root / "work" / "environments"
    there = {place.name: place.stat().st_ino for place in root.iterdir() if place.is_dir()}
    assert len(there) == 2
    do(yard, folder)
    assert {place.name: place.stat().st_ino for place in root.iterdir() if place.is_dir()} == there, "made once"


@pytest.mark.parametrize(
    "line",
    [
        "-r /etc/passwd",
        "--index-url https://packages.example.com/simple",
        "iniconfig @ https://example.com/iniconfig-2.1.0-py3-none-any.whl --hash=sha256:" + "0" * 64,
        "./iniconfig --hash=sha256:" + "0" * 64,
        "iniconfig==2.1.0",
        "iniconfig>=2 --hash=sha256:" + "0" * 64,
        "git+https://example.com/iniconfig.git",
    ],
)
def test_a_line_that_could_fetch_from_anywhere_is_refused(line: str, tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant(SAYS)
    (folder / requirements.FILE).write_text(line + "\n")
    finish, _ = do(yard, folder)
    assert finish.error
    assert finish.error.code == "DEPENDENCY_MISSING"
    assert "studio-sdk lock" in finish.error.detail
    assert not list((tmp_path / "work" / "environments").glob("*"))


def test_other_bytes_than_were_pinned_are_not_installed(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant(SAYS)
    (folder / requirements.FILE).write_text(f"iniconfig==2.1.0 --hash=sha256:{'0' * 64}\n")
    finish, steps = do(yard, folder)
    assert finish.error
    assert finish.error.message == "The packages of Planted cannot be installed on this worker."
    assert "hash" in finish.error.detail.lower()
    assert not [place for place in (tmp_path / "work" / "environments").iterdir() if place.suffix != ".lock"]
    assert "Installing its packages, once on this worker" in steps


def test_whoever_waits_for_packages_can_cancel(locked: dict[str, Path], tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant(SAYS)
    shutil.copyfile(locked["2.1.0"], folder / requirements.FILE)
    root = tmp_path / "work" / "environments"
    root.mkdir(parents=True)
    place = requirements.environment(folder, root)
    with FakeStudio() as studio, (root / f"{place.name}.lock").open("w") as held:
        assert requirements._held(held.fileno())  # another worker is at it
        studio.offer("job", folder)

        def cancel() -> None:
            while not any("packages" in report.step for report in studio.reports):
                time.sleep(0.01)
            studio.cancel = True

        threading.Thread(target=cancel, daemon=True).start()
        work = yard.workplace(studio)
        carry_out(work, "job")
        assert [finish.status for finish in studio.finished] == ["canceled"]
        leaving = replace(work, leaving=lambda: True)
        studio.cancel = False
        studio.offer("again", folder)
        carry_out(leaving, "again")
        assert len(studio.finished) == 1, "a runner that leaves says nothing: the job is another one's"
        work.line.close()
    assert not place.exists()


def test_pinning_is_all_or_nothing(tmp_path: Path, locked: dict[str, Path]) -> None:
    assert locked
    (tmp_path / requirements.WISHES).write_text("iniconfig==2.0.0\n")
    with pytest.raises(ValueError, match="iniconfig"):
        requirements.lock(tmp_path, ["iniconfig==2.1.0"])
    assert [path.name for path in tmp_path.iterdir()] == [requirements.WISHES]
    assert (tmp_path / requirements.WISHES).read_text() == "iniconfig==2.0.0\n"
