"""Whether a wire may be: the same rules, in the same order and words, as studio_web/src/lib/catalog/connect.ts.

tests/data/judge.json is the table both are held to.
"""

from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import SocketType, fits
from studio_server.domain.graph import Edge, Graph, Node, upstream
from studio_server.domain.node_types import TYPES
from studio_server.domain.nodes import REROUTE, Kit, demanded, input_spec, output_type
from studio_server.domain.specs import SOCKET_LOOKS, WireType

NO_SOCKET: Final = "There is no such socket"
ITSELF: Final = "A card cannot feed itself"
LOOP: Final = "This would make a loop"


def verdict(graph: Graph, wire: Edge, kit: Kit) -> str | None:
    """Return why a person may not draw a wire, or None where they may."""
    source, target = graph.nodes.get(wire.source), graph.nodes.get(wire.target)
    if source is None or target is None:
        return NO_SOCKET
    gives = output_type(graph, source, wire.source_handle, kit, without=wire.id)
    takes = _taken(graph, target, wire, kit)
    if gives is None or takes is None:
        return NO_SOCKET
    if wire.source == wire.target:
        return ITSELF
    if not joins(gives, takes):
        return _misfit(gives, takes)
    return LOOP if wire.target in upstream(graph, wire.source) else None


def check_wire(graph: Graph, wire: Edge, kit: Kit) -> None:
    """Raise GRAPH_INVALID where a new wire may not be.

    A wire of an unknown card, or into a socket that another pipeline of the card may have, is kept: it is shown as
    broken. Loops are looked for once a batch (`graph.refuse_loops`), not once a wire.
    """
    source, target = graph.nodes.get(wire.source), graph.nodes.get(wire.target)
    if source is None or target is None:
        return
    if wire.source == wire.target:
        raise StudioError(Code.GRAPH_INVALID, ITSELF, node_id=wire.target)
    gives = output_type(graph, source, wire.source_handle, kit, without=wire.id)
    takes = _taken(graph, target, wire, kit)
    if (gives is None and source.type in TYPES) or (takes is None and _has_fixed_inputs(target)):
        raise StudioError(Code.GRAPH_INVALID, NO_SOCKET, detail=wire.id, node_id=wire.target)
    if gives and takes and not joins(gives, takes):
        raise StudioError(Code.GRAPH_INVALID, _misfit(gives, takes), node_id=wire.target, field=wire.target_handle)


def joins(gives: WireType, takes: WireType) -> bool:
    """Whether an output fits an input; a reroute without a type fits everything."""
    if isinstance(gives, SocketType) and isinstance(takes, SocketType):
        return fits(gives, takes)
    return True


def _misfit(gives: WireType, takes: WireType) -> str:
    """Say that types do not fit in words of film people: A number does not fit where a picture goes."""
    text = f"{_noun(gives)} does not fit where {_noun(takes)} goes"
    return text[0].upper() + text[1:]


def _noun(kind: WireType) -> str:
    return SOCKET_LOOKS[kind].noun if isinstance(kind, SocketType) else kind


def _taken(graph: Graph, target: Node, wire: Edge, kit: Kit) -> WireType | None:
    """Return the type an input takes. A reroute takes what it feeds asks for: the wire it has now would be replaced."""
    spec = input_spec(graph, target, wire.target_handle, kit)
    if spec and target.type == REROUTE:
        return demanded(graph, target, kit, without=wire.id)
    return spec.type if spec else None


def _has_fixed_inputs(node: Node) -> bool:
    return node.type in TYPES and not TYPES[node.type].inputs_from_pipeline
