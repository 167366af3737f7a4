"""What was pushed, looked at before it becomes part of a project: all of it is a stranger's.

Every commit of the push is looked at, not only the last one: what is in the history is checked out by somebody, one
day. Pure reading; `library/pushing.py` moves the branch.
"""

import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.domain.project import AUTO_SAVES, EXPORTS, MANIFEST, RENDERS, Manifest
from studio_server.domain.shots import SIDECAR_SUFFIX, Take, parse_path
from studio_server.library import formats, lfs
from studio_server.library.gitcommand import capped, git, read_objects
from studio_server.library.names import wrong_with

MOST_COMMITS: Final = 2000
MOST_FILES: Final = 20_000
TEXT_LIMIT: Final = 16 * 1024 * 1024
"""Largest file in bytes that may be pushed into git itself; media go beside it."""

FOLDERS: Final = ("01_Assets/", "02_Source_Creative/", f"{RENDERS}/", "04_Project_Files/", f"{EXPORTS}/")
TOP: Final = frozenset({MANIFEST, "README.md"})
LISTS: Final = (".edl", ".otio", ".xml", ".fcpxml", ".aaf", ".ale", ".csv", ".srt", ".vtt", ".txt")
"""What may be pushed into 06_Exports: the films there are the studio's."""

_LISTED: Final = 64 * 1024 * 1024
_FILE: Final = "100644"
_GONE: Final = "000000"
_NOTHING: Final = "0" * 40
_SHOWN: Final = 10
_BESIDE: Final = re.compile(r"\.[a-z][a-z0-9]{0,15}(?=\.[a-z0-9]{1,8}$)")


class Change(NamedTuple):
    """A file that a push changes: its path, and the blobs before and after (None: not there)."""

    path: str
    before: str | None
    after: str | None


