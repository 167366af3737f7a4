"""Clean up: noise and flicker of grain taken out of a clip, by averaging what does not move."""

from typing import Annotated

from clip import refilm

from studio_sdk import Field, Job, Variant, Video, main, pipeline


@pipeline(
    id="clean-up",
    version="1.0.2",
    title="Clean up",
    task="restore-video",
    tier="previz",
    variants=tuple(Variant(quality, timeout_s=3600, estimate_s=10) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT",
    cannot=(
        "Bring back what is not in the picture: scratches, blocks and missing frames stay",
        "Tell fine texture from noise: too much makes surfaces smooth",
    ),
    output_mb=16384,
)
def clean_up(
    job: Job,
    clip: Annotated[Video, Field(title="Clip", help="What is cleaned")],
    strength: Annotated[
        float, Field(title="Strength", minimum=0, maximum=1, step=0.05, help="0 leaves the picture alone")
    ] = 0.4,
) -> Video:
    """Take noise out of a clip, with the same frames and the same sound."""
    made = Video(job.outputs / "cleaned.mp4")
    near, far = f"{0.12 * strength:.4f}", f"{0.6 * strength:.4f}"
    planes = ":".join(f"{plane}a={near}:{plane}b={far}" for plane in range(3))
    steps = [("atadenoise", f"{planes}:s=9")] if strength else []
    job.facts |= {"frames": refilm(job, clip, made, steps, "Cleaning"), "strength": strength}
    return made


if __name__ == "__main__":
    main(clean_up)
