"""Which sockets and fields a card has right now: those of its type and, where it has one, those of its pipeline.

The page has the same (studio_web/src/lib/catalog/resolve.ts); tests/data/judge.json holds both to it.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from studio_sdk.manifest import Pipeline, Socket
from studio_sdk.types import Quality, SocketType
from studio_server.domain.editions import edition_name, meant, named_by
from studio_server.domain.graph import Edge, Graph, Node
from studio_server.domain.languages import LANGUAGE, name_of
from studio_server.domain.node_types import TYPES
from studio_server.domain.scenes import is_muted
from studio_server.domain.specs import ANY, Choice, FieldSpec, PipelineType, SocketSpec, Widget, WireType

REROUTE = "reroute"

FARTHEST = 100
"""Past so many reroutes in a row nobody looks: a batch of thousands would lock a project up for minutes."""

_KINDS: Mapping[str, SocketType] = {
    "image": SocketType.IMAGE,
    "video": SocketType.VIDEO,
    "audio": SocketType.AUDIO,
    "integer": SocketType.INTEGER,
    "float": SocketType.FLOAT,
}


class Kit(NamedTuple):
    """What is installed: pipelines by name (`editions.py`), for each task the one whose sockets a card has without one.

    `quality` is the project's, where it matters who really gives: some cards step aside below theirs (`producer.py`).
    """

    pipelines: Mapping[str, Pipeline]
    defaults: Mapping[str, str]
    quality: Quality | None = None

    def named(self, name: str) -> Pipeline | None:
        """Return what a name means, None where it is not installed in any version."""
        return self.pipelines.get(meant(self.pipelines, name))


def label_of(name: str) -> str:
    """Return a socket or field name as people read it."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def socket_spec(name: str, socket: Socket) -> SocketSpec:
    """Return a pipeline's file input or output as a socket of a node."""
    return SocketSpec(
        name=name,
        type=socket.type,
        label=socket.title or label_of(name),
        required=socket.required,
        many=socket.many,
        help=socket.help,
        role=socket.role,
    )


def field_spec(name: str, socket: Socket) -> FieldSpec:
    """Return a pipeline's scalar input as a field of a form."""
    return FieldSpec(
        name=name,
        label=socket.title or label_of(name),
        type=socket.type,
        widget=_widget(socket),
        default=socket.default,
        help=socket.help,
        min=socket.minimum,
        max=socket.maximum,
        step=socket.step,
        unit=socket.unit,
        choices=tuple(
            Choice(value=one, label=(name_of if name == LANGUAGE else label_of)(one)) for one in socket.choices
        ),
        max_length=socket.max_length,
        required=socket.required,
        points=socket.points,
    )


def _widget(socket: Socket) -> Widget:
    if socket.points:
        return "points"
    if socket.choices:
        return "select"
    if socket.type is SocketType.BOOLEAN:
        return "toggle"
    if socket.type in (SocketType.FLOAT, SocketType.INTEGER):
        return "slider" if socket.minimum is not None and socket.maximum is not None else "number"
    return "textarea" if socket.multiline else "text"


def pipeline_type(pipeline: Pipeline, unavailable_reason: str = "", *, in_use: bool = True) -> PipelineType:
    """Return a pipeline as the page sees it; `in_use` is whether it is the version that its mere id means."""
    return PipelineType(
        id=pipeline.id,
        name=pipeline.id if in_use else edition_name(pipeline.id, pipeline.version),
        version=pipeline.version,
        title=pipeline.title,
        description=pipeline.description,
        task=pipeline.task,
        tier=pipeline.tier,
        inputs=tuple(socket_spec(name, s) for name, s in pipeline.inputs.items() if s.is_file),
        fields=tuple(field_spec(name, s) for name, s in pipeline.inputs.items() if not s.is_file),
        outputs=tuple(socket_spec(name, s) for name, s in pipeline.outputs.items()),
        qualities=tuple(variant.quality for variant in pipeline.variants),
        available=not unavailable_reason,
        unavailable_reason=unavailable_reason,
        cannot=pipeline.cannot,
        modes=pipeline.modes,
        egress=pipeline.egress,
        license=pipeline.license,
        by_name=pipeline.by_name,
    )


def wanted_pipeline(graph: Graph, node: Node) -> str | None:
    """Return the name of the pipeline a node asks for: that of the Pipeline card wired to it, else its own."""
    for edge in graph.into(node.id, "pipeline"):
        feeder = behind(graph, edge)
        if feeder and (named := named_by(feeder)):
            return named
    return named_by(node)


