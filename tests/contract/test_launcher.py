"""Pipelines that misbehave, each in its own way: the job ends with the right word, and nothing is left behind."""

import json
import os
import threading
import time
from pathlib import Path

import pytest

from function_runner import memory
from function_runner.job import carry_out
from studio_sdk.contract import Failure
from studio_sdk.wire import Finish
from tests.fakes.pipelines import Yard, alive
from tests.fakes.studio import TOKEN, FakeStudio
from tests.fakes.yards import LABELS, yard_of


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """Return a yard of plain processes, for what is the same however a pipeline runs."""
    return Yard(tmp_path)


@pytest.fixture(params=LABELS)
def each(request: pytest.FixtureRequest, tmp_path: Path) -> Yard:
    """Return a yard of each kind that this machine has."""
    return yard_of(request.param, tmp_path, request)


def do(yard: Yard, body: str, *, timeout_s: int = 30, cancel_when: str | None = None, **manifest: object) -> Finish:
    """Run a planted pipeline as a job and return how the runner said it ended."""
    folder = yard.plant(body, **manifest)
    with FakeStudio() as studio:
        studio.offer("job", folder, timeout_s=timeout_s)
        place = yard.workplace(studio)
        if cancel_when:
            threading.Thread(target=_cancel, args=(studio, cancel_when), daemon=True).start()
        carry_out(place, "job")
        place.line.close()
        assert len(studio.finished) == 1
        return studio.finished[0]


def _cancel(studio: FakeStudio, step: str) -> None:
    while not any(report.step == step for report in studio.reports):
        time.sleep(0.01)
    studio.cancel = True


def failure(finish: Finish) -> Failure:
    assert finish.status == "failed"
    assert finish.error
    return finish.error


def test_a_good_one_succeeds_and_its_facts_come_along(each: Yard) -> None:
    finish = do(
        each,
        """
        event(t="started"); event(t="progress", f=0.5, stage="half"); event(t="metric", name="loss", value=0.25)
        picture(); result(determinism="seeded", facts={"strokes": 12})
        """,
    )
    assert (finish.status, finish.error) == ("succeeded", None)
    assert [(out.socket, out.mime, out.suffix) for out in finish.outputs] == [("image", "image/png", ".png")]
    assert finish.facts == {"strokes": 12, "loss": 0.25}
    assert (finish.determinism, finish.sandbox) == ("seeded", each.label)
    assert not list((each.root / "work" / "jobs").iterdir()), "the folder of a good job is removed"


def test_a_crash_is_told_with_its_last_words(each: Yard) -> None:
    error = failure(do(each, "print('so far so good'); raise RuntimeError('the lamp broke')"))
    assert error.code == "PIPELINE_FAILED"
    assert "the lamp broke" in error.detail
    assert "exit status 1" in error.detail
    assert len(list((each.root / "work" / "jobs").iterdir())) == 1, "the folder of a failed job stays for a look"


def test_its_own_words_are_passed_on(each: Yard) -> None:
    error = failure(
        do(
            each,
            """
            words = {"code": "VALIDATION_ERROR", "message": "Too short.", "field": "text", "detail": "3 < 4"}
            (job / "outputs/result.json").write_text(json.dumps(
                {"contract": 1, "status": "failed", "error": words, "elapsed_s": 0}))
            sys.exit(64)
            """,
        )
    )
    assert error == Failure(code="VALIDATION_ERROR", message="Too short.", field="text", detail="3 < 4")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (64, "VALIDATION_ERROR"),
        (66, "UNSUPPORTED_MEDIA"),
        (69, "ENGINE_OFFLINE"),
        (70, "PIPELINE_FAILED"),
        (78, "DEPENDENCY_MISSING"),
        (79, "OUT_OF_MEMORY"),
        (143, "PIPELINE_FAILED"),
        (3, "PIPELINE_FAILED"),
    ],
)
def test_an_exit_status_without_words_has_a_meaning(yard: Yard, status: int, code: str) -> None:
    assert failure(do(yard, f"sys.exit({status})")).code == code


def test_silence_is_a_hang(each: Yard) -> None:
    start = time.monotonic()
    error = failure(do(each, "event(t='started'); time.sleep(600)", silence_s=0.6))
    assert error.code == "ENGINE_TIMEOUT"
    assert "said nothing" in error.message
    assert time.monotonic() - start < 100


def test_the_deadline_holds_for_one_that_keeps_talking(each: Yard) -> None:
    error = failure(
        do(
            each,
            """
            while True:
                event(t="heartbeat"); time.sleep(0.05)
            """,
            timeout_s=1,
        )
    )
    assert error.code == "ENGINE_TIMEOUT"
    assert "longer than 1 s" in error.message


