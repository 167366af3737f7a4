"""What a media file is, judged by its bytes, and the stills shown in its place.

With scrub.py the only caller of ffprobe, ffmpeg and Pillow in the server. Files come from anybody: decoders run with
limits, read only the file itself, and never decide by its name.
"""

import io
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError
from pydantic import BaseModel, Field, ValidationError

from studio_sdk.errors import Code, StudioError
from studio_server.domain.assets import AssetKind
from studio_server.library.disk import guarded, temporary_beside

MAX_PIXELS: Final = 100_000_000
"""Largest picture that is decoded, in pixels."""

Image.MAX_IMAGE_PIXELS = MAX_PIXELS

ONLY_FILES: Final = ("-protocol_whitelist", "file,pipe")
"""What a decoder may open: the file it is given, and nothing that the file names."""

_PROBE_S = 30
_FRAME_S = 60
_STDERR_LIMIT = 400
_RIGHT_ANGLE = 90
_TEXT_SIGNS = (b"<svg", b"<html", b"<!doctype html", b"<script", b"<?xml")

_TYPES: Final[dict[str, tuple[AssetKind, str, frozenset[str]]]] = {
    "image/png": (AssetKind.IMAGE, ".png", frozenset({".png"})),
    "image/jpeg": (AssetKind.IMAGE, ".jpg", frozenset({".jpg", ".jpeg", ".jpe", ".jfif"})),
    "image/webp": (AssetKind.IMAGE, ".webp", frozenset({".webp"})),
    "video/mp4": (AssetKind.VIDEO, ".mp4", frozenset({".mp4", ".m4v", ".mov", ".m4a"})),
    "video/x-m4v": (AssetKind.VIDEO, ".mp4", frozenset({".mp4", ".m4v", ".mov"})),
    "video/quicktime": (AssetKind.VIDEO, ".mov", frozenset({".mov", ".mp4", ".qt"})),
    "video/webm": (AssetKind.VIDEO, ".webm", frozenset({".webm", ".mkv"})),
    "video/x-matroska": (AssetKind.VIDEO, ".mkv", frozenset({".mkv", ".webm"})),
    "audio/x-wav": (AssetKind.AUDIO, ".wav", frozenset({".wav", ".wave"})),
    "audio/mpeg": (AssetKind.AUDIO, ".mp3", frozenset({".mp3"})),
    "audio/x-flac": (AssetKind.AUDIO, ".flac", frozenset({".flac"})),
    "audio/ogg": (AssetKind.AUDIO, ".ogg", frozenset({".ogg", ".oga", ".opus"})),
    "audio/mp4": (AssetKind.AUDIO, ".m4a", frozenset({".m4a", ".mp4"})),
    "audio/aac": (AssetKind.AUDIO, ".aac", frozenset({".aac"})),
}
_SPOKEN_MIME = {"audio/x-wav": "audio/wav", "audio/x-flac": "audio/flac", "video/x-m4v": "video/mp4"}


class Sniffed(NamedTuple):
    """What a file is by its first bytes: kind, MIME type and the suffix it should have."""

    kind: AssetKind
    mime: str
    suffix: str


class MediaFacts(NamedTuple):
    """What a media file holds.

    Pixels as they are shown (rotation applied), the exact frame rate and number of frames, seconds of duration.
    Sound has no picture facts; a still has neither rate nor duration, and one frame.
    """

    width: int | None
    height: int | None
    frame_rate: Fraction | None
    frames: int | None
    duration_s: float | None
    has_audio: bool
    audio_channels: int | None

    @property
    def rate_text(self) -> str | None:
        """Return the frame rate as the protocol writes it, for example `24/1`."""
        return f"{self.frame_rate.numerator}/{self.frame_rate.denominator}" if self.frame_rate else None


def refused(message: str, detail: str = "") -> StudioError:
    """Return the error for a file that is not what the studio can use."""
    return StudioError(Code.UNSUPPORTED_MEDIA, message, detail=detail)


def sniff(path: Path, filename: str) -> Sniffed:
    """Return what a file is by its bytes; `filename` is the name people gave it.

    Raises UNSUPPORTED_MEDIA, saying what the file really is, for empty files, for anything that is not one of the
    studio's picture, video and sound formats (SVG and HTML among them), and for a name that promises another format.
    """
    with guarded(path.parent):
        size = path.stat().st_size
        with path.open("rb") as opened:
            head = opened.read(8192)
    shown = filename[:80]
    if size == 0:
        raise refused(f"{shown} is empty.")
    guess = filetype.guess(head)
    mime = str(guess.mime) if guess else ""
    if mime not in _TYPES:
        start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        what = next((s.strip(b"<!?").decode().upper() for s in _TEXT_SIGNS if s in start), mime or "an unknown format")
        raise refused(f"{shown} is {what}, which the studio does not take.", f"first bytes {head[:16].hex()}")
    kind, suffix, allowed = _TYPES[mime]
    named = Path(filename).suffix.lower()
    if named not in allowed:
        raise refused(
            f"{shown} is really {_article(mime)} file; its name says {named or 'nothing'}.", "rename it and try again"
        )
    return Sniffed(kind, _SPOKEN_MIME.get(mime, mime), suffix)


