"""The project's JSON files as text: read strictly, upgraded step by step, written so that they merge as text.

Pure: bytes in, values out. A file that cannot be read says where; a file of a newer studio is left alone.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from studio_sdk.errors import Code, StudioError
from studio_server.domain.graph import MAX_NODES, Edge, Graph, Node
from studio_server.domain.project import ASPECT_RATIOS, Manifest

Document = dict[str, JsonValue]
Model = TypeVar("Model", bound=BaseModel)

SCHEMA: Final = 1
"""The schema of every file the studio writes."""


def parse(data: bytes, name: str) -> Document:
    """Return the JSON object in a file's bytes.

    Raises CANVAS_UNREADABLE, with line and column in the message, for a syntax error, a key that stands twice,
    or anything else that is not an object.
    """
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as wrong:
        raise unreadable(name, f"line {wrong.lineno}, column {wrong.colno}: {wrong.msg}") from wrong
    except _RepeatedKeyError as wrong:
        line = line_of(data, wrong.key, last=True)
        raise unreadable(name, f"line {line}, column 1: {wrong.key!r} stands there twice") from wrong
    except UnicodeDecodeError as wrong:
        line = data[: wrong.start].count(b"\n") + 1
        raise unreadable(name, f"line {line}, column 1: bytes that are not UTF-8 text") from wrong
    except (ValueError, RecursionError) as wrong:
        raise unreadable(name, f"line 1, column 1: {wrong}") from wrong
    if not isinstance(value, dict):
        raise unreadable(name, "line 1, column 1: a JSON object was expected")
    return value


class _RepeatedKeyError(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _unique(pairs: list[tuple[str, JsonValue]]) -> Document:
    found: Document = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(key)
        found[key] = value
    return found


def _refuse_constant(word: str) -> JsonValue:
    raise ValueError(f"{word} is not a number in JSON")


def unreadable(name: str, where: str) -> StudioError:
    """Return the error for a file that cannot be read: `where` begins with `line L, column C`."""
    return StudioError(Code.CANVAS_UNREADABLE, f"{name} cannot be read: {where}.", detail=f"{name}: {where}")


def line_of(data: bytes, key: str, *, last: bool = False) -> int:
    """Return the line on which a key first (or last) stands, 1 where it does not."""
    text = data.decode("utf-8", errors="replace")
    found = [m.start() for m in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", text)]
    return text.count("\n", 0, found[-1 if last else 0]) + 1 if found else 1


def _manifest_from_0(document: Document) -> Document:
    """Upgrade the project.json of the source documents, which has no schema, no frame rate and no size."""
    settings = document.get("project_settings")
    settings = dict(settings) if isinstance(settings, dict) else {}
    ratio = settings.setdefault("aspect_ratio", "16:9")
    width, height = ASPECT_RATIOS.get(str(ratio), ASPECT_RATIOS["16:9"])
    settings["quality"] = {"draft": "low", "pro": "high"}.get(str(settings.get("quality")), settings.get("quality"))
    settings["quality"] = settings["quality"] or "standard"
    settings = {"frame_rate": "24/1", "width": width, "height": height, **settings}
    return {"created_at": "1970-01-01T00:00:00Z", **document, "schema": 1, "project_settings": settings}


def _same(document: Document) -> Document:
    return {**document, "schema": 1}


_UPGRADES: Final[dict[str, Mapping[int, Callable[[Document], Document]]]] = {
    "project.json": {0: _manifest_from_0},
}


def upgraded(document: Document, name: str) -> Document:
    """Return a document in today's schema; raise CANVAS_UNREADABLE for one that a newer studio wrote."""
    schema = document.get("schema", 0)
    if not isinstance(schema, int) or isinstance(schema, bool) or not 0 <= schema <= SCHEMA:
        raise unreadable(name, f"line 1, column 1: schema {schema!r} is not known; a newer studio wrote it")
    steps = _UPGRADES.get(name, {})
    while schema < SCHEMA:
        document = steps.get(schema, _same)(document)
        schema += 1
    return document


