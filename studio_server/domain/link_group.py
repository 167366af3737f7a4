"""What all scenes of one link are to hold after a batch that changed one of them, and how they come to hold it.

Used by `links.py` only. Pure.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeVar

from pydantic import JsonValue

from studio_server.domain.graph import (
    Edge,
    EdgeAdd,
    EdgeRemove,
    Graph,
    Node,
    NodeAdd,
    NodeMove,
    NodeRemove,
    NodeSet,
    Operation,
    edge_id,
)
from studio_server.domain.scenes import around

LINK: Final = "link"
_OWN: Final = frozenset({"scene", "code", "active_take", "muted", "locked", LINK})
_OWN_MARKS: Final = ("star:", "reject:", "in:", "out:")
_SIZE: Final = ("width", "height")

Wire = tuple[str, str, str, str]
"""A wire between two cards of a scene: link and output, link and input."""
Place = tuple[float, float, str | None]
"""Where a card lies, and the link of the scene within the linked scene that it lies in."""
HoldsOne = Callable[[Node, str], bool]
"""Whether an input of a card holds no more than one wire."""
T = TypeVar("T")


def is_own(name: str) -> bool:
    """Whether a field belongs to each card alone, however its scene is linked."""
    return name in _OWN or name.startswith(_OWN_MARKS)


def _kept(node: Node, name: str) -> JsonValue:
    return node.data.get(name)


def link_of(node: Node) -> str | None:
    """Return what links a scene to others, or a card to those that stand for it in the other scenes."""
    link = node.data.get(LINK)
    return link if isinstance(link, str) and link else None


class Member(NamedTuple):
    """What a linked scene holds: its cards by link, the link of each card's id, and the wires between them."""

    root: str
    cards: dict[str, Node]
    links: dict[str, str]
    wires: frozenset[Wire]

    def place(self, link: str) -> Place:
        """Return where a card lies."""
        card = self.cards[link]
        return card.x, card.y, self.links.get(card.parent or "")


def touched_by(batch: Iterable[Operation], before: Graph) -> set[str]:
    """Return the ids of the cards that a batch is about, those at the ends of its wires included."""
    ids: set[str] = set()
    for operation in batch:
        match operation:
            case NodeAdd(node=node):
                ids.add(node.id)
            case EdgeAdd(edge=edge):
                ids |= {edge.source, edge.target}
            case EdgeRemove(id=name):
                cut = before.edges.get(name)
                ids |= {cut.source, cut.target} if cut else set()
            case _:
                ids.add(operation.id)
    return ids


