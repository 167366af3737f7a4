"""Wan 2.2 Animate: the person of a still moves like the person of a clip, or takes their place in it."""

import json
import shutil
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Literal

from chain import lengthened, made, parts, seed_of
from drift import measured
from even import evened
from footage import Picture, Track, pictures
from PIL import Image as Still
from shot import FIRST_PICTURE, FPS, Profile, finish, size_of
from sound import Sound
from still import fitted
from tracks import FACE, face_of, faces, grown, lasting, shown, steadied, without

from studio_sdk import (
    Code,
    Companion,
    ControlMap,
    Fail,
    Field,
    Image,
    Job,
    Mask,
    Variant,
    Video,
    main,
    pipeline,
)
from studio_sdk.comfy import Comfy, Graph, Made, Workflow, bind, bypass, check, pruned, refuse
from studio_sdk.fields import File

HERE = Path(__file__).parent
WORKFLOW = Workflow.load(HERE)
PROFILES = {name: Profile(**told) for name, told in json.loads((HERE / "profiles.json").read_bytes()).items()}
PROMPTS: dict[str, str] = json.loads((HERE / "prompts.json").read_bytes())

MOST_S = 60.0
"""Longest shot in seconds: 960 pictures in 14 parts, which ComfyUI keeps in memory at once."""

POSE = Companion(Video, "Poses", "The poses that were followed; the last is repeated to the end of a part")

_STEP_LORA, _RELIGHT, _END = "2", "3", "92"
_NOTE = "ComfyUI's note to this family: 14B in fp8 on one 24 GB card, parts in main memory; not measured here"
_LARGE = "two bytes for each of 14 billion weights and what they work on; not measured here"


@pipeline(
    id="wan22-animate",
    version="1.0.1",
    title="Wan 2.2 Animate",
    task="generate-video",
    engine="comfyui",
    environment="comfy",
    output="video",
    companions={"first": FIRST_PICTURE, "pose": POSE},
    variants=(
        Variant("low", vram_gb=24, vram_source=_NOTE, timeout_s=7200),
        Variant("standard", vram_gb=24, vram_source=_NOTE, timeout_s=21600),
        Variant("high", vram_gb=48, vram_source=_LARGE, timeout_s=43200),
    ),
    determinism="seeded",
    license="Pipeline MIT; Wan 2.2 weights Apache-2.0, by the person who installs them",
    cannot=(
        "Invent movement: it follows a clip, one person at a time",
        "Move the camera otherwise than the clip does",
        "Speak to a voice: the mouth follows the face in the clip, not a sound (Wan 2.2 S2V does)",
        "Follow a clip in which the person is mostly hidden, cut off or turned away for long",
        "Give another frame rate: it makes 16 pictures a second, and the cut conforms them",
        "Find the person by itself for Mix: the mask is wired in",
    ),
    modes=("animate",),
    services=("comfyui",),
    requires=WORKFLOW.requires(),
    cancel_grace_s=30,
    silence_s=300,
    scratch_mb=8192,
)
def animate(
    job: Job,
    still: Annotated[Image, Field(title="Still", help="The person, as they shall look", role="ground-truth")],
    motion: Annotated[Video, Field(title="Motion", help="The clip whose movement is followed", role="motion")],
    prompt: Annotated[
        str,
        Field(
            title="Prompt", help="What is to be seen; the movement comes from the clip", max_length=4000, multiline=True
        ),
    ] = "",
    negative: Annotated[
        str,
        Field(
            title="Not", help="What is not to be seen; empty: the model's usual list", max_length=2000, multiline=True
        ),
    ] = "",
    submode: Annotated[
        Literal["move", "mix"],
        Field(
            title="Submode", help="Move: the still comes alive. Mix: the person takes the place of the one in the clip"
        ),
    ] = "move",
    relight: Annotated[  # noqa: FBT002
        bool, Field(title="Relight", help="In Mix: light the person as the place in the clip is lit")
    ] = True,
    seconds: Annotated[
        float, Field(title="Length", help="0: as long as the clip", minimum=0, maximum=MOST_S, step=0.5, unit="s")
    ] = 0.0,
    sound: Annotated[bool, Field(title="Sound", help="Keep the sound of the clip")] = True,  # noqa: FBT002
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
    mask: Annotated[
        Mask | None, Field(title="Mask", help="For Mix: white where the person in the clip is; a picture or a video")
    ] = None,
    pose: Annotated[
        ControlMap | None, Field(title="Poses", help="A pose video of the clip; without one, ComfyUI makes it")
    ] = None,
    face: Annotated[
        ControlMap | None, Field(title="Face", help="The face of the clip alone; without one it is found with the pose")
    ] = None,
) -> Video:
    """Let the person of a still move like the person of a clip, or take their place in it."""
    wish = _Wish(job, PROFILES[job.quality], submode, again, variation, relight=relight)
    if submode == "mix" and mask is None:
        words = "Mix needs a mask that is white where the person in the clip is. Wire one in, or choose Move."
        raise Fail(Code.VALIDATION_ERROR, words, field="mask")
    with Comfy.open(job) as comfy:
        stats = comfy.stats()
        WORKFLOW.refuse(stats.version, submode)
        wish.check(comfy, detect=pose is None)
        job.progress(0.01, "Reading the clip")
        driver = _driver(job, motion, wish.size, seconds)
        frames = driver.count
        if again > parts(frames):
            words = f"This shot has {parts(frames)} parts, and was to be made again from part {again}."
            raise Fail(Code.VALIDATION_ERROR, words, field="again")
        job.log(f"{frames} pictures in {parts(frames)} parts, {wish.size[0]} x {wish.size[1]}")
        values: dict[str, Any] = wish.values(prompt, negative) | {"frames": frames}
        values["still"] = comfy.send(fitted(still, wish.size, job.scratch / "still.png"))
        drawn, spots = (pose, None) if pose else _detected(job, comfy, driver, wish.size)
        assert drawn is not None  # noqa: S101 - one of the two is always there
        followed = _conformed(job, drawn, "pose", wish.size, frames).path
        values["pose"] = comfy.send(followed)
        job.beside("pose", Path(shutil.copyfile(followed, job.outputs / "pose.mp4")))
        values |= _face(job, comfy, driver, face, spots)
        if mask is not None and submode == "mix":
            values |= _mixed(job, comfy, driver, mask, wish.size)
        made_by = comfy.run(wish.bound(values, frames), "Generate", span=(0.15, 0.97), packs=WORKFLOW.packs)
        heard = Sound.of(motion, frames / FPS, "motion", cut=True) if sound else None
        picture = comfy.fetch(made_by.files("SaveVideo")[0], job.scratch / "made.mp4")
    _facts(job, comfy, made_by, stats.version, wish, frames)
    if even:
        picture = evened(picture, job.scratch / "even.mp4")
    job.facts |= measured(picture)
    used = [wish.file, *([] if pose else ["prepare.json"])]
    job.made_with |= WORKFLOW.made_with(used, made_by.graph, stats)
    return finish(job, picture, heard, frames)


