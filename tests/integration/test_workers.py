"""The workers of a host, as real processes on a real Redis: large cards prefer large jobs, one command keeps all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery

from function_runner.alone import alone
from studio_sdk.wire import CELERY_TASK
from tests.fakes.pipelines import Yard, alive
from tests.fakes.studio import TOKEN, FakeStudio
from tests.services.redis import Redis
from tests.stage import ROOT


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    own = Redis(tmp_path / "redis")
    yield own
    own.kill()


@pytest.fixture
def studio() -> Iterator[FakeStudio]:
    with FakeStudio() as fake:
        yield fake


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


class Host:
    """`python -m function_runner` on a host that is said to have a card, or some processors."""

    def __init__(self, yard: Yard, studio: FakeStudio, redis: Redis, name: str, **variables: str) -> None:
        self.log = yard.root / f"{name}.log"
        self.mark = f"RUNNER_WORK_DIR={yard.root}/{name}"
        words = {
            **os.environ,  # noqa: TID251 - handed on
            "RUNNER_STUDIO_URL": studio.url,
            "RUNNER_TOKEN": TOKEN,
            "RUNNER_BROKER_URL": redis.url,
            "RUNNER_WORK_DIR": f"{yard.root}/{name}",
            "RUNNER_CACHE_DIR": f"{yard.root}/cache",
            "RUNNER_PIPELINES_DIR": str(yard.pipelines),
            **variables,
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "function_runner"], cwd=ROOT, env=words, stdout=log, stderr=log
            )

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)


def ring(redis: Redis, jobs: list[tuple[str, str]]) -> None:
    app = Celery(broker=redis.url)
    for job, queue in jobs:
        app.send_task(CELERY_TASK, args=[job], queue=queue, ignore_result=True)
    app.close()


def test_a_large_card_takes_large_jobs_first_and_small_ones_when_none_is_left(
    tmp_path: Path, studio: FakeStudio, redis: Redis
) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant("picture(); result()")
    jobs = [(f"{tier}-{n}", f"gpu.{tier}") for n in range(3) for tier in (12, 24, 16)]
    for job, _ in jobs:
        studio.offer(job, folder)
    ring(redis, jobs)
    host = Host(yard, studio, redis, "big", RUNNER_GPU="pretended", RUNNER_VRAM_GB="24", RUNNER_ENGINES='["cuda"]')
    until(lambda: len(studio.finished) == len(jobs))
    assert host.stop() == 0
    assert [job for job, _ in studio.claimed_by] == [f"{tier}-{n}" for tier in (24, 16, 12) for n in range(3)]
    assert (studio.workers[0]["vram_gb"], studio.workers[0]["queues"]) == (24, ["gpu.24", "gpu.16", "gpu.12"])


def test_a_small_card_never_takes_a_large_job(tmp_path: Path, studio: FakeStudio, redis: Redis) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant("picture(); result()")
    jobs = [(f"{tier}-{n}", f"gpu.{tier}") for n in range(4) for tier in (24, 12)]
    for job, _ in jobs:
        studio.offer(job, folder)
    ring(redis, jobs)
    small = Host(yard, studio, redis, "small", RUNNER_GPU="a", RUNNER_VRAM_GB="12", RUNNER_WORKER_ID="small")
    until(lambda: len(studio.finished) == 4)
    big = Host(yard, studio, redis, "big", RUNNER_GPU="b", RUNNER_VRAM_GB="24", RUNNER_WORKER_ID="big")
    until(lambda: len(studio.finished) == len(jobs))
    assert (small.stop(), big.stop()) == (0, 0)
    assert {(job, worker) for job, worker in studio.claimed_by if job.startswith("24")} == {
        (f"24-{n}", "big") for n in range(4)
    }


def test_one_command_keeps_all_workers_of_a_host_and_leaves_none(
    tmp_path: Path, studio: FakeStudio, redis: Redis
) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant("picture(); result()")
    host = Host(yard, studio, redis, "host", RUNNER_GPU="none", RUNNER_CPU_WORKERS="2")

    def boots() -> dict[str, set[object]]:
        found: dict[str, set[object]] = {}
        for worker in studio.workers:
            found.setdefault(str(worker["id"]).rpartition(":")[2], set()).add(worker["boot"])
        return found

    until(lambda: set(boots()) == {"cpu", "cpu2"})
    children = [
        int(pid) for pid in Path(f"/proc/{host.process.pid}/task/{host.process.pid}/children").read_text().split()
    ]
    assert len(children) == 2
    os.kill(children[0], signal.SIGKILL)
    until(lambda: sorted(len(one) for one in boots().values()) == [1, 2])
    for n in range(4):
        studio.offer(f"j{n}", folder)
    ring(redis, [(f"j{n}", "cpu") for n in range(4)])
    until(lambda: len(studio.finished) == 4)
    assert host.stop() == 0
    until(lambda: not environed(host.mark))


def test_a_paused_worker_leaves_the_bells_to_others_until_it_goes_on(
    tmp_path: Path, studio: FakeStudio, redis: Redis
) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant("picture(); result()")
    for job in ("one", "two"):
        studio.offer(job, folder)
    studio.paused = True
    host = Host(yard, studio, redis, "host", RUNNER_GPU="none", RUNNER_CPU_WORKERS="1", RUNNER_WORKER_ID="held")
    app = Celery(broker=redis.url)
    until(lambda: app.control.inspect(timeout=1).active_queues() == {"held@runner": []})
    ring(redis, [("one", "cpu")])
    time.sleep(2)
    assert studio.claimed_by == []
    studio.paused = False
    until(lambda: studio.claimed_by == [("one", "held")])
    app.close()
    assert host.stop() == 0


def test_no_worker_outlives_a_host_that_is_killed(tmp_path: Path, studio: FakeStudio, redis: Redis) -> None:
    host = Host(Yard(tmp_path), studio, redis, "host", RUNNER_GPU="none", RUNNER_CPU_WORKERS="2")
    until(lambda: len({worker["id"] for worker in studio.workers}) == 2)
    host.process.kill()
    host.process.wait(30)
    until(lambda: not environed(host.mark))


def test_workers_of_a_killed_host_are_not_disturbed_in_leaving_by_those_of_the_next(
    tmp_path: Path, studio: FakeStudio, redis: Redis
) -> None:
    """The host is back before they have left; one of them is at a job's first step, which takes its time."""
    yard = Yard(tmp_path)
    folder = yard.plant("picture(); result()")
    still = tmp_path / "still.png"
    still.write_bytes(b"a still")
    studio.offer("slow", folder, files={"still": [still]})
    studio.inputs_wait.clear()
    first = Host(yard, studio, redis, "host", RUNNER_GPU="none", RUNNER_CPU_WORKERS="2")
    ring(redis, [("slow", "cpu")])
    until(lambda: studio.fetched != [] and len({worker["boot"] for worker in studio.workers}) == 2)
    before = environed(first.mark)
    first.process.kill()
    first.process.wait()
    second = Host(yard, studio, redis, "host", RUNNER_GPU="none", RUNNER_CPU_WORKERS="2")
    time.sleep(6)  # without a rule its workers are there by now, and clear up what they find
    assert set(environed(first.mark)) & set(before) - {first.process.pid}, "the first have left too early for this test"
    studio.inputs_wait.set()
    until(lambda: len({worker["boot"] for worker in studio.workers}) == 4)
    assert set(environed(first.mark)) & set(before) == set()
    assert studio.finished == [], "a job that is given up is nobody's failure"
    assert not list((tmp_path / "host").glob("*/jobs/*"))
    studio.taken.clear()
    ring(redis, [("slow", "cpu")])
    until(lambda: [one.status for one in studio.finished] == ["succeeded"])
    assert second.stop() == 0


def test_two_workers_in_one_folder_are_one_too_many(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(TimeoutError, match="Another worker"), alone(tmp_path, patience_s=0.1):
        pass
    with alone(tmp_path, patience_s=0):
        pass


def environed(mark: str) -> list[int]:
    """Return the processes whose environment holds a word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def test_a_card_that_is_not_there_is_said_and_nothing_starts(tmp_path: Path, studio: FakeStudio, redis: Redis) -> None:
    host = Host(Yard(tmp_path), studio, redis, "none", RUNNER_GPU="7")
    assert host.process.wait(60) == 78
    assert "The card 7 is not there" in host.log.read_text()
    assert studio.workers == []
    assert alive(str(tmp_path)) == []