def _article(mime: str) -> str:
    word = mime.split("/")[1].removeprefix("x-").upper()
    return f"{'an' if word[0] in 'AEIOM' else 'a'} {word}"


class _Stream(BaseModel):
    codec_type: str = ""
    width: int = 0
    height: int = 0
    avg_frame_rate: str = "0/0"
    r_frame_rate: str = "0/0"
    nb_frames: str = "0"
    nb_read_packets: str = "0"
    duration: str = "0"
    channels: int = 0
    disposition: dict[str, int] = Field(default_factory=dict)
    side_data_list: list[dict[str, str | int | float]] = Field(default_factory=list)


class _Container(BaseModel):
    duration: str = "0"


class _Probed(BaseModel):
    streams: list[_Stream] = Field(default_factory=list)
    format: _Container = _Container()


def probe(path: Path) -> MediaFacts:
    """Return what a video, sound or picture file holds, with every frame counted.

    Raises UNSUPPORTED_MEDIA for a file that is empty, truncated, or not media.
    """
    with guarded(path.parent):
        if path.stat().st_size == 0:
            raise refused("The file is empty.")
        with path.open("rb") as opened:
            guess = filetype.guess(opened.read(8192))
    if guess is not None and str(guess.mime).startswith("image/"):
        return _probe_picture(path)
    probed = _ffprobe(path)
    picture = next((s for s in probed.streams if _is_picture(s)), None)
    sound = next((s for s in probed.streams if s.codec_type == "audio"), None)
    if picture is None and sound is None:
        raise refused("The file holds neither picture nor sound.")
    channels = sound.channels if sound else None
    if picture is None:
        duration = _seconds(probed.format.duration)
        if duration <= 0:
            raise refused("The file holds no sound that can be played.")
        return MediaFacts(None, None, None, None, float(duration), has_audio=True, audio_channels=channels)
    frames = _count(picture)
    rate = _rate(picture, frames)
    if frames < 1 or rate <= 0 or not picture.width or not picture.height:
        raise refused("The file holds no frame that can be shown.")
    turned = any(
        abs(int(float(d.get("rotation", 0)))) % (2 * _RIGHT_ANGLE) == _RIGHT_ANGLE for d in picture.side_data_list
    )
    width, height = (picture.height, picture.width) if turned else (picture.width, picture.height)
    duration_s = float(frames / rate)
    return MediaFacts(width, height, rate, frames, duration_s, has_audio=sound is not None, audio_channels=channels)


def inspect(path: Path, filename: str) -> tuple[Sniffed, MediaFacts]:
    """Return what a file is and what it holds; a video container with sound alone counts as sound.

    Raises UNSUPPORTED_MEDIA as `sniff` and `probe` do.
    """
    sniffed, facts = sniff(path, filename), probe(path)
    if sniffed.kind is AssetKind.VIDEO and facts.width is None:
        form = "mp4" if sniffed.suffix in {".mp4", ".mov"} else "webm"
        suffix = ".m4a" if form == "mp4" else sniffed.suffix
        return Sniffed(AssetKind.AUDIO, f"audio/{form}", suffix), facts
    return sniffed, facts


def _is_picture(stream: _Stream) -> bool:
    return stream.codec_type == "video" and not stream.disposition.get("attached_pic")


def _ffprobe(path: Path) -> _Probed:
    command = ["ffprobe", "-v", "error", *ONLY_FILES, "-count_packets", "-show_streams", "-show_format"]
    try:
        done = subprocess.run(
            [*command, "-of", "json", f"file:{path}"], capture_output=True, timeout=_PROBE_S, check=False
        )
    except FileNotFoundError as missing:
        raise no_ffmpeg() from missing
    except subprocess.TimeoutExpired as slow:
        raise refused("The file takes too long to read.", str(slow)) from slow
    complaint = done.stderr.decode(errors="replace").replace(str(path), path.name).strip()[:_STDERR_LIMIT]
    if done.returncode != 0 or complaint:
        raise refused("The file is damaged or not complete.", complaint)
    try:
        return _Probed.model_validate_json(done.stdout)
    except ValidationError as odd:
        raise refused("The file cannot be read.", str(odd)[:_STDERR_LIMIT]) from odd


