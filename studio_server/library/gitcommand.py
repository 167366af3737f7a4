"""The git program, run in a project with an environment of our own: nobody's settings, hooks, prompts or locks.

The only place in the server that starts git. A failure becomes one of the studio's codes.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

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
    }


def run(root: Path, *arguments: str, feed: bytes = b"", timeout_s: float = TIMEOUT_S) -> bytes:
    """Run git in a project and return what it printed; raise CalledProcessError when it fails."""
    command = [program(), f"--git-dir={root}/.git", f"--work-tree={root}", "-c", f"safe.directory={root}"]
    for setting in _HARDENED:
        command += ["-c", setting]
    done = subprocess.run(
        [*command, *arguments],
        input=feed,
        capture_output=True,
        env=environment(),
        cwd=root,
        timeout=timeout_s,
        check=True,
    )
    return done.stdout


def git(root: Path, *arguments: str, feed: bytes = b"", timeout_s: float = TIMEOUT_S) -> bytes:
    """Run a git command in a project and return what it printed; a failure becomes one of the studio's codes."""
    try:
        with guarded(root):
            return run(root, *arguments, feed=feed, timeout_s=timeout_s)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        raise explained(root, failed) from failed


class Kept(NamedTuple):
    """An object of the history; `kind` is blob, tree, commit or tag."""

    id: str
    kind: str
    contents: bytes


def read_objects(root: Path, names: Sequence[str]) -> list[Kept | None]:
    """Return the objects of these names (ids, or `branch:path`) in one go, None for each that is not there."""
    told = git(root, "cat-file", "--batch", feed="".join(f"{name}\n" for name in names).encode())
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