def load(data: bytes, model: type[Model], name: str) -> Model:
    """Return a file's contents as a model; `name` is what people call the file.

    Raises CANVAS_UNREADABLE with the line that the first wrong field stands on.
    """
    document = upgraded(parse(data, name), name)
    try:
        return model.model_validate(document)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        keys = [str(k) for k in first["loc"]]
        line = line_of(data, keys[-1]) if keys else 1
        raise unreadable(name, f"line {line}, column 1: {'.'.join(keys)}: {first['msg']}") from wrong


def dump(model: BaseModel) -> bytes:
    """Return a model as a file's bytes: one field a line, in the model's order."""
    text = json.dumps(model.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False, allow_nan=False)
    return _encoded(text, lambda: json.dumps(model.model_dump(mode="json", by_alias=True), indent=2)) + b"\n"


def _encoded(text: str, escaped: Callable[[], str]) -> bytes:
    """Encode as UTF-8; half a surrogate pair, which a page can send, is written as its escape."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return escaped().encode()


def load_manifest(data: bytes) -> Manifest:
    """Return project.json; raise CANVAS_UNREADABLE with the line that is wrong."""
    return load(data, Manifest, "project.json")


def load_canvas(data: bytes, name: str) -> Graph:
    """Return the graph of a canvas file; node types and fields that nobody knows are kept.

    A wire whose node is gone, as a merge of two people's files may leave it, is left out as a batch would leave it out.
    Raises CANVAS_UNREADABLE with line and column.
    """
    document = upgraded(parse(data, name), name)
    found = document.get("nodes")
    if isinstance(found, dict) and len(found) > MAX_NODES:
        raise unreadable(name, f"line {line_of(data, 'nodes')}, column 1: {len(found)} nodes, {MAX_NODES} is the most")
    nodes = _entities(data, document, "nodes", Node, name)
    edges = _entities(data, document, "edges", Edge, name)
    joined = {key: edge for key, edge in edges.items() if edge.source in nodes and edge.target in nodes}
    return Graph.model_construct(nodes=nodes, edges=joined)


def _entities(data: bytes, document: Document, kind: str, model: type[Model], name: str) -> dict[str, Model]:
    found = document.get(kind, {})
    if not isinstance(found, dict):
        raise unreadable(name, f"line {line_of(data, kind)}, column 1: {kind} is not an object")
    entities: dict[str, Model] = {}
    for key, value in found.items():
        try:
            entity = model.model_validate(value)
        except ValidationError as wrong:
            first = wrong.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            where = f"line {line_of(data, key)}, column 1"
            raise unreadable(name, f"{where}: {key!r} {field}: {first['msg']}") from wrong
        if getattr(entity, "id") != key:  # noqa: B009 - both models have one, their common base does not
            raise unreadable(name, f"line {line_of(data, key)}, column 1: {key!r} has another id inside")
        entities[key] = entity
    return entities


def dump_canvas(graph: Graph) -> bytes:
    """Return a graph as a canvas file: one node or wire a line, sorted, so that two people's changes merge as text."""
    lines = [f'{{\n"schema": {SCHEMA},\n"nodes": {{'.encode()]
    lines.append(b",".join(_line(key, node) for key, node in sorted(graph.nodes.items())) + b'\n},\n"edges": {')
    lines.append(b",".join(_line(key, edge) for key, edge in sorted(graph.edges.items())) + b"\n}\n}\n")
    return b"".join(lines)


def _line(key: str, entity: Node | Edge) -> bytes:
    value = entity.model_dump(mode="json")

    def text(*, escape: bool) -> str:
        shown = json.dumps(value, sort_keys=True, ensure_ascii=escape, allow_nan=False)
        return f"\n{json.dumps(key, ensure_ascii=escape)}: {shown}"

    return _encoded(text(escape=False), lambda: text(escape=True))