class Group:
    """The scenes of one link, and what they all are to hold."""

    def __init__(
        self,
        before: Graph,
        after: Graph,
        batch: Sequence[Operation],
        members: dict[str, Member],
        earlier: dict[str, Member],
        ids: dict[str, set[str]],
        holds_one: HoldsOne,
    ) -> None:
        self._holds_one = holds_one
        self._before, self._after, self._batch = before, after, batch
        self._members = members
        old = [root for root in members if root in earlier]
        # Where none was linked before, the scene that was there first shows the others what they hold.
        self._old = old or [min(members, key=lambda root: (root not in before.nodes, root))]
        self._was = {root: earlier.get(root, members[root]) for root in self._old}
        self._new = [root for root in members if root not in self._old]
        self._lead = next(
            (root for op in reversed(batch) for root in self._old if ids[root] & touched_by([op], before)), self._old[0]
        )
        self._order = [self._lead, *(root for root in self._old if root != self._lead)]
        self._allotted: set[str] = set()
        both = (*self._was.values(), *members.values())
        self._links_beside = {node_id: member.links for member in both for node_id in member.links}

    def operations(self) -> list[Operation]:
        """Return what makes all of them hold the same."""
        known = {link for root in self._old for link in (*self._was[root].cards, *self._members[root].cards)}
        sources = {link: source for link in known if (source := self._kept(link, lambda m: m.cards))}
        kept = {
            wire
            for wire in {w for root in self._old for w in (*self._was[root].wires, *self._members[root].wires)}
            if self._kept(wire, lambda m: m.wires) and wire[0] in sources and wire[2] in sources
        }
        wires = set(kept)
        for root in self._new:
            for link in self._members[root].cards:
                if link not in known and link not in sources:
                    sources[link] = root
            for wire in self._members[root].wires:
                both = wire[0] in sources and wire[2] in sources
                if both and not (wire[0] in known and wire[2] in known):
                    wires.add(wire)
        self._leave_one(wires, kept, sources)
        shared = {link: self._shared(link, source) for link, source in sources.items()}
        places = {link: self._place(link, source) for link, source in sources.items()}
        sizes = {name: self._value(self._roots(), partial(_kept, name=name)) for name in _SIZE}
        more: list[Operation] = []
        for root, member in self._members.items():
            more += [
                NodeSet(id=root, name=name, value=size)
                for name, size in sizes.items()
                if self._after.nodes[root].data.get(name) != size
            ]
            more += self._made_alike(member, sources, shared, places, wires)
        return more

    def _leave_one(self, wires: set[Wire], kept: set[Wire], sources: dict[str, str]) -> None:
        """Take out all wires but one into an input that holds one: the newest stays, of those that were there first."""
        newest: dict[Wire, int] = {}
        for at, operation in enumerate(self._batch):
            links = self._links_beside.get(operation.edge.target, {}) if isinstance(operation, EdgeAdd) else {}
            if isinstance(operation, EdgeAdd) and operation.edge.source in links and operation.edge.target in links:
                newest[_as_links(operation.edge, links)] = at
        into: dict[tuple[str, str], list[Wire]] = {}
        for wire in wires:
            into.setdefault((wire[2], wire[3]), []).append(wire)
        for (link, handle), rivals in into.items():
            if len(rivals) > 1 and self._holds_one(self._members[sources[link]].cards[link], handle):
                best = max(rivals, key=lambda wire: (wire in kept, newest.get(wire, -1), wire))
                wires -= {wire for wire in rivals if wire != best}

    def _kept(self, what: T, of: Callable[[Member], Iterable[T]]) -> str | None:
        """Return a scene that holds a card or wire which all are to hold, or None where all are to lose it."""
        there = [root for root in self._order if what in of(self._members[root])]
        added = [root for root in there if what not in of(self._was[root])]
        lost = any(what in of(self._was[root]) and what not in of(self._members[root]) for root in self._old)
        return (added or there)[0] if there and (added or not lost) else None

    def _roots(self) -> list[tuple[Node | None, Node]]:
        return [(self._before.nodes.get(root), self._after.nodes[root]) for root in self._order]

    def _cards(self, link: str) -> list[tuple[Node | None, Node]]:
        """Return a card in every older scene that holds it, as it was and as it is."""
        return [
            (self._was[root].cards.get(link), self._members[root].cards[link])
            for root in self._order
            if link in self._members[root].cards
        ]

    def _value(self, cards: list[tuple[Node | None, Node]], of: Callable[[Node], T], name: str = "") -> T:
        """Return what all cards are to have: what was changed in one of them, the last change where several were."""
        values = [of(now) for _, now in cards]
        changed = [now for was, now in cards if was is not None and of(was) != of(now)]
        if len(changed) > 1 and any(of(card) != of(changed[0]) for card in changed):
            ids = {card.id: card for card in changed}
            for operation in reversed(self._batch):
                if isinstance(operation, NodeAdd) and operation.node.id in ids:
                    return of(ids[operation.node.id])
                if isinstance(operation, NodeSet) and operation.id in ids and operation.name == name:
                    return of(ids[operation.id])
                if isinstance(operation, NodeMove) and operation.id in ids and not name:
                    return of(ids[operation.id])
        return of(changed[0]) if changed else values[0]

    def _shared(self, link: str, source: str) -> tuple[str, dict[str, JsonValue]]:
        """Return the type of a card and the fields that it has in all scenes; wires in `order` are written as links."""
        cards = self._cards(link) or [(None, self._members[source].cards[link])]
        names = {name for was, now in cards for name in (*(was.data if was else ()), *now.data) if not is_own(name)}
        data = {name: self._value(cards, partial(self._field, name=name), name) for name in sorted(names)}
        kind = self._value(cards, lambda card: card.type, "type")
        return kind, {name: value for name, value in data.items() if value is not None}

    def _field(self, card: Node, name: str) -> JsonValue:
        value = card.data.get(name)
        if name != "order" or not isinstance(value, list):
            return value
        inner: list[JsonValue] = [list(wire) for item in value if (wire := self._as_links(item, card))]
        return inner or None

    def _as_links(self, item: JsonValue, card: Node) -> Wire | None:
        """Return a wire's id as links, or None for a wire that is not between two cards of this card's scene."""
        edge = (self._after.edges.get(item) or self._before.edges.get(item)) if isinstance(item, str) else None
        links = self._links_beside.get(card.id, {})
        if edge is None or edge.source not in links or edge.target not in links:
            return None
        return _as_links(edge, links)

    def _place(self, link: str, source: str) -> Place:
        cards = self._cards(link)
        if not cards:
            return self._members[source].place(link)
        links = {id_: key for m in (*self._was.values(), *self._members.values()) for id_, key in m.links.items()}
        return self._value(cards, lambda card: (card.x, card.y, links.get(card.parent or "")))

    def _made_alike(
        self,
        member: Member,
        sources: dict[str, str],
        shared: dict[str, tuple[str, dict[str, JsonValue]]],
        places: dict[str, Place],
        wires: set[Wire],
    ) -> list[Operation]:
        ids = {link: card.id for link, card in member.cards.items() if link in sources}
        for link in sorted(sources):
            if link not in ids:
                ids[link] = self._twin(member.root, link)
        more: list[Operation] = []
        for link in sorted(sources, key=lambda one: (_depth(one, places), one)):
            x, y, inner = places[link]
            parent = ids.get(inner, member.root) if inner else member.root
            kind, fields = shared[link]
            card = member.cards.get(link)
            if card is None or card.type != kind:
                own = {name: value for name, value in card.data.items() if is_own(name)} if card else {}
                data = {name: self._for(ids, None, name, value) for name, value in fields.items()}
                made = Node(id=ids[link], type=kind, x=x, y=y, parent=parent, data={**data, **own, LINK: link})
                more.append(NodeAdd(node=self._numbered(member, link, sources[link], made) if card is None else made))
                continue
            if (card.x, card.y, card.parent) != (x, y, parent):
                more.append(NodeMove(id=card.id, x=x, y=y, parent=parent))
            names = {name for name in (*card.data, *fields) if not is_own(name)}
            for name in sorted(names):
                if self._field(card, name) != fields.get(name):
                    value = self._for(ids, card, name, fields.get(name))
                    more.append(NodeSet(id=card.id, name=name, value=value))
        more += [EdgeRemove(id=_edge(wire, member.links).id) for wire in sorted(member.wires - wires)]
        more += [
            EdgeAdd(edge=_edge(wire, {i: link for link, i in ids.items()})) for wire in sorted(wires - member.wires)
        ]
        gone = [link for link in member.cards if link not in sources]
        now = {link: member.place(link) for link in member.cards}
        more += [
            NodeRemove(id=member.cards[link].id) for link in sorted(gone, key=lambda one: (-_depth(one, now), one))
        ]
        return more

    def _for(self, ids: dict[str, str], card: Node | None, name: str, value: JsonValue) -> JsonValue:
        """Return a shared value as a card of this scene holds it: an order names this scene's own wires."""
        if name != "order":
            return value
        wires: list[JsonValue] = []
        for item in value if isinstance(value, list) else []:
            if isinstance(item, list):
                source, out, target, into = (str(part) for part in item)
                if source in ids and target in ids:
                    wires.append(edge_id(ids[source], out, ids[target], into))
        own = card.data.get(name) if card else None
        merged: list[JsonValue] = []
        for item in own if isinstance(own, list) else []:
            if card is None or self._as_links(item, card) is None:
                merged.append(item)
            elif wires:
                merged.append(wires.pop(0))
        return [*merged, *wires] or None

    def _twin(self, root: str, link: str) -> str:
        """Return the id of a new card: the same wherever it is worked out."""
        count = 0
        while True:
            salt = f"/{count}" if count else ""
            name = f"t_{hashlib.sha256(f'{root}/{link}{salt}'.encode()).hexdigest()[:24]}"
            if name not in self._after.nodes and name not in self._allotted:
                self._allotted.add(name)
                return name
            count += 1

    def _numbered(self, member: Member, link: str, source: str, made: Node) -> Node:
        """Return a new card with its source's scene number, where no scene around it has one to give."""
        root = self._after.nodes[member.root]
        if any(one.data.get("scene") for one in (root, *around(self._after, root))):
            return made
        number = self._members[source].cards[link].data.get("scene")
        return made.model_copy(update={"data": {**made.data, "scene": number}}) if isinstance(number, str) else made


def _depth(link: str, places: dict[str, Place]) -> int:
    seen: set[str] = set()
    inner = places[link][2]
    while inner is not None and inner in places and inner not in seen:
        seen.add(inner)
        inner = places[inner][2]
    return len(seen)


def _as_links(edge: Edge, links: dict[str, str]) -> Wire:
    return links[edge.source], edge.source_handle, links[edge.target], edge.target_handle


def _edge(wire: Wire, links: dict[str, str]) -> Edge:
    ids = {link: node_id for node_id, link in links.items()}
    source, out, target, into = wire
    return Edge(
        id=edge_id(ids[source], out, ids[target], into),
        source=ids[source],
        source_handle=out,
        target=ids[target],
        target_handle=into,
    )
