"""The git program, run in a project with an environment of our own: nobody's settings, hooks, prompts or locks.

The only place in the server that starts git. A failure becomes one of the studio's codes.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.library import lfs
from studio_server.library.disk import guarded, project_missing

TIMEOUT_S: Final = 60
"""How long one git command may take, in seconds."""

_HARDENED = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.fsync=committed,reference,index",
    "core.untrackedCache=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "protocol.allow=never",
    "log.showSignature=false",
    "user.name=studio",
    "user.email=studio@localhost",
)


@cache
def program() -> str:
    """Return the path of the git program; raise DEPENDENCY_MISSING where there is none."""
    found = shutil.which("git")
    if found is None:
        raise StudioError(
            Code.DEPENDENCY_MISSING, "Git is not installed.", detail="Install it: sudo apt-get install git"
        )
    return found


@cache
def environment() -> dict[str, str]:
    """Return all that git is told about its surroundings: nobody's settings, no prompts, no optional locks."""
    places = [str(Path(p).parent) for p in (program(), lfs.program()) if p]
    return {
        "PATH": os.pathsep.join([*dict.fromkeys(places), os.defpath]),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        # A project's settings can allow a protocol by its name, over `protocol.allow`, and git fetches what a partial
        # clone lacks by itself, at any look at its history: `ext::` would start a stranger's program.
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_NO_LAZY_FETCH": "1",
    }


def hardened(root: Path, *settings: str) -> list[str]:
    """Return the first words of every git command for a project: nothing of its own settings can start a program."""
    words = [program(), "-c", f"safe.directory={root}"]
    for setting in (*_HARDENED, *settings):
        words += ["-c", setting]
    return words


def command(root: Path, *arguments: str, settings: Sequence[str] = ()) -> list[str]:
    """Return a git command for a project as a program with its words."""
    return [*hardened(root, *settings), f"--git-dir={root}/.git", f"--work-tree={root}", *arguments]


def surroundings(root: Path, arriving: Path | None = None) -> dict[str, str]:
    """Return git's environment; with `arriving`, new objects go there and those of the project are read besides."""
    if arriving is None:
        return environment()
    kept = str(root / ".git" / "objects").replace("\\", "\\\\").replace('"', '\\"')
    places = {"GIT_OBJECT_DIRECTORY": str(arriving), "GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{kept}"'}
    return {**environment(), **places}


def run(
    root: Path,
    *arguments: str,
    feed: bytes = b"",
    timeout_s: float = TIMEOUT_S,
    arriving: Path | None = None,
    protocols: str = "",
) -> bytes:
    """Run git in a project and return what it printed; raise CalledProcessError when it fails.

    `arriving` is a folder of objects that are not the project's yet and are read besides (library/smarthttp.py);
    `protocols` by which it may fetch, whatever the project's settings say.
    """
    done = subprocess.run(
        command(root, *arguments),
        input=feed,
        capture_output=True,
        env=surroundings(root, arriving) | {"GIT_ALLOW_PROTOCOL": protocols},
        cwd=root,
        timeout=timeout_s,
        check=True,
    )
    return done.stdout


def git(
    root: Path,
    *arguments: str,
    feed: bytes = b"",
    timeout_s: float = TIMEOUT_S,
    arriving: Path | None = None,
    protocols: str = "",
) -> bytes:
    """Run a git command in a project and return what it printed; a failure becomes one of the studio's codes."""
    try:
        with guarded(root):
            return run(root, *arguments, feed=feed, timeout_s=timeout_s, arriving=arriving, protocols=protocols)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        raise explained(root, failed) from failed


class Kept(NamedTuple):
    """An object of the history; `kind` is blob, tree, commit or tag."""

    id: str
    kind: str
    contents: bytes


def read_objects(root: Path, names: Sequence[str], arriving: Path | None = None) -> list[Kept | None]:
    """Return the objects of these names (ids, or `branch:path`) in one go, None for each that is not there."""
    asked = "".join(f"{name}\n" for name in names).encode()
    told = git(root, "cat-file", "--batch", feed=asked, arriving=arriving)
    found: list[Kept | None] = []
    at = 0
    for _ in names:
        end = told.index(b"\n", at)
        words = told[at:end].split()
        at = end + 1
        if words[-1] == b"missing":
            found.append(None)
            continue
        size = int(words[-1])
        found.append(Kept(words[0].decode(), words[1].decode(), told[at : at + size]))
        at += size + 1
    return found


def capped(root: Path, *arguments: str, feed: bytes, most: int, arriving: Path | None = None) -> bytes | None:
    """Run a git command whose output a stranger decides, and return it.

    None where it is more than `most` bytes, or where git has not come to its end in a minute: some trees have none.
    """
    # The input comes from a file: a pipe that is not read while we read the output would hold both up.
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as complaints:
        asked.write(feed)
        asked.seek(0)
        words = command(root, *arguments)
        places: dict[str, Any] = {"env": surroundings(root, arriving), "cwd": root}
        with subprocess.Popen(words, stdin=asked, stdout=subprocess.PIPE, stderr=complaints, **places) as running:
            assert running.stdout is not None  # noqa: S101 - it was asked for
            patience = threading.Timer(TIMEOUT_S, running.kill)
            patience.start()
            told: bytes = running.stdout.read(most + 1)
            patience.cancel()
            if len(told) > most:
                running.kill()
                return None
        if running.returncode == -signal.SIGKILL:
            return None
        if running.returncode:
            complaints.seek(0)
            failed = subprocess.CalledProcessError(running.returncode, words, told, complaints.read())
            raise explained(root, failed) from failed
    return told


def explained(root: Path, failed: subprocess.CalledProcessError | subprocess.TimeoutExpired) -> StudioError:
    """Return what a failure of git means to a person."""
    said = (failed.stderr or b"").decode(errors="replace").strip()[-600:]
    if not (root / ".git").is_dir():
        return project_missing(root)
    if "No space left" in said or "Disk quota exceeded" in said:
        return StudioError(Code.STORAGE_FULL, "The disk is full; nothing was changed.", detail=said)
    if "Read-only file system" in said or "Permission denied" in said:
        return StudioError(Code.STORAGE_READONLY, "The studio may not write in this folder.", detail=said)
    return StudioError(Code.INTERNAL, "The project's history could not be written.", detail=said or str(failed))
