"""Images without Docker: the same bytes every time, two formats in one tar, and words where things do not fit."""

import json
import os
import shutil
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from studio_sdk import image, layer, packages, rootfs, scaffold

PYTHON = f"3.{sys.version_info.minor}"


PYDANTIC = ("pydantic-2-py3-none-any.whl", {"pydantic/__init__.py": ""})


def root_fs(path: Path, *names: str) -> Path:
    """Write the tar of a root file system with a program and a Python, as small as can be."""
    with tarfile.open(path, "w") as tar:
        for name in names or ("usr/bin/true", f"usr/bin/python{PYTHON}"):
            layer.add_bytes(tar, name, Path("/bin/true").read_bytes())
    return path


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    scaffold.new(tmp_path / "tone", "python")
    return tmp_path / "tone"


def built(tone: Path, out: Path) -> image.Image:
    found = rootfs.read(root_fs(out.with_suffix(".base")))
    return image.build(tone, found, out, packages.of_the_sdk(found.python))


def test_two_builds_are_the_same_bytes(tone: Path, tmp_path: Path) -> None:
    first = built(tone, tmp_path / "one.tar")
    other = tmp_path / "elsewhere" / "tone"
    shutil.copytree(tone, other, copy_function=shutil.copyfile)
    (other / "__pycache__").mkdir()
    (other / "__pycache__" / "main.pyc").write_bytes(os.urandom(9))
    for path in (other, *other.rglob("*")):
        os.utime(path, (time.time(), 86400))
    os.umask(os.umask(0o077))
    second = built(other, tmp_path / "two.tar")
    assert (first.id, first.digest) == (second.id, second.digest)
    assert first.path.read_bytes() == second.path.read_bytes()


def test_a_changed_line_changes_one_layer(tone: Path, tmp_path: Path) -> None:
    def layers(made: image.Image) -> list[str]:
        with tarfile.open(made.path) as tar:
            return list(json.load(tar.extractfile("manifest.json"))[0]["Layers"])

    before = layers(built(tone, tmp_path / "one.tar"))
    with (tone / "main.py").open("a") as program:
        program.write("# changed\n")
    after = layers(built(tone, tmp_path / "two.tar"))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, False]


def test_it_says_what_it_is_without_being_run(tone: Path, tmp_path: Path) -> None:
    made = built(tone, tmp_path / "tone.tar")
    found = image.read(made.path)
    assert found == made
    assert found.facts.title == "Tone"
    with tarfile.open(made.path) as tar:
        config = json.load(tar.extractfile("blobs/" + made.id.replace(":", "/")))
        assert json.loads(config["config"]["Labels"]["studio.pipeline"]) == json.loads(
            (tone / "pipeline.json").read_text()
        )
        assert config["config"]["User"] == "10001:10001"
        assert config["config"]["Entrypoint"] == [f"python{PYTHON}", "main.py"]
        for blob in (name for name in tar.getnames() if name.startswith("blobs/")):
            content = tar.extractfile(blob).read()
            assert layer.bytes_digest(content) == blob.removeprefix("blobs/").replace("/", ":")
        assert {member.mtime for member in tar} == {layer.EPOCH}


def test_a_built_image_is_a_base_for_the_next(tone: Path, tmp_path: Path) -> None:
    made = built(tone, tmp_path / "one.tar")
    again = image.build(tone, rootfs.read(made.path), tmp_path / "two.tar", None)
    assert again.id != made.id
    with tarfile.open(again.path) as tar:
        assert len(json.load(tar.extractfile("manifest.json"))[0]["Layers"]) == 4


def test_a_damaged_image_is_not_believed(tone: Path, tmp_path: Path) -> None:
    made = built(tone, tmp_path / "tone.tar")
    content = made.path.read_bytes()
    for word in (b"Line-up tone", b"samples.tobytes"):
        damaged = tmp_path / "damaged.tar"
        damaged.write_bytes(content.replace(word, word[::-1]))
        with pytest.raises(ValueError, match="damaged"):
            image.read(damaged)
    damaged.write_bytes(content[:5000])
    with pytest.raises(ValueError, match="no image"):
        image.read(damaged)


