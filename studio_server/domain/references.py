"""Which takes are in use, and by what: what house-keeping never touches.

Pure: canvases, takes, films, edit lists and tasks in; for each take in use the first reason, in words for a person.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from studio_server.domain.assets import Film
from studio_server.domain.batch import ShotKey, shot_key
from studio_server.domain.graph import Graph
from studio_server.domain.shots import Take, shown

_MARKS = ("star:", "in:", "out:")


def in_use(
    takes: Mapping[ShotKey, Sequence[Take]],
    canvases: Mapping[str, Graph],
    films: Iterable[Film],
    edit_lists: Mapping[str, str],
    wanted: Collection[str],
) -> dict[str, str]:
    """Return why each take that is in use is, by the path of its media.

    `canvases` are graphs by what people call them, the present one first; `edit_lists` texts by name, `wanted` the
    SHA-256 of what tasks under way need.
    """
    found: dict[str, str] = {}
    everything = [take for shot in takes.values() for take in shot]
    for one, why in (
        *((take, "put there by hand: nothing says how to make it again") for take in everything if not take.recipe),
        *_on_canvases(canvases, takes),
        *_by_bytes(everything, films, wanted),
        *(
            (take, f"in the edit list {name}")
            for name, text in edit_lists.items()
            for take in everything
            if take.reel in text or take.name in text
        ),
    ):
        found.setdefault(one.media.path, why)
    return found


def _on_canvases(canvases: Mapping[str, Graph], takes: Mapping[ShotKey, Sequence[Take]]) -> Iterator[tuple[Take, str]]:
    named: dict[str, list[Take]] = {}
    for shot in takes.values():
        for take in shot:
            named.setdefault(take.name, []).append(take)
            named.setdefault(take.media.oid, []).append(take)
    for name, graph in canvases.items():
        for take, why in _on_canvas(graph, takes, named):
            yield take, f"{why}{name}"


def _by_bytes(everything: Sequence[Take], films: Iterable[Film], wanted: Collection[str]) -> Iterator[tuple[Take, str]]:
    """Yield what is named by its bytes: what films and other takes were made from, and what tasks need."""
    reasons = dict.fromkeys(wanted, "needed by a task under way")
    for take in everything:
        reasons |= {given.oid: f"{take.name} was made from it" for given in (take.recipe.inputs if take.recipe else ())}
        if take.conformed_from:
            reasons[take.conformed_from.oid] = f"{take.name} has its pictures at another frame rate"
    for film in films:
        reasons |= {cut.oid: f"in the film {film.name}" for cut in (film.recipe.cut if film.recipe else ())}
    yield from ((take, reasons[take.media.oid]) for take in everything if take.media.oid in reasons)


def _on_canvas(
    graph: Graph,
    takes: Mapping[ShotKey, Sequence[Take]],
    named: Mapping[str, Sequence[Take]],
) -> Iterator[tuple[Take, str]]:
    for node in graph.nodes.values():
        key = shot_key(node)
        own = takes.get(key, ()) if key else ()
        showing = shown(own, node.data.get("active_take"))
        if showing:
            yield showing, "shown by its card"
        for take in own:
            if any(node.data.get(f"{mark}{take.name}") not in {None, False} for mark in _MARKS):
                yield take, "marked on its card"
        for word in _words(node.data):
            for take in named.get(word, ()):
                yield take, "named by a card"


def _words(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _words(one)
