"""The conformance kit on images, in a real Docker daemon: what is good passes, planted faults are found."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from function_runner import machine
from function_runner.containers.images import Images
from function_runner.containers.launcher import DockerLauncher
from function_runner.launchers import Launch
from studio_sdk import conformance, container, image, packages, rootfs, scaffold, testing
from studio_sdk.container import ContainerPlace
from tests.contract.test_conformance import COPY, RUNS, STARTED, changed, plant
from tests.services.docker import Docker

STUDIO_SDK = Path(sys.executable).with_name("studio-sdk")

pytestmark = [pytest.mark.slow, pytest.mark.docker]


@pytest.fixture
def daemon(docker: Docker, monkeypatch: pytest.MonkeyPatch) -> Docker:
    monkeypatch.setenv("DOCKER_HOST", docker.address)
    return docker


def built(folder: Path, base: Path, out: Path) -> image.Image:
    found = rootfs.read(base)
    python = json.loads((folder / "pipeline.json").read_text()).get("entry", ["python"])[0] == "python"
    return image.build(folder, found, out, packages.of_the_sdk(found.python) if python else None)


def test_docker_knows_the_image_by_the_id_that_was_computed(daemon: Docker, tmp_path: Path) -> None:
    scaffold.new(tmp_path / "tone", "python")
    made = built(tmp_path / "tone", daemon.base, tmp_path / "tone.tar")
    client = daemon.client()
    try:
        with made.path.open("rb") as file:
            (loaded,) = client.images.load(file)
        assert loaded.id == made.id
        assert loaded.tags == ["tone:1.0.0"]
        assert json.loads(loaded.labels["studio.pipeline"])["id"] == "tone"
    finally:
        client.close()


def test_an_image_keeps_every_promise_in_a_container(daemon: Docker, tmp_path: Path) -> None:
    scaffold.new(tmp_path / "tone", "python")
    made = built(tmp_path / "tone", daemon.base, tmp_path / "tone.tar")
    said = subprocess.run([STUDIO_SDK, "test", made.path], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "in a container" in said.stdout
    assert " 0 broken" in said.stdout
    assert daemon.containers() == []


FAULTS = {
    "a label that lies": ('pathlib.Path("pipeline.json").read_text()', "'{}'", "`describe`", "not what the file says"),
    "writes to the root": (STARTED, f'pathlib.Path("/pipeline/x").touch(); {STARTED}', RUNS, "Read-only file system"),
    "writes to the inputs": (STARTED, f'(job / "inputs/x").touch(); {STARTED}', RUNS, "Read-only file system"),
    "has powers": (STARTED, f"os.chown(job / 'outputs', 0, 0); {STARTED}", RUNS, "not permitted"),
    "calls out": (
        STARTED,
        f'import socket; socket.create_connection(("192.0.2.1", 80), 5); {STARTED}',
        RUNS,
        "Network is unreachable",
    ),
    "falling progress": ("f=1, ", "f=0.1, ", RUNS, "progress falls"),
    "an output that lies": (COPY, "made.write_bytes(b'x' * 99)", RUNS, "is not of the type Image"),
    "a huge output": (COPY, "made.write_bytes(bytes(2_000_000))", RUNS, "did not succeed"),
    "a log that is no text": (STARTED, 'os.write(1, b"\\xff\\xfe oh"); sys.exit(7)', RUNS, "\ufffd\ufffd oh"),
    "a hang": ("time.sleep(0.15)", "time.sleep(60)", RUNS, "exit status 137"),
    "too much memory": (COPY, f"x = bytearray(300_000_000); {COPY}", RUNS, "exit status 137"),
}
"""As in test_conformance: what is written instead of what, in which promise it must be found, in which words."""


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_in_a_container(name: str, daemon: Docker, tmp_path: Path) -> None:
    old, new, promise, words = FAULTS[name]
    limits = {"silence_s": 20, "output_mb": 1, "cancel_grace_s": 1, "memory_mb": 64, "scratch_mb": 16}
    folder = plant(tmp_path / "planted", changed((old, new)), limits=limits)
    made = built(folder, daemon.base, tmp_path / "planted.tar")
    (tmp_path / "runs").mkdir()
    trials = conformance.trials(ContainerPlace(made.path, tmp_path / "image"), tmp_path / "runs")
    found = next(one for one in trials if one.faults)
    assert promise in found.promise
    assert words in "\n".join(found.faults)
    assert daemon.containers() == []


def held(daemon: Docker) -> dict[str, object]:
    """Return all that the one container there is held to, and remove it."""
    client = daemon.client()
    try:
        (one,) = client.containers.list(all=True)
        told, config = one.attrs["HostConfig"], one.attrs["Config"]
        words = [
            *("NetworkMode", "IpcMode", "ReadonlyRootfs", "CapAdd", "CapDrop", "SecurityOpt", "Init", "Privileged")
        ]
        words += ["Memory", "MemorySwap", "PidsLimit", "NanoCpus", "CpuShares", "OomScoreAdj", "Tmpfs", "PidMode"]
        mounts = {mount["Destination"]: mount["RW"] for mount in one.attrs["Mounts"]}
        limits = sorted((limit["Name"], limit["Soft"], limit["Hard"]) for limit in told["Ulimits"])
        one.remove(force=True)
        seen = {name: told.get(name) or None for name in words} | {"mounts": mounts, "limits": limits}
        seen |= {"log": told["LogConfig"]["Type"], "user": config["User"], "host": config["Hostname"]}
        return seen | {"environment": sorted(config["Env"])}
    finally:
        client.close()


def test_the_kits_container_is_held_as_the_runners(daemon: Docker, tmp_path: Path) -> None:
    folder = plant(tmp_path / "planted", changed(("time.sleep(0.15)", "time.sleep(60)")))
    made = built(folder, daemon.base, tmp_path / "planted.tar")
    place = ContainerPlace(made.path, tmp_path / "image")
    facts = testing.manifest(folder)
    testing.prepare(folder, tmp_path / "job")
    flags = [*container._flags(facts.limits), *container._job(tmp_path / "job", facts.limits)]
    place._made(flags, "run")
    tried = held(daemon)
    launch = Launch(
        pipeline=facts.model_copy(update={"image": made.id}),
        folder=folder,
        digest=made.folder_digest,
        environment=tmp_path,
        job_id="job",
        attempt=1,
        job_dir=tmp_path / "job",
        deadline=time.time() + 600,
        threads=machine.processors(),
    )
    ended = threading.Event()
    DockerLauncher(daemon.address, Images(daemon.base, tmp_path), "worker").start(launch, ended)
    run = held(daemon)
    assert ended.wait(60)
    assert tried == run


def test_one_that_will_not_stop_is_found_in_a_container(daemon: Docker, tmp_path: Path) -> None:
    stubborn = changed(
        ("signal.SIGTERM, stop", "signal.SIGTERM, lambda *_: time.sleep(60)"), ("time.sleep(0.15)", "time.sleep(2)")
    )
    limits = {"cancel_grace_s": 1, "silence_s": 20, "output_mb": 1}
    folder = plant(tmp_path / "planted", stubborn, limits=limits)
    made = built(folder, daemon.base, tmp_path / "planted.tar")
    (tmp_path / "runs").mkdir()
    trials = conformance.trials(ContainerPlace(made.path, tmp_path / "image"), tmp_path / "runs")
    broken = {one.promise: one.faults for one in trials if one.faults}
    assert broken == {"it stops within 1 s when it is told to": ("it did not stop and was killed",)}


def test_what_is_no_image_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "noise.tar").write_bytes(b"noise" * 999)
    said = subprocess.run([STUDIO_SDK, "test", tmp_path / "noise.tar"], capture_output=True, text=True, check=False)
    assert (said.returncode, "is no image" in said.stderr) == (64, True)
    scaffold.new(tmp_path / "tone", "python")
    words = [STUDIO_SDK, "test", tmp_path / "tone", "--backend", "docker"]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (said.returncode, "studio-sdk base" in said.stderr) == (64, True)


def test_a_folder_is_tried_in_a_container_too(daemon: Docker, tmp_path: Path) -> None:
    folder = plant(tmp_path / "planted", changed(("f=1, ", "f=0.1, ")))
    words = [STUDIO_SDK, "test", folder, "--backend", "docker", "--base", daemon.base]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (said.returncode, "progress falls" in said.stdout) == (70, True), said.stdout + said.stderr
    assert "in a container" in said.stdout
