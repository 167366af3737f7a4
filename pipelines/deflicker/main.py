"""Deflicker: light that jumps from picture to picture is brought to rest, shot by shot, tone by tone."""

from collections.abc import Iterator
from typing import Annotated

import av
from av.error import FFmpegError
from clip import Chain, damaged, plain, refilm
from intact import Intact
from steady import Light, mended

from studio_sdk import Code, Fail, Field, Job, Variant, Video, main, pipeline


@pipeline(
    id="deflicker",
    version="1.0.2",
    title="Deflicker",
    task="restore-video",
    by_name=True,
    variants=tuple(Variant(quality, timeout_s=7200, estimate_s=20) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT",
    cannot=(
        "Mend light that flickers in a part of the picture alone, or bands that roll through it",
        "Tell flicker from light that is meant: a strobe, a lamp that is switched on, a blink of lightning",
        "Bring back what flickered into white or black",
    ),
    output_mb=16384,
)
def deflicker(
    job: Job,
    clip: Annotated[Video, Field(title="Clip", help="What flickers")],
    strength: Annotated[
        float, Field(title="Strength", minimum=0, maximum=1, step=0.05, help="1: all of it is taken out")
    ] = 1,
    reach: Annotated[
        float,
        Field(title="Smooth over", minimum=0.1, maximum=5, step=0.1, unit="s", help="Slower changes of light stay"),
    ] = 0.5,
) -> Video:
    """Take flicker out of a clip, with the same frames and the same sound."""
    before = listened(job, clip)
    rate = rate_of(clip) or float(job.format.rate)
    curves = before.curves(reach * rate / 2, strength)
    after, waiting = Light(), iter(curves)

    def change(frame: av.VideoFrame | None) -> Iterator[av.VideoFrame]:
        if frame is not None:
            new = mended(frame, next(waiting))
            after.add(new)
            yield new

    made = Video(job.outputs / "steady.mp4")
    job.facts |= {"frames": refilm(job, clip, made, [], "Steadying", change=change), "shots": len(before.starts)}
    job.facts |= {"flicker_before": round(before.unrest, 2), "flicker_after": round(after.unrest, 2)}
    return made


def listened(job: Job, clip: Video) -> Light:
    """Return the light of a clip. Raises `Fail` where it has no picture."""
    light, chain = Light(), Chain([], plain)
    name = clip.label or clip.name
    try:
        with av.open(str(clip), metadata_errors="ignore") as source:
            if not source.streams.video:
                raise Fail(Code.UNSUPPORTED_MEDIA, f"{name} has no picture.", field="clip")
            stream = source.streams.video[0]
            stream.thread_type = "AUTO"
            read: Intact[av.VideoFrame] = Intact(source, stream, name)
            for number, frame in enumerate(read):
                for drawn in chain(frame):
                    light.add(drawn)
                job.progress(0.01, f"Looking at frame {number + 1}")
            for drawn in chain(None):
                light.add(drawn)
    except FFmpegError as why:
        raise damaged(clip, str(why)) from why
    if not light.starts:
        raise damaged(clip)
    return light


def rate_of(clip: Video) -> float:
    """Return how many pictures a second a clip has in the mean; 0 where it does not say."""
    with av.open(str(clip), metadata_errors="ignore") as source:
        return float(source.streams.video[0].average_rate or 0)


if __name__ == "__main__":
    main(deflicker)
