"""A pipeline's run in its job folder: what it reports, how it ends, and what stays behind."""

import base64
import hashlib
import json
import os
import platform
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import studio_sdk
from studio_sdk import Code, Fail, Image, Job, Video, pipeline
from studio_sdk.box import Box
from studio_sdk.contract import EVENT, MAX_EVENT_BYTES, Preview, Result
from studio_sdk.job import EventLog
from studio_sdk.manifest import Pipeline
from studio_sdk.run import EXITS, run
from studio_sdk.wire import Report

WORDS: dict[str, Any] = {"id": "test", "version": "1.0.0", "title": "Test", "task": "test"}


@pipeline(**WORDS)
def echo(job: Job, prompt: str, clips: list[Video]) -> Video:
    """Write down what came in."""
    made = Video(job.outputs / "made.mp4")
    made.write_text(repr((prompt, [clip.label for clip in clips])))
    return made


def _events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_events_are_numbered_progress_never_falls_and_a_flood_is_held_back(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl")
    for number in range(5000):
        log.progress((number % 3000) / 3000, f"stage {number // 1000}")
    for _ in range(100):
        log.tell("log", {"level": "info", "msg": "x"})
    log.close()
    events = _events(tmp_path / "events.jsonl")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert len(events) < 60
    told = [event["f"] for event in events if event["t"] == "progress"]
    assert told == sorted(told)
    assert told[-1] == pytest.approx(2999 / 3000, abs=1e-3)
    assert "events left out" in events[-1]["msg"]


def test_a_line_is_never_longer_than_the_contract_allows(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl")
    log.tell("log", {"level": "info", "msg": "\u0416" * 100_000})
    log.progress(0.5, "s" * 500)
    log.close()
    assert all(len(line) < 65536 for line in (tmp_path / "events.jsonl").read_bytes().splitlines())
    assert [len(event.get("stage", "")) for event in _events(tmp_path / "events.jsonl")] == [0, 200]


def test_previews_are_small_and_one_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("studio_sdk.job.time.monotonic", lambda: now[0])
    log = EventLog(tmp_path / "events.jsonl")
    for at, content in ((0.0, b"first"), (0.4, b"too soon"), (1.0, b"x" * 45_001), (1.1, b"y" * 45_000)):
        now[0] = 100.0 + at
        log.show(content, "image/jpeg")
    log.close()
    lines = (tmp_path / "events.jsonl").read_bytes().splitlines()
    told = [EVENT.validate_json(line) for line in lines]
    shown = [base64.b64decode(one.data) for one in told if isinstance(one, Preview)]
    assert shown == [b"first", b"y" * 45_000]
    assert max(map(len, lines)) < MAX_EVENT_BYTES


def test_a_preview_is_passed_on_as_a_small_jpeg_or_png_and_nothing_else() -> None:
    told = "data:image/png;base64," + "A" * 1000
    assert Report(attempt=1, progress=0, preview=told).preview == told
    for bad in (
        "data:image/svg+xml;base64,AAAA",
        "javascript:alert(1)",
        told + "<",
        told + "A" * 65536,
        "https://a.b/c",
    ):
        with pytest.raises(ValidationError):
            Report(attempt=1, progress=0, preview=bad)


def _job(folder: Path, **changes: object) -> Path:
    for name in ("inputs", "outputs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "inputs" / "a.mp4").write_text("film")
    clip = {"path": "inputs/a.mp4", "sha256": "0" * 64, "mime": "video/mp4", "bytes": 4, "name": "My clip.mp4"}
    request = {
        "contract": 1,
        "job": {"id": "j", "attempt": 1, "deadline": 0},
        "pipeline": {"id": "test", "version": "1.0.0", "digest": ""},
        "params": {"prompt": "hello"},
        "inputs": {"clips": [clip]},
        "format": {"width": 1280, "height": 720, "frame_rate": "24000/1001"},
        "seed": 7,
        "quality": "low",
        **changes,
    }
    (folder / "request.json").write_text(json.dumps(request))
    return folder


@pytest.fixture(autouse=True)
def _keep_the_signal() -> Any:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def _done(box: Box, folder: Path) -> tuple[int, dict[str, Any]]:
    status = run(box, folder)
    return status, json.loads((folder / "outputs" / "result.json").read_text())


def test_a_run_leaves_a_result_with_the_right_hash(tmp_path: Path) -> None:
    status, result = _done(echo, _job(tmp_path))
    assert (status, result["status"]) == (0, "succeeded")
    (entry,) = result["outputs"]
    made = (tmp_path / entry["path"]).read_bytes()
    assert b"'My clip.mp4'" in made

    assert (entry["sha256"], entry["bytes"], entry["mime"]) == (
        hashlib.sha256(made).hexdigest(),
        len(made),
        "video/mp4",
    )
    assert [event["t"] for event in _events(tmp_path / "events.jsonl")] == ["started"]
    assert [path.name for path in (tmp_path / "outputs").iterdir() if path.name.startswith(".")] == []


def _box(body: Any) -> Box:
    def inner(job: Job) -> Image:
        """Do."""
        return body(job)  # type: ignore[no-any-return]

    return pipeline(**WORDS)(inner)


class OutOfMemoryError(Exception):
    """As torch names its own."""


def _raise(error: BaseException) -> Any:
    def body(_job: Job) -> Image:
        raise error

    return body


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError("x"), 70, "PIPELINE_FAILED"),
        (MemoryError(), 79, "OUT_OF_MEMORY"),
        (OutOfMemoryError("CUDA"), 79, "OUT_OF_MEMORY"),
        (ModuleNotFoundError("No module named 'x'", name="x"), 78, "DEPENDENCY_MISSING"),
        (OSError(28, "No space left"), 75, "STORAGE_FULL"),
        (Fail(Code.ENGINE_OFFLINE, "Away."), 69, "ENGINE_OFFLINE"),
        (Fail(Code.UNSUPPORTED_MEDIA, "Bad."), 66, "UNSUPPORTED_MEDIA"),
        (Fail(Code.INTERNAL, "Odd."), 70, "INTERNAL"),
        (SystemExit(0), 70, "PIPELINE_FAILED"),
        (KeyboardInterrupt(), 143, "CANCELED"),
    ],
)
def test_every_exception_has_its_status_and_code(tmp_path: Path, error: BaseException, status: int, code: str) -> None:
    seen, result = _done(_box(_raise(error)), _job(tmp_path, params={}, inputs={}))
    assert (seen, result["error"]["code"]) == (status, code)
    assert result["status"] == ("canceled" if code == "CANCELED" else "failed")
    assert "outputs" not in result


