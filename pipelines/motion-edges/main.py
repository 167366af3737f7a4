"""Edge map: the outlines of a clip, white on black, frame for frame."""

from typing import Annotated

from clip import refilm

from studio_sdk import ControlMap, Field, Job, Variant, Video, main, pipeline


@pipeline(
    id="motion-edges",
    version="1.0.2",
    title="Edge map",
    task="extract-motion",
    tier="previz",
    output="motion",
    variants=tuple(Variant(quality, estimate_s=5) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT",
    cannot=("Find bodies, faces or depth: it draws the outlines that are in the picture",),
    silence_s=60,
)
def motion_edges(
    job: Job,
    clip: Annotated[Video, Field(title="Clip", help="The movement to follow", role="motion")],
    detail: Annotated[
        float, Field(title="Detail", minimum=0, maximum=1, step=0.05, help="More shows fainter outlines too")
    ] = 0.5,
) -> ControlMap:
    """Draw the outlines of a clip, white on black: a map that steers a shot along the same movement."""
    made = Video(job.outputs / "motion.mp4")
    faintest = 4 + 56 * (1 - detail)
    bright = f"y='clip((val-{faintest:.2f})*1.6,0,255)'"
    steps = [("format", "gray"), ("gblur", "sigma=0.8"), ("sobel", "scale=0.7"), ("lut", bright)]
    job.facts |= {"frames": refilm(job, clip, made, steps, "Drawing"), "map": "edges"}
    return ControlMap(made)


if __name__ == "__main__":
    main(motion_edges)
