"""Everything that is wrong with a graph for one server, all of it at once and before anything is sent.

The server itself names the first missing node only, and does not know that a video has 4n + 1 frames.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from studio_sdk.comfy.graph import is_link, title_of
from studio_sdk.comfy.schema import DYNAMIC, Input, Schemas
from studio_sdk.fields import Fail
from studio_sdk.names import Code

MODEL_FOLDERS: Final = {
    ("UNETLoader", "unet_name"): "diffusion_models",
    ("CLIPLoader", "clip_name"): "text_encoders",
    ("VAELoader", "vae_name"): "vae",
    ("LoraLoaderModelOnly", "lora_name"): "loras",
    ("CLIPVisionLoader", "clip_name"): "clip_vision",
    ("AudioEncoderLoader", "audio_encoder_name"): "audio_encoders",
    ("CheckpointLoaderSimple", "ckpt_name"): "checkpoints",
}
"""The folder below ComfyUI's models/ in which the file of an input lies."""

_MODEL_FILES: Final = (".safetensors", ".sft", ".gguf", ".pth", ".pt", ".onnx", ".ckpt", ".bin")
_STEP, _SIDE, _SOUND_SIDE = 4, 16, 64
_SHOWN: Final = 6


class Kind(StrEnum):
    """What is wrong: a node class or a model file is not there, a value or a link does not fit."""

    NODE = "node"
    MODEL = "model"
    VALUE = "value"
    LINK = "link"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, with the node and input it is about; `what` is the missing class or file."""

    kind: Kind
    node: str
    input: str
    what: str
    message: str


def check(graph: Mapping[str, Any], schemas: Schemas) -> list[Problem]:
    """Return every problem of a graph on a server with these nodes, an empty list where it will be accepted."""
    found: list[Problem] = []
    for node, told in graph.items():
        kind = told.get("class_type")
        if kind not in schemas:
            words = (
                f"The node {kind} is not installed, or the manifest does not name it."
                if kind
                else f"Node {node} has no class."
            )
            found.append(Problem(Kind.NODE, node, "", str(kind), words))
            continue
        for declared in schemas.inputs(kind):
            found += _input(graph, schemas, node, declared)
        found += _rules(graph, node)
    if not any(told.get("class_type") in schemas and schemas.ends(told["class_type"]) for told in graph.values()):
        found.append(Problem(Kind.LINK, "", "", "", "The graph has no output."))
    return found


def _input(graph: Mapping[str, Any], schemas: Schemas, node: str, declared: Input) -> Iterator[Problem]:
    where = f"{title_of(graph, node)} ({node}), {declared.name}"
    inputs = graph[node].get("inputs") or {}
    if declared.name not in inputs:
        if declared.required:
            yield Problem(Kind.VALUE, node, declared.name, "", f"{where}: is needed.")
        return
    value = inputs[declared.name]
    if isinstance(value, list):
        yield from _link(graph, schemas, node, declared, value)
    elif declared.choices is not None and not declared.upload and value not in declared.choices:
        yield _choice(graph, node, declared, value, where)
    elif declared.kind in {"INT", "FLOAT"} and not _number(value, declared):
        bounds = f"from {declared.minimum} to {declared.maximum}"
        yield Problem(
            Kind.VALUE, node, declared.name, str(value), f"{where}: {value!r} is no {declared.kind} {bounds}."
        )


def _number(value: Any, declared: Input) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low, high = declared.minimum, declared.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _choice(graph: Mapping[str, Any], node: str, declared: Input, value: Any, where: str) -> Problem:
    folder = MODEL_FOLDERS.get((graph[node]["class_type"], declared.name))
    if folder or (declared.kind != DYNAMIC and str(value).endswith(_MODEL_FILES)):
        file = f"{folder}/{value}" if folder else str(value)
        return Problem(Kind.MODEL, node, declared.name, file, f"The model file {file} is not there.")
    listed = ", ".join(map(str, declared.choices or ()))[:300]
    return Problem(Kind.VALUE, node, declared.name, str(value), f"{where}: {value!r} is none of {listed}.")


def _link(
    graph: Mapping[str, Any], schemas: Schemas, node: str, declared: Input, value: list[Any]
) -> Iterator[Problem]:
    where = f"{title_of(graph, node)} ({node}), {declared.name}"
    if not is_link(value):
        yield Problem(Kind.LINK, node, declared.name, "", f"{where}: {value!r} is no link.")
        return
    source, slot = value
    if source not in graph:
        yield Problem(Kind.LINK, node, declared.name, source, f"{where}: there is no node {source}.")
        return
    kind = graph[source].get("class_type")
    if kind not in schemas:
        return  # told where that node stands
    given = schemas.outputs(kind)
    if not 0 <= slot < len(given):
        yield Problem(Kind.LINK, node, declared.name, source, f"{where}: {kind} has no output {slot}.")
    elif not _fits(given[slot], declared.kind):
        words = f"{where}: takes {declared.kind}, and {kind} gives {given[slot]}."
        yield Problem(Kind.LINK, node, declared.name, source, words)


def _fits(given: str, wanted: str) -> bool:
    return "*" in (given, wanted) or bool(set(given.split(",")) & set(wanted.split(",")))


def _rules(graph: Mapping[str, Any], node: str) -> Iterator[Problem]:
    """Yield what Wan's nodes accept and then fail at, or silently make something else of."""
    told = graph[node]
    kind, inputs = told["class_type"], told.get("inputs") or {}
    if not (kind.startswith("Wan") and kind.endswith(("ToVideo", "ToVideoExtend"))):
        return
    length = inputs.get("length")
    if isinstance(length, int) and length % _STEP != 1:
        words = f"{title_of(graph, node)} ({node}): {length} frames are not 4n + 1, and would become fewer."
        yield Problem(Kind.VALUE, node, "length", str(length), words)
    for name in ("width", "height"):
        side = inputs.get(name)
        least = _SOUND_SIDE if "Sound" in kind else _SIDE
        if isinstance(side, int) and (side % _SIDE or side < least):
            words = f"{title_of(graph, node)} ({node}): a {name} of {side} is no multiple of 16 from {least} on."
            yield Problem(Kind.VALUE, node, name, str(side), words)


