"""What is made anew, in which order, and what waits for what: the plan of a rebuild. Pure.

The plan is a run in thought: card after card, each with the files that it will have by then. What comes out as it was
needs nothing more; an earlier take that is exactly this is used again.
"""

from collections.abc import Collection, Mapping
from heapq import heappop, heappush
from types import MappingProxyType
from typing import Literal, NamedTuple

from studio_sdk.types import Frozen
from studio_server.domain.batch import shot_key
from studio_server.domain.build import Build
from studio_server.domain.conform import made, original
from studio_server.domain.cut import ASSEMBLER
from studio_server.domain.fingerprint import Facts, Gives, Reason, asked, differences, given_by
from studio_server.domain.graph import Graph, Node
from studio_server.domain.jobs import Job, recipe_of
from studio_server.domain.plan import title_of
from studio_server.domain.shots import Take
from studio_server.domain.staleness import NAMED, Own, compared, needs_between, own_state

Step = Literal["make", "between", "use", "running", "blocked"]


class Line(Frozen):
    """One card of a plan, in the order of making.

    `make` queues a job, after those of `after`; `between` queues one that gives `take` the project's frame rate and
    makes nothing else anew; `use` activates `take`, which already is this; `running` is being made
    just so by `task`, or is right and given the project's frame rate by it; `blocked` cannot be made, and says why.
    """

    node_id: str
    step: Step
    reasons: tuple[Reason, ...] = ()
    after: tuple[str, ...] = ()
    take: str | None = None
    task: str | None = None
    blocked: str = ""


class Scope(NamedTuple):
    """What a plan is about: these cards, without those that people leave out, and whether what has none is made too.

    `again` makes another take of cards that are as they should be, too.
    """

    cards: Collection[str]
    leave: Collection[str] = ()
    missing: bool = True
    films: bool = False
    again: bool = False


def plan(
    build: Build,
    scope: Scope,
    under_way: Mapping[str, Job],
    conforming: Mapping[str, Job] = MappingProxyType({}),
    *,
    no_between: str = "",
) -> list[Line]:
    """Return the plan, in dependency order and within that in story order; `under_way` is each card's open job.

    `conforming` are the jobs that give the take which a card shows the project's frame rate: it shows another one then.
    `no_between` is why no pictures in between can be made now, empty where they can.
    """
    thought = _Thought(build, scope, under_way, conforming, no_between)
    for card in in_order(build):
        if line := thought.line(card):
            thought.lines.append(line)
    return thought.lines


def in_order(build: Build) -> list[str]:
    """Return the cards that make something, each after those it is made from; cards of a loop come last."""
    graph = build.facts.graph
    cards = sorted(build.states, key=lambda card: _story(graph, card))
    waits = {card: {s for s in build.sources(card) if s in build.states and s != card} for card in cards}
    feeds: dict[str, list[str]] = {}
    for card in cards:
        for source in waits[card]:
            feeds.setdefault(source, []).append(card)
    places = {card: place for place, card in enumerate(cards)}
    found: list[str] = []
    ready = [places[card] for card in cards if not waits[card]]
    while ready:
        card = cards[heappop(ready)]
        found.append(card)
        for other in feeds.get(card, ()):
            waits[other].discard(card)
            if not waits[other]:
                heappush(ready, places[other])
    there = set(found)
    return found + [card for card in cards if card not in there]


def _story(graph: Graph, card: str) -> tuple[bool, str, str, str]:
    node = graph.nodes[card]
    return (node.type == ASSEMBLER, *(shot_key(node) or ("~", "")), card)