@pytest.mark.parametrize("made", ["missing", "outside", "link", "folder", "nothing"])
def test_an_output_that_is_not_a_file_of_its_own_is_refused(tmp_path: Path, made: str) -> None:
    def body(job: Job) -> Any:
        path = job.outputs / "a.png"
        if made == "outside":
            path = job.scratch / "a.png"
            path.write_text("x")
        if made == "link":
            (job.scratch / "real.png").write_text("x")
            path.symlink_to(job.scratch / "real.png")
        if made == "folder":
            path.mkdir()
        return None if made == "nothing" else Image(path)

    status, result = _done(_box(body), _job(tmp_path, params={}, inputs={}))
    assert (status, result["error"]["code"]) == (70, "OUTPUT_INVALID")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"contract": 2}', '{"contract": 1, "params": {}}'])
def test_a_job_folder_that_cannot_be_read_is_said_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "request.json").write_text(text)
    status, result = _done(echo, tmp_path)
    assert (status, result["error"]["code"]) == (64, "CONTRACT_MISMATCH")


def test_an_input_that_is_not_there_is_named(tmp_path: Path) -> None:
    _job(tmp_path)
    (tmp_path / "inputs" / "a.mp4").unlink()
    status, result = _done(echo, tmp_path)
    assert (status, result["error"]["code"], result["error"]["field"]) == (66, "FILE_NOT_FOUND", "clips")


def test_every_exit_has_a_code_that_the_published_list_knows() -> None:
    assert set(EXITS) <= set(Code)


MAIN = """
import time
from typing import Annotated
from studio_sdk import Code, Fail, Field, Image, Job, main, pipeline

def ready() -> None:
    import os
    if not os.path.exists("model.bin"):
        raise Fail(Code.DEPENDENCY_MISSING, "The model is missing.", detail="model.bin")

@pipeline(id="slow", version="1.0.0", title="Slow", task="test", ready=ready)
def slow(job: Job, seconds: float = 30) -> Image:
    '''Take long.'''
    for step in range(1000):
        job.progress(step / 1000, "waiting")
        try:
            time.sleep(seconds / 1000)
        except Exception:
            pass
    made = Image(job.outputs / "a.png")
    made.write_text("x")
    return made

if __name__ == "__main__":
    main(slow)
"""


