"""Wan 2.2 Fun Inp: a shot from one picture to another."""

from pathlib import Path
from typing import Annotated

from pair import LARGE, LICENSE, MOST, NOTE, Pair, frames_of
from shot import FIRST_PICTURE
from still import fitted

from studio_sdk import Field, Image, Job, Variant, Video, main, pipeline
from studio_sdk.comfy import Comfy

PAIR = Pair.load(Path(__file__).parent)

LEAST = 5
"""Fewest pictures that have a first, a last, and a way between them."""


@pipeline(
    id="wan22-fun-inp",
    version="1.0.0",
    title="Wan 2.2 First and Last Picture",
    task="generate-video",
    engine="comfyui",
    environment="comfy",
    output="video",
    companions={"first": FIRST_PICTURE},
    variants=(
        Variant("low", vram_gb=24, vram_source=NOTE, timeout_s=3600),
        Variant("standard", vram_gb=24, vram_source=NOTE, timeout_s=7200),
        Variant("high", vram_gb=48, vram_source=LARGE, timeout_s=14400),
    ),
    determinism="seeded",
    license=LICENSE,
    cannot=(
        "Join pictures that have nothing in common: it dissolves where it finds no way",
        "Make any number of pictures: only of 4 n + 1 is the last one really last; the nearest is made",
        "Make more than 5 seconds",
        "Follow a clip or speak to a voice (Wan 2.2 Animate and S2V do)",
        "Give another frame rate: it makes 16 pictures a second, and the cut conforms them",
    ),
    services=("comfyui",),
    requires=PAIR.workflow.requires(),
    cancel_grace_s=30,
    silence_s=300,
    scratch_mb=2048,
)
def first_and_last(
    job: Job,
    still: Annotated[Image, Field(title="First picture", help="How the shot begins", role="ground-truth")],
    last: Annotated[Image, Field(title="Last picture", help="How the shot ends")],
    prompt: Annotated[str, Field(title="Prompt", help="What happens on the way", max_length=4000, multiline=True)] = "",
    negative: Annotated[
        str,
        Field(
            title="Not", help="What is not to be seen; empty: the model's usual list", max_length=2000, multiline=True
        ),
    ] = "",
    seconds: Annotated[float, Field(title="Length", minimum=0.25, maximum=5.0625, step=0.25, unit="s")] = 5.0,
) -> Video:
    """Make the way from one picture to another."""
    frames, size = nearest(frames_of(seconds)), PAIR.size(job)

    def send(comfy: Comfy) -> dict[str, str]:
        first = fitted(still, size, job.scratch / "still.png")
        end = fitted(last, size, job.scratch / "last.png", "last")
        return {"still": comfy.send(first), "last": comfy.send(end)}

    picture = PAIR.shoot(job, PAIR.values(job, prompt, negative, frames), send)
    return PAIR.finish(job, picture, frames)


def nearest(frames: int) -> int:
    """Return the number of 4 n + 1 pictures that is nearest, so that nothing is cut off behind the last picture."""
    return max(LEAST, min(MOST, 1 + 4 * round((frames - 1) / 4)))


if __name__ == "__main__":
    main(first_and_last)
