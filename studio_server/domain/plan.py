"""From a node to what its pipeline is told: parameters checked against the manifest, files found along the wires."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from pydantic import JsonValue

from studio_sdk.contract import Scalar
from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline, Socket
from studio_sdk.points import read
from studio_sdk.types import MediaRef, SocketType
from studio_sdk.wire import InputRef
from studio_server.domain.flow import Gift, Nothing, given
from studio_server.domain.graph import Graph, Node
from studio_server.domain.languages import WORDS, name_of, text_in, voice_language
from studio_server.domain.node_types import TYPES, task_for
from studio_server.domain.nodes import Kit, exposed

Media = Callable[[Node], MediaRef | None]
"""Finds the file that a card gives right now: an asset's, the active take of a shot, an assembler's newest film."""

_NAMED: Final = 3
"""So many lines without a translation are told by their words, of each so many letters."""
_SHOWN: Final = 40

_KINDS: Mapping[SocketType, tuple[type, ...]] = {
    SocketType.STRING: (str,),
    SocketType.INTEGER: (int,),
    SocketType.FLOAT: (int, float),
    SocketType.BOOLEAN: (bool,),
}


def title_of(node: Node) -> str:
    """Return how people call a node."""
    title = TYPES[node.type].title if node.type in TYPES else node.type.capitalize()
    if task_for(node.type):
        return f"{title} {node.data.get('code', '')}".strip()
    return str(node.data.get("title") or node.data.get("name") or title)


def names_of(nodes: Sequence[Node]) -> str:
    """Return how people call several nodes: the first three by name, as many as are read at a glance."""
    more = f" and {len(nodes) - _AT_A_GLANCE} more" if len(nodes) > _AT_A_GLANCE else ""
    return ", ".join(title_of(node) for node in nodes[:_AT_A_GLANCE]) + more


_AT_A_GLANCE: Final = 3


def parameters(pipeline: Pipeline, node: Node) -> dict[str, Scalar]:
    """Return the value of every scalar input, defaults filled in.

    Raises VALIDATION_ERROR with the field that is missing, of the wrong kind or out of bounds.
    """
    return {
        name: _value(name, socket, node)
        for name, socket in pipeline.inputs.items()
        if not socket.is_file and (node.data.get(name, socket.default) is not None or socket.required)
    }


def _value(name: str, socket: Socket, node: Node) -> Scalar:
    value = node.data.get(name, socket.default)
    label = socket.title or name
    if value is None or (socket.required and isinstance(value, str) and not value.strip()):
        raise _wrong(name, node, f"{title_of(node)} needs “{label}”.")
    if not isinstance(value, str | int | float) or not _is_of(socket.type, value):
        raise _wrong(name, node, f"“{label}” must be of the kind {socket.type}.")
    if isinstance(value, str):
        _check_text(name, label, socket, node, value)
    elif not isinstance(value, bool):
        _check_bounds(name, label, socket, node, value)
    return value


def _is_of(kind: SocketType, value: str | float) -> bool:
    return isinstance(value, _KINDS[kind]) and isinstance(value, bool) == (kind is SocketType.BOOLEAN)


def _check_bounds(name: str, label: str, socket: Socket, node: Node, value: float) -> None:
    unit = f" {socket.unit}" if socket.unit else ""
    if not math.isfinite(value) or (socket.minimum is not None and value < socket.minimum):
        raise _wrong(name, node, f"“{label}” must be {socket.minimum or 0:g}{unit} or more.")
    if socket.maximum is not None and value > socket.maximum:
        raise _wrong(name, node, f"“{label}” must be {socket.maximum:g}{unit} or less.")


def _check_text(name: str, label: str, socket: Socket, node: Node, value: str) -> None:
    if socket.choices and value not in socket.choices:
        raise _wrong(name, node, f"“{label}” must be one of {', '.join(socket.choices)}.")
    if socket.max_length is not None and len(value) > socket.max_length:
        raise _wrong(name, node, f"“{label}” has {len(value)} characters; {socket.max_length} is the most.")
    if socket.points:
        try:
            read(value, socket.points.points)
        except ValueError as why:
            raise _wrong(name, node, f"“{label}” cannot be read. {why}") from why


def inputs(pipeline: Pipeline, graph: Graph, node: Node, kit: Kit, media: Media) -> list[InputRef]:
    """Return the files that the wires bring, in order. What is muted gives nothing, as if it were not wired.

    Raises VALIDATION_ERROR where a required one is missing, and FILE_NOT_FOUND where a wired node has nothing to give.
    """
    found: list[InputRef] = []
    for name, socket, gifts in gifts_into(pipeline, graph, node, kit):
        files = [_file(name, gift, node, media) for gift in gifts if isinstance(gift, Gift)]
        if not files and socket.required:
            stop = next((gift for gift in gifts if isinstance(gift, Nothing)), None)
            if stop:
                raise _wrong(name, node, f"{title_of(node)} needs {title_of(stop.node)}, which {stop.why}.")
            raise _wrong(name, node, f"{title_of(node)} needs a wire into “{socket.title or name}”.")
        found += files
    return found


def gifts_into(
    pipeline: Pipeline, graph: Graph, node: Node, kit: Kit
) -> Iterator[tuple[str, Socket, list[Gift | Nothing]]]:
    """Yield each file input of a pipeline with what the card's wires bring into it, in order."""
    for name, socket in pipeline.inputs.items():
        if socket.is_file:
            yield name, socket, [gift for wire in graph.into(node.id, name) if (gift := given(graph, wire, kit))]


