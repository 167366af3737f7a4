"""Node types, their sockets and fields: what the page draws and what both sides judge wires by.

Built-in types are listed here; a shot's sockets and fields grow by those of its pipeline, so that a new pipeline needs
no change in the page.
"""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline, Socket
from studio_sdk.types import ACCEPTS, Frozen, Quality, SocketType, Tier, fits
from studio_server.domain.graph import Edge, Graph, Node

Widget = Literal["text", "textarea", "number", "slider", "select", "toggle", "seed"]
Surface = Literal["shot", "asset", "audio", "pipeline", "assembler"]
Shape = Literal["circle", "square", "triangle", "diamond", "hexagon", "bar"]

SHOT_TASK: Final = "generate-video"
FILM_TASK: Final = "assemble-film"


class Choice(Frozen):
    """One entry of a select."""

    value: str
    label: str


class SocketSpec(Frozen):
    """A socket as drawn. `type_from` names the data field (image, video, audio) that decides its type."""

    name: str
    type: SocketType
    label: str
    required: bool = False
    many: bool = False
    help: str = ""
    type_from: str | None = None


class FieldSpec(Frozen):
    """A field of a form; `widget` names the control, bounds and unit are those of the pipeline's input."""

    name: str
    label: str
    widget: Widget
    default: str | int | float | bool | None = None
    help: str = ""
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None
    required: bool = False


class ActionSpec(Frozen):
    """Something a node can do."""

    name: Literal["generate", "export", "render"]
    label: str
    primary: bool = False


class NodeType(Frozen):
    """A kind of card. `surface` picks the component that draws it."""

    type: str
    title: str
    category: str
    description: str
    surface: Surface
    keywords: tuple[str, ...] = ()
    inputs: tuple[SocketSpec, ...] = ()
    outputs: tuple[SocketSpec, ...] = ()
    fields: tuple[FieldSpec, ...] = ()
    inputs_from_pipeline: bool = False
    defaults: dict[str, str | int | float | bool] = Field(default_factory=dict)
    actions: tuple[ActionSpec, ...] = ()


class PipelineType(Frozen):
    """A pipeline as the page sees it."""

    id: str
    version: str
    title: str
    description: str
    task: str
    tier: Tier
    inputs: tuple[SocketSpec, ...]
    fields: tuple[FieldSpec, ...]
    outputs: tuple[SocketSpec, ...]
    qualities: tuple[Quality, ...]
    available: bool
    unavailable_reason: str = ""
    cannot: tuple[str, ...] = ()


class SocketLook(Frozen):
    """How a socket type looks and what it takes; colour is never the only difference, hence `shape`."""

    label: str
    colour: str
    shape: Shape
    accepts: tuple[SocketType, ...]


_LOOKS: Final[dict[SocketType, tuple[str, Shape]]] = {
    SocketType.STRING: ("#c9ced6", "bar"),
    SocketType.INTEGER: ("#8fb8de", "bar"),
    SocketType.FLOAT: ("#8fd0de", "bar"),
    SocketType.BOOLEAN: ("#d0a8c8", "bar"),
    SocketType.IMAGE: ("#6ea8fe", "circle"),
    SocketType.VIDEO: ("#f6a94b", "square"),
    SocketType.AUDIO: ("#59c98b", "triangle"),
    SocketType.ASSET_REFERENCE: ("#e58fb1", "hexagon"),
    SocketType.CONTROL_MAP: ("#c58af9", "diamond"),
    SocketType.MASK: ("#a8adb8", "circle"),
    SocketType.PIPELINE_REFERENCE: ("#e6d06c", "diamond"),
    SocketType.EDL: ("#e4717a", "bar"),
}

SOCKET_LOOKS: Final[dict[SocketType, SocketLook]] = {
    kind: SocketLook(label=kind, colour=colour, shape=shape, accepts=(kind, *sorted(ACCEPTS.get(kind, ()))))
    for kind, (colour, shape) in _LOOKS.items()
}

NODE_TYPES: Final[tuple[NodeType, ...]] = (
    NodeType(
        type="shot",
        title="Shot",
        category="Production",
        description="One shot of the film: a prompt, what feeds it, and its takes.",
        surface="shot",
        keywords=("generate", "clip", "take", "video"),
        inputs=(
            SocketSpec(
                name="pipeline",
                type=SocketType.PIPELINE_REFERENCE,
                label="Pipeline",
                help="How the shot is made. Unwired, the project's quality decides.",
            ),
        ),
        outputs=(SocketSpec(name="video", type=SocketType.VIDEO, label="Take"),),
        inputs_from_pipeline=True,
        actions=(ActionSpec(name="generate", label="Generate", primary=True),),
    ),
    NodeType(
        type="pipeline",
        title="Pipeline",
        category="Production",
        description="Names the pipeline, and its version, that shots are made with.",
        surface="pipeline",
        keywords=("model", "engine", "version"),
        outputs=(SocketSpec(name="pipeline", type=SocketType.PIPELINE_REFERENCE, label="Pipeline"),),
    ),
    NodeType(
        type="asset",
        title="Asset",
        category="Sources",
        description="A still or a clip that you bring.",
        surface="asset",
        keywords=("image", "still", "video", "upload", "reference", "plate"),
        outputs=(SocketSpec(name="media", type=SocketType.IMAGE, label="Media", type_from="kind"),),
        defaults={"kind": "image"},
    ),
    NodeType(
        type="audio",
        title="Audio",
        category="Sources",
        description="A voice track or music that you bring.",
        surface="audio",
        keywords=("voice", "dialogue", "music", "sound", "upload"),
        outputs=(SocketSpec(name="audio", type=SocketType.AUDIO, label="Audio"),),
        defaults={"kind": "audio"},
    ),
    NodeType(
        type="assembler",
        title="Assembler",
        category="Finish",
        description="Puts the active takes in order: an edit list for your NLE, and the final film.",
        surface="assembler",
        keywords=("edit", "cut", "film", "edl", "export", "render", "timeline"),
        inputs=(
            SocketSpec(name="clips", type=SocketType.VIDEO, label="Shots", many=True, required=True),
            SocketSpec(name="music", type=SocketType.AUDIO, label="Music", help="Mixed under the whole film."),
        ),
        outputs=(SocketSpec(name="film", type=SocketType.VIDEO, label="Film"),),
        actions=(
            ActionSpec(name="export", label="Export EDL"),
            ActionSpec(name="render", label="Render Final Video", primary=True),
        ),
    ),
)
TYPES: Final[Mapping[str, NodeType]] = {node_type.type: node_type for node_type in NODE_TYPES}


