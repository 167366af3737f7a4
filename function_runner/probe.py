"""Is a file what it claims to be? Asked of every output before it is published, by content and never by name alone.

ffprobe reads moving pictures and sound, Pillow reads stills. A file that only calls itself `.mp4` is refused.
"""

import json
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from function_runner.mp4 import track_kinds
from studio_sdk import captions
from studio_sdk.errors import Code, StudioError
from studio_sdk.types import SocketType

_CONTAINERS: Final = {
    ".mp4": ("mov", "video/mp4"),
    ".m4v": ("mov", "video/mp4"),
    ".mov": ("mov", "video/quicktime"),
    ".webm": ("matroska", "video/webm"),
    ".mkv": ("matroska", "video/x-matroska"),
}
_SOUNDS: Final = {
    ".wav": ("wav", "audio/wav"),
    ".mp3": ("mp3", "audio/mpeg"),
    ".flac": ("flac", "audio/flac"),
    ".ogg": ("ogg", "audio/ogg"),
    ".m4a": ("mov", "audio/mp4"),
}
_STILLS: Final = {
    ".png": ("PNG", "image/png"),
    ".jpg": ("JPEG", "image/jpeg"),
    ".jpeg": ("JPEG", "image/jpeg"),
    ".webp": ("WEBP", "image/webp"),
}
_ENDINGS: Final = {
    SocketType.VIDEO: _CONTAINERS,
    SocketType.AUDIO: _SOUNDS,
    SocketType.IMAGE: _STILLS,
    SocketType.MASK: _STILLS | _CONTAINERS,
    SocketType.CONTROL_MAP: _STILLS | _CONTAINERS,
    SocketType.EDL: {".otio": ("", "application/json"), ".zip": ("", "application/zip")},
    SocketType.CAPTIONS: {".srt": ("", "application/x-subrip")},
}
"""For each type of file the endings it may have, what reads it, and its media type."""

_DEMUXERS: Final = "mov,matroska,wav,mp3,flac,ogg"
_PATIENCE_S: Final = 60


@dataclass(frozen=True)
class Probe:
    """A look that has begun: `verdict` returns the media type or raises OUTPUT_INVALID, `drop` gives it up."""

    verdict: Callable[[], str]
    drop: Callable[[], None] = lambda: None


def probe(kind: SocketType, path: Path) -> Probe:
    """Begin to look at a file; whoever asked may do something else until the verdict is needed.

    Raises OUTPUT_INVALID at once for an ending that no file of the type has.
    """
    suffix = path.suffix.lower()
    known = _ENDINGS[kind].get(suffix)
    if known is None:
        raise _wrong(kind, path, f"{suffix or 'no ending'} is not one of {', '.join(_ENDINGS[kind])}")
    if suffix in _CONTAINERS or suffix in _SOUNDS:
        return _moving(kind, path, *known)
    if kind is SocketType.EDL:
        return Probe(lambda: _cut(path) if suffix == ".otio" else _packed(path))
    if kind is SocketType.CAPTIONS:
        return Probe(lambda: _said(path, *known))
    return Probe(lambda: _still(kind, path, *known))


def _wrong(kind: SocketType, path: Path, why: str) -> StudioError:
    what = "a captions file" if kind is SocketType.CAPTIONS else f"{'an' if kind.value[0] in 'AEI' else 'a'} {kind}"
    return StudioError(Code.OUTPUT_INVALID, f"The pipeline gave {path.name}, which is not {what}.", detail=why)


def _moving(kind: SocketType, path: Path, demuxer: str, mime: str) -> Probe:
    wanted = "audio" if kind is SocketType.AUDIO else "video"
    if demuxer == "mov" and wanted in (track_kinds(path) or ()):
        return Probe(lambda: mime)
    command = ["ffprobe", "-v", "error", "-protocol_whitelist", "file", "-format_whitelist", _DEMUXERS]
    command += [
        "-show_entries",
        "format=format_name,duration:stream=codec_type,duration:stream_disposition=attached_pic",
    ]
    try:
        process = subprocess.Popen(
            [*command, "-print_format", "json", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except FileNotFoundError as why:
        raise StudioError(
            Code.DEPENDENCY_MISSING, "ffprobe is not installed on this worker.", detail="Install ffmpeg."
        ) from why

    def verdict() -> str:
        try:
            out, err = process.communicate(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired as why:
            process.kill()
            process.communicate()
            raise _wrong(kind, path, f"ffprobe did not answer in {_PATIENCE_S} s") from why
        if process.returncode != 0:
            raise _wrong(kind, path, err.decode("utf-8", errors="replace")[-1000:])
        facts = json.loads(out)
        streams = [
            stream
            for stream in facts.get("streams", [])
            if stream.get("codec_type") == wanted and not stream.get("disposition", {}).get("attached_pic")
        ]
        names = str(facts.get("format", {}).get("format_name", "")).split(",")
        if demuxer not in names or not streams or float(facts["format"].get("duration", 0)) <= 0:
            raise _wrong(kind, path, f"it is {'/'.join(names)} with {len(streams)} {wanted} streams")
        return mime

    def drop() -> None:
        if process.returncode is None:
            process.kill()
            process.communicate()

    return Probe(verdict, drop)


def _still(kind: SocketType, path: Path, reader: str, mime: str) -> str:
    try:
        with Image.open(path, formats=(reader,)) as picture:
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as why:
        raise _wrong(kind, path, str(why)) from why
    return mime


def _cut(path: Path) -> str:
    try:
        timeline = json.loads(path.read_bytes())
    except (OSError, ValueError) as why:
        raise _wrong(SocketType.EDL, path, str(why)) from why
    if not isinstance(timeline, dict) or not str(timeline.get("OTIO_SCHEMA", "")).startswith("Timeline."):
        raise _wrong(SocketType.EDL, path, "it is not an OpenTimelineIO timeline")
    return "application/json"


def _said(path: Path, _reader: str, mime: str) -> str:
    try:
        with path.open("rb") as file:
            captions.read(file.read(captions.MOST_BYTES + 1))
    except (OSError, ValueError) as why:
        raise _wrong(SocketType.CAPTIONS, path, str(why)) from why
    return mime


def _packed(path: Path) -> str:
    """Return the media type of a cut that is packed with its media."""
    try:
        with zipfile.ZipFile(path) as file:
            names = file.namelist()
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as why:
        raise _wrong(SocketType.EDL, path, str(why)) from why
    if not any(name.endswith(".otio") for name in names):
        raise _wrong(SocketType.EDL, path, "there is no OpenTimelineIO timeline in it")
    return "application/zip"