class _Thought:
    """The run in thought: what each card gives by now; None stands for a take that nobody has seen yet."""

    def __init__(
        self,
        build: Build,
        scope: Scope,
        under_way: Mapping[str, Job],
        conforming: Mapping[str, Job],
        no_between: str,
    ) -> None:
        self.lines: list[Line] = []
        self._build = build
        self._facts = build.facts
        self._scope = scope
        self._cards = set(scope.cards) - set(scope.leave)
        self._under_way = under_way
        self._conforming = conforming
        self._no_between = no_between
        self._new: set[str] = set()
        self._used: dict[str, Take] = {}

    def line(self, card: str) -> Line | None:
        """Return what is to be done about a card, in thought; None where nothing is."""
        own = self._build.own(card)
        again = self._scope.again
        if own is None or card not in self._cards or (own.locked if again and own.take else own.stays):
            return None
        node = self._facts.graph.nodes[card]
        film = node.type == ASSEMBLER
        if own.take is None and not (self._scope.films if film else self._scope.missing):
            return None
        after = tuple(source for source in own.sources if source in self._new)
        if not after and not film and any(source in self._used for source in own.sources):
            own = own_state(self._facts, node, self._gives) or own
            needed = own.will_change
        else:
            needed = own.will_change or bool(after) or any(source in self._used for source in own.sources)
        if needed or again:
            return self._needed(node, own, after)
        job = self._conforming.get(card)
        if job is None:
            return None
        self._new.add(card)
        return Line(node_id=card, step="running", task=job.id)

    def _needed(self, node: Node, own: Own, after: tuple[str, ...]) -> Line:
        if why := own.blocked or self._lacks(own):
            return Line(node_id=node.id, step="blocked", reasons=own.reasons, blocked=why)
        if after:
            self._new.add(node.id)
            upstream = Reason(kind="upstream", nodes=after[:NAMED], count=len(after))
            return Line(node_id=node.id, step="make", reasons=(*own.reasons, upstream), after=after)
        return self._of_known(node, own)

    def _of_known(self, node: Node, own: Own) -> Line:
        """Return the line of a card for which all that goes in is there."""
        job = self._under_way.get(node.id)
        takes = node.type != ASSEMBLER
        if job and takes and self._is_this(node, job):
            self._new.add(node.id)
            return Line(node_id=node.id, step="running", reasons=own.reasons, task=job.id)
        if needs_between(own.reasons) and not self._scope.again:
            return self._between(node, own)
        take = earlier(self._facts, node, self._gives) if takes and not self._scope.again else None
        if take:
            self._used[node.id] = take
            return Line(node_id=node.id, step="use", reasons=own.reasons, take=take.name)
        self._new.add(node.id)
        return Line(node_id=node.id, step="make", reasons=own.reasons)

    def _between(self, node: Node, own: Own) -> Line:
        """Return the line of a card whose take lacks nothing but pictures in between for the project's rate."""
        if job := self._conforming.get(node.id):
            self._new.add(node.id)
            return Line(node_id=node.id, step="running", reasons=own.reasons, task=job.id)
        take = conformed_now(self._facts, node)
        if take and is_turned_down(node, take):
            why = f"{take.name} has its pictures at the project's frame rate and was turned down. Generate it again."
            return Line(node_id=node.id, step="blocked", reasons=own.reasons, blocked=why)
        if take:
            self._used[node.id] = take
            return Line(node_id=node.id, step="use", reasons=own.reasons, take=take.name)
        if self._no_between:
            return Line(node_id=node.id, step="blocked", reasons=own.reasons, blocked=self._no_between)
        self._new.add(node.id)
        return Line(node_id=node.id, step="between", reasons=own.reasons, take=own.reasons[0].label)

    def _gives(self, node: Node) -> tuple[str, str | None]:
        take = self._used.get(node.id)
        return (take.media.path.rsplit("/", 1)[-1], take.media.oid) if take else given_by(self._facts, node)

    def _lacks(self, own: Own) -> str:
        """Return why a card cannot be made although all it says is right: what it takes is not there, nor planned."""
        nodes = self._facts.graph.nodes
        empty = next((card for card in own.sources if card not in self._new and not self._gives(nodes[card])[1]), None)
        return f"It needs a take of {title_of(nodes[empty])} first." if empty else ""

    def _is_this(self, node: Node, job: Job) -> bool:
        recipe = recipe_of(job.plan)
        now = asked(self._facts, node, recipe.pipeline, self._gives)
        return not job.plan.late and not differences(self._facts, now, recipe)


def conformed_now(facts: Facts, node: Node) -> Take | None:
    """Return the take that has the pictures of the one which a card shows at the project's frame rate, if any."""
    key, shows = shot_key(node), facts.shown(node)
    takes = facts.takes(key) if key else ()
    source = original(takes, shows) if shows else None
    return made(takes, source.media.oid, facts.format.frame_rate) if source else None


def is_turned_down(node: Node, take: Take) -> bool:
    """Whether people said no to a take of a card."""
    return isinstance(node.data.get(f"reject:{take.name}"), str)


def earlier(facts: Facts, node: Node, gives: Gives) -> Take | None:
    """Return the newest other take of a card that is exactly what would be made now; one turned down is not offered.

    Only where making it again would give the same: its pipeline is deterministic, or the seed is locked.
    """
    key = shot_key(node)
    shows = facts.shown(node)
    for take in reversed(facts.takes(key) if key else ()):
        if take.recipe is None or take is shows or is_turned_down(node, take):
            continue
        now = asked(facts, node, take.recipe.pipeline, gives)
        same = take.recipe.determinism != "none" or now.seed is not None
        if same and not now.blocked and compared(facts, now, take, take.recipe) == ((), False):
            return take
    return None
