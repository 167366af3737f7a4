"""The studio that a command shall speak to: one that runs, or on this machine one that is started for the time.

A studio started here is held on the supervisor's leash: however the command ends, it ends too. What it had not finished
goes on when it is started the next time.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_server.remote.api import Api
from studio_server.settings import ROOT, Settings, child_environment
from studio_server.supervisor import leash
from studio_server.supervisor.start import remembered

START_S: Final = 120.0
"""How long a studio may take from its start to its first answer; a first start makes its database."""

WORKER_S: Final = 30.0
"""How long after that its worker may take. Without one, what it plans says that no machine is there."""

STOP_S: Final = 60.0
_LOOK_S: Final = 0.2
_LAST_LINES: Final = 12

Say = Callable[[str], None]


@contextmanager
def reached(settings: Settings, url: str | None, token: str, say: Say) -> Iterator[Api]:
    """Yield a studio that answers: the one at `url`, else this machine's, which is started where none runs.

    Raises DEPENDENCY_MISSING where none is at `url`, or this machine's does not start.
    """
    addresses = [url] if url else list(dict.fromkeys([settings.own_url, remembered(settings)]))
    for address in addresses:
        with Api(address, token) as api:
            if api.answers():
                if api.open_to_readers:
                    say(f"Note: {address} is not encrypted; whoever sees the traffic sees the token.")
                yield api
                return
    if url:
        words = f"No studio answers at {url}. Start it with `make studio`, or name its address with --url."
        raise StudioError(Code.DEPENDENCY_MISSING, words)
    say(f"No studio runs here; one is started for the time, at {settings.own_url}.")
    with _started(settings), Api(settings.own_url, token) as api:
        _await_worker(api)
        yield api


@contextmanager
def _started(settings: Settings) -> Iterator[None]:
    log = settings.state_dir / "logs" / "started-by-command.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("wb") as console:
        held = subprocess.Popen(
            [sys.executable, "-I", "-S", leash.__file__, "--", sys.executable, "-m", "studio_server", "serve"],
            cwd=ROOT,
            env=child_environment({"PYTHONUNBUFFERED": "1", "STUDIO_WORKSPACES": str(settings.workspaces)}),
            stdin=subprocess.PIPE,  # while it is open, the studio runs
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is the command's to answer
        )
        try:
            until = time.monotonic() + START_S
            with Api(settings.own_url) as api:
                while not api.answers():
                    if held.poll() is not None or time.monotonic() > until:
                        words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
                        said = "\n".join(words[-_LAST_LINES:])
                        raise StudioError(Code.DEPENDENCY_MISSING, "The studio did not start.", detail=said)
                    time.sleep(_LOOK_S)
            yield
        finally:
            _stop(held)


def _stop(held: "subprocess.Popen[bytes]") -> None:
    """Have the studio stop in order; what does not within a minute is ended by its leash."""
    held.terminate()
    try:
        held.wait(STOP_S)
    except subprocess.TimeoutExpired:
        assert held.stdin is not None  # noqa: S101 - a pipe was asked for
        held.stdin.close()
        held.wait()


def _await_worker(api: Api) -> None:
    until = time.monotonic() + WORKER_S
    while time.monotonic() < until and not api.get("/health")["workers"]:
        time.sleep(_LOOK_S)
