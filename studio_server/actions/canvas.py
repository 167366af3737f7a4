"""The canvas of a project: open it, change it by operations, write it back, notice what others did to its file.

The log is the write-ahead log and the file the checkpoint. Losing the database loses at most what was not yet written;
a file changed from outside is merged in as operations of the actor `outside`.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_server.actions.studio import OpenCanvas, Studio
from studio_server.domain.batch import complete, merge, shot_key
from studio_server.domain.events import Change, Event, EventType
from studio_server.domain.graph import (
    MAX_OPERATIONS,
    Graph,
    NodeAdd,
    NodeMove,
    NodeSet,
    Operation,
    apply,
    difference,
    dump_operations,
)
from studio_server.domain.link_group import LINK
from studio_server.domain.node_types import task_for
from studio_server.domain.scenes import SCENE
from studio_server.domain.shots import is_number
from studio_server.domain.sides import Side, contested
from studio_server.index import directory, log, people
from studio_server.index.session import Session
from studio_server.library import alternates, formats, seen, takes, versions
from studio_server.library.folder import ProjectFolder

OUTSIDE: Final = "outside"

MOST_CONTESTED: Final = 200
"""So many things that both sides changed are kept with the change that decided them."""


def project_lock(studio: Studio, project_id: str) -> threading.RLock:
    """Return the lock that orders this process's changes of a project; the database orders those of others."""
    return studio.locks.setdefault(project_id, threading.RLock())  # one step, whichever thread is first


def folder_of(studio: Studio, entry: directory.ProjectEntry) -> ProjectFolder:
    """Return a project's folder, which may have vanished."""
    return studio.workspace.project(entry.path, entry.id)


def find(studio: Studio, project_id: str) -> directory.ProjectEntry:
    """Return a project's entry. Raises NOT_FOUND, also for one of another tenant, or that one does not work on."""
    with studio.index.read() as session:
        entry = directory.find_project(session, project_id)
        mine = studio.is_everywhere or people.is_member(session, project_id, studio.person.id)
    mine = mine and studio.only_project in {"", project_id}
    if entry is None or entry.tenant_id != studio.person.tenant_id or not mine:
        raise StudioError(Code.NOT_FOUND, "There is no such project.", detail=project_id)
    return entry


@contextmanager
def opened(studio: Studio, project_id: str) -> Iterator[OpenCanvas]:
    """Hold a project's canvas, brought up to date with the log, for reading or for one change."""
    if not studio.sees_all:
        find(studio, project_id)
    with project_lock(studio, project_id):
        canvas = studio.canvases.get(project_id)
        if canvas is None:
            canvas = _open(studio, project_id)
            studio.canvases[project_id] = canvas
        else:
            with studio.index.read() as session:
                _catch_up(session, project_id, canvas)
        yield canvas


def _open(studio: Studio, project_id: str) -> OpenCanvas:
    entry = find(studio, project_id)
    folder = folder_of(studio, entry)
    folder.check()
    takes.recover(folder)
    base = seen.read_base(folder, entry.canvas_sha) if entry.canvas_sha else None
    if base is None:
        # The copy of the last checkpoint is gone: what the file says now is the best base there is.
        canvas = _adopt(studio, entry, folder)
    else:
        canvas = OpenCanvas(
            graph=base,
            revision=entry.canvas_revision,
            file_graph=base,
            file_revision=entry.canvas_revision,
            file_sha=entry.canvas_sha,
        )
    with studio.index.read() as session:
        _catch_up(session, project_id, canvas)
    if canvas.revision > canvas.file_revision:
        canvas.changed_at = studio.now()
    # Every page is given what lies there after this moment, so what changes from here on has to be told.
    canvas.shot_stamps = {key: seen.first_stamp(folder, *key) for key in shots(canvas.graph).values()}
    return canvas


def _adopt(studio: Studio, entry: directory.ProjectEntry, folder: ProjectFolder) -> OpenCanvas:
    """Take the file as it is for the last checkpoint; what the log holds after that one goes on top of it."""
    mark = seen.canvas_mark(folder)
    read = folder.read_canvas()
    sha = read.sha256
    seen.keep_base(folder, read.data)
    revision = entry.canvas_revision if entry.canvas_sha else entry.revision
    with studio.index.write() as session:
        directory.note_checkpoint(session, entry.id, revision, sha)
        if entry.canvas_sha not in {"", sha}:
            # What a page has is not what it would get by the log: every page starts anew.
            directory.new_log(session, entry.id)
    return OpenCanvas(
        graph=read.graph,
        revision=revision,
        file_graph=read.graph,
        file_revision=revision,
        file_sha=sha,
        file_mark=mark,
    )


def _catch_up(session: Session, project_id: str, canvas: OpenCanvas) -> None:
    while events := log.since(session, project_id, canvas.revision):
        for event in events:
            canvas.graph = apply(canvas.graph, event.operations())
            canvas.revision = event.revision


