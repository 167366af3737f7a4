"""What the catalogue says of a card: its sockets, fields and actions, and how each socket type looks.

Data only. `node_types.py` lists the cards, `nodes.py` adds what a pipeline gives them.
"""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from studio_sdk.manifest import Mode, Points, Role
from studio_sdk.types import ACCEPTS, Frozen, Quality, SocketType, Tier

Widget = Literal["text", "textarea", "number", "slider", "select", "toggle", "seed", "points"]
Surface = Literal["shot", "process", "asset", "audio", "pipeline", "assembler", "value", "scene", "note", "reroute"]
Shape = Literal[
    "circle",
    "square",
    "triangle",
    "diamond",
    "hexagon",
    "bar",
    "dash",
    "chevron",
    "half",
    "cross",
    "ring",
    "frame",
    "lines",
]

ANY: Final = "Any"
"""The type of a reroute that nothing is wired to yet: it takes anything and fits anything."""
WireType = SocketType | Literal["Any"]


class Choice(Frozen):
    """One entry of a select."""

    value: str
    label: str


class SocketSpec(Frozen):
    """A socket as drawn.

    `type_from` says what else decides its type: `kind` the data field of that name, `wire` what a reroute joins.
    `role` is the chip that the composer makes of it.
    """

    name: str
    type: WireType
    label: str
    required: bool = False
    many: bool = False
    help: str = ""
    type_from: Literal["kind", "wire"] | None = None
    role: Role | None = None


class FieldSpec(Frozen):
    """A field of a form; `widget` names the control, `type` that of the socket it becomes where it is exposed.

    Bounds, unit and points are those of the pipeline's input.
    """

    name: str
    label: str
    type: SocketType
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
    points: Points | None = None


class ActionSpec(Frozen):
    """Something a node can do."""

    name: Literal["generate", "export", "render"]
    label: str
    primary: bool = False


class NodeType(Frozen):
    """A kind of card. `surface` picks the component that draws it.

    One with a `task` makes takes; their codes begin with `code_prefix`. One that `improves` what comes into it hands
    that on instead where the project's quality is below its `min_quality`.
    """

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
    task: str | None = None
    code_prefix: str = ""
    improves: bool = False
    defaults: dict[str, str | int | float | bool] = Field(default_factory=dict)
    actions: tuple[ActionSpec, ...] = ()


class PipelineType(Frozen):
    """A pipeline as the page sees it; `modes` are those of the composer that it serves, `egress` the hosts it calls.

    `license` is what it and all that it brings are licensed under, in its author's words.
    `name` is what a take's `pipeline` calls it: its id, or `id@version` where another version is the one in use.
    `by_name`: the studio never chooses it by itself.
    """

    id: str
    name: str
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
    modes: tuple[Mode, ...] = ()
    egress: tuple[str, ...] = ()
    license: str = ""
    by_name: bool = False


class SocketLook(Frozen):
    """How a socket type looks and what it takes; colour is never the only difference, hence `shape`.

    `noun` is what people call a thing of this type, with its article: a picture.
    """

    label: str
    noun: str
    colour: str
    shape: Shape
    accepts: tuple[SocketType, ...]


_LOOKS: Final[Mapping[SocketType, tuple[str, str, Shape]]] = {
    SocketType.STRING: ("text", "#c9ced6", "bar"),
    SocketType.INTEGER: ("a whole number", "#8fb8de", "dash"),
    SocketType.FLOAT: ("a number", "#8fd0de", "chevron"),
    SocketType.BOOLEAN: ("a switch", "#d0a8c8", "half"),
    SocketType.IMAGE: ("a picture", "#6ea8fe", "circle"),
    SocketType.VIDEO: ("a clip", "#f6a94b", "square"),
    SocketType.AUDIO: ("sound", "#59c98b", "triangle"),
    SocketType.ASSET_REFERENCE: ("a reference", "#e58fb1", "hexagon"),
    SocketType.CONTROL_MAP: ("a motion map", "#c58af9", "cross"),
    SocketType.MASK: ("a mask", "#a8adb8", "ring"),
    SocketType.PIPELINE_REFERENCE: ("a pipeline", "#e6d06c", "diamond"),
    SocketType.EDL: ("a cut", "#e4717a", "frame"),
    SocketType.CAPTIONS: ("captions", "#b9c58a", "lines"),
}

SOCKET_LOOKS: Final[dict[SocketType, SocketLook]] = {
    kind: SocketLook(label=kind, noun=noun, colour=colour, shape=shape, accepts=(kind, *sorted(ACCEPTS.get(kind, ()))))
    for kind, (noun, colour, shape) in _LOOKS.items()
}
