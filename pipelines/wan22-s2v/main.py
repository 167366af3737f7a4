"""Wan 2.2 S2V: the person of a still speaks or sings to a voice."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from chain import frames_of, lengthened, parts, seed_of
from drift import measured
from even import evened
from passage import From, Length, passage
from shot import FIRST_PICTURE, FPS, Profile, finish, size_of
from sound import Sound
from still import fitted

from studio_sdk import Audio, Code, Fail, Field, Image, Job, Variant, Video, main, pipeline
from studio_sdk.comfy import Comfy, Graph, Workflow, bind, bypass, check, refuse

HERE = Path(__file__).parent
WORKFLOW = Workflow.load(HERE)
PROFILES = {name: Profile(**told) for name, told in json.loads((HERE / "profiles.json").read_bytes()).items()}
PROMPTS: dict[str, Any] = json.loads((HERE / "prompts.json").read_bytes())

MOST_S = {"low": 60.0, "standard": 60.0, "high": 30.0}
"""Longest part of a voice in seconds: all pictures of a shot are developed at once, in ComfyUI's main memory."""

SILENT = 0.001
"""A voice whose loudest sample is below this (-60 dB) is silence."""

_STEP_LORA = "2"
_NOTE = "ComfyUI's note to this family: 14B in fp8 on one 24 GB card, parts in main memory; not measured here"
_LARGE = "32.6 GB of weights in bf16 and what they work on; not measured here"


@pipeline(
    id="wan22-s2v",
    version="1.1.0",
    title="Wan 2.2 S2V",
    task="generate-video",
    engine="comfyui",
    environment="comfy",
    output="video",
    companions={"first": FIRST_PICTURE},
    variants=(
        Variant("low", vram_gb=24, vram_source=_NOTE, timeout_s=7200),
        Variant("standard", vram_gb=24, vram_source=_NOTE, timeout_s=21600),
        Variant("high", vram_gb=48, vram_source=_LARGE, timeout_s=43200),
    ),
    determinism="seeded",
    license="Pipeline MIT; Wan 2.2 weights Apache-2.0, by the person who installs them",
    cannot=(
        "Move to a clip: the body follows the voice and the prompt (Wan 2.2 Animate follows a clip)",
        "Let two people speak in turn: one mouth in one picture",
        "Cut or zoom: the framing is that of the still",
        "Keep to the voice more or less in low quality: the adherence works from standard on",
        "Give another frame rate: it makes 16 pictures a second, and the cut conforms them",
        "Make more than 60 seconds at once, in high quality 30",
    ),
    modes=("audio",),
    services=("comfyui",),
    requires=WORKFLOW.requires(),
    cancel_grace_s=30,
    silence_s=300,
    scratch_mb=2048,
)
def s2v(
    job: Job,
    still: Annotated[Image, Field(title="Still", help="Who speaks, as they shall look", role="ground-truth")],
    voice: Annotated[Audio, Field(title="Voice", help="Speech or song; it decides the length", role="audio")],
    prompt: Annotated[
        str, Field(title="Prompt", help="Who speaks where, and how they move", max_length=4000, multiline=True)
    ] = "",
    negative: Annotated[
        str,
        Field(
            title="Not", help="What is not to be seen; empty: the model's usual list", max_length=2000, multiline=True
        ),
    ] = "",
    framing: Annotated[
        Literal["as-is", "portrait", "half-body", "full-body"],
        Field(title="Framing", help="How much of the person the words describe; choose a still that shows as much"),
    ] = "as-is",
    adherence: Annotated[
        Literal["loose", "natural", "tight"],
        Field(title="Adherence", help="How closely mouth and body keep to the voice; works from standard quality on"),
    ] = "natural",
    voice_from: From = 0,
    voice_length: Length = 0,
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
    """Let the person of a still speak or sing to a voice."""
    profile = PROFILES[job.quality]
    job.progress(0.01, "Listening to the voice")
    part = passage(job, voice, voice_from, voice_length, MOST_S[job.quality])
    heard = Sound.of(part, MOST_S[job.quality], "voice")
    if heard is None or heard.peak < SILENT:
        words = f"{voice.label} is silent here; there is nothing to speak to. Use a part in which somebody is heard."
        raise Fail(Code.VALIDATION_ERROR, words, field="voice")
    frames, size = frames_of(heard.seconds, FPS), size_of(job, profile.pixels)
    if again > parts(frames):
        words = f"This shot has {parts(frames)} parts, and was to be made again from part {again}."
        raise Fail(Code.VALIDATION_ERROR, words, field="again")
    values = _values(job, profile, size, _said(prompt, framing), negative, adherence)
    template = WORKFLOW.graphs["s2v.json"] if profile.step_lora else bypass(WORKFLOW.graphs["s2v.json"], _STEP_LORA)
    with Comfy.open(job) as comfy:
        stats = comfy.stats()
        WORKFLOW.refuse(stats.version, "s2v")
        graph = _bound(template, values, frames, again, variation)
        refuse(check(graph, comfy.schemas()), WORKFLOW.packs)
        job.log(f"{frames} pictures in {parts(frames)} parts, {size[0]} x {size[1]}")
        values["still"] = comfy.send(fitted(still, size, job.scratch / "still.png"))
        values["voice"] = comfy.send(heard.as_wav(job.scratch / "voice.wav"))
        graph = _bound(template, values, frames, again, variation)
        made = comfy.run(graph, "Generate", span=(0.05, 0.97), packs=WORKFLOW.packs)
        picture = comfy.fetch(made.files("SaveVideo")[0], job.scratch / "made.mp4")
    job.made_with |= WORKFLOW.made_with(["s2v.json"], made.graph, stats)
    job.facts |= {
        "comfyui": stats.version,
        "prompt_id": made.prompt_id,
        "workflow": f"{WORKFLOW.facts['workflow_name']} {WORKFLOW.facts['workflow_version']}",
        "model": profile.model,
        "parts": parts(frames),
        "last_seed": seed_of(job.seed, parts(frames), again, variation),
        "retries": "; ".join(comfy.retries),
    }
    if even:
        picture = evened(picture, job.scratch / "even.mp4")
    job.facts |= measured(picture)
    return finish(job, picture, heard, frames)


def _said(prompt: str, framing: str) -> str:
    """Return the words that the model reads: the person's, then what the framing adds, always the same."""
    words = " ".join(prompt.split()) or PROMPTS["default"]
    return f"{words} {PROMPTS['framing'][framing]}".strip()


def _values(
    job: Job, profile: Profile, size: tuple[int, int], words: str, negative: str, adherence: str
) -> dict[str, Any]:
    cfg = profile.cfg if profile.step_lora else round(profile.cfg * PROMPTS["adherence"][adherence], 2)
    values: dict[str, Any] = {"prompt": words, "width": size[0], "height": size[1], "seed": job.seed}
    values |= {"model": profile.model, "steps": profile.steps, "cfg": cfg, "shift": profile.shift}
    return values | ({"negative": " ".join(negative.split())} if negative.strip() else {})


def _bound(template: Graph, values: dict[str, Any], frames: int, again: int, variation: int) -> Graph:
    bound = bind(template, WORKFLOW.slots["s2v.json"], values | {"frames": frames})
    return lengthened(bound, frames, again, variation)


if __name__ == "__main__":
    main(s2v)
