"""What all of Wan's shots share: 16 pictures a second, sides of 16, a profile for each quality, the last touch."""

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.error import FFmpegError
from sound import HERTZ, Sound

from studio_sdk import Code, Companion, Fail, Image, Job, Video

FPS = 16
"""Pictures a second of everything that Wan 2.2 makes here."""

FIRST_PICTURE = Companion(Image, "First picture", "The picture that the shot opens with, without loss")
"""What every Wan pipeline keeps beside its take; `finish` writes it."""

SIDE = 16


@dataclass(frozen=True)
class Profile:
    """How a quality is made. `pixels` is the area of the picture, `step_lora` whether few steps do."""

    model: str
    pixels: int
    steps: int
    cfg: float
    shift: float
    step_lora: bool


def size_of(job: Job, pixels: int, least: int = 64) -> tuple[int, int]:
    """Return width and height in the shape of the project's picture, of about so many pixels, in sixteens."""
    shape = job.format.width / job.format.height
    height = math.sqrt(pixels / shape)
    sides = (round(height * shape / SIDE) * SIDE, round(height / SIDE) * SIDE)
    return max(least, sides[0]), max(least, sides[1])


def finish(job: Job, picture: Path, sound: Sound | None, frames: int) -> Video:
    """Write the take: the pictures as ComfyUI encoded them, the sound exactly as long.

    Raises `Fail` where it is not so many pictures as were asked for.
    """
    made = Video(job.outputs / "video.mp4")
    try:
        count = _written(picture, sound, made)
    except FFmpegError as why:
        words = "ComfyUI gave a video that cannot be read."
        raise Fail(Code.OUTPUT_INVALID, words, detail=str(why)) from why
    if count != frames:
        words = f"ComfyUI gave {count} pictures and not the {frames} that were asked for."
        raise Fail(Code.OUTPUT_INVALID, words, detail=str(picture.name))
    job.beside("first", _first(made, job.outputs / "first.png"))
    job.facts |= {"frames": frames, "frame_rate": f"{FPS}/1"}
    return made


def _first(made: Video, to: Path) -> Path:
    with av.open(str(made)) as source:
        next(source.decode(video=0)).to_image().save(to)  # type: ignore[no-untyped-call]
    return to


def _written(picture: Path, sound: Sound | None, made: Path) -> int:
    count, samples = 0, 0
    with (
        av.open(str(picture)) as source,
        av.open(str(made), "w", options={"movflags": "+faststart", "movie_timescale": str(HERTZ)}) as film,
    ):
        seen = source.streams.video[0]
        video = film.add_stream_from_template(seen)
        audio = film.add_stream("aac", rate=HERTZ, options={"b": "192k"}) if sound else None
        for packet in source.demux(seen):
            if packet.dts is None:
                continue
            packet.stream = video
            film.mux(packet)
            count += 1
            if sound and audio:
                for frame in sound.take(HERTZ // FPS):
                    frame.pts, frame.time_base = samples, Fraction(1, HERTZ)
                    samples += frame.samples
                    film.mux(audio.encode(frame))
        if audio:
            film.mux(audio.encode(None))
    return count