@dataclass
class _Wish:
    """What is asked for, and the graph that it means."""

    job: Job
    profile: Profile
    submode: str
    again: int
    variation: int
    relight: bool

    def __post_init__(self) -> None:
        self.size = size_of(self.job, self.profile.pixels)
        self.file = f"{self.submode}.json"
        self.template: Graph = WORKFLOW.graphs[self.file]
        if not self.profile.step_lora:
            self.template = bypass(self.template, _STEP_LORA)
        if self.submode == "mix" and not self.relight:
            self.template = bypass(self.template, _RELIGHT)

    def values(self, prompt: str, negative: str) -> dict[str, Any]:
        """Return what is the same for every length."""
        words = " ".join(prompt.split()) or PROMPTS[self.submode]
        said = {"prompt": words} | ({"negative": " ".join(negative.split())} if negative.strip() else {})
        width, height = self.size
        own = {"model": self.profile.model, "steps": self.profile.steps, "cfg": self.profile.cfg}
        return said | own | {"shift": self.profile.shift, "width": width, "height": height, "seed": self.job.seed}

    def bound(self, values: dict[str, Any], frames: int) -> Graph:
        """Return the whole graph of a shot of so many pictures."""
        length = made(frames) if parts(frames) == 1 else None
        values = values | ({"length": length} if length else {})
        return pruned(
            lengthened(bind(self.template, WORKFLOW.slots[self.file], values), frames, self.again, self.variation), _END
        )

    def check(self, comfy: Comfy, *, detect: bool) -> None:
        """Raise `Fail` naming all that this server lacks, before a minute is spent on anything else."""
        found = check(self.bound(self.values("", ""), 1), comfy.schemas())
        finding = check(WORKFLOW.graphs["prepare.json"], comfy.schemas()) if detect else []
        try:
            refuse(found + finding, WORKFLOW.packs)
        except Fail as fail:
            if finding and not found:
                fail.message += (
                    " Or wire a pose video into Poses: a Motion source with Person map draws one without it."
                )
            raise


class _Driver:
    """The clip at 16 pictures a second in the size of the shot, as a file that is cheap to read again."""

    def __init__(self, path: Path, count: int, size: tuple[int, int]) -> None:
        self.file, self.count, self.size = Video(path), count, size


