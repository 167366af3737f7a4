"""Wan 2.2 Fun Control: a shot that moves as a control map does."""

import shutil
from pathlib import Path
from typing import Annotated, Literal

from footage import Track, pictures
from pair import LARGE, LICENSE, MOST, NOTE, Pair, frames_of, length_of
from shot import FIRST_PICTURE, FPS
from still import fitted

from studio_sdk import Code, Companion, ControlMap, Fail, Field, Image, Job, Variant, Video, main, pipeline
from studio_sdk.comfy import Comfy, Graph, bypass, pruned

PAIR = Pair.load(Path(__file__).parent)
CONTROL = Companion(
    Video, "Control map", "The map that was followed; the last picture is repeated to whole groups of four"
)

_OUTLINES, _END = "14", "92"


@pipeline(
    id="wan22-fun-control",
    version="1.0.1",
    title="Wan 2.2 Control",
    task="generate-video",
    engine="comfyui",
    environment="comfy",
    output="video",
    companions={"first": FIRST_PICTURE, "control": CONTROL},
    variants=(
        Variant("low", vram_gb=24, vram_source=NOTE, timeout_s=3600),
        Variant("standard", vram_gb=24, vram_source=NOTE, timeout_s=7200),
        Variant("high", vram_gb=48, vram_source=LARGE, timeout_s=14400),
    ),
    determinism="seeded",
    license=LICENSE,
    cannot=(
        "Draw poses or depth: they come as a map from a Motion source, or from elsewhere; only outlines are drawn here",
        "Keep a face: the still says how things look, not who they are (Wan 2.2 Animate keeps a person)",
        "Make more than 81 pictures (5 seconds)",
        "Speak to a voice (Wan 2.2 S2V does)",
        "Give another frame rate: it makes 16 pictures a second, and the cut conforms them",
    ),
    services=("comfyui",),
    requires=PAIR.workflow.requires(),
    cancel_grace_s=30,
    silence_s=300,
    scratch_mb=2048,
)
def control_shot(
    job: Job,
    control: Annotated[
        ControlMap,
        Field(title="Control map", help="What is followed: poses, depth, outlines or paths of points, as a video"),
    ],
    prompt: Annotated[
        str,
        Field(
            title="Prompt", help="What is to be seen; the movement comes from the map", max_length=4000, multiline=True
        ),
    ] = "",
    negative: Annotated[
        str,
        Field(
            title="Not", help="What is not to be seen; empty: the model's usual list", max_length=2000, multiline=True
        ),
    ] = "",
    draw: Annotated[
        Literal["as-is", "outlines"],
        Field(title="Draw", help="As is: it is a map. Outlines: it is a plain clip, and its outlines are the map"),
    ] = "as-is",
    seconds: Annotated[
        float, Field(title="Length", help="0: as long as the map", minimum=0, maximum=5.0625, step=0.5, unit="s")
    ] = 0.0,
    still: Annotated[
        Image | None, Field(title="Still", help="How things look; without one the words decide", role="ground-truth")
    ] = None,
) -> Video:
    """Make a shot that moves as a control map does: poses, depth, outlines or paths of points."""
    size = PAIR.size(job)
    job.progress(0.01, "Reading the control map")
    drawn, frames = _conformed(job, control, size, frames_of(seconds) if seconds else None)

    def send(comfy: Comfy) -> dict[str, str]:
        sent = {"control": comfy.send(drawn)}
        return sent | ({"still": comfy.send(fitted(still, size, job.scratch / "still.png"))} if still else {})

    def shape(graph: Graph) -> Graph:
        graph = graph if draw == "outlines" else bypass(graph, _OUTLINES, "image")
        return pruned(graph, _END)

    values = PAIR.values(job, prompt, negative, frames) | ({} if still else {"ref_image": None})
    picture = PAIR.shoot(job, values, send, shape)
    job.beside("control", Path(shutil.copyfile(drawn, job.outputs / "control.mp4")))
    return PAIR.finish(job, picture, frames)


def _conformed(job: Job, control: ControlMap, size: tuple[int, int], wanted: int | None) -> tuple[Path, int]:
    """Write the map in the size of the shot, and return it with the pictures to be made: the wanted, or what it has."""
    most_s = MOST / FPS if wanted is None else float("inf")
    with Track(job.scratch / "control.mp4", size) as track:
        for picture in pictures(control, size, "control", most_s, job):
            if wanted is not None and track.count >= wanted:
                break
            track.add(picture)
        if wanted and track.count < wanted:
            words = f"{control.label} is {track.count / FPS:.1f} s long, and the shot is to be {wanted / FPS:g} s."
            raise Fail(Code.VALIDATION_ERROR, words, field="seconds")
        frames = track.count
        track.pad(length_of(frames))
    return track.path, frames


if __name__ == "__main__":
    main(control_shot)
