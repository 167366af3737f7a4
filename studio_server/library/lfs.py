"""Git LFS as files: which paths it holds, what a pointer looks like, where the bytes lie, whether it is installed.

The studio commits pointers itself; people's own git needs the git-lfs program, so its absence is told at start.
"""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError

SUFFIXES: Final = (
    *(".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mxf"),
    *(".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".exr", ".dpx", ".psd", ".bmp", ".heic"),
    *(".wav", ".mp3", ".flac", ".aac", ".m4a", ".ogg", ".opus", ".aiff", ".aif"),
    *(".safetensors", ".ckpt", ".pt", ".pth", ".onnx", ".gguf", ".bin", ".npz"),
    *(".ttf", ".otf", ".zip", ".blend", ".fbx", ".glb", ".abc", ".usd", ".usdc", ".usdz"),
)
"""File names that Git LFS holds, in any mix of large and small letters."""

POINTER_LIMIT: Final = 1024
"""A pointer is always smaller than this, in bytes."""

_HEADER = b"version https://git-lfs.github.com/spec/v1\n"
_POINTER = re.compile(re.escape(_HEADER) + rb"oid sha256:([0-9a-f]{64})\nsize (\d+)\n")


class Pointer(NamedTuple):
    """What git stores instead of a media file: the SHA-256 of its bytes and how many there are."""

    oid: str
    size: int


def holds(path: str) -> bool:
    """Whether a path's contents belong to Git LFS."""
    return path.lower().endswith(SUFFIXES)


def pointer_text(oid: str, size: int) -> bytes:
    """Return the pointer for a media file, byte for byte as git-lfs writes it."""
    return _HEADER + b"oid sha256:%s\nsize %d\n" % (oid.encode(), size)


def parse_pointer(data: bytes) -> Pointer | None:
    """Return what a pointer points at, or None for any other contents."""
    found = _POINTER.fullmatch(data) if len(data) < POINTER_LIMIT else None
    return Pointer(found[1].decode(), int(found[2])) if found else None


def pointer_at(path: Path) -> Pointer | None:
    """Return the pointer that lies where media should be (a clone without its media), or None."""
    if path.stat().st_size >= POINTER_LIMIT:
        return None
    return parse_pointer(path.read_bytes())


def attributes() -> str:
    """Return the lines of .gitattributes that put `SUFFIXES` into Git LFS."""
    return "".join(f"{_any_case(suffix)} filter=lfs diff=lfs merge=lfs -text\n" for suffix in SUFFIXES)


def _any_case(suffix: str) -> str:
    letters = "".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in suffix.removeprefix("."))
    return f"*.{letters}"


def object_path(root: Path, oid: str) -> Path:
    """Return where a project keeps the bytes with this SHA-256 (whether or not they are there)."""
    return root / ".git" / "lfs" / "objects" / oid[:2] / oid[2:4] / oid


@cache
def program() -> str | None:
    """Return the path of the git-lfs program, or None where it is not installed."""
    return shutil.which("git-lfs")


def version() -> str:
    """Return git-lfs's own version line; raise LFS_MISSING, with what to install, where it cannot be run."""
    found = program()
    try:
        if found is None:
            raise FileNotFoundError("git-lfs is not on PATH")
        told = subprocess.run([found, "version"], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError) as failed:
        raise StudioError(
            Code.LFS_MISSING, "Git LFS is not installed; the studio keeps films with it.", detail=str(failed)
        ) from failed
    return told.stdout.strip()