def behind(graph: Graph, edge: Edge) -> Node | None:
    """Return the card that a wire comes from, reroutes passed over; None where it is muted or nothing is there."""
    seen: set[str] = set()
    source = graph.nodes.get(edge.source)
    while source and source.type == REROUTE and source.id not in seen and not is_muted(graph, source):
        seen.add(source.id)
        wires = graph.into(source.id, "in")
        source = graph.nodes.get(wires[0].source) if wires else None
    return source if source and source.type != REROUTE and not is_muted(graph, source) else None


def pipeline_of(graph: Graph, node: Node, kit: Kit) -> Pipeline | None:
    """Return the pipeline whose sockets and fields a card has, or None where it has none or it is not installed."""
    node_type = TYPES.get(node.type)
    if node_type is None or not node_type.inputs_from_pipeline:
        return None
    return kit.named(wanted_pipeline(graph, node) or kit.defaults.get(node_type.task or "", ""))


def exposed(node: Node) -> set[str]:
    """Return the names of the fields that a card has as sockets."""
    listed = node.data.get("exposed")
    return {name for name in listed if isinstance(name, str)} if isinstance(listed, list) else set()


def inputs_of(graph: Graph, node: Node, kit: Kit) -> list[SocketSpec]:
    """Return the inputs of a card: those of its type, of its pipeline, and its exposed fields, in this order."""
    node_type = TYPES.get(node.type)
    if node_type is None:
        return []
    if node.type == REROUTE:
        kind = wire_type(graph, node, kit)
        return [spec.model_copy(update={"type": kind}) for spec in node_type.inputs]
    found = {spec.name: spec for spec in node_type.inputs}
    if pipeline := pipeline_of(graph, node, kit):
        for name, socket in pipeline.inputs.items():
            if socket.is_file:
                found.setdefault(name, socket_spec(name, socket))
        shown = exposed(node)
        for name, socket in pipeline.inputs.items():
            if not socket.is_file and name in shown:
                spec = SocketSpec(name=name, type=socket.type, label=socket.title or label_of(name), help=socket.help)
                found.setdefault(name, spec)
    return list(found.values())


def input_spec(graph: Graph, node: Node, handle: str, kit: Kit) -> SocketSpec | None:
    """Return an input of a card, its pipeline's included, or None where it has no such input."""
    return next((spec for spec in inputs_of(graph, node, kit) if spec.name == handle), None)


def output_type(graph: Graph, node: Node, handle: str, kit: Kit, *, without: str = "") -> WireType | None:
    """Return what an output gives, or None where the card has no such output; `without` is a wire not to look at."""
    node_type = TYPES.get(node.type)
    spec = next((s for s in node_type.outputs if s.name == handle), None) if node_type else None
    if spec is None:
        return None
    if spec.type_from == "wire":
        return wire_type(graph, node, kit, without=without)
    return _KINDS.get(str(node.data.get("kind")), spec.type) if spec.type_from == "kind" else spec.type


def wire_type(graph: Graph, node: Node, kit: Kit, *, without: str = "") -> WireType:
    """Return what goes through a reroute: what is wired into it or into one before it, else what they feed."""
    seen = {node.id}
    while len(seen) <= FARTHEST and (wires := [edge for edge in graph.into(node.id, "in") if edge.id != without]):
        source = graph.nodes.get(wires[0].source)
        if source is None or source.id in seen:
            break
        if source.type != REROUTE:
            given = output_type(graph, source, wires[0].source_handle, kit)
            if given:
                return given
            break
        node = source
        seen.add(node.id)
    return demanded(graph, node, kit, without=without)


def demanded(graph: Graph, node: Node, kit: Kit, *, without: str = "") -> WireType:
    """Return what a reroute must give, for what it feeds; `Any` where it feeds nothing."""
    seen = {node.id}
    waiting = [node.id]
    for here in waiting:
        for target, edge in _fed(graph, here, without):
            if target.type == REROUTE:
                if target.id not in seen and len(seen) <= FARTHEST:
                    seen.add(target.id)
                    waiting.append(target.id)
            elif (spec := input_spec(graph, target, edge.target_handle, kit)) and spec.type != ANY:
                return spec.type
    return ANY


def _fed(graph: Graph, node_id: str, without: str) -> Iterator[tuple[Node, Edge]]:
    for edge in graph.out_of(node_id, "out"):
        if edge.id != without and edge.target in graph.nodes:
            yield graph.nodes[edge.target], edge
