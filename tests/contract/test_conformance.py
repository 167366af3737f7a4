"""The conformance kit: what the studio ships keeps every promise, and every planted fault is found and named."""

import dataclasses
import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from function_runner.job import carry_out
from studio_sdk import conformance, sample, scaffold, testing
from studio_sdk.conformance import Finding
from studio_sdk.places import ProcessPlace, Said
from tests.fakes.pipelines import Yard, alive
from tests.fakes.studio import FakeStudio
from tests.films import PIPELINES, interpreter

STUDIO_SDK = Path(sys.executable).with_name("studio-sdk")
MANIFEST = {
    "contract": 1,
    "id": "planted",
    "version": "1.0.0",
    "title": "Planted",
    "task": "test",
    "engine": "cpu",
    "environment": "bare",
    "inputs": {
        "still": {"type": "Image", "required": True},
        "words": {"type": "String", "max_length": 20},
        "strength": {"type": "Float", "default": 0.5, "minimum": 0, "maximum": 1},
    },
    "outputs": {"image": {"type": "Image", "required": True}},
    "variants": [{"quality": "low", "timeout_s": 8}],
    "determinism": "bitwise",
    "limits": {"cancel_grace_s": 1, "silence_s": 20, "output_mb": 1},
}

GOOD = r"""
import hashlib, json, os, pathlib, signal, subprocess, sys, time
verb = sys.argv[1] if len(sys.argv) > 1 else "run"
if verb == "describe":
    print(pathlib.Path("pipeline.json").read_text()); sys.exit()
if verb == "check":
    print('{"ok": true}'); sys.exit()
job = pathlib.Path(os.environ["JOB_DIR"])
seq = 0
def event(**fields):
    global seq
    seq += 1
    with (job / "events.jsonl").open("a") as log:
        log.write(json.dumps({"v": 1, "seq": seq, "ts": time.time(), **fields}) + "\n")
def end(status, code, **more):
    (job / "outputs/.part").write_text(json.dumps({"contract": 1, "status": status, "elapsed_s": 0.1, **more}))
    (job / "outputs/.part").rename(job / "outputs/result.json")
    sys.exit(code)
def refuse(field, code="VALIDATION_ERROR", status=64):
    end("failed", status, error={"code": code, "message": "Wrong.", "field": field})
def stop(*_):
    end("canceled", 143, error={"code": "CANCELED", "message": "Canceled."})
signal.signal(signal.SIGTERM, stop)
request = json.loads((job / "request.json").read_text())
if request["contract"] != 1:
    refuse(None, "CONTRACT_MISMATCH")
params, given = request["params"], request["inputs"]
for name in params:
    if name not in ("words", "strength"):
        refuse(name)
words, strength = params.get("words", ""), params.get("strength", 0.5)
if not isinstance(words, str) or len(words) > 20:
    refuse("words")
if isinstance(strength, str) or not 0 <= strength <= 1:
    refuse("strength")
if len(given.get("still", [])) != 1:
    refuse("still")
still = job / given["still"][0]["path"]
if not still.exists() or still.read_bytes()[:4] != b"\x89PNG":
    refuse("still", "UNSUPPORTED_MEDIA", 66)
event(t="started")
event(t="progress", f=0.5, stage="half")
time.sleep(0.15)
event(t="progress", f=1, stage="done")
made = job / "outputs/image.png"
made.write_bytes(still.read_bytes())
sha256 = hashlib.sha256(made.read_bytes()).hexdigest()
size = made.stat().st_size
entry = {"name": "image", "path": "outputs/image.png", "sha256": sha256, "bytes": size, "mime": "image/png"}
end("succeeded", 0, outputs=[entry])
"""

