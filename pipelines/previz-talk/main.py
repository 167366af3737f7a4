"""Talking shot: the face of a still is bent after a voice. A draft of what Wan 2.2 S2V makes of the same wires."""

from math import ceil
from typing import Annotated, Literal

from acting import acted
from ahead import ahead
from badge import Badge
from bust import bust, framed
from face import find, ready
from film import Film
from passage import From, Length, passage
from phones import spoken
from pointed import FACE, FIELD, other_picture, pointed, told
from sound import HERTZ, Sound
from still import read

from studio_sdk import Audio, Field, Image, Job, Variant, Video, main, pipeline

MOST_S = 60
"""Longest part of a voice in seconds: what Wan 2.2 S2V takes, so that the shot can be made again with it."""

_OVER = 2
"""A still is read at most so many times larger than the shot."""


@pipeline(
    id="previz-talk",
    version="1.2.0",
    title="Talking shot (previz)",
    task="generate-video",
    tier="previz",
    environment="bodies",
    variants=tuple(Variant(quality, estimate_s=20) for quality in ("low", "standard", "high")),
    determinism="seeded",
    license="MIT; MediaPipe and its models Apache-2.0; PocketSphinx and its model BSD-2-Clause; font SIL OFL 1.1",
    cannot=(
        "Act: the mouth follows the sounds, head and lids a little chance; the expression stays that of the still",
        "Move hands, body, clothes or the place: what lies around the head is bent along with it",
        "Find a face that is turned away, hidden, an animal's or a robot's; its points can be placed by hand",
        "Tell speech from music: it mouths whatever is loud",
        "Hear other languages well: its sounds are English ones",
    ),
    modes=("audio",),
    silence_s=120,
    ready=ready,
)
def talking_shot(
    job: Job,
    still: Annotated[Image, Field(title="Still", help="Who speaks, as they shall look", role="ground-truth")],
    voice: Annotated[Audio, Field(title="Voice", help="Speech or song; it decides the length", role="audio")],
    prompt: Annotated[  # noqa: ARG001 - kept with the take, as told
        str,
        Field(
            title="Prompt",
            help="Kept for the pipeline on a GPU, which follows it; this draft does not",
            max_length=4000,
            multiline=True,
        ),
    ] = "",
    dialogue: Annotated[
        str,
        Field(
            title="Dialogue",
            max_length=8000,
            multiline=True,
            help="What the voice says in this shot, where you know it: the lips follow it more exactly. English only",
        ),
    ] = "",
    adherence: Annotated[
        Literal["loose", "natural", "tight"], Field(title="Adherence", help="How closely the mouth keeps to the voice")
    ] = "natural",
    face_points: Annotated[
        str,
        Field(
            title="Points of the face",
            max_length=2000,
            help="Placed by hand where no face is found, or to choose and correct one",
            points=FACE,
        ),
    ] = "",
    face: Annotated[
        str,
        Field(
            title="Face",
            max_length=100,
            help="To choose one of several: left eye, right eye, mouth in per cent: 42,35 58,35 50,62",
        ),
    ] = "",
    voice_from: From = 0,
    voice_length: Length = 0,
    badge: Annotated[bool, Field(title="PREVIZ badge", help="Mark the picture as a draft")] = True,  # noqa: FBT002
) -> Video:
    """Draft a talking shot: the mouth of a still follows a voice, its head and lids move a little."""
    job.progress(0.01, "Reading the voice")
    part = passage(job, voice, voice_from, voice_length, MOST_S)
    sound = Sound.of(part)
    frames = max(1, ceil(sound.length * job.format.rate / HERTZ))
    job.progress(0.02, "Looking for the face")
    size = (job.format.width, job.format.height)
    whole = read(still, longest=_OVER * max(size))
    found = pointed(face_points, whole) or find(whole, face, still.label or "the still")
    if other_picture(face_points, still.oid):
        job.log("The points were placed on another picture than this still; look whether they fit.", "warning")
    picture, points = framed(whole, found, size)
    if found.among > 1 and not face and not face_points:
        job.log(f"{found.among} faces were found; the largest speaks. Place the points to choose another.", "warning")
    job.progress(0.04, "Listening")
    said = spoken(part, dialogue)
    looks = acted(said, frames, float(job.format.rate), job.seed, adherence)
    if not said.phones:
        job.log(f"No speech was heard in {voice.label or 'the voice'}; the mouth follows: {said.how}.", "warning")
    draw = bust(picture, points, placed=found.placed and bool(face_points))
    mark = Badge(size) if badge else None
    made = Video(job.outputs / "shot.mp4")
    with Film(made, job.format, sound, job.seed) as film:
        for done, frame in enumerate(ahead(lambda number: draw(looks[number], None), frames), start=1):
            if mark:
                mark.onto(frame)
            film.add(frame)
            job.progress(0.1 + 0.88 * done / frames, f"Frame {done} of {frames}")
        job.progress(0.99, "Writing the file")
    job.facts |= {"frames": frames, "mouth": said.how, "badge": badge, "tier": "previz"}
    by_hand = "placed by hand" if found.placed else "corrected by hand" if face_points else ""
    job.facts["face"] = by_hand or ("found" if found.among == 1 else f"1 of {found.among}")
    if found.found:
        job.facts[FIELD] = told(found.found, whole.size, still.oid)
    return made


if __name__ == "__main__":
    main(talking_shot)
