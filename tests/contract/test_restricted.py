"""Pipelines that mean harm, on a machine that can restrict them: each attempt is refused, and honest work is not."""

import json
import os
from pathlib import Path

import pytest

from function_runner import landlock
from function_runner.job import carry_out
from function_runner.process import can_restrict
from studio_sdk.wire import Finish
from tests.fakes.pipelines import Yard
from tests.fakes.studio import FakeStudio

pytestmark = pytest.mark.skipif(not can_restrict(), reason="this kernel has no Landlock, or keeps it from us")

ATTEMPTS = """
import socket
told = json.loads(request["params"]["text"])
tried = {}
def attempt(name, act):
    try:
        act()
    except OSError as why:
        tried[name] = type(why).__name__
    else:
        tried[name] = "done"
"""


def do(tmp_path: Path, body: str, told: dict[str, object]) -> Finish:
    """Run a planted pipeline, which knows where to strike, on a restricted runner."""
    yard = Yard(tmp_path / "yard", "restricted")
    folder = yard.plant(ATTEMPTS + body + "\npicture(); result(facts=tried)")
    with FakeStudio() as studio:
        told["port"] = int(studio.url.rsplit(":", 1)[1])
        studio.offer("job", folder, {"text": json.dumps(told)})
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
        return studio.finished[0]


def facts(finish: Finish) -> dict[str, object]:
    assert (finish.status, finish.error) == ("succeeded", None)
    assert finish.sandbox == "restricted"
    return dict(finish.facts)


def test_what_is_not_its_own_it_can_neither_read_nor_write(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the bank's key")
    (tmp_path / "film").mkdir()
    body = """
link = job / "scratch/way-out"
link.symlink_to(told["film"])
attempt("a file of the person", lambda: open(told["secret"]).read())
attempt("the person's folders", lambda: os.listdir(told["film"]))
attempt("a file into a project", lambda: open(told["film"] + "/take.mp4", "w"))
attempt("a file through a link", lambda: open(link / "take.mp4", "w"))
attempt("another job", lambda: os.listdir(job.parent))
attempt("its own input folder", lambda: open(job / "inputs/mine", "w"))
attempt("its own program", lambda: open("main.py", "a"))
attempt("the report cut short", lambda: open(job / "events.jsonl", "w"))
attempt("a home", lambda: os.listdir("/root"))
attempt("a place for all", lambda: open("/tmp/left-behind", "w"))
"""
    tried = facts(do(tmp_path, body, {"secret": str(secret), "film": str(tmp_path / "film")}))
    if landlock.abi() < 3:
        tried.pop("the report cut short")
    assert set(tried.values()) == {"PermissionError"}, tried
    assert not any((tmp_path / "film").iterdir())


def test_it_cannot_dial_out_or_harm_the_runner(tmp_path: Path) -> None:
    if landlock.abi() < 6:
        pytest.skip("this kernel's Landlock covers neither TCP nor signals")
    body = """
attempt("a call to the studio", lambda: socket.create_connection(("127.0.0.1", told["port"]), 2))
attempt("a server of its own", lambda: socket.create_server(("127.0.0.1", 0)))
attempt("a signal to the runner", lambda: os.kill(told["runner"], 0))
attempt("the runner's environment", lambda: open(f"/proc/{told['runner']}/environ", "rb").read())
attempt("the runner's memory", lambda: open(f"/proc/{told['runner']}/mem", "rb").read(1))
"""
    tried = facts(do(tmp_path, body, {"runner": os.getpid()}))
    assert set(tried.values()) == {"PermissionError"}, tried


def test_honest_work_is_not_hindered(tmp_path: Path) -> None:
    body = """
def child():
    film = "ffmpeg -v error -f lavfi -i testsrc2=s=32x32 -frames:v 1 scratch/a.png".split()
    done = subprocess.run(film, cwd=job)
    assert done.returncode == 0 and (job / "scratch/a.png").stat().st_size
attempt("a program of the system", child)
attempt("scratch", lambda: (job / "scratch/deep/er").mkdir(parents=True))
attempt("a temporary file", lambda: __import__("tempfile").TemporaryFile().write(b"x"))
attempt("chance", lambda: open("/dev/urandom", "rb").read(4))
attempt("the system's fonts and certificates", lambda: os.listdir("/etc/ssl"))
attempt("its own folder", lambda: open("pipeline.json").read())
attempt("a signal to a child", lambda: subprocess.Popen(["sleep", "60"]).kill())
"""
    assert set(facts(do(tmp_path, body, {})).values()) == {"done"}
