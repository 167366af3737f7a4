"""`make bench [ONLY=name]`: runs the benchmarks and prints for each, last, one JSON line.

A benchmark is a module of this folder with a `NAME` and `measure()`, which returns value, unit, aim and, where there is
one, peer_value (measured in the same run), and may add figures of its own. Smaller is better; ratio = value / peer.
"""

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path
from types import ModuleType

FIRST = ("name", "value", "unit", "peer_value", "ratio", "aim")


def main() -> int:
    """Run all benchmarks or the named one."""
    known = {module.NAME: module for module in _modules()}
    parser = argparse.ArgumentParser(description="Measure the studio.")
    parser.add_argument("only", nargs="?", choices=sorted(known), help="run this one only")
    only = parser.parse_args().only
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"{platform.system()} {platform.machine()}, {cores} cores, load {load:.1f}", flush=True)
    for name in [only] if only else sorted(known):
        print(f"\n{name}", flush=True)
        print(json.dumps(line(name, known[name].measure())), flush=True)
    return 0


def line(name: str, found: dict[str, object]) -> dict[str, object]:
    """Return the figures in the order everybody reads them, with the ratio when there is a peer."""
    value, peer = found["value"], found.get("peer_value")
    if isinstance(value, int | float) and isinstance(peer, int | float):
        found = {**found, "ratio": round(value / peer, 4)}
    found = {"name": name, **found}
    ordered = {key: found[key] for key in FIRST if key in found}
    return {**ordered, **{key: value for key, value in found.items() if key not in ordered}}


def _modules() -> list[ModuleType]:
    here = Path(__file__).parent
    found = [
        importlib.import_module(f"benchmarks.{path.stem}") for path in sorted(here.glob("*.py")) if path.stem != "run"
    ]
    return [module for module in found if hasattr(module, "NAME")]


if __name__ == "__main__":
    sys.exit(main())