STARTED = 'event(t="started")'
COPY = "made.write_bytes(still.read_bytes())"
NEST = 'subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "left-by-it"], start_new_session=True)'
RUNS = "it runs on a sample"
ONE_FAULT = {
    "describe lies": ('pathlib.Path("pipeline.json").read_text()', "'{}'", "`describe`", "not what the file says"),
    "describe is slow": ('if verb == "describe":', "time.sleep(3.2)\nif verb == 'describe':", "`describe`", "it took"),
    "check says nothing": ("print('{\"ok\": true}')", "pass", "`check`", "it printed ''"),
    "exit 0 without a result": (STARTED, "sys.exit()", RUNS, "no readable result.json"),
    "never started": (STARTED, "pass", RUNS, "never said `started`"),
    "falling progress": ("f=1, ", "f=0.1, ", RUNS, "progress falls"),
    "events out of order": ("    seq += 1\n", "    seq += 2\n", RUNS, "not numbered"),
    "events that are no JSON": ('json.dumps({"v"', 'str({"v"', RUNS, "bad lines"),
    "another hash": ("made.read_bytes()).hex", "b'other').hex", RUNS, "not the file the result describes"),
    "an output elsewhere": ('"path": "outputs/image.png"', '"path": "image.png"', RUNS, "not a regular file"),
    "an output that is a link": (COPY, "made.symlink_to(still)", RUNS, "not a regular file"),
    "an output too many": (STARTED, f'{STARTED}; (job / "outputs/x").touch()', RUNS, "too many"),
    "an output of another name": ('"name": "image"', '"name": "picture"', RUNS, "exactly the outputs"),
    "an output of another type": ("image.png", "image.txt", RUNS, "is not of the type Image"),
    "an output that lies": (COPY, "made.write_bytes(b'x' * 99)", RUNS, "is not of the type Image"),
    "a huge output": (COPY, "made.write_bytes(still.read_bytes() * 700)", RUNS, "MB, its manifest says 1"),
    "success with status 3": ('end("succeeded", 0', 'end("succeeded", 3', RUNS, "exit status 3 does not fit"),
    "a changed input": (STARTED, f'{STARTED}; still.write_bytes(b"\\x89PNG")', RUNS, "changed its input"),
    "a child left behind": (STARTED, f"{STARTED}; {NEST}", RUNS, "left a process behind"),
    "a log that is no text": (STARTED, 'os.write(1, b"\\xff\\xfe oh"); sys.exit(7)', RUNS, "\ufffd\ufffd oh"),
    "a hang": ("time.sleep(0.15)", "time.sleep(60)", RUNS, "exit status 137"),
    "silence": ("time.sleep(0.15)", "time.sleep(1.3)", RUNS, "it was silent for"),
    "chance": (COPY, "made.write_bytes(still.read_bytes() + os.urandom(9))", "same bytes", "another file"),
    "a claim that is not its own": (
        "outputs=[entry])",
        'outputs=[entry], determinism="none")',
        RUNS,
        "its manifest bitwise",
    ),
    "another seed": ("outputs=[entry])", 'outputs=[entry], made_with={"seed": 9})', RUNS, "it was given 1"),
    "another edition": ("outputs=[entry])", 'outputs=[entry], made_with={"pipeline": "x"})', RUNS, "another edition"),
    "a path cut in two": ('os.environ["JOB_DIR"])', 'os.environ["JOB_DIR"].split()[0])', "spaces", "did not succeed"),
}
"""Each planted fault: what is written instead of what, in which promise it must be found, and in which words."""

SLOPPY = {
    '    if name not in ("words", "strength"):': "    if False:",
    "not 0 <= strength <= 1": "False",
    " or len(words) > 20": "",
    'refuse("strength")': "1 / 0",
    "if not isinstance(words, str)": 'if not isinstance(words, str) and refuse("still")',
    ' or still.read_bytes()[:4] != b"\\x89PNG"': "",
    'if request["contract"] != 1:': "if False:",
    "signal.SIGTERM, stop": "signal.SIGTERM, lambda *_: time.sleep(60)",
    STARTED: f'lock = pathlib.Path("lock"); lock.exists() and sys.exit(75); lock.touch(); {STARTED}',
    'end("succeeded", 0': 'lock.unlink(); end("succeeded", 0',
}
"""Faults that are found after a first good run, all in one pipeline, and the promises that they break:"""

BROKEN = {
    "it refuses a setting that it does not have": "it succeeded",
    "it refuses `strength` below 0": "it succeeded",
    "it refuses `strength` above 1": "it succeeded",
    "it refuses `strength` that is a word": "exit status 1, not 64",
    "it refuses `words` longer than 20 characters": "it succeeded",
    "it refuses `words` that is a number": "names 'still'",
    "it refuses a file that is not what its name says for `still`": "",
    "it refuses an empty file for `still`": "",
    "it refuses a request of another contract": "it succeeded",
    "it stops within 1 s when it is told to": "was killed",
    "after it was killed in the middle, the next run is as good as the first": "exit status 75",
    "its own folder is as it was": "it has changed",
}


def plant(folder: Path, program: str = GOOD, **facts: object) -> Path:
    folder.mkdir()
    (folder / "pipeline.json").write_text(json.dumps(MANIFEST | facts))
    (folder / "main.py").write_text(program)
    return folder


