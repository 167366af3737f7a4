"""The supervisor with real processes: what dies is started again, what is stopped is gone, nothing outlives a kill."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.settings import Settings
from studio_server.supervisor import kept, leash
from studio_server.supervisor.kept import Kept
from studio_server.supervisor.programs import Program, valkey
from studio_server.supervisor.start import listen
from tests.ports import free_port

FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


async def soon(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def on_a_leash(*command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", leash.__file__, "--", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("word", ["exit", "killed", "let go"])
def test_nothing_of_a_family_outlives_its_leash(word: str) -> None:
    with on_a_leash(sys.executable, "-c", FAMILY) as held:
        assert held.stdout is not None
        assert held.stdin is not None
        pids = [int(pid) for pid in held.stdout.readline().split()]
        assert all(alive(pid) for pid in pids)
        if word == "exit":
            held.terminate()
        elif word == "killed":
            os.kill(pids[0], signal.SIGKILL)
        else:
            held.stdin.close()
        assert held.wait(timeout=10) == 128 + (signal.SIGTERM if word == "exit" else signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in pids))


def test_a_leash_hands_on_the_exit_code() -> None:
    with on_a_leash(sys.executable, "-c", "raise SystemExit(7)") as held:
        assert held.wait(timeout=10) == 7


def program(script: str, **facts: object) -> Program:
    return Program(name="one", title="The program", command=[sys.executable, "-c", script], **facts)  # type: ignore[arg-type]


def test_a_program_that_ends_is_started_again_and_its_lines_are_kept(tmp_path: Path) -> None:
    said: list[str] = []

    async def story() -> None:
        one = Kept(program("import os, time; print('up', flush=True); time.sleep(600)"), tmp_path, said.append)
        await soon(lambda: any("up" in line for line in said))
        assert one._process is not None
        one._process.kill()
        await soon(lambda: sum("up" in line for line in said) == 2)
        await one.stop(asyncio.Event())
        assert one._process.returncode is not None

    asyncio.run(asyncio.wait_for(story(), 30))
    assert any("it is started again" in line for line in said)
    assert (tmp_path / "one.log").read_text().splitlines() == ["up", "up"]


def test_a_program_that_cannot_live_is_given_up_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "BACKOFF_S", (0.0, 0.0))

    async def story() -> None:
        one = Kept(program("raise SystemExit('no licence')", remedy="Buy one."), tmp_path, lambda _: None)
        try:
            await one.task
        finally:
            await one.stop(asyncio.Event())

    with pytest.raises(StudioError, match="ended 3 times") as caught:
        asyncio.run(asyncio.wait_for(story(), 30))
    assert "no licence" in caught.value.detail
    assert "Buy one." in caught.value.detail


def test_a_program_that_the_studio_can_be_without_is_tried_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "BACKOFF_S", (0.0, 0.0))
    monkeypatch.setattr(kept, "PATIENT_S", 0.05)
    said: list[str] = []

    async def story() -> None:
        script = f"import time; open({str(tmp_path / 'starts')!r}, 'a').write('x'); raise SystemExit('no licence')"
        one = Kept(program(script, needed=False, spoken=False), tmp_path, said.append)
        await soon(lambda: (tmp_path / "starts").exists() and len((tmp_path / "starts").read_text()) >= 6)
        assert not one.task.done()
        await one.stop(asyncio.Event())

    asyncio.run(asyncio.wait_for(story(), 30))
    given_up = [line for line in said if "The studio goes on without it" in line]
    assert len(given_up) == 1
    assert "no licence" in given_up[0]


def test_a_program_that_will_not_stop_is_killed_after_its_grace(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    said: list[str] = []

    async def story() -> float:
        one = Kept(program(deaf, grace_s=0.3), tmp_path, said.append)
        await soon(lambda: bool(said))
        began = time.monotonic()
        await one.stop(asyncio.Event())
        return time.monotonic() - began

    assert 0.3 <= asyncio.run(asyncio.wait_for(story(), 30)) < 5


def test_a_line_without_an_end_does_not_stop_the_listening(tmp_path: Path) -> None:
    script = (
        "import sys; sys.stdout.write('x' * 200_000); sys.stdout.flush(); print(); print('after', flush=True); input()"
    )
    said: list[str] = []

    async def story() -> None:
        one = Kept(program(script), tmp_path, said.append)
        await soon(lambda: any(line.endswith("after") for line in said))
        await one.stop(asyncio.Event())

    asyncio.run(asyncio.wait_for(story(), 30))


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StudioError, match=f"Port {port} is taken") as caught:
            listen(Settings(port=port))
    assert caught.value.code is Code.PORT_IN_USE
    assert "STUDIO_PORT" in caught.value.message


def test_no_answer_waits_for_the_one_before_to_be_acknowledged() -> None:
    with (
        listen(Settings(port=free_port())) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_impossible_address_is_named() -> None:
    with pytest.raises(StudioError, match=r"cannot listen on 203\.0\.113\.1") as caught:
        listen(Settings(host="203.0.113.1", port=8999))
    assert caught.value.code is Code.VALIDATION_ERROR


def test_the_doorbell_has_no_tcp_port_and_a_folder_of_its_own(settings: Settings) -> None:
    found = valkey(settings)
    words = list(found.command)
    assert words[words.index("--port") + 1] == "0"
    assert settings.broker_socket is not None
    assert settings.broker_socket.parent.stat().st_mode & 0o777 == 0o700
    settings.broker_socket.parent.rmdir()


def test_a_socket_folder_that_is_a_trap_is_refused(settings: Settings, tmp_path: Path) -> None:
    assert settings.broker_socket is not None
    place = settings.broker_socket.parent
    place.symlink_to(tmp_path)
    try:
        with pytest.raises(StudioError) as caught:
            valkey(settings)
        assert caught.value.code is Code.NOT_PERMITTED
    finally:
        place.unlink()
