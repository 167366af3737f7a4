"""What an assembler puts together: its wires in order, the shot behind each, the take that counts and its marks.

Pure. The edit list, the film and the question whether a film is still its cut all ask here, so that they agree.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from studio_server.domain.assets import FilmCut
from studio_server.domain.batch import shot_key
from studio_server.domain.captions import captions_of
from studio_server.domain.flow import Gift, given
from studio_server.domain.framings import aspect_of, framing_of, own_aspect, unreadable
from studio_server.domain.graph import Edge, Graph, Node
from studio_server.domain.languages import TITLE, WORDS, Missing, language_of, name_of, text_in
from studio_server.domain.marks import UNMARKED, Marks
from studio_server.domain.nodes import Kit
from studio_server.domain.passages import Passage
from studio_server.domain.plan import title_of
from studio_server.domain.script import seconds_of
from studio_server.domain.shots import Take
from studio_server.domain.subtitles import Line
from studio_server.domain.timeline import ShotInOrder, label_of

ASSEMBLER: Final = "assembler"
CLIPS: Final = "clips"
EDL: Final = "edl"
DIALOGUE: Final = "dialogue"
SUBTITLES: Final = "subtitles"
"""The field of an assembler that writes what is said into the film's picture."""

FOLLOWED: Final = ("title", "music_level", "ducking")
"""What a version of a cut takes from the card that it follows, where its own card does not say it."""

MARKER: Final = "marker:"
_MOST_MARKERS: Final = 500
_MOST_WORDS: Final = 400
_LONGEST_S: Final = 600

Active = Callable[[Node], Take | None]
"""Finds the take that a shot shows right now."""


class Pieces(NamedTuple):
    """A cut in order: each wire with the shot that it brings, in words what is left out, and what is untranslated."""

    wires: tuple[Edge, ...]
    shots: tuple[ShotInOrder, ...]
    notes: tuple[str, ...]
    missing: Missing = Missing()


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


def is_version(graph: Graph, node: Node, kit: Kit) -> bool:
    """Whether an assembler shows another's cut in a shape or language of its own, and so follows its sound."""
    return bool(own_aspect(node) or language_of(node)) and maker_of(graph, node, kit).id != node.id


def as_followed(graph: Graph, node: Node, kit: Kit) -> Node:
    """Return an assembler with what it takes from the one that it is a version of; any other as it is."""
    if not is_version(graph, node, kit):
        return node
    master = maker_of(graph, node, kit)
    said = {name: master.data[name] for name in FOLLOWED if name in master.data}
    return node.model_copy(update={"data": said | node.data})


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
    look = aspect, language = aspect_of(node), language_of(node)
    for wire in in_order(graph, maker_of(graph, node, kit), kit):
        gift = given(graph, wire, kit)
        if isinstance(gift, Gift):
            wires.append(wire)
            shots.append(_in_cut(graph, gift.node, kit, active, look))
            if language and (take := shots[-1].take) and captions_of(gift.node, take.media.oid):
                notes.append(f"The captions of {title_of(gift.node)} are not in {name_of(language)} and are not shown.")
            if unreadable(gift.node, aspect):
                notes.append(f"The framing of {title_of(gift.node)} for {aspect} cannot be read and is not used.")
        elif gift:
            notes.append(f"{title_of(gift.node)} is left out: it {gift.why}.")
    missing = _missing(graph, shots, language) if language else Missing()
    return Pieces(tuple(wires), tuple(shots), tuple(notes), missing)


def _in_cut(graph: Graph, node: Node, kit: Kit, active: Active, look: tuple[str, str]) -> ShotInOrder:
    aspect, language = look
    key = shot_key(node)
    if key is None:
        return ShotInOrder(node.id, "", title_of(node), None, "the cut takes shots, not clips that you bring")
    take = active(node)
    return ShotInOrder(
        node.id,
        *key,
        take,
        marks=marks_of(node, take) if take else UNMARKED,
        seconds=_seconds(node),
        words=str(node.data.get("prompt") or "")[:_MOST_WORDS],
        enter=_passage(node, "enter"),
        leave=_passage(node, "leave"),
        title=(text_in(node, TITLE, language) or text_in(node, TITLE, ""))[:_MOST_WORDS],
        lines=_lines(graph, node, kit, language),
        markers=markers_of(node),
        heard=captions_of(node, take.media.oid) if take and not language else (),
        framing=framing_of(node, aspect),
    )