def changed(*changes: tuple[str, str]) -> str:
    program = GOOD
    for old, new in changes:
        assert old in program
        program = program.replace(old, new)
    return program


def findings(folder: Path, root: Path, python: Path | str = sys.executable) -> list[Finding]:
    root.mkdir()
    return list(conformance.trials(ProcessPlace(folder, python), root))


def test_a_good_pipeline_keeps_every_promise(tmp_path: Path) -> None:
    found = findings(plant(tmp_path / "planted"), tmp_path / "runs")
    assert [one for one in found if one.faults] == []
    assert [one.promise for one in found if one.left] == ["what comes out is what sample/expected.json says"]
    assert len(found) > 15


@pytest.mark.parametrize("name", ONE_FAULT)
def test_a_planted_fault_is_found(name: str, tmp_path: Path) -> None:
    old, new, promise, words = ONE_FAULT[name]
    limits = {"silence_s": 1, "output_mb": 1} if name in {"silence", "a huge output"} else {"silence_s": 20}
    folder = plant(tmp_path / "planted", changed((old, new)), limits=limits)
    (tmp_path / "runs").mkdir()
    trials = conformance.trials(ProcessPlace(folder), tmp_path / "runs")
    found = next(one for one in trials if one.faults)
    assert promise in found.promise
    assert words in "\n".join(found.faults)
    assert found.mend
    assert not alive("left-by-it")


def test_what_is_wrong_with_answers_and_ends_is_found(tmp_path: Path) -> None:
    found = findings(plant(tmp_path / "planted", changed(*SLOPPY.items())), tmp_path / "runs")
    broken = {one.promise: "\n".join(one.faults) for one in found if one.faults}
    assert sorted(broken) == sorted(BROKEN)
    assert {promise: words in broken[promise] for promise, words in BROKEN.items()} == dict.fromkeys(BROKEN, True)


@pytest.mark.parametrize(("made", "fault"), [("[entry]", ""), ("[]", "its result says succeeded, not canceled")])
def test_done_before_it_was_told_to_stop_is_no_fault_unless_it_is_not_true(
    made: str, fault: str, tmp_path: Path
) -> None:
    heard = f'end("succeeded", 143, outputs={made}) if late else end("succeeded", 0'
    program = changed(
        ("def stop(*_):", "late = []\ndef stop(*_):\n    late.append(1); return"), ('end("succeeded", 0', heard)
    )
    found = findings(plant(tmp_path / "planted", program), tmp_path / "runs")
    stops = next(one for one in found if one.promise.startswith("it stops within"))
    assert "\n".join(stops.faults) == fault
    assert bool(stops.left) != bool(fault)


def test_a_manifest_that_is_none_ends_it_in_words(tmp_path: Path) -> None:
    found = findings(plant(tmp_path / "planted", version="one"), tmp_path / "runs")
    assert [one.promise for one in found] == ["the manifest can be read"]
    assert "version" in found[0].faults[0]


@pytest.mark.parametrize("language", scaffold.languages())
def test_a_new_pipeline_keeps_every_promise_at_once(language: str, tmp_path: Path) -> None:
    if language == "node" and not shutil.which("node"):
        pytest.skip("this machine has no Node")
    folder = tmp_path / "film-grain"
    made = subprocess.run(
        [STUDIO_SDK, "new", folder, "--language", language], capture_output=True, text=True, check=True
    )
    assert str(folder / "pipeline.json") in made.stdout
    recorded = subprocess.run([STUDIO_SDK, "test", folder, "--record"], capture_output=True, text=True, check=False)
    assert recorded.returncode == 0, recorded.stdout
    assert "Film grain 1.0.0" in recorded.stdout
    assert " 0 broken" in recorded.stdout
    assert json.loads((folder / "sample/expected.json").read_text())["version"] == "1.0.0"
    assert subprocess.run([STUDIO_SDK, "check", folder], check=False).returncode == 0


def test_what_was_recorded_is_expected(tmp_path: Path) -> None:
    folder = plant(tmp_path / "planted")
    (tmp_path / "record").mkdir()
    conformance.record(ProcessPlace(folder), tmp_path / "record")
    (folder / "main.py").write_text(changed((COPY, 'made.write_bytes(still.read_bytes() + b"!")')))
    found = next(one for one in findings(folder, tmp_path / "runs") if one.faults)
    assert found.promise == "what comes out is what sample/expected.json says"
    assert "sha256" in found.faults[0]


