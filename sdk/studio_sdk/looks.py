"""Does a file look like what its socket promises, by its ending and its first bytes? A runner looks far closer.

The table of endings is the contract's (docs/pipelines/contract.md, section 4).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from studio_sdk import captions
from studio_sdk.names import SocketType

_Head = Callable[[bytes], bool]


def _iso(head: bytes) -> bool:
    """ISO base media (MP4, QuickTime): a box whose name stands at byte 4."""
    return head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}


def _riff(kind: bytes) -> _Head:
    return lambda head: head[:4] in {b"RIFF", b"RF64"} and head[8:12] == kind


def _starts(*words: bytes) -> _Head:
    return lambda head: head.startswith(words)


_MATROSKA: Final = _starts(b"\x1a\x45\xdf\xa3")
_STILLS: Final[dict[str, _Head]] = {
    ".png": _starts(b"\x89PNG\r\n\x1a\n"),
    ".jpg": _starts(b"\xff\xd8\xff"),
    ".jpeg": _starts(b"\xff\xd8\xff"),
    ".webp": _riff(b"WEBP"),
}
_FILMS: Final[dict[str, _Head]] = {".mp4": _iso, ".m4v": _iso, ".mov": _iso, ".webm": _MATROSKA, ".mkv": _MATROSKA}
_SOUNDS: Final[dict[str, _Head]] = {
    ".wav": _riff(b"WAVE"),
    ".mp3": _starts(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"),
    ".flac": _starts(b"fLaC"),
    ".ogg": _starts(b"OggS"),
    ".m4a": _iso,
}
_LOOKS: Final[dict[SocketType, dict[str, _Head]]] = {
    SocketType.IMAGE: _STILLS,
    SocketType.VIDEO: _FILMS,
    SocketType.AUDIO: _SOUNDS,
    SocketType.MASK: _STILLS | _FILMS,
    SocketType.CONTROL_MAP: _STILLS | _FILMS,
    SocketType.ASSET_REFERENCE: _STILLS | _FILMS,
    SocketType.EDL: {
        ".otio": lambda head: head.lstrip().startswith(b"{"),
        ".zip": lambda head: head.startswith(b"PK\x03\x04"),
    },
    SocketType.CAPTIONS: {".srt": lambda head: head.removeprefix(b"\xef\xbb\xbf").startswith(b"1")},
}


def looks_like(kind: SocketType, path: Path) -> bool:
    """Whether a file's ending is one of its type's and its first bytes are what that ending says."""
    with path.open("rb") as file:
        head = file.read(64)
    known = _LOOKS.get(kind, {}).get(path.suffix.lower())
    return known is not None and known(head) and (kind is not SocketType.CAPTIONS or _are_captions(path))


def _are_captions(path: Path) -> bool:
    """Captions are small and are read whole, as the runner does."""
    try:
        captions.read(path.read_bytes())
    except ValueError:
        return False
    return True
