"""The film as a build graph: the state of every card that makes something, kept while the board is edited.

An edit costs what it touches: the cards it can reach are looked at again, and what follows from them is carried along
the wires. Pure; whoever holds a `Build` gives it the facts and says what changed since.
"""

from collections.abc import Iterable

from studio_server.domain import captions
from studio_server.domain.cut import ASSEMBLER, DIALOGUE
from studio_server.domain.fingerprint import Facts, Reason
from studio_server.domain.framings import FRAMING
from studio_server.domain.graph import (
    EdgeAdd,
    EdgeRemove,
    Graph,
    Node,
    NodeAdd,
    NodeMove,
    NodeRemove,
    NodeSet,
    Operation,
)
from studio_server.domain.languages import TITLE, TRANSLATED, WORDS
from studio_server.domain.node_types import task_for
from studio_server.domain.nodes import REROUTE
from studio_server.domain.producer import MIN_QUALITY
from studio_server.domain.scenes import SCENE, held
from studio_server.domain.staleness import NAMED, CardState, Own, State, own_state

_HANDED_ON = frozenset(
    {
        *("active_take", "scene", "code", "muted", "bypassed", MIN_QUALITY),
        *("asset", "value", "pipeline", "order", "exposed", "kind", "music_level", "ducking"),
        *("enter", "enter_frames", "leave", "leave_frames", TITLE),
    }
)
"""Fields that others see: any other one is the card's own affair."""

_HANDED_ON_BY = ("in:", "out:", "sound_", captions.FIELD, FRAMING, *TRANSLATED)
"""How the names of further such fields begin."""


class Build:
    """The states of a board's cards. Not for several threads at once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.states: dict[str, CardState] = {}
        self._own: dict[str, Own] = {}
        self._followers: dict[str, set[str]] = {}
        self._changing: set[str] = set()
        self.refresh(facts)

    def refresh(self, facts: Facts) -> dict[str, CardState | None]:
        """Look at every card again; return the states that are other ones, None for those that are no more."""
        return self._look(facts, set(facts.graph.nodes) | set(self._own))

    def edited(self, facts: Facts, operations: Iterable[Operation]) -> dict[str, CardState | None]:
        """Look again at what a batch can reach; `facts` has the graph after it, and everything else as it was."""
        return self._look(facts, touched(self.facts.graph, facts.graph, operations))

    def replaced(self, facts: Facts, cards: Iterable[str]) -> dict[str, CardState | None]:
        """Look again at cards whose files are other ones than before, and at what they feed."""
        return self._look(facts, reached(facts.graph, cards, facts.graph))

    def will_change(self, card: str) -> bool:
        """Whether a card is to be made anew, for its own reasons or for those of cards before it."""
        return card in self._changing

    def sources(self, card: str) -> tuple[str, ...]:
        """Return the cards whose files go into a card."""
        own = self._own.get(card)
        return own.sources if own else ()

    def own(self, card: str) -> Own | None:
        """Return a card by itself; None for one that makes nothing."""
        return self._own.get(card)

    def following(self, cards: Iterable[str]) -> set[str]:
        """Return these cards and all that is made from them, however far."""
        seen = set(cards)
        waiting = list(seen)
        while waiting:
            for other in self._followers.get(waiting.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return seen

    def _look(self, facts: Facts, cards: set[str]) -> dict[str, CardState | None]:
        self.facts = facts
        for card in cards:
            node = facts.graph.nodes.get(card)
            self._keep(card, own_state(facts, node) if node else None)
        region = self.following(cards)
        self._carry(region)
        news: dict[str, CardState | None] = {}
        for card in region:
            state = self._state(card)
            if state != self.states.get(card):
                news[card] = state
                if state is None:
                    del self.states[card]
                else:
                    self.states[card] = state
        return news

    def _keep(self, card: str, own: Own | None) -> None:
        before = self._own.get(card)
        old, new = (before.sources if before else ()), (own.sources if own else ())
        if old != new:
            for source in old:
                self._followers[source].discard(card)
            for source in new:
                self._followers.setdefault(source, set()).add(card)
        if own is None:
            self._own.pop(card, None)
        else:
            self._own[card] = own

    def _carry(self, region: set[str]) -> None:
        """Work out anew what will change in a part of the board that nothing outside of it follows from."""
        self._changing -= region
        waiting = [card for card in region if self._starts(card)]
        self._changing.update(waiting)
        while waiting:
            for other in self._followers.get(waiting.pop(), ()):
                own = self._own.get(other)
                if own and not own.stays and other not in self._changing:
                    self._changing.add(other)
                    waiting.append(other)

    def _starts(self, card: str) -> bool:
        own = self._own.get(card)
        if own is None or own.stays:
            return False
        return own.will_change or any(source in self._changing for source in own.sources)

    def _state(self, card: str) -> CardState | None:
        own = self._own.get(card)
        if own is None:
            return None
        before = [source for source in own.sources if source in self._changing and source != card]
        reasons = own.reasons
        if before and own.take is not None:
            reasons = (*reasons, Reason(kind="upstream", nodes=tuple(before[:NAMED]), count=len(before)))
        if own.take is None:
            state = State.MISSING
        elif own.locked:
            state = State.LOCKED
        elif card in self._changing:
            state = State.STALE
        else:
            state = State.UNKNOWN if own.unknown else State.CLEAN
        direct = own.take is None or bool(own.reasons)
        return CardState(state=state, take=own.take, direct=direct, reasons=reasons, blocked=own.blocked)


def touched(before: Graph, after: Graph, operations: Iterable[Operation]) -> set[str]:
    """Return the cards whose own state a batch may have changed."""
    alone: set[str] = set()
    giving: set[str] = set()
    for operation in operations:
        match operation:
            case NodeAdd(node=node):
                giving.add(node.id)
            case NodeRemove(id=card):
                giving.add(card)
            case NodeMove(id=card):
                if _parent(before, card) != _parent(after, card):
                    giving.add(card)
            case NodeSet(id=card, name=name):
                (giving if _is_seen(name) else alone).add(card)
                giving |= _said_in(after, card, name)
            case EdgeAdd(edge=edge):
                giving.add(edge.target)
            case EdgeRemove(id=wire):
                if was := before.edges.get(wire):
                    giving.add(was.target)
    giving |= _inside(before, giving) | _inside(after, giving)
    return alone | reached(before, giving, after) | reached(after, giving, before)


def _said_in(graph: Graph, card: str, name: str) -> set[str]:
    """Return the shots that say a card's words: a film may have them in its picture."""
    if name != WORDS and not name.startswith(TRANSLATED):
        return set()
    return {wire.target for wire in graph.leaving(card) if wire.target_handle == DIALOGUE}


