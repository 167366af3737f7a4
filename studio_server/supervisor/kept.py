"""One program kept alive: started on a leash, listened to, started again when it ends by itself, stopped when told.

Made by the supervisor's start module inside its event loop. It does not know what the program is for.
"""

import asyncio
import contextlib
import logging
import sys
import time
from collections import deque
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_server.settings import child_environment
from studio_server.supervisor import leash
from studio_server.supervisor.programs import Program

Say = Callable[[str], None]

BACKOFF_S: Final = (0.1, 0.5, 1.0, 2.0, 4.0)
"""How long to wait before each new start of a program that ended; after the last one it is given up, if the studio
cannot be without it, else tried again each `PATIENT_S`."""

PATIENT_S: Final = 10.0

STEADY_S: Final = 30.0
"""A program that ran so long has started well; its earlier ends are forgotten."""

LOG_BYTES: Final = 5_000_000
LOG_FILES: Final = 3
LONGEST_LINE: Final = 64 * 1024


class Kept:
    """A program that is started, listened to, and started again when it ends by itself."""

    def __init__(self, program: Program, logs: Path, say: Say) -> None:
        self.program = program
        self.last_words: deque[str] = deque(maxlen=20)
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._log = logging.Logger(program.name)  # noqa: LOG001 - a writer of its own, outside the logging tree
        self._file = RotatingFileHandler(logs / f"{program.name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES)
        self._log.addHandler(self._file)
        self.task = asyncio.create_task(self._keep(), name=program.name)

    async def _keep(self) -> None:
        """Run the program for ever. Errors: INTERNAL when a needed one ends again and again right after its start."""
        quick_ends = 0
        while True:
            began = time.monotonic()
            code = await self._run()
            lived = time.monotonic() - began
            quick_ends = 0 if lived > STEADY_S else quick_ends + 1
            if quick_ends > len(BACKOFF_S):
                trouble = self._given_up(quick_ends, code)
                if self.program.needed:
                    raise trouble
                if quick_ends == len(BACKOFF_S) + 1:
                    self._say(f"{trouble.message} The studio goes on without it and tries again.\n{trouble.detail}")
                await asyncio.sleep(PATIENT_S)
                continue
            pause = BACKOFF_S[max(quick_ends - 1, 0)]
            self._say(f"{self.program.title} ended with code {code}; it is started again.")
            await asyncio.sleep(pause)

    def _given_up(self, times: int, code: int) -> StudioError:
        words = "\n".join(self.last_words)
        return StudioError(
            Code.INTERNAL,
            f"{self.program.title} ended {times} times right after it was started, last with code {code}.",
            detail=f"{self.program.remedy}\nIts log {self._file.baseFilename} ends with\n{words}".strip(),
        )

    async def _run(self) -> int:
        fds = [word for fd in self.program.fds for word in ("--fd", str(fd))]
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", leash.__file__, *fds, "--", *self.program.command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=child_environment({"PYTHONUNBUFFERED": "1", **self.program.environment}),
            pass_fds=tuple(self.program.fds),
            limit=LONGEST_LINE,
            start_new_session=True,
        )
        await self._hear(self._process)
        return await self._process.wait()

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        """Take down the program's lines until it closes its mouth."""
        if process.stdout is None:
            return
        while True:
            try:
                line = await process.stdout.readuntil()
            except asyncio.IncompleteReadError as end:
                line = end.partial
            except asyncio.LimitOverrunError as long:
                line = await process.stdout.read(long.consumed)
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            if text:
                self.last_words.append(text)
                self._log.info(text)
                if self.program.spoken:
                    self._say(f"{self.program.name:>6} | {text}")

    async def stop(self, hurry: asyncio.Event) -> None:
        """End the program: ask, wait its grace or until told to hurry, then let go of the leash."""
        self.task.cancel()
        await asyncio.wait([self.task])
        process = self._process
        if process is not None and process.returncode is None:
            hearing = asyncio.create_task(self._hear(process))
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            ended, hurried = asyncio.create_task(process.wait()), asyncio.create_task(hurry.wait())
            await asyncio.wait([ended, hurried], timeout=self.program.grace_s, return_when=asyncio.FIRST_COMPLETED)
            hurried.cancel()
            if process.stdin is not None:
                process.stdin.close()
            await ended
            await hearing
        self._file.close()
