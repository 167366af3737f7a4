"""A pipeline's folder: where its manifest lies and the digest over what would run. Standard library only."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

MANIFEST: Final = "pipeline.json"

SKIPPED = frozenset({"__pycache__", ".venv", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"})


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 over the names and contents of all files of a pipeline, whatever machine it lies on.

    The contents are read once for each state of the files (names, sizes, times of change): it is asked for every job.
    """
    found = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if not SKIPPED.intersection(name.parts) and path.is_file():
            there = path.stat()
            found.append((name.as_posix(), there.st_size, there.st_mtime_ns))
    return _digest(folder, tuple(sorted(found)))


@lru_cache(maxsize=256)
def _digest(folder: Path, files: tuple[tuple[str, int, int], ...]) -> str:
    total = hashlib.sha256()
    for name, _, _ in files:
        content = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        total.update(f"{name}\0{content}\n".encode())
    return total.hexdigest()
