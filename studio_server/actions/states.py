"""The states of a project's cards, kept in memory and brought up to date with the log: what each edit touches, no more.

Nothing is stored: the folder, the canvas and the installed pipelines say it all, and a restart works it out again.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from studio_sdk.types import Frozen
from studio_server.actions import canvas
from studio_server.actions.studio import OpenBuild, Studio
from studio_server.domain.assets import Film
from studio_server.domain.batch import ShotKey, shot_key
from studio_server.domain.build import Build
from studio_server.domain.events import Event, EventType
from studio_server.domain.fingerprint import Facts, Reason
from studio_server.domain.graph import Graph, NodeAdd, NodeSet, Operation
from studio_server.domain.reasons import in_words
from studio_server.domain.shots import Take, is_number
from studio_server.domain.staleness import CardState, State
from studio_server.index import log
from studio_server.library.folder import ProjectFolder

MOST_EVENTS: Final = 500
"""Further behind than so many events everything is looked at again."""

_locks: dict[str, threading.RLock] = {}
_locks_guard = threading.Lock()


class ReasonView(Reason):
    """A reason with its words."""

    text: str


class CardStateView(Frozen):
    """The state of a card as pages and scripts see it."""

    state: State
    take: str | None
    direct: bool
    reasons: tuple[ReasonView, ...]
    blocked: str


class CardStates(Frozen):
    """The states of cards as of a revision; `whole` says that a card not in it is clean, else it is as it was told.

    None is told of a card that is clean now, or makes nothing any more.
    """

    revision: int
    whole: bool
    cards: dict[str, CardStateView | None]


@contextmanager
def kept(studio: Studio, project_id: str, *, anew: bool = False) -> Iterator[OpenBuild]:
    """Hold the states of a project, brought up to date; `anew` looks at the folder and the pipelines again as well.

    Raises NOT_FOUND or PROJECT_MISSING.
    """
    with _locks_guard:
        lock = _locks.setdefault(project_id, threading.RLock())
    with lock:
        found = _caught_up(studio, project_id, anew=anew)
        studio.builds[project_id] = found
        yield found


def forget(studio: Studio, project_id: str) -> None:
    """Let go of the states of a project that nobody looks at."""
    studio.builds.pop(project_id, None)


def _caught_up(studio: Studio, project_id: str, *, anew: bool) -> OpenBuild:
    entry = canvas.find(studio, project_id)
    with canvas.opened(studio, project_id) as now:
        graph, revision = now.graph, now.revision
    folder = canvas.folder_of(studio, entry)
    known = studio.builds.get(project_id)
    if known is None or known.log_id != entry.log_id or not 0 <= revision - known.revision <= MOST_EVENTS:
        takes: dict[ShotKey, Sequence[Take]] = {}
        build = Build(_facts(studio, folder, graph, takes))
        return OpenBuild(build, revision, entry.log_id, takes, untold=set(build.states))
    with studio.index.read() as session:
        events = [event for event in log.since(session, project_id, known.revision) if event.revision <= revision]
    _follow(studio, folder, known, graph, events)
    known.revision = revision
    if anew:
        known.takes.clear()
        known.untold.update(known.build.refresh(_facts(studio, folder, graph, known.takes)))
    return known


def _follow(studio: Studio, folder: ProjectFolder, known: OpenBuild, graph: Graph, events: Sequence[Event]) -> None:
    kinds = {event.type for event in events}
    operations = [operation for event in events for operation in event.operations()]
    landed = {event.node_id for event in events if event.type in _FILES and event.node_id}
    for card in landed | _renumbered(operations):
        if (node := graph.nodes.get(card)) and (key := shot_key(node)):
            known.takes.pop(key, None)
    before = known.build.facts
    facts = Facts(
        graph=graph,
        kit=before.kit,
        digests=before.digests,
        quality=before.quality,
        format=before.format,
        takes=before.takes,
        assets=before.assets,
        films=_newest(folder.films()) if EventType.TASK_SUCCESS in kinds else before.films,
    )
    if kinds & {EventType.PROJECT_UPDATED, EventType.ASSET_ADDED}:
        known.untold.update(known.build.refresh(_facts(studio, folder, graph, known.takes)))
        return
    if operations:
        known.untold.update(known.build.edited(facts, operations))
    if landed:
        known.untold.update(known.build.replaced(facts, landed))


_FILES: Final = frozenset({EventType.TASK_SUCCESS, EventType.TAKES_CHANGED})


def _renumbered(operations: Sequence[Operation]) -> set[str]:
    """Return the cards that may have another folder than before."""
    added = {operation.node.id for operation in operations if isinstance(operation, NodeAdd)}
    return added | {o.id for o in operations if isinstance(o, NodeSet) and o.name in {"scene", "code"}}


def _facts(studio: Studio, folder: ProjectFolder, graph: Graph, takes: dict[ShotKey, Sequence[Take]]) -> Facts:
    settings = folder.manifest().project_settings

    def takes_of(key: ShotKey) -> Sequence[Take]:
        found = takes.get(key)
        if found is None:
            found = takes[key] = folder.takes(*key) if is_number(*key) else ()
        return found

    return Facts(
        graph=graph,
        kit=studio.catalogue.kit(settings.quality),
        digests={name: found.digest for name, found in studio.catalogue.installed().items()},
        quality=settings.quality,
        format=settings.format,
        takes=takes_of,
        assets={asset.id: asset for asset in reversed(folder.assets())},
        films=_newest(folder.films()),
    )


def _newest(films: Sequence[Film]) -> Mapping[str, Film]:
    return {film.node_id: film for film in reversed(films) if film.node_id}


def states(studio: Studio, project_id: str) -> CardStates:
    """Return the state of every card that is not clean."""
    with kept(studio, project_id) as now:
        graph = now.build.facts.graph
        cards = {card: view(state, graph) for card, state in now.build.states.items() if state.state is not State.CLEAN}
        return CardStates(revision=now.revision, whole=True, cards=dict(cards))


def news(studio: Studio, project_id: str, *, anew: bool = False) -> CardStates | None:
    """Return the states that changed since they were asked for the last time, or None where none did."""
    with kept(studio, project_id, anew=anew) as now:
        untold, now.untold = now.untold, set()
        if not untold:
            return None
        graph = now.build.facts.graph
        found = {card: now.build.states.get(card) for card in untold}
        cards = {
            card: view(state, graph) if state and state.state is not State.CLEAN else None
            for card, state in found.items()
        }
        return CardStates(revision=now.revision, whole=False, cards=cards)


def view(state: CardState, graph: Graph) -> CardStateView:
    """Return a state as pages see it."""
    return CardStateView(
        state=state.state,
        take=state.take,
        direct=state.direct,
        reasons=reasons_in_words(state.reasons, graph),
        blocked=state.blocked,
    )


def reasons_in_words(reasons: Sequence[Reason], graph: Graph) -> tuple[ReasonView, ...]:
    """Return reasons with their words."""
    return tuple(ReasonView(**dict(reason), text=in_words(reason, graph)) for reason in reasons)