def _count(stream: _Stream) -> int:
    """Return the number of frames; a container that promises more than it holds was cut off."""
    read = int(stream.nb_read_packets) if stream.nb_read_packets.isdigit() else 0
    promised = int(stream.nb_frames) if stream.nb_frames.isdigit() else 0
    if promised > read:
        raise refused("The file is not complete.", f"{promised} frames announced, {read} there")
    return read


def _rate(stream: _Stream, frames: int) -> Fraction:
    """Return the exact rate; for a stream with uneven frame times, its mean."""
    nominal, mean = _fraction(stream.r_frame_rate), _fraction(stream.avg_frame_rate)
    steady = nominal > 0 and mean > 0 and abs(nominal - mean) * frames <= nominal
    if steady:
        return nominal
    return (mean or nominal).limit_denominator(1001)


def _fraction(text: str) -> Fraction:
    above, _, below = text.partition("/")
    if not above.isdigit() or not below.isdigit() or not int(below):
        return Fraction(0)
    return Fraction(int(above), int(below))


def _seconds(text: str) -> Fraction:
    try:
        return Fraction(text)
    except ValueError:
        return Fraction(0)


def _probe_picture(path: Path) -> MediaFacts:
    width, height = _opened(path).size
    return MediaFacts(width, height, None, 1, None, has_audio=False, audio_channels=None)


def _opened(source: Path | bytes) -> Image.Image:
    """Decode a picture whole, upright; raise UNSUPPORTED_MEDIA for a damaged or enormous one."""
    try:
        with Image.open(source if isinstance(source, Path) else io.BytesIO(source)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise refused(f"The picture has more than {MAX_PIXELS // 10**6} million pixels.")
            picture.load()
            return ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise refused(f"The picture has more than {MAX_PIXELS // 10**6} million pixels.", str(bomb)) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as damaged:
        raise refused("The picture is damaged or not complete.", str(damaged)[:_STDERR_LIMIT]) from damaged


def _frame(path: Path, at_s: float) -> Image.Image:
    """Decode one frame of a video."""
    command = ["ffmpeg", "-v", "error", "-nostdin", *ONLY_FILES, "-max_pixels", str(MAX_PIXELS), "-threads", "1"]
    command += ["-ss", f"{max(0.0, at_s):.3f}", "-i", f"file:{path}", "-an", "-sn", "-dn", "-frames:v", "1"]
    try:
        done = subprocess.run(
            [*command, "-f", "image2pipe", "-c:v", "ppm", "pipe:1"], capture_output=True, timeout=_FRAME_S, check=False
        )
    except FileNotFoundError as missing:
        raise no_ffmpeg() from missing
    except subprocess.TimeoutExpired as slow:
        raise refused("The film takes too long to read.", str(slow)) from slow
    if done.returncode != 0 or not done.stdout:
        raise refused("No frame of the film can be shown.", done.stderr.decode(errors="replace")[:_STDERR_LIMIT])
    return _opened(done.stdout)


def no_ffmpeg() -> StudioError:
    """Return the error for a machine without FFmpeg."""
    return StudioError(
        Code.DEPENDENCY_MISSING, "FFmpeg is not installed.", detail="Install it: sudo apt-get install ffmpeg"
    )


def still_of(path: Path, at_s: float = 0.0) -> Image.Image:
    """Return a picture file decoded, or the frame of a video at a time in seconds.

    Raises UNSUPPORTED_MEDIA for sound and for anything that cannot be decoded.
    """
    with guarded(path.parent), path.open("rb") as opened:
        guess = filetype.guess(opened.read(8192))
    if guess is not None and str(guess.mime).startswith("image/"):
        return _opened(path)
    return _frame(path, at_s)


def poster(source: Path, target: Path, at_s: float = 0.0, width: int = 1280) -> None:
    """Write a still of a video or picture as JPEG, at most `width` pixels wide, replacing what is there."""
    _save(still_of(source, at_s), target, width, "JPEG", quality=85)


def thumbnail(source: Path, target: Path, width: int, at_s: float = 0.0) -> None:
    """Write a small WebP of a video or picture, at most `width` pixels wide, replacing what is there."""
    _save(still_of(source, at_s), target, width, "WEBP", quality=78, method=4)


def _save(picture: Image.Image, target: Path, width: int, form: str, **options: int) -> None:
    if picture.mode not in {"RGB", "L"} and not (form == "WEBP" and picture.mode == "RGBA"):
        has_alpha = "A" in picture.mode or "transparency" in picture.info
        picture = picture.convert("RGBA" if form == "WEBP" and has_alpha else "RGB")
    if picture.width > width:
        picture = picture.resize(
            (width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS
        )
    with guarded(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = temporary_beside(target)
        try:
            picture.save(beside, form, **options)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
