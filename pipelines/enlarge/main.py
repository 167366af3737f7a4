"""Enlarge: a clip at two or four times its size, by resampling."""

from typing import Annotated, Literal

from clip import facts, refilm

from studio_sdk import Code, Fail, Field, Job, Variant, Video, main, pipeline

LARGEST = 8192
"""Longest side of a film in pixels: what players and editors still open."""


@pipeline(
    id="enlarge",
    version="1.0.2",
    title="Enlarge",
    task="upscale-video",
    tier="previz",
    variants=tuple(Variant(quality, timeout_s=3600, estimate_s=20) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT",
    cannot=("Invent detail: it resamples (Lanczos), so that a soft picture stays soft",),
    output_mb=16384,
)
def enlarge(
    job: Job,
    clip: Annotated[Video, Field(title="Clip", help="What is made larger")],
    scale: Annotated[Literal["2", "4"], Field(title="Times", help="How many times as wide and as high")] = "2",
) -> Video:
    """Make a clip two or four times as large, with the same frames and the same sound."""
    width, height = (side * int(scale) for side in facts(clip))
    if max(width, height) > LARGEST:
        raise Fail(
            Code.VALIDATION_ERROR,
            f"That would be {width} \u00d7 {height} pixels; {LARGEST} on a side is the most.",
            field="scale",
        )
    made = Video(job.outputs / "enlarged.mp4")
    steps = [("scale", f"{width}:{height}:flags=lanczos+accurate_rnd+full_chroma_int")]
    job.facts |= {"frames": refilm(job, clip, made, steps, "Enlarging"), "width": width, "height": height}
    return made


if __name__ == "__main__":
    main(enlarge)