def test_garbage_on_every_channel_is_harmless(each: Yard) -> None:
    finish = do(
        each,
        """
        noise = bytes(range(256)) * 4000
        os.write(1, noise); os.write(2, b"\\xff\\xfe{\\"t\\": \\"progress\\"}\\n\\x00")
        with (job / "events.jsonl").open("ab") as log:
            log.write(noise + b"\\n" + b"x" * 200000 + b"\\n" + b"{}\\n[1]\\nnull\\n")
            log.write(b'{"v":1,"seq":1,"ts":0,"t":"progress","f":99,"stage":"lie"}\\n')
        event(t="progress", f=0.4, stage="truth \\ud83c"); event(t="progress", f=0.2, stage="back")
        with (job / "events.jsonl").open("ab") as log:
            log.write(b"half a line")
        picture(); result()
        """,
    )
    assert (finish.status, finish.error) == ("succeeded", None)
    assert "\ufffd" in finish.log_tail


def test_an_end_without_a_result_is_no_success(each: Yard) -> None:
    assert failure(do(each, "picture()")).code == "OUTPUT_INVALID"


@pytest.mark.parametrize(
    "body",
    [
        "(job / 'outputs/result.json').write_text('{')",
        "(job / 'outputs/result.json').write_text('[]')",
        "(job / 'outputs/result.json').write_bytes(b'\\xff' * 10)",
        "(job / 'outputs/result.json').write_text(' ' * 2_000_000)",
        "(job / 'outputs/result.json').mkdir()",
        "os.mkfifo(job / 'outputs/result.json')",
        "picture(); result(); done = job / 'outputs/result.json'; done.rename(job / 'x'); os.symlink(job / 'x', done)",
        "picture(); result(name='other')",
        "picture(); result(sha256='0' * 64)",
        "picture(); result(size=3)",
        "result(sha256='0' * 64, size=9)",
        "(job / 'outputs/image.png').write_bytes(b''); result(size=1)",
        "(job / 'image.png').write_bytes(PNG); result(path='image.png')",
        "(job / 'image.png').write_bytes(PNG); result(path='outputs/../image.png')",
        "(job / 'image.png').write_bytes(PNG); result(path=str(job / 'image.png'))",
        "(job / 'image.png').write_bytes(PNG); os.symlink(job / 'image.png', job / 'outputs/image.png'); result()",
        (
            "d = job / 'd'; d.mkdir(); (d / 'a.png').write_bytes(PNG); os.symlink(d, job / 'outputs/d'); "
            "result(path='outputs/d/a.png')"
        ),
        "os.mkfifo(job / 'outputs/image.png'); result(sha256='0' * 64, size=1)",
        "(job / 'outputs/image.png').write_text('no picture'); result()",
        "(job / 'outputs/image.png').write_bytes(PNG[:40]); result()",
        "(job / 'outputs/image').write_bytes(PNG); result(path='outputs/image')",
        "(job / 'outputs/image.svg').write_text('<svg/>'); result(path='outputs/image.svg')",
    ],
)
def test_a_result_that_is_not_what_it_says_is_refused(yard: Yard, body: str) -> None:
    error = failure(do(yard, body))
    assert error.code == "OUTPUT_INVALID"
    assert error.message.endswith(".")


@pytest.mark.parametrize(
    ("socket", "name", "content"),
    [
        ("Video", "shot.mp4", "b'this is text, not a film'"),
        ("Video", "shot.mp4", "PNG"),
        ("Video", "shot.mp4", "b'#EXTM3U\\n#EXTINF:1,\\nfile:///etc/passwd\\n'"),
        ("Video", "shot.mp4", "b'ffconcat version 1.0\\nfile /etc/passwd\\n'"),
        ("Audio", "voice.wav", "b'RIFF'"),
        ("Audio", "voice.mp3", "PNG"),
        ("EDL", "cut.otio", "b'{}'"),
        ("Mask", "mask.png", "b'GIF89a'"),
    ],
)
def test_a_file_of_the_wrong_type_is_refused(yard: Yard, socket: str, name: str, content: str) -> None:
    body = f"(job / 'outputs/{name}').write_bytes({content}); result(name='out', path='outputs/{name}')"
    error = failure(do(yard, body, socket=socket, output="out"))
    assert error.code == "OUTPUT_INVALID"
    assert name in error.message


def test_a_child_left_behind_is_found_and_ended(each: Yard) -> None:
    mark = f"left-behind-{os.getpid()}"
    finish = do(
        each,
        f"""
        nest = "import os, time; os.fork() and os._exit(0); os.setsid(); time.sleep(600)"
        subprocess.Popen([sys.executable, "-c", nest, "{mark}"], start_new_session=True)
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "{mark}"])
        def command(path):
            try:
                return path.read_bytes()
            except OSError:  # it has ended meanwhile
                return b""
        there = 0
        while there < 2:
            there = sum(b"{mark}" in command(path) for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"))
            time.sleep(0.02)
        picture(); result(facts={{"there": there}})
        """,
    )
    assert finish.status == "succeeded"
    assert finish.facts["there"] in {2, 3}, "the one between was perhaps still there"
    assert alive(mark) == []


