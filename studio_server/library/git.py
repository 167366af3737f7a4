"""A project's git history, added to by plumbing, so that a take lands whatever the user's own git does.

Commits are built from the branch's tip by fast-import and moved in by compare-and-set; the work tree is never read
and nobody's `index.lock` holds a take up. Only the subprocess is used, with an environment of our own and no hooks.
GitPython's index must never be used here: it would put films into git itself.
"""

import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.domain.project import RENDERS
from studio_server.library import lfs
from studio_server.library.disk import guarded, project_missing, write_whole
from studio_server.library.names import checked_path

BRANCH: Final = "main"
"""The branch of a project's film; a clone that lacks it uses the branch it has checked out."""

OWN: Final = "studio"
"""The folder below .git that holds what only this checkout knows."""

_NO_BLOB = "0" * 40
_TRIES = 200
_INDEX_WAIT_S = 0.3
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
)


class Author(NamedTuple):
    """Who a commit is by."""

    name: str
    email: str


class TakenError(Exception):
    """A path below 03_Renders is in the history with other contents; takes are never changed."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class _Change(NamedTuple):
    """One commit to be made: where, on top of what, with which blobs."""

    ref: str
    tip: str | None
    blobs: Mapping[str, str]
    message: str
    author: Author


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


def _run(root: Path, *arguments: str, feed: bytes = b"", settings: tuple[str, ...] = _HARDENED) -> bytes:
    """Run git in a project and return what it printed; raise CalledProcessError when it fails."""
    command = [program(), f"--git-dir={root}/.git", f"--work-tree={root}", "-c", f"safe.directory={root}"]
    for setting in settings:
        command += ["-c", setting]
    done = subprocess.run(
        [*command, *arguments],
        input=feed,
        capture_output=True,
        env=environment(),
        cwd=root,
        timeout=TIMEOUT_S,
        check=True,
    )
    return done.stdout


def git(root: Path, *arguments: str, feed: bytes = b"") -> bytes:
    """Run a git command in a project and return what it printed; a failure becomes one of the studio's codes."""
    try:
        with guarded(root):
            return _run(root, *arguments, feed=feed)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        raise explained(root, failed) from failed


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


def own_folder(root: Path) -> Path:
    """Return the folder below .git for what only this checkout knows (lock, journal); it travels in no clone."""
    folder = root / ".git" / OWN
    with guarded(root):
        if not folder.is_dir():
            if not folder.parent.is_dir():
                raise project_missing(root)
            folder.mkdir(exist_ok=True)
    return folder


def branch_of(root: Path) -> str:
    """Return the branch that takes are committed to, whatever is checked out."""
    head = _checked_out(root)
    packed = root / ".git" / "packed-refs"
    main_is_there = (root / ".git" / "refs" / "heads" / BRANCH).is_file() or (
        packed.is_file() and f" refs/heads/{BRANCH}\n" in packed.read_text(encoding="utf-8", errors="replace")
    )
    return BRANCH if main_is_there or head is None else head


def _checked_out(root: Path) -> str | None:
    """Return the branch that HEAD is on, or None for a detached HEAD."""
    with guarded(root):
        try:
            head = (root / ".git" / "HEAD").read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            raise project_missing(root) from None
    return head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else None


def committed_names(root: Path, folder: str) -> list[str]:
    """Return the names of the files directly in a folder, as the branch's newest commit has them."""
    listed = git(root, "ls-tree", "-z", "--name-only", f"refs/heads/{branch_of(root)}", f"{checked_path(folder)}/")
    return [line.decode().rsplit("/", 1)[-1] for line in listed.split(b"\0") if line]


def commit_files(
    root: Path,
    files: Mapping[str, bytes],
    message: str,
    author: Author,
    *,
    reached: Callable[[str], None] = lambda _: None,
) -> str:
    """Commit files with exactly these contents on top of the branch's tip and return the commit's id.

    Media go in as their pointers. Contents that are already there make no commit. Somebody else's commit in between
    is built upon, never lost; somebody else's `index.lock` is waited for shortly and then worked around. `reached`
    is told each step, for the tests that kill us there. Raises TakenError for a take that is there with other contents.
    """
    for path, contents in files.items():
        checked_path(path)
        if lfs.holds(path) and lfs.parse_pointer(contents) is None:
            raise StudioError(Code.INTERNAL, "A media file was about to enter git itself.", detail=path)
    blobs = _write_blobs(root, files)
    reached("blobs")
    return _move_branch(root, blobs, message, author, reached)


