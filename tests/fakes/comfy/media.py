"""The files of the stand-in: what lies in one, measured by ffprobe, and new ones, written by ffmpeg."""

import json
import struct
import subprocess
import zlib
from fractions import Fraction
from pathlib import Path

from PIL import Image


def _probe(path: Path, *words: str) -> dict[str, object]:
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "json", "-show_streams", *words, str(path)], capture_output=True, check=False
    )
    return json.loads(told.stdout or b"{}")


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def film_of(path: Path) -> tuple[int, float, int, int, float]:
    """Return pictures, pictures a second, width, height and seconds of sound. Raises ValueError without pictures."""
    streams = _probe(path, "-count_packets").get("streams", [])
    seen = next((one for one in streams if one["codec_type"] == "video"), None)
    if seen is None or not int(seen.get("nb_read_packets", 0)):
        raise ValueError(path)
    heard = next((one for one in streams if one["codec_type"] == "audio"), None)
    sound_s = float(heard.get("duration", 0)) if heard else 0.0
    return int(seen["nb_read_packets"]), float(Fraction(seen["r_frame_rate"])), seen["width"], seen["height"], sound_s


def sound_of(path: Path) -> float:
    """Return seconds of sound, 0 for none."""
    heard = next((one for one in _probe(path).get("streams", []) if one["codec_type"] == "audio"), None)
    return float(heard["duration"]) if heard else 0.0


def write_film(path: Path, frames: int, size: tuple[int, int], rate: float, sound: Path | None) -> None:
    """Encode a moving test picture with exactly so many frames, and the sound as far as the picture goes."""
    words = ["-f", "lavfi", "-i", f"testsrc2=size={size[0]}x{size[1]}:rate={rate:g}"]
    tail = ["-frames:v", str(frames), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "40", "-pix_fmt", "yuv420p"]
    if sound:
        words += ["-i", str(sound)]
        tail += ["-map", "0:v", "-map", "1:a", "-c:a", "aac", "-af", f"atrim=duration={frames / rate:.6f}"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *words, *tail, str(path)], check=True)


def png(size: tuple[int, int]) -> bytes:
    """Return a grey picture."""
    width, height = size

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height))
        + chunk(b"IEND", b"")
    )
