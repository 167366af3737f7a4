"""The verb that makes a pipeline of a graph exported from ComfyUI."""

import argparse
import sys
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any, Final

import httpx

from studio_sdk import scaffold, testing
from studio_sdk.folder import MANIFEST
from studio_sdk.importing import exported, proposal, writing
from studio_sdk.names import Exit, SocketType
from studio_sdk.verbs.words import Verbs, stop

_TASKS: Final = {SocketType.VIDEO: "generate-video", SocketType.IMAGE: "generate-image", SocketType.AUDIO: "make-sound"}


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    made = verbs.add_parser("import-comfy", help="make a pipeline of a graph exported from ComfyUI (API format)")
    made.set_defaults(act=_import)
    made.add_argument("graph", type=Path, metavar="GRAPH.json")
    made.add_argument("folder", type=Path, help="its last part becomes the pipeline's name")
    made.add_argument("--title", default="", help="its name for people")
    made.add_argument("--task", default="", help="what it is for; by what it saves where it is not said")
    made.add_argument("--vram", type=int, default=24, metavar="GB", help="what it needs; 24 until somebody measures it")
    made.add_argument("--environment", default="comfy", help="the pipeline environment it runs in")
    made.add_argument("--accept", action="append", default=[], metavar="NAME", help="let a person set this too")
    made.add_argument(
        "--leave-out", action="append", default=[], metavar="NAME", help="keep this as it is in the graph"
    )
    made.add_argument("--server", default="", metavar="URL", help="ask this ComfyUI which packs the nodes come from")
    made.add_argument("--look", action="store_true", help="say what would become of it, and write nothing")


def _import(arguments: argparse.Namespace) -> Exit:
    graph = exported.load(arguments.graph)
    found = proposal.propose(graph).chosen(_names(arguments.accept), _names(arguments.leave_out))
    if arguments.server:
        found = found.looked_up(_object_info(arguments.server))
    name = scaffold.checked(arguments.folder.name)
    title = arguments.title or name.replace("-", " ").capitalize()
    sys.stdout.write(writing.report(found, title))
    if arguments.look:
        return Exit.OK
    facts = {
        "title": title,
        "task": arguments.task or _TASKS[found.outputs[0].type],
        "environment": arguments.environment,
        "vram_gb": arguments.vram,
    }
    made = writing.write(arguments.folder, arguments.graph, graph, found, facts)
    try:
        (arguments.folder / MANIFEST).write_text(testing.described(arguments.folder), encoding="utf-8")
    except CalledProcessError as why:
        stop(
            f"written, and not described: pip install 'studio-sdk[comfy]' brings what it needs\n{why.stderr}", Exit.BUG
        )
    for path in (*made, arguments.folder / MANIFEST):
        sys.stdout.write(f"{path}\n")
    sys.stdout.write(f"Try it: studio-sdk test {arguments.folder} --comfyui http://127.0.0.1:8188\n")
    return Exit.OK


def _object_info(server: str) -> dict[str, Any]:
    """Return what a ComfyUI says of its nodes. Raises ConnectionError, ValueError."""
    try:
        answer = httpx.get(f"{server.rstrip('/')}/object_info", timeout=60, trust_env=False)
        return dict(answer.raise_for_status().json())
    except httpx.HTTPError as why:
        raise ConnectionError(f"{server} does not say what nodes it has: {why}") from why


def _names(given: list[str]) -> list[str]:
    return [name for words in given for name in words.split(",") if name]
