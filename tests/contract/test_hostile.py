"""Pipelines that mean harm, on every launcher: what its label promises is refused, stopped, named and cleaned up.

The table in docs/operators.md says the same; a test here holds it against this one.
"""

import json
import os
import re
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from function_runner import egress, landlock
from function_runner.job import carry_out
from studio_sdk.wire import Finish
from tests.fakes.pipelines import Yard, alive
from tests.fakes.studio import FakeStudio
from tests.fakes.yards import LABELS, yard_of
from tests.films import ROOT

ATTEMPTS = """
import socket
told = json.loads(request["params"]["text"])
tried = {}
def attempt(name, act):
    try:
        act()
    except OSError as why:
        tried[name] = "refused"
    else:
        tried[name] = "done"
def datagram(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.sendto(b"secret", (host, port))
def call(path):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
"""

REACHES = {
    "files of the machine": 'attempt(name, lambda: open(told["secret"]).read())',
    "files into the machine": 'attempt(name, lambda: open(told["film"] + "/take.mp4", "w"))',
    "files through a link": """
link = job / "outputs/way-out"; link.symlink_to(told["film"])
attempt(name, lambda: open(link / "take.mp4", "w"))
""",
    "other jobs": 'attempt(name, lambda: open(told["other job"]).read())',
    "its own inputs": 'attempt(name, lambda: open(job / "request.json", "a").write("x"))',
    "its own program": 'attempt(name, lambda: open("main.py", "a").write("x"))',
    "the runner's environment": """attempt(name, lambda: open(f"/proc/{told['runner']}/environ", "rb").read())""",
    "the runner's process": 'attempt(name, lambda: os.kill(told["runner"], 0))',
    "TCP": 'attempt(name, lambda: socket.create_connection(("127.0.0.1", told["port"]), 2).close())',
    "UDP and DNS": 'attempt(name, lambda: datagram("192.0.2.1", 53))',
    "sockets of the machine": 'attempt(name, lambda: call(told["socket"]))',
}
"""What a stranger would reach for, and how."""

NOT_PROMISED = {
    "process": set(REACHES),
    "restricted": {"UDP and DNS", "sockets of the machine"},
    "sandboxed": set(),
    "container": set(),
}


@pytest.fixture(params=LABELS)
def yard(request: pytest.FixtureRequest, tmp_path: Path) -> Yard:
    return yard_of(request.param, tmp_path / "yard", request)


def do(yard: Yard, body: str, told: dict[str, object] | None = None, **limits: float) -> Finish:
    folder = yard.plant(ATTEMPTS + body, **limits)
    with FakeStudio() as studio:
        text = json.dumps({"port": studio.port, **(told or {})})
        studio.offer("job", folder, {"text": text}, timeout_s=90)
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
        return studio.finished[0]


def test_it_reaches_what_is_its_own_and_nothing_else(yard: Yard, tmp_path: Path) -> None:
    (tmp_path / "film").mkdir()
    (tmp_path / "secret.txt").write_text("the bank's key")
    other = yard.root / "work" / "jobs" / "other-1" / "request.json"
    other.parent.mkdir(parents=True)
    other.write_text("{}")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "s"))
        door.listen()
        told = {
            "secret": str(tmp_path / "secret.txt"),
            "film": str(tmp_path / "film"),
            "other job": str(other),
            "runner": os.getpid(),
            "socket": str(tmp_path / "s"),
        }
        lines = [act.strip().replace("name,", f"{name!r},") for name, act in REACHES.items()]
        finish = do(yard, "\n".join([*lines, "picture(); result(facts=tried)"]), told)
    assert (finish.status, finish.error, finish.sandbox) == ("succeeded", None, yard.label)
    assert set(finish.facts) == set(REACHES)
    reached = {name for name, how in finish.facts.items() if how == "done"}
    if yard.label == "restricted" and landlock.abi() < 6:
        reached -= {"TCP", "the runner's process"}
    assert reached <= NOT_PROMISED[yard.label], "it reached what its label promises to keep from it"
    if yard.label != "process":
        assert not any((tmp_path / "film").iterdir())
    # Whether a datagram can be sent at all is up to this machine's network; all else a label does not promise is open.
    assert reached | {"UDP and DNS"} >= NOT_PROMISED[yard.label]


