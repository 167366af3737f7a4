"""What an assembler puts together: its wires in order, the shot behind each, the take that counts and its marks.

Pure. The edit list, the film and the question whether a film is still its cut all ask here, so that they agree.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from studio_server.domain.assets import FilmCut
from studio_server.domain.batch import shot_key
from studio_server.domain.flow import Gift, given
from studio_server.domain.graph import Edge, Graph, Node
from studio_server.domain.nodes import Kit
from studio_server.domain.plan import title_of
from studio_server.domain.shots import Take
from studio_server.domain.timeline import UNMARKED, Marks, ShotInOrder

ASSEMBLER: Final = "assembler"
CLIPS: Final = "clips"
MUSIC: Final = "music"
EDL: Final = "edl"

Active = Callable[[Node], Take | None]
"""Finds the take that a shot shows right now."""


class Pieces(NamedTuple):
    """A cut in order: each wire with the shot that it brings, and in words what is left out."""

    wires: tuple[Edge, ...]
    shots: tuple[ShotInOrder, ...]
    notes: tuple[str, ...]


def maker_of(graph: Graph, node: Node, kit: Kit) -> Node:
    """Return the assembler whose wires make the cut: the one wired into `edl`, or into that one's, else the card."""
    seen: set[str] = set()
    while node.id not in seen:
        seen.add(node.id)
        wire = next(iter(graph.into(node.id, EDL)), None)
        gift = given(graph, wire, kit) if wire else None
        if not isinstance(gift, Gift) or gift.node.type != ASSEMBLER:
            break
        node = gift.node
    return node


def in_order(graph: Graph, node: Node, kit: Kit) -> list[Edge]:
    """Return the wires into an assembler in the order of its own list; new ones follow by scene and shot code."""
    listed = node.data.get("order")
    known = listed if isinstance(listed, list) else []
    places = {edge_id: place for place, edge_id in enumerate(known) if isinstance(edge_id, str)}

    def place(edge: Edge) -> tuple[int, str, str, str]:
        gift = given(graph, edge, kit)
        scene, code = (shot_key(gift.node) if gift else None) or ("~", edge.source)
        return places.get(edge.id, len(places)), scene, code, edge.id

    return sorted(graph.into(node.id, CLIPS), key=place)


def pieces(graph: Graph, node: Node, kit: Kit, active: Active) -> Pieces:
    """Return the cut of an assembler: its own, or that of the one wired into its `edl`."""
    wires: list[Edge] = []
    shots: list[ShotInOrder] = []
    notes: list[str] = []
    for wire in in_order(graph, maker_of(graph, node, kit), kit):
        gift = given(graph, wire, kit)
        if isinstance(gift, Gift):
            wires.append(wire)
            shots.append(_in_cut(gift.node, active))
        elif gift:
            notes.append(f"{title_of(gift.node)} is left out: it {gift.why}.")
    return Pieces(tuple(wires), tuple(shots), tuple(notes))


def _in_cut(node: Node, active: Active) -> ShotInOrder:
    key = shot_key(node)
    if key is None:
        return ShotInOrder(node.id, "", title_of(node), None, "the cut takes shots, not clips that you bring")
    take = active(node)
    return ShotInOrder(node.id, *key, take, marks=marks_of(node, take) if take else UNMARKED)


def marks_of(node: Node, take: Take) -> Marks:
    """Return the marks that people set in a take. What is no whole number is none."""
    into, out = (node.data.get(f"{side}:{take.name}") for side in ("in", "out"))
    return Marks(
        into if isinstance(into, int) and not isinstance(into, bool) else None,
        out if isinstance(out, int) and not isinstance(out, bool) else None,
    )


def cut_of(shots: Iterable[ShotInOrder]) -> tuple[FilmCut, ...]:
    """Return a cut as a film's recipe holds it; shots without a take are not in it."""
    return tuple(
        FilmCut(
            node_id=shot.node_id,
            shot=f"SHOT-{shot.code}",
            take=shot.take.name,
            oid=shot.take.media.oid,
            into=shot.marks.into,
            out=shot.marks.out,
        )
        for shot in shots
        if shot.take
    )
