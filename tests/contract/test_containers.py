"""Docker itself: images are made once, limits are real, a dead runner leaves nothing, an absent daemon is named."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from function_runner.containers import engine
from function_runner.containers.images import Images
from function_runner.containers.launcher import DockerLauncher
from function_runner.job import carry_out
from studio_sdk import sample, testing
from studio_sdk.errors import Code, StudioError
from studio_sdk.wire import Finish
from tests.fakes.pipelines import WORKER, Yard
from tests.fakes.studio import FakeStudio
from tests.films import PIPELINES, ROOT
from tests.services.docker import Docker

pytestmark = pytest.mark.docker

WAITS = 'event(t="progress", f=0.1, stage="at work"); time.sleep(600)'


@pytest.fixture
def yard(docker: Docker, tmp_path: Path) -> Yard:
    return Yard(tmp_path, "container", docker)


def do(yard: Yard, folder: Path, params: dict[str, object] | None = None) -> Finish:
    with FakeStudio() as studio:
        studio.offer("job", folder, params, timeout_s=100)
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
        return studio.finished[0]


def until(what: str, true: object, limit_s: float = 100) -> None:
    give_up = time.monotonic() + limit_s
    while not true():  # type: ignore[operator]
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


def images(docker: Docker) -> set[str]:
    client = docker.client()
    try:
        return {image.id for image in client.images.list()}
    finally:
        client.close()


def change(folder: Path, **facts: object) -> None:
    path = folder / "pipeline.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))


def test_an_image_is_made_once_for_what_it_holds(yard: Yard, docker: Docker) -> None:
    folder = yard.plant("picture(); result()")
    assert do(yard, folder).status == "succeeded"
    made = images(docker)
    assert do(yard, folder).status == "succeeded"
    assert images(docker) == made
    (folder / "main.py").write_text((folder / "main.py").read_text() + "\n# another edition\n")
    assert do(yard, folder).status == "succeeded"
    assert len(images(docker) - made) == 1


def test_its_box_is_as_tight_as_the_page_says(yard: Yard) -> None:
    body = """
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
mounts = [line.split() for line in open("/proc/self/mounts")]
options = {line[1]: line[3].split(",") for line in mounts}
cgroup = pathlib.Path("/sys/fs/cgroup")
def limit(old, new):
    return next(path.read_text().split()[0] for path in (cgroup / old, cgroup / new) if path.exists())
picture()
result(facts={
    "uid": os.getuid(), "groups": str(os.getgroups()), "capabilities": status["CapBnd"].strip(),
    "no new privileges": status["NoNewPrivs"].strip(), "seccomp": status["Seccomp"].strip(),
    "root": "ro" in options["/"], "job": "ro" in options["/job"], "scratch": "size=1024k" in options["/job/scratch"],
    "network": " ".join(sorted(os.listdir("/sys/class/net"))), "pids": limit("pids/pids.max", "pids.max"),
    "memory": limit("memory/memory.limit_in_bytes", "memory.max"), "init": open("/proc/1/comm").read().strip(),
    "docker": any("docker.sock" in line[1] for line in mounts),
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
})
"""
    finish = do(yard, yard.plant(body, memory_mb=100, scratch_mb=1, pids=33))
    assert finish.error is None
    assert finish.facts == {
        "uid": 10001 if os.geteuid() == 0 else os.geteuid(),
        "groups": finish.facts["groups"],
        "capabilities": "0000000000000000",
        "no new privileges": "1",
        "seccomp": "2",
        "root": True,
        "job": True,
        "scratch": True,
        "network": "lo",
        "pids": "33",
        "memory": str(101 * 1024 * 1024),
        "init": "docker-init",
        "docker": False,
        "processes": 2,
    }
    assert "0" not in str(finish.facts["groups"]).strip("[]").split(", ")


def test_an_image_by_digest_is_run_and_one_that_is_not_here_is_asked_for(yard: Yard, docker: Docker) -> None:
    folder = yard.plant("picture(); result()")
    assert do(yard, folder).status == "succeeded"
    client = docker.client()
    own = client.images.list(name="studio-pipeline/planted")[0].id
    client.close()
    change(folder, image=own)
    (folder / "main.py").write_text("raise SystemExit('the folder was run, not the image')")
    assert do(yard, folder).status == "succeeded"
    change(folder, image="sha256:" + "ab" * 32)
    error = do(yard, folder).error
    assert error is not None
    assert (error.code, "docker load" in error.detail) == (Code.DEPENDENCY_MISSING, True)


def test_a_card_and_hosts_are_refused_where_nobody_allows_them(yard: Yard) -> None:
    folder = yard.plant("picture(); result()")
    change(folder, gpu="local")
    error = do(yard, folder).error
    assert error is not None
    assert (error.code, "RUNNER_DOCKER_GPUS" in error.detail) == (Code.NOT_PERMITTED, True)


def test_without_a_base_the_command_that_makes_one_is_told(yard: Yard, docker: Docker, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.tar"
    with FakeStudio() as studio:
        studio.offer("job", yard.plant("picture(); result()"))
        place = yard.workplace(studio, DockerLauncher(docker.address, Images(nothing, tmp_path), WORKER))
        carry_out(place, "job")
        place.line.close()
        error = studio.finished[0].error
    assert error is not None
    assert error.code is Code.DEPENDENCY_MISSING
    assert f"studio-sdk base {nothing}" in error.detail


def test_a_daemon_that_is_away_is_named(yard: Yard, docker: Docker, tmp_path: Path) -> None:
    away = DockerLauncher(f"unix://{tmp_path}/none.sock", Images(docker.base, tmp_path), WORKER)
    with pytest.raises(StudioError) as caught:
        away.reap()
    assert caught.value.code is Code.ENGINE_OFFLINE
    with FakeStudio() as studio:
        studio.offer("job", yard.plant("picture(); result()"))
        place = yard.workplace(studio, away)
        carry_out(place, "job")
        place.line.close()
        error = studio.finished[0].error
    assert error is not None
    assert error.code is Code.ENGINE_OFFLINE
    assert "systemctl start docker" in error.detail


def test_a_daemon_that_goes_away_meanwhile_ends_the_job_in_words(yard: Yard, docker: Docker) -> None:
    with FakeStudio() as studio:
        studio.offer("job", yard.plant(WAITS), timeout_s=100)
        place = yard.workplace(studio)
        done = threading.Thread(target=carry_out, args=(place, "job"))
        done.start()
        try:
            until("it works", lambda: any(report.step == "at work" for report in studio.reports))
            docker.kill()
            done.join(100)
            assert not done.is_alive()
        finally:
            docker.start()
        place.line.close()
        error = studio.finished[0].error
    assert error is not None
    assert error.code is Code.ENGINE_OFFLINE
    yard.launcher().reap()
    assert docker.containers() == []


RUNNER = """
import sys
from pathlib import Path
from function_runner.job import carry_out
from tests.fakes.pipelines import Yard
from tests.fakes.studio import FakeStudio
from tests.services.docker import Docker
docker = Docker.__new__(Docker)
docker.address, docker.base = sys.argv[2], Path(sys.argv[3])
with FakeStudio() as studio:
    studio.offer("job", Path(sys.argv[1]) / "pipelines/planted", timeout_s=int(sys.argv[4]))
    place = Yard(Path(sys.argv[1]), "container", docker).workplace(studio)
    carry_out(place, "job")
