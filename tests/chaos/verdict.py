"""After the storm: all pages, the studio and the file on disk hold the same graph, and it is a valid one."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from studio_server.domain.graph import Graph, find_loop

Board = dict[str, Any]


def of_studio(url: str, project: str) -> Board:
    """Return the graph as the studio has it."""
    answer = httpx.get(f"{url}/api/v1/projects/{project}", timeout=20).raise_for_status().json()
    graph: Board = answer["graph"]
    return graph


def of_file(file: Path) -> Board:
    """Return the graph as it lies in the project folder."""
    read = json.loads(file.read_text())
    return {"nodes": read["nodes"], "edges": read["edges"]}


def plain(board: Board) -> Board:
    """Return nodes and edges in one form: whole numbers are the same with and without a point."""
    return {
        kind: {
            name: json.loads(json.dumps(one | {"id": name}), parse_float=_number, parse_int=float)
            for name, one in board[kind].items()
        }
        for kind in ("nodes", "edges")
    }


def _number(text: str) -> float:
    return float(text)


def differences(one: Board, other: Board) -> list[str]:
    """Return in words where two boards differ, at most ten places."""
    found: list[str] = []
    left, right = plain(one), plain(other)
    for kind in ("nodes", "edges"):
        for name in sorted(left[kind].keys() | right[kind].keys()):
            a, b = left[kind].get(name), right[kind].get(name)
            if a != b:
                found.append(f"{kind} {name}: {_short(a, b)} | {_short(b, a)}")
    return found[:10]


def _short(a: Any, b: Any) -> str:
    if a is None or b is None:
        return json.dumps(a)[:160]
    parts = {key: a.get(key) for key in a.keys() | b.keys() if a.get(key) != b.get(key)}
    if "data" in parts:
        mine, theirs = a["data"], b["data"]
        parts["data"] = {key: mine.get(key) for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}
    return json.dumps(parts)[:240]


def faults(board: Board, catalog: dict[str, Any]) -> list[str]:
    """Return what is wrong with a graph; empty when nothing is."""
    found: list[str] = []
    graph = Graph.model_validate(board)
    if loop := find_loop(graph):
        found.append("a loop: " + " > ".join(loop))
    found += [
        f"a wire to nowhere: {edge.id}"
        for edge in graph.edges.values()
        if edge.source not in graph.nodes or edge.target not in graph.nodes
    ]
    single = _single_inputs(catalog)
    into = Counter((edge.target, edge.target_handle) for edge in graph.edges.values())
    for (target, handle), count in into.items():
        node = graph.nodes.get(target)
        if node and count > 1 and handle in single.get(node.type, set()):
            found.append(f"{count} wires in {node.type}.{handle} of {target}")
    for node in graph.nodes.values():
        if node.parent is not None and node.parent not in graph.nodes:
            found.append(f"{node.id} lies in a scene that is gone")
        seen, at = {node.id}, node.parent
        while at is not None and at in graph.nodes:
            if at in seen:
                found.append(f"{node.id} lies in itself")
                break
            seen.add(at)
            at = graph.nodes[at].parent
    numbers = Counter(
        (node.data.get("scene"), node.data.get("code")) for node in graph.nodes.values() if node.type == "shot"
    )
    found += [f"two shots {scene}/{code}" for (scene, code), count in numbers.items() if code and count > 1]
    return found


def _single_inputs(catalog: dict[str, Any]) -> dict[str, set[str]]:
    """Return by node type the inputs that hold one wire, whatever pipeline the card has."""
    of_pipelines = {
        spec["name"] for pipeline in catalog["pipelines"] for spec in pipeline["inputs"] if not spec["many"]
    } - {spec["name"] for pipeline in catalog["pipelines"] for spec in pipeline["inputs"] if spec["many"]}
    return {
        kind["type"]: {spec["name"] for spec in kind["inputs"] if not spec["many"]}
        | (of_pipelines if kind["inputs_from_pipeline"] else set())
        for kind in catalog["nodes"]
    }
