"""A graph in ComfyUI's API form, and the map that says which of its inputs a pipeline sets."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

Graph = dict[str, dict[str, Any]]
"""Nodes by id: `class_type`, `inputs` (values, or links as [id, slot]) and perhaps `_meta.title`."""

Slots = Mapping[str, list[list[str]]]
"""For every name that a pipeline may set: the inputs it goes into, as [node id, input]."""


def bind(template: Mapping[str, Any], slots: Slots, values: Mapping[str, Any]) -> Graph:
    """Return a template with values set; a None takes the input away, as if it had never been wired.

    Raises KeyError for a name that is no slot, and for a slot that names no node: both are mistakes of the author.
    """
    graph: Graph = deepcopy(dict(template))
    for name, value in values.items():
        for node, into in slots[name]:
            if value is None:
                graph[node]["inputs"].pop(into, None)
            else:
                graph[node]["inputs"][into] = deepcopy(value)
    return graph


def bypass(graph: Graph, node: str, through: str = "model") -> Graph:
    """Return a graph without a node: who took its first output takes what came into its input `through`.

    Raises KeyError where there is no such node or input.
    """
    graph = deepcopy(graph)
    before = graph.pop(node)["inputs"][through]
    for told in graph.values():
        for name, value in told["inputs"].items():
            if is_link(value) and value[0] == node:
                told["inputs"][name] = list(before)
    return graph


def pruned(graph: Graph, end: str) -> Graph:
    """Return only the nodes that one needs, in their order."""
    wanted: set[str] = set()
    waiting = [end]
    while waiting:
        node = waiting.pop()
        if node not in wanted:
            wanted.add(node)
            waiting += [source for _, source, _ in links(graph[node])]
    return {node: told for node, told in graph.items() if node in wanted}


def links(node: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Yield every link into a node: input, id of the source, slot of the source."""
    for name, value in node["inputs"].items():
        if is_link(value):
            yield name, value[0], value[1]


def is_link(value: Any) -> bool:
    """Whether a value of an input is a link."""
    return isinstance(value, list) and len(value) == len(("id", "slot")) and isinstance(value[0], str)


def title_of(graph: Mapping[str, Any], node: str) -> str:
    """Return how people call a node."""
    told = graph.get(node) or {}
    return str((told.get("_meta") or {}).get("title") or told.get("class_type") or node)
