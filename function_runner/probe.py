"""Is a file what it claims to be? Asked of every output before it is published, by content and never by name alone.

ffprobe reads moving pictures and sound, Pillow reads stills. A file that only calls itself `.mp4` is refused.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

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
_DEMUXERS: Final = "mov,matroska,wav,mp3,flac,ogg"
_PATIENCE_S: Final = 60

Verdict = Callable[[], str]
"""Waits for the answer: returns the media type, or raises OUTPUT_INVALID."""


def probe(kind: SocketType, path: Path) -> Verdict:
    """Begin to look at a file; whoever asked may do something else until the verdict is needed."""
    suffix = path.suffix.lower()
    moving = {SocketType.VIDEO: _CONTAINERS, SocketType.AUDIO: _SOUNDS}.get(kind)
    if kind in {SocketType.MASK, SocketType.CONTROL_MAP}:
        moving = _CONTAINERS if suffix in _CONTAINERS else None
    if moving is not None:
        return _moving(kind, path, moving.get(suffix))
    if kind is SocketType.EDL:
        return lambda: _cut(path)
    return lambda: _still(kind, path, _STILLS.get(suffix))


def _wrong(kind: SocketType, path: Path, why: str) -> StudioError:
    article = "an" if kind.value[0] in "AEI" else "a"
    return StudioError(
        Code.OUTPUT_INVALID, f"The pipeline gave {path.name}, which is not {article} {kind.value}.", detail=why
    )


def _moving(kind: SocketType, path: Path, known: tuple[str, str] | None) -> Verdict:
    if known is None:
        raise _wrong(kind, path, f"{path.suffix or 'no ending'} is not an ending the studio knows")
    demuxer, mime = known
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
        wanted = "audio" if kind is SocketType.AUDIO else "video"
        streams = [
            stream
            for stream in facts.get("streams", [])
            if stream.get("codec_type") == wanted and not stream.get("disposition", {}).get("attached_pic")
        ]
        names = str(facts.get("format", {}).get("format_name", "")).split(",")
        if demuxer not in names or not streams or float(facts["format"].get("duration", 0)) <= 0:
            raise _wrong(kind, path, f"it is {'/'.join(names)} with {len(streams)} {wanted} streams")
        return mime

    return verdict


def _still(kind: SocketType, path: Path, known: tuple[str, str] | None) -> str:
    if known is None:
        raise _wrong(kind, path, f"{path.suffix or 'no ending'} is not an ending the studio knows")
    try:
        with Image.open(path, formats=(known[0],)) as picture:
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as why:
        raise _wrong(kind, path, str(why)) from why
    return known[1]


def _cut(path: Path) -> str:
    try:
        timeline = json.loads(path.read_bytes())
    except (OSError, ValueError) as why:
        raise _wrong(SocketType.EDL, path, str(why)) from why
    if not isinstance(timeline, dict) or not str(timeline.get("OTIO_SCHEMA", "")).startswith("Timeline."):
        raise _wrong(SocketType.EDL, path, "it is not an OpenTimelineIO timeline")
    return "application/json"
