"""Wan 2.2 text to video: a shot of nothing but words."""

from pathlib import Path
from typing import Annotated

from pair import LARGE, LICENSE, NOTE, Pair, frames_of
from shot import FIRST_PICTURE

from studio_sdk import Field, Job, Variant, Video, main, pipeline

PAIR = Pair.load(Path(__file__).parent)


@pipeline(
    id="wan22-t2v",
    version="1.0.0",
    title="Wan 2.2 Text to Video",
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
        "Show the same person or place in two shots: each shot is made up anew (Image to Video keeps to a still)",
        "Make more than 5 seconds: take the last picture as a still and go on with Image to Video",
        "Make sound, or speak to a voice",
        "Give another frame rate: it makes 16 pictures a second, and the cut conforms them",
    ),
    modes=("animate",),
    by_name=True,
    services=("comfyui",),
    requires=PAIR.workflow.requires(),
    cancel_grace_s=30,
    silence_s=300,
    scratch_mb=2048,
)
def text_to_video(
    job: Job,
    prompt: Annotated[
        str, Field(title="Prompt", help="What is to be seen, and how it moves", max_length=4000, multiline=True)
    ] = "",
    negative: Annotated[
        str,
        Field(
            title="Not", help="What is not to be seen; empty: the model's usual list", max_length=2000, multiline=True
        ),
    ] = "",
    seconds: Annotated[float, Field(title="Length", minimum=0.0625, maximum=5.0, step=0.5, unit="s")] = 5.0,
) -> Video:
    """Make a shot of nothing but words."""
    frames = frames_of(seconds)
    picture = PAIR.shoot(job, PAIR.values(job, prompt, negative, frames))
    return PAIR.finish(job, picture, frames)


if __name__ == "__main__":
    main(text_to_video)