def record(
    studio: Studio,
    project_id: str,
    make: Callable[[Session, Graph], tuple[Change, Graph]],
    *,
    actor: str,
    op_id: str | None = None,
) -> Event:
    """Append one change to the log and to the graph, in one transaction; a command seen before changes nothing.

    `make` gets the session and the graph as it is now, and returns the change and the graph after it.
    """

    def make_one(session: Session, graph: Graph) -> tuple[Sequence[Change], Graph]:
        change, after = make(session, graph)
        return [change], after

    return record_all(studio, project_id, make_one, actor=actor, op_id=op_id)


def record_all(
    studio: Studio,
    project_id: str,
    make: Callable[[Session, Graph], tuple[Sequence[Change], Graph]],
    *,
    actor: str,
    op_id: str | None = None,
) -> Event:
    """Append several changes, at least one, as `record` does one: all or none of them; return the first one's event."""
    with opened(studio, project_id) as canvas:
        with studio.index.write() as session:
            log.hold(session, project_id)
            if op_id and (done := log.by_command(session, project_id, op_id)):
                return done
            _catch_up(session, project_id, canvas)
            changes, after = make(session, canvas.graph)
            events = [
                log.append(session, project_id, change, actor=actor, at=studio.now(), op_id=None if number else op_id)
                for number, change in enumerate(changes)
            ]
        canvas.revision = events[-1].revision
        if after is not canvas.graph:
            canvas.graph = after
            canvas.changed_at = canvas.changed_at or studio.now()
            canvas.labels.append(str(changes[0].data.get("label") or ""))
        return events[0]


def tell(studio: Studio, project_id: str, news: Sequence[Change], *, actor: str) -> None:
    """Append changes that leave the graph as it is to the log, all in one transaction."""
    with opened(studio, project_id), studio.index.write() as session:
        for change in news:
            log.append(session, project_id, change, actor=actor, at=studio.now())


def answered(studio: Studio, project_id: str, op_id: str | None) -> Event | None:
    """Return what a command seen before has caused, for those that read files before they write to the log."""
    if op_id is None:
        return None
    with studio.index.read() as session:
        return log.by_command(session, project_id, op_id)


def graph_of(studio: Studio, project_id: str) -> Graph:
    """Return the graph as it is now; a graph never changes, so it may be read as long as one likes."""
    with opened(studio, project_id) as now:
        return now.graph


def apply_operations(
    studio: Studio, project_id: str, op_id: str | None, operations: Sequence[Operation], label: str = ""
) -> Event:
    """Apply a batch of a person's operations. Raises GRAPH_INVALID or VALIDATION_ERROR for the batch as a whole."""
    if len(operations) > MAX_OPERATIONS:
        raise StudioError(
            Code.VALIDATION_ERROR, f"A batch holds at most {MAX_OPERATIONS} operations; send the rest in the next one."
        )
    on_disk = _numbers_in_use(folder_of(studio, find(studio, project_id)), operations)

    def make(_session: Session, graph: Graph) -> tuple[Change, Graph]:
        batch, after = complete(
            graph,
            operations,
            kit=studio.catalogue.kit(),
            on_disk=on_disk,
        )
        return patch(batch, label), after

    return record(studio, project_id, make, actor=studio.person.name, op_id=op_id)


def _numbers_in_use(folder: ProjectFolder, operations: Sequence[Operation]) -> Sequence[tuple[str, str]]:
    """Return the shot numbers that have takes, where the batch has a use for them and the folder is there."""
    if not any(map(_may_add_shots, operations)):
        return ()
    try:
        return [*folder.shots_on_disk(), *_numbers_elsewhere(folder)]
    except StudioError:
        # Editing goes on while the folder is away; the number is checked again by landing, which never overwrites.
        return ()


def _numbers_elsewhere(folder: ProjectFolder) -> Iterator[tuple[str, str]]:
    """Yield the numbers that shots of other alternates have: a new shot must not get takes that are theirs."""
    on = alternates.mark(folder.root).on
    if on:
        for one in alternates.listed(folder.root):
            if one.id != on and (graph := versions.graph_in(folder, one.tip)):
                yield from shots(graph).values()


def _may_add_shots(operation: Operation) -> bool:
    """Whether an operation adds a card with takes, by itself or because a linked scene follows."""
    match operation:
        case NodeAdd(node=node):
            return task_for(node.type) is not None or node.type == SCENE
        case NodeMove():
            return operation.parent is not None
        case NodeSet():
            return operation.name == LINK
    return False


def replace(studio: Studio, project_id: str, graph: Graph, version: int, op_id: str | None = None) -> Event:
    """Put a whole graph in the place of the present one, if nobody has saved since `version`.

    Raises VERSION_CONFLICT; the caller gets the present graph with `opened`.
    """

    def make(_session: Session, present: Graph) -> tuple[Change, Graph]:
        if studio.canvases[project_id].revision != version:
            raise StudioError(Code.VERSION_CONFLICT, "The canvas was changed in the meantime.")
        batch, after = complete(
            present,
            difference(present, graph),
            kit=studio.catalogue.kit(),
            on_disk=(),
        )
        return patch(batch, "Replace the canvas"), after

    return record(studio, project_id, make, actor=studio.person.name, op_id=op_id)


