"""Other states of the board that people go on with: each one a branch of the project's git, below `alternates/`.

The film's own branch has whichever alternate is on the board, and every take; nothing is ever checked out. The branch
of the alternate on the board follows it commit by commit, with parents of its own: so git itself knows where two of
them parted. Which one is on the board is told by a file below .git that travels in no clone; after a clone it is the
one whose canvas is the film's.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.library import git as history
from studio_server.library.disk import guarded, write_whole
from studio_server.library.gitcommand import explained, git, run
from studio_server.library.names import safe_stem

BRANCHES: Final = "refs/heads/alternates/"
PUT_AWAY: Final = "refs/studio/put-away/"
"""Where the branch of one that was removed waits; it keeps its commits from git's clearing up."""

TRAILER: Final = "Alternate-Name"
MOST: Final = 200
"""So many alternates a project may have, those put away included."""

_MARK = "alternate.json"
_END, _PART = "\x1e", "\x1f"
_FIELDS = 5
_TRIES = 20
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,70}")


class Alternate(NamedTuple):
    """An alternate: `id` is its branch's name, `tip` its newest commit; when (ISO 8601) and by whom it was changed."""

    id: str
    name: str
    tip: str
    changed_at: str
    changed_by: str
    put_away: bool = False

    @property
    def ref(self) -> str:
        """Return the ref that keeps it."""
        return f"{PUT_AWAY if self.put_away else BRANCHES}{self.id}"


class Mark(NamedTuple):
    """What this checkout knows: which is on the board, and which one a switch under way (`op`) puts there."""

    on: str = ""
    name: str = ""
    to: str = ""
    to_name: str = ""
    op: str = ""


def listed(root: Path) -> list[Alternate]:
    """Return all alternates, also those put away, by name."""
    form = _PART.join(("%(refname)", "%(objectname)", "%(authordate:iso-strict)", "%(authorname)", "%(contents:body)"))
    told = git(root, "for-each-ref", f"--count={2 * MOST}", f"--format={form}{_END}", BRANCHES, PUT_AWAY)
    found = []
    for entry in told.decode(errors="replace").split(f"{_END}\n"):
        parts = entry.split(_PART)
        if len(parts) != _FIELDS:
            continue
        ref, tip, at, by, body = parts
        is_away = ref.startswith(PUT_AWAY)
        slug = ref.removeprefix(PUT_AWAY if is_away else BRANCHES)
        if _SLUG.fullmatch(slug):
            found.append(Alternate(slug, _name(body) or slug, tip, at, by, is_away))
    return sorted(found, key=lambda one: (one.put_away, one.name.casefold(), one.id))


def one(root: Path, alternate_id: str, *, put_away: bool = False) -> Alternate:
    """Return an alternate. Raises NOT_FOUND."""
    for found in listed(root):
        if found.id == alternate_id and found.put_away is put_away:
            return found
    raise StudioError(Code.NOT_FOUND, "There is no such alternate any more.", detail=alternate_id[:80])


def mark(root: Path) -> Mark:
    """Return which alternate is on the board; a file that cannot be read says nothing."""
    try:
        known = json.loads((history.own_folder(root) / _MARK).read_bytes())
        return Mark(**{key: str(known[key]) for key in known if key in Mark._fields})
    except (FileNotFoundError, ValueError, TypeError):
        return Mark()


def put_mark(root: Path, known: Mark) -> None:
    """Note which alternate is on the board."""
    with guarded(root):
        write_whole(history.own_folder(root) / _MARK, json.dumps(known._asdict()).encode())


def on_board(root: Path, happened: Callable[[str], bool]) -> Mark:
    """Return which alternate is on the board; `happened` says whether the change of a switch under way was made."""
    known = mark(root)
    if known.op:
        known = Mark(known.to, known.to_name) if happened(known.op) else Mark(known.on, known.name)
        put_mark(root, known)
    return known


def recognise(root: Path, canvas: str) -> Mark:
    """Find out which alternate a project from elsewhere has on its board: the newest one that is like it."""
    there = [found for found in listed(root) if not found.put_away]
    film, *blobs = _blobs(root, *(f"{tip}:{canvas}" for tip in (history.tip_of(root), *(found.tip for found in there))))
    alike = [found for found, blob in zip(there, blobs, strict=True) if film and blob == film]
    newest = max(alike, key=lambda found: found.changed_at, default=None)
    known = Mark(newest.id, newest.name) if newest else Mark()
    if newest:
        put_mark(root, known)
    return known


