"""A registry in a folder: versions that never change, ways back from a bad one, and a studio that uses it."""

import json
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studio_sdk import bundle, image, install, layer, packages, rootfs, scaffold
from studio_sdk.folder import folder_digest
from studio_sdk.registry import Registry, Release
from studio_server.__main__ import main as studio
from studio_server.actions.catalog import Catalogue

STUDIO_SDK = Path(sys.executable).with_name("studio-sdk")
PYTHON = f"3.{sys.version_info.minor}"


@pytest.fixture
def grain(tmp_path: Path) -> Path:
    scaffold.new(tmp_path / "film-grain", "python")
    return tmp_path / "film-grain"


def edition(folder: Path, version: str, **facts: object) -> Path:
    """Make another version of a pipeline, in the same folder."""
    path = folder / "pipeline.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": version} | facts))
    return folder


def published(folder: Path, registry: Path, scratch: Path) -> Release:
    scratch.mkdir(exist_ok=True)
    return Registry(registry, create=True).publish(bundle.of_folder(folder, scratch))[0]


def said(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([STUDIO_SDK, *map(str, words)], capture_output=True, text=True, check=False)


def test_a_version_stays_what_it_was(grain: Path, tmp_path: Path) -> None:
    first = said("publish", grain, tmp_path / "registry")
    assert first.returncode == 0, first.stderr
    digest = first.stdout.splitlines()[1]
    assert said("publish", grain, tmp_path / "registry").stdout.splitlines()[1] == digest, "the same again is no fault"
    with (grain / "main.py").open("a") as program:
        program.write("# other\n")
    refused = said("publish", grain, tmp_path / "registry")
    assert refused.returncode == 64
    assert "film-grain@1.0.0 is published already with other content" in refused.stderr
    assert [one.digest for one in Registry(tmp_path / "registry").releases()] == [digest]
    edition(grain, "1.0.1")
    assert said("publish", grain, tmp_path / "registry").returncode == 0
    listed = said("list", tmp_path / "registry").stdout
    assert [line.split()[0] for line in listed.splitlines()] == ["film-grain@1.0.1", "film-grain@1.0.0"]


def test_a_break_needs_a_version_that_says_so(grain: Path, tmp_path: Path) -> None:
    published(grain, tmp_path / "registry", tmp_path / "s")
    inputs = json.loads((grain / "pipeline.json").read_text())["inputs"]
    del inputs["level"]
    inputs["hertz"]["maximum"] = 9000
    refused = said("publish", edition(grain, "1.1.0", inputs=inputs), tmp_path / "registry")
    assert refused.returncode == 64
    assert "the input `level` is gone" in refused.stderr
    assert "takes nothing above 9000 now" in refused.stderr
    assert "Publish it as 2.0.0" in refused.stderr
    assert len(Registry(tmp_path / "registry").releases()) == 1
    told = said("publish", edition(grain, "2.0.0"), tmp_path / "registry")
    assert told.returncode == 0
    assert "since the version before, the input `level` is gone" in told.stdout


def test_the_ways_back(grain: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    for version in ("1.9.0", "1.10.0", "2.0.0"):
        published(edition(grain, version), registry, tmp_path / "s")
    assert Registry(registry).find("film-grain").version == "2.0.0"
    assert said("deprecate", registry, "film-grain@2.0.0", "--because", "it is too dark").returncode == 0
    assert Registry(registry).find("film-grain").version == "1.10.0"
    assert Registry(registry).find("film-grain@2.0.0").deprecated == "it is too dark", "still there for who names it"
    assert said("pin", registry, "film-grain@1.9.0").returncode == 0
    assert Registry(registry).find("film-grain").version == "1.9.0"
    assert said("pin", registry, "film-grain").returncode == 0
    assert said("deprecate", registry, "film-grain@2.0.0").returncode == 0
    assert Registry(registry).find("film-grain").version == "2.0.0"
    unknown = said("pin", registry, "film-grain@3.0.0")
    assert (unknown.returncode, "has no film-grain@3.0.0" in unknown.stderr) == (66, True)


def test_a_studio_uses_a_published_pipeline_and_goes_back(grain: Path, tmp_path: Path) -> None:
    registry, pipelines = tmp_path / "registry", tmp_path / "pipelines"
    published(grain, registry, tmp_path / "s")
    first = folder_digest(grain)
    published(edition(grain, "1.1.0"), registry, tmp_path / "s")
    catalogue = Catalogue(pipelines)
    told = said("install", registry, "film-grain", pipelines)
    assert (told.returncode, "needs the environment “bare”" in told.stdout) == (0, True)
    assert catalogue.pipelines()["film-grain"].version == "1.1.0"
    assert said("install", registry, "film-grain@1.0.0", pipelines).returncode == 0
    assert catalogue.installed()["film-grain"].digest == first
    assert catalogue.broken == {}
    assert catalogue.pipelines()["film-grain@1.1.0"].version == "1.1.0", "for the cards that were set up with it"
    assert sorted(path.name for path in pipelines.iterdir()) == ["film-grain", "film-grain@1.1.0", "installed.json"]
    assert said("install", registry, "film-grain@1.1.0", pipelines).returncode == 0
    assert {name: one.version for name, one in catalogue.pipelines().items()} == {
        "film-grain": "1.1.0",
        "film-grain@1.0.0": "1.0.0",
    }
    assert install.remove("film-grain@1.0.0", pipelines) == ["film-grain@1.0.0"]
    assert list(catalogue.pipelines()) == ["film-grain"]
    assert install.remove("film-grain", pipelines) == ["film-grain@1.1.0"]
    assert [path.name for path in pipelines.iterdir()] == ["installed.json"]


def test_what_somebody_wrote_is_not_overwritten(grain: Path, tmp_path: Path) -> None:
    registry, pipelines = tmp_path / "registry", tmp_path / "pipelines"
    published(grain, registry, tmp_path / "s")
    scaffold.new(pipelines / "film-grain", "shell")
    refused = said("install", registry, "film-grain", pipelines)
    assert (refused.returncode, "--overwrite" in refused.stderr) == (64, True)
    assert said("install", registry, "film-grain", pipelines, "--overwrite").returncode == 0
    (pipelines / "film-grain/main.py").write_text("# edited here")
    assert said("install", registry, "film-grain", pipelines).returncode == 64
    assert (pipelines / "film-grain/main.py").read_text() == "# edited here"
    install.remove("film-grain", pipelines)
    assert [path.name for path in pipelines.iterdir()] == ["installed.json"]


def test_a_damaged_registry_installs_nothing(grain: Path, tmp_path: Path) -> None:
    registry, pipelines = tmp_path / "registry", tmp_path / "pipelines"
    release = published(grain, registry, tmp_path / "s")
    blob = registry / image.place(Registry(registry).layers(release)[0])
    blob.write_bytes(blob.read_bytes().replace(b"Line-up tone", b"Line-up lies"))
    refused = said("install", registry, "film-grain", pipelines)
    assert (refused.returncode, "is not what was published" in refused.stderr) == (64, True)
    assert not list(pipelines.rglob("*.py"))


@pytest.mark.parametrize("trick", ["../../evil.py", "/tmp/evil-registry.py", "link"])
def test_a_hostile_registry_writes_nowhere_else(grain: Path, tmp_path: Path, trick: str) -> None:
    registry, pipelines = tmp_path / "registry", tmp_path / "deep" / "pipelines"
    release = published(grain, registry, tmp_path / "s")
    with tarfile.open(registry / image.place(Registry(registry).layers(release)[0]), "w") as tar:
        if trick == "link":
            link = tarfile.TarInfo("main.py")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(link)
        else:
            layer.add_bytes(tar, trick, b"evil")
    refused = said("install", registry, "film-grain", pipelines)
    assert (refused.returncode, refused.stderr.count("\n")) == (64, 1)
    assert not list(tmp_path.rglob("evil*"))
    assert not Path("/tmp/evil-registry.py").exists()
    assert not list(pipelines.glob("*/*"))


def test_two_who_publish_at_once_both_land(grain: Path, tmp_path: Path) -> None:
    made = []
    for version in range(8):
        scratch = tmp_path / f"s{version}"
        scratch.mkdir()
        made.append(bundle.of_folder(edition(grain, f"1.{version}.0"), scratch))
    registry = tmp_path / "registry"
    Registry(registry, create=True)
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda one: Registry(registry).publish(one), made))
    assert len(Registry(registry).releases("film-grain")) == 8
    assert not list(registry.rglob(".part-*"))


