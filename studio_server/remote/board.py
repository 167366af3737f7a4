"""A board as an agent reads and changes it: an outline in words, an edit as one batch, and what takes it back.

Nothing is decided here: the batch goes to the studio, which completes or refuses it by the same rules as a person's.
"""

from collections.abc import Iterable
from typing import Final

from studio_server.domain.graph import OPERATIONS, Graph, apply, difference, dump_operations
from studio_server.remote.api import Json
from studio_server.remote.telling import title_of

_LONGEST: Final = 300
_STEP: Final = 320.0
_HIDDEN: Final = frozenset({"scene", "code", "active_take", "pipeline_seen", "width", "height", "order"})


def outline(state: Json, states: Json) -> str:
    """Return the cards with what they say, what they show, and their wires, in story order."""
    nodes: dict[str, Json] = state["graph"]["nodes"]
    edges: list[Json] = list(state["graph"]["edges"].values())
    project = state["project"]
    lines = [f"{project['title']} ({project['id']}), quality {project['quality']}, revision {state['revision']}"]
    for card in sorted(nodes, key=lambda one: _story(nodes[one])):
        lines += _card(card, nodes[card], state["takes"].get(card, []), states["cards"].get(card))
        lines += [
            f"    {edge['target_handle']} <- {edge['source']}.{edge['source_handle']}"
            for edge in edges
            if edge["target"] == card
        ]
    return "\n".join(lines)


def _story(node: Json) -> tuple[str, str, float, float]:
    data = node["data"]
    return str(data.get("scene") or "~"), str(data.get("code") or "~"), node["x"], node["y"]


def _card(card: str, node: Json, takes: list[Json], standing: Json | None) -> list[str]:
    data = node["data"]
    head = f"[{card}] {node['type']}: {title_of(node)}"
    head += f", scene {data['scene']}" if data.get("scene") else ""
    head += f", in {node['parent']}" if node.get("parent") else ""
    if takes or standing:
        shows = data.get("active_take") or (takes[-1]["name"] if takes else "nothing")
        head += f"; shows {shows}, {len(takes)} takes"
    if standing:
        why = standing["blocked"] or "; ".join(reason["text"] for reason in standing["reasons"])
        head += f"; {standing['state']}{f' ({why})' if why else ''}"
    fields = {name: value for name, value in data.items() if name not in _HIDDEN and value not in ("", None)}
    return [head, *(f"    {name} = {str(value)[:_LONGEST]}" for name, value in fields.items())]


def operations(
    nodes: dict[str, Json],
    add: Iterable[Json],
    values: Iterable[Json],
    wires: Iterable[Json],
    unwire: Iterable[str],
    remove: Iterable[str],
) -> list[Json]:
    """Return an edit as operations; a card without a place comes to the right of all that is there."""
    right = max((node["x"] for node in nodes.values() if not node.get("parent")), default=-_STEP)
    found: list[Json] = []
    for card in add:
        right += 0.0 if "x" in card else _STEP
        node = {"x": right, "y": 80.0, "parent": None, "data": {}, **card}
        found.append({"op": "node.add", "node": node})
    found += [{"op": "node.set", "id": one["card"], "name": one["name"], "value": one["value"]} for one in values]
    found += [{"op": "edge.remove", "id": wire} for wire in unwire]
    for wire in wires:
        ends = {name: wire[name] for name in ("source", "source_handle", "target", "target_handle")}
        name = f"{ends['source']}.{ends['source_handle']}>{ends['target']}.{ends['target_handle']}"
        found.append({"op": "edge.add", "edge": {"id": name, **ends}})
    return found + [{"op": "node.remove", "id": card} for card in remove]


def inverse(graph: Json, done: list[Json]) -> list[Json]:
    """Return what takes a batch back, which was published on this graph."""
    before = Graph.model_validate({name: graph[name] for name in ("nodes", "edges")})
    return list(dump_operations(difference(apply(before, OPERATIONS.validate_python(done)), before)))
