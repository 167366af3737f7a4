"""Wan 2.2 image to video: a still comes alive."""

from pathlib import Path
from typing import Annotated

from chain import lengthened, parts, seed_of
from drift import measured
from even import evened
from pair import LARGE, LICENSE, NOTE, Pair, frames_of
from shot import FIRST_PICTURE
from still import fitted

from studio_sdk import Code, Fail, Field, Image, Job, Variant, Video, main, pipeline

PAIR = Pair.load(Path(__file__).parent)


@pipeline(
    id="wan22-i2v",
    version="1.0.0",
    title="Wan 2.2 Image to Video",
    task="generate-video",
    engine="comfyui",
    environment="comfy",
    output="video",
    companions={"first": FIRST_PICTURE},
    variants=(
        Variant("low", vram_gb=24, vram_source=NOTE, timeout_s=14400),
        Variant("standard", vram_gb=24, vram_source=NOTE, timeout_s=43200),
        Variant("high", vram_gb=48, vram_source=LARGE, timeout_s=86400),
    ),
    determinism="seeded",
    license=LICENSE,
    cannot=(
        "Follow a clip or speak to a voice (Wan 2.2 Animate and S2V do)",
        "End at a picture that is given (Wan 2.2 First and Last Picture does)",
        "Hold together for long: every 5 seconds it goes on from its last picture and knows nothing else of what was",
        "Give another frame rate: it makes 16 pictures a second, and the cut conforms them",
    ),
    modes=("animate",),
    services=("comfyui",),
    requires=PAIR.workflow.requires(),
    cancel_grace_s=30,
    silence_s=300,
    scratch_mb=2048,
)
def image_to_video(
    job: Job,
    still: Annotated[Image, Field(title="Still", help="The first picture of the shot", role="ground-truth")],
    prompt: Annotated[
        str, Field(title="Prompt", help="What happens, and how the camera moves", max_length=4000, multiline=True)
    ] = "",
    negative: Annotated[
        str,
        Field(
            title="Not", help="What is not to be seen; empty: the model's usual list", max_length=2000, multiline=True
        ),
    ] = "",
    seconds: Annotated[float, Field(title="Length", minimum=0.0625, maximum=60.0, step=0.5, unit="s")] = 5.0,
    even: Annotated[  # noqa: FBT002
        bool, Field(title="Even parts", help="Bring all parts of a long shot to the brightness and colour of the first")
    ] = False,
    again: Annotated[
        int,
        Field(
            title="Again from part",
            help="With a take's own seed: the parts before this one stay as they are. 0: the whole shot",
            minimum=0,
            maximum=14,
        ),
    ] = 0,
    variation: Annotated[
        int,
        Field(
            title="Variation", help="Another number makes the parts from there on another way", minimum=0, maximum=999
        ),
    ] = 1,
) -> Video:
    """Let a still come alive."""
    frames, size = frames_of(seconds), PAIR.size(job)
    if again > parts(frames):
        words = f"This shot has {parts(frames)} parts, and was to be made again from part {again}."
        raise Fail(Code.VALIDATION_ERROR, words, field="again")
    picture = PAIR.shoot(
        job,
        PAIR.values(job, prompt, negative, frames),
        lambda comfy: {"still": comfy.send(fitted(still, size, job.scratch / "still.png"))},
        lambda graph: lengthened(graph, frames, again, variation),
    )
    job.facts |= {"parts": parts(frames), "last_seed": seed_of(job.seed, parts(frames), again, variation)}
    if even:
        picture = evened(picture, job.scratch / "even.mp4")
    job.facts |= measured(picture)
    return PAIR.finish(job, picture, frames)


if __name__ == "__main__":
    main(image_to_video)