def test_a_name_that_is_none_or_is_taken_makes_nothing(tmp_path: Path) -> None:
    done = subprocess.run([STUDIO_SDK, "new", tmp_path / "Film Grain"], capture_output=True, text=True, check=False)
    assert (done.returncode, "small letters" in done.stderr) == (64, True)
    (tmp_path / "taken").mkdir()
    done = subprocess.run([STUDIO_SDK, "new", tmp_path / "taken"], capture_output=True, text=True, check=False)
    assert (done.returncode, "is there already" in done.stderr) == (64, True)
    assert not any(tmp_path.rglob("*.*"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["animatic", "deflicker", "enlarge", "grade", "interpolate", "mix", "storyboard-frame"]
)
def test_the_studios_own_pipelines_keep_every_promise(name: str, tmp_path: Path) -> None:
    found = findings(PIPELINES / name, tmp_path / "runs", interpreter(name))
    assert [one for one in found if one.faults] == []
    assert len(found) > 15


@pytest.mark.parametrize("language", scaffold.languages())
def test_a_new_pipeline_runs_in_the_studio(language: str, tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    folder = yard.pipelines / "film-grain"
    yard.pipelines.mkdir()
    (yard.pipelines / "environments").symlink_to(PIPELINES / "environments")
    scaffold.new(folder, language)
    given = sample.sample_of(folder, testing.manifest(folder))
    with FakeStudio() as studio:
        studio.offer("job", folder, dict(given.params), given.files)
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
        (finish,) = studio.finished
    assert (finish.status, finish.error) == ("succeeded", None)
    assert [out.mime for out in finish.outputs] == [{"python": "audio/wav"}.get(language, "image/png")]


def test_a_start_that_was_slow_once_is_no_fault(tmp_path: Path) -> None:
    """The first one reads from a cold disk, and compiles; what is slow each time is one of the faults above."""
    folder = tmp_path / "cold"
    scaffold.new(folder, "python")
    words: list[str] = []

    class Cold(ProcessPlace):
        def verb(self, word: str) -> Said:
            words.append(word)
            said = super().verb(word)
            return dataclasses.replace(said, elapsed_s=9.0 if words.count(word) == 1 else 0.1)

    found = list(itertools.islice(conformance.trials(Cold(folder), tmp_path), 3))
    assert [finding.faults for finding in found] == [(), (), ()]
    assert words == ["describe", "describe", "check", "check"]


KEEPING = """
place = os.environ.get("JOB_CACHE")
name = hashlib.sha256(still.read_bytes()).hexdigest()
entry = pathlib.Path(place, name) if place else None
def seal(content):
    return hashlib.sha256(name.encode() + content).hexdigest().encode()
content = b""
if entry and entry.exists():
    head, content = entry.read_bytes()[:64], entry.read_bytes()[64:]
    if CHECKED and head != seal(content):
        content = b""
if not content:
    content = still.read_bytes()
    if entry:
        entry.write_bytes(seal(content) + content)
        for extra in EXTRA:
            (entry.parent / extra).write_bytes(bytes(EXTRA[extra]))
made.write_bytes(content)
"""
KEEPS = "what it keeps for later changes nothing but the time it takes"
WRONGLY_KEPT = {
    "as it should be": ({}, ""),
    "entries that are not looked at": ({"CHECKED": False}, "with a cache that is damaged: "),
    "more than it says": ({"EXTRA": {"more": 2_000_000}}, "it keeps 2 MB, its manifest says 1"),
}


@pytest.mark.parametrize("name", WRONGLY_KEPT)
def test_what_is_kept_wrongly_is_found(name: str, tmp_path: Path) -> None:
    how, words = WRONGLY_KEPT[name]
    told = {"CHECKED": True, "EXTRA": {}} | how
    body = "\n".join([*(f"{key} = {value!r}" for key, value in told.items()), KEEPING])
    folder = plant(tmp_path / "planted", changed((COPY, body)), limits={"cache_mb": 1, "cancel_grace_s": 1})
    (tmp_path / "runs").mkdir()
    trials = conformance.trials(ProcessPlace(folder), tmp_path / "runs")
    found = next(one for one in trials if one.promise == KEEPS)
    assert bool(found.faults) == bool(words), found.faults
    assert any(line.startswith(words) for line in (*found.faults, "")), found.faults


def test_who_keeps_nothing_is_not_tried_for_it(tmp_path: Path) -> None:
    folder = plant(tmp_path / "planted", GOOD)
    (tmp_path / "runs").mkdir()
    trials = conformance.trials(ProcessPlace(folder), tmp_path / "runs")
    assert KEEPS not in [one.promise for one in itertools.islice(trials, 6)]
