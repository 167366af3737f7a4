"""A pipeline's graphs as a whole: what they need, which servers they fit, and which of those have a known defect.

The file `workflow.json` beside a pipeline's graphs, which `slots.json` says how to fill. Read by the pipeline, and by
its manifest, which is made of it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from studio_sdk.comfy.api import Stats
from studio_sdk.comfy.graph import Graph, Slots
from studio_sdk.comfy.preflight import MODEL_FOLDERS
from studio_sdk.fields import Fail
from studio_sdk.names import Code


def version_of(text: str) -> tuple[int, ...]:
    """Return a version as numbers to compare, without what follows them: `v0.33.0-2` is (0, 33, 0)."""
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[-+]", text, maxsplit=1)[0])[:3])


def fits(version: str, rule: str) -> bool:
    """Whether a version keeps a rule (`>=0.24`, `<=0.36`); a rule of two numbers speaks of all that begin with them."""
    sign, wanted = rule[:2], version_of(rule[2:])
    own = version_of(version)[: len(wanted)]
    if sign == ">=":
        return own >= wanted
    if sign == "<=":
        return own <= wanted
    raise ValueError(f"{rule!r} begins neither with >= nor with <=")


@dataclass(frozen=True)
class Workflow:
    """What `workflow.json` says, and the graphs and slots beside it."""

    facts: Mapping[str, Any]
    graphs: Mapping[str, Graph]
    slots: Mapping[str, Slots]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a pipeline's folder. Raises OSError, ValueError or KeyError: mistakes of the author."""
        facts = json.loads((folder / "workflow.json").read_bytes())
        graphs = {name: json.loads((folder / "graphs" / name).read_bytes()) for name in facts["graphs"]}
        return cls(facts, graphs, json.loads((folder / "slots.json").read_bytes()))

    @property
    def packs(self) -> dict[str, str]:
        """Return which node pack a class comes from."""
        return {node: pack["name"] for pack in self.facts["custom_nodes"] for node in pack["nodes"]}

    def requires(self) -> dict[str, object]:
        """Return what a manifest says under `requires`."""
        nodes = {told["class_type"] for graph in self.graphs.values() for told in graph.values()}
        nodes |= set(self.facts.get("more_nodes", ()))
        return {
            "nodes": sorted(nodes),
            "packs": self.facts["custom_nodes"],
            "models": self.facts["required_models"],
            "comfyui": self.facts["compatible_backend_version"],
        }

    def refuse(self, version: str, mode: str) -> None:
        """Raise `Fail` where a server of this version is too old, or has a defect that spoils this mode."""
        wanted = self.facts["compatible_backend_version"]
        if not fits(version, wanted):
            words = f"ComfyUI {version} is too old: {self.facts['workflow_name']} needs {wanted.removeprefix('>=')}."
            raise Fail(Code.DEPENDENCY_MISSING, words, detail=f"compatible_backend_version {wanted}")
        for defect in self.facts["defects"]:
            if mode in defect["modes"] and fits(version, defect["versions"]):
                words = f"ComfyUI {version} has a defect in this mode. {defect['remedy']}"
                raise Fail(Code.DEPENDENCY_MISSING, words, detail=f"{defect['versions']}: {defect['reason']}")

    def made_with(self, names: Iterable[str], graph: Graph, stats: Stats) -> dict[str, object]:
        """Return what decided a result, as `job.made_with` wants it: graphs by digest, model files, version and card.

        The editions of node packs are not in it: a server does not tell them.
        """
        files = [
            str(value)
            for told in graph.values()
            for name, value in told["inputs"].items()
            if (told["class_type"], name) in MODEL_FOLDERS
        ]
        card = max(stats.devices, key=lambda one: one[1], default=("", 0, 0))[0]
        return {
            "workflows": {name: self.facts["graphs"][name] for name in names},
            "models": [{"file": file} for file in dict.fromkeys(files)],
            "comfyui": stats.version,
            "gpu": card,
        }

    @staticmethod
    def digest(path: Path) -> str:
        """Return the SHA-256 under which a graph's file is locked."""
        return sha256(path.read_bytes()).hexdigest()
