"""Lays the code that several pipelines share into each of their folders: `python3 tools/parts.py`. No package needed.

A pipeline's folder is all that runs: its digest says what made a take, it goes into a sandbox, an image or a registry
as it is, and a change of code that lay elsewhere would go unseen. So what is shared has one source,
`pipelines/shared/PART/`, and `parts.toml` beside it says which pipelines get a part. Set-up and the tests lay it;
laid files are read-only and not in Git.
"""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LAID = ".stamps/laid.json"
"""What earlier calls laid, so that what nobody wants any more can be taken away."""


def wanted(pipelines: Path) -> dict[str, Path]:
    """Return where each laid file comes from, by its path below `pipelines`.

    Raises ValueError for a part or a pipeline that is not there, and for two parts that claim one file.
    """
    shared = pipelines / "shared"
    found: dict[str, Path] = {}
    for part, users in tomllib.loads((shared / "parts.toml").read_text(encoding="utf-8")).items():
        files = [one for one in sorted((shared / part).rglob("*")) if one.is_file() and one.suffix != ".pyc"]
        if not files:
            raise ValueError(f"pipelines/shared/{part} is empty, but parts.toml names it")
        for user in users:
            if not (pipelines / user / "pipeline.json").is_file():
                raise ValueError(f"parts.toml lays {part} into {user}, which is no pipeline")
            for path in files:
                place = f"{user}/{path.relative_to(shared / part).as_posix()}"
                if place in found:
                    raise ValueError(f"{found[place].relative_to(shared)} and {part} both want to be {place}")
                found[place] = path
    return found


def lay(root: Path) -> None:
    """Make the pipelines' folders hold their parts as they are now; do nothing where they do.

    What an earlier call laid and nobody wants any more is taken away. A file of somebody's own is never touched:
    ValueError names one that lies where a part belongs.
    """
    pipelines, memory = root / "pipelines", root / LAID
    wants = wanted(pipelines)
    before = set(json.loads(memory.read_text(encoding="utf-8"))) if memory.exists() else set()
    memory.parent.mkdir(exist_ok=True)
    memory.write_text(json.dumps(sorted(before | wants.keys())), encoding="utf-8")
    for place, source in wants.items():
        path = pipelines / place
        if path.exists() and path.read_bytes() == source.read_bytes():
            continue
        if path.exists() and place not in before:
            raise ValueError(f"pipelines/{place} is in the way of {source.relative_to(root)}: move or delete it")
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.fresh")
        shutil.copy2(source, fresh)
        fresh.chmod(0o444)
        fresh.replace(path)
    for place in before - wants.keys():
        (pipelines / place).unlink(missing_ok=True)
    memory.write_text(json.dumps(sorted(wants)), encoding="utf-8")


if __name__ == "__main__":
    try:
        lay(ROOT)
    except ValueError as wrong:
        sys.exit(f"What pipelines share cannot be laid into them: {wrong}.")
