"""Alternates: other states of the board, tried side by side, compared, and merged by choice.

Which one is on the board is the same for everybody who works on it. Takes belong to their shots, whichever alternate
is on the board. Putting another one on the board is no edit and undo does not take it back: going back is.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import uuid4

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.actions import canvas, projects
from studio_server.actions.studio import Studio
from studio_server.actions.views import take_view
from studio_server.domain.batch import shot_key
from studio_server.domain.events import Change, EventType
from studio_server.domain.graph import EMPTY, Graph, difference
from studio_server.domain.shots import is_number, shown
from studio_server.domain.sides import Choice, Side, chosen, sides
from studio_server.domain.threeway import Contested, three_way
from studio_server.index.session import Session
from studio_server.library import alternates, git, versions
from studio_server.library.alternates import Alternate, Mark
from studio_server.library.folder import ProjectFolder

FIRST = "First board"
"""What the board is called that was there before the first alternate."""


class AlternateView(Frozen):
    """An alternate as it is listed; `branch` is what git calls it."""

    id: str
    name: str
    branch: str
    on_board: bool
    changed_at: str
    changed_by: str


class AlternatesView(Frozen):
    """All alternates of a project, by name, and those that were put away. None is on the board before the first."""

    alternates: list[AlternateView]
    put_away: list[AlternateView]


class Compared(Frozen):
    """An alternate beside the board, or beside another one: `mine` is the latter.

    `tip` says which state of the alternate it is; a merge names it again. `pictures` are addresses by card.
    """

    alternate: AlternateView
    against: str
    tip: str
    mine: Graph
    theirs: Graph
    sides: list[Side]
    my_pictures: dict[str, str]
    their_pictures: dict[str, str]


class Noted(Frozen):
    """What a person should look at after a merge (domain/threeway.py)."""

    node_id: str
    what: str
    name: str


class MergedView(Frozen):
    """What came of a merge: the revision of the change on the board, or None where it changed nothing."""

    revision: int | None
    noted: list[Noted]


class _Pair(NamedTuple):
    found: Alternate
    base: Graph
    mine: Graph
    theirs: Graph


def listed(studio: Studio, project_id: str) -> AlternatesView:
    """Return the alternates of a project. Raises NOT_FOUND or PROJECT_MISSING."""
    folder = _folder(studio, project_id)
    on = canvas.on_board(studio, project_id, folder).on
    found = alternates.listed(folder.root)
    return AlternatesView(
        alternates=[_view(one, on) for one in found if not one.put_away],
        put_away=[_view(one, on) for one in found if one.put_away],
    )


def begin(studio: Studio, project_id: str, name: str, version_id: str | None = None) -> AlternatesView:
    """Make an alternate of the board as it is, or of a version, and put it on the board.

    The first time the board as it was is kept as one too. Raises VALIDATION_ERROR, NOT_FOUND for a version that is
    none, or CANVAS_UNREADABLE.
    """
    called = versions.checked_name(name)
    folder = _folder(studio, project_id)
    with canvas.project_lock(studio, project_id):
        if version_id:
            versions.graph_at(folder, version_id)
        _refuse_double(folder, called)
        on = _kept(studio, project_id, folder)
        parent = like = on.tip
        if version_id:
            parent = like = version_id
        made = alternates.begin(folder.root, called, studio.author, parent, like)
        _put_on(studio, project_id, folder, made)
    return listed(studio, project_id)


def switch(studio: Studio, project_id: str, alternate_id: str) -> AlternatesView:
    """Put an alternate on the board, for everybody; what was on it is saved first. Raises NOT_FOUND."""
    folder = _folder(studio, project_id)
    with canvas.project_lock(studio, project_id):
        wanted = alternates.one(folder.root, alternate_id)
        if _kept(studio, project_id, folder).id != wanted.id:
            _put_on(studio, project_id, folder, alternates.one(folder.root, alternate_id))
    return listed(studio, project_id)


def rename(studio: Studio, project_id: str, alternate_id: str, name: str) -> AlternatesView:
    """Call an alternate otherwise. Raises NOT_FOUND or VALIDATION_ERROR."""
    called = versions.checked_name(name)
    folder = _folder(studio, project_id)
    with canvas.project_lock(studio, project_id), folder.lock():
        found = alternates.one(folder.root, alternate_id)
        if called != found.name:
            _refuse_double(folder, called, found.id)
            alternates.rename(folder.root, found, called, studio.author)
    _tell(studio, project_id)
    return listed(studio, project_id)


def put_away(studio: Studio, project_id: str, alternate_id: str) -> AlternatesView:
    """Take an alternate off the list; its history is kept. Raises NOT_FOUND, or VALIDATION_ERROR on the board."""
    folder = _folder(studio, project_id)
    with canvas.project_lock(studio, project_id), folder.lock():
        found = alternates.one(folder.root, alternate_id)
        if canvas.on_board(studio, project_id, folder).on == found.id:
            raise StudioError(
                Code.VALIDATION_ERROR, "This alternate is on the board. Put another one there first.", field="id"
            )
        alternates.move(folder.root, found, put_away=True)
    return listed(studio, project_id)


def restore(studio: Studio, project_id: str, alternate_id: str) -> AlternatesView:
    """Take an alternate that was put away back onto the list. Raises NOT_FOUND."""
    folder = _folder(studio, project_id)
    with canvas.project_lock(studio, project_id), folder.lock():
        found = alternates.one(folder.root, alternate_id, put_away=True)
        alternates.move(folder.root, found, put_away=False)
    return listed(studio, project_id)


def compared(studio: Studio, project_id: str, alternate_id: str, against: str = "") -> Compared:
    """Return an alternate beside the board, or beside another alternate. Raises NOT_FOUND or CANVAS_UNREADABLE."""
    folder = _folder(studio, project_id)
    on = canvas.on_board(studio, project_id, folder).on
    pair = _pair(studio, project_id, folder, alternate_id, against)
    found = sides(pair.base, pair.mine, pair.theirs)
    ids = {side.node_id for side in found}
    return Compared(
        alternate=_view(pair.found, on),
        against=against,
        tip=pair.found.tip,
        mine=pair.mine,
        theirs=pair.theirs,
        sides=found,
        my_pictures=_pictures(project_id, folder, pair.mine, ids),
        their_pictures=_pictures(project_id, folder, pair.theirs, ids),
    )


def merge(
    studio: Studio, project_id: str, alternate_id: str, tip: str, choices: Mapping[str, Choice], op_id: str | None
) -> MergedView:
    """Bring an alternate into the board as one change, by choice where somebody chose.

    What nobody chose is as `three_way` has it: what one side changed is taken, what both changed stays the board's.
    Raises NOT_FOUND, VERSION_CONFLICT where the alternate is no longer the one that was looked at, or VALIDATION_ERROR.
    """
    folder = _folder(studio, project_id)
    noted: list[Contested] = []
    with canvas.project_lock(studio, project_id):
        canvas.commit(studio, project_id)
        pair = _pair(studio, project_id, folder, alternate_id, "")
        if pair.found.tip != tip:
            raise StudioError(Code.VERSION_CONFLICT, "This alternate was changed in the meantime. Look again.")
        if canvas.on_board(studio, project_id, folder).on == pair.found.id:
            raise StudioError(Code.VALIDATION_ERROR, "This alternate is on the board already.", field="id")
        known = {side.key for side in sides(pair.base, pair.mine, pair.theirs)}
        if wrong := sorted(set(choices) - known):
            words = "A choice is for something that neither side changed. Look again."
            raise StudioError(Code.VALIDATION_ERROR, words, field="choices", detail=", ".join(wrong)[:400])
        label = f"{versions.MERGED}: {pair.found.name}"

        def make(_session: Session, graph: Graph) -> tuple[Change, Graph]:
            ours, theirs = chosen(graph, pair.theirs, choices)
            both = three_way(pair.base, ours, theirs, kit=studio.catalogue.kit())
            noted.extend(both.contested)
            return canvas.patch(difference(graph, both.graph), f"Merge “{pair.found.name}”"), both.graph

        event = canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op_id)
        canvas.commit(studio, project_id, label, unless=None, merged=[pair.found.tip])
    changed = bool(event.data.get("operations"))
    return MergedView(
        revision=event.revision if changed else None,
        noted=[Noted(node_id=one.node_id, what=one.what, name=one.name) for one in dict.fromkeys(noted)],
    )


def _pair(studio: Studio, project_id: str, folder: ProjectFolder, alternate_id: str, against: str) -> _Pair:
    found = alternates.one(folder.root, alternate_id)
    theirs = versions.read_in(folder, found.tip)
    if against:
        other = alternates.one(folder.root, against)
        mine, tip = versions.read_in(folder, other.tip), other.tip
    else:
        mine = canvas.graph_of(studio, project_id)
        on = canvas.on_board(studio, project_id, folder).on
        of_board = next((one.tip for one in alternates.listed(folder.root) if one.id == on and not one.put_away), None)
        tip = of_board or git.tip_of(folder.root) or ""
    base = alternates.parted(folder.root, tip, found.tip)
    was = versions.graph_in(folder, base) if base else None
    return _Pair(found, was or EMPTY, mine, theirs)


def _pictures(project_id: str, folder: ProjectFolder, graph: Graph, ids: set[str]) -> dict[str, str]:
    found = {}
    for node_id in ids & graph.nodes.keys():
        node = graph.nodes[node_id]
        key = shot_key(node)
        take = shown(folder.takes(*key), node.data.get("active_take")) if key and is_number(*key) else None
        if take and (url := take_view(project_id, take).thumbnail_url):
            found[node_id] = url
    return found


def _kept(studio: Studio, project_id: str, folder: ProjectFolder) -> Alternate:
    """Return the alternate on the board, up to date; where none is there, the board becomes one."""
    canvas.commit(studio, project_id)
    on = canvas.on_board(studio, project_id, folder).on
    for one in alternates.listed(folder.root):
        if one.id == on and not one.put_away:
            return one
    tip = git.tip_of(folder.root)
    if tip is None:
        raise StudioError(Code.FILE_NOT_FOUND, "The project has no history yet.", detail=str(folder.root))
    name = alternates.free_name(folder.root, FIRST)
    made = alternates.begin(folder.root, name, studio.author, tip, tip)
    alternates.put_mark(folder.root, Mark(made.id, made.name))
    return made


def _put_on(studio: Studio, project_id: str, folder: ProjectFolder, wanted: Alternate) -> None:
    """Make the board what an alternate has. Killed in between, the next look at the mark tells which one it is."""
    graph = versions.read_in(folder, wanted.tip)
    op = f"alternate/{uuid4()}"
    before = alternates.mark(folder.root)
    alternates.put_mark(folder.root, Mark(before.on, before.name, wanted.id, wanted.name, op))

    def make(_session: Session, present: Graph) -> tuple[Change, Graph]:
        return canvas.patch(difference(present, graph), f"Put “{wanted.name}” on the board"), graph

    canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op)
    alternates.put_mark(folder.root, Mark(wanted.id, wanted.name))
    canvas.commit(studio, project_id, f"{versions.ALTERNATE}: {wanted.name}", unless=None)
    _tell(studio, project_id)


def _tell(studio: Studio, project_id: str) -> None:
    project = projects.view(studio, canvas.find(studio, project_id)).model_dump(mode="json")
    news: Sequence[Change] = [Change(type=EventType.PROJECT_UPDATED, data={"project": project})]
    canvas.tell(studio, project_id, news, actor=studio.person.name)


def _refuse_double(folder: ProjectFolder, name: str, but: str = "") -> None:
    there = (one for one in alternates.listed(folder.root) if not one.put_away and one.id != but)
    if any(one.name.casefold() == name.casefold() for one in there):
        raise StudioError(Code.VALIDATION_ERROR, f"There is an alternate “{name}” already.", field="name")


def _view(one: Alternate, on: str) -> AlternateView:
    return AlternateView(
        id=one.id,
        name=one.name,
        branch=f"alternates/{one.id}",
        on_board=one.id == on and not one.put_away,
        changed_at=one.changed_at,
        changed_by=one.changed_by,
    )


def _folder(studio: Studio, project_id: str) -> ProjectFolder:
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    return folder
