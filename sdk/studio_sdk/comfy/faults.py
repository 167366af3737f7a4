"""What a node of ComfyUI raised, as a sentence for the person and a cause for the operator."""

from collections.abc import Mapping
from typing import Any, Final

from studio_sdk.comfy.graph import title_of
from studio_sdk.comfy.preflight import MODEL_FOLDERS
from studio_sdk.fields import Fail
from studio_sdk.names import Code

_BROKEN_MODEL: Final = (
    "SafetensorError",
    "Could not detect model type",
    "header too large",
    "incomplete metadata",
    "state_dict",
)
_TRACE_LINES: Final = 3
_WORDS: Final = 400


def out_of_memory(error: Mapping[str, Any]) -> bool:
    """Whether a node ran out of the card's memory."""
    kind, words = str(error.get("exception_type", "")), str(error.get("exception_message", ""))
    return kind.endswith("OutOfMemoryError") or "out of memory" in words.lower()


def fail(graph: Mapping[str, Any], error: Mapping[str, Any], prompt_id: str) -> Fail:
    """Return what a failed job is told as, without the values of the node's inputs, which the server tells too."""
    node = str(error.get("node_id", ""))
    title, kind = title_of(graph, node), str(error.get("exception_type", ""))
    words = str(error.get("exception_message", "")).strip()
    trace = "".join(str(line) for line in (error.get("traceback") or [])[-_TRACE_LINES:])
    detail = f"prompt {prompt_id}, node {node} ({error.get('node_type')}): {kind}: {words}\n{trace}".strip()
    if out_of_memory(error):
        return Fail(Code.OUT_OF_MEMORY, f"ComfyUI ran out of GPU memory at “{title}”.", detail=detail)
    if "Errno 28" in words or "No space left" in words:
        return Fail(
            Code.STORAGE_FULL,
            "The disk of the ComfyUI machine is full. Free space there, in its output and input folders.",
            detail=detail,
        )
    model = _model_of(graph, node)
    if model and (kind == "FileNotFoundError" or any(sign in kind or sign in words for sign in _BROKEN_MODEL)):
        sentence = f"The model file {model} on the ComfyUI machine is missing, damaged or of another kind."
        return Fail(Code.DEPENDENCY_MISSING, sentence, detail=detail)
    first = words.splitlines()[0][:_WORDS] if words else kind
    return Fail(Code.PIPELINE_FAILED, f"ComfyUI failed at “{title}”: {first}", detail=detail)


def _model_of(graph: Mapping[str, Any], node: str) -> str:
    """Return folder and file of the model that a node loads, "" where it loads none."""
    told = graph.get(node) or {}
    for name, value in (told.get("inputs") or {}).items():
        if folder := MODEL_FOLDERS.get((str(told.get("class_type")), name)):
            return f"{folder}/{value}"
    return ""
