"""The project's JSON files: strict reading that says where, writing that merges as text, old schemas upgraded."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from studio_sdk.errors import Code, StudioError
from studio_server.domain.assets import Asset, Film
from studio_server.domain.graph import Edge, Graph, Node, edge_id
from studio_server.domain.project import Manifest, new_manifest
from studio_server.domain.shots import Take
from studio_server.library import formats

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
IDS = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    ids = draw(st.lists(IDS, unique=True, max_size=6))
    fields = st.dictionaries(st.text(max_size=8), JSON, max_size=3)
    nodes = {i: Node(id=i, type="shot", x=draw(st.integers(-9, 9)), data=draw(fields)) for i in ids}
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=4)) if ids else []
    edges = {
        edge_id(a, "take", b, "clips"): Edge(
            id=edge_id(a, "take", b, "clips"), source=a, source_handle="take", target=b, target_handle="clips"
        )
        for a, b in pairs
    }
    return Graph(nodes=nodes, edges=edges)


@given(graphs())
def test_a_canvas_is_read_back_as_it_was_written_one_entity_a_line(graph: Graph) -> None:
    data = formats.dump_canvas(graph)
    assert formats.load_canvas(data, "canvas") == graph
    assert formats.dump_canvas(formats.load_canvas(data, "canvas")) == data
    assert data.count(b"\n") == 7 + len(graph.nodes) + len(graph.edges)
    assert json.loads(data)["schema"] == 1


def test_half_a_surrogate_survives() -> None:
    graph = Graph(nodes={"n": Node(id="n", type="shot", data={"prompt": "é \ud83c x"})})
    assert formats.load_canvas(formats.dump_canvas(graph), "canvas") == graph


def test_unknown_node_types_and_fields_are_kept() -> None:
    text = b'{"schema": 1, "nodes": {"n": {"id": "n", "type": "from.the-future", "data": {"x": [1, {"y": null}]}}}}'
    graph = formats.load_canvas(text, "canvas")
    assert graph.nodes["n"].type == "from.the-future"
    assert formats.load_canvas(formats.dump_canvas(graph), "canvas").nodes["n"].data == {"x": [1, {"y": None}]}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (b'{\n"schema": 1,\n"nodes": {\n"a": {]\n}\n}', "line 4, column 7"),
        (b"", "line 1, column 1"),
        (b"[]", "line 1, column 1"),
        (b'{"nodes": [],\n"edges": {}}', "line 1, column 1: nodes is not an object"),
        (b'{\n"nodes": {\n"a": {"id": "a", "type": "shot"},\n"a": {"id": "a", "type": "shot"}\n}\n}', "line 4"),
        (b'{\n"nodes": {\n"a": {"id": "b", "type": "shot"}\n}\n}', "line 3, column 1: 'a' has another id"),
        (b'{\n"nodes": {\n"a": {"id": "a"}\n}\n}', "line 3, column 1: 'a' type: Field required"),
        (b'{"schema": 2}', "newer studio"),
        (b'{"schema": "1"}', "newer studio"),
        (b'{\n\n"x": \xff}', "line 3, column 1: bytes that are not UTF-8"),
        (b'{"x": NaN}', "NaN"),
        (b"<<<<<<< HEAD\n{}", "line 1, column 1"),
        (b"[" * 100_000, "line 1"),
        (b'{"x": ' + b"9" * 5000 + b"}", "line 1"),
    ],
)
def test_a_canvas_that_cannot_be_read_says_where(text: bytes, where: str) -> None:
    with pytest.raises(StudioError) as refused:
        formats.load_canvas(text, "main_canvas.json")
    assert refused.value.code is Code.CANVAS_UNREADABLE
    assert where in refused.value.message
    assert "main_canvas.json" in refused.value.detail


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode(errors="replace")))
def test_any_bytes_that_are_no_json_object_are_refused(data: bytes) -> None:
    try:
        is_object = isinstance(json.loads(data.decode("utf-8-sig")), dict)
    except ValueError:
        is_object = False
    if not is_object:
        with pytest.raises(StudioError) as refused:
            formats.load_canvas(data, "canvas")
        assert refused.value.code is Code.CANVAS_UNREADABLE


def test_a_manifest_is_read_back_with_what_a_newer_studio_added() -> None:
    manifest = new_manifest(
        uuid="257d8655-417d-4481-8003-83e6b29b51b5", title="Ünïcode 🎬", created_at="2026-01-01T00:00:00Z"
    )
    document = json.loads(formats.dump(manifest))
    assert document["schema"] == 1
    document["lights"] = {"key": 1}
    kept = formats.load_manifest(json.dumps(document).encode())
    assert json.loads(formats.dump(kept))["lights"] == {"key": 1}


def test_the_manifest_of_the_source_documents_is_upgraded() -> None:
    old = {
        "uuid": "257d8655-417d-4481-8003-83e6b29b51b5",
        "title": "Old",
        "description": "",
        "canvas_path": "02_Source_Creative/Canvases/main_canvas.json",
        "project_settings": {"aspect_ratio": "9:16", "quality": "pro"},
        "version": 3,
    }
    manifest = formats.load_manifest(json.dumps(old).encode())
    settings = manifest.project_settings
    assert (settings.quality, settings.frame_rate, settings.width, settings.height) == ("high", "24/1", 720, 1280)
    assert manifest.version == 3


def test_a_manifest_that_is_wrong_names_the_line() -> None:
    manifest = new_manifest(uuid="257d8655-417d-4481-8003-83e6b29b51b5", title="T", created_at="2026-01-01T00:00:00Z")
    data = formats.dump(manifest).replace(b'"24/1"', b'"fast"')
    with pytest.raises(StudioError) as refused:
        formats.load_manifest(data)
    line = data[: data.index(b'"frame_rate"')].count(b"\n") + 1
    assert f"line {line}" in refused.value.message


GOLDEN = Path(__file__).parents[1] / "data" / "formats"
"""A file of each kind and schema that was ever written, each with fields of a newer studio; none is ever changed."""

KINDS: dict[str, type[BaseModel]] = {"project": Manifest, "take": Take, "asset": Asset, "film": Film}


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_files_of_every_schema_are_read_and_written_back_with_nothing_lost(path: Path) -> None:
    kind, schema = path.name.split(".")[:2]
    schema = schema.removeprefix("v")
    data = path.read_bytes()
    before = formats.parse(data, path.name)
    assert before.get("schema", 0) == int(schema)
    name = f"{kind}.json"
    written = (
        formats.dump_canvas(formats.load_canvas(data, name))
        if kind == "canvas"
        else formats.dump(formats.load(data, KINDS[kind], name))
    )
    after = formats.parse(written, path.name)
    assert after["schema"] == formats.SCHEMA
    if int(schema) == formats.SCHEMA:
        # A field that came later is written with what its absence means.
        assert of(before, after) == before
    else:
        assert {key: after[key] for key in before if key != "project_settings"} == {
            key: before[key] for key in before if key != "project_settings"
        }
        again = formats.load(written, KINDS[kind], name)
        assert formats.dump(again) == written


def of(before: Any, after: Any) -> Any:
    """Return what is written now of the fields that were there before, at any depth."""
    if isinstance(before, dict) and isinstance(after, dict):
        return {key: of(value, after[key]) for key, value in before.items() if key in after}
    return after


def test_there_is_a_file_of_todays_schema_for_every_kind() -> None:
    assert {path.name for path in GOLDEN.glob("*.json")} >= {
        f"{kind}.v{formats.SCHEMA}.json" for kind in (*KINDS, "canvas")
    }
