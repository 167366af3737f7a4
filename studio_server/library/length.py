"""How long an MP4 or MOV says it is, from its header alone: known before any program has started to read it.

Landing draws the poster while ffprobe still looks; it believes ffprobe, not this.
"""

import os
import struct
from pathlib import Path
from typing import Final

_HEADER: Final = 16
_MOST_BOXES: Final = 64


def told_s(path: Path) -> float | None:
    """Return the seconds that the header promises, or None where it does not say so plainly."""
    try:
        with path.open("rb") as file:
            at, end = 0, os.fstat(file.fileno()).st_size
            for _ in range(_MOST_BOXES):
                file.seek(at)
                length, name = struct.unpack(">I4s", file.read(8))
                skip = 8
                if length == 1:
                    (length,) = struct.unpack(">Q", file.read(8))
                    skip = _HEADER
                if name == b"mvhd":
                    return _seconds(file.read(32))
                if length < skip or at + length > end:
                    return None
                at += skip if name == b"moov" else length
    except (OSError, struct.error):
        return None
    return None


def _seconds(header: bytes) -> float | None:
    """Return the duration of an mvhd box: its version decides how wide the numbers are."""
    form, at = (">IQ", 20) if header[:1] == b"\x01" else (">II", 12)
    ticks, length = struct.unpack_from(form, header, at)
    return length / ticks if ticks and length else None