def test_what_leaves_the_folder_is_not_packed(tone: Path, tmp_path: Path) -> None:
    (tone / "secret").symlink_to("/etc/passwd")
    with pytest.raises(ValueError, match="a link to /etc/passwd"):
        built(tone, tmp_path / "tone.tar")
    assert not (tmp_path / "tone.tar").exists()
    assert not list(tmp_path.glob(".image-*")), "nothing half-made stays"


def test_a_base_that_is_none_is_refused_in_words(tone: Path, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(os.urandom(4096))
    with pytest.raises(ValueError, match="no uncompressed tar"):
        rootfs.read(tmp_path / "noise")
    with tarfile.open(tmp_path / "papers", "w") as tar:
        layer.add_bytes(tar, "etc/motd", b"hello")
    with pytest.raises(ValueError, match="no program in it"):
        rootfs.read(tmp_path / "papers")
    bare = rootfs.read(root_fs(tmp_path / "bare", "usr/bin/true"))
    with pytest.raises(ValueError, match="the base has none"):
        image.build(tone, bare, tmp_path / "tone.tar", None)


def wheel(folder: Path, name: str, **members: str) -> None:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        for member, text in members.items():
            archive.writestr(member, text)


def test_wheels_are_unpacked(tmp_path: Path) -> None:
    members = {"lamp/__init__.py": "", "lamp-1.data/purelib/shade.py": "", "lamp-1.data/scripts/lamp": "#!python"}
    wheel(tmp_path / "house", "lamp-1-py3-none-any.whl", **members, **{"lamp-1.dist-info/RECORD": ""})
    with pytest.raises(ValueError, match="lacks pydantic"):
        packages.of_wheelhouse(tmp_path / "house", "3.11", tmp_path / "scratch")
    wheel(tmp_path / "house", *PYDANTIC[:1], **PYDANTIC[1])
    found = packages.of_wheelhouse(tmp_path / "house", "3.11", tmp_path / "scratch")
    assert sorted(found) == ["lamp/__init__.py", "pydantic/__init__.py", "shade.py", "studio_sdk"]
    assert all(path.exists() for path in found.values())


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("lamp-1-cp310-abi3-manylinux_2_17_x86_64.whl", True),
        ("lamp-1-cp311-cp311-manylinux_2_17_x86_64.whl", True),
        ("lamp-1-py2.py3-none-any.whl", True),
        ("lamp-1-cp310-cp310-manylinux_2_17_x86_64.whl", False),
        ("lamp-1-cp312-abi3-manylinux_2_17_x86_64.whl", False),
        ("lamp-1-py2-none-any.whl", False),
    ],
)
def test_a_wheel_for_another_python_is_refused(name: str, fits: bool, tmp_path: Path) -> None:
    wheel(tmp_path / "house", *PYDANTIC[:1], **PYDANTIC[1])
    wheel(tmp_path / "house", name, **{"lamp.py": ""})
    if fits:
        assert "lamp.py" in packages.of_wheelhouse(tmp_path / "house", "3.11", tmp_path / "scratch")
    else:
        with pytest.raises(ValueError, match="is not for Python"):
            packages.of_wheelhouse(tmp_path / "house", "3.11", tmp_path / "scratch")


@pytest.mark.parametrize("member", ["../../evil.py", "/evil.py", "lamp-1.data/purelib/../../../evil.py"])
def test_a_wheel_that_writes_elsewhere_is_refused(member: str, tmp_path: Path) -> None:
    wheel(tmp_path / "house", "lamp-1-py3-none-any.whl", **{member: ""})
    with pytest.raises(ValueError, match="leaves the folder"):
        packages.of_wheelhouse(tmp_path / "house", "3.11", tmp_path / "scratch")
    assert not list(tmp_path.rglob("evil.py"))
