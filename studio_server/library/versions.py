"""The canvas through time: what the project's git history tells of it, and names that people gave to moments of it.

A name is a trailer of its commit, so that it travels with every clone and push. Nothing is ever checked out.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.domain.graph import Graph
from studio_server.domain.project import MANIFEST
from studio_server.library import formats
from studio_server.library.folder import ProjectFolder
from studio_server.library.git import branch_of
from studio_server.library.gitcommand import git, read_objects

SAVED: Final = "Canvas"
FILM: Final = "Film"
ALTERNATE: Final = "Alternate"
MERGED: Final = "Merged"
NAMED: Final = "Version"
TRAILER: Final = "Version-Name"
LONGEST_NAME: Final = 80

_ID = re.compile(r"[0-9a-f]{40}")
_TAKE = re.compile(r"(\S+_v\d+_take\d+) of scene \S+")
_FIELDS: Final = 4
_SHOWN = 160
_TOLD = 3


class Version(Frozen):
    """A moment of the canvas: `name` is what people called it, `label` says what happened, `id` is the commit's."""

    id: str
    name: str | None
    label: str
    created_at: str
    created_by: str
    kind: str


def saved(labels: Iterable[str]) -> str:
    """Return the message of a commit of the canvas: what was done, in the words of those who did it."""
    words = list(dict.fromkeys(shown for label in labels if (shown := " ".join(label.split()))))
    more = f" and {len(words) - _TOLD} more" if len(words) > _TOLD else ""
    return f"{SAVED}: {', '.join(words[:_TOLD])}{more}" if words else SAVED


def listed(folder: ProjectFolder, limit: int, before: str | None = None) -> list[Version]:
    """Return the newest moments, or those before one; along the branch's own line, a merge counts as one.

    Raises NOT_FOUND for a `before` that is not in the history.
    """
    start = known(folder, before) if before else f"refs/heads/{branch_of(folder.root)}"
    skip = 1 if before else 0
    told = git(
        folder.root,
        *(
            "log",
            "-z",
            "--first-parent",
            f"--max-count={limit}",
            f"--skip={skip}",
            "--format=%H%n%an%n%aI%n%B",
            start,
            "--",
        ),
    )
    return [_version(entry) for entry in told.decode(errors="replace").split("\0") if entry]


def named(name: str) -> str:
    """Return the message of a commit that keeps the canvas under a name. Raises VALIDATION_ERROR as `checked_name`."""
    shown = checked_name(name)
    return f"{NAMED}: {shown}\n\n{TRAILER}: {shown}"


def rendered(title: str) -> str:
    """Return the message of a commit of the canvas that a film is rendered from."""
    return f"{FILM}: {title}"


def checked_name(name: str) -> str:
    """Return a version's name on one line. Raises VALIDATION_ERROR where nothing is left, or too much."""
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not shown or len(shown) > LONGEST_NAME:
        message = f"A version's name has one to {LONGEST_NAME} characters."
        raise StudioError(Code.VALIDATION_ERROR, message, field="name")
    return shown


def graph_at(folder: ProjectFolder, version_id: str) -> tuple[Version, Graph]:
    """Return the canvas as it was. A canvas of an older studio is read as it is today.

    Raises NOT_FOUND for a version that is not in the history, FILE_NOT_FOUND where it has no canvas, CANVAS_UNREADABLE
    where it cannot be read.
    """
    commit = known(folder, version_id)
    version = one(folder, commit)
    return version, _graph(folder, commit, version.label)


@lru_cache(maxsize=256)
def graph_in(folder: ProjectFolder, commit: str) -> Graph | None:
    """Return the canvas that a commit has, or None where it has none that can be read."""
    try:
        return _graph(folder, commit, commit)
    except StudioError:
        return None


def read_in(folder: ProjectFolder, commit: str) -> Graph:
    """Return the canvas that a commit has. Raises FILE_NOT_FOUND or CANVAS_UNREADABLE."""
    return graph_in(folder, commit) or _graph(folder, commit, commit)


def _graph(folder: ProjectFolder, commit: str, called: str) -> Graph:
    path = formats.load_manifest(_contents(folder, commit, MANIFEST)).canvas_path
    return formats.load_canvas(_contents(folder, commit, path), f"{path} of {called}")


def one(folder: ProjectFolder, commit: str) -> Version:
    """Return what the history says of one commit."""
    told = git(folder.root, "log", "-z", "--no-walk", "--format=%H%n%an%n%aI%n%B", commit, "--")
    return _version(told.decode(errors="replace").split("\0")[0])


def known(folder: ProjectFolder, version_id: str) -> str:
    """Return the id of a commit that is in the branch's history."""
    if _ID.fullmatch(version_id):
        branch = f"refs/heads/{branch_of(folder.root)}"
        base = git(folder.root, "rev-list", "--max-count=1", "--ignore-missing", version_id, "--").split()
        if base and not git(folder.root, "rev-list", "--max-count=1", version_id, f"^{branch}", "--").split():
            return version_id
    raise StudioError(Code.NOT_FOUND, "There is no such version in the project's history.", detail=version_id[:80])


def _contents(folder: ProjectFolder, commit: str, path: str) -> bytes:
    (there,) = read_objects(folder.root, [f"{commit}:{path}"])
    if there is None or there.kind != "blob":
        raise StudioError(Code.FILE_NOT_FOUND, "This version has no canvas.", detail=f"{commit}:{path}")
    return there.contents


def _version(entry: str) -> Version:
    commit, author, at, message = entry.split("\n", _FIELDS - 1)
    subject, _, rest = message.strip().partition("\n")
    name = _trailer(rest)
    kind, label = ("named", name) if name else _kind(subject)
    return Version(id=commit, name=name, label=label[:_SHOWN], created_at=at, created_by=author, kind=kind)


def _trailer(rest: str) -> str | None:
    """Return the name in the last paragraph of a message."""
    last = rest.strip().split("\n\n")[-1]
    found = (line.partition(": ") for line in last.splitlines())
    return next((value.strip() for key, _, value in found if key == TRAILER and value.strip()), None)


def _kind(subject: str) -> tuple[str, str]:
    if subject == SAVED:
        return "saved", "Saved"
    if subject.startswith(f"{SAVED}: "):
        return "saved", subject.removeprefix(f"{SAVED}: ")
    for start, kind in ((FILM, "film"), (ALTERNATE, "alternate"), (MERGED, "merged")):
        if subject.startswith(f"{start}: "):
            return kind, subject.removeprefix(f"{start}: ")
    if take := _TAKE.fullmatch(subject):
        return "take", take[1]
    return "other", subject or "Changed outside the studio"