def patch(operations: Sequence[Operation], label: str, contested: Sequence[Side] = ()) -> Change:
    """Return the change that a batch of operations is; `contested` is what it decided that both sides had changed."""
    data: dict[str, JsonValue] = {"operations": list(dump_operations(operations)), "label": label[:120]}
    if contested:
        data["contested"] = [side.model_dump(mode="json") for side in contested[:MOST_CONTESTED]]
    return Change(type=EventType.GRAPH_PATCHED, data=data)


def checkpoint(studio: Studio, project_id: str) -> bool:
    """Write the canvas file if it is behind the log; return whether it was.

    Never over a file that somebody else has changed since: that is merged first (`notice_outside_changes`).
    """
    with opened(studio, project_id) as canvas:
        if canvas.changed_at is None:
            return False
        folder = folder_of(studio, find(studio, project_id))
        folder.check()
        with folder.lock():
            written = None
            while written is None:  # somebody wrote the file between the merge and now: theirs is merged as well
                _merge_outside(studio, project_id, canvas, folder)
                with studio.index.read() as session:
                    _catch_up(session, project_id, canvas)
                graph, revision = canvas.graph, canvas.revision
                data = formats.dump_canvas(graph)
                written = folder.write_canvas(data, canvas.file_mark)
            seen.keep_base(folder, data)
            sha = hashlib.sha256(data).hexdigest()
            with studio.index.write() as session:
                directory.note_checkpoint(session, project_id, revision, sha)
        canvas.file_graph, canvas.file_revision, canvas.file_sha = graph, revision, sha
        canvas.file_mark = written
        canvas.changed_at = None
        canvas.written_at = studio.now()
        return True


def commit(
    studio: Studio, project_id: str, message: str = "", *, unless: str | None = "", merged: Sequence[str] = ()
) -> str:
    """Write the canvas and put it, with project.json, into the project's history; return the commit's id.

    `unless` and `merged` as in library.git.commit_files. The branch of the alternate on the board follows.
    """
    checkpoint(studio, project_id)
    with opened(studio, project_id) as canvas:
        folder = folder_of(studio, find(studio, project_id))
        text = message or versions.saved(canvas.labels)
        with folder.lock():
            done = folder.checkpoint(text, studio.author, unless=unless, merged=merged)
            on = on_board(studio, project_id, folder).on
            if on:
                path = folder.manifest().canvas_path
                alternates.follow(folder.root, on, path, text, studio.author, merged)
        canvas.written_at = None
        canvas.labels.clear()
        return done


def on_board(studio: Studio, project_id: str, folder: ProjectFolder) -> alternates.Mark:
    """Return which alternate is on the board."""
    return alternates.on_board(folder.root, lambda op: answered(studio, project_id, op) is not None)


def notice_outside_changes(studio: Studio, project_id: str) -> None:
    """Merge what somebody else did to the canvas file, if anything.

    Raises PROJECT_MISSING, STORAGE_READONLY or CANVAS_UNREADABLE; the graph in memory stays as it is.
    """
    with opened(studio, project_id) as canvas:
        folder = folder_of(studio, find(studio, project_id))
        folder.check()
        _merge_outside(studio, project_id, canvas, folder)


def _merge_outside(studio: Studio, project_id: str, canvas: OpenCanvas, folder: ProjectFolder) -> None:
    mark = seen.canvas_mark(folder)
    if mark == canvas.file_mark:
        return
    with folder.lock():  # another web process writes the file and notes it in the database under this lock
        read = folder.read_canvas()
        entry = find(studio, project_id)
    sha = read.sha256
    if sha == entry.canvas_sha and entry.canvas_revision > canvas.file_revision:
        canvas.file_revision = entry.canvas_revision
    elif sha != canvas.file_sha:
        foreign = difference(canvas.file_graph, read.graph)

        on_disk = _numbers_in_use(folder, foreign)

        def make(_session: Session, graph: Graph) -> tuple[Change, Graph]:
            batch, after = merge(graph, foreign, kit=studio.catalogue.kit(), on_disk=on_disk)
            met = contested(canvas.file_graph, graph, read.graph, foreign) if graph is not canvas.file_graph else ()
            return patch(batch, "Changed outside the studio", met), after

        # Every web process that has the project open sees the change; the first one tells it.
        record(studio, project_id, make, actor=OUTSIDE, op_id=f"{OUTSIDE}/{sha[:40]}/{mark[0]}")
        seen.keep_base(folder, read.data)
    canvas.file_graph, canvas.file_sha, canvas.file_mark = read.graph, sha, mark


def shots(graph: Graph) -> dict[str, tuple[str, str]]:
    """Return scene and code of every shot of a graph that can have takes, by node id.

    A file from outside may hold others, whose number names no folder: they are shown, and refused by Generate.
    """
    return {node.id: key for node in graph.nodes.values() if (key := shot_key(node)) and is_number(*key)}
