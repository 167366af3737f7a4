"""Publishing to a real image registry (Debian's docker-registry, the reference one), started by the tests."""

import base64
import json
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from studio_sdk import bundle, image, layer, packages, push, rootfs, scaffold
from tests.integration.test_registry import PYTHON, edition, said
from tests.ports import free_port

HASHED = "$2b$04$7WloWGciJXol57yYkOSVu.eFzD5iF/i9A5iSH4bRAID.aYojTcBZS"
"""bcrypt of the word "secret"."""


def serve(root: Path, **more: object) -> Iterator[str]:
    program = shutil.which("docker-registry")
    if program is None:
        words = "docker-registry is not installed (Debian: apt-get install docker-registry)"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)  # noqa: TID251
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": str(root / "store")}},
        "http": {"addr": address},
        **more,
    }
    (root / "config.yml").write_text(json.dumps(settings))
    with (root / "log").open("wb") as log:
        process = subprocess.Popen([program, "serve", root / "config.yml"], stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            try:
                httpx.get(f"http://{address}/v2/")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        assert process.poll() is None, (root / "log").read_text()
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "served").mkdir()
    yield from serve(tmp_path / "served")


@pytest.fixture
def made(tmp_path: Path) -> image.Image:
    scaffold.new(tmp_path / "film-grain", "python")
    with tarfile.open(tmp_path / "base.tar", "w") as tar:
        for name in ("usr/bin/true", f"usr/bin/python{PYTHON}"):
            layer.add_bytes(tar, name, Path("/bin/true").read_bytes())
    return build(tmp_path, "image.tar")


def build(root: Path, name: str) -> image.Image:
    found = rootfs.read(root / "base.tar")
    return image.build(root / "film-grain", found, root / name, packages.of_the_sdk(PYTHON))


def test_an_image_is_pushed_whole_and_only_once(host: str, made: image.Image, tmp_path: Path) -> None:
    repository = f"oci://{host}/studio/film-grain"
    told = said("publish", made.path, repository, "--insecure")
    assert (told.returncode, told.stdout.splitlines()[1]) == (0, made.digest), told.stderr
    there = httpx.get(f"http://{host}/v2/studio/film-grain/manifests/1.0.0", headers={"Accept": image.OCI_MANIFEST})
    assert there.headers["Docker-Content-Digest"] == made.digest
    assert json.loads(there.content)["config"]["digest"] == made.id
    for one in json.loads(there.content)["layers"]:
        blob = httpx.get(f"http://{host}/v2/studio/film-grain/blobs/{one['digest']}").content
        assert layer.bytes_digest(blob) == one["digest"]
    assert "0.0 MB sent" in said("publish", made.path, repository, "--insecure").stdout
    edition(tmp_path / "film-grain", "1.0.1")
    again = push.push(bundle.of_image(build(tmp_path, "two.tar").path), f"{host}/studio/film-grain", insecure=True)
    assert 0 < again.bytes < 100_000, "the base and the packages were there"


def test_a_version_there_stays_what_it_was(host: str, made: image.Image, tmp_path: Path) -> None:
    repository = f"oci://{host}/film-grain"
    assert said("publish", made.path, repository, "--insecure").returncode == 0
    with (tmp_path / "film-grain/main.py").open("a") as program:
        program.write("# other\n")
    refused = said("publish", build(tmp_path, "two.tar").path, repository, "--insecure")
    assert (refused.returncode, "published already with other content" in refused.stderr) == (64, True)
    inputs = json.loads((tmp_path / "film-grain/pipeline.json").read_text())["inputs"]
    del inputs["level"]
    edition(tmp_path / "film-grain", "1.1.0", inputs=inputs)
    refused = said("publish", build(tmp_path, "two.tar").path, repository, "--insecure")
    assert (refused.returncode, "the input `level` is gone" in refused.stderr) == (64, True)
    tags = httpx.get(f"http://{host}/v2/film-grain/tags/list").json()["tags"]
    assert tags == ["1.0.0"]


def test_a_folder_is_pushed_too(host: str, made: image.Image, tmp_path: Path) -> None:
    told = said("publish", tmp_path / "film-grain", f"oci://{host}/film-grain", "--insecure")
    assert told.returncode == 0, told.stderr
    assert "folder" in told.stdout


def test_a_registry_that_wants_a_password(made: image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "passwords").write_text(f"anna:{HASHED}\n")
    auth = {"auth": {"htpasswd": {"realm": "studio", "path": str(tmp_path / "passwords")}}}
    for host in serve(tmp_path / "served", **auth):
        repository = f"oci://{host}/film-grain"
        refused = said("publish", made.path, repository, "--insecure")
        assert (refused.returncode, refused.stderr.count("\n")) == (64, 1), refused.stderr
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / ".docker").mkdir()
        known = {"auths": {host: {"auth": base64.b64encode(b"anna:secret").decode()}}}
        (tmp_path / ".docker/config.json").write_text(json.dumps(known))
        assert said("publish", made.path, repository, "--insecure").returncode == 0


def test_a_registry_that_is_not_there(made: image.Image) -> None:
    refused = said("publish", made.path, f"oci://127.0.0.1:{free_port()}/film-grain", "--insecure")
    assert (refused.returncode, "does not answer" in refused.stderr) == (69, True), refused.stderr