def _start(folder: Path, *words: str, **variables: str) -> "subprocess.Popen[str]":
    (folder / "main.py").write_text(textwrap.dedent(MAIN))
    environment = {"PATH": os.defpath, **variables}
    return subprocess.Popen([sys.executable, "main.py", *words], cwd=folder, env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def test_a_sigterm_becomes_a_canceled_result(tmp_path: Path) -> None:
    _job(tmp_path, params={}, inputs={})
    with _start(tmp_path, JOB_DIR=str(tmp_path)) as process:
        while not (tmp_path / "events.jsonl").exists() or "progress" not in (tmp_path / "events.jsonl").read_text():
            assert process.poll() is None
        process.terminate()
        process.terminate()
        assert process.wait(10) == 143
    assert json.loads((tmp_path / "outputs" / "result.json").read_text())["status"] == "canceled"


def test_the_verbs_describe_and_check_need_no_job(tmp_path: Path) -> None:
    with _start(tmp_path, "describe") as process:
        assert Pipeline.model_validate_json(process.communicate()[0]).id == "slow"
    with _start(tmp_path, "check") as process:
        told = json.loads(process.communicate()[0])
    assert (process.returncode, told["code"], told["detail"]) == (78, "DEPENDENCY_MISSING", "model.bin")
    (tmp_path / "model.bin").write_text("")
    with _start(tmp_path, "check") as process:
        assert json.loads(process.communicate()[0]) == {"ok": True}
    assert process.returncode == 0
    with _start(tmp_path, "dance") as process:
        process.communicate()
    assert process.returncode == 64


def test_starting_a_pipeline_loads_nothing_but_the_standard_library() -> None:
    """The cost of a start is what is loaded: a schema library alone would double it for every shot."""
    script = "import sys; before = set(sys.modules); import studio_sdk; print('\\n'.join(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    roots = {name.split(".")[0] for name in done.stdout.split()} - {"studio_sdk"}
    assert roots <= set(sys.stdlib_module_names), roots - set(sys.stdlib_module_names)


def test_the_example_in_the_docstring_is_a_pipeline(tmp_path: Path) -> None:
    assert studio_sdk.__doc__
    lines = studio_sdk.__doc__.splitlines()
    code = textwrap.dedent("\n".join(line for line in lines if line.startswith("    ") or not line))
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(code, "example", "exec"), names)  # noqa: S102 - our own words
    from PIL import Image as Picture

    Picture.new("RGB", (4, 4), (255, 0, 0)).save(tmp_path / "red.png")
    entry = {"path": "red.png", "sha256": "0" * 64, "mime": "image/png", "bytes": 1, "name": ""}
    status, result = _done(names["negative"], _job(tmp_path, params={}, inputs={"still": [entry]}))
    assert status == 0, result
    with Picture.open(tmp_path / "outputs" / "negative.png") as seen:
        assert seen.getpixel((0, 0)) == (0, 255, 255)


def test_what_decided_the_result_is_told(tmp_path: Path) -> None:
    @pipeline(**WORDS, determinism="seeded")
    def drawn(job: Job) -> Video:
        """Make something with a model and a graph."""
        job.made_with |= {"workflows": {"look.json": "a" * 64}, "models": [{"file": "wan.safetensors"}], "comfyui": "1"}
        made = Video(job.outputs / "made.mp4")
        made.write_bytes(b"x")
        return made

    for name in ("inputs", "outputs"):
        (tmp_path / name).mkdir()
    request = {
        "contract": 1,
        "job": {"id": "j", "attempt": 1, "deadline": 0},
        "pipeline": {"id": "test", "version": "1.0.0", "digest": "d" * 64},
        "params": {},
        "format": {"width": 64, "height": 64, "frame_rate": "24/1"},
        "seed": 4711,
        "quality": "low",
    }
    (tmp_path / "request.json").write_text(json.dumps(request))
    assert run(drawn, tmp_path) == 0
    made_with = Result.model_validate_json((tmp_path / "outputs/result.json").read_bytes()).made_with
    assert (made_with.seed, made_with.pipeline, made_with.python) == (4711, "d" * 64, platform.python_version())
    assert made_with.facts() == {
        "workflow look.json": "a" * 64,
        "model wan.safetensors": "not hashed",
        "comfyui": "1",
    }
