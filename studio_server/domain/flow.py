"""Who really gives what a wire brings: through reroutes and cards that hand on, past what is muted.

Pure; the plan of a take and the cut of a film both ask here, so that they agree.
"""

from typing import NamedTuple

from studio_server.domain.graph import Edge, Graph, Node
from studio_server.domain.node_types import TYPES, task_for
from studio_server.domain.nodes import REROUTE, Kit, inputs_of
from studio_server.domain.producer import steps_aside
from studio_server.domain.scenes import around, is_muted


class Gift(NamedTuple):
    """The card whose own output comes down a wire, and which output that is."""

    node: Node
    handle: str


class Nothing(NamedTuple):
    """Where a wire ends without anything to give, and why, as the end of a sentence: `Shot 010` + `is muted`."""

    node: Node
    why: str


def given(graph: Graph, edge: Edge, kit: Kit) -> Gift | Nothing | None:
    """Return what a wire brings; None where its source is gone."""
    seen: set[str] = set()
    while True:
        source = graph.nodes.get(edge.source)
        if source is None:
            return None
        if is_muted(graph, source):
            return Nothing(source, "is muted" if source.data.get("muted") is True else "lies in a muted scene")
        why = _passed(source, kit)
        if source.type != REROUTE and not why:
            return Gift(source, edge.source_handle)
        wire = _through(graph, source, kit) if why else next(iter(graph.into(source.id, "in")), None)
        if wire is None or source.id in seen:
            return Nothing(source, f"{why} and has nothing to hand on" if why else "has nothing wired into it")
        seen.add(source.id)
        edge = wire


def _passed(node: Node, kit: Kit) -> str:
    """Return why a card hands on what it gets, as the end of a sentence; nothing where it gives its own."""
    if task_for(node.type) is not None and node.data.get("bypassed") is True:
        return "is bypassed"
    return "steps aside at this quality" if steps_aside(node, kit.quality) else ""


def _through(graph: Graph, node: Node, kit: Kit) -> Edge | None:
    """Return the wire that a card hands on in place of its own: into its first wired input of its own output's type."""
    own = TYPES[node.type].outputs[0].type
    fitting = (spec.name for spec in inputs_of(graph, node, kit) if spec.type == own)
    return next((wires[0] for name in fitting if (wires := graph.into(node.id, name))), None)


def refusal_of(graph: Graph, node: Node) -> str | None:
    """Return why a muted card may not be made, with what to do about it, or None where it may."""
    if node.data.get("muted") is True:
        return "is muted. Unmute it first."
    scene = next((one for one in around(graph, node) if one.data.get("muted") is True), None)
    if scene is None:
        return None
    title = scene.data.get("title") or scene.data.get("scene")
    return (
        f"lies in the muted scene “{title}”. Unmute it first." if title else "lies in a muted scene. Unmute it first."
    )
