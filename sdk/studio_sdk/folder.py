"""A pipeline's folder: where its manifest lies and the digest over what would run. Standard library only."""

import hashlib
from pathlib import Path
from typing import Final

MANIFEST: Final = "pipeline.json"

_SKIPPED = frozenset({"__pycache__", ".venv", ".git"})


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 over the names and contents of all files of a pipeline, whatever machine it lies on."""
    total = hashlib.sha256()
    files = (
        path
        for path in folder.rglob("*")
        if path.is_file() and not _SKIPPED.intersection(path.relative_to(folder).parts)
    )
    for path in sorted(files, key=lambda p: p.relative_to(folder).as_posix()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()