def test_the_table_for_operators_says_the_same() -> None:
    page = (ROOT / "docs" / "operators.md").read_text()
    labels = ["process", "restricted", "sandboxed", "container"]
    for name in REACHES:
        row = re.search(rf"^\| {re.escape(name)} \|(.*)\|$", page, re.MULTILINE)
        assert row, f"docs/operators.md has no row for {name}"
        kept = [cell.strip() == "kept from it" for cell in row[1].split("|")]
        assert kept == [name not in NOT_PROMISED[label] for label in labels], name


def test_what_it_left_in_outputs_as_a_link_is_no_result(yard: Yard, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"the bank's key")
    body = """
os.symlink(told["secret"], job / "outputs/image.png"); result(sha256="0" * 64, size=14)
"""
    finish = do(yard, body, {"secret": str(tmp_path / "secret.png")})
    assert finish.error is not None
    assert finish.error.code == "OUTPUT_INVALID"


def test_a_fork_bomb_has_an_end(yard: Yard) -> None:
    if yard.label != "container":
        pytest.skip("only a container limits the number of processes")
    mark = f"bomb-{os.getpid()}"
    body = f"""
made = 0
try:
    while made < 500:
        subprocess.Popen(["sh", "-c", "sleep 600; true", "{mark}"])
        made += 1
except OSError as why:
    picture(); result(facts={{"made": made, "why": type(why).__name__}})
"""
    finish = do(yard, body, pids=24)
    assert (finish.status, finish.error) == ("succeeded", None)
    assert 5 < int(str(finish.facts["made"])) < 24
    assert alive(mark) == []


def test_one_that_eats_the_memory_is_named(yard: Yard) -> None:
    if yard.label != "container":
        pytest.skip("only a container limits memory")
    finish = do(yard, "hoard = [bytearray(b'x' * 10_000_000) for _ in range(60)]", memory_mb=64, scratch_mb=1)
    assert finish.error is not None
    assert finish.error.code == "OUT_OF_MEMORY"
    assert "memory" in finish.error.message


def test_one_that_fills_scratch_meets_its_end(yard: Yard) -> None:
    if yard.label == "container":
        body = """
try:
    for number in range(40):
        (job / f"scratch/{number}").write_bytes(b"0" * 1_000_000)
except OSError as why:
    picture(); result(facts={"why": why.strerror, "files": number})
"""
        finish = do(yard, body, scratch_mb=8)
        assert (finish.status, finish.facts["why"]) == ("succeeded", "No space left on device")
        assert int(str(finish.facts["files"])) == 8
        return
    body = """
for number in range(10_000):
    (job / f"scratch/{number}").write_bytes(b"0" * 500_000); event(t="heartbeat"); time.sleep(0.05)
"""
    finish = do(yard, body, output_mb=2)
    assert finish.error is not None
    assert finish.error.code == "OUTPUT_INVALID"


CALLS = {
    "api.example.com:443": (200, ""),
    "API.example.com.:443": (200, ""),
    "api.example.com:22": (403, "only the ports 80 and 443"),
    "evil.example.com:443": (403, "the manifest does not name it"),
    "198.51.100.7:443": (403, "the manifest does not name it"),
    "169.254.169.254:80": (403, "the manifest does not name it"),
    "[::ffff:169.254.169.254]:80": (403, "the manifest does not name it"),
    "cloud.example.com:80": (403, "it is 169.254.169.254"),
    "home.example.com:443": (403, "it is 127.0.0.1"),
    "house.example.com:8188": (200, ""),
}
"""What a pipeline asks its way out for, what it is answered, and in which words people are told."""

NAMES = {
    "api.example.com": "93.184.216.34",
    "cloud.example.com": "169.254.169.254",
    "home.example.com": "127.0.0.1",
    "house.example.com": "192.168.7.7",
}