def of_answer(graph: Mapping[str, Any], error: Mapping[str, Any], node_errors: Mapping[str, Any]) -> list[Problem]:
    """Return what a server found wrong with a graph in the same form."""
    found = []
    for node, entry in node_errors.items():
        for reason in entry.get("errors") or ():
            extra = reason.get("extra_info") or {}
            words = f"{title_of(graph, node)} ({node}): {reason.get('message', '')}: {reason.get('details', '')}"
            kind = Kind.LINK if "link" in str(reason.get("type")) else Kind.VALUE
            name, value = str(extra.get("input_name", "")), extra.get("received_value")
            if reason.get("type") == "value_not_in_list" and str(value).endswith(_MODEL_FILES):
                kind = Kind.MODEL
            found.append(Problem(kind, node, name, str(value), words))
    if error.get("type") == "missing_node_type":
        extra = error.get("extra_info") or {}
        missing = str(extra.get("class_type"))
        found.append(Problem(Kind.NODE, str(extra.get("node_id")), "", missing, str(error.get("message"))))
    if not found:
        found.append(Problem(Kind.VALUE, "", "", "", f"{error.get('message', '?')} {error.get('details', '')}".strip()))
    return found


def refuse(problems: Sequence[Problem], packs: Mapping[str, str] | None = None) -> None:
    """Raise `Fail` naming all that is missing or wrong; return where there is nothing.

    `packs` says which node pack a class comes from.
    """
    if not problems:
        return
    nodes = sorted({one.what for one in problems if one.kind is Kind.NODE})
    models = sorted({one.what for one in problems if one.kind is Kind.MODEL})
    detail = "\n".join(dict.fromkeys(one.message for one in problems))
    if not nodes and not models:
        raise Fail(Code.PIPELINE_FAILED, "This ComfyUI does not accept the pipeline's graph.", detail=detail)
    wanted = sorted({packs[node] for node in nodes if packs and node in packs})
    parts = []
    if nodes:
        parts.append(f"the node{'s' * (len(nodes) > 1)} {_few(nodes)}")
    if models:
        parts.append(f"the model file{'s' * (len(models) > 1)} {_few(models)}")
    hint = f" Install the node pack {_few(wanted)} there." if wanted else ""
    raise Fail(Code.DEPENDENCY_MISSING, f"ComfyUI lacks {' and '.join(parts)}.{hint}", detail=detail)


def _few(names: Sequence[str]) -> str:
    left = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {left} more" if left > 0 else "")
