"""What a person pushes becomes part of the film: looked at, moved in, and told to everybody.

A pushed canvas is merged as a file from outside is; everything else is in the folder when the push is answered.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas, locks, projects, takes
from studio_server.actions.studio import Studio
from studio_server.actions.views import asset_view
from studio_server.domain.access import Need, allows
from studio_server.domain.batch import merge
from studio_server.domain.events import Change, EventType
from studio_server.domain.graph import EMPTY, Graph, difference
from studio_server.domain.project import MANIFEST, SOURCE_MEDIA
from studio_server.domain.shots import parse_path
from studio_server.domain.sides import contested
from studio_server.index.session import Session
from studio_server.library import formats, git, pushed, pushing, smarthttp
from studio_server.library.folder import ProjectFolder
from studio_server.library.gitcommand import read_objects
from studio_server.library.pushed import Pushed, Rules
from studio_server.library.smarthttp import Arrived, Update


class Offer(NamedTuple):
    """The one branch that may be pushed, and its newest commit."""

    ref: str
    tip: str


def opened(studio: Studio, project_id: str) -> ProjectFolder:
    """Return the folder of a project that one works on. Raises NOT_FOUND or PROJECT_MISSING."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    return folder


def offered(studio: Studio, project_id: str) -> Offer:
    """Return what may be pushed to.

    Nothing is saved for it, nor for a fetch: git-lfs looks at the branches in the midst of a push, which would always
    be overtaken by that. The keeper saves the board when it rests.
    """
    folder = opened(studio, project_id)
    tip = git.tip_of(folder.root)
    if tip is None:
        raise StudioError(Code.FILE_NOT_FOUND, "The project has no history yet.", detail=str(folder.root))
    return Offer(f"refs/heads/{git.branch_of(folder.root)}", tip)


def decided(studio: Studio, project_id: str, arriving: Path, arrived: Arrived) -> bytes:
    """Take over of a push what may be, and return the answer to its client. Nothing of the rest is left behind."""
    folder = opened(studio, project_id)
    film = f"refs/heads/{git.branch_of(folder.root)}"
    results: list[str] = []
    words: list[str] = []
    for update in arrived.updates:
        try:
            if arrived.fault:
                raise pushed.refused(f"Git could not read what was pushed: {arrived.fault}")
            words.append(_taken_over(studio, project_id, arriving, update, film))
            results.append("")
        except StudioError as refusal:
            results.append("refused by the studio")
            words += ["", *refusal.message.split("\n"), ""]
    return smarthttp.verdict(arrived, results, words)


def _taken_over(studio: Studio, project_id: str, arriving: Path, update: Update, film: str) -> str:
    if update.ref != film:
        name = film.removeprefix("refs/heads/")
        raise pushed.refused(f"The film is on the branch {name}. Push to it: git push origin HEAD:{name}")
    if set(update.new) == {"0"}:
        raise pushed.refused("The film's branch cannot be deleted.")
    if set(update.old) == {"0"}:
        raise pushed.overtaken()
    folder = opened(studio, project_id)
    manifest = folder.manifest()
    rules = Rules(
        manifest,
        lambda pointer: pushing.has(folder, pointer),
        locks.of_others(studio, project_id),
        allows(Need.KEEPER, studio.person.role),
    )
    found = pushed.looked_at(folder.root, arriving, update.old, update.new, rules)
    finish(studio, project_id, folder)
    # First the canvas as it is, with what a hand may have changed: the push is merged into that.
    canvas.notice_outside_changes(studio, project_id)
    with canvas.opened(studio, project_id), folder.lock():
        pushing.take_over(folder, arriving, found, manifest.canvas_path)
        if found.canvas:
            _merge(studio, project_id, found.new, *found.canvas)
        pushing.settle(folder.root)
    _tell(studio, project_id, folder, found)
    return told(found)


def told(found: Pushed) -> str:
    """Return what was taken over, in words for the person who pushed."""
    media = len(found.media)
    others = sum(change.after is not None for change in found.changes) - media
    gone = sum(change.after is None for change in found.changes)
    parts = [_counted(media, "media file"), _counted(others, "other file"), f"{_counted(gone, 'file')} removed"]
    listed = ", ".join(words for words, number in zip(parts, (media, others, gone), strict=True) if number)
    return f"Production Canvas has taken it over: {listed or 'nothing new'}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def finish(studio: Studio, project_id: str, folder: ProjectFolder) -> None:
    """Carry to its end what a crash interrupted after the branch was moved."""
    if pushing.unfinished(folder.root):
        with canvas.opened(studio, project_id), folder.lock():
            _finish(studio, project_id, folder)


def _finish(studio: Studio, project_id: str, folder: ProjectFolder) -> None:
    begun = pushing.unfinished(folder.root)
    if begun is None:
        return  # the push was under way, and has ended meanwhile
    old, new = begun
    tip = git.tip_of(folder.root)
    path = folder.manifest().canvas_path
    if tip and pushed.holds(folder.root, tip, new):
        changes = [c for c in pushed.net(folder.root, old, new) if pushed.is_still(folder.root, tip, c)]
        others = [c for c in changes if c.path != path]
        pushing.follow(folder.root, others, pushed.media_of(folder.root, others))
        if any(c.path == path for c in changes):
            before, after = read_objects(folder.root, [f"{old}:{path}", f"{new}:{path}"])
            if after:
                _merge(studio, project_id, new, before.contents if before else b"", after.contents)
    elif pushed.is_here(folder.root, new):
        git.as_committed(folder.root, [c.path for c in pushed.net(folder.root, old, new)])
    pushing.settle(folder.root)


def _merge(studio: Studio, project_id: str, commit: str, before: bytes, after: bytes) -> None:
    """Merge a pushed canvas into the one on the board, against the one that both began with."""
    base = formats.load_canvas(before, "the canvas before") if before else EMPTY
    theirs = formats.load_canvas(after, "the pushed canvas")
    foreign = difference(base, theirs)

    def make(_session: Session, graph: Graph) -> tuple[Change, Graph]:
        on_disk = opened(studio, project_id).shots_on_disk()
        batch, merged = merge(graph, foreign, kit=studio.catalogue.kit(), on_disk=on_disk)
        met = contested(base, graph, theirs, foreign)
        return canvas.patch(batch, f"Pushed by {studio.person.name}", met), merged

    canvas.record(studio, project_id, make, actor=canvas.OUTSIDE, op_id=f"push/{commit}")
    canvas.checkpoint(studio, project_id)


def _tell(studio: Studio, project_id: str, folder: ProjectFolder, found: Pushed) -> None:
    """Tell every page what is new in the folder."""
    paths = {change.path for change in found.changes}
    keys = {(take[0].scene, take[0].code) for path in paths if (take := parse_path(path))}
    by_shot = canvas.shots(canvas.graph_of(studio, project_id)).items()
    news = [takes.now(project_id, folder, node_id, key) for node_id, key in by_shot if key in keys]
    if any(path.startswith(f"{SOURCE_MEDIA}/") for path in paths):
        brought: Sequence[Change] = [
            Change(type=EventType.ASSET_ADDED, data={"asset": asset_view(project_id, asset).model_dump(mode="json")})
            for asset in folder.assets()
            if asset.media.path in paths
        ]
        news += brought
    if MANIFEST in paths:
        project = projects.view(studio, canvas.find(studio, project_id)).model_dump(mode="json")
        news.append(Change(type=EventType.PROJECT_UPDATED, data={"project": project}))
    if news:
        canvas.tell(studio, project_id, news, actor=studio.person.name)