CALL = """
import socket
def ask(where):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(os.environ["JOB_EGRESS"])
        line.sendall(f"CONNECT {where} HTTP/1.1\\r\\n\\r\\n".encode())
        return int(line.recv(100).split()[1])
answers = {where: ask(where) for where in json.loads(request["params"]["text"])}
picture(); result(facts={"answers": json.dumps(answers)})
"""


def test_one_that_calls_hosts_reaches_those_of_its_manifest_and_no_other(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = yard.plant(CALL)
    manifest = json.loads((folder / "pipeline.json").read_text()) | {"egress": sorted(NAMES)}
    (folder / "pipeline.json").write_text(json.dumps(manifest))
    known, dialled = socket.getaddrinfo, []

    def look(host: str, port: int, *words: Any, **more: Any) -> Any:
        return known(NAMES.get(host, host), port, *words, **more)

    def dial(address: egress.Address) -> socket.socket:
        dialled.append(address)
        here, there = socket.socketpair()
        there.close()
        return here

    monkeypatch.setattr(socket, "getaddrinfo", look)
    monkeypatch.setattr(egress, "dial", dial)
    with FakeStudio() as studio:
        studio.offer("job", folder, {"text": json.dumps(list(CALLS))})
        place = yard.workplace(studio)
        settings = place.settings.model_copy(update={"egress_private": ["house.example.com"]})
        carry_out(replace(place, settings=settings), "job")
        place.line.close()
        finish = studio.finished[0]
    if yard.label == "restricted":
        assert finish.error is not None
        assert (finish.error.code, "api.example.com" in finish.error.message) == ("NOT_PERMITTED", True)
        return
    assert finish.error is None
    assert json.loads(str(finish.facts["answers"])) == {where: status for where, (status, _) in CALLS.items()}
    assert dialled == [("93.184.216.34", 443)] * 2 + [("192.168.7.7", 8188)]
    for where, (status, words) in CALLS.items():
        if status != 200:
            told = where.strip("[]").replace("]:", ":")
            assert told in str(finish.facts["hosts_refused"])
            assert f"{told} was refused: {words}" in finish.log_tail


def test_what_it_was_refused_is_told_with_its_own_error(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant(CALL + "assert 403 not in answers.values()")
    manifest = json.loads((folder / "pipeline.json").read_text()) | {"egress": ["api.example.com"]}
    (folder / "pipeline.json").write_text(json.dumps(manifest))
    with FakeStudio() as studio:
        studio.offer("job", folder, {"text": '["evil.example.com:443"]'})
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
        (finish,) = studio.finished
    assert finish.error is not None
    assert "evil.example.com:443 was refused: the manifest does not name it" in finish.error.detail


def _cancel_at_work(studio: FakeStudio) -> None:
    while not any(report.step == "at work" for report in studio.reports):
        time.sleep(0.01)
    studio.cancel = True


def test_a_shell_that_waits_for_its_child_hears_the_cancel(yard: Yard) -> None:
    """SIGTERM goes to the whole group: a shell runs its trap only when the child it waits for has ended."""
    folder = yard.plant("")
    manifest = json.loads((folder / "pipeline.json").read_text()) | {"entry": ["sh", "main.sh"]}
    manifest["limits"]["cancel_grace_s"] = 60
    (folder / "pipeline.json").write_text(json.dumps(manifest))
    (folder / "main.sh").write_text(
        "trap 'echo heard it; exit 143' TERM\n"
        """echo '{"v":1,"seq":1,"ts":1,"t":"progress","f":0.1,"stage":"at work"}' >> "$JOB_DIR/events.jsonl"\n"""
        "sleep 600\n"
    )
    with FakeStudio() as studio:
        studio.offer("job", folder, timeout_s=90)
        place = yard.workplace(studio)
        threading.Thread(target=_cancel_at_work, args=(studio,), daemon=True).start()
        carry_out(place, "job")
        place.line.close()
        finish = studio.finished[0]
    assert finish.status == "canceled"
    assert "heard it" in finish.log_tail
