"""A graph as ComfyUI exports it to be run: read from its file, or refused in words that say how to export it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

Graph = Mapping[str, Mapping[str, Any]]
"""Nodes by id: `class_type`, `inputs` (values, or wires as [id, output]) and perhaps `_meta.title`."""

_EXPORT: Final = (
    "this is no graph that ComfyUI can run, but perhaps a canvas as its page saves it. In ComfyUI choose Workflow > "
    "Export (API) - in older ones Settings > Dev mode, then Save (API Format) - and import that file"
)


def load(path: Path) -> Graph:
    """Return an exported graph. Raises ValueError, in words, where the file is something else."""
    try:
        told = json.loads(path.read_bytes())
    except ValueError as why:
        raise ValueError(f"{path} is not JSON: {why}") from why
    if isinstance(told, dict) and isinstance(told.get("prompt"), dict):
        told = told["prompt"]  # as it is posted to a server
    if fault := _form(told) or _wires(told):
        raise ValueError(f"{path}: {fault}")
    return dict(told)


def is_link(value: object) -> bool:
    """Whether an input is a wire from another node: its id, and which of its outputs."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)  # noqa: PLR2004


def _form(told: object) -> str:
    """Return what is wrong with the form of a graph, in words."""
    if not isinstance(told, dict) or not told or isinstance(told.get("nodes"), list):
        return _EXPORT
    for node, facts in told.items():
        if not isinstance(facts, dict) or not isinstance(facts.get("class_type"), str):
            return f"node {node!r} has no class_type: {_EXPORT}"
        if not isinstance(facts.get("inputs"), dict):
            return f"node {node!r} has no inputs"
    return ""


def _wires(told: Graph) -> str:
    for node, facts in told.items():
        for name, value in facts["inputs"].items():
            if is_link(value) and value[0] not in told:
                return f"input {name} of node {node} is wired to node {value[0]}, which is not there"
    return ""