def _seconds(node: Node) -> Fraction | None:
    """Return how long a card says that its take will be."""
    told = node.data.get("seconds")
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 < told <= _LONGEST_S:
        return None
    return Fraction(told).limit_denominator(1000)


def _passage(node: Node, side: str) -> Passage | None:
    kind, told = node.data.get(side), node.data.get(f"{side}_frames")
    frames = told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else None
    if kind == "fade":
        return Passage("fade", frames)
    return Passage("dissolve", frames) if kind == "dissolve" and side == "enter" else None


def _lines(graph: Graph, node: Node, kit: Kit, language: str) -> tuple[Line, ...]:
    """Return what the cards wired into a shot's dialogue say, from top to bottom."""
    gifts = [given(graph, wire, kit) for wire in graph.into(node.id, DIALOGUE)]
    cards = sorted((gift.node for gift in gifts if isinstance(gift, Gift)), key=lambda card: (card.y, card.x, card.id))
    return tuple(
        Line(str(card.data.get("speaker") or ""), text_in(card, WORDS, language), seconds_of(written), card.id)
        for card in cards
        if (written := text_in(card, WORDS, ""))
    )


def _missing(graph: Graph, shots: Sequence[ShotInOrder], language: str) -> Missing:
    """Return how many cards' lines and titles a cut has, and how many of them have nothing in a language."""
    lines = {line.card: line.words for shot in shots for line in shot.lines}
    cards = {shot.node_id: graph.nodes[shot.node_id] for shot in shots}
    titled = [card for card in cards.values() if text_in(card, TITLE, "")]
    untitled = [card for card in titled if not text_in(card, TITLE, language)]
    silent = sum(not words for words in lines.values())
    return Missing(silent, len(lines), len(untitled), len(titled))


def marks_of(node: Node, take: Take) -> Marks:
    """Return the marks that people set in a take. What is no whole number is none."""
    into, out = (node.data.get(f"{side}:{take.name}") for side in ("in", "out"))
    return Marks(
        into if isinstance(into, int) and not isinstance(into, bool) else None,
        out if isinstance(out, int) and not isinstance(out, bool) else None,
    )


def markers_of(node: Node) -> tuple[tuple[int, str], ...]:
    """Return the markers that people set in a shot: `marker:N` holds the words at frame N of its source."""
    told = ((name.removeprefix(MARKER), text) for name, text in node.data.items() if name.startswith(MARKER))
    found = [(int(at), text[:_MOST_WORDS]) for at, text in told if isinstance(text, str) and _is_frame(at)]
    return tuple(sorted(found)[:_MOST_MARKERS])


def _is_frame(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 7  # noqa: PLR2004 - a week of film


def _subtitled(shot: ShotInOrder) -> str:
    """Return all that decides a shot's subtitles: captions of its take, or else the lines of its dialogue."""
    if shot.heard:
        return "\n".join(f"{one.begins} {one.ends} {one.words}" for one in shot.heard)
    return "\n".join(line.words for line in shot.lines)


def cut_of(shots: Iterable[ShotInOrder], assembler: Node) -> tuple[FilmCut, ...]:
    """Return a cut as the recipe of an assembler's film holds it; shots without a take are not in it."""
    burned = assembler.data.get(SUBTITLES) is True
    return tuple(
        FilmCut(
            node_id=shot.node_id,
            shot=label_of(shot),
            take=shot.take.name,
            oid=shot.take.media.oid,
            into=shot.marks.into,
            out=shot.marks.out,
            joined=_joined(shot),
            framing=shot.framing.words if shot.framing else "",
            words=_subtitled(shot) if burned else "",
        )
        for shot in shots
        if shot.take
    )


def _joined(shot: ShotInOrder) -> str:
    """Return in words how a shot is entered, left and titled; empty for a plain cut."""
    ways = [("enter", shot.enter), ("leave", shot.leave)]
    said = [f"{side} by {way.kind} of {way.frames or 'a second'}" for side, way in ways if way]
    return "; ".join([*said, f"title {shot.title}"] if shot.title else said)


def joins_of(joined: str) -> dict[str, str]:
    """Return the passages and the title that a recipe's `joined` tells of; empty for a plain cut and for no title."""
    ways, begins, title = f"; {joined}".partition("; title ")
    found = {"enter": "", "leave": "", "title": title if begins else ""}
    for way in ways.split("; "):
        side, _, how = way.partition(" by ")
        if side in found:
            found[side] = how
    return found