def _driver(job: Job, motion: Video, size: tuple[int, int], seconds: float) -> _Driver:
    wanted = round(seconds * FPS) if seconds else None
    with Track(job.scratch / "driver.mp4", size) as track:
        for picture in pictures(motion, size, "motion", MOST_S if wanted is None else float("inf"), job):
            if wanted is not None and track.count >= wanted:
                break
            track.add(picture)
            job.progress(0.01 + 0.04 * track.count / (track.count + 200), "Reading the clip")
        if wanted and track.count < wanted:
            words = f"{motion.label} is {track.count / FPS:.1f} s long, and the shot is to be {seconds:g} s."
            raise Fail(Code.VALIDATION_ERROR, words, field="seconds")
    return _Driver(track.path, track.count, size)


def _detected(job: Job, comfy: Comfy, driver: _Driver, size: tuple[int, int]) -> tuple[File, str]:
    """Let ComfyUI find pose and face; return the pose video and what it says of the points of the face."""
    slots = WORKFLOW.slots["prepare.json"]
    values = {"driver": comfy.send(driver.file), "resolution": min(size)}
    graph = bind(WORKFLOW.graphs["prepare.json"], slots, values)
    found = comfy.run(graph, "Find the pose", span=(0.05, 0.15), packs=WORKFLOW.packs)
    pose = Video(comfy.fetch(found.files("SaveVideo")[0], job.scratch / "found-pose.mp4"))
    job.preview(_jpeg(next(pictures(pose, size, "pose", float("inf")))), "image/jpeg")
    told = found.shown("DWPreprocessor")[-1].get("openpose_json") or ["[]"]
    return pose, str(told[0])


def _jpeg(picture: Picture) -> bytes:
    small = Still.fromarray(picture)
    small.thumbnail((480, 480))
    small.save(content := BytesIO(), "JPEG", quality=80)
    return content.getvalue()


def _conformed(job: Job, clip: File, name: str, size: tuple[int, int], frames: int) -> Track:
    """Write a control of the shot's size and of as many pictures as are made, the last one repeated."""
    with Track(job.scratch / f"{name}.mp4", size) as track:
        for picture in pictures(clip, size, name, float("inf"), job):
            if track.count >= frames:
                break
            track.add(picture)
        track.pad(made(frames))
    return track


def _face(job: Job, comfy: Comfy, driver: _Driver, face: ControlMap | None, spots: str | None) -> dict[str, str | None]:
    """Send the track of the face; where there is none to follow, the graph has no such input."""
    if face is not None:
        return {"face": comfy.send(_conformed(job, face, "face", FACE, driver.count).path)}
    steady = steadied(faces(spots), driver.count) if spots else None
    if steady is None:
        job.log("No face in the clip is followed: none was given or found.", "warning")
        return {"face_video": None}
    with Track(job.scratch / "face.mp4", FACE) as track:
        for picture, spot in zip(pictures(driver.file, driver.size, "motion", float("inf")), steady, strict=False):
            track.add(face_of(picture, spot))
        track.pad(made(driver.count))
    return {"face": comfy.send(track.path)}


def _mixed(job: Job, comfy: Comfy, driver: _Driver, mask: Mask, size: tuple[int, int]) -> dict[str, str]:
    """Send the mask, grown and in blocks, and the clip with the person painted out."""
    where = lasting(pictures(mask, size, "mask", float("inf"), job))
    white = 0
    with Track(job.scratch / "mask.mp4", size, crf=4) as masks, Track(job.scratch / "background.mp4", size) as places:
        for picture, level in zip(pictures(driver.file, size, "motion", float("inf")), where, strict=False):
            person = grown(level)
            white += int(person.any())
            masks.add(shown(person))
            places.add(without(picture, person))
        for track in (masks, places):
            track.pad(made(driver.count))
    if not white:
        words = "The mask is black from its start to its end; it needs white where the person is."
        raise Fail(Code.VALIDATION_ERROR, words, field="mask")
    return {"mask": comfy.send(masks.path), "background": comfy.send(places.path)}


def _facts(job: Job, comfy: Comfy, made_by: Made, version: str, wish: _Wish, frames: int) -> None:
    job.facts |= {
        "comfyui": version,
        "prompt_id": made_by.prompt_id,
        "workflow": f"{WORKFLOW.facts['workflow_name']} {WORKFLOW.facts['workflow_version']} {wish.file}",
        "model": wish.profile.model,
        "parts": parts(frames),
        "last_seed": seed_of(job.seed, parts(frames), wish.again, wish.variation),
        "retries": "; ".join(comfy.retries),
    }


if __name__ == "__main__":
    main(animate)