def _is_seen(name: str) -> bool:
    return name in _HANDED_ON or name.startswith(_HANDED_ON_BY)


def _parent(graph: Graph, card: str) -> str | None:
    node = graph.nodes.get(card)
    return node.parent if node else None


def _inside(graph: Graph, cards: set[str]) -> set[str]:
    """Return what lies in those of the cards that are scenes: it is muted with them."""
    scenes = [card for card in cards if (node := graph.nodes.get(card)) and node.type == SCENE]
    if not scenes:
        return set()
    lies_in = held(graph)
    found: set[str] = set()
    while scenes:
        for node in lies_in.get(scenes.pop(), ()):
            if node.id not in found:
                found.add(node.id)
                scenes.append(node.id)
    return found


def reached(graph: Graph, cards: Iterable[str], other: Graph) -> set[str]:
    """Return cards and what their wires reach, past those that hand on what comes in, in this graph or the other."""
    seen = set(cards)
    waiting = list(seen)
    while waiting:
        for edge in graph.leaving(waiting.pop()):
            if edge.target in seen:
                continue
            seen.add(edge.target)
            if any(_hands_on(board.nodes.get(edge.target)) for board in (graph, other)):
                waiting.append(edge.target)
    return seen


def _hands_on(node: Node | None) -> bool:
    """Whether what comes into a card may be seen by those after it: reroutes, bypassed cards, the cut of an assembler.

    A Pipeline card is named past reroutes; a shot that a bypassed card feeds sees what is wired into that. A card that
    asks for a quality may step aside.
    """
    if node is None:
        return False
    aside = task_for(node.type) is not None and (node.data.get("bypassed") is True or MIN_QUALITY in node.data)
    return aside or node.type in (REROUTE, ASSEMBLER)