def _file(name: str, gift: Gift, node: Node, media: Media) -> InputRef:
    file = media(gift.node)
    if file is None:
        what = "has no take yet" if task_for(gift.node.type) else "has no file yet"
        raise StudioError(
            Code.FILE_NOT_FOUND,
            f"{title_of(gift.node)} {what}, and {title_of(node)} needs it.",
            node_id=gift.node.id,
            field=name,
        )
    return input_ref(name, file)


def longest(
    pipeline: Pipeline, graph: Graph, node: Node, kit: Kit, seconds: Callable[[Node], float | None]
) -> float | None:
    """Return how many seconds the longest file runs that the wires bring; `seconds` says how long a card's file is."""
    gifts = (
        given(graph, wire, kit)
        for name, socket in pipeline.inputs.items()
        if socket.is_file
        for wire in graph.into(node.id, name)
    )
    return max((told for gift in gifts if isinstance(gift, Gift) and (told := seconds(gift.node))), default=None)


def as_told(
    pipeline: Pipeline, graph: Graph, node: Node, kit: Kit, overrides: Mapping[str, JsonValue] | None = None
) -> Node:
    """Return a card with the values that it is made with: its own, over them those wired in, over all those told.

    Raises VALIDATION_ERROR for a value that is not there, or for one that the pipeline does not know.
    """
    data = dict(node.data)
    several = {spec.name for spec in TYPES[node.type].inputs if spec.many}
    shown = exposed(node) | {spec.name for spec in TYPES[node.type].inputs}
    for name, socket in pipeline.inputs.items():
        if socket.is_file or name not in shown:
            continue
        gifts = [gift for wire in graph.into(node.id, name) if isinstance(gift := given(graph, wire, kit), Gift)]
        if name in several and gifts:
            data[name] = _dialogue(node, name, [gift.node for gift in gifts])
            continue
        for gift in gifts:
            data[name] = _held(gift.node, name, socket, node)
    for name, value in (overrides or {}).items():
        if name == "seed":
            if not _is_seed(value):
                raise _wrong(name, node, "The seed must be a whole number from 0 to 4294967295.")
            data["seed_locked"] = True
        elif name not in pipeline.inputs or pipeline.inputs[name].is_file:
            raise _wrong(name, node, f"{pipeline.title} has no setting called “{name}”.")
        data[name] = value
    return node.model_copy(update={"data": {name: value for name, value in data.items() if value is not None}})


def _dialogue(node: Node, name: str, cards: list[Node]) -> str:
    """Return what is said, a line each, in the language of the films that a voice is for.

    Raises VALIDATION_ERROR where lines are not translated yet: a voice that left them out would not be noticed.
    """
    language = voice_language(node)
    lacking = [text for card in cards if (text := text_in(card, WORDS, "")) and not text_in(card, WORDS, language)]
    if lacking:
        some = "; ".join(f"“{text[:_SHOWN]}”" for text in lacking[:_NAMED])
        more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        have = "has" if len(lacking) == 1 else "have"
        lines = "line" if len(cards) == 1 else "lines"
        words = f"{len(lacking)} of {len(cards)} {lines} {have} no {name_of(language)} yet: {some}{more}."
        raise _wrong(name, node, f"{words} Translate them in the cut view, or take their wires out of this voice.")
    return "\n".join(filter(None, (_spoken(card, language) for card in cards)))


def _spoken(card: Node, language: str) -> str:
    """Return a card's words on one line, as a script has them: `ANNA (softly): Where were you?`."""
    words = " ".join(text_in(card, WORDS, language).split())
    speaker, how = (" ".join(str(card.data.get(name) or "").split()) for name in ("speaker", "direction"))
    cue = f"{speaker} ({how.strip('()')})" if speaker and how else speaker
    return f"{cue}: {words}" if cue and words else words


def _held(card: Node, name: str, socket: Socket, node: Node) -> JsonValue:
    """Return the value that a card holds, as the input wants it."""
    empty: dict[str, JsonValue] = {"text": "", "switch": False}
    value = card.data.get("value", empty.get(card.type))
    if value is None:
        raise _wrong(name, node, f"{title_of(card)} has no value yet, and {title_of(node)} needs it.")
    if isinstance(value, float) and value.is_integer() and socket.type is SocketType.INTEGER:
        return int(value)
    return value


def _is_seed(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32


def input_ref(socket: str, given: MediaRef) -> InputRef:
    """Return a file of the project as what a socket of a pipeline is given."""
    return InputRef(socket=socket, oid=given.oid, size=given.size, mime=given.mime, name=given.path.rsplit("/", 1)[-1])


def locked_seed(node: Node) -> int | None:
    """Return the node's own seed where it is locked."""
    own: JsonValue = node.data.get("seed")
    return own if node.data.get("seed_locked") and isinstance(own, int) and _is_seed(own) else None


def seed_of(node: Node, fresh: int) -> int:
    """Return the node's own seed where it is locked, else a fresh one."""
    own = locked_seed(node)
    return fresh if own is None else own


def _wrong(name: str, node: Node, message: str) -> StudioError:
    return StudioError(Code.VALIDATION_ERROR, message, field=name, node_id=node.id)
