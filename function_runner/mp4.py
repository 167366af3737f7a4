"""A quick look into an MP4 or MOV: which kinds of tracks it holds, from its boxes alone.

`probe` asks before it starts ffprobe, which takes longer to start than most takes to be handed in. What is not plainly
a whole, ordinary file is answered with None, and ffprobe decides.
"""

import os
import struct
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Final

_HEADER: Final = 8
_LONG_HEADER: Final = 16
_LARGEST_INDEX: Final = 64 * 1024 * 1024
_KINDS: Final = {b"vide": "video", b"soun": "audio"}

Box = tuple[bytes, int, int]
"""A box's name, where its content starts and where it ends."""


def track_kinds(path: Path) -> frozenset[str] | None:
    """Return which of `video` and `audio` the file has samples of, or None where a glance cannot tell."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            boxes = {name: (start, end) for name, start, end in _on_disk(file, size)}
            if b"ftyp" not in boxes or b"mdat" not in boxes:
                return None
            start, end = boxes[b"moov"]
            if end - start > _LARGEST_INDEX:
                return None
            file.seek(start)
            index = file.read(end - start)
        tracks = [_kind(index, *track) for name, *track in _inside(index, 0, len(index)) if name == b"trak"]
    except (ValueError, KeyError, struct.error):
        return None
    return frozenset(kind for kind in tracks if kind)


def _on_disk(file: BufferedReader, size: int) -> Iterator[Box]:
    """Yield the outermost boxes; raise ValueError unless they fill the file to its last byte."""
    at = 0
    while at < size:
        file.seek(at)
        name, start, end = _box(file.read(_LONG_HEADER), at, size)
        yield name, start, end
        at = end


def _inside(data: bytes, start: int, end: int) -> Iterator[Box]:
    at = start
    while at < end:
        name, inner, stop = _box(data[at : at + _LONG_HEADER], at, end)
        yield name, inner, stop
        at = stop


def _box(header: bytes, at: int, end: int) -> Box:
    length, name = struct.unpack(">I4s", header[:_HEADER])
    skip = _HEADER
    if length == 1:
        (length,) = struct.unpack(">Q", header[_HEADER:_LONG_HEADER])
        skip = _LONG_HEADER
    if length < skip or at + length > end:
        raise ValueError(f"the box {name!r} at {at} does not fit")
    return name, at + skip, at + length


def _find(data: bytes, start: int, end: int, *path: bytes) -> tuple[int, int]:
    for wanted in path:
        start, end = next((inner, stop) for name, inner, stop in _inside(data, start, end) if name == wanted)
    return start, end


def _kind(index: bytes, start: int, end: int) -> str | None:
    """Return what a track is, if it has samples."""
    try:
        handler, _ = _find(index, start, end, b"mdia", b"hdlr")
        sizes, _ = _find(index, start, end, b"mdia", b"minf", b"stbl", b"stsz")
    except StopIteration as why:
        raise ValueError("a track without an index") from why
    (samples,) = struct.unpack(">I", index[sizes + 8 : sizes + 12])
    return _KINDS.get(index[handler + 8 : handler + 12]) if samples else None
