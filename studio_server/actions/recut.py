"""A cut comes back from an editor: shown as a difference, applied as one step that undo takes back."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.actions import canvas
from studio_server.actions.compiled import Cut, compiled
from studio_server.actions.studio import Studio
from studio_server.domain import recut, recut_markers, recut_sounds
from studio_server.domain.batch import complete
from studio_server.domain.cut import maker_of
from studio_server.domain.events import Change, Event, EventType
from studio_server.domain.graph import Graph, Node, Operation, dump_operations
from studio_server.domain.recut import Known, Match, RecutRow
from studio_server.domain.tapes import Tape, in_take
from studio_server.index.session import Session
from studio_server.library import deliveries, recut_files
from studio_server.library.folder import ProjectFolder


class RecutView(Frozen):
    """What a list from outside would change: a row a shot, and in words what of the file was not understood.

    `operations` are the edits that take it over, none where the list is the cut as it stands; a page sends them as its
    own batch, so that its undo takes them back.
    """

    rows: list[RecutRow]
    operations: list[dict[str, JsonValue]]
    events: int
    notes: list[str]


def look(studio: Studio, project_id: str, node_id: str, text: str) -> RecutView:
    """Return what a list would change, and change nothing.

    Raises UNSUPPORTED_MEDIA for a file that is no list, NOT_FOUND for a card that is no assembler.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    graph = canvas.graph_of(studio, project_id)
    kit = studio.catalogue.kit()
    cut = compiled(folder, folder.manifest(), graph, node_id, kit)
    held = _held_against(folder, cut, text, maker_of(graph, cut.node, kit))
    return RecutView(
        rows=recut.rows(held.found, held.shots, cut.timeline.rate),
        operations=dump_operations(held.edits),
        events=len(held.found),
        notes=held.notes,
    )


class _Held(NamedTuple):
    """A list held against a cut: its shots, what each event means, the edits that make the cut so, and words.

    There are no edits where the list has none of the shots.
    """

    shots: list[Known]
    found: list[Match]
    edits: list[Operation]
    notes: list[str]


def _held_against(folder: ProjectFolder, cut: Cut, text: str, maker: Node) -> _Held:
    read = recut_files.read(text, cut.timeline.rate)
    shots = [
        Known(shot_node, wire, entry, tuple(folder.takes(shot.scene, shot.code)) if shot.scene else ())
        for entry, wire, shot, shot_node in zip(cut.timeline.cuts, cut.wires, cut.shots, cut.cards, strict=True)
        if entry.frames
    ]
    tapes = deliveries.tapes(folder.root)
    met = [_in_take(match, tapes, cut) for match in recut.matched(read.events, shots)]
    found, lost = recut_markers.held(met, read.markers)
    heard = recut_sounds.held(read.sounds, found, cut.timeline, {card.id: card for card, _ in cut.sounds}, tapes)
    notes = [*read.notes, *heard.notes, *([f"{lost} markers stand where no shot of this cut is."] if lost else [])]
    ours = any(match.known for match in found)
    edits = [*recut.operations(found, shots, cut.timeline, maker), *heard.edits] if ours else []
    return _Held(shots, found, edits, notes)


def _in_take(match: Match, tapes: Mapping[str, Tape], cut: Cut) -> Match:
    """Return a match whose source positions count from the take's first frame, also where the list has timecode."""
    tape = tapes.get(match.take.media.oid) if match.take else None
    event, per_second = match.event, cut.timeline.rate
    first = in_take(event.source_in, tape, per_second)
    return match._replace(event=event._replace(source_in=first, source_out=event.source_out - event.source_in + first))


def apply(studio: Studio, project_id: str, node_id: str, text: str, op_id: str | None = None) -> Event:
    """Make the cut on the board what a list says, in one step.

    Raises as `look`, and VALIDATION_ERROR where nothing differs.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    manifest = folder.manifest()

    def make(_session: Session, graph: Graph) -> tuple[Change, Graph]:
        kit = studio.catalogue.kit()
        cut = compiled(folder, manifest, graph, node_id, kit)
        held = _held_against(folder, cut, text, maker_of(graph, cut.node, kit))
        if not any(match.known for match in held.found):
            raise StudioError(
                Code.VALIDATION_ERROR, "No shot of this list is in the cut; nothing was changed.", node_id=node_id
            )
        if not held.edits:
            raise StudioError(Code.VALIDATION_ERROR, "The list is the cut as it stands.", node_id=node_id)
        batch, after = complete(graph, held.edits, kit=kit, on_disk=())
        label = "Take over an editor's cut"
        return Change(type=EventType.GRAPH_PATCHED, data={"operations": dump_operations(batch), "label": label}), after

    return canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op_id)