def test_a_cancel_reaches_it_and_it_may_say_so(each: Yard) -> None:
    start = time.monotonic()
    finish = do(
        each,
        """
        signal.signal(signal.SIGTERM, lambda *_: (print("heard it"), sys.exit(143)))
        event(t="progress", f=0.1, stage="at work"); time.sleep(600)
        """,
        cancel_when="at work",
        cancel_grace_s=60,
    )
    assert (finish.status, finish.error, finish.outputs) == ("canceled", None, [])
    assert "heard it" in finish.log_tail
    assert time.monotonic() - start < 100


def test_one_that_ignores_the_cancel_is_killed_after_its_grace(each: Yard) -> None:
    mark = f"stubborn-{os.getpid()}"
    start = time.monotonic()
    finish = do(
        each,
        f"""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "{mark}"])
        event(t="progress", f=0.1, stage="at work")
        while True:
            time.sleep(1)
        """,
        cancel_when="at work",
        cancel_grace_s=0.5,
    )
    assert finish.status == "canceled"
    assert time.monotonic() - start < 100
    assert alive(mark) == []


def test_one_that_fills_the_disk_is_stopped(each: Yard) -> None:
    error = failure(
        do(
            each,
            """
            number = 0
            while True:
                (job / "outputs" / f"{number}.bin").write_bytes(b"0" * 500_000); number += 1
                event(t="heartbeat"); time.sleep(0.05)
            """,
            output_mb=2,
        )
    )
    assert error.code == "OUTPUT_INVALID"
    assert "more than the 2 MB" in error.message


def test_one_file_cannot_grow_beyond_the_limit(each: Yard) -> None:
    error = failure(
        do(
            each,
            """
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            with (job / "outputs" / "image.png").open("wb") as file:
                for _ in range(50):
                    file.write(b"0" * 100_000); file.flush()
            """,
            output_mb=1,
        )
    )
    assert error.code == "OUTPUT_INVALID"


def test_a_kill_from_outside_is_not_blamed_on_memory(each: Yard) -> None:
    error = failure(do(each, "os.kill(os.getpid(), signal.SIGKILL)"))
    assert error.code == "PIPELINE_FAILED"
    assert "exit status 137" in error.detail


def test_the_kernels_count_of_memory_kills_is_read(tmp_path: Path) -> None:
    (tmp_path / "vmstat").write_text("nr_free 12\noom_kill 3\nswap_ra 0\n")
    assert memory.kills(tmp_path / "vmstat") == 3
    assert memory.kills(tmp_path / "none") == 0


def test_it_sees_a_clean_environment_and_its_own_folder(each: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNNER_TOKEN", TOKEN)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    finish = do(
        each,
        """
        picture()
        result(facts={"env": " ".join(sorted(os.environ)), "cwd": os.getcwd(), "stdin": str(sys.stdin.read() == ""),
                      "fds": str(len(os.listdir("/proc/self/fd"))), "nice": os.nice(0)})
        """,
    )
    names = set(str(finish.facts["env"]).split())
    contained = each.label == "container"
    always = {
        "HOME",
        "JOB_DIR",
        "LANG",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "PATH",
        "PYTHONUNBUFFERED",
        "TMPDIR",
    }
    of_images = {"HOSTNAME", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "TINI_KILL_PROCESS_GROUP"}
    assert names - {"LC_CTYPE", "PWD"} == always | (of_images if contained else set())
    assert finish.facts["cwd"] == ("/pipeline" if contained else str(each.pipelines / "planted"))
    assert (finish.facts["stdin"], finish.facts["fds"]) == ("True", "4")
    assert finish.facts["nice"] == (0 if contained else 5)


def test_inputs_arrive_as_they_are_and_are_kept_for_the_next_job(yard: Yard, tmp_path: Path) -> None:
    still = tmp_path / "My Still, final.PNG"
    still.write_bytes(b"one")
    other = tmp_path / "b.png"
    other.write_bytes(b"two")
    body = """
        files = request["inputs"]["still"]
        picture()
        read = "".join((job / f["path"]).read_text() for f in files)
        names, paths = (json.dumps([f[key] for f in files]) for key in ("name", "path"))
        result(facts={"read": read, "names": names, "paths": paths, "text": request["params"]["text"]})
        if request["params"]["text"] == "rude":
            (job / files[0]["path"]).chmod(0o644); (job / files[0]["path"]).write_text("spoilt")
    """
    folder = yard.plant(body)
    with FakeStudio() as studio:
        place = yard.workplace(studio)
        for job, text in (("a", "rude"), ("b", "polite"), ("c", "polite")):
            studio.offer(job, folder, {"text": text}, {"still": [still, other]})
            carry_out(place, job)
        place.line.close()
    for finish in studio.finished:
        assert finish.status == "succeeded", finish.error
        assert finish.facts["read"] == "onetwo"
    assert json.loads(str(studio.finished[0].facts["names"])) == ["My Still, final.PNG", "b.png"]
    assert json.loads(str(studio.finished[0].facts["paths"])) == ["inputs/still-000.png", "inputs/still-001.png"]
    assert len(studio.fetched) == 3, "the spoilt one is fetched again, the others are kept"
