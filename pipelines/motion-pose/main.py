"""Pose map: the pose of a clip's people as ComfyUI's DWPose finds it."""

from pathlib import Path
from typing import Annotated

from footage import Track, pictures
from shot import size_of

from studio_sdk import Code, ControlMap, Fail, Field, Job, Variant, Video, main, pipeline
from studio_sdk.comfy import Comfy, Workflow, bind, check, refuse

WORKFLOW = Workflow.load(Path(__file__).parent)
FILE = "pose.json"
MOST_S = 60.0
"""Longest clip in seconds: what Wan 2.2 Animate takes."""

_NOTE = "DWPose's two ONNX models, under 1 GB, and the pictures; not measured here"


@pipeline(
    id="motion-pose",
    version="1.0.1",
    title="Pose map (DWPose)",
    task="extract-motion",
    engine="comfyui",
    environment="comfy",
    output="map",
    variants=tuple(
        Variant(quality, vram_gb=12, vram_source=_NOTE, timeout_s=3600) for quality in ("low", "standard", "high")
    ),
    determinism="seeded",
    license="Pipeline MIT; comfyui_controlnet_aux and DWPose Apache-2.0, by the person who installs them",
    by_name=True,
    cannot=(
        "Draw a face, a mask or a background (Person map does, on the processor)",
        "Tell people apart: everybody in the clip is drawn",
    ),
    services=("comfyui",),
    requires=WORKFLOW.requires(),
    cancel_grace_s=30,
    silence_s=300,
    scratch_mb=4096,
)
def pose_map(
    job: Job,
    clip: Annotated[Video, Field(title="Clip", help="The people whose movement is taken", role="motion")],
    hands: Annotated[bool, Field(title="Hands", help="Draw the fingers too")] = True,  # noqa: FBT002
) -> ControlMap:
    """Draw the pose of a clip's people, hands too, as sticks on black: a map for a shot."""
    size = size_of(clip)
    with Comfy.open(job) as comfy:
        stats = comfy.stats()
        WORKFLOW.refuse(stats.version, "pose")
        refuse(check(WORKFLOW.graphs[FILE], comfy.schemas()), WORKFLOW.packs)
        with Track(job.scratch / "driver.mp4", size) as driver:
            for picture in pictures(clip, size, "clip", MOST_S, job):
                driver.add(picture)
                job.progress(0.05 * driver.count / (driver.count + 100), "Reading the clip")
        values = {"driver": comfy.send(driver.path), "resolution": min(size), "hands": "enable" if hands else "disable"}
        graph = bind(WORKFLOW.graphs[FILE], WORKFLOW.slots[FILE], values)
        found = comfy.run(graph, "Find the pose", span=(0.05, 0.9), packs=WORKFLOW.packs)
        drawn = Video(comfy.fetch(found.files("SaveVideo")[0], job.scratch / "found.mp4"))
    with Track(job.outputs / "map.mp4", size) as track:
        for picture in pictures(drawn, size, "clip", float("inf")):
            track.add(picture)
    if track.count != driver.count:
        words = f"ComfyUI gave {track.count} pictures of poses and not the {driver.count} of the clip."
        raise Fail(Code.OUTPUT_INVALID, words)
    job.made_with |= WORKFLOW.made_with([FILE], graph, stats)
    job.facts |= {"frames": track.count, "map": "pose", "frame_rate": "16/1", "prompt_id": found.prompt_id}
    return ControlMap(track.path)


if __name__ == "__main__":
    main(pose_map)