class Pushed(NamedTuple):
    """A push that may be taken over: from which commit to which, what it changes in all, and the media it brings.

    `media` is what each pointer among the files says, `canvas` the canvas file as it was and as pushed where it is
    another one now.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    media: dict[str, lfs.Pointer]
    brought: frozenset[lfs.Pointer]
    canvas: tuple[bytes, bytes] | None


class Rules(NamedTuple):
    """What is to be known of a project and of who pushes, to say what they may do.

    `has` says whether the bytes of a pointer have arrived, `locked` who else works on a path.
    """

    manifest: Manifest
    has: Callable[[lfs.Pointer], bool]
    locked: dict[str, str]
    may_remove: bool


class _Entry(NamedTuple):
    mode: str
    before: str
    after: str
    path: str


def refused(*why: str) -> StudioError:
    """Return why a push is refused, in lines for the person who pushes."""
    shown = why if len(why) <= _SHOWN else (*why[:_SHOWN], f"and {len(why) - _SHOWN} more")
    return StudioError(Code.PUSH_REFUSED, "\n".join(shown))


def overtaken() -> StudioError:
    """Return the refusal of a push that does not begin where the film is."""
    return refused("The studio's film has gone on meanwhile. Run `git pull`, then push again.")


def looked_at(root: Path, arriving: Path, old: str, new: str, rules: Rules) -> Pushed:
    """Return what a push from `old` to `new` does. Raises PUSH_REFUSED with everything that is wrong with it."""
    commits = _commits(root, arriving, old, new)
    entries = _entries(root, arriving, commits)
    wrong = list(dict.fromkeys(why for entry in entries if (why := _wrong_place(entry, rules))))
    wrong = wrong or _wrong_contents(root, arriving, entries, rules)
    if wrong:
        raise refused(*wrong)
    # Only now: what is missing is told in git's words, and who pushed something foolish should hear ours.
    git(root, "rev-list", "--objects", "--quiet", new, "--not", old, "--", arriving=arriving)
    changes = net(root, old, new, arriving)
    if wrong := [why for change in changes if (why := _not_yours(change, rules))]:
        raise refused(*wrong)
    _refuse_collisions(root, arriving, new, changes)
    canvas = _json_files(root, arriving, old, changes, rules)
    brought = frozenset(_pointers(root, _new_media(root, entries), arriving).values())
    return Pushed(old, new, changes, media_of(root, changes, arriving), brought, canvas)


def net(root: Path, old: str, new: str, arriving: Path | None = None) -> tuple[Change, ...]:
    """Return what is another in one commit than in an earlier one."""
    return tuple(Change(e.path, _blob(e.before), _blob(e.after)) for e in _diff(root, arriving, [old, new]))


def media_of(root: Path, changes: Iterable[Change], arriving: Path | None = None) -> dict[str, lfs.Pointer]:
    """Return the pointers among changed files, by path."""
    wanted = {c.path: c.after for c in changes if c.after and lfs.holds(c.path)}
    pointers = _pointers(root, set(wanted.values()), arriving)
    return {path: pointers[blob] for path, blob in wanted.items() if blob in pointers}


def _not_yours(change: Change, rules: Rules) -> str | None:
    """Return why this person may not do this, whoever else may."""
    if change.path in rules.locked:
        return f"{_shown(change.path)}: {rules.locked[change.path]} is editing this file and has locked it."
    if change.after is None and not rules.may_remove:
        return f"{_shown(change.path)}: your role does not allow you to remove files."
    return None


def _blob(name: str) -> str | None:
    return None if name == _NOTHING else name


def _commits(root: Path, arriving: Path, old: str, new: str) -> list[str]:
    (kept,) = read_objects(root, [new], arriving)
    if kept is None or kept.kind != "commit":
        raise refused("Only a commit can be pushed.")
    if git(root, "rev-list", "--max-count=1", old, f"^{new}", "--", arriving=arriving):
        raise overtaken()
    told = git(root, "rev-list", f"--max-count={MOST_COMMITS + 1}", new, f"^{old}", "--", arriving=arriving)
    commits = told.decode().split()
    if len(commits) > MOST_COMMITS:
        raise refused(f"These are more than {MOST_COMMITS} commits. Push them in pieces.")
    return commits


def _entries(root: Path, arriving: Path, commits: Iterable[str]) -> list[_Entry]:
    """Return what each of the commits changes, against each of its parents."""
    return _diff(root, arriving, ["-m", "--root", "--stdin"], "".join(f"{commit}\n" for commit in commits).encode())


def _diff(root: Path, arriving: Path | None, what: Iterable[str], asked: bytes = b"") -> list[_Entry]:
    words = ("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-commit-id", "--no-ext-diff")
    told = capped(root, *words, *what, feed=asked, most=_LISTED, arriving=arriving)
    found: list[_Entry] = []
    parts = iter((told or b"").split(b"\0"))
    for head in parts:
        if not head:
            continue
        _, mode, before, after, _ = head.decode().split(" ")
        found.append(_Entry(mode, before, after, next(parts).decode(errors="surrogateescape")))
    if told is None or len(found) > MOST_FILES:
        raise refused(f"This push changes more than {MOST_FILES} files. Push it in pieces.")
    return found


def _wrong_place(entry: _Entry, rules: Rules) -> str | None:
    """Return why a file may not be pushed where it is, or None."""
    path = entry.path
    if entry.mode == _GONE:
        return _wrong_removal(path, rules)
    hidden = any(part.startswith(".") and part != ".gitkeep" for part in path.split("/"))
    only_lists = path.startswith(f"{EXPORTS}/") and not path.lower().endswith((*LISTS, ".gitkeep"))
    places = ", ".join(folder.rstrip("/") for folder in FOLDERS)
    checks = (
        (entry.mode in {"120000", "160000"}, "links and submodules are not taken."),
        (entry.mode != _FILE, "programs are not taken. Run `git update-index --chmod=-x` on it and commit."),
        (path in {".gitattributes", ".gitignore"}, "this file is the studio's own."),
        (bool(wrong_with(path)), f"this name cannot be used ({wrong_with(path)})."),
        (hidden or path.startswith(f"{AUTO_SAVES}/"), "this is no part of a film. Take it out of the commit."),
        (path not in TOP and not path.startswith(FOLDERS), f"a film has no such place. Its folders are {places}."),
        (only_lists, f"into {EXPORTS} only edit lists can be pushed."),
    )
    found = next((why for wrong, why in checks if wrong), None)
    if found:
        return f"{_shown(path)}: {found}"
    return _wrong_take(entry) if path.startswith(f"{RENDERS}/") else None


def _wrong_removal(path: str, rules: Rules) -> str | None:
    shown = _shown(path)
    if path.startswith(f"{RENDERS}/") and parse_path(_beside_what(path)):
        return f"{shown}: a take is never removed from a film. Move it to the trash in the studio instead."
    if path in {MANIFEST, rules.manifest.canvas_path, ".gitattributes", ".gitignore"}:
        return f"{shown}: a film cannot do without this file."
    return None


def _wrong_take(entry: _Entry) -> str | None:
    shown = _shown(entry.path)
    if entry.path.endswith("/.gitkeep"):
        return None
    if parse_path(_beside_what(entry.path)) is None:
        return f"{shown}: a take is called {RENDERS}/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4 and so on."
    if entry.before != _NOTHING:
        return f"{shown}: a take is never changed. Push what you have made of it as another take."
    return None


def _beside_what(path: str) -> str:
    """Return the path of a poster or of what a pipeline keeps beside a take as if it were the take's own file."""
    return _BESIDE.sub("", path)