def label_of(name: str) -> str:
    """Return a socket or field name as people read it."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def socket_spec(name: str, socket: Socket) -> SocketSpec:
    """Return a pipeline's file input or output as a socket of a node."""
    label = socket.title or label_of(name)
    return SocketSpec(
        name=name, type=socket.type, label=label, required=socket.required, many=socket.many, help=socket.help
    )


def field_spec(name: str, socket: Socket) -> FieldSpec:
    """Return a pipeline's scalar input as a field of a form."""
    return FieldSpec(
        name=name,
        label=socket.title or label_of(name),
        widget=_widget(socket),
        default=socket.default,
        help=socket.help,
        min=socket.minimum,
        max=socket.maximum,
        step=socket.step,
        unit=socket.unit,
        choices=tuple(Choice(value=choice, label=label_of(choice)) for choice in socket.choices),
        max_length=socket.max_length,
        required=socket.required,
    )


def _widget(socket: Socket) -> Widget:
    if socket.choices:
        return "select"
    if socket.type is SocketType.BOOLEAN:
        return "toggle"
    if socket.type in (SocketType.FLOAT, SocketType.INTEGER):
        return "slider" if socket.minimum is not None and socket.maximum is not None else "number"
    return "textarea" if socket.multiline else "text"


def pipeline_type(pipeline: Pipeline, unavailable_reason: str = "") -> PipelineType:
    """Return a pipeline as the page sees it."""
    return PipelineType(
        id=pipeline.id,
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
    )


def wanted_pipeline(graph: Graph, node: Node) -> str | None:
    """Return the pipeline id a node asks for: that of the Pipeline node wired to it, else its own field."""
    for edge in graph.into(node.id, "pipeline"):
        feeder = graph.nodes.get(edge.source)
        named = feeder.data.get("pipeline") if feeder else None
        if isinstance(named, str) and named:
            return named
    own = node.data.get("pipeline")
    return own if isinstance(own, str) and own else None


def output_type(node: Node, handle: str) -> SocketType | None:
    """Return what an output gives, or None where the node has no such output."""
    node_type = TYPES.get(node.type)
    spec = next((s for s in node_type.outputs if s.name == handle), None) if node_type else None
    if spec is None or spec.type_from is None:
        return spec.type if spec else None
    kinds = {"image": SocketType.IMAGE, "video": SocketType.VIDEO, "audio": SocketType.AUDIO}
    return kinds.get(str(node.data.get(spec.type_from)), spec.type)


def input_spec(
    graph: Graph, node: Node, handle: str, pipelines: Mapping[str, Pipeline], default: str | None
) -> SocketSpec | None:
    """Return an input of a node, its pipeline's included, or None where it has no such input."""
    node_type = TYPES.get(node.type)
    if node_type is None:
        return None
    if spec := next((s for s in node_type.inputs if s.name == handle), None):
        return spec
    pipeline = pipelines.get(wanted_pipeline(graph, node) or default or "") if node_type.inputs_from_pipeline else None
    socket = pipeline.inputs.get(handle) if pipeline else None
    return socket_spec(handle, socket) if socket and socket.is_file else None


def judge(graph: Graph, wire: Edge, pipelines: Mapping[str, Pipeline], default: str | None) -> None:
    """Raise GRAPH_INVALID, in the words that the page uses too, where a new wire may not be.

    Loops are looked for once a batch (`graph.refuse_loops`), not once a wire.
    """
    source, target = graph.nodes.get(wire.source), graph.nodes.get(wire.target)
    if source is None or target is None:
        return
    if wire.source == wire.target:
        raise StudioError(Code.GRAPH_INVALID, "A node cannot feed itself", node_id=wire.target)
    gives = output_type(source, wire.source_handle)
    takes = input_spec(graph, target, wire.target_handle, pipelines, default)
    if (gives is None and source.type in TYPES) or (takes is None and _has_fixed_inputs(target)):
        raise StudioError(Code.GRAPH_INVALID, "There is no such socket", detail=wire.id, node_id=wire.target)
    if gives and takes and not fits(gives, takes.type):
        raise StudioError(
            Code.GRAPH_INVALID, f"{gives} does not fit {takes.type}", node_id=wire.target, field=wire.target_handle
        )


def _has_fixed_inputs(node: Node) -> bool:
    return node.type in TYPES and not TYPES[node.type].inputs_from_pipeline
