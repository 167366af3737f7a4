"""`studio serve`: starts the studio's programs in order, says where the studio is, and stops them together.

Called by the command line only. It opens the listening socket and lends it to the web process, so that the port is kept
while that one is started anew; it knows nothing of projects or jobs and asks the web process for its health only.
"""

import asyncio
import contextlib
import errno
import fcntl
import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from studio_sdk.errors import Code, StudioError
from studio_server.doctor import Check, checks
from studio_server.settings import Settings
from studio_server.supervisor.kept import Kept, Say
from studio_server.supervisor.programs import runner, valkey, web

READY_S: Final = 60.0
"""How long a program may take from its start to its first answer."""


def serve(settings: Settings, say: Say = print) -> int:
    """Run the studio until it is told to stop; return the process's exit code.

    Errors are StudioError with the code of what is missing (LFS_MISSING, PORT_IN_USE, STORAGE_READONLY ...).
    """
    say = _while_somebody_listens(say)
    require(checks(settings))
    settings = settings.with_secrets()
    with only_one(settings) as running:
        if running is not None:
            say(f"Production Canvas is already running at {running} for this workspace.")
            return 0
        with listen(settings) as listener:
            _remember(settings)
            return asyncio.run(_serve(settings, listener, say))


def _while_somebody_listens(say: Say) -> Say:
    """Return words that get lost when the terminal is gone: a studio whose terminal was closed still stops in order."""

    def said(line: str) -> None:
        with contextlib.suppress(OSError):
            say(line)

    return said


def require(found: Sequence[Check]) -> None:
    """Raise for the first thing without which the studio cannot start."""
    for check in found:
        if check.needed and not check.ok:
            raise StudioError(
                check.code, f"{check.title}: {check.detail}.", detail=check.remedy or check.detail, field=check.id
            )


def listen(settings: Settings) -> socket.socket:
    """Open the studio's port.

    Errors: PORT_IN_USE when someone else has it, VALIDATION_ERROR for an address that cannot be opened.
    """
    where = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit it (tcp(7)). The server is given a number and cannot know that it is TCP: without
        # this the second half of every answer on a kept connection waits 40 ms for the first one's acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise StudioError(
                Code.PORT_IN_USE,
                f"Port {settings.port} is taken by another program. STUDIO_PORT chooses another one.",
                detail=where,
            ) from error
        raise StudioError(
            Code.VALIDATION_ERROR,
            f"The studio cannot listen on {where}: {error.strerror}. Check STUDIO_HOST and STUDIO_PORT.",
            detail=str(error),
        ) from error
    return listener


@contextlib.contextmanager
def only_one(settings: Settings) -> Iterator[str | None]:
    """Hold this workspace's lock; yield None, or the address of the studio that already holds it."""
    try:
        settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (settings.state_dir / "studio.lock").open("a")
    except OSError as error:
        raise StudioError(
            Code.STORAGE_READONLY, "The studio cannot write into its workspace.", detail=str(error)
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield remembered(settings)
            return
        try:
            yield None
        finally:
            (settings.state_dir / "running.json").unlink(missing_ok=True)


def _remember(settings: Settings) -> None:
    content = json.dumps({"address": settings.public_url, "pid": os.getpid()})
    (settings.state_dir / "running.json").write_text(content, encoding="utf-8")


def remembered(settings: Settings) -> str:
    """Return the address at which the studio of this workspace said that it runs, else the one of the settings."""
    try:
        return str(json.loads((settings.state_dir / "running.json").read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError):
        # The other one is between taking the lock and writing its address.
        return settings.public_url


async def _serve(settings: Settings, listener: socket.socket, say: Say) -> int:
    logs = settings.state_dir / "logs"
    logs.mkdir(exist_ok=True)
    stop, hurry = asyncio.Event(), asyncio.Event()

    def told() -> None:
        if stop.is_set():
            hurry.set()
        else:
            say("Stopping ...")
        stop.set()

    for word in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if word is signal.SIGHUP and signal.getsignal(word) is signal.SIG_IGN:
            continue  # started by nohup: it shall outlive its terminal
        asyncio.get_running_loop().add_signal_handler(word, told)
    kept: list[Kept] = []
    try:
        if settings.broker_socket is not None:
            kept.append(Kept(valkey(settings), logs, say))
            await _unless_stopped(_answers(_doorbell_answers, settings, "The doorbell (Valkey)"), stop, kept)
        kept.append(Kept(web(settings, listener.fileno()), logs, say))
        kept.append(Kept(runner(settings), logs, say))
        await _unless_stopped(_answers(_page_answers, settings, "The web process"), stop, kept)
        if not stop.is_set():
            say(f"Production Canvas is running at {settings.public_url}")
            if settings.with_people and settings.first_admin_file.is_file():
                code = settings.first_admin_file.read_text(encoding="utf-8").strip()
                say(f"There is no admin yet. Make the first one at {settings.public_url}/sign-in with the code {code}")
        await _unless_stopped(stop.wait(), stop, kept)
    finally:
        for one in reversed(kept):
            await one.stop(hurry)
    say("Production Canvas has stopped.")
    return 0


async def _unless_stopped(awaited: Awaitable[object], stop: asyncio.Event, kept: Sequence[Kept]) -> None:
    """Wait for the awaited or for the word to stop; raise when a program was given up."""
    wish = asyncio.ensure_future(awaited)
    stopped = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([wish, stopped, *(one.task for one in kept)], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (wish, stopped):
            task.cancel()


async def _answers(question: Callable[[Settings], bool], settings: Settings, who: str) -> None:
    """Ask until the answer is yes. Errors: INTERNAL after a minute."""
    until = time.monotonic() + READY_S
    while not await asyncio.to_thread(question, settings):
        if time.monotonic() > until:
            raise StudioError(Code.INTERNAL, f"{who} did not answer within {READY_S:.0f} s. Look into its log.")
        await asyncio.sleep(0.03)


def _doorbell_answers(settings: Settings) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as bell:
        bell.settimeout(2)
        bell.connect(str(settings.broker_socket))
        bell.sendall(b"PING\r\n")
        return bell.recv(64).startswith(b"+PONG")
    return False


def _page_answers(settings: Settings) -> bool:
    asked = http.client.HTTPConnection(urlsplit(settings.own_url).netloc, timeout=10)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(asked):
        asked.request("GET", "/api/v1/health")
        return asked.getresponse().status == http.HTTPStatus.OK
    return False