def _wrong_contents(root: Path, arriving: Path, entries: Collection[_Entry], rules: Rules) -> list[str]:
    """Return what is wrong with the contents that this push brings; what the project has already is not asked again."""
    blobs = {entry.after: entry.path for entry in entries if entry.after != _NOTHING}
    sizes = _sizes(root, [name for name in blobs if name not in _here(root, blobs)], arriving)
    if gone := [name for name, size in sizes.items() if size is None]:
        return [f"{_shown(blobs[name])}: its contents were not pushed." for name in gone]
    most = f"{TEXT_LIMIT // 2**20} MB is the most for what is not media"
    wrong = [
        f"{_shown(blobs[name])}: it has {size // 2**20} MB, and {most}."
        for name, size in sizes.items()
        if size and size > TEXT_LIMIT
    ]
    media = _new_media(root, entries)
    pointers = _pointers(root, media, arriving)
    for name, path in media.items():
        if name not in pointers:
            wrong.append(f"{_shown(path)}: its bytes are in git itself. Run `git lfs install` and commit it again.")
        elif not rules.has(pointers[name]):
            wrong.append(
                f"{_shown(path)}: its bytes have not arrived. Run `git lfs push --all origin`, and push again."
            )
    return wrong


def _new_media(root: Path, entries: Collection[_Entry]) -> dict[str, str]:
    """Return the blobs that are media and that the project does not have yet, with a path of each."""
    media = {entry.after: entry.path for entry in entries if lfs.holds(entry.path) and entry.after != _NOTHING}
    known = _here(root, media)
    return {name: path for name, path in media.items() if name not in known}


def _here(root: Path, names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name, size in _sizes(root, list(names), None).items() if size is not None)


def _sizes(root: Path, names: list[str], arriving: Path | None) -> dict[str, int | None]:
    """Return the sizes of blobs, None for one that is not there or is no blob."""
    asked = "".join(f"{name}\n" for name in names).encode()
    told = git(root, "cat-file", "--batch-check", feed=asked, arriving=arriving).decode().splitlines()
    words = (line.split() for line in told)
    return {name: int(said[2]) if said[1] == "blob" else None for name, said in zip(names, words, strict=True)}


def _pointers(root: Path, names: Collection[str], arriving: Path | None) -> dict[str, lfs.Pointer]:
    """Return the pointers among blobs."""
    sizes = _sizes(root, list(names), arriving)
    small = [name for name, size in sizes.items() if size is not None and size < lfs.POINTER_LIMIT]
    found = zip(small, read_objects(root, small, arriving), strict=True)
    return {name: pointer for name, kept in found if kept and (pointer := lfs.parse_pointer(kept.contents))}


def _refuse_collisions(root: Path, arriving: Path, new: str, changes: Collection[Change]) -> None:
    """Raise PUSH_REFUSED where two files are one on a disk that takes large and small letters for the same."""
    added = {c.path.casefold() for c in changes if c.before is None}
    if not added:
        return
    listed = capped(root, "ls-tree", "-r", "-z", "--name-only", new, "--", feed=b"", most=_LISTED, arriving=arriving)
    seen: dict[str, str] = {}
    for name in (listed or b"").decode(errors="replace").split("\0"):
        parts = name.split("/")
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            other = seen.setdefault(path.casefold(), path)
            if other != path:
                raise refused(f"{_shown(path)}: there is {_shown(other)} already; on many disks the two are one.")


def _json_files(
    root: Path, arriving: Path, old: str, changes: Collection[Change], rules: Rules
) -> tuple[bytes, bytes] | None:
    """Read what the studio will read; return the canvas before and after where the push changes it."""
    canvas = rules.manifest.canvas_path
    is_read = [c for c in changes if c.after and (c.path in {MANIFEST, canvas} or _is_sidecar(c.path))]
    read = read_objects(root, [c.after or "" for c in is_read], arriving)
    found = None
    for change, kept in zip(is_read, read, strict=True):
        data = kept.contents if kept else b""
        try:
            if change.path == canvas:
                formats.load_canvas(data, canvas)
                (before,) = read_objects(root, [f"{old}:{canvas}"], arriving)
                found = (before.contents if before else b"", data)
            elif change.path == MANIFEST:
                manifest = formats.load_manifest(data)
                if (manifest.uuid, manifest.canvas_path) != (rules.manifest.uuid, canvas):
                    raise refused(f"{MANIFEST}: a film keeps its uuid and the place of its canvas.")
            else:
                formats.load(data, Take, change.path)
        except StudioError as error:
            if error.code is Code.PUSH_REFUSED:
                raise
            raise refused(f"{_shown(change.path)}: {error.message}") from error
    return found


def _is_sidecar(path: str) -> bool:
    return path.startswith(f"{RENDERS}/") and path.endswith(SIDECAR_SUFFIX)


def _shown(path: str) -> str:
    return re.sub(r"[^\x20-\x7e\u00a0-\uffff]", "?", path.encode(errors="replace").decode())[:200]


def is_here(root: Path, commit: str) -> bool:
    """Whether a commit is in the repository, on whatever branch or on none."""
    return read_objects(root, [commit]) != [None]


def holds(root: Path, tip: str, commit: str) -> bool:
    """Whether a commit is in the history of a branch's newest one."""
    return is_here(root, commit) and not git(root, "rev-list", "--max-count=1", commit, f"^{tip}", "--")


def is_still(root: Path, tip: str, change: Change) -> bool:
    """Whether the branch has a file as a push left it."""
    (now,) = read_objects(root, [f"{tip}:{change.path}"])
    return (now.id if now else None) == change.after