"""


@pytest.mark.parametrize("finder", ["its runner, started again", "its runner's next job", "another worker, later"])
def test_what_a_killed_runner_left_is_reaped(yard: Yard, docker: Docker, finder: str) -> None:
    folder = yard.plant(WAITS)
    words = [sys.executable, "-c", RUNNER, str(yard.root), docker.address, str(docker.base), "3"]
    runner = subprocess.Popen(words, cwd=ROOT)
    until("a container runs", lambda: _running(docker) or runner.poll() is not None)
    assert runner.poll() is None
    runner.send_signal(signal.SIGKILL)
    runner.wait()
    orphan = docker.containers()
    assert len(orphan) == 1
    stranger = DockerLauncher(docker.address, Images(docker.base, yard.root), "elsewhere:cpu")
    stranger.reap()
    assert docker.containers() == orphan, "it is somebody else's and may be at work"
    if finder == "its runner, started again":
        yard.launcher().reap()
    elif finder == "its runner's next job":
        (folder / "main.py").write_text("import time")
        do(yard, folder)
    else:
        _deadline_is_over(stranger)
    assert docker.containers() == []


def _running(docker: Docker) -> bool:
    client = docker.client()
    try:
        return bool(client.api.containers(filters={"label": engine.WORKER, "status": "running"}))
    finally:
        client.close()


def _deadline_is_over(stranger: DockerLauncher) -> None:
    """Turn the clock a quarter of an hour on."""
    now = time.time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("function_runner.containers.launcher.time.time", lambda: now + 900)
        stranger.reap()


@pytest.mark.parametrize("name", ["animatic", "clean-up", "enlarge", "motion-edges"])
def test_a_pipeline_that_ships_works_in_a_container_with_nothing_done_by_hand(
    docker: Docker, tmp_path: Path, name: str
) -> None:
    (tmp_path / "pipelines").symlink_to(PIPELINES)
    facts = testing.manifest(PIPELINES / name)
    given = sample.sample_of(PIPELINES / name, facts)
    files = {socket: list(paths) for socket, paths in given.files.items()}
    with FakeStudio() as studio:
        place = Yard(tmp_path, "container", docker).workplace(studio)
        for job in ("one", "two"):
            studio.offer(job, PIPELINES / name, dict(given.params), files, timeout_s=110)
            carry_out(place, job)
        place.line.close()
    one, two = studio.finished
    assert one.error is None
    assert (one.status, one.sandbox) == ("succeeded", "container")
    if facts.determinism == "bitwise":
        assert [output.oid for output in one.outputs] == [output.oid for output in two.outputs]
