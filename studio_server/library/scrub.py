"""What the page scrubs with: a sheet of a video's frames under the pointer, the peaks of a sound beside it.

Called by web/files.py through library/drawn.py, which keeps what is made. Reads media and writes nothing of the film.
"""

import array
import json
import math
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from PIL import Image, ImageDraw

from studio_server.library import media
from studio_server.library.disk import guarded, temporary_beside

ACROSS: Final = 5
FRAMES: Final = ACROSS * ACROSS
WIDTH: Final = 160
PEAKS: Final = 2000

_TALLEST = 640
_READ_THROUGH = 900
"""A video of more frames is not read from end to end: each frame of the sheet is looked up by itself."""

_PORTRAIT = 1280, 720
_BARS = 160
_GROUND, _LINE, _BAR = (16, 20, 24), (44, 52, 60), (89, 201, 139)
"""The colours of a sound's picture: its bars have that of the sockets that give sound."""

_RATE = 24_000
_LOUDEST = 32_768
_PATIENCE_S = 60


def sprite(source: Path, target: Path) -> None:
    """Write 25 frames of a video, evenly spread from its first to its last, as one WebP of five by five.

    Raises UNSUPPORTED_MEDIA for anything but a video.
    """
    facts = media.probe(source)
    if not facts.frame_rate or not facts.frames or not facts.width or not facts.height:
        raise media.refused("Only a video has frames to scrub through.")
    size = WIDTH, min(_TALLEST, max(2, round(WIDTH * facts.height / facts.width)))
    wanted = [round(number * (facts.frames - 1) / (FRAMES - 1)) for number in range(FRAMES)]
    distinct = sorted(set(wanted))
    found = dict(zip(distinct, _frames(source, distinct, facts, size), strict=False))
    if not found:
        raise media.refused("No frame of the video can be shown.")
    sheet = Image.new("RGB", (size[0] * ACROSS, size[1] * ACROSS))
    for place, number in enumerate(wanted):
        nearest = found.get(number) or found[max(found)]  # the end of a damaged file repeats its last good frame
        sheet.paste(nearest, (place % ACROSS * size[0], place // ACROSS * size[1]))
    with _whole(target) as beside:
        sheet.save(beside, "WEBP", quality=72, method=3)


def _frames(source: Path, numbers: Sequence[int], facts: media.MediaFacts, size: tuple[int, int]) -> list[Image.Image]:
    if (facts.frames or 0) <= _READ_THROUGH:
        chosen = "+".join(f"eq(n\\,{number})" for number in numbers)
        return _decoded(source, [], f"select={chosen}", len(numbers), size)
    rate = float(facts.frame_rate or 1)

    def one(number: int) -> list[Image.Image]:
        return _decoded(source, ["-ss", f"{number / rate:.4f}"], "null", 1, size)

    with ThreadPoolExecutor(2) as beside:
        return [frame for frames in beside.map(one, numbers) for frame in frames]


def _decoded(source: Path, seek: list[str], choose: str, count: int, size: tuple[int, int]) -> list[Image.Image]:
    filters = f"{choose},scale={size[0]}:{size[1]}:flags=area"
    picture = ["-an", "-sn", "-dn", "-vf", filters, "-fps_mode", "passthrough", "-frames:v", str(count)]
    with _ffmpeg(source, seek, [*picture, "-f", "rawvideo", "-pix_fmt", "rgb24"]) as out:
        length = size[0] * size[1] * 3
        pieces = (out.read(length) for _ in range(count))
        return [Image.frombytes("RGB", size, piece) for piece in pieces if len(piece) == length]


def waveform(source: Path, target: Path) -> None:
    """Write how loud a sound is along its length, mixed down, as JSON: at most 2,000 peaks from 0 to 1.

    Raises UNSUPPORTED_MEDIA for a picture and for a video without sound.
    """
    duration_s, peaks = _loudest(source, PEAKS)
    text = json.dumps({"duration_s": duration_s, "peaks": peaks}, separators=(",", ":"))
    with _whole(target) as beside:
        beside.write_text(text, encoding="utf-8")


def portrait(source: Path, target: Path) -> None:
    """Write a picture of a sound as JPEG: how loud it is from its beginning, at the left, to its end.

    Raises UNSUPPORTED_MEDIA as `waveform` does.
    """
    _, peaks = _loudest(source, _BARS)
    wide, high = _PORTRAIT
    picture = Image.new("RGB", _PORTRAIT, _GROUND)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, high // 2 - 1, wide, high // 2), fill=_LINE)
    step = wide / _BARS
    for number, peak in enumerate(peaks):
        half = max(2, round(peak**0.6 * high * 0.42))  # speech fills little of a straight scale
        left = round(number * step + step * 0.2)
        pen.rectangle((left, high // 2 - half, left + round(step * 0.6), high // 2 + half), fill=_BAR)
    with _whole(target) as beside:
        picture.save(beside, "JPEG", quality=85)


def _loudest(source: Path, count: int) -> tuple[float, list[float]]:
    """Return how long a sound is, and its loudest samples from 0 to 1 in so many stretches of it, or fewer."""
    facts = media.probe(source)
    if not facts.has_audio or not facts.duration_s:
        raise media.refused("This file has no sound.")
    step = max(1, math.ceil(facts.duration_s * _RATE / count))
    with _ffmpeg(source, [], ["-vn", "-sn", "-dn", "-ac", "1", "-ar", str(_RATE), "-f", "s16le"]) as out:
        peaks = list(_peaks(lambda: out.read(step * 2)))
    if not peaks:
        raise media.refused("The sound of this file cannot be played.")
    return facts.duration_s, peaks[:count]


def _peaks(read: Callable[[], bytes]) -> Iterator[float]:
    while piece := read():
        samples = array.array("h", piece[: len(piece) // 2 * 2])
        if samples:
            highest, lowest = max(samples), min(samples)
            yield round(min(1.0, max(highest, -lowest) / _LOUDEST), 3)


@contextmanager
def _ffmpeg(source: Path, before: list[str], after: list[str]) -> Iterator[IO[bytes]]:
    """Run ffmpeg on one file and give what it writes; it is ended when the caller has enough, or after a minute."""
    command = ["ffmpeg", "-v", "error", "-nostdin", *media.ONLY_FILES]
    command += ["-max_pixels", str(media.MAX_PIXELS), "-threads", "2", *before, "-i", f"file:{source}"]
    try:
        running = subprocess.Popen(
            [*command, *after, "pipe:1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=1 << 20
        )
    except FileNotFoundError as missing:
        raise media.no_ffmpeg() from missing
    patience = threading.Timer(_PATIENCE_S, running.kill)
    patience.daemon = True
    patience.start()
    with running:
        try:
            assert running.stdout is not None  # noqa: S101 - asked for above
            yield running.stdout
        finally:
            patience.cancel()
            running.kill()


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Give a name beside the target, which takes its place when all of it is written."""
    with guarded(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = temporary_beside(target)
        try:
            yield beside
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