def _write_blobs(root: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    stream = b"".join(
        b"blob\nmark :%d\ndata %d\n%s\nget-mark :%d\n" % (n, len(contents), contents, n)
        for n, contents in enumerate(files.values(), 1)
    )
    ids = git(root, "fast-import", "--quiet", "--done", feed=stream + b"done\n").decode().split()
    return dict(zip(files, ids, strict=True))


def _move_branch(
    root: Path, blobs: Mapping[str, str], message: str, author: Author, reached: Callable[[str], None]
) -> str:
    branch = branch_of(root)
    ref = f"refs/heads/{branch}"
    on_branch = _checked_out(root) == branch
    indexed = False
    for attempt in range(_TRIES):
        tip, there = _look(root, ref, blobs)
        for path, blob in there.items():
            if blob != blobs[path] and path.startswith(f"{RENDERS}/"):
                raise TakenError(path)
        if on_branch and not indexed:
            # The index goes first: with the entry missing, a user's plain `git commit` would take the file out again.
            indexed = _index(root, blobs)
            reached("index")
        if tip and there == dict(blobs):
            commit: str | None = tip
        else:
            commit = _try_commit(root, _Change(ref, tip, blobs, message, author))
        if commit:
            reached("ref")
            _remember(root, {} if indexed or not on_branch else blobs, forget=blobs)
            return commit
        time.sleep(random.uniform(0, 0.01 * min(attempt + 1, 8)))  # noqa: S311 - spreads retries, guards nothing
    raise StudioError(Code.INTERNAL, "The project's history is too busy to write to.", detail=f"{_TRIES} tries")


def _look(root: Path, ref: str, blobs: Mapping[str, str]) -> tuple[str | None, dict[str, str]]:
    """Return the branch's tip and the blobs it has at the paths in question."""
    asked = "".join(f"{name}\n" for name in [ref, *(f"{ref}:{path}" for path in blobs)])
    answers = git(root, "cat-file", "--batch-check=%(objectname)", feed=asked.encode()).decode().splitlines()
    found = [None if line.endswith(" missing") else line for line in answers]
    return found[0], {path: blob for path, blob in zip(blobs, found[1:], strict=True) if blob}


def _index(root: Path, blobs: Mapping[str, str]) -> bool:
    """Enter blobs into the index (an empty one takes the path out); return False when somebody keeps it locked."""
    entries = b"".join(
        b"%s %s\t%s\0" % (b"100644" if blob else b"0", (blob or _NO_BLOB).encode(), path.encode())
        for path, blob in blobs.items()
    )
    deadline = time.monotonic() + _INDEX_WAIT_S
    while True:
        try:
            with guarded(root):
                _run(root, "update-index", "--add", "--replace", "-z", "--index-info", feed=entries)
        except subprocess.CalledProcessError as failed:
            if b"index.lock" not in failed.stderr or b"File exists" not in failed.stderr:
                raise explained(root, failed) from failed
            if time.monotonic() > deadline:
                return False
            time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - as above
        except subprocess.TimeoutExpired as failed:
            raise explained(root, failed) from failed
        else:
            return True


def _try_commit(root: Path, change: _Change) -> str | None:
    """Commit on top of the tip and return the new id, or None when somebody else moved the branch first."""
    who = b"%s <%s> %d +0000" % (_clean(change.author.name), _clean(change.author.email), int(time.time()))
    text = change.message.encode(errors="replace")
    lines = [b"commit %s\nmark :1\nauthor %s\ncommitter %s\n" % (change.ref.encode(), who, who)]
    lines.append(b"data %d\n%s\n" % (len(text), text))
    if change.tip:
        lines.append(b"from %s\n" % change.tip.encode())
    lines += [b'M 100644 %s "%s"\n' % (blob.encode(), path.encode()) for path, blob in change.blobs.items()]
    lines.append(b"\nget-mark :1\ndone\n")
    try:
        with guarded(root):
            told = _run(root, "fast-import", "--quiet", "--done", feed=b"".join(lines))
    except subprocess.CalledProcessError as failed:
        _sweep_crash_reports(root)
        if any(word in failed.stderr for word in (b"Not updating", b"cannot lock ref", b"Unable to create")):
            return None
        raise explained(root, failed) from failed
    except subprocess.TimeoutExpired as failed:
        raise explained(root, failed) from failed
    return told.decode().strip()


def _clean(text: str) -> bytes:
    return "".join(c for c in text if c not in "<>" and c.isprintable()).strip().encode(errors="replace") or b"studio"


def _sweep_crash_reports(root: Path) -> None:
    for report in (root / ".git").glob("fast_import_crash_*"):
        report.unlink(missing_ok=True)


def _remember(root: Path, put_off: Mapping[str, str], forget: Mapping[str, str]) -> None:
    """Keep which index entries are still to be made."""
    path = own_folder(root) / "pending.json"
    known = _pending(path)
    wanted = {p: b for p, b in known.items() if p not in forget} | dict(put_off)
    if wanted != known:
        with guarded(root):
            write_whole(path, json.dumps(wanted).encode())


def _pending(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    return {str(p): str(b) for p, b in known.items()}


def settle(root: Path, author: Author) -> bool:
    """Make up for index entries that a locked index put off; return whether none is left.

    If a commit made meanwhile by the user's git left a take out, the take is committed again.
    """
    put_off = _pending(own_folder(root) / "pending.json")
    if not put_off:
        return True
    branch = branch_of(root)
    if _checked_out(root) != branch:
        return False
    _, there = _look(root, f"refs/heads/{branch}", put_off)
    lost = {p: b for p, b in put_off.items() if p not in there and (root / p).is_file()}
    if lost:
        _move_branch(root, lost, "Put back what a commit had left out", author, lambda _: None)
    settled = _index(root, there) if there else True
    if settled:
        _remember(root, {}, forget=there)
    return settled and not _pending(own_folder(root) / "pending.json")


def leave_out(root: Path, paths: Iterable[str]) -> None:
    """Put the index back to what the branch has at these paths, for a landing that was withdrawn.

    A locked index is left as it is.
    """
    branch = branch_of(root)
    if _checked_out(root) == branch:
        wanted = dict.fromkeys(paths, "")
        _, there = _look(root, f"refs/heads/{branch}", wanted)
        _index(root, wanted | there)