def begin(root: Path, name: str, author: history.Author, parent: str, like: str) -> Alternate:
    """Make an alternate that has what the commit `like` has, on top of `parent`. The name is a checked one."""
    there = listed(root)
    if len(there) >= MOST:
        raise StudioError(Code.VALIDATION_ERROR, f"A project has at most {MOST} alternates.", field="name")
    stem = safe_stem(f"{name}.x").lower()
    taken = {found.id for found in there}
    slug = next(s for s in (stem, *(f"{stem}-{n}" for n in range(2, MOST + 2))) if s not in taken)
    commit = history.commit_like(root, like, [parent], _message(f"Alternate: {name}", name), author)
    if not history.moved(root, f"{BRANCHES}{slug}", commit, None):
        raise _overtaken(slug)
    return one(root, slug)


def follow(
    root: Path, alternate_id: str, canvas: str, message: str, author: history.Author, merged: Sequence[str] = ()
) -> None:
    """Bring an alternate's branch to what the film's has, where its canvas is another; `merged` are more parents.

    While a person's own git has another branch than the film's checked out, what is on the board is not the alternate.
    """
    if not history.is_on_film(root):
        return
    for _ in range(_TRIES):
        found = next((a for a in listed(root) if a.id == alternate_id and not a.put_away), None)
        film = history.tip_of(root)
        if found is None or film is None:
            return
        theirs, ours = _blobs(root, f"{found.tip}:{canvas}", f"{film}:{canvas}")
        if theirs == ours and not merged:
            return
        subject = message.partition("\n")[0]
        commit = history.commit_like(root, film, [found.tip, *merged], _message(subject, found.name), author)
        if history.moved(root, found.ref, commit, found.tip):
            return
    raise _overtaken(alternate_id)


def rename(root: Path, found: Alternate, name: str, author: history.Author) -> None:
    """Call an alternate otherwise; its branch keeps its name, so that clones go on following it."""
    commit = history.commit_like(root, found.tip, [found.tip], _message(f"Renamed: {name}", name), author)
    if not history.moved(root, found.ref, commit, found.tip):
        raise _overtaken(found.id)
    known = mark(root)
    if known.on == found.id:
        put_mark(root, known._replace(name=name))


def move(root: Path, found: Alternate, *, put_away: bool) -> None:
    """Put an alternate away, or take it back. Raises VERSION_CONFLICT where it was changed meanwhile."""
    target = found._replace(put_away=put_away)
    feed = f"create {target.ref} {found.tip}\ndelete {found.ref} {found.tip}\n"
    git(root, "update-ref", "--stdin", feed=feed.encode())


def parted(root: Path, one_commit: str, other: str) -> str | None:
    """Return the newest commit that both come from, or None where they have none."""
    try:
        with guarded(root):
            return run(root, "merge-base", one_commit, other).decode().split()[0]
    except subprocess.CalledProcessError as failed:
        if failed.returncode == 1 and not failed.stderr:
            return None
        raise explained(root, failed) from failed
    except subprocess.TimeoutExpired as failed:
        raise explained(root, failed) from failed


def free_name(root: Path, wanted: str) -> str:
    """Return a name that no alternate has yet."""
    taken = {found.name.casefold() for found in listed(root) if not found.put_away}
    names: Iterable[str] = (wanted, *(f"{wanted} {n}" for n in range(2, MOST + 2)))
    return next(name for name in names if name.casefold() not in taken)


def _blobs(root: Path, *names: str) -> list[str | None]:
    """Return the ids of files in commits, None for each that is not there."""
    asked = "".join(f"{name}\n" for name in names).encode()
    told = git(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", feed=asked).splitlines()
    return [words.split()[0].decode() if words.endswith(b" blob") else None for words in told]


def _name(body: str) -> str:
    last = body.strip().split("\n\n")[-1]
    found = (line.partition(": ") for line in last.splitlines())
    return next((value.strip() for key, _, value in found if key == TRAILER and value.strip()), "")


def _message(subject: str, name: str) -> str:
    return f"{subject}\n\n{TRAILER}: {name}"


def _overtaken(slug: str) -> StudioError:
    return StudioError(Code.VERSION_CONFLICT, "This alternate was changed in the meantime. Look again.", detail=slug)