def test_an_image_and_its_folder_are_one_version(grain: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "base.tar", "w") as tar:
        for name in ("usr/bin/true", f"usr/bin/python{PYTHON}"):
            layer.add_bytes(tar, name, Path("/bin/true").read_bytes())
    made = image.build(grain, rootfs.read(tmp_path / "base.tar"), tmp_path / "image.tar", packages.of_the_sdk(PYTHON))
    registry = tmp_path / "registry"
    published(grain, registry, tmp_path / "s")
    told = said("publish", made.path, registry)
    assert (told.returncode, told.stdout.splitlines()[1]) == (0, made.digest), told.stderr
    assert {one.kind for one in Registry(registry).releases()} == {"folder", "image"}
    fetched = said("fetch", registry, "film-grain@1.0.0", tmp_path / "fetched.tar")
    assert made.id in fetched.stdout
    assert image.read(tmp_path / "fetched.tar").digest == made.digest
    assert said("install", registry, "film-grain", tmp_path / "pipelines").returncode == 0
    facts = Catalogue(tmp_path / "pipelines").pipelines()["film-grain"]
    assert facts.image == made.id, "a container runner starts the published image"
    with (grain / "main.py").open("a") as program:
        program.write("# other\n")
    other = image.build(grain, rootfs.read(tmp_path / "base.tar"), tmp_path / "two.tar", packages.of_the_sdk(PYTHON))
    assert said("publish", other.path, registry).returncode == 64


def test_the_studios_own_command_line(
    grain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = tmp_path / "registry"
    published(grain, registry, tmp_path / "s")
    monkeypatch.setenv("STUDIO_PIPELINES_DIR", str(tmp_path / "pipelines"))
    assert studio(["pipelines", "add", str(registry), "film-grain@1.0.0"]) == 0
    assert studio(["pipelines", "list"]) == 0
    assert "film-grain" in capsys.readouterr().out
    assert studio(["pipelines", "add", str(registry), "film-grain@7.0.0"]) == 1
    assert "PIPELINE_UNKNOWN: " in capsys.readouterr().err
    (tmp_path / "pipelines/film-grain/main.py").write_text("# edited")
    assert studio(["pipelines", "add", str(registry), "film-grain"]) == 1
    assert "VALIDATION_ERROR" in capsys.readouterr().err
    assert studio(["pipelines", "remove", "film-grain"]) == 0
    assert not (tmp_path / "pipelines/film-grain").exists()
    assert studio(["pipelines", "remove", "film-grain"]) == 1
