"""Which prompts a job has sent: written before they are sent, so that no crash leaves one that nobody knows.

A line of JSON each time something is known: `prompt_id`, `label`, `graph` (a SHA-256), `state` (minted, sent, ended).
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def digest(graph: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a graph as it is sent."""
    return hashlib.sha256(json.dumps(graph, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class Ledger:
    """The file of one job."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, prompt_id: str, label: str, graph: str, state: str) -> None:
        """Write down a prompt's state, on the disk before this returns."""
        line = json.dumps({"prompt_id": prompt_id, "label": label, "graph": graph, "state": state}) + "\n"
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def open_prompts(self, label: str, graph: str) -> list[str]:
        """Return the prompts of an earlier process for the same graph whose end was not seen, newest first."""
        last: dict[str, Mapping[str, Any]] = {}
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                try:
                    told = json.loads(line)
                    last[told["prompt_id"]] = told
                except (ValueError, KeyError, TypeError):
                    continue  # cut off in the middle by the crash
        fitting = [one for one in last.values() if (one["label"], one["graph"]) == (label, graph)]
        return [one["prompt_id"] for one in reversed(fitting) if one["state"] != "ended"]
