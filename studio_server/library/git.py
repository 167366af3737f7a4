"""A project's git history, added to so that a take lands whatever the user's own git does.

Commits are built on the branch's tip and moved in by compare-and-set; the work tree is never read and nobody's
`index.lock` holds a take up. GitPython's index must never be used here: it would put films into git itself.
"""

import random
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.domain.project import RENDERS
from studio_server.library import gitobjects, lfs, unsettled
from studio_server.library.disk import guarded, project_missing
from studio_server.library.gitcommand import explained, git, read_objects, run
from studio_server.library.gitobjects import Line
from studio_server.library.names import checked_path

BRANCH: Final = "main"
"""The branch of a project's film; a clone that lacks it uses the branch it has checked out."""

OWN: Final = "studio"
"""The folder below .git that holds what only this checkout knows."""

GRACE_S: Final = 5.0
"""How long after a commit a user's own git may still undo it, in seconds; `git commit` needs far less."""

_HEADS = "refs/heads/"
_NOTHING = "0" * 40
_TRIES = 200
_INDEX_WAIT_S = 0.3
_REMEMBERED = 8192
_ID_LENGTH = 40


class Author(NamedTuple):
    """Who a commit is by."""

    name: str
    email: str


class TakenError(Exception):
    """A path below 03_Renders is in the history with other contents; takes are never changed."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class _Seen(NamedTuple):
    """The branch as it was looked at: its tip, and the folders that matter, by name."""

    tip: str | None
    trees: dict[str, dict[bytes, Line]]

    def blob(self, path: str) -> str | None:
        """Return what the branch has at a path."""
        folder, _, name = path.rpartition("/")
        line = self.trees.get(folder, {}).get(name.encode())
        return line.id if line else None


_trees: dict[str, bytes] = {}
"""Contents of trees by id, and of a commit's top tree by the commit's id: they never change."""


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


def _tip(root: Path, branch: str) -> str | None:
    """Return the branch's newest commit, or None before the first one."""
    try:
        tip = (root / ".git" / "refs" / "heads" / branch).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        told = git(root, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").decode().split()
        tip = told[0] if told else ""
    if tip and len(tip) != _ID_LENGTH:
        raise StudioError(
            Code.INTERNAL, "This git repository is of a kind that the studio cannot write.", detail=f"{branch}: {tip}"
        )
    return tip or None


def tip_of(root: Path) -> str | None:
    """Return the newest commit of the branch that takes are committed to."""
    return _tip(root, branch_of(root))


def blob_id(contents: bytes) -> str:
    """Return the name that git gives to a file's contents."""
    return gitobjects.object_id(b"blob", contents)


def fast_forward(root: Path, old: str, new: str, blobs: Mapping[str, str]) -> bool:
    """Move the branch from one commit to a later one that is in the repository; return False where it was moved first.

    `blobs` is what the later one changes, by path (empty: the file is gone); the index goes before the branch.
    """
    branch = branch_of(root)
    if _checked_out(root) == branch:
        unsettled.note(own_folder(root), {path: blob for path, blob in blobs.items() if blob})
        _index(root, blobs)
    return moved(root, f"{_HEADS}{branch}", new, old)


def is_on_film(root: Path) -> bool:
    """Whether the film's branch is the one that is checked out in the folder."""
    return _checked_out(root) == branch_of(root)


def commit_like(root: Path, like: str, parents: Sequence[str], message: str, author: Author) -> str:
    """Write a commit that has what another one has, and return its id; no branch names it yet."""
    (tree,) = read_objects(root, [f"{like}^{{tree}}"])
    if tree is None:
        raise StudioError(Code.INTERNAL, "The project's history is damaged.", detail=f"commit {like}")
    with guarded(root):
        return gitobjects.write(root, b"commit", _commit(tree.id, parents, message, author))


def committed_names(root: Path, folder: str) -> list[str]:
    """Return the names of the files directly in a folder, as the branch's newest commit has them."""
    seen = _look(root, branch_of(root), [f"{checked_path(folder)}/x"])
    return sorted(name.decode() for name in seen.trees.get(folder, {}))


def commit_files(
    root: Path,
    files: Mapping[str, bytes],
    message: str,
    author: Author,
    *,
    unless: str | None = "",
    merged: Sequence[str] = (),
    reached: Callable[[str], None] = lambda _: None,
) -> str:
    """Commit files with exactly these contents on top of the branch's tip and return the commit's id.

    Media go in as their pointers. Contents that are already there make no commit; with `unless` None they do, with a
    commit's id they do unless that is the newest one. `merged` are further parents of the commit. Somebody else's
    commit in between is built upon, never lost; somebody else's `index.lock` is waited for shortly and then worked
    around. `reached` is told each step, for the tests that kill us there. Raises TakenError for a take that is there
    with other contents.
    """
    for path, contents in files.items():
        checked_path(path)
        if lfs.holds(path) and lfs.parse_pointer(contents) is None:
            raise StudioError(Code.INTERNAL, "A media file was about to enter git itself.", detail=path)
    settle(root, author)
    with guarded(root):
        names = gitobjects.write_all(root, ((b"blob", contents) for contents in files.values()))
        blobs = dict(zip(files, names, strict=True))
    reached("blobs")
    return _move_branch(root, blobs, message, author, reached, unless, merged)


def _move_branch(
    root: Path,
    blobs: Mapping[str, str],
    message: str,
    author: Author,
    reached: Callable[[str], None],
    unless: str | None = "",
    merged: Sequence[str] = (),
) -> str:
    branch = branch_of(root)
    on_branch = _checked_out(root) == branch
    own = own_folder(root)
    for attempt in range(_TRIES):
        recent = unsettled.read(own) if on_branch else {}
        seen = _look(root, branch, [*blobs, *recent])
        there = {path: seen.blob(path) for path in blobs}
        taken = next((p for p, b in there.items() if b not in {None, blobs[p]} and p.startswith(f"{RENDERS}/")), None)
        if taken:
            raise TakenError(taken)
        is_there = seen.tip is not None and there == blobs and unless in {"", seen.tip}
        with ThreadPoolExecutor(1) as beside:
            # The commit is written while git enters the index: both wait for the disk most of the time.
            writing = None if is_there else beside.submit(_write_commit, root, seen, blobs, message, author, merged)
            if on_branch:
                # The index goes before the branch: with the entry missing, a user's plain `git commit` would take the
                # file out again.
                unsettled.note(own, blobs)
                _index(root, {path: blob for path in recent if (blob := seen.blob(path))} | dict(blobs))
                reached("index")
            commit = writing.result() if writing else seen.tip
        if commit and (is_there or moved(root, f"{_HEADS}{branch}", commit, seen.tip)):
            reached("ref")
            return commit
        time.sleep(random.uniform(0, 0.01 * min(attempt + 1, 8)))  # noqa: S311 - spreads retries, guards nothing
    raise StudioError(Code.INTERNAL, "The project's history is too busy to write to.", detail=f"{_TRIES} tries")


def _look(root: Path, branch: str, paths: Iterable[str]) -> _Seen:
    """Return the branch's tip and the folders that hold these paths; asks git only for trees never seen before."""
    tip = _tip(root, branch)
    if tip is None:
        return _Seen(None, {})
    folders = gitobjects.folders_of(paths)
    trees = _walked(root, tip, folders)
    if trees is None:
        _read_trees(root, tip, folders)
        trees = _walked(root, tip, folders)
    if trees is None:
        raise StudioError(Code.INTERNAL, "The project's history is damaged.", detail=f"commit {tip}")
    return _Seen(tip, trees)


def _walked(root: Path, tip: str, folders: Iterable[str]) -> dict[str, dict[bytes, Line]] | None:
    """Return the folders by name as far as they exist, or None when a tree has not been read yet."""
    found: dict[str, dict[bytes, Line]] = {}
    for folder in folders:
        if folder:
            above, _, name = folder.rpartition("/")
            line = found.get(above, {}).get(name.encode())
            if line is None:
                continue
            if line.mode != gitobjects.FOLDER:
                raise StudioError(
                    Code.INTERNAL, "There is a file in the history where a folder belongs.", detail=f"{root}: {folder}"
                )
        contents = _trees.get(line.id if folder and line else tip)
        if contents is None:
            return None
        found[folder] = gitobjects.parse_tree(contents)
    return found


def _read_trees(root: Path, tip: str, folders: Iterable[str]) -> None:
    asked = [f"{tip}:{folder}" if folder else f"{tip}^{{tree}}" for folder in folders]
    for name, tree in zip(asked, read_objects(root, asked), strict=True):
        if tree is None:
            continue
        _keep_tree(tree.id, tree.contents)
        if name.endswith("^{tree}"):
            _keep_tree(tip, tree.contents)


def _keep_tree(name: str, contents: bytes) -> None:
    if len(_trees) >= _REMEMBERED:
        _trees.clear()
    _trees[name] = contents


def _index(root: Path, blobs: Mapping[str, str]) -> bool:
    """Enter blobs into the index (an empty one takes the path out); return False when somebody keeps it locked."""
    entries = b"".join(
        b"%s %s\t%s\0" % (b"100644" if blob else b"0", (blob or _NOTHING).encode(), path.encode())
        for path, blob in blobs.items()
    )
    deadline = time.monotonic() + _INDEX_WAIT_S
    while True:
        try:
            with guarded(root):
                run(root, "update-index", "--add", "--replace", "-z", "--index-info", feed=entries)
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


def _commit(tree: str, parents: Iterable[str], message: str, author: Author) -> bytes:
    who = b"%s <%s> %d +0000" % (_clean(author.name), _clean(author.email), int(time.time()))
    lines = b"".join(b"parent %s\n" % parent.encode() for parent in parents)
    text = message.encode(errors="replace")
    return b"tree %s\n%sauthor %s\ncommitter %s\n\n%s\n" % (tree.encode(), lines, who, who, text)


def _write_commit(
    root: Path, seen: _Seen, blobs: Mapping[str, str], message: str, author: Author, merged: Sequence[str] = ()
) -> str:
    """Write the trees and the commit that add blobs to what was seen; no branch names them yet."""
    trees = gitobjects.with_blobs(seen.trees, blobs)
    parents = [*([seen.tip] if seen.tip else ()), *merged]
    lines = _commit(gitobjects.object_id(b"tree", trees[""]), parents, message, author)
    with guarded(root):
        names = gitobjects.write_all(root, [*((b"tree", tree) for tree in trees.values()), (b"commit", lines)])
    for name, contents in zip(names, [*trees.values(), trees[""]], strict=True):
        _keep_tree(name, contents)
    return names[-1]


def moved(root: Path, ref: str, commit: str, tip: str | None) -> bool:
    """Move a ref from its tip (None: it must not be there) to a commit; return False when somebody was faster."""
    try:
        with guarded(root):
            run(root, "update-ref", "-m", "studio", ref, commit, tip or _NOTHING)
    except subprocess.CalledProcessError as failed:
        if any(word in failed.stderr for word in (b"but expected", b"already exists", b"File exists")):
            return False
        raise explained(root, failed) from failed
    except subprocess.TimeoutExpired as failed:
        raise explained(root, failed) from failed
    return True


def _clean(text: str) -> bytes:
    return "".join(c for c in text if c not in "<>" and c.isprintable()).strip().encode(errors="replace") or b"studio"


def settle(root: Path, author: Author) -> bool:
    """Look again at what was committed a few seconds ago; return whether there is nothing left to look at.

    An index entry that a locked index or a stale one left out is made; a file that a commit of the user's git took out
    of the history is committed again. Costs one small read when there is nothing to do. Hold the project's lock.
    """
    own = own_folder(root)
    waiting = unsettled.read(own)
    if all(time.time() - entry.since < GRACE_S for entry in waiting.values()):
        return not waiting
    branch = branch_of(root)
    if _checked_out(root) != branch:
        return False
    seen = _look(root, branch, waiting)
    lost = {p: entry.blob for p, entry in waiting.items() if seen.blob(p) is None and (root / p).is_file()}
    if lost:
        _move_branch(root, lost, "Put back what a commit had left out", author, lambda _: None)
        return False
    wanted = {path: blob for path in waiting if (blob := seen.blob(path))}
    indexed = _indexed(root, wanted) if wanted else {}
    wrong = {path: blob for path, blob in wanted.items() if indexed.get(path) != blob}
    if wrong:
        _index(root, wrong)
        unsettled.note(own, wrong)
    unsettled.drop(own, set(waiting) - set(wrong))
    return not wrong


def _indexed(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return what the index has at these paths."""
    listed = git(root, "--literal-pathspecs", "ls-files", "-s", "-z", "--", *paths)
    entries = (line.split(b"\t", 1) for line in listed.split(b"\0") if line)
    return {path.decode(): words.split()[1].decode() for words, path in entries}


def as_committed(root: Path, paths: Iterable[str]) -> None:
    """Put the index back to what the branch has at these paths: after a withdrawn landing, or when media came or went.

    A git that has seen a pointer would else take the media for a change. A locked index is left as it is.
    """
    branch = branch_of(root)
    if _checked_out(root) == branch:
        paths = list(paths)
        seen = _look(root, branch, paths)
        _index(root, {path: seen.blob(path) or "" for path in paths})
